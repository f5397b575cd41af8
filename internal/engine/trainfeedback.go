package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"because"
	"because/internal/evidence"
	"because/internal/generate"
	"because/internal/learn"
	"because/internal/lm"
)

// TuneOptions say how a language model learns from what readers said of its texts.
type TuneOptions struct {
	From   string  // the model to tune; empty means the one that serves
	Epochs int     // passes over the pairs; 0 means 1
	LR     float64 // 0 means 5e-5
	Beta   float64 // how strongly the model as it was holds; 0 means 0.1
	Drafts int     // most drafts of each language that the share of verified ones is measured on; 0 means 300
	Seed   uint64  // 0 means the engine's

	Backend string // that the generator trains on: "go", or "xla:" and the path of a PJRT plug-in; empty means go
	Devices int    // of it, that share each batch; 0 means 1
}

// A Tuning is what a model was tuned by, as its manifest keeps it.
type Tuning struct {
	From     string    `json:"from"`     // the model that was tuned
	Liked    int       `json:"liked"`    // texts that were called helpful
	Disliked int       `json:"disliked"` // texts that were called wrong or not helpful
	Readers  int       `json:"readers"`  // whose answers they are
	Pairs    int       `json:"pairs"`    // that were made of them
	Truths   int       `json:"truths"`   // pairs besides, of drafts of the model that the verifier passes and refuses
	First    time.Time `json:"first"`    // answer
	Last     time.Time `json:"last"`
	Hash     string    `json:"hash"` // of the answers' IDs
	Left     TuneLeft  `json:"left"` // what did not count
}

// TuneLeft counts answers that a tuning leaves out, and why.
type TuneLeft struct {
	Visitors int `json:"visitors"` // nobody can tell how many they are
	Many     int `json:"many"`     // beyond tuneDaily of one reader on one day
	Mixed    int `json:"mixed"`    // helpful and wrong at once, or too personal, or a reason that was hidden: that is not about words
	Withheld int `json:"withheld"` // they rest on what the reader lets nobody use any more, on a hidden reason, or on a kind that is off
	Forced   int `json:"forced"`   // the caller chose the style, or the text was replaced
	Lost     int `json:"lost"`     // no longer kept, or it cannot be told from its slots, or it would not pass today
}

// Bounds of what is learnt from: fewer pairs or readers than the least say too little, and no reader speaks for a crowd.
const (
	tuneLeast   = 50
	tuneReaders = 8
	tuneDaily   = 5   // answers of one reader on one day that count
	tuneEach    = 4   // pairs that one liked text enters
	tuneTruths  = 150 // prompts of each language that the model drafts on for pairs of true and false
)

