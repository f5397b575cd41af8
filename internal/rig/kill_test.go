package rig_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"because"
	"because/internal/engine"
)

// readyLimit is how long a start may take after a crash.
const readyLimit = 2 * time.Second

// A journal is what the clients of a server know: what they posted, and what was acknowledged.
type journal struct {
	mu          sync.Mutex
	rows        map[string]map[string]any // posted interactions by ID
	acked       map[string]bool           // of those, the acknowledged
	impressions map[string]bool           // acknowledged
	feedback    map[string]map[string]any // posted, by ID
	ackedBack   map[string]bool
	next        int
}

func newJournal() *journal {
	return &journal{rows: map[string]map[string]any{}, acked: map[string]bool{}, impressions: map[string]bool{},
		feedback: map[string]map[string]any{}, ackedBack: map[string]bool{}}
}

func (j *journal) id(prefix string) string {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.next++
	return fmt.Sprintf("%s_%06d", prefix, j.next)
}

// post posts a body and returns the status (0 when no answer came) and the answer.
func post(url string, body any) (int, []byte) {
	b, err := json.Marshal(body)
	if err != nil {
		panic(err) // made of maps of strings
	}
	res, err := client.Post(url, "application/json", bytes.NewReader(b))
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil // the status came but the answer did not: not acknowledged
	}
	return res.StatusCode, out
}

// load posts interactions, asks for explanations that are logged, and answers them, until the server is gone.
func (j *journal) load(t *testing.T, url string, r *rand.Rand, users, items []string) {
	for {
		n := 1 + r.IntN(20)
		var ids []string
		var rows []any
		for range n {
			id := j.id("kill")
			row := map[string]any{"id": id, "user": users[r.IntN(len(users))], "item": items[r.IntN(len(items))], "kind": "view"}
			j.mu.Lock()
			j.rows[id] = row
			j.mu.Unlock()
			ids, rows = append(ids, id), append(rows, row)
		}
		status, out := post(url+"/api/v1/interactions/batch", map[string]any{"interactions": rows})
		switch status {
		case http.StatusOK:
			j.mu.Lock()
			for _, id := range ids {
				j.acked[id] = true
			}
			j.mu.Unlock()
		case 0:
			return
		default:
			t.Errorf("post interactions: %d %s", status, out)
			return
		}
		status, out = post(url+"/api/v1/explain", map[string]any{"user": users[r.IntN(len(users))], "item": items[r.IntN(len(items))]})
		var x because.Explanation
		switch {
		case status == 0:
			return
		case status != http.StatusOK || json.Unmarshal(out, &x) != nil || x.ImpressionID == "":
			t.Errorf("explain: %d %s", status, out)
			return
		}
		fb := j.id("fb")
		row := map[string]any{"id": fb, "impression": x.ImpressionID, "kind": []string{"clicked", "helpful", "not_helpful"}[r.IntN(3)]}
		j.mu.Lock()
		j.impressions[x.ImpressionID] = true
		j.feedback[fb] = row
		j.mu.Unlock()
		status, out = post(url+"/api/v1/feedback", row)
		switch status {
		case http.StatusOK:
			j.mu.Lock()
			j.ackedBack[fb] = true
			j.mu.Unlock()
		case 0:
			return
		default:
			t.Errorf("post feedback: %d %s", status, out)
			return
		}
	}
}

// again posts everything that was posted before, as a client does that does not know what arrived. What had been
// acknowledged must change nothing.
func (j *journal) again(t *testing.T, url string) {
	t.Helper()
	var known, unknown []any
	for id, row := range j.rows {
		if j.acked[id] {
			known = append(known, row)
		} else {
			unknown = append(unknown, row)
			j.acked[id] = true
		}
	}
	send := func(rows []any, mayChange bool) {
		for len(rows) > 0 {
			n := min(5000, len(rows))
			status, out := post(url+"/api/v1/interactions/batch", map[string]any{"interactions": rows[:n]})
			var changed struct{ Changed int }
			if err := json.Unmarshal(out, &changed); status != http.StatusOK || err != nil {
				t.Fatalf("post again: %d %s", status, out)
			}
			if !mayChange && changed.Changed != 0 {
				t.Errorf("%d acknowledged interactions were stored a second time", changed.Changed)
			}
			rows = rows[n:]
		}
	}
	send(known, false)
	send(unknown, true)
	for id, row := range j.feedback {
		if !j.impressions[row["impression"].(string)] {
			continue
		}
		status, out := post(url+"/api/v1/feedback", row)
		var got engine.FeedbackResult
		if err := json.Unmarshal(out, &got); status != http.StatusOK || err != nil {
			t.Fatalf("post feedback again: %d %s", status, out)
		}
		if j.ackedBack[id] && !got.Known {
			t.Errorf("acknowledged feedback %s was stored a second time", id)
		}
		j.ackedBack[id] = true
	}
}

