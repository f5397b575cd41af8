package generate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/shared"

	"because"
	"because/internal/pack"
)

// EndpointOptions name an OpenAI-compatible server and bound what it may cost.
type EndpointOptions struct {
	BaseURL      string // up to and including /v1
	Model        string
	Preset       string            // vllm, llama.cpp, ollama, deepseek, qwen, openai; empty guesses from BaseURL
	Key          string            // never in an error or a log
	Timeout      time.Duration     // of a call whose context has no deadline; 0 means 800 ms
	FirstByte    time.Duration     // until the response begins; 0 means the whole time
	MaxTokens    int               // of an answer; 0 means 300
	MaxBytes     int               // of a response; 0 means 256 KiB
	Concurrency  int               // calls at a time; 0 means 4
	BudgetTokens int64             // tokens a day (UTC); 0 means no limit
	TotalTokens  int64             // tokens in all; 0 means no limit
	Temperature  float64           // 0 is greedy
	Transport    http.RoundTripper // nil means NewTransport(nil), which refuses metadata and link-local addresses
	Now          func() time.Time  // nil means time.Now
}

// An Endpoint drafts with a language model behind an OpenAI-compatible API. It is safe for concurrent use.
//
// It never blocks longer than the deadline of the context, or Timeout where there is none, and never reads more than
// MaxBytes. Its errors are *RefusedError, or the context's when that was cancelled.
type Endpoint struct {
	o        EndpointOptions
	packs    *pack.Set
	template *Template // says what a model chose in a guarded pack
	chat     openai.ChatCompletionService
	models   openai.ModelService
	client   *http.Client
	slots    chan struct{}
	breaker  breaker
	budget   budget
	retries  retryBudget
	mode     atomic.Int32 // index into the preset's modes: what the server was found to understand
}

// A RefusedError says at which step a draft was given up.
type RefusedError struct {
	Step   string // connect, timeout, busy, breaker, budget, refused (the model declined), malformed, status
	Status int    // of the HTTP response, for step status
	Err    error
}

func (e *RefusedError) Error() string {
	if e.Status != 0 {
		return fmt.Sprintf("endpoint: %s %d", e.Step, e.Status)
	}
	if e.Err == nil {
		return "endpoint: " + e.Step
	}
	return "endpoint: " + e.Step + ": " + e.Err.Error()
}

// Unwrap lets errors.Is find because.ErrUnavailable and the cause.
func (e *RefusedError) Unwrap() []error {
	if e.Err == nil {
		return []error{because.ErrUnavailable}
	}
	return []error{because.ErrUnavailable, e.Err}
}

