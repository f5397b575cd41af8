package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"because"
	"because/internal/engine"
	"because/internal/synth"
)

var now = time.Date(2026, 1, 1, 20, 30, 0, 0, engine.Shanghai)

// world is a small trained engine that all tests share: those that change something use people of their own.
var world = sync.OnceValues(func() (*engine.Engine, error) {
	dir, err := os.MkdirTemp("", "because-serve-")
	if err != nil {
		return nil, err
	}
	folders = append(folders, dir)
	ctx := context.Background()
	w, err := synth.Generate(synth.Options{Users: 160, Items: 210, Interactions: 12000, Reviews: 600, Domains: []string{"shop", "entertainment", "health"}, Now: now})
	if err != nil {
		return nil, err
	}
	e, err := engine.Open(ctx, engine.Options{Dir: dir, Now: func() time.Time { return now }})
	if err != nil {
		return nil, err
	}
	engines = append(engines, e)
	if _, err := e.PutItems(ctx, w.Items); err != nil {
		return nil, err
	}
	if _, err := e.PutUsers(ctx, w.Users); err != nil {
		return nil, err
	}
	var xs []because.Interaction
	if err := w.EachInteraction(func(x because.Interaction) error { xs = append(xs, x); return nil }); err != nil {
		return nil, err
	}
	if _, err := e.AddInteractions(ctx, xs); err != nil {
		return nil, err
	}
	_, err = e.Train(ctx, nil)
	return e, err
})

var (
	folders []string
	engines []*engine.Engine
)

func TestMain(m *testing.M) {
	code := m.Run()
	for _, e := range engines {
		_ = e.Close()
	}
	for _, dir := range folders {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

// trained is the shared engine.
func trained(t *testing.T) *engine.Engine {
	t.Helper()
	e, err := world()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// empty is an engine that holds nothing.
func empty(t *testing.T) *engine.Engine {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{Dir: t.TempDir(), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// A client is a browser without script: it keeps cookies, follows redirects, and sends what a browser would.
type client struct {
	t    *testing.T
	base string
	http *http.Client
	lang string
}

func serveTo(t *testing.T, e *engine.Engine, o Options) *client {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return now }
	}
	if o.Rate == 0 {
		o.Rate = 1e6
	}
	o.Version = "test"
	srv := httptest.NewServer(New(e, o))
	t.Cleanup(srv.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t, srv.URL, &http.Client{Jar: jar}, "zh-CN"}
}

// A reply is a response that has been read.
type answer struct {
	*http.Response
	body string
}

func (c *client) do(method, path, kind, body string, header ...string) answer {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Accept-Language", c.lang)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{res, string(b)}
}

func (c *client) api(method, path, body string, header ...string) answer {
	c.t.Helper()
	kind := ""
	if body != "" {
		kind = "application/json"
	}
	return c.do(method, "/api/v1"+path, kind, body, header...)
}

func (c *client) page(path string, header ...string) answer {
	c.t.Helper()
	return c.do("GET", path, "", "", append([]string{"Accept", "text/html"}, header...)...)
}

// in reads JSON into v.
func (r answer) in(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.body), v); err != nil {
		t.Fatalf("%s %s: %v in %.300s", r.Request.Method, r.Request.URL, err, r.body)
	}
}

// A form is a form of a page as a browser without script sees it.
type formOf struct {
	method, action string
	fields         url.Values
	buttons        []url.Values
	text           string
}

var (
	formTag   = regexp.MustCompile(`(?s)<form\b([^>]*)>(.*?)</form>`)
	inputTag  = regexp.MustCompile(`<input\b([^>]*)>`)
	buttonTag = regexp.MustCompile(`(?s)<button\b([^>]*)>`)
	attrs     = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
)

func attributes(s string) map[string]string {
	out := map[string]string{}
	for _, m := range attrs.FindAllStringSubmatch(s, -1) {
		out[m[1]] = html.UnescapeString(m[2])
	}
	return out
}

func (r answer) forms() []formOf {
	var out []formOf
	for _, m := range formTag.FindAllStringSubmatch(r.body, -1) {
		a := attributes(m[1])
		f := formOf{method: strings.ToUpper(a["method"]), action: a["action"], fields: url.Values{}, text: m[2]}
		for _, in := range inputTag.FindAllStringSubmatch(m[2], -1) {
			if ia := attributes(in[1]); ia["name"] != "" {
				f.fields.Set(ia["name"], ia["value"])
			}
		}
		for _, b := range buttonTag.FindAllStringSubmatch(m[2], -1) {
			ba := attributes(b[1])
			v := url.Values{}
			if ba["name"] != "" {
				v.Set(ba["name"], ba["value"])
			}
			f.buttons = append(f.buttons, v)
		}
		out = append(out, f)
	}
	return out
}

// submit sends the first form of the page with that action and those values, pressing the button with that name and value.
func (c *client) submit(from answer, action string, want url.Values) answer {
	c.t.Helper()
next:
	for _, f := range from.forms() {
		if f.action != action {
			continue
		}
		v := url.Values{}
		for k := range f.fields {
			v[k] = f.fields[k]
		}
		for k := range want {
			if v.Has(k) && k != "confirm" && v.Get(k) != want.Get(k) {
				continue next
			}
			pressed := false
			for _, b := range f.buttons {
				pressed = pressed || b.Get(k) == want.Get(k)
			}
			if !v.Has(k) && !pressed {
				continue next
			}
			v.Set(k, want.Get(k))
		}
		return c.do("POST", action, "application/x-www-form-urlencoded", v.Encode(), "Accept", "text/html", "Sec-Fetch-Site", "same-origin")
	}
	c.t.Fatalf("%s has no form to %s with %v", from.Request.URL, action, want)
	return answer{}
}

// first is the first group of a pattern in a page.
func (r answer) first(t *testing.T, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(r.body)
	if m == nil {
		t.Fatalf("%s has no %s", r.Request.URL, pattern)
	}
	return html.UnescapeString(m[1])
}

func (r answer) String() string { return fmt.Sprintf("%d %.600s", r.StatusCode, r.body) }
