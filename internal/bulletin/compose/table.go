package compose

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/bulletin/snapshot"
	"anlan/internal/bulletin/template"
)

// dash stands in a cell for what is absent.
const dash = "—"

// unreported stands where a figure was due and nobody filed it.
const unreported = "未报"

func (c *composer) table(t *template.Table) []Block {
	out := &Table{Caption: c.words(t.Caption), Note: c.words(t.Note), Rows: [][]Run{}}
	for _, col := range t.Columns {
		out.Columns = append(out.Columns, Column{Head: c.words(col.Head), Weight: max(col.Weight, 1), Left: col.Left})
	}
	if t.Of == template.Measures {
		c.measureRows(t, out)
	} else if absent := c.thingRows(t, out); absent != "" {
		return c.paragraph(cmp.Or(t.Absent, absent))
	}
	if len(out.Rows) == 0 {
		return c.paragraph(t.None)
	}
	return []Block{{Kind: TableOf, Table: out}}
}

// measureRows are rows of measures; those that the snapshot does not know are left out.
func (c *composer) measureRows(t *template.Table, out *Table) {
	for _, key := range t.Rows {
		m := c.Measure(key)
		if m == nil {
			continue
		}
		var row []Run
		for i, col := range t.Columns {
			switch {
			case col.Of == "name":
				row = append(row, Run{Text: c.nameIn(t, m)})
			case col.Of == "order":
				row = append(row, Run{Text: strconv.Itoa(len(out.Rows) + 1)})
			case slices.Contains(template.Words(), col.Of):
				runs, _ := c.word(template.Ref{Kind: template.Word, Name: key, Part: col.Of})
				row = append(row, cellOf(runs))
			default:
				out.Columns[i].Figure = true
				row = append(row, c.cell(template.Ref{Kind: template.Figure, Name: key, Part: col.Of}, col.Bare))
			}
		}
		out.Rows = append(out.Rows, row)
	}
}

// nameIn is the name of a measure in a table; where the table has the indicator under several targets, with the target's.
func (c *composer) nameIn(t *template.Table, m *snapshot.Measure) string {
	for _, key := range t.Rows {
		if other := c.Measure(key); other != nil && other != m && other.Name == m.Name && m.Aim.Zh != "" {
			return m.Name.Zh + "（" + m.Aim.Zh + "）"
		}
	}
	return m.Name.Zh
}

// thingRows are rows of divisions, the total last, or of a list.
func (c *composer) thingRows(t *template.Table, out *Table) (absent string) {
	things, absent := c.things(t.Of)
	if absent != "" {
		return absent
	}
	if t.Sort != "" {
		place := func(d snapshot.Division) int {
			if cell := c.Cell(t.Sort, d.Code); cell != nil && cell.Rank > 0 {
				return cell.Rank
			}
			return 1 << 30
		}
		slices.SortStableFunc(things, func(a, b thing) int { return cmp.Compare(place(a.division), place(b.division)) })
	}
	was := *c
	rest := 0
	for i, th := range things {
		if t.Most > 0 && i >= t.Most {
			rest = len(things) - i
			break
		}
		c.take(th, i+1)
		out.Rows = append(out.Rows, c.row(t, out))
	}
	if t.Total != "" && len(out.Rows) > 0 {
		c.take(thing{division: c.Scope}, 0)
		row := c.row(t, out)
		for i, col := range t.Columns {
			if col.Of == "name" {
				row[i] = Run{Text: t.Total}
			}
		}
		out.Rows = append(out.Rows, row)
	}
	c.at, c.item, c.number = was.at, was.item, was.number
	if rest > 0 {
		out.Note = strings.TrimSpace(fmt.Sprintf("%s　另有%d项未列", out.Note, rest))
	}
	return ""
}

func (c *composer) row(t *template.Table, out *Table) []Run {
	var row []Run
	for i, col := range t.Columns {
		switch {
		case col.Of == "order" && c.number > 0:
			row = append(row, Run{Text: strconv.Itoa(c.number)})
		case col.Of == "order":
			row = append(row, Run{Text: ""})
		case col.Of == "name" && c.item == nil:
			row = append(row, Run{Text: c.at.Name.Zh})
		case c.item != nil:
			runs, _ := c.field(col.Of)
			f := c.item.Fields[col.Of]
			if col.Bare && f.Number.Valid && len(runs) == 1 {
				runs[0].Text = strings.TrimSuffix(runs[0].Text, snapshot.Word(f.Unit))
			}
			out.Columns[i].Figure = out.Columns[i].Figure || f.Number.Valid
			row = append(row, cellOf(runs))
		default:
			r, _ := template.ReadRef(col.Of)
			if r.Kind == template.Word {
				runs, _ := c.word(r)
				row = append(row, cellOf(runs))
				continue
			}
			out.Columns[i].Figure = true
			row = append(row, c.cell(r, col.Bare))
		}
	}
	return row
}

// cell is a figure of a table: a dash, or why there is none.
func (c *composer) cell(r template.Ref, plain bool) Run {
	f, ok := c.figure(r)
	switch {
	case !ok:
		return Run{Text: dash}
	case !f.Value.Valid && f.Aspect.ID == "value" && f.Cell.State == snapshot.Unreported:
		return Run{Text: unreported, Figure: f.Key}
	case !f.Value.Valid:
		return Run{Text: dash, Figure: f.Key}
	case plain:
		return Run{Text: bare(f), Figure: f.Key}
	}
	return Run{Text: f.Shown(), Figure: f.Key}
}

// cellOf makes one run of several: a cell of a table holds one.
func cellOf(runs []Run) Run {
	out := Run{Text: Plain(runs)}
	for _, r := range runs {
		if r.Figure != "" {
			out.Figure = r.Figure
			break
		}
	}
	if out.Text == "" {
		out.Text = dash
	}
	return out
}
