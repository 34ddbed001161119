package basin

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"anlan/internal/fault"
)

// Table is a CSV of numbers by time. An empty cell is NaN: absent, which is not zero.
type Table struct {
	Name    string
	Columns []string // without the time
	Times   []time.Time
	Values  [][]float64 // by column
	Lines   []int       // of each row in the file
	layout  string      // as which the first time is written
}

// MaxRows bounds how many rows a table may have.
const MaxRows = 5_000_000

// ReadTable reads a CSV whose first column is `time`: a date, or an instant as of RFC 3339; one without a zone is UTC. Times rise and no
// cell is anything but a number or empty.
func ReadTable(name string, in io.Reader) (*Table, error) {
	r := csv.NewReader(bufio.NewReader(skipBOM(in)))
	r.ReuseRecord = true
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, fault.Invalidf("series.empty", "%s 是空文件", "%s is empty", name)
	}
	if err != nil {
		return nil, fault.Invalidf("series.syntax", "%s：没有表头：%v", "%s: there is no header: %v", name, err)
	}
	t := &Table{Name: name}
	for i, c := range head {
		c = strings.TrimSpace(c)
		if i == 0 {
			if c != "time" && c != "date" {
				return nil, fault.Invalidf("series.column", "%s 第 1 行：首列应为 time，现为 %.40q", "%s line 1: the first column is time, not %.40q", name, c)
			}
			continue
		}
		if slices.Contains(t.Columns, c) {
			return nil, fault.Invalidf("series.column", "%s 第 1 行：列 %s 重复", "%s line 1: the column %s stands twice", name, c)
		}
		t.Columns = append(t.Columns, c)
	}
	t.Values = make([][]float64, len(t.Columns))
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t, t.check()
		}
		if err != nil {
			return nil, fault.Invalidf("series.syntax", "%s：%v", "%s: %v", name, err)
		}
		line, _ := r.FieldPos(0) // which panics where there is no row
		if err := t.add(row, line); err != nil {
			return nil, err
		}
	}
}

// skipBOM leaves out a byte order mark, which office programs put before their CSV.
func skipBOM(in io.Reader) io.Reader {
	b := bufio.NewReader(in)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		b.Discard(3) //nolint:errcheck // they have been peeked at
	}
	return b
}

func (t *Table) add(row []string, line int) error {
	at, layout, err := parseTime(strings.TrimSpace(row[0]))
	if err != nil {
		return fault.Invalidf("series.time", "%s 第 %d 行：%.40q 不是时间", "%s line %d: %.40q is no time", t.Name, line, row[0])
	}
	if len(t.Times) > 0 && !at.After(t.Times[len(t.Times)-1]) {
		return fault.Invalidf("series.time", "%s 第 %d 行：时间 %s 不晚于上一行", "%s line %d: %s is not after the row before", t.Name, line, row[0])
	}
	if len(t.Times) >= MaxRows {
		return fault.New(fault.TooLarge, "series.size", fault.Tf("%s 超过 %d 行", "%s has more than %d rows", t.Name, MaxRows))
	}
	if t.layout == "" {
		t.layout = layout
	}
	t.Times, t.Lines = append(t.Times, at), append(t.Lines, line)
	for i := range t.Columns {
		v, cell := math.NaN(), strings.TrimSpace(row[i+1])
		if cell != "" {
			if v, err = strconv.ParseFloat(cell, 64); err != nil || math.IsInf(v, 0) {
				return fault.Invalidf("series.number", "%s 第 %d 行 %s 列：%.40q 不是数", "%s line %d, column %s: %.40q is no number", t.Name, line, t.Columns[i], cell)
			}
		}
		t.Values[i] = append(t.Values[i], v)
	}
	return nil
}

func parseTime(s string) (at time.Time, layout string, err error) {
	for _, layout = range []string{time.DateOnly, time.RFC3339, "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02 15:04:05"} {
		if at, err = time.Parse(layout, s); err == nil {
			return at, layout, nil
		}
	}
	return at, "", err
}

