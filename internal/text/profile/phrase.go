// Package profile reads English sentences about a reader or an item — what somebody is likely to enjoy, what people look
// for in a place — into phrases that can be said by themselves. Each phrase is a run of words as it stands there.
package profile

import (
	"regexp"
	"strings"
	"unicode"

	"because/internal/text"
)

// A Source is where a phrase stands.
type Source int

const (
	OfItem Source = iota
	OfUser
)

// A Form is what a phrase can be said as.
type Form int

const (
	Thing    Form = iota // what the item is sought for: "fresh pasta"
	Doing                // the same as a gerund: "watching films"
	Audience             // whom it is for: "coffee lovers"
	Deed                 // what it does, verb first: "explores the rivalry of two queens"
	Kind                 // what it is: "coffeehouse chain"
)

// A Phrase is a run of words of a profile.
type Phrase struct {
	Text   string
	Source Source
	Form   Form
	Terms  []string // of what it says
}

var (
	would = regexp.MustCompile(`(?i) (?:would|will|may|might|can|should)(?: (?:also|likely|really|definitely|particularly|especially|all|most|greatly|thoroughly|certainly|probably|truly))*` +
		` (?:enjoy|appreciate|love|like|find|be interested in|be drawn to|be satisfied with|benefit from|be delighted by|be captivated by|be intrigued by|be interested in)(?: reading| visiting| the book)? `)
	suits = regexp.MustCompile(`(?i) (?:(?:would|will|may|might)(?: (?:also|likely|definitely))? (?:be (?:highly |most )?(?:enjoyed|appreciated|loved) by|appeal to|suit|be (?:perfect|ideal|great|suitable|suited|well-suited|good|a great fit|a good fit|a great choice) for)|is (?:perfect|ideal|great|suitable|best suited) for) `)
	does  = regexp.MustCompile(`^(?:The (?:book|story|novel|author|series|business|restaurant|place)|It|This (?:book|story|novel|series|business|restaurant|place))(?: also)? ` +
		`((?:offers|features|explores|provides|includes|delves into|combines|captures|follows|tells|delivers|presents|contains|focuses on|showcases|serves|has|highlights|examines|sells|specializes in) .+)$`)
	likes = regexp.MustCompile(`(?i)\b(?:enjoys?|appreciates?|prefers?|values?|likes?|loves?|(?:is|are)(?: also)? (?:drawn to|interested in|fond of|attracted to)|(?:has|have|having|shows?|with)(?: an?| a strong)? (?:preference|appreciation|interest|affinity|fondness|love) (?:for|in)|indicate an? (?:preference|appreciation|interest) (?:for|in)) `)

	// What parts those whom an item is for from what they look for.
	seek = regexp.MustCompile(`(?i),?(?: and| or| as well as)?,?(?: especially| particularly)?(?: those| individuals| people| users| readers| anyone| customers| shoppers| families| fans| diners)? ` +
		`(?:who(?: also| particularly| would)? (?:enjoy|appreciate|love|like|prefer|value|seek|want|are looking for|are interested in|are seeking|are fans of|are drawn to|are in search of)|looking for|looking to (?:enjoy|experience|try|buy|purchase|find|shop for)|seeking|searching for|in search of|interested in|with an? (?:interest|appreciation|preference|passion|love|taste|craving) (?:in|for)|craving|wanting|desiring) `)
	fansOf = regexp.MustCompile(`(?i)^(?:fans|lovers|enthusiasts|followers|readers|admirers|devotees)(?: and \w+)? of (?:the )?(.+)$`)
	among  = regexp.MustCompile(`(?i)^(?:businesses|establishments|places|venues|destinations|restaurants|shops|spots|books|stories|novels|reading|reads|and|as well as|or|also|both|a variety of|a range of|businesses|experiences)(?:,|\s)+`)
	having = regexp.MustCompile(`(?i)^(?:that(?: also| can)? )?(?:offer(?:ing)?|provid(?:e|ing)|featur(?:e|ing)|focus(?:ed|ing)? on|speciali[sz](?:e|ing) in|cater(?:ing)? to|related to|relating to|with|such as|like|includ(?:e|ing)|involv(?:e|ing)|cent(?:er|re)(?:ed)? around|have|has|explor(?:e|ing)|delv(?:e|ing) into|revolv(?:e|ing) around|combin(?:e|ing)|serv(?:e|ing)|sell(?:ing)?|about|for|on|in|known for|a mix of|elements of|a preference for|an appreciation for|businesses|books|stories|novels|ranging from|contain(?:ing)?|incorporat(?:e|ing)|a focus on|the) `)
	parts  = regexp.MustCompile(`(?i)\s*[,;:]\s*(?:and |as well as |or |but |especially |particularly |including |such as |along with |from |along |while |plus )?|\s+(?:as well as|along with|such as|including|especially|particularly|like|combined with|coupled with|alongside)\s+`)
	also   = regexp.MustCompile(`(?i)\s+and\s+`)
	inside = regexp.MustCompile(`(?i)\s+(?:with|in|at|for|from|featuring|offering|that offers?|that features?|that provides?|among|amid|on|set in|surrounded by|within)\s+`)
)

