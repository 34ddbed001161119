package gb9704_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anlan/internal/fault"
	"anlan/internal/gb9704"
)

var update = flag.Bool("update", false, "write the golden files anew")

// unzipped are the parts of a document in their order.
func unzipped(t testing.TB, docx []byte) (names []string, parts map[string][]byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	parts = map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if parts[f.Name] != nil {
			t.Errorf("part %s is there twice", f.Name)
		}
		names, parts[f.Name] = append(names, f.Name), b
	}
	return names, parts
}

// TestGolden holds every part of the samples against what was looked at once, page by page.
func TestGolden(t *testing.T) {
	for name, d := range samples(t) {
		names, parts := unzipped(t, write(t, d))
		var got bytes.Buffer
		for _, n := range names {
			if strings.HasSuffix(n, ".png") {
				continue
			}
			if n == "word/styles.xml" && name != "letter" {
				continue // the same in each
			}
			fmt.Fprintf(&got, "==== %s\n%s\n", n, bytes.ReplaceAll(parts[n], []byte("><"), []byte(">\n<")))
		}
		file := filepath.Join("testdata", name+".golden")
		if *update {
			if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s (-want +got; renew with -update and look at it):\n%s", name, diff)
		}
	}
}

// TestSameBytes holds that a document says nothing about when and how it was written.
func TestSameBytes(t *testing.T) {
	for name, d := range samples(t) {
		first := write(t, d)
		for range 3 {
			if !bytes.Equal(first, write(t, d)) {
				t.Errorf("%s: two writings differ", name)
			}
		}
	}
}

// texts are the paragraphs of the document part, tabs and line breaks as such.
func texts(t testing.TB, docx []byte) []string {
	t.Helper()
	_, parts := unzipped(t, docx)
	d := xml.NewDecoder(bytes.NewReader(parts["word/document.xml"]))
	var out []string
	var b strings.Builder
	in := false
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			switch tok.Name.Local {
			case "t":
				in = true
			case "tab":
				if len(tok.Attr) == 0 { // the tab stops of a paragraph have attributes
					b.WriteByte('\t')
				}
			case "br":
				b.WriteByte('\n')
			}
		case xml.EndElement:
			switch tok.Name.Local {
			case "t":
				in = false
			case "p":
				out = append(out, b.String())
				b.Reset()
			}
		case xml.CharData:
			if in {
				b.Write(tok)
			}
		}
	}
}

func body(blocks ...gb9704.Block) gb9704.Document { return gb9704.Document{Body: blocks} }

func TestHeadingsAreNumbered(t *testing.T) {
	h := func(level int, number string) gb9704.Heading {
		return gb9704.Heading{Level: level, Number: number, Text: "题"}
	}
	d := body(h(1, ""), h(2, ""), h(3, ""), h(3, ""), h(4, ""), h(2, ""), h(3, ""), h(1, ""), h(2, "附"), h(2, ""), h(1, gb9704.Unnumbered), h(1, ""))
	want := []string{"一、题", "（一）题", "1.题", "2.题", "（1）题", "（二）题", "1.题", "二、题", "附题", "（一）题", "题", "三、题"}
	if diff := cmp.Diff(want, texts(t, write(t, d))); diff != "" {
		t.Error(diff)
	}
	many := make([]gb9704.Block, 210)
	for i := range many {
		many[i] = h(1, "")
	}
	got := texts(t, write(t, body(many...)))
	for n, want := range map[int]string{9: "九、题", 10: "十、题", 11: "十一、题", 20: "二十、题", 21: "二十一、题", 100: "一百、题", 101: "一百零一、题", 110: "一百一十、题", 210: "二百一十、题"} {
		if got[n-1] != want {
			t.Errorf("heading %d is %q, want %q", n, got[n-1], want)
		}
	}
}

func TestMarksAreAddedOnce(t *testing.T) {
	d := gb9704.Document{To: "省水利厅", Remark: "联系人：张某某", Imprint: &gb9704.Imprint{CopyTo: "市政府", Office: "办公室", Date: "2026年6月5日"}}
	want := []string{"省水利厅：", "（联系人：张某某）", "抄送：市政府。", "办公室\t2026年6月5日印发", ""}
	if diff := cmp.Diff(want, texts(t, write(t, d))); diff != "" {
		t.Error(diff)
	}
	d.To, d.Imprint.CopyTo = "省水利厅：", "市政府。"
	if diff := cmp.Diff(want, texts(t, write(t, d))); diff != "" {
		t.Error(diff)
	}
}

