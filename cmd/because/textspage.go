package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"because"
	"because/internal/engine"
)

//go:embed texts.html
var textsHTML string

// writeTextsPage writes a report as one page that needs nothing beside it: both languages, the reader's own first, and
// plots drawn in the page.
func writeTextsPage(w io.Writer, r engine.TextsReport, first because.Lang) error {
	page := struct {
		Lang   because.Lang
		File   string
		Bodies []template.HTML // in the order of Langs
		Langs  []because.Lang
	}{Lang: first, File: r.File, Langs: because.Langs}
	var t *template.Template
	for _, lang := range because.Langs {
		say := func(format string, args ...any) string { return because.Say(lang, format, args...) }
		t = template.Must(template.New("").Funcs(template.FuncMap{"say": say}).Parse(textsHTML))
		var b strings.Builder
		if err := t.ExecuteTemplate(&b, "body", newTextsBody(r, lang)); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		page.Bodies = append(page.Bodies, template.HTML(b.String()))
	}
	return t.ExecuteTemplate(w, "page", page)
}

// A textsBody is the page in one language.
type textsBody struct {
	Lang     because.Lang
	Report   engine.TextsReport
	Parts    []textsPart
	Problems []string
}

// A textsPart is what was measured of the texts in one language.
type textsPart struct {
	Lang      string
	Report    engine.TextReport
	Findings  []string
	Plots     []plot
	Histogram *textHistogram
	Tables    []textTable
}

func newTextsBody(r engine.TextsReport, lang because.Lang) textsBody {
	b := textsBody{Lang: lang, Report: r}
	for _, p := range r.Problems {
		b.Problems = append(b.Problems, p.Say(lang))
	}
	for _, x := range r.Languages {
		p := textsPart{Lang: langName(x.Lang, lang), Report: x, Findings: engine.Findings(x, lang), Tables: textTables(x, lang)}
		for _, plot := range []plot{controlPlot(x, lang), leadPlot(x, lang), varietyPlot(x, lang), discriminatorPlot(x, lang)} {
			if len(plot.Rows) > 0 {
				p.Plots = append(p.Plots, plot)
			}
		}
		if x.Histogram != nil {
			p.Histogram = newHistogram(x.Histogram.Own, x.Histogram.Shuffled)
		}
		b.Parts = append(b.Parts, p)
	}
	return b
}

func controlPlot(x engine.TextReport, lang because.Lang) plot {
	if x.Margin == nil {
		return plot{}
	}
	rows := []plotted{
		{because.Say(lang, "these texts"), x.Margin.Own, true},
		{because.Say(lang, "references of other rows"), x.Margin.Shuffled, true},
	}
	for _, c := range x.Controls {
		rows = append(rows, plotted{engine.ControlName(c.Name, lang), c.R1, false})
	}
	return newPlot(because.Say(lang, "ROUGE-1 F of the texts and of controls that need no model"),
		because.Say(lang, "A score is worth what it has beyond the controls. Whiskers are the 95-percent intervals."), rows, nil)
}

func leadPlot(x engine.TextReport, lang because.Lang) plot {
	if x.Margin == nil {
		return plot{}
	}
	rows := []plotted{{because.Say(lang, "margin over shuffled references"), x.Margin.Margin, true}}
	for _, s := range x.Swaps {
		rows = append(rows, plotted{because.Say(lang, "lost with: %s", swapName(s.Name, lang)), s.Loss, true})
	}
	for _, c := range x.Controls {
		if c.Margin != nil {
			rows = append(rows, plotted{because.Say(lang, "margin of: %s", engine.ControlName(c.Name, lang)), *c.Margin, false})
		}
	}
	zero := 0.0
	return newPlot(because.Say(lang, "What is said of this user and this item, in points of ROUGE-1 F"),
		because.Say(lang, "An interval that holds 0 shows nothing."), rows, &zero)
}

func varietyPlot(x engine.TextReport, lang because.Lang) plot {
	var rows []plotted
	for _, d := range x.Diversity {
		rows = append(rows, plotted{because.Say(lang, "these texts, by %s", unitName(d.Family, lang)), d.Written.SelfBLEU, true})
		if d.Real != nil {
			rows = append(rows, plotted{because.Say(lang, "references, by %s", unitName(d.Family, lang)), d.Real.SelfBLEU, false})
		}
	}
	return newPlot(because.Say(lang, "Self-BLEU-4: how much texts repeat each other"),
		because.Say(lang, "Of as many texts on either side; 100 says everything twice."), rows, nil)
}

