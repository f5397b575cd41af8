package evidence

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"because"
	"because/internal/pack"
	"because/internal/text"
)

// Bounds of a quotable phrase, in Han characters and in English words, and how many reviews are quoted.
const (
	minHan, maxHan     = 5, 24
	minWords, maxWords = 3, 14
	maxReviews         = 3
	maxUnnamed         = 10 // of a phrase that praises an aspect without its name
)

// reviews are short phrases that reviewers wrote in the reader's language: whole clauses, favourable, and on something
// that the pack knows where there is such a one. What names or reaches somebody, what holds a number and what a rule of
// the pack forbids is not quoted. Where the pack reads aspects, nothing is quoted of one that its review does not praise on
// the whole, or that as many reviews blame as praise.
func (s *sight) reviews() []found {
	var out []found
	judged := make([]map[string]int, len(s.Reviews))
	standing := map[string]int{} // of each aspect: reviews that praise it less those that blame it
	for i, r := range s.Reviews {
		if r.Lang != "" && r.Lang != s.Lang {
			continue
		}
		clean, _ := text.Clean(r.Text)
		judged[i] = s.Pack.Judge(s.Lang, clean)
		for k, v := range judged[i] {
			standing[k] += v
		}
	}
	for i, r := range s.Reviews {
		if s.own(r) || r.Lang != "" && r.Lang != s.Lang || r.Rating > 0 && r.Rating < 4 {
			continue
		}
		praised := func(aspect string) bool { return judged[i][aspect] > 0 && standing[aspect] > 0 }
		out = append(out, s.phrases(r, praised)...)
	}
	slices.SortStableFunc(out, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.merit, a.merit), b.At.Compare(a.At), strings.Compare(a.Origin, b.Origin))
	})
	var kept []found
	for _, x := range out { // one for each thing that is said, so that two do not say the same
		if i := slices.IndexFunc(kept, func(k found) bool {
			return k.Ref != "" && k.Ref == x.Ref || text.Fold(k.Slots["phrase"].Text) == text.Fold(x.Slots["phrase"].Text)
		}); i < 0 && len(kept) < maxReviews {
			kept = append(kept, x)
		}
	}
	for _, x := range kept {
		if n := s.saying(x.Slots["phrase"].Text); n > 1 {
			x.Slots["count"] = s.count(n)
		}
	}
	return kept
}

// own reports whether the reader wrote a review.
func (s *sight) own(r because.Review) bool {
	return r.User != "" && len(s.History) > 0 && s.History[0].User == r.User
}

// saying counts the reviews that hold a phrase.
func (s *sight) saying(phrase string) int {
	n, key := 0, text.Fold(phrase)
	for _, r := range s.Reviews {
		if strings.Contains(text.Fold(r.Text), key) {
			n++
		}
	}
	return n
}

// phrases are the best clause of a review, and the best on another aspect.
func (s *sight) phrases(r because.Review, praised func(aspect string) bool) []found {
	clean, _ := text.Clean(r.Text)
	var all []found
	refused := slices.DeleteFunc(text.Sentences(clean), func(at [2]int) bool { return !text.Orders(text.Fold(clean[at[0]:at[1]])) })
	opinions := s.Pack.Opinions(s.Lang, clean)
	clauses := text.Clauses(clean)
	for _, o := range opinions { // reviewers part clauses by blanks too
		if c := [2]int{o.Start, o.End}; !slices.Contains(clauses, c) {
			clauses = append(clauses, c)
		}
	}
	for _, c := range clauses {
		overlaps := func(at [2]int) bool { return at[0] < c[1] && c[0] < at[1] }
		if slices.ContainsFunc(refused, overlaps) {
			continue // half an order is none, and nothing to quote
		}
		phrase := strings.Trim(clean[c[0]:c[1]], " \t\n\"'“”‘’「」『』。，！？,.!?;；:：、…~～-—")
		aspect, ok := aspectOf(opinions, c, praised)
		if !ok || aspect != "" && leansOn(phrase) || aspect == "" && len(opinions) > 0 {
			continue
		}
		field, merit, ok := s.quotable(phrase, aspect != "")
		if !ok {
			continue
		}
		if aspect != "" {
			field, merit = pack.AspectRef+aspect, merit+1
			switch {
			case slices.Contains(s.Pack.Named(s.Lang, phrase), aspect): // it tells what it praises
				merit++
			case text.Len(phrase) > maxUnnamed:
				continue // most of it is on something else
			}
			if slices.Contains(s.sought, aspect) {
				merit += 2
			}
		}
		if r.Rating >= 4 {
			merit += .5
		}
		if merit > 0 {
			all = append(all, found{Evidence: because.Evidence{
				Kind: because.ReviewKind, Origin: "review:" + r.ID, At: r.At, Ref: field,
				Slots: map[string]because.Slot{"phrase": {Kind: because.QuoteSlot, Text: phrase}},
				Text:  s.tidy(because.Say(s.Lang, "A review of %s says “%s”.", s.pad(s.name(s.Item)), phrase)),
			}, merit: merit})
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(b.merit, a.merit) })
	out := all[:min(1, len(all))]
	if i := slices.IndexFunc(all, func(x found) bool { return x.Ref != all[0].Ref && strings.HasPrefix(x.Ref, pack.AspectRef) }); i > 0 {
		out = append(slices.Clone(out), all[i])
	}
	return out
}

