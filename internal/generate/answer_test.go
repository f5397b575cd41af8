package generate

import "testing"

// TestUnlooped: what a model says over and over is said once, and nothing else is lost.
func TestUnlooped(t *testing.T) {
	for _, tt := range []struct{ said, want string }{
		{"It costs ¥98. This is a lamp. This is a lamp. This is a la", "It costs ¥98. This is a lamp."},
		{"这盏灯 98 元。这盏灯是绿的。这盏灯是绿的。这盏灯是", "这盏灯 98 元。这盏灯是绿的。"},
		{"It is green. It is", "It is green."},
		{"It is green. It is small.", "It is green. It is small."},
		{"It is", "It is"},
		{"You asked for a lamp? This is one!", "You asked for a lamp? This is one!"},
	} {
		if got := unlooped(tt.said); got != tt.want {
			t.Errorf("%q becomes %q, want %q", tt.said, got, tt.want)
		}
	}
}
