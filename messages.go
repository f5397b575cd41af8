package because

import (
	"embed"
	"encoding/json"
	"fmt"
	"sync"
)

// messages holds one file per package, messages/<package>.zh.json: English sentence -> Chinese sentence. Chinese
// wordings may reorder the arguments (%[2]s).
//
//go:embed messages/*.zh.json
var messages embed.FS

// catalogue is every Chinese wording by its English key.
var catalogue = sync.OnceValue(func() map[string]string {
	files, err := messages.ReadDir("messages")
	if err != nil {
		panic(err)
	}
	all := map[string]string{}
	for _, f := range files {
		b, err := messages.ReadFile("messages/" + f.Name())
		if err != nil {
			panic(err)
		}
		var one map[string]string
		if err := json.Unmarshal(b, &one); err != nil {
			panic(f.Name() + ": " + err.Error())
		}
		for en, zh := range one {
			all[en] = zh
		}
	}
	return all
})

// Say is format and args as a sentence in lang. format is the English sentence; its Chinese wording is looked up in
// messages/. It must be a string literal, as for Errorf. Arguments that are a Text are said in lang.
func Say(lang Lang, format string, args ...any) string {
	if lang == Chinese {
		if zh, ok := catalogue()[format]; ok {
			format = zh
		}
	}
	if len(args) == 0 {
		return format
	}
	said := make([]any, len(args))
	for i, a := range args {
		said[i] = a
		if t, ok := a.(Text); ok {
			said[i] = t.In(lang)
		}
	}
	return fmt.Sprintf(format, said...)
}