// aspectOf is the aspect that a clause praises, the one that it is most about; it reports false where the clause judges an
// aspect that is not praised, which half a sentence must not hide. A clause on no aspect has none; it
// is quoted of reviews only that judge no aspect at all.
func aspectOf(opinions []pack.Opinion, c [2]int, praised func(string) bool) (aspect string, ok bool) {
	for _, o := range opinions {
		if o.Start >= c[1] || c[0] >= o.End || o.Told {
			continue
		}
		if o.Polarity <= 0 || !praised(o.Aspect) {
			return "", false
		}
		if aspect == "" || o.Own && !slices.ContainsFunc(opinions, func(x pack.Opinion) bool { return x.Aspect == aspect && x.Start == o.Start && x.Own }) {
			aspect = o.Aspect
		}
	}
	return aspect, true
}

// leaning are words that tie a clause to another one, or set what is praised against something that is not told.
var leaning = []string{"因为", "所以", "虽然", "然后", "而且", "并且", "以及", "还有", "至于", "比如", "尤其", "特别是", "比", "以前", "以后", "上次", "当时", "曾经", "下次", "本来", "看评论", "朋友", "老公", "老婆", "孩子", "妈", "爸", "because", "although", "compared", "last time", "my friend"}

func leansOn(phrase string) bool { return holds(strings.ToLower(phrase), leaning) }

// quotable judges a clause: the field that it is about, and how much it is worth. One that praises an aspect needs no
// other praise.
func (s *sight) quotable(phrase string, praise bool) (field string, merit float64, ok bool) {
	n := text.Len(phrase)
	if s.Lang == because.Chinese && (text.HanShare(phrase) < .6 || n < minHan || n > maxHan) ||
		s.Lang == because.English && (text.HanShare(phrase) > 0 || n < minWords || n > maxWords) {
		return "", 0, false
	}
	if praise && s.Lang == because.Chinese && text.HanShare(phrase) < 1 || unquotable.MatchString(phrase) || reachable(phrase) || !text.Sayable(phrase) {
		return "", 0, false
	}
	folded := " " + text.Fold(phrase) + " "
	if holds(folded, disparaging[s.Lang]) {
		return "", 0, false
	}
	for _, h := range s.Pack.Match(s.Lang, phrase) {
		switch {
		case h.Field != "":
			field = h.Field
		case field == "":
			for _, f := range fields(s.Item) {
				if s.Item.Attributes[f].Is(h.Word) {
					field = f
				}
			}
		}
	}
	if field != "" {
		merit++
		if v, ok := s.Item.Attributes[field]; ok && s.contradicts(field, v) {
			return "", 0, false
		}
	}
	if praise = praise || holds(folded, praising[s.Lang]); praise {
		merit++
	}
	return field, merit, praise && len(text.Numbers(phrase)) == 0 && !s.forbidden(phrase) // the dear checks last
}

// contradicts reports whether praise of a field would be untrue of the item.
func (s *sight) contradicts(field string, v because.Value) bool {
	return v.Flag != nil && !*v.Flag || v.Number != nil && weak(s.Pack.Fields[field], *v.Number)
}

