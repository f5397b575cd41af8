package lm

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// llamaFile finds a file that scripts/setup-test.sh installs; without it the test is skipped.
func llamaFile(t *testing.T, name string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("runs llama-server")
	}
	home := os.Getenv("BECAUSE_LLM_HOME")
	if home == "" {
		user, err := os.UserHomeDir()
		if err != nil {
			t.Skip("no home folder: ", err)
		}
		home = filepath.Join(user, ".cache", "because", "llm")
	}
	path := filepath.Join(home, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not installed; run scripts/setup-test.sh: %v", name, err)
	}
	return path
}

// A llamaServer is a running llama-server.
type llamaServer struct {
	t   *testing.T
	url string
}

// startLlama starts llama-server on a model, computing attention in float32 as we do. It ends with the test.
func startLlama(t *testing.T, model string) llamaServer {
	t.Helper()
	binary := llamaFile(t, "llama-server")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	cmd := exec.Command(binary, "-m", model, "--host", "127.0.0.1", "--port", strconv.Itoa(port), "-c", "512", "-np", "1", "-t", "1",
		"-ctk", "f32", "-ctv", "f32", "-fa", "off", "--no-warmup")
	log := filepath.Join(t.TempDir(), "log")
	out, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-exited
		out.Close()
	})
	url := "http://127.0.0.1:" + strconv.Itoa(port)
	for start := time.Now(); time.Since(start) < 2*time.Minute; time.Sleep(50 * time.Millisecond) {
		if res, err := http.Get(url + "/health"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return llamaServer{t, url}
			}
		}
		select {
		case err := <-exited:
			exited <- err
			text, _ := os.ReadFile(log)
			t.Fatalf("llama-server ended: %v\n%s", err, text[max(0, len(text)-3000):])
		default:
		}
	}
	t.Fatal("llama-server is not ready after two minutes")
	panic("unreachable")
}

func (s llamaServer) post(path string, request, answer any) {
	s.t.Helper()
	body, err := json.Marshal(request)
	if err != nil {
		s.t.Fatal(err)
	}
	res, err := http.Post(s.url+path, "application/json", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s: %s %v", path, res.Status, text, err)
	}
	if err := json.Unmarshal(text, answer); err != nil {
		s.t.Fatal(err)
	}
}

// tokenize gives the server's ids of a text.
func (s llamaServer) tokenize(text string) []int32 {
	s.t.Helper()
	var answer struct{ Tokens []int32 }
	s.post("/tokenize", map[string]any{"content": text, "add_special": false, "parse_special": true}, &answer)
	return answer.Tokens
}

// complete decodes greedily up to n tokens, none of them banned.
func (s llamaServer) complete(prompt []int32, n int, banned []int32) []int32 {
	s.t.Helper()
	bias := [][2]any{}
	for _, id := range banned {
		bias = append(bias, [2]any{id, false})
	}
	var answer struct{ Tokens []int32 }
	s.post("/completion", map[string]any{"prompt": prompt, "n_predict": n, "temperature": 0, "logit_bias": bias,
		"return_tokens": true, "cache_prompt": true}, &answer)
	return answer.Tokens
}

// What we export, llama.cpp loads, splits into the same tokens, and continues with the same tokens.
func TestExportGGUFWithLlamaServer(t *testing.T) {
	llamaFile(t, "llama-server")
	const soft, length = 2, 24
	g, tok := exportToy(t, soft)
	server := startLlama(t, writeGGUF(t, g, tok, GGUFOptions{}))
	for _, text := range exportTexts(t) {
		if got, want := server.tokenize(text), tok.Encode(text); !slices.Equal(got, want) {
			t.Errorf("%q: llama.cpp gives %v, we give %v", text, got, want)
		}
	}
	softs := server.tokenize("<soft1><soft2>")
	if len(softs) != soft {
		t.Fatalf("<soft1><soft2> is %v", softs)
	}
	for _, text := range []string{"<e1>你最近看过", "You liked <e1.hist>", "1 + 2", "酒店离地铁站走路只要几分钟"} {
		prompt := tok.Encode(text)
		samples, err := g.Sample(context.Background(), []SampleRequest{{Prompt: prompt}}, SampleOptions{MaxTokens: length})
		if err != nil {
			t.Fatal(err)
		}
		got := server.complete(slices.Concat(prompt, softs, []int32{TextID}), length, slices.Concat([]int32{PadID, BosID, TextID}, softs))
		got = slices.DeleteFunc(got, func(id int32) bool { return id == EndID }) // llama.cpp returns the end too where it is the last that it may write
		if want := samples[0][0].Tokens; !slices.Equal(got, want) {
			t.Errorf("%q: llama.cpp writes %v, we write %v", text, got, want)
		}
	}
}

