package engine

import (
	"context"
	"slices"
	"time"

	"because"
)

// Check judges a text claim by claim against the evidence on a user and an item, and says what of it could be shown.
func (e *Engine) Check(ctx context.Context, r CheckRequest) (Checked, error) {
	if r.Item == "" || r.Text == "" {
		return Checked{}, because.Errorf(because.ErrInvalid, "Give an item and a text to check.")
	}
	p, err := e.planOne(ctx, ExplainRequest{User: r.User, Item: r.Item, Need: r.Need, Lang: r.Lang, Context: r.Context}, time.Now())
	if err != nil {
		return Checked{}, err
	}
	out := Checked{Text: r.Text, Evidence: p.all, Claims: e.verifier.Claims(r.Text, p.given)}
	out.OK = !slices.ContainsFunc(out.Claims, func(c because.Claim) bool { return c.Verdict != because.Supported })
	if v := e.verifier.Verify(r.Text, p.given); v.OK {
		out.Repaired = v.Text
	}
	return out, nil
}
