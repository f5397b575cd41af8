package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"

	"because"
	"because/internal/eval"
	"because/internal/generate/given"
)

// PeersOptions say which systems are compared on which sets.
type PeersOptions struct {
	Dir     string   // holds a folder for each set
	Cache   string   // folder for what was learned and written; empty keeps nothing
	Systems []string // nil means all
	Rows    int      // of each set; 0 means all
	Seed    uint64
	Lang    because.Lang
	LLM     LLM // an endpoint that writes the rows of one system; none where BaseURL is empty
	LLMRows int // 0 means 300
}

// PeersReport compares systems that wrote explanations from given profiles, set by set.
type PeersReport struct {
	Seed uint64     `json:"seed"`
	Sets []PeersSet `json:"sets"`
}

// PeersSet is one set of profiles and references.
type PeersSet struct {
	Name    string       `json:"name"`
	Rows    int          `json:"rows"`
	Users   int          `json:"users"`
	Items   int          `json:"items"`
	Folds   []FoldSize   `json:"folds"`
	Systems []PeerScores `json:"systems"`
	Skipped []PeerSkip   `json:"skipped,omitempty"`
}

// PeerSkip is a system that could not be measured, and why.
type PeerSkip struct {
	System string       `json:"system"`
	Why    because.Text `json:"why"`
}

// FoldSize is how many rows a fold tests and how many teach it.
type FoldSize struct {
	Test  int `json:"test"`
	Train int `json:"train"`
}

// PeerScores measure one system on one set. BLEU, ROUGE, margin and self-BLEU are in percent, the rest in [0, 1].
type PeerScores struct {
	System        string   `json:"system"`
	Rows          int      `json:"rows"`
	BLEU1         Interval `json:"bleu_1"`
	BLEU4         Interval `json:"bleu_4"`
	R1            Interval `json:"rouge_1_f"`
	R2            Interval `json:"rouge_2_f"`
	RL            Interval `json:"rouge_l_f"`
	Margin        Interval `json:"margin"`
	USR           float64  `json:"usr"`
	Distinct2     float64  `json:"distinct_2"`
	SelfBLEU      Interval `json:"self_bleu_4"`
	VarietyTexts  int      `json:"variety_texts"` // that distinct-2 and self-BLEU saw
	Discriminator Interval `json:"discriminator"`
	Support       Interval `json:"support"`
	Contradicted  float64  `json:"contradicted"` // share of claims
	Names         float64  `json:"names"`        // unsupported ones in 100 texts
	Numbers       float64  `json:"numbers"`      // unsupported ones in 100 texts
	ClaimsPerText float64  `json:"claims_per_text"`
	Length        float64  `json:"length"` // tokens
}

// The sets that are compared, and how their texts speak.
var peerSets = []struct {
	name string
	task given.Task
}{{"google-local", given.Places}, {"amazon-books", given.Books}}

// A peerSet is one set while systems write for it.
type peerSet struct {
	o     PeersOptions
	task  given.Task
	rows  []textRow
	title []string
	folds []eval.Fold
	cache peerCache

	policies [peerFolds]*given.Policy // as taught, by fold
}

// EvaluatePeers measures the systems on every set that is there. A set that is missing is an error only if all are.
func EvaluatePeers(ctx context.Context, o PeersOptions, progress Progress) (PeersReport, error) {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	out := PeersReport{Seed: o.Seed}
	for _, s := range peerSets {
		set, err := openPeerSet(filepath.Join(o.Dir, s.name), s.task, o)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return out, err
		}
		got, err := set.measure(ctx, s.name, progress)
		if err != nil {
			return out, err
		}
		out.Sets = append(out.Sets, got)
	}
	if len(out.Sets) == 0 {
		return out, because.Errorf(because.ErrNotFound, "%s holds none of the sets google-local and amazon-books with explanations_tst.jsonl.gz. Name the folder that holds them: --sets DIR.", o.Dir)
	}
	return out, nil
}

