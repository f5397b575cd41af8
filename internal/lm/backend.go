package lm

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/gobackend"
)

// What OpenBackend refuses.
var (
	ErrNoBackend  = errors.New("there is no such backend")
	ErrWithoutXLA = errors.New("built without XLA")
	ErrDevices    = errors.New("the backend has fewer devices")
)

// backend gives the pure-Go backend, one for the whole process: its worker and buffer pools are meant to be shared, and
// it keeps no state between graphs.
var backend = sync.OnceValue(func() compute.Backend {
	b, err := gobackend.New("")
	if err != nil {
		panic(fmt.Sprintf("lm: the pure-Go backend does not start: %v", err))
	}
	return b
})

// A Backend is what a generator's graphs run on. nil is the pure-Go one, which every binary has; another one lives until
// the process ends. Decoding and the discriminator never leave Go.
type Backend struct {
	compute compute.Backend
	slow    bool  // compiling a graph takes seconds, so graphs must be few
	mesh    *mesh // nil: one device
}

// OpenBackend gives the backend of a name: "go" or nothing, or "xla:" and the path of a PJRT plug-in, which binaries built
// with the tag xla can load. So many devices share the rows of each micro-batch; 0 means 1. A CPU plug-in makes as many
// virtual ones as are wanted, another one must have them.
func OpenBackend(name string, devices int) (*Backend, error) {
	devices = max(1, devices)
	kind, plugin, _ := strings.Cut(name, ":")
	switch {
	case name == "" || name == "go":
		if devices > 1 {
			return nil, fmt.Errorf("open the backend go: %w than %d", ErrDevices, devices)
		}
		return nil, nil
	case kind != "xla" || plugin == "":
		return nil, fmt.Errorf("open the backend %s: %w", name, ErrNoBackend)
	}
	c, err := openXLA(plugin, devices)
	if err != nil {
		return nil, fmt.Errorf("load the plug-in: %w", err)
	}
	if c.NumDevices() < devices {
		return nil, fmt.Errorf("open the backend %s: %w than %d", name, ErrDevices, devices)
	}
	b := &Backend{compute: c, slow: true}
	if devices > 1 {
		b.mesh, err = newMesh(devices)
	}
	return b, err
}

// graphs is the library's backend.
func (b *Backend) graphs() compute.Backend {
	if b == nil {
		return backend()
	}
	return b.compute
}

// devices is what training runs on; nil is one device.
func (b *Backend) devices() *mesh {
	if b == nil {
		return nil
	}
	return b.mesh
}

// deepLayers are the most layers of a graph that compiles in seconds and whose activations for thousands of tokens fit in
// memory.
const deepLayers = 12

// The padded tokens that go through the graph at once where nothing else is said.
const (
	microTokens     = 4096
	deepMicroTokens = 768
)

// batching is how micro-batches are cut for this generator.
func (g *Generator) batching() batching {
	p := g.backend.batching()
	p.fewest = p.few && g.cfg.Layers > deepLayers
	return p
}

// microTokens bounds a micro-batch where nothing else is said.
func (g *Generator) microTokens() int {
	if g.cfg.Layers > deepLayers {
		return deepMicroTokens
	}
	return microTokens
}

// batching is how micro-batches are cut for this backend.
func (b *Backend) batching() batching {
	if b == nil {
		return batching{}
	}
	p := batching{few: b.slow}
	if b.mesh != nil {
		p.rows = b.mesh.size()
	}
	return p
}