func TestAnnexList(t *testing.T) {
	f := func(want []string, names ...string) {
		t.Helper()
		var d gb9704.Document
		for _, n := range names {
			d.Annexes = append(d.Annexes, gb9704.Annex{Name: n})
		}
		if diff := cmp.Diff(want, texts(t, write(t, d))); diff != "" {
			t.Error(diff)
		}
	}
	f([]string{"附件：排名表"}, "排名表")
	f([]string{"附件：1.\t排名表", "2.\t清单"}, "排名表", "清单")
}

func TestLineFeedsAndTabs(t *testing.T) {
	got := texts(t, write(t, body(gb9704.Paragraph{Text: "一\r\n二\r三\n四\t五"})))
	if diff := cmp.Diff([]string{"一\n二\n三\n四\t五"}, got); diff != "" {
		t.Error(diff)
	}
	// In a cell each line is a paragraph. The last one closes the body, since a table cannot.
	got = texts(t, write(t, body(gb9704.Table{Columns: make([]gb9704.Column, 1), Rows: []gb9704.Row{gb9704.Cells("一\r\n二\n\n三")}})))
	if diff := cmp.Diff([]string{"一", "二", "", "三", ""}, got); diff != "" {
		t.Error(diff)
	}
}

func TestDateAndNumber(t *testing.T) {
	if got := gb9704.DateText(time.Date(2026, 5, 8, 0, 0, 0, 0, time.UTC)); got != "2026年5月8日" {
		t.Error(got)
	}
	if got := gb9704.DocumentNumber("安水发", 2026, 7); got != "安水发〔2026〕7号" {
		t.Error(got)
	}
}

func TestBreakTitle(t *testing.T) {
	f := func(title string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, gb9704.BreakTitle(title)); diff != "" {
			t.Error(diff)
		}
	}
	f("", "")
	f("关于做好防汛工作的通知", "关于做好防汛工作的通知")
	f("水利工程安全检查\n整改通知书", "水利工程安全检查", "整改通知书")
	f("安澜市水利局关于2026年5月全市水利重点工作完成情况的通报", "安澜市水利局关于2026年5月", "全市水利重点工作完成情况的通报")
	f("安澜市水利局关于印发《安澜市水利工程运行管理办法》的通知", "安澜市水利局关于印发", "《安澜市水利工程运行管理办法》的通知")
	f("2026年5月全市水利重点工作完成情况排名表以及各地需要说明的情况和有关问题的处理意见",
		"2026年5月全市水利重点工作完成", "情况排名表以及各地需要说明的", "情况和有关问题的处理意见")
	for _, l := range gb9704.BreakTitle(strings.Repeat("水利", 60)) {
		if n := len([]rune(l)); n > 20 {
			t.Errorf("a line of %d characters", n)
		}
	}
	for _, l := range gb9704.BreakTitle(strings.Repeat("x1", 60)) { // no place to break
		if len(l) > 40 {
			t.Errorf("a line of %d letters", len(l))
		}
	}
}

