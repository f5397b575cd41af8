package engine_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"because"
	"because/internal/engine"
	"because/internal/generate/fakellm"
)

// consentOf is the consent that an interaction needs.
func consentOf(x because.Interaction) string {
	if x.Kind == because.Search {
		return "search"
	}
	return "history"
}

// TestWithheldFactsChangeNothing: over random settings of consents and personalisation, what a reader withholds might as
// well not exist. Their list, scores, contributions, evidence, arms, texts and what a language model is asked are, byte
// for byte, those of a data folder from which the withheld rows and fields were removed.
func TestWithheldFactsChangeNothing(t *testing.T) {
	dir := ""
	e := films(t, func(o *engine.Options) { dir = o.Dir })
	rng := rand.New(rand.NewPCG(7, 7))
	const readers = 24
	gone := map[string]bool{} // interactions that are withheld
	var settings []string
	for u := range readers {
		id := userID(u)
		given := map[string]bool{}
		for _, name := range []string{"history", "search", "interests", "place"} {
			given[name] = rng.IntN(2) == 0
			if err := e.SetConsent(t.Context(), id, name, given[name]); err != nil {
				t.Fatal(err)
			}
		}
		personal := rng.IntN(4) > 0
		if err := e.SetPersonal(t.Context(), id, personal); err != nil {
			t.Fatal(err)
		}
		settings = append(settings, fmt.Sprint(given, " personal ", personal))
		view, err := e.ViewUser(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range view.Interactions {
			gone[x.ID] = !personal || !given[consentOf(x)]
		}
	}
	e.Close()
	if n := len(slices.DeleteFunc(slices.Collect(maps.Values(gone)), func(w bool) bool { return !w })); n < 50 || n == len(gone) {
		t.Fatalf("%d of %d rows are withheld: the test cannot fail", n, len(gone))
	}
	without := t.TempDir()
	if err := os.CopyFS(without, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	remove(t, without, readers, settings, gone)
	var answers [2][]string
	var prompts [2][]string
	for k, d := range []string{dir, without} {
		fake := fakellm.New(t, fakellm.OK)
		e, err := engine.Open(t.Context(), engine.Options{Dir: d, Now: at(today), LLM: engine.LLM{BaseURL: fake.URL, Model: "fake", Timeout: time.Minute}})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		for u := range readers {
			for _, lang := range because.Langs {
				c := because.Context{At: today, Device: "phone", Place: "home"}
				recs, err := e.Recommend(t.Context(), engine.ListRequest{User: userID(u), N: 4, Lang: lang, Context: c, Explain: true, Source: "template"})
				if err != nil {
					t.Fatal(err)
				}
				x, err := e.Explain(t.Context(), engine.ExplainRequest{User: userID(u), Item: recs.Items[0].Item, Lang: lang, Context: c, Source: "llm", Counterfactuals: true})
				if err != nil {
					t.Fatal(err)
				}
				for _, y := range append(explanations(recs), &x) {
					y.TookMS = 0
				}
				b, err := json.Marshal([]any{recs, x})
				if err != nil {
					t.Fatal(err)
				}
				answers[k] = append(answers[k], string(b))
			}
		}
		prompts[k] = fake.Bodies()
	}
	for i := range answers[0] {
		if answers[0][i] != answers[1][i] {
			t.Errorf("%s (%s): what is withheld changes the answer:\n%.700s\n%.700s", userID(i/2), settings[i/2], difference(answers[0][i], answers[1][i]), difference(answers[1][i], answers[0][i]))
		}
	}
	if !slices.Equal(prompts[0], prompts[1]) || len(prompts[0]) == 0 {
		t.Errorf("what is withheld changes what the language model is asked (%d and %d prompts)", len(prompts[0]), len(prompts[1]))
	}
}

func userID(u int) string { return fmt.Sprintf("u%02d", u) }

func explanations(recs because.Recommendations) (out []*because.Explanation) {
	for _, r := range recs.Items {
		out = append(out, r.Explanation)
	}
	return out
}

// difference is a from shortly before the first byte in which b is another.
func difference(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return a[max(0, i-150):]
}

// remove takes withheld rows, fields, devices and places out of a data folder, behind everybody's back.
func remove(t *testing.T, dir string, readers int, settings []string, gone map[string]bool) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "because.db"))
	if err != nil {
		t.Fatal(err)
	}
	for id, withheld := range gone {
		if !withheld {
			continue
		}
		if _, err := db.Exec("DELETE FROM interactions WHERE id = ?", id); err != nil {
			t.Fatal(err)
		}
	}
	db.Close()
	e, err := engine.Open(t.Context(), engine.Options{Dir: dir, Now: at(today)})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for u := range readers {
		user, err := e.User(t.Context(), userID(u))
		if err != nil {
			t.Fatal(err)
		}
		if user.Impersonal || strings.Contains(settings[u], "interests:false") {
			user.Profile = nil
		}
		if _, err := e.PutUsers(t.Context(), []because.User{user}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPlaceIsConsented: where a reader withholds place and device, neither those of the request nor those of their history
// count.
func TestPlaceIsConsented(t *testing.T) {
	e := films(t)
	ask := func(id string, c because.Context) string {
		c.At = today
		recs, err := e.Recommend(t.Context(), engine.ListRequest{User: id, N: 6, Lang: because.English, Context: c, Explain: true})
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, r := range recs.Items {
			said = append(said, fmt.Sprint(r.Item, r.Score, r.Explanation.Text))
		}
		return strings.Join(said, "\n")
	}
	moved := 0
	for u := range 10 {
		phone, tv := because.Context{Device: "phone", Place: "home"}, because.Context{Device: "tv", Place: "out"}
		if ask(userID(u), phone) != ask(userID(u), tv) {
			moved++
		}
		if err := e.SetConsent(t.Context(), userID(u), "place", false); err != nil {
			t.Fatal(err)
		}
		if a, b := ask(userID(u), phone), ask(userID(u), tv); a != b {
			t.Errorf("%s withheld place and device, and they change the list:\n%s\n%s", userID(u), a, b)
		}
	}
	if moved == 0 {
		t.Error("device and place never change anything: the test cannot fail")
	}
}

// TestGroupsAndHistoriesAreLargeEnough: over worlds of several sizes and histories of every length, session rows among
// them, no group is smaller than twenty people, and nothing is said of the past of who did fewer than three things; a
// stated need is no history.
func TestGroupsAndHistoriesAreLargeEnough(t *testing.T) {
	past := append(slices.Clone(historyKinds), because.Searched, because.Rated, because.InContext, because.Versus)
	grouped, told := 0, map[int]int{}
	for _, people := range []int{15, 60, 240} {
		e := filmsOf(t, people)
		rng := rand.New(rand.NewPCG(9, uint64(people)))
		for trial := range 40 {
			k, lang := trial%7, because.Langs[trial%2]
			var session []because.Interaction
			for i := range k {
				x := because.Interaction{Item: filmID(6*(trial%8) + rng.IntN(6)), Kind: []because.InteractionKind{because.View, because.Purchase, because.Cart}[rng.IntN(3)], Context: because.Context{At: today.Add(-time.Duration(k-i) * time.Hour)}}
				if rng.IntN(4) == 0 {
					x = because.Interaction{Kind: because.Search, Query: "drama", Context: x.Context}
				}
				session = append(session, x)
			}
			need := ""
			if rng.IntN(2) == 0 {
				need = "a drama"
			}
			recs, err := e.Recommend(t.Context(), engine.ListRequest{Session: session, N: 8, Lang: lang, Need: need, Explain: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range recs.Items {
				for _, ev := range slices.Concat(r.Explanation.Evidence, r.Explanation.Unused) {
					for _, name := range []string{"people", "count"} {
						if s, ok := ev.Slots[name]; ok && (ev.Kind == because.Neighbours || ev.Kind == because.Popular) {
							if grouped++; s.Number < 20 {
								t.Errorf("%d people in the world: a group of %g: %q", people, s.Number, ev.Text)
							}
						}
					}
					if slices.Contains(past, ev.Kind) || strings.HasPrefix(ev.Origin, "interaction:") {
						if told[k]++; k < 3 {
							t.Errorf("after %d things: %q", k, ev.Text)
						}
					}
				}
				for _, c := range r.Explanation.Claims {
					group := func(id string) bool { // "nothing of yours was used" speaks of the past, and claims none
						return slices.ContainsFunc(r.Explanation.Evidence, func(ev because.Evidence) bool { return ev.ID == id && ev.Kind == because.Popular })
					}
					if c.Kind == because.HistoryClaim && k < 3 && !slices.ContainsFunc(c.Evidence, group) {
						t.Errorf("after %d things %q claims %q", k, r.Explanation.Text, c.Text)
					}
				}
			}
		}
	}
	if grouped == 0 || told[3] == 0 {
		t.Errorf("%d group facts, facts on the past by length %v: the test cannot fail", grouped, told)
	}
	t.Logf("%d group facts; facts on the past by length of the history: %v", grouped, told)
}
