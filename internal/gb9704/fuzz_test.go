package gb9704_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"anlan/internal/fault"
	"anlan/internal/gb9704"
	"anlan/internal/ooxmltest"
)

// everywhere is a document with one text in every place that takes one.
func everywhere(s string, mend bool) gb9704.Document {
	b := []gb9704.Block{
		gb9704.Heading{Level: 1, Number: s, Text: s, Run: s},
		gb9704.Paragraph{Text: s, Spans: []gb9704.Span{{Text: s, Bold: true}}},
		gb9704.Table{
			Caption: s, Note: s, Columns: make([]gb9704.Column, 2),
			Head: []gb9704.Row{gb9704.Cells(s, s)}, Rows: []gb9704.Row{{Cells: []gb9704.Cell{{Text: s, Span: 2}}}},
		},
	}
	return gb9704.Document{
		Head: &gb9704.Head{Copy: s, Secrecy: s, Urgency: s, Mark: s, Number: s, Signers: []string{s, s, s}}, Title: gb9704.BreakTitle(s), Subtitle: s, To: s, Body: b,
		Annexes: []gb9704.Annex{{Name: s}, {Name: s, Body: b, Landscape: true}},
		Sign:    &gb9704.Signature{Organisations: []string{s, s + s}, Date: s}, Remark: s,
		Imprint: &gb9704.Imprint{CopyTo: s, Office: s, Date: s}, Mend: mend, Subject: s, Author: s,
	}
}

// FuzzText holds that no text makes a part that XML readers refuse, and that a text comes out as it went in or is refused.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "水位<警戒>&\"'", "]]>", "\x00", "\u200b\ufeff", "\ufffe", "\xed\xa0\x80", "a\r\nb\tc", " 两端 ", "《（“”）》", "2026年5月", "𠮷\U0010ffff", prose} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 10_000 {
			return
		}
		for _, mend := range []bool{false, true} {
			var b bytes.Buffer
			err := gb9704.Write(&b, everywhere(s, mend))
			if sound := utf8.ValidString(s) && xmlHolds(s); err != nil && (sound || mend) || err == nil && !sound && !mend {
				t.Fatalf("sound %v, mended %v: %v", sound, mend, err)
			}
			if err != nil {
				continue
			}
			_, parts := unzipped(t, b.Bytes())
			for name, p := range parts {
				wellFormed(t, name, p)
			}
			got := texts(t, b.Bytes())
			want := strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
			if !mend && !strings.Contains(strings.Join(got, "\x00"), want) {
				t.Fatalf("%q is not among %q", want, got)
			}
		}
	})
}

// xmlHolds asks the standard library whether XML can hold a text: what it cannot hold is replaced there.
func xmlHolds(s string) bool {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s))
	return strings.Count(s, "\ufffd") == strings.Count(b.String(), "\ufffd")
}

func wellFormed(t *testing.T, name string, part []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(part))
	for {
		_, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// FuzzPicture holds that bytes which are no picture are refused, whatever they are.
func FuzzPicture(f *testing.F) {
	whole := chart(f)
	f.Add(whole)
	f.Add(whole[:len(whole)-1])
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		err := gb9704.Write(io.Discard, gb9704.Document{Body: []gb9704.Block{gb9704.Picture{PNG: b}}})
		var refused *fault.Error
		if err != nil && !errors.As(err, &refused) {
			t.Fatal(err)
		}
	})
}

// FuzzTable holds that any spans are either refused or fill the grid.
func FuzzTable(f *testing.F) {
	f.Add([]byte{3, 0x11, 0x12, 0x21, 0xff, 0x11, 0x11})
	f.Add([]byte{2, 0x21, 0xff, 0x11, 0x11})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 || len(b) > 200 {
			return
		}
		table := gb9704.Table{Columns: make([]gb9704.Column, 1+b[0]%12), Rows: make([]gb9704.Row, 1)}
		for _, x := range b[1:] {
			if x == 0xff {
				table.Rows = append(table.Rows, gb9704.Row{})
				continue
			}
			r := &table.Rows[len(table.Rows)-1]
			r.Cells = append(r.Cells, gb9704.Cell{Down: int(x>>4) - 1, Span: int(x&15) - 1})
		}
		var out bytes.Buffer
		if gb9704.Write(&out, gb9704.Document{Body: []gb9704.Block{table}}) != nil {
			return
		}
		for _, wrong := range ooxmltest.Check(out.Bytes()) {
			t.Error(wrong)
		}
		_, parts := unzipped(t, out.Bytes())
		checkGrid(t, "fuzzed", tree(t, parts["word/document.xml"]).child("body").child("tbl"))
	})
}
