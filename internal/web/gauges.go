package web

import (
	"sync"
	"time"
)

// GaugeState is how the gateway of field stations is, for whoever watches the server. What failed in words is in the log and behind a sign-in.
type GaugeState struct {
	Listening   bool   `json:"listening"`
	Stations    int    `json:"stations" doc:"Connected now"`
	Frames      uint64 `json:"frames"`
	Reports     uint64 `json:"reports"`
	Quarantined uint64 `json:"quarantined"`
	Failing     bool   `json:"failing" doc:"What stations send cannot be kept, so they are not confirmed"`
}

func (s *Server) gaugeState() GaugeState {
	if s.Gateway == nil {
		return GaugeState{}
	}
	st := s.Gateway.Stats()
	return GaugeState{
		Listening: s.Settings.Gauges, Stations: st.Stations, Frames: st.Frames, Reports: st.Reports, Quarantined: st.Held, Failing: st.LastFailure != "",
	}
}

// gaugesAtMost is how often screens hear of new readings: a thousand stations report in the same second.
const gaugesAtMost = 500 * time.Millisecond

// bell rings once for all that is told within a while.
type bell struct {
	mu   sync.Mutex // guards rung
	rung bool
}

// GaugesChanged tells open screens, a little later and once for many, that there are new readings or events of stations.
func (s *Server) GaugesChanged() {
	s.gauges.mu.Lock()
	defer s.gauges.mu.Unlock()
	if s.gauges.rung {
		return
	}
	s.gauges.rung = true
	time.AfterFunc(gaugesAtMost, func() {
		s.gauges.mu.Lock()
		s.gauges.rung = false
		s.gauges.mu.Unlock()
		s.events.publish(Event{Kind: "gauge"})
	})
}