func discriminatorPlot(x engine.TextReport, lang because.Lang) plot {
	var rows []plotted
	for _, d := range x.Discriminators {
		p, name := d.Accuracy, because.Say(lang, "by words")
		if d.Sees == "characters" {
			name = because.Say(lang, "by characters")
		}
		rows = append(rows, plotted{name, engine.Interval{Mean: 100 * p.Mean, Low: 100 * p.Low, High: 100 * p.High, N: p.N}, true})
	}
	chance := 50.0
	return newPlot(because.Say(lang, "How often a discriminator made for the occasion tells texts from references, in percent"),
		because.Say(lang, "On readers that it has not seen. At 50 it guesses: the texts read like the references."), rows, &chance)
}

// plotted is one line of a plot.
type plotted struct {
	label string
	value engine.Interval
	main  bool // of the texts themselves
}

// A plot draws values as dots with whiskers, one below the other.
type plot struct {
	Title, Note   string
	Width, Height int
	Ticks         []textTick
	Marks         []float64 // where an upright line means "nothing"
	Rows          []plotRow
}

type textTick struct {
	X     float64
	Label string
}

type plotRow struct {
	Y             float64
	Label, Value  string
	Low, Mid, Top float64
	Main          bool
}

// The measures of a plot: width, the room for labels on the left and for values on the right, and the height of a row.
const (
	plotWidth  = 760
	plotLeft   = 360
	plotRight  = 620
	plotHeight = 30
)

func newPlot(title, note string, values []plotted, mark *float64) plot {
	p := plot{Title: title, Note: note, Width: plotWidth, Height: plotHeight*len(values) + 40}
	if len(values) == 0 {
		return p
	}
	low, high := values[0].value.Low, values[0].value.High
	for _, v := range values {
		low, high = min(low, v.value.Low), max(high, v.value.High)
	}
	if mark != nil {
		low, high = min(low, *mark), max(high, *mark)
	}
	step := niceStep(high - low)
	low, high = step*math.Floor(low/step), step*math.Ceil(high/step)
	if high == low {
		high += step
	}
	at := func(v float64) float64 { return plotLeft + (v-low)/(high-low)*(plotRight-plotLeft) }
	for i := 0; low+float64(i)*step <= high+step/2; i++ {
		v := low + float64(i)*step
		p.Ticks = append(p.Ticks, textTick{at(v), strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)})
	}
	if mark != nil {
		p.Marks = append(p.Marks, at(*mark))
	}
	for i, v := range values {
		p.Rows = append(p.Rows, plotRow{
			Y: float64(plotHeight*i) + 20, Label: v.label, Value: between(v.value),
			Low: at(v.value.Low), Mid: at(v.value.Mean), Top: at(v.value.High), Main: v.main,
		})
	}
	return p
}

// niceStep is 1, 2 or 5 times a power of ten, so that a range has four to ten steps.
func niceStep(width float64) float64 {
	if width <= 0 {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(width/4)))
	for _, m := range []float64{5, 2} {
		if m*unit <= width/4 {
			return m * unit
		}
	}
	return unit
}

// A textHistogram draws two counts of the same bins.
type textHistogram struct {
	Width, Height int
	Bars          []histogramBar
	Shuffled      string // points of the outline
	Ticks         []textTick
}

type histogramBar struct{ X, Y, W, H float64 }

func newHistogram(own, shuffled [20]int) *textHistogram {
	h := &textHistogram{Width: plotWidth, Height: 230}
	const left, width, bottom, top = 20, plotWidth - 40, 200, 10
	most := float64(max(slices.Max(own[:]), slices.Max(shuffled[:]), 1))
	y := func(n int) float64 { return bottom - float64(n)/most*(bottom-top) }
	var points []string
	for i := range own {
		x, w := left+float64(i)*width/20, float64(width)/20
		h.Bars = append(h.Bars, histogramBar{x + 1, y(own[i]), w - 2, bottom - y(own[i])})
		points = append(points, fmt.Sprintf("%.1f,%.1f %.1f,%.1f", x, y(shuffled[i]), x+w, y(shuffled[i])))
		if i%2 == 0 {
			h.Ticks = append(h.Ticks, textTick{x, fmt.Sprint(5 * i)})
		}
	}
	h.Ticks = append(h.Ticks, textTick{left + width, "100"})
	h.Shuffled = strings.Join(points, " ")
	return h
}
