// Package generatetest holds the promises that every generator keeps.
package generatetest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"because"
	"because/internal/generate"
)

// Run checks the promises of generate.Generator on g. A generator may decline (an error that is because.ErrUnavailable),
// but what it returns must be whole.
func Run(t *testing.T, g generate.Generator) {
	t.Helper()
	for _, lang := range because.Langs {
		t.Run(string(lang), func(t *testing.T) {
			req := Request(lang)
			before := Request(lang)
			drafts, err := g.Draft(t.Context(), req)
			if err != nil {
				if !errors.Is(err, because.ErrUnavailable) {
					t.Fatalf("the error is not one that a caller can act on: %v", err)
				}
				return
			}
			if !reflect.DeepEqual(req, before) {
				t.Error("the request was changed")
			}
			if len(drafts) == 0 {
				t.Error("no draft and no error")
			}
			seen := map[string]bool{}
			for _, d := range drafts {
				check(t, d, req)
				if seen[d.Text] {
					t.Errorf("the same draft twice: %s", d.Text)
				}
				seen[d.Text] = true
			}
			again, err := g.Draft(t.Context(), req)
			if err != nil || !reflect.DeepEqual(again, drafts) {
				t.Errorf("the same request drafted differently: %v, %v, then %v", err, drafts, again)
			}
		})
	}
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if drafts, err := g.Draft(ctx, Request(because.English)); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled context ends with %v", err)
		} else if err == nil && len(drafts) == 0 {
			t.Error("no draft and no error")
		}
	})
}

// check checks one draft.
func check(t *testing.T, d generate.Draft, req generate.Request) {
	t.Helper()
	if strings.TrimSpace(d.Text) == "" || !utf8.ValidString(d.Text) {
		t.Errorf("the text is empty or no UTF-8: %q", d.Text)
	}
	if d.Model == "" || d.Source == "" {
		t.Errorf("nobody wrote %q", d.Text)
	}
	if len(d.Evidence) == 0 {
		t.Errorf("nothing is cited for %q", d.Text)
	}
	for _, id := range d.Evidence {
		if !slices.ContainsFunc(req.Evidence, func(e because.Evidence) bool { return e.ID == id }) {
			t.Errorf("%q cites %s, which was not given", d.Text, id)
		}
	}
}

// Request is a small request with a history, an attribute and a drawback.
func Request(lang because.Lang) generate.Request {
	zh := lang == because.Chinese
	pick := func(a, b string) string {
		if zh {
			return a
		}
		return b
	}
	return generate.Request{
		Name: pick("午夜行动", "Heist Night"), Category: "Crime", Lang: lang, Seed: 1, K: 3,
		Arm: because.Arm{Style: because.Short, Lead: because.Rated},
		Evidence: []because.Evidence{
			{ID: "e1", Kind: because.Rated, Share: .6, Ref: "itm_1", Text: pick("你给《偷天换日》打了 9 分。", "You gave The Score a 9."), Slots: map[string]because.Slot{
				"hist":   {Kind: because.NameSlot, Text: pick("偷天换日", "The Score"), Ref: "itm_1"},
				"rating": {Kind: because.NumberSlot, Text: pick("9 分", "9"), Number: 9},
				"shared": {Kind: because.WordSlot, Text: pick("犯罪片", "crime film"), Ref: "category"},
			}},
			{ID: "e2", Kind: because.Attribute, Share: .1, Ref: "length", Text: pick("全长 98 分钟。", "It runs 98 minutes."), Slots: map[string]because.Slot{
				"value": {Kind: because.NumberSlot, Text: pick("98 分钟", "98 minutes"), Number: 98, Unit: "min"},
			}},
			{ID: "e3", Kind: because.Drawback, Ref: "rating", Text: pick("评分只有 6.1。", "It is rated only 6.1."), Slots: map[string]because.Slot{
				"value": {Kind: because.NumberSlot, Text: "6.1", Number: 6.1},
			}},
		},
	}
}
