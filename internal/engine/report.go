package engine

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"because"
)

// A TrainingReport is the metrics log of a training, read and checked.
type TrainingReport struct {
	Name    string            `json:"name"` // of the run or the model
	Model   *ModelInfo        `json:"model,omitempty"`
	Phases  []TrainingPhase   `json:"phases"`
	Samples []TrainingSamples `json:"samples"`
	Scores  []TrainingScores  `json:"scores"`
	Checks  []TrainingCheck   `json:"checks"`
}

// A TrainingPhase is one part of a training: likelihood, discriminator, adversarial or article.
type TrainingPhase struct {
	Name   string             `json:"name"`
	Step   int                `json:"step"` // done
	Steps  int                `json:"steps"`
	Series map[string][]Point `json:"series"`

	missing int      // steps of which nothing was logged
	alarms  []string // that went off, each once
	rolled  int      // times that an alarm brought older weights back
	game    []gamePoint
}

// A Point is a number at a step.
type Point struct {
	Step  int     `json:"step"`
	Value float64 `json:"value"`
}

// TrainingSamples are what the generator wrote for the same few prompts at a step, with slot tokens.
type TrainingSamples struct {
	Phase string   `json:"phase"`
	Step  int      `json:"step"`
	Texts []string `json:"texts"`
}

// TrainingScores are what the discriminator thought of texts at a step.
type TrainingScores struct {
	Phase string `json:"phase"`
	Step  int    `json:"step"`
	ScoreCounts
}

// TrainingReport reads and checks the metrics log of a run, such as base-1, or of a model. An empty name takes the log
// that was written last.
func (e *Engine) TrainingReport(name string, lang because.Lang) (TrainingReport, error) {
	dir := filepath.Join(e.o.Dir, "models")
	if name == "" {
		if name = latestLog(dir); name == "" {
			return TrainingReport{}, because.Errorf(because.ErrNotFound, "Nothing has been trained yet that keeps a log. Train a language model: because train lm")
		}
	}
	r := TrainingReport{Name: name}
	log, err := r.open(dir)
	if err != nil {
		return r, because.Errorf(because.ErrNotFound, "There is no run or language model %q with a log of its training. See: because model list", short(name))
	}
	defer log.Close()
	if err := r.read(log); err != nil {
		return r, fmt.Errorf("read the log of %s: %w", name, err)
	}
	r.Checks = r.check(lang)
	return r, nil
}

// open finds the log, and the manifest where it is a model's.
func (r *TrainingReport) open(dir string) (io.ReadCloser, error) {
	if filepath.Base(r.Name) != r.Name {
		return nil, fs.ErrNotExist
	}
	if f, err := os.Open(filepath.Join(dir, "runs", r.Name, metricsFile)); err == nil {
		return f, nil
	}
	if info, err := readManifest(dir, r.Name); err == nil {
		r.Model = &info
		return os.Open(filepath.Join(dir, r.Name, metricsFile))
	}
	info, ok := Shipped()
	if !ok || info.ID != r.Name {
		return nil, fs.ErrNotExist
	}
	r.Model = &info
	files, err := shippedModel()
	if err != nil {
		return nil, err
	}
	return files.Open(metricsFile)
}

// latestLog is the run whose log was written last, or else the newest model that has a log; empty where there is none.
func latestLog(dir string) string {
	for _, pattern := range []string{filepath.Join(dir, "runs", "*", metricsFile), filepath.Join(dir, "*", metricsFile)} {
		logs, err := filepath.Glob(pattern)
		if err != nil || len(logs) == 0 {
			continue
		}
		return filepath.Base(filepath.Dir(slices.MaxFunc(logs, func(a, b string) int { return writtenAt(a).Compare(writtenAt(b)) })))
	}
	return ""
}

func writtenAt(path string) time.Time {
	f, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return f.ModTime()
}

