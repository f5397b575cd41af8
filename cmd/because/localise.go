package main

import (
	"strings"

	"github.com/spf13/cobra"

	"because"
)

// localise says cobra's own words in the reader's language.
func (a *app) localise(root *cobra.Command) {
	var b strings.Builder
	b.WriteString("{{with (or .Long .Short)}}{{. | trimTrailingWhitespaces}}\n\n{{end}}")
	b.WriteString(`{{if .HasExample}}` + because.Say(a.lang, "Examples:") + "\n{{.Example}}\n\n{{end}}")
	b.WriteString(because.Say(a.lang, "Usage:") + "\n  {{if .Runnable}}{{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}{{if .Runnable}}\n  {{end}}{{.CommandPath}} " + because.Say(a.lang, "COMMAND") + "{{end}}\n")
	b.WriteString("{{if .HasAvailableSubCommands}}\n" + because.Say(a.lang, "Commands:") + "\n{{range .Commands}}{{if .IsAvailableCommand}}  {{rpad .Name .NamePadding}} {{.Short}}\n{{end}}{{end}}{{end}}")
	b.WriteString("{{if .HasAvailableLocalFlags}}\n" + because.Say(a.lang, "Flags:") + "\n{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}\n{{end}}")
	b.WriteString("{{if .HasAvailableInheritedFlags}}\n" + because.Say(a.lang, "Flags of every command:") + "\n{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}\n{{end}}")
	root.SetHelpTemplate(b.String())
	root.SetUsageTemplate(b.String())
	root.SetHelpCommand(&cobra.Command{Use: "help", Hidden: true})
	walk(root, func(c *cobra.Command) {
		c.Flags().BoolP("help", "h", false, because.Say(a.lang, "help"))
		if c.Args == nil {
			c.Args = cobra.NoArgs
		}
	})
	root.Args = func(_ *cobra.Command, args []string) error {
		if len(args) > 0 {
			return because.Errorf(errUsage, "There is no command %q.%s See: because --help", args[0], a.nearest(root, args[0]))
		}
		return nil
	}
	root.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
}

// nearest names the command that was probably meant.
func (a *app) nearest(root *cobra.Command, typed string) string {
	root.SuggestionsMinimumDistance = 2
	if s := root.SuggestionsFor(typed); len(s) > 0 {
		return because.Say(a.lang, " Did you mean %q?", s[0])
	}
	return ""
}

func walk(c *cobra.Command, f func(*cobra.Command)) {
	f(c)
	for _, sub := range c.Commands() {
		walk(sub, f)
	}
}
