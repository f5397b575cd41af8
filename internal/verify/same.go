package verify

import (
	"slices"
	"strings"

	"because"
)

// sameRoles holds the words by which two items are said to have something in common to the evidence that they do: 同一个导演,
// 同一位老师, 同作者.
func (x *reading) sameRoles(c [2]int) {
	if x.lang != because.Chinese {
		return
	}
	for i := c[0]; i+2 < c[1]; i++ {
		if x.r[i] != '同' || x.hard[i] || i > c[0] && strings.ContainsRune("不相共如连陪一", x.r[i-1]) {
			continue
		}
		at := i + 1
		if x.r[at] == '一' {
			for at++; at < c[1] && strings.ContainsRune("个位名家座本所条支批篇的", x.r[at]); at++ {
			}
		}
		field, e := x.roleAt(at, c[1])
		if field == "" {
			continue
		}
		names := x.namesIn(x.sentence(i))
		var ev []int
		for k, o := range x.ev {
			if o.Slots["shared"].Ref != field && !(o.Kind == because.Shared && o.Ref == field) {
				continue
			}
			if len(names) == 0 || slices.ContainsFunc(names, func(n span) bool { return slices.Contains(n.ev, k) }) {
				ev = append(ev, k)
			}
		}
		x.cover(i, e)
		if len(ev) > 0 {
			x.claim(because.AttributeClaim, because.Supported, i, e, ev, because.Say(x.given.Lang, "The evidence holds these words."))
			continue
		}
		x.claim(because.AttributeClaim, because.Unverifiable, i, e, nil, because.Say(x.given.Lang, "No evidence says that they have this in common."))
	}
}

// roleAt is the field whose name stands at rune i, the longest, and where it ends; a category is no role.
func (x *reading) roleAt(i, end int) (field string, e int) {
	try := func(name, w string) {
		k := key(w)
		if len(k) >= 2 && i+len(k) <= end && i+len(k) > e && slices.Equal(x.r[i:i+len(k)], k) {
			field, e = name, i+len(k)
		}
	}
	for name, f := range inOrder(x.pack.Fields) {
		if name == "category" {
			continue
		}
		try(name, f.Label.In(x.lang))
		for _, w := range x.pack.Same.Fields[name][x.lang] {
			try(name, w)
		}
	}
	return field, e
}

// fieldBefore is the evidence among ev of whose field a name, or the end of one, stands right before rune s: 波动 大一些.
func (x *reading) fieldBefore(ev []int, c [2]int, s int) (out []int) {
	for s > c[0] && strings.ContainsRune("也更还要会稍略倒都", x.r[s-1]) {
		s--
	}
	for _, i := range ev {
		ref := x.ev[i].Ref
		for _, w := range append([]string{x.pack.Fields[ref].Label.In(x.lang)}, x.pack.Same.Fields[ref][x.lang]...) {
			k := key(w)
			if n := len(k); n >= 2 && s-2 >= c[0] && slices.Equal(x.r[s-2:s], k[n-2:]) {
				out = append(out, i)
				break
			}
		}
	}
	return out
}
