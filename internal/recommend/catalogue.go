package recommend

import (
	"math"
	"slices"
	"sort"
	"strings"

	"because"
	"because/internal/text"
)

// A catalogue is the items as rankers see them: everything is a small integer. Categories, words and fields belong to
// one domain each, so the same key in two domains is two entries.
type catalogue struct {
	IDs         []string // sorted; an item is its index here
	Domains     []string // sorted
	Domain      []int32  // of each item
	Cats        []string // category keys; "" stands for items without one
	CatDomain   []int32
	ItemCats    [][]int32 // never empty, the leading category first
	Words       []string  // "field=value" of word and flag attributes
	WordDomain  []int32
	WordField   []int32 // index into Fields
	ItemWords   [][]int32
	Fields      []string // attribute keys, word and numeric ones
	FieldDomain []int32
	Numbers     [][]number
	Price       []float64 // 0 means unknown
	PriceZ      []float64 // log price in standard deviations within the leading category
	Published   []int64   // Unix seconds; 0 means unknown
	Unavailable []bool
	Terms       []string
	ItemTerms   [][]weighted // by term, TF-IDF, of unit length

	index map[string]int32
	term  map[string]int32
	posts [][]weighted // by term: the items that have it
	df    []int32
}

// A number is a numeric attribute of an item.
type number struct {
	Field int32
	Value float64
	Unit  string
	Z     float64 // in standard deviations within the leading category, in [-3, 3]
}

// weighted is a reference (an item, a term, a word) with a weight.
type weighted struct {
	Ref    int32
	Weight float32
}

func (c *catalogue) lead(item int32) int32 { return c.ItemCats[item][0] }

// newCatalogue reads the items. Of two with one ID the later stands.
func newCatalogue(items []because.Item) *catalogue {
	byID := make(map[string]int, len(items))
	for i, it := range items {
		byID[it.ID] = i
	}
	c := &catalogue{IDs: sortedKeys(byID)}
	domains := map[string]bool{}
	for _, id := range c.IDs {
		domains[items[byID[id]].Domain] = true
	}
	c.Domains = sortedKeys(domains)
	n := len(c.IDs)
	c.Domain, c.ItemCats, c.ItemWords, c.Numbers = make([]int32, n), make([][]int32, n), make([][]int32, n), make([][]number, n)
	c.Price, c.PriceZ, c.Published, c.Unavailable = make([]float64, n), make([]float64, n), make([]int64, n), make([]bool, n)
	c.ItemTerms = make([][]weighted, n)
	cats, words, fields, terms := newVocab(), newVocab(), newVocab(), newVocab()
	counts := make([]map[int32]float64, n)
	for i, id := range c.IDs {
		it := &items[byID[id]]
		d := int32(sort.SearchStrings(c.Domains, it.Domain))
		c.Domain[i], c.Price[i], c.Unavailable[i] = d, max(0, it.Price), it.Unavailable
		if !it.Published.IsZero() {
			c.Published[i] = it.Published.Unix()
		}
		keys := it.Categories
		if len(keys) == 0 {
			keys = []string{""}
		}
		for _, k := range keys {
			c.ItemCats[i] = appendNew(c.ItemCats[i], cats.id(d, k))
		}
		for _, f := range sortedKeys(it.Attributes) {
			v, field := it.Attributes[f], fields.id(d, f)
			switch {
			case v.Number != nil && !math.IsNaN(*v.Number) && !math.IsInf(*v.Number, 0):
				c.Numbers[i] = append(c.Numbers[i], number{Field: field, Value: *v.Number, Unit: v.Unit})
			case v.Flag != nil && *v.Flag:
				c.ItemWords[i] = appendNew(c.ItemWords[i], words.id(d, f+"=true"))
			}
			if v.Flag != nil {
				words.id(d, f+"=true")
			}
			for _, w := range v.Words {
				c.ItemWords[i] = appendNew(c.ItemWords[i], words.id(d, f+"="+w))
			}
		}
		counts[i] = map[int32]float64{}
		for _, t := range itemTerms(it) {
			counts[i][terms.id(0, t)]++
		}
	}
	c.Cats, c.CatDomain = cats.names, cats.domains
	c.Words, c.WordDomain = words.names, words.domains
	c.Fields, c.FieldDomain = fields.names, fields.domains
	c.Terms = terms.names
	c.WordField = make([]int32, len(c.Words))
	for w, name := range c.Words {
		f, _, _ := strings.Cut(name, "=")
		c.WordField[w] = fields.id(c.WordDomain[w], f)
	}
	c.weighTerms(counts)
	c.link()
	return c
}

