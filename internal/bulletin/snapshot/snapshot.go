// Package snapshot holds the figures that a bulletin was written from, frozen with their versions (数据快照).
//
// A snapshot is plain data: the same figures give the same bytes and so the same hash. It never changes; what is corrected later is
// told by comparing it with another one. Figures are exact decimals in the unit of their measure, or absent; periods are 2026-05 or
// 2026-05-20. The package reads nothing and knows no clock.
package snapshot

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Format numbers the layout of the bytes.
const Format = 1

// Snapshot is what was known of a scope for a period at an instant.
type Snapshot struct {
	Format    int        `json:"format"`
	Kind      string     `json:"kind"`    // of the bulletin: a template's id
	Version   int        `json:"version"` // of the template
	Scope     Division   `json:"scope"`
	Above     *Division  `json:"above,omitempty"` // whose figures stand beside those of the scope, such as the city's beside a county's
	Office    fault.Text `json:"office"`          // who issues it
	Period    string     `json:"period"`
	AsOf      time.Time  `json:"as_of"`
	Divisions []Division `json:"divisions"` // below the scope, in order
	Measures  []Measure  `json:"measures"`
	Cells     []Cell     `json:"cells"`
	Lists     []List     `json:"lists"`
}

// Division is a division by the names it had.
type Division struct {
	Code       string     `json:"code"`
	Name       fault.Text `json:"name"`
	Short      string     `json:"short"`
	Level      string     `json:"level"`
	Functional bool       `json:"functional,omitempty"`
}

// Measure is an indicator with the target that it is judged by.
type Measure struct {
	Key       string     `json:"key"` // a target's id or an indicator's code, as the template writes it
	Indicator string     `json:"indicator"`
	Line      string     `json:"line"`
	Name      fault.Text `json:"name"`
	Aim       fault.Text `json:"aim,omitzero"`
	Judge     string     `json:"judge,omitempty"`
	Unit      string     `json:"unit"`
	Show      string     `json:"show"`
	Decimals  int        `json:"decimals"`
	Ratio     bool       `json:"ratio,omitempty"`
	Better    string     `json:"better"`
	Due       string     `json:"due,omitempty"` // 2026-06-30
	Of        string     `json:"of"`            // the month its figures are of
	Options   []Option   `json:"options,omitempty"`
}

// Option is the name of a value of a measure that is chosen from a list.
type Option struct {
	Value int        `json:"value"`
	Name  fault.Text `json:"name"`
}

// The states of a cell, as the programme room has them.
const (
	HasFigure  = "figure"
	Unreported = "unreported"
	Blank      = "blank"
	NotDue     = "not_due"
	NoFigure   = "na"
)

// Cell is one measure of one division.
type Cell struct {
	Measure      string        `json:"measure"`
	Division     string        `json:"division"`
	State        string        `json:"state"`
	Value        quantity.Null `json:"value,omitzero"`
	Numerator    quantity.Null `json:"numerator,omitzero"`
	Denominator  quantity.Null `json:"denominator,omitzero"`
	Plan         quantity.Null `json:"plan,omitzero"`
	Completion   quantity.Null `json:"completion,omitzero"`
	Calendar     quantity.Null `json:"calendar,omitzero"`
	Gap          quantity.Null `json:"gap,omitzero"`
	Growth       quantity.Null `json:"growth,omitzero"`
	GrowthChange quantity.Null `json:"growth_change,omitzero"`
	LastMonth    quantity.Null `json:"last_month,omitzero"`
	LastYear     quantity.Null `json:"last_year,omitzero"`
	Rank         int           `json:"rank,omitempty"`
	RankBefore   int           `json:"rank_before,omitempty"`
	Peers        int           `json:"peers,omitempty"` // how many are ranked
	Grade        string        `json:"grade,omitempty"`
	Reported     int           `json:"reported,omitempty"`
	Expected     int           `json:"expected,omitempty"`
	Pending      int           `json:"pending,omitempty"`
	Origin       *Origin       `json:"origin,omitempty"` // nil for sums and what is computed
}

// Origin is where a filed figure stands and which revision of it this is.
type Origin struct {
	Return     int64     `json:"return"`
	Version    int       `json:"version"`
	Revision   int64     `json:"revision"`
	RecordedAt time.Time `json:"recorded_at"`
	By         string    `json:"by,omitempty"`
}

// List is rows that come from elsewhere: lagging projects, missed deadlines, overdue matters.
type List struct {
	ID     string     `json:"id"`
	Name   fault.Text `json:"name"`
	Source fault.Text `json:"source"` // which part of the house counted it
	// Absent is why there is no such list; without it an empty list is one with nothing on it.
	Absent *fault.Text `json:"absent,omitempty"`
	Items  []Item      `json:"items"`
}

// Item is a row of a list, its fields by name.
type Item struct {
	ID       string           `json:"id"`
	Division string           `json:"division,omitempty"`
	Of       *Record          `json:"of,omitempty"` // nil in snapshots of before records were named
	Fields   map[string]Field `json:"fields"`
}

