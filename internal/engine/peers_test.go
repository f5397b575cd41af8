package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"because"
)

var updatePeers = flag.Bool("update-peers", false, "write the golden table of the invented set")

// TestPeers compares the systems on an invented set: the table is golden, ours says nothing that is not given, the cache
// gives the same again, and what cannot be measured says why.
func TestPeers(t *testing.T) {
	o := PeersOptions{Dir: "testdata/peers", Cache: t.TempDir(), Seed: 1, Lang: because.English}
	r, err := EvaluatePeers(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden := "testdata/peers/golden.json"
	if *updatePeers {
		if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.TrimSpace(want), got) {
		t.Errorf("the table differs from %s; if that was meant: go test -run TestPeers -update-peers", golden)
	}
	set := r.Sets[0]
	for _, x := range set.Systems {
		switch x.System {
		case peerTemplate, peerTrained, peerFiltered, "item", "user":
			if x.Support.Mean < .99 || x.Names > 0 || x.Numbers > 0 {
				t.Errorf("%s: %.3f of its claims are supported, %v names and %v numbers in 100 texts are not", x.System, x.Support.Mean, x.Names, x.Numbers)
			}
		case peerXRec: // by hand: "great service" stands in no profile
			if x.Support.Mean > .5 {
				t.Errorf("the peer's texts, which invent, are said to be supported: %.3f", x.Support.Mean)
			}
		}
	}
	for _, f := range set.Folds {
		if f.Train == 0 || f.Test == 0 {
			t.Errorf("an empty fold: %+v", set.Folds)
		}
	}
	if len(set.Skipped) != 2 {
		t.Errorf("skipped %q, want the embedded generator and the endpoint", set.Skipped)
	}
	kept, err := filepath.Glob(filepath.Join(o.Cache, "*.json"))
	if err != nil || len(kept) != 3 {
		t.Fatalf("%d files in the cache, want 3 (%v)", len(kept), err)
	}
	again, err := EvaluatePeers(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := json.MarshalIndent(again, "", "  "); !bytes.Equal(b, got) {
		t.Error("with the cache the table is another")
	}
	o.Dir = t.TempDir()
	if _, err := EvaluatePeers(t.Context(), o, nil); !errors.Is(err, because.ErrNotFound) {
		t.Errorf("without a set: %v", err)
	}
}

// TestPeersReleased measures the peers' released texts and holds them to their published figures.
func TestPeersReleased(t *testing.T) {
	dir := os.Getenv("BECAUSE_TESTDATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	if _, err := os.Stat(filepath.Join(dir, "google-local")); err != nil {
		t.Skipf("no test data: %v", err)
	}
	r, err := EvaluatePeers(t.Context(), PeersOptions{Dir: dir, Systems: []string{peerXRec, peerTemplate}, Seed: 1, Lang: because.English}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Sets) != 2 {
		t.Fatalf("%d sets", len(r.Sets))
	}
	for i, want := range []float64{36.85, 35.76} { // ROUGE-1 F
		xrec, ours := r.Sets[i].Systems[0], r.Sets[i].Systems[1]
		if x := xrec.R1.Mean; x < want-.005 || x > want+.005 {
			t.Errorf("%s: ROUGE-1 F of the released texts is %.4f, want %.2f", r.Sets[i].Name, x, want)
		}
		if ours.Support.Low < .95 || ours.USR < .95 {
			t.Errorf("%s: patterns without references: %+v", r.Sets[i].Name, ours)
		}
	}
}
