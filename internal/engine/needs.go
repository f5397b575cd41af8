package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"because"
	"because/internal/dataset"
	"because/internal/eval"
	"because/internal/evidence"
	"because/internal/ingest"
	"because/internal/recommend"
)

// NeedsOptions say what EvaluateNeeds measures. The zero value is useful.
type NeedsOptions struct {
	Folds   int          // the ranker that answers a dialogue has not seen it; 0 means 5
	Samples int          // texts to show
	Lang    because.Lang // of the texts; empty means Chinese
	Seed    uint64
}

// NeedsReport is what became of travellers' needs.
type NeedsReport struct {
	Places    int                     `json:"places"`
	Dialogues int                     `json:"dialogues"`
	Requests  int                     `json:"requests"`
	Wants     int                     `json:"constraints"`
	Slots     NeedsSlots              `json:"slots"`    // constraints read from what was said, against the annotation
	Kinds     map[string]NeedsSlots   `json:"by_field"` // likewise, by field
	Needs     map[string]NeedsOutcome `json:"needs"`    // by where the need comes from: said, annotated
	Baselines map[string]NeedsHits    `json:"baselines"`
	Samples   []NeedsSample           `json:"samples,omitempty"`
	Wrong     []NeedsWrong            `json:"wrong,omitempty"` // every constraint that a text claims as met and that is not
	TookMS    float64                 `json:"took_ms"`
}

