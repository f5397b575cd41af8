package generate

import (
	"context"
	"fmt"
	"testing"

	"because"
	"because/internal/pack"
)

func TestDemo(t *testing.T) {
	tm := NewTemplate(pack.Builtin())
	for _, lang := range because.Langs {
		for _, kind := range kindsInOrder {
			for _, style := range because.Styles {
				if style == because.Contrast && kind != because.Versus {
					continue
				}
				req := sample(kind, style, lang)
				req.K = 9
				ds, _ := tm.Draft(context.Background(), req)
				fmt.Println("--", lang, kind, style)
				for _, d := range ds {
					fmt.Println("   ", d.Text, d.Evidence)
				}
			}
		}
	}
}
