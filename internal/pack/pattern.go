package pack

import (
	"fmt"
	"slices"
	"strings"

	"because"
)

// A Part is a piece of a pattern: literal text, a hole, or an optional group.
type Part struct {
	Text     string
	Hole     string
	Optional []Part
}

// ParsePattern reads "你{when}买的{hist}[，{but}]": {hole} is filled, [ … ] is kept only when all its holes can be filled.
func ParsePattern(s string) ([]Part, error) {
	parts, rest, err := parse(s, false)
	if err == nil && rest != "" {
		err = fmt.Errorf("unexpected ]")
	}
	if err != nil {
		return nil, fmt.Errorf("pattern %q: %w", s, err)
	}
	return parts, nil
}

func parse(s string, inside bool) (parts []Part, rest string, err error) {
	for s != "" {
		i := strings.IndexAny(s, "{}[]")
		if i < 0 {
			i = len(s)
		}
		if i > 0 {
			parts = append(parts, Part{Text: s[:i]})
			s = s[i:]
			continue
		}
		switch s[0] {
		case '{':
			end := strings.IndexByte(s, '}')
			if end < 2 || strings.ContainsAny(s[1:end], "{[]") {
				return nil, "", fmt.Errorf("a hole is not closed")
			}
			parts = append(parts, Part{Hole: s[1:end]})
			s = s[end+1:]
		case '[':
			group, after, err := parse(s[1:], true)
			if err != nil {
				return nil, "", err
			}
			parts = append(parts, Part{Optional: group})
			s = after
		case ']':
			if !inside {
				return parts, s, nil
			}
			return parts, s[1:], nil
		default:
			return nil, "", fmt.Errorf("unexpected }")
		}
	}
	if inside {
		return nil, "", fmt.Errorf("a group is not closed")
	}
	return parts, "", nil
}

// Holes are the holes of a pattern in the order of their occurrence, those of optional groups included.
func Holes(parts []Part) []string {
	var out []string
	for _, p := range parts {
		if p.Hole != "" {
			out = append(out, p.Hole)
		}
		out = append(out, Holes(p.Optional)...)
	}
	return out
}

// factKinds and extraKinds sort the kinds of evidence by the hole of a pattern that they may fill.
var (
	factKinds  = []because.EvidenceKind{because.Attribute, because.Fit, because.PriceKind, because.NewItem}
	extraKinds = []because.EvidenceKind{because.ReviewKind, because.Popular, because.Neighbours, because.Trend, because.Profile, because.Caller}
)

// slots are the slots that the finders of each kind of evidence may give.
var slots = map[because.EvidenceKind][]string{
	because.Bought:     {"hist", "when", "hist2", "count", "without"},
	because.Carted:     {"hist", "when", "hist2", "count", "without"},
	because.Viewed:     {"hist", "when", "hist2", "count", "without"},
	because.Rated:      {"hist", "rating", "when", "without"},
	because.Searched:   {"query", "when", "without"},
	because.Habit:      {"category", "count", "period"},
	because.Shared:     {"hist", "hist2", "count"},
	because.Profile:    {"value", "label"},
	because.Need:       {"need", "value", "unmet", "bound"},
	because.InContext:  {"moment", "category", "count"},
	because.Attribute:  {"value"},
	because.Fit:        {"value", "own"},
	because.Drawback:   {"value"},
	because.Versus:     {"hist", "value", "other", "diff"},
	because.PriceKind:  {"price", "low", "high", "was"},
	because.Trend:      {"change", "period", "value"},
	because.NewItem:    {"when"},
	because.ReviewKind: {"phrase", "who", "count"},
	because.Neighbours: {"hist", "people", "share"},
	because.Popular:    {"category", "count", "period", "rank", "without"},
	because.Caller:     {"label", "value"},
}

// composed are the holes that any pattern may have: what the realiser makes itself or of supporting evidence.
var composed = []string{"it", "It", "name", "shared", "shared_pred", "common", "fact", "fact2", "extra", "but", "better", "worse", "measure", "label", "aspect", "say", "met", "misses"}

// AllowedHole reports whether a pattern for a kind of evidence may have a hole.
func AllowedHole(kind because.EvidenceKind, hole string) bool {
	return slices.Contains(slots[kind], hole) || slices.Contains(composed, hole)
}

// FillsFact reports whether a supporting evidence of this kind may fill {fact}.
func FillsFact(kind because.EvidenceKind) bool { return slices.Contains(factKinds, kind) }

// FillsExtra reports whether a supporting evidence of this kind may fill {extra}.
func FillsExtra(kind because.EvidenceKind) bool { return slices.Contains(extraKinds, kind) }