// check refuses a table without rows.
func (t *Table) check() error {
	if len(t.Times) == 0 {
		return fault.Invalidf("series.empty", "%s 没有数据", "%s holds no rows", t.Name)
	}
	return nil
}

// Stamp writes the time of a row as its file did.
func (t *Table) Stamp(i int) string { return t.Times[i].Format(t.layout) }

// Column finds a column by name.
func (t *Table) Column(name string) ([]float64, bool) {
	i := slices.Index(t.Columns, name)
	if i < 0 {
		return nil, false
	}
	return t.Values[i], true
}

// StepHours is the step that all rows keep; a gap or another step is refused with its line.
func (t *Table) StepHours() (float64, error) {
	if len(t.Times) < 2 {
		return 0, fault.Invalidf("series.step", "%s 只有一行，无法得知步长", "%s has one row, which tells no step", t.Name)
	}
	step := t.Times[1].Sub(t.Times[0])
	for i := 2; i < len(t.Times); i++ {
		if d := t.Times[i].Sub(t.Times[i-1]); d != step {
			return 0, fault.Invalidf("series.step", "%s 第 %d 行：与上一行相隔 %v，此前为 %v（缺测须先补齐）", "%s line %d: %v after the row before, the steps are %v (a gap is to be filled first)", t.Name, t.Lines[i], d, step)
		}
	}
	return step.Hours(), nil
}

// Forcing is what falls on a basin, what the air would take, and what enters it: rain and evaporation in mm a step, temperatures in °C,
// flows in m³/s. Units that take the same share a series.
type Forcing struct {
	Times                []time.Time
	Rain, PET, Air       [][]float64 // Air only where snow is modelled
	Inflow               [][]float64 // one for each inflow of the basin
	rainOf, petOf, airOf []int       // which series a unit takes
	layout               string
}

// Steps is how many there are.
func (f *Forcing) Steps() int { return len(f.Times) }

// Forcing takes what a basin needs from a table: the column `p`, or one column for each gauge that a unit weighs; `pet`, `t_C` where
// snow is modelled, or the columns that a unit names; and those of its inflows. What is missing is refused with its line.
func (b *Basin) Forcing(t *Table) (*Forcing, error) {
	step, err := t.StepHours()
	if err != nil {
		return nil, err
	}
	if math.Abs(step-b.dt) > 1e-6 {
		return nil, fault.Invalidf("series.step", "%s 第 %d 行：步长为 %g h，流域文件为 %g h", "%s line %d: a step of %g h, the basin file says %g", t.Name, t.Lines[1], step, b.dt)
	}
	f := &Forcing{Times: t.Times, layout: t.layout}
	if f.Rain, f.rainOf, err = shared(b.nodes, func(n node) string { return fmt.Sprint(n.weights) }, func(n node) ([]float64, error) { return t.rain(n.weights) }); err != nil {
		return nil, err
	}
	if f.PET, f.petOf, err = shared(b.nodes, func(n node) string { return n.pet }, func(n node) ([]float64, error) { return t.Whole(n.pet) }); err != nil {
		return nil, err
	}
	if b.snow != nil {
		if f.Air, f.airOf, err = shared(b.nodes, func(n node) string { return n.air }, func(n node) ([]float64, error) { return t.Present(n.air) }); err != nil {
			return nil, err
		}
	}
	for _, e := range b.inflows {
		q, err := t.Whole(e.column)
		if err != nil {
			return nil, err
		}
		f.Inflow = append(f.Inflow, q)
	}
	f.align(b.rainBegins / b.dt)
	return f, nil
}

