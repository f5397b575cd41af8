package verify

import (
	"testing"

	"because"
	"because/internal/pack"
)

// TestNothingQuoted: quotation marks around marks alone are no quotation, and no reason to stop: a model that was told to
// say nothing wrote “…” as a cause.
func TestNothingQuoted(t *testing.T) {
	v := New(pack.Builtin())
	ev := because.Evidence{ID: "e1", Kind: because.Attribute, Ref: "battery", Share: .4, Text: "Halma, battery: 14 days.",
		Slots: map[string]because.Slot{"value": {Kind: because.NumberSlot, Text: "14 days", Number: 14, Unit: "day"}}}
	for _, s := range []string{
		"Because “…”, Halma, battery: 14 days.", "Because “...”: “!”, it runs 14 days.", "因为「……」，续航 14 days。", "因为《？》，「。」续航 14 days。", "“…”", "「」",
	} {
		for _, lang := range because.Langs {
			r := v.Verify(s, Given{Lang: lang, Name: "Halma", Evidence: []because.Evidence{ev}, Now: now})
			if v.Claims(s, Given{Lang: lang, Name: "Halma", Evidence: []because.Evidence{ev}, Now: now}); r.OK && len(r.Claims) == 0 {
				t.Errorf("%q passed without a claim", s)
			}
		}
	}
}
