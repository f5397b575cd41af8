package serve

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"because"
)

// docsPage lists the operations of the API.
type docsPage struct {
	*head
	Groups []docsGroup
	Origin string
	Try    string
}

type docsGroup struct {
	Title string
	Ops   []docsOp
}

type docsOp struct{ ID, Method, Path, Summary, Curl string }

func (s *server) docsPage(w http.ResponseWriter, r *http.Request) error {
	p := &docsPage{head: s.head(w, r, "docs"), Origin: origin(r)}
	p.Try = "curl -s " + shell(p.Origin+"/api/v1/recommendations?user=u_lin&explain=true&n=3")
	groups := []docsGroup{
		{Title: because.Say(p.Lang, "Recommend, explain, learn")}, {Title: because.Say(p.Lang, "Items and interactions")},
		{Title: because.Say(p.Lang, "People and their rights")}, {Title: because.Say(p.Lang, "State")},
	}
	for _, path := range sortedKeys(s.api.Paths) {
		item := s.api.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if op == nil {
				continue
			}
			g := &groups[docsGroupOf(path)]
			g.Ops = append(g.Ops, docsOp{op.OperationID, op.Method, path, summary(p.Lang, op.OperationID), example(p.Origin, op)})
		}
	}
	p.Groups = groups
	s.render(w, r, http.StatusOK, "docs", p)
	return nil
}

func docsGroupOf(path string) int {
	switch name, _, _ := strings.Cut(strings.TrimPrefix(path, "/api/v1/"), "/"); name {
	case "recommendations", "explain", "verify", "feedback", "impressions":
		return 0
	case "items", "interactions":
		return 1
	case "users":
		return 2
	}
	return 3
}

// bodies are example requests, by operation; a test posts each of them.
var bodies = map[string]string{
	"recommend-session": `{"session":[{"kind":"view","item":"shop_0001"}],"n":3,"explain":true}`,
	"explain":           `{"user":"u_lin","item":"shop_0001","counterfactuals":true}`,
	"verify":            `{"user":"u_lin","item":"shop_0001","text":"这款你上周买过。"}`,
	"feedback":          `{"impression":"IMPRESSION","kind":"helpful"}`,
	"put-items":         `{"items":[{"id":"mug-1","domain":"shop","name":{"zh":"马克杯","en":"Mug"},"categories":["mug"],"attributes":{"volume":{"value":350,"unit":"ml"}},"price":59}]}`,
	"item-available":    `{"available":true}`,
	"add-interaction":   `{"user":"u_lin","item":"mug-1","kind":"view"}`,
	"add-interactions":  `{"interactions":[{"id":"x-1","user":"u_lin","item":"mug-1","kind":"purchase"}]}`,
	"put-users":         `{"users":[{"id":"u_new","name":"新用户","lang":"zh"}]}`,
	"personalisation":   `{"on":true}`,
	"consent":           `{"given":true}`,
}

// example is a call of an operation as typed into a shell.
func example(origin string, op *huma.Operation) string {
	path := strings.NewReplacer("{id}", exampleID(op.Path), "{name}", "history", "{key}", "profile:interests").Replace(op.Path)
	if op.OperationID == "recommend" {
		path += "?user=u_lin&explain=true&n=3"
	}
	s := "curl -s "
	if op.Method != http.MethodGet && op.Method != http.MethodPost {
		s += "-X " + op.Method + " "
	}
	s += shell(origin + path)
	if body := bodies[op.OperationID]; body != "" {
		s += fmt.Sprintf(" \\\n  -H 'Content-Type: application/json' \\\n  -d %s", shell(body))
	}
	return s
}

func exampleID(path string) string {
	switch {
	case strings.HasPrefix(path, "/api/v1/users"):
		return "u_lin"
	case strings.HasPrefix(path, "/api/v1/impressions"):
		return "IMPRESSION"
	}
	return "mug-1"
}

// summary says what an operation is for.
func summary(lang because.Lang, id string) string {
	switch id {
	case "health":
		return because.Say(lang, "State of the engine")
	case "learn-status":
		return because.Say(lang, "What the policy has learned")
	case "models":
		return because.Say(lang, "Trained models")
	case "recommend":
		return because.Say(lang, "Recommend items, with a verified reason for each if asked")
	case "recommend-session":
		return because.Say(lang, "Recommend for a session or among candidates")
	case "explain":
		return because.Say(lang, "Explain one recommendation, several, or one of your own recommender")
	case "verify":
		return because.Say(lang, "Check a text claim by claim against the evidence")
	case "impression":
		return because.Say(lang, "What was shown, with its evidence and propensity")
	case "replay":
		return because.Say(lang, "Write and judge a text that was shown again, from what was stored of it")
	case "feedback":
		return because.Say(lang, "Say how an impression was received")
	case "items":
		return because.Say(lang, "List items")
	case "put-items":
		return because.Say(lang, "Add or replace items")
	case "item":
		return because.Say(lang, "One item")
	case "delete-item":
		return because.Say(lang, "Delete an item")
	case "item-available":
		return because.Say(lang, "Say whether an item may be recommended")
	case "add-interaction":
		return because.Say(lang, "Tell one thing that a user did")
	case "add-interactions":
		return because.Say(lang, "Tell many things that users did")
	case "users":
		return because.Say(lang, "List users")
	case "put-users":
		return because.Say(lang, "Add or replace users")
	case "user":
		return because.Say(lang, "What a reader may see and change about themselves")
	case "export-user":
		return because.Say(lang, "Everything stored about a user")
	case "erase-user":
		return because.Say(lang, "Erase a user: every row, text and hidden reason")
	case "personalisation":
		return because.Say(lang, "Switch personalisation on or off")
	case "consent":
		return because.Say(lang, "Give or withdraw one consent")
	case "unhide":
		return because.Say(lang, "Let a hidden reason be cited again")
	}
	return id
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
