package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"strings"

	"because"
	"because/internal/engine"
)

//go:embed peers.html
var peersHTML string

// A peersBody is the page in one language.
type peersBody struct {
	Lang because.Lang
	Seed uint64
	Sets []peersPart
}

type peersPart struct {
	Title  string
	Plots  []plot
	Tables []textTable
	Notes  []string
}

// peersFolder writes the page and the numbers.
func (a *app) peersFolder(dir string, r engine.PeersReport) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the report's folder: %w", err)
	}
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write the numbers: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "peers.json"), append(b, '\n'), 0o644); err != nil {
		return fmt.Errorf("write the numbers: %w", err)
	}
	page := struct {
		Lang   because.Lang
		File   string
		Bodies []template.HTML
		Langs  []because.Lang
	}{Lang: a.lang, File: "peers", Langs: because.Langs}
	var t *template.Template
	for _, lang := range because.Langs {
		say := func(format string, args ...any) string { return because.Say(lang, format, args...) }
		t = template.Must(template.Must(template.New("").Funcs(template.FuncMap{"say": say}).Parse(textsHTML)).Parse(peersHTML))
		var s strings.Builder
		if err := t.ExecuteTemplate(&s, "peers", newPeersBody(r, lang)); err != nil {
			return fmt.Errorf("write the page: %w", err)
		}
		page.Bodies = append(page.Bodies, template.HTML(s.String()))
	}
	var s strings.Builder
	if err := t.ExecuteTemplate(&s, "page", page); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, "peers.html"), []byte(s.String()), 0o644)
}

func newPeersBody(r engine.PeersReport, lang because.Lang) peersBody {
	b := peersBody{Lang: lang, Seed: r.Seed}
	for _, s := range r.Sets {
		p := peersPart{Title: peersTitle(s, lang), Tables: peersTables(s, lang), Notes: peersNotes(s, lang)}
		for _, m := range []struct {
			title, under string
			of           func(engine.PeerScores) engine.Interval
			percent      float64
			mark         *float64
		}{
			{because.Say(lang, "ROUGE-1 F"), because.Say(lang, "One sentence for everybody beats most systems: read it beside the next two."), func(x engine.PeerScores) engine.Interval { return x.R1 }, 1, nil},
			{because.Say(lang, "Margin over shuffled references, points of ROUGE-1 F"), because.Say(lang, "An interval that holds 0 shows nothing."), func(x engine.PeerScores) engine.Interval { return x.Margin }, 1, new(float64)},
			{because.Say(lang, "Claims supported by the given profiles, percent"), because.Say(lang, "A test of words: strict with paraphrases, blind to connexion."), func(x engine.PeerScores) engine.Interval { return x.Support }, 100, nil},
			{because.Say(lang, "Discriminator right, percent; chance is 50"), because.Say(lang, "Taught anew for each system; it says what reads like the references, not what is true."), func(x engine.PeerScores) engine.Interval { return x.Discriminator }, 100, nil},
		} {
			var rows []plotted
			for _, x := range s.Systems {
				v := m.of(x)
				v.Mean, v.Low, v.High = m.percent*v.Mean, m.percent*v.Low, m.percent*v.High
				rows = append(rows, plotted{peerName(x.System, lang), v, x.System == "trained" || x.System == "filtered" || x.System == "template"})
			}
			if len(rows) > 0 {
				p.Plots = append(p.Plots, newPlot(m.title, m.under, rows, m.mark))
			}
		}
		b.Sets = append(b.Sets, p)
	}
	return b
}