// NewEndpoint checks the options; it does not call the server.
func NewEndpoint(o EndpointOptions, packs *pack.Set) (*Endpoint, error) {
	u, err := url.Parse(o.BaseURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, because.Errorf(because.ErrInvalid, "The address of the language model must be an http or https URL, for example http://127.0.0.1:8000/v1.")
	}
	if o.Model == "" {
		return nil, because.Errorf(because.ErrInvalid, "Name the model of the language model endpoint.")
	}
	if o.Preset == "" {
		o.Preset = guess(u)
	}
	if _, ok := presets[o.Preset]; !ok {
		return nil, because.Errorf(because.ErrInvalid, "There is no endpoint preset %q; choose one of %s.", o.Preset, strings.Join(Presets(), ", "))
	}
	o.Timeout, o.MaxTokens = orDuration(o.Timeout, 800*time.Millisecond), orInt(o.MaxTokens, 300)
	o.MaxBytes, o.Concurrency = orInt(o.MaxBytes, 256<<10), orInt(o.Concurrency, 4)
	if o.Transport == nil {
		o.Transport = NewTransport(nil)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	e := &Endpoint{o: o, packs: packs, template: NewTemplate(packs), slots: make(chan struct{}, o.Concurrency), budget: budget{limit: o.BudgetTokens, total: o.TotalTokens}}
	far := time.Hour // the context's deadline is the bound where no shorter one is named
	e.client = &http.Client{
		Transport:     &bounded{next: o.Transport, maxBytes: int64(o.MaxBytes), firstByte: orDuration(o.FirstByte, far), idle: orDuration(o.FirstByte, far)},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	opts := []option.RequestOption{option.WithBaseURL(o.BaseURL), option.WithHTTPClient(e.client), option.WithMaxRetries(0)}
	if o.Key != "" {
		opts = append(opts, option.WithAPIKey(o.Key))
	}
	// The services are made directly: openai.NewClient would read keys and addresses from the environment.
	e.chat, e.models = openai.NewChatCompletionService(opts...), openai.NewModelService(opts...)
	return e, nil
}

// Close lets go of the connections that are kept for the next call.
func (e *Endpoint) Close() { e.client.CloseIdleConnections() }

// Open reports whether the circuit breaker keeps calls away from the server.
func (e *Endpoint) Open() bool { return e.breaker.isOpen() }

// Spent is how many tokens all calls took, those under way as they were reserved.
func (e *Endpoint) Spent() int64 {
	e.budget.mu.Lock()
	defer e.budget.mu.Unlock()
	return e.budget.all
}

// Draft asks the model for one draft, whatever req.K.
func (e *Endpoint) Draft(ctx context.Context, req Request) ([]Draft, error) {
	if req.Lang != because.English {
		req.Lang = because.Chinese
	}
	p := e.packs.Pack(req.Domain)
	prompt := Render(p, req)
	var out []Draft
	err := e.guarded(ctx, prompt, func(ctx context.Context) (int64, error) {
		got, err := e.ask(ctx, prompt, req.Seed)
		if err != nil {
			return got.tokens, err
		}
		out, err = e.read(p, req, prompt, got)
		return got.tokens, err
	})
	return out, err
}

// read turns a reply into a draft.
func (e *Endpoint) read(p *pack.Pack, req Request, prompt Prompt, got reply) ([]Draft, error) {
	if p.Guarded {
		ids, err := readChoice(got.content, req)
		if err != nil {
			return nil, malformed(err)
		}
		chosen := req
		chosen.Evidence = nil
		for _, id := range ids {
			for _, ev := range req.Evidence {
				if ev.ID == id {
					chosen.Evidence = append(chosen.Evidence, ev)
				}
			}
		}
		chosen.Arm.Lead, chosen.K = chosen.Evidence[0].Kind, 1
		drafts, err := e.template.Draft(context.Background(), chosen)
		for i := range drafts {
			drafts[i].Model = e.o.Model
		}
		return drafts, err
	}
	a, err := readAnswer(got.content, req, prompt.Mark, got.plain)
	if err != nil {
		return nil, malformed(err)
	}
	if closing := p.Closing.In(req.Lang); closing != "" && req.Arm.Style != because.Push {
		a.add(closing, nil, req.Lang)
	}
	return []Draft{{Text: a.text, Evidence: a.cited, Source: because.FromLLM, Model: e.o.Model}}, nil
}

// guarded runs one call behind the breaker, the budget, the bulkhead and the deadline.
func (e *Endpoint) guarded(ctx context.Context, prompt Prompt, call func(context.Context) (int64, error)) error {
	if err := ctx.Err(); err != nil {
		return ended(ctx)
	}
	if _, has := ctx.Deadline(); !has {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, e.o.Timeout)
		defer cancel()
	}
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.Canceled) {
			return ended(ctx)
		}
		return &RefusedError{Step: "busy", Err: ctx.Err()}
	}
	if !e.breaker.allow(e.o.Now()) {
		return &RefusedError{Step: "breaker"}
	}
	reserved := int64(estimatePerRune*float64(utf8.RuneCountInString(prompt.System)+utf8.RuneCountInString(prompt.User))) + int64(e.o.MaxTokens)
	if !e.budget.reserve(reserved, e.o.Now()) {
		e.breaker.forget()
		return &RefusedError{Step: "budget"}
	}
	used, err := call(ctx)
	if used <= 0 || used > 4*reserved { // no usage, or an absurd one
		used = reserved
	}
	e.budget.settle(reserved, used)
	if errors.Is(err, context.Canceled) && errors.Is(ctx.Err(), context.Canceled) {
		e.breaker.forget() // the caller left; that says nothing about the server
		return ended(ctx)
	}
	e.breaker.done(err != nil, e.o.Now())
	return err
}

