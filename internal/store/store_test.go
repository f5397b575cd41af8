package store

import (
	"fmt"
	"testing"
	"time"

	"because"
)

var noon = time.Date(2026, 3, 5, 12, 0, 0, 123_456_000, time.FixedZone("", 8*3600))

// open opens a folder for the length of a test.
func open(t testing.TB, dir string) *DB {
	t.Helper()
	db, err := Open(t.Context(), dir, Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// item is one with something in every field.
func item(id string) because.Item {
	return because.Item{
		ID: id, Domain: "shop", Name: because.Text{because.Chinese: "轻行 " + id, because.English: "Lite " + id}, Aliases: []string{"LT"},
		Categories:  []string{"smartwatch"},
		Attributes:  map[string]because.Value{"battery": because.Num(14, "d"), "material": because.Words("steel", "resin"), "gps": because.Flag(true)},
		Price:       1299, Currency: "CNY", Description: because.Text{because.Chinese: "续航 14 天，精钢表壳，支持全天候心率监测。", because.English: "Runs 14 days in a steel case."},
		Series:    map[string][]because.Point{"price": {{At: noon, Value: 1399}, {At: noon.Add(time.Hour), Value: 1299}}},
		Published: noon, Updated: noon,
	}
}

// impression is one with something in every field.
func impression(id, user, item string) because.Impression {
	return because.Impression{
		ID: id, RequestID: "req_1", User: user, Item: item, At: noon, Context: because.Context{At: noon, Device: "phone", Place: "home"}, Position: 3,
		Allowed: []string{"short/bought", "warm/viewed"}, Arm: "short/bought", Propensity: 0.25, Features: map[string]float64{"bias": 1}, Policy: "p1",
		Explanation: &because.Explanation{
			ImpressionID: id, RequestID: "req_1", User: user, Item: item, Domain: "shop", Text: "你上周买的川屿也是精钢；这款续航 14 天。", Lang: because.Chinese,
			Style: because.Short, Source: because.FromTemplate, Verdict: because.Passed,
			Claims:   []because.Claim{{Text: "续航 14 天", End: 13, Kind: because.NumberClaim, Verdict: because.Supported, Evidence: []string{"e2"}}},
			Evidence: []because.Evidence{{ID: "e1", Kind: because.Bought, Text: "你上周买了川屿。", Share: 0.6, Origin: "interaction:x1", At: noon, Slots: map[string]because.Slot{"hist": {Kind: because.NameSlot, Text: "川屿"}}}},
		},
	}
}

func TestSmoke(t *testing.T) {
	db := open(t, t.TempDir())
	fmt.Println(db.Counts(t.Context()))
}
