package engine

import (
	"container/list"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"because/internal/generate"
)

// cacheSize is how many drafts are kept.
const cacheSize = 4096

// A draftCache keeps the drafts of the embedded model, the latest used ones. Two requests share drafts only if everything
// that could change them is the same: item, evidence, state, need, arm, language, model, pack and prompt version.
type draftCache struct {
	mu    sync.Mutex // guards order and byKey
	order *list.List // of *cached, the latest first
	byKey map[string]*list.Element
}

type cached struct {
	key    string
	drafts []generate.Draft
}

func newDraftCache() *draftCache {
	return &draftCache{order: list.New(), byKey: map[string]*list.Element{}}
}

// draftKey names everything that a draft of req by a model depends on.
func draftKey(req generate.Request, item, model, pack string) string {
	b, err := json.Marshal(req.Evidence)
	if err != nil {
		panic(fmt.Sprintf("evidence cannot be written: %v", err)) // plain values always can
	}
	return string(sha(item, req.Name, req.Category, req.Domain, string(req.Lang), req.Arm.String(), req.Need, string(b), strings.Join(req.Plan, " "), fmt.Sprint(req.State), fmt.Sprint(req.K),
		model, pack, generate.PromptVersion))
}

func (c *draftCache) get(key string) ([]generate.Draft, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*cached).drafts, true
}

func (c *draftCache) put(key string, drafts []generate.Draft) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[key]; ok {
		return
	}
	c.byKey[key] = c.order.PushFront(&cached{key, drafts})
	for c.order.Len() > cacheSize {
		last := c.order.Back()
		delete(c.byKey, c.order.Remove(last).(*cached).key)
	}
}

// clear forgets everything: what was written of a reader must not outlive their erasure.
func (c *draftCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.order.Init()
	clear(c.byKey)
}
