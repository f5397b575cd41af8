package main

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"because/internal/engine"
)

// A chart is lines over steps, drawn as an SVG of its own: no script, no network. Lines differ by colour and dash.
type chart struct {
	Title string
	Lines []chartLine
	Mark  *chartMark  // a level to compare with
	Band  *[2]float64 // values between which it should lie
	From  *float64    // fixed lower end of the values
	To    *float64    // fixed upper end
}

// A chartLine is one series.
type chartLine struct {
	Name   string
	Points []engine.Point
	Exact  bool // never smoothed
}

type chartMark struct {
	Value float64
	Label string
}

// The drawing: outer size, and the margins around the plot.
const (
	chartWide, chartHigh  = 500, 210
	chartLeft, chartRight = 46, 12
	chartTop, chartBottom = 12, 26

	chartMost       = 300 // points that are drawn of one line
	chartSmoothFrom = 200 // points from which a line is smoothed, the raw one staying behind it
	chartSmoothing  = .9
)

// Last is a line's last value, as its legend says it.
func (l chartLine) Last() string {
	if len(l.Points) == 0 {
		return "—"
	}
	return fmt.Sprintf("%.4g", l.Points[len(l.Points)-1].Value)
}

// frame maps steps and values into the drawing.
type frame struct{ x0, x1, y0, y1 float64 }

func (f frame) at(p engine.Point) string {
	x := chartLeft + (float64(p.Step)-f.x0)/(f.x1-f.x0)*(chartWide-chartLeft-chartRight)
	return fmt.Sprintf("%.1f,%.1f", x, f.y(p.Value))
}

func (f frame) y(v float64) float64 {
	v = min(max(v, f.y0), f.y1)
	return chartTop + (f.y1-v)/(f.y1-f.y0)*(chartHigh-chartTop-chartBottom)
}