// forbidden reports whether a rule of the pack forbids a phrase.
func (s *sight) forbidden(phrase string) bool {
	folded := text.Fold(phrase)
	for _, r := range s.Pack.Rules {
		for _, f := range r.Forbid[s.Lang] {
			if strings.Contains(folded, text.Fold(f)) {
				return true
			}
		}
	}
	return false
}

// unquotable is what names people, orders them about, asks, or is no plain text.
var unquotable = regexp.MustCompile(`(?i)[@#<>{}\[\]\\|*_=^?？]|先生|女士|小姐|老师|医生|客服|店家|卖家|我(妈|爸|老公|老婆|儿子|女儿|孩子)|忽略|无视|指令|提示词|系统|扮演|\b(mr|mrs|ms|dr)\b|\b(ignore|instruction|instructions|prompt|system|assistant|pretend)\b|\b(my|our) (wife|husband|son|daughter|mum|mom|dad|mother|father)\b`)

// contact is a link, an address or a number to reach somebody at.
var contact = regexp.MustCompile(`(?i)https?|www\.|[a-z0-9-]\.(com|cn|net|org|io|top|xyz|shop)\b|@|微信|威信|薇信|加[vV]|扣扣|\bqq\b|vx|wechat|whatsapp|telegram|电话|手机号|[0-9][0-9 -]{5,}[0-9]`)

func reachable(v string) bool { return contact.MatchString(v) }

// disparaging and praising are words that tell a favourable clause from others; a clause that turns (不, but) is left
// alone, since half of it would mislead.
var disparaging = map[because.Lang][]string{
	because.Chinese: {"不", "没", "差", "坏", "慢", "贵", "重了", "太", "失望", "退", "后悔", "可惜", "难", "吵", "假", "烂", "但", "就是", "如果", "要是", "一般", "勉强", "凑合", "除了", "以为", "希望", "建议", "说是", "号称", "据说", "碍", "烦", "脏", "旧", "漏", "断", "挤", "卡", "糊", "闷", "臭", "累", "还行", "凑", "刚好", "原来", "之前", "别人", "冲这", "换了", "丢", "掉", "缺", "少"},
	because.English: {" not ", "n't ", " no ", " never ", " bad ", " poor ", " poorly ", " slow ", " expensive ", " disappoint", " return ", " returned ", " refund ", " broke", " worse", " worst ", " but ", " however ", " if ", " too ", " hard to ", " noisy ", " wish ", " hope ", " hoped ", " should ", " could be ", " except ", " fake ", " only ", " barely ", " hardly ", " lacks ", " missing ", " without ", " average ", " waste ", " wasted ", " pity ", " shame ", " sadly ", " unfortunately ", " about right ", " okay ", " ok ", " fine ", " which ", " supposed ", " supposedly ", " called ", " claims ", " claimed ", " would ", " used to ", " until ", " instead ", " than ", " ugly ", " dirty ", " old ", " thin ", " cheap "},
}

var praising = map[because.Lang][]string{
	because.Chinese: {"好", "棒", "喜欢", "满意", "舒服", "舒适", "方便", "清楚", "清晰", "耐用", "结实", "安静", "轻", "稳", "快", "顺手", "顺滑", "值", "漂亮", "精致", "干净", "细腻", "耐心", "实用", "好看", "紧凑", "精彩", "过瘾", "温暖", "扎实", "易懂", "靠谱", "省心", "够用", "久", "准"},
	because.English: {" good ", " great ", " nice ", " love ", " loved ", " like it ", " comfortable ", " easy ", " easily ", " clear ", " clearly ", " solid ", " sturdy ", " quiet ", " light ", " fast ", " quick ", " quickly ", " handy ", " worth ", " beautiful ", " lovely ", " clean ", " reliable ", " well ", " enjoyed ", " gripping ", " useful ", " smooth ", " smoothly ", " accurate ", " friendly ", " helpful ", " lasts ", " happy "},
}

func holds(v string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(v, w) })
}

// best keeps the n finds with the largest merit.
func best(xs []found, n int) []found {
	slices.SortStableFunc(xs, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.merit, a.merit), strings.Compare(a.Ref, b.Ref))
	})
	return xs[:min(n, len(xs))]
}
