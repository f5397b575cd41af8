package serve

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"

	"because"
	"because/internal/engine"
)

// whyPage is one reason with all that it rests on.
type whyPage struct {
	*head
	Impression string
	X          because.Explanation
	Name       string
	Item       because.Item
	Category   string
	Facts      []engine.Fact
	Text       []segment
	TextLang   string
	Source     string
	Sure       string // how sure it is that what leads is why, in words
	Claims     []claimRow
	Evidence   []evidenceRow
	Unused     []evidenceRow
	Parts      []part
	Rest       string
	RestCount  int
	Sum        string
	Score      string
	WhatIf     []because.Counterfactual
	Styles     []option
	At         string
	Curl       string
	Known      bool
	Store      string // where the page came from
}

// claimRow is a claim with the numbers of its evidence.
type claimRow struct {
	Text, Reason string
	OK           bool
	Evidence     []int // from 1
}

// evidenceRow is an evidence as a list shows it.
type evidenceRow struct {
	No            int
	ID, Kind      string
	Label         string
	Text          string
	Origin, At    string
	Share         string
	Bar           float64 // [0, 100]
	Minus         bool
	Zero          bool
	Hidden        string // key, when the reader asked not to cite it
	Private       bool
	OwnData, Used bool
}

// part is a line of the sum that the score is.
type part struct {
	Label, Ranker, Value string
	Minus                bool
	Bar                  float64
}

func (s *server) whyPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	im, err := s.e.Impression(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	if im.Explanation == nil {
		return because.Errorf(because.ErrNotFound, "Impression %q was shown without a reason.", shown(im.ID))
	}
	p := &whyPage{head: s.head(w, r, "store"), Impression: im.ID, X: *im.Explanation, Known: im.User != "", At: moment(im.At)}
	p.User = im.User
	lang, x := p.Lang, &p.X
	p.Name, p.TextLang = s.itemName(ctx, x.Item), langTag(x.Lang)
	if it, err := s.e.Item(ctx, x.Item); err == nil {
		p.Item, p.Facts = it, s.e.Facts(it, lang)
		if len(it.Categories) > 0 {
			p.Category = s.e.Label(it.Domain, it.Categories[0], lang)
		}
	}
	p.Text, p.Source, p.Sure = segments(x.Text, x.Claims), sourceLabel(lang, x.Source), engine.Confidence(x.Confidence, lang)
	hidden, err := s.e.HiddenEvidence(ctx, im)
	if err != nil {
		return err
	}
	p.evidence(hidden)
	p.claims()
	p.parts(s, r)
	p.styles()
	p.Curl = curl(r, p.X)
	p.Store = (&storePage{head: p.head, Domain: "", Need: x.Need}).with("domain", "")
	p.WhatIf = s.whatIf(r, im, lang)
	s.render(w, r, http.StatusOK, "why", p)
	return nil
}

// whatIf replays the ranker without what the text cites and without the main causes. A model trained since may not know
// the item any more: then there is nothing to say.
func (s *server) whatIf(r *http.Request, im because.Impression, lang because.Lang) []because.Counterfactual {
	out, err := s.e.WhatIf(r.Context(), im, lang)
	if err != nil {
		return nil
	}
	return out
}

// again is the request that im was the answer to, in another style.
func (s *server) again(im because.Impression, lang because.Lang, style because.Style) engine.ExplainRequest {
	x := im.Explanation
	personal := slices.ContainsFunc(x.Evidence, func(ev because.Evidence) bool { return ownData(ev) }) || slices.ContainsFunc(x.Unused, ownData)
	return engine.ExplainRequest{
		User: im.User, Item: im.Item, Need: x.Need, Context: im.Context, Lang: lang, Style: style, Impersonal: !personal,
		Log: true,
	}
}

