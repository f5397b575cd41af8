package text

import "sync"

// A memo keeps the answers of a pure function of short strings: those of the last memoMost to twice as many that were
// asked for. The zero value is empty and ready; it may be used from several goroutines.
type memo struct {
	mu         sync.Mutex
	young, old map[string]bool
}

const (
	memoMost   = 1 << 15
	memoLength = 256 // bytes; longer strings are not kept
)

// of is f(s), from memory if it is there.
func (m *memo) of(s string, f func(string) bool) bool {
	if len(s) > memoLength {
		return f(s)
	}
	m.mu.Lock()
	v, ok := m.young[s]
	if !ok {
		if v, ok = m.old[s]; ok {
			m.keep(s, v)
		}
	}
	m.mu.Unlock()
	if ok {
		return v
	}
	v = f(s)
	m.mu.Lock()
	m.keep(s, v)
	m.mu.Unlock()
	return v
}

func (m *memo) keep(s string, v bool) {
	if len(m.young) >= memoMost || m.young == nil {
		m.old, m.young = m.young, make(map[string]bool)
	}
	m.young[s] = v
}
