package fakellm

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// deadline is the default of the callers that are tried.
const deadline = 800 * time.Millisecond

// connection cuts the connection; it reports whether it did.
func (s *Server) connection(w http.ResponseWriter, mode Mode, req request) bool {
	good := completion(OK, req)
	head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(good))
	switch mode {
	case Reset:
		hijack(w, "")
	case ResetHead:
		hijack(w, head[:len(head)/2])
	case ResetBody:
		hijack(w, head+good[:len(good)/2])
	case CloseRace:
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err) // the server speaks HTTP/1.1
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, head+good)
		_ = conn.SetReadDeadline(time.Now().Add(time.Minute)) // the test has ended long before
		_, _ = conn.Read(make([]byte, 1))
	default:
		return false
	}
	return true
}

// hijack writes raw bytes and resets the connection.
func hijack(w http.ResponseWriter, raw string) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err) // the server speaks HTTP/1.1
	}
	_, _ = io.WriteString(conn, raw)
	time.Sleep(5 * time.Millisecond) // a reset may overtake what was sent
	_ = conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
}

// stalls keeps the caller waiting; it reports whether it did.
func (s *Server) stalls(w http.ResponseWriter, r *http.Request, mode Mode, req request) bool {
	good := completion(OK, req)
	switch mode {
	case SilentHead:
		s.wait(r, time.Hour)
	case SilentBody:
		w.Header().Set("Content-Type", "application/json")
		flush(w)
		s.wait(r, time.Hour)
	case Drip:
		for i := range len(good) {
			if !send(w, good[i:i+1]) || !s.wait(r, time.Second) {
				break
			}
		}
	case Slow:
		s.wait(r, 150*time.Millisecond)
		io.WriteString(w, good)
	case LastMoment:
		s.wait(r, deadline-time.Millisecond)
		io.WriteString(w, good)
	case AfterCancel:
		s.wait(r, time.Hour)
		io.WriteString(w, good)
	case EndlessSSE, Comments:
		w.Header().Set("Content-Type", "text/event-stream")
		line := ": wait\n\n"
		if mode == EndlessSSE {
			line = chunk("好的 ")
		}
		for send(w, line) && s.wait(r, 10*time.Millisecond) {
		}
	case SplitRune:
		w.Header().Set("Content-Type", "application/json")
		cut := strings.IndexFunc(good, func(c rune) bool { return c >= utf8.RuneSelf })
		if cut < 0 {
			cut = len(good) / 2
		}
		send(w, good[:cut+1])
		s.wait(r, 5*time.Millisecond)
		io.WriteString(w, good[cut+1:])
	default:
		return false
	}
	return true
}

// wait waits; it reports whether neither the caller nor the test ended first.
func (s *Server) wait(r *http.Request, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
	case <-s.done:
	}
	return false
}

// floods sends more, less or other than a completion; it reports whether it did.
func floods(w http.ResponseWriter, r *http.Request, mode Mode, req request) bool {
	good := completion(OK, req)
	switch mode {
	case Redirect:
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusTemporaryRedirect)
	case Gzip:
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(bomb())
	case Huge:
		block := bytes.Repeat([]byte("x"), 64<<10)
		io.WriteString(w, `{"id":"`)
		for range 1600 {
			if _, err := w.Write(block); err != nil {
				break
			}
		}
	case HugeLength:
		w.Header().Set("Content-Length", fmt.Sprint(100<<20))
		send(w, "{")
	case EndlessSpace:
		io.WriteString(w, `{"id":"x","choices":[`)
		for block := strings.Repeat(" ", 1024); ; {
			if _, err := io.WriteString(w, block); err != nil {
				break
			}
		}
	case BlankBody:
	case KeepAlive:
		w.Header().Set("Content-Type", "application/json")
		for range 3 {
			send(w, "\n")
		}
		io.WriteString(w, good)
	case NoDone:
		w.Header().Set("Content-Type", "text/event-stream")
		send(w, chunk(content(OK, req)))
	default:
		return false
	}
	return true
}

// chunk is an event of a streamed completion.
func chunk(text string) string {
	return fmt.Sprintf("data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":%q}}]}\n\n", text)
}

// send writes at once; it reports whether that went well.
func send(w http.ResponseWriter, s string) bool {
	_, err := io.WriteString(w, s)
	flush(w)
	return err == nil
}

func flush(w http.ResponseWriter) { w.(http.Flusher).Flush() }