func ended(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &RefusedError{Step: "timeout", Err: ctx.Err()}
	}
	return fmt.Errorf("ask the endpoint: %w", ctx.Err())
}

// A reply is what came back of one call.
type reply struct {
	content string
	tokens  int64 // prompt and answer, as the server counts; 0 if it does not
	answer  int64 // answer alone
	plain   bool  // the server was not held to JSON
}

// ask sends the prompt in the richest form that the server was found to understand; where it answers 400 or 422 the
// next plainer form is tried. Only a form that was answered is remembered, so that one bad request degrades nothing.
func (e *Endpoint) ask(ctx context.Context, prompt Prompt, seed uint64) (reply, error) {
	modes := presets[e.o.Preset].modes
	for at := e.mode.Load(); ; at++ {
		got, err := e.send(ctx, prompt, seed, modes[at])
		var refused *RefusedError
		switch {
		case err == nil:
			e.mode.Store(at)
			return got, nil
		case !errors.As(err, &refused), refused.Status != http.StatusBadRequest && refused.Status != http.StatusUnprocessableEntity, int(at)+1 == len(modes):
			return got, err
		}
	}
}

// send makes one call, and a second one where the first could not be made or the server was busy.
func (e *Endpoint) send(ctx context.Context, prompt Prompt, seed uint64, m mode) (reply, error) {
	e.retries.call()
	params, opts := e.params(prompt, seed, m)
	var response *http.Response
	opts = append(opts, option.WithResponseInto(&response))
	got, err := e.chat.New(ctx, params, opts...)
	if err != nil {
		wait, again := retryAfter(ctx, err, response)
		if !again || e.breaker.isOpen() || !e.retries.take() { // an open breaker tries once, to see
			return reply{}, refused(ctx, err)
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return reply{}, refused(ctx, err)
		}
		if got, err = e.chat.New(ctx, params, opts...); err != nil {
			return reply{}, refused(ctx, err)
		}
	}
	return content(got, m)
}

// content reads the message of a completion.
func content(got *openai.ChatCompletion, m mode) (reply, error) {
	r := reply{tokens: got.Usage.TotalTokens, answer: got.Usage.CompletionTokens, plain: m.format == plainText}
	if len(got.Choices) == 0 {
		return r, malformed(errEmpty)
	}
	c := got.Choices[0]
	switch {
	case c.Message.Refusal != "":
		return r, malformed(errDeclined)
	case len(c.Message.ToolCalls) > 0 && c.Message.Content == "":
		return r, malformed(errToolCall)
	case c.FinishReason == "length":
		return r, malformed(errCut)
	}
	r.content = c.Message.Content // reasoning_content is another field and is never read
	return r, nil
}

var maxLength = regexp.MustCompile(`,"maxLength":\d+`)

