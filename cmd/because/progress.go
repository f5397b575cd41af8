package main

import (
	"fmt"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"because"
)

// A progress shows how far a long run is: bars with rate and time left on a terminal, a plain line every ten seconds
// elsewhere.
type progress struct {
	a     *app
	bars  *mpb.Progress // nil off a terminal
	bar   *mpb.Bar
	stage string
	last  time.Time
	start time.Time
}

func (a *app) progress() *progress {
	p := &progress{a: a, last: a.now()}
	if isTerminal(a.stderr) && !a.quiet && a.getenv("NO_COLOR") == "" {
		p.bars = mpb.New(mpb.WithOutput(a.stderr), mpb.WithWidth(40))
	}
	return p
}

func (p *progress) update(stage string, done, total int) {
	if p.a.quiet {
		return
	}
	if stage != p.stage {
		p.finish()
		p.stage, p.start = stage, p.a.now()
		if p.bars != nil {
			p.bar = p.bars.AddBar(int64(max(total, 1)),
				mpb.PrependDecorators(decor.Name(stage+" ")),
				mpb.AppendDecorators(decor.Percentage(), decor.Name(" "), decor.AverageETA(decor.ET_STYLE_GO)))
		}
	}
	if p.bar != nil {
		p.bar.SetTotal(int64(max(total, 1)), false)
		p.bar.SetCurrent(int64(done))
		return
	}
	if now := p.a.now(); p.bars == nil && now.Sub(p.last) >= 10*time.Second {
		p.last = now
		fmt.Fprintln(p.a.stderr, because.Say(p.a.lang, "%s: %d of %d, %s so far", stage, done, total, now.Sub(p.start).Round(time.Second).String()))
	}
}

func (p *progress) finish() {
	if p.bar != nil {
		p.bar.SetTotal(-1, true)
		p.bar = nil
	}
}

// done ends the display.
func (p *progress) done() {
	p.finish()
	if p.bars != nil {
		p.bars.Wait()
	}
}
