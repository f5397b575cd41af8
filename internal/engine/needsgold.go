package engine

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"because"
	"because/internal/ingest"
	"because/internal/pack"
)

// A wanted is one constraint as annotated, with a reading of it that shares nothing with how texts are read.
type wanted struct {
	slot, value string // as annotated
	field       string
	low, high   *float64
	strict      bool
	word        string // key or the catalogue's word
}

// A needsRequest is what a traveller asked for until the guide named places of the kind.
type needsRequest struct {
	dialogue, kind string
	said           []string // the traveller's turns that ask for places of the kind
	wants          []wanted
	named          []string // the places that the guide named
}

// fieldsOf are the fields of annotated slots.
var fieldsOf = map[string]string{"人均消费": "spend", "评分": "rating", "门票": "ticket", "价格": "price", "游玩时间": "visit", "酒店类型": "class", "推荐菜": "dishes"}

// requests cuts dialogues into requests. What was asked of a kind counts until the guide names places of it.
func requests(dialogues []ingest.Dialogue, p *pack.Pack) []needsRequest {
	var out []needsRequest
	for _, d := range dialogues {
		open := map[string]*needsRequest{}
		last := map[string]string{} // the place of each kind that was spoken of last
		for _, t := range d.Turns {
			if t.Guide {
				for _, kind := range []string{"景点", "酒店", "餐馆"} {
					var named []string
					for _, id := range t.Named() {
						if strings.HasPrefix(id, ingest.PlaceKinds[kind]+":") {
							named = append(named, id)
							last[kind] = strings.TrimPrefix(id, ingest.PlaceKinds[kind]+":")
						}
					}
					if r := open[kind]; r != nil && len(named) > 0 {
						if r.named = named; len(r.wants) > 0 {
							out = append(out, *r)
						}
						delete(open, kind)
					}
				}
				continue
			}
			heard := map[string]bool{}
			for _, a := range t.Acts {
				if a.Slot == "名称" && a.Intent == "Inform" && a.Value != "" {
					last[a.Kind] = a.Value
				}
			}
			for _, a := range t.Acts {
				asks := a.Intent == "Inform" && a.Slot != "名称" || a.Intent == "Request" && a.Slot == "名称" || a.Intent == "Select"
				if ingest.PlaceKinds[a.Kind] == "" || !asks {
					continue
				}
				r := open[a.Kind]
				if r == nil {
					r = &needsRequest{dialogue: d.ID, kind: a.Kind}
					open[a.Kind] = r
				}
				if !heard[a.Kind] {
					heard[a.Kind] = true
					r.said = append(r.said, t.Text)
				}
				w, ok := gold(a, p, last)
				if ok && w.low != nil || ok && w.high != nil || ok && w.field == "class" { // the last word counts
					r.wants = slices.DeleteFunc(r.wants, func(o wanted) bool { return o.field == w.field })
				}
				if ok && !slices.ContainsFunc(r.wants, func(o wanted) bool { return o.slot == w.slot && o.value == w.value }) {
					r.wants = append(r.wants, w)
				}
			}
		}
	}
	return out
}

var amount = regexp.MustCompile(`[0-9.]+`)

// gold reads an annotated act.
func gold(a ingest.Act, p *pack.Pack, last map[string]string) (wanted, bool) {
	w := wanted{slot: a.Slot, value: a.Value, field: fieldsOf[a.Slot]}
	offer, isOffer := strings.CutPrefix(a.Slot, "酒店设施-")
	switch {
	case a.Intent == "Select":
		w.slot, w.value, w.field, w.word = "周边", last[a.Value], "around", last[a.Value]
		return w, w.word != ""
	case a.Intent != "Inform":
		return w, false
	case isOffer:
		w.field, w.word = "facilities", offer
		if k, ok := p.Key(offer); ok {
			w.word = k
		}
		return w, a.Value == "是"
	case w.field == "class":
		if w.word = a.Value; true {
			if k, ok := p.Key(a.Value); ok {
				w.word = k
			}
		}
		return w, true
	case w.field == "dishes":
		w.word = a.Value
		return w, a.Value != ""
	case w.field == "":
		return w, false
	}
	return w, w.number(a.Value)
}

