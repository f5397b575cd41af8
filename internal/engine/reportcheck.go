package engine

import (
	"math"
	"slices"
	"strings"

	"because"
	"because/internal/lm"
)

// A TrainingCheck is one thing looked at in a training, with its verdict in words.
type TrainingCheck struct {
	Phase  string `json:"phase"`
	Name   string `json:"name"`  // a machine name
	State  string `json:"state"` // good, watch or bad
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Fix    string `json:"fix,omitempty"`
}

// The states of a check.
const (
	Good  = "good"
	Watch = "watch" // worth a look
	Bad   = "bad"
)

// State is the worst of the checks.
func (r TrainingReport) State() string {
	worst := Good
	for _, c := range r.Checks {
		if c.State == Bad || worst == Good {
			worst = c.State
		}
	}
	return worst
}

// check looks at each phase.
func (r TrainingReport) check(lang because.Lang) []TrainingCheck {
	checks := []TrainingCheck{}
	for _, x := range r.Phases {
		c := phaseChecks{TrainingPhase: x, lang: lang}
		if len(x.game) > 0 {
			c.labels()
			c.balance()
			c.diversity()
		}
		if x.Name == "likelihood" {
			c.learning()
			c.gap()
		}
		if len(x.alarms) > 0 {
			c.alarmed()
		}
		c.finite()
		c.gradients()
		checks = append(checks, c.found...)
	}
	return checks
}

// phaseChecks gathers what is found in a phase.
type phaseChecks struct {
	TrainingPhase
	lang  because.Lang
	found []TrainingCheck
}

func (c *phaseChecks) put(name, state, title, detail, fix string) {
	c.found = append(c.found, TrainingCheck{c.Name, name, state, title, detail, fix})
}

// health is what lm.Health finds. It looks at the last tenth.
func (c *phaseChecks) health() []string {
	points := make([]lm.HealthPoint, len(c.game))
	share := 1.0
	for i, p := range c.game {
		if p.share >= 0 {
			share = p.share
		}
		points[i] = lm.HealthPoint{LossG: p.lossG, LossD: p.lossD, DReal: p.dReal, DFake: p.dFake, Distinct2: share}
	}
	return lm.Health(points)
}

// lastTenth is the mean of a series over its last tenth, at least one point.
func lastTenth(s []Point) float64 { return mean(s[len(s)-max(1, len(s)/10):]) }

func mean(s []Point) float64 {
	sum := 0.0
	for _, p := range s {
		sum += p.Value
	}
	return sum / float64(max(1, len(s)))
}

// labels looks whether the labels are the right way round.
func (c *phaseChecks) labels() {
	title := because.Say(c.lang, "Labels")
	g, d := lastTenth(c.Series["loss_g"]), lastTenth(c.Series["loss_d"])
	real, fake := lastTenth(c.Series["d_real"]), lastTenth(c.Series["d_fake"])
	fix := because.Say(c.lang, "Give people's texts the label 1 and generated ones 0, and train the generator towards 1.")
	found := c.health()
	switch bound := lm.BoundD(g); {
	case slices.Contains(found, lm.HealthSwapped):
		c.put("labels", Bad, title, because.Say(c.lang, "The labels are swapped: the discriminator calls generated texts people's (D(G(z)) %.2f) and people's texts generated (D(x) %.2f), and loses less and less by it. The generator learns to look more generated.", fake, real), fix)
	case slices.Contains(found, lm.HealthBound):
		c.put("labels", Bad, title, because.Say(c.lang, "L_D is %.4f, but with correct labels it cannot lie below %.4f where L_G is %.4f. The labels are swapped, or the two losses come from different texts.", d, bound, g), fix)
	default:
		c.put("labels", Good, title, because.Say(c.lang, "L_D (%.4f) lies above the least that correct labels allow where L_G is %.4f (%.4f).", d, g, bound), "")
	}
}

