package serve

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"because"
)

var (
	sayings    = regexp.MustCompile(`\bsay ("(?:[^"\\]|\\.)*")`)
	inChinese  = regexp.MustCompile(`(?s)<(\w+)\b[^>]*\blang="zh-CN"[^>]*>.*?</(\w+)>`)
	notChrome  = regexp.MustCompile(`(?s)<(?:pre|code|svg|title)\b.*?</(?:pre|code|svg|title)>|<td class="data">.*?</td>|<input\b[^>]*>|<ul class="chips".*?</ul>|<h3>.*?</h3>`)
	tags       = regexp.MustCompile(`<[^>]*>`)
	idTwice    = regexp.MustCompile(`\bid="([^"]+)"`)
	inlineCode = regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>\s*[^<\s]|\son[a-z]+\s*=|\shx-on|\sstyle\s*=|<style`)
)

// sound checks what holds for every page: whole, in one language, nothing inline, no ID twice, nothing left of a template.
func sound(t *testing.T, r answer, lang because.Lang) {
	t.Helper()
	at := r.Request.URL.String()
	body := r.body
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || !strings.HasPrefix(body, "<!doctype html>") || !strings.Contains(body, "</html>") {
		t.Fatalf("%s is no page: %v", at, r)
	}
	if !strings.Contains(body, `<html lang="`+langTag(lang)+`">`) || !strings.HasPrefix(r.Header.Get("Content-Language"), string(lang)) {
		t.Errorf("%s: not marked as %s", at, lang)
	}
	if m := inlineCode.FindString(body); m != "" {
		t.Errorf("%s: inline code or style: %q", at, m)
	}
	csp := r.Header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "script-src 'self' 'nonce-") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("%s: policy %q", at, csp)
	}
	for _, bad := range []string{"<no value>", "ZgotmplZ", "%!", "&lt;nil&gt;", "{{"} {
		if strings.Contains(body, bad) {
			t.Errorf("%s holds %q", at, bad)
		}
	}
	seen := map[string]bool{}
	for _, m := range idTwice.FindAllStringSubmatch(body, -1) {
		if seen[m[1]] {
			t.Errorf("%s: id %q twice", at, m[1])
		}
		seen[m[1]] = true
	}
	if n := strings.Count(body, "<h1"); n != 1 {
		t.Errorf("%s: %d headings of the first level", at, n)
	}
	chrome := tags.ReplaceAllString(notChrome.ReplaceAllString(inChinese.ReplaceAllString(body, ""), ""), "\n")
	if lang == because.English {
		for line := range strings.SplitSeq(chrome, "\n") {
			if strings.ContainsFunc(line, isHan) {
				t.Errorf("%s: Chinese on the English page: %q", at, line)
			}
		}
		return
	}
	for _, en := range templateTexts(t) {
		if strings.Contains(en, " ") && strings.Contains(chrome, "\n"+en+"\n") {
			t.Errorf("%s: English on the Chinese page: %q", at, en)
		}
	}
}

// templateTexts are the English texts of the templates.
func templateTexts(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("templates/*.html")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates", err)
	}
	var out []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range sayings.FindAllStringSubmatch(string(b), -1) {
			out = append(out, strings.Trim(m[1], `"`))
		}
	}
	return out
}

func TestPagesInBothLanguages(t *testing.T) {
	c := serveTo(t, trained(t), Options{})
	for _, lang := range because.Langs {
		c.lang = string(lang)
		store := c.page("/store?user=u_emma")
		why := "/why/" + store.first(t, `href="/why/([^"]+)"`)
		for _, path := range []string{
			"/store?user=u_emma", "/store?user=u_he", "/store?user=", "/store?user=u_xu&domain=shop&hour=8", "/store?user=u_emma&need=keyboard",
			why, "/me?user=u_emma", "/me?user=", "/me?user=u_he", "/docs", "/store?user=nobody", "/store?hour=25", "/store?domain=cars", "/nowhere", "/why/imp_x",
		} {
			sound(t, c.page(path), lang)
		}
	}
	for path, want := range map[string]int{"/store?user=nobody": 404, "/store?hour=25": 422, "/store?domain=cars": 422, "/why/imp_x": 404, "/nowhere": 404, "/me?user=nobody": 404, "/me/export?user=nobody": 404, "/store?need=" + strings.Repeat("长", 2001): 422} {
		if r := c.page(path); r.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, r.StatusCode, want)
		}
	}
	if r := c.do("GET", "/store?user=nobody", "", "", "Accept", "application/json"); r.Header.Get("Content-Type") != "application/problem+json" {
		t.Error(r)
	}
}