// align brings rain to the steps of the flow where its own begin earlier or later, by a share of a step: it is taken as even over its
// own. The step at the end of which part of the rain is not known is left out, since what is not known is not zero.
func (f *Forcing) align(begins float64) {
	if begins == 0 || len(f.Times) == 0 {
		return
	}
	part, from, to := math.Abs(begins), 0, len(f.Times)
	for k, own := range f.Rain {
		rain := slices.Clone(own) // a table keeps what it read
		for i := range rain {
			switch {
			case begins > 0 && i > 0:
				rain[i] = (1-part)*own[i] + part*own[i-1]
			case begins < 0 && i+1 < len(own):
				rain[i] = (1-part)*own[i] + part*own[i+1]
			}
		}
		f.Rain[k] = rain
	}
	if begins > 0 {
		from = 1
	} else {
		to--
	}
	f.Times = f.Times[from:to]
	for _, list := range [][][]float64{f.Rain, f.PET, f.Air, f.Inflow} {
		for k := range list {
			list[k] = list[k][from:to]
		}
	}
}

// shared reads a series for each node, once for all that have the same key.
func shared(nodes []node, key func(node) string, read func(node) ([]float64, error)) (series [][]float64, of []int, err error) {
	known := map[string]int{}
	for _, n := range nodes {
		at, ok := known[key(n)]
		if !ok {
			list, err := read(n)
			if err != nil {
				return nil, nil, err
			}
			at = len(series)
			series, known[key(n)] = append(series, list), at
		}
		of = append(of, at)
	}
	return series, of, nil
}

// rain is the mean of gauges by weight, or the column p.
func (t *Table) rain(weights map[string]float64) ([]float64, error) {
	if len(weights) == 0 {
		return t.Whole("p")
	}
	out := make([]float64, len(t.Times))
	for _, gauge := range slices.Sorted(maps.Keys(weights)) {
		w := weights[gauge]
		if w == 0 {
			continue
		}
		series, err := t.Whole(gauge)
		if err != nil {
			return nil, err
		}
		for i, v := range series {
			out[i] += w * v
		}
	}
	return out, nil
}

// Whole is a column of amounts; one that is missing or below 0 is refused with its line.
func (t *Table) Whole(name string) ([]float64, error) {
	list, err := t.Present(name)
	for i, v := range list {
		if v < 0 {
			return nil, fault.Invalidf("series.negative", "%s 第 %d 行：%s 为负（%g）", "%s line %d: %s is below 0 (%g)", t.Name, t.Lines[i], name, v)
		}
	}
	return list, err
}

// Present is a column without gaps; one is refused with its line.
func (t *Table) Present(name string) ([]float64, error) {
	list, ok := t.Column(name)
	if !ok {
		return nil, fault.Invalidf("series.column", "%s 第 1 行：没有 %s 列（有：%s）", "%s line 1: there is no column %s (there are %s)", t.Name, name, strings.Join(t.Columns, ", "))
	}
	for i, v := range list {
		if math.IsNaN(v) {
			return nil, fault.Invalidf("series.gap", "%s 第 %d 行：%s 缺测，不能当作 0", "%s line %d: %s is missing, which is not zero", t.Name, t.Lines[i], name)
		}
	}
	return list, nil
}

// Mean is the rain and the potential evaporation over the whole basin, mm a step.
func (b *Basin) Mean(in *Forcing) (rain, pet []float64) {
	rain, pet = make([]float64, in.Steps()), make([]float64, in.Steps())
	for i, n := range b.nodes {
		share := n.area / b.area
		for t := range rain {
			rain[t] += share * in.Rain[in.rainOf[i]][t]
			pet[t] += share * in.PET[in.petOf[i]][t]
		}
	}
	return rain, pet
}

// Closed tells whether all water that leaves the basin fell on it as rain: no gauge upstream lets any in, and none lies as snow.
func (b *Basin) Closed() bool { return len(b.inflows) == 0 && b.snow == nil }

// Stamp writes the time of a row as its file did.
func (f *Forcing) Stamp(i int) string { return f.Times[i].Format(f.layout) }
