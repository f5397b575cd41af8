package recommend

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"because"
	"because/internal/dataset"
	"because/internal/eval"
	"because/internal/pack"
	"because/internal/synth"
)

// world is an invented world whose reasons are known, with a model fitted on all of it but each user's last interaction.
func world(t testing.TB, o synth.Options) (*synth.World, *dataset.Data, Options) {
	t.Helper()
	w, err := synth.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	d := &dataset.Data{Users: w.Users, Items: w.Items}
	if err := w.EachInteraction(func(x because.Interaction) error { d.Interactions = append(d.Interactions, x); return nil }); err != nil {
		t.Fatal(err)
	}
	d.Sort()
	opts := Options{Seed: 1, Meetings: map[string][]Meeting{}, Asks: packAsks}
	for name := range w.Truth.Domains {
		p := pack.Builtin().Pack(name)
		for _, f := range sortedKeys(p.Profile) {
			if m := p.Profile[f].Meets; m.Field != "" {
				opts.Meetings[name] = append(opts.Meetings[name], Meeting{f, m.Field, m.How})
			}
		}
	}
	return w, d, opts
}

// packAsks reads a text as the engine does.
func packAsks(domain, s string) []Ask {
	var out []Ask
	p := pack.Builtin().Pack(domain)
	for _, h := range p.Match(because.Chinese, s) {
		out = append(out, Ask{Text: s[h.Start:h.End], Field: h.Field, Word: h.Word, Better: p.Fields[h.Field].Better})
	}
	return out
}

// termName is a contribution's name as the truth has it.
func termName(name string) string {
	if f, ok := strings.CutPrefix(name, "attribute:"); ok && !strings.Contains(f, "=") {
		return "field:" + f
	}
	return name
}

// TestWorldCauses asks of every recommendation for readers with some history whether its largest personal property is
// among the reader's true reasons.
func TestWorldCauses(t *testing.T) {
	w, d, o := world(t, synth.Options{Domains: []string{"shop", "travel", "finance", "health", "entertainment"}})
	start := time.Now()
	m, err := Fit(context.Background(), d, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("fit %v, hold-out %v", time.Since(start), m.Metrics())
	for k, name := range m.Items.Domains {
		t.Logf("%s weights %.2f cat %.2f price %.2f/%.2f", name, m.Weights[k], m.Taste.CatSlab[k], m.Taste.PriceSlab[k], m.Taste.PriceSp[k])
	}
	histories := d.Histories()
	byID := map[string]because.Item{}
	for _, it := range w.Items {
		byID[it.ID] = it
	}
	var right, judged, none, ranked, best float64
	wrong := map[string]int{}
	shown := map[string]int{}
	for k, u := range w.Users {
		h := histories[u.ID]
		if len(h) < 20 || k%2 == 1 {
			continue
		}
		c := because.Context{At: w.Truth.To.Add(-time.Duration(k%14*12+3) * time.Hour), Device: "phone", Place: "home"}
		domain := byID[last(h)].Domain
		q := Query{History: h, Profile: u.Profile, Context: c, Domain: domain}
		recs := m.Recommend(q)
		ideal := 0.0
		var us []float64
		for _, it := range w.Items {
			if it.Domain == domain {
				us = append(us, w.Truth.Utility(u.ID, it, c))
			}
		}
		slices.SortFunc(us, func(a, b float64) int { return cmp.Compare(b, a) })
		for r, rec := range recs {
			ideal += us[r]
			ranked += w.Truth.Utility(u.ID, byID[rec.Item], c)
			terms := map[string]float64{}
			for _, term := range w.Truth.Terms(u.ID, byID[rec.Item], c) {
				if term.Name != "popularity:" {
					terms[term.Name] = term.Value
				}
			}
			cause := ""
			for _, c := range rec.Contributions {
				if c.Value > .08*mass(rec) && slices.Contains([]string{"category", "attribute", "price", "context", "profile"}, c.Kind()) {
					cause = termName(c.Name)
					break
				}
			}
			if cause == "" {
				none++
				continue
			}
			judged++
			kind, _, _ := strings.Cut(cause, ":")
			shown[kind]++
			if slices.ContainsFunc(eval.TrueCauses(terms), func(name string) bool {
				return name == cause || kind == "context" && strings.HasPrefix(name, "context:") // a moment is cited as a whole
			}) {
				right++
			} else {
				wrong[kind]++
			}
		}
		best += ideal
	}
	t.Logf("cause precision %.3f of %.0f (none %.0f), shown %v wrong %v, utility %.3f of the best", right/judged, judged, none, shown, wrong, ranked/best)
	if right < .9*judged {
		t.Errorf("only %.3f of the causes are true", right/judged)
	}
}

// mass is the sum of the sizes of all contributions.
func mass(rec because.Recommendation) float64 {
	sum := 0.0
	for _, c := range rec.Contributions {
		sum += math.Abs(c.Value)
	}
	return sum
}

func last(h []because.Interaction) string {
	for _, x := range slices.Backward(h) {
		if x.Item != "" {
			return x.Item
		}
	}
	return ""
}

// BenchmarkRecommendWorld ranks for readers of the invented world, searches and profiles included.
func BenchmarkRecommendWorld(b *testing.B) {
	w, d, o := world(b, synth.Options{Domains: []string{"shop", "travel"}})
	m, err := Fit(context.Background(), d, o, nil)
	if err != nil {
		b.Fatal(err)
	}
	h := d.Histories()
	k := 0
	for b.Loop() {
		u := w.Users[k%len(w.Users)]
		m.Recommend(Query{History: h[u.ID], Profile: u.Profile, Context: because.Context{At: w.Truth.To, Device: "phone"}})
		k++
	}
}