// TestStoreSaysWhatItRestsOn reads the label of each list.
func TestStoreSaysWhatItRestsOn(t *testing.T) {
	c := serveTo(t, trained(t), Options{})
	for user, want := range map[string]string{"u_lin": "为你推荐", "u_he": "个性化已关闭", "": "你刚来"} {
		r := c.page("/store?user=" + user)
		if !strings.Contains(r.body, want) {
			t.Errorf("%q: the page does not say %s", user, want)
		}
		if n := strings.Count(r.body, "<article"); n < 8 || n > cardCount+moreCount {
			t.Errorf("%q: %d cards", user, n)
		}
		if a, cards := strings.Count(r.body, "AI 生成</span>"), strings.Count(r.body, "<article"); a != cards {
			t.Errorf("%q: %d marks on %d cards", user, a, cards)
		}
	}
}

// TestHostileWords types and stores what would break out of a page.
func TestHostileWords(t *testing.T) {
	c := serveTo(t, trained(t), Options{})
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>'`
	if r := c.api("POST", "/users", `{"users":[{"id":"u_evil\"><script>","name":"\"><script>alert(2)</script>"}]}`); r.StatusCode != 200 {
		t.Fatal(r)
	}
	defer c.api("DELETE", "/users/"+url.PathEscape(`u_evil"><script>`), "")
	for _, path := range []string{
		"/store?need=" + url.QueryEscape(evil), "/store?user=" + url.QueryEscape(`u_evil"><script>`), "/me?user=" + url.QueryEscape(`u_evil"><script>`),
		"/store?domain=" + url.QueryEscape(evil), "/why/" + url.PathEscape(evil), "/store?hour=" + url.QueryEscape(evil),
	} {
		r := c.page(path)
		if strings.Contains(r.body, "<script>") || strings.Contains(r.body, "<img") {
			t.Errorf("%s: let through: %v", path, r)
		}
	}
	for _, to := range []string{"https://elsewhere.example/", "//elsewhere.example", `/\elsewhere.example`, "javascript:alert(1)", "/a\nb"} {
		req := url.Values{"user": {"u_gu"}, "on": {"true"}, "back": {to}}
		if r := c.do("POST", "/me/personal", "application/x-www-form-urlencoded", req.Encode(), "Accept", "text/html"); r.Request.URL.Host != strings.TrimPrefix(c.base, "http://") || r.Request.URL.Path != "/me" {
			t.Errorf("%q led to %s", to, r.Request.URL)
		}
	}
}

