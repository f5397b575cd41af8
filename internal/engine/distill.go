package engine

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
	"unicode"

	"golang.org/x/sync/errgroup"

	"because"
	"because/internal/evidence"
	"because/internal/generate"
)

// DistillOptions say what a teacher is asked and how its pupil learns.
type DistillOptions struct {
	From    string // the model that learns; empty means the one that serves
	Readers int    // whose evidence is written on; 0 means all
	Items   int    // items for each; 0 means 4
	Texts   int    // most texts that the teacher is asked for; 0 means 1000
	Spend   int64  // tokens that the teacher may take over the whole run, resumed or not; 0 means no limit beside the day's
	Epochs  int    // passes over the texts; 0 means 3
	Steps   int    // ends training earlier; 0: after the epochs
	LR      float64
	Seed    uint64 // 0 means the engine's
	Resume  bool

	Backend string // as in LMOptions
	Devices int
}

// Taught counts what became of a teacher's texts and of a site's own, as the manifest keeps it.
type Taught struct {
	Teacher  string `json:"teacher"`  // the model that was asked; empty: none
	Asked    int    `json:"asked"`    // texts that the teacher gave
	Kept     int    `json:"kept"`     // that became pairs
	Refused  int    `json:"refused"`  // the verifier did not pass it as it stood on the evidence that was given
	Lost     int    `json:"lost"`     // it could not be told from its slots again
	Unread   int    `json:"unread"`   // no answer could be read in what came
	Tokens   int64  `json:"tokens"`   // that the teacher took
	Stopped  string `json:"stopped"`  // why it was not asked for more: spend, day; empty where it was asked for all
	Examples int    `json:"examples"` // of the site's own, all
	Joined   int    `json:"joined"`   // that became pairs
	Own      int    `json:"own"`      // texts of hand-written patterns that were learnt beside them
}

// taughtFile holds what a teacher gave, a line for each text, as it came: what a run that was stopped goes on from.
const taughtFile = "taught.jsonl"

const (
	teacherCalls   = 4                // at a time
	teacherTimeout = 60 * time.Second // for one text, where the settings name no longer one
	distillLeast   = 20               // pairs below which there is nothing to learn
)

// A taughtLine is one text that a teacher gave.
type taughtLine struct {
	Key    string    `json:"key"`
	Status string    `json:"status"` // kept, refused, lost, unread; failed: no answer came
	Tokens int64     `json:"tokens"` // that were spent since the line before
	At     time.Time `json:"at"`
	Pair   *Pair     `json:"pair,omitempty"`
	User   string    `json:"user"`
}

