package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"because"
	"because/internal/evidence"
	"because/internal/pack"
	"because/internal/recommend"
)

// historyLimit bounds how many interactions of a reader a request looks at, the latest ones.
const historyLimit = 400

// A reader is what a request may know of the person that it answers: nothing here goes beyond their consents.
type reader struct {
	user    because.User          // the zero value for somebody anonymous
	history []because.Interaction // oldest first
	past    []evidence.Past       // history with its items
	hidden  []string              // reasons that must not be cited again
}

// reader reads a person's rows, as far as consents go. An empty id with no session is somebody anonymous.
func (e *Engine) reader(ctx context.Context, w *world, id string, session []because.Interaction, impersonal bool) (reader, error) {
	var r reader
	if id != "" {
		u, err := e.db.User(ctx, id)
		if errors.Is(err, because.ErrNotFound) {
			return r, because.Errorf(because.ErrNotFound, "There is no user %q. Import users or interactions, or leave the user out for a visitor.", short(id))
		}
		if err != nil {
			return r, fmt.Errorf("read user: %w", err)
		}
		r.user = u
		if r.hidden, err = e.db.Hidden(ctx, id); err != nil {
			return r, fmt.Errorf("read hidden reasons: %w", err)
		}
	}
	if impersonal || r.user.Impersonal {
		r.user.Impersonal = true
		return r, nil
	}
	if id != "" {
		stored, err := e.db.History(ctx, id, historyLimit)
		if err != nil {
			return r, fmt.Errorf("read history: %w", err)
		}
		r.history = stored
	}
	r.history = append(r.history, session...)
	slices.SortStableFunc(r.history, func(a, b because.Interaction) int { return a.Context.At.Compare(b.Context.At) })
	r.history = slices.DeleteFunc(r.history, func(x because.Interaction) bool { return !e.consented(w, r.user, x) })
	for i := range r.history {
		r.history[i].Context = e.circumstances(r, r.history[i].Context)
		r.past = append(r.past, evidence.Past{Interaction: r.history[i], Item: w.items[r.history[i].Item]})
	}
	return r, nil
}

// placeConsent is the consent that the device and the coarse place of a request, and of what somebody did, need.
const placeConsent = "place"

// circumstances completes those of a request, or of what a reader did, as far as consents go.
func (e *Engine) circumstances(r reader, c because.Context) because.Context {
	c = e.context(c)
	if !e.packs.Pack("").Consented(placeConsent, r.user.Consents) {
		c.Device, c.Place = "", ""
	}
	return c
}

// evidenceOf is the kind of evidence that an interaction becomes, which consents are asked for.
var evidenceOf = map[because.InteractionKind]because.EvidenceKind{
	because.View: because.Viewed, because.Click: because.Viewed, because.Cart: because.Carted,
	because.Purchase: because.Bought, because.Rating: because.Rated, because.Search: because.Searched,
}

// consented reports whether u lets us use x.
func (e *Engine) consented(w *world, u because.User, x because.Interaction) bool {
	return e.packs.Pack(w.items[x.Item].Domain).Allows(evidenceOf[x.Kind], u.Consents)
}

// profile is what of the reader's profile may be used in a domain.
func (r reader) profile(p *pack.Pack) map[string]because.Value {
	if r.user.Impersonal {
		return nil
	}
	out := map[string]because.Value{}
	for field, v := range r.user.Profile {
		if f, ok := p.Profile[field]; ok && p.Consented(f.Consent, r.user.Consents) {
			out[field] = v
		}
	}
	return out
}

// anyProfile is what of the reader's profile may be used for ranking over the given domains: a field that any of them
// does not consent to is left out.
func (e *Engine) anyProfile(r reader, domains []string) map[string]because.Value {
	out := map[string]because.Value{}
	for _, d := range domains {
		for field, v := range r.profile(e.packs.Pack(d)) {
			out[field] = v
		}
	}
	for _, d := range domains {
		p := e.packs.Pack(d)
		for field := range out {
			if f, ok := p.Profile[field]; ok && !p.Consented(f.Consent, r.user.Consents) {
				delete(out, field)
			}
		}
	}
	return out
}

// query is what the ranker is asked for a reader.
func (e *Engine) query(w *world, r reader, c because.Context, domain, need string) recommend.Query {
	domains := e.packs.Domains()
	if domain != "" {
		domains = []string{domain}
	}
	return recommend.Query{
		History: r.history, Profile: e.anyProfile(r, domains), Context: c, Need: need, Domain: domain,
		Exclude: append(w.outOf(c.At), e.barred(w, r, domains, c.At)...), Seed: e.o.Seed,
	}
}

// barred are the items that may not be recommended to a reader, by the limits of their packs.
func (e *Engine) barred(w *world, r reader, domains []string, now time.Time) (out []string) {
	for _, d := range domains {
		p := e.packs.Pack(d)
		if len(w.bound[d]) == 0 || !slices.ContainsFunc(p.Limits, func(l pack.Limit) bool { return l.Needed || !r.user.Profile[l.Profile].IsZero() }) {
			continue
		}
		used := r.profile(p)
		for _, id := range w.bound[d] {
			if _, ok := p.Barred(w.items[id], r.user.Profile, used, now); ok {
				out = append(out, id)
			}
		}
	}
	return out
}

// personalKinds are the contributions that come from the reader.
var personalKinds = map[string]bool{"history": true, "category": true, "attribute": true, "price": true, "search": true, "profile": true, "context": true}

// personal reports whether any part of a score comes from the reader.
func personal(cs []because.Contribution) bool {
	return slices.ContainsFunc(cs, func(c because.Contribution) bool { return personalKinds[c.Kind()] && c.Value != 0 })
}

// short caps a stranger's words for a sentence.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
