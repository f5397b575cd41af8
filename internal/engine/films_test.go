package engine_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"because"
	"because/internal/engine"
)

// films is a small invented cinema: films that are told apart by their genre alone and come in chains, and people who
// follow a chain or two. So what moves a film is mostly which others its reader turned to.
func films(t *testing.T, change ...func(*engine.Options)) *engine.Engine {
	return filmsOf(t, 90, change...)
}

func filmsOf(t *testing.T, people int, change ...func(*engine.Options)) *engine.Engine {
	t.Helper()
	o := engine.Options{Dir: t.TempDir(), Now: at(today)}
	for _, f := range change {
		f(&o)
	}
	e, err := engine.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	genres := []string{"drama", "comedy", "thriller", "animation"}
	var items []because.Item
	for i := range 48 {
		items = append(items, because.Item{ID: filmID(i), Domain: "entertainment", Name: because.Text{"": fmt.Sprintf("Halma %c%d", 'A'+i/6, i%6)}, Categories: []string{genres[i/12]}})
	}
	rng := rand.New(rand.NewPCG(5, 6))
	var users []because.User
	var xs []because.Interaction
	for u := range people {
		users = append(users, because.User{ID: userID(u), Profile: map[string]because.Value{"interests": because.Words(genres[u%4])}})
		for k := range 7 {
			chain := (u + k%2*3) % 8
			xs = append(xs, because.Interaction{
				ID: fmt.Sprintf("x%d-%d", u, k), User: users[u].ID, Item: filmID(6*chain + min(rng.IntN(6), rng.IntN(6))), Kind: []because.InteractionKind{because.Purchase, because.View, because.Rating}[rng.IntN(3)],
				Value: 5, Weight: .9, Context: because.Context{At: today.Add(-time.Duration(20+rng.IntN(2000)) * time.Hour), Device: []string{"phone", "tv"}[u%2], Place: []string{"home", "out"}[u%2]},
			})
		}
		xs = append(xs, because.Interaction{
			ID: fmt.Sprintf("s%d", u), User: users[u].ID, Kind: because.Search, Query: genres[(u+1)%4], Context: because.Context{At: today.Add(-time.Duration(1+u) * time.Hour)},
		})
	}
	if _, err := e.PutItems(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	if _, err := e.PutUsers(t.Context(), users); err != nil {
		t.Fatal(err)
	}
	if _, err := e.AddInteractions(t.Context(), xs); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Train(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return e
}

func filmID(i int) string { return fmt.Sprintf("f%02d", i) }
