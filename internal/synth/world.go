package synth

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"because"
)

// A worldFile is world/<domain>.yaml.
type worldFile struct {
	Domain       string                              `yaml:"domain"`
	Share        float64                             `yaml:"share"`     // of items and users, relative to the other domains; 0 means 1
	LifeDays     float64                             `yaml:"life_days"` // how long an item stays of interest after it came out; 0 means for good
	Brands       []pair                              `yaml:"brands"`
	Models       []pair                              `yaml:"models"`
	Interactions map[because.InteractionKind]float64 `yaml:"interactions"` // relative frequency
	Categories   map[string]category                 `yaml:"categories"`
	Had          []string                            `yaml:"had"` // flags whose bad reviews are of items that have them; of others, of items that lack them
	Contexts     []Rule                              `yaml:"contexts"`
	Tastes       tastes                              `yaml:"tastes"`
	Profile      map[string]profileSpec              `yaml:"profile"`
	Series       map[string]seriesSpec               `yaml:"series"`

	file string
	root *yaml.Node
}

// A pair is one thing in both languages.
type pair struct {
	Zh string `yaml:"zh"`
	En string `yaml:"en"`
}

func (p pair) in(lang because.Lang) string {
	if lang == because.Chinese {
		return p.Zh
	}
	return p.En
}

// A category is one kind of item.
type category struct {
	Weight     float64                   `yaml:"weight"` // share of the domain's items; 0 means 1
	Price      []float64                 `yaml:"price"`  // from and to, log-uniform; empty for none
	Names      map[because.Lang][]string `yaml:"names"`  // paired by index
	Titles     []pair                    `yaml:"titles"`
	Attributes map[string]attribute      `yaml:"attributes"`
	Blurbs     map[because.Lang][]string `yaml:"blurbs"`
	Reviews    map[because.Lang]phrases  `yaml:"reviews"`
	Searches   map[because.Lang][]string `yaml:"searches"`
}

// A spec says how a value is drawn. Exactly one way is given.
type spec struct {
	From   *float64 `yaml:"from"` // a number in [From, To]
	To     *float64 `yaml:"to"`
	Step   float64  `yaml:"step"` // 0 means the power of ten near a hundredth of the range
	Skew   string   `yaml:"skew"` // low, high or none
	OneOf  words    `yaml:"one_of"`
	SomeOf words    `yaml:"some_of"`
	N      []int    `yaml:"n"`      // how many of SomeOf, from and to; empty means one to three
	Chance *float64 `yaml:"chance"` // of yes
}

// An attribute is a spec that may also be written as words with weights alone: {steel: 3, titanium: 1}.
type attribute struct{ spec }

func (a *attribute) UnmarshalYAML(n *yaml.Node) error {
	known, unknown := 0, ""
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if k := n.Content[i].Value; slices.Contains([]string{"from", "to", "step", "skew", "one_of", "some_of", "n", "chance", "<<"}, k) {
			known++
		} else {
			unknown = k
		}
	}
	switch {
	case known == 0:
		return a.OneOf.UnmarshalYAML(n)
	case unknown != "":
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: no such way to draw a value: %s", n.Line, unknown)}}
	}
	return n.Decode(&a.spec)
}

// A profileSpec says what users state of themselves.
type profileSpec struct {
	spec             `yaml:",inline"`
	SomeOfCategories []int   `yaml:"some_of_categories"` // how many categories, from and to
	Consent          float64 `yaml:"consent"`            // share of users who consent to its use
	Utility          float64 `yaml:"utility"`            // of an item that meets it
	Number           string  `yaml:"number"`             // the record's number is this and the user's ID; nothing is drawn
}

// tastes say what users may care about.
type tastes struct {
	Category float64            `yaml:"category"`
	Fields   map[string]float64 `yaml:"fields"`
	Price    float64            `yaml:"price"`
}