// balance looks whether one of the two is too strong, unless the labels are wrong, when both are on the same side.
func (c *phaseChecks) balance() {
	if found := c.health(); slices.Contains(found, lm.HealthSwapped) || slices.Contains(found, lm.HealthBound) {
		return
	}
	title := because.Say(c.lang, "Balance")
	real, fake := lastTenth(c.Series["d_real"]), lastTenth(c.Series["d_fake"])
	switch alone := c.Name == "discriminator"; {
	case slices.Contains(c.health(), lm.HealthSaturated) && !alone:
		c.put("balance", Bad, title, because.Say(c.lang, "The discriminator is so sure (D(x) %.3f, D(G(z)) %.3f) that its reward no longer tells one text from another.", real, fake),
			because.Say(c.lang, "Train it less or slower, or let the generator learn longer by likelihood first."))
	case real-fake > .8:
		c.put("balance", Watch, title, because.Say(c.lang, "The discriminator tells nearly all texts apart (D(x) %.2f, D(G(z)) %.2f).", real, fake),
			because.Say(c.lang, "Train it less or slower, or let the generator learn longer by likelihood first."))
	case alone && math.Abs(real-fake) < .05:
		c.put("balance", Watch, title, because.Say(c.lang, "The discriminator hardly tells texts apart (D(x) %.2f, D(G(z)) %.2f); its reward says little.", real, fake),
			because.Say(c.lang, "Train it longer before the game."))
	default:
		c.put("balance", Good, title, because.Say(c.lang, "D(x) is %.2f and D(G(z)) %.2f: neither side runs away.", real, fake), "")
	}
}

// diversity looks whether the texts still differ, where that was measured.
func (c *phaseChecks) diversity() {
	if len(c.Series["distinct2"]) == 0 {
		return
	}
	title := because.Say(c.lang, "Diversity")
	share := 1.0
	for _, p := range c.game {
		if p.share >= 0 {
			share = p.share
		}
	}
	if c.Name == "article" {
		c.diversityOf(title, share, because.Say(c.lang, "The texts hold %.0f %% of the different word pairs that people's hold.", 100*share))
		return
	}
	c.diversityOf(title, share, because.Say(c.lang, "The texts hold %.0f %% of the different word pairs that they held before the game.", 100*share))
}

func (c *phaseChecks) diversityOf(title string, share float64, detail string) {
	switch {
	case share < .25:
		c.put("diversity", Bad, title, detail+" "+because.Say(c.lang, "The generator has collapsed: it writes nearly the same for everybody."), because.Say(c.lang, "Go back to an earlier checkpoint; lower the learning rate or raise the weight of the likelihood."))
	case share < .9:
		c.put("diversity", Watch, title, detail, because.Say(c.lang, "Lower the generator's learning rate, or stop earlier."))
	default:
		c.put("diversity", Good, title, detail, "")
	}
}

// alarmed names the alarms of a game.
func (c *phaseChecks) alarmed() {
	names := map[string]string{
		"distinct2":   because.Say(c.lang, "fewer different word pairs"),
		"self_bleu4":  because.Say(c.lang, "texts more alike"),
		"kl":          because.Say(c.lang, "too far from the likelihood model"),
		"entropy":     because.Say(c.lang, "too sure of each word"),
		"length":      because.Say(c.lang, "texts longer or shorter than before"),
		"unsupported": because.Say(c.lang, "more unsupported claims"),
		"low_d":       because.Say(c.lang, "the discriminator guesses"),
		"high_d":      because.Say(c.lang, "the discriminator is too strong"),
	}
	var said []string
	for _, a := range c.alarms {
		said = append(said, names[a])
	}
	c.put("alarms", Watch, because.Say(c.lang, "Alarms"), because.Say(c.lang, "Went off: %s. Weights were taken back %d times, each time with half the learning rate.", strings.Join(said, because.Say(c.lang, ", ")), c.rolled),
		because.Say(c.lang, "The weights that stay are those of the best evaluation without an alarm; see whether enough of the game is left."))
}