// TrainDistill asks the configured endpoint for texts on evidence of the data folder, keeps those that the verifier passes
// as they stand on the evidence that was given and that can be told from their slots, joins the site's imported examples
// that do so too, and trains the generator on them by likelihood (Kim and Rush 2016, §3.2, with
// the teacher's samples in the place of beams), then a discriminator with them as the real side. As many texts of hand-written patterns are learnt beside
// them, so that nothing is unlearned. It writes a model folder and does not promote it. What was paid for is kept as it
// comes: stopped and called again with Resume, it asks for nothing twice.
func (e *Engine) TrainDistill(ctx context.Context, o DistillOptions, show func(LMProgress)) (ModelInfo, error) {
	o = o.withDefaults(e.o.Seed)
	backend, err := openBackend(o.Backend, o.Devices)
	if err != nil {
		return ModelInfo{}, err
	}
	if _, err := e.ready(); err != nil {
		return ModelInfo{}, err
	}
	from, err := e.openServing(o.From)
	if err != nil {
		return ModelInfo{}, err
	}
	r := &lmRun{dir: filepath.Join(e.o.Dir, "models", "runs", "distill-"+strconv.FormatUint(o.Seed, 10)), words: from.words, from: from.generator, backend: backend}
	if !o.Resume {
		if err := os.RemoveAll(r.dir); err != nil {
			return ModelInfo{}, err
		}
	}
	mkdir(r.dir)
	if r.log, err = os.OpenFile(filepath.Join(r.dir, metricsFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return ModelInfo{}, err
	}
	defer r.log.Close()
	taught, err := e.lessons(ctx, r, o, show)
	if err != nil {
		return ModelInfo{}, err
	}
	if err := writePairs(filepath.Join(r.dir, pairsFile), r.pairs); err != nil {
		return ModelInfo{}, fmt.Errorf("keep the pairs: %w", err)
	}
	lo := LMOptions{Epochs: o.Epochs, Steps: o.Steps, LR: o.LR, Corpus: CorpusOptions{Seed: o.Seed}}
	g, err := r.likelihood(ctx, lo, show)
	if err != nil {
		return ModelInfo{}, err
	}
	real := *r // what the discriminator takes for real are the teacher's texts and the site's, not the patterns'
	real.pairs = taught
	d, err := real.discriminate(ctx, g, real.examples(forTraining), real.examples(forChoosing), o.Seed, o.Steps, show)
	if err != nil {
		return ModelInfo{}, err
	}
	if r.seen, err = e.seenBy(ctx, from.info); err != nil {
		return ModelInfo{}, err
	}
	return e.saveLM(ctx, r, g, d, o.Seed)
}

func (o DistillOptions) withDefaults(seed uint64) DistillOptions {
	for _, f := range []struct {
		n    *int
		zero int
	}{{&o.Items, 4}, {&o.Texts, 1000}, {&o.Epochs, 3}} {
		if *f.n == 0 {
			*f.n = f.zero
		}
	}
	if o.LR == 0 {
		o.LR = 3e-4
	}
	if o.Seed == 0 {
		o.Seed = seed
	}
	return o
}

// lessons gathers the pairs of a run: the teacher's and the examples', which it returns, and as many of our own beside
// them.
func (e *Engine) lessons(ctx context.Context, r *lmRun, o DistillOptions, show func(LMProgress)) ([]Pair, error) {
	r.taught = &Taught{}
	if e.o.LLM.BaseURL != "" {
		s := &school{e: e, o: o, r: r, show: show, known: map[string]bool{}}
		if err := s.teach(ctx); err != nil {
			return nil, err
		}
	}
	joined, all, err := e.examplePairs(ctx)
	if err != nil {
		return nil, err
	}
	r.taught.Examples, r.taught.Joined = all, len(joined)
	r.pairs = append(r.pairs, joined...)
	if n := len(r.pairs); n < distillLeast {
		if e.o.LLM.BaseURL == "" {
			return nil, because.Errorf(because.ErrInvalid, "There is nobody to learn from: no endpoint is configured, and of %d imported examples %d are true and on evidence that is at hand; at least %d are needed. Name a teacher with --llm-url and --llm-model.", all, len(joined), distillLeast)
		}
		return nil, because.Errorf(because.ErrInvalid, "%d texts of the teacher and %d of %d imported examples are true and can be learnt from; at least %d are needed. Ask for more with --texts and --spend, and go on with --resume.", r.taught.Kept, len(joined), all, distillLeast)
	}
	taught := slices.Clone(r.pairs)
	enough := errors.New("enough")
	_, err = e.Corpus(ctx, CorpusOptions{Seed: o.Seed, Readers: o.Readers, Items: 1}, func(stage string, done, total int) {
		show(LMProgress{Phase: stage, Step: done, Steps: total})
	}, func(p Pair) error {
		if r.taught.Own == len(taught) {
			return enough
		}
		r.taught.Own++
		r.pairs = append(r.pairs, p)
		return nil
	})
	if err != nil && !errors.Is(err, enough) {
		return nil, err
	}
	return taught, nil
}

// A school asks a teacher for texts and keeps what it gives.
type school struct {
	e       *Engine
	o       DistillOptions
	r       *lmRun
	show    func(LMProgress)
	known   map[string]bool // what was asked for before
	teacher *generate.Endpoint
	file    *os.File
	noted   int64 // tokens of teacher that stand in the file
	class   []lesson
}

// A lesson is one text to ask for.
type lesson struct {
	key  string
	plan plan
	req  generate.Request
	said string
	err  error
}

var (
	errTaught = errors.New("all texts were asked for")
	errSpent  = errors.New("the budget is spent")
)

// teach asks for the texts that are not there yet, until there are enough or the tokens are spent.
func (s *school) teach(ctx context.Context) error {
	taught := s.r.taught
	taught.Teacher = s.e.o.LLM.Model
	today, err := s.recall()
	if err != nil {
		return err
	}
	l := s.e.o.LLM
	left := func(limit, spent int64) int64 { // 0 would mean no limit
		if limit == 0 {
			return 0
		}
		return max(1, limit-spent)
	}
	s.teacher, err = generate.NewEndpoint(generate.EndpointOptions{
		BaseURL: l.BaseURL, Model: l.Model, Preset: l.Preset, Key: l.Key, Timeout: max(l.Timeout, teacherTimeout), Transport: l.Transport,
		BudgetTokens: left(l.Budget, today), TotalTokens: left(s.o.Spend, taught.Tokens), Concurrency: teacherCalls, Now: s.e.o.Now, Temperature: .7,
	}, s.e.packs)
	if err != nil {
		return err
	}
	defer s.teacher.Close()
	if s.file, err = os.OpenFile(filepath.Join(s.r.dir, taughtFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return err
	}
	err = s.walk(ctx)
	if err == nil {
		err = s.ask(ctx)
	}
	switch {
	case errors.Is(err, errTaught):
		err = nil
	case errors.Is(err, errSpent):
		taught.Stopped, err = "day", nil
		if s.o.Spend > 0 && l.Budget == 0 || s.o.Spend > 0 && s.o.Spend-taught.Tokens < l.Budget-today {
			taught.Stopped = "spend"
		}
	}
	return errors.Join(err, s.file.Close())
}

// recall reads what was given before, drops a line that was cut off, and returns the tokens of this day (UTC).
func (s *school) recall() (today int64, err error) {
	path := filepath.Join(s.r.dir, taughtFile)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if whole := b[:bytes.LastIndexByte(b, '\n')+1]; len(whole) < len(b) {
		if err := writeFile(path, whole); err != nil {
			return 0, err
		}
		b = whole
	}
	day := s.e.o.Now().UTC().Format(time.DateOnly)
	lines := bufio.NewScanner(bytes.NewReader(b))
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		var l taughtLine
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return 0, because.Errorf(because.ErrInvalid, "Line %d of %s cannot be read. Start anew without --resume.", n, path)
		}
		if l.At.UTC().Format(time.DateOnly) == day {
			today += l.Tokens
		}
		s.known[l.Key] = true
		s.count(l)
	}
	return today, lines.Err()
}

