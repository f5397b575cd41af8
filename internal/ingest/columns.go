package ingest

import (
	"strings"

	"because"
	"because/internal/text"
)

// columns are where a table's columns go.
type columns struct{}

// match finds the fields of the columns.
func (t *reading) match() {}

func (t *reading) itemOf(x *because.Item) string               { return "unknown form" }
func (t *reading) userOf(x *because.User) string               { return "unknown form" }
func (t *reading) interactionOf(x *because.Interaction) string { return "unknown form" }
func (t *reading) reviewOf(x *because.Review) string           { return "unknown form" }
func (t *reading) exampleOf(x *because.Example) string         { return "unknown form" }

// squeezed is a match key without blanks and signs.
func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '_', '-', '.', '\t', '\u3000', '"', '\'', '/', ':':
			return -1
		}
		return r
	}, text.Fold(s))
}