func openPeerSet(dir string, task given.Task, o PeersOptions) (*peerSet, error) {
	path := filepath.Join(dir, "explanations_tst.jsonl.gz")
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		path = filepath.Join(dir, "explanations_tst.jsonl")
		f, err = os.Open(path)
	}
	if err != nil {
		return nil, fmt.Errorf("open the explanations of a set: %w", err)
	}
	defer f.Close()
	rows, err := newTextRows(f, TextsOptions{Name: path, Map: map[string]string{"prediction": "xrec_prediction", "evidence": "title"}})
	if err != nil {
		return nil, err
	}
	s := &peerSet{o: o, task: task}
	for o.Rows == 0 || len(s.rows) < o.Rows {
		row, err := rows.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		s.title = append(s.title, row.Evidence)
		row.Evidence = ""
		s.rows = append(s.rows, row)
	}
	var users, items []string
	for _, r := range s.rows {
		users, items = append(users, r.User), append(items, r.Item)
	}
	s.folds = eval.Folds(users, items, peerFolds, o.Seed)
	s.cache, err = newPeerCache(o, path)
	return s, err
}

// peerFolds is how many folds cross-fitting has.
const peerFolds = 5

// measure lets every system write and measures the texts.
func (s *peerSet) measure(ctx context.Context, name string, progress Progress) (PeersSet, error) {
	out := PeersSet{Name: name, Rows: len(s.rows), Users: distinct(s.rows, func(r textRow) string { return r.User }), Items: distinct(s.rows, func(r textRow) string { return r.Item })}
	for _, f := range s.folds {
		out.Folds = append(out.Folds, FoldSize{len(f.Test), len(f.Train)})
	}
	systems := s.systems()
	for i, sys := range systems {
		if s.o.Systems != nil && !slices.Contains(s.o.Systems, sys.name) {
			continue
		}
		progress(because.Say(s.o.Lang, "%s: %s", name, sys.name), i, len(systems))
		texts, why, err := sys.write(ctx)
		if err != nil {
			return out, fmt.Errorf("write %s for %s: %w", sys.name, name, err)
		}
		if len(why) > 0 {
			out.Skipped = append(out.Skipped, PeerSkip{sys.name, why})
			continue
		}
		scores, err := s.score(ctx, sys.name, texts)
		if err != nil {
			return out, err
		}
		out.Systems = append(out.Systems, scores)
	}
	progress(name, len(systems), len(systems))
	return out, nil
}

func distinct(rows []textRow, of func(textRow) string) int {
	seen := map[string]bool{}
	for _, r := range rows {
		seen[of(r)] = true
	}
	return len(seen)
}

// score measures the texts of a system; a row without one is left out.
func (s *peerSet) score(ctx context.Context, system string, texts map[int]string) (PeerScores, error) {
	t := eval.NewTexts(eval.TextOptions{Lang: because.English, Seed: s.o.Seed})
	out := PeerScores{System: system, Rows: len(texts)}
	held := map[string][]float64{}
	claims, against, names, numbers := 0, 0, 0, 0
	var users []string
	for i, r := range s.rows {
		text, ok := texts[i]
		if !ok {
			continue
		}
		r.Prediction = text
		r.Rating, r.PredictedRating = math.NaN(), math.NaN()
		t.Add(r.TextRow)
		x := eval.NewGrounds(s.title[i], r.ItemProfile, r.UserProfile).Check(text)
		claims, against, names, numbers = claims+x.Claims, against+x.Contradicted, names+x.Names, numbers+x.Numbers
		if held[r.User] == nil {
			users = append(users, r.User)
		}
		for c := range x.Claims {
			v := 0.
			if c < x.Supported {
				v = 1
			}
			held[r.User] = append(held[r.User], v)
		}
	}
	rep, err := t.Report(ctx)
	if err != nil || len(rep.Families) == 0 {
		return out, err
	}
	f := rep.Families[0]
	out.BLEU1, out.BLEU4, out.R1, out.R2, out.RL = f.BLEU1, f.BLEU4, f.R1F, f.R2F, f.RLF
	if rep.Margin != nil {
		out.Margin = rep.Margin.Margin
	}
	out.USR, out.Length = rep.USR, rep.Length
	if d := rep.Diversity; len(d) > 0 {
		out.Distinct2, out.SelfBLEU, out.VarietyTexts = d[0].Written.Distinct2, d[0].Written.SelfBLEU, d[0].Texts
	}
	if len(rep.Discriminators) > 0 {
		out.Discriminator = rep.Discriminators[0].Accuracy
	}
	groups := make([][]float64, len(users))
	for i, u := range users {
		groups[i] = held[u]
	}
	out.Support = eval.BootstrapGroups(groups, 0, s.o.Seed)
	n := float64(max(1, len(texts)))
	out.ClaimsPerText, out.Names, out.Numbers = float64(claims)/n, 100*float64(names)/n, 100*float64(numbers)/n
	out.Contradicted = float64(against) / float64(max(1, claims))
	return out, nil
}
