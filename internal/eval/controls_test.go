package eval

import (
	"fmt"
	"math"
	"testing"

	"because"
)

// measured is the report of XRec's released texts of a set.
func measured(t testing.TB, set string) TextReport {
	t.Helper()
	x := NewTexts(TextOptions{Lang: because.English, Seed: 1})
	for _, r := range released(t, set) {
		x.Add(TextRow{
			User: fmt.Sprint(r.User), Item: fmt.Sprint(r.Item), Prediction: r.Prediction, Reference: r.Reference,
			UserProfile: r.UserProfile, ItemProfile: r.ItemProfile, Rating: math.NaN(), PredictedRating: math.NaN(),
		})
	}
	r, err := x.Report(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestReleasedTexts holds the controls to what they show of XRec's released texts: nine tenths of the score is the
// template, one sentence said to everybody scores more than the model, a text for another user serves as well as the own
// one, and a discriminator tells model from reference in 19 of 20 cases. The shuffled scores that were published are
// those of one shuffle, so they must lie among the derangements.
func TestReleasedTexts(t *testing.T) {
	for _, tt := range []struct {
		set                           string
		shuffled, echoMargin, margins float64
	}{
		{"google-local", 34.53, 2.01, 2.32},
		{"amazon-books", 32.70, 2.45, 3.06},
	} {
		t.Run(tt.set, func(t *testing.T) {
			r := measured(t, tt.set)
			m := r.Margin
			if m.Low > tt.shuffled || m.High < tt.shuffled || m.Margin.Low > tt.margins || m.Margin.High < tt.margins {
				t.Errorf("margin %+v, published %v and %v", m, tt.shuffled, tt.margins)
			}
			if kept := m.Shuffled.Mean / m.Own.Mean; kept < .9 {
				t.Errorf("shuffled keeps %.3f of the score", kept)
			}
			by := map[string]*Control{}
			for _, c := range r.Controls {
				by[c.Name] = c
				t.Logf("%s: R1-F %.2f, lead %.2f [%.2f, %.2f]: %s", c.Name, c.R1.Mean, c.Lead.Mean, c.Lead.Low, c.Lead.High, c.Text)
			}
			if c := by["constant"]; c.Lead.High >= 0 {
				t.Errorf("the best constant sentence does not win: %+v", c)
			}
			if c := by["item"]; c.Margin.Low > tt.echoMargin || c.Margin.High < tt.echoMargin || c.Lead.Low <= 0 {
				t.Errorf("echo of the item %+v, margin %+v, published %v", c, c.Margin, tt.echoMargin)
			}
			if user, item := r.Swaps[0], r.Swaps[1]; user.Loss.Low > 0 || user.Loss.High < 0 || item.Loss.Low < 1 {
				t.Errorf("swaps: user %+v, item %+v", user, item)
			}
			for _, d := range r.Discriminators {
				if d.Accuracy.Low > .95 || d.Accuracy.High < .94 {
					t.Errorf("discriminator %+v", d)
				}
			}
			if d := r.Diversity[0]; d.Written.Distinct2 > d.Real.Distinct2/1.5 || d.Written.SelfBLEU.Low < d.Real.SelfBLEU.High {
				t.Errorf("diversity %+v, of references %+v", d, d.Real)
			}
			if s := r.Surprise[0]; s.Reverse.Low < s.Real.High || s.Forward.High > s.Real.Low {
				t.Errorf("language models %+v", s)
			}
		})
	}
}

// TestControlsOfReferences: references measured as if they were a model's texts. Nothing tells them from themselves.
func TestControlsOfReferences(t *testing.T) {
	x := NewTexts(TextOptions{Lang: because.English, Seed: 1})
	for i, r := range released(t, "google-local")[:1000] {
		x.Add(TextRow{User: fmt.Sprint(i), Prediction: r.Reference, Reference: r.Reference, Rating: math.NaN(), PredictedRating: math.NaN()})
	}
	r, err := x.Report(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if m := r.Margin; !near(m.Own.Mean, 100) || m.Margin.Low < 60 {
		t.Errorf("margin %+v", m)
	}
	for _, d := range r.Discriminators {
		if !near(d.Accuracy.Mean, .5) {
			t.Errorf("discriminator %+v", d)
		}
	}
}
