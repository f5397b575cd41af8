package generate

import (
	"sync"
	"time"
)

// Bounds of the circuit breaker and of retries.
const (
	breakerWindow   = 20               // outcomes that are remembered
	breakerInRow    = 5                // failures in a row that open it at once
	breakerPause    = 10 * time.Second // before the first attempt while it is open; each that fails doubles it
	breakerLongest  = 25 * time.Second // between two attempts
	retryShare      = 10               // one retry per so many calls
	retryAllowance  = 3                // retries that may be saved up
	maxRetryAfter   = 2 * time.Second
	estimatePerRune = 1.0 // tokens; Chinese needs about one per character, English a quarter
)

// A breaker stops asking a server that keeps failing, and then lets one call through at a time to see.
type breaker struct {
	mu       sync.Mutex // guards everything below
	outcomes []bool     // true is a failure; the latest last
	inRow    int
	pause    time.Duration
	openTill time.Time
	open     bool
	trying   bool
}

// allow reports whether a call may be made.
func (b *breaker) allow(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.open {
		return true
	}
	if b.trying || now.Before(b.openTill) {
		return false
	}
	b.trying = true
	return true
}

// done records the outcome of a call that was allowed.
func (b *breaker) done(failed bool, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open {
		if !failed {
			b.open, b.trying, b.outcomes, b.inRow = false, false, nil, 0
		} else if b.trying { // not one that was made before it opened
			b.trying = false
			b.pause = min(2*b.pause, breakerLongest)
			b.openTill = now.Add(b.pause)
		}
		return
	}
	b.outcomes = append(b.outcomes, failed)
	if len(b.outcomes) > breakerWindow {
		b.outcomes = b.outcomes[1:]
	}
	b.inRow++
	failures := 0
	for _, f := range b.outcomes {
		if f {
			failures++
		}
	}
	if !failed {
		b.inRow = 0
	}
	if b.inRow >= breakerInRow || len(b.outcomes) == breakerWindow && 2*failures >= breakerWindow {
		b.open, b.pause, b.openTill = true, breakerPause, now.Add(breakerPause)
	}
}

// forget takes back an allowance whose call told nothing about the server.
func (b *breaker) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
}

func (b *breaker) isOpen() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.open
}

// A budget is a number of tokens a day, and of tokens in all, that is never exceeded: calls reserve what they may need before they are made.
type budget struct {
	limit int64 // 0 means none
	total int64 // tokens over all days; 0 means no limit

	mu    sync.Mutex // guards day, spent and all
	day   string
	spent int64
	all   int64 // spent on any day
}

// reserve takes n tokens, unless that would exceed the day's limit.
func (b *budget) reserve(n int64, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if day := now.UTC().Format(time.DateOnly); day != b.day {
		b.day, b.spent = day, 0
	}
	if b.limit > 0 && b.spent+n > b.limit || b.total > 0 && b.all+n > b.total {
		return false
	}
	b.spent += n
	b.all += n
	return true
}

// settle replaces a reservation by what was used.
func (b *budget) settle(reserved, used int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.spent = max(0, b.spent-reserved+used)
	b.all += used - reserved
}

// A retryBudget allows one retry per ten calls, so that a failing server is not asked twice as often.
type retryBudget struct {
	mu    sync.Mutex // guards tenth
	tenth int        // tenths of a retry that are left
	begun bool
}

func (r *retryBudget) call() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.begun {
		r.begun, r.tenth = true, retryAllowance*retryShare
	}
	r.tenth = min(r.tenth+1, retryAllowance*retryShare)
}

func (r *retryBudget) take() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tenth < retryShare {
		return false
	}
	r.tenth -= retryShare
	return true
}
