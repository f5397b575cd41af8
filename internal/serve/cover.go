package serve

import (
	"fmt"
	"hash/fnv"
	"html/template"
	"math"
	"math/rand/v2"
	"strings"

	"because"
)

// A cover is an item's picture: shapes that stand for its domain, in the colours of its category, placed by its ID. The
// same item always looks the same. Colours are classes of the style sheet, so that covers follow light and dark.
const (
	coverW   = 320
	coverH   = 200
	palettes = 8
)

// cover draws an item's picture. It says nothing that the words beside it do not, so readers of the page skip it.
func cover(domain, category, id string) template.HTML {
	h := fnv.New64a()
	h.Write([]byte(domain + "/" + category))
	palette := h.Sum64() % palettes
	h.Write([]byte(id))
	r := rand.New(rand.NewPCG(h.Sum64(), 7))
	d := &drawing{r: r, category: category}
	d.rect(0, 0, coverW, coverH, "c0")
	if draw, ok := scenes[domain]; ok {
		draw(d)
	} else {
		d.plain()
	}
	return template.HTML(fmt.Sprintf(`<svg class="cover p%d" viewBox="0 0 %d %d" preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">%s</svg>`,
		palette, coverW, coverH, d.b.String()))
}

// scenes draw what stands for a domain.
var scenes = map[string]func(*drawing){
	"shop": (*drawing).plinth, "news": (*drawing).columns, "entertainment": (*drawing).orbit, "finance": (*drawing).curve,
	"health": (*drawing).leaves, "education": (*drawing).books, "travel": (*drawing).hills,
}

// A drawing is an SVG under construction.
type drawing struct {
	b        strings.Builder
	r        *rand.Rand
	category string
}

func (d *drawing) between(a, b float64) float64 { return a + (b-a)*d.r.Float64() }

func (d *drawing) rect(x, y, w, h float64, class string) { d.round(x, y, w, h, 0, class) }