// learning looks whether likelihood got better.
func (c *phaseChecks) learning() {
	title := because.Say(c.lang, "Learning")
	s := c.Series["valid"]
	if len(s) < 2 {
		s = c.Series["loss"]
	}
	if len(s) < 2 || len(c.Series["loss"]) < 10 { // too soon to tell
		return
	}
	first, last := mean(s[:max(1, len(s)/10)]), lastTenth(s)
	best := slices.MinFunc(s, func(a, b Point) int { return compareFloat(a.Value, b.Value) })
	switch {
	case !(last < first*.99):
		c.put("learning", Bad, title, because.Say(c.lang, "The loss does not fall: %.3f at first, %.3f at the end.", first, last), because.Say(c.lang, "Train longer, or look whether learning rate and texts are right."))
	case len(c.Series["valid"]) >= 2 && last > best.Value+.05:
		c.put("learning", Watch, title, because.Say(c.lang, "The loss on unseen readers was lowest at step %d (%.3f) and rose to %.3f since. The best weights stay.", best.Step, best.Value, last), because.Say(c.lang, "More texts or more dropout help; fewer passes save time."))
	default:
		c.put("learning", Good, title, because.Say(c.lang, "The loss fell from %.3f to %.3f nats per token (perplexity %.2f).", first, last, math.Exp(last)), "")
	}
}

// gap looks whether the model learns its texts by heart.
func (c *phaseChecks) gap() {
	valid, loss := c.Series["valid"], c.Series["loss"]
	if len(valid) == 0 || len(loss) == 0 {
		return
	}
	title := because.Say(c.lang, "Seen and unseen")
	last, train := valid[len(valid)-1].Value, lastTenth(loss)
	if last-train > .3 {
		c.put("gap", Watch, title, because.Say(c.lang, "Unseen readers' texts cost %.3f nats per token, those it learns from %.3f: it learns them by heart.", last, train), because.Say(c.lang, "More texts or more dropout help; fewer passes save time."))
		return
	}
	c.put("gap", Good, title, because.Say(c.lang, "Unseen readers' texts cost %.3f nats per token, those it learns from %.3f (with dropout).", last, train), "")
}

// finite looks for steps that have no numbers.
func (c *phaseChecks) finite() {
	title := because.Say(c.lang, "Numbers")
	switch {
	case c.missing > 0 || slices.Contains(c.health(), lm.HealthNaN):
		c.put("finite", Bad, title, because.Say(c.lang, "%d steps are missing in the log: their numbers were not finite, or lines were lost.", c.missing), because.Say(c.lang, "Lower the learning rate, then go on from a checkpoint before them."))
	case c.Step < c.Steps:
		c.put("finite", Good, title, because.Say(c.lang, "All numbers are finite. It ended at step %d of at most %d.", c.Step, c.Steps), "")
	default:
		c.put("finite", Good, title, because.Say(c.lang, "All numbers of the %d steps are finite.", c.Steps), "")
	}
}

// gradients looks for one that is out of proportion after the beginning.
func (c *phaseChecks) gradients() {
	s := c.Series["grad_norm"]
	if len(s) < 20 {
		return
	}
	s = s[len(s)/10:]
	sorted := slices.Clone(s)
	slices.SortFunc(sorted, func(a, b Point) int { return compareFloat(a.Value, b.Value) })
	median, highest := sorted[len(sorted)/2], sorted[len(sorted)-1]
	title := because.Say(c.lang, "Gradients")
	if highest.Value > 20*max(median.Value, 1e-6) {
		c.put("gradients", Watch, title, because.Say(c.lang, "At step %d the gradients' norm was %.2f, where %.2f is usual. Clipping held it back.", highest.Step, highest.Value, median.Value), because.Say(c.lang, "Lower the learning rate if it happens again."))
		return
	}
	c.put("gradients", Good, title, because.Say(c.lang, "The gradients' norm is %.2f as a rule and %.2f at most.", median.Value, highest.Value), "")
}
