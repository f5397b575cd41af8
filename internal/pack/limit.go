package pack

import (
	"slices"
	"strings"
	"time"

	"because"
	"because/internal/text"
)

// A Limit says which items may not be recommended to whom, by a field of the item and what the reader stated.
type Limit struct {
	ID      string       `yaml:"id"`
	Field   string       `yaml:"field"`   // of the item
	Profile string       `yaml:"profile"` // of the reader
	How     string       `yaml:"how"`     // "at_most", "at_least" (the item's number against the reader's), "overlaps" (a word in common) or "age" (the reader's year of birth against the age from which a word of the field is)
	Needed  bool         `yaml:"needed"`  // an item without the field is recommended to nobody
	Always  bool         `yaml:"always"`  // it protects, so it holds whatever the reader consented to; else only what they let us use counts
	Reason  because.Text `yaml:"reason"`
	Source  string       `yaml:"source"` // the law or the decision behind it
}

// Urgent is what a typed need may hold that is for people and not for recommendations: the text then says whom to turn to,
// and nothing else.
type Urgent struct {
	Asks   map[because.Lang][]string `yaml:"asks"`
	Say    because.Text              `yaml:"say"`
	Source string                    `yaml:"source"`
}

// Barred returns the limit by which an item may not be recommended to a reader. stated is all that the reader stated, used
// what of it they let us use.
func (p *Pack) Barred(it because.Item, stated, used map[string]because.Value, now time.Time) (Limit, bool) {
	for _, l := range p.Limits {
		v, has := it.Attributes[l.Field]
		if !has || v.IsZero() {
			if l.Needed {
				return l, true
			}
			continue
		}
		own := used[l.Profile]
		if l.Always {
			own = stated[l.Profile]
		}
		if l.How == "overlaps" {
			if slices.ContainsFunc(own.Words, func(w string) bool { return p.holds(v, w) }) {
				return l, true
			}
			continue
		}
		if own.Number == nil {
			continue
		}
		switch l.How {
		case "at_most":
			if v.Number != nil && *v.Number > *own.Number {
				return l, true
			}
		case "at_least":
			if v.Number != nil && *v.Number < *own.Number {
				return l, true
			}
		case "age":
			if from, ok := p.fromAge(v); ok && float64(now.Year())-*own.Number < from {
				return l, true
			}
		}
	}
	return Limit{}, false
}

// holds reports whether a value has a word, however each of them is spelt.
func (p *Pack) holds(v because.Value, word string) bool {
	k, _ := p.Key(word)
	return slices.ContainsFunc(v.Words, func(w string) bool {
		own, _ := p.Key(w)
		return w == word || k != "" && own == k
	})
}

// fromAge is the age from which a value is meant: a number of years, or what the pack says of its words.
func (p *Pack) fromAge(v because.Value) (float64, bool) {
	if v.Number != nil {
		return *v.Number, true
	}
	age, ok := 0., false
	for _, w := range v.Words {
		if k, known := p.Key(w); known && p.Words[k].FromAge > 0 {
			age, ok = max(age, p.Words[k].FromAge), true
		}
	}
	return age, ok
}

// HandsOff reports whether a typed need is for people, as the pack's urgent signs tell in either language.
func (p *Pack) HandsOff(need string) bool {
	if p.Urgent == nil || need == "" {
		return false
	}
	key := text.Fold(need)
	for _, lang := range because.Langs {
		if slices.ContainsFunc(p.Urgent.Asks[lang], func(s string) bool { return contains(key, text.Fold(s)) }) {
			return true
		}
	}
	return false
}

// limits checks what a pack says of whom its items are for and of urgent signs.
func (c *checker) limits() {
	p := c.src.pack
	for i, l := range p.Limits {
		at := c.src.line("pack.yaml", "limits", decimal(float64(i)))
		if _, ok := c.pack.Fields[l.Field]; !ok {
			c.add(at, because.Say(c.lang, "there is no field %q; %s", l.Field, nearest(c.lang, l.Field, sortedKeys(c.pack.Fields))))
		}
		if _, ok := c.pack.Profile[l.Profile]; !ok && l.Profile != "" {
			c.add(at, because.Say(c.lang, "there is no profile field %q; %s", l.Profile, nearest(c.lang, l.Profile, sortedKeys(c.pack.Profile))))
		}
		if !slices.Contains([]string{"at_most", "at_least", "overlaps", "age"}, l.How) && (l.How != "" || !l.Needed) {
			c.add(at, because.Say(c.lang, "how cannot be %q; write at_most, at_least, overlaps or age.", l.How))
		}
		c.text(l.Reason, at, "reason")
		if l.Source == "" {
			c.add(at, because.Say(c.lang, "the rule %q names no source; name the law or decision behind it.", l.ID))
		}
	}
	for i, f := range p.States {
		if len(c.pack.Fields[f].Say) == 0 {
			c.add(c.src.line("pack.yaml", "states", decimal(float64(i))), because.Say(c.lang, "there is no field %q; %s", f, nearest(c.lang, f, sortedKeys(c.pack.Fields))))
		}
	}
	if u := p.Urgent; u != nil {
		at := c.src.line("pack.yaml", "urgent")
		c.text(u.Say, at, "urgent.say")
		for _, l := range because.Langs {
			if len(u.Asks[l]) == 0 {
				c.add(at, because.Say(c.lang, "%s has no wording in %q; add one.", "urgent.asks", string(l)))
			}
			c.manners(u.Say[l], l, at)
		}
		if strings.TrimSpace(u.Source) == "" {
			c.add(at, because.Say(c.lang, "the rule %q names no source; name the law or decision behind it.", "urgent"))
		}
	}
}