// number reads an annotated number: 100-150元, 4.5分以上, 免费, 3小时 - 4小时, 12小时 - 3天.
func (w *wanted) number(s string) bool {
	zero := 0.
	switch s {
	case "免费":
		w.low, w.high = &zero, &zero
		return true
	case "不免费":
		w.low, w.strict = &zero, true
		return true
	}
	var ns []float64
	for _, part := range strings.Split(s, "-") {
		x, err := strconv.ParseFloat(amount.FindString(part), 64)
		if err != nil {
			return false
		}
		if strings.Contains(part, "天") {
			x *= 24
		}
		ns = append(ns, x)
	}
	switch {
	case len(ns) == 2:
		w.low, w.high = &ns[0], &ns[1]
	case strings.Contains(s, "以上"):
		w.low = &ns[0]
	case strings.Contains(s, "以下"):
		w.high = &ns[0]
	default:
		w.low, w.high = &ns[0], &ns[0]
	}
	return len(ns) <= 2
}

var (
	freeSaid   = regexp.MustCompile(`免费|免票|免门票`)
	freeDenied = regexp.MustCompile(`(不|非|别|不要|不是|无需|不用|不必)[^，。！？]{0,2}(免费|免票|免门票)`)
	unitsOf    = map[string]string{"rating": `分`, "spend": `(?:元|块)`, "price": `(?:元|块)`, "ticket": `(?:元|块)`, "visit": `(?:个?小时|天)`}
)

// belied reports whether the traveller said another thing than what was annotated of it: free, where it is to be not free;
// only other numbers of its unit; the other side of the number. An annotation tells what the traveller was to ask for,
// and travellers misspoke: some put it right in their next turn.
func (w *wanted) belied(said string) bool {
	unit := unitsOf[w.field]
	if w.word != "" || unit == "" {
		return false
	}
	free, denied := len(freeSaid.FindAllString(said, -1)), len(freeDenied.FindAllString(said, -1))
	switch w.value {
	case "免费":
		return free > 0 && free == denied
	case "不免费":
		return free > 0 && denied == 0
	}
	numbers := amount.FindAllString(w.value, -1)
	among := func(xs []string) bool {
		return slices.ContainsFunc(xs, func(x string) bool { return slices.Contains(numbers, x) })
	}
	var told []string
	for _, m := range regexp.MustCompile(`([0-9.]+)(?:`+unit+`?\s*[-~～到至、]\s*([0-9.]+))?\s*`+unit).FindAllStringSubmatch(said, -1) {
		told = append(told, m[1:]...)
	}
	if len(told) > 0 && !among(told) {
		return true
	}
	over, under := false, false
	for _, x := range numbers {
		x = regexp.QuoteMeta(x) + `\s*` + unit + `?`
		over = over || regexp.MustCompile(x+`(以上|之上|起)|(至少|不低于|高于|超过)`+x).MatchString(said)
		under = under || regexp.MustCompile(x+`(以下|以内|之内|之下|一下)|(至多|最多|不高于|低于|不超过)`+x).MatchString(said)
	}
	return strings.Contains(w.value, "以上") && under && !over || strings.Contains(w.value, "以下") && over && !under
}

// holds says of a place whether a constraint is satisfied; known is false where the catalogue has no telling.
func (w *wanted) holds(it because.Item) (ok, known bool) {
	v, has := it.Attributes[w.field]
	if w.word != "" {
		return v.Is(w.word) || w.field == "dishes" && it.Attributes["tags"].Is(w.word), true
	}
	low, high := it.Price, it.Price
	if w.field != "price" {
		if !has || v.Number == nil {
			return false, false
		}
		low, high = *v.Number, *v.Number
		if to := it.Attributes["visit_most"]; w.field == "visit" && to.Number != nil {
			high = *to.Number
		}
	} else if it.Price == 0 {
		return false, false
	}
	if w.strict {
		return low > *w.low, true
	}
	return (w.low == nil || low >= *w.low) && (w.high == nil || high <= *w.high), true
}

// canonical is a constraint in words, for asking with the annotation instead of what was said.
func (w *wanted) canonical() string {
	switch {
	case strings.HasPrefix(w.slot, "酒店设施-"):
		return "有" + strings.TrimPrefix(w.slot, "酒店设施-")
	case w.field == "around":
		return w.value + "附近"
	case w.field == "dishes":
		return "想吃" + w.value
	case w.field == "class":
		return w.value
	}
	return w.slot + w.value
}