// frame finds what the axes span.
func (c chart) frame() frame {
	f := frame{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
	for _, l := range c.Lines {
		for _, p := range l.Points {
			f.x0, f.x1 = min(f.x0, float64(p.Step)), max(f.x1, float64(p.Step))
			f.y0, f.y1 = min(f.y0, p.Value), max(f.y1, p.Value)
		}
	}
	if c.Mark != nil {
		f.y0, f.y1 = min(f.y0, c.Mark.Value), max(f.y1, c.Mark.Value)
	}
	if c.From != nil {
		f.y0 = *c.From
	}
	if c.To != nil {
		f.y1 = *c.To
	}
	if f.x1 == f.x0 {
		f.x1++
	}
	room := .06 * (f.y1 - f.y0)
	if f.y1 <= f.y0 {
		room = max(.5, .05*math.Abs(f.y0))
	}
	if c.From == nil {
		f.y0 -= room
	}
	if c.To == nil {
		f.y1 += room
	}
	return f
}

// SVG draws the chart.
func (c chart) SVG() template.HTML {
	f := c.frame()
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %d %d" role="img" aria-label="%s">`, chartWide, chartHigh, template.HTMLEscapeString(c.said()))
	if c.Band != nil {
		top, bottom := f.y(c.Band[1]), f.y(c.Band[0])
		fmt.Fprintf(&b, `<rect class="band" x="%d" y="%.1f" width="%d" height="%.1f"/>`, chartLeft, top, chartWide-chartLeft-chartRight, bottom-top)
	}
	for _, v := range ticks(f.y0, f.y1, 4) {
		y := f.y(v)
		fmt.Fprintf(&b, `<path class="grid" d="M%d %.1fH%d"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`, chartLeft, y, chartWide-chartRight, chartLeft-6, y+4, tick(v))
	}
	for _, v := range ticks(f.x0, f.x1, 5) {
		if v != math.Trunc(v) { // steps are whole
			continue
		}
		x := chartLeft + (v-f.x0)/(f.x1-f.x0)*(chartWide-chartLeft-chartRight)
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle">%s</text>`, x, chartHigh-8, tick(v))
	}
	if c.Mark != nil {
		y := f.y(c.Mark.Value)
		fmt.Fprintf(&b, `<path class="mark" d="M%d %.1fH%d"/><text class="on" x="%d" y="%.1f" text-anchor="end">%s</text>`, chartLeft, y, chartWide-chartRight, chartWide-chartRight-4, y-5, template.HTMLEscapeString(c.Mark.Label))
	}
	for i, l := range c.Lines {
		points := l.Points
		if len(points) > chartSmoothFrom && !l.Exact {
			fmt.Fprintf(&b, `<polyline class="raw l%d" points="%s"/>`, i, f.path(points))
			points = smoothed(points)
		}
		if len(points) == 1 {
			x, y, _ := strings.Cut(f.at(points[0]), ",")
			fmt.Fprintf(&b, `<circle class="l%d" cx="%s" cy="%s" r="3"/>`, i, x, y)
			continue
		}
		fmt.Fprintf(&b, `<polyline class="l%d" points="%s"/>`, i, f.path(points))
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) //nolint:gosec // numbers, and words that are escaped above
}

// said is the chart for those who do not see it.
func (c chart) said() string {
	words := []string{c.Title}
	for _, l := range c.Lines {
		words = append(words, l.Name+" "+l.Last())
	}
	return strings.Join(words, ", ")
}

// path is a line's points, every nth where there are too many, and the last.
func (f frame) path(points []engine.Point) string {
	every := (len(points) + chartMost - 1) / chartMost
	var out []string
	for i, p := range points {
		if i%every == 0 || i == len(points)-1 {
			out = append(out, f.at(p))
		}
	}
	return strings.Join(out, " ")
}

// smoothed is the exponential moving average, begun without bias.
func smoothed(points []engine.Point) []engine.Point {
	out := make([]engine.Point, len(points))
	sum, weight := 0.0, 0.0
	for i, p := range points {
		sum, weight = chartSmoothing*sum+p.Value, chartSmoothing*weight+1
		out[i] = engine.Point{Step: p.Step, Value: sum / weight}
	}
	return out
}

// ticks are round values between two, about n of them.
func ticks(from, to float64, n int) []float64 {
	step := math.Pow(10, math.Floor(math.Log10((to-from)/float64(n))))
	for _, m := range []float64{1, 2, 5, 10} {
		if (to-from)/(step*m) <= float64(n+1)+1e-9 {
			step *= m
			break
		}
	}
	var out []float64
	for v := math.Ceil(from/step-1e-9) * step; v <= to+1e-9*step; v += step {
		out = append(out, v)
	}
	return out
}

func tick(v float64) string {
	if math.Abs(v) < 1e-12 {
		return "0"
	}
	return fmt.Sprintf("%.4g", v)
}

// histogram draws how sure the discriminator is: people's texts upwards, generated ones downwards, D from 0 to 1.
func histogram(s engine.ScoreCounts) template.HTML {
	most := 1
	for i := range s.Real {
		most = max(most, s.Real[i], s.Fake[i])
	}
	var b strings.Builder
	b.WriteString(`<svg viewBox="0 0 200 120" role="img" aria-label="D(x), D(G(z))">`)
	for i := range s.Real {
		up, down := 50*float64(s.Real[i])/float64(most), 50*float64(s.Fake[i])/float64(most)
		fmt.Fprintf(&b, `<rect class="f0" x="%d" y="%.1f" width="18" height="%.1f"/><rect class="f1" x="%d" y="55" width="18" height="%.1f"/>`, 1+20*i, 55-up, up, 1+20*i, down)
	}
	b.WriteString(`<path class="grid" d="M0 55H200"/><text x="1" y="118">0</text><text x="100" y="118" text-anchor="middle">0.5</text><text x="199" y="118" text-anchor="end">1</text></svg>`)
	return template.HTML(b.String()) //nolint:gosec // numbers only
}
