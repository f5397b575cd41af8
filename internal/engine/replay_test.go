package engine_test

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"because"
	"because/internal/engine"
	"because/internal/generate/fakellm"
	"because/internal/pack"
)

// shown lets every source write lists for some readers and single texts in every style, and returns the impressions'
// IDs by the source that was asked.
func shown(t *testing.T, e *engine.Engine, sources ...string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	add := func(source string, x *because.Explanation) {
		if x != nil && x.ImpressionID != "" {
			out[source] = append(out[source], x.ImpressionID)
		}
	}
	for i, id := range warmUsers(t, e, 3) {
		for _, source := range sources {
			for _, lang := range because.Langs {
				recs, err := e.Recommend(t.Context(), engine.ListRequest{User: id, N: 8, Lang: lang, Explain: true, Log: true, Source: source, Timeout: time.Hour, Impersonal: i == 2})
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range recs.Items {
					add(source, r.Explanation)
				}
				for k, domain := range []string{"finance", "health", "shop", "news", "travel"} {
					items, err := e.Items(t.Context(), domain, 3)
					if err != nil {
						t.Fatal(err)
					}
					x, err := e.Explain(t.Context(), engine.ExplainRequest{
						User: id, Item: items[i%len(items)].ID, Lang: lang, Style: because.Styles[(k+i)%len(because.Styles)], Source: source, Log: true, Timeout: time.Hour, Counterfactuals: true,
					})
					if err != nil {
						t.Fatal(err)
					}
					add(source, &x)
				}
			}
		}
	}
	return out
}

