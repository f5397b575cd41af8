package engine

import "testing"

// TestBelied holds annotations against what was said, without the reading that is measured.
func TestBelied(t *testing.T) {
	for _, tt := range []struct {
		field, value, said string
		want               bool
	}{
		{"ticket", "不免费", "门票免费，能玩1小时的就行", true},
		{"ticket", "不免费", "门票不是免费的", false},
		{"ticket", "不免费", "无需要免门票的景点", false},
		{"ticket", "不免费", "不要免费的，免费的景点不好玩", false},
		{"ticket", "免费", "不免费的景点", true},
		{"ticket", "免费", "免费的景点", false},
		{"rating", "5分", "评分在4.5分以上", true},
		{"rating", "4.5分以上", "评分在4.5分以上", false},
		{"rating", "4.5分以上", "评分4.5分一下", true},
		{"price", "1000元以上", "1000元以内的豪华型酒店", true},
		{"price", "1000元以上", "至少1000元的豪华型酒店", false},
		{"spend", "100-150元", "人均100到150元", false},
		{"spend", "50元以下", "便宜一点的", false}, // nothing was said against it
		{"visit", "1小时 - 2小时", "能玩1、2个小时的", false},
	} {
		w := wanted{field: tt.field, value: tt.value}
		if got := w.belied(tt.said); got != tt.want {
			t.Errorf("%s %s, said %q: %t", tt.field, tt.value, tt.said, got)
		}
	}
}
