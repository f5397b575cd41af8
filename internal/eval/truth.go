package eval

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"

	"because"
	"because/internal/text"
)

// A Truth holds what the sampled texts say against what their own rows state, by words: see Support for what that can
// and cannot tell. Shares are in [0, 1] of the claims; intervals are over texts.
type Truth struct {
	Rows         int      `json:"rows"` // of the sample, that state evidence or a profile
	Claims       int      `json:"claims"`
	Supported    Interval `json:"supported_by_words"`
	Contradicted Interval `json:"contradicted_by_words"`
	Names        float64  `json:"unknown_names"`   // a text
	Numbers      float64  `json:"unknown_numbers"` // a text
}

// An Entailment is what one language model says of the statements of some texts when each is held against what its row
// states. It is another's opinion: no other number depends on it. Shares are in [0, 1] of the statements that it
// answered; intervals are over texts, and say nothing of how often the model errs.
type Entailment struct {
	Model        string   `json:"model"`
	Rows         int      `json:"rows"` // texts asked about, drawn from the sample by the seed
	Statements   int      `json:"statements"`
	Failed       int      `json:"failed"` // statements without a verdict
	Last         string   `json:"last_failure,omitempty"`
	Tokens       int64    `json:"tokens"` // that the answers cost, questions and all
	Entailed     Interval `json:"entailed"`
	Contradicted Interval `json:"contradicted"`
}

// NewEntailment measures verdicts, those of one text together; an empty one is a statement without a verdict.
func NewEntailment(verdicts [][]because.ClaimVerdict, seed uint64) Entailment {
	out := Entailment{Rows: len(verdicts)}
	entailed, contradicted := make([][]float64, len(verdicts)), make([][]float64, len(verdicts))
	for i, text := range verdicts {
		out.Statements += len(text)
		for _, v := range text {
			if v == "" {
				out.Failed++
				continue
			}
			entailed[i] = append(entailed[i], share(v == because.Supported))
			contradicted[i] = append(contradicted[i], share(v == because.Contradicted))
		}
	}
	out.Entailed, out.Contradicted = BootstrapGroups(entailed, 0, seed), BootstrapGroups(contradicted, 0, seed)
	return out
}

func share(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// A Grounded is a text and what its row states, which it may be held against.
type Grounded struct {
	Text, Title, Item, User string
}

// given is what a row states beside the text; false where that is nothing.
func (r TextRow) given() (Grounded, bool) {
	item := strings.TrimSpace(r.ItemProfile + " " + r.Evidence)
	g := Grounded{kept(r.Prediction), kept(r.Title), kept(item), kept(r.UserProfile)}
	return g, g.Text != "" && (g.Item != "" || g.User != "")
}

// Grounded are up to n texts of the sample whose rows state evidence or a profile, drawn by the seed.
func (t *Texts) Grounded(n int) []Grounded {
	rows := slices.SortedFunc(slices.Values(t.sample), func(a, b sampled) int { return cmp.Compare(a.row, b.row) })
	rng := rand.New(rand.NewPCG(t.o.Seed, 0xe7))
	rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	var out []Grounded
	for _, s := range rows {
		if s.given != nil && len(out) < n {
			out = append(out, *s.given)
		}
	}
	return out
}

// truth holds the sampled texts against their rows. It reads English alone.
func (t *Texts) truth(out *TextReport) {
	if t.o.Lang != because.English {
		return
	}
	x := Truth{}
	var supported, contradicted [][]float64
	for _, s := range t.sample {
		if s.given == nil {
			continue
		}
		found := NewGrounds(s.given.Title, s.given.Item, s.given.User).Check(s.given.Text)
		x.Rows, x.Claims = x.Rows+1, x.Claims+found.Claims
		x.Names, x.Numbers = x.Names+float64(found.Names), x.Numbers+float64(found.Numbers)
		supported, contradicted = append(supported, firstOnes(found.Supported, found.Claims)), append(contradicted, firstOnes(found.Contradicted, found.Claims))
	}
	if x.Claims == 0 {
		return
	}
	x.Names, x.Numbers = ratio(x.Names, float64(x.Rows)), ratio(x.Numbers, float64(x.Rows))
	x.Supported, x.Contradicted = BootstrapGroups(supported, 0, t.o.Seed), BootstrapGroups(contradicted, 0, t.o.Seed)
	out.Truth = &x
}

// firstOnes are n values of which the first are 1.
func firstOnes(first, n int) []float64 {
	out := make([]float64, n)
	for i := range first {
		out[i] = 1
	}
	return out
}

// Statements are the statements of a text, each as it stands: in English the claims that Support counts, in Chinese the
// clauses. A stretch of marks alone, or of words of the task alone, is none.
func Statements(s string, lang because.Lang) []string {
	var all []string
	if lang == because.English {
		all = clauses(s)
	} else {
		for _, at := range text.Clauses(s) {
			all = append(all, s[at[0]:at[1]])
		}
	}
	var out []string
	for _, c := range all {
		if slices.ContainsFunc(text.Terms(c), func(w string) bool { return !framing[w] }) {
			out = append(out, strings.TrimSpace(c))
		}
	}
	return out
}
