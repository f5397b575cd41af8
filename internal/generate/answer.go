package generate

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"because"
	"because/internal/text"
)

// An answer is what a model said, checked for form; whether it is true is the verifier's business.
type answer struct {
	text  string
	cited []string
}

const (
	maxBlanks    = 64 // in a row
	longestTimes = 4  // how many times a style's length an answer may have before it is rambling
)

// What disqualifies an answer.
var (
	errEmpty    = errors.New("the answer is empty")
	errJSON     = errors.New("the answer is not the JSON that was asked for")
	errCites    = errors.New("no sentence cites evidence that was given")
	errRambles  = errors.New("the answer rambles")
	errLanguage = errors.New("the answer is in another language")
	errMarkup   = errors.New("the answer holds markup, a link or parts of the prompt")
	errDeclined = errors.New("the model declined")
	errCut      = errors.New("the answer was cut off")
	errToolCall = errors.New("the model called a tool instead of answering")
)

// readAnswer reads {sentences:[{text, evidence_ids}]}. plain accepts bare text where the server cannot be held to JSON.
func readAnswer(content string, req Request, mark string, plain bool) (answer, error) {
	body, err := bare(content)
	if err != nil {
		return answer{}, err
	}
	var got struct {
		Sentences []struct {
			Text string   `json:"text"`
			IDs  []string `json:"evidence_ids"`
		} `json:"sentences"`
	}
	var out answer
	js, isJSON := jsonPart(body)
	switch {
	case isJSON && json.Unmarshal([]byte(js), &got) == nil:
		for _, s := range got.Sentences {
			ids := known(s.IDs, req.Evidence)
			if said := strings.Join(strings.Fields(s.Text), " "); said != "" && len(ids) > 0 {
				out.add(said, ids, req.Lang)
			}
		}
		if len(out.cited) == 0 {
			if declined(body) {
				return answer{}, errDeclined
			}
			return answer{}, errCites
		}
	case plain && !strings.ContainsAny(body, "{}"):
		for _, e := range req.Evidence {
			out.cited = append(out.cited, e.ID)
		}
		out.text = strings.Join(strings.Fields(body), " ")
	case declined(body):
		return answer{}, errDeclined
	default:
		return answer{}, errJSON
	}
	out.text = unlooped(strings.ReplaceAll(out.text, mark, ""))
	return out, wellFormed(out.text, req)
}

// unlooped is a text up to the first sentence that was said before, or that was being said again where the text was cut:
// small models come to a good sentence and cannot leave it.
func unlooped(s string) string {
	said := map[string]bool{}
	for _, at := range text.Sentences(s) {
		sentence := s[at[0]:at[1]]
		again := said[sentence]
		for earlier := range said {
			again = again || at[1] == len(s) && strings.HasPrefix(earlier, sentence)
		}
		if again {
			return strings.TrimSpace(s[:at[0]])
		}
		said[sentence] = true
	}
	return s
}

func (a *answer) add(s string, ids []string, lang because.Lang) {
	if a.text != "" && lang == because.English {
		a.text += " "
	}
	a.text += s
	for _, id := range ids {
		if !slices.Contains(a.cited, id) {
			a.cited = append(a.cited, id)
		}
	}
}

// readChoice reads {evidence_ids} of a guarded pack.
func readChoice(content string, req Request) ([]string, error) {
	body, err := bare(content)
	if err != nil {
		return nil, err
	}
	var got struct {
		IDs []string `json:"evidence_ids"`
	}
	js, ok := jsonPart(body)
	if !ok || json.Unmarshal([]byte(js), &got) != nil {
		return nil, errJSON
	}
	ids := known(got.IDs, req.Evidence)
	if len(ids) == 0 {
		return nil, errCites
	}
	return ids[:min(3, len(ids))], nil
}

