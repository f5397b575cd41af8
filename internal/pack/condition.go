package pack

import (
	"slices"
	"strings"

	"because"
)

// About is the evidence that a rule with conditions is on.
type About struct {
	Kinds   []because.EvidenceKind `yaml:"kinds"`   // evidence of these kinds
	Fields  []string               `yaml:"fields"`  // evidence that states these fields of the item
	Profile []string               `yaml:"profile"` // evidence that states these fields of the reader's profile
}

// A Condition is what must hold before a rule lets something be said. All that is given must hold.
//
// Item, Profile and Without are facts: evidence that the rule is about is not even found where they fail. Said and Closing
// are on the text: a draft without them is refused.
type Condition struct {
	Item    []string `yaml:"item"`     // the item has one of these fields
	AtLeast float64  `yaml:"at_least"` // with a number from here on
	Profile string   `yaml:"profile"`  // the reader's profile has this, and they let us use it
	Without string   `yaml:"without"`  // the item has nothing, a no or 0 in this field
	Said    bool     `yaml:"said"`     // and the same clause says what the field holds
	Closing bool     `yaml:"closing"`  // the text ends with the pack's closing
}

// On reports whether a rule is about an evidence.
func (r Rule) On(e because.Evidence) bool {
	a := r.About
	if e.Kind == because.Profile && slices.Contains(a.Profile, e.Ref) {
		return true
	}
	return slices.Contains(a.Kinds, e.Kind) || e.Kind != because.Profile && slices.Contains(a.Fields, e.Ref) ||
		slices.Contains(a.Fields, e.Slots["shared"].Ref)
}

// Closes reports whether a rule wants the pack's closing.
func (r Rule) Closes() bool {
	return slices.ContainsFunc(r.Unless, func(c Condition) bool { return c.Closing })
}

// Closes reports whether the rules want the pack's closing in every text that tells an evidence.
func (p *Pack) Closes(e because.Evidence) bool {
	return slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.On(e) && r.Closes() })
}

// Permits reports whether the rules let an evidence be told of an item to a reader who stated the profile, as far as facts
// decide.
func (p *Pack) Permits(e because.Evidence, it because.Item, profile map[string]because.Value) bool {
	return !slices.ContainsFunc(p.Rules, func(r Rule) bool {
		return r.On(e) && slices.ContainsFunc(r.Unless, func(c Condition) bool { return !c.holds(it, profile) })
	})
}

func (c Condition) holds(it because.Item, profile map[string]because.Value) bool {
	if len(c.Item) > 0 && !slices.ContainsFunc(c.Item, func(f string) bool { return c.enough(it.Attributes[f]) }) {
		return false
	}
	if c.Profile != "" && profile[c.Profile].IsZero() {
		return false
	}
	v := it.Attributes[c.Without]
	return c.Without == "" || v.IsZero() || v.Number != nil && *v.Number == 0 || v.Flag != nil && !*v.Flag
}

func (c Condition) enough(v because.Value) bool {
	if c.AtLeast > 0 {
		return v.Number != nil && *v.Number >= c.AtLeast
	}
	return !v.IsZero() && (v.Flag == nil || *v.Flag)
}

// Shows reports whether an evidence shows that the facts of a condition of the rule hold: it states them, or it is what the
// rule is about, which is found only where they do.
func (r Rule) Shows(c Condition, e because.Evidence) bool {
	switch {
	case c.Profile != "":
		return e.Kind == because.Profile && e.Ref == c.Profile || !c.Said && r.On(e)
	case len(c.Item) > 0 && e.Kind != because.Profile && (slices.Contains(c.Item, e.Ref) || slices.Contains(c.Item, e.Slots["shared"].Ref)):
		n := e.Slots["value"]
		return c.AtLeast == 0 || n.Kind == because.NumberSlot && n.Number >= c.AtLeast
	}
	return len(c.Item) > 0 && !c.Said && r.On(e)
}

