package table_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"anlan/internal/programme/table"
	"anlan/internal/quantity"
	"anlan/internal/workbook"
)

// formColumns reads a form's headings as the shared list writes them: "序号 | 计划下达{年度计划,中央资金}".
func formColumns(headings string) (columns []workbook.Column, paths []string) {
	for _, part := range strings.Split(headings, "|") {
		group, rest, divided := strings.Cut(strings.TrimSpace(part), "{")
		if !divided {
			columns, paths = append(columns, workbook.Column{Head: []string{group}}), append(paths, group)
			continue
		}
		for _, leaf := range strings.Split(strings.TrimSuffix(rest, "}"), ",") {
			columns = append(columns, workbook.Column{Head: []string{group, leaf}})
			paths = append(paths, group+"/"+leaf)
		}
	}
	return columns, paths
}

// TestRealFormsAreRecognised writes each published form with its merged headings under a title and a unit line, and
// holds that the header is found with every path, and with the same signature as a comma file that has lost the merges.
func TestRealFormsAreRecognised(t *testing.T) {
	book, err := workbook.Read("form_headings.csv", shared(t, "statistics", "form_headings.csv"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, row := range book.Sheets[0].Rows[1:] {
		name, headings := row[0].Text, row[1].Text
		if strings.Count(headings, " | ") < 3 || strings.Contains(headings, "…") {
			continue
		}
		n++
		columns, paths := formColumns(headings)
		var values []workbook.Value
		for i := range columns {
			values = append(values, workbook.FigureValue(quantity.Some(quantity.Int(int64(i+1)))))
		}
		values[1] = workbook.TextValue("越城区")
		var b bytes.Buffer
		sheet := workbook.Table{Title: name, Notes: []string{"2026年5月  单位：万元"}, Columns: columns, Rows: [][]workbook.Value{values}}
		if err := workbook.WriteXLSX(&b, sheet); err != nil {
			t.Fatal(err)
		}
		l := recognise(t, name+".xlsx", b.Bytes())
		if d := cmp.Diff(paths, texts(l)); d != "" || l.HeaderFrom != 3 || l.Unit != "wan_yuan" {
			t.Errorf("%s: header %d–%d, unit %s: %s", name, l.HeaderFrom, l.HeaderTo, l.Unit, d)
		}
		plain := recognise(t, name+".csv", []byte(flat(columns)))
		if d := cmp.Diff(paths, texts(plain)); d != "" || plain.Signature != l.Signature {
			t.Errorf("%s without merges: %s", name, d)
		}
	}
	if n < 8 {
		t.Errorf("only %d forms were tried", n)
	}
}

func recognise(t *testing.T, file string, data []byte) *table.Layout {
	t.Helper()
	book, err := workbook.Read(file, data)
	if err != nil {
		t.Fatal(err)
	}
	return table.Recognise(file, book.Sheets[0], shaoxing())
}

func texts(l *table.Layout) []string {
	var out []string
	for _, h := range l.Heads {
		out = append(out, h.Text)
	}
	return out
}

// flat writes the header as a comma file: a merge leaves its text in its first cell alone.
func flat(columns []workbook.Column) string {
	var top, below, data []string
	two := false
	for i, c := range columns {
		group := c.Head[0]
		if i > 0 && len(c.Head) > 1 && len(columns[i-1].Head) > 1 && columns[i-1].Head[0] == group {
			group = ""
		}
		leaf := ""
		if len(c.Head) > 1 {
			leaf, two = c.Head[1], true
		}
		top, below, data = append(top, group), append(below, leaf), append(data, "1")
	}
	data[1] = "越城区"
	lines := []string{`"` + strings.Join(top, `","`) + `"`}
	if two {
		lines = append(lines, strings.Join(below, ","))
	}
	return strings.Join(append(lines, strings.Join(data, ",")), "\n") + "\n"
}
