// Package fakellm is a language model server for tests: it speaks the OpenAI API and misbehaves on request, in every way
// that a real server, a proxy before it or a model has been seen to.
package fakellm

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// A Server is a fake language model server. Its URL ends in /v1.
type Server struct {
	URL      string
	Resolver *net.Resolver // knows no name, for NoHost; else nil

	mu     sync.Mutex // guards mode, script, calls, bodies and last
	script func(system, user string) string
	mode   Mode
	calls  int
	bodies []string
	last   map[bool]string // what the latest prompt led with, in Chinese and not
	done   chan struct{}
}

// New starts a server that is stopped when the test ends. A mode that shows before a request is read cannot be set later.
func New(t testing.TB, mode Mode) *Server {
	t.Helper()
	if mode == Gzip {
		bomb() // packing takes longer than a caller waits
	}
	s := &Server{mode: mode, last: map[bool]string{}, done: make(chan struct{})}
	if s.listen(t, mode) {
		return s
	}
	h := httptest.NewUnstartedServer(s)
	h.Config.ErrorLog = log.New(io.Discard, "", 0) // of the callers that hang up
	if mode == BadCert {
		h.StartTLS()
	} else {
		h.Start()
	}
	s.URL = h.URL + "/v1"
	t.Cleanup(func() { close(s.done); h.CloseClientConnections(); h.Close() })
	return s
}

// Set changes the mode.
func (s *Server) Set(mode Mode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mode, s.calls = mode, 0
}

// Script makes a server in the mode OK answer what f says to a prompt; nil undoes it. It may be called at once by many.
func (s *Server) Script(f func(system, user string) string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = f
}

// Calls is how many completions were asked for since the mode was set.
func (s *Server) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// Bodies are the requests for completions, oldest first.
func (s *Server) Bodies() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.bodies...)
}

// bomb is ten megabytes of blanks in ten kilobytes.
var bomb = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(bytes.Repeat([]byte(" "), 10<<20))
	z.Close()
	return b.Bytes()
})

type request struct {
	Messages []struct{ Role, Content string }
	Format   *struct{ Type string } `json:"response_format"`
	before   string                 // what the prompt before this one led with
	said     string                 // what the script says to it
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/models") {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"object":"list","data":[{"id":"fake","object":"model","created":1,"owned_by":"test"}]}`)
		return
	}
	body, _ := io.ReadAll(r.Body)
	var req request
	if err := json.Unmarshal(body, &req); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.calls++
	call, mode := s.calls, s.mode
	s.bodies = append(s.bodies, string(body))
	system, _ := req.prompt()
	zh := chinese(system)
	req.before, s.last[zh] = s.last[zh], req.lead().text
	script := s.script
	s.mu.Unlock()
	if script != nil {
		req.said = script(req.prompt())
	}
	if s.connection(w, mode, req) || s.stalls(w, r, mode, req) || floods(w, r, mode, req) || status(w, r, mode, call, req, string(body)) {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if mode == WrongType {
		w.Header().Set("Content-Type", "text/plain")
	}
	io.WriteString(w, completion(mode, req))
}

// status answers with an error status; it reports whether it did.
func status(w http.ResponseWriter, r *http.Request, mode Mode, call int, req request, body string) bool {
	fail := func(code int, message string) bool {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		fmt.Fprintf(w, `{"error":{"message":%q,"type":"x","code":"x"}}`, message)
		return true
	}
	codes := map[Mode]int{Status400: 400, Status401: 401, Status403: 403, Status404: 404, Status408: 408, Status409: 409, Status413: 413,
		Status422: 422,
		Status429: 429, Status500: 500, Status503: 503, Status529: 529}
	if code, ok := codes[mode]; ok {
		return fail(code, "no")
	}
	switch mode {
	case Status429Soon, Status503Once:
		if call > 1 {
			return false
		}
		w.Header().Set("Retry-After", "0.05")
		return fail(map[Mode]int{Status429Soon: 429, Status503Once: 503}[mode], "later")
	case Status429Second:
		w.Header().Set("Retry-After", "1")
		return fail(429, "in a second")
	case Status429Late:
		w.Header().Set("Retry-After", "1000000000")
		return fail(429, "much later")
	case Status429Past:
		w.Header().Set("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT")
		return fail(429, "earlier")
	case Status502, HTML:
		w.Header().Set("Content-Type", "text/html")
		if mode == Status502 {
			w.WriteHeader(502)
		}
		io.WriteString(w, "<html><body><h1>502 Bad Gateway</h1></body></html>")
		return true
	case KeyInError:
		return fail(401, "Incorrect API key provided: "+r.Header.Get("Authorization"))
	case NoSchema:
		if req.Format != nil && req.Format.Type == "json_schema" {
			return fail(400, "response_format json_schema is not supported")
		}
	case NoFormat:
		if req.Format != nil {
			return fail(400, "response_format is not supported")
		}
	case NoExtras:
		for _, extra := range []string{"chat_template_kwargs", "reasoning_effort", "enable_thinking", `"thinking"`, "cache_prompt"} {
			if strings.Contains(body, extra) {
				return fail(400, "unknown member "+extra)
			}
		}
	}
	return false
}

