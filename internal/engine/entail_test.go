package engine_test

import (
	"errors"
	"math"
	"strings"
	"sync/atomic"
	"testing"

	"because"
	"because/internal/engine"
	"because/internal/generate/fakellm"
)

// TestEntail: each statement of each text whose row states something is asked about once, with what the row states; the
// shares are those of the verdicts, by language, and nothing else of the report depends on them.
func TestEntail(t *testing.T) {
	const rows = `{"user":"u","item":"i","title":"Inn","prediction":"it has a quiet room and a big park, no lift.","reference":"a quiet room","item_profile":"A QUIET room."}
{"user":"v","item":"j","prediction":"they offer a quiet garden","reference":"a garden","evidence":["garden"],"user_profile":"likes gardens"}
{"user":"w","item":"k","prediction":"a cheap bus","reference":"a bus"}
{"user":"u","item":"l","prediction":"房间安静，离公园近，没有电梯。","reference":"房间安静","item_profile":"房间安静。"}
`
	s := fakellm.New(t, fakellm.OK)
	var blind atomic.Int32 // questions that lack what the row states
	s.Script(func(_, user string) string {
		if !strings.Contains(user, "QUIET") && !strings.Contains(user, "garden") && !strings.Contains(user, "房间安静。") {
			blind.Add(1)
		}
		switch said := marked.ReplaceAllString(lastLine(user), ""); {
		case strings.Contains(said, "quiet"), strings.Contains(said, "安静"):
			return `{"verdict":"supported"}`
		case strings.Contains(said, "no "), strings.Contains(said, "没有"):
			return "Contradicted."
		}
		return `{"verdict":"unverifiable"}`
	})
	judge := engine.LLM{BaseURL: s.URL, Model: "p"}
	plain, err := evaluate(t, rows, engine.TextsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := evaluate(t, rows, engine.TextsOptions{Entail: &judge})
	if err != nil {
		t.Fatal(err)
	}
	// Chinese: three clauses, one of each verdict. English: quiet, park, no lift; quiet.
	for i, want := range []struct {
		rows, statements       int
		entailed, contradicted float64
	}{{1, 3, 1. / 3, 1. / 3}, {2, 4, .5, .25}} {
		x := r.Languages[i].Entailment
		if x == nil || x.Model != "p" || x.Rows != want.rows || x.Statements != want.statements || x.Failed != 0 || x.Tokens <= 0 ||
			math.Abs(x.Entailed.Mean-want.entailed) > 1e-9 || math.Abs(x.Contradicted.Mean-want.contradicted) > 1e-9 {
			t.Errorf("%s: %+v, want %+v", r.Languages[i].Lang, x, want)
		}
		for _, lang := range because.Langs {
			without, with := engine.Findings(plain.Languages[i], lang), engine.Findings(r.Languages[i], lang)
			if len(with) != len(without)+1 || strings.Join(with[:len(without)], "") != strings.Join(without, "") {
				t.Errorf("findings with an opinion %q, without %q", with, without)
			}
		}
	}
	if s.Calls() != 7 || blind.Load() != 0 {
		t.Errorf("%d calls, %d of them without what the row states; want 7 and 0", s.Calls(), blind.Load())
	}
	if r, err = evaluate(t, rows, engine.TextsOptions{Entail: &judge, EntailRows: 1}); err != nil || r.Languages[1].Entailment.Rows != 1 {
		t.Errorf("one row of each language: %+v, %v", r.Languages, err)
	}
}

// TestEntailFails: an endpoint that gives no verdict ends the command in words; one that fails now and then is counted; a
// file whose rows state nothing says which columns it wants.
func TestEntailFails(t *testing.T) {
	const good = `{"prediction":"a quiet room, a big park","item_profile":"quiet"}` + "\n"
	said := func(rows string, answer string) (engine.TextsReport, error) {
		s := fakellm.New(t, fakellm.OK)
		s.Script(func(_, user string) string {
			if strings.Contains(lastLine(user), "park") {
				return answer
			}
			return `{"verdict":"supported"}`
		})
		return evaluate(t, rows, engine.TextsOptions{Entail: &engine.LLM{BaseURL: s.URL, Model: "p"}})
	}
	r, err := said(good, "perhaps")
	if err != nil {
		t.Fatal(err)
	}
	if x := r.Languages[0].Entailment; x.Statements != 2 || x.Failed != 1 || !strings.Contains(x.Last, "names no verdict") || x.Entailed.Mean != 1 {
		t.Errorf("%+v", x)
	}
	for _, tt := range []struct {
		rows, say string
		kind      error
	}{
		{`{"prediction":"a big park","item_profile":"quiet"}`, "p gave no verdict on any of 1 statements. The last reason: endpoint: ", because.ErrUnavailable},
		{`{"prediction":"a big park"}`, "No row states evidence or a profile, so there is nothing to hold statements against.", because.ErrInvalid},
	} {
		_, err := said(tt.rows, "perhaps")
		say, ok := because.Message(err, because.English)
		if !ok || !errors.Is(err, tt.kind) || !strings.HasPrefix(say, tt.say) {
			t.Errorf("%s: %v, want %q", tt.rows, err, tt.say)
		}
		if zh, _ := because.Message(err, because.Chinese); zh == say {
			t.Errorf("no Chinese for %q", say)
		}
	}
}
