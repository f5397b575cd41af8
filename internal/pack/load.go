package pack

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"because"
)

// General is the domain that every other one extends.
const General = "general"

// builtin holds every folder of packs that ships with the binary.
//
//go:embed */*.yaml
var builtin embed.FS

// Builtin is the set of embedded packs, parsed once. A domain that does not parse is left out; a test sees to it that
// there is none.
var Builtin = sync.OnceValue(func() *Set {
	s, err := load(builtin)
	if s == nil {
		panic(err)
	}
	return s
})

// A Set is the packs of one or more domains, the general one among them.
type Set struct {
	packs   map[string]*Pack
	sources []*source // in the order of their names, for Check
	own     []string  // folders that were put over the built-in ones
}

// Load reads every folder of fsys that holds a pack.yaml. A folder without general is completed by the built-in one.
//
// An error names file and line. Load fails on what cannot be read (syntax, unknown keys, wrong types); what can be read
// but must not be shipped is told by Set.Check.
func Load(fsys fs.FS) (*Set, error) {
	s, err := load(fsys)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// load is Load that also returns the packs that could be read, as long as the general one is among them.
func load(fsys fs.FS) (*Set, error) {
	own, err := folders(fsys)
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, name := range sortedKeys(own) {
		for _, f := range own[name].faults {
			errs = append(errs, f.error())
		}
	}
	general := own[General]
	if general != nil && general.broken() || general == nil && fsys == fs.FS(builtin) {
		return nil, errors.Join(append(errs, because.Errorf(because.ErrInvalid, "The general pack is missing or broken."))...)
	}
	if general == nil {
		general = read(builtin, General)
		own[General] = general
	}
	return assemble(general, inOrder(own)), errors.Join(errs...)
}

// With is the set with every pack of fsys, each in place of one of the same name. Its packs extend the general one of s.
// A pack that cannot be read is left out; Check tells. It fails when fsys cannot be listed.
func (s *Set) With(fsys fs.FS) (*Set, error) {
	own, err := folders(fsys)
	if err != nil {
		return nil, err
	}
	if g := own[General]; g != nil {
		g.fault(g.line("pack.yaml"), func(l because.Lang) string {
			return because.Say(l, "the general pack is the ground of all others and cannot be replaced; give the folder the name of your domain.")
		})
	}
	all := inOrder(own)
	var general *source
	for _, src := range s.sources {
		switch {
		case src.folder == General:
			general = src
			all = append(all, src)
		case own[src.folder] == nil:
			all = append(all, src)
		}
	}
	slices.SortStableFunc(all, func(a, b *source) int { return strings.Compare(a.folder, b.folder) })
	out := assemble(general, all)
	out.own = sortedKeys(own)
	return out, nil
}

// Own are the folders that With put over the built-in ones.
func (s *Set) Own() []string { return s.own }

// Names are the folders of the set in the order of their names, those that cannot be read too.
func (s *Set) Names() []string {
	var out []string
	for _, src := range s.sources {
		out = append(out, src.folder)
	}
	return slices.Compact(out)
}

// Written is a pack as its own folder says it, nothing inherited; nil if there is none.
func (s *Set) Written(name string) *Pack {
	for _, src := range s.sources {
		if src.folder == name {
			return src.pack
		}
	}
	return nil
}

// folders reads every folder of fsys that holds a pack.yaml.
func folders(fsys fs.FS) (map[string]*source, error) {
	files, err := fs.Glob(fsys, "*/pack.yaml")
	if err != nil {
		return nil, fmt.Errorf("list packs: %w", err)
	}
	out := map[string]*source{}
	for _, f := range files {
		out[path.Dir(f)] = read(fsys, path.Dir(f))
	}
	return out, nil
}

func inOrder(m map[string]*source) []*source {
	var out []*source
	for _, name := range sortedKeys(m) {
		out = append(out, m[name])
	}
	return out
}

// assemble makes a set of sources, the general one among them.
func assemble(general *source, all []*source) *Set {
	s := &Set{packs: map[string]*Pack{}, sources: all}
	for _, src := range all {
		if src.broken() {
			continue
		}
		p := *src.pack
		if src != general {
			p = extend(general.pack, src.pack)
		}
		p.index()
		p.Hash = contents(general, src)
		s.packs[src.folder] = &p
	}
	return s
}

// contents identifies all that was read of some folders.
func contents(folders ...*source) string {
	h := sha256.New()
	for _, src := range folders {
		h.Write(src.sum.Sum(nil))
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// Pack returns the pack of a domain; an unknown or empty one has the general pack.
func (s *Set) Pack(domain string) *Pack {
	if p, ok := s.packs[domain]; ok {
		return p
	}
	return s.packs[General]
}

// Domains are the domains of the set, the general one first, then by name.
func (s *Set) Domains() []string {
	out := []string{General}
	for _, d := range sortedKeys(s.packs) {
		if d != General {
			out = append(out, d)
		}
	}
	return out
}

// A source is one folder as it was written, with the lines for Check.
type source struct {
	folder string
	pack   *Pack // what the folder itself says, nothing inherited
	nodes  map[string]*yaml.Node
	sum    hash.Hash // of its files, as they were read
	faults []fault   // what keeps it from being used
}

func (src *source) broken() bool { return len(src.faults) > 0 }

// patterns is the form of patterns.<lang>.yaml.
type patterns struct {
	Lead   map[because.EvidenceKind]map[because.Style][]string `yaml:"lead"`
	Clause map[because.EvidenceKind][]string                   `yaml:"clause"`
}

// read reads one folder; what cannot be read becomes the source's faults.
func read(fsys fs.FS, folder string) *source {
	src := &source{folder: folder, pack: &Pack{}, nodes: map[string]*yaml.Node{}, sum: sha256.New()}
	p := src.pack
	src.decode(fsys, "pack.yaml", p)
	if p.Domain == "" {
		p.Domain = folder
	}
	if p.Domain != folder {
		src.fault(src.line("pack.yaml", "domain"), func(l because.Lang) string {
			return because.Say(l, "the domain is %q, but the folder is %q; give both the same name.", p.Domain, folder)
		})
	}
	words := src.words(fsys)
	if p.Words == nil {
		p.Words = map[string]Word{}
	}
	for k, w := range words {
		p.Words[k] = w
	}
	var o opinions
	src.decode(fsys, "aspects.yaml", &o)
	p.Aspects, p.Judging = o.Aspects, o.Judging
	p.Lead = map[because.Lang]map[because.EvidenceKind]map[because.Style][]string{}
	p.Clause = map[because.Lang]map[because.EvidenceKind][]string{}
	p.Corpus = map[because.Lang]Corpus{}
	for _, lang := range because.Langs {
		var ps patterns
		src.decode(fsys, "patterns."+string(lang)+".yaml", &ps)
		if ps.Lead == nil {
			ps.Lead = map[because.EvidenceKind]map[because.Style][]string{}
		}
		if ps.Clause == nil {
			ps.Clause = map[because.EvidenceKind][]string{}
		}
		p.Lead[lang], p.Clause[lang] = ps.Lead, ps.Clause
		var more Corpus
		src.decode(fsys, "corpus."+string(lang)+".yaml", &more)
		p.Corpus[lang] = more
	}
	src.decode(fsys, "same.yaml", &p.Same)
	return src
}

func (src *source) fault(at place, say func(because.Lang) string) {
	src.faults = append(src.faults, fault{at, say})
}

// words reads words.yaml, whose words may stand at the top or below the key "words".
func (src *source) words(fsys fs.FS) map[string]Word {
	b, err := fs.ReadFile(fsys, src.folder+"/words.yaml")
	if err != nil {
		return nil
	}
	var below struct {
		Words yaml.Node `yaml:"words"`
	}
	if yaml.Unmarshal(b, &below) == nil && below.Words.Kind == yaml.MappingNode && child(&below.Words, "zh") == nil {
		var w struct {
			Words map[string]Word `yaml:"words"`
		}
		src.decode(fsys, "words.yaml", &w)
		return w.Words
	}
	var w map[string]Word
	src.decode(fsys, "words.yaml", &w)
	return w
}

// decode reads one file strictly into v and keeps its nodes. A file that is not there holds nothing.
func (src *source) decode(fsys fs.FS, name string, v any) {
	file := src.folder + "/" + name
	b, err := fs.ReadFile(fsys, file)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		src.fault(place{file, 1}, func(l because.Lang) string {
			return because.Say(l, "the file cannot be read; look at its permissions.")
		})
		return
	}
	fmt.Fprintln(src.sum, name, len(b))
	src.sum.Write(b)
	var doc yaml.Node
	if err := yaml.Unmarshal(b, &doc); err != nil {
		src.faults = append(src.faults, syntax(file, err))
		return
	}
	if len(doc.Content) == 0 {
		return
	}
	src.nodes[name] = doc.Content[0]
	s := &shaper{file: file}
	s.check(doc.Content[0], reflect.TypeOf(v))
	src.faults = append(src.faults, s.faults...)
	if err := doc.Decode(v); err != nil && len(s.faults) == 0 {
		src.faults = append(src.faults, syntax(file, err))
	}
}

// line is where a path of keys stands in a file.
func (src *source) line(name string, keys ...string) place {
	n := src.nodes[name]
	at := 1
	for _, k := range keys {
		if n = child(n, k); n == nil {
			break
		}
		at = n.Line
	}
	return place{src.folder + "/" + name, at}
}

// child is the value of a key of a mapping, or an element of a sequence by its decimal index.
func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				return n.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		for i, c := range n.Content {
			if fmt.Sprint(i) == key {
				return c
			}
		}
	}
	return nil
}

