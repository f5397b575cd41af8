// Package trial asks for many explanations of an invented world, as readers would, and lets an independent checker look at
// every text that is served: in all domains and both languages, written by the templates, by the approved wordings, by
// the embedded model, and by an endpoint that lies in known ways.
//
// It stands above engine, which is tried as a whole, and beside cmd; nothing that serves people imports it.
package trial

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"because"
	"because/internal/engine"
	"because/internal/liar"
	"because/internal/synth"
	"because/internal/witness"
)

// Sources are who is asked to write: approved are the domains in which only approved wordings are shown, whoever is asked.
var Sources = []because.Source{because.FromTemplate, because.FromApproved, because.FromEmbedded, because.FromLLM}

// Options say what is tried.
type Options struct {
	Dir      string       // an empty folder for the world and its data
	Requests int          // 0 means 10 000
	Users    int          // of the world; 0 means 600
	Seed     uint64       // of the world and of what is asked; 0 means 1
	Lang     because.Lang // of the texts; "" means both
	Now      time.Time
	Lying    float64          // share of the endpoint's answers that lie; 0 means .6
	Texts    io.Writer        // gets every text with its evidence as a line of JSON; nil for none
	Sources  []because.Source // nil means Sources
}

// A Served is one text with what the checker made of it.
type Served struct {
	Asked      because.Source     `json:"asked"`
	Source     because.Source     `json:"source"`
	Domain     string             `json:"domain"`
	Lang       because.Lang       `json:"lang"`
	User       string             `json:"user"`
	Item       string             `json:"item"`
	Name       string             `json:"name"`
	At         time.Time          `json:"at"`
	Arm        string             `json:"arm"`
	Need       string             `json:"need,omitempty"`
	Impersonal bool               `json:"impersonal,omitempty"`
	Verdict    because.Verdict    `json:"verdict"`
	Step       string             `json:"step,omitempty"` // of the fallback
	Text       string             `json:"text"`
	Evidence   []because.Evidence `json:"evidence"`
	Findings   []witness.Finding  `json:"findings"`
	Lies       []liar.Lie         `json:"lies,omitempty"`  // planted
	Shown      []liar.Lie         `json:"shown,omitempty"` // planted and served
}

// False reports whether the text holds something false.
func (s Served) False() bool { return len(s.Findings) > 0 || len(s.Shown) > 0 }

