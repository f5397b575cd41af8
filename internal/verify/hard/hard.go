// Package hard holds hand-written explanations, true and false, by which the verifier is measured. Those who wrote them saw
// the evidence and not the verifier.
//
// Sets of evidence are in sets.*.jsonl, texts on them in cases.*.jsonl, one JSON object a line. What is wrong with a false
// text is one of the operators of eval.Operators; label takes the place of expired.
//
// Files whose names begin with "fresh" hold texts on evidence of their own, written after the others. They are withheld: who
// works on the verifier reads neither them nor what it made of them, so that their numbers stay those of strangers' words. The
// Chinese ones of "fresh" itself have been read since, by whom the verifier's Chinese was mended. An
// expired text there stands on a set whose clock has moved on (its name ends in "later") while what changes with time was not
// looked at again. Those of "fresh2" are explanations as a language model words them, written later still and measured apart,
// before and after each work on the verifier: those of "fresh" have been read since, case by case, and tell no more what a
// stranger's words do. Of "fresh2" those on even lines have been read since; those on odd ones have not.
package hard

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"because"
)

//go:embed *.jsonl
var files embed.FS

// A Set is the evidence on one item for one reader.
type Set struct {
	ID       string             `json:"set"`
	Lang     because.Lang       `json:"lang"`
	Domain   string             `json:"domain"`
	Name     string             `json:"name"` // of the item
	Now      time.Time          `json:"now"`
	Evidence []because.Evidence `json:"evidence"`
}

// A Case is one text on a set.
type Case struct {
	Set      string `json:"set"`
	Script   string `json:"script"` // "zh-Hans", "zh-Hant" or "en"
	Text     string `json:"text"`
	True     bool   `json:"true"`
	Operator string `json:"operator,omitempty"` // how it is false
	Wrong    string `json:"wrong,omitempty"`    // the words that are false
	At       string `json:"-"`                  // file and line
	Fresh    bool   `json:"-"`                  // of a withheld file
}

// Load reads the sets, by ID, and the cases in the order of the files.
func Load() (map[string]Set, []Case, error) { return load(files) }

// scripts are the names of scripts as writers give them.
var scripts = map[string]string{
	"hans": "zh-Hans", "zh-hans": "zh-Hans", "hant": "zh-Hant", "zh-hant": "zh-Hant", "latn": "en", "latin": "en", "en": "en",
}

func load(fsys fs.FS) (map[string]Set, []Case, error) {
	sets := map[string]Set{}
	err := lines(fsys, "*sets.*.jsonl", func(at string, s Set) error {
		switch _, twice := sets[s.ID]; {
		case s.ID == "" || s.Name == "" || len(s.Evidence) == 0 || s.Now.IsZero():
			return fmt.Errorf("%s: a set needs an id, a name, a time and evidence", at)
		case twice:
			return fmt.Errorf("%s: there are two sets %q", at, s.ID)
		case s.Lang != because.Chinese && s.Lang != because.English:
			return fmt.Errorf("%s: there is no language %q", at, s.Lang)
		}
		sets[s.ID] = s
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	var cases []Case
	err = lines(fsys, "*cases.*.jsonl", func(at string, c Case) error {
		set, ok := sets[c.Set]
		script, known := scripts[strings.ToLower(c.Script)]
		switch {
		case !ok:
			return fmt.Errorf("%s: there is no set %q", at, c.Set)
		case !known || (script == "en") != (set.Lang == because.English):
			return fmt.Errorf("%s: the script %q is not one of the set's language", at, c.Script)
		case strings.TrimSpace(c.Text) == "":
			return fmt.Errorf("%s: the text is empty", at)
		case c.True != (c.Operator == ""):
			return fmt.Errorf("%s: a false text names its operator, a true one none", at)
		}
		c.Script, c.At, c.Fresh = script, at, strings.HasPrefix(at, "fresh")
		cases = append(cases, c)
		return nil
	})
	return sets, cases, err
}

// lines hands every line of the files that match to f, with its place.
func lines[T any](fsys fs.FS, pattern string, f func(at string, v T) error) error {
	names, err := fs.Glob(fsys, pattern)
	if err != nil {
		return err
	}
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		n := 0
		for line := range bytes.Lines(b) {
			n++
			if len(bytes.TrimSpace(line)) == 0 {
				continue
			}
			at := fmt.Sprintf("%s:%d", name, n)
			var v T
			d := json.NewDecoder(bytes.NewReader(line))
			d.DisallowUnknownFields()
			if err := d.Decode(&v); err != nil {
				return fmt.Errorf("%s: %w", at, err)
			}
			if err := f(at, v); err != nil {
				return err
			}
		}
	}
	return nil
}