// Read are the phrases of an item's profile and of a reader's. The item's title is no phrase.
func Read(title, item, user string) []Phrase {
	r := reader{title: strings.TrimSpace(title), seen: map[string]bool{}}
	for _, s := range sentences(item) {
		r.item(s)
	}
	for _, s := range sentences(user) {
		r.user(s)
	}
	return r.out
}

type reader struct {
	title string
	out   []Phrase
	seen  map[string]bool
}

// item reads a sentence of an item's profile: whom it is for, what they look for, what it is and does.
func (r *reader) item(s string) {
	if m := does.FindStringSubmatch(s); m != nil {
		r.deed(m[1])
		return
	}
	at := would.FindStringIndex(s)
	if at == nil {
		if at = suits.FindStringIndex(s); at != nil {
			r.audience(s[at[1]:])
		}
		return
	}
	r.audience(s[:at[0]])
	r.object(s[at[1]:])
}

func (r *reader) audience(s string) {
	pieces := cut(seek, s)
	head := strings.TrimSpace(pieces[0])
	if m := fansOf.FindStringSubmatch(head); m != nil {
		r.things(m[1], OfItem)
	} else {
		for _, x := range cut(parts, head) {
			for _, y := range cut(also, x) {
				if y = lowerFirst(strings.TrimSpace(y)); words(y) >= 2 && people.MatchString(y) {
					r.add(y, OfItem, Audience)
				}
			}
		}
	}
	for _, x := range pieces[1:] {
		r.things(x, OfItem)
	}
}

var people = regexp.MustCompile(`(?i)\b(?:lovers|enthusiasts|fans|buffs|seekers|families|couples|travelers|shoppers|owners|foodies|readers|women|men|children|professionals|students|beginners|artists|adventurers|eaters|drinkers|connoisseurs|aficionados|goers|romantics|parents|kids|tourists|locals|customers|collectors|families with children)$`)

// object reads what an audience would enjoy.
func (r *reader) object(s string) {
	if r.title != "" {
		s = strings.Replace(s, r.title, "", 1)
	}
	s = strings.TrimSpace(s)
	lower := strings.ToLower(s)
	switch {
	case strings.HasPrefix(lower, "as a "), strings.HasPrefix(lower, "as an "):
		_, s, _ = strings.Cut(s[3:], " ")
		r.add(s, OfItem, Kind)
	case strings.HasPrefix(lower, "for its "), strings.HasPrefix(lower, "for the "), strings.HasPrefix(lower, "due to its "):
		_, s, _ = strings.Cut(s, " ")
		_, s, _ = strings.Cut(strings.TrimPrefix(s, "to "), " ")
		r.things(s, OfItem)
	case strings.HasPrefix(lower, "this "), strings.HasPrefix(lower, "the "), strings.HasPrefix(lower, "a "), strings.HasPrefix(lower, "an "):
		_, rest, _ := strings.Cut(s, " ")
		at := inside.FindStringIndex(rest)
		if strings.HasPrefix(strings.ToLower(rest), "variety ") || strings.HasPrefix(strings.ToLower(rest), "mix ") {
			r.things(s, OfItem)
			return
		}
		if at == nil {
			r.add(rest, OfItem, Kind)
			return
		}
		r.add(rest[:at[0]], OfItem, Kind)
		r.things(rest[at[1]:], OfItem)
	}
}

