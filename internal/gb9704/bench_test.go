package gb9704_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"anlan/internal/gb9704"
)

// twentyPages is a bulletin of about twenty pages: each a paragraph of some lines and a table of fifteen rows.
func twentyPages(t testing.TB) gb9704.Document {
	d := letter(t)
	table := d.Body[4].(gb9704.Table)
	for len(table.Rows) < 15 {
		table.Rows = append(table.Rows, table.Rows...)
	}
	table.Rows = table.Rows[:15]
	d.Body = nil
	for range 20 {
		d.Body = append(d.Body, gb9704.Heading{Level: 1, Text: "完成情况"}, gb9704.Paragraph{Text: strings.Repeat(prose, 4)}, table)
	}
	return d
}

func BenchmarkTwentyPages(b *testing.B) {
	d := twentyPages(b)
	var size bytes.Buffer
	if err := gb9704.Write(&size, d); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(size.Len()), "docx-bytes")
	for b.Loop() {
		if err := gb9704.Write(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLedger(b *testing.B) {
	d := ledger(2000)
	for b.Loop() {
		if err := gb9704.Write(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
}
