package pack

import (
	"maps"
	"slices"

	"because"
)

// A Corpus is what people wrote beyond the patterns that templates use: the same holes and the same promises, in greater
// number. The generator learns from it, and the verifier licenses its wordings like those of the patterns.
type Corpus struct {
	Lead   map[because.EvidenceKind]map[because.Style][]string `yaml:"lead"`
	Clause map[because.EvidenceKind][]string                   `yaml:"clause"`
	Fields map[string]Wordings                                 `yaml:"fields"`
}

// Wordings are more ways to say a field; the lists are those of Field.
type Wordings struct {
	Say    []string `yaml:"say"`
	Weak   []string `yaml:"weak"`
	Lack   []string `yaml:"lack"`
	Shared []string `yaml:"shared"`
	Ahead  []string `yaml:"ahead"`
	Behind []string `yaml:"behind"`
}

// WithCorpus is the set with the wordings of each corpus among the patterns and fields of its pack. Of every list only
// the units that keep accepts remain: a unit is one pattern or wording as it was written. Clauses and fields keep all
// units where none was accepted, so that every fact can be said. A nil keep keeps all.
func (s *Set) WithCorpus(keep func(unit string) bool) *Set {
	out := &Set{packs: map[string]*Pack{}, sources: s.sources}
	strict := func(lists ...[]string) []string {
		return slices.DeleteFunc(slices.Concat(lists...), func(u string) bool { return keep != nil && !keep(u) })
	}
	pick := func(lists ...[]string) []string {
		if kept := strict(lists...); len(kept) > 0 {
			return kept
		}
		return slices.Concat(lists...)
	}
	for domain, p := range s.packs {
		q := *p
		q.Lead = map[because.Lang]map[because.EvidenceKind]map[because.Style][]string{}
		q.Clause = map[because.Lang]map[because.EvidenceKind][]string{}
		q.Fields = maps.Clone(p.Fields)
		for _, lang := range because.Langs {
			c := p.Corpus[lang]
			q.Lead[lang] = map[because.EvidenceKind]map[because.Style][]string{}
			for _, kind := range keysOf(p.Lead[lang], c.Lead) {
				q.Lead[lang][kind] = map[because.Style][]string{}
				for _, style := range keysOf(p.Lead[lang][kind], c.Lead[kind]) {
					q.Lead[lang][kind][style] = strict(p.Lead[lang][kind][style], c.Lead[kind][style])
				}
			}
			q.Clause[lang] = map[because.EvidenceKind][]string{}
			for _, kind := range keysOf(p.Clause[lang], c.Clause) {
				q.Clause[lang][kind] = pick(p.Clause[lang][kind], c.Clause[kind])
			}
			for name, f := range q.Fields {
				w := c.Fields[name]
				f.Say = with(f.Say, lang, pick(f.Say[lang], w.Say))
				f.Weak = with(f.Weak, lang, pick(f.Weak[lang], w.Weak))
				f.Lack = with(f.Lack, lang, pick(f.Lack[lang], w.Lack))
				f.Shared = with(f.Shared, lang, pick(f.Shared[lang], w.Shared))
				f.Ahead = with(f.Ahead, lang, pick(f.Ahead[lang], w.Ahead))
				f.Behind = with(f.Behind, lang, pick(f.Behind[lang], w.Behind))
				q.Fields[name] = f
			}
		}
		out.packs[domain] = &q
	}
	return out
}

// Units counts the units of a language: patterns, clauses and wordings of the set's own files, each once.
func (s *Set) Units(lang because.Lang) []string {
	seen := map[string]bool{}
	add := func(lists ...[]string) {
		for _, l := range lists {
			for _, u := range l {
				seen[u] = true
			}
		}
	}
	for _, p := range s.WithCorpus(nil).packs {
		for _, styles := range p.Lead[lang] {
			for _, list := range styles {
				add(list)
			}
		}
		for _, list := range p.Clause[lang] {
			add(list)
		}
		for _, f := range p.Fields {
			add(f.Say[lang], f.Weak[lang], f.Lack[lang], f.Shared[lang], f.Ahead[lang], f.Behind[lang])
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// Patterns counts the patterns and clauses of one language, those of the corpus not.
func (p *Pack) Patterns(lang because.Lang) int {
	n := 0
	for _, styles := range p.Lead[lang] {
		for _, list := range styles {
			n += len(list)
		}
	}
	for _, list := range p.Clause[lang] {
		n += len(list)
	}
	return n
}

func with(m map[because.Lang][]string, lang because.Lang, list []string) map[because.Lang][]string {
	if len(list) == 0 {
		return m
	}
	out := maps.Clone(m)
	if out == nil {
		out = map[because.Lang][]string{}
	}
	out[lang] = list
	return out
}

// keysOf are the keys of both maps, each once, in order.
func keysOf[K ~string, V any](a, b map[K]V) []K {
	all := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(all)
	return slices.Compact(all)
}
