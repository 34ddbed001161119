package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// stats counts requests by route pattern and status class, never by path, so that its size is bounded.
type stats struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	panics   prometheus.Counter
}

func newStats(r *prometheus.Registry) *stats {
	st := &stats{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "anlan_http_requests_total", Help: "Requests answered."}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "anlan_http_request_seconds", Help: "Time to the whole answer.", Buckets: []float64{.001, .005, .02, .05, .1, .2, .5, 1, 5, 20},
		}, []string{"route"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{Name: "anlan_http_panics_total", Help: "Handlers that panicked."}),
	}
	if r != nil {
		r.MustRegister(st.requests, st.seconds, st.panics)
	}
	return st
}

func (st *stats) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		route := r.Pattern
		if route == "" {
			route = "none"
		}
		st.requests.WithLabelValues(route, strconv.Itoa(rec.status/100)+"xx").Inc()
		st.seconds.WithLabelValues(route).Observe(time.Since(start).Seconds())
	})
}

// recorder remembers the status for the counters.
type recorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
