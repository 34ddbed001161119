package web

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/identity"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
)

// GaugeMark is a station as the map draws it.
type GaugeMark struct {
	Object   int64          `json:"object"`
	Name     fault.Text     `json:"name"`
	Code     string         `json:"code"`
	Division string         `json:"division"`
	Class    string         `json:"class"`
	Place    *geodesy.Point `json:"place,omitempty" doc:"Absent where nobody has said where it stands"`
	Events   []string       `json:"events,omitempty" doc:"Kinds of its events that stand"`
	Level    *GaugeFigure   `json:"level,omitempty" doc:"The newest level, of whichever kind it tells"`
	Rain     *GaugeFigure   `json:"rain,omitempty" doc:"The newest rain of a span"`
	Silent   bool           `json:"silent,omitempty" doc:"Its field stations have missed three reports in a row, whether or not a threshold asks for them"`

	division int64
	changed  int64
}

// GaugeFigure is a figure with when it was so.
type GaugeFigure struct {
	At    time.Time     `json:"at"`
	Value quantity.Null `json:"value"`
	SpanS int64         `json:"span_s,omitempty"`
	// Doubted is a figure that nobody should act on before somebody has looked.
	Doubted bool `json:"doubted,omitempty" doc:"A check doubts it and nobody has looked, or it does not count"`
}

// GaugeMap is the stations in scope, or those that have changed.
type GaugeMap struct {
	Stations []GaugeMark `json:"stations"`
	Of       int         `json:"of" doc:"Stations in scope; where a screen has another number after a change, it reads all"`
	Version  int64       `json:"version" doc:"For the next request's since"`
}

// mapLevels are the quantities that stand as a station's level, the first of them that it tells.
var mapLevels = []reading.ID{reading.Level, reading.UpperLevel, reading.Tide, reading.Groundwater}

// missedReports is after how many reports that did not come a field station is silent on the map.
const missedReports = 3

const (
	boardFresh = 5 * time.Second // as old may be what the register says, or what another process took in; what this one took in renews it
	boardAsked = time.Minute     // for so long after a screen has asked it is renewed before screens hear of a change
)

// board is the map of all stations, read once for all screens. A mark knows the version at which it changed, so that a screen is sent
// only what is new to it.
type board struct {
	mu      sync.Mutex // guards what is below
	read    time.Time  // by the machine's clock; zero where it is known to be old
	asked   time.Time
	named   time.Time
	version int64
	marks   []GaugeMark // by object; never written to once they stand here
}

// renewBoard reads the board again, so that screens that are about to ask need not wait for it.
func (s *Server) renewBoard() {
	b := &s.board
	b.mu.Lock()
	b.read = time.Time{}
	wanted := time.Since(b.asked) < boardAsked
	b.mu.Unlock()
	if !wanted {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), boardFresh)
	defer cancel()
	if _, _, err := s.stationMarks(ctx); err != nil {
		s.Log.Debug("the map was not renewed", "err", err) // whoever asks next is told
	}
}

// stationMarks is the board, not older than boardFresh.
func (s *Server) stationMarks(ctx context.Context) ([]GaugeMark, int64, error) {
	b := &s.board
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Since(b.read) < boardFresh {
		return b.marks, b.version, nil
	}
	began := time.Now()
	fresh := slices.Clone(b.marks)
	if time.Since(b.named) > boardFresh {
		var err error
		if fresh, err = s.namedMarks(ctx); err != nil {
			return nil, 0, err
		}
		b.named = began
	}
	if err := s.fillMarks(ctx, fresh); err != nil {
		return nil, 0, err
	}
	if b.version == 0 {
		b.version = began.UnixMilli() // so that a screen of an earlier start is sent everything
	}
	b.version++
	was := map[int64]*GaugeMark{}
	for i := range b.marks {
		was[b.marks[i].Object] = &b.marks[i]
	}
	for i := range fresh {
		m := &fresh[i]
		m.changed = b.version
		if old := was[m.Object]; old != nil && old.same(m) {
			m.changed = old.changed
		}
	}
	b.marks, b.read = fresh, began
	return b.marks, b.version, nil
}

