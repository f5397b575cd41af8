package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones must be known on machines without them

	"github.com/spf13/pflag"
	"gopkg.in/yaml.v3"

	"because"
	"because/internal/engine"
)

// A setting is one thing that can be configured: flag > BECAUSE_* > because.yaml > default.
type setting struct {
	key      string // in because.yaml, dots for nesting
	flag     string
	fallback string
}

// known are all settings, in the order in which they are shown.
var known = []setting{
	{"data", "data", "./because-data"},
	{"packs", "packs", ""},
	{"zone", "zone", "Asia/Shanghai"},
	{"seed", "seed", "1"},
	{"workers", "workers", "0"},
	{"writer", "writer", ""},
	{"llm.base_url", "llm-url", ""},
	{"llm.model", "llm-model", ""},
	{"llm.preset", "llm-preset", ""},
	{"llm.key_file", "", ""},
	{"llm.timeout", "llm-timeout", ""},
	{"llm.budget", "", "0"},
	{"serve.addr", "addr", "127.0.0.1:8080"},
	{"serve.key_file", "", ""},
	{"serve.rate", "", "200"},
	{"learn.no_reason", "", "false"},
	{"replay.keep_days", "", "0"},
	{"train.backend", "backend", "go"},
	{"train.devices", "devices", "1"},
}

// env is the environment variable of a setting.
func (s setting) env() string {
	return "BECAUSE_" + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
}

// settings hold the value of each setting and where it came from.
type settings struct {
	value  map[string]string
	source map[string]string
}

func (s *settings) flags(f *pflag.FlagSet, lang because.Lang) {
	help := map[string]string{
		"data":        because.Say(lang, "data folder"),
		"packs":       because.Say(lang, "folder of your own packs; default the folder packs of the data folder"),
		"zone":        because.Say(lang, "the site's time zone"),
		"seed":        because.Say(lang, "seed of every random choice"),
		"workers":     because.Say(lang, "processors to use; 0 means all"),
		"writer":      because.Say(lang, "what writes where no endpoint does: embedded or template"),
		"llm-url":     because.Say(lang, "OpenAI-compatible endpoint, such as http://127.0.0.1:8000/v1"),
		"llm-model":   because.Say(lang, "model to ask the endpoint for"),
		"llm-preset":  because.Say(lang, "dialect: vllm, llama.cpp, ollama, deepseek, qwen or openai"),
		"llm-timeout": because.Say(lang, "time for one draft, such as 800ms"),
	} // the others are flags of single commands
	for _, k := range known {
		if text := help[k.flag]; text != "" {
			if k.fallback != "" {
				text = because.Say(lang, "%s (default %s)", text, k.fallback)
			}
			f.String(k.flag, "", text)
		}
	}
}

// read settles every setting. The file is because.yaml in the data folder, or BECAUSE_CONFIG.
func (s *settings) read(f *pflag.FlagSet, getenv func(string) string) error {
	s.value, s.source = map[string]string{}, map[string]string{}
	s.settle(f, getenv, nil)
	file := getenv("BECAUSE_CONFIG")
	if file == "" {
		file = filepath.Join(s.value["data"], "because.yaml")
	}
	inFile, err := readConfig(file)
	if err != nil {
		return err
	}
	s.settle(f, getenv, inFile)
	return s.check()
}

// check finds values of the wrong kind before any work is done with them.
func (s *settings) check() error {
	for _, key := range []string{"seed", "workers", "llm.budget", "serve.rate", "train.devices", "replay.keep_days"} {
		if n, err := strconv.Atoi(s.value[key]); err != nil || n < 0 {
			return because.Errorf(because.ErrInvalid, "%s must be a whole number from 0, not %q (from %s).", key, s.value[key], s.source[key])
		}
	}
	if v := s.value["learn.no_reason"]; v != "true" && v != "false" {
		return because.Errorf(because.ErrInvalid, "%s must be true or false, not %q (from %s).", "learn.no_reason", v, s.source["learn.no_reason"])
	}
	if v := s.value["writer"]; v != "" && v != string(because.FromEmbedded) && v != string(because.FromTemplate) {
		return because.Errorf(because.ErrInvalid, "%s must be embedded or template, not %q (from %s).", "writer", v, s.source["writer"])
	}
	_, err := s.duration("llm.timeout")
	if err == nil {
		_, err = s.zone()
	}
	return err
}

func (s *settings) settle(f *pflag.FlagSet, getenv func(string) string, inFile map[string]string) {
	for _, k := range known {
		s.value[k.key], s.source[k.key] = k.fallback, "default"
		if v, ok := inFile[k.key]; ok {
			s.value[k.key], s.source[k.key] = v, "because.yaml"
		}
		if v := getenv(k.env()); v != "" {
			s.value[k.key], s.source[k.key] = v, k.env()
		}
		if fl := f.Lookup(k.flag); k.flag != "" && fl != nil && fl.Changed {
			s.value[k.key], s.source[k.key] = fl.Value.String(), "--"+k.flag
		}
	}
}

// readConfig flattens because.yaml; a missing file holds nothing.
func readConfig(file string) (map[string]string, error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil, nil
	}
	if err != nil {
		return nil, because.Errorf(because.ErrInvalid, "%s cannot be read.", file)
	}
	var tree map[string]any
	if err := yaml.Unmarshal(b, &tree); err != nil {
		return nil, because.Errorf(because.ErrInvalid, "%s is not valid YAML: %s", file, err)
	}
	flat := map[string]string{}
	flatten("", tree, flat)
	for _, key := range slices.Sorted(maps.Keys(flat)) {
		if !slices.ContainsFunc(known, func(k setting) bool { return k.key == key }) {
			return nil, because.Errorf(because.ErrInvalid, "%s: there is no setting %q. See: because config show", file, key)
		}
	}
	return flat, nil
}

func flatten(prefix string, tree map[string]any, out map[string]string) {
	for k, v := range tree {
		if sub, ok := v.(map[string]any); ok {
			flatten(prefix+k+".", sub, out)
		} else {
			out[prefix+k] = fmt.Sprint(v)
		}
	}
}

func (s *settings) str(key string) string { return s.value[key] }

func (s *settings) num(key string) int {
	n, _ := strconv.Atoi(s.value[key])
	return n
}

func (s *settings) duration(key string) (time.Duration, error) {
	v := s.value[key]
	if v == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(v)
	if err != nil || d < 0 {
		return 0, because.Errorf(because.ErrInvalid, "%s is not a duration: %q. Write for instance 800ms or 20s.", key, v)
	}
	return d, nil
}

func (s *settings) zone() (*time.Location, error) {
	name := s.value["zone"]
	if name == "Asia/Shanghai" {
		return engine.Shanghai, nil
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, because.Errorf(because.ErrInvalid, "There is no time zone %q. Write for instance Asia/Shanghai.", name)
	}
	return z, nil
}

// llmKey reads the endpoint's key from the environment or a file; a flag would show it to every process.
func (s *settings) llmKey(getenv func(string) string) (string, error) {
	for _, name := range []string{"BECAUSE_LLM_KEY", "OPENAI_API_KEY"} {
		if k := getenv(name); k != "" && s.value["llm.base_url"] != "" {
			return k, nil
		}
	}
	return readKey(s.value["llm.key_file"])
}

func readKey(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return "", because.Errorf(because.ErrInvalid, "The key file %s cannot be read.", file)
	}
	return strings.TrimSpace(string(b)), nil
}
