package because

import (
	"encoding/json"
	"strconv"
)

// A Value is what an attribute or a profile field holds: a number with its unit, words, or yes and no. Exactly one of
// the three is set.
type Value struct {
	Number *float64
	Unit   string   // of a number, a unit key of the pack: "h", "g", "CNY"; empty when the field's own unit is meant
	Words  []string // vocabulary keys of the pack, or the site's own words
	Flag   *bool
}

// Num is a number in unit.
func Num(x float64, unit string) Value { return Value{Number: &x, Unit: unit} }

// Words is a value of one or more words.
func Words(w ...string) Value { return Value{Words: w} }

// Flag is yes or no.
func Flag(b bool) Value { return Value{Flag: &b} }

// IsZero reports whether the value holds nothing.
func (v Value) IsZero() bool { return v.Number == nil && v.Flag == nil && len(v.Words) == 0 }

// Is reports whether the value is yes, or holds word.
func (v Value) Is(word string) bool {
	if v.Flag != nil {
		return *v.Flag && word == "true" || !*v.Flag && word == "false"
	}
	for _, w := range v.Words {
		if w == word {
			return true
		}
	}
	return false
}

type numberWithUnit struct {
	Value *float64 `json:"value"`
	Unit  string   `json:"unit,omitempty"`
}

// MarshalJSON writes 14, {"value": 14, "unit": "h"}, "steel", ["steel", "glass"] or true.
func (v Value) MarshalJSON() ([]byte, error) {
	switch {
	case v.Number != nil && v.Unit != "":
		return json.Marshal(numberWithUnit{v.Number, v.Unit})
	case v.Number != nil:
		return strconv.AppendFloat(nil, *v.Number, 'f', -1, 64), nil
	case v.Flag != nil:
		return json.Marshal(*v.Flag)
	case len(v.Words) == 1:
		return json.Marshal(v.Words[0])
	}
	return json.Marshal(v.Words)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Value) UnmarshalJSON(b []byte) error {
	*v = Value{}
	switch b[0] {
	case '"':
		v.Words = make([]string, 1)
		return json.Unmarshal(b, &v.Words[0])
	case '[':
		return json.Unmarshal(b, &v.Words)
	case 't', 'f':
		return json.Unmarshal(b, &v.Flag)
	case '{':
		var n numberWithUnit
		err := json.Unmarshal(b, &n)
		v.Number, v.Unit = n.Value, n.Unit
		return err
	}
	return json.Unmarshal(b, &v.Number)
}
