package objectfile

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/workbook"
)

// Sheet is what a table of the register is headed by.
type Sheet struct {
	Title fault.Text
	Notes []fault.Text // filters, the day, how many are left out
	Tree  *registry.Tree
	En    bool // heads and notes in English; the words in the cells stay those that the import knows
}

const extColumns = 50

// written are the columns that a table has, besides those of ext.
func written() []column {
	return slices.DeleteFunc(columns(), func(c column) bool { return c.key == colDeleted || c.key == colPassed })
}

// extKeys lists the columns of ext that objects have, in order and not too many.
func extKeys(list []registry.WaterObject) []string {
	all := map[string]bool{}
	for _, o := range list {
		for k := range o.Ext {
			// What the import would take for a column of its own would not come back as it went out.
			if key, _, _ := known(k); key == "" {
				all[k] = true
			}
		}
	}
	keys := slices.Sorted(maps.Keys(all))
	return keys[:min(len(keys), extColumns)]
}

func (s Sheet) say(t fault.Text) string {
	if s.En {
		return t.En
	}
	return t.Zh
}

func (s Sheet) text(c column, o *registry.WaterObject) string {
	if c.key == colCounty {
		if d, ok := s.Tree.ByID(o.DivisionID); ok {
			return d.NameZh
		}
	}
	return c.text(o)
}

// unitName is the unit as a head shows it.
func (s Sheet) unitName(c column) string {
	switch c.unit {
	case "kw":
		return "kW"
	case "m3_day":
		return "m³/d"
	}
	if u, ok := quantity.UnitOf(c.unit); ok {
		return u.Name.Zh // the import reads the Chinese and the plain symbols, not "10k m³"
	}
	return ""
}

// judged are the columns behind the register's own that a reader wants and the import passes over.
func (s Sheet) judged(o *registry.WaterObject) []string {
	if o.Clock == nil {
		return []string{"", ""}
	}
	due := ""
	if d := o.Clock.DueOn(); d != nil {
		due = d.String()
	}
	states := map[objectrule.DueState]fault.Text{
		objectrule.Overdue: fault.T("超期", "overdue"), objectrule.DueSoon: fault.T("将到期", "due soon"),
		objectrule.NotDue: fault.T("未到期", "not due"), objectrule.Unknown: fault.T("不明", "unknown"),
	}
	return []string{due, s.say(states[o.Clock.Due()])}
}

func judgedNames() []fault.Text {
	return []fault.Text{fault.T("下一到期日", "next due"), fault.T("到期状态", "due state")}
}

// WriteXLSX writes objects as a workbook that Read takes back.
func WriteXLSX(s Sheet, list []registry.WaterObject) ([]byte, error) {
	t := workbook.Table{Sheet: s.say(s.Title), Title: s.say(s.Title)}
	for _, n := range s.Notes {
		t.Notes = append(t.Notes, s.say(n))
	}
	own, ext := written(), extKeys(list)
	for _, c := range own {
		t.Columns = append(t.Columns, workbook.Column{Head: []string{s.say(c.name)}, Unit: s.unitName(c), Decimals: -1})
	}
	for _, n := range judgedNames() {
		t.Columns = append(t.Columns, workbook.Column{Head: []string{s.say(n)}})
	}
	for _, k := range ext {
		t.Columns = append(t.Columns, workbook.Column{Head: []string{k}})
	}
	for i := range list {
		o := &list[i]
		row := make([]workbook.Value, 0, len(t.Columns))
		for _, c := range own {
			if c.unit != "" {
				row = append(row, workbook.FigureValue(*c.place(o).(*quantity.Null)))
			} else {
				row = append(row, workbook.TextValue(s.text(c, o)))
			}
		}
		for _, v := range s.judged(o) {
			row = append(row, workbook.TextValue(v))
		}
		for _, k := range ext {
			row = append(row, workbook.TextValue(o.Ext[k]))
		}
		t.Rows = append(t.Rows, row)
	}
	var b bytes.Buffer
	if err := workbook.WriteXLSX(&b, t); err != nil {
		return nil, fmt.Errorf("write the register as a workbook: %w", err)
	}
	return b.Bytes(), nil
}

// WriteCSV writes objects as CSV (RFC 4180) in UTF-8 with a byte order mark, which office programs want. A text that such a program
// would take for a formula is written behind an apostrophe, which Read takes away.
func WriteCSV(s Sheet, list []registry.WaterObject) ([]byte, error) {
	b := bytes.NewBufferString("\xef\xbb\xbf")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	own, ext := written(), extKeys(list)
	var head []string
	for _, c := range own {
		h := s.say(c.name)
		if u := s.unitName(c); u != "" {
			h += "(" + u + ")"
		}
		head = append(head, h)
	}
	for _, n := range judgedNames() {
		head = append(head, s.say(n))
	}
	rows := [][]string{append(head, ext...)}
	for i := range list {
		o := &list[i]
		var row []string
		for _, c := range own {
			row = append(row, harmless(s.text(c, o)))
		}
		row = append(row, s.judged(o)...)
		for _, k := range ext {
			row = append(row, harmless(o.Ext[k]))
		}
		rows = append(rows, row)
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write the register as CSV: %w", err)
	}
	return b.Bytes(), nil
}

func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}

// WriteGeoJSON writes those objects whose place is known as points in a system, with their fields as properties under the names of
// the API; the others have no geometry and are left out. It returns how many were.
func WriteGeoJSON(list []registry.WaterObject, to geodesy.System) (out []byte, left int, err error) {
	var features []geodesy.Feature
	for i := range list {
		o := &list[i]
		if o.Place == nil {
			left++
			continue
		}
		properties := map[string]any{"id": o.ID}
		for _, c := range written() {
			switch {
			case c.key == colLon || c.key == colLat || c.key == colCounty:
			case c.unit != "":
				if n := c.place(o).(*quantity.Null); n.Valid {
					properties[c.key] = n.Decimal
				}
			default:
				if v := c.text(o); v != "" {
					properties[c.key] = v
				}
			}
		}
		for k, v := range o.Ext {
			if _, own := properties[k]; !own {
				properties[k] = v
			}
		}
		features = append(features, geodesy.Feature{ID: fmt.Sprint(o.ID), Properties: properties, Point: o.Place})
	}
	out, err = geodesy.WriteGeoJSON(features, to)
	return out, left, err
}
