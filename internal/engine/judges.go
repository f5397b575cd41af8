package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"because"
	"because/internal/eval"
	"because/internal/generate"
	"because/internal/pack"
	"because/internal/text"
)

// JudgesOptions say which judges are asked about what. The zero value reads scores that were given before.
type JudgesOptions struct {
	Lang        because.Lang      // of sentences
	Seed        uint64            // of the rows that are drawn and the judges' seeds
	Map         map[string]string // our column = theirs
	Judges      []LLM             // endpoints to ask; none reads scores only
	Question    string            // likeness or usefulness; empty takes likeness where rows have a reference
	Repeats     int               // how often each judge is asked; 0 means 5
	Rows        int               // of each system that are judged; 0 means 300
	Temperature float64           // of the judges
}

// A JudgedFile is a file with scores, or with texts to be judged.
type JudgedFile struct {
	Name string
	Data io.Reader
}

// JudgesReport says what judges' scores are worth, and which systems they may rank.
type JudgesReport struct {
	eval.JudgesReport
	Question string                `json:"question,omitempty"` // that was asked; empty where scores were read
	Seed     uint64                `json:"seed"`
	Failed   map[string]JudgeFails `json:"failed,omitempty"` // by judge
	Scores   []eval.JudgedRow      `json:"-"`                // row by row
}

// JudgeFails are the answers that a judge did not give.
type JudgeFails struct {
	Calls  int    `json:"calls"`
	Failed int    `json:"failed"`
	Last   string `json:"last"` // why the last one failed
}

// The parts of a report on judges.
type (
	JudgedSystem = eval.JudgedSystem
	JudgedPair   = eval.JudgedPair
	JudgeScores  = eval.JudgeScores
)

// EvaluateJudges reads files with scores, or asks judges about the texts of files without, and measures the judges. Each
// file is a system, unless its rows name one. Rows of different systems are the same where user and item are, or an id, or
// the reference, or else the line.
func EvaluateJudges(ctx context.Context, files []JudgedFile, o JudgesOptions, progress Progress) (JudgesReport, error) {
	o.Repeats, o.Rows = cmp.Or(o.Repeats, 5), cmp.Or(o.Rows, 300)
	if progress == nil {
		progress = func(string, int, int) {}
	}
	out := JudgesReport{Seed: o.Seed}
	j := &judging{o: o, rows: map[[2]string]*eval.JudgedRow{}, progress: progress}
	for _, f := range files {
		if err := j.read(ctx, f); err != nil {
			return out, err
		}
	}
	if len(j.texts) > 0 {
		if err := j.ask(ctx, &out); err != nil {
			return out, err
		}
	}
	for _, k := range j.order {
		out.Scores = append(out.Scores, *j.rows[k])
	}
	out.JudgesReport = eval.MeasureJudges(out.Scores, o.Seed)
	return out, nil
}

// A judging gathers rows with scores, and texts without.
type judging struct {
	o        JudgesOptions
	rows     map[[2]string]*eval.JudgedRow // by system and ID
	order    [][2]string
	texts    []judgedText
	progress Progress
}

// A judgedText is a text that judges are asked about.
type judgedText struct {
	textRow
	key [2]string
	at  uint64 // its place in the order in which rows are drawn, the same in every system
}

// read takes the rows of a file. A file whose rows have no scores is one of texts.
func (j *judging) read(ctx context.Context, f JudgedFile) error {
	rows, err := newJudgeRows(f.Data, f.Name, j.o.Map)
	if err != nil {
		return err
	}
	base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(filepath.Base(f.Name), ".gz"), ".jsonl"), ".json")
	n, scored := 0, 0
	var texts []judgedText
	for ; ; n++ {
		row, err := rows.next()
		if err == io.EOF {
			break
		}
		if err == nil && n%1000 == 0 {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		key := [2]string{cmp.Or(row.system, base), judgedID(row)}
		if row.judge != "" && !math.IsNaN(row.score) {
			row.scores = map[string][]float64{row.judge: {row.score}}
		} else if row.scores == nil && !math.IsNaN(row.score) {
			row.scores = map[string][]float64{"score": {row.score}}
		}
		if len(row.scores) > 0 {
			scored++
			j.add(key, row.scores)
		} else if !blank(row.Prediction) {
			texts = append(texts, judgedText{row, key, hash("judged", fmt.Sprint(j.o.Seed), key[1])})
		}
	}
	if err := rows.unseen(); err != nil {
		return err
	}
	switch {
	case n == 0:
		return because.Errorf(because.ErrInvalid, "There are no rows in %s. Each line must be one JSON object with scores, or with a text to be judged.", f.Name)
	case scored > 0:
		return nil
	case len(texts) == 0:
		return because.Errorf(because.ErrInvalid, "%s holds neither scores nor texts. Its columns are: %s. Name the one that is wanted: --map scores=<column> or --map prediction=<column>", f.Name, strings.Join(slices.Sorted(maps.Keys(rows.known)), ", "))
	case len(j.o.Judges) == 0:
		return because.Errorf(because.ErrInvalid, "%s holds texts without scores, and no judge is named. Name one or more: --judge MODEL@http://127.0.0.1:8000/v1", f.Name)
	}
	slices.SortStableFunc(texts, func(a, b judgedText) int { return cmp.Compare(a.at, b.at) })
	bySystem := map[string]int{}
	for _, t := range texts {
		if bySystem[t.key[0]]++; bySystem[t.key[0]] <= j.o.Rows {
			j.texts = append(j.texts, t)
		}
	}
	return nil
}