// params are the request in one mode.
func (e *Endpoint) params(prompt Prompt, seed uint64, m mode) (openai.ChatCompletionNewParams, []option.RequestOption) {
	p := openai.ChatCompletionNewParams{
		Model:    e.o.Model,
		Messages: []openai.ChatCompletionMessageParamUnion{openai.SystemMessage(prompt.System), openai.UserMessage(prompt.User)},
	}
	if m.completionTokens {
		p.MaxCompletionTokens = openai.Int(int64(e.o.MaxTokens))
	} else {
		p.MaxTokens = openai.Int(int64(e.o.MaxTokens))
	}
	if !m.bare {
		p.Temperature = openai.Float(e.o.Temperature)
		p.Seed = openai.Int(int64(seed >> 33)) // 31 bits: some servers read an int32
	}
	switch m.format {
	case jsonSchema:
		schema := prompt.Schema
		if e.o.Preset == "openai" { // its strict schemas know no length of a string
			schema = maxLength.ReplaceAll(schema, nil)
		}
		p.ResponseFormat.OfJSONSchema = &shared.ResponseFormatJSONSchemaParam{JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{
			Name: "explanation", Strict: openai.Bool(true), Schema: schema}}
	case jsonObject:
		p.ResponseFormat.OfJSONObject = &shared.ResponseFormatJSONObjectParam{}
	}
	var opts []option.RequestOption
	for _, x := range m.extra {
		opts = append(opts, option.WithJSONSet(x.path, x.value))
	}
	return p, opts
}

// unsent are the operations on a connection that fail before a request is wholly sent: it cannot be made, or a kept one was
// closed by the server while it was written to.
var unsent = []string{"dial", "write", "readfrom"}

// retryAfter says whether a failed call may be made once more, and after how long.
func retryAfter(ctx context.Context, err error, response *http.Response) (time.Duration, bool) {
	wait := 50 * time.Millisecond
	var status *openai.Error
	var op *net.OpError
	switch {
	case errors.As(err, &status):
		if status.StatusCode != http.StatusTooManyRequests && status.StatusCode != http.StatusServiceUnavailable {
			return 0, false
		}
		if response == nil {
			response = status.Response
		}
		if response != nil {
			if s, err := strconv.ParseFloat(response.Header.Get("Retry-After"), 64); err == nil && s >= 0 {
				if s > maxRetryAfter.Seconds() {
					return 0, false
				}
				wait = max(wait, time.Duration(s*float64(time.Second)))
			}
		}
	case errors.As(err, &op) && slices.Contains(unsent, op.Op) && !errors.Is(err, errForbidden):
	default:
		return 0, false
	}
	deadline, _ := ctx.Deadline()
	return wait, time.Until(deadline) > 2*wait
}

// refused is an error of a call without what may not be shown: no URL, no body, no key.
func refused(ctx context.Context, err error) error {
	var status *openai.Error
	var u *url.Error
	var op *net.OpError
	switch {
	case errors.As(err, &status):
		return &RefusedError{Step: "status", Status: status.StatusCode, Err: errors.New(http.StatusText(status.StatusCode))}
	case errors.Is(ctx.Err(), context.Canceled):
		return &RefusedError{Step: "canceled", Err: context.Canceled}
	case errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil || errors.Is(err, errFirstByte) || errors.Is(err, errIdle):
		return &RefusedError{Step: "timeout", Err: bareCause(err)}
	case errors.Is(err, errRedirect), errors.Is(err, errEncoding), errors.Is(err, errTooLarge), errors.Is(err, errNotJSON), errors.Is(err, errWhitespace):
		return &RefusedError{Step: "malformed", Err: bareCause(err)}
	case errors.As(err, &op), errors.As(err, &u):
		return &RefusedError{Step: "connect", Err: bareCause(err)}
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return malformed(errNotJSON)
	}
	return &RefusedError{Step: "malformed", Err: errNotJSON}
}

// bareCause is the innermost error that says what happened.
func bareCause(err error) error {
	for _, known := range []error{errFirstByte, errIdle, errRedirect, errEncoding, errTooLarge, errNotJSON, errWhitespace, errForbidden, context.DeadlineExceeded, context.Canceled} {
		if errors.Is(err, known) {
			return known
		}
	}
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func malformed(err error) error {
	if errors.Is(err, errDeclined) {
		return &RefusedError{Step: "refused", Err: err}
	}
	return &RefusedError{Step: "malformed", Err: err}
}

func orInt(n, other int) int {
	if n == 0 {
		return other
	}
	return n
}

func orDuration(d, other time.Duration) time.Duration {
	if d == 0 {
		return other
	}
	return d
}