// A seriesSpec says how a time series of an item goes.
type seriesSpec struct {
	Days   int     `yaml:"days"`   // 0 means 180
	Drift  float64 `yaml:"drift"`  // of the logarithm, a day
	Vol    float64 `yaml:"vol"`    // standard deviation of the logarithm, a day
	Swing  string  `yaml:"swing"`  // a numeric field that holds a percentage a year to take in place of Vol
	Chance float64 `yaml:"chance"` // that an item has it
}

// words are vocabulary keys with weights, written as a list (a word that is there twice weighs two) or as word: weight.
type words struct {
	keys    []string // each once, in the order of the file
	weights []float64
}

func (w *words) UnmarshalYAML(n *yaml.Node) error {
	add := func(key string, weight float64) {
		if i := slices.Index(w.keys, key); i >= 0 {
			w.weights[i] += weight
			return
		}
		w.keys, w.weights = append(w.keys, key), append(w.weights, weight)
	}
	switch n.Kind {
	case yaml.SequenceNode:
		for _, c := range n.Content {
			if c = resolved(c); c.Kind != yaml.ScalarNode {
				return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: not a word", c.Line)}}
			}
			add(c.Value, 1)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			var weight float64
			if err := n.Content[i+1].Decode(&weight); err != nil {
				return err
			}
			add(n.Content[i].Value, weight)
		}
	default:
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: neither a list of words nor words with weights", n.Line)}}
	}
	return nil
}

// phrases are what reviewers say: of anything, and of one field.
type phrases struct {
	Good, Bad []string
	Fields    map[string]goodBad
}

type goodBad struct {
	Good []string `yaml:"good"`
	Bad  []string `yaml:"bad"`
}

func (p *phrases) UnmarshalYAML(n *yaml.Node) error {
	var all map[string]yaml.Node
	if err := n.Decode(&all); err != nil {
		return err
	}
	p.Fields = map[string]goodBad{}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		v := all[key]
		c := resolved(&v)
		switch {
		case key == "good":
			if err := c.Decode(&p.Good); err != nil {
				return err
			}
		case key == "bad":
			if err := c.Decode(&p.Bad); err != nil {
				return err
			}
		default:
			for i := 0; i+1 < len(c.Content); i += 2 {
				if k := c.Content[i]; k.Value != "good" && k.Value != "bad" && k.Value != "<<" {
					return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: neither good nor bad: %s", k.Line, k.Value)}}
				}
			}
			var g goodBad
			if err := c.Decode(&g); err != nil {
				return err
			}
			p.Fields[key] = g
		}
	}
	return nil
}

