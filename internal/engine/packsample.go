package engine

import (
	"context"
	"maps"
	"slices"
	"strings"

	"because"
	"because/internal/generate"
	"because/internal/pack"
)

// A sample makes evidence for one piece of a pack, of the pack's own fields and words.
type sample struct {
	p     *pack.Pack
	lang  because.Lang
	piece pack.Piece
}

func (s sample) t(zh, en string) string {
	if s.lang == because.Chinese {
		return zh
	}
	return en
}

func (s sample) name() string { return s.t("山海笔记", "Aurora") }
func (s sample) need() string {
	return s.t("续航长一点，还要防水", "long battery, waterproof")
}

// carried is the kind of evidence that leads a text with a piece.
func carried(x pack.Piece) because.EvidenceKind {
	switch x.Role {
	case "weak", "lack":
		return because.Drawback
	case "shared":
		return because.Viewed
	case "ahead", "behind":
		return because.Versus
	case "below", "above", "else", "lacks", "untold", "several":
		return because.Need
	case "up", "down":
		return because.Trend
	case "say":
		return because.Attribute
	}
	if x.Style == "" { // a clause
		return because.Attribute
	}
	return x.Kind
}

// carrier is a plain pattern around a piece that is none itself.
func (s sample) carrier() string {
	out := ""
	switch s.piece.Role {
	case "say":
		out = s.t("{it}{fact}。", "{It} {fact}.")
	case "weak", "lack":
		out = s.t("{it}{fact}，不过{but}。", "{It} {fact}, though it {but}.")
	case "shared":
		out = s.t("你看过{hist}，{it}{shared}。", "You looked at {hist}; {it} {shared}.")
	case "ahead":
		out = s.t("和{hist}比，{it}{better}。", "Compared with {hist}, {it} {better}.")
	case "behind":
		out = s.t("和{hist}比，{it}{worse}。", "Compared with {hist}, {it} {worse}.")
	case "up", "down":
		out = s.t("{extra}。", "{extra}.")
	case "below", "above", "else", "lacks", "untold":
		out = s.t("照你的要求，{it}{met}，不过{misses}。", "Of what you asked for, {it} {met}; but it {misses}.")
	default:
		if pack.FillsExtra(s.piece.Kind) {
			out = s.t("{it}{fact}；{extra}。", "{It} {fact}; {extra}.")
		} else {
			out = s.t("{it}{fact}，{fact2}。", "{It} {fact} and {fact2}.")
		}
	}
	if s.p.Address != "" {
		out = strings.ReplaceAll(out, "你", s.p.Address)
	}
	return out
}

// unsaid is the text of sample evidence, which no pattern says: a draft that holds it was not written by the piece.
const unsaid = "###"

// write fills the piece and returns the text with its evidence; it reports whether the piece could be filled.
func (s sample) write(all *pack.Set, name string) (string, []because.Evidence, bool) {
	kind := carried(s.piece)
	t := generate.NewTemplate(all.Speaking(name, s.piece, kind, s.carrier()))
	style := s.piece.Style
	if style == "" {
		style = because.Detail
	}
	for variant := range 2 {
		evidence := s.evidence(kind, variant)
		for seed := range uint64(3) {
			ds, err := t.Draft(context.Background(), generate.Request{
				Domain: name, Name: s.name(), Category: s.category(), Lang: s.lang, Arm: because.Arm{Style: style, Lead: kind}, Evidence: evidence, Need: s.need(), Seed: seed, K: 1,
			})
			if err == nil && len(ds) > 0 && !strings.HasPrefix(ds[0].Text, unsaid) {
				return ds[0].Text, evidence, true
			}
		}
	}
	return "", nil, false
}

