package recommend

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"because"
	"because/internal/dataset"
)

// movies reads MovieTweetings, 100 000 ratings of 2013; it skips with a reason where there is none.
func movies(t testing.TB) *dataset.Data {
	t.Helper()
	root := os.Getenv("BECAUSE_TESTDATA")
	if root == "" {
		root = "../../../shared/data"
	}
	dir := filepath.Join(root, "movietweetings-100k")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("MovieTweetings is not here; set BECAUSE_TESTDATA: ", err)
	}
	d := &dataset.Data{}
	each(t, filepath.Join(dir, "movies.dat"), func(f []string) {
		it := because.Item{ID: f[0], Domain: "entertainment", Name: because.Plain(f[1])}
		if len(f) > 2 && f[2] != "" {
			it.Categories = strings.Split(f[2], "|")
		}
		d.Items = append(d.Items, it)
	})
	each(t, filepath.Join(dir, "ratings.dat"), func(f []string) {
		v, _ := strconv.ParseFloat(f[2], 64)
		at, _ := strconv.ParseInt(f[3], 10, 64)
		d.Interactions = append(d.Interactions, because.Interaction{
			ID: fmt.Sprint(len(d.Interactions)), User: f[0], Item: f[1], Kind: because.Rating, Value: v,
			Context: because.Context{At: time.Unix(at, 0).UTC()},
		})
	})
	d.Sort()
	return d
}

func each(t testing.TB, path string, row func(fields []string)) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		row(strings.Split(s.Text(), "::"))
	}
}

// TestMovies measures the ranking of each reader's last film among all others, with 10 506 films.
func TestMovies(t *testing.T) {
	if testing.Short() {
		t.Skip("fits a model on 100 000 ratings")
	}
	d := movies(t)
	train, test := d.LeaveLastOut()
	start := time.Now()
	m, err := Fit(context.Background(), train, Options{Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	var mem runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&mem)
	t.Logf("fit %v, dense %d items, heap %d MB, hold-out %v, weights %.2f", took, len(m.Dense.Items), mem.HeapAlloc>>20, m.Metrics(), m.Weights)
	histories := train.Histories()
	var ndcg, recall, popNDCG, popRecall, n float64
	for k := 0; k < len(test); k += 4 {
		x := test[k]
		q := Query{History: histories[x.User], Context: x.Context}
		s := m.newState(&q)
		among := s.candidates()
		i := m.Items.index[x.Item]
		ours, popular := rank(s.scores(), among, i), rank(m.Popularity.Level, among, i)
		ndcg, recall = ndcg+gain(ours, 10), recall+hit(ours, 20)
		popNDCG, popRecall = popNDCG+gain(popular, 10), popRecall+hit(popular, 20)
		n++
	}
	t.Logf("%.0f readers: NDCG@10 %.4f recall@20 %.4f; popularity %.4f %.4f", n, ndcg/n, recall/n, popNDCG/n, popRecall/n)
	if ndcg < 1.02*popNDCG {
		t.Errorf("NDCG@10 is %.4f, popularity's %.4f", ndcg/n, popNDCG/n)
	}
}
