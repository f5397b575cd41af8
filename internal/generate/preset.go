package generate

import (
	"net/url"
	"sort"
	"strings"
)

// How an answer is held to JSON.
const (
	jsonSchema = iota
	jsonObject
	plainText
)

// A mode is one form of request.
type mode struct {
	format           int
	completionTokens bool // max_completion_tokens instead of max_tokens
	bare             bool // no temperature and no seed
	extra            []field
}

// A field is a member of the request body that only some servers know.
type field struct {
	path  string
	value any
}

// A preset is a server's dialect: its forms of request, the richest first. The first that the server does not refuse is
// kept.
type preset struct {
	modes []mode
}

// fallbacks are the plainer forms that every server may be asked in.
func fallbacks(richest ...mode) preset {
	return preset{append(richest, mode{format: jsonSchema}, mode{format: jsonObject}, mode{format: plainText}, mode{format: plainText, bare: true})}
}

var (
	templateThinking = field{"chat_template_kwargs", map[string]any{"enable_thinking": false}}

	presets = map[string]preset{
		"vllm":      fallbacks(mode{format: jsonSchema, extra: []field{templateThinking}}),
		"llama.cpp": fallbacks(mode{format: jsonSchema, extra: []field{templateThinking, {"cache_prompt", true}}}),
		"ollama":    fallbacks(mode{format: jsonSchema, extra: []field{{"reasoning_effort", "none"}}}),
		"deepseek": {[]mode{{format: jsonObject, extra: []field{{"thinking", map[string]any{"type": "disabled"}}}}, {format: jsonObject}, {format: plainText},
			{format: plainText, bare: true}}},
		"qwen": {[]mode{{format: jsonObject, extra: []field{{"enable_thinking", false}}}, {format: jsonObject}, {format: plainText}, {format: plainText, bare: true}}},
		"openai": {[]mode{{format: jsonSchema, completionTokens: true}, {format: jsonSchema, completionTokens: true, bare: true}, {format: jsonObject, completionTokens: true, bare: true},
			{format: plainText, completionTokens: true, bare: true}, {format: plainText, bare: true}}},
	}
)

// Presets are the names of the dialects.
func Presets() []string {
	var out []string
	for name := range presets {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// guess takes a preset from an address.
func guess(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	switch {
	case strings.Contains(host, "deepseek"):
		return "deepseek"
	case strings.Contains(host, "dashscope"), strings.Contains(host, "aliyun"):
		return "qwen"
	case strings.Contains(host, "openai"):
		return "openai"
	case u.Port() == "11434":
		return "ollama"
	case u.Port() == "8080":
		return "llama.cpp"
	}
	return "vllm"
}
