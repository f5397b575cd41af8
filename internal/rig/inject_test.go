package rig_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"because"
	"because/internal/rig/chromiumtest"
)

// injections are what a page must show as words, or not at all. Where one ran, it would set pwned or ask the canary.
func injections(canary string) []string {
	run := `pwned=1;fetch('` + canary + `/ran')`
	return []string{
		`<script>` + run + `</script>`,
		`"><script>` + run + `</script>`,
		`' autofocus onfocus=pwned=1 x='`,
		`" onmouseover="pwned=1" style="position:fixed;inset:0" x="`,
		`<img src=x onerror=pwned=1>`,
		`<img src="` + canary + `/image">`,
		`<svg/onload=pwned=1>`,
		`<iframe src="javascript:top.pwned=1"></iframe>`,
		`<a href="javascript:pwned=1">here</a>`,
		`javascript:pwned=1`,
		`data:text/html,<script>pwned=1</script>`,
		`</title></style></textarea></select><script>` + run + `</script>`,
		`<style>@import '` + canary + `/style';</style>`,
		`<base href="` + canary + `/">`,
		`<meta http-equiv="refresh" content="0;url=` + canary + `/gone">`,
		`<form action="` + canary + `/form"><button>Erase</button></form>`,
		`<link rel=stylesheet href="` + canary + `/link">`,
		`<script src="` + canary + `/script.js"></script>`,
		`<div hx-get="` + canary + `/htmx" hx-trigger="load">x</div>`,
		`<div hx-on:load="pwned=1" hx-vals='js:{x: pwned=1}'>x</div>`,
		`<details open ontoggle=pwned=1>x</details>`,
		`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=pwned=1&gt;">`,
		`<noscript><p title="</noscript><img src=x onerror=pwned=1>">`,
		`&lt;script&gt;pwned=1&lt;/script&gt;`,
		`%3Cscript%3Epwned=1%3C/script%3E`,
		`\x3cscript\x3epwned=1\x3c/script\x3e`,
		"\u2028pwned=1\u2029//",
		`{{.}}{{template "top" .}}{{printf "%s" "x"}}`,
		`{{constructor.constructor('pwned=1')()}}`,
		`${pwned=1}` + "`${pwned=1}`",
		`<!--`,
		`]]><script>pwned=1</script>`,
		"\u202egpj.exe\u202c \u2066hidden\u2069\u200b\u00ad",
		`＜script＞pwned=1＜/script＞`,
		strings.Repeat("x<b>", 1200),
	}
}

// sound is what a page must come to. It is asked in the page.
const sound = `(() => {
	const bad = [];
	if (window.pwned) bad.push("script ran");
	for (const s of document.scripts) if (!s.src || !s.src.startsWith(location.origin + "/")) bad.push("a foreign script: " + s.outerHTML.slice(0, 200));
	for (const e of document.querySelectorAll("iframe, object, embed, base, meta[http-equiv], body style, body link, body img, body b > b > b")) bad.push("an element: " + e.outerHTML.slice(0, 200));
	for (const e of document.querySelectorAll("*")) for (const a of e.attributes) {
		if (/^on|^hx-on|^hx-vals/.test(a.name)) bad.push("a handler: " + a.name + "=" + a.value.slice(0, 100));
		if (["href", "src", "action", "formaction", "xlink:href", "hx-get", "hx-post"].includes(a.name) && !/^(\/(?!\/)|#|http:\/\/127\.0\.0\.1:)/.test(a.value)) bad.push("a link: " + a.name + "=" + a.value.slice(0, 100));
	}
	if (/[\u202a-\u202e\u2066-\u2069\u200b\u00ad]/.test(document.body.innerText)) bad.push("hidden characters are shown");
	return bad;
})()`