// evidence is the lead, with the facts, the extra and the drawback that may stand beside it; of a comparison the second
// variant falls behind, of a need it is a need of several things.
func (s sample) evidence(kind because.EvidenceKind, variant int) []because.Evidence {
	lead := s.of(kind, s.piece.Field)
	out := []because.Evidence{lead}
	add := func(e because.Evidence) {
		if !s.p.Kinds[e.Kind].Off && !slices.ContainsFunc(out, func(o because.Evidence) bool { return o.Kind == e.Kind && o.Ref == e.Ref }) {
			out = append(out, e)
		}
	}
	switch kind {
	case because.Versus:
		behind := s.of(kind, s.second(lead.Ref))
		if (s.piece.Role == "behind") == (variant == 0) {
			lead, behind = s.turned(lead), s.of(kind, behind.Ref)
			out[0] = lead
			add(behind)
		} else {
			add(s.turned(behind))
		}
	case because.Need:
		if variant == 1 || s.piece.Role != "" {
			out = s.several()
			break
		}
	}
	switch s.piece.Role {
	case "weak", "lack":
		add(s.of(because.Attribute, s.second(lead.Ref)))
		return numbered(out)
	case "":
	default:
		return numbered(out)
	}
	if s.piece.Style == "" { // a clause stands beside a fact
		add(s.of(s.piece.Kind, ""))
		return numbered(out)
	}
	f := s.second(lead.Ref)
	add(s.of(because.Attribute, f))
	if kind != because.Need || variant == 0 {
		add(s.of(because.Attribute, s.second(lead.Ref, f)))
	}
	if slices.Contains(pack.Holes(s.parts()), "extra") && kind != because.ReviewKind && kind != because.Trend {
		for _, k := range []because.EvidenceKind{because.ReviewKind, because.Popular, because.Profile} {
			if k != kind && !s.p.Kinds[k].Off {
				add(s.of(k, ""))
				break
			}
		}
	}
	if kind == because.Habit || kind == because.InContext || kind == because.Popular || kind == because.Attribute {
		add(s.of(because.Shared, ""))
	}
	add(s.of(because.Drawback, ""))
	return numbered(out)
}

func (s sample) parts() []pack.Part {
	parts, _ := pack.ParsePattern(s.piece.Text) // Check tells of one that does not parse
	return parts
}

func numbered(out []because.Evidence) []because.Evidence {
	for i := range out {
		out[i].ID = "e" + string(rune('1'+i))
	}
	return out
}