// TrainFeedback tunes a language model's generator from readers' answers: what was called helpful becomes likelier than
// what was called wrong or not helpful in the same language, domain and style with the same leading evidence, said on the
// same evidence, where both are true (lm.Generator.Prefer); beside that, what the verifier passes of its own drafts becomes
// likelier than what it refuses. It writes a model folder and does not promote it; its
// manifest says which answers it rests on, and how preferences and the share of verified drafts moved on readers who were
// held out. It returns because.ErrInvalid where there are too few answers.
func (e *Engine) TrainFeedback(ctx context.Context, o TuneOptions, show func(LMProgress)) (ModelInfo, error) {
	if o.Seed == 0 {
		o.Seed = e.o.Seed
	}
	if o.LR == 0 {
		o.LR = 5e-5
	}
	if o.Drafts == 0 {
		o.Drafts = 300
	}
	backend, err := openBackend(o.Backend, o.Devices)
	if err != nil {
		return ModelInfo{}, err
	}
	from, err := e.openServing(o.From)
	if err != nil {
		return ModelInfo{}, err
	}
	told, tuning, err := e.told(ctx)
	if err != nil {
		return ModelInfo{}, err
	}
	tuning.From = from.info.ID
	pairs, held, sides := e.preferences(from.words, told, o.Seed)
	tuning.Pairs = len(pairs) + len(held)
	if tuning.Pairs < tuneLeast || tuning.Readers < tuneReaders {
		return ModelInfo{}, because.Errorf(because.ErrInvalid,
			"There is too little to learn from: %d texts that %d readers called helpful or wrong make %d pairs, and at least %d pairs of %d readers are needed. Two texts make a pair when one was called helpful and the other wrong, in the same language, domain and style, with the same kind of fact first.",
			tuning.Liked+tuning.Disliked, tuning.Readers, tuning.Pairs, tuneLeast, tuneReaders)
	}
	r := &lmRun{dir: filepath.Join(e.o.Dir, "models", "runs", "feedback-"+strconv.FormatUint(o.Seed, 10)), words: from.words, pairs: sides}
	if err := os.RemoveAll(r.dir); err != nil {
		return ModelInfo{}, err
	}
	if err := writePairs(filepath.Join(mkdir(r.dir), pairsFile), r.pairs); err != nil { // by which an erasure finds the run
		return ModelInfo{}, fmt.Errorf("keep the pairs: %w", err)
	}
	if r.log, err = os.Create(filepath.Join(r.dir, metricsFile)); err != nil {
		return ModelInfo{}, err
	}
	defer r.log.Close()
	truths, err := e.truths(ctx, from.languageModel, sides, o.Seed)
	if err != nil {
		return ModelInfo{}, err
	}
	tuning.Truths = len(truths)
	before, err := e.tuned(ctx, from.languageModel, held, sides, o.Drafts, show)
	if err != nil {
		return ModelInfo{}, err
	}
	if err := from.generator.On(backend); err != nil {
		return ModelInfo{}, err
	}
	err = from.generator.Prefer(ctx, slices.Concat(pairs, truths), lm.PreferOptions{Epochs: o.Epochs, LR: o.LR, Beta: o.Beta, PerToken: true, Seed: o.Seed}, func(p lm.PreferProgress) {
		r.note(LMProgress{Phase: "feedback", Step: p.Step, Steps: p.Steps, Prefer: &p}, show)
	})
	if err != nil {
		return ModelInfo{}, err
	}
	after, err := e.tuned(ctx, from.languageModel, held, sides, o.Drafts, show)
	if err != nil {
		return ModelInfo{}, err
	}
	metrics := map[string]float64{}
	for name, v := range before {
		if strings.HasPrefix(name, "drafts_") {
			metrics[name] = v
			continue
		}
		metrics[name+"_before"], metrics[name+"_after"] = v, after[name]
	}
	return e.derive(ctx, from, from.generator, derived{
		metrics: metrics, log: filepath.Join(r.dir, metricsFile), users: readersOf(sides), tuning: &tuning,
	})
}

// openServing opens a language model of the data folder, or, where id is empty, the one that serves.
func (e *Engine) openServing(id string) (openedLM, error) {
	if id == "" {
		var err error
		if id, err = currentOf(filepath.Join(e.o.Dir, "models"), lmKind); err != nil {
			return openedLM{}, err
		}
	}
	if info, ok := Shipped(); id == "" && ok {
		id = info.ID
	}
	return e.openLM(id)
}

// A told is a text that a reader answered, as the model would be asked for it.
type told struct {
	Pair
	reward float64 // of the answers, learn.Reward
	last   because.Feedback
}

