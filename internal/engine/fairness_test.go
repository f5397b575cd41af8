package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"because"
	"because/internal/engine"
)

// TestFairness: groups are compared by language, history and stated words, small ones are only named, and a planted
// difference in feedback is found while the other measures stay as they are.
func TestFairness(t *testing.T) {
	e, w := open(t)
	o := engine.FairnessOptions{Users: 40, PerUser: 1, Seed: 1, Lang: because.English}
	r, err := e.AuditFairness(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Source != because.FromTemplate || r.Users != 40 || r.Texts < 2*40 || r.Answers != 0 || len(r.Small) == 0 {
		t.Errorf("%d users, %d texts, %d answers, %d small groups, written by %s", r.Users, r.Texts, r.Answers, len(r.Small), r.Source)
	}
	for _, g := range r.Gaps {
		for name, m := range g.Measures {
			if m.Users < 20 || m.Others < 20 || m.Gap.Low > m.Gap.Mean || m.Gap.High < m.Gap.Mean {
				t.Errorf("%s %s %s: %+v", g.Dimension, g.Group, name, m)
			}
		}
	}
	zh := slices.IndexFunc(r.Gaps, func(g engine.GroupGap) bool { return g.Dimension == engine.ByLang && g.Group == "zh" })
	if zh < 0 || r.Gaps[zh].Measures[engine.Length].Mean.Mean < .999 || r.Gaps[zh].Measures[engine.Length].Mean.Mean > 1.001 {
		t.Fatalf("the mean length of a language is 1: %+v", r.Gaps)
	}
	for _, s := range r.Small {
		if s.Users >= 20 && s.Dimension == engine.ByLang {
			t.Errorf("not small: %+v", s)
		}
	}
	said := strings.Join(engine.FairnessFindings(r, because.English), "\n")
	if !strings.Contains(said, "Whether reasons helped is not compared: there are 0 answers") || !strings.Contains(said, "chance alone") {
		t.Errorf("%s", said)
	}

	// Readers who stated one word find nothing helpful, all others everything; the arms' propensities differ.
	field, word := commonWord(w.Users)
	for _, u := range w.Users {
		if u.Impersonal {
			continue
		}
		list, err := e.Recommend(t.Context(), engine.ListRequest{User: u.ID, N: 1, Explain: true, Log: true, Lang: because.English})
		if err != nil {
			t.Fatal(err)
		}
		kind := because.Helpful
		if slices.Contains(u.Profile[field].Words, word) {
			kind = because.NotHelpful
		}
		for _, rec := range list.Items {
			if rec.Explanation != nil {
				if _, err := e.Feedback(t.Context(), because.Feedback{Impression: rec.Explanation.ImpressionID, Kind: kind}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	o.Fields, o.Least, o.Users = []string{field}, 8, 10
	if r, err = e.AuditFairness(t.Context(), o, nil); err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(r.Gaps, func(g engine.GroupGap) bool { return g.Dimension == "field "+field && g.Group == word })
	if at < 0 || r.Answers < 80 {
		t.Fatalf("%s %s is not among the groups, %d answers: %+v", field, word, r.Answers, r.Gaps)
	}
	m := r.Gaps[at].Measures
	if h := m[engine.IsHelpful]; h.Mean.Mean != 0 || h.Gap.Mean != -1 || h.Gap.High != -1 {
		t.Errorf("helpful: %+v", h)
	}
	if !strings.Contains(strings.Join(engine.FairnessFindings(r, because.English), "\n"), fmt.Sprintf("%s, %s: found helpful is 0.000, which is -1.000 from the others", field, word)) {
		t.Errorf("%q", engine.FairnessFindings(r, because.English))
	}

	// What cannot be compared is said.
	o.Least = 1000
	if r, err = e.AuditFairness(t.Context(), o, nil); err != nil {
		t.Fatal(err)
	}
	for _, lang := range because.Langs {
		if said := engine.FairnessFindings(r, lang); len(r.Gaps) != 0 || !strings.Contains(said[0], "1000") {
			t.Errorf("%s: %q", lang, said)
		}
	}
	o.Fields = []string{"shoe"}
	_, err = e.AuditFairness(t.Context(), o, nil)
	if say, _ := because.Message(err, because.English); !errors.Is(err, because.ErrInvalid) || !strings.HasPrefix(say, `No user has a field "shoe" with words. Fields with words: `) {
		t.Errorf("%v", err)
	}
}

// commonWord is the word that most users stated, short of all.
func commonWord(users []because.User) (field, word string) {
	count := map[[2]string]int{}
	best := [2]string{}
	for _, u := range users {
		for f, v := range u.Profile {
			for _, w := range v.Words {
				count[[2]string{f, w}]++
			}
		}
	}
	for k, n := range count {
		if n <= len(users)-30 && (n > count[best] || n == count[best] && (k[0]+k[1] < best[0]+best[1])) {
			best = k
		}
	}
	return best[0], best[1]
}