// Proof is the value of the reader's profile that the rules want before an evidence is told: the number of the assessment
// that a risk class comes from. Empty where they want none.
func (p *Pack) Proof(e because.Evidence, profile map[string]because.Value) string {
	for _, r := range p.Rules {
		for _, c := range r.Unless {
			if c.Profile != "" && c.Profile != e.Ref && r.On(e) {
				return strings.Join(profile[c.Profile].Words, " ")
			}
		}
	}
	return ""
}

// rule checks a rule's phrases and conditions.
func (c *checker) rule(r Rule, at place) {
	a := r.About
	about := len(a.Kinds)+len(a.Fields)+len(a.Profile) > 0
	c.text(r.Reason, at, "reason")
	for _, l := range because.Langs {
		if some := len(r.Forbid[because.Chinese])+len(r.Forbid[because.English]) > 0; len(r.Forbid[l]) == 0 && (some || !about) {
			c.add(at, because.Say(c.lang, "the rule %q forbids nothing in %q; list phrases of that language under forbid.", r.ID, string(l)))
		}
	}
	if strings.TrimSpace(r.Source) == "" {
		c.add(at, because.Say(c.lang, "the rule %q names no source; name the law or decision behind it.", r.ID))
	}
	if about && len(r.Unless) == 0 {
		c.add(at, because.Say(c.lang, "the rule %q is about evidence but names no condition; write unless, or turn the kind off.", r.ID))
	}
	for _, k := range a.Kinds {
		if !slices.Contains(because.EvidenceKinds, k) {
			c.add(at, because.Say(c.lang, "there is no kind of evidence %q; %s", string(k), nearest(c.lang, string(k), plain(because.EvidenceKinds))))
		}
	}
	for _, f := range a.Fields {
		c.field(f, at)
	}
	for _, f := range a.Profile {
		c.profileField(f, at)
	}
	for _, u := range r.Unless {
		c.condition(r, u, at)
	}
}

func (c *checker) condition(r Rule, u Condition, at place) {
	if len(u.Item) == 0 && u.Profile == "" && u.Without == "" && !u.Closing {
		c.add(at, because.Say(c.lang, "a condition of the rule %q asks for nothing; write item, profile, without or closing.", r.ID))
	}
	if u.Said && len(u.Item) == 0 && u.Profile == "" {
		c.add(at, because.Say(c.lang, "said in the rule %q needs an item or a profile field that is to be said; name one.", r.ID))
	}
	if u.Closing && c.pack.Closing == nil {
		c.add(at, because.Say(c.lang, "the rule %q wants a closing, and the pack has none; write closing.", r.ID))
	}
	for _, f := range u.Item {
		c.field(f, at)
		if u.AtLeast != 0 && c.pack.Fields[f].Unit == "" {
			c.add(at, because.Say(c.lang, "at_least in the rule %q needs a field of numbers, and %q has no unit; give it one.", r.ID, f))
		}
	}
	if u.Without != "" {
		c.field(u.Without, at)
	}
	if u.Profile != "" {
		c.profileField(u.Profile, at)
	}
}

func (c *checker) field(f string, at place) {
	if _, ok := c.pack.Fields[f]; !ok && f != "price" {
		c.add(at, because.Say(c.lang, "there is no field %q; %s", f, nearest(c.lang, f, sortedKeys(c.pack.Fields))))
	}
}

func (c *checker) profileField(f string, at place) {
	if _, ok := c.pack.Profile[f]; !ok {
		c.add(at, because.Say(c.lang, "there is no profile field %q; %s", f, nearest(c.lang, f, sortedKeys(c.pack.Profile))))
	}
}

// bare reports whether a rule keeps a kind of evidence from texts without a closing: a push has none.
func (p *Pack) bare(k because.EvidenceKind) bool {
	return slices.ContainsFunc(p.Rules, func(r Rule) bool { return slices.Contains(r.About.Kinds, k) && r.Closes() })
}