// NeedsSlots compare constraints with the annotation.
type NeedsSlots struct {
	Right     int     `json:"right"`
	Read      int     `json:"read"`
	Annotated int     `json:"annotated"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// NeedsOutcome is what texts say of constraints, and where the guide's choice stands in our list.
type NeedsOutcome struct {
	Texts     int        `json:"texts"`
	Satisfied int        `json:"satisfied"` // constraints that the item meets, over all texts
	Named     NeedsShare `json:"named"`     // share of them that the text names
	Failed    int        `json:"failed"`    // constraints that the item fails
	Admitted  NeedsShare `json:"admitted"`  // share of them that the text names as unmet
	Unknown   int        `json:"unknown"`   // constraints of which the catalogue has no telling
	False     int        `json:"false"`     // constraints claimed as met that are not
	Belied    int        `json:"belied"`    // constraints, not counted above, of which the traveller said another thing than what was annotated
	Passed    int        `json:"passed"`    // texts that every claim of is supported
	Hits      NeedsHits  `json:"hits"`
}

// A NeedsShare is a share with its 95 % interval.
type NeedsShare = eval.Interval

// NeedsHits are the shares of requests whose guide named one of the first places of a list.
type NeedsHits struct {
	At1  NeedsShare `json:"at_1"`
	At5  NeedsShare `json:"at_5"`
	At10 NeedsShare `json:"at_10"`
}

// A NeedsSample is one text.
type NeedsSample struct {
	Need string `json:"need"`
	Item string `json:"item"`
	Text string `json:"text"`
}

// A NeedsWrong is a constraint that a text claims as met, though the place does not meet it.
type NeedsWrong struct {
	Dialogue   string `json:"dialogue"`
	From       string `json:"from"` // said, annotated
	Need       string `json:"need"`
	Constraint string `json:"constraint"` // as annotated
	Item       string `json:"item"`
	Text       string `json:"text"`
}

// From where a need is taken.
const (
	NeedSaid      = "said"
	NeedAnnotated = "annotated"
)

// EvaluateNeeds imports a folder of places and dialogues into a folder of its own and asks, for every request of a
// dialogue, for places of the kind: with what the traveller said, and with what was annotated. The first place of the
// list and the guide's are explained. A dialogue is answered by a ranker that was fitted without it.
func EvaluateNeeds(ctx context.Context, dir string, o NeedsOptions, progress Progress) (r NeedsReport, err error) {
	start := time.Now()
	o.Folds, o.Lang, o.Seed = max(2, cmp.Or(o.Folds, 5)), cmp.Or(o.Lang, because.Chinese), cmp.Or(o.Seed, 1)
	dialogues, err := ingest.Dialogues(dir)
	if err != nil {
		return r, err
	}
	err = onDataset(ctx, dir, o.Lang, o.Seed, progress, func(e *Engine) error {
		n := &needsEval{e: e, o: o, dialogues: dialogues, by: map[string]*needsTally{NeedSaid: {}, NeedAnnotated: {}}, fields: map[string]*NeedsSlots{}}
		if err := n.run(ctx, progress); err != nil {
			return err
		}
		r = n.report()
		return nil
	})
	r.TookMS = ms(start)
	return r, err
}

// onDataset imports the data set in dir into a data folder that is gone once f has worked on it.
func onDataset(ctx context.Context, dir string, lang because.Lang, seed uint64, progress Progress, f func(*Engine) error) (err error) {
	tmp, err := os.MkdirTemp("", "because-dataset-")
	if err != nil {
		return fmt.Errorf("make a folder for the data set: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	e, err := Open(ctx, Options{Dir: tmp, Seed: seed})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	if _, err := e.Import(ctx, ImportRequest{Kind: "dataset", Path: dir, Lang: lang}, progress); err != nil {
		return err
	}
	return f(e)
}

// A needsEval is one evaluation.
type needsEval struct {
	e         *Engine
	o         NeedsOptions
	dialogues []ingest.Dialogue
	requests  []needsRequest
	places    map[string][]string // IDs by kind
	by        map[string]*needsTally
	baselines map[string]*needsHits
	slots     NeedsSlots
	fields    map[string]*NeedsSlots
	samples   []NeedsSample
	wrong     []NeedsWrong
	wants     int
}

// needsHits collects, by dialogue, whether the guide's choice is among the first 1, 5 and 10.
type needsHits struct{ at [3][][]float64 }

func (h *needsHits) add(ranked, named []string, fresh bool) {
	for k, n := range []int{1, 5, 10} {
		hit := 0.
		for _, id := range ranked[:min(n, len(ranked))] {
			if slices.Contains(named, id) {
				hit = 1
			}
		}
		if fresh || len(h.at[k]) == 0 {
			h.at[k] = append(h.at[k], nil)
		}
		last := len(h.at[k]) - 1
		h.at[k][last] = append(h.at[k][last], hit)
	}
}

func (h *needsHits) shares(seed uint64) NeedsHits {
	return NeedsHits{eval.BootstrapGroups(h.at[0], 0, seed), eval.BootstrapGroups(h.at[1], 0, seed), eval.BootstrapGroups(h.at[2], 0, seed)}
}

// A needsTally counts what texts say.
type needsTally struct {
	needsHits
	texts, satisfied, named, failed, admitted, unknown, wrong, belied, passed int
}

func (n *needsEval) run(ctx context.Context, progress Progress) error {
	p, w := n.e.packs.Pack("travel"), n.e.world.Load()
	n.requests = requests(n.dialogues, p)
	n.places, n.baselines = map[string][]string{}, map[string]*needsHits{"popularity": {}, "content": {}}
	for _, id := range sortedIDs(w.items) {
		c := w.items[id].Categories[0]
		n.places[c] = append(n.places[c], id)
	}
	data, err := n.e.data(ctx)
	if err != nil {
		return err
	}
	fold := map[string]int{}
	for i, d := range n.dialogues {
		fold[d.ID] = i % n.o.Folds
	}
	content := n.content(w)
	done := 0
	for f := range n.o.Folds {
		part := *data
		part.Interactions = slices.DeleteFunc(slices.Clone(data.Interactions), func(x because.Interaction) bool { return fold[x.Session] == f })
		world := *w
		if world.model, err = n.fit(ctx, &part); err != nil {
			return err
		}
		before := ""
		for _, r := range n.requests {
			if fold[r.dialogue] != f {
				continue
			}
			if err := n.ask(ctx, &world, r, r.dialogue != before, content); err != nil {
				return err
			}
			before = r.dialogue
			if done++; progress != nil && done%20 == 0 {
				progress("needs", done, len(n.requests))
			}
		}
	}
	return nil
}

func (n *needsEval) fit(ctx context.Context, d *dataset.Data) (*recommend.Model, error) {
	m, err := recommend.Fit(ctx, d, n.e.fitOptions(d), nil)
	if err != nil {
		return nil, fmt.Errorf("fit the ranker of a fold: %w", err)
	}
	return m, nil
}

// content are the BM25 indexes of the kinds.
func (n *needsEval) content(w *world) map[string]*eval.BM25 {
	out := map[string]*eval.BM25{}
	p := n.e.packs.Pack("travel")
	for kind, ids := range n.places {
		var docs []string
		for _, id := range ids {
			it := w.items[id]
			doc := it.Name.In(because.Chinese)
			for _, f := range slices.Sorted(maps.Keys(it.Attributes)) {
				doc += " " + p.FieldLabel(because.Chinese, f) + " " + p.Value(because.Chinese, f, it.Attributes[f])
				for _, word := range it.Attributes[f].Words {
					doc += " " + p.Word(word, because.Chinese)
				}
			}
			docs = append(docs, doc)
		}
		out[kind] = eval.NewBM25(docs)
	}
	return out
}

// ask answers one request in both ways, and by the baselines.
func (n *needsEval) ask(ctx context.Context, w *world, r needsRequest, fresh bool, content map[string]*eval.BM25) error {
	kind := ingest.PlaceKinds[r.kind]
	ids := n.places[kind]
	n.wants += len(r.wants)
	n.compare(w, r)
	counts := n.mentions(r.dialogue)
	popular := slices.Clone(ids)
	slices.SortStableFunc(popular, func(a, b string) int { return cmp.Compare(counts[b], counts[a]) })
	n.baselines["popularity"].add(popular, r.named, fresh)
	var alike []string
	for _, i := range content[kind].Rank(strings.Join(r.said, " ")) {
		alike = append(alike, ids[i])
	}
	n.baselines["content"].add(alike, r.named, fresh)
	var canonical []string
	for _, want := range r.wants {
		canonical = append(canonical, want.canonical())
	}
	for _, from := range []string{NeedSaid, NeedAnnotated} {
		t, need := n.by[from], strings.Join(r.said, "。")
		if from == NeedAnnotated {
			need = strings.Join(canonical, "，")
		}
		recs := w.model.Recommend(recommend.Query{Need: need, Domain: "travel", N: 10, Candidates: ids})
		var ranked []string
		for _, x := range recs {
			ranked = append(ranked, x.Item)
		}
		t.add(ranked, r.named, fresh)
		explain := ranked[:min(1, len(ranked))]
		if _, known := w.items[r.named[0]]; known && !slices.Contains(explain, r.named[0]) {
			explain = append(slices.Clone(explain), r.named[0])
		}
		for _, id := range explain {
			if err := n.explain(ctx, w, r, need, id, t, from); err != nil {
				return err
			}
		}
	}
	return nil
}

// mentions counts how often guides name each place in the other dialogues.
func (n *needsEval) mentions(but string) map[string]int {
	out := map[string]int{}
	for _, d := range n.dialogues {
		if d.ID == but {
			continue
		}
		for _, t := range d.Turns {
			for _, id := range t.Named() {
				out[id]++
			}
		}
	}
	return out
}

// explain writes one text and counts what it says of the constraints.
func (n *needsEval) explain(ctx context.Context, w *world, r needsRequest, need, id string, t *needsTally, from string) error {
	j := job{world: w, reader: reader{}, context: n.e.context(because.Context{}), need: need, lang: n.o.Lang, style: because.Detail, started: time.Now(), requestID: "needs"}
	if err := j.score(n.e, id); err != nil {
		return err
	}
	p, err := n.e.plan(ctx, j)
	if err != nil {
		return err
	}
	x := n.e.fromTemplate(ctx, p)
	t.texts++
	if x.Verdict == because.Passed {
		t.passed++
	}
	if from == NeedSaid && len(n.samples) < n.o.Samples && t.texts%37 == 1 {
		n.samples = append(n.samples, NeedsSample{Need: need, Item: j.item.Name.In(n.o.Lang), Text: x.Text})
	}
	for _, want := range r.wants {
		if from == NeedSaid && want.belied(need) {
			t.belied++
			continue
		}
		met, admitted := said(x, want, n.e.packs.Pack("travel").Word(want.word, n.o.Lang))
		ok, known := want.holds(j.item)
		switch {
		case ok:
			t.satisfied++
			if met {
				t.named++
			}
		case met:
			t.wrong++
			n.wrong = append(n.wrong, NeedsWrong{r.dialogue, from, need, want.slot + " " + want.value, j.item.Name.In(n.o.Lang), x.Text})
			fallthrough
		default:
			if !known {
				t.unknown++
			} else {
				t.failed++
				if admitted {
					t.admitted++
				}
			}
		}
	}
	return nil
}

// said reports whether a text claims that a constraint is met, and whether it says that it is not.
func said(x because.Explanation, w wanted, word string) (met, missed bool) {
	for _, e := range x.Evidence {
		if e.Kind != because.Need || e.Ref != w.field && !(w.field == "dishes" && e.Ref == "tags") {
			continue
		}
		if evidence.Missed(e) {
			missed = missed || w.word == "" || e.Slots["bound"].Text == word || w.field == "class"
			continue
		}
		v := e.Slots["value"]
		if w.word != "" && v.Text != word && v.Ref != w.word {
			continue
		}
		met = met || strings.Contains(x.Text, v.Text)
	}
	return met, missed
}

// report turns the counts into shares.
func (n *needsEval) report() NeedsReport {
	r := NeedsReport{
		Places: len(n.e.world.Load().items), Dialogues: len(n.dialogues), Requests: len(n.requests), Wants: n.wants,
		Slots: n.slots.scored(), Kinds: map[string]NeedsSlots{}, Needs: map[string]NeedsOutcome{}, Baselines: map[string]NeedsHits{}, Samples: n.samples, Wrong: n.wrong,
	}
	for f, s := range n.fields {
		r.Kinds[f] = s.scored()
	}
	for from, t := range n.by {
		r.Needs[from] = NeedsOutcome{
			Texts: t.texts, Satisfied: t.satisfied, Named: eval.Wilson(t.named, t.satisfied), Failed: t.failed, Admitted: eval.Wilson(t.admitted, t.failed),
			Unknown: t.unknown, False: t.wrong, Belied: t.belied, Passed: t.passed, Hits: t.shares(n.o.Seed),
		}
	}
	for name, h := range n.baselines {
		r.Baselines[name] = h.shares(n.o.Seed)
	}
	return r
}
