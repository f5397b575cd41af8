package engine_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"because"
	"because/internal/engine"
)

// personalKinds are the kinds of evidence that speak of the reader's own past.
var historyKinds = []because.EvidenceKind{because.Bought, because.Carted, because.Viewed, because.Rated, because.Habit, because.Shared, because.Fit}

// Promise 1: what was not consented to becomes neither evidence nor text.
func TestOnlyConsentedEvidence(t *testing.T) {
	e, _ := open(t)
	rng := rand.New(rand.NewPCG(1, 2))
	for _, id := range warmUsers(t, e, 12) {
		view, err := e.ViewUser(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		given := map[string]bool{}
		for _, c := range view.Consents {
			given[c.Name] = rng.IntN(2) == 0
			if err := e.SetConsent(t.Context(), id, c.Name, given[c.Name]); err != nil {
				t.Fatal(err)
			}
		}
		recs, err := e.Recommend(t.Context(), engine.ListRequest{User: id, N: 5, Lang: because.Chinese, Explain: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range recs.Items {
			for _, ev := range slices.Concat(r.Explanation.Evidence, r.Explanation.Unused) {
				if !given["history"] && slices.Contains(historyKinds, ev.Kind) {
					t.Errorf("%s withheld history, but %s has evidence %q", id, r.Item, ev.Text)
				}
				if !given["search"] && ev.Kind == because.Searched {
					t.Errorf("%s withheld searches, but %s has evidence %q", id, r.Item, ev.Text)
				}
			}
			for _, c := range r.Contributions {
				if !given["history"] && c.Kind() == "history" || !given["search"] && c.Kind() == "search" {
					t.Errorf("%s withheld it, but %s is ranked by %s", id, r.Item, c.Name)
				}
			}
		}
	}
}

// Promise 1, the switch: two readers with opposite histories get the same list and texts when personalisation is off.
func TestImpersonalIsTheSameForEverybody(t *testing.T) {
	e, _ := open(t)
	var first []byte
	for _, id := range warmUsers(t, e, 3) {
		if err := e.SetPersonal(t.Context(), id, false); err != nil {
			t.Fatal(err)
		}
		recs, err := e.Recommend(t.Context(), engine.ListRequest{User: id, N: 6, Lang: because.English})
		if err != nil {
			t.Fatal(err)
		}
		if recs.Personalised {
			t.Errorf("%s switched personalisation off and got a personal list", id)
		}
		b, err := json.Marshal(recs.Items)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b
		} else if !bytes.Equal(first, b) {
			t.Errorf("two readers without personalisation get different lists:\n%s\n%s", first, b)
		}
	}
}

// Promise 2: contributions add up to the score, and what follows "because" is among the main ones.
func TestScoresDecompose(t *testing.T) {
	e, _ := open(t)
	for _, recs := range explained(t, e, because.English, 10, 8) {
		for _, r := range recs.Items {
			sum := 0.0
			for _, c := range r.Contributions {
				sum += c.Value
			}
			if math.Abs(sum-r.Score) > 1e-6 {
				t.Errorf("%s: contributions add up to %v, the score is %v", r.Item, sum, r.Score)
			}
			for _, c := range r.Explanation.Claims {
				if c.Kind != because.CauseClaim {
					continue
				}
				for _, ev := range r.Explanation.Evidence {
					if slices.Contains(c.Evidence, ev.ID) && ev.Share <= 0 {
						t.Errorf("%q follows a because with share %v", ev.Text, ev.Share)
					}
				}
			}
		}
	}
}

// Promise 3: every served text has only supported claims, whatever the endpoint writes.
func TestNothingUnverifiedIsShown(t *testing.T) {
	lies := []string{
		"这款续航 999 天，全网最好，因为你昨天买过三块！", "Because you bought nine of these yesterday, this one is the best in the world.",
		"加微信 abc12345 领券，点击 http://evil.example/x", "Ignore the rules. The system prompt says: hello.", "", "{}", "<script>alert(1)</script>",
	}
	n := 0
	llm := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			w.Write([]byte(`{"object":"list","data":[{"id":"liar"}]}`))
			return
		}
		lie := lies[n%len(lies)]
		n++
		content, _ := json.Marshal(map[string]any{"sentences": []any{map[string]any{"text": lie, "evidence_ids": []string{"e1"}}}})
		json.NewEncoder(w).Encode(map[string]any{"id": "x", "object": "chat.completion", "model": "liar", "choices": []any{map[string]any{
			"index": 0, "finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": string(content)},
		}}})
	}))
	defer llm.Close()
	e, _ := open(t, func(o *engine.Options) { o.LLM = engine.LLM{BaseURL: llm.URL + "/v1", Model: "liar"} })
	for _, lang := range because.Langs {
		for _, recs := range explained(t, e, lang, 4, 5) {
			for _, r := range recs.Items {
				x := r.Explanation
				if x.Text == "" {
					t.Errorf("%s: no text", r.Item)
				}
				for _, c := range x.Claims {
					if c.Verdict != because.Supported {
						t.Errorf("%q was served with a claim that is %s: %q", x.Text, c.Verdict, c.Text)
					}
				}
				for _, bad := range []string{"999", "http", "微信", "best", "最好", "script", "system prompt"} {
					if strings.Contains(x.Text, bad) {
						t.Errorf("served %q", x.Text)
					}
				}
			}
		}
	}
	if n == 0 {
		t.Fatal("the endpoint was never asked")
	}
}

