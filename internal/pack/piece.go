package pack

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"because"
)

// A Piece is one wording of a pack, as its people wrote it and where it stands.
type Piece struct {
	File  string // below the folder of the packs
	Line  int
	Lang  because.Lang
	Text  string
	Kind  because.EvidenceKind // of a pattern or a clause
	Style because.Style        // of a pattern; empty for the other pieces
	Field string               // of a field's or a series' wording
	Role  string               // say, weak, lack, shared, ahead, behind; below, above, else, lacks, untold; up, down; several
}

// Problem is what is wrong with a piece.
func (x Piece) Problem(says string) Problem { return Problem{x.File, x.Line, says} }

// Pieces are the wordings that a pack's own files hold, in the order of files and lines. Those of its corpus are not among
// them: whatever of them does not hold is left out when the generator learns. A pack that cannot be read has none.
func (s *Set) Pieces(name string) []Piece {
	i := slices.IndexFunc(s.sources, func(src *source) bool { return src.folder == name })
	if i < 0 || s.sources[i].broken() {
		return nil
	}
	src, p := s.sources[i], s.sources[i].pack
	var out []Piece
	add := func(file string, l because.Lang, list []string, x Piece, keys ...string) {
		for i, text := range list {
			at := src.line(file, append(slices.Clone(keys), decimal(float64(i)))...)
			x.File, x.Line, x.Lang, x.Text = at.file, at.line, l, text
			out = append(out, x)
		}
	}
	for _, l := range because.Langs {
		for _, f := range sortedKeys(p.Fields) {
			for role, list := range p.Fields[f].roles() {
				add("pack.yaml", l, list[l], Piece{Field: f, Role: role}, "fields", f, role, string(l))
			}
		}
		for _, k := range sortedKeys(p.Series) {
			add("pack.yaml", l, p.Series[k].Up[l], Piece{Field: k, Role: "up"}, "series", k, "up", string(l))
			add("pack.yaml", l, p.Series[k].Down[l], Piece{Field: k, Role: "down"}, "series", k, "down", string(l))
		}
		add("pack.yaml", l, p.Several[l], Piece{Kind: because.Need, Role: "several"}, "several", string(l))
		file := "patterns." + string(l) + ".yaml"
		for _, kind := range sortedKeys(p.Lead[l]) {
			for _, style := range sortedKeys(p.Lead[l][kind]) {
				add(file, l, p.Lead[l][kind][style], Piece{Kind: kind, Style: style}, "lead", string(kind), string(style))
			}
		}
		for _, kind := range sortedKeys(p.Clause[l]) {
			add(file, l, p.Clause[l][kind], Piece{Kind: kind}, "clause", string(kind))
		}
	}
	slices.SortStableFunc(out, func(a, b Piece) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Text, b.Text))
	})
	return out
}

// roles are a field's wordings by their key.
func (f Field) roles() map[string]map[because.Lang][]string {
	return map[string]map[because.Lang][]string{
		"say": f.Say, "weak": f.Weak, "lack": f.Lack, "shared": f.Shared, "ahead": f.Ahead, "behind": f.Behind,
		"below": f.Below, "above": f.Above, "else": f.Else, "lacks": f.Lacks, "untold": f.Untold,
	}
}

// Speaking is the set with a pack that says a kind of evidence by one piece alone: carrier is the pattern that holds the
// piece where it is none itself.
func (s *Set) Speaking(name string, x Piece, kind because.EvidenceKind, carrier string) *Set {
	p := *s.packs[name]
	only := func(text string) map[because.Lang][]string { return map[because.Lang][]string{x.Lang: {text}} }
	style, pattern := x.Style, carrier
	if style == "" {
		style = because.Detail
	} else {
		pattern = x.Text
	}
	p.Lead = map[because.Lang]map[because.EvidenceKind]map[because.Style][]string{x.Lang: {kind: {style: {pattern}}}}
	p.Several = nil
	switch {
	case x.Role == "several":
		p.Several, p.Lead = only(x.Text), nil
	case x.Role == "up" || x.Role == "down":
		p.Series = maps.Clone(p.Series)
		series := p.Series[x.Field]
		series.Up, series.Down = only(x.Text), only(x.Text)
		p.Series[x.Field] = series
	case x.Role != "":
		p.Fields = maps.Clone(p.Fields)
		f := p.Fields[x.Field]
		for role, list := range map[string]*map[because.Lang][]string{
			"say": &f.Say, "weak": &f.Weak, "lack": &f.Lack, "shared": &f.Shared, "ahead": &f.Ahead, "behind": &f.Behind,
			"below": &f.Below, "above": &f.Above, "else": &f.Else, "lacks": &f.Lacks, "untold": &f.Untold,
		} {
			if role == x.Role {
				*list = only(x.Text)
			}
		}
		p.Fields[x.Field] = f
	case x.Style == "": // a clause
		p.Clause = map[because.Lang]map[because.EvidenceKind][]string{x.Lang: {x.Kind: {x.Text}}}
	}
	return &Set{packs: map[string]*Pack{General: &p, name: &p}}
}

// Unlicensed is the set with one pack whose own patterns and clauses are not there: what they say is licensed by the
// evidence, the fields and the general pack alone.
func (s *Set) Unlicensed(name string) *Set {
	p, general := *s.packs[name], s.packs[General]
	p.Lead, p.Clause, p.Several, p.Corpus = general.Lead, general.Clause, general.Several, nil
	return &Set{packs: map[string]*Pack{General: general, name: &p}}
}
