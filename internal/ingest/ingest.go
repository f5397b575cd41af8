// Package ingest reads what a site has — items, users, interactions, reviews, its own explanations, or a folder of a
// known data set — cleans each row, and names each row that it cannot take.
//
// It knows no store: cleaned rows go to a Sink in batches. Nothing is dropped without being counted: a row is taken,
// known already, a duplicate within the file, or rejected with its file, line and reason.
package ingest

import (
	"context"
	"io"
	"time"

	"because"
	"because/internal/pack"
)

// A Sink takes cleaned rows in batches, one after another. Each method returns how many rows changed something; it does
// not keep the slice.
type Sink interface {
	Items(ctx context.Context, xs []because.Item) (int, error)
	Users(ctx context.Context, xs []because.User) (int, error)
	Interactions(ctx context.Context, xs []because.Interaction) (int, error)
	Reviews(ctx context.Context, xs []because.Review) (int, error)
	Examples(ctx context.Context, xs []because.Example) (int, error)
}

// Options say what is read and how.
type Options struct {
	Kind     string            // items, users, interactions, reviews, examples, dataset
	Path     string            // a file, a folder (dataset), or "-" with Reader
	Reader   io.Reader         // for "-"
	Domain   string            // of items that name none
	Format   string            // auto (or empty), csv, tsv, jsonl, parquet, movielens, recbole, gorse, personalize
	Map      map[string]string // our field -> their column
	DryRun   bool              // read and report, write nothing
	Lang     because.Lang      // of notes and reasons
	Zone     *time.Location    // of times without one; nil means UTC
	Now      time.Time         // times beyond it are out of range
	Packs    *pack.Set
	Rejects  func() (io.WriteCloser, error)      // opened at the first rejected row; nil keeps none
	Progress func(stage string, done, total int) // bytes read of each file; may be nil
}

// A Report says what became of the rows, file by file.
type Report struct {
	Files    []File  `json:"files"`
	DryRun   bool    `json:"dry_run"`
	Rejects  string  `json:"rejects,omitempty"` // the file that keeps the rejected rows
	TookMS   float64 `json:"took_ms"`
	Canceled bool    `json:"canceled,omitempty"`
}

// A File is the outcome for one file.
type File struct {
	File       string            `json:"file"`
	Kind       string            `json:"kind"`
	Format     string            `json:"format"`
	Encoding   string            `json:"encoding"`
	Read       int               `json:"read"`      // rows
	Added      int               `json:"added"`     // rows that changed something
	Unchanged  int               `json:"unchanged"` // known already
	Rejected   int               `json:"rejected"`
	Duplicates int               `json:"duplicates"` // within the file
	Columns    map[string]string `json:"columns"`    // our field -> their column
	Filled     map[string]int    `json:"filled"`     // missing values, by field
	Notes      []string          `json:"notes"`      // what was filled and how, cleaned or noticed; in the reader's language
	Samples    []Rejected        `json:"samples"`    // the first rejected rows
}
