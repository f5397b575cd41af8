package serve

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	cdpage "github.com/chromedp/cdproto/page"
	cdp "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A tab is a browser's tab that remembers what went wrong in it.
type tab struct {
	t   *testing.T
	ctx context.Context
	mu  sync.Mutex
	bad []string
}

// chromium starts Debian's browser, or skips the test with the reason.
func chromium(t *testing.T) *tab {
	t.Helper()
	if testing.Short() {
		t.Skip("the browser test is left out of -short")
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no chromium here: apt-get install chromium fonts-noto-cjk")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.DisableGPU, chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox)
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	b := &tab{t: t, ctx: ctx}
	chromedp.ListenTarget(ctx, func(ev any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch ev := ev.(type) {
		case *cdp.EventExceptionThrown:
			b.bad = append(b.bad, "exception: "+ev.ExceptionDetails.Error())
		case *cdp.EventConsoleAPICalled:
			if ev.Type == cdp.APITypeError || ev.Type == cdp.APITypeWarning {
				b.bad = append(b.bad, fmt.Sprintf("console: %s %s", ev.Type, args(ev.Args)))
			}
		case *log.EventEntryAdded: // content security violations come here
			if ev.Entry.Level == log.LevelError || ev.Entry.Level == log.LevelWarning {
				b.bad = append(b.bad, "log: "+ev.Entry.Text+" "+ev.Entry.URL)
			}
		}
	})
	if err := chromedp.Run(ctx, log.Enable(), cdp.Enable()); err != nil { // the first run starts the browser and binds it to its context
		t.Fatal(err)
	}
	return b
}

func args(as []*cdp.RemoteObject) string {
	var out []string
	for _, a := range as {
		out = append(out, string(a.Value)+a.Description)
	}
	return strings.Join(out, " ")
}

func (b *tab) run(actions ...chromedp.Action) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, 30*time.Second)
	defer stop()
	if err := chromedp.Run(ctx, actions...); err != nil {
		var html string
		_ = chromedp.Run(b.ctx, chromedp.Evaluate("(document.querySelector('dialog[open]') ?? document.querySelector('main')).innerText", &html))
		b.t.Fatalf("%v; so far: %q; page: %.6000s", err, b.bad, html)
	}
}

// text is what an element says.
func (b *tab) text(sel string) string {
	b.t.Helper()
	var s string
	b.run(chromedp.Text(sel, &s, chromedp.ByQuery))
	return s
}

// until waits for an expression to become true.
func (b *tab) until(js string) {
	b.t.Helper()
	var ok bool
	b.run(chromedp.Poll(js, &ok, chromedp.WithPollingTimeout(10*time.Second)))
}

// axe runs the accessibility checks of WCAG 2.2 AA over the page.
func (b *tab) axe(name, script string) {
	b.t.Helper()
	var found []string
	b.run(chromedp.Evaluate(script+"; undefined", nil), chromedp.Evaluate(
		`axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]}).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target.join(" ") + " " + (n.any[0]?.message ?? n.failureSummary))))`,
		&found, func(p *cdp.EvaluateParams) *cdp.EvaluateParams { return p.WithAwaitPromise(true) }))
	for _, f := range found {
		b.t.Errorf("%s: %s", name, f)
	}
}

// clean fails on anything that the browser complained about.
func (b *tab) clean(name string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.bad {
		b.t.Errorf("%s: %s", name, s)
	}
	b.bad = nil
}

