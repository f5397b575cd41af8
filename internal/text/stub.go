package text

import (
	"strings"
	"time"
)

func Fold(s string) string                 { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }
func Words(s string) []string              { return strings.Fields(Fold(s)) }
func Terms(s string) []string              { return Words(s) }
func IsStop(w string) bool                 { return false }
func Numbers(s string) []Number            { return nil }
func Times(s string, now time.Time) []Time { return nil }
func Sentences(s string) [][2]int          { return [][2]int{{0, len(s)}} }
func Clauses(s string) [][2]int            { return [][2]int{{0, len(s)}} }
func Clean(s string) (string, Removed)     { return strings.ToValidUTF8(s, ""), Removed{} }