// of is a plausible evidence of a kind, on a field where one is named.
func (s sample) of(kind because.EvidenceKind, field string) because.Evidence {
	e := because.Evidence{Kind: kind, Text: unsaid, Share: .4, At: sampleDay.AddDate(0, 0, -6), Origin: "sample"}
	if kind == because.PriceKind || kind == because.Trend { // these expire
		e.At = sampleDay
	}
	word := func(zh, en string) because.Slot { return because.Slot{Kind: because.WordSlot, Text: s.t(zh, en)} }
	name := func(zh, en string) because.Slot { return because.Slot{Kind: because.NameSlot, Text: s.t(zh, en)} }
	date := func(zh, en string) because.Slot { return because.Slot{Kind: because.DateSlot, Text: s.t(zh, en)} }
	quote := func(zh, en string) because.Slot { return because.Slot{Kind: because.QuoteSlot, Text: s.t(zh, en)} }
	count := func(n int) because.Slot {
		return because.Slot{Kind: because.CountSlot, Text: s.p.Number(s.lang, float64(n), ""), Number: float64(n)}
	}
	money := func(x float64) because.Slot {
		return because.Slot{Kind: because.NumberSlot, Text: s.p.Number(s.lang, x, "CNY"), Number: x, Unit: "CNY"}
	}
	category := because.Slot{Kind: because.WordSlot, Text: s.p.Word(s.category(), s.lang), Ref: s.category()}
	if s.lang == because.English {
		category.Text = s.p.Plural(s.category())
	}
	hist, when := name("青川手记", "Halma"), date("上周", "last week")
	switch kind {
	case because.Bought, because.Carted, because.Viewed, because.Shared:
		e.Ref = "x1"
		e.Slots = map[string]because.Slot{"hist": hist, "hist2": name("远行", "Echo"), "when": when, "count": count(3), "shared": s.sharedValue(field)}
		if kind == because.Shared {
			e.Ref = e.Slots["shared"].Ref
			delete(e.Slots, "when")
		}
	case because.Rated:
		e.Ref = "x1"
		e.Slots = map[string]because.Slot{"hist": hist, "when": when, "rating": {Kind: because.NumberSlot, Text: s.t("9 分（满分 10 分）", "9 out of 10"), Number: 9, Unit: "point"}, "shared": s.sharedValue(field)}
	case because.Searched:
		e.Slots = map[string]because.Slot{"query": quote("长续航手表", "long battery"), "when": when, "shared": s.sharedValue(field)}
	case because.Habit:
		e.Ref = s.category()
		e.Slots = map[string]because.Slot{"category": category, "count": count(12), "period": date("近 30 天", "the last 30 days")}
	case because.Profile:
		e.Ref = s.profile()
		shared := s.sharedValue("")
		e.Slots = map[string]because.Slot{"value": {Kind: because.WordSlot, Text: shared.Text}, "label": {Kind: because.WordSlot, Text: s.p.FieldLabel(s.lang, e.Ref)}, "shared": shared}
	case because.Need:
		e.Ref, e.Slots = s.field(field, "say"), map[string]because.Slot{}
		e.Slots["need"], e.Slots["unmet"], e.Slots["value"] = quote("续航长一点", "long battery"), quote("防水", "waterproof"), s.value(e.Ref, "say")
	case because.InContext:
		e.Ref = s.category()
		e.Slots = map[string]because.Slot{"moment": date("工作日早上", "on weekday mornings"), "category": category, "count": count(12)}
	case because.Attribute:
		e.Ref, e.Share = s.field(field, "say"), 0
		e.Slots = map[string]because.Slot{"value": s.value(e.Ref, "say")}
	case because.Fit:
		e.Ref = s.number()
		v := s.value(e.Ref, "say")
		own := v
		own.Text = s.t("%s到%s", "%s to %s")
		own.Text = pack.Space(strings.Replace(strings.Replace(own.Text, "%s", s.p.Number(s.lang, v.Number*.9, v.Unit), 1), "%s", s.p.Number(s.lang, v.Number*1.1, v.Unit), 1))
		e.Slots = map[string]because.Slot{"value": v, "own": own}
	case because.Drawback:
		e.Ref, e.Share = s.weak(field), 0
		role := "weak"
		if len(s.p.Fields[e.Ref].Lack[s.lang]) > 0 {
			role = "lack"
		}
		e.Slots = map[string]because.Slot{"value": s.value(e.Ref, role)}
	case because.Versus:
		e.Ref = s.field(field, "ahead")
		v := s.value(e.Ref, "say")
		other, diff := v, v
		other.Number, diff.Number = v.Number*.75, v.Number*.25
		if s.p.Fields[e.Ref].Better == "less" {
			other.Number = v.Number * 1.25
		}
		other.Text, diff.Text = s.p.Number(s.lang, other.Number, v.Unit), s.p.Number(s.lang, diff.Number, v.Unit)
		e.Slots = map[string]because.Slot{"hist": hist, "value": v, "other": other, "diff": diff}
	case because.PriceKind:
		e.Ref = "price"
		e.Slots = map[string]because.Slot{"price": money(899), "low": money(700), "high": money(1200), "was": money(999)}
	case because.Trend:
		e.Ref = field
		if e.Ref == "" {
			e.Ref = s.series()
		}
		series := s.p.Series[e.Ref]
		x := 2.1
		if s.piece.Role == "down" || s.piece.Role == "" && len(series.Up[s.lang]) == 0 {
			x = -x
		}
		e.Slots = map[string]because.Slot{"period": date("近 30 天", "the last 30 days"),
			"change": {Kind: because.NumberSlot, Text: s.p.Number(s.lang, 2.1, "percent"), Number: x, Unit: "percent"},
			"value":  {Kind: because.NumberSlot, Text: s.p.Number(s.lang, 12, series.Unit), Number: 12, Unit: series.Unit}}
	case because.NewItem:
		e.Ref, e.At = "published", sampleDay.AddDate(0, 0, -3)
		e.Slots = map[string]because.Slot{"when": date("3 天前", "3 days ago")}
	case because.ReviewKind:
		e.Origin = "review:1"
		e.Slots = map[string]because.Slot{"phrase": quote("看一眼就明白", "clear at a glance"), "who": word("常客", "a regular"), "count": count(12)}
	case because.Neighbours:
		e.Ref = "x1"
		e.Slots = map[string]because.Slot{"hist": hist, "people": count(86), "share": {Kind: because.NumberSlot, Text: "31%", Number: 31, Unit: "percent"}}
	case because.Popular:
		e.Ref = s.category()
		e.Slots = map[string]because.Slot{"category": category, "count": count(86), "period": date("近 30 天", "the last 30 days"),
			"rank": {Kind: because.NumberSlot, Text: s.t("2", "2nd"), Number: 2, Unit: "place"}, "without": word("没有用到你的记录", "nothing about you was used")}
	case because.Caller:
		e.Origin = "caller"
		e.Slots = map[string]because.Slot{"label": quote("买过同款", "bought it before")}
	}
	switch kind {
	case because.Bought, because.Carted, because.Viewed, because.Rated, because.Searched:
		e.Origin = "interaction:1"
		e.Slots["without"] = because.Slot{Kind: because.ReplaySlot, Text: because.Say(s.lang, "without that it would rank %s", place(s.lang, 9)), Number: 9, Unit: "place"}
	}
	return e
}