// TestInjection imports a catalogue in which every title, description, category, value, review, query, display name and many
// an ID is an attack on a page, and looks at every page in a real browser: nothing runs, nothing is fetched from elsewhere,
// no element or handler is added, and each item is shown.
func TestInjection(t *testing.T) {
	b := chromiumtest.New(t)
	var mu sync.Mutex
	var asked []string
	canary := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.URL.String())
	}))
	defer canary.Close()
	dir := t.TempDir()
	attacks := injections(canary.URL)
	items, users := hostileSite(t, dir, attacks)
	s := startServer(t, dir)

	visit := func(name, address string, shows ...string) string {
		t.Helper()
		var bad []string
		var body string
		b.Run(chromedp.Navigate(address), chromedp.WaitReady("body", chromedp.ByQuery), chromedp.Evaluate(sound, &bad), chromedp.Evaluate(`document.body.innerText`, &body))
		for _, x := range bad {
			t.Errorf("%s: %s", name, x)
		}
		for _, x := range b.Bad() {
			if !strings.Contains(x, "Failed to load resource: the server responded with a status of 4") {
				t.Errorf("%s: %s", name, x)
			}
		}
		for _, want := range shows {
			if !strings.Contains(body, want) {
				t.Errorf("%s does not show %q: %.300s", name, want, body)
			}
		}
		return body
	}
	shown := 0
	every := pick(5, 1)
	for i, user := range users {
		if i%every > 0 {
			continue
		}
		lang, name := "zh", "台灯"
		if i%2 == 1 {
			lang, name = "en", "Lamp"
		}
		q := url.Values{"user": {user}, "lang": {lang}}
		visit("the store for "+user, s.url+"/store?"+q.Encode(), name)
		if i/every%4 == 0 { // the drawer, with the page's script
			b.Run(chromedp.Click(".card .why", chromedp.ByQuery), chromedp.WaitVisible("#drawer #why", chromedp.ByQuery))
			var bad []string
			b.Run(chromedp.Evaluate(sound, &bad))
			if len(bad) > 0 || !strings.Contains(b.Text("#drawer #why"), name) {
				t.Errorf("the drawer for %q: %v", user, bad)
			}
		}
		visit("the data of "+user, s.url+"/me?"+q.Encode())
		q.Set("need", attacks[i%len(attacks)])
		visit("the store for the need "+q.Get("need"), s.url+"/store?"+q.Encode())
	}
	for i, a := range attacks { // of a recommender of the caller's own
		if i%every > 0 {
			continue
		}
		x := explained(t, s.url, "zh", map[string]any{"foreign": map[string]any{"score": 1, "item": map[string]any{"id": "f" + a, "domain": "shop", "name": map[string]string{"zh": "台灯" + a}, "categories": []string{a}},
			"attributions": []map[string]any{{"name": "好评多 " + a, "value": .9}, {"name": a, "value": .1}}}})
		visit("the reason for a foreign "+a, s.url+"/why/"+url.PathEscape(x.ImpressionID)+"?lang=zh", "好评多")
	}
	for i, id := range items {
		user, lang, name := users[i%len(users)], "zh", "台灯"
		if i%2 == 1 {
			lang, name = "en", "Lamp"
		}
		x := explained(t, s.url, lang, map[string]any{"user": user, "item": id})
		if x.Text == "" || strings.Contains(x.Text, "<") {
			t.Errorf("the reason for %q: %q", id, x.Text)
		}
		visit("the reason for "+id, s.url+"/why/"+url.PathEscape(x.ImpressionID)+"?lang="+lang, name)
		shown++
	}
	for i, a := range attacks {
		if i%every > 0 {
			continue
		}
		visit("a page that is not there", s.url+"/why/"+url.PathEscape(a))
		visit("a stranger's page", s.url+"/me?user="+url.QueryEscape(a))
		visit("a domain that is not there", s.url+"/store?domain="+url.QueryEscape(a)+"&hour="+url.QueryEscape(a)+"&lang="+url.QueryEscape(a))
	}
	for name, file := range hostileReports(t, dir, attacks) {
		visit(name, "file://"+(&url.URL{Path: file}).EscapedPath(), "script")
	}
	mu.Lock()
	defer mu.Unlock()
	if len(asked) > 0 {
		t.Errorf("the canary was asked: %q", asked)
	}
	if shown < len(attacks) {
		t.Errorf("only %d items were shown of %d attacks", shown, len(attacks))
	}
}