// told reads which texts were liked and which were not. What may not be used is counted, not read.
func (e *Engine) told(ctx context.Context) ([]told, Tuning, error) {
	var sum Tuning
	answers := map[string][]because.Feedback{}
	if err := e.db.EachFeedback(ctx, func(f because.Feedback) error {
		answers[f.Impression] = append(answers[f.Impression], f)
		return nil
	}); err != nil {
		return nil, sum, fmt.Errorf("read feedback: %w", err)
	}
	var shown []because.Impression
	if err := e.db.EachImpression(ctx, func(im because.Impression) error {
		if len(answers[im.ID]) > 0 {
			shown = append(shown, im)
		}
		return nil
	}); err != nil {
		return nil, sum, fmt.Errorf("read impressions: %w", err)
	}
	t := teller{e: e, sum: &sum, daily: map[string]int{}, readers: map[string]reader{}}
	var out []told
	for _, im := range shown {
		if err := ctx.Err(); err != nil {
			return nil, sum, err
		}
		one, ok, err := t.told(ctx, im, answers[im.ID])
		if err != nil {
			return nil, sum, err
		}
		if ok {
			out = append(out, one)
		}
	}
	h, who := sha256.New(), map[string]bool{}
	for _, x := range out {
		if x.reward > 0 {
			sum.Liked++
		} else {
			sum.Disliked++
		}
		who[x.User] = true
		if sum.First.IsZero() || x.last.At.Before(sum.First) {
			sum.First = x.last.At
		}
		if x.last.At.After(sum.Last) {
			sum.Last = x.last.At
		}
		for _, f := range answers[x.last.Impression] {
			fmt.Fprintln(h, f.ID)
		}
	}
	sum.Readers, sum.Hash = len(who), hex.EncodeToString(h.Sum(nil))
	return out, sum, nil
}

// A teller turns answered impressions into what can be learnt from.
type teller struct {
	e       *Engine
	sum     *Tuning
	daily   map[string]int // answers that count, by reader and day
	readers map[string]reader
}

// told is one answered impression; false where it does not count.
func (t *teller) told(ctx context.Context, im because.Impression, fs []because.Feedback) (told, bool, error) {
	last := fs[len(fs)-1]
	reward, about := verdictOf(fs)
	left := &t.sum.Left
	switch {
	case !about:
		return told{}, false, nil // clicks alone, or taken back
	case im.User == "":
		left.Visitors++
		return told{}, false, nil
	case reward == 0:
		left.Mixed++
		return told{}, false, nil
	case im.Forced || im.Explanation == nil:
		left.Forced++
		return told{}, false, nil
	}
	day := im.User + "\x00" + last.At.In(t.e.o.Zone).Format(time.DateOnly)
	if t.daily[day]++; t.daily[day] > tuneDaily {
		left.Many++
		return told{}, false, nil
	}
	who, err := t.reader(ctx, im.User)
	if err != nil {
		return told{}, false, err
	}
	if who.user.Impersonal || !t.e.maySay(who, im.Explanation) {
		left.Withheld++
		return told{}, false, nil
	}
	pair, ok, err := t.e.pairShown(ctx, im, who)
	if err != nil || !ok {
		left.Lost++
		return told{}, false, err
	}
	return told{Pair: pair, reward: reward, last: last}, true, nil
}

// verdictOf says whether a text was liked (positive) or not (negative), by what of its answers stands; 0 where they
// disagree or are about what was said rather than how. about is false where no answer is about the text.
func verdictOf(fs []because.Feedback) (reward float64, about bool) {
	given := learn.Standing(fs)
	liked, disliked := given[because.Helpful], given[because.Wrong] || given[because.NotHelpful]
	private := given[because.TooPersonal] || given[because.HideReason]
	if !liked && !disliked && !private {
		return 0, false
	}
	if private || liked && disliked {
		return 0, true
	}
	reward, _ = learn.Reward(slices.DeleteFunc(slices.Clone(fs), func(f because.Feedback) bool { return f.Kind == because.Clicked }))
	return reward, true
}

// reader reads a person as they are today: their consents, their history as far as those go, their hidden reasons.
func (t *teller) reader(ctx context.Context, id string) (reader, error) {
	if r, ok := t.readers[id]; ok {
		return r, nil
	}
	r, err := t.e.reader(ctx, t.e.world.Load(), id, nil, false)
	t.readers[id] = r
	return r, err
}

// maySay reports whether everything that a text was written from may be used for its reader today.
func (e *Engine) maySay(who reader, x *because.Explanation) bool {
	p := e.packs.Pack(x.Domain)
	for _, ev := range x.Evidence {
		if !p.Allows(ev.Kind, who.user.Consents) || slices.Contains(who.hidden, evidence.Key(ev)) {
			return false
		}
	}
	return true
}

