package main

import (
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

func (a *app) packCmd() *cobra.Command {
	return a.group("pack", because.Say(a.lang, "Domain packs: list, check, start one of your own"), a.packListCmd(), a.packNewCmd(), a.packCheckCmd())
}

// packFolder is where the site's own packs stand.
func (a *app) packFolder() string {
	if dir := a.settings.str("packs"); dir != "" {
		return dir
	}
	return filepath.Join(a.settings.str("data"), engine.PackFolder)
}

func (a *app) packListCmd() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: because.Say(a.lang, "List the packs: built-in ones and your own"),
		Example: "  because pack list\n  because pack list --packs ./packs --json",
		RunE: func(*cobra.Command, []string) error {
			packs, err := engine.Packs(a.packFolder())
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(packs)
			}
			var rows [][]string
			for _, p := range packs {
				where := p.Folder
				switch {
				case p.Broken:
					where += "  " + because.Say(a.lang, "broken; see because pack check")
				case where == "":
					where = because.Say(a.lang, "built in")
				}
				rows = append(rows, []string{p.Name, p.Label.In(a.lang), because.Say(a.lang, "%d fields", p.Fields), because.Say(a.lang, "%d rules", p.Rules),
					because.Say(a.lang, "%d patterns in Chinese, %d in English", p.Patterns[because.Chinese], p.Patterns[because.English]), where})
			}
			a.table(rows)
			return nil
		},
	}
}

func (a *app) packNewCmd() *cobra.Command {
	return &cobra.Command{
		Use: "new NAME", Short: because.Say(a.lang, "Start a pack of your own: commented files that work"),
		Long:    because.Say(a.lang, "Writes a folder NAME with a pack that works as it is and whose comments say what each part is for. It goes below the folder of --packs, else below packs in the data folder, where it is found by itself."),
		Example: "  because pack new recruit\n  because pack new recruit --packs ./packs",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			files, err := engine.NewPack(a.packFolder(), args[0], a.lang)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(files)
			}
			for _, f := range files {
				a.line(f)
			}
			a.talk(because.Say(a.lang, "Next: make it your own, then because pack check %s", filepath.Dir(files[0])))
			return nil
		},
	}
}

func (a *app) packCheckCmd() *cobra.Command {
	return &cobra.Command{
		Use: "check [WHAT]", Short: because.Say(a.lang, "Check a pack and say what is wrong, by file and line"),
		Long:    because.Say(a.lang, "WHAT is the folder of a pack, a folder of packs, or a pack's name; without it, all your own packs are checked, or the built-in ones where you have none. Every wording is filled with sample evidence and verified. The exit code is 3 when something is wrong."),
		Example: "  because pack check ./packs/recruit\n  because pack check shop --json",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := engine.CheckPacks(a.packFolder(), strings.Join(args, ""), a.lang)
			if err != nil {
				return err
			}
			if a.json {
				err = a.printJSON(c)
			} else {
				for _, p := range c.Problems {
					a.line(p.String())
				}
			}
			if err != nil {
				return err
			}
			if names := strings.Join(c.Packs, ", "); len(c.Problems) > 0 {
				a.talk(because.Say(a.lang, "%d problems in %s.", len(c.Problems), names))
				return coded{code: exitProblems}
			} else {
				a.talk(because.Say(a.lang, "Nothing is wrong with %s.", names) + because.Say(a.lang, " %d sample texts were written and verified.", c.Texts))
			}
			return nil
		},
	}
}
