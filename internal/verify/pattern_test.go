package verify

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"because"
	"because/internal/pack"
	"because/internal/text"
)

var now = time.Date(2026, 8, 19, 12, 0, 0, 0, time.UTC) // a Wednesday

func ago(days float64) time.Time { return now.Add(-time.Duration(days * 24 * float64(time.Hour))) }

func name(s string) because.Slot { return because.Slot{Kind: because.NameSlot, Text: s} }
func word(s, ref string) because.Slot {
	return because.Slot{Kind: because.WordSlot, Text: s, Ref: ref}
}
func date(s string) because.Slot  { return because.Slot{Kind: because.DateSlot, Text: s} }
func quote(s string) because.Slot { return because.Slot{Kind: because.QuoteSlot, Text: s} }
func count(n int) because.Slot {
	return because.Slot{Kind: because.CountSlot, Text: fmt.Sprint(n), Number: float64(n)}
}
func number(s string, n float64, unit string) because.Slot {
	return because.Slot{Kind: because.NumberSlot, Text: s, Number: n, Unit: unit}
}

// leadOf is a plausible evidence of a kind.
func leadOf(kind because.EvidenceKind, lang because.Lang, sharedField string) because.Evidence {
	zh := lang == because.Chinese
	t := func(z, e string) string {
		if zh {
			return z
		}
		return e
	}
	when := date(t("上周", "last week"))
	hist, hist2 := name(t("星河", "Star River")), name(t("海雾", "Sea Fog"))
	shared := word(t("林川", "Lin Chuan"), sharedField)
	e := because.Evidence{ID: "e1", Kind: kind, Share: .5, At: ago(6)}
	if kind == because.PriceKind || kind == because.Trend { // an older one may not be said
		e.At = now
	}
	s := map[string]because.Slot{}
	switch kind {
	case because.Bought, because.Carted, because.Viewed:
		s = map[string]because.Slot{"hist": hist, "hist2": hist2, "when": when, "shared": shared, "count": count(3)}
	case because.Rated:
		s = map[string]because.Slot{"hist": hist, "rating": number(t("9 分", "9 out of 10"), 9, ""), "when": when, "shared": shared}
	case because.Searched:
		s = map[string]because.Slot{"query": quote(t("长续航 手表", "long battery watch")), "when": when, "shared": shared}
	case because.Habit:
		s = map[string]because.Slot{"category": word(t("惊悚片", "thrillers"), "thriller"), "count": count(6), "period": date(t("近 30 天", "the last 30 days"))}
	case because.Shared:
		e.Ref = sharedField
		s = map[string]because.Slot{"hist": hist, "hist2": hist2, "shared": shared, "count": count(2)}
	case because.Profile:
		e.Ref = "interests"
		s = map[string]because.Slot{"value": word(t("惊悚片", "thrillers"), "thriller"), "label": word(t("兴趣", "interests"), ""), "shared": shared}
	case because.Need:
		e.Ref = sharedField
		s = map[string]because.Slot{"need": quote(t("离地铁近", "near the metro")), "unmet": quote(t("安静", "quiet")), "value": word(t("林川", "Lin Chuan"), "")}
	case because.InContext:
		s = map[string]because.Slot{"moment": date(t("工作日早上", "on weekday mornings")), "category": word(t("科技新闻", "tech news"), "tech"), "count": count(8)}
	case because.Fit:
		e.Ref = sharedField
		s = map[string]because.Slot{"value": number(t("120 分钟", "120 minutes"), 120, "min"), "own": number(t("100 到 130 分钟", "100 to 130 minutes"), 0, "min")}
	case because.PriceKind:
		s = map[string]because.Slot{"price": number(t("299 元", "¥299"), 299, "CNY"), "low": number(t("200 元", "¥200"), 200, "CNY"), "high": number(t("400 元", "¥400"), 400, "CNY"), "was": number(t("399 元", "¥399"), 399, "CNY")}
	case because.Trend:
		e.Ref = "price"
		s = map[string]because.Slot{"change": number("2.1%", -2.1, "percent"), "period": date(t("近 30 天", "the last 30 days")), "value": number(t("299 元", "¥299"), 299, "CNY")}
	case because.NewItem:
		s = map[string]because.Slot{"when": date(t("3 天前", "3 days ago"))}
		e.At = ago(3)
	case because.ReviewKind:
		s = map[string]because.Slot{"phrase": quote(t("看一眼就明白", "clear at a glance")), "who": word(t("常客", "a regular"), ""), "count": count(12)}
	case because.Versus:
		e.Ref = sharedField
		s = map[string]because.Slot{"hist": hist, "value": number(t("120 分钟", "120 minutes"), 120, "min"), "other": number(t("150 分钟", "150 minutes"), 150, "min"), "diff": number(t("30 分钟", "30 minutes"), 30, "min")}
	case because.Neighbours:
		s = map[string]because.Slot{"hist": hist, "people": count(312), "share": number("34%", 34, "percent")}
	case because.Popular:
		s = map[string]because.Slot{"category": word(t("惊悚片", "thrillers"), "thriller"), "count": count(1280), "period": date(t("本周", "this week")), "rank": number(t("3", "3rd"), 3, "place")}
	case because.Caller:
		s = map[string]because.Slot{"label": quote(t("买过同款", "bought it before"))}
	case because.Attribute, because.Drawback:
		e.Ref = sharedField
		s = map[string]because.Slot{"value": word(t("林川", "Lin Chuan"), "")}
	}
	e.Slots = s
	return e
}