// pairShown is a text that was shown as the model would be asked for it, from what was stored of it; false where that is
// no longer there, or where the text would not pass today on the evidence of its prompt alone.
func (e *Engine) pairShown(ctx context.Context, im because.Impression, who reader) (Pair, bool, error) {
	r := &replaying{e: e, im: im, x: *im.Explanation, lang: im.Explanation.Lang}
	r.out.Status = ReplaySame
	if err := r.read(ctx); err != nil {
		if _, said := because.Message(err, r.lang); said {
			return Pair{}, false, nil
		}
		return Pair{}, false, err
	}
	if r.out.Status == ReplayDamaged {
		return Pair{}, false, nil
	}
	p := r.plan()
	req := p.request(p.arm, p.use, 1)
	pair, status := e.pairOf(p, req, im.Explanation.Text)
	if status != pairKept {
		return Pair{}, false, nil
	}
	w := e.world.Load()
	who.history = slices.DeleteFunc(slices.Clone(who.history), func(x because.Interaction) bool { return !x.Context.At.Before(im.At) })
	pair.User, pair.Behaviour, pair.Next = im.User, behaviour(w, who, im.Context.At), itemFeatures(w.items[im.Item])
	return pair, true, nil
}

// What becomes of a text that might be a training pair.
const (
	pairKept    = "kept"
	pairRefused = "refused" // the verifier does not pass it as it stands on the request's evidence alone
	pairLost    = "lost"    // it cannot be told from its slots
)

// pairOf makes a training pair of a text that was written on a request, if it is fit to be one.
func (e *Engine) pairOf(p plan, req generate.Request, said string) (Pair, string) {
	given := p.given
	given.Address, given.Evidence, given.Met = "", req.Evidence, nil
	text, ok := generate.Unclosed(p.pack, req, said)
	if r := e.verifier.Verify(text, given); len(req.Evidence) == 0 || !ok || r.Verdict != because.Passed || r.Text != text {
		return Pair{}, pairRefused
	}
	mine, ok := generate.Delexicalise(p.pack, req, text)
	if !ok {
		return Pair{}, pairLost
	}
	return Pair{Lang: req.Lang, Domain: p.pack.Domain, Style: req.Arm.Style, Lead: req.Arm.Lead, Prompt: generate.RenderSlots(p.pack, req), Text: mine,
		Request: &req, Given: &given, Said: text}, pairKept
}

// preferences pairs liked texts with disliked ones; those of readers who are held out apart. sides are the texts that
// stand in any pair, each once.
func (e *Engine) preferences(words *lm.Tokenizer, all []told, seed uint64) (pairs, held []lm.Preference, sides []Pair) {
	type place struct {
		lang   because.Lang
		domain string
		style  because.Style
		lead   because.EvidenceKind
	}
	at := func(t told) place { return place{t.Lang, t.Domain, t.Style, t.Lead} }
	disliked := map[place][]int{}
	for i, t := range all {
		if t.reward < 0 {
			disliked[at(t)] = append(disliked[at(t)], i)
		}
	}
	in := make([]bool, len(all))
	for i, t := range all {
		others := slices.Clone(disliked[at(t)])
		if t.reward < 0 || len(others) == 0 {
			continue
		}
		rng := rand.New(rand.NewPCG(seed, hash("pairs", t.last.ID)))
		rng.Shuffle(len(others), func(a, b int) { others[a], others[b] = others[b], others[a] })
		seen := map[string]bool{t.Text: true}
		for _, j := range others {
			other := all[j]
			if len(seen) > tuneEach {
				break
			}
			if seen[other.Text] || !e.saidAlike(t.Pair, other.Text) {
				continue
			}
			seen[other.Text] = true
			in[i], in[j] = true, true
			p := lm.Preference{Chosen: example(words, t.Pair), Weight: (t.reward - other.reward) / 2}
			p.Rejected = p.Chosen
			p.Rejected.Text = words.Encode(other.Text)
			if heldOut(t.User) {
				held = append(held, p)
			} else if !heldOut(other.User) {
				pairs = append(pairs, p)
			}
		}
	}
	for i, t := range all {
		if in[i] {
			sides = append(sides, t.Pair)
		}
	}
	return pairs, held, sides
}

