//go:build !unix

package fakellm

import (
	"net"
	"testing"
)

// fill would make a listener that the network seems to swallow.
func fill(t testing.TB, l *net.TCPListener) {
	l.Close()
	t.Skip("this system keeps no short queue of connections")
}
