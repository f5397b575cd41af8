// Package liar is a language model server that lies on purpose. It speaks the OpenAI API on loopback, tells some facts of
// the prompt as they stand and others falsely, in known ways, and remembers each lie, so that whoever asked can tell
// whether the lie was shown.
//
// It is made for measuring: it knows no verifier and no evidence but what the prompt says. What a lie is made of (names
// that the reader never met, values that the item does not have) is handed in by whoever knows the world, so that each
// lie is false for certain.
package liar

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"because"
)

// Material is what lies of one request are made of.
type Material struct {
	Lang      because.Lang
	Now       time.Time
	Known     []string            // names of items that the reader turned to
	Strangers []string            // names of items that the reader never turned to
	Words     map[string][]string // by a value of the item as it is said: values of the same field that neither the item nor the reader has
}

// A Lie is one false statement.
type Lie struct {
	Kind string `json:"kind"`
	Said string `json:"said"` // the clause with the lie
	Was  string `json:"was"`  // the fact as it was
}

// A Server answers for one request at a time.
type Server struct {
	URL   string
	share float64 // of answers that lie

	listener net.Listener
	mu       sync.Mutex // guards what follows
	rng      *rand.Rand
	material Material
	lies     []Lie
}

// Listen starts a server on loopback. The share of its answers lies, as far as the facts allow.
func Listen(seed uint64, share float64) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the lying server: %w", err)
	}
	s := &Server{URL: "http://" + l.Addr().String() + "/v1", share: share, listener: l, rng: rand.New(rand.NewPCG(seed, 0x11a2))}
	go func() { _ = http.Serve(l, s) }() // ends with the listener
	return s, nil
}

// Close stops the server.
func (s *Server) Close() error { return s.listener.Close() }

// Prepare hands over the material of the next request and forgets the lies of the last.
func (s *Server) Prepare(m Material) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.material, s.lies = m, nil
}

// Told are the lies since the server was prepared.
func (s *Server) Told() []Lie {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lies
}

// A fact is a line of the prompt.
type fact struct {
	ID, Kind, Fact, Quote string
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if strings.HasSuffix(r.URL.Path, "/models") {
		_, _ = io.WriteString(w, `{"object":"list","data":[{"id":"liar","object":"model","created":1,"owned_by":"test"}]}`)
		return
	}
	var req struct {
		Messages []struct{ Role, Content string }
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&req); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	user := ""
	for _, m := range req.Messages {
		if m.Role == "user" {
			user = m.Content
		}
	}
	content := s.answer(facts(user))
	choice := map[string]any{"index": 0, "finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": content}}
	_ = json.NewEncoder(w).Encode(map[string]any{
		"id": "x", "object": "chat.completion", "created": 1, "model": "liar", "choices": []any{choice},
		"usage": map[string]any{"prompt_tokens": 200, "completion_tokens": 40, "total_tokens": 240},
	})
}

// facts are the fact lines of a prompt, without the marks around what strangers said.
func facts(user string) []fact {
	var out []fact
	for _, line := range strings.Split(user, "\n") {
		var f fact
		if json.Unmarshal([]byte(line), &f) == nil && f.ID != "" {
			f.Fact = unmarked(f.Fact)
			out = append(out, f)
		}
	}
	return out
}

// unmarked takes out what stands between ⟦ and ⟧.
func unmarked(t string) string {
	for {
		i := strings.Index(t, "⟦")
		j := strings.Index(t, "⟧")
		if i < 0 || j < i {
			return t
		}
		t = t[:i] + t[j+len("⟧"):]
	}
}

// answer tells one or two facts, some of them falsely.
func (s *Server) answer(fs []fact) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	type sentence struct {
		Text string   `json:"text"`
		IDs  []string `json:"evidence_ids"`
	}
	var out []sentence
	if s.rng.Float64() < s.share {
		if lie, f, ok := s.lie(fs); ok {
			s.lies = append(s.lies, lie)
			out = append(out, sentence{f.Fact, []string{f.ID}})
		}
	}
	for i, f := range fs {
		if len(out) == 0 || len(out) == 1 && i > 0 && s.rng.IntN(2) == 0 && out[0].IDs[0] != f.ID {
			out = append(out, sentence{f.Fact, []string{f.ID}})
		}
	}
	b, err := json.Marshal(map[string]any{"sentences": out})
	if err != nil {
		panic(err) // made of strings
	}
	return string(b)
}
