package generate

import (
	"slices"
	"strings"

	"because"
	"because/internal/pack"
)

// missed reports whether an evidence says that something that was asked for is not met.
func missed(e because.Evidence) bool { return e.Kind == because.Need && e.Slots["bound"].Text != "" }

// met says everything that was asked for and is met, as predicates one after another; words of one field go together.
func (r *realiser) met(b *builder) bool {
	var said []string
	done := map[string]bool{}
	all := []int{r.lead}
	all = append(all, r.unused(func(e because.Evidence) bool { return e.Kind == because.Need })...)
	for _, i := range all {
		e := r.req.Evidence[i]
		v := e.Slots["value"]
		if missed(e) || v.Text == "" || v.Kind == because.WordSlot && done[e.Ref] {
			continue
		}
		group := []int{i}
		words := []string{v.Text}
		if v.Kind == because.WordSlot {
			done[e.Ref] = true
			for _, k := range all {
				if o := r.req.Evidence[k]; k != i && o.Ref == e.Ref && !missed(o) && o.Slots["value"].Kind == because.WordSlot {
					group, words = append(group, k), append(words, o.Slots["value"].Text)
				}
			}
			v.Text = pack.Join(r.req.Lang, words)
		}
		inner := builder{lang: b.lang, formal: b.formal, inside: true}
		list := r.p.Fields[e.Ref].Say[r.req.Lang]
		if len(list) == 0 {
			list = r.p.Fields["_other"].Say[r.req.Lang]
			if v.Text == r.p.FieldLabel(r.req.Lang, e.Ref) {
				list = r.p.Fields["_flag"].Say[r.req.Lang]
			}
		}
		if !r.predicate(&inner, list, e.Ref, map[string]because.Slot{"value": v}) {
			continue
		}
		for _, k := range group {
			r.cite(k)
		}
		r.about(e.Ref)
		said = append(said, inner.String())
	}
	return len(said) > 0 && b.phrase(listed(r.req.Lang, said))
}

// misses says everything that was asked for and is not met.
func (r *realiser) misses(b *builder) bool {
	var said []string
	for _, i := range r.unused(missed) {
		inner := builder{lang: b.lang, formal: b.formal, inside: true}
		if r.miss(&inner, i) {
			said = append(said, inner.String())
		}
	}
	return len(said) > 0 && b.phrase(listed(r.req.Lang, said))
}

// miss says one thing that was asked for and how the item misses it.
func (r *realiser) miss(b *builder, i int) bool {
	e := r.req.Evidence[i]
	how := e.Slots["bound"].Ref
	list := r.p.Fields[e.Ref].Missed(how)[r.req.Lang]
	if len(list) == 0 {
		list = r.p.Fields["_other"].Missed(how)[r.req.Lang]
	}
	if !r.predicate(b, list, e.Ref, e.Slots) {
		return false
	}
	r.cite(i)
	r.about(e.Ref)
	return true
}

// listed joins predicates of one subject.
func listed(lang because.Lang, said []string) string {
	said = slices.Clone(said)
	if lang == because.Chinese {
		return strings.Join(said, "，")
	}
	return pack.Join(lang, said)
}
