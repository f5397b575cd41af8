package pack

import (
	"strings"
	"testing"

	"because"
)

// TestCheckConditions: what is wrong with a rule with conditions, or with a limit, is told with file and line, in both
// languages.
func TestCheckConditions(t *testing.T) {
	s, err := Load(files("a/pack.yaml", `domain: a
label: {zh: 甲, en: A}
fields:
  x: {label: {zh: 某, en: some}, say: {zh: ["有{value}"], en: ["has {value}"]}}
rules:
  - {id: one, about: {kinds: [trends]}, reason: {zh: 因, en: why}, source: law}
  - {id: two, about: {fields: [xx]}, unless: [{}], reason: {zh: 因, en: why}, source: law}
  - {id: three, forbid: {zh: [说]}, unless: [{item: [x], at_least: 5}, {closing: true}, {profile: budgets}, {said: true, without: x}], reason: {zh: 因, en: why}}
limits:
  - {id: four, field: x, profile: budget, how: roughly, reason: {zh: 因, en: why}, source: law}
`))
	if err != nil {
		t.Fatal(err)
	}
	all := said(s.Check(because.English))
	for _, want := range []string{
		`a/pack.yaml:6: the rule "one" is about evidence but names no condition`,
		`a/pack.yaml:6: there is no kind of evidence "trends"; did you mean "trend"?`,
		`a/pack.yaml:7: there is no field "xx"`,
		`a/pack.yaml:7: a condition of the rule "two" asks for nothing`,
		`a/pack.yaml:8: the rule "three" forbids nothing in "en"`,
		`a/pack.yaml:8: the rule "three" names no source`,
		`a/pack.yaml:8: at_least in the rule "three" needs a field of numbers, and "x" has no unit`,
		`a/pack.yaml:8: the rule "three" wants a closing, and the pack has none`,
		`a/pack.yaml:8: there is no profile field "budgets"; did you mean "budget"?`,
		`a/pack.yaml:8: said in the rule "three" needs an item or a profile field`,
		`a/pack.yaml:10: how cannot be "roughly"; write at_most, at_least, overlaps or age.`,
	} {
		if !strings.Contains(all, want) {
			t.Errorf("Check does not say %q in:\n%s", want, all)
		}
	}
	if zh := said(s.Check(because.Chinese)); !strings.Contains(zh, "却没写条件") || !strings.Contains(zh, "没有 \"trends\" 这种依据") {
		t.Errorf("Check does not speak Chinese:\n%s", zh)
	}
}

// TestPermits: facts decide whether an evidence may be told, all conditions of all rules on it together.
func TestPermits(t *testing.T) {
	p := &Pack{Rules: []Rule{
		{ID: "past", About: About{Kinds: []because.EvidenceKind{because.Trend}}, Unless: []Condition{{Item: []string{"record"}, AtLeast: 5}, {Closing: true}}},
		{ID: "source", About: About{Fields: []string{"topic"}}, Unless: []Condition{{Item: []string{"outlet", "author"}}}},
		{ID: "verdict", About: About{Profile: []string{"class"}}, Unless: []Condition{{Profile: "assessment"}}},
		{ID: "final", About: About{Kinds: []because.EvidenceKind{because.PriceKind}}, Unless: []Condition{{Without: "charges"}}},
	}}
	n := func(x float64) because.Value { return because.Num(x, "") }
	trend, topic := because.Evidence{Kind: because.Trend, Ref: "nav"}, because.Evidence{Kind: because.Attribute, Ref: "topic"}
	deed := because.Evidence{Kind: because.Viewed, Ref: "i", Slots: map[string]because.Slot{"shared": {Ref: "topic"}}}
	class, price := because.Evidence{Kind: because.Profile, Ref: "class"}, because.Evidence{Kind: because.PriceKind, Ref: "price"}
	for _, tt := range []struct {
		e       because.Evidence
		item    map[string]because.Value
		profile map[string]because.Value
		want    bool
	}{
		{trend, map[string]because.Value{"record": n(5)}, nil, true}, {trend, map[string]because.Value{"record": n(4)}, nil, false}, {trend, nil, nil, false},
		{topic, map[string]because.Value{"author": because.Words("a")}, nil, true}, {topic, map[string]because.Value{"place": because.Words("a")}, nil, false}, {deed, nil, nil, false},
		{class, nil, map[string]because.Value{"assessment": because.Words("RA-1")}, true}, {class, nil, map[string]because.Value{"class": n(2)}, false},
		{because.Evidence{Kind: because.Attribute, Ref: "class"}, nil, nil, true}, // a field of the item that is named like one of the profile
		{price, nil, nil, true}, {price, map[string]because.Value{"charges": because.Flag(false)}, nil, true}, {price, map[string]because.Value{"charges": n(80)}, nil, false},
	} {
		if got := p.Permits(tt.e, because.Item{Attributes: tt.item}, tt.profile); got != tt.want {
			t.Errorf("%v, %v, %v: %v", tt.e, tt.item, tt.profile, got)
		}
	}
	if !p.Closes(trend) || p.Closes(topic) {
		t.Error("the past alone wants the closing")
	}
	if got := p.Proof(class, map[string]because.Value{"assessment": because.Words("RA-1")}); got != "RA-1" {
		t.Errorf("proof %q", got)
	}
}
