package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
	"because/internal/synth"
)

func (a *app) synthCmd() *cobra.Command {
	var out, only string
	var users, items, interactions int
	var domains []string
	cmd := &cobra.Command{
		Use:     "synth",
		Short:   because.Say(a.lang, "Invent a world whose users' true reasons are known"),
		Example: "  because synth --out ./world\n  because synth --out ./big --users 100000 --seed 7 && because import dataset ./big",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return because.Errorf(because.ErrInvalid, "Say where to write the world: --out FOLDER")
			}
			if users < 0 || items < 0 || interactions < 0 {
				return because.Errorf(because.ErrInvalid, "Counts cannot be negative.")
			}
			o := synth.Options{Seed: uint64(a.settings.num("seed")), Users: users, Items: items, Interactions: interactions, Domains: domains}
			if only != "" {
				l, ok := because.ParseLang(only)
				if !ok {
					return because.Errorf(because.ErrInvalid, "There is no language %q. Choose zh or en.", only)
				}
				o.Lang = l
			}
			w, err := synth.Generate(o)
			if err != nil {
				return err
			}
			if err := w.Write(out); err != nil {
				return err
			}
			said := because.Say(a.lang, "Wrote %d users and %d items to %s; the true reasons are in truth.jsonl.", len(w.Users), len(w.Items), out)
			if err := a.did(said, map[string]any{"folder": out, "users": len(w.Users), "items": len(w.Items), "reviews": len(w.Reviews)}); err != nil {
				return err
			}
			a.next("because import dataset " + out)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&out, "out", "", because.Say(a.lang, "folder to write"))
	f.StringVar(&only, "only", "", because.Say(a.lang, "texts in one language only: zh or en; default both"))
	f.IntVar(&users, "users", 0, because.Say(a.lang, "users; 0 means about 600"))
	f.IntVar(&items, "items", 0, because.Say(a.lang, "items; 0 means about 900"))
	f.IntVar(&interactions, "interactions", 0, because.Say(a.lang, "interactions; 0 means about 50000 for 600 users"))
	f.StringSliceVar(&domains, "domains", nil, because.Say(a.lang, "domains, separated by commas; default all seven"))
	return cmd
}

func (a *app) importCmd() *cobra.Command {
	var r engine.ImportRequest
	var columns []string
	cmd := &cobra.Command{
		Use:   "import KIND PATH",
		Short: because.Say(a.lang, "Read items, users, interactions, reviews, examples or a whole data set"),
		Long: because.Say(a.lang, "KIND is items, users, interactions, reviews, examples or dataset. PATH is a file, a folder (dataset) or - for standard input. "+
			"CSV, TSV, JSON lines and Parquet are read, gzip and zstd too, in UTF-8 or GB18030; columns are found by their names in Chinese or English. "+
			"A row that cannot be taken is named and kept under rejects/."),
		Example: "  because import dataset ./movietweetings-100k\n  because import items 商品.csv --domain shop\n  zcat log.jsonl.gz | because import interactions -\n  because import interactions orders.csv --map user=买家,item=货号 --dry-run",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			r.Kind, r.Path, r.Lang, r.Map = args[0], args[1], a.lang, map[string]string{}
			for _, c := range columns {
				ours, theirs, ok := strings.Cut(c, "=")
				if !ok {
					return because.Errorf(because.ErrInvalid, "--map wants field=column, not %q.", c)
				}
				r.Map[ours] = theirs
			}
			if r.Path == "-" {
				r.Reader = reader(cmd.Context(), a.stdin)
			} else if _, err := os.Stat(r.Path); err != nil {
				return because.Errorf(because.ErrNotFound, "%s cannot be read.", r.Path) // before a data folder is made
			}
			e, err := a.open(cmd.Context(), false)
			if err != nil {
				return err
			}
			defer e.Close()
			bar := a.progress()
			report, err := e.Import(cmd.Context(), r, bar.update)
			bar.done()
			if a.json {
				if jerr := a.printJSON(report); jerr != nil {
					return jerr
				}
			} else {
				a.imported(report)
			}
			if err == nil {
				a.next("because train")
			}
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&r.Domain, "domain", "", because.Say(a.lang, "domain of items that name none"))
	f.StringVar(&r.Format, "format", "auto", because.Say(a.lang, "auto, csv, tsv, jsonl, parquet, movielens, recbole, gorse or personalize"))
	f.StringSliceVar(&columns, "map", nil, because.Say(a.lang, "our field = their column, for columns that are not found by name"))
	f.BoolVar(&r.DryRun, "dry-run", false, because.Say(a.lang, "read and report, store nothing"))
	return cmd
}