// hostileSite imports and trains a site of attacks. It returns the IDs that were taken.
func hostileSite(t *testing.T, dir string, attacks []string) (items, users []string) {
	t.Helper()
	var its []because.Item
	var us []because.User
	var rs []because.Review
	var xs []because.Interaction
	for i, a := range attacks {
		id := fmt.Sprintf("i%d", i)
		if i%3 == 0 && len(a) < 200 {
			id += a
		}
		its = append(its, because.Item{
			ID: id, Domain: []string{"shop", "travel", "entertainment"}[i%3], Name: because.Text{because.Chinese: "台灯" + a, because.English: "Lamp " + a},
			Description: because.Text{because.Chinese: "说明" + a, because.English: "About " + a}, Categories: []string{[]string{"lamp", "hotel", "drama"}[i%3], a}, Price: float64(10 + i), Currency: "CNY",
			Attributes: map[string]because.Value{"brand": because.Words(a), "theme": because.Words("quiet", a), "weight": because.Num(float64(100+i), "g")}, Published: evening.AddDate(0, 0, -i),
		})
		user := fmt.Sprintf("u%d", i)
		if i%3 == 1 && len(a) < 200 {
			user += a
		}
		us = append(us, because.User{ID: user, Name: "读者 " + a, Profile: map[string]because.Value{"interests": because.Words(a)}, Consents: map[string]bool{"interests": true}})
		rs = append(rs, because.Review{Item: id, User: user, Text: "很好用，" + a, Rating: 5, Lang: because.Chinese, At: evening})
	}
	for i, u := range us {
		for k := range 12 {
			xs = append(xs, because.Interaction{
				ID: fmt.Sprintf("x%d-%d", i, k), User: u.ID, Item: its[(i+k*k)%len(its)].ID, Kind: []because.InteractionKind{because.View, because.Purchase, because.Cart}[k%3],
				Context: because.Context{At: evening.Add(-time.Duration(i+k) * time.Hour)},
			})
		}
		xs = append(xs, because.Interaction{ID: fmt.Sprintf("q%d", i), User: u.ID, Kind: because.Search, Query: attacks[i], Context: because.Context{At: evening.Add(-time.Duration(i) * time.Hour)}})
	}
	importFile(t, dir, "items", its)
	importFile(t, dir, "users", us)
	importFile(t, dir, "reviews", rs)
	importFile(t, dir, "interactions", xs)
	must(t, dir, "train")
	items = slices.Sorted(maps.Keys(exported(t, dir, "items")))
	users = slices.Sorted(maps.Keys(exported(t, dir, "users")))
	if len(items) < len(its)*2/3 || len(users) < len(us)*2/3 {
		t.Fatalf("%d of %d items and %d of %d users were taken", len(items), len(its), len(users), len(us))
	}
	return items, users
}

// importFile imports rows by the command, as a site would.
func importFile[T any](t *testing.T, dir, kind string, rows []T) {
	t.Helper()
	path := filepath.Join(t.TempDir(), kind+".jsonl")
	jsonLines(t, path, rows)
	r := run(t, dir, nil, "import", kind, path)
	t.Logf("import %s: exit %d %s", kind, r.code, strings.TrimSpace(r.out))
}

func jsonLines[T any](t *testing.T, path string, rows []T) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	enc := json.NewEncoder(f)
	for _, row := range rows {
		if err := enc.Encode(row); err != nil {
			t.Fatal(err)
		}
	}
}

// explained asks for a logged explanation.
func explained(t *testing.T, base, lang string, ask map[string]any) because.Explanation {
	t.Helper()
	body, err := json.Marshal(ask)
	if err != nil {
		t.Fatal(err)
	}
	res, err := client.Post(base+"/api/v1/explain?lang="+lang, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var x because.Explanation
	if err := json.Unmarshal(b, &x); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("explain %s: %d %v %s", body, res.StatusCode, err, b)
	}
	return x
}

// hostileReports writes the pages that commands make of what strangers wrote: of texts, and of a training.
func hostileReports(t *testing.T, dir string, attacks []string) map[string]string {
	t.Helper()
	out := t.TempDir()
	type row struct {
		User       string   `json:"user"`
		Item       string   `json:"item"`
		Prediction string   `json:"prediction"`
		Reference  string   `json:"reference"`
		Features   []string `json:"features"`
	}
	var rows []row
	for i := range 400 {
		a := attacks[i%len(attacks)]
		rows = append(rows, row{"u" + a, "i" + a, a + " script is what this reader would like", "script " + a + " suits the reader", []string{a}})
	}
	texts := filepath.Join(out, `<img src=x onerror=pwned=1>.jsonl`)
	jsonLines(t, texts, rows)
	pages := map[string]string{"the report of texts": filepath.Join(out, "texts.html"), "the report of a training": filepath.Join(out, "training.html")}
	must(t, dir, "eval", "explain", texts, "--html", pages["the report of texts"], "--derangements", "5")
	name := `run<img src=x onerror=pwned=1>`
	log := filepath.Join(dir, "models", "runs", name)
	if err := os.MkdirAll(log, 0o755); err != nil {
		t.Fatal(err)
	}
	type step struct {
		Phase   string   `json:"phase"`
		Step    int      `json:"step"`
		Steps   int      `json:"steps"`
		Samples []string `json:"samples"`
	}
	jsonLines(t, filepath.Join(log, "metrics.jsonl"), []step{{"likelihood", 1, 2, attacks}, {`adversarial<script>pwned=1</script>`, 2, 2, attacks}})
	if r := run(t, dir, nil, "train", "report", name, "--out", pages["the report of a training"]); r.code != 0 && r.code != 3 {
		t.Fatalf("train report: exit %d %s", r.code, r.errOut)
	}
	return pages
}
