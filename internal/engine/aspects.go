package engine

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"because"
	"because/internal/eval"
	"because/internal/evidence"
	"because/internal/ingest"
	"because/internal/pack"
)

// AspectsOptions say what EvaluateAspects measures. The zero value is useful.
type AspectsOptions struct {
	Train   bool // measure on the part that words were chosen on, to see what was learned from it
	Samples int  // explanations to show
	Seed    uint64
}

// AspectsReport is how well opinions are read off reviews.
type AspectsReport struct {
	Train   int                               `json:"train"`
	Test    int                               `json:"test"`
	Systems map[string]map[string]AspectScore `json:"systems"` // by system, then by aspect; "" is all
	Groups  map[string]string                 `json:"groups"`  // the wider aspect of each
	Quotes  AspectQuotes                      `json:"quotes"`
	Samples []AspectSample                    `json:"samples,omitempty"`
}

// An AspectScore is how well one aspect, or all, were found and judged.
type AspectScore = eval.AspectScore

// AspectQuotes are the phrases that explanations may quote as a plus, against what was annotated of their aspect.
type AspectQuotes struct {
	Reviews  int          `json:"reviews"` // that something may be quoted of
	Quotes   int          `json:"quotes"`
	Praised  NeedsShare   `json:"praised"`  // share whose aspect the review praises
	Even     int          `json:"even"`     // quotes whose aspect it judges neither way
	Blamed   int          `json:"blamed"`   // quotes whose aspect it blames
	Unspoken int          `json:"unspoken"` // quotes whose aspect was not annotated
	Wrong    []AspectLine `json:"wrong,omitempty"`
}

// An AspectLine is a quote whose aspect the review does not praise.
type AspectLine struct {
	Review string `json:"review"`
	Aspect string `json:"aspect"`
	Phrase string `json:"phrase"`
	Label  string `json:"label"`
}

// An AspectSample is one explanation.
type AspectSample struct {
	Item string `json:"item"`
	Text string `json:"text"`
}

// The systems that are compared.
const (
	AspectsRules  = "rules"  // the pack's words
	AspectsLinear = "linear" // one logistic regression an aspect, taught on the train part
	AspectsUsual  = "usual"  // the aspects and polarities that most of the train part have, for every review
)

// AspectGroups are the wider aspects, in the order of a visit.
var AspectGroups = []string{"location", "service", "price", "surroundings", "food"}

// AspectLabel is how an aspect is called.
func AspectLabel(lang because.Lang, aspect string) string {
	return pack.Builtin().Pack("travel").Aspects[aspect].Label.In(lang)
}

// EvaluateAspects reads opinions off the reviews of a folder and holds them against what was annotated.
func EvaluateAspects(ctx context.Context, dir string, o AspectsOptions) (AspectsReport, error) {
	o.Seed = cmp.Or(o.Seed, 1)
	train, test, err := ingest.AspectReviews(dir)
	if err != nil {
		return AspectsReport{}, err
	}
	r := AspectsReport{Train: len(train), Test: len(test), Systems: map[string]map[string]AspectScore{}, Groups: map[string]string{}}
	if o.Train {
		test = train
	}
	p := pack.Builtin().Pack("travel")
	for k, a := range p.Aspects {
		r.Groups[k] = a.Group
	}
	gold := make([]eval.Labels, len(test))
	for i, x := range test {
		gold[i] = x.Aspects
	}
	readers := map[string]func(string) eval.Labels{
		AspectsRules: func(s string) eval.Labels {
			l := eval.Labels(p.Judge(because.Chinese, s))
			maps.DeleteFunc(l, func(k string, _ int) bool { return ingest.AspectColumns[k] == "" }) // of which nothing was annotated
			return l
		},
		AspectsLinear: linearAspects(train, o.Seed),
		AspectsUsual:  usualAspects(train),
	}
	for name, read := range readers {
		found := make([]eval.Labels, len(test))
		for i, x := range test {
			found[i] = read(x.Text)
		}
		r.Systems[name] = eval.ScoreAspects(gold, found, o.Seed)
	}
	r.Quotes = quotes(p, test)
	if o.Samples > 0 {
		r.Samples, err = aspectSamples(ctx, dir, test, o)
	}
	return r, err
}

