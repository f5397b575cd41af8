package pack

import (
	"regexp"
	"slices"
	"strings"

	"because"
)

// What reads wrong in a pattern whatever fills its holes. Groups count as kept, so their brackets are taken out first.
var (
	noSubject  = regexp.MustCompile(`(?:^|[:;.?!(]\s*)\{(fact|fact2|shared|shared_pred|better|worse|but)\}`)
	bareValue  = regexp.MustCompile(`: \{(value|price|hist|rating|label)\}, (though|but) `)
	participle = regexp.MustCompile(`^(?:Here because|(?:Just |Only )?(?:[A-Z]?[a-z]+ed|[Ff]ound|[Pp]ut|[Ss]een|[Cc]hosen|[Dd]rawn|[Bb]rought|[Tt]aken|[Kk]ept|Fresh)) `)
	mainClause = regexp.MustCompile(`\{it\}|\{extra\}|[:,] (it|you) `)
	onlyOne    = map[because.Lang]*regexp.Regexp{
		because.Chinese: regexp.MustCompile(`[只就单][说讲报提记挑][这那]?一`),
		because.English: regexp.MustCompile(`(?i)\b(one (figure|fact|thing|line|point) only|in one line|just one)\b`),
	}
)

// more are the holes that say something beside the first fact of a pattern.
var more = []string{"fact2", "but", "misses", "extra"}

// grammar checks how a pattern reads: that each predicate has a subject and each sentence a main clause, that who announces
// one thing says no second, and that a measure word is the item's own.
func (c *checker) grammar(s string, parts []Part, style because.Style, l because.Lang, at place) {
	flat := strings.NewReplacer("[", "", "]", "").Replace(s)
	if one := onlyOne[l].FindString(flat); one != "" && slices.ContainsFunc(Holes(parts), func(h string) bool { return slices.Contains(more, h) }) {
		c.add(at, because.Say(c.lang, "%q announces one thing with %q and may say two; announce it otherwise, or say no more.", s, one))
	}
	if l == because.Chinese {
		for _, m := range c.measures() {
			for _, before := range []string{"这", "一", "又"} {
				if strings.Contains(strings.ReplaceAll(flat, "一块儿", ""), before+m) { // 一块儿 is together
					c.add(at, because.Say(c.lang, "%q counts every item by %s, and some of the pack have another measure word; write {it} or {measure}.", s, m))
				}
			}
		}
		if first, _, _ := strings.Cut(always(parts), "。"); style != because.Push && strings.HasPrefix(first, "因为") && !strings.Contains(first, "，") {
			c.add(at, because.Say(c.lang, "%q may be left without a main clause; say outside of the brackets what the cause led to.", s))
		}
		return
	}
	if m := noSubject.FindStringSubmatch(flat); m != nil {
		c.add(at, because.Say(c.lang, "{%s} in %q is a predicate without a subject; write it or {it} before it.", m[1], s))
	}
	if m := bareValue.FindString(flat); m != "" {
		c.add(at, because.Say(c.lang, "%q hangs a clause on a value that stands alone; end the sentence before it.", s))
	}
	if telegraphic := style == because.Data || style == because.Push; !telegraphic && participle.MatchString(flat) {
		if first, _, _ := strings.Cut(strings.ToLower(always(parts)), ". "); !mainClause.MatchString(first) {
			c.add(at, because.Say(c.lang, "%q may be left without a main clause; say outside of the brackets what the cause led to.", s))
		}
	}
}

// always is what is left of a pattern without its optional groups.
func always(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Text)
		if p.Hole != "" {
			b.WriteString("{" + p.Hole + "}")
		}
	}
	return b.String()
}

// anyMeasure are measure words that also count what is no item: 一处短处, 这一条.
var anyMeasure = []string{"个", "处", "条", "档"}

// measures are the measure words of a pack's own categories, where it has several.
func (c *checker) measures() []string {
	var out []string
	for _, w := range c.src.pack.Words {
		if w.Measure != "" && !slices.Contains(out, w.Measure) {
			out = append(out, w.Measure)
		}
	}
	if len(out) < 2 {
		return nil
	}
	return slices.DeleteFunc(out, func(m string) bool { return slices.Contains(anyMeasure, m) })
}

// noun checks that an English label is a name: patterns say "its {label}" and "under {label}".
func (c *checker) noun(t because.Text, at place, what string) {
	first, _, _ := strings.Cut(strings.ReplaceAll(t[because.English], "'", " "), " ")
	if slices.Contains([]string{"what", "how", "who", "where", "when", "why"}, strings.ToLower(first)) {
		c.add(at, because.Say(c.lang, "the English label of %s is a question; name it by a noun.", what))
	}
}