// truths pairs, on the evidence of answered texts, a draft of the model that the verifier passes as it stands with one that
// it does not, so that learning what is liked does not unlearn what is true. Nobody's answer is in them.
func (e *Engine) truths(ctx context.Context, m languageModel, sides []Pair, seed uint64) ([]lm.Preference, error) {
	writer, err := generate.NewEmbedded(e.packs, m.words, m.generator, m.discriminator, "tuned")
	if err != nil {
		return nil, err
	}
	var asked []Pair
	for _, lang := range because.Langs {
		asked = append(asked, promptsOf(slices.DeleteFunc(slices.Clone(sides), func(p Pair) bool { return heldOut(p.User) }), lang, tuneTruths)...)
	}
	var out []lm.Preference
	for part := range slices.Chunk(asked, draftBatch) {
		reqs := make([]generate.Request, len(part))
		for i, p := range part {
			reqs[i] = *p.Request
			reqs[i].K, reqs[i].Seed = 1, seed^hash("truths", p.User, p.Prompt)
			if reqs[i].State, err = writer.State(p.Behaviour); err != nil {
				return nil, err
			}
		}
		all, err := writer.Candidates(ctx, reqs, 1)
		if err != nil {
			return nil, err
		}
		for i, p := range part {
			var passed, refused string
			for _, c := range all[i] {
				switch {
				case c.Text == "":
				case e.saidAlike(p, c.Mine) && passed == "":
					passed = c.Mine
				case !e.saidAlike(p, c.Mine) && refused == "":
					refused = c.Mine
				}
			}
			if passed != "" && refused != "" {
				pair := lm.Preference{Chosen: example(m.words, p)}
				pair.Rejected = pair.Chosen
				pair.Chosen.Text, pair.Rejected.Text = m.words.Encode(passed), m.words.Encode(refused)
				out = append(out, pair)
			}
		}
	}
	return out, nil
}

// heldOut puts one reader in five aside, to see whether what was learnt holds for others.
func heldOut(user string) bool { return rand.New(rand.NewPCG(hash("feedback", user), 0)).IntN(5) == 0 }

// saidAlike reports whether another text can be said on the evidence of a pair, and is true of it.
func (e *Engine) saidAlike(p Pair, mine string) bool {
	own := e.packs.Pack(p.Request.Domain)
	said, err := generate.Realise(own, *p.Request, mine)
	if err != nil || said == "" {
		return false
	}
	r := e.verifier.Verify(said, *p.Given)
	return r.Verdict == because.Passed && r.Text == said
}

// tuned measures a model: the share of held-out pairs of which it finds the liked text likelier, token by token, and the
// share of its drafts on the evidence of answered texts that the verifier passes as they stand.
func (e *Engine) tuned(ctx context.Context, m languageModel, held []lm.Preference, sides []Pair, most int, show func(LMProgress)) (map[string]float64, error) {
	out := map[string]float64{}
	if len(held) > 0 {
		share, err := m.generator.Prefers(ctx, held)
		if err != nil {
			return nil, err
		}
		out["preferred"] = share
	}
	writer, err := generate.NewEmbedded(e.packs, m.words, m.generator, m.discriminator, "tuned")
	if err != nil {
		return nil, err
	}
	for _, lang := range because.Langs {
		asked := promptsOf(sides, lang, most)
		if len(asked) == 0 {
			continue
		}
		drafts, _, err := e.draftsOf(ctx, writer, m.words, lang, asked, func(stage string, done, total int) {
			show(LMProgress{Phase: stage, Step: done, Steps: total})
		})
		if err != nil {
			return nil, err
		}
		if sum := drafts[0]; sum.Asked > 0 {
			out["verified_"+string(lang)], out["drafts_"+string(lang)] = sum.Share(), float64(sum.Asked)
		}
	}
	return out, nil
}

func readersOf(pairs []Pair) []string {
	seen := map[string]bool{}
	var out []string
	for _, p := range pairs {
		if !seen[p.User] {
			seen[p.User] = true
			out = append(out, p.User)
		}
	}
	return out
}
