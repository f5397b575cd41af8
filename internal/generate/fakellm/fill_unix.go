//go:build unix

package fakellm

import (
	"net"
	"syscall"
	"testing"
	"time"
)

// fill makes a listener that the network seems to swallow: its queue is as short as can be, and full.
func fill(t testing.TB, l *net.TCPListener) {
	t.Helper()
	raw, err := l.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = syscall.Listen(int(fd), 0) }); err != nil || failed != nil {
		t.Fatal(err, failed)
	}
	t.Cleanup(func() { l.Close() })
	for range 8 {
		c, err := net.DialTimeout("tcp", l.Addr().String(), 50*time.Millisecond)
		if err != nil {
			return // it is full
		}
		t.Cleanup(func() { c.Close() })
	}
	t.Fatal("the queue of a listener that accepts nothing does not fill")
}