// deed reads what an item is said to do, clause by clause.
func (r *reader) deed(s string) {
	if i := strings.Index(s, ", making"); i > 0 {
		s = s[:i]
	}
	r.add(s, OfItem, Deed)
	if i := strings.Index(s, ","); i > 0 {
		r.add(s[:i], OfItem, Deed)
	}
	if _, rest, ok := strings.Cut(s, " "); ok && regexp.MustCompile(`^(?:offers|features|provides|includes|delivers|contains|has|showcases|serves|combines)$`).MatchString(strings.Fields(s)[0]) {
		r.things(rest, OfItem)
	}
}

// user reads a sentence of a reader's profile.
func (r *reader) user(s string) {
	for i, x := range cut(likes, s) {
		if i > 0 {
			r.things(x, OfUser)
		}
	}
}

// things reads a list of what somebody looks for: the parts between commas, and within them the shorter runs that stand
// on their own.
func (r *reader) things(s string, of Source) {
	for _, x := range cut(parts, s) {
		for {
			y := strings.TrimSpace(x)
			y = among.ReplaceAllString(y, "")
			y = having.ReplaceAllString(y, "")
			if y == x {
				break
			}
			x = y
		}
		r.thing(x, of)
		for _, y := range cut(inside, x) {
			r.thing(y, of)
			r.split(y, of)
		}
		r.split(x, of)
	}
}

// split takes the sides of "and" where each can stand alone.
func (r *reader) split(s string, of Source) {
	sides := cut(also, s)
	if len(sides) < 2 {
		return
	}
	for _, x := range sides[:len(sides)-1] {
		if adjective(last(x)) {
			return
		}
	}
	for _, x := range sides {
		r.thing(x, of)
	}
}

func (r *reader) thing(s string, of Source) {
	form := Thing
	if f := strings.ToLower(first(s)); strings.HasSuffix(f, "ing") && len(f) > 5 && !strings.Contains(f, "-") && !nounsInIng[f] {
		form = Doing
	}
	r.add(s, of, form)
}

var nounsInIng = map[string]bool{"dining": true, "charming": true, "gripping": true, "engaging": true, "thrilling": true, "captivating": true, "compelling": true, "interesting": true,
	"heartwarming": true, "intriguing": true, "inspiring": true, "exciting": true, "entertaining": true, "welcoming": true, "relaxing": true, "refreshing": true, "satisfying": true,
	"stunning": true, "amazing": true, "clothing": true, "shopping": true, "parking": true, "writing": true, "storytelling": true, "thought-provoking": true, "outstanding": true,
	"touching": true, "moving": true, "fascinating": true, "enchanting": true, "charbroiled": true, "evening": true, "morning": true, "building": true, "wedding": true, "fishing": true,
	"sweeping": true, "page-turning": true, "uplifting": true, "surprising": true, "existing": true, "varying": true, "lasting": true, "amusing": true, "demanding": true, "enduring": true,
	"challenging": true, "convincing": true, "riveting": true, "suspenseful": true, "chilling": true, "haunting": true, "loving": true, "coming-of-age": true, "gaming": true, "housing": true, "lodging": true, "camping": true, "hiking": true, "training": true}

// longest is how many words a phrase may have.
const longest = 14