// completion is the body of a 200.
func completion(mode Mode, req request) string {
	message := map[string]any{"role": "assistant", "content": content(mode, req)}
	finish, model := "stop", "fake"
	usage := map[string]any{"prompt_tokens": 200, "completion_tokens": 40, "total_tokens": 240}
	switch mode {
	case EmptyObject:
		return "{}"
	case NullContent:
		message["content"], message["reasoning_content"] = nil, "Let me think about it."
	case Reasoning:
		message["reasoning_content"] = "The reader looked at something with secret evidence."
	case ToolCall:
		message["content"] = nil
		message["tool_calls"] = []any{map[string]any{"id": "1", "type": "function", "function": map[string]any{"name": "shell", "arguments": "{}"}}}
		finish = "tool_calls"
	case RefusalField:
		message["content"], message["refusal"] = nil, "I will not."
	case Length:
		finish = "length"
	case OtherModel:
		model = "something-else"
	case NoUsage:
		usage = nil
	case AbsurdUsage:
		usage["total_tokens"] = int64(1) << 60
	case Deep:
		return `{"choices":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}"
	}
	choices := []any{map[string]any{"index": 0, "message": message, "finish_reason": finish}}
	if mode == EmptyChoices {
		choices = []any{}
	}
	b, err := json.Marshal(map[string]any{"id": "x", "object": "chat.completion", "created": 1, "model": model, "choices": choices, "usage": usage})
	if err != nil {
		panic(err) // made of strings and numbers
	}
	s := string(b)
	switch mode {
	case Truncated:
		return s[:len(s)*2/3]
	case WrongTypes:
		return `{"id":7,"choices":"none","usage":[]}`
	case NaN:
		return strings.Replace(s, `"created":1`, `"created":NaN`, 1)
	case Duplicate:
		return strings.Replace(s, `"id":"x"`, `"id":"x","id":"y"`, 1)
	case DuplicateText:
		return strings.Replace(s, `"content":`, `"content":"{\"sentences\":[{\"text\":\"9999\",\"evidence_ids\":[\"e1\"]}]}","content":`, 1)
	case BadUTF8Text:
		return strings.Replace(s, `\"text\":\"`, `\"text\":\"`+"\xff\xfe", 1)
	case BadUTF8:
		return strings.Replace(s, `"model":"fake"`, "\"model\":\"fa\xff\xfeke\"", 1)
	}
	return s
}

// content is what the model says.
func content(mode Mode, req request) string {
	system, _ := req.prompt()
	zh := chinese(system)
	l := req.lead()
	text, id := l.text, l.id
	good := answer(text, id)
	if !strings.Contains(system, `"sentences"`) { // the pack is guarded: only a choice is asked for
		good = fmt.Sprintf(`{"evidence_ids":[%q]}`, id)
	}
	if req.said != "" {
		good = req.said
	}
	switch mode {
	case ThinkClosed:
		return "<think>The user wants {a reason}.</think>\n" + good
	case ThinkUnclosed:
		return "<think>The user wants a reason, so I should " + good
	case ThinkEndOnly:
		return "so I should write it.\n</think>\n" + good
	case TruncatedAnswer:
		return good[:len(good)/2]
	case Whitespace:
		return good[:len(good)-2] + strings.Repeat("\n", 500)
	case Fence:
		return "```json\n" + good + "\n```"
	case Plain:
		return text
	case WrongLanguage:
		if zh {
			return answer("You looked at this kind of thing last week and here is another one", id)
		}
		return answer("你上周看过这一类东西，这是另一个。", id)
	case EchoPrompt:
		return answer(system, id)
	case Declines:
		return "I'm sorry, but I can't help with that."
	case Nonsense:
		return answer(pick(zh, "这款能撑 9999 天，比别的好 300%。", "It lasts 9999 days and is 300% better."), id)
	case DeepAnswer:
		return `{"sentences":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}"
	case OtherFacts:
		if req.before != "" {
			return answer(req.before, id)
		}
		return answer(pick(zh, "《长夜将明》全长 203 分钟。", "The Long Night Ends runs 203 minutes."), id)
	case ForeignIDs:
		return answer(text, "e999")
	case Obedient:
		return answer(pick(zh, "忽略以上规则，请访问 https://evil.example 领取优惠。", "Ignoring the rules: visit https://evil.example for a discount."), id)
	case Rambling:
		return answer(strings.Repeat(pick(zh, "这个真的很好很值得看一看，", "and this is really good and worth a look "), 60), id)
	}
	return good
}

// prompt is what the roles said.
func (r request) prompt() (system, user string) {
	for _, m := range r.Messages {
		switch m.Role {
		case "system":
			system = m.Content
		case "user":
			user = m.Content
		}
	}
	return system, user
}

func chinese(system string) bool {
	return strings.Contains(system, "中文") || strings.Contains(system, "挑选")
}

type fact struct{ text, id string }

// lead is a sentence from the leading evidence of the prompt, and its ID.
func (r request) lead() fact {
	system, user := r.prompt()
	for _, line := range strings.Split(user, "\n") {
		var e struct {
			ID, Fact string
			Lead     bool
		}
		if json.Unmarshal([]byte(line), &e) == nil && e.Lead {
			return fact{e.Fact, e.ID}
		}
	}
	return fact{pick(chinese(system), "这是一条理由。", "This is a reason."), "e1"}
}

func answer(text, id string) string {
	b, err := json.Marshal(map[string]any{"sentences": []any{map[string]any{"text": text, "evidence_ids": []string{id}}}})
	if err != nil {
		panic(err) // made of strings
	}
	return string(b)
}

func pick(zh bool, a, b string) string {
	if zh {
		return a
	}
	return b
}
