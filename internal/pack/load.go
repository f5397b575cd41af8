package pack

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sort"
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
	files, err := fs.Glob(fsys, "*/pack.yaml")
	if err != nil {
		return nil, fmt.Errorf("list packs: %w", err)
	}
	sort.Strings(files)
	var errs []error
	own := map[string]*source{}
	for _, f := range files {
		src, err := read(fsys, path.Dir(f))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		own[src.folder] = src
	}
	if own[General] == nil {
		if fsys == fs.FS(builtin) || slices.Contains(files, General+"/pack.yaml") {
			return nil, errors.Join(append(errs, because.Errorf(because.ErrInvalid, "The general pack is missing or broken."))...)
		}
		src, err := read(builtin, General)
		if err != nil {
			return nil, err
		}
		own[General] = src
	}
	s := &Set{packs: map[string]*Pack{}}
	general := own[General].pack
	for _, name := range sortedKeys(own) {
		src := own[name]
		s.sources = append(s.sources, src)
		p := src.pack
		if name != General {
			p = extend(general, p)
		}
		p.index()
		p.Hash = contents(own[General], src)
		s.packs[name] = p
	}
	return s, errors.Join(errs...)
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
}

// patterns is the form of patterns.<lang>.yaml.
type patterns struct {
	Lead   map[because.EvidenceKind]map[because.Style][]string `yaml:"lead"`
	Clause map[because.EvidenceKind][]string                   `yaml:"clause"`
}

// read reads one folder.
func read(fsys fs.FS, folder string) (*source, error) {
	src := &source{folder: folder, pack: &Pack{}, nodes: map[string]*yaml.Node{}, sum: sha256.New()}
	p := src.pack
	if err := src.decode(fsys, "pack.yaml", p); err != nil {
		return nil, err
	}
	if p.Domain == "" {
		p.Domain = folder
	}
	if p.Domain != folder {
		return nil, because.Errorf(because.ErrInvalid, "%s: the domain is %q, but the folder is %q.", folder+"/pack.yaml", p.Domain, folder)
	}
	words, err := src.words(fsys)
	if err != nil {
		return nil, err
	}
	if p.Words == nil {
		p.Words = map[string]Word{}
	}
	for k, w := range words {
		p.Words[k] = w
	}
	p.Lead = map[because.Lang]map[because.EvidenceKind]map[because.Style][]string{}
	p.Clause = map[because.Lang]map[because.EvidenceKind][]string{}
	for _, lang := range because.Langs {
		var ps patterns
		err := src.decode(fsys, "patterns."+string(lang)+".yaml", &ps)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if ps.Lead == nil {
			ps.Lead = map[because.EvidenceKind]map[because.Style][]string{}
		}
		if ps.Clause == nil {
			ps.Clause = map[because.EvidenceKind][]string{}
		}
		p.Lead[lang], p.Clause[lang] = ps.Lead, ps.Clause
		var more Corpus
		if err := src.decode(fsys, "corpus."+string(lang)+".yaml", &more); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if p.Corpus == nil {
			p.Corpus = map[because.Lang]Corpus{}
		}
		p.Corpus[lang] = more
	}
	return src, nil
}

// words reads words.yaml, whose words may stand at the top or below the key "words".
func (src *source) words(fsys fs.FS) (map[string]Word, error) {
	b, err := fs.ReadFile(fsys, src.folder+"/words.yaml")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read words: %w", err)
	}
	var below struct {
		Words yaml.Node `yaml:"words"`
	}
	if yaml.Unmarshal(b, &below) == nil && below.Words.Kind == yaml.MappingNode && child(&below.Words, "zh") == nil {
		var w struct {
			Words map[string]Word `yaml:"words"`
		}
		err := src.decode(fsys, "words.yaml", &w)
		return w.Words, err
	}
	var w map[string]Word
	err = src.decode(fsys, "words.yaml", &w)
	return w, err
}

// decode reads one file strictly into v and keeps its nodes.
func (src *source) decode(fsys fs.FS, name string, v any) error {
	file := src.folder + "/" + name
	b, err := fs.ReadFile(fsys, file)
	if err != nil {
		return fmt.Errorf("read pack file: %w", err)
	}
	fmt.Fprintln(src.sum, name, len(b))
	src.sum.Write(b)
	var doc yaml.Node
	if err := yaml.Unmarshal(b, &doc); err != nil {
		return because.Errorf(because.ErrInvalid, "The pack file %s cannot be read: %s.", file, reason(err))
	}
	if len(doc.Content) > 0 {
		src.nodes[name] = doc.Content[0]
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(v); err != nil && !errors.Is(err, io.EOF) {
		return because.Errorf(because.ErrInvalid, "The pack file %s cannot be read: %s.", file, reason(err))
	}
	return nil
}

// reason is a YAML error without the library's name; it says the lines.
func reason(err error) string {
	var te *yaml.TypeError
	if errors.As(err, &te) {
		return strings.Join(te.Errors, "; ")
	}
	return strings.TrimPrefix(err.Error(), "yaml: ")
}

// line is where a path of keys stands in a file: "shop/pack.yaml:12".
func (src *source) line(name string, keys ...string) string {
	n := src.nodes[name]
	at := 1
	for _, k := range keys {
		if n = child(n, k); n == nil {
			break
		}
		at = n.Line
	}
	return fmt.Sprintf("%s/%s:%d", src.folder, name, at)
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
func extend(general, own *Pack) *Pack {
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
	p.Profile = merge(general.Profile, own.Profile)
	p.Consent = merge(general.Consent, own.Consent)
	p.Series = merge(general.Series, own.Series)
	p.Units = merge(general.Units, own.Units)
	p.Words = merge(general.Words, own.Words)
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
	return &p
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