// resolved is what an alias stands for.
func resolved(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// Domains are the names of the world files of a folder, sorted.
func Domains(world fs.FS) ([]string, error) {
	files, err := fs.Glob(world, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list world files: %w", err)
	}
	out := make([]string, len(files))
	for i, f := range files {
		out[i] = strings.TrimSuffix(path.Base(f), ".yaml")
	}
	slices.Sort(out)
	return out, nil
}

// readWorld reads one world file strictly. Its errors name file and line.
func readWorld(world fs.FS, domain string) (*worldFile, error) {
	file := domain + ".yaml"
	b, err := fs.ReadFile(world, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, because.Errorf(because.ErrNotFound, "There is no invented world of the domain %q.", domain)
	}
	if err != nil {
		return nil, fmt.Errorf("read world file: %w", err)
	}
	bad := func(err error) error {
		reason := strings.TrimPrefix(err.Error(), "yaml: ")
		if te := (*yaml.TypeError)(nil); errors.As(err, &te) {
			reason = strings.Join(te.Errors, "; ")
		}
		return because.Errorf(because.ErrInvalid, "The world file %s cannot be read: %s.", file, reason)
	}
	f := &worldFile{file: file, root: &yaml.Node{}}
	if err := yaml.Unmarshal(b, f.root); err != nil {
		return nil, bad(err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(f); err != nil && !errors.Is(err, io.EOF) {
		return nil, bad(err)
	}
	if f.Domain != domain {
		return nil, because.Errorf(because.ErrInvalid, "%s: the domain is %q, but the file is of %q.", f.line("domain"), f.Domain, domain)
	}
	return f, f.sound()
}

// sound checks what generating relies on; Check tells everything else.
func (f *worldFile) sound() error {
	if len(f.Categories) == 0 {
		return because.Errorf(because.ErrInvalid, "%s: there is no category.", f.line())
	}
	if !fair(f.Share) {
		return because.Errorf(because.ErrInvalid, "%s: a weight is a number from 0 to a million.", f.line("share"))
	}
	for _, c := range slices.Sorted(maps.Keys(f.Categories)) {
		cat := f.Categories[c]
		if !fair(cat.Weight) {
			return because.Errorf(because.ErrInvalid, "%s: a weight is a number from 0 to a million.", f.line("categories", c, "weight"))
		}
		if n := len(cat.Names[because.Chinese]); n == 0 || n != len(cat.Names[because.English]) {
			return because.Errorf(because.ErrInvalid, "%s: the Chinese and English names must pair; there are %d and %d.",
				f.line("categories", c, "names"), n, len(cat.Names[because.English]))
		}
		if p := cat.Price; len(p) != 0 && (len(p) != 2 || !(p[0] > 0 && p[0] <= p[1] && p[1] < 1e12)) {
			return because.Errorf(because.ErrInvalid, "%s: a price is two positive numbers, the lower first.", f.line("categories", c, "price"))
		}
		for _, a := range slices.Sorted(maps.Keys(cat.Attributes)) {
			if !cat.Attributes[a].sound() {
				return because.Errorf(because.ErrInvalid, "%s: a value is drawn by from and to, by one_of, by some_of with n, or by chance.",
					f.line("categories", c, "attributes", a))
			}
		}
	}
	for _, p := range slices.Sorted(maps.Keys(f.Profile)) {
		spec := f.Profile[p]
		if byCategory := len(spec.SomeOfCategories) == 2 && spec.SomeOfCategories[0] <= spec.SomeOfCategories[1]; !byCategory && spec.Number == "" && !spec.sound() {
			return because.Errorf(because.ErrInvalid, "%s: a value is drawn by from and to, by one_of, by some_of with n, or by chance.", f.line("profile", p))
		}
	}
	return nil
}

// fair reports whether x may be a weight.
func fair(x float64) bool { return x >= 0 && x <= 1e6 }

// sound reports whether exactly one way to draw is given.
func (s spec) sound() bool {
	ways := 0
	if s.From != nil || s.To != nil {
		if s.From == nil || s.To == nil || !(-1e12 < *s.From && *s.From <= *s.To && *s.To < 1e12 && s.Step >= 0) || !slices.Contains([]string{"", "none", "low", "high"}, s.Skew) {
			return false
		}
		ways++
	}
	if len(s.OneOf.keys) > 0 {
		ways++
	}
	if len(s.SomeOf.keys) > 0 {
		if len(s.N) != 0 && (len(s.N) != 2 || s.N[0] < 0 || s.N[1] < s.N[0]) {
			return false
		}
		ways++
	}
	if s.Chance != nil {
		ways++
	}
	return ways == 1
}

// line is where a path of keys stands: "shop.yaml:12".
func (f *worldFile) line(keys ...string) string {
	at, n := 1, f.root
	if n != nil && len(n.Content) > 0 {
		n = n.Content[0]
	}
	for _, k := range keys {
		if n = child(n, k); n == nil {
			break
		}
		at = n.Line
	}
	return fmt.Sprintf("%s:%d", f.file, at)
}

// merged is what a mapping takes over by "<<".
func merged(n *yaml.Node) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "<<" {
			return n.Content[i+1]
		}
	}
	return nil
}

// child is the value of a key of a mapping, or an element of a sequence by its decimal index.
func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil {
		return nil
	}
	n = resolved(n)
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				return n.Content[i+1]
			}
		}
		return child(merged(n), key)
	case yaml.SequenceNode:
		for i, c := range n.Content {
			if fmt.Sprint(i) == key {
				return c
			}
		}
	}
	return nil
}
