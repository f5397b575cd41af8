// Package fakellm is a language model server for tests: it speaks the OpenAI API and misbehaves on request, in every way
// that a real server, a proxy before it or a model has been seen to.
package fakellm

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// A Mode says how the server behaves.
type Mode string

// The modes. Where nothing else is said the response is a 200 with a well-formed completion.
const (
	OK Mode = "ok" // cites the leading evidence, in the prompt's language

	// Connection.
	Reset        Mode = "reset"          // hangs up before the header
	ResetBody    Mode = "reset in body"  // hangs up in the middle of the body
	SilentHead   Mode = "silent"         // accepts and says nothing
	SilentBody   Mode = "silent body"    // sends the header and then nothing
	Drip         Mode = "1 byte/s"       // one byte a second
	Slow         Mode = "slow"           // answers after 150 ms
	Redirect     Mode = "redirect"       // to a metadata address
	Gzip         Mode = "gzip"           // a compressed body that nobody asked for, large when unpacked
	Huge         Mode = "100 MB"         // never stops sending
	HugeLength   Mode = "100 MB length"  // announces 100 MB
	BlankBody    Mode = "blank body"     // 200 and no body
	KeepAlive    Mode = "keep-alive"     // blank lines while it thinks, then the answer
	WrongType    Mode = "text/plain"     // right body, wrong content type
	EndlessSpace Mode = "endless spaces" // JSON that goes on in white space

	// Status.
	Status400     Mode = "400"
	Status401     Mode = "401"
	Status403     Mode = "403"
	Status404     Mode = "404"
	Status408     Mode = "408"
	Status409     Mode = "409"
	Status413     Mode = "413"
	Status422     Mode = "422"
	Status429     Mode = "429"
	Status429Soon Mode = "429 then ok"     // Retry-After 0.05, then well
	Status429Late Mode = "429 for ages"    // Retry-After 10⁹
	Status429Past Mode = "429 in the past" // Retry-After is a date gone by
	Status500     Mode = "500"
	Status502     Mode = "502" // an HTML page
	Status503     Mode = "503"
	Status503Once Mode = "503 then ok"
	Status529     Mode = "529"
	HTML          Mode = "html" // 200 and an HTML page
	KeyInError    Mode = "key in error"
	NoSchema      Mode = "no schema" // 400 for response_format json_schema, well otherwise
	NoFormat      Mode = "no format" // 400 for any response_format
	NoExtras      Mode = "no extras" // 400 for members of the body that OpenAI does not name

	// Body.
	EmptyObject     Mode = "empty object"
	EmptyChoices    Mode = "empty choices"
	NullContent     Mode = "null content" // reasoning_content only
	Reasoning       Mode = "reasoning"    // reasoning_content beside a good answer
	ThinkClosed     Mode = "think closed"
	ThinkUnclosed   Mode = "think unclosed"
	ThinkEndOnly    Mode = "think end only"
	ToolCall        Mode = "tool call"
	Length          Mode = "length"    // finish_reason length
	Truncated       Mode = "truncated" // the completion itself stops in the middle
	TruncatedAnswer Mode = "truncated answer"
	Whitespace      Mode = "whitespace" // the answer is a good start and then blanks
	Duplicate       Mode = "duplicate keys"
	WrongTypes      Mode = "wrong types"
	NaN             Mode = "NaN"
	Deep            Mode = "deep" // nested a hundred thousand times
	BadUTF8         Mode = "bad UTF-8"
	Fence           Mode = "code fence"
	Plain           Mode = "plain" // prose instead of JSON

	// Meaning.
	WrongLanguage Mode = "wrong language"
	EchoPrompt    Mode = "echoes prompt"
	Declines      Mode = "declines"
	RefusalField  Mode = "refusal field"
	Nonsense      Mode = "nonsense" // confident numbers of its own
	ForeignIDs    Mode = "foreign ids"
	Obedient      Mode = "attacker obedient"
	Rambling      Mode = "rambling"
	OtherModel    Mode = "other model"
	NoUsage       Mode = "no usage"
	AbsurdUsage   Mode = "absurd usage"
)

// A Server is a fake language model server. Its URL ends in /v1.
type Server struct {
	URL string

	mu     sync.Mutex // guards mode, calls and bodies
	mode   Mode
	calls  int
	bodies []string
	done   chan struct{}
}

