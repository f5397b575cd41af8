package serve

import (
	"encoding/json"
	"flag"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"because"
	"because/internal/engine"
)

var update = flag.Bool("update", false, "write golden files")

// item is a body that uses every form that a text and a value can have.
const allForms = `{"items":[{"id":"mug 1","domain":"shop","name":"Mug \"one\" ☕","categories":["thermos"],"attributes":{"capacity":{"value":350,"unit":"ml"},"weight":390,"material":"steel","features":["a","b"],"lid":true},"price":59},
{"id":"杯-2","domain":"shop","name":{"zh":"杯子","en":"Cup"},"description":{"zh":"好"},"categories":["thermos"],"published":"2025-12-01T00:00:00Z"}]}`

func TestItemsInEveryForm(t *testing.T) {
	c := serveTo(t, trained(t), Options{})
	defer func() {
		for _, id := range []string{"mug 1", "杯-2"} {
			c.api("DELETE", "/items/"+url.PathEscape(id), "")
		}
	}()
	for i, want := range []int{2, 0} { // the same again changes nothing
		r := c.api("POST", "/items", allForms)
		var n changed
		r.in(t, &n)
		if r.StatusCode != 200 || n.Changed != want {
			t.Fatalf("post %d: %v", i+1, r)
		}
	}
	var it because.Item
	c.api("GET", "/items/"+url.PathEscape("mug 1"), "").in(t, &it)
	if it.Name.In(because.English) != `Mug "one" ☕` || *it.Attributes["capacity"].Number != 350 || it.Attributes["capacity"].Unit != "ml" ||
		*it.Attributes["weight"].Number != 390 || !it.Attributes["features"].Is("b") || !it.Attributes["lid"].Is("true") {
		t.Errorf("came back as %+v", it)
	}
	r := c.api("POST", "/explain", `{"item":"杯-2","log":false}`)
	var x because.Explanation
	r.in(t, &x)
	if r.StatusCode != 200 || x.Text == "" || r.Header.Get("AIGC") == "" {
		t.Errorf("a new item is explained at once: %v", r)
	}
	if r := c.api("PUT", "/items/"+url.PathEscape("杯-2")+"/available", `{"available":false}`); r.StatusCode != 200 {
		t.Error(r)
	}
}

func TestRecommendAndExplain(t *testing.T) {
	c := serveTo(t, trained(t), Options{})
	for _, lang := range []string{"zh", "en"} {
		r := c.api("GET", "/recommendations?user=u_lin&explain=true&n=4&hour=20&lang="+lang, "")
		var recs because.Recommendations
		r.in(t, &recs)
		if len(recs.Items) != 4 || !recs.Personalised || recs.Context.At.Hour() != 20 {
			t.Fatal(r)
		}
		for _, rec := range recs.Items {
			sum := 0.0
			for _, p := range rec.Contributions {
				sum += p.Value
			}
			if math.Abs(sum-rec.Score) > 1e-6 {
				t.Errorf("%s: parts add up to %v, score is %v", rec.Item, sum, rec.Score)
			}
			if rec.Explanation == nil || rec.Explanation.ImpressionID == "" || string(rec.Explanation.Lang) != lang || !rec.Explanation.Provenance.AIGC {
				t.Errorf("%s: %+v", rec.Item, rec.Explanation)
			}
		}
		var m map[string]string
		if err := json.Unmarshal([]byte(r.Header.Get("AIGC")), &m); err != nil || m["Label"] != "1" {
			t.Errorf("mark %q: %v", r.Header.Get("AIGC"), err)
		}
		if got := r.Header.Get("Content-Language"); !strings.HasPrefix(got, lang) {
			t.Errorf("Content-Language %q", got)
		}
	}
	for path, body := range map[string]string{
		"/recommendations": `{"session":[{"kind":"view","item":"shop_0001"},{"kind":"search","query":"保温杯"}],"n":3,"explain":true,"context":{"device":"phone"}}`,
		"/explain":         `{"items":["shop_0001","shop_0002"],"user":"u_lin"}`,
		"/verify":          `{"user":"u_lin","item":"shop_0001","text":"你上周买过这款。"}`,
	} {
		if r := c.api("POST", path, body); r.StatusCode != 200 {
			t.Errorf("%s: %v", path, r)
		}
	}
	r := c.api("POST", "/explain", `{"user":"u_lin","foreign":{"item":{"id":"theirs","name":"Theirs","attributes":{"weight":40}},"score":2,"attributions":[{"name":"similar users","value":1.5}]}}`)
	if r.StatusCode != 200 {
		t.Error(r)
	}
	if r := c.api("GET", "/recommendations?n=2", ""); strings.Contains(r.body, `"explanation"`) || r.Header.Get("AIGC") != "" {
		t.Errorf("nothing was to be explained, so nothing is marked: %v", r)
	}
}