// several are a need of two things, of which one is met and one is missed as the piece says.
func (s sample) several() []because.Evidence {
	how := s.piece.Role
	field := s.piece.Field
	if how == "several" || how == "" {
		how, field = "lacks", "_other"
	}
	met := s.of(because.Need, s.second(field))
	delete(met.Slots, "unmet")
	missed := because.Evidence{Kind: because.Need, Ref: field, Text: unsaid, Origin: "request", At: sampleDay, Slots: map[string]because.Slot{"unmet": {Kind: because.QuoteSlot, Text: s.t("防水", "waterproof")}}}
	if s.isWord(field) {
		missed.Slots["bound"] = because.Slot{Kind: because.WordSlot, Text: s.t("防水", "waterproof"), Ref: how}
		if how == "else" {
			missed.Slots["value"] = s.value(field, "say")
		}
	} else {
		v := s.value(field, "say")
		missed.Slots["value"] = v
		missed.Slots["bound"] = because.Slot{Kind: because.NumberSlot, Text: s.p.Number(s.lang, 2*v.Number, v.Unit), Number: 2 * v.Number, Unit: v.Unit, Ref: how}
	}
	if how == "untold" || how == "lacks" {
		delete(missed.Slots, "value")
	}
	return []because.Evidence{met, missed}
}

// turned is a comparison in which the item falls behind.
func (s sample) turned(e because.Evidence) because.Evidence {
	d, other := e.Slots["diff"], e.Slots["other"]
	d.Number, other.Number = -d.Number, 2*e.Slots["value"].Number-other.Number
	other.Text = s.p.Number(s.lang, other.Number, other.Unit)
	e.Slots["diff"], e.Slots["other"] = d, other
	return e
}

