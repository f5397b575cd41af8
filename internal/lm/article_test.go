package lm

import (
	"context"
	"errors"
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"
)

// articleTexts are rising runs of words.
func articleTexts(n int) [][]int32 {
	rng := rand.New(rand.NewPCG(4, 4))
	texts := make([][]int32, n)
	for i := range texts {
		word := 10 + rng.Int32N(8)
		for range 4 + rng.IntN(3) {
			texts[i] = append(texts[i], word)
			word++
		}
	}
	return texts
}

func runArticle(t *testing.T, o ArticleOptions) []ArticleProgress {
	t.Helper()
	o.Embed, o.Hidden, o.Epochs, o.MaxText, o.LR = 8, 16, 30, 8, .01
	var all []ArticleProgress
	if err := Article(context.Background(), articleTexts(80), o, func(p ArticleProgress) { all = append(all, p) }); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestArticleSwapped runs the listing with its labels as printed: the two networks agree instead of playing against each
// other, both losses fall together, and the health checks say so.
func TestArticleSwapped(t *testing.T) {
	last := runArticle(t, ArticleOptions{Swapped: true})[29]
	if !slices.Contains(last.Ill, HealthBound) || !slices.Contains(last.Ill, HealthSwapped) {
		t.Errorf("with swapped labels Health finds %q in %+v", last.Ill, last.Held)
	}
	if last.Held.LossG > .4 || last.Held.LossD > .4 {
		t.Errorf("with swapped labels the losses do not fall together: %+v", last.Held)
	}
}

// TestArticle runs it with correct labels: no loss falls below the bound, and the line is the article's.
func TestArticle(t *testing.T) {
	all := runArticle(t, ArticleOptions{})
	for _, p := range all {
		if p.Held.LossD < BoundD(p.Held.LossG)-1e-6 {
			t.Errorf("epoch %d: L_D = %.4f is below its bound %.4f", p.Epoch, p.Held.LossD, BoundD(p.Held.LossG))
		}
		if slices.Contains(p.Ill, HealthBound) || slices.Contains(p.Ill, HealthSwapped) {
			t.Errorf("epoch %d: Health finds %q in %+v", p.Epoch, p.Ill, p.Held)
		}
	}
	if line := all[29].String(); !regexp.MustCompile(`^Epoch \[30/30\], Loss_G: \d+\.\d{4}, Loss_D: \d+\.\d{4}$`).MatchString(line) {
		t.Errorf("the line is %q", line)
	}
	for _, text := range all[29].Samples {
		for _, id := range text {
			if id < 10 || id > 23 {
				t.Errorf("%v has a token that no text has", text)
			}
		}
	}
	if again := runArticle(t, ArticleOptions{})[29]; again.String() != all[29].String() || again.Held != all[29].Held {
		t.Errorf("the same seed gives %v, then %v", all[29], again)
	}
}

func TestArticleRefuses(t *testing.T) {
	if err := Article(context.Background(), articleTexts(20), ArticleOptions{}, nil); err == nil {
		t.Error("16 texts do for a batch of 32")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Article(ctx, articleTexts(80), ArticleOptions{Embed: 4, Hidden: 4, MaxText: 8}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
