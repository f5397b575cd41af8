package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"because"
	"because/internal/engine"
)

// printJSON writes v as JSON with stable names, HTML characters as they are.
func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// line prints one line of data.
func (a *app) line(s string) { fmt.Fprintln(a.stdout, harmless(s)) }

// harmless is text for a terminal, whoever wrote it: control characters are shown, not obeyed, and what turns the direction
// of writing is left out. A line break stays.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ':
			return '␀' + r
		case r == 0x7F:
			return '␡'
		case r > 0x7F && r < 0xA0:
			return '�'
		case r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r >= 0xE0000 && r <= 0xE0FFF:
			return -1
		}
		return r
	}, s)
}

// next names the command that usually follows.
func (a *app) next(command string) {
	a.talk(because.Say(a.lang, "Next: %s", command))
}

// did says that a change is made: a sentence, or with --json what is true now.
func (a *app) did(said string, now map[string]any) error {
	if a.json {
		return a.printJSON(now)
	}
	a.talk(said)
	return nil
}

// table prints rows in columns; Han characters count two cells.
func (a *app) table(rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, c := range row {
			c = strings.ReplaceAll(harmless(c), "\n", "␊") // a cell is one line
			row[i] = c
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], cells(c))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, c := range row {
			b.WriteString(c)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-cells(c)+2))
			}
		}
		a.line(strings.TrimRight(b.String(), " "))
	}
}

// cells is the width of s on a terminal.
func cells(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) || r >= 0xFF01 && r <= 0xFF60 || r >= 0x3000 && r <= 0x303F:
			n += 2
		case unicode.Is(unicode.Mn, r):
		default:
			n++
		}
	}
	return n
}

// explanation prints a text with what backs it.
func (a *app) explanation(x because.Explanation) {
	a.line(x.Text)
	a.line("")
	a.line(because.Say(a.lang, "source: %s · verdict: %s · style: %s · AI-generated", a.word(string(x.Source)), a.word(string(x.Verdict)), a.word(string(x.Style))))
	if sure := engine.Confidence(x.Confidence, a.lang); sure != "" {
		a.line(sure)
	}
	switch {
	case x.Fallback == nil:
	case x.Verdict != because.Replaced:
		a.line(x.Fallback.Reason)
	default:
		a.line(because.Say(a.lang, "instead of %s: %s", a.word(string(x.Fallback.Requested)), x.Fallback.Reason))
	}
	if len(x.Evidence) > 0 {
		a.line(because.Say(a.lang, "Evidence"))
	}
	for _, ev := range x.Evidence {
		a.line(fmt.Sprintf("  %-4s %5.1f %%  %s  (%s)", ev.ID, 100*ev.Share, ev.Text, ev.Origin))
	}
	for _, c := range x.Counterfactuals {
		a.line("  " + c.Text)
	}
	if len(x.Unused) > 0 {
		a.line(because.Say(a.lang, "Known but not said: %d", len(x.Unused)))
	}
}

// word says a machine name to a person.
func (a *app) word(name string) string {
	words := map[string]string{
		"corpus":        because.Say(a.lang, "corpus"),
		"likelihood":    because.Say(a.lang, "likelihood"),
		"discriminator": because.Say(a.lang, "discriminator"),
		"adversarial":   because.Say(a.lang, "adversarial"),
		"teacher":       because.Say(a.lang, "teacher"),
		"feedback":      because.Say(a.lang, "feedback"),
		"tuning":        because.Say(a.lang, "tuning"),
		"domains":       because.Say(a.lang, "domains"),
		"article":       because.Say(a.lang, "the article's listing"),
		"template":      because.Say(a.lang, "hand-written pattern"),
		"approved":      because.Say(a.lang, "approved wording"),
		"embedded":      because.Say(a.lang, "embedded generator"),
		"llm":           because.Say(a.lang, "language model"),
		"passed":        because.Say(a.lang, "passed"),
		"repaired":      because.Say(a.lang, "repaired"),
		"replaced":      because.Say(a.lang, "replaced"),
		"short":         because.Say(a.lang, "short"),
		"detail":        because.Say(a.lang, "detailed"),
		"contrast":      because.Say(a.lang, "contrasting"),
		"data":          because.Say(a.lang, "numbers first"),
		"warm":          because.Say(a.lang, "warm"),
		"push":          because.Say(a.lang, "push notice"),
	}
	if w, ok := words[name]; ok {
		return w
	}
	return name
}