func (d *drawing) round(x, y, w, h, rx float64, class string) {
	fmt.Fprintf(&d.b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="%.1f" class="%s"/>`, x, y, w, h, rx, class)
}

func (d *drawing) circle(x, y, r float64, class string) {
	fmt.Fprintf(&d.b, `<circle cx="%.1f" cy="%.1f" r="%.1f" class="%s"/>`, x, y, r, class)
}

func (d *drawing) path(class, format string, args ...any) {
	fmt.Fprintf(&d.b, `<path class="%s" d="%s"/>`, class, fmt.Sprintf(format, args...))
}

// plinth is a thing on display: a body on a table under a disc of light.
func (d *drawing) plinth() {
	x := d.between(130, 190)
	d.circle(x+d.between(-40, 40), d.between(70, 100), d.between(62, 84), "c1")
	d.rect(0, 150, coverW, 50, "c2")
	if draw, ok := things[d.category]; ok {
		draw(d, x)
		return
	}
	w, h := d.between(54, 92), d.between(66, 104)
	switch d.r.IntN(3) {
	case 0:
		d.round(x-w/2, 158-h, w, h, 14, "c3")
		d.round(x-w/2+10, 158-h+12, w-20, h*.42, 8, "c4")
	case 1:
		d.circle(x, 158-h/2, h/2, "c3")
		d.circle(x, 158-h/2, h/3.2, "c4")
	default:
		d.path("c3", "M%.1f 158 V%.1f a%.1f %.1f 0 0 1 %.1f 0 V158 Z", x-w/2, 158-h+w/2, w/2, w/2, w)
		d.rect(x-w/2, 158-h*.36, w, 10, "c4")
	}
	d.round(x+w/2+d.between(14, 40), 158-26, 26, 26, 13*float64(d.r.IntN(2)), "c4")
}

// things are the shapes of what stands on the table, by category; any other thing is a plain body.
var things = map[string]func(d *drawing, x float64){
	"smartwatch": func(d *drawing, x float64) {
		d.round(x-19, 44, 38, 118, 12, "c3")
		if d.r.IntN(2) == 0 {
			d.circle(x, 103, 37, "c3")
			d.circle(x, 103, 28, "c0")
		} else {
			d.round(x-34, 68, 68, 70, 18, "c3")
			d.round(x-26, 76, 52, 54, 12, "c0")
		}
		d.path("l4", "M%.1f 103 V%.1f M%.1f 103 H%.1f", x, d.between(84, 90), x, x+d.between(10, 16))
	},
	"earbuds": func(d *drawing, x float64) {
		for _, s := range []float64{-1, 1} {
			tilt := d.between(2, 8)
			d.path("l5", "M%.1f 92 l%.1f 50", x+s*34, s*tilt)
			d.circle(x+s*30, 80, 21, "c3")
			d.circle(x+s*24, 78, 9, "c4")
		}
	},
	"power_bank": func(d *drawing, x float64) {
		w := d.between(62, 84)
		d.round(x-w/2, 52, w, 110, 14, "c3")
		d.path("f4", "M%.1f 74 l-15 28 h12 l-5 24 l20 -32 h-13 l9 -20 Z", x+5)
	},
	"keyboard": func(d *drawing, x float64) {
		d.round(x-92, 96, 184, 66, 10, "c3")
		accent := d.r.IntN(30)
		for i := range 30 {
			class := "c1"
			if i == accent {
				class = "c4"
			}
			d.round(x-82+float64(i%10)*16.6, 106+float64(i/10)*15, 13, 11, 3, class)
		}
		d.round(x-42, 151, 84, 6, 3, "c1")
	},
	"desk_lamp": func(d *drawing, x float64) {
		up := d.between(58, 70)
		d.path("l3", "M%.1f 160 L%.1f 104 L%.1f %.1f", x-22, x-44, x+12, up)
		d.round(x-52, 154, 60, 9, 4, "c3")
		d.path("f4", "M%.1f %.1f l34 10 l-14 30 l-40 -12 Z", x+6, up-12)
		d.path("f1", "M%.1f %.1f L%.1f 162 H%.1f Z", x+12, up+22, x-6, x+74)
	},
	"kettle": func(d *drawing, x float64) {
		d.path("c3", "M%.1f 162 l8 -84 q2 -14 16 -14 h36 q14 0 16 14 l8 84 Z", x-42)
		d.path("f3", "M%.1f 84 l-30 -14 l6 -8 l34 10 Z", x-32)
		d.path("l3", "M%.1f 78 q34 10 20 66", x+34)
		d.circle(x, 56, d.between(6, 8), "c4")
		d.round(x-46, 156, 92, 8, 4, "c4")
	},
	"thermos": func(d *drawing, x float64) {
		h := d.between(92, 116)
		d.round(x-25, 162-h, 50, h, 12, "c3")
		d.round(x-18, 162-h-22, 36, 28, 8, "c4")
		d.rect(x-25, 162-h*.55, 50, 7, "c1")
	},
	"backpack": func(d *drawing, x float64) {
		d.path("l3", "M%.1f 62 q0 -24 18 -24 q18 0 18 24", x-18)
		d.round(x-46, 54, 92, 110, 30, "c3")
		d.round(x-34, 106, 68, 46, 12, "c4")
		d.path("l1", "M%.1f %.1f h84", x-42, d.between(82, 92))
	},
	"running_shoes": func(d *drawing, x float64) {
		d.path("f3", "M%.1f 152 v-46 q16 10 32 2 l10 -8 l44 30 q34 6 44 22 Z", x-72)
		d.round(x-78, 150, 146, 13, 6, "c4")
		for i := range 3 {
			d.path("l1", "M%.1f %.1f l-9 13", x-12+float64(i)*15, 112+float64(i)*10)
		}
	},
	"rain_jacket": func(d *drawing, x float64) {
		d.path("f3", "M%.1f 60 q22 -22 44 0 l34 20 l18 62 l-24 8 l-12 -38 v50 h-76 v-50 l-12 38 l-24 -8 l18 -62 Z", x-22)
		d.path("f4", "M%.1f 60 q22 -22 44 0 l-22 26 Z", x-22)
		d.path("l1", "M%.1f 88 V160", x)
		d.round(x+10, d.between(116, 128), 22, 5, 2, "c1")
	},
	"coffee_grinder": func(d *drawing, x float64) {
		d.path("l3", "M%.1f 58 h%.1f", x, d.between(34, 46))
		d.circle(x, 58, 7, "c4")
		d.path("f1", "M%.1f 66 h64 l-12 34 h-40 Z", x-32)
		d.round(x-26, 98, 52, 64, 8, "c3")
		d.round(x-16, 122, 32, 26, 5, "c4")
	},
	"vacuum": func(d *drawing, x float64) {
		d.path("l3", "M%.1f 40 L%.1f 150", x+34, x-34)
		d.round(x-76, 148, 70, 14, 6, "c3")
		d.circle(x+26, 62, d.between(19, 24), "c3")
		d.circle(x+26, 62, 9, "c4")
	},
}

// columns is a page of print.
func (d *drawing) columns() {
	d.round(34, 26, 252, 190, 4, "c1")
	d.round(54, 46, d.between(110, 190), 15, 2, "c3")
	d.round(54, 68, d.between(60, 120), 15, 2, "c3")
	side := float64(d.r.IntN(2))
	d.round(54+side*112, 98, 100, 70, 2, "c2")
	d.circle(54+side*112+d.between(30, 70), 98+d.between(26, 44), d.between(12, 20), "c4")
	for i := range 7 {
		d.round(166-side*112, 98+float64(i)*14, d.between(64, 100), 6, 3, "c2")
	}
}

// orbit is a record, a reel, a moon.
func (d *drawing) orbit() {
	x, y := d.between(110, 210), d.between(86, 116)
	big := d.between(74, 96)
	d.circle(x, y, big, "c1")
	for i := range 4 {
		d.circle(x, y, big*(.86-.14*float64(i)), []string{"l2", "l2", "l2", "l2"}[i])
	}
	d.circle(x, y, big*.30, "c3")
	d.circle(x, y, big*.07, "c0")
	a := d.between(0, 2*math.Pi)
	d.circle(x+big*math.Cos(a), y+big*math.Sin(a)*.8, d.between(12, 22), "c4")
}

// curve is a line that goes its way over bars.
func (d *drawing) curve() {
	y := d.between(110, 140)
	var line strings.Builder
	fmt.Fprintf(&line, "M0 %.1f", y)
	for i := 1; i <= 8; i++ {
		next := min(165, max(40, y+d.between(-34, 24)))
		d.round(float64(i)*40-32, next+18, 22, coverH-next, 3, "c1")
		fmt.Fprintf(&line, " C%d %.1f %d %.1f %d %.1f", i*40-24, y, i*40-16, next, i*40, next)
		y = next
	}
	d.path("l3", "%s", line.String())
	d.circle(coverW-22, d.between(30, 50), 12, "c4")
}

// leaves stand for health.
func (d *drawing) leaves() {
	d.circle(d.between(90, 230), d.between(90, 120), d.between(64, 86), "c1")
	x := d.between(130, 190)
	d.path("l3", "M%.1f 200 C%.1f 150 %.1f 100 %.1f 46", x, x-6, x+10, x+2)
	for i := range 4 {
		y, s, l := 158-float64(i)*30, float64(1-2*(i%2)), d.between(46, 66)
		d.path([]string{"c3", "c4", "c3", "c2"}[i], "M%.1f %.1f q%.1f %.1f %.1f %.1f q%.1f %.1f %.1f %.1f Z", x, y, s*l*.2, -l*.6, s*l, -l*.55, -s*l*.25, l*.55, -s*l, l*.55)
	}
}

// books stand on a shelf.
func (d *drawing) books() {
	d.circle(d.between(70, 250), d.between(60, 80), d.between(34, 50), "c1")
	x := 40.0
	for x < 262 {
		w, h := d.between(18, 36), d.between(70, 122)
		d.round(x, 164-h, w, h, 3, []string{"c3", "c2", "c4", "c1", "c3"}[d.r.IntN(5)])
		d.rect(x, 164-h+14, w, 5, "c0")
		x += w + 4
	}
	d.rect(0, 164, coverW, 8, "c3")
}

// hills lie under a sun.
func (d *drawing) hills() {
	d.circle(d.between(60, 260), d.between(50, 84), d.between(20, 34), "c4")
	for i, class := range []string{"c1", "c2", "c3"} {
		base := 104 + float64(i)*30
		a, b := base-d.between(20, 66), base+d.between(-8, 26)
		d.path(class, "M0 %.1f C%.1f %.1f %.1f %.1f %.1f %.1f S%.1f %.1f 320 %.1f V200 H0 Z", base+d.between(0, 30), d.between(40, 80), a, d.between(90, 130), a, d.between(150, 180), base, d.between(230, 280), b, base-d.between(0, 34))
	}
}

// plain serves every other domain.
func (d *drawing) plain() {
	for i := range 5 {
		d.circle(d.between(40, 280), d.between(30, 170), d.between(18, 60), []string{"c1", "c2", "c1", "c3", "c4"}[i])
	}
}

// icons names the icon of what a user did.
var icons = map[because.InteractionKind]string{
	because.View: "viewed", because.Click: "viewed", because.Cart: "carted", because.Purchase: "bought", because.Rating: "rated", because.Search: "searched",
}

// strokes are the icons: lines on a field of 16 by 16.
var strokes = map[string]string{
	"bought":     "M3 5.5h10l-.8 8H3.8zM5.5 5.5V5a2.5 2.5 0 0 1 5 0v.5",
	"carted":     "M1.5 2.5h2l1.6 8h7l1.4-5.5H4.3M6 13.4h.1M11.4 13.4h.1",
	"viewed":     "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z",
	"rated":      "M8 2l1.8 3.8 4.2.5-3.1 2.9.8 4.1L8 11.3l-3.7 2 .8-4.1L2 6.3l4.2-.5z",
	"searched":   "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.2 3.2",
	"habit":      "M2.5 8a5.5 5.5 0 0 1 9.6-3.7L13.5 6M13.5 2.5V6H10M13.5 8a5.5 5.5 0 0 1-9.6 3.7L2.5 10M2.5 13.5V10H6",
	"shared":     "M6 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
	"profile":    "M8 2.5a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4zM2.8 13.5a5.2 5.2 0 0 1 10.4 0",
	"need":       "M2.5 3h11v8h-6L4.5 13.5V11h-2z",
	"context":    "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4.8V8l2.3 1.6",
	"attribute":  "M2.5 2.5h5l6 6-5 5-6-6zM5.2 5.2h.1",
	"fit":        "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM5.2 8.2l2 2 3.8-4",
	"price":      "M4 2.5L8 8l4-5.5M8 8v5.5M5 9h6M5 11.3h6",
	"trend":      "M2 12l4-4 2.5 2.5L14 5M10.5 5H14v3.5",
	"new":        "M8 2v12M2 8h12M4 4l8 8M12 4l-8 8",
	"review":     "M3 4.5h4v4c0 2-1 3-3 3.5M9.5 4.5h4v4c0 2-1 3-3 3.5",
	"drawback":   "M8 2.5l6 11H2zM8 6.5v3.2M8 11.6h.1",
	"versus":     "M8 2v12M4.5 14h7M3 4.5h10M3 4.5L1.2 9h3.6zM13 4.5L11.2 9h3.6z",
	"neighbours": "M5.5 4a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM1.8 13a3.7 3.7 0 0 1 7.4 0M10.6 4.2a1.9 1.9 0 0 1 0 3.7M11.4 9.6a3.6 3.6 0 0 1 2.8 3.4",
	"popular":    "M8 1.8c.6 2.6 4 4 4 7.4a4 4 0 0 1-8 0c0-1.6.8-2.6 1.6-3.4.2 1 .7 1.6 1.3 1.8C6.6 5.6 7 3.4 8 1.800z",
	"caller":     "M5 2v3.500M11 2v3.500M3.5 5.500h9V8a4.5 4.5 0 0 1-9 0zM8 12.500V15",
	"up":         "M5 7l2.6-4.800c1.2 0 1.7.9 1.5 1.900L8.7 6H12c1 0 1.6.9 1.4 1.800l-1 4.200c-.2.8-.8 1.3-1.6 1.300H5zM5 7H2.800v6.300H5",
	"down":       "M11 9l-2.6 4.800c-1.2 0-1.7-.9-1.5-1.900L7.3 10H4c-1 0-1.6-.9-1.4-1.800l1-4.200C3.8 3.2 4.4 2.7 5.2 2.700H11zM11 9h2.200V2.700H11",
	"more":       "M3.5 8h.1M8 8h.1M12.5 8h.1",
	"check":      "M3 8.500l3.2 3.200L13 4.8",
	"cross":      "M4 4l8 8M12 4l-8 8",
	"arrow":      "M3 8h10M9 4l4 4-4 4",
}

// icon draws one of strokes.
func icon(name string) template.HTML {
	return template.HTML(`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="` + strokes[name] + `"/></svg>`)
}
