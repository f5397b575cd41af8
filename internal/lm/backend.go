package lm

import (
	"fmt"
	"sync"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/gobackend"
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
