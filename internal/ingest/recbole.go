package ingest

import (
	"strings"

	"because"
)

// untyped takes the types off the columns of an atomic file: user_id:token.
func untyped(header []string) []string {
	out := make([]string, len(header))
	for i, h := range header {
		out[i], _, _ = strings.Cut(h, ":")
	}
	return out
}

// inOrder takes a row that holds a user's items in order, and perhaps the next one: interactions a day apart, since
// only their order is known.
func (t *reading) inOrder(x row) (reason string) {
	t.cells = x.cells
	if x.object {
		if reason := t.src.(*objects).flatten(x.raw, &t.cells); reason != "" {
			return reason
		}
	}
	user := t.same(t.cell(fUser))
	t.whose = user
	items := strings.FieldsFunc(t.cell(fList), func(r rune) bool {
		return r == ' ' || r == '|' || r == ',' || r == '[' || r == ']' || r == '\'' || r == '"'
	})
	if next := t.cell(fItem); next != "" {
		items = append(items, next)
	}
	if len(items) == 0 {
		return because.Say(t.lang(), "No %s.", "item")
	}
	t.counts.sequence++
	kind, ok := kindOf(t.cell(fKind))
	if !ok {
		kind = because.View
	}
	for i, item := range items {
		one := because.Interaction{User: user, Item: t.same(item), Kind: kind, Context: because.Context{At: because.FirstDay.AddDate(0, 0, i)}}
		if reason := t.interaction(&one); reason != "" {
			return reason
		}
	}
	return ""
}
