package eval

import (
	"regexp"
	"strings"
	"unicode"

	"because/internal/text"
)

// Support is how much of a text the profiles that it was written from hold.
//
// A claim is a run of words between commas, "and", "because" and their like, less the words that frame an explanation
// ("would enjoy", "making it a good choice"). It is supported when every word of it that says something stands, by its
// stem, in the profiles or the title; what is said of the reader must stand in the reader's profile. This is a test of
// words: it does not follow a paraphrase, so it is strict with texts that say the same in other words, and it passes a
// claim whose words stand in the profile in another connexion.
type Support struct {
	Claims, Supported int
	Contradicted      int // of the claims: all words stand there, but under a denial on one side alone
	Names, Numbers    int // that stand in neither profile nor title
}

// Grounds are what a text may say.
type Grounds struct {
	item, user, all map[string]bool
	folded          string
	denied          map[string]bool // terms of what statements deny
	affirmed        map[string]bool
}

// NewGrounds reads the title and the profiles of a row.
func NewGrounds(title, item, user string) *Grounds {
	g := &Grounds{
		item: termSet(title + " . " + item), user: termSet(user), all: termSet(title + " . " + item + " . " + user),
		folded: " " + strings.Join(text.Words(title+" . "+item+" . "+user), " ") + " ", denied: map[string]bool{}, affirmed: map[string]bool{},
	}
	for _, s := range []string{title, item, user} {
		for _, c := range clauseEnd.Split(s, -1) {
			said, not := atDenial(c)
			for _, w := range text.Terms(said) {
				g.affirmed[w] = true
			}
			for _, w := range text.Terms(not) {
				g.denied[w] = true
			}
		}
	}
	return g
}

func termSet(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range text.Terms(s) {
		m[w] = true
	}
	return m
}

var (
	clauseEnd = regexp.MustCompile(`(?i)[,;:.!?]+(?:\s|$)|\s(?:and|because|but|while|although|though|despite|with|as well as|along with|which|who|that|where|making|due to|for (?:its|their|the|a|an|those|fans|anyone|people)|of (?:its|their)|by|including|especially|such as|like)\s`)
	verdictOf = regexp.MustCompile(`(?i)\b(?:good|great|suitable|fitting|perfect|ideal|excellent|fantastic|wonderful|worthwhile|must|compelling|enjoyable)[ -](?:choice|option|fit|place|spot|destination|read|book|addition)s?\b`)
	denying   = regexp.MustCompile(`(?i)\b(?:not|no|never|without|lacks?|lacking|cannot)\b|n['’]t\b`)
	ofReader  = regexp.MustCompile(`(?i)^\s*(?:they|the user|user|you)(?: also| have)? (?:enjoy|enjoyed|appreciate|appreciated|like|liked|love|loved|prefer|value|are|were|have)\b|\btheir (?:interest|taste|preference|love|passion)\b`)
)

// framing are the words of the task itself, which say nothing of the item or the reader.
var framing = termSet("user reader would enjoy enjoyed enjoying buy buying purchase like liked love appreciate appreciated business businesses book books place offer offers offering provide provides providing feature features " +
	"make makes making choice option fit spot destination suit suits fan fans look looking seek seeking interest interested interests match matches fits taste due along well person people someone anyone include including find read reading visit made kind")

// Check measures a text against the grounds.
func (g *Grounds) Check(s string) Support {
	var out Support
	for _, c := range clauses(s) {
		grounds := g.all
		if ofReader.MatchString(c) {
			grounds = g.user
		}
		said, held, against := 0, 0, false
		yes, no := atDenial(c)
		for _, side := range []struct {
			text  string
			other map[string]bool // where a word stands that is said the other way round
			same  map[string]bool
		}{{yes, g.denied, g.affirmed}, {no, g.affirmed, g.denied}} {
			for _, w := range text.Terms(side.text) {
				if framing[w] {
					continue
				}
				said++
				if holdsTerm(grounds, w) {
					held++
				}
				against = against || side.other[w] && !side.same[w]
			}
		}
		if said == 0 {
			continue
		}
		out.Claims++
		if held < said {
			continue
		}
		if against {
			out.Contradicted++
		} else {
			out.Supported++
		}
	}
	out.Names, out.Numbers = g.unknown(s)
	return out
}

// atDenial parts a clause at its denial.
func atDenial(c string) (said, not string) {
	if at := denying.FindStringIndex(c); at != nil {
		return c[:at[0]], c[at[1]:]
	}
	return c, ""
}

// clauses are the claims of a text as they stand.
func clauses(s string) []string {
	return clauseEnd.Split(verdictOf.ReplaceAllString(s, "choice"), -1)
}

// holdsTerm reports whether a term or one of its family stands in a set: two words of five letters or more that share
// all but the last three letters of the shorter.
func holdsTerm(set map[string]bool, w string) bool {
	if set[w] {
		return true
	}
	if len(w) < 5 {
		return false
	}
	for v := range set {
		if n := min(len(v), len(w)); n >= 5 && commonPrefix(v, w) >= max(5, n-2) && max(len(v), len(w))-n <= 4 {
			return true
		}
	}
	return false
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// unknown counts names and numbers that stand nowhere in the grounds. A name is a capitalised word inside a sentence.
func (g *Grounds) unknown(s string) (names, numbers int) {
	start := true
	for _, w := range strings.Fields(s) {
		bare := strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
		known := true
		for _, t := range text.Words(bare) {
			known = known && strings.Contains(g.folded, " "+t+" ")
		}
		switch {
		case bare == "" || known:
		case strings.ContainsFunc(bare, unicode.IsDigit):
			numbers++
		case !start && unicode.IsUpper([]rune(bare)[0]) && bare != "I":
			names++
		}
		start = strings.ContainsAny(w[len(w)-1:], ".!?:")
	}
	return names, numbers
}