// extend is a domain's pack completed by the general one: the domain's own entries win; a kind and style without a
// pattern of its own has the general ones, put into the domain's form of address.
func extend(general, own *Pack) Pack {
	p := *own
	if p.Version == "" {
		p.Version = general.Version
	}
	if p.Address == "" {
		p.Address = general.Address
	}
	address := func(s string) string {
		if p.Address == "您" {
			return strings.ReplaceAll(s, "你", "您")
		}
		return s
	}
	all := func(in []string) []string {
		out := make([]string, len(in))
		for i, s := range in {
			out[i] = address(s)
		}
		return out
	}
	p.It = map[because.Lang][]string{}
	for _, lang := range because.Langs {
		if p.It[lang] = own.It[lang]; len(p.It[lang]) == 0 {
			p.It[lang] = general.It[lang]
		}
	}
	p.Kinds = merge(general.Kinds, own.Kinds)
	p.Fields = merge(general.Fields, own.Fields)
	for k, f := range p.Fields { // what speaks to the reader, in the domain's form of address
		for _, list := range []*map[because.Lang][]string{&f.Below, &f.Above, &f.Else, &f.Lacks, &f.Untold} {
			if zh, ok := (*list)[because.Chinese]; ok {
				*list = merge(*list, map[because.Lang][]string{because.Chinese: all(zh)})
			}
		}
		p.Fields[k] = f
	}
	p.Several = map[because.Lang][]string{}
	for _, lang := range because.Langs {
		if p.Several[lang] = own.Several[lang]; len(p.Several[lang]) == 0 {
			p.Several[lang] = all(general.Several[lang])
		}
	}
	p.Aspects = merge(general.Aspects, own.Aspects)
	p.Judging = merge(general.Judging, own.Judging)
	p.Profile = merge(general.Profile, own.Profile)
	p.Consent = merge(general.Consent, own.Consent)
	p.Series = merge(general.Series, own.Series)
	p.Units = merge(general.Units, own.Units)
	p.Words = merge(general.Words, own.Words)
	p.Same = Same{merge(general.Same.Words, own.Same.Words), merge(general.Same.Fields, own.Same.Fields), merge(general.Same.Not, own.Same.Not), merge(general.Same.Deeds, own.Same.Deeds), merge(general.Same.Called, own.Same.Called)}
	if p.Closing == nil {
		p.Closing = general.Closing
	}
	ids := map[string]bool{}
	for _, r := range own.Rules {
		ids[r.ID] = true
	}
	p.Rules = slices.Clone(own.Rules)
	for _, r := range general.Rules {
		if !ids[r.ID] {
			p.Rules = append(p.Rules, r)
		}
	}
	p.Lead = map[because.Lang]map[because.EvidenceKind]map[because.Style][]string{}
	p.Clause = map[because.Lang]map[because.EvidenceKind][]string{}
	for _, lang := range because.Langs {
		p.Lead[lang] = map[because.EvidenceKind]map[because.Style][]string{}
		for kind, styles := range general.Lead[lang] {
			p.Lead[lang][kind] = map[because.Style][]string{}
			for style, list := range styles {
				p.Lead[lang][kind][style] = all(list)
			}
		}
		for kind, styles := range own.Lead[lang] {
			if p.Lead[lang][kind] == nil {
				p.Lead[lang][kind] = map[because.Style][]string{}
			}
			for style, list := range styles {
				if len(list) > 0 {
					p.Lead[lang][kind][style] = list
				}
			}
		}
		p.Clause[lang] = map[because.EvidenceKind][]string{}
		for kind, list := range general.Clause[lang] {
			p.Clause[lang][kind] = all(list)
		}
		for kind, list := range own.Clause[lang] {
			if len(list) > 0 {
				p.Clause[lang][kind] = list
			}
		}
	}
	return p
}

// merge is a with b's entries on top.
func merge[K comparable, V any](a, b map[K]V) map[K]V {
	out := make(map[K]V, len(a)+len(b))
	for k, v := range a {
		out[k] = v
	}
	for k, v := range b {
		out[k] = v
	}
	return out
}

func sortedKeys[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