func TestFeedbackOnce(t *testing.T) {
	c := serveTo(t, trained(t), Options{})
	var x because.Explanation
	c.api("POST", "/explain", `{"user":"u_wang","item":"shop_0003"}`).in(t, &x)
	body := `{"id":"fb-api-1","impression":"` + x.ImpressionID + `","kind":"helpful"}`
	for i, known := range []bool{false, true} {
		var out engine.FeedbackResult
		r := c.api("POST", "/feedback", body)
		r.in(t, &out)
		if r.StatusCode != 200 || out.Known != known {
			t.Errorf("post %d: %v", i+1, r)
		}
	}
	if r := c.api("GET", "/impressions/"+x.ImpressionID, ""); r.StatusCode != 200 {
		t.Error(r)
	}
	for i, want := range []string{`{"changed":1}`, `{"changed":0}`} {
		r := c.api("POST", "/interactions", `{"id":"api-x-1","user":"u_wang","item":"shop_0003","kind":"view","at":"2025-12-31T10:00:00+08:00"}`)
		if strings.TrimSpace(r.body) != want {
			t.Errorf("post %d: %v", i+1, r)
		}
	}
}

// TestRefusals sends what cannot be used, and reads a problem in the language that was asked for.
func TestRefusals(t *testing.T) {
	c := serveTo(t, trained(t), Options{MaxBody: 4096})
	for _, tt := range []struct {
		name, method, path, body string
		status                   int
		code                     string
	}{
		{"unknown user", "GET", "/recommendations?user=nobody", "", 404, "not_found"},
		{"unknown item", "GET", "/items/nothing", "", 404, "not_found"},
		{"an ID of blanks, quotes and emoji", "GET", "/users/" + url.PathEscape(`a b"'<☕>`), "", 404, "not_found"},
		{"broken JSON", "POST", "/explain", `{"user":`, 400, "invalid"},
		{"NaN", "POST", "/interactions", `{"user":"u","item":"i","kind":"view","value":NaN}`, 400, "invalid"},
		{"NaN in the query", "GET", "/recommendations?n=NaN", "", 422, "invalid"},
		{"wrong type", "POST", "/explain", `{"item":7}`, 422, "invalid"},
		{"a value that is null", "POST", "/items", `{"items":[{"id":"a","name":[1]}]}`, 422, "invalid"},
		{"unknown field", "POST", "/explain", `{"item":"shop_0001","colour":"red"}`, 422, "invalid"},
		{"missing field", "POST", "/feedback", `{"kind":"helpful"}`, 422, "invalid"},
		{"unknown feedback", "POST", "/feedback", `{"impression":"imp_x","kind":"adored"}`, 422, "invalid"},
		{"unknown impression", "POST", "/feedback", `{"impression":"imp_x","kind":"helpful"}`, 404, "not_found"},
		{"unknown style", "POST", "/explain", `{"item":"shop_0001","style":"loud"}`, 422, "invalid"},
		{"too many", "GET", "/recommendations?n=201", "", 422, "invalid"},
		{"nothing to explain", "POST", "/explain", `{}`, 422, "invalid"},
		{"too large", "POST", "/items", `{"items":[{"id":"` + strings.Repeat("x", 5000) + `"}]}`, 413, "too_large"},
		{"no route", "GET", "/nothing", "", 404, "not_found"},
		{"no such method", "PATCH", "/items", "", 405, "method_not_allowed"},
		{"unknown consent", "PUT", "/users/u_lin/consents/telepathy", `{"given":true}`, 422, "invalid"},
	} {
		for _, lang := range because.Langs {
			c.lang = string(lang)
			r := c.api(tt.method, tt.path, tt.body)
			var p problem
			r.in(t, &p)
			if r.StatusCode != tt.status || p.Status != tt.status || p.Code != tt.code || r.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s (%s): want %d %s, got %s %v", tt.name, lang, tt.status, tt.code, r.Header.Get("Content-Type"), r)
				continue
			}
			if strings.ContainsFunc(p.Title, isHan) != (lang == because.Chinese) || p.RequestID == "" || p.RequestID != r.Header.Get("X-Request-Id") {
				t.Errorf("%s (%s): %v", tt.name, lang, r)
			}
			if han := strings.ContainsFunc(p.Detail, isHan); han != (lang == because.Chinese) {
				t.Errorf("%s (%s): detail %q", tt.name, lang, p.Detail)
			}
		}
	}
	c.lang = "en"
	if r := c.api("POST", "/explain", `{"item":"shop_0001","colour":"red"}`); !strings.Contains(r.body, "body.colour") {
		t.Errorf("the unknown field is not named: %v", r)
	}
	if r := c.do("PATCH", "/api/v1/items", "", ""); r.Header.Get("Allow") != "GET, POST" {
		t.Errorf("Allow is %q", r.Header.Get("Allow"))
	}
	chunked := struct{ *strings.Reader }{strings.NewReader(`{"items":[{"id":"` + strings.Repeat("x", 9000) + `"}]}`)} // no length is announced
	req, _ := http.NewRequest("POST", c.base+"/api/v1/items", chunked)
	req.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 413 {
		t.Errorf("a long body without its length: %d", res.StatusCode)
	}
}

