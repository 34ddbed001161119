package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme"
	"anlan/internal/quantity"
	"anlan/internal/store"
	"anlan/internal/workbook"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// ExportTable is any table that a screen shows, to be saved as a workbook or a document.
type ExportTable struct {
	Format   string         `json:"format,omitempty" enum:"xlsx,docx" default:"xlsx"`
	Title    string         `json:"title" maxLength:"120"`
	Subtitle string         `json:"subtitle,omitempty" maxLength:"300"`
	Notes    []string       `json:"notes,omitempty" maxItems:"20"`
	Columns  []ExportColumn `json:"columns" minItems:"1" maxItems:"200"`
	Rows     [][]any        `json:"rows" maxItems:"50000" doc:"Numbers, texts or null, in the order of the columns"`
}

// ExportColumn is one column of an exported table.
type ExportColumn struct {
	Head     []string `json:"head" minItems:"1" maxItems:"3" doc:"One or more rows of heading; equal neighbours are merged"`
	Unit     string   `json:"unit,omitempty" maxLength:"40"`
	Decimals int      `json:"decimals,omitempty" minimum:"0" maximum:"6"`
}

func (s *Server) addExportRoutes() {
	addFile(s, Route{Method: "POST", Path: "/api/export", ID: "exportTable", Summary: "A shown table as a workbook or as a document in office form", Tag: "export", Permission: identity.Export, MaxBody: 32 << 20}, func(ctx context.Context, p *identity.Principal, in *struct{ Body ExportTable }) (*File, error) {
		t := in.Body
		out := workbook.Table{Title: t.Title, Notes: t.Notes}
		if t.Subtitle != "" {
			out.Notes = append([]string{t.Subtitle}, t.Notes...)
		}
		for _, c := range t.Columns {
			out.Columns = append(out.Columns, workbook.Column{Head: c.Head, Unit: c.Unit, Decimals: c.Decimals})
		}
		for _, r := range t.Rows {
			row := make([]workbook.Value, len(r))
			for i, v := range r {
				row[i] = exportValue(v)
			}
			out.Rows = append(out.Rows, row)
		}
		return s.tableFile(ctx, p, out, t.Title, t.Format)
	})
}

func exportValue(v any) workbook.Value {
	switch v := v.(type) {
	case nil:
		return workbook.TextValue("")
	case float64:
		if d, err := quantity.FromFloat(v); err == nil {
			return workbook.FigureValue(quantity.Some(d))
		}
	case string:
		return workbook.TextValue(v)
	case bool:
		if v {
			return workbook.TextValue("✓")
		}
		return workbook.TextValue("")
	}
	b, _ := json.Marshal(v)
	return workbook.TextValue(string(b))
}

// Healthz is the answer of /healthz.
type Healthz struct {
	OK    bool       `json:"ok"`
	Store StoreState `json:"store"`
	// Gauges is what the gateway of field stations has seen since the start.
	Gauges GaugeState `json:"gauges"`
}

// StoreState is how the store is.
type StoreState struct {
	OK     bool        `json:"ok"`
	Engine string      `json:"engine"`
	Since  *time.Time  `json:"since,omitempty"`
	Reason *fault.Text `json:"reason,omitempty"`
}

const probeWithin = 3 * time.Second

func (s *Server) addSystemRoutes() {
	s.mux.HandleFunc("GET /healthz", s.healthz)
	s.mux.HandleFunc("GET /api/events", s.serveEvents)
	s.mux.HandleFunc("GET /api/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		b, err := s.OpenAPI()
		if err != nil {
			writeProblem(w, problemOf(err))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write(b) //nolint:errcheck // the client is gone
	})
	if s.Metrics != nil {
		s.mux.Handle("GET /metrics", promhttp.HandlerFor(s.Metrics, promhttp.HandlerOpts{}))
	}
	if s.Clock == nil {
		return
	}
	add(s, Route{Method: "POST", Path: "/api/demo/clock", ID: "setDemoClock", Summary: "Move the demo to another day", Tag: "demo", Permission: identity.Own}, func(_ context.Context, _ *identity.Principal, in *struct {
		Body struct {
			Today hydrotime.Date `json:"today"`
		}
	},
	) (*none, error) {
		return nil, s.Clock.Set(in.Body.Today.Start().Add(8*time.Hour + 40*time.Minute))
	})
}

func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), probeWithin)
	defer cancel()
	h := s.Store.Probe(ctx, s.Now())
	out := Healthz{OK: h.OK, Store: stateOf(s.Store.Engine(), h), Gauges: s.gaugeState()}
	out.OK = out.OK && out.Gauges.ClockLeapS == 0
	status := http.StatusOK
	if !out.OK {
		status = http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(out) //nolint:errcheck,errchkjson // the client is gone
}

func stateOf(engine store.Engine, h store.Health) StoreState {
	out := StoreState{OK: h.OK, Engine: string(engine)}
	if !h.OK {
		out.Since, out.Reason = &h.Since, &h.Reason
	}
	return out
}

func storeEvent(engine store.Engine, h store.Health) Event {
	state := stateOf(engine, h)
	return Event{Kind: "store", Health: &state}
}

// StoreChanged tells every open screen that the store is away, or back.
func (s *Server) StoreChanged(h store.Health) { s.events.publish(storeEvent(s.Store.Engine(), h)) }

// Changed tells open screens what a committed transaction changed.
func (s *Server) Changed(c programme.Change) {
	e := Event{Kind: c.Kind, Line: c.Line, Division: c.Division, Code: c.Code}
	if c.Period.Valid() {
		e.Period = c.Period.String()
	}
	s.events.publish(e)
}