// value is what a field holds, as it is said.
func (s sample) value(field, role string) because.Slot {
	f := s.p.Fields[field]
	if s.isWord(field) {
		switch {
		case role == "lack":
			return because.Slot{Kind: because.WordSlot, Text: s.p.Value(s.lang, field, because.Flag(false))}
		case f.Until:
			return because.Slot{Kind: because.WordSlot, Text: s.p.Value(s.lang, field, because.Words("2027-03-31"))}
		case len(f.Lack[s.lang]) > 0 || len(f.Say[s.lang]) > 0 && !strings.Contains(strings.Join(f.Say[s.lang], ""), "{value}"):
			return because.Slot{Kind: because.WordSlot, Text: s.p.Value(s.lang, field, because.Flag(true))}
		}
		return because.Slot{Kind: because.WordSlot, Text: s.p.Word(s.word(), s.lang), Ref: s.word()}
	}
	x := max(14, f.AtLeast)
	switch {
	case (role == "weak" || role == "lack") && f.WeakAt != nil:
		x = *f.WeakAt
	case role != "weak" && f.Strong != nil:
		x = *f.Strong
	}
	if x == 0 {
		x = 1
	}
	return because.Slot{Kind: because.NumberSlot, Text: s.p.Value(s.lang, field, because.Num(x, "")), Number: x, Unit: f.Unit}
}

// isWord reports whether a field holds words, a day or a yes.
func (s sample) isWord(field string) bool {
	f := s.p.Fields[field]
	if field == "_other" && slices.Contains([]string{"ahead", "behind", "below", "above", "weak"}, s.piece.Role) {
		return false
	}
	return f.Unit == "" && f.Better == "" && f.Strong == nil && f.WeakAt == nil
}

// sharedValue is what an item of the reader's and this one have in common.
func (s sample) sharedValue(field string) because.Slot {
	if field == "" {
		field = s.first(func(f string) bool {
			return len(s.p.Fields[f].Shared[s.lang]) > 0 && s.isWord(f) && strings.Contains(strings.Join(s.p.Fields[f].Shared[s.lang], ""), "{value}")
		})
	}
	v := s.value(field, "say")
	v.Ref = field
	return v
}

// field is the one that is named, else the first that has wordings of a role.
func (s sample) field(field, role string) string {
	if field != "" {
		return field
	}
	return s.first(func(f string) bool {
		x := s.p.Fields[f]
		switch role {
		case "ahead":
			return len(x.Ahead[s.lang]) > 0 && len(x.Behind[s.lang]) > 0 && !s.isWord(f)
		}
		return len(x.Say[s.lang]) > 0 && !x.Aside
	})
}

// second is another field that can be said.
func (s sample) second(not ...string) string {
	return s.first(func(f string) bool {
		x := s.p.Fields[f]
		return len(x.Say[s.lang]) > 0 && len(x.Ahead[s.lang]) > 0 && !s.isWord(f) && !x.Aside && !slices.Contains(not, f)
	})
}

func (s sample) number() string {
	return s.first(func(f string) bool { return len(s.p.Fields[f].Say[s.lang]) > 0 && !s.isWord(f) })
}

func (s sample) weak(field string) string {
	if field != "" {
		return field
	}
	return s.first(func(f string) bool {
		x := s.p.Fields[f]
		return len(x.Weak[s.lang])+len(x.Lack[s.lang]) > 0 && !x.Until
	})
}

// first is the first field that fits; those that begin with _ are none of an item's.
func (s sample) first(fits func(string) bool) string {
	for _, f := range slices.Sorted(maps.Keys(s.p.Fields)) {
		if !strings.HasPrefix(f, "_") && fits(f) {
			return f
		}
	}
	return "category"
}

// word is a word of the pack that is no category.
func (s sample) word() string {
	best := ""
	for _, k := range slices.Sorted(maps.Keys(s.p.Words)) {
		if s.p.Words[k].Measure == "" {
			return k
		}
		best = k
	}
	return best
}

func (s sample) category() string {
	for _, k := range slices.Sorted(maps.Keys(s.p.Words)) {
		if s.p.Words[k].Measure != "" {
			return k
		}
	}
	return s.word()
}

func (s sample) series() string {
	for _, k := range slices.Sorted(maps.Keys(s.p.Series)) {
		if len(s.p.Series[k].Up[s.lang]) > 0 {
			return k
		}
	}
	return ""
}

// profile is a field that a reader may state and that may be said.
func (s sample) profile() string {
	for _, k := range slices.Sorted(maps.Keys(s.p.Profile)) {
		if !s.p.Profile[k].Sensitive {
			return k
		}
	}
	return ""
}
