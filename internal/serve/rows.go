package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"because"
	"because/internal/engine"
)

// posted is an interaction as a caller tells it: its ID, time and context may be left out.
type posted struct {
	ID      string    `json:"id,omitempty" doc:"Your own ID: the same one again changes nothing."`
	User    string    `json:"user,omitempty"`
	Item    string    `json:"item,omitempty" doc:"Empty for a search."`
	Kind    string    `json:"kind" enum:"view,click,cart,purchase,rating,search"`
	Value   float64   `json:"value,omitempty" doc:"A rating, or how many."`
	Query   string    `json:"query,omitempty" maxLength:"2000"`
	Dwell   float64   `json:"dwell_s,omitempty" minimum:"0"`
	Session string    `json:"session,omitempty"`
	At      time.Time `json:"at,omitzero" doc:"Default: now."`
	Device  string    `json:"device,omitempty"`
	Place   string    `json:"place,omitempty"`
}

func interactions(in []posted) []because.Interaction {
	out := make([]because.Interaction, len(in))
	for i, x := range in {
		out[i] = because.Interaction{
			ID: x.ID, User: x.User, Item: x.Item, Kind: because.InteractionKind(x.Kind), Value: x.Value, Query: x.Query, Dwell: x.Dwell,
			Session: x.Session, Context: because.Context{At: x.At, Device: x.Device, Place: x.Place},
		}
	}
	return out
}

// page is one page of a list: the next one starts after the last ID.
type page struct {
	After string `query:"after" doc:"The last ID of the page before."`
	Limit int    `query:"limit" default:"50" minimum:"1" maximum:"1000"`
}

type ByID struct {
	ID string `path:"id"`
}

// list is a page of rows with where the next begins.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Give it as after to get the next page."`
}

func pageOf[T any](xs []T, limit int, id func(T) string) list[T] {
	out := list[T]{Items: append([]T{}, xs...)}
	if len(xs) == limit {
		out.Next = id(xs[len(xs)-1])
	}
	return out
}

func (s *server) itemRoutes(api huma.API) {
	route(s, api, "GET", "/items", "items", func(ctx context.Context, in *page) (*body[list[because.Item]], error) {
		xs, err := s.e.Items(ctx, in.After, in.Limit)
		return reply(pageOf(xs, in.Limit, func(x because.Item) string { return x.ID }), err)
	})
	route(s, api, "POST", "/items", "put-items", func(ctx context.Context, in *struct {
		Body struct {
			Items []because.Item `json:"items" minItems:"1" maxItems:"1000"`
		}
	}) (*body[changed], error) {
		n, err := s.e.PutItems(ctx, in.Body.Items)
		return reply(changed{n}, err)
	})
	route(s, api, "GET", "/items/{id}", "item", func(ctx context.Context, in *ByID) (*body[because.Item], error) {
		return reply(s.e.Item(ctx, in.ID))
	})
	route(s, api, "DELETE", "/items/{id}", "delete-item", func(ctx context.Context, in *ByID) (*body[changed], error) {
		return reply(changed{1}, s.e.DeleteItem(ctx, in.ID))
	})
	route(s, api, "PUT", "/items/{id}/available", "item-available", func(ctx context.Context, in *struct {
		ByID
		Body struct {
			Available bool `json:"available"`
		}
	}) (*body[changed], error) {
		return reply(changed{1}, s.e.SetAvailable(ctx, in.ID, in.Body.Available))
	})
	route(s, api, "POST", "/interactions", "add-interaction", func(ctx context.Context, in *struct{ Body posted }) (*body[changed], error) {
		n, err := s.e.AddInteractions(ctx, interactions([]posted{in.Body}))
		return reply(changed{n}, err)
	})
	route(s, api, "POST", "/interactions/batch", "add-interactions", func(ctx context.Context, in *struct {
		Body struct {
			Interactions []posted `json:"interactions" minItems:"1" maxItems:"10000"`
		}
	}) (*body[changed], error) {
		n, err := s.e.AddInteractions(ctx, interactions(in.Body.Interactions))
		return reply(changed{n}, err)
	})
}

func (s *server) userRoutes(api huma.API) {
	route(s, api, "GET", "/users", "users", func(ctx context.Context, in *page) (*body[list[because.User]], error) {
		xs, err := s.e.Users(ctx, in.After, in.Limit)
		return reply(pageOf(xs, in.Limit, func(x because.User) string { return x.ID }), err)
	})
	route(s, api, "POST", "/users", "put-users", func(ctx context.Context, in *struct {
		Body struct {
			Users []because.User `json:"users" minItems:"1" maxItems:"1000"`
		}
	}) (*body[changed], error) {
		n, err := s.e.PutUsers(ctx, in.Body.Users)
		return reply(changed{n}, err)
	})
	route(s, api, "GET", "/users/{id}", "user", func(ctx context.Context, in *ByID) (*body[engine.UserView], error) {
		return reply(s.e.ViewUser(ctx, in.ID))
	})
	route(s, api, "GET", "/users/{id}/export", "export-user", func(ctx context.Context, in *ByID) (*body[json.RawMessage], error) {
		var b bytes.Buffer
		err := s.e.ExportUser(ctx, in.ID, &b)
		return reply(json.RawMessage(b.Bytes()), err)
	})
	route(s, api, "DELETE", "/users/{id}", "erase-user", func(ctx context.Context, in *ByID) (*body[engine.Erased], error) {
		return reply(s.e.EraseUser(ctx, in.ID))
	})
	route(s, api, "PUT", "/users/{id}/personalisation", "personalisation", func(ctx context.Context, in *struct {
		ByID
		Body struct {
			On bool `json:"on"`
		}
	}) (*body[changed], error) {
		return reply(changed{1}, s.e.SetPersonal(ctx, in.ID, in.Body.On))
	})
	route(s, api, "PUT", "/users/{id}/consents/{name}", "consent", func(ctx context.Context, in *struct {
		ByID
		Name string `path:"name"`
		Body struct {
			Given bool `json:"given"`
		}
	}) (*body[changed], error) {
		return reply(changed{1}, s.e.SetConsent(ctx, in.ID, in.Name, in.Body.Given))
	})
	route(s, api, "DELETE", "/users/{id}/hidden/{key}", "unhide", func(ctx context.Context, in *struct {
		ByID
		Key string `path:"key"`
	}) (*body[changed], error) {
		return reply(changed{1}, s.e.Unhide(ctx, in.ID, in.Key))
	})
}