// count takes in a line.
func (s *school) count(l taughtLine) {
	t := s.r.taught
	t.Tokens += l.Tokens
	if l.Status == "failed" {
		return
	}
	t.Asked++
	switch l.Status {
	case pairKept:
		t.Kept++
		s.r.pairs = append(s.r.pairs, *l.Pair)
	case pairRefused:
		t.Refused++
	case pairLost:
		t.Lost++
	default:
		t.Unread++
	}
}

// walk goes over readers, items and languages in an order that the seed makes, and asks for a text on each.
func (s *school) walk(ctx context.Context) error {
	e, o := s.e, s.o
	w, err := e.ready()
	if err != nil {
		return err
	}
	ids, err := e.sampleUsers(ctx, EvalOptions{Users: 1 << 30, Seed: o.Seed})
	if err != nil {
		return err
	}
	if o.Readers > 0 {
		ids = ids[:min(o.Readers, len(ids))]
	}
	for turn := range o.Items { // one item of each reader first, so that a short run has many readers
		for _, id := range ids {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := s.about(ctx, w, id, turn); err != nil {
				return err
			}
		}
	}
	return nil
}

// about asks for texts on one item for one reader.
func (s *school) about(ctx context.Context, w *world, id string, turn int) error {
	e := s.e
	rng := rand.New(rand.NewPCG(s.o.Seed, hash("distill", id, strconv.Itoa(turn))))
	who, err := e.reader(ctx, w, id, nil, rng.IntN(10) == 0)
	if err != nil {
		return err
	}
	c := e.context(because.Context{At: e.now()})
	q := e.query(w, who, c, "", "")
	q.N = 40
	recs := w.model.Recommend(q)
	if len(recs) == 0 {
		return nil
	}
	item := recs[rng.IntN(len(recs))].Item
	for _, lang := range because.Langs {
		key := strconv.FormatUint(hash("lesson", id, item, string(lang), strconv.Itoa(turn)), 16)
		j := job{world: w, reader: who, context: c, lang: lang, started: time.Now(), requestID: "distill " + key}
		if err := j.score(e, item); err != nil {
			return err
		}
		p, err := e.plan(ctx, j)
		if err != nil {
			return err
		}
		arm, use := drawn(p, rng)
		if s.known[key] || len(use) == 0 || p.pack.Guarded { // in a guarded pack a teacher says nothing of its own
			continue
		}
		if s.r.taught.Asked+len(s.class) >= s.o.Texts {
			return errors.Join(s.ask(ctx), errTaught)
		}
		req := p.request(arm, use, 1)
		req.Seed = hash(key)
		s.class = append(s.class, lesson{key: key, plan: p, req: req})
		if len(s.class) == teacherCalls {
			if err := s.ask(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// drawn are an arm and its evidence: a kind that may lead, each as likely as the other, then a style.
func drawn(p plan, rng *rand.Rand) (because.Arm, []because.Evidence) {
	if len(p.leads) == 0 {
		return because.Arm{}, nil
	}
	arm := because.Arm{Style: corpusStyles[rng.IntN(len(corpusStyles))], Lead: p.leads[rng.IntN(len(p.leads))]}
	use, _ := evidence.Choose(p.all, arm)
	if len(use) == 0 || use[0].Kind != arm.Lead {
		return because.Arm{}, nil
	}
	return arm, use
}

// ask asks for the texts of the class at once and keeps what comes. A call that did not come to an answer is left for
// another time: it may be asked again.
func (s *school) ask(ctx context.Context) error {
	class := s.class
	s.class = nil
	var group errgroup.Group
	for i := range class {
		group.Go(func() error {
			var ds []generate.Draft
			ds, class[i].err = s.teacher.Draft(ctx, class[i].req)
			if len(ds) > 0 {
				class[i].said = ds[0].Text
			}
			return nil
		})
	}
	_ = group.Wait() // each keeps its own error
	var stop error
	for i := range class {
		l := &class[i]
		if err := s.keep(l); err != nil {
			return err
		}
		var refused *generate.RefusedError
		switch {
		case l.err == nil:
		case ctx.Err() != nil:
			stop = ctx.Err()
		case errors.As(l.err, &refused) && refused.Step == "budget":
			stop = errSpent
		case errors.As(l.err, &refused) && (refused.Step == "malformed" || refused.Step == "refused"):
		case s.teacher.Open() || errors.As(l.err, &refused) && refused.Status >= 400 && refused.Status < 500 && refused.Status != 408 && refused.Status != 429:
			stop = because.Errorf(because.ErrUnavailable, "The teacher stopped answering after %d texts (%v). What it gave is kept: go on with --resume.", s.r.taught.Asked, refused)
		}
	}
	s.show(LMProgress{Phase: "teacher", Step: s.r.taught.Asked, Steps: s.o.Texts})
	return stop
}

// keep judges a text and writes it down.
func (s *school) keep(l *lesson) error {
	line := taughtLine{Key: l.key, Status: "unread", At: s.e.o.Now(), User: l.plan.reader.user.ID}
	var refused *generate.RefusedError
	if l.err != nil && !(errors.As(l.err, &refused) && (refused.Step == "malformed" || refused.Step == "refused")) {
		line.Key, line.Status = "", "failed" // no answer; what it cost is noted
	}
	if l.err == nil {
		pair, status := s.e.pairOf(l.plan, l.req, l.said)
		if line.Status = status; status == pairKept {
			l.plan.seen(&pair)
			line.Pair = &pair
		}
	}
	line.Tokens = s.teacher.Spent() - s.noted
	s.noted += line.Tokens
	if line.Status == "failed" && line.Tokens == 0 {
		return nil
	}
	b, err := json.Marshal(line)
	if err != nil {
		return err
	}
	if _, err := s.file.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("keep what the teacher gave: %w", err)
	}
	s.count(line)
	return nil
}

// examplePairs are the imported examples as pairs, those that the verifier passes as they stand on what they say, and how
// many examples there are. An example needs an item that is known; its reader, where it names one, is read as consents go.
func (e *Engine) examplePairs(ctx context.Context) (out []Pair, all int, err error) {
	var list []because.Example
	if err := e.db.EachExample(ctx, func(x because.Example) error { list = append(list, x); return nil }); err != nil {
		return nil, 0, fmt.Errorf("read the examples: %w", err)
	}
	w := e.world.Load()
	for _, x := range list {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		pair, ok, err := e.examplePair(ctx, w, x)
		if err != nil {
			return nil, 0, err
		}
		if ok {
			out = append(out, pair)
		}
	}
	return out, len(list), nil
}

func (e *Engine) examplePair(ctx context.Context, w *world, x because.Example) (Pair, bool, error) {
	who, err := e.reader(ctx, w, x.User, nil, false)
	if _, known := w.items[x.Item]; !known || errors.Is(err, because.ErrNotFound) {
		return Pair{}, false, nil
	}
	if err != nil {
		return Pair{}, false, err
	}
	if x.Lang == "" {
		x.Lang = langOf(x.Real)
	}
	j := job{world: w, reader: who, context: e.context(because.Context{At: e.now()}), lang: x.Lang, started: time.Now(), requestID: "example " + x.ID}
	if err := j.score(e, x.Item); err != nil {
		return Pair{}, false, err
	}
	p, err := e.plan(ctx, j)
	if err != nil {
		return Pair{}, false, err
	}
	given := p.given
	given.Address = ""
	r := e.verifier.Verify(x.Real, given)
	if r.Verdict != because.Passed || r.Text != x.Real {
		return Pair{}, false, nil
	}
	var use []because.Evidence // what it says, in the order in which it says it
	for _, c := range r.Claims {
		for _, id := range c.Evidence {
			i := slices.IndexFunc(p.all, func(ev because.Evidence) bool { return ev.ID == id })
			if i >= 0 && !slices.ContainsFunc(use, func(ev because.Evidence) bool { return ev.ID == id }) {
				use = append(use, p.all[i])
			}
		}
	}
	if len(use) == 0 {
		return Pair{}, false, nil
	}
	arm := because.Arm{Style: because.Detail, Lead: use[0].Kind}
	if len([]rune(x.Real)) <= map[because.Lang]int{because.Chinese: 45, because.English: 120}[x.Lang] {
		arm.Style = because.Short
	}
	pair, status := e.pairOf(p, p.request(arm, use, 1), x.Real)
	if status != pairKept {
		return Pair{}, false, nil
	}
	p.seen(&pair)
	return pair, true, nil
}

func langOf(s string) because.Lang {
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			return because.Chinese
		}
	}
	return because.English
}