// Record is what an item was read from, and which state of it (出处和版本).
type Record struct {
	Kind    string `json:"kind"` // return, deadline, project, matters, readings, exceedance, bulletin or figure
	ID      string `json:"id"`
	Version int64  `json:"version"` // counts up with each change of it; 0 where nothing was filed yet, or what it follows from is in the cells
}

// Field is a text or a figure.
type Field struct {
	Text     fault.Text    `json:"text,omitzero"`
	Number   quantity.Null `json:"number,omitzero"`
	Unit     string        `json:"unit,omitempty"` // as the unit registry codes it
	Decimals int           `json:"decimals,omitempty"`
}

// Encode writes the canonical bytes of a snapshot.
func Encode(s *Snapshot) ([]byte, error) {
	c := *s
	c.Format, c.AsOf = Format, s.AsOf.UTC()
	b, err := json.Marshal(&c)
	if err != nil {
		return nil, fmt.Errorf("encode a snapshot: %w", err)
	}
	return b, nil
}

// Decode reads canonical bytes.
func Decode(b []byte) (*Snapshot, error) {
	s := new(Snapshot)
	if err := json.Unmarshal(b, s); err != nil {
		return nil, fmt.Errorf("decode a snapshot: %w", err)
	}
	if s.Format != Format {
		return nil, fmt.Errorf("decode a snapshot: format %d is not known", s.Format)
	}
	return s, nil
}

// Hash is the SHA-256 of canonical bytes, in hex.
func Hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// maxBytes bounds what is unpacked.
const maxBytes = 64 << 20

// Pack makes canonical bytes small for keeping.
func Pack(b []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(b); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Unpack undoes Pack.
func Unpack(b []byte) ([]byte, error) {
	out, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b)), maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("unpack a snapshot: %w", err)
	}
	if len(out) > maxBytes {
		return nil, fmt.Errorf("unpack a snapshot: it is larger than %d bytes", maxBytes)
	}
	return out, nil
}

// Measure finds a measure by its key.
func (s *Snapshot) Measure(key string) (*Measure, bool) {
	i := slices.IndexFunc(s.Measures, func(m Measure) bool { return m.Key == key })
	if i < 0 {
		return nil, false
	}
	return &s.Measures[i], true
}

// List finds a list by its id.
func (s *Snapshot) List(id string) (*List, bool) {
	i := slices.IndexFunc(s.Lists, func(l List) bool { return l.ID == id })
	if i < 0 {
		return nil, false
	}
	return &s.Lists[i], true
}

// Division finds a division that the snapshot tells of, the scope and the one above included.
func (s *Snapshot) Division(code string) (Division, bool) {
	if s.Scope.Code == code {
		return s.Scope, true
	}
	if s.Above != nil && s.Above.Code == code {
		return *s.Above, true
	}
	for _, d := range s.Divisions {
		if d.Code == code {
			return d, true
		}
	}
	return Division{}, false
}

// Key names one figure: "inv.construction.annual@330602#completion".
func Key(measure, division, aspect string) string { return measure + "@" + division + "#" + aspect }

// Split takes a key apart.
func Split(key string) (measure, division, aspect string, ok bool) {
	measure, rest, at := strings.Cut(key, "@")
	division, aspect, hash := strings.Cut(rest, "#")
	return measure, division, aspect, at && hash && measure != "" && division != "" && aspect != ""
}

// Index finds cells fast; it belongs to a snapshot that does not change any more.
type Index struct {
	*Snapshot
	cells    map[[2]string]*Cell
	measures map[string]*Measure
}

// NewIndex indexes a snapshot.
func NewIndex(s *Snapshot) *Index {
	x := &Index{s, make(map[[2]string]*Cell, len(s.Cells)), make(map[string]*Measure, len(s.Measures))}
	for i := range s.Cells {
		c := &s.Cells[i]
		x.cells[[2]string{c.Measure, c.Division}] = c
	}
	for i := range s.Measures {
		x.measures[s.Measures[i].Key] = &s.Measures[i]
	}
	return x
}

// Cell is the cell of a measure and a division, nil where there is none.
func (x *Index) Cell(measure, division string) *Cell { return x.cells[[2]string{measure, division}] }

// Measure is a measure by its key, nil where there is none.
func (x *Index) Measure(key string) *Measure { return x.measures[key] }

// SplitList takes apart the key of a figure of a list: "list@supervision#count" or "item@supervision-330602#found".
func SplitList(key string) (kind, id, field string, ok bool) {
	kind, rest, at := strings.Cut(key, "@")
	i := strings.LastIndexByte(rest, '#') // an item's id may hold one
	if !at || i < 0 || kind != "list" && kind != "item" {
		return "", "", "", false
	}
	return kind, rest[:i], rest[i+1:], true
}
