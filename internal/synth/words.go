package synth

import (
	"maps"
	"slices"

	"because"
	"because/internal/pack"
)

// A Wording is a row of words.jsonl: how something of the world is called in both languages. With it whoever reads the
// world's files can tell what a text speaks of without knowing the packs.
type Wording struct {
	Domain  string                               `json:"domain"`
	Kind    string                               `json:"kind"` // word, field, profile, series, unit, phrase, or use: what a kind of evidence needs
	Key     string                               `json:"key"`
	Said    map[because.Lang][]string            `json:"said"`              // of a phrase: all fixed wordings of the domain, with {holes}
	Measure string                               `json:"measure,omitempty"` // of a category: its Chinese measure word, which fills {measure}
	Other   map[because.Lang][]string            `json:"other,omitempty"`   // further names of a word, less exact ones among them
	Forms   map[string]map[because.Lang][]string `json:"forms,omitempty"`   // of a field: predicates on the item by what they state: say, weak, lack, shared, ahead, behind
	Unit    string                               `json:"unit,omitempty"`    // of a field or a series
	Better  string                               `json:"better,omitempty"`  // of a field: more, less or neither
	Strong  *float64                             `json:"strong,omitempty"`  // of a field: from here on it is worth praising
	WeakAt  *float64                             `json:"weak_at,omitempty"` // of a field: from here on it is a drawback
	Consent string                               `json:"consent,omitempty"` // of a use or a profile field: the name of what a user must consent to; empty for nothing
	Given   bool                                 `json:"given,omitempty"`   // that consent, where a user has said nothing
	Meets   string                               `json:"meets,omitempty"`   // of a profile field: the item's field that it is about
}

// words are the wordings of the world's domains, in a fixed order.
func (w *World) words() []Wording {
	var out []Wording
	set := w.o.Packs.WithCorpus(nil)
	for _, d := range w.domains {
		out = append(out, wordings(d.name, set.Pack(d.name))...)
	}
	return append(out, uses("", set.Pack(pack.General))...) // a search is of no domain
}

// wordings are those of one domain.
func wordings(domain string, p *pack.Pack) []Wording {
	var out []Wording
	add := func(w Wording) { w.Domain = domain; out = append(out, w) }
	both := func(t because.Text) map[because.Lang][]string {
		said := map[because.Lang][]string{}
		for _, lang := range because.Langs {
			if s := t.In(lang); s != "" {
				said[lang] = []string{s}
			}
		}
		return said
	}
	for _, k := range slices.Sorted(maps.Keys(p.Words)) {
		v := p.Words[k]
		said := both(because.Text{because.Chinese: v.Zh, because.English: v.En})
		if v.Plural != "" {
			said[because.English] = append(said[because.English], v.Plural)
		}
		add(Wording{Kind: "word", Key: k, Said: said, Measure: v.Measure, Other: v.Aliases})
	}
	for _, k := range slices.Sorted(maps.Keys(p.Fields)) {
		f := p.Fields[k]
		add(Wording{Kind: "field", Key: k, Said: both(f.Label), Unit: f.Unit, Better: f.Better, Strong: f.Strong, WeakAt: f.WeakAt,
			Forms: map[string]map[because.Lang][]string{"say": f.Say, "weak": f.Weak, "lack": f.Lack, "shared": f.Shared, "ahead": f.Ahead, "behind": f.Behind}})
	}
	for _, k := range slices.Sorted(maps.Keys(p.Profile)) {
		f := p.Profile[k]
		add(Wording{Kind: "profile", Key: k, Said: both(f.Label), Meets: f.Meets.Field, Consent: f.Consent, Given: p.Consent[f.Consent].Default})
	}
	for _, k := range slices.Sorted(maps.Keys(p.Series)) {
		s := p.Series[k]
		add(Wording{Kind: "series", Key: k, Said: both(s.Label), Unit: s.Unit, Forms: map[string]map[because.Lang][]string{"up": s.Up, "down": s.Down}})
	}
	for _, k := range slices.Sorted(maps.Keys(p.Units)) {
		u := p.Units[k]
		said := both(because.Text{because.Chinese: u.Zh, because.English: u.En})
		if u.Plural != "" {
			said[because.English] = append(said[because.English], u.Plural)
		}
		add(Wording{Kind: "unit", Key: k, Said: said})
	}
	add(Wording{Kind: "phrase", Said: fixed(p)})
	return append(out, uses(domain, p)...)
}

// uses are the consents that the kinds of evidence need.
func uses(domain string, p *pack.Pack) []Wording {
	var out []Wording
	for _, k := range because.EvidenceKinds {
		name := p.Kinds[k].Consent
		out = append(out, Wording{Domain: domain, Kind: "use", Key: string(k), Consent: name, Given: p.Consent[name].Default})
	}
	return out
}

// fixed are the fixed wordings of a domain: patterns, clauses, predicates, and how one points at an item and closes.
func fixed(p *pack.Pack) map[because.Lang][]string {
	said := map[because.Lang][]string{}
	for _, lang := range because.Langs {
		all := slices.Concat(p.It[lang])
		for _, kind := range because.EvidenceKinds {
			for _, style := range because.Styles {
				all = append(all, p.Lead[lang][kind][style]...)
			}
			all = append(all, p.Clause[lang][kind]...)
		}
		for _, k := range slices.Sorted(maps.Keys(p.Fields)) {
			f := p.Fields[k]
			all = slices.Concat(all, f.Say[lang], f.Weak[lang], f.Lack[lang], f.Shared[lang], f.Ahead[lang], f.Behind[lang],
				f.Below[lang], f.Above[lang], f.Else[lang], f.Lacks[lang], f.Untold[lang])
		}
		for _, k := range slices.Sorted(maps.Keys(p.Series)) {
			all = slices.Concat(all, p.Series[k].Up[lang], p.Series[k].Down[lang])
		}
		for _, k := range slices.Sorted(maps.Keys(p.Words)) {
			if m := p.Words[k].Measure; m != "" && lang == because.Chinese {
				all = append(all, "这"+m)
			}
		}
		if c := p.Closing.In(lang); c != "" {
			all = append(all, c)
		}
		slices.Sort(all)
		said[lang] = slices.Compact(all)
	}
	return said
}
