package pack

import (
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"because"
)

// A shaper holds the nodes of one file to the form of a Go type, so that whoever wrote the file is told line by line what
// is not of that form.
type shaper struct {
	file   string
	faults []fault
}

func (s *shaper) add(n *yaml.Node, say func(because.Lang) string) {
	s.faults = append(s.faults, fault{place{s.file, n.Line}, say})
}

// the keys that have names of their own.
var (
	langType  = reflect.TypeFor[because.Lang]()
	kindType  = reflect.TypeFor[because.EvidenceKind]()
	styleType = reflect.TypeFor[because.Style]()
)

// keysOfType are the keys that a map with keys of type t may have; nil means any.
func keysOfType(t reflect.Type) []string {
	switch t {
	case langType:
		return plain(because.Langs)
	case kindType:
		return plain(because.EvidenceKinds)
	case styleType:
		return plain(because.Styles)
	}
	return nil
}

// fields are the fields of a struct by their key in YAML.
func yamlFields(t reflect.Type) (by map[string]reflect.Type, names []string) {
	by = map[string]reflect.Type{}
	for f := range t.Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("yaml"), ","); f.IsExported() && name != "-" && name != "" {
			by[name] = f.Type
			names = append(names, name)
		}
	}
	return by, names
}

// check holds n to the form of t.
func (s *shaper) check(n *yaml.Node, t reflect.Type) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Tag == "!!null" {
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		s.check(n, t.Elem())
	case reflect.Struct:
		by, names := yamlFields(t)
		s.mapping(n, names, func(key string) reflect.Type { return by[key] })
	case reflect.Map:
		s.mapping(n, keysOfType(t.Key()), func(string) reflect.Type { return t.Elem() })
	case reflect.Slice:
		if n.Kind != yaml.SequenceNode {
			s.add(n, func(l because.Lang) string {
				return because.Say(l, "a list is wanted here; write [ … ], or one entry a line after a dash.")
			})
			return
		}
		for _, c := range n.Content {
			s.check(c, t.Elem())
		}
	default:
		s.scalar(n, t)
	}
}

// mapping checks keys and values; known nil means that any key may stand here.
func (s *shaper) mapping(n *yaml.Node, known []string, of func(key string) reflect.Type) {
	if n.Kind != yaml.MappingNode {
		s.add(n, func(l because.Lang) string {
			return because.Say(l, "keys with values are wanted here; write key: value, or {key: value}.")
		})
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if first, ok := seen[k.Value]; ok {
			s.add(k, func(l because.Lang) string {
				return because.Say(l, "the key %q stands in line %d already; keep one of them.", k.Value, first)
			})
			continue
		}
		seen[k.Value] = k.Line
		t := of(k.Value)
		if t == nil || known != nil && !contained(known, k.Value) {
			s.add(k, func(l because.Lang) string {
				return because.Say(l, "there is no key %q here; %s", k.Value, nearest(l, k.Value, known))
			})
			continue
		}
		s.check(v, t)
	}
}

func contained(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}

// scalar checks a single value.
func (s *shaper) scalar(n *yaml.Node, t reflect.Type) {
	if n.Kind == yaml.ScalarNode && n.Decode(reflect.New(t).Interface()) == nil {
		return
	}
	s.add(n, func(l because.Lang) string {
		switch {
		case n.Kind != yaml.ScalarNode:
			return because.Say(l, "one value is wanted here, not a list or keys; if the text starts with { or [, put it in quotation marks.")
		case t.Kind() == reflect.Bool:
			return because.Say(l, "%q is neither true nor false; write one of the two.", n.Value)
		}
		return because.Say(l, "%q is not a number; write digits only, such as 14 or 0.5.", n.Value)
	})
}

var atLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): (.*)$`)

// syntax is what the YAML parser could not read.
func syntax(file string, err error) fault {
	line, what := 1, strings.TrimPrefix(err.Error(), "yaml: ")
	if m := atLine.FindStringSubmatch(err.Error()); m != nil {
		line, _ = strconv.Atoi(m[1])
		what = m[2]
	}
	return fault{place{file, line}, func(l because.Lang) string {
		return because.Say(l, "this is not YAML (%s); look for a quotation mark, a bracket, a blank after a colon or an indent, here and in the line above.", what)
	}}
}
