package serve

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"because"
)

// metrics are what operators watch. No label holds a user, an item or a text.
type metrics struct {
	registry     *prometheus.Registry
	requests     *prometheus.CounterVec
	seconds      *prometheus.HistogramVec
	explanations *prometheus.CounterVec
	feedback     *prometheus.CounterVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "because_http_requests_total", Help: "Requests by route and status."}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "because_http_request_duration_seconds", Help: "Time to answer, by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
		}, []string{"route"}),
		explanations: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "because_explanations_total", Help: "Texts served, by source, verdict, language and fallback step: how a draft was repaired, or why the template wrote instead."}, []string{"source", "verdict", "lang", "fallback"}),
		feedback:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "because_feedback_total", Help: "Feedback received, by kind."}, []string{"kind"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.explanations, m.feedback, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *metrics) request(r *http.Request, status int, took time.Duration) {
	route := r.Pattern
	if route == "" {
		route = "other" // a path that no route knows must not become a label
	}
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

func (m *metrics) explained(x *because.Explanation) {
	if x == nil {
		return
	}
	step := ""
	if x.Fallback != nil {
		step = x.Fallback.Step
	}
	m.explanations.WithLabelValues(string(x.Source), string(x.Verdict), string(x.Lang), step).Inc()
}