// itemTerms are the words that an item can be found by, the name's twice.
func itemTerms(it *because.Item) []string {
	var out []string
	for _, s := range it.Name.All() {
		ts := text.Terms(s)
		out = append(append(out, ts...), ts...)
	}
	for _, s := range it.Aliases {
		out = append(out, text.Terms(s)...)
	}
	for _, s := range it.Categories {
		out = append(out, text.Terms(spaced(s))...)
	}
	for _, f := range sortedKeys(it.Attributes) {
		for _, w := range it.Attributes[f].Words {
			out = append(out, text.Terms(spaced(w))...)
		}
		if b := it.Attributes[f].Flag; b != nil && *b {
			out = append(out, text.Terms(spaced(f))...)
		}
	}
	for _, s := range it.Description.All() {
		out = append(out, text.Terms(s)...)
	}
	return out
}

func spaced(key string) string { return strings.ReplaceAll(key, "_", " ") }

// weighTerms turns counts into vectors of unit length: (1 + ln tf)·ln((1+n)/(1+df)), Salton's ltc weights.
func (c *catalogue) weighTerms(counts []map[int32]float64) {
	df := make([]float64, len(c.Terms))
	for _, m := range counts {
		for t := range m {
			df[t]++
		}
	}
	for i, m := range counts {
		v := make([]weighted, 0, len(m))
		norm := 0.0
		for _, t := range sortedKeys(m) {
			w := (1 + math.Log(m[t])) * (math.Log((1+float64(len(counts)))/(1+df[t])) + .01)
			v = append(v, weighted{t, float32(w)})
			norm += w * w
		}
		for j := range v {
			v[j].Weight /= float32(math.Sqrt(norm))
		}
		c.ItemTerms[i] = v
	}
}

// link builds what is not saved: the indexes.
func (c *catalogue) link() {
	c.index = make(map[string]int32, len(c.IDs))
	for i, id := range c.IDs {
		c.index[id] = int32(i)
	}
	c.term = make(map[string]int32, len(c.Terms))
	for t, s := range c.Terms {
		c.term[s] = int32(t)
	}
	c.df = make([]int32, len(c.Terms))
	for _, v := range c.ItemTerms {
		for _, t := range v {
			c.df[t.Ref]++
		}
	}
	total := 0
	for _, n := range c.df {
		total += int(n)
	}
	all := make([]weighted, 0, total)
	c.posts = make([][]weighted, len(c.Terms))
	for t, n := range c.df {
		at := len(all)
		c.posts[t] = all[at : at : at+int(n)]
		all = all[:at+int(n)]
	}
	for i, v := range c.ItemTerms {
		for _, t := range v {
			c.posts[t.Ref] = append(c.posts[t.Ref], weighted{int32(i), t.Weight})
		}
	}
}

// domain is the index of a domain, -1 if no item belongs to it.
func (c *catalogue) domain(name string) int32 {
	if i, ok := slices.BinarySearch(c.Domains, name); ok {
		return int32(i)
	}
	return -1
}

// A vocab numbers keys per domain in the order in which they are first met.
type vocab struct {
	ids     map[vocabKey]int32
	names   []string
	domains []int32
}

type vocabKey struct {
	domain int32
	name   string
}

func newVocab() *vocab { return &vocab{ids: map[vocabKey]int32{}} }

func (v *vocab) id(domain int32, name string) int32 {
	k := vocabKey{domain, name}
	id, ok := v.ids[k]
	if !ok {
		id = int32(len(v.names))
		v.ids[k] = id
		v.names, v.domains = append(v.names, name), append(v.domains, domain)
	}
	return id
}

func appendNew(s []int32, x int32) []int32 {
	if slices.Contains(s, x) {
		return s
	}
	return append(s, x)
}

func sortedKeys[K interface{ ~string | ~int32 }, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
