package serve

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"because/internal/rig/chromiumtest"
)

func TestBrowser(t *testing.T) {
	if newView().asset("htmx.js") == "" {
		t.Skip("web/dist/htmx.js has not been built: make assets")
	}
	b := chromiumtest.New(t)
	c := serveTo(t, trained(t), Options{})

	// The store: a reason opens in the drawer, closes with Escape, and the page stays where it was.
	b.Run(chromedp.Navigate(c.base+"/store?user=u_sun&lang=zh"), chromedp.WaitVisible(".card .why", chromedp.ByQuery))
	b.Run(chromedp.Click(".card .why", chromedp.ByQuery), chromedp.WaitVisible("#drawer #why", chromedp.ByQuery))
	if s := b.Text("#drawer #why"); !strings.Contains(s, "依据") || !strings.Contains(s, "加起来是") {
		t.Errorf("the drawer says %.200s", s)
	}

	// In the drawer: another style, and a reason that is not to be used again.
	link := b.Text("#drawer .provenance a")
	b.Run(chromedp.Click(`#drawer .styles button[aria-pressed="false"]`, chromedp.ByQuery))
	b.Until(`document.querySelector("#drawer .provenance a")?.textContent !== "` + link + `"`)
	b.Run(chromedp.Click("#drawer .evidence .toggle", chromedp.ByQuery), chromedp.WaitVisible("#drawer .toast.inline .said", chromedp.ByQuery))
	if s := b.Text("#drawer .toast.inline"); !strings.Contains(s, "不会再对你引用") || !strings.Contains(s, "撤销") {
		t.Errorf("hiding a reason says %q", s)
	}
	b.Run(chromedp.Click("#drawer .toast.inline .link", chromedp.ByQuery))
	b.Until(`document.querySelector("#drawer .toast.inline")?.textContent.includes("已撤回")`)
	b.Run(chromedp.KeyEvent("\x1b"))
	b.Until(`!document.getElementById("drawer").open`)
	b.Clean("the drawer")

	// Feedback in place, with what it changed and a way back.
	b.Run(chromedp.WaitReady("#page", chromedp.ByQuery), chromedp.Sleep(300*time.Millisecond))
	b.Run(chromedp.Click(`.card .thumb[value="helpful"]`, chromedp.ByQuery), chromedp.WaitVisible("#toast .said", chromedp.ByQuery))
	if s := b.Text("#toast"); !strings.Contains(s, "记下了：有用。") {
		t.Errorf("feedback says %q", s)
	}
	b.Until(`document.querySelector('.card .thumb[value="helpful"]').getAttribute("aria-pressed") === "true"`)
	b.Run(chromedp.Click("#toast .link", chromedp.ByQuery))
	b.Until(`document.querySelector("#toast").textContent.includes("已撤回")`)
	b.Until(`document.querySelector('.card .thumb[value="helpful"]').getAttribute("aria-pressed") === "false"`)
	b.Clean("feedback")

	// Lists take effect at once, personalisation with one click, both without loading a page.
	b.Run(chromedp.Evaluate(`window.same = true`, nil))
	b.Run(chromedp.Evaluate(`(() => { const s = document.querySelector("select[name=user]"); s.value = "u_emma"; s.dispatchEvent(new Event("change", {bubbles: true})); })()`, nil))
	b.Until(`location.search.includes("user=u_emma") && document.querySelector('nav a[href="/me?user=u_emma"]') !== null`)
	b.Run(chromedp.Click("#personal", chromedp.ByQuery))
	b.Until(`document.querySelector("#row-1").textContent.includes("大家都在看")`)
	b.Run(chromedp.Click("#personal", chromedp.ByQuery))
	b.Until(`document.querySelector("#row-1").textContent.includes("为你推荐")`)
	b.Run(chromedp.SendKeys("#need", "键盘\r", chromedp.ByQuery))
	b.Until(`document.querySelector("#row-1").textContent.includes("键盘")`)
	var same bool
	b.Run(chromedp.Evaluate(`window.same === true`, &same))
	if !same {
		t.Error("a partial update loaded the page")
	}
	b.Run(chromedp.Click(".card .menu summary", chromedp.ByQuery), chromedp.Click(`.card .menu button[value="not_interested"]`, chromedp.ByQuery))
	b.Until(`document.querySelector("#toast").textContent.includes("收起来了")`)
	b.Run(chromedp.Click("#lang", chromedp.ByQuery), chromedp.WaitVisible(`html[lang="en"] #row-1`, chromedp.ByQuery))
	if s := b.Text("#row-1"); !strings.Contains(s, "For “") {
		t.Errorf("in English the list is called %q", s)
	}
	b.Clean("the store")
}

// TestAccessibility runs axe over the pages in both languages, light and dark, wide and narrow.
func TestAccessibility(t *testing.T) {
	axe, err := os.ReadFile("web/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Skip("axe-core is not here: npm ci in internal/serve/web")
	}
	b := chromiumtest.New(t)
	c := serveTo(t, trained(t), Options{})
	b.Run(cdpage.SetBypassCSP(true)) // axe is injected; our own pages are checked for violations in TestBrowser
	why := "/why/" + c.page("/store?user=u_emma").first(t, `href="/why/([^"]+)"`)
	for _, path := range []string{"/store?user=u_emma", "/store?user=", why, "/me?user=u_emma", "/docs", "/nowhere"} {
		for i, scheme := range []string{"light", "dark"} {
			lang, width := []string{"zh", "en"}[i], []int64{1280, 390}[i]
			sep := "?"
			if strings.Contains(path, "?") {
				sep = "&"
			}
			b.Run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}),
				chromedp.EmulateViewport(width, 900), chromedp.Navigate(c.base+path+sep+"lang="+lang), chromedp.WaitVisible("main", chromedp.ByQuery))
			b.Axe(path+" "+scheme+" "+lang, string(axe))
			var over int
			b.Run(chromedp.Evaluate(`document.documentElement.scrollWidth - document.documentElement.clientWidth`, &over))
			if over > 0 {
				t.Errorf("%s: %d px wider than the screen of %d", path, over, width)
			}
		}
	}
}