// namedMarks are all stations with what the register says of them.
func (s *Server) namedMarks(ctx context.Context) ([]GaugeMark, error) {
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	stations, err := s.Series.Stations(ctx)
	out := make([]GaugeMark, 0, len(stations))
	for i := range stations {
		st := &stations[i]
		d, _ := tree.ByID(st.Division)
		out = append(out, GaugeMark{Object: st.Object, Name: st.Name, Code: st.Code, Division: d.Code, Class: st.Class, Place: st.Place, division: st.Division})
	}
	slices.SortFunc(out, func(x, y GaugeMark) int { return cmp.Compare(x.Object, y.Object) })
	return out, err
}

// fillMarks gives marks their newest figures and the events that stand.
func (s *Server) fillMarks(ctx context.Context, marks []GaugeMark) error {
	latest, err := s.Series.Latest(ctx, series.LatestQuery{})
	if err != nil {
		return err
	}
	standing, err := s.Series.Standing(ctx)
	if err != nil {
		return err
	}
	silent := s.silent()
	at := 0
	for i := range marks {
		m := &marks[i]
		m.Level, m.Rain, m.Events, m.Silent = nil, nil, standing[m.Object], silent[m.Object]
		for at < len(latest) && latest[at].Object < m.Object {
			at++
		}
		best := len(mapLevels)
		for ; at < len(latest) && latest[at].Object == m.Object; at++ {
			r := &latest[at]
			figure := &GaugeFigure{r.At, r.Value, int64(r.Span / time.Second), r.Flags.Doubted() || !r.Point().Counts()}
			if k := slices.Index(mapLevels, r.Quantity); k >= 0 && k < best {
				best, m.Level = k, figure
			}
			if r.Quantity == reading.Rain {
				m.Rain = figure
			}
		}
	}
	return nil
}

// silent are the objects none of whose field stations has been heard for three of its reports.
func (s *Server) silent() map[int64]bool {
	out := map[int64]bool{}
	now := s.Now()
	for _, h := range s.Book.Health() {
		quiet := now.Sub(h.Received) > missedReports*time.Duration(h.ReportMinutes)*time.Minute
		was, more := out[h.Object]
		out[h.Object] = quiet && (was || !more)
	}
	return out
}

func (m *GaugeMark) same(o *GaugeMark) bool {
	place := func(p *geodesy.Point) geodesy.Point {
		if p == nil {
			return geodesy.Point{}
		}
		return *p
	}
	figure := func(f *GaugeFigure) GaugeFigure {
		if f == nil {
			return GaugeFigure{}
		}
		return *f
	}
	level, levelNow := figure(m.Level), figure(o.Level)
	rain, rainNow := figure(m.Rain), figure(o.Rain)
	return level.same(levelNow) && rain.same(rainNow) && m.Silent == o.Silent && slices.Equal(m.Events, o.Events) && m.Name == o.Name && m.Code == o.Code &&
		m.Class == o.Class && m.division == o.division && place(m.Place) == place(o.Place)
}

func (f GaugeFigure) same(o GaugeFigure) bool {
	return f.At.Equal(o.At) && f.Value == o.Value && f.Doubted == o.Doubted
}

func (s *Server) gaugeMap(ctx context.Context, p *identity.Principal, in *struct {
	Since    int64  `query:"since" minimum:"0" doc:"A version: only stations that have changed after it"`
	Division string `query:"division" maxLength:"20" doc:"Code of a division; what lies below it counts too"`
},
) (*GaugeMap, error) {
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	var below registry.Division
	if in.Division != "" {
		if below, err = s.divisionOf(ctx, in.Division); err != nil {
			return nil, err
		}
	}
	s.board.mu.Lock()
	s.board.asked = time.Now()
	s.board.mu.Unlock()
	marks, version, err := s.stationMarks(ctx)
	if err != nil {
		return nil, err
	}
	seen := map[int64]bool{} // divisions, of which there are far fewer than stations
	for _, d := range tree.All() {
		inside := slices.ContainsFunc(p.Scopes(identity.ObjectRead), func(scope int64) bool { return tree.Within(scope, d.ID) })
		seen[d.ID] = inside && (below.ID == 0 || tree.Within(below.ID, d.ID))
	}
	out := &GaugeMap{Stations: []GaugeMark{}, Version: version}
	for i := range marks {
		if !seen[marks[i].division] {
			continue
		}
		out.Of++
		if marks[i].changed > in.Since {
			out.Stations = append(out.Stations, marks[i])
		}
	}
	return out, nil
}
