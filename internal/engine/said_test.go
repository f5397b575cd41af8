package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"because"
	"because/internal/generate"
	"because/internal/pack"
	"because/internal/verify"
)

// each calls f for every pack, language and style.
func each(f func(p *pack.Pack, lang because.Lang, style because.Style)) {
	set := pack.Builtin()
	for _, d := range set.Domains() {
		for _, lang := range because.Langs {
			for _, style := range because.Styles {
				f(set.Pack(d), lang, style)
			}
		}
	}
}

// told lets the template write every text it has on some evidence, the first of which leads, and tells the texts that
// the verifier takes as they stand from those that it does not.
func told(t *testing.T, p *pack.Pack, lang because.Lang, style because.Style, all ...because.Evidence) (taken, refused []string) {
	t.Helper()
	set := pack.Builtin()
	req := generate.Request{Domain: p.Domain, Name: "Halma", Lang: lang, Arm: because.Arm{Style: style, Lead: all[0].Kind}, Evidence: all, Seed: 1, K: 30}
	drafts, err := generate.NewTemplate(set).Draft(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	g := verify.Given{Domain: p.Domain, Lang: lang, Name: "Halma", Evidence: all, Now: time.Date(2026, 5, 20, 19, 30, 0, 0, time.UTC)}
	for _, d := range drafts {
		if r := verify.New(set).Verify(d.Text, g); r.OK && !slices.Contains(r.Steps, verify.StepClause) {
			taken = append(taken, r.Text)
		} else {
			refused = append(refused, d.Text)
		}
	}
	return taken, refused
}

// TestPopularIsSaid: every pack says how many people turned to an item with the period that they are counted in, by its
// patterns and not as the bare fact, and the verifier takes it.
func TestPopularIsSaid(t *testing.T) {
	type period struct{ zh, en string }
	for _, in := range []period{{"近 30 天", "the last 30 days"}, {"到目前为止", "so far"}} {
		each(func(p *pack.Pack, lang because.Lang, style because.Style) {
			said, rank, without, fact := in.zh, "2", "没有用到你的记录", "到目前为止有 86 人看过 Halma。"
			category := because.Slot{Kind: because.WordSlot, Text: "新品", Ref: "new_things"}
			if lang == because.English {
				said, rank, without, fact, category.Text = in.en, "2nd", "nothing about you was used", "86 people turned to Halma so far.", "new things"
			}
			taken, refused := told(t, p, lang, style, because.Evidence{
				ID: "e1", Kind: because.Popular, Origin: "group", Ref: "new_things", Share: .4, Text: fact, Slots: map[string]because.Slot{
					"category": category, "count": {Kind: because.CountSlot, Text: "86", Number: 86},
					"period": {Kind: because.DateSlot, Text: said}, "without": {Kind: because.WordSlot, Text: without}, "rank": {Kind: because.NumberSlot, Text: rank, Number: 2, Unit: "place"},
				}})
			for _, s := range refused {
				t.Errorf("%s %s %s: refused %s", p.Domain, lang, style, s)
			}
			for _, s := range taken {
				if s == fact || style != because.Push && !strings.Contains(strings.ToLower(s), said) {
					t.Errorf("%s %s %s: no period in %s", p.Domain, lang, style, s)
				}
				for _, bad := range []string{"over so far", "in so far", "number 2nd", "rank 2nd"} {
					if strings.Contains(strings.ToLower(s), bad) {
						t.Errorf("%s %s %s: %s", p.Domain, lang, style, s)
					}
				}
				if testing.Verbose() {
					t.Log(s)
				}
			}
			if len(taken) == 0 {
				t.Errorf("%s %s %s: nothing was said", p.Domain, lang, style)
			}
		})
	}
}
