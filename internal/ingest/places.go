package ingest

import (
	"encoding/json/jsontext"
	json "encoding/json/v2"
	"io"
	"slices"
	"strconv"
	"strings"

	"because"
	"because/internal/pack"
)

// placeDomain is the domain of places.
const placeDomain = "travel"

// PlaceKinds are the categories of places by what the catalogue of CrossWOZ (Zhu et al. 2020) calls them.
var PlaceKinds = map[string]string{"景点": "sight", "酒店": "city_hotel", "餐馆": "restaurant"}

// PlaceID is the ID of a place: names are unique within a kind only.
func PlaceID(kind, name string) string { return PlaceKinds[kind] + ":" + strings.TrimSpace(name) }

// places makes a part of a file of such a catalogue, by its name. Stops of the metro are attributes of the places, so
// the file that lists them alone holds nothing of its own.
func places(stem, ext string, p *part) bool {
	switch {
	case ext == "json" && slices.Contains([]string{"attraction_db", "hotel_db", "restaurant_db"}, stem):
		p.kind, p.format = kindItems, "crosswoz"
	case dialogueFile(stem, ext):
		p.kind, p.format = kindInteractions, "crosswoz"
	default:
		return false
	}
	return true
}

// A place is one entry of the catalogue.
type place struct {
	Kind     string   `json:"领域"`
	Name     string   `json:"名称"`
	Class    string   `json:"酒店类型"`
	Address  string   `json:"地址"`
	Stop     string   `json:"地铁"`
	Phone    string   `json:"电话"`
	Hours    string   `json:"营业时间"`
	Offers   []string `json:"酒店设施"`
	Dishes   []string `json:"推荐菜"`
	Price    *float64 `json:"价格"`
	Spend    *float64 `json:"人均消费"`
	Ticket   *float64 `json:"门票"`
	Rating   *float64 `json:"评分"`
	Visit    string   `json:"游玩时间"`
	Sights   []string `json:"周边景点"`
	Eateries []string `json:"周边餐馆"`
	Hotels   []string `json:"周边酒店"`
}

// placeRows reads a list of [name, place].
type placeRows struct {
	d    *jsontext.Decoder
	pack *pack.Pack
	lang because.Lang
	n    int
}

func newPlaceRows(in *input, packs *pack.Set, lang because.Lang) *placeRows {
	return &placeRows{d: jsontext.NewDecoder(in.text, jsontext.AllowDuplicateNames(true)), pack: packs.Pack(placeDomain), lang: lang}
}

func (s *placeRows) columns() []string { return nil }

func (s *placeRows) next() (row, error) {
	if s.n == 0 {
		if t, err := s.d.ReadToken(); err != nil || t.Kind() != '[' {
			return row{}, io.ErrUnexpectedEOF
		}
	}
	if s.d.PeekKind() == ']' {
		return row{}, io.EOF
	}
	s.n++
	raw, err := s.d.ReadValue()
	if err != nil {
		return row{line: s.n}, err
	}
	x := row{line: s.n, raw: raw, object: true}
	var pair []jsontext.Value
	var p place
	if json.Unmarshal(raw, &pair) != nil || len(pair) != 2 || json.Unmarshal(pair[1], &p) != nil {
		return x, &badRow{because.Say(s.lang, "Not a place: a name and its attributes.")}
	}
	if PlaceKinds[p.Kind] == "" {
		return x, &badRow{because.Say(s.lang, "Not a place: a name and its attributes.")}
	}
	if x.raw, err = json.Marshal(s.item(p)); err != nil {
		return x, &badRow{because.Say(s.lang, "Not a place: a name and its attributes.")}
	}
	return x, nil
}

// item is a place as an item of the travel pack.
func (s *placeRows) item(p place) because.Item {
	it := because.Item{
		ID: PlaceID(p.Kind, p.Name), Domain: placeDomain, Name: because.Plain(strings.TrimSpace(p.Name)), Categories: []string{PlaceKinds[p.Kind]},
		Attributes: map[string]because.Value{},
	}
	number := func(field string, x *float64) {
		if x != nil {
			it.Attributes[field] = because.Num(*x, s.pack.Fields[field].Unit)
		}
	}
	number("rating", p.Rating)
	number("spend", p.Spend)
	number("ticket", p.Ticket)
	if p.Price != nil {
		it.Price, it.Currency = *p.Price, "CNY"
	}
	if low, high, ok := stay(p.Visit); ok {
		number("visit", &low)
		number("visit_most", &high)
	}
	words := func(field string, of ...string) {
		if of = distinct(of); len(of) > 0 {
			it.Attributes[field] = because.Words(of...)
		}
	}
	words("class", s.keys(p.Class)...)
	words("facilities", s.keys(p.Offers...)...)
	words("dishes", slices.DeleteFunc(slices.Clone(p.Dishes), label)...)
	words("tags", slices.DeleteFunc(slices.Clone(p.Dishes), func(w string) bool { return !label(w) })...)
	words("stop", p.Stop)
	words("hours", p.Hours)
	words("address", p.Address)
	words("phone", p.Phone)
	words("around", slices.Concat(p.Sights, p.Eateries, p.Hotels)...)
	return it
}

// label reports whether a dish of the catalogue is none, but says what sort of restaurant serves it.
func label(w string) bool {
	return slices.Contains([]string{"老字号", "美食林风味", "美食林臻选", "当地口味", "当地必吃", "特色小吃", "老建筑餐厅", "深夜营业", "其他"}, strings.TrimSpace(w))
}

// keys are the pack's words for some of the catalogue's.
func (s *placeRows) keys(words ...string) []string {
	var out []string
	for _, w := range words {
		if k, ok := s.pack.Key(strings.TrimSpace(w)); ok {
			w = k
		}
		out = append(out, w)
	}
	return out
}

// distinct are words that are not blank, each once.
func distinct(words []string) []string {
	var out []string
	for _, w := range words {
		if w = strings.TrimSpace(w); w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// stay reads how long a visit takes, in hours: 2小时, 0.5小时 - 1小时, 12小时 - 3天. One of no length is unknown.
func stay(s string) (low, high float64, ok bool) {
	from, to, ranged := strings.Cut(s, "-")
	if !ranged {
		to = from
	}
	low, a := hours(from)
	high, b := hours(to)
	return low, high, a && b && high > 0
}

func hours(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	digits, factor := strings.TrimSuffix(s, "小时"), 1.
	if digits == s {
		digits, factor = strings.TrimSuffix(s, "天"), 24
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	return x * factor, err == nil && digits != s && x >= 0
}