// reword writes the same reason in another style and shows it under its own impression.
func (s *server) reword(w http.ResponseWriter, r *http.Request) error {
	im, err := s.e.Impression(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if im.Explanation == nil {
		return because.Errorf(because.ErrNotFound, "Impression %q was shown without a reason.", shown(im.ID))
	}
	x, err := s.e.Explain(r.Context(), s.again(im, infoOf(r.Context()).lang, because.Style(r.PostFormValue("style"))))
	if err != nil {
		return err
	}
	s.metrics.explained(&x)
	http.Redirect(w, r, local("/why/"+x.ImpressionID, nil), http.StatusSeeOther)
	return nil
}

// ownData reports whether an evidence comes from the reader.
func ownData(ev because.Evidence) bool {
	return strings.HasPrefix(ev.Origin, "interaction:") || strings.HasPrefix(ev.Origin, "profile:") ||
		slices.Contains([]because.EvidenceKind{because.Habit, because.Shared, because.Fit, because.InContext}, ev.Kind)
}

// evidence fills the two lists, the weightiest first.
func (p *whyPage) evidence(hidden map[string]string) {
	top := .0
	for _, ev := range slices.Concat(p.X.Evidence, p.X.Unused) {
		top = max(top, abs(ev.Share))
	}
	rows := func(evs []because.Evidence, used bool) []evidenceRow {
		var out []evidenceRow
		for _, ev := range evs {
			out = append(out, evidenceRow{
				ID: ev.ID, Kind: string(ev.Kind), Label: kindLabel(p.Lang, ev.Kind), Text: ev.Text, Origin: originLabel(p.Lang, ev.Origin),
				At: day(ev.At), Share: fmt.Sprintf("%.0f%%", 100*abs(ev.Share)), Bar: 100 * abs(ev.Share) / max(top, 1e-9), Minus: ev.Share <= -.005,
				Zero: abs(ev.Share) < .005, Hidden: hidden[ev.ID], Private: ev.Sensitive, OwnData: ownData(ev), Used: used,
			})
		}
		return out
	}
	byShare := func(a, b because.Evidence) int { return compare(abs(b.Share), abs(a.Share)) }
	slices.SortStableFunc(p.X.Evidence, byShare)
	slices.SortStableFunc(p.X.Unused, byShare)
	p.Evidence, p.Unused = rows(p.X.Evidence, true), rows(p.X.Unused, false)
	for i := range p.Evidence {
		p.Evidence[i].No = i + 1
	}
}

func (p *whyPage) claims() {
	no := map[string]int{}
	for _, ev := range p.Evidence {
		no[ev.ID] = ev.No
	}
	for _, c := range p.X.Claims {
		row := claimRow{Text: c.Text, Reason: c.Reason, OK: c.Verdict == because.Supported}
		for _, id := range c.Evidence {
			if no[id] > 0 {
				row.Evidence = append(row.Evidence, no[id])
			}
		}
		slices.Sort(row.Evidence)
		p.Claims = append(p.Claims, row)
	}
}

// parts fills the sum that the score is. Lines are rounded; the last takes up what rounding left, so that the numbers
// on the page add up.
func (p *whyPage) parts(s *server, r *http.Request) {
	const most = 8
	total := map[string]float64{}
	rankers := map[string][]string{}
	var names []string
	for _, c := range p.X.Contributions {
		if _, ok := total[c.Name]; !ok {
			names = append(names, c.Name)
		}
		total[c.Name] += c.Value
		if !slices.Contains(rankers[c.Name], c.Ranker) {
			rankers[c.Name] = append(rankers[c.Name], c.Ranker)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return compare(abs(total[b]), abs(total[a])) })
	round := func(x float64) float64 { return math.Round(x*1000) / 1000 }
	left := round(p.X.Score)
	for i, name := range names {
		v := round(total[name])
		if i >= most || v == 0 {
			p.RestCount = len(names) - i
			break
		}
		left -= v
		p.Parts = append(p.Parts, part{
			Label: s.cause(r.Context(), p.X.Domain, because.Contribution{Name: name}), Ranker: strings.Join(rankers[name], " + "),
			Value: signed(v), Minus: v < 0, Bar: 100 * abs(v) / max(abs(total[names[0]]), 1e-9),
		})
	}
	p.Rest, p.Score = signed(round(left)), strings.Replace(fmt.Sprintf("%.3f", round(p.X.Score)), "-", "−", 1)
}

func (p *whyPage) styles() {
	for _, st := range []because.Style{because.Short, because.Detail, because.Data, because.Warm, because.Contrast} {
		p.Styles = append(p.Styles, option{Value: string(st), Label: styleLabel(p.Lang, st), On: st == p.X.Style})
	}
}

// curl is the API call that asks for the same explanation.
func curl(r *http.Request, x because.Explanation) string {
	body := map[string]any{"item": x.Item, "style": x.Style, "counterfactuals": true}
	if x.User != "" {
		body["user"] = x.User
	}
	if x.Need != "" {
		body["need"] = x.Need
	}
	b, err := json.Marshal(body)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("curl -s %s \\\n  -H 'Content-Type: application/json' -H 'Accept-Language: %s' \\\n  -d %s",
		shell(origin(r)+"/api/v1/explain"), x.Lang, shell(string(b)))
}

// origin is where the reader reached us.
func origin(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// shell quotes a word for a shell.
func shell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