func TestKeyAndOtherSites(t *testing.T) {
	c := serveTo(t, trained(t), Options{Key: "secret"})
	if r := c.api("GET", "/health", ""); r.StatusCode != 401 || r.Header.Get("WWW-Authenticate") == "" {
		t.Error(r)
	}
	if r := c.api("GET", "/health", "", "Authorization", "Bearer wrong"); r.StatusCode != 401 {
		t.Error(r)
	}
	if r := c.api("GET", "/health", "", "Authorization", "Bearer secret"); r.StatusCode != 200 {
		t.Error(r)
	}
	if r := c.page("/livez"); r.StatusCode != 200 || r.body != "ok\n" {
		t.Error(r)
	}
	r := c.page("/store")
	if r.StatusCode != 401 || !strings.Contains(r.body, "<html lang=\"zh-CN\"") || !strings.Contains(r.Header.Get("WWW-Authenticate"), "Basic") {
		t.Errorf("a browser is asked for the key, on a page: %q %v", r.Header.Get("WWW-Authenticate"), r)
	}
	req, _ := http.NewRequest("GET", c.base+"/store", nil)
	req.SetBasicAuth("anyone", "secret")
	res, err := c.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 {
		t.Errorf("with the key as password: %d", res.StatusCode)
	}

	open := serveTo(t, trained(t), Options{})
	for _, path := range []string{"/feedback", "/me/erase", "/api/v1/feedback"} {
		if r := open.do("POST", path, "application/x-www-form-urlencoded", "user=u_lin&confirm=u_lin", "Sec-Fetch-Site", "cross-site"); r.StatusCode != 403 {
			t.Errorf("%s from another site: %v", path, r)
		}
	}
	if _, err := trained(t).User(t.Context(), "u_lin"); err != nil {
		t.Error(err)
	}
}

func TestRate(t *testing.T) {
	c := serveTo(t, trained(t), Options{Rate: 1})
	for range 20 {
		if r := c.page("/livez"); r.StatusCode != 200 {
			t.Fatal(r)
		}
	}
	if r := c.page("/livez"); r.StatusCode != 429 || r.Header.Get("Retry-After") != "1" {
		t.Error(r)
	}
}

