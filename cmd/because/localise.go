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
	b.WriteString(because.Say(a.lang, "Usage:") + "\n  {{if and .HasAvailableSubCommands .Runnable (ne .CommandPath .Root.CommandPath)}}{{.CommandPath}} [" + because.Say(a.lang, "COMMAND") + "]{{else if .HasAvailableSubCommands}}{{.CommandPath}} " + because.Say(a.lang, "COMMAND") + "{{else}}{{.UseLine}}{{end}} " + because.Say(a.lang, "[FLAGS]") + "\n")
	b.WriteString("{{if .HasAvailableSubCommands}}\n" + because.Say(a.lang, "Commands:") + "\n{{range .Commands}}{{if .IsAvailableCommand}}  {{rpad .Name .NamePadding}} {{.Short}}\n{{end}}{{end}}{{end}}")
	b.WriteString("{{if .HasAvailableLocalFlags}}\n" + because.Say(a.lang, "Flags:") + "\n{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}\n{{end}}")
	b.WriteString("{{if .HasAvailableInheritedFlags}}\n" + because.Say(a.lang, "Flags of every command:") + "\n{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}\n{{end}}")
	root.SetHelpTemplate(b.String())
	root.SetUsageTemplate(b.String())
	root.SetHelpCommand(&cobra.Command{
		Use: "help [COMMAND]", Hidden: true, Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, words []string) error {
			cmd, rest, err := root.Find(words)
			if err == nil && len(rest) == 0 {
				return cmd.Help()
			}
			return because.Errorf(errUsage, "There is no command %q.%s See: %s --help", "because "+strings.Join(words, " "), "", "because")
		},
	})
	walk(root, func(c *cobra.Command) {
		c.Flags().BoolP("help", "h", false, because.Say(a.lang, "help"))
		c.DisableFlagsInUseLine = true
		switch {
		case c.HasSubCommands():
			c.Args = a.noCommand
			if c.RunE == nil {
				c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
			}
		case c.Args == nil:
			c.Args = a.args(cobra.NoArgs)
		default:
			c.Args = a.args(c.Args)
		}
	})
}

// noCommand refuses the words after a command that only holds others.
func (a *app) noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return because.Errorf(errUsage, "There is no command %q.%s See: %s --help", cmd.CommandPath()+" "+args[0], a.nearest(cmd, args[0]), cmd.CommandPath())
}

// nearest names the command that was probably meant.
func (a *app) nearest(parent *cobra.Command, typed string) string {
	parent.SuggestionsMinimumDistance = 2
	if s := parent.SuggestionsFor(typed); len(s) > 0 {
		return because.Say(a.lang, " Did you mean %q?", parent.CommandPath()+" "+s[0])
	}
	return ""
}

// args marks cobra's complaints about arguments as usage errors.
func (a *app) args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return because.Errorf(errUsage, "Wrong arguments for %q. See: %s --help", cmd.UseLine(), cmd.CommandPath())
		}
		return nil
	}
}

func walk(c *cobra.Command, f func(*cobra.Command)) {
	f(c)
	for _, sub := range c.Commands() {
		walk(sub, f)
	}
}