// exported counts the rows of a kind by ID, as the command line sees them.
func exported(t *testing.T, dir, kind string) map[string]int {
	t.Helper()
	ids := map[string]int{}
	lines := bufio.NewScanner(strings.NewReader(must(t, dir, "export", kind).out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row struct{ ID string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatalf("export %s: %v: %.200s", kind, err, lines.Bytes())
		}
		ids[row.ID]++
	}
	return ids
}

// holds compares the store with the journal: nothing acknowledged is lost, nothing is there twice.
func (j *journal) holds(t *testing.T, dir string) {
	t.Helper()
	for kind, want := range map[string]map[string]bool{"interactions": j.acked, "impressions": j.impressions, "feedback": j.ackedBack} {
		got := exported(t, dir, kind)
		lost, twice := 0, 0
		for id := range want {
			if got[id] == 0 {
				lost++
			}
		}
		for _, n := range got {
			if n > 1 {
				twice++
			}
		}
		if lost > 0 || twice > 0 {
			t.Fatalf("%s: %d of %d acknowledged lost, %d twice", kind, lost, len(want), twice)
		}
	}
}

// TestKillServe kills the server under load, again and again, and starts it again.
func TestKillServe(t *testing.T) {
	w, err := invented()
	if err != nil {
		t.Fatal(err)
	}
	var users, items []string
	for _, u := range w.Users {
		users = append(users, u.ID)
	}
	for _, it := range w.Items {
		items = append(items, it.ID)
	}
	dir, r, j := folder(t), dice(t), newJournal()
	var slowest time.Duration
	kills := pick(8, 80)
	for k := range kills {
		s := startServer(t, dir)
		slowest = max(slowest, s.ready)
		var clients sync.WaitGroup
		for range 3 {
			seed := r.Uint64()
			clients.Go(func() { j.load(t, s.url, rand.New(rand.NewPCG(seed, 2)), users, items) })
		}
		time.Sleep(time.Duration(r.IntN(300)) * time.Millisecond) // the moment of the crash is what is random here
		s.kill()
		clients.Wait()
		if t.Failed() {
			t.FailNow()
		}
		wholeModels(t, dir)
		if k%2 == 0 || k == kills-1 { // otherwise the next server finds what the crash left
			j.holds(t, dir)
			s = startServer(t, dir)
			slowest = max(slowest, s.ready)
			j.again(t, s.url)
			s.kill()
			j.holds(t, dir)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	if slowest > readyLimit {
		t.Errorf("the slowest start took %s, more than %s", slowest, readyLimit)
	}
	t.Logf("%d kills of serve: %d interactions, %d impressions, %d feedback acknowledged, 0 lost, 0 twice; slowest start %s",
		kills, len(j.acked), len(j.impressions), len(j.ackedBack), slowest.Round(time.Millisecond))
}

// wholeModels checks that every model folder holds what its manifest says, and that current points at one.
func wholeModels(t *testing.T, dir string) {
	t.Helper()
	models := filepath.Join(dir, "models")
	entries, err := os.ReadDir(models)
	if os.IsNotExist(err) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range entries {
		if strings.HasPrefix(d.Name(), ".") || !d.IsDir() { // what a crash interrupted is not a model
			continue
		}
		b, err := os.ReadFile(filepath.Join(models, d.Name(), "manifest.json"))
		if err != nil {
			t.Fatalf("a model without a manifest: %v", err)
		}
		var info engine.ModelInfo
		if err := json.Unmarshal(b, &info); err != nil {
			t.Fatalf("%s: %v", d.Name(), err)
		}
		for name, sum := range info.Files {
			b, err := os.ReadFile(filepath.Join(models, d.Name(), name))
			if got := sha256.Sum256(b); err != nil || hex.EncodeToString(got[:]) != sum {
				t.Fatalf("%s/%s is not what the manifest says (%v)", d.Name(), name, err)
			}
		}
	}
	if b, err := os.ReadFile(filepath.Join(models, "current")); err == nil {
		if _, err := os.Stat(filepath.Join(models, strings.TrimSpace(string(b)), "manifest.json")); err != nil {
			t.Fatalf("current points at nothing: %v", err)
		}
	}
}

// killed starts a command and kills it after a while; it reports whether the command had ended by itself.
func killed(t *testing.T, after time.Duration, dir string, args ...string) (ended bool) {
	t.Helper()
	cmd := command(t, dir, args...)
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	err := cmd.Wait()
	late.Stop()
	if cmd.ProcessState.Exited() && !cmd.ProcessState.Success() {
		t.Fatalf("because %s: %v\n%s", strings.Join(args, " "), err, &errOut)
	}
	return cmd.ProcessState.Success()
}

// TestKillTrain kills the training, and wants the model of before or the whole new one.
func TestKillTrain(t *testing.T) {
	dir, r := folder(t), dice(t)
	if err := os.RemoveAll(filepath.Join(dir, "models")); err != nil {
		t.Fatal(err)
	}
	first := must(t, dir, "train", "--json")
	var want engine.TrainReport
	if err := json.Unmarshal([]byte(first.out), &want); err != nil {
		t.Fatal(err)
	}
	var slowest time.Duration
	kills, finished := pick(6, 60), 0
	for k := range kills {
		// Another seed is another model folder; a third of the runs starts from no model at all.
		if k%3 == 0 {
			if err := os.RemoveAll(filepath.Join(dir, "models")); err != nil {
				t.Fatal(err)
			}
		}
		if killed(t, time.Duration(r.Int64N(int64(first.took))), dir, "train", "--seed", fmt.Sprint(k)) {
			finished++
		}
		wholeModels(t, dir)
		list := must(t, dir, "model", "list", "--json")
		slowest = max(slowest, list.took)
	}
	again := must(t, dir, "train", "--json")
	var got engine.TrainReport
	if err := json.Unmarshal([]byte(again.out), &got); err != nil {
		t.Fatal(err)
	}
	if got.Model != want.Model {
		t.Errorf("after the crashes the same data made %s, before %s", got.Model, want.Model)
	}
	wholeModels(t, dir)
	if left, _ := filepath.Glob(filepath.Join(dir, "models", ".*")); len(left) > 0 {
		t.Errorf("crashes left %d folders that the next training did not remove: %v", len(left), left[0])
	}
	if slowest > readyLimit {
		t.Errorf("the slowest read took %s, more than %s", slowest, readyLimit)
	}
	t.Logf("%d kills of train (%d came too late): models whole; slowest read after one %s", kills, finished, slowest.Round(time.Millisecond))
}

// TestKillImport kills imports. What an import that came to its end had stored stays; importing again completes the
// rest without doubling anything.
func TestKillImport(t *testing.T) {
	w, err := invented()
	if err != nil {
		t.Fatal(err)
	}
	src, dir, r := t.TempDir(), filepath.Join(t.TempDir(), "data"), dice(t)
	const parts, perPart = 3, 12_000 // more than the importer stores at once, so that a crash can leave a part of a file
	users, items := w.Users, w.Items
	for p := range parts {
		var b bytes.Buffer
		for i := range perPart {
			fmt.Fprintf(&b, `{"id":"row_%d_%05d","user":%q,"item":%q,"kind":"view","context":{"at":"2026-01-%02dT10:00:00+08:00"}}`+"\n",
				p, i, users[(i+p)%len(users)].ID, items[i%len(items)].ID, 1+i%28)
		}
		if err := os.WriteFile(filepath.Join(src, fmt.Sprintf("%d.jsonl", p)), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	part := func(p int) string { return filepath.Join(src, fmt.Sprintf("%d.jsonl", p)) }
	took := must(t, filepath.Join(t.TempDir(), "once"), "import", "interactions", part(0)).took
	var slowest time.Duration
	kills, late, partly := pick(6, 60), 0, 0
	for k := range kills {
		if k%parts == 0 {
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		}
		p := k % parts
		if killed(t, time.Duration(r.Int64N(int64(took))), dir, "import", "interactions", part(p)) {
			late++
		}
		if _, err := os.Stat(filepath.Join(dir, "because.db")); err == nil {
			read := run(t, dir, nil, "learn", "status")
			slowest = max(slowest, read.took)
			if read.code == 0 {
				got := exported(t, dir, "interactions")
				if n := len(got) - p*perPart; n > 0 && n < perPart {
					partly++
				}
				for q := range p { // parts that were acknowledged before
					for i := range perPart {
						if got[fmt.Sprintf("row_%d_%05d", q, i)] != 1 {
							t.Fatalf("part %d was acknowledged, row %d is there %d times", q, i, got[fmt.Sprintf("row_%d_%05d", q, i)])
						}
					}
				}
			}
		}
		must(t, dir, "import", "interactions", part(p))
		if got := exported(t, dir, "interactions"); len(got) != (p+1)*perPart {
			t.Fatalf("after importing again: %d rows, want %d", len(got), (p+1)*perPart)
		} else {
			for id, n := range got {
				if n != 1 {
					t.Fatalf("%s is there %d times", id, n)
				}
			}
		}
	}
	if slowest > readyLimit {
		t.Errorf("the slowest read took %s, more than %s", slowest, readyLimit)
	}
	t.Logf("%d kills of import (%d came too late, %d left part of a file): 0 lost, 0 twice; slowest read after one %s",
		kills, late, partly, slowest.Round(time.Millisecond))
}
