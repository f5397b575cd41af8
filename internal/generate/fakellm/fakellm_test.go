package fakellm

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
)

// TestModesAreListed reads the modes from their source: each is listed once, and the failures are the known ones.
func TestModesAreListed(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "modes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[Mode]int{}
	for _, m := range Others {
		listed[m]++
	}
	names := map[string]bool{}
	for _, f := range Failures {
		names[f.Group+"/"+f.Name] = true
		for _, m := range f.Modes {
			listed[m]++
		}
	}
	if len(names) != 58 {
		t.Errorf("%d failures by name, want 58", len(names))
	}
	declared := 0
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 {
			return true
		}
		if typ, ok := v.Type.(*ast.Ident); ok && typ.Name == "Mode" {
			s, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			if declared++; listed[Mode(s)] != 1 {
				t.Errorf("%s is listed %d times", v.Names[0].Name, listed[Mode(s)])
			}
		}
		return true
	})
	if declared != len(listed) {
		t.Errorf("%d modes are declared, %d listed", declared, len(listed))
	}
}
