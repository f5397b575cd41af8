package ingest

import (
	"encoding/json/jsontext"
	json "encoding/json/v2"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"because"
)

// A Dialogue is a traveller's conversation with a guide who knows the catalogue, with what was annotated of it.
type Dialogue struct {
	ID    string
	Turns []Turn
}

// A Turn is what one of the two said.
type Turn struct {
	Guide bool
	Text  string
	Acts  []Act
}

// An Act is one thing that a turn does, as annotated: the traveller informs of the rating of a hotel, the guide
// recommends one by its name.
type Act struct{ Intent, Kind, Slot, Value string }

// dialogueFile reports whether a file holds dialogues, by its name.
func dialogueFile(stem, ext string) bool {
	stem = strings.TrimSuffix(stem, ".json")
	return (ext == "json" || ext == "zip") && (stem == "train" || stem == "val" || stem == "test")
}

// hasPlaces reports whether a folder holds a catalogue of places.
func hasPlaces(names []string) bool {
	for _, n := range names {
		if stem, ext := split(n); stem == "attraction_db" && ext == "json" {
			return true
		}
	}
	return false
}

// Dialogues reads the dialogues of a folder in the order of its files.
func Dialogues(dir string) ([]Dialogue, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, because.Errorf(because.ErrInvalid, "The folder %s cannot be read. Check its permissions.", dir)
	}
	var out []Dialogue
	for _, e := range entries {
		if stem, ext := split(e.Name()); e.IsDir() || !dialogueFile(stem, ext) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		in, err := open(&Options{}, path)
		if err != nil {
			return nil, err
		}
		d := newDialogues(in)
		for {
			one, err := d.read()
			if err == io.EOF {
				break
			}
			if err != nil {
				in.close()
				return nil, fmt.Errorf("read %s: %w (%w)", path, because.Errorf(because.ErrInvalid, "%s holds no dialogues that can be read.", e.Name()), err)
			}
			out = append(out, one)
		}
		in.close()
	}
	if len(out) == 0 {
		return nil, because.Errorf(because.ErrNotFound, "The folder %s holds no dialogues (train, val or test .json, zipped or not).", dir)
	}
	return out, nil
}

// dialogues reads an object of dialogues by their IDs, one after another.
type dialogues struct {
	d       *jsontext.Decoder
	started bool
}

func newDialogues(in *input) *dialogues {
	return &dialogues{d: jsontext.NewDecoder(in.text, jsontext.AllowDuplicateNames(true))}
}

func (s *dialogues) read() (Dialogue, error) {
	var x Dialogue
	if !s.started {
		if t, err := s.d.ReadToken(); err != nil || t.Kind() != '{' {
			return x, io.ErrUnexpectedEOF
		}
		s.started = true
	}
	if s.d.PeekKind() == '}' {
		return x, io.EOF
	}
	id, err := s.d.ReadToken()
	if err != nil {
		return x, err
	}
	x.ID = id.String()
	var said struct {
		Messages []struct {
			Content string   `json:"content"`
			Role    string   `json:"role"`
			Acts    [][4]any `json:"dialog_act"`
		} `json:"messages"`
	}
	if err := json.UnmarshalDecode(s.d, &said); err != nil {
		return x, err
	}
	for _, m := range said.Messages {
		t := Turn{Guide: m.Role == "sys", Text: strings.TrimSpace(m.Content)}
		for _, a := range m.Acts {
			t.Acts = append(t.Acts, Act{fmt.Sprint(a[0]), fmt.Sprint(a[1]), fmt.Sprint(a[2]), strings.TrimSpace(fmt.Sprint(a[3]))})
		}
		x.Turns = append(x.Turns, t)
	}
	return x, nil
}

// A dialogueRows makes interactions of dialogues: a traveller's turn that asks for something is a search, a place that
// the guide names is one that the traveller was shown. Dialogues have no times, and none are made up.
type dialogueRows struct {
	dialogues
	n     int
	ahead []because.Interaction
}

func (s *dialogueRows) columns() []string { return nil }

func (s *dialogueRows) next() (row, error) {
	for len(s.ahead) == 0 {
		one, err := s.read()
		if err != nil {
			return row{line: s.n}, err
		}
		s.n++
		s.ahead = interactionsOf(one)
	}
	raw, err := json.Marshal(s.ahead[0])
	s.ahead = s.ahead[1:]
	return row{line: s.n, raw: raw, object: true}, err
}

func interactionsOf(d Dialogue) []because.Interaction {
	var out []because.Interaction
	user := "traveller-" + d.ID
	for n, t := range d.Turns {
		if !t.Guide && t.asks() {
			out = append(out, because.Interaction{ID: fmt.Sprintf("%s-%d", d.ID, n), User: user, Kind: because.Search, Query: t.Text, Session: d.ID})
			continue
		}
		for i, p := range t.Named() {
			out = append(out, because.Interaction{ID: fmt.Sprintf("%s-%d-%d", d.ID, n, i), User: user, Item: p, Kind: because.View, Session: d.ID})
		}
	}
	return out
}

// asks reports whether a traveller's turn says what is looked for.
func (t Turn) asks() bool {
	for _, a := range t.Acts {
		if PlaceKinds[a.Kind] != "" && (a.Intent == "Inform" && a.Slot != "名称" || a.Intent == "Request" && a.Slot == "名称") {
			return true
		}
	}
	return false
}

// Named are the IDs of the places that a guide's turn offers, in its order.
func (t Turn) Named() []string {
	var out []string
	for _, a := range t.Acts {
		if t.Guide && PlaceKinds[a.Kind] != "" && a.Slot == "名称" && (a.Intent == "Inform" || a.Intent == "Recommend") && a.Value != "" {
			if id := PlaceID(a.Kind, a.Value); !contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}
