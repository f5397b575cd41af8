package fakellm

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"sync"
	"testing"
)

// listen sets up a mode that shows before a request is read; it reports whether mode is one.
func (s *Server) listen(t testing.TB, mode Mode) bool {
	t.Helper()
	switch mode {
	case NoHost:
		s.URL, s.Resolver = "http://fakellm.invalid/v1", &net.Resolver{PreferGo: true, Dial: noNames}
		return true
	case Refused, BlackHole, StalledTLS:
	default:
		return false
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.URL = "http://" + l.Addr().String() + "/v1"
	switch mode {
	case Refused:
		l.Close()
	case BlackHole:
		fill(t, l.(*net.TCPListener))
	case StalledTLS:
		s.URL = "https://" + l.Addr().String() + "/v1"
		hold(t, l)
	}
	return true
}

// hold accepts connections and says nothing until the test ends.
func hold(t testing.TB, l net.Listener) {
	var conns []net.Conn
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns = append(conns, c)
		}
	})
	t.Cleanup(func() {
		l.Close()
		wg.Wait()
		for _, c := range conns {
			c.Close()
		}
	})
}

// noNames is a name server over a pipe that knows no name.
func noNames(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	go func() {
		defer ours.Close()
		for {
			var size [2]byte
			if _, err := io.ReadFull(ours, size[:]); err != nil {
				return
			}
			q := make([]byte, binary.BigEndian.Uint16(size[:]))
			if _, err := io.ReadFull(ours, q); err != nil || len(q) < 12 {
				return
			}
			end := 12
			for end < len(q) && q[end] != 0 {
				end += int(q[end]) + 1
			}
			reply := append([]byte{}, q[:min(len(q), end+5)]...) // header and question
			reply[2], reply[3] = 0x81, 0x83                      // a response, recursion wanted and offered; no such name
			copy(reply[6:12], make([]byte, 6))                   // no records
			if _, err := ours.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)); err != nil {
				return
			}
		}
	}()
	return theirs, nil
}