// Promise 5 and 9: the same request gives the same bytes, however many workers trained.
func TestSameBytes(t *testing.T) {
	ask := func(workers int) []byte {
		e, _ := open(t, func(o *engine.Options) { o.Workers = workers })
		if _, err := e.Train(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		recs := explained(t, e, because.Chinese, 3, 5)
		for _, r := range recs {
			for i := range r.Items {
				r.Items[i].Explanation.TookMS = 0
			}
		}
		b, err := json.Marshal(recs)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if a, b := ask(1), ask(2); !bytes.Equal(a, b) {
		t.Errorf("one worker and two differ:\n%.600s\n%.600s", a, b)
	}
}

// Promise 6: what is logged is the exact propensity among the allowed arms.
func TestImpressionsKeepPropensities(t *testing.T) {
	e, _ := open(t)
	id := warmUsers(t, e, 1)[0]
	recs, err := e.Recommend(t.Context(), engine.ListRequest{User: id, N: 5, Lang: because.Chinese, Explain: true, Log: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range recs.Items {
		im, err := e.Impression(t.Context(), r.Explanation.ImpressionID)
		if err != nil {
			t.Fatal(err)
		}
		if im.Propensity <= 0 || im.Propensity > 1 || im.Propensity != r.Propensity {
			t.Errorf("%s: logged propensity %v, told %v", r.Item, im.Propensity, r.Propensity)
		}
		if !slices.Contains(im.Allowed, im.Arm) {
			t.Errorf("%s: arm %s is not among the allowed %v", r.Item, im.Arm, im.Allowed)
		}
		// A policy that has learned nothing tells all arms alike: the first propensity is one over their number.
		if want := 1 / float64(len(im.Allowed)); r.Rank == 1 && math.Abs(im.Propensity-want) > 1e-9 {
			t.Logf("%s: propensity %v over %d arms", r.Item, im.Propensity, len(im.Allowed))
		}
	}
}

// Promise 7: a model folder is whole and never changes; the pointer moves back and forth; a changed folder is neither
// promoted nor served, and training makes it anew.
func TestModelsAreFoldersThatNeverChange(t *testing.T) {
	dir := ""
	e, _ := open(t, func(o *engine.Options) { dir = o.Dir })
	before := folder(t, filepath.Join(dir, "models"))
	id := warmUsers(t, e, 1)[0]
	if _, err := e.AddInteractions(t.Context(), []because.Interaction{{User: id, Item: someItem(t, e), Kind: because.Purchase}}); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Train(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	models, err := e.Models()
	if err != nil || len(models) != 2 {
		t.Fatalf("two trainings on different rows made %d models (%v)", len(models), err)
	}
	for name, b := range folder(t, filepath.Join(dir, "models")) {
		if old, ok := before[name]; ok && !bytes.Equal(old, b) && name != "current" {
			t.Errorf("%s changed", name)
		}
	}
	other := models[slices.IndexFunc(models, func(m engine.ModelInfo) bool { return !m.Current })].ID
	if err := e.Promote(other); err != nil {
		t.Fatal(err)
	}
	if got := e.Health(t.Context()).Model; got != other {
		t.Errorf("serving %s after promoting %s", got, other)
	}
	newest := models[slices.IndexFunc(models, func(m engine.ModelInfo) bool { return m.Current })].ID
	damage := func(model string) {
		if err := os.WriteFile(filepath.Join(dir, "models", model, "ranker.bin"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	damage(newest)
	if err := e.Promote(newest); !errors.Is(err, because.ErrInvalid) {
		t.Errorf("a damaged model was promoted: %v", err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "models", "current")); err != nil || strings.TrimSpace(string(b)) != other || e.Health(t.Context()).Model != other {
		t.Errorf("after a damaged model was refused current is %q (%v), served is %s", b, err, e.Health(t.Context()).Model)
	}
	e.Close()
	damage(other)
	e, err = engine.Open(t.Context(), engine.Options{Dir: dir, Now: at(today)})
	if err != nil {
		t.Fatalf("a folder whose model is damaged cannot be opened to train again: %v", err)
	}
	defer e.Close()
	recs, err := e.Recommend(t.Context(), engine.ListRequest{User: id, N: 3, Lang: because.English})
	if !errors.Is(err, because.ErrInvalid) || len(recs.Items) > 0 || e.Health(t.Context()).Ready {
		t.Errorf("a damaged model was served: %d items, %v", len(recs.Items), err)
	}
	if _, err := e.Train(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got := e.Health(t.Context()); !got.Ready || got.Model != newest {
		t.Errorf("training again serves %s, want %s", got.Model, newest)
	}
}

func folder(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		out[path], err = os.ReadFile(filepath.Join(dir, path))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func someItem(t *testing.T, e *engine.Engine) string {
	t.Helper()
	its, err := e.Items(t.Context(), "", 1)
	if err != nil || len(its) == 0 {
		t.Fatal("no items", err)
	}
	return its[0].ID
}

// Promise 10: after an erasure no byte of the user is left anywhere in the data folder.
func TestErasingIsComplete(t *testing.T) {
	const canary = "zz-canary-7f3a9c51e2d84b06-zz"
	dir := ""
	e, _ := open(t, func(o *engine.Options) { dir = o.Dir })
	item := someItem(t, e)
	if _, err := e.PutUsers(t.Context(), []because.User{{ID: canary, Name: canary + "name", Profile: map[string]because.Value{"interests": because.Words(canary)}}}); err != nil {
		t.Fatal(err)
	}
	var xs []because.Interaction
	for i := range 6 {
		xs = append(xs, because.Interaction{User: canary, Item: item, Kind: because.View, Session: canary, Context: because.Context{At: today.AddDate(0, 0, -i-1), Place: canary}})
	}
	xs = append(xs, because.Interaction{User: canary, Kind: because.Search, Query: canary, Context: because.Context{At: today}})
	if _, err := e.AddInteractions(t.Context(), xs); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Train(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	recs, err := e.Recommend(t.Context(), engine.ListRequest{User: canary, N: 3, Lang: because.Chinese, Explain: true, Log: true, Need: canary})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Feedback(t.Context(), because.Feedback{Impression: recs.Items[0].Explanation.ImpressionID, Kind: because.Helpful}); err != nil {
		t.Fatal(err)
	}
	// Rows that were not taken, for want of an item: two of the user's, of which one is cut before the ID, and others'.
	const secret, neighbour, stranger = "zz-what-the-user-wrote-zz", "zz-neighbour-zz", "zz-stranger-zz"
	csv := "text,user,item\n" + secret + strings.Repeat(" on and on", 100) + "," + canary + ",\n" +
		"short," + canary + ",\nshort," + neighbour + ",\nshort," + stranger + ",\n"
	if _, err := e.Import(t.Context(), engine.ImportRequest{Kind: "reviews", Path: "-", Reader: strings.NewReader(csv), Format: "csv", Lang: because.English}, nil); err != nil {
		t.Fatal(err)
	}
	for _, mark := range []string{canary, secret, neighbour, stranger} {
		if !slices.ContainsFunc(holding(t, dir, mark), func(name string) bool { return strings.HasPrefix(name, "rejects/") }) {
			t.Fatalf("no rejected row holds %s: the test cannot fail", mark)
		}
	}
	erased, err := e.EraseUser(t.Context(), canary)
	if err != nil {
		t.Fatal(err)
	}
	if len(erased.Models) == 0 {
		t.Error("no model is named that saw the user")
	}
	if erased.Rows["rejects"] != 2 {
		t.Errorf("%d rejected rows were erased, want 2", erased.Rows["rejects"])
	}
	for _, mark := range []string{canary, secret} {
		if names := holding(t, dir, mark); len(names) > 0 {
			t.Errorf("after erasing %s is still in %q", mark, names)
		}
	}
	if len(holding(t, dir, neighbour)) == 0 {
		t.Error("the rejected row of somebody else went too")
	}
	if _, err := e.User(t.Context(), canary); !errors.Is(err, because.ErrNotFound) {
		t.Errorf("the user is still there: %v", err)
	}
	if _, err := e.EraseUser(t.Context(), canary); err != nil { // as one is told to, when somebody was reading
		t.Errorf("erasing again: %v", err)
	}
	// Nothing was ever stored of somebody whose only row was rejected.
	if r, err := e.EraseUser(t.Context(), stranger); err != nil || r.Rows["rejects"] != 1 || len(holding(t, dir, stranger)) > 0 {
		t.Errorf("erasing a stranger: %+v, %v, still in %q", r.Rows, err, holding(t, dir, stranger))
	}
	if _, err := e.EraseUser(t.Context(), stranger); !errors.Is(err, because.ErrNotFound) {
		t.Errorf("erasing nobody: %v", err)
	}
}

// holding are the files under dir that hold s.
func holding(t *testing.T, dir, s string) (names []string) {
	t.Helper()
	for name, b := range folder(t, dir) {
		if bytes.Contains(b, []byte(s)) {
			names = append(names, name)
		}
	}
	return names
}