// TestPeople walks through what a person may see and change, over the API.
func TestPeople(t *testing.T) {
	c := serveTo(t, trained(t), Options{})
	if r := c.api("POST", "/users", `{"users":[{"id":"u_api","name":"阿皮","consents":{"history":true}}]}`); r.StatusCode != 200 {
		t.Fatal(r)
	}
	c.api("POST", "/interactions/batch", `{"interactions":[{"id":"a1","user":"u_api","item":"shop_0001","kind":"purchase"},{"id":"a2","user":"u_api","kind":"search","query":"杯"}]}`)
	var v engine.UserView
	c.api("GET", "/users/u_api", "").in(t, &v)
	if v.Count != 2 || v.User.Name != "阿皮" {
		t.Errorf("%+v", v)
	}
	for path, body := range map[string]string{"/personalisation": `{"on":false}`, "/consents/history": `{"given":false}`} {
		if r := c.api("PUT", "/users/u_api"+path, body); r.StatusCode != 200 {
			t.Error(r)
		}
	}
	var recs because.Recommendations
	c.api("GET", "/recommendations?user=u_api", "").in(t, &recs)
	if recs.Personalised {
		t.Error("personalisation is off, the list is personal")
	}
	if r := c.api("GET", "/users/u_api/export", ""); !strings.Contains(r.body, "阿皮") || r.Header.Get("Content-Type") != "application/json" {
		t.Error(r)
	}
	if r := c.api("DELETE", "/users/u_api/hidden/"+url.PathEscape("profile:interests"), ""); r.StatusCode != 200 {
		t.Error(r)
	}
	if r := c.api("DELETE", "/users/u_api", ""); r.StatusCode != 200 || !strings.Contains(r.body, "interactions") {
		t.Error(r)
	}
	if r := c.api("GET", "/users/u_api", ""); r.StatusCode != 404 {
		t.Error(r)
	}
	for _, path := range []string{"/users?limit=3", "/items?limit=3", "/models", "/learn", "/health"} {
		if r := c.api("GET", path, ""); r.StatusCode != 200 {
			t.Errorf("%s: %v", path, r)
		}
	}
}

// TestPaging reads all items in pages and meets each once.
func TestPaging(t *testing.T) {
	c := serveTo(t, trained(t), Options{})
	seen := map[string]bool{}
	for after := ""; ; {
		var p list[because.Item]
		c.api("GET", "/items?limit=40&after="+url.QueryEscape(after), "").in(t, &p)
		for _, it := range p.Items {
			if seen[it.ID] {
				t.Errorf("%s twice", it.ID)
			}
			seen[it.ID] = true
		}
		if after = p.Next; after == "" {
			break
		}
	}
	if len(seen) != trained(t).Health(t.Context()).Items {
		t.Errorf("%d items in pages", len(seen))
	}
}

func TestOpenAPI(t *testing.T) {
	c := serveTo(t, empty(t), Options{})
	r := c.do("GET", "/openapi.yaml", "", "")
	golden := filepath.Join("testdata", "openapi.golden.yaml")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(r.body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if r.body != string(want) {
		t.Errorf("the API's description has changed; if on purpose: go test ./internal/serve -run OpenAPI -update")
	}
	var doc struct {
		OpenAPI string                    `json:"openapi"`
		Paths   map[string]map[string]any `json:"paths"`
	}
	c.do("GET", "/openapi.json", "", "").in(t, &doc)
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || len(doc.Paths) < 15 {
		t.Errorf("OpenAPI %s with %d paths", doc.OpenAPI, len(doc.Paths))
	}
	if r := c.do("GET", "/metrics", "", ""); !strings.Contains(r.body, "because_http_requests_total") {
		t.Error(r)
	}
	if r := c.do("GET", "/readyz", "", ""); r.StatusCode != 503 {
		t.Error(r)
	}
}