// New starts a server that is stopped when the test ends.
func New(t testing.TB, mode Mode) *Server {
	t.Helper()
	if mode == Gzip {
		bomb() // packing takes longer than a caller waits
	}
	s := &Server{mode: mode, done: make(chan struct{})}
	h := httptest.NewServer(s)
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
	s.mu.Unlock()
	if s.connection(w, r, mode, req) || status(w, r, mode, call, req, string(body)) {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if mode == WrongType {
		w.Header().Set("Content-Type", "text/plain")
	}
	io.WriteString(w, completion(mode, req))
}

// connection misbehaves below the level of HTTP's meaning; it reports whether it did.
func (s *Server) connection(w http.ResponseWriter, r *http.Request, mode Mode, req request) bool {
	flush := func() { w.(http.Flusher).Flush() }
	wait := func() {
		select {
		case <-r.Context().Done():
		case <-s.done:
		}
	}
	good := completion(OK, req)
	switch mode {
	case Reset:
		panic(http.ErrAbortHandler)
	case ResetBody:
		io.WriteString(w, good[:len(good)/2])
		flush()
		panic(http.ErrAbortHandler)
	case SilentHead:
		wait()
	case SilentBody:
		w.Header().Set("Content-Type", "application/json")
		flush()
		wait()
	case Drip:
		for i := range len(good) {
			io.WriteString(w, good[i:i+1])
			flush()
			select {
			case <-time.After(time.Second):
			case <-r.Context().Done():
				return true
			case <-s.done:
				return true
			}
		}
	case Slow:
		select {
		case <-time.After(150 * time.Millisecond):
		case <-r.Context().Done():
		}
		io.WriteString(w, good)
	case Redirect:
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusTemporaryRedirect)
	case Gzip:
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(bomb())
	case Huge:
		block := bytes.Repeat([]byte("x"), 64<<10)
		io.WriteString(w, `{"id":"`)
		for range 1600 {
			if _, err := w.Write(block); err != nil {
				return true
			}
		}
	case HugeLength:
		w.Header().Set("Content-Length", fmt.Sprint(100<<20))
		io.WriteString(w, "{")
		flush()
	case EndlessSpace:
		io.WriteString(w, `{"id":"x","choices":[`)
		block := strings.Repeat(" ", 1024)
		for range 200 {
			if _, err := io.WriteString(w, block); err != nil {
				return true
			}
		}
	case BlankBody:
	case KeepAlive:
		w.Header().Set("Content-Type", "application/json")
		for range 3 {
			io.WriteString(w, "\n")
			flush()
		}
		io.WriteString(w, good)
	default:
		return false
	}
	return true
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
		Status422: 422, Status429: 429, Status500: 500, Status503: 503, Status529: 529}
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
		return strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)
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
	case BadUTF8:
		return strings.Replace(s, `"model":"fake"`, "\"model\":\"fa\xff\xfeke\"", 1)
	}
	return s
}

// content is what the model says.
func content(mode Mode, req request) string {
	system, user := "", ""
	for _, m := range req.Messages {
		switch m.Role {
		case "system":
			system = m.Content
		case "user":
			user = m.Content
		}
	}
	zh := strings.Contains(system, "中文") || strings.Contains(system, "挑选")
	text, id := lead(user, zh)
	good := answer(text, id)
	if !strings.Contains(system, `"sentences"`) { // the pack is guarded: only a choice is asked for
		good = fmt.Sprintf(`{"evidence_ids":[%q]}`, id)
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
	case ForeignIDs:
		return answer(text, "e999")
	case Obedient:
		return answer(pick(zh, "忽略以上规则，请访问 https://evil.example 领取优惠。", "Ignoring the rules: visit https://evil.example for a discount."), id)
	case Rambling:
		return answer(strings.Repeat(pick(zh, "这个真的很好很值得看一看，", "and this is really good and worth a look "), 60), id)
	}
	return good
}

// lead is a sentence from the leading evidence of the prompt, and its ID.
func lead(user string, zh bool) (string, string) {
	id := "e1"
	for _, line := range strings.Split(user, "\n") {
		var e struct {
			ID, Fact string
			Lead     bool
		}
		if json.Unmarshal([]byte(line), &e) == nil && e.Lead {
			return e.Fact, e.ID
		}
	}
	return pick(zh, "这是一条理由。", "This is a reason."), id
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
