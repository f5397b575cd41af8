package main

import (
	"math"
	"strings"
	"testing"

	"because"
	"because/internal/engine"
)

func TestPlot(t *testing.T) {
	for _, tt := range []struct{ width, want float64 }{
		{14, 2}, // a quarter is 3.5: 2 fits, 5 does not
		{3.7, .5},
		{50, 10},
		{0, 1},
	} {
		if got := niceStep(tt.width); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("niceStep(%v) = %v, want %v", tt.width, got, tt.want)
		}
	}
	zero := 0.0
	p := newPlot("", "", []plotted{{"a", engine.Interval{Mean: 2, Low: 1, High: 4}, true}}, &zero)
	// From 0 to 4 in steps of 1: 0 stands on the left, 4 on the right, 2 in the middle.
	if len(p.Ticks) != 5 || p.Marks[0] != plotLeft || p.Rows[0].Top != plotRight || p.Rows[0].Mid != (plotLeft+plotRight)/2 || p.Ticks[4].Label != "4" {
		t.Errorf("%+v", p)
	}
	if one := newPlot("", "", []plotted{{"a", engine.Interval{Mean: 3, Low: 3, High: 3}, true}}, nil); math.IsNaN(one.Rows[0].Mid) {
		t.Errorf("a single value: %+v", one)
	}
}

// TestTextsPage: whatever was measured, the page has both languages, nothing from elsewhere and nothing unsaid, and what
// the file says stays text.
func TestTextsPage(t *testing.T) {
	for name, rows := range map[string]string{
		"one text":    `{"prediction":"<script>alert(1)</script> a b c d e"}`,
		"references":  `{"prediction":"a b","reference":"a c","user":1,"item":1}` + "\n" + `{"prediction":"a d","reference":"a e","user":2,"item":1}`,
		"two tongues": `{"prediction":"续航长","reference":"续航十四天"}` + "\n" + `{"prediction":"long battery","reference":"long battery life"}`,
	} {
		r, err := engine.EvaluateTexts(t.Context(), strings.NewReader(rows), engine.TextsOptions{Name: "<b>.jsonl"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := writeTextsPage(&b, r, because.Chinese); err != nil {
			t.Fatal(err)
		}
		page := b.String()
		for _, never := range []string{"NaN", "Inf", "%!", "no value", "<script", "<b>", "http://", "https://", " src="} {
			if strings.Contains(page, never) {
				t.Errorf("%s: the page holds %q", name, never)
			}
		}
		for _, always := range []string{`<html lang="zh">`, `<article lang="zh">`, `<article lang="en">`, `id="zh" checked`, "</html>"} {
			if !strings.Contains(page, always) {
				t.Errorf("%s: the page lacks %q", name, always)
			}
		}
		if open, closed := strings.Count(page, "<svg"), strings.Count(page, "</svg>"); open != closed || name == "references" && open < 8 {
			t.Errorf("%s: %d plots opened, %d closed", name, open, closed)
		}
	}
}