// add puts scores to those that a row has.
func (j *judging) add(key [2]string, scores map[string][]float64) {
	r := j.rows[key]
	if r == nil {
		r = &eval.JudgedRow{System: key[0], ID: key[1], Scores: map[string][]float64{}}
		j.rows[key], j.order = r, append(j.order, key)
	}
	for judge, s := range scores {
		r.Scores[judge] = append(r.Scores[judge], s...)
	}
}

// judgedID is what a row is known by in every system.
func judgedID(r textRow) string {
	switch {
	case r.id != "":
		return r.id
	case r.User != "" && r.Item != "":
		return r.User + "\t" + r.Item
	case r.Reference != "":
		return r.Reference
	}
	return fmt.Sprint(r.line)
}

// judgeWait is how long one answer may take.
const judgeWait = time.Minute

// ask asks every judge about every text, as often as was wanted.
func (j *judging) ask(ctx context.Context, out *JudgesReport) error {
	q := generate.Question(j.o.Question)
	if q == "" {
		if q = generate.Likeness; !slices.ContainsFunc(j.texts, func(t judgedText) bool { return !blank(t.Reference) }) {
			q = generate.Usefulness
		}
	}
	if q == generate.Likeness {
		if i := slices.IndexFunc(j.texts, func(t judgedText) bool { return blank(t.Reference) }); i >= 0 {
			return because.Errorf(because.ErrInvalid, "Likeness is judged against a reference, and line %d has none. Add references, or ask --question usefulness.", j.texts[i].line)
		}
	}
	out.Question, out.Failed = string(q), map[string]JudgeFails{}
	total := len(j.texts) * j.o.Repeats
	for _, l := range j.o.Judges {
		name := judgeName(l, j.o.Judges)
		scores, fails, err := j.askOne(ctx, l, q, func(done int) {
			j.progress(because.Say(j.o.Lang, "asking %s", name), done, total)
		})
		if err != nil {
			return err
		}
		if fails.Failed == fails.Calls {
			return because.Errorf(because.ErrUnavailable, "The judge %s gave no score: %s", name, fails.Last)
		}
		if fails.Failed > 0 {
			out.Failed[name] = fails
		}
		for i, t := range j.texts {
			j.add(t.key, map[string][]float64{name: scores[i*j.o.Repeats : (i+1)*j.o.Repeats]})
		}
	}
	return nil
}

// askOne asks one judge about all texts. A score that it did not give is NaN. It is left alone once its breaker is open.
func (j *judging) askOne(ctx context.Context, l LLM, q generate.Question, progress func(done int)) ([]float64, JudgeFails, error) {
	e, err := newJudge(l, j.o.Temperature)
	if err != nil {
		return nil, JudgeFails{}, err
	}
	defer e.Close()
	scores := make([]float64, len(j.texts)*j.o.Repeats) // one slot each: order never depends on timing
	fails := JudgeFails{Calls: len(scores)}
	var mu sync.Mutex // guards fails and done
	done := 0
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(judgesAtATime)
	for i := range scores {
		g.Go(func() error {
			t := j.texts[i/j.o.Repeats]
			s, err := e.Score(gctx, generate.JudgeRequest{
				Question: q, Lang: languageOf(t.textRow), Text: t.Prediction, Reference: t.Reference, Item: t.ItemProfile, User: t.UserProfile,
				Seed: hash("judge", fmt.Sprint(j.o.Seed), t.key[1], fmt.Sprint(i%j.o.Repeats)),
			})
			mu.Lock()
			defer mu.Unlock()
			if done++; done%20 == 0 {
				progress(done)
			}
			if scores[i] = s; err != nil {
				scores[i] = notNumber
				fails.Failed++
				fails.Last = err.Error()
			}
			return gctx.Err()
		})
	}
	return scores, fails, g.Wait()
}

// judgesAtATime is how many questions a judge is asked at once.
const judgesAtATime = 4

// newJudge is an endpoint that is asked for judgements.
func newJudge(l LLM, temperature float64) (*generate.Endpoint, error) {
	return generate.NewEndpoint(generate.EndpointOptions{
		BaseURL: l.BaseURL, Model: l.Model, Preset: l.Preset, Key: l.Key, Timeout: judgeWait, BudgetTokens: l.Budget, Transport: l.Transport,
		Concurrency: judgesAtATime, MaxTokens: 1000, Temperature: temperature, // a model that thinks aloud needs room for it
	}, pack.Builtin())
}