// The smaller types load too. With eight-bit weights llama.cpp rounds activations as well, so that of two tokens that are
// as likely for us it may prefer the other.
func TestExportGGUFTypesWithLlamaServer(t *testing.T) {
	llamaFile(t, "llama-server")
	g, tok := exportToy(t, 0)
	prompt := append(tok.Encode("<e1>你最近看过"), TextID)
	for _, kind := range []string{"F16", "Q8_0"} {
		path := writeGGUF(t, g, tok, GGUFOptions{Type: kind})
		rounded, _, err := ImportGGUF(path, ImportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got := startLlama(t, path).complete(prompt, 1, []int32{PadID, BosID, TextID})
		samples, err := rounded.Sample(context.Background(), []SampleRequest{{Prompt: prompt[:len(prompt)-1]}}, SampleOptions{MaxTokens: 1})
		if err != nil {
			t.Fatal(err)
		}
		want := samples[0][0].Tokens
		if slices.Equal(got, want) {
			continue
		}
		if kind != "Q8_0" || len(got) == 0 {
			t.Errorf("%s: llama.cpp writes %v first, we write %v", kind, got, want)
			continue
		}
		var both []Example
		for _, text := range [][]int32{got, want} {
			both = append(both, Example{Prompt: prompt[:len(prompt)-1], Text: text, Aspect: -1, Rating: float32(math.NaN())})
		}
		logProbs, err := rounded.LogProbs(context.Background(), both)
		if err != nil {
			t.Fatal(err)
		}
		if gap := logProbs[1][0] - logProbs[0][0]; gap > 0.05 {
			t.Errorf("%s: llama.cpp writes %v first, we write %v, which is likelier by %.3f nats", kind, got, want, gap)
		}
	}
}

// likeliestNext gives for each position the likeliest next token.
func likeliestNext(g *Generator, ids []int32) []int32 {
	p := g.decoder()
	n, c := len(ids), p.cfg
	s := p.newScratch(n, n)
	caches := c.newCaches(n)
	rows := make([]row, n)
	for i, id := range ids {
		copy(s.x[i*c.Dim:(i+1)*c.Dim], p.embed[int(id)*c.Dim:])
		rows[i] = row{position: i, put: caches, putAt: i, sight: sight{shared: caches, sharedN: i + 1}}
	}
	p.run(s, rows, decodeWorkers(), false)
	logits := make([]float32, n*p.head.width())
	p.logits(logits, s, s.x, n, decodeWorkers())
	next := make([]int32, n)
	for i := range next {
		row := logits[i*p.head.width():][:c.Vocab]
		next[i] = int32(slices.Index(row, slices.Max(row)))
	}
	return next
}

// SmolLM2-135M from its published GGUF: llama.cpp on the same weights splits text into the same tokens and agrees on the
// likeliest next token. BECAUSE_POSITIONS says over how many positions.
//
// llama.cpp rounds activations to 8 bits where weights are quantised, so on the published file it agrees less often than
// on our export of the same weights in F32, which is what the share is held to.
func TestSmolLM2WithLlamaServer(t *testing.T) {
	llamaFile(t, "llama-server")
	published := llamaFile(t, "smollm2-135m.gguf")
	positions := 32
	if s := os.Getenv("BECAUSE_POSITIONS"); s != "" {
		var err error
		if positions, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	g, tok, err := ImportGGUF(published, ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.en.md"))
	if err != nil {
		t.Fatal(err)
	}
	all := tok.Encode(string(readme))
	if len(all) < positions {
		t.Fatalf("the text has %d tokens, %d positions are asked for", len(all), positions)
	}
	want := map[int][]int32{} // by where the window starts
	const window = 200
	for at := 0; at < positions; at += window {
		want[at] = likeliestNext(g, all[at:min(at+window, positions)])
	}
	for name, model := range map[string]string{"published file": published, "export in F32": writeGGUF(t, g, tok, GGUFOptions{})} {
		server := startLlama(t, model)
		for _, text := range append(exportTexts(t), string(readme)) {
			if strings.Contains(text, "<|") {
				continue
			}
			if got, want := server.tokenize(text), tok.Encode(text); !slices.Equal(got, want) {
				t.Errorf("%q: llama.cpp gives %v, we give %v", text[:min(len(text), 80)], got, want)
			}
		}
		agree := 0
		for at, next := range want {
			for i, id := range next {
				got := server.complete(all[at:at+i+1], 1, nil)
				if len(got) == 1 && got[0] == id || len(got) == 0 && id == EndID {
					agree++
				}
			}
		}
		share := float64(agree) / float64(positions)
		t.Logf("%s: the likeliest next token agrees at %d of %d positions", name, agree, positions)
		if name == "export in F32" && share < 0.99 {
			t.Errorf("%s: agreement %.4f, want at least 0.99", name, share)
		}
	}
}

// SmolLM2-135M with slots and soft tokens added to it is exported as it is: llama.cpp writes what we write.
func TestExportExtendedSmolLM2WithLlamaServer(t *testing.T) {
	llamaFile(t, "llama-server")
	const soft, length = 2, 12
	g, tok, err := ImportGGUF(llamaFile(t, "smollm2-135m.gguf"), ImportOptions{
		Specials: []string{"<e1>", "<e1.hist>", "<e2>", "<e2.num>"},
		Config:   Config{SoftTokens: soft, Encoder: EncoderConfig{Buckets: 16, Embed: 4, Hidden: 4, StateDim: 4, MaxEvents: 2, MaxFeatures: 2}},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := startLlama(t, writeGGUF(t, g, tok, GGUFOptions{}))
	softs := server.tokenize("<soft1><soft2>")
	for _, text := range []string{"en shop <e1><e1.hist> <e2> price <e2.num>", "The capital of France is", "<e1>You liked <e1.hist>, so"} {
		prompt := tok.Encode(text)
		samples, err := g.Sample(context.Background(), []SampleRequest{{Prompt: prompt}}, SampleOptions{MaxTokens: length})
		if err != nil {
			t.Fatal(err)
		}
		got := server.complete(slices.Concat(prompt, softs, []int32{TextID}), length, slices.Concat([]int32{PadID, BosID, TextID}, softs))
		got = slices.DeleteFunc(got, func(id int32) bool { return id == EndID })
		if want := samples[0][0].Tokens; !slices.Equal(got, want) {
			t.Errorf("%q: llama.cpp writes %q, we write %q", text, tok.Decode(got), tok.Decode(want))
		}
	}
}
