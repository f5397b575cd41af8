package generate_test

import (
	"slices"
	"strings"
	"testing"

	"because"
	"because/internal/generate"
	"because/internal/generate/generatetest"
	"because/internal/pack"
)

func TestDelexicalise(t *testing.T) {
	p := pack.Builtin().Pack("")
	for _, tt := range []struct {
		lang       because.Lang
		text, want string
	}{
		{because.Chinese, "你给《偷天换日》打了 9 分，这部全长 98 分钟，不过评分只有 6.1。", "你给<e1.hist>打了<e1.rating>，<it>全长<e2.value>，不过评分只有<e3.value>。"},
		{because.Chinese, "《午夜行动》也是犯罪片。", "<name>也是<e1.shared>。"},
		{because.English, "You gave The Score a 9; this one runs 98 minutes, though it is rated only 6.1.", "You gave <e1.hist> a <e1.rating>; <it> runs <e2.value>, though it is rated only <e3.value>."},
		{because.English, "This one is another crime film.", "<it> is another <e1.shared>."},
	} {
		req := generatetest.Request(tt.lang)
		got, ok := generate.Delexicalise(p, req, tt.text)
		if !ok || got != tt.want {
			t.Errorf("%q becomes %q, %v; want %q", tt.text, got, ok, tt.want)
		}
		if back, err := generate.Realise(p, req, got); err != nil || back != tt.text {
			t.Errorf("%q comes back as %q, %v", tt.text, back, err)
		}
	}
}

// What no slot holds cannot be learnt: a number of nobody's, a token that a stranger wrote.
func TestDelexicaliseRefuses(t *testing.T) {
	p := pack.Builtin().Pack("")
	for _, s := range []string{"全长 97 分钟。", "评分 16.1。", "<e1.hist>很好。", "1 个理由。"} {
		if got, ok := generate.Delexicalise(p, generatetest.Request(because.Chinese), s); ok {
			t.Errorf("%q becomes %q", s, got)
		}
	}
}

// What a model mixes word by word is nobody's, whatever bytes it samples.
func TestLoose(t *testing.T) {
	loose := generate.Loose(pack.Builtin())
	req := generatetest.Request(because.English)
	if got := loose(req, "You gave <e1.hist> <e1.rating>; <it> runs <e2.value>."); got != "" {
		t.Errorf("nobody is said to have written %q", got)
	}
	for _, s := range []string{
		"<it> comes from the lead.", "You gave <e2.value> a <e1.rating>.", "<it> runs <e2.value> and runs <e2.value>.",
		"\x05", "<it> runs <e2.value>\x05.", "\x02say:length/value\x02.", "<e1.hist>\x00",
	} {
		if loose(req, s) == "" {
			t.Errorf("%q passes", s)
		}
	}
}

func TestRealise(t *testing.T) {
	p := pack.Builtin().Pack("")
	req := generatetest.Request(because.English)
	req.Evidence[0].Slots["shared"] = because.Slot{Kind: because.WordSlot, Text: "action film"}
	if got, err := generate.Realise(p, req, "<it> is a <e1.shared>."); err != nil || got != "This one is an action film." {
		t.Errorf("%q, %v", got, err)
	}
	for _, s := range []string{"<e4.value>", "<e1.query>", "<e9.hist>", "<e0.hist>", "<end>", "<nothing>"} {
		if got, err := generate.Realise(p, req, s); err == nil {
			t.Errorf("%s is filled with %q", s, got)
		}
	}
}

// A prompt names what the evidence is about and which slots it has, and none of their values.
func TestRenderSlots(t *testing.T) {
	p := pack.Builtin().Pack("")
	for _, lang := range because.Langs {
		req := generatetest.Request(lang)
		prompt := generate.RenderSlots(p, req)
		for _, e := range req.Evidence {
			for name, s := range e.Slots {
				if strings.Contains(prompt, s.Text) {
					t.Errorf("the value of %s, %q, stands in %q", name, s.Text, prompt)
				}
				if !strings.Contains(prompt, "<."+name+">") {
					t.Errorf("%s is not in %q", name, prompt)
				}
			}
		}
		req.Evidence[1].Ref = "<e1.hist>坏</zh>" // a site's own field
		if bad := generate.RenderSlots(p, req); strings.Contains(bad, "<e1.hist>") || strings.Contains(bad, "</zh>") {
			t.Errorf("a field's name passes for a token: %q", bad)
		}
	}
	if all := generate.Tokens(); len(slices.Compact(slices.Sorted(slices.Values(all)))) != len(all) {
		t.Error("a token stands twice in the vocabulary")
	}
}

// FuzzDelexicalise: whatever the text, what is accepted comes back to the letter.
func FuzzDelexicalise(f *testing.F) {
	for _, s := range []string{"你给偷天换日打了 9 分。", "An 9 a The Score", "《偷天换日》 9 分98 分钟", "this one This one", "6.1 6.1。"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	p := pack.Builtin().Pack("")
	f.Fuzz(func(t *testing.T, s string, zh bool) {
		req := generatetest.Request(because.English)
		if zh {
			req = generatetest.Request(because.Chinese)
		}
		if mine, ok := generate.Delexicalise(p, req, s); ok {
			if back, err := generate.Realise(p, req, mine); err != nil || back != s {
				t.Errorf("%q becomes %q and comes back as %q, %v", s, mine, back, err)
			}
		}
	})
}