// judgeName is the model, with its host where another judge has the same.
func judgeName(l LLM, all []LLM) string {
	same := 0
	for _, o := range all {
		if o.Model == l.Model {
			same++
		}
	}
	if u, err := url.Parse(l.BaseURL); err == nil && same > 1 {
		return l.Model + "@" + u.Host
	}
	return l.Model
}

// languageOf is the language that a row is measured in.
func languageOf(r textRow) because.Lang {
	says := nonBlank(r.Reference, r.Prediction)
	if s := text.Script(says); s == text.Zh || s == text.Mixed && text.HanShare(says) > .2 {
		return because.Chinese
	}
	return because.English
}

// WriteScores writes the scores row by row, in the form that EvaluateJudges reads.
func (r JudgesReport) WriteScores(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, row := range r.Scores {
		scores := map[string][]*float64{}
		for judge, xs := range row.Scores {
			for _, x := range xs {
				if scores[judge] = append(scores[judge], nil); !math.IsNaN(x) {
					scores[judge][len(scores[judge])-1] = &x
				}
			}
		}
		if err := enc.Encode(map[string]any{"system": row.System, "id": row.ID, "scores": scores}); err != nil {
			return fmt.Errorf("write scores: %w", err)
		}
	}
	return nil
}

// JudgeFindings are what the numbers come to, in sentences.
func JudgeFindings(r JudgesReport, lang because.Lang) []string {
	var out []string
	for _, s := range r.Systems {
		out = append(out, systemFindings(s, lang)...)
	}
	if len(r.Systems) == 1 {
		out = append(out, because.Say(lang, "There is one system, so there is nothing to rank. Give the scores of another on the same rows."))
	}
	for _, p := range r.Pairs {
		out = append(out, pairFinding(p, lang))
	}
	for _, judge := range slices.Sorted(maps.Keys(r.Failed)) {
		f := r.Failed[judge]
		out = append(out, because.Say(lang, "%s gave no score in %d of %d calls; the last reason: %s", judge, f.Failed, f.Calls, f.Last))
	}
	return out
}

// reliable is from where on an order of single texts is usually called reliable.
const reliable = .8

func systemFindings(s JudgedSystem, lang because.Lang) []string {
	var out []string
	for _, j := range s.Judges {
		switch {
		case j.Repeats < 2:
			out = append(out, because.Say(lang, "%s: %s was asked once, so how far it agrees with itself is not known.", s.System, j.Judge))
		case j.Retest == nil:
			out = append(out, because.Say(lang, "%s: %s gives every text the same score.", s.System, j.Judge))
		case j.Retest.Low <= 0:
			out = append(out, because.Say(lang, "%s: %s does not agree with itself when it is asked again (r = %.2f, 95 %% between %.2f and %.2f): its scores of single texts are noise.", s.System, j.Judge, j.Retest.Mean, j.Retest.Low, j.Retest.High))
		}
	}
	if len(s.Judges) > 1 {
		out = append(out, because.Say(lang, "%s: the same texts get %.1f points more from one judge than from another. Scores of different judges do not compare.", s.System, s.Spread))
	}
	if a := s.Alpha; a != nil && a.High < reliable {
		out = append(out, because.Say(lang, "%s: the judges together order single texts with a reliability of %.2f (95 %% between %.2f and %.2f). From .80 on an order of texts would be justified; here it is not.", s.System, a.Mean, a.Low, a.High))
	} else if a != nil {
		out = append(out, because.Say(lang, "%s: the judges together order single texts with a reliability of %.2f (95 %% between %.2f and %.2f).", s.System, a.Mean, a.Low, a.High))
	}
	return out
}

// pairFinding says which of two systems is better, or why that cannot be said.
func pairFinding(p JudgedPair, lang because.Lang) string {
	who := strings.Join(p.Judges, because.Say(lang, ", "))
	switch p.Verdict {
	case eval.RankedApart:
		worse := p.A
		if worse == p.Better {
			worse = p.B
		}
		return because.Say(lang, "%s is above %s to every judge, by more than its noise (%d rows).", p.Better, worse, p.Rows)
	case eval.JudgesContradict:
		return because.Say(lang, "%s and %s are not ranked: the judges contradict each other (%s).", p.A, p.B, who)
	case eval.OneJudge:
		return because.Say(lang, "%s and %s are not ranked: one judge scored both, and another may say the opposite.", p.A, p.B)
	case eval.AskedOnce:
		return because.Say(lang, "%s and %s are not ranked: asked once, a judge does not show its noise (%s).", p.A, p.B, who)
	case eval.UnsteadyJudge:
		return because.Say(lang, "%s and %s are not ranked: a judge does not agree with itself (%s).", p.A, p.B, who)
	case eval.TooFewRows:
		return because.Say(lang, "%s and %s are not ranked: they have %d rows in common, and fewer than 30 show nothing.", p.A, p.B, p.Rows)
	}
	return because.Say(lang, "%s and %s are not ranked: their difference lies inside the noise (%s).", p.A, p.B, who)
}
