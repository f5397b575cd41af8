package generate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// What the transport refuses.
var (
	errTooLarge   = errors.New("the response is larger than allowed")
	errFirstByte  = errors.New("no byte of the response came in time")
	errIdle       = errors.New("the response stalled")
	errRedirect   = errors.New("the server redirects, which is not followed")
	errEncoding   = errors.New("the response is compressed although that was not asked for")
	errNotJSON    = errors.New("the response is not JSON")
	errWhitespace = errors.New("the response is endless white space")
	errForbidden  = errors.New("the address is one that endpoints may not have")
)

// bounded is an http.RoundTripper that reads a whole response within bounds of size and time and hands on only JSON.
// Reading here rather than in the client keeps every check in one place, whatever the server does.
type bounded struct {
	next      http.RoundTripper
	maxBytes  int64
	firstByte time.Duration // from the request to the first byte of the body
	idle      time.Duration // between two reads
}

// RoundTrip implements http.RoundTripper.
func (b *bounded) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	defer cancel(nil)
	watch := time.AfterFunc(b.firstByte, func() { cancel(errFirstByte) })
	defer watch.Stop()
	req = req.Clone(ctx)
	req.Header.Set("Accept-Encoding", "identity")
	req.Header["Idempotency-Key"] = nil // not sent; asking again is safe when a kept connection turns out to be closed
	resp, err := b.next.RoundTrip(req)
	if err != nil {
		return nil, cause(ctx, err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return nil, errRedirect
	case resp.Header.Get("Content-Encoding") != "" && !strings.EqualFold(resp.Header.Get("Content-Encoding"), "identity"):
		return nil, errEncoding
	case resp.ContentLength > b.maxBytes:
		return nil, errTooLarge
	}
	body, err := b.readAll(ctx, cancel, watch, resp)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode < 300 {
		if !json.Valid(body) {
			return nil, errNotJSON
		}
		resp.Header.Set("Content-Type", "application/json") // some servers say text/plain
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.ContentLength = int64(len(body))
	return resp, nil
}

// CloseIdleConnections lets go of kept connections.
func (b *bounded) CloseIdleConnections() {
	if c, ok := b.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// readAll reads the body. watch runs until the first byte, then none may be later than idle after the one before. What
// does not begin as an object, such as a stream of events that may never end, is given up at its first byte.
func (b *bounded) readAll(ctx context.Context, cancel context.CancelCauseFunc, watch *time.Timer, resp *http.Response) ([]byte, error) {
	stall := time.AfterFunc(b.firstByte+b.idle, func() { cancel(errIdle) })
	defer stall.Stop()
	var out []byte
	run := 0
	buf := make([]byte, 8<<10)
	for {
		n, err := resp.Body.Read(buf)
		if n > 0 {
			begun := len(bytes.TrimSpace(out)) > 0
			watch.Stop()
			stall.Reset(b.idle)
			for _, c := range buf[:n] {
				if run++; c != ' ' && c != '\n' && c != '\t' && c != '\r' {
					run = 0
				}
			}
			if out = append(out, buf[:n]...); int64(len(out)) > b.maxBytes {
				return nil, errTooLarge
			}
			first := bytes.TrimSpace(out)
			switch {
			case len(first) == 0: // leading blanks keep a slow connection alive
			case !begun && first[0] != '{' && resp.StatusCode < 300:
				return nil, errNotJSON
			case run > 4096:
				return nil, errWhitespace
			}
		}
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, cause(ctx, err)
		}
	}
}

// cause is the reason for which a context was cancelled by us, or else err.
func cause(ctx context.Context, err error) error {
	if why := context.Cause(ctx); why != nil {
		return why
	}
	return err
}

// NewTransport is the transport for endpoints: it connects to no link-local or cloud metadata address, whatever a name
// resolves to, and follows the proxy settings of the environment. A nil resolver is the system's.
func NewTransport(names *net.Resolver) http.RoundTripper {
	d := &net.Dialer{Timeout: 5 * time.Second, Resolver: names, Control: func(_, address string, _ syscall.RawConn) error {
		addr, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("read address %s: %w", address, err)
		}
		if forbidden(addr.Addr().Unmap()) {
			return errForbidden
		}
		return nil
	}}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: d.DialContext, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: 5 * time.Second, MaxIdleConnsPerHost: 16, IdleConnTimeout: 90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10, DisableCompression: true,
	}
}

// forbidden are link-local, multicast and unspecified addresses and those of cloud metadata services.
func forbidden(a netip.Addr) bool {
	metadata := map[string]bool{"169.254.169.254": true, "100.100.100.200": true, "fd00:ec2::254": true}
	return a.IsLinkLocalUnicast() || a.IsLinkLocalMulticast() || a.IsMulticast() || a.IsUnspecified() || metadata[a.String()]
}
