package compose

import (
	"strings"
	"time"

	"anlan/internal/gb9704"
	"anlan/internal/hydrotime"
)

// Issue is what a document says beyond its text: number, day, who gets it. The zero Number and Date are a draft's.
type Issue struct {
	Office string
	Number string
	Date   hydrotime.Date
	To     []string // recipients by name
}

// Picture draws a chart; ok is false where there is nobody who draws.
type Picture func(*Chart) (gb9704.Picture, bool)

// Document lays a body out as an official document. Where nobody draws, a chart is told in its words.
func Document(b *Body, i Issue, draw Picture) gb9704.Document {
	d := gb9704.Document{
		Title: gb9704.BreakTitle(b.Title), Subtitle: b.Subtitle, To: b.To, Mend: true,
		Subject: strings.ReplaceAll(b.Title, "\n", ""), Author: i.Office,
	}
	if d.To == "" && len(i.To) > 0 {
		d.To = strings.Join(i.To, "、")
	}
	if b.Mark != "" {
		d.Head = &gb9704.Head{Mark: b.Mark, Number: i.Number}
	}
	d.Sign = &gb9704.Signature{Organisations: []string{i.Office}, Date: "（待签发）"}
	if i.Date != (hydrotime.Date{}) {
		d.Created = i.Date.Start()
		d.Sign.Date = dateText(i.Date)
		if b.CopyTo != "" {
			d.Imprint = &gb9704.Imprint{CopyTo: b.CopyTo, Office: i.Office, Date: dateText(i.Date)}
		}
	}
	into := &d.Body
	for n := range b.Pieces {
		p := &b.Pieces[n]
		if p.Removed {
			continue
		}
		if p.Kind == Annex {
			runs, _ := p.Now()
			d.Annexes = append(d.Annexes, gb9704.Annex{Name: Plain(runs), Landscape: p.Wide})
			into = &d.Annexes[len(d.Annexes)-1].Body
			continue
		}
		*into = append(*into, blocks(p, draw)...)
	}
	return d
}

func dateText(d hydrotime.Date) string {
	return gb9704.DateText(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, hydrotime.Beijing))
}

func blocks(p *Piece, draw Picture) []gb9704.Block {
	switch p.Kind {
	case TableOf:
		return []gb9704.Block{sheet(p.Table)}
	case ChartOf:
		if draw != nil {
			if pic, ok := draw(p.Chart); ok {
				return []gb9704.Block{pic}
			}
		}
		return []gb9704.Block{gb9704.Paragraph{Text: p.Chart.Alt + "。"}}
	}
	runs, _ := p.Now()
	if p.Kind == Heading {
		return []gb9704.Block{gb9704.Heading{Level: max(p.Level, 1), Text: Plain(runs)}}
	}
	var out []gb9704.Block
	for line := range strings.SplitSeq(Plain(runs), "\n") {
		out = append(out, gb9704.Paragraph{Text: strings.TrimSpace(line)})
	}
	return out
}

func sheet(t *Table) gb9704.Block {
	out := gb9704.Table{Caption: t.Caption, Note: t.Note, Size: gb9704.SizeFive}
	head := gb9704.Row{}
	for _, c := range t.Columns {
		col := gb9704.Column{Weight: c.Weight, Align: gb9704.Center}
		if c.Left {
			col.Align = gb9704.Left
		}
		if c.Figure {
			col.Align = gb9704.Right
		}
		out.Columns = append(out.Columns, col)
		head.Cells = append(head.Cells, gb9704.Cell{Text: c.Head, Align: gb9704.Center})
	}
	out.Head = []gb9704.Row{head}
	for _, r := range t.Rows {
		row := gb9704.Row{}
		for _, cell := range r {
			c := gb9704.Cell{Text: cell.Text}
			if cell.Text == dash || cell.Text == unreported {
				c.Align = gb9704.Center
			}
			row.Cells = append(row.Cells, c)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
