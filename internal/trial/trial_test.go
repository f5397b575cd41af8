package trial

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"because"
	"because/internal/engine"
	"because/internal/witness"
)

var midnight = time.Date(2026, 11, 26, 0, 0, 0, 0, time.FixedZone("Asia/Shanghai", 8*3600))

// TestServed serves texts of all sources, a few hundred or ten thousand with BECAUSE_FULL=1. Of what templates and approved
// wordings wrote nothing may be false. The embedded model and the lying endpoint still get a false text past the verifier
// now and then: no more than one in fifty in each language (docs/evaluation.en.md has the figures), and each is shown.
func TestServed(t *testing.T) {
	n := 240
	if os.Getenv("BECAUSE_FULL") == "1" {
		n = 10_000
	}
	r, err := Run(t.Context(), Options{Dir: t.TempDir(), Requests: n, Users: 300, Now: midnight}, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := r.Cells[len(r.Cells)-1]
	planted := 0
	for _, k := range all.Planted {
		planted += k
	}
	if all.Texts != n || len(r.Cells) != 15 || planted < n/20 || all.Written[because.FromLLM] == 0 || all.Written[because.FromApproved] == 0 {
		t.Errorf("%d texts in %d cells, %d lies planted, written by %v", all.Texts, len(r.Cells), planted, all.Written)
	}
	for _, c := range r.Cells {
		if own := c.Asked == because.FromEmbedded || c.Asked == because.FromLLM; own && c.Lang != "" && c.False > max(1, c.Texts/50) {
			t.Errorf("%s %s: %d of %d texts are false", c.Asked, c.Lang, c.False, c.Texts)
		}
	}
	for _, s := range r.Worst {
		say := t.Logf
		if s.Source == because.FromTemplate || s.Source == because.FromApproved {
			say = t.Errorf
		}
		say("%s %s %s %s %s: %s\n  %s", s.Source, s.Lang, s.Domain, s.User, s.Item, s.Text, s.Faults())
	}
}

// detects is the least share of planted falsehoods that the checker must find, by kind.
var detects = map[string]float64{"name": .98, "number": .95, "count": .9, "recency": .95, "history": .9, "attribute": .9, "invented": .8}

// TestDetects plants falsehoods in true texts and wants the checker to find them.
func TestDetects(t *testing.T) {
	n := 600
	if os.Getenv("BECAUSE_FULL") == "1" {
		n = 3000
	}
	var texts []Served
	dir := t.TempDir()
	o := Options{Dir: dir, Requests: n, Users: 300, Now: midnight, Sources: []because.Source{because.FromTemplate, because.FromApproved}}
	o.Texts = lines(func(s Served) { texts = append(texts, s) })
	if _, err := Run(t.Context(), o, nil); err != nil {
		t.Fatal(err)
	}
	w, err := witness.Load(filepath.Join(dir, "world"), engine.Shanghai)
	if err != nil {
		t.Fatal(err)
	}
	found, all := map[string]int{}, map[string]int{}
	rng := rand.New(rand.NewPCG(7, 7))
	for _, s := range texts {
		if s.False() {
			continue
		}
		for _, kind := range kinds {
			said, ok := plant(kind, s, w, rng)
			if !ok || said == s.Text {
				continue
			}
			k := fmt.Sprintf("%-9s %s", kind, s.Lang)
			all[k]++
			if len(w.Check(s.on(said))) > 0 {
				found[k]++
			} else if os.Getenv("BECAUSE_MISSED") != "" {
				t.Logf("missed %s: %s\n   was %s", kind, said, s.Text)
			}
		}
	}
	for _, kind := range kinds {
		for _, lang := range because.Langs {
			k := fmt.Sprintf("%-9s %s", kind, lang)
			share := float64(found[k]) / float64(all[k])
			t.Logf("%s: %d of %d found (%.3f)", k, found[k], all[k], share)
			if all[k] < 3 || share < detects[kind] {
				t.Errorf("%s: only %d of %d found, want %.2f", k, found[k], all[k], detects[kind])
			}
		}
	}
}

var kinds = []string{"name", "number", "count", "recency", "history", "attribute", "invented"}

// plant makes a text false in one way, by the slots of its evidence.
func plant(kind string, s Served, w *witness.World, rng *rand.Rand) (string, bool) {
	_, strangers := w.Known(s.User, s.Domain, s.Lang)
	deeds := []because.EvidenceKind{because.Bought, because.Carted, because.Viewed, because.Rated, because.Searched}
	for _, ev := range s.Evidence {
		for name, slot := range ev.Slots {
			if !strings.Contains(s.Text, slot.Text) || slot.Text == "" {
				continue
			}
			switch {
			case kind == "name" && slot.Kind == because.NameSlot && len(strangers) > 0 && slot.Ref != s.Item:
				return strings.Replace(s.Text, slot.Text, strangers[rng.IntN(len(strangers))], 1), true
			case kind == "number" && slot.Kind == because.NumberSlot && name == "value" || kind == "count" && slot.Kind == because.CountSlot:
				if out, ok := otherNumber(slot.Text, rng); ok && !strings.Contains(s.Text, out) && strings.Count(s.Text, slot.Text) == 1 {
					return strings.Replace(s.Text, slot.Text, out, 1), true
				}
			case kind == "recency" && name == "when" && slices.Contains(deeds, ev.Kind):
				if s.Lang == because.Chinese {
					return strings.Replace(s.Text, slot.Text, "今天", 1), true
				}
				return strings.Replace(s.Text, slot.Text, "today", 1), true
			case kind == "attribute" && slot.Kind == because.WordSlot && (name == "value" || name == "shared"):
				if others := w.Others(s.User, s.Item, s.Lang)[slot.Text]; len(others) > 0 {
					return strings.Replace(s.Text, slot.Text, others[rng.IntN(len(others))], 1), true
				}
			case kind == "history" && ev.Kind == because.Viewed && name == "hist":
				for _, p := range [][2]string{{"看过", "买过"}, {"点开过", "买过"}, {"点开的", "买下的"}, {"读过", "收藏过"}, {"you looked at ", "you bought "},
					{"You looked at ", "You bought "}, {"you viewed ", "you bought "}, {"you opened ", "you bought "}, {"You opened ", "You bought "}, {"You viewed ", "You bought "}} {
					if strings.Contains(s.Text, p[0]) && !strings.Contains(s.Text, "人"+p[0]) && strings.Count(s.Text, p[0]) == 1 {
						return strings.Replace(s.Text, p[0], p[1], 1), true
					}
				}
			}
		}
	}
	if kind == "invented" {
		return invent(s, rng), true
	}
	return "", false
}

var aNumber = regexp.MustCompile(`\d[\d,]*(?:\.\d+)?`)

func otherNumber(t string, rng *rand.Rand) (string, bool) {
	m := aNumber.FindStringIndex(t)
	if m == nil {
		return "", false
	}
	x, err := strconv.ParseFloat(strings.ReplaceAll(t[m[0]:m[1]], ",", ""), 64)
	if err != nil {
		return "", false
	}
	return t[:m[0]] + strconv.FormatFloat(x+float64(3+rng.IntN(60)), 'f', -1, 64) + t[m[1]:], true
}

// inventions are what no item of the world has and no pattern says.
var inventions = map[because.Lang][]string{
	because.Chinese: {"采用碳纤维机身", "荣获红点奖", "终身质保", "限量发售", "故宫授权", "通过军标测试", "赠送会员", "附赠证书", "冷链直送", "名人同款", "德国进口", "可食用级硅胶",
		"自带太阳能板", "支持卫星通话", "获得文旅部推荐", "由诺贝尔奖得主监制", "内置人工智能助手", "每晚有篝火表演", "老少皆宜", "登上畅销榜首"},
	because.English: {"made of carbon fibre", "winner of a Red Dot award", "guaranteed for life", "limited to five hundred copies", "licensed by the Palace Museum", "tested to military grade",
		"bundled with a membership", "sold with a certificate", "shipped frozen", "worn by celebrities", "imported from Germany", "fitted with solar panels", "able to phone by satellite",
		"endorsed by the ministry", "supervised by a Nobel laureate", "equipped with an AI assistant", "followed by a bonfire", "loved by kids and grandparents", "top of the bestseller list", "vegan"},
}

func invent(s Served, rng *rand.Rand) string {
	list := inventions[s.Lang]
	what := list[rng.IntN(len(list))]
	body, stop := strings.TrimRight(s.Text, "。."), "。"
	if s.Lang == because.Chinese {
		return body + "，" + what + stop
	}
	return body + ", " + what + "."
}
