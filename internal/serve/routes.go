package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"because"
	"because/internal/engine"
)

// registerTypes describes the root's types that write their own JSON.
func registerTypes(api huma.API) {
	r := api.OpenAPI().Components.Schemas
	r.RegisterTypeAlias(reflect.TypeFor[because.Text](), reflect.TypeFor[anyText]())
	r.RegisterTypeAlias(reflect.TypeFor[because.Value](), reflect.TypeFor[anyValue]())
}

type anyText struct{}

func (anyText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Description: "A text for everybody, or one per language.", OneOf: []*huma.Schema{
		{Type: huma.TypeString}, {Type: huma.TypeObject, AdditionalProperties: &huma.Schema{Type: huma.TypeString}},
	}}
}

type anyValue struct{}

func (anyValue) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Description: `A number, {"value": 14, "unit": "h"}, a word, a list of words, or true or false.`}
}

// route registers one operation. f is parse-free: huma has read the input.
func route[I, O any](s *server, api huma.API, method, path, id string, f func(context.Context, *I) (*O, error)) {
	huma.Register(api, huma.Operation{
		OperationID: id, Method: method, Path: "/api/v1" + path, Summary: summary(because.English, id), MaxBodyBytes: s.o.MaxBody,
		Security: []map[string][]string{{"key": {}}}, DefaultStatus: http.StatusOK,
	}, func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// body wraps what is answered.
type body[T any] struct{ Body T }

func reply[T any](v T, err error) (*body[T], error) {
	if err != nil {
		return nil, err
	}
	return &body[T]{v}, nil
}

type none struct{}

// changed is the answer to a write.
type changed struct {
	Changed int `json:"changed" doc:"Rows that were new or different; posting the same again changes nothing."`
}

func (s *server) routes(api huma.API) {
	s.recommendRoutes(api)
	s.itemRoutes(api)
	s.userRoutes(api)
	route(s, api, "GET", "/health", "health", func(ctx context.Context, _ *none) (*body[engine.Health], error) {
		return reply(s.e.Health(ctx), nil)
	})
	route(s, api, "GET", "/learn", "learn-status", func(ctx context.Context, _ *none) (*body[engine.LearnStatus], error) {
		return reply(s.e.LearnStatus(ctx))
	})
	route(s, api, "GET", "/models", "models", func(context.Context, *none) (*body[[]engine.ModelInfo], error) {
		return reply(s.e.Models())
	})
}

// Circumstances say when and where a request is made, beside its time.
type Circumstances struct {
	Hour   int    `query:"hour" default:"-1" minimum:"-1" maximum:"23" doc:"Hour of the day instead of the present one."`
	Device string `query:"device" maxLength:"40" doc:"phone, tablet, desktop, tv"`
	Place  string `query:"place" maxLength:"40" doc:"Coarse place: home, work, commute, out."`
}

func (c Circumstances) context(now time.Time) because.Context {
	now = now.In(engine.Shanghai)
	if c.Hour >= 0 {
		now = time.Date(now.Year(), now.Month(), now.Day(), c.Hour, 0, 0, 0, now.Location())
	}
	return because.Context{At: now, Device: c.Device, Place: c.Place}
}

type listInput struct {
	Circumstances
	User     string `query:"user" maxLength:"10240" doc:"Leave out for a visitor."`
	N        int    `query:"n" default:"10" minimum:"1" maximum:"200"`
	Domain   string `query:"domain" maxLength:"100"`
	Need     string `query:"need" maxLength:"2000" doc:"What the reader is looking for, in their own words."`
	Explain  bool   `query:"explain" doc:"Write a verified reason for each."`
	Personal bool   `query:"personal" default:"true" doc:"false: the list that is not based on the reader."`
	Style    string `query:"style" maxLength:"20"`
	Source   string `query:"source" maxLength:"20" doc:"auto, template, embedded, llm"`
	Lang     string `query:"lang" maxLength:"20" doc:"zh or en; else Accept-Language."`
}

// listBody is the posted form, which can also carry a session and candidates.
type listBody struct {
	User       string   `json:"user,omitempty"`
	Session    []posted `json:"session,omitempty" maxItems:"1000" doc:"What a visitor did, oldest first; nothing of it is stored."`
	N          int      `json:"n,omitempty" minimum:"0" maximum:"200"`
	Domain     string   `json:"domain,omitempty"`
	Need       string   `json:"need,omitempty" maxLength:"2000"`
	Candidates []string `json:"candidates,omitempty" maxItems:"100000" doc:"Only these items."`
	Explain    bool     `json:"explain,omitempty"`
	Impersonal bool     `json:"impersonal,omitempty"`
	Style      string   `json:"style,omitempty"`
	Source     string   `json:"source,omitempty"`
	Context    *place   `json:"context,omitempty"`
}

// place is the context of a posted request.
type place struct {
	At     time.Time `json:"at,omitzero" doc:"Default: now."`
	Device string    `json:"device,omitempty"`
	Place  string    `json:"place,omitempty"`
}

func (p *place) context(now time.Time) because.Context {
	if p == nil {
		return because.Context{At: now}
	}
	c := because.Context{At: p.At, Device: p.Device, Place: p.Place}
	if c.At.IsZero() {
		c.At = now
	}
	return c
}

// explainBody asks for one explanation or, with items, for several.
type explainBody struct {
	User            string   `json:"user,omitempty"`
	Session         []posted `json:"session,omitempty" maxItems:"1000"`
	Item            string   `json:"item,omitempty"`
	Items           []string `json:"items,omitempty" maxItems:"100"`
	Need            string   `json:"need,omitempty" maxLength:"2000" doc:"Without item: finds the item that meets it."`
	Domain          string   `json:"domain,omitempty"`
	Foreign         *foreign `json:"foreign,omitempty" doc:"An item of your own recommender, with its score and attributions."`
	Context         *place   `json:"context,omitempty"`
	Style           string   `json:"style,omitempty"`
	Lead            string   `json:"lead,omitempty" doc:"Kind of evidence that leads."`
	Source          string   `json:"source,omitempty"`
	Impersonal      bool     `json:"impersonal,omitempty"`
	Counterfactuals bool     `json:"counterfactuals,omitempty" doc:"Replay the ranker without each main cause."`
	Log             *bool    `json:"log,omitempty" doc:"Store the impression; default true."`
}

// foreign is what a caller states of its own recommendation. Only what is in our evidence or here may be said.
type foreign struct {
	Item         because.Item         `json:"item"`
	Score        float64              `json:"score,omitempty"`
	Attributions []engine.Attribution `json:"attributions,omitempty" maxItems:"50"`
}

type explanations struct {
	Items []because.Explanation `json:"items"`
}

func (s *server) recommendRoutes(api huma.API) {
	route(s, api, "GET", "/recommendations", "recommend",
		func(ctx context.Context, in *listInput) (*recommended, error) {
			return s.recommend(ctx, engine.ListRequest{
				User: in.User, N: in.N, Domain: in.Domain, Context: in.context(s.o.Now()), Need: in.Need, Impersonal: !in.Personal,
				Explain: in.Explain, Style: because.Style(in.Style), Source: in.Source,
			})
		})
	route(s, api, "POST", "/recommendations", "recommend-session",
		func(ctx context.Context, in *struct{ Body listBody }) (*recommended, error) {
			b := in.Body
			return s.recommend(ctx, engine.ListRequest{
				User: b.User, Session: interactions(b.Session), N: b.N, Domain: b.Domain, Context: b.Context.context(s.o.Now()), Need: b.Need,
				Candidates: b.Candidates, Impersonal: b.Impersonal, Explain: b.Explain, Style: because.Style(b.Style), Source: b.Source,
			})
		})
	route(s, api, "POST", "/explain", "explain",
		func(ctx context.Context, in *struct{ Body explainBody }) (*explained, error) {
			return s.explain(ctx, in.Body)
		})
	route(s, api, "POST", "/verify", "verify",
		func(ctx context.Context, in *struct {
			Body struct {
				User string `json:"user,omitempty"`
				Item string `json:"item"`
				Need string `json:"need,omitempty"`
				Text string `json:"text" maxLength:"4000"`
			}
		}) (*body[engine.Checked], error) {
			b := in.Body
			return reply(s.e.Check(ctx, engine.CheckRequest{User: b.User, Item: b.Item, Need: b.Need, Text: b.Text, Lang: infoOf(ctx).lang}))
		})
	route(s, api, "GET", "/impressions/{id}", "impression",
		func(ctx context.Context, in *struct {
			ID string `path:"id"`
		}) (*body[because.Impression], error) {
			return reply(s.e.Impression(ctx, in.ID))
		})
	route(s, api, "GET", "/impressions/{id}/replay", "replay",
		func(ctx context.Context, in *struct {
			ID string `path:"id"`
		}) (*body[engine.Replay], error) {
			return reply(s.e.Replay(ctx, in.ID, infoOf(ctx).lang))
		})
	route(s, api, "POST", "/feedback", "feedback",
		func(ctx context.Context, in *struct {
			Body struct {
				ID         string `json:"id,omitempty" doc:"Your own ID: the same one again changes nothing."`
				Impression string `json:"impression"`
				Kind       string `json:"kind" doc:"clicked, helpful, not_helpful, wrong, too_personal, hide_reason, undo"`
				Target     string `json:"target,omitempty" doc:"hide_reason: the evidence ID; undo: the feedback ID."`
			}
		}) (*body[engine.FeedbackResult], error) {
			b := in.Body
			out, err := s.e.Feedback(ctx, because.Feedback{ID: b.ID, Impression: b.Impression, Kind: because.FeedbackKind(b.Kind), Target: b.Target})
			if err == nil {
				s.metrics.feedback.WithLabelValues(b.Kind).Inc()
			}
			return reply(out, err)
		})
}

// recommended is a list; when it holds texts, it carries their mark.
type recommended struct {
	AIGC string `header:"AIGC" doc:"The machine-readable mark of generated text."`
	Body because.Recommendations
}

func (s *server) recommend(ctx context.Context, r engine.ListRequest) (*recommended, error) {
	r.Lang = infoOf(ctx).lang
	r.Log = r.Explain
	list, err := s.list(ctx, r)
	if err != nil {
		return nil, err
	}
	out := &recommended{Body: list}
	for _, rec := range list.Items {
		if x := rec.Explanation; x != nil && out.AIGC == "" {
			p := x.Provenance
			p.ContentID = list.RequestID // each text has its own in the body
			out.AIGC = mark(p)
		}
	}
	return out, nil
}

// explained is one explanation, or a list when a list was asked for; texts carry the mark of generated content.
type explained struct {
	AIGC string `header:"AIGC" doc:"The machine-readable mark of generated text."`
	Body any
}

// mark is the header of generated texts: the same provenance as in the body.
func mark(p because.Provenance) string {
	b, err := json.Marshal(map[string]string{"Label": "1", "ContentProducer": "because", "ProduceID": p.ContentID, "Model": p.Model})
	if err != nil {
		return ""
	}
	return string(bytes.ToValidUTF8(b, nil))
}

func (s *server) explain(ctx context.Context, b explainBody) (*explained, error) {
	r := engine.ExplainRequest{
		User: b.User, Session: interactions(b.Session), Item: b.Item, Need: b.Need, Domain: b.Domain, Context: b.Context.context(s.o.Now()),
		Style: because.Style(b.Style), Lead: because.EvidenceKind(b.Lead), Source: b.Source, Impersonal: b.Impersonal,
		Counterfactuals: b.Counterfactuals, Log: b.Log == nil || *b.Log, Lang: infoOf(ctx).lang,
	}
	if b.Foreign != nil {
		r.Foreign = &engine.Foreign{Item: b.Foreign.Item, Score: b.Foreign.Score, Attributions: b.Foreign.Attributions}
	}
	if len(b.Items) == 0 {
		x, err := s.e.Explain(ctx, r)
		if err != nil {
			return nil, err
		}
		s.metrics.explained(&x)
		return &explained{AIGC: mark(x.Provenance), Body: x}, nil
	}
	out := explanations{Items: []because.Explanation{}}
	for _, id := range b.Items {
		r.Item = id
		x, err := s.e.Explain(ctx, r)
		if err != nil {
			return nil, err
		}
		s.metrics.explained(&x)
		out.Items = append(out.Items, x)
	}
	return &explained{AIGC: mark(out.Items[0].Provenance), Body: out}, nil
}
