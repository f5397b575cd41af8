package generate

import (
	"context"
	"encoding/json"
	"fmt"

	"because"
)

// Echo is a Generator whose draft is the request itself as JSON, so that a test sees what reached it.
type Echo struct{}

// Draft implements Generator.
func (Echo) Draft(ctx context.Context, req Request) ([]Draft, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("echo: %w", err)
	}
	b, err := json.Marshal(req)
	if err != nil {
		return nil, fmt.Errorf("echo: %w", err)
	}
	var ids []string
	for _, e := range req.Evidence {
		ids = append(ids, e.ID)
	}
	return []Draft{{Text: string(b), Evidence: ids, Source: because.FromTemplate, Model: "echo"}}, nil
}
