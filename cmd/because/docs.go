package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"because"
)

// writeDocs writes a command's tables between its marks in documents, each in the language that its name says.
func writeDocs(paths []string, command string, text func(because.Lang) string) error {
	for _, path := range paths {
		lang := because.Chinese
		if strings.HasSuffix(path, ".en.md") {
			lang = because.English
		}
		if err := writeBetween(path, command, text(lang)); err != nil {
			return err
		}
	}
	return nil
}

// writeBetween puts text between the marks of a command in a file.
func writeBetween(path, command, text string) error {
	begin, end := "<!-- "+command+": begin -->", "<!-- "+command+": end -->"
	b, err := os.ReadFile(path)
	if err != nil {
		return because.Errorf(because.ErrNotFound, "%s cannot be read.", path)
	}
	before, rest, ok := strings.Cut(string(b), begin)
	_, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		return because.Errorf(because.ErrInvalid, "%s has no marks %s and %s.", path, begin, end)
	}
	if err := os.WriteFile(path, []byte(before+begin+"\n\n"+text+"\n"+end+after), 0o644); err != nil {
		return fmt.Errorf("write the table into %s: %w", path, err)
	}
	return nil
}

// showReport shows a report that is notes and tables, or all of it as JSON, and writes it between the marks of documents.
func (a *app) showReport(report any, docs []string, command string, notes func(because.Lang) []string, tables func(because.Lang) []textTable) error {
	if err := writeDocs(docs, command, func(lang because.Lang) string {
		return strings.Join(notes(lang), "\n\n") + "\n\n" + markdown(tables(lang))
	}); err != nil {
		return err
	}
	if a.json {
		return a.printJSON(report)
	}
	for _, line := range notes(a.lang) {
		a.line(line)
	}
	for _, t := range tables(a.lang) {
		a.line("")
		a.table(t.rows())
	}
	return nil
}

// writeNumbers writes a report as JSON to a file.
func writeNumbers(path string, report any) error {
	b, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return fmt.Errorf("write the numbers: %w", err)
	}
	if err := os.WriteFile(path, append(b, '\n'), 0o644); err != nil {
		return fmt.Errorf("write the numbers: %w", err)
	}
	return nil
}

// markdown is tables as a document has them.
func markdown(tables []textTable) string {
	var b strings.Builder
	for i, t := range tables {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "| %s | %s |\n|%s\n", t.Title, strings.Join(t.Head, " | "), strings.Repeat("---|", 1+len(t.Head)))
		for _, row := range t.Body {
			fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
		}
	}
	return b.String()
}