func (r *reader) add(s string, of Source, form Form) {
	s = strings.Trim(strings.TrimSpace(s), " .,;:!?\"“”")
	for _, w := range []string{"and ", "or ", "also ", "both ", "especially ", "then ", "but ", "to ", "the ", "their ", "its "} {
		if len(s) > len(w) && strings.EqualFold(s[:len(w)], w) {
			s = s[len(w):]
		}
	}
	limit := longest
	if form == Deed {
		limit = 22
	}
	if n := words(s); n == 0 || n > limit || !closed(s) || dangling[strings.ToLower(last(s))] || form != Audience && adjective(last(s)) || unfit.MatchString(" "+s+" ") || opens[strings.ToLower(first(s))] {
		return
	}
	key := strings.ToLower(s) + string(rune('0'+of))
	c := text.Terms(s)
	if r.seen[key] || len(c) == 0 {
		return
	}
	r.seen[key] = true
	r.out = append(r.out, Phrase{Text: s, Source: of, Form: form, Terms: c})
}

var (
	unfit    = regexp.MustCompile(`(?i) (?:would|will|is|are|was|were|user|users|this|these|they|he|she|who|which|that|likely|it|enjoy|appreciate|businesses|not|no|without) `)
	dangling = set("a an the and or of with in at for from to as by on like such that who their its his her more most very including featuring offering between about into than both while")
	opens    = set("with in at for from to as by on of that who which when where while because if their his her it they and or but is are be being")
)

// set is the words of a list.
func set(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

// adjectives that no ending tells.
var adjectives = set("casual cozy relaxed friendly classic traditional authentic unique quick fresh affordable upscale modern trendy delicious spicy organic natural local fast fun lively elegant rustic vintage " +
	"simple hearty gourmet healthy diverse laid-back warm quiet clean convenient strong complex dark emotional romantic historical contemporary humorous witty funny sweet steamy intense paranormal epic mysterious young new old " +
	"quirky real raw honest gritty light deep rich lush tender bold clever smart sharp sexy hot sad bittersweet happy magical mystical supernatural dystopian psychological short long good great high low full free hot cold specific other different various")

var adjectiveEnds = []string{"ful", "ous", "ive", "able", "ible", "less", "-friendly", "-style", "-quality", "-paced", "-made", "-inspired", "-conscious", "-developed", "-written", "-driven", "-provoking", "warming", "wrenching", "esque", "ical", "onal", "ural", "ental", "ican", "ian", "ese"}

func adjective(w string) bool {
	w = strings.ToLower(w)
	if adjectives[w] {
		return true
	}
	for _, e := range adjectiveEnds {
		if strings.HasSuffix(w, e) && len(w) > len(e) {
			return true
		}
	}
	return nounsInIng[w] && !set("dining clothing shopping parking writing storytelling evening morning building wedding fishing gaming housing lodging camping hiking training")[w]
}

// closed reports whether quotes and parentheses are in pairs.
func closed(s string) bool {
	return strings.Count(s, "(") == strings.Count(s, ")") && strings.Count(s, `"`)%2 == 0 && !strings.HasPrefix(s, "'")
}

func cut(at *regexp.Regexp, s string) []string { return at.Split(s, -1) }

func words(s string) int { return len(strings.Fields(s)) }

func first(s string) string {
	if f := strings.Fields(s); len(f) > 0 {
		return f[0]
	}
	return ""
}

func last(s string) string {
	if f := strings.Fields(s); len(f) > 0 {
		return f[len(f)-1]
	}
	return ""
}

// sentences are the sentences of a profile; a full stop ends one before a blank and a capital letter.
var sentenceEnd = regexp.MustCompile(`[.!?]["”]?\s+`)

func sentences(s string) []string {
	var out []string
	start := 0
	for _, at := range sentenceEnd.FindAllStringIndex(s, -1) {
		next := strings.TrimSpace(s[at[1]:])
		before := strings.Fields(s[start:at[0]])
		if next == "" || !unicode.IsUpper(rune(next[0])) || len(before) > 0 && len(before[len(before)-1]) < 3 {
			continue
		}
		out = append(out, strings.TrimSpace(s[start:at[0]]))
		start = at[1]
	}
	if x := strings.Trim(strings.TrimSpace(s[start:]), "."); x != "" {
		out = append(out, x)
	}
	return out
}

func lowerFirst(s string) string {
	w := first(s)
	if len(w) < 2 || w != strings.ToUpper(w[:1])+strings.ToLower(w[1:]) {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
