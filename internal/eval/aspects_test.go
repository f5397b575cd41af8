package eval

import (
	"math"
	"testing"
)

// TestScoreAspects by hand: three texts. Of taste: spoken of in all three, found in two, once with the right polarity. Of
// price: spoken of in one, found in another.
func TestScoreAspects(t *testing.T) {
	gold := []Labels{{"taste": 1}, {"taste": 0, "price": -1}, {"taste": -1}}
	found := []Labels{{"taste": 1, "price": 1}, {"taste": 1}, {}}
	s := ScoreAspects(gold, found, 1)
	for _, tt := range []struct {
		name      string
		got, want float64
	}{
		{"taste precision", s["taste"].Precision.Mean, 1},
		{"taste recall", s["taste"].Recall.Mean, 2. / 3},
		{"taste F1", s["taste"].F1.Mean, .8},             // 2·2/(2+3)
		{"taste polarity", s["taste"].Polarity.Mean, .5}, // of two
		{"taste praised", s["taste"].Praised.Mean, .5},
		{"price precision", s["price"].Precision.Mean, 0},
		{"price recall", s["price"].Recall.Mean, 0},
		{"all precision", s[""].Precision.Mean, 2. / 3},
		{"all recall", s[""].Recall.Mean, .5},
		{"all F1", s[""].F1.Mean, 4. / 7}, // 2·2/(3+4)
		{"all exact", s[""].Exact.Mean, 2. / 7},
		{"all praised", s[""].Praised.Mean, 1. / 3},
	} {
		if math.Abs(tt.got-tt.want) > 1e-9 {
			t.Errorf("%s = %.4f, want %.4f", tt.name, tt.got, tt.want)
		}
	}
	if x := s["taste"].F1; x.Low > x.Mean || x.High < x.Mean {
		t.Errorf("interval %+v", x)
	}
	if x := ScoreAspects(nil, nil, 1)[""]; x.F1.Mean != 0 {
		t.Errorf("of nothing: %+v", x)
	}
}

// TestLinear: what every text with it has and no other, it learns.
func TestLinear(t *testing.T) {
	m := NewLinear([]string{"鱼很鲜美", "汤很鲜美", "肉很鲜美"}, []string{"排队太久", "停车太难", "上菜太慢"}, 1)
	if m.Has("虾很鲜美") <= 0 || m.Has("路太远") >= 0 {
		t.Error(m.Has("虾很鲜美"), m.Has("路太远"))
	}
}