// TestWithoutScript goes through everything a reader can do by links and forms alone.
func TestWithoutScript(t *testing.T) {
	c := serveTo(t, trained(t), Options{})
	if r := c.page("/"); r.Request.URL.Path != "/store" || !strings.Contains(r.body, `<option value="u_lin" selected>林悦</option>`) {
		t.Fatalf("/ leads to %s", r.Request.URL)
	}
	store := c.page("/store?user=u_li&hour=20")
	imp := store.first(t, `href="/why/([^"]+)"`)
	r := c.submit(store, "/feedback", url.Values{"impression": {imp}, "kind": {"helpful"}})
	if !strings.Contains(r.body, "记下了：有用。") || r.Request.URL.RawQuery != "hour=20&user=u_li" {
		t.Fatalf("feedback led to %s without saying so", r.Request.URL)
	}
	if r := c.submit(r, "/feedback", url.Values{"kind": {"undo"}}); !strings.Contains(r.body, "已撤回。") {
		t.Error("undo is not confirmed")
	}
	if r := c.page("/store?user=u_li"); strings.Contains(r.body, "已撤回。") {
		t.Error("the message is shown twice")
	}

	// Not interested: the item goes, and comes back.
	store = c.page("/store?user=u_li")
	imp = store.first(t, `href="/why/([^"]+)"`)
	name := store.first(t, `<h3>([^<]+)</h3>`)
	gone := c.submit(store, "/feedback", url.Values{"impression": {imp}, "kind": {"not_interested"}})
	if strings.Contains(gone.body, "<h3>"+name+"</h3>") {
		t.Errorf("%s is still shown", name)
	}
	if back := c.submit(gone, "/feedback", url.Values{"kind": {"undo"}}); !strings.Contains(back.body, "<h3>"+name+"</h3>") {
		t.Errorf("%s did not come back", name)
	}

	// Why, in another style, without one of its reasons.
	why := c.page("/why/" + imp)
	for _, want := range []string{"依据", "逐条核对", "分数是怎么来的", "加起来是", "没说出来的", "/api/v1/explain", "bc_"} {
		if !strings.Contains(why.body, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	data := c.submit(why, "/why/"+imp, url.Values{"style": {"data"}})
	if !strings.Contains(data.body, `value="data" aria-pressed="true"`) || data.Request.URL.Path == why.Request.URL.Path {
		t.Errorf("another style led to %s", data.Request.URL)
	}
	hid := c.submit(why, "/feedback", url.Values{"kind": {"hide_reason"}})
	if !strings.Contains(hid.body, "不再引用") {
		t.Fatal("the hidden reason is not marked")
	}
	if r := c.page("/me?user=u_li"); strings.Contains(r.body, "还没有。在任何一条理由下") || !strings.Contains(r.body, "允许再用") {
		t.Error("the hidden reason is not on the page of one's data")
	}
	if r := c.submit(hid, "/me/unhide", nil); strings.Contains(r.body, "不再引用") {
		t.Error("the reason is still hidden")
	}

	// One click turns personalisation off, another on again.
	off := c.submit(c.page("/store?user=u_li"), "/me/personal", url.Values{"on": {"false"}})
	if !strings.Contains(off.body, "这份列表没有用到你的任何信息") {
		t.Error("personalisation is not off")
	}
	if on := c.submit(off, "/me/personal", url.Values{"on": {"true"}}); !strings.Contains(on.body, "为你推荐") {
		t.Error("personalisation is not on again")
	}

	// Language by link; it stays.
	en := c.page(store.first(t, `id="lang" href="([^"]+)"`))
	if !strings.Contains(en.body, "Recommended for you") || !strings.Contains(c.page("/me?user=u_li").body, "My data</h1>") {
		t.Error("the language does not stay")
	}
}

func TestMyData(t *testing.T) {
	c := serveTo(t, trained(t), Options{})
	me := c.page("/me?user=u_zhou")
	if r := c.submit(me, "/me/consent", url.Values{"name": {"history"}, "given": {"false"}}); !strings.Contains(r.body, "已撤回，从现在起不再使用。") {
		t.Error("the consent is not withdrawn")
	} else if r := c.submit(r, "/me/consent", url.Values{"name": {"history"}, "given": {"true"}}); !strings.Contains(r.body, "已允许") {
		t.Error("the consent is not given again")
	}
	file := c.page("/me/export?user=u_zhou")
	if !strings.Contains(file.body, "周游") || !strings.Contains(file.Header.Get("Content-Disposition"), "attachment") {
		t.Error(file)
	}
	if r := c.submit(me, "/me/erase", url.Values{"confirm": {"u_zhu"}}); r.StatusCode != 422 || !strings.Contains(r.body, "没有抹除任何东西") {
		t.Error(r)
	}
	r := c.submit(me, "/me/erase", url.Values{"confirm": {"u_zhou"}})
	if r.StatusCode != 200 || !strings.Contains(r.body, "已抹除") || !strings.Contains(r.body, "interactions") {
		t.Error(r)
	}
	sound(t, r, because.Chinese)
	if r := c.page("/me?user=u_zhou"); r.StatusCode != 404 {
		t.Error(r)
	}
}

// TestFragments asks as htmx does: parts of pages, with the message in them.
func TestFragments(t *testing.T) {
	c := serveTo(t, trained(t), Options{})
	part := []string{"HX-Request", "true", "HX-Request-Type", "partial", "Accept", "text/html"}
	imp := c.page("/store?user=u_chen").first(t, `href="/why/([^"]+)"`)
	why := c.do("GET", "/why/"+imp, "", "", part...)
	if strings.Contains(why.body, "<html") || !strings.HasPrefix(strings.TrimSpace(why.body), `<section id="why"`) {
		t.Errorf("the drawer gets %v", why)
	}
	v := url.Values{"impression": {imp}, "kind": {"not_helpful"}, "part": {"card"}, "back": {"/store?user=u_chen"}}
	r := c.do("POST", "/feedback", "application/x-www-form-urlencoded", v.Encode(), part...)
	if !strings.Contains(r.body, `id="act-`+imp) || !strings.Contains(r.body, `value="not_helpful" class="thumb" aria-pressed="true"`) || !strings.Contains(r.body, "hx-swap-oob") {
		t.Error(r)
	}
}

func TestStatic(t *testing.T) {
	c := serveTo(t, empty(t), Options{})
	css := c.page("/store").first(t, `<link rel="stylesheet" href="([^"]+)"`)
	r := c.do("GET", css, "", "")
	if r.StatusCode != 200 || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/css") {
		t.Errorf("%s: %s %s", css, r.Header.Get("Cache-Control"), r.Header.Get("Content-Type"))
	}
	for _, want := range []string{"prefers-reduced-motion", "prefers-color-scheme: dark", "PingFang SC"} {
		if !strings.Contains(r.body, want) {
			t.Errorf("the style sheet has no %s", want)
		}
	}
	if r := c.do("GET", "/static/0000000000000000/because.css", "", ""); strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
		t.Error("kept for a year under a wrong hash")
	}
	for _, path := range []string{"/static/x/.keep", "/static/x/none.css", "/static/x/..%2fpages.go"} {
		if r := c.do("GET", path, "", ""); r.StatusCode != 404 {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}

// TestFirstScreen opens a store that holds nothing, and one that was not trained.
func TestFirstScreen(t *testing.T) {
	e := empty(t)
	c := serveTo(t, e, Options{})
	for _, lang := range because.Langs {
		c.lang = string(lang)
		r := c.page("/store")
		sound(t, r, lang)
		if r.StatusCode != 200 || !strings.Contains(r.body, "because demo") {
			t.Error(r)
		}
	}
	if _, err := e.PutItems(t.Context(), []because.Item{{ID: "a", Name: because.Plain("A")}}); err != nil {
		t.Fatal(err)
	}
	if r := c.page("/store"); strings.Contains(r.body, "because demo") || !strings.Contains(r.body, "because train") {
		t.Error("with items, training is what is missing")
	}
}

func TestSegments(t *testing.T) {
	// "ab" is claimed, "bc" overlaps it and "zz" lies outside: both are left to the list below the text.
	got := segments("abcd", []because.Claim{{Start: 3, End: 4}, {Start: 0, End: 2}, {Start: 1, End: 3}, {Start: 4, End: 9}})
	want := []segment{{Text: "ab", Claim: 2}, {Text: "c"}, {Text: "d", Claim: 1}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("%d: %+v, want %+v", i, got[i], want[i])
		}
	}
}

// TestShell holds quoting to what a shell reads back.
func TestShell(t *testing.T) {
	if got := shell(`a'b`); got != `'a'\''b'` {
		t.Error(got)
	}
}

func TestCover(t *testing.T) {
	for domain := range scenes {
		a, b := cover(domain, "x", "1"), cover(domain, "x", "2")
		if a != cover(domain, "x", "1") || a == b {
			t.Errorf("%s: a cover is the same for an item and differs between items", domain)
		}
		if strings.Contains(string(a), "NaN") || strings.Contains(string(a), "%!") {
			t.Errorf("%s: %s", domain, a)
		}
	}
}
