// Package chromiumtest drives Debian's Chromium in tests: a tab that remembers everything that went wrong in it.
package chromiumtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	cdp "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A Tab is a browser's tab.
type Tab struct {
	t   *testing.T
	ctx context.Context
	mu  sync.Mutex
	bad []string
}

// New starts the browser, or skips the test with the reason.
func New(t *testing.T) *Tab {
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
	b := &Tab{t: t, ctx: ctx}
	chromedp.ListenTarget(ctx, b.listen)
	if err := chromedp.Run(ctx, log.Enable(), cdp.Enable(), page.Enable()); err != nil { // the first run starts the browser and binds it to its context
		t.Fatal(err)
	}
	return b
}

// listen notes exceptions, warnings, violations of the content security policy, and dialogs, which it closes.
func (b *Tab) listen(ev any) {
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
	case *page.EventJavascriptDialogOpening:
		b.bad = append(b.bad, "dialog: "+ev.Message)
		go func() { _ = chromedp.Run(b.ctx, page.HandleJavaScriptDialog(false)) }() // else the page waits for ever
	}
}

func args(as []*cdp.RemoteObject) string {
	var out []string
	for _, a := range as {
		out = append(out, string(a.Value)+a.Description)
	}
	return strings.Join(out, " ")
}

// Run does things in the tab, within half a minute.
func (b *Tab) Run(actions ...chromedp.Action) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, 30*time.Second)
	defer stop()
	if err := chromedp.Run(ctx, actions...); err != nil {
		var html string
		_ = chromedp.Run(b.ctx, chromedp.Evaluate("(document.querySelector('dialog[open]') ?? document.querySelector('main') ?? document.body).innerText", &html))
		b.t.Fatalf("%v; so far: %q; page: %.6000s", err, b.bad, html)
	}
}

// Text is what an element says.
func (b *Tab) Text(sel string) string {
	b.t.Helper()
	var s string
	b.Run(chromedp.Text(sel, &s, chromedp.ByQuery))
	return s
}

// Until waits for an expression to become true.
func (b *Tab) Until(js string) {
	b.t.Helper()
	var ok bool
	b.Run(chromedp.Poll(js, &ok, chromedp.WithPollingTimeout(25*time.Second)))
}

// Axe runs the accessibility checks of WCAG 2.2 AA over the page.
func (b *Tab) Axe(name, script string) {
	b.t.Helper()
	var found []string
	b.Run(chromedp.Evaluate(script+"; undefined", nil), chromedp.Evaluate(
		`axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]}).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target.join(" ") + " " + (n.any[0]?.message ?? n.failureSummary))))`,
		&found, func(p *cdp.EvaluateParams) *cdp.EvaluateParams { return p.WithAwaitPromise(true) }))
	for _, f := range found {
		b.t.Errorf("%s: %s", name, f)
	}
}

// Clean fails on anything that the browser complained about, and forgets it.
func (b *Tab) Clean(name string) {
	b.t.Helper()
	for _, s := range b.Bad() {
		b.t.Errorf("%s: %s", name, s)
	}
}

// Bad is what the browser complained about since it was asked last.
func (b *Tab) Bad() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	bad := b.bad
	b.bad = nil
	return bad
}