// reader reads from r until ctx ends: a Read that waits for a pipe or a person returns then.
func reader(ctx context.Context, r io.Reader) io.Reader {
	pr, pw := io.Pipe()
	context.AfterFunc(ctx, func() { pw.CloseWithError(ctx.Err()) })
	go func() { // ends with the input, or with the process
		_, err := io.Copy(pw, r)
		pw.CloseWithError(err)
	}()
	return pr
}

// imported prints what became of each file.
func (a *app) imported(r engine.ImportReport) {
	for _, f := range r.Files {
		a.line(because.Say(a.lang, "%s: %d %s read, %d stored, %d known already, %d duplicates, %d rejected", f.File, f.Read, f.Kind, f.Added, f.Unchanged, f.Duplicates, f.Rejected))
		var cols []string
		for ours, theirs := range f.Columns {
			cols = append(cols, theirs+" → "+ours)
		}
		sort.Strings(cols)
		if len(cols) > 0 {
			a.line("  " + because.Say(a.lang, "columns: %s", strings.Join(cols, ", ")))
		}
		for _, n := range f.Notes {
			a.line("  " + n)
		}
		for _, s := range f.Samples {
			a.line("  " + because.Say(a.lang, "line %d: %s", s.Line, s.Reason))
		}
	}
	if r.Rejects != "" {
		a.line(because.Say(a.lang, "Rejected rows are kept in %s", r.Rejects))
	}
	if r.DryRun {
		a.line(because.Say(a.lang, "Dry run: nothing was stored."))
	}
}

func (a *app) exportCmd() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:     "export KIND",
		Short:   because.Say(a.lang, "Write all rows of a kind as JSON lines"),
		Example: "  because export interactions > interactions.jsonl\n  because export impressions --out impressions.jsonl",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.open(cmd.Context(), true)
			if err != nil {
				return err
			}
			defer e.Close()
			return a.write(out, func(w io.Writer) error {
				n, err := e.Export(cmd.Context(), args[0], w)
				if err == nil {
					a.talk(because.Say(a.lang, "%d rows", n))
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&out, "out", "", because.Say(a.lang, "file to write; default standard output"))
	return cmd
}

// write calls f with a file that appears whole or not at all, or with standard output.
func (a *app) write(path string, f func(io.Writer) error) error {
	if path == "" || path == "-" {
		return f(a.stdout)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".because-")
	if err != nil {
		return because.Errorf(because.ErrForbidden, "%s cannot be written.", path)
	}
	defer os.Remove(tmp.Name())
	if err := f(tmp); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(tmp.Name(), path)
}

func (a *app) trainCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "train",
		Short:   because.Say(a.lang, "Fit the rankers on what the store holds"),
		Example: "  because train\n  because train --json --seed 7",
		RunE: func(cmd *cobra.Command, _ []string) error {
			e, err := a.open(cmd.Context(), false)
			if err != nil {
				return err
			}
			defer e.Close()
			r, err := a.train(cmd.Context(), e)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(r)
			}
			a.line(because.Say(a.lang, "Trained %s on %d interactions of %d users with %d items in %.1f s.", r.Model, r.Interactions, r.Users, r.Items, r.TookMS/1000))
			a.next("because recommend --explain --user USER")
			return nil
		},
	}
	cmd.AddCommand(a.trainLMCmd(), a.trainAdversarialCmd(), a.trainFeedbackCmd(), a.trainDistillCmd(), a.trainTokenizerCmd(), a.trainArticleCmd(), a.trainReportCmd())
	return cmd
}

func (a *app) train(ctx context.Context, e *engine.Engine) (engine.TrainReport, error) {
	bar := a.progress()
	defer bar.done()
	return e.Train(ctx, bar.update)
}
