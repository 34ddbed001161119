package web

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/gb9704"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/workbook"

	"golang.org/x/text/width"
)

// tableFile saves a table in a format, "xlsx" or "docx": the same columns and rows either way, as a sheet or in office form.
func (s *Server) tableFile(ctx context.Context, p *identity.Principal, t workbook.Table, name, format string) (*File, error) {
	if format != "docx" {
		var b bytes.Buffer
		if err := workbook.WriteXLSX(&b, t); err != nil {
			return nil, err
		}
		return &File{Name: name + ".xlsx", Type: typeXLSX, Content: b.Bytes()}, nil
	}
	if len(t.Rows) > paperMost {
		return nil, fault.New(fault.TooLarge, "export.paper", fault.Tf("共 %d 行，公文表格至多 %d 行，请缩小范围或导出 Excel", "%d rows, and a document holds %d: choose fewer or export to Excel", len(t.Rows), paperMost))
	}
	office, err := s.Matter.Office(ctx, p.Home())
	if err != nil {
		return nil, err
	}
	return document(name, officeDocument(t, office.Zh, s.Now().In(hydrotime.Beijing)))
}

// officeDocument sets a table as a document on wide pages whose head comes again on each. What is absent is printed as a dash.
func officeDocument(t workbook.Table, office string, at time.Time) gb9704.Document {
	d := gb9704.Document{Title: gb9704.BreakTitle(t.Title), Landscape: true, Mend: true, Created: at, Subject: t.Title, Author: office}
	if len(t.Rows) == 0 {
		d.Body = []gb9704.Block{gb9704.Paragraph{Text: "无。"}}
		return d
	}
	table := gb9704.Table{Size: gb9704.SizeSmallFive, Note: strings.Join(t.Notes, "；"), Head: headRows(t.Columns)}
	for i, c := range t.Columns {
		column := gb9704.Column{Weight: charsOf(c.Head[len(c.Head)-1] + c.Unit)}
		for _, row := range t.Rows {
			if i >= len(row) {
				continue
			}
			column.Weight = max(column.Weight, charsOf(row[i].Show(c.Decimals)))
			if row[i].Figure().Valid {
				column.Align = gb9704.Right
			}
		}
		column.Weight = min(max(column.Weight, 4), 36)
		table.Columns = append(table.Columns, column)
	}
	for _, row := range t.Rows {
		var cells []string
		for i, c := range t.Columns {
			shown := ""
			if i < len(row) {
				shown = row[i].Show(c.Decimals)
			}
			if strings.TrimSpace(shown) == "" {
				shown = "—"
			}
			cells = append(cells, shown)
		}
		table.Rows = append(table.Rows, gb9704.Cells(cells...))
	}
	d.Body = []gb9704.Block{table}
	for _, line := range t.Footer {
		d.Body = append(d.Body, gb9704.Paragraph{Text: line})
	}
	return d
}

// charsOf is how wide a text stands, in half characters, by its widest line.
func charsOf(s string) int {
	most := 0
	for line := range strings.Lines(s) {
		n := 0
		for _, r := range strings.TrimSuffix(line, "\n") {
			switch width.LookupRune(r).Kind() {
			case width.EastAsianWide, width.EastAsianFullwidth, width.EastAsianAmbiguous:
				n += 2
			default:
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// headRows are the headings in as many rows as the deepest has: neighbours under one heading share a cell, a short one reaches down.
func headRows(columns []workbook.Column) []gb9704.Row {
	depth := 0
	for _, c := range columns {
		depth = max(depth, len(c.Head))
	}
	above := func(c workbook.Column, level int) string { return fmt.Sprintf("%q", c.Head[:level+1]) }
	rows := make([]gb9704.Row, depth)
	for level := range depth {
		for i := 0; i < len(columns); {
			c := columns[i]
			if level >= len(c.Head) {
				i++
				continue
			}
			text, last := c.Head[level], level == len(c.Head)-1
			if last && c.Unit != "" {
				text += "（" + c.Unit + "）"
			}
			cell := gb9704.Cell{Text: text, Align: gb9704.Center, Span: 1}
			i++
			if last {
				cell.Down = depth - level
			} else {
				for i < len(columns) && level < len(columns[i].Head)-1 && above(columns[i], level) == above(c, level) {
					cell.Span++
					i++
				}
			}
			rows[level].Cells = append(rows[level].Cells, cell)
		}
	}
	return rows
}