// linearAspects teaches a logistic regression for each aspect, and two for its polarity: praised or not, blamed or not.
func linearAspects(train []ingest.AspectReview, seed uint64) func(string) eval.Labels {
	type models struct{ spoken, praised, blamed *eval.Linear }
	all := map[string]models{}
	for k := range ingest.AspectColumns {
		teach := func(is func(v int, spoken bool) (yes, counts bool)) *eval.Linear {
			var with, without []string
			for _, x := range train {
				v, ok := x.Aspects[k]
				switch yes, counts := is(v, ok); {
				case yes && counts:
					with = append(with, x.Text)
				case counts:
					without = append(without, x.Text)
				}
			}
			return eval.NewLinear(with, without, seed)
		}
		all[k] = models{
			teach(func(_ int, ok bool) (bool, bool) { return ok, true }),
			teach(func(v int, ok bool) (bool, bool) { return v > 0, ok }),
			teach(func(v int, ok bool) (bool, bool) { return v < 0, ok }),
		}
	}
	return func(s string) eval.Labels {
		out := eval.Labels{}
		for k, m := range all {
			if m.spoken.Has(s) <= 0 {
				continue
			}
			switch good, bad := m.praised.Has(s), m.blamed.Has(s); {
			case good > 0 && good >= bad:
				out[k] = 1
			case bad > 0:
				out[k] = -1
			default:
				out[k] = 0
			}
		}
		return out
	}
}

// usualAspects are those that most of the train part speak of, with their commonest polarity.
func usualAspects(train []ingest.AspectReview) func(string) eval.Labels {
	usual := eval.Labels{}
	for k := range ingest.AspectColumns {
		spoken, counts := 0, map[int]int{}
		for _, x := range train {
			if v, ok := x.Aspects[k]; ok {
				spoken++
				counts[v]++
			}
		}
		if 2*spoken > len(train) {
			usual[k] = slices.MaxFunc([]int{-1, 0, 1}, func(a, b int) int { return cmp.Compare(counts[a], counts[b]) })
		}
	}
	return func(string) eval.Labels { return maps.Clone(usual) }
}

// quotes are what explanations may say of each review.
func quotes(p *pack.Pack, test []ingest.AspectReview) AspectQuotes {
	var q AspectQuotes
	praised := 0
	for _, x := range test {
		it := because.Item{ID: x.ID, Domain: "travel", Name: because.Plain(x.ID), Categories: []string{"restaurant"}}
		found := evidence.Find(evidence.Request{
			Lang: because.Chinese, Item: it, Pack: p, Reviews: []because.Review{{ID: x.ID, Item: x.ID, Text: x.Text, Lang: because.Chinese, Rating: x.Stars}},
		})
		n := q.Quotes
		for _, e := range found {
			if e.Kind != because.ReviewKind {
				continue
			}
			q.Quotes++
			aspect, _ := strings.CutPrefix(e.Ref, pack.AspectRef)
			v, ok := x.Aspects[aspect]
			switch {
			case !ok:
				q.Unspoken++
			case v > 0:
				praised++
				continue
			case v < 0:
				q.Blamed++
			default:
				q.Even++
			}
			label := "-"
			if ok {
				label = fmt.Sprint(v)
			}
			q.Wrong = append(q.Wrong, AspectLine{x.ID, aspect, e.Slots["phrase"].Text, label})
		}
		if q.Quotes > n {
			q.Reviews++
		}
	}
	q.Praised = eval.Wilson(praised, q.Quotes)
	return q
}

// aspectSamples imports the folder and explains some of its items to somebody of whom nothing is known.
func aspectSamples(ctx context.Context, dir string, test []ingest.AspectReview, o AspectsOptions) (out []AspectSample, err error) {
	err = onDataset(ctx, dir, because.Chinese, o.Seed, nil, func(e *Engine) error {
		if _, err := e.Train(ctx, nil); err != nil {
			return err
		}
		for _, x := range test {
			if len(out) == o.Samples {
				break
			}
			t, err := e.Explain(ctx, ExplainRequest{Item: ingest.ReviewedID(x.ID), Lang: because.Chinese, Style: because.Detail, Lead: because.ReviewKind})
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(t.Evidence, func(e because.Evidence) bool { return e.Kind == because.ReviewKind }) {
				continue // nothing of this review may be quoted
			}
			out = append(out, AspectSample{x.ID, t.Text})
		}
		return nil
	})
	return out, err
}
