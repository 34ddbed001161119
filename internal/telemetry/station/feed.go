package station

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/sl651"
)

// Row is what a station has to report at one time.
type Row struct {
	At       time.Time
	Function sl651.Function // a timed report where 0
	Values   []sl651.Observation
	Picture  []byte // sent in packets besides the values, where there is one
}

// Feed is what a station measures, one row after the other in time; ok is false when there is no more.
type Feed func() (row Row, ok bool)

// Play is a feed of rows.
func Play(rows []Row) Feed {
	i := 0
	return func() (Row, bool) {
		if i == len(rows) {
			return Row{}, false
		}
		i++
		return rows[i-1], true
	}
}

// BadRow is a row of a file that was left out.
type BadRow struct {
	Line   int
	Reason string
}

// ReadCSV reads readings of stations. The first line names the columns: station (ten hex digits), time (RFC 3339, or the field's time as
// 2026-07-02 08:00), and elements by identifier or symbol of table C.1 (39 or Z). An empty field is an element that the row does not have, M
// one that is missing. Rows are sorted by time; bad ones are left out and told. The error is of the file as a whole.
func ReadCSV(r io.Reader) (map[sl651.Address][]Row, []BadRow, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = -1
	c.TrimLeadingSpace = true
	head, err := c.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("read the names of the columns: %w", err)
	}
	columns, err := readHead(head)
	if err != nil {
		return nil, nil, err
	}
	out := map[sl651.Address][]Row{}
	var bad []BadRow
	for {
		fields, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			bad = append(bad, BadRow{wrong.Line, wrong.Err.Error()})
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read the readings: %w", err)
		}
		line, _ := c.FieldPos(0)
		a, row, err := readRow(columns, fields)
		if err != nil {
			bad = append(bad, BadRow{line, err.Error()})
			continue
		}
		out[a] = append(out[a], row)
	}
	for _, rows := range out {
		slices.SortStableFunc(rows, func(a, b Row) int { return a.At.Compare(b.At) })
	}
	return out, bad, nil
}

const (
	stationColumn = "station"
	timeColumn    = "time"
)

func readHead(head []string) (columns []any, err error) {
	symbols := map[string]sl651.ID{}
	for _, e := range sl651.Elements() {
		symbols[strings.ToUpper(e.Symbol)] = e.ID
		symbols[e.ID.String()] = e.ID
	}
	seen := map[any]bool{}
	for i, name := range head {
		name = strings.TrimSpace(strings.TrimPrefix(name, "\uFEFF"))
		var column any = strings.ToLower(name)
		if column != stationColumn && column != timeColumn {
			id, ok := symbols[strings.ToUpper(name)]
			if e, _ := sl651.ElementOf(id); !ok || e.Digits == 0 {
				return nil, fmt.Errorf("column %d: %q is no element with a figure, nor station or time", i+1, name)
			}
			column = id
		}
		if seen[column] {
			return nil, fmt.Errorf("column %d: %q is there twice", i+1, name)
		}
		seen[column] = true
		columns = append(columns, column)
	}
	if !seen[stationColumn] || !seen[timeColumn] {
		return nil, errors.New("there has to be a column station and a column time")
	}
	return columns, nil
}

func readRow(columns []any, fields []string) (a sl651.Address, row Row, err error) {
	if len(fields) != len(columns) {
		return a, row, fmt.Errorf("%d fields, and %d columns", len(fields), len(columns))
	}
	for i, text := range fields {
		text = strings.TrimSpace(text)
		switch column := columns[i].(type) {
		case string:
			if column == stationColumn {
				a, err = sl651.ParseAddress(text)
			} else {
				row.At, err = ParseTime(text)
			}
		case sl651.ID:
			var v sl651.Value
			if text == "" {
				continue
			}
			v, err = readValue(column, text)
			row.Values = append(row.Values, sl651.Observation{Element: column, Value: v})
		}
		if err != nil {
			return a, row, fmt.Errorf("field %d: %w", i+1, err)
		}
	}
	return a, row, nil
}

// ParseTime reads an instant as people write it: RFC 3339, or 2026-07-02 08:00 in the field's zone.
func ParseTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.ParseInLocation(layout, text, hydrotime.Beijing); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time such as 2026-07-02 08:00", text)
}

func readValue(id sl651.ID, text string) (sl651.Value, error) {
	if strings.EqualFold(text, "M") {
		return sl651.Value{}, nil
	}
	d, err := quantity.Parse(text)
	if err != nil {
		return sl651.Value{}, fmt.Errorf("%q: %w", text, err)
	}
	e, _ := sl651.ElementOf(id)
	return sl651.OfDecimal(d, e.Decimals), nil
}
