package evidence

import (
	"math"
	"slices"
	"time"

	"because"
	"because/internal/pack"
)

// A move is how a series changed over a window.
type move struct {
	from, to float64
	days     int
	at       time.Time // of the last point
}

// minPoints is how many points a trend is read off at least, minChange how large a relative move must be.
const (
	minPoints = 4
	minChange = .02
)

// trends are the moves of the item's series that are larger than their noise.
func (s *sight) trends() []found {
	var out []found
	for _, key := range sortedKeys(s.Item.Series) {
		series, ok := s.Pack.Series[key]
		if !ok {
			continue
		}
		m, ok := moved(s.Item.Series[key], series, s.Now, s.Pack.Kinds[because.Trend].TTLHours)
		if !ok || key == priceField && s.Item.Price > 0 && math.Abs(m.to-s.Item.Price) > .01*s.Item.Price {
			continue
		}
		if series.Unit == "person" && min(m.from, m.to) < minPeople {
			continue // how many people there are is told from twenty on, before and after
		}
		out = append(out, s.trend(key, series, m))
	}
	return out
}

func (s *sight) trend(key string, series pack.Series, m move) found {
	change := because.Slot{Kind: because.NumberSlot, Number: m.to - m.from, Unit: series.Unit}
	size := math.Abs(m.to - m.from)
	switch {
	case series.Unit == "percent": // a rate moves by points, it has no percentage of its own
		change.Text = because.Say(s.Lang, "%s percentage points", s.Pack.Number(s.Lang, round(size, 100), ""))
	case absolute(series.Unit):
		change.Text = s.Pack.Number(s.Lang, round(size, 10), series.Unit)
	default:
		change.Number, change.Unit = round(100*(m.to-m.from)/m.from, 10), "percent"
		change.Text = s.Pack.Number(s.Lang, math.Abs(change.Number), "percent")
	}
	value := because.Slot{Kind: because.NumberSlot, Text: s.Pack.Number(s.Lang, m.to, series.Unit), Number: m.to, Unit: series.Unit}
	if key == priceField {
		value = s.money(m.to)
	}
	period := s.lastDays(m.days)
	x := found{Evidence: because.Evidence{
		Kind: because.Trend, Origin: "item:" + s.Item.ID + "#" + key, At: m.at, Ref: key,
		Strong: series.Better == "" || (m.to > m.from) == (series.Better == "more"), // else it is no reason
		Slots:  map[string]because.Slot{"change": change, "period": period, "value": value},
	}, merit: size / max(math.Abs(m.from), 1e-9)}
	if m.to > m.from {
		x.Text = because.Say(s.Lang, "The %s of %s went up %s over %s, to %s.", s.label(key), s.pad(s.name(s.Item)), s.pad(change.Text), s.pad(period.Text), s.pad(value.Text))
	} else {
		x.Text = because.Say(s.Lang, "The %s of %s went down %s over %s, to %s.", s.label(key), s.pad(s.name(s.Item)), s.pad(change.Text), s.pad(period.Text), s.pad(value.Text))
	}
	x.Text = s.tidy(x.Text)
	return x
}

// absolute reports whether moves of a unit are said in the unit itself: grades have no percentages.
func absolute(unit string) bool { return unit == "point" || unit == "star" }

// moved reads a series over its window, which ends now. The first value is the one that held when the window began, or,
// in a younger series, its first; then the window is as long as the series. A series whose last point is older than ttl
// (a third of the window when there is none) says nothing of now. A move counts when it is at least three times the
// usual step between two points (their median, so that the move itself does not hide in it) and 2 % of the first value.
func moved(points []because.Point, series pack.Series, now time.Time, ttlHours float64) (move, bool) {
	days := series.Days
	if days <= 0 {
		days = 30
	}
	if ttlHours == 0 {
		ttlHours = float64(days) * 24 / 3
	}
	start := now.AddDate(0, 0, -days)
	var in []because.Point
	for _, p := range points {
		switch {
		case p.At.After(now) || math.IsNaN(p.Value) || math.IsInf(p.Value, 0):
		case !p.At.After(start):
			in = []because.Point{p}
		default:
			in = append(in, p)
		}
	}
	if len(in) < minPoints {
		return move{}, false
	}
	first, last := in[0], in[len(in)-1]
	if first.At.After(start) {
		days = dayNumber(now) - dayNumber(first.At.In(now.Location()))
	}
	m := move{first.Value, last.Value, days, last.At}
	if days < 3 || now.Sub(last.At).Hours() > ttlHours || now.Sub(first.At).Hours() > 24*1.5*float64(days) {
		return m, false
	}
	steps := make([]float64, len(in)-1)
	for i := range steps {
		steps[i] = math.Abs(in[i+1].Value - in[i].Value)
	}
	slices.Sort(steps)
	change := math.Abs(m.to - m.from)
	enough := change >= minChange*math.Abs(m.from)
	if series.Unit != "percent" && !absolute(series.Unit) {
		enough = enough && m.from > 0
	}
	return m, enough && change > 0 && change >= 3*steps[len(steps)/2]
}

// round rounds to 1/n.
func round(x, n float64) float64 { return math.Round(x*n) / n }