func TestBrowser(t *testing.T) {
	if newView().asset("htmx.js") == "" {
		t.Skip("web/dist/htmx.js has not been built: make assets")
	}
	b := chromium(t)
	c := serveTo(t, trained(t), Options{})

	// The store: a reason opens in the drawer, closes with Escape, and the page stays where it was.
	b.run(chromedp.Navigate(c.base+"/store?user=u_sun&lang=zh"), chromedp.WaitVisible(".card .why", chromedp.ByQuery))
	b.run(chromedp.Click(".card .why", chromedp.ByQuery), chromedp.WaitVisible("#drawer #why", chromedp.ByQuery))
	if s := b.text("#drawer #why"); !strings.Contains(s, "依据") || !strings.Contains(s, "加起来是") {
		t.Errorf("the drawer says %.200s", s)
	}

	// In the drawer: another style, and a reason that is not to be used again.
	link := b.text("#drawer .provenance a")
	b.run(chromedp.Click(`#drawer .styles button[aria-pressed="false"]`, chromedp.ByQuery))
	b.until(`document.querySelector("#drawer .provenance a")?.textContent !== "` + link + `"`)
	b.run(chromedp.Click("#drawer .evidence .toggle", chromedp.ByQuery), chromedp.WaitVisible("#drawer .toast.inline .said", chromedp.ByQuery))
	if s := b.text("#drawer .toast.inline"); !strings.Contains(s, "不会再对你引用") || !strings.Contains(s, "撤销") {
		t.Errorf("hiding a reason says %q", s)
	}
	b.run(chromedp.Click("#drawer .toast.inline .link", chromedp.ByQuery))
	b.until(`document.querySelector("#drawer .toast.inline")?.textContent.includes("已撤回")`)
	b.run(chromedp.KeyEvent("\x1b"))
	b.until(`!document.getElementById("drawer").open`)
	b.clean("the drawer")

	// Feedback in place, with what it changed and a way back.
	b.run(chromedp.WaitReady("#page", chromedp.ByQuery), chromedp.Sleep(300*time.Millisecond))
	b.run(chromedp.Click(`.card .thumb[value="helpful"]`, chromedp.ByQuery), chromedp.WaitVisible("#toast .said", chromedp.ByQuery))
	if s := b.text("#toast"); !strings.Contains(s, "记下了：有用。") {
		t.Errorf("feedback says %q", s)
	}
	b.until(`document.querySelector('.card .thumb[value="helpful"]').getAttribute("aria-pressed") === "true"`)
	b.run(chromedp.Click("#toast .link", chromedp.ByQuery))
	b.until(`document.querySelector("#toast").textContent.includes("已撤回")`)
	b.until(`document.querySelector('.card .thumb[value="helpful"]').getAttribute("aria-pressed") === "false"`)
	b.clean("feedback")

	// Lists take effect at once, personalisation with one click, both without loading a page.
	b.run(chromedp.Evaluate(`window.same = true`, nil))
	b.run(chromedp.Evaluate(`(() => { const s = document.querySelector("select[name=user]"); s.value = "u_emma"; s.dispatchEvent(new Event("change", {bubbles: true})); })()`, nil))
	b.until(`location.search.includes("user=u_emma") && document.querySelector('nav a[href="/me?user=u_emma"]') !== null`)
	b.run(chromedp.Click("#personal", chromedp.ByQuery))
	b.until(`document.querySelector("#row-1").textContent.includes("大家都在看")`)
	b.run(chromedp.Click("#personal", chromedp.ByQuery))
	b.until(`document.querySelector("#row-1").textContent.includes("为你推荐")`)
	b.run(chromedp.SendKeys("#need", "键盘\r", chromedp.ByQuery))
	b.until(`document.querySelector("#row-1").textContent.includes("键盘")`)
	var same bool
	b.run(chromedp.Evaluate(`window.same === true`, &same))
	if !same {
		t.Error("a partial update loaded the page")
	}
	b.run(chromedp.Click(".card .menu summary", chromedp.ByQuery), chromedp.Click(`.card .menu button[value="not_interested"]`, chromedp.ByQuery))
	b.until(`document.querySelector("#toast").textContent.includes("收起来了")`)
	b.run(chromedp.Click("#lang", chromedp.ByQuery), chromedp.WaitVisible(`html[lang="en"] #row-1`, chromedp.ByQuery))
	if s := b.text("#row-1"); !strings.Contains(s, "For “") {
		t.Errorf("in English the list is called %q", s)
	}
	b.clean("the store")
}

// TestAccessibility runs axe over the pages in both languages, light and dark, wide and narrow.
func TestAccessibility(t *testing.T) {
	axe, err := os.ReadFile("web/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Skip("axe-core is not here: npm ci in internal/serve/web")
	}
	b := chromium(t)
	c := serveTo(t, trained(t), Options{})
	b.run(cdpage.SetBypassCSP(true)) // axe is injected; our own pages are checked for violations in TestBrowser
	why := "/why/" + c.page("/store?user=u_emma").first(t, `href="/why/([^"]+)"`)
	for _, path := range []string{"/store?user=u_emma", "/store?user=", why, "/me?user=u_emma", "/docs", "/nowhere"} {
		for i, scheme := range []string{"light", "dark"} {
			lang, width := []string{"zh", "en"}[i], []int64{1280, 390}[i]
			sep := "?"
			if strings.Contains(path, "?") {
				sep = "&"
			}
			b.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}),
				chromedp.EmulateViewport(width, 900), chromedp.Navigate(c.base+path+sep+"lang="+lang), chromedp.WaitVisible("main", chromedp.ByQuery))
			b.axe(path+" "+scheme+" "+lang, string(axe))
			var over int
			b.run(chromedp.Evaluate(`document.documentElement.scrollWidth - document.documentElement.clientWidth`, &over))
			if over > 0 {
				t.Errorf("%s: %d px wider than the screen of %d", path, over, width)
			}
		}
	}
}
