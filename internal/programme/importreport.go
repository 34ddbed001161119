package programme

import (
	"fmt"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/programme/table"
	"anlan/internal/workbook"
)

// FileReport is what a file says by itself, without a store: what was recognised, and what became of every row.
type FileReport struct {
	File     string          `json:"file"`
	Format   workbook.Format `json:"format"`
	Encoding string          `json:"encoding,omitempty"`
	Notes    []fault.Text    `json:"notes,omitempty"`
	Sheets   []SheetReport   `json:"sheets"`
	Counts   table.Counts    `json:"counts"`
}

// SheetReport is one sheet of a FileReport.
type SheetReport struct {
	Name      string          `json:"name"`
	Hidden    bool            `json:"hidden,omitempty"`
	Layout    *table.Layout   `json:"layout"`
	Mapping   *table.Mapping  `json:"mapping"`
	Questions []fault.Field   `json:"questions,omitempty"` // what must be settled before rows can be taken
	Counts    table.Counts    `json:"counts"`
	Rows      []table.Row     `json:"rows,omitempty"` // every row with its figures or the reason why it has none
	Findings  []table.Finding `json:"findings,omitempty"`
}

// DescribeFile reads a file under the mappings that would be suggested, and says what became of every row. Only a file
// that cannot be read is an error.
func DescribeFile(fileName string, content []byte, names *table.Names, cat table.Catalogue) (*FileReport, error) {
	book, err := openBook(cleanName(fileName), content, names, cat)
	if err != nil {
		return nil, err
	}
	out := &FileReport{File: book.Name, Format: book.Format, Encoding: book.Encoding, Notes: book.Notes, Sheets: []SheetReport{}}
	for _, sheet := range book.sheets {
		r := SheetReport{Name: sheet.Name, Hidden: sheet.Hidden, Layout: sheet.layout, Mapping: sheet.mapping}
		if r.Questions = sheet.mapping.Questions(cat); len(r.Questions) == 0 && sheet.layout.HeaderFrom > 0 {
			res, err := table.Apply(sheet.Sheet, sheet.layout, sheet.mapping, names, cat)
			if err != nil {
				return nil, fmt.Errorf("read sheet %s: %w", sheet.Name, err)
			}
			r.Rows, r.Findings, r.Counts = res.Rows, res.Findings, res.Counts
		}
		out.Counts = addCounts(out.Counts, r.Counts)
		out.Sheets = append(out.Sheets, r)
	}
	return out, nil
}

func addCounts(a, b table.Counts) table.Counts {
	return table.Counts{
		Taken: a.Taken + b.Taken, Refused: a.Refused + b.Refused, Ignored: a.Ignored + b.Ignored, Figures: a.Figures + b.Figures,
		RefusedCells: a.RefusedCells + b.RefusedCells, Checked: a.Checked + b.Checked, Disagree: a.Disagree + b.Disagree,
	}
}

// Text prints the report in Chinese or English: what every sheet is, then each refusal, each disagreement and each row
// left out, in the order of the sheet.
func (r *FileReport) Text(zh bool) string {
	w := &reportWriter{zh: zh}
	w.line("%s  %s %s", r.File, r.Format, r.Encoding)
	for _, n := range r.Notes {
		w.line("  %s", w.say(n))
	}
	for i := range r.Sheets {
		w.sheet(&r.Sheets[i])
	}
	if len(r.Sheets) > 1 {
		w.line("%s", w.counts(r.Counts))
	}
	return w.String()
}

type reportWriter struct {
	strings.Builder
	zh bool
}

func (w *reportWriter) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

func (w *reportWriter) say(t fault.Text) string {
	if w.zh {
		return t.Zh
	}
	return t.En
}

func (w *reportWriter) counts(c table.Counts) string {
	return w.say(fault.Tf("取 %d 行，拒 %d 行，略 %d 行；取数 %d，拒 %d 格；核对 %d 处，%d 处不一致",
		"%d rows taken, %d refused, %d ignored; %d figures taken, %d cells refused; %d checks, %d disagree",
		c.Taken, c.Refused, c.Ignored, c.Figures, c.RefusedCells, c.Checked, c.Disagree))
}

func (w *reportWriter) sheet(s *SheetReport) {
	w.line("")
	w.line("[%s] %s", s.Name, s.Layout.Title)
	for _, t := range s.Layout.Problems {
		w.line("  ! %s", w.say(t))
	}
	if s.Layout.HeaderFrom > 0 {
		period := "—"
		if s.Mapping.Period != nil {
			period = s.Mapping.Period.String()
		}
		w.line("  %s", w.say(fault.Tf("表头 %d—%d 行，数据至 %d 行，期别 %s", "header in rows %d to %d, data down to row %d, period %s", s.Layout.HeaderFrom, s.Layout.HeaderTo, s.Layout.DataTo, period)))
		for _, c := range s.Mapping.Columns {
			w.line("    %-3s %s → %s  %s", workbook.ColumnName(c.Index), c.Head, w.meaning(c), w.say(c.Reason))
		}
	}
	for _, q := range s.Questions {
		w.line("  ? %s: %s", q.Place, w.say(q.Text))
	}
	w.line("  %s", w.counts(s.Counts))
	for _, row := range s.Rows {
		w.row(row)
	}
	for _, f := range s.Findings {
		w.line("  ≠ %s: %s", f.Ref, w.say(f.Text))
	}
}

// meaning is what a column holds, in one word or two.
func (w *reportWriter) meaning(c table.Column) string {
	parts := []string{string(c.Role)}
	for _, t := range []string{c.Indicator, c.Target, c.Unit} {
		if t != "" {
			parts = append(parts, t)
		}
	}
	return strings.Join(parts, " ")
}

func (w *reportWriter) row(r table.Row) {
	switch r.Outcome {
	case table.Refused:
		w.line("  ✗ %d %s: %s", r.Number, r.Label, w.say(r.Reason))
	case table.Ignored:
		if r.Kind != table.BlankRow {
			w.line("  · %d %s: %s", r.Number, r.Label, w.say(r.Reason))
		}
	case table.Taken:
		texts := make([]string, len(r.Figures))
		for i, f := range r.Figures {
			texts[i] = f.Ref + " " + f.Value.String() + " " + f.Unit
		}
		w.line("  ✓ %d %s: %s", r.Number, r.Label, strings.Join(texts, ", "))
	}
	for _, f := range r.Refused {
		w.line("      %s: %s", f.Place, w.say(f.Text))
	}
	for _, t := range r.Notes {
		w.line("      %s", w.say(t))
	}
}