// bare is the content without reasoning and code fences.
func bare(content string) (string, error) {
	if !utf8.ValidString(content) {
		content = strings.ToValidUTF8(content, "")
	}
	if blanks(content) > maxBlanks {
		return "", errRambles
	}
	s := withoutReasoning(content)
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(s, "```"); ok {
		if i := strings.IndexByte(rest, '\n'); i >= 0 {
			rest = rest[i+1:]
		}
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "```"))
	}
	if s == "" {
		return "", errEmpty
	}
	return s, nil
}

var think = regexp.MustCompile(`(?is)<(think|thinking|reasoning)>.*?</(?:think|thinking|reasoning)>`)
var thinkEnd = regexp.MustCompile(`(?i)</(?:think|thinking|reasoning)>`)
var thinkStart = regexp.MustCompile(`(?i)<(?:think|thinking|reasoning)>`)

// withoutReasoning takes off what a reasoning model thought aloud: in tags, before a lone closing tag, after an opening
// one that was never closed.
func withoutReasoning(s string) string {
	s = think.ReplaceAllString(s, "")
	if all := thinkEnd.FindAllStringIndex(s, -1); len(all) > 0 {
		s = s[all[len(all)-1][1]:]
	}
	if at := thinkStart.FindStringIndex(s); at != nil {
		s = s[:at[0]]
	}
	return s
}

// blanks is the longest run of white space.
func blanks(s string) int {
	most, run := 0, 0
	for _, r := range s {
		if unicode.IsSpace(r) {
			run++
			most = max(most, run)
		} else {
			run = 0
		}
	}
	return most
}

// jsonPart is the text from the first brace to the last.
func jsonPart(s string) (string, bool) {
	i, j := strings.IndexByte(s, '{'), strings.LastIndexByte(s, '}')
	if i < 0 || j < i {
		return "", false
	}
	return s[i : j+1], true
}

// known are the IDs that were given, in their order, each once.
func known(ids []string, evidence []because.Evidence) []string {
	var out []string
	for _, id := range ids {
		if slices.ContainsFunc(evidence, func(e because.Evidence) bool { return e.ID == id }) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

var markup = regexp.MustCompile("(?i)https?://|www\\.|</?[a-z!][^>]*>|```|\\]\\(|evidence_ids|⟦|⟧|\\bsystem prompt\\b|系统提示|[{}<>\\[\\]|\\\\]")

// wellFormed reports what disqualifies a text without looking at what it says.
func wellFormed(s string, req Request) error {
	switch n := text.Len(s); {
	case s == "":
		return errEmpty
	case n > longestTimes*max(limit(orShort(req.Arm.Style), req.Lang), 30), repeats(s):
		return errRambles
	case markup.MatchString(withoutNames(s, req)):
		return errMarkup
	case declined(s):
		return errDeclined
	}
	if script := text.Script(s); req.Lang == because.Chinese && script == text.En || req.Lang == because.English && script == text.Zh {
		return errLanguage
	}
	return nil
}

// withoutNames is a text without the names and other words that were given to be said as they stand.
func withoutNames(s string, req Request) string {
	if !strings.ContainsAny(s, "{}<>[]|\\") {
		return s
	}
	s = strings.ReplaceAll(s, req.Name, "")
	for _, e := range req.Evidence {
		for _, slot := range e.Slots {
			if slot.Text != "" {
				s = strings.ReplaceAll(s, slot.Text, "")
			}
		}
	}
	return s
}

// repeats reports whether a stretch of at least eight characters comes four times in a row or more.
func repeats(s string) bool {
	r := []rune(s)
	for size := 8; size <= len(r)/4; size++ {
		run := 0
		for i := size; i < len(r); i++ {
			if r[i] != r[i-size] {
				run = 0
				continue
			}
			if run++; run >= 3*size {
				return true
			}
		}
	}
	return false
}

// declined reports whether a model says that it will not answer.
func declined(s string) bool {
	s = strings.ToLower(s)
	for _, p := range []string{"i can't help", "i cannot help", "i'm sorry, but", "i am sorry, but", "as an ai", "i'm unable to", "i am unable to", "抱歉，我", "对不起，我", "作为一个人工智能", "作为ai", "作为 ai", "我无法提供", "我不能提供", "无法满足您的请求"} {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}