// Run invents the world, trains on it, asks and checks. progress may be nil.
func Run(ctx context.Context, o Options, progress func(stage string, done, total int)) (Report, error) {
	if o.Requests == 0 {
		o.Requests = 10_000
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Lying == 0 {
		o.Lying = .6
	}
	if o.Sources == nil {
		o.Sources = Sources
	}
	if progress == nil {
		progress = func(string, int, int) {}
	}
	server, err := liar.Listen(o.Seed, o.Lying)
	if err != nil {
		return Report{}, err
	}
	defer server.Close()
	r := &run{o: o, liar: server, rng: rand.New(rand.NewPCG(o.Seed, 0x5e)), lists: map[string][]string{}, report: newReport(o)}
	if err := r.world(ctx); err != nil {
		return Report{}, err
	}
	defer r.engine.Close()
	for i := range o.Requests {
		if err := ctx.Err(); err != nil {
			return Report{}, err
		}
		s, err := r.ask(ctx, i)
		if err != nil {
			return Report{}, err
		}
		r.report.add(s)
		if o.Texts != nil {
			if err := json.NewEncoder(o.Texts).Encode(s); err != nil {
				return Report{}, fmt.Errorf("write the texts: %w", err)
			}
		}
		if i%50 == 49 {
			progress("texts", i+1, o.Requests)
		}
	}
	return r.report.done(), nil
}

// A run is a trial under way.
type run struct {
	o       Options
	liar    *liar.Server
	engine  *engine.Engine
	witness *witness.World
	users   []because.User
	items   map[string][]string // by domain
	domains []string
	queries map[string][]string // by domain and language: what people search for
	rng     *rand.Rand
	lists   map[string][]string // recommended items by reader and domain
	report  *tally
}

// guarded are the domains in which only approved wordings are shown.
var guarded = []string{"finance", "health"}

// world invents the world, imports it, trains, and reads its files for the checker.
func (r *run) world(ctx context.Context) error {
	w, err := synth.Generate(synth.Options{Seed: r.o.Seed, Users: r.o.Users, Now: r.o.Now})
	if err != nil {
		return err
	}
	dir := filepath.Join(r.o.Dir, "world")
	if err := w.Write(dir); err != nil {
		return err
	}
	if r.witness, err = witness.Load(dir, engine.Shanghai); err != nil {
		return err
	}
	r.engine, err = engine.Open(ctx, engine.Options{
		Dir: r.o.Dir, Seed: r.o.Seed, Now: func() time.Time { return r.o.Now },
		LLM: engine.LLM{BaseURL: r.liar.URL, Model: "liar", Timeout: 20 * time.Second},
	})
	if err != nil {
		return err
	}
	if _, err := r.engine.Import(ctx, engine.ImportRequest{Kind: "dataset", Path: dir}, nil); err != nil {
		return err
	}
	if _, err := r.engine.Train(ctx, nil); err != nil {
		return err
	}
	r.users, r.items, r.queries = w.Users, map[string][]string{}, map[string][]string{}
	of := map[string]string{}
	for _, it := range w.Items {
		if of[it.ID] = it.Domain; !it.Unavailable {
			r.items[it.Domain] = append(r.items[it.Domain], it.ID)
		}
	}
	for d := range r.items {
		r.domains = append(r.domains, d)
	}
	slices.Sort(r.domains)
	for _, k := range r.witness.Searches() {
		r.queries[k.Domain+string(k.Lang)] = append(r.queries[k.Domain+string(k.Lang)], k.Query)
	}
	return nil
}

// ask serves the i-th request and checks it.
func (r *run) ask(ctx context.Context, i int) (Served, error) {
	s := Served{Asked: r.o.Sources[i%len(r.o.Sources)], Lang: r.o.Lang}
	if s.Lang == "" {
		s.Lang = because.Langs[i/len(r.o.Sources)%2]
	}
	u := r.users[r.rng.IntN(len(r.users))]
	var domains []string
	for _, d := range r.domains {
		if slices.Contains(guarded, d) == (s.Asked == because.FromApproved) {
			domains = append(domains, d)
		}
	}
	s.Domain = domains[i/(2*len(r.o.Sources))%len(domains)]
	s.At = r.o.Now.In(engine.Shanghai).Add(time.Duration(r.rng.IntN(24*60)) * time.Minute)
	req := engine.ExplainRequest{User: u.ID, Lang: s.Lang, Source: string(s.Asked), Context: because.Context{At: s.At}}
	if s.Asked == because.FromApproved {
		req.Source = []string{"template", "embedded", "llm"}[r.rng.IntN(3)]
	}
	if r.rng.IntN(2) == 0 {
		req.Style = because.Styles[r.rng.IntN(len(because.Styles))]
	}
	if qs := r.queries[s.Domain+string(s.Lang)]; len(qs) > 0 && r.rng.IntN(8) == 0 {
		req.Need = qs[r.rng.IntN(len(qs))]
	}
	if r.rng.IntN(12) == 0 {
		req.Impersonal = true
	}
	var err error
	if req.Item, err = r.item(ctx, u.ID, s.Domain); err != nil {
		return s, err
	}
	if s.Asked == because.FromLLM {
		known, strangers := r.witness.Known(u.ID, s.Domain, s.Lang)
		r.liar.Prepare(liar.Material{Lang: s.Lang, Now: s.At, Known: known, Strangers: strangers, Words: r.witness.Others(u.ID, req.Item, s.Lang)})
	}
	x, err := r.engine.Explain(ctx, req)
	if err != nil {
		return s, fmt.Errorf("explain %s to %s: %w", req.Item, u.ID, err)
	}
	s.Impersonal = req.Impersonal
	s.User, s.Item, s.Need, s.Text, s.Source, s.Verdict, s.Arm, s.Evidence = u.ID, req.Item, req.Need, x.Text, x.Source, x.Verdict, x.Arm, cited(x)
	it, err := r.engine.Item(ctx, req.Item)
	if err != nil {
		return s, err
	}
	s.Name = it.Name.In(s.Lang)
	if x.Fallback != nil {
		s.Step = x.Fallback.Step
	}
	if s.Asked == because.FromLLM {
		s.Lies = r.liar.Told()
	}
	for _, l := range s.Lies {
		if x.Source == because.FromLLM && l.Shown(x.Text) {
			s.Shown = append(s.Shown, l)
		}
	}
	s.Findings = r.witness.Check(s.on(x.Text))
	return s, nil
}

// on is what the checker is asked of a text for the same reader on the same item.
func (s Served) on(text string) witness.Case {
	c := witness.Case{Text: text, Lang: s.Lang, User: s.User, Item: s.Item, Need: s.Need, At: s.At, Impersonal: s.Impersonal}
	for _, ev := range s.Evidence {
		for _, slot := range ev.Slots {
			if slot.Kind == because.ReplaySlot {
				c.Replayed = append(c.Replayed, int(slot.Number))
			}
		}
	}
	return c
}

// cited is the evidence that the claims of a text rest on.
func cited(x because.Explanation) []because.Evidence {
	var out []because.Evidence
	for _, ev := range x.Evidence {
		if slices.ContainsFunc(x.Claims, func(c because.Claim) bool { return slices.Contains(c.Evidence, ev.ID) }) {
			out = append(out, ev)
		}
	}
	return out
}

// item is one that is recommended to the reader, or sometimes any.
func (r *run) item(ctx context.Context, user, domain string) (string, error) {
	all := r.items[domain]
	if r.rng.IntN(5) == 0 {
		return all[r.rng.IntN(len(all))], nil
	}
	key := user + " " + domain
	if _, ok := r.lists[key]; !ok {
		recs, err := r.engine.Recommend(ctx, engine.ListRequest{User: user, N: 10, Domain: domain, Context: because.Context{At: r.o.Now}})
		if err != nil {
			return "", fmt.Errorf("recommend to %s: %w", user, err)
		}
		r.lists[key] = []string{}
		for _, x := range recs.Items {
			r.lists[key] = append(r.lists[key], x.Item)
		}
	}
	if list := r.lists[key]; len(list) > 0 {
		return list[r.rng.IntN(len(list))], nil
	}
	return all[r.rng.IntN(len(all))], nil
}

// Faults joins what is at fault in a text.
func (s Served) Faults() string {
	var out []string
	for _, f := range s.Findings {
		out = append(out, f.Kind+" “"+f.Words+"”")
	}
	for _, l := range s.Shown {
		out = append(out, "lie "+l.Kind)
	}
	return strings.Join(out, ", ")
}
