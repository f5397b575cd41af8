package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"because"
)

// A peerCache keeps what cross-fitted systems wrote. Its key is the data, the options and the program itself, so that
// another writer never finds what an older one wrote.
type peerCache struct{ dir, key string }

func newPeerCache(o PeersOptions, data string) (peerCache, error) {
	if o.Cache == "" {
		return peerCache{}, nil
	}
	h := sha256.New()
	self, err := os.Executable()
	if err != nil {
		return peerCache{}, fmt.Errorf("find the program: %w", err)
	}
	for _, path := range []string{self, data} {
		f, err := os.Open(path)
		if err != nil {
			return peerCache{}, fmt.Errorf("read for the cache's key: %w", err)
		}
		_, err = io.Copy(h, f)
		f.Close()
		if err != nil {
			return peerCache{}, fmt.Errorf("read for the cache's key: %w", err)
		}
	}
	fmt.Fprintln(h, o.Seed, o.Rows, o.LLM.BaseURL, o.LLM.Model, o.LLMRows)
	return peerCache{o.Cache, hex.EncodeToString(h.Sum(nil)[:8])}, nil
}

// texts are what a system wrote before, or writes.
func (c peerCache) texts(system string, write func() (map[int]string, because.Text, error)) (map[int]string, because.Text, error) {
	path := filepath.Join(c.dir, c.key+"-"+system+".json")
	if c.dir != "" {
		if b, err := os.ReadFile(path); err == nil {
			var kept map[int]string
			if json.Unmarshal(b, &kept) == nil {
				return kept, nil, nil
			}
		}
	}
	out, why, err := write()
	if err != nil || len(why) > 0 || c.dir == "" {
		return out, why, err
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil, nil, fmt.Errorf("keep what %s wrote: %w", system, err)
	}
	if err := os.WriteFile(filepath.Join(mkdir(c.dir), filepath.Base(path)), b, 0o600); err != nil {
		return nil, nil, fmt.Errorf("keep what %s wrote: %w", system, err)
	}
	return out, nil, nil
}
