package witness

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"because"
)

// A lexicon is what things are called in one domain.
type lexicon struct {
	words   map[because.Lang][]term // of attribute values and categories, the longest first
	fields  map[string]wording
	profile map[string]wording
	series  map[string]wording
	units   map[string]map[because.Lang][]string
	pairs   map[string]bool // two Han characters that stand side by side in a fixed wording
	ends    map[rune]bool   // Han characters that stand before a hole
	begins  map[rune]bool   // and after one
	latin   map[string]bool // words of the fixed English wordings
	labels  map[because.Lang][]term
	phrases map[because.Lang]string // all fixed wordings, in small letters
	forms   map[because.Lang][]form
	counted []string // measure words of the domain's categories: 家, 部
}

// A term is a wording and the key that it stands for.
type term struct {
	said string
	key  string
}

// learn takes in one wording.
func (w *World) learn(x wording) {
	if x.Kind == "use" {
		if w.uses[x.Domain] == nil {
			w.uses[x.Domain] = map[string]use{}
		}
		w.uses[x.Domain][x.Key] = use{x.Consent, x.Given}
		return
	}
	d := w.domains[x.Domain]
	if d == nil {
		d = &lexicon{
			words: map[because.Lang][]term{}, fields: map[string]wording{}, profile: map[string]wording{}, series: map[string]wording{},
			units: map[string]map[because.Lang][]string{}, pairs: map[string]bool{}, ends: map[rune]bool{}, begins: map[rune]bool{}, latin: map[string]bool{}, labels: map[because.Lang][]term{},
			phrases: map[because.Lang]string{}, forms: map[because.Lang][]form{},
		}
		w.domains[x.Domain] = d
	}
	switch x.Kind {
	case "word":
		if x.Measure != "" && !slices.Contains(d.counted, x.Measure) {
			d.counted = append(d.counted, x.Measure)
		}
		for lang, list := range x.Said {
			for _, s := range list {
				d.words[lang] = append(d.words[lang], term{s, x.Key})
			}
		}
	case "field":
		d.fields[x.Key] = x
	case "profile":
		d.profile[x.Key] = x
	case "series":
		d.series[x.Key] = x
	case "unit":
		d.units[x.Key] = x.Said
	case "phrase":
		for lang, list := range x.Said {
			d.phrases[lang] = strings.ToLower(strings.Join(list, "\n"))
		}
		for _, s := range x.Said[because.Chinese] {
			d.pair(s)
		}
		for _, s := range x.Said[because.English] {
			d.spell(s)
		}
	}
	if x.Kind == "field" || x.Kind == "profile" || x.Kind == "series" {
		for lang, list := range x.Said {
			for _, s := range list {
				d.labels[lang] = append(d.labels[lang], term{s, x.Key})
			}
		}
	}
}

// finish puts the longest wordings first, and fills the measure words of the domain into its wordings: they are not lent to
// others.
func (d *lexicon) finish() {
	for _, s := range plainWords {
		d.latin[s] = true
	}
	for _, s := range plainHan {
		d.pair(s)
	}
	for said := range strings.Lines(d.phrases[because.Chinese]) {
		for _, m := range d.counted {
			if strings.Contains(said, "{measure}") {
				d.pair(strings.ReplaceAll(strings.TrimSpace(said), "{measure}", m))
			}
		}
	}
	for _, lang := range because.Langs {
		d.forms[lang] = d.shapes(lang)
	}
	for _, m := range []map[because.Lang][]term{d.words, d.labels} {
		for lang := range m {
			slices.SortFunc(m[lang], func(a, b term) int {
				return cmp.Or(len(b.said)-len(a.said), strings.Compare(a.said, b.said), strings.Compare(a.key, b.key))
			})
		}
	}
}

var hole = regexp.MustCompile(`\{[a-z0-9_]+\}|[\[\]]`)

// pair learns which Han characters stand side by side in a wording.
func (d *lexicon) pair(s string) {
	for _, part := range hole.Split(s, -1) {
		r := []rune(part)
		if len(r) > 0 {
			d.begins[r[0]], d.ends[r[len(r)-1]] = true, true
		}
		for i := 0; i+1 < len(r); i++ {
			if unicode.Is(unicode.Han, r[i]) && unicode.Is(unicode.Han, r[i+1]) {
				d.pairs[string(r[i:i+2])] = true
			}
		}
	}
}

var latinWord = regexp.MustCompile(`[A-Za-z][A-Za-z'’]*`)

// spell learns the words of an English wording.
func (d *lexicon) spell(s string) {
	for _, w := range latinWord.FindAllString(hole.ReplaceAllString(s, " "), -1) {
		d.latin[spelt(w)] = true
	}
}

// spelt is a word as it is looked up.
func spelt(w string) string {
	return strings.TrimSuffix(strings.TrimRight(strings.ReplaceAll(strings.ToLower(w), "’", "'"), "'"), "'s")
}

// plainHan are wordings that every text may use: how a fact is told without any pattern.
var plainHan = []string{
	"你买了", "你把它加进了购物车", "你看过", "你给它打了分", "你搜过", "共同点", "你的记录里有", "次", "你接触过的里面有", "样和它有共同点", "比如", "和",
	"你在里填了", "您在里填了", "有这一点", "价格", "你看过的在到之间", "你买过的在", "此前", "新到", "的短处是", "这里", "看过的人里", "有人也看了这个", "里排第",
	"属于", "升了", "降了", "到", "没有用到你的记录", "以前", "今天", "昨天", "上周", "上个月", "到目前为止", "近一年", "早上", "中午", "下午", "晚上", "深夜",
	"工作日", "周末", "在手机上", "用手机", "用平板", "在平板上", "在电脑前", "在电视上", "在家时", "上班时", "通勤路上", "在外面时", "百分点", "因为", "另外",
}

// silence are sentences that claim nothing.
var silence = map[because.Lang][]string{
	because.Chinese: {"这一条暂时说不出特别的缘由，放在这里供参考"},
	because.English: {"There is no particular reason to give for this one"},
}

// plainWords are the English counterparts of plainHan.
var plainWords = strings.Fields(`you your bought put in cart looked at gave out of searched for turned to times common the last days year items that
	know share this with it such as and under has costs cost what before a weak point of is its here difference those who people too ranks among belongs
	went up down over today yesterday week month ago so far nothing about was used on weekday weekdays weekend weekends mornings afternoons evenings noon
	morning afternoon evening late night phone tablet computer tv home work commute when are came percentage points also because january february march
	april may june july august september october november december an one not no s there's it's`)