// filler fills the holes of patterns as a generator would.
type filler struct {
	p     *pack.Pack
	lang  because.Lang
	slots map[string]string
	ev    []because.Evidence
	full  bool
}

func (f *filler) render(parts []pack.Part) (string, bool) {
	var b strings.Builder
	for _, p := range parts {
		switch {
		case p.Optional != nil:
			if s, ok := f.render(p.Optional); ok && f.full {
				b.WriteString(s)
			}
		case p.Hole != "":
			s, ok := f.slots[p.Hole]
			if !ok {
				return "", false
			}
			b.WriteString(s)
		default:
			b.WriteString(p.Text)
		}
	}
	return b.String(), true
}

// predicate fills the first pattern of a field.
func predicate(patterns []string, value string, more map[string]string) (string, bool) {
	if len(patterns) == 0 {
		return "", false
	}
	s := strings.ReplaceAll(patterns[0], "{value}", value)
	for k, v := range more {
		s = strings.ReplaceAll(s, "{"+k+"}", v)
	}
	return s, !strings.ContainsAny(s, "{}[]")
}

// newFiller gathers a lead with everything that may support it.
func newFiller(p *pack.Pack, lang because.Lang, kind because.EvidenceKind, sharedField string, full bool) *filler {
	lead := leadOf(kind, lang, sharedField)
	f := &filler{p: p, lang: lang, slots: map[string]string{}, ev: []because.Evidence{lead}, full: full}
	for k, s := range lead.Slots {
		f.slots[k] = s.Text
	}
	if kind == because.Caller {
		f.slots["label"] = map[because.Lang]string{because.Chinese: "「买过同款」", because.English: "“bought it before”"}[lang]
	}
	it := p.It[lang][0]
	f.slots["it"], f.slots["It"] = it, strings.ToUpper(it[:1])+it[1:]
	f.slots["name"] = map[because.Lang]string{because.Chinese: "长夜", because.English: "Long Night"}[lang]
	f.slots["measure"] = "部"
	fld := p.Fields[sharedField]
	if s, ok := predicate(fld.Shared[lang], lead.Slots["shared"].Text, nil); ok && lead.Slots["shared"].Text != "" {
		f.slots["shared"], f.slots["shared_pred"], f.slots["common"] = s, s, lead.Slots["shared"].Text
	} else {
		delete(f.slots, "shared")
	}
	fact := func(hole, id, field, value string) {
		if s, ok := predicate(p.Fields[field].Say[lang], value, nil); ok {
			f.slots[hole] = s
			f.ev = append(f.ev, because.Evidence{ID: id, Kind: because.Attribute, Ref: field, Slots: map[string]because.Slot{"value": {Kind: because.WordSlot, Text: value}}})
		}
	}
	if lang == because.Chinese {
		fact("fact", "e2", "length", "96 分钟")
		fact("fact2", "e3", "country", "冰岛")
	} else {
		fact("fact", "e2", "length", "96 minutes")
		fact("fact2", "e3", "country", "Iceland")
	}
	weak := map[because.Lang]string{because.Chinese: "评分只有6.1", because.English: "is rated only 6.1"}[lang]
	if s, ok := predicate(p.Fields["rating"].Weak[lang], "6.1", nil); ok {
		weak = s
	}
	f.slots["but"] = weak
	f.ev = append(f.ev, because.Evidence{ID: "e4", Kind: because.Drawback, Ref: "rating", Slots: map[string]because.Slot{"value": number("6.1", 6.1, "")}})
	extra := leadOf(because.ReviewKind, lang, sharedField)
	extra.ID, extra.Share = "e5", 0
	f.slots["extra"] = map[because.Lang]string{because.Chinese: "有人说「看一眼就明白」", because.English: ""}[lang]
	if f.slots["extra"] == "" {
		delete(f.slots, "extra")
	}
	if f.slots["extra"] != "" && kind != because.ReviewKind {
		f.ev = append(f.ev, extra)
	}
	if kind == because.Trend {
		if s, ok := predicate(p.Series["price"].Down[lang], f.ev[0].Slots["value"].Text, map[string]string{"period": f.slots["period"], "change": f.slots["change"]}); ok {
			f.slots["extra"] = s
		}
	}
	if kind == because.Versus {
		if s := f.ev[0].Slots; fld.Better != "less" { // it is ahead
			s["value"], s["other"] = s["other"], s["value"]
			f.slots["value"], f.slots["other"] = s["value"].Text, s["other"].Text
		}
		if s, ok := predicate(fld.Ahead[lang], "", map[string]string{"hist": f.slots["hist"], "diff": f.slots["diff"]}); ok {
			f.slots["better"] = s
		}
	}
	if kind == because.Drawback {
		f.ev[0], f.ev = f.ev[len(f.ev)-1], f.ev[:len(f.ev)-1]
	}
	return f
}