// eachStep calls f with each line of a metrics log. A line that cannot be read, such as the last one of a run that is writing
// or was killed, is passed over.
func eachStep(log io.Reader, f func(LMProgress)) error {
	for lines := bufio.NewReader(log); ; {
		line, err := lines.ReadBytes('\n')
		var p LMProgress
		if len(line) > 0 && json.Unmarshal(line, &p) == nil && p.Phase != "" {
			f(p)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// read takes in a log. A step that comes again, of a run that was resumed, replaces what came after it before.
func (r *TrainingReport) read(log io.Reader) error {
	if err := eachStep(log, r.add); err != nil {
		return err
	}
	for i := range r.Phases {
		p := &r.Phases[i]
		p.missing = missingSteps(p.Series)
	}
	return nil
}

// add takes in one line.
func (r *TrainingReport) add(p LMProgress) {
	at := slices.IndexFunc(r.Phases, func(x TrainingPhase) bool { return x.Name == p.Phase })
	if at < 0 {
		at = len(r.Phases)
		r.Phases = append(r.Phases, TrainingPhase{Name: p.Phase, Step: -1, Series: map[string][]Point{}})
	}
	x := &r.Phases[at]
	if p.Step <= x.Step {
		r.forget(x, p.Step)
	}
	x.Step, x.Steps = p.Step, p.Steps
	x.numbers(p)
	if len(p.Samples) > 0 {
		r.Samples = append(r.Samples, TrainingSamples{p.Phase, p.Step, p.Samples})
	}
	if p.Scores != nil {
		r.Scores = append(r.Scores, TrainingScores{p.Phase, p.Step, *p.Scores})
	}
}

// forget drops what a phase had from a step on.
func (r *TrainingReport) forget(x *TrainingPhase, step int) {
	for name, s := range x.Series {
		x.Series[name] = slices.DeleteFunc(s, func(p Point) bool { return p.Step >= step })
	}
	x.game = slices.DeleteFunc(x.game, func(p gamePoint) bool { return p.step >= step })
	r.Samples = slices.DeleteFunc(r.Samples, func(s TrainingSamples) bool { return s.Phase == x.Name && s.Step >= step })
	r.Scores = slices.DeleteFunc(r.Scores, func(s TrainingScores) bool { return s.Phase == x.Name && s.Step >= step })
}

// numbers takes in the numbers of one step.
func (x *TrainingPhase) numbers(p LMProgress) {
	put := func(name string, v float64) { x.Series[name] = append(x.Series[name], Point{p.Step, v}) }
	if l := p.Likelihood; l != nil {
		put("loss", l.Loss)
		put("lr", l.LR)
		put("grad_norm", l.GradNorm)
		if l.Valid != nil {
			put("valid", *l.Valid)
		}
	}
	if d := p.Discriminator; d != nil {
		x.play(p.Step, d.LossG, d.LossD, d.DReal, d.DFake, -1)
		put("accuracy", d.Accuracy)
		put("grad_norm", d.GradNorm)
	}
	if p.Valid != nil {
		put("valid", *p.Valid)
	}
	if g := p.Game; g != nil {
		x.gameNumbers(p, put)
	}
	if f := p.Prefer; f != nil {
		put("margin", f.Margin)
		put("grad_norm", f.GradNorm)
	}
	if a := p.Article; a != nil {
		x.play(p.Step, a.Held.LossG, a.Held.LossD, a.Held.DReal, a.Held.DFake, a.Held.Distinct2)
		put("distinct2", a.Held.Distinct2)
		put("printed_g", a.LossG)
		put("printed_d", a.LossD)
	}
}

// gameNumbers takes in one step of a game.
func (x *TrainingPhase) gameNumbers(p LMProgress, put func(name string, v float64)) {
	g := p.Game
	share := -1.0 // of the diversity before the game
	if e := g.Evaluation; e != nil {
		put("loss", e.Loss)
		put("quality", e.Quality)
		put("distinct2", e.Distinct2)
		put("self_bleu4", e.SelfBLEU4)
		put("area", e.Area)
		put("unsupported", e.Unsupported)
		share = e.Distinct2 / max(1e-9, x.Series["distinct2"][0].Value)
	}
	x.play(p.Step, g.LossG, g.LossD, g.DReal, g.DFake, share)
	put("accuracy", g.Accuracy)
	if p.Step > 0 && p.Phase == "adversarial" {
		put("reward", g.Reward.Total)
		put("supported", g.Supported)
		put("kl", g.KL)
		put("entropy", g.Entropy)
		put("length", g.Length)
		put("lr", g.LR)
		put("grad_norm", g.GGradNorm)
	}
	for _, a := range g.Alarms {
		if !slices.Contains(x.alarms, a) {
			x.alarms = append(x.alarms, a)
		}
	}
	if g.RolledBack {
		x.rolled++
	}
}

// A gamePoint is one step of the two losses.
type gamePoint struct {
	step                              int
	lossG, lossD, dReal, dFake, share float64 // share is −1 where the texts' diversity was not measured
}

// play takes in the two losses and what the discriminator thinks.
func (x *TrainingPhase) play(step int, lossG, lossD, dReal, dFake, share float64) {
	for name, v := range map[string]float64{"loss_g": lossG, "loss_d": lossD, "d_real": dReal, "d_fake": dFake} {
		x.Series[name] = append(x.Series[name], Point{step, v})
	}
	x.game = append(x.game, gamePoint{step, lossG, lossD, dReal, dFake, share})
}

// missingSteps counts the steps between a phase's first and last of which nothing was logged: numbers that are not
// finite cannot stand in the log.
func missingSteps(series map[string][]Point) int {
	longest := []Point{}
	for _, s := range series {
		if len(s) > len(longest) {
			longest = s
		}
	}
	if len(longest) == 0 {
		return 0
	}
	return longest[len(longest)-1].Step - longest[0].Step + 1 - len(longest)
}