// TestReplay: what every source wrote is written and judged again, bit for bit, by another process on the same folder.
func TestReplay(t *testing.T) {
	fake := fakellm.New(t, fakellm.OK)
	var o engine.Options
	e, _ := open(t, func(p *engine.Options) {
		p.LLM = engine.LLM{BaseURL: fake.URL, Model: "fake", Timeout: time.Minute}
		o = *p
	})
	ids := map[string][]string{}
	db, err := sql.Open("sqlite", filepath.Join(o.Dir, "because.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	before := 0
	for _, source := range []string{"template", "embedded", "llm"} {
		ids[source] = shown(t, e, source)[source]
		var bytes, body int
		if err := db.QueryRow("SELECT (SELECT sum(length(body)) FROM snapshots), (SELECT sum(length(body)) FROM impressions)").Scan(&bytes, &body); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes of snapshot an impression; an impression itself has %d on average", source, (bytes-before)/len(ids[source]), body/len(slices.Concat(ids["template"], ids["embedded"], ids["llm"])))
		before = bytes
	}
	n, err := e.AddInteractions(t.Context(), []because.Interaction{{User: warmUsers(t, e, 1)[0], Item: someItem(t, e), Kind: because.Purchase}})
	if err != nil || n != 1 { // what the reader did since changes nothing
		t.Fatal(n, err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	asked := fake.Calls()
	o.ReadOnly = true
	if e, err = engine.Open(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	wrote := map[because.Source]int{}
	regenerated := 0
	for source, list := range ids {
		for _, id := range list {
			r, err := e.Replay(t.Context(), id, because.English)
			if err != nil {
				t.Fatal(err)
			}
			wrote[r.Source]++
			if r.Status != engine.ReplaySame || r.Replayed != r.Stored || r.Stored == "" || len(r.Changes) > 0 {
				t.Fatalf("%s: %+v", source, r)
			}
			for _, s := range r.Steps {
				if s.Name == "model" && strings.Contains(s.Text, "bit for bit") {
					regenerated++
				}
			}
		}
	}
	t.Logf("%d impressions; written by %v; drafts of the embedded model written again for %d", len(slices.Concat(ids["template"], ids["embedded"], ids["llm"])), wrote, regenerated)
	for _, s := range []because.Source{because.FromTemplate, because.FromApproved, because.FromEmbedded, because.FromLLM} {
		if wrote[s] == 0 {
			t.Errorf("nothing by %s was replayed", s)
		}
	}
	if regenerated == 0 {
		t.Error("the embedded model wrote nothing again")
	}
	if fake.Calls() != asked {
		t.Error("the endpoint was asked again")
	}
}

// TestReplayOfNothing: what cannot be replayed says why.
func TestReplayOfNothing(t *testing.T) {
	dir := ""
	e, _ := open(t, func(o *engine.Options) { dir, o.KeepSnapshots = o.Dir, 30*24*time.Hour })
	ids := shown(t, e, "template")["template"]
	im, err := e.Impression(t.Context(), ids[0])
	if err != nil {
		t.Fatal(err)
	}
	refused := func(id, want string) {
		t.Helper()
		_, err := e.Replay(t.Context(), id, because.English)
		said, _ := because.Message(err, because.English)
		if !errors.Is(err, because.ErrNotFound) || !strings.Contains(said, want) {
			t.Errorf("replay of %s: %v", id, err)
		}
	}
	refused("imp_never", "There is no impression")
	change := func(query string, args ...any) {
		t.Helper()
		db, err := sql.Open("sqlite", filepath.Join(dir, "because.db")+"?_pragma=busy_timeout(5000)")
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	damaged := func(want string) {
		t.Helper()
		r, err := e.Replay(t.Context(), ids[0], because.English)
		if err != nil || r.Status != engine.ReplayDamaged || !strings.Contains(r.Steps[len(r.Steps)-1].Text, want) {
			t.Errorf("damaged: %+v, %v", r, err)
		}
	}
	// The text that is stored is not the one that was written.
	change("UPDATE impressions SET body = replace(body, ?, ?) WHERE id = ?", `"text":"`+im.Explanation.Text, `"text":"!`+im.Explanation.Text, ids[0])
	if r, err := e.Replay(t.Context(), ids[0], because.English); err != nil || r.Status != engine.ReplayDiffers || r.Replayed != im.Explanation.Text {
		t.Errorf("a text that was changed: %+v, %v", r, err)
	}
	change("UPDATE impressions SET body = replace(body, ?, ?) WHERE id = ?", `"origin":"`, `"origin":"x`, ids[0])
	damaged("is not what the text was judged by")
	change("UPDATE snapshots SET body = substr(body, 1, length(body) - 9) WHERE request = ?", im.RequestID)
	damaged("checksum")
	change("DELETE FROM snapshots WHERE request = ?", im.RequestID)
	refused(ids[0], "No snapshot is kept")
	if _, err := e.EraseUser(t.Context(), im.User); err != nil {
		t.Fatal(err)
	}
	refused(ids[0], "was erased on 2026-03-05")

	// When their time is over they go, and the impressions stay.
	other := ids[len(ids)-1]
	e.Close()
	if e, err = engine.Open(t.Context(), engine.Options{Dir: dir, Now: at(today.AddDate(0, 2, 0)), KeepSnapshots: 30 * 24 * time.Hour}); err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	refused(other, "its time of keeping is over")
	if _, err := e.Impression(t.Context(), other); err != nil {
		t.Error(err)
	}
}

// TestReplayOfOtherVersions: where a pack was changed since, the replay says which, judges the draft anew, and tells
// whether the text is still the same.
func TestReplayOfOtherVersions(t *testing.T) {
	e, _ := open(t)
	ids := shown(t, e, "template")["template"]
	files := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS("../pack"), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".yaml" {
			return err
		}
		b, err := os.ReadFile(filepath.Join("../pack", path))
		if filepath.Base(path) == "patterns.en.yaml" {
			b = []byte(strings.ReplaceAll(string(b), "You ", "And you "))
		}
		files[path] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	changed, err := pack.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	e.SetPacks(changed)
	differs := 0
	for _, id := range ids {
		r, err := e.Replay(t.Context(), id, because.English)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Changes) != 1 || r.Changes[0].What != "pack" || !strings.Contains(r.Changes[0].Text, "The pack was changed") {
			t.Errorf("changes %+v", r.Changes)
		}
		if r.Status == engine.ReplayDiffers {
			differs++
			if !slices.ContainsFunc(r.Steps, func(s engine.ReplayStep) bool { return !s.OK }) {
				t.Errorf("it differs, and no step says where: %+v", r)
			}
		} else if r.Replayed != r.Stored {
			t.Errorf("%q is not %q and is said to be the same", r.Replayed, r.Stored)
		}
	}
	if differs == 0 {
		t.Errorf("none of %d texts differs", len(ids))
	}
	t.Logf("%d of %d texts differ", differs, len(ids))
}