// TestPatterns holds the verifier to the packs: a text that people wrote, filled from evidence, passes as it is.
func TestPatterns(t *testing.T) {
	set := pack.Builtin()
	v := New(set)
	total, failed, changed := 0, 0, 0
	for _, domain := range set.Domains() {
		p := set.Pack(domain)
		for _, lang := range because.Langs {
			for _, kind := range sortedKinds(p.Lead[lang]) {
				field := "director"
				if kind == because.Versus || kind == because.Fit {
					field = "length"
				}
				for _, style := range because.Styles {
					for _, pattern := range p.Lead[lang][kind][style] {
						parts, err := pack.ParsePattern(pattern)
						if err != nil {
							t.Fatal(err)
						}
						for _, full := range []bool{true, false} {
							f := newFiller(p, lang, kind, field, full)
							s, ok := f.render(parts)
							if !ok {
								continue
							}
							if lang == because.English {
								s = strings.ReplaceAll(strings.TrimSpace(capital(s)), ".  ", ". ")
							}
							s = strings.ReplaceAll(s, "也也", "也") // {it}也{shared}: whoever fills it takes care
							s = strings.ReplaceAll(s, "的的", "的")
							if p.Closes(because.Evidence{Kind: kind}) {
								if style == because.Push {
									continue // it is never said without the closing, and a push has none
								}
								s += map[because.Lang]string{because.English: " "}[lang] + p.Closing.In(lang)
							}
							if text.Runes(s) < shortest || strings.Contains(pattern, "since it {fact}") || strings.Contains(pattern, "since {it} {fact}") || strings.Contains(pattern, "all in the past") || strings.Contains(pattern, "must have suited") {
								continue
							}
							total++
							g := Given{Domain: domain, Lang: lang, Name: f.slots["name"], Evidence: f.ev, Need: f.slots["need"], Now: now}
							res := v.Verify(s, g)
							if res.OK && res.Verdict == because.Passed {
								continue
							}
							if res.OK {
								changed++
							} else {
								failed++
							}
							if failed+changed < 40 || os.Getenv("ALL") != "" {
								var bad []string
								for _, c := range v.Claims(s, g) {
									if c.Verdict != because.Supported {
										bad = append(bad, fmt.Sprintf("%s %s %q (%s)", c.Kind, c.Verdict, c.Text, c.Reason))
									}
								}
								t.Errorf("%s/%s/%s/%s %q\n  text   %s\n  became %s %v %s\n  bad    %s", domain, lang, kind, style, pattern, s, res.Text, res.Steps, res.Reason, strings.Join(bad, "; "))
							}
						}
					}
				}
			}
		}
	}
	t.Logf("%d texts, %d refused, %d changed", total, failed, changed)
	if total < 400 {
		t.Errorf("only %d texts", total)
	}
}

func sortedKinds(m map[because.EvidenceKind]map[because.Style][]string) []because.EvidenceKind {
	plain := map[string]bool{}
	for k := range m {
		plain[string(k)] = true
	}
	var out []because.EvidenceKind
	for _, k := range sorted(plain) {
		out = append(out, because.EvidenceKind(k))
	}
	return out
}