// TestRefusals looks at the place that each fault names.
func TestRefusals(t *testing.T) {
	columns := []gb9704.Column{{Weight: 1}, {Weight: 1}}
	table := func(rows ...gb9704.Row) gb9704.Document {
		return body(gb9704.Paragraph{}, gb9704.Table{Columns: columns, Rows: rows})
	}
	cells := func(c ...gb9704.Cell) gb9704.Row { return gb9704.Row{Cells: c} }
	flipped := chart(t)
	flipped[60] ^= 1
	f := func(d gb9704.Document, kind fault.Kind, place string) {
		t.Helper()
		var b bytes.Buffer
		err := gb9704.Write(&b, d)
		var got *fault.Error
		if !errors.As(err, &got) {
			t.Fatalf("%s: error is %v", place, err)
		}
		if b.Len() > 0 {
			t.Errorf("%s: %d bytes were written", place, b.Len())
		}
		if got.Kind != kind || got.Fields[0].Place != place || got.Fields[0].Zh == "" {
			t.Errorf("got %s at %+v, want %s at %s", got.Kind, got.Fields, kind, place)
		}
	}
	f(gb9704.Document{Title: []string{"好", "坏\x0b"}}, fault.Invalid, "title[1]")
	f(body(gb9704.Paragraph{}, gb9704.Paragraph{Text: "\xff"}), fault.Invalid, "body[1].text")
	f(body(gb9704.Paragraph{Spans: []gb9704.Span{{Text: "\x00"}}}), fault.Invalid, "body[0].spans[0]")
	f(body(gb9704.Paragraph{Spans: []gb9704.Span{{Face: "Comic"}}}), fault.Invalid, "body[0].spans[0].face")
	f(body(gb9704.Paragraph{Align: "middle"}), fault.Invalid, "body[0].align")
	f(body(nil), fault.Invalid, "body[0]")
	f(body(gb9704.Heading{Level: 5}), fault.Invalid, "body[0].level")
	f(body(gb9704.Table{}), fault.Invalid, "body[0].columns")
	f(body(gb9704.Table{Columns: columns}), fault.Invalid, "body[0]")
	f(body(gb9704.Table{Columns: columns, Size: 25}), fault.Invalid, "body[0].size")
	f(body(gb9704.Table{Columns: []gb9704.Column{{Width: 157}}}), fault.Invalid, "body[0].columns")
	f(body(gb9704.Table{Columns: []gb9704.Column{{Width: 155}, {}}}), fault.Invalid, "body[0].columns")
	f(body(gb9704.Table{Columns: []gb9704.Column{{}, {Weight: -1}}}), fault.Invalid, "body[0].columns[1]")
	f(table(gb9704.Cells("一")), fault.Invalid, "body[1].rows[0]")
	f(table(gb9704.Cells("一", "二", "三")), fault.Invalid, "body[1].rows[0]")
	f(table(gb9704.Cells("一", "\x01")), fault.Invalid, "body[1].rows[0].cells[1]")
	f(table(cells(gb9704.Cell{Span: 3})), fault.Invalid, "body[1].rows[0].cells[0]")
	f(table(cells(gb9704.Cell{}, gb9704.Cell{Down: 2})), fault.Invalid, "body[1].rows")
	f(table(cells(gb9704.Cell{}, gb9704.Cell{Down: 2}), cells(gb9704.Cell{Span: 2})), fault.Invalid, "body[1].rows[1].cells[0]")
	f(table(gb9704.Row{Height: -1, Cells: make([]gb9704.Cell, 2)}), fault.Invalid, "body[1].rows[0].height")
	f(body(gb9704.Picture{PNG: []byte("GIF89a")}), fault.Invalid, "body[0].png")
	f(body(gb9704.Picture{PNG: flipped}), fault.Invalid, "body[0].png")
	f(body(gb9704.Picture{PNG: chart(t)[:100]}), fault.Invalid, "body[0].png")
	f(body(gb9704.Picture{PNG: chart(t), Width: -1}), fault.Invalid, "body[0].width")
	f(gb9704.Document{Annexes: []gb9704.Annex{{Name: "甲", Body: []gb9704.Block{gb9704.Paragraph{Text: "\x02"}}}}}, fault.Invalid, "annexes[0].body[0].text")
	f(gb9704.Document{Head: &gb9704.Head{Letter: true}}, fault.Invalid, "head.mark")
	f(gb9704.Document{Landscape: true, Head: &gb9704.Head{Letter: true, Mark: "局"}}, fault.Invalid, "head.letter")
	f(gb9704.Document{Head: &gb9704.Head{Letter: true, Mark: "局"}, Imprint: &gb9704.Imprint{Office: "办公室"}}, fault.Invalid, "imprint")
	f(body(gb9704.Table{Columns: make([]gb9704.Column, 64)}), fault.TooLarge, "body[0]")
	f(body(gb9704.Table{Columns: columns, Rows: make([]gb9704.Row, 20_001)}), fault.TooLarge, "body[0]")
	f(body(make([]gb9704.Block, 20_001)...), fault.TooLarge, "body")
	f(body(gb9704.Paragraph{Text: strings.Repeat("x", 17<<20)}), fault.TooLarge, "body[0].text")
	f(body(gb9704.Picture{PNG: make([]byte, 17<<20)}), fault.TooLarge, "body[0]")
}

func TestMend(t *testing.T) {
	d := body(gb9704.Paragraph{Text: "水\x0b位\xff<&>\ufffe"})
	d.Mend = true
	if diff := cmp.Diff([]string{"水�位�<&>�"}, texts(t, write(t, d))); diff != "" {
		t.Error(diff)
	}
}

// TestManyProblems holds that a document of bad rows does not answer with all of them.
func TestManyProblems(t *testing.T) {
	d := gb9704.Document{}
	for range 1000 {
		d.Body = append(d.Body, gb9704.Heading{})
	}
	var got *fault.Error
	if err := gb9704.Write(io.Discard, d); !errors.As(err, &got) || len(got.Fields) > 20 {
		t.Errorf("%d places: %v", len(got.Fields), err)
	}
}

// broken refuses every byte.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestWriterFails(t *testing.T) {
	if err := gb9704.Write(broken{}, letter(t)); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}
