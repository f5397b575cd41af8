package serve

import "net/http"

// pages registers the pages for readers.
func (s *server) pages(mux *http.ServeMux) {}
