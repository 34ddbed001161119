package gb9704_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"anlan/internal/drawing"
	"anlan/internal/fault"
	"anlan/internal/gb9704"
	"anlan/internal/gb9704/pdf"
)

// pdfFile is a PDF as a plain reader sees it: the objects by their numbers, streams unpacked.
type pdfFile struct {
	t       testing.TB
	objects map[int]string
	streams map[int][]byte
	root    string
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func inflated(t testing.TB, b []byte) []byte {
	t.Helper()
	return must[[]byte](t)(io.ReadAll(must[io.ReadCloser](t)(zlib.NewReader(bytes.NewReader(b)))))
}

var (
	numberEntry = func(name string) *regexp.Regexp { return regexp.MustCompile(`/` + name + ` (\d+)`) }
	reference   = regexp.MustCompile(`(\d+) 0 R`)
)

func entry(t testing.TB, dict, name string) int {
	t.Helper()
	m := numberEntry(name).FindStringSubmatch(dict)
	if m == nil {
		t.Fatalf("%s has no %s", dict, name)
	}
	return must[int](t)(strconv.Atoi(m[1]))
}

// object reads the object at a place and, where it is one, its stream.
func (f *pdfFile) object(b []byte, at int) (dict string, stream []byte) {
	f.t.Helper()
	end := bytes.Index(b[at:], []byte("\nendobj"))
	begin := bytes.Index(b[at:], []byte("obj\n")) + 4
	if s := bytes.Index(b[at:], []byte("\nstream\n")); s >= 0 && (end < 0 || s < end) {
		dict = string(b[at+begin : at+s])
		stream = b[at+s+8:][:entry(f.t, dict, "Length")]
		if strings.Contains(dict, "/FlateDecode") && !strings.Contains(dict, "/Predictor") {
			stream = inflated(f.t, stream)
		}
		return dict, stream
	}
	return string(b[at+begin : at+end]), nil
}

// readPDF reads a file through its table of places.
func readPDF(t testing.TB, b []byte) *pdfFile {
	t.Helper()
	f := &pdfFile{t: t, objects: map[int]string{}, streams: map[int][]byte{}}
	tail := b[bytes.LastIndex(b, []byte("startxref\n"))+10:]
	at := must[int](t)(strconv.Atoi(string(tail[:bytes.IndexByte(tail, '\n')])))
	trailer, table := f.object(b, at)
	if len(table) != 7*entry(t, trailer, "Size") {
		t.Fatalf("the table has %d bytes for %d objects", len(table), entry(t, trailer, "Size"))
	}
	inside := map[int]map[int]int{} // objects by stream and place
	for n := 1; n*7 < len(table); n++ {
		e := table[n*7:]
		where := int(binary.BigEndian.Uint32(e[1:]))
		switch e[0] {
		case 1:
			if !bytes.HasPrefix(b[where:], fmt.Appendf(nil, "%d 0 obj\n", n)) {
				t.Fatalf("object %d is not at %d", n, where)
			}
			f.objects[n], f.streams[n] = f.object(b, where)
		case 2:
			if inside[where] == nil {
				inside[where] = map[int]int{}
			}
			inside[where][int(binary.BigEndian.Uint16(e[5:]))] = n
		default:
			t.Fatalf("object %d was promised and not written", n)
		}
	}
	for s, numbers := range inside {
		first, packed := entry(t, f.objects[s], "First"), string(f.streams[s])
		head := strings.Fields(packed[:first])
		for i, n := range numbers {
			if head[2*i] != strconv.Itoa(n) {
				t.Fatalf("object %d is %s in its stream", n, head[2*i])
			}
			from, to := first+must[int](t)(strconv.Atoi(head[2*i+1])), len(packed)
			if 2*i+3 < len(head) {
				to = first + must[int](t)(strconv.Atoi(head[2*i+3]))
			}
			f.objects[n] = strings.TrimSpace(packed[from:to])
		}
	}
	f.root = f.objects[entry(t, trailer, "Root")]
	return f
}

// pages are the numbers of the pages.
func (f *pdfFile) pages() []int {
	var out []int
	tree := f.objects[entry(f.t, f.root, "Pages")]
	kids := regexp.MustCompile(`/Kids \[([^]]*)\]`).FindStringSubmatch(tree)[1]
	for _, m := range reference.FindAllStringSubmatch(kids, -1) {
		out = append(out, must[int](f.t)(strconv.Atoi(m[1])))
	}
	if len(out) != entry(f.t, tree, "Count") {
		f.t.Errorf("%d pages are counted, %d are there", entry(f.t, tree, "Count"), len(out))
	}
	return out
}

// words is a text with its place, in points from the lower left corner.
type words struct {
	text     string
	x, y     float64
	artifact bool
	page     int
}

// texts reads the texts of all pages in the order in which they are painted.
func (f *pdfFile) texts() []words {
	var out []words
	for page, n := range f.pages() {
		content := string(f.streams[entry(f.t, f.objects[n], "Contents")])
		var w words
		font, artifact := "", false
		for l := range strings.SplitSeq(content, "\n") {
			fields := strings.Fields(l)
			switch {
			case strings.HasSuffix(l, " BDC"):
				artifact = false
			case strings.HasSuffix(l, " BMC"):
				artifact = true
			case strings.HasSuffix(l, " Tf"):
				font = fields[0]
			case strings.HasSuffix(l, " Tm"):
				w.x, w.y = must[float64](f.t)(strconv.ParseFloat(fields[4], 64)), must[float64](f.t)(strconv.ParseFloat(fields[5], 64))
			case strings.HasSuffix(l, " Tj"):
				w.text, w.artifact, w.page = f.decoded(font, l[1:strings.IndexByte(l, '>')]), artifact, page
				out = append(out, w)
			}
		}
	}
	return out
}

// decoded is what codes say: UTF-16, or places in the list of Latin signs, which starts with these.
func (f *pdfFile) decoded(font, hex string) string {
	latin := []rune("−¡¢£¦ª«¬®¯²³´µ¶¸¹º»¼½¾¿")
	step := 4
	if font == "/F6" {
		step = 2
	}
	var out []rune
	for ; hex != ""; hex = hex[step:] {
		n := must[uint64](f.t)(strconv.ParseUint(hex[:step], 16, 16))
		if step == 2 {
			if n -= 33; int(n) < len(latin) {
				out = append(out, latin[n])
			} else {
				out = append(out, '?')
			}
			continue
		}
		out = append(out, utf16.Decode([]uint16{uint16(n)})...)
	}
	return string(out)
}

// content is all that is no artifact, without blanks.
func content(all []words) string {
	var b strings.Builder
	for _, w := range all {
		if !w.artifact {
			b.WriteString(w.text)
		}
	}
	return bare(b.String())
}

func bare(s string) string { return strings.Join(strings.Fields(s), "") }

func bytesPDF(t testing.TB, d gb9704.Document) []byte {
	t.Helper()
	return must[[]byte](t)(pdf.Bytes(d))
}

// TestPDFSaysWhatTheDocxSays reads both files of each sample and compares all their texts in order.
func TestPDFSaysWhatTheDocxSays(t *testing.T) {
	all := samples(t)
	all["twenty"] = twentyPages(t)
	all["ledger of many pages"] = ledger(60)
	all["tall"] = tall()
	for name, d := range all {
		f := readPDF(t, bytesPDF(t, d))
		_, parts := unzipped(t, write(t, d))
		want := ""
		for _, part := range []string{"word/header1.xml", "word/document.xml"} {
			if parts[part] != nil {
				tree(t, parts[part]).walk(func(e, _ *element) {
					if e.name == "t" {
						want += e.text
					}
				})
			}
		}
		got, said := content(f.texts()), bare(want)
		if name == "tall" { // its rows are cut, so what stands beside each other comes by turns
			got, said = sortedRunes(got), sortedRunes(said)
		}
		if got != said {
			t.Errorf("%s: the PDF says\n%s\nand the .docx\n%s", name, got, said)
		}
	}
}

func sortedRunes(s string) string {
	r := []rune(s)
	slices.Sort(r)
	return string(r)
}

// tall is a document with rows that are higher than a page, cells that reach over the end of pages, and rows that may split.
func tall() gb9704.Document {
	long := strings.Repeat(prose, 30)
	two := make([]gb9704.Column, 2)
	t := gb9704.Table{Columns: make([]gb9704.Column, 3), Head: []gb9704.Row{gb9704.Cells("甲", "乙", "丙")}}
	t.Rows = append(t.Rows, gb9704.Row{Cells: []gb9704.Cell{{Text: "合并" + long, Down: 40}, {Text: "一"}, {Text: "二"}}})
	for i := range 39 {
		t.Rows = append(t.Rows, gb9704.Cells(fmt.Sprint("行", i), prose))
	}
	reaching := gb9704.Table{Columns: two, Rows: []gb9704.Row{{Cells: []gb9704.Cell{{Text: long + long, Down: 2}, {Text: long}}}, gb9704.Cells("尾")}}
	return body(
		gb9704.Paragraph{Text: prose},
		gb9704.Table{Columns: two, Head: []gb9704.Row{gb9704.Cells("左", "右")}, Rows: []gb9704.Row{gb9704.Cells("甲"+long+long, "乙"), gb9704.Cells("丙", "丁"+long)}},
		gb9704.Table{Columns: two, Split: true, Rows: []gb9704.Row{gb9704.Cells(long, "戊"), gb9704.Cells("己", prose), gb9704.Cells("庚"+long, "辛"+long)}},
		t, reaching,
		gb9704.Table{Columns: two, Head: []gb9704.Row{gb9704.Cells("高"+long, "头")}, Rows: []gb9704.Row{gb9704.Cells("壬", "癸")}},
	)
}

// TestPDFStaysInsideThePaper holds that nothing is painted under the text area but the number of the page.
func TestPDFStaysInsideThePaper(t *testing.T) {
	all := samples(t)
	delete(all, "reply") // the mark and the rules of a letter stand outside
	all["tall"], all["twenty"], all["ledger of many pages"] = tall(), twentyPages(t), ledger(60)
	for name, d := range all {
		for _, w := range readPDF(t, bytesPDF(t, d)).texts() {
			if !w.artifact && w.y < 74 { // 26 mm, the lower margin of pages that lie crosswise
				t.Errorf("%s, page %d: %q stands at %.1f", name, w.page+1, w.text, w.y)
			}
		}
	}
}

// TestPDFGrid counts 22 lines of 28 characters on each full page (5.2.3).
func TestPDFGrid(t *testing.T) {
	lines := map[int]map[float64]int{}
	for _, w := range readPDF(t, bytesPDF(t, body(gb9704.Paragraph{Text: strings.Repeat("水", 1680), Flush: true}))).texts() {
		if w.artifact {
			continue
		}
		if lines[w.page] == nil {
			lines[w.page] = map[float64]int{}
		}
		lines[w.page][w.y] += strings.Count(w.text, "水")
	}
	for page, want := range map[int]int{0: 22, 1: 22, 2: 16} {
		if len(lines[page]) != want {
			t.Errorf("page %d has %d lines, want %d", page+1, len(lines[page]), want)
		}
		for y, n := range lines[page] {
			if n != 28 {
				t.Errorf("page %d: the line at %.1f has %d characters", page+1, y, n)
			}
		}
	}
}

// TestPDFStructure holds that references lead somewhere, marked contents have their elements, fonts their ways back to text, and that
// language, titles and the words for pictures are told.
func TestPDFStructure(t *testing.T) {
	for name, d := range samples(t) {
		b := bytesPDF(t, d)
		f := readPDF(t, b)
		for n, o := range f.objects {
			for _, m := range reference.FindAllStringSubmatch(o, -1) {
				if to := must[int](t)(strconv.Atoi(m[1])); f.objects[to] == "" {
					t.Errorf("%s: object %d refers to %d", name, n, to)
				}
			}
			if strings.Contains(o, "/Subtype /Type0") {
				back := string(f.streams[entry(t, o, "ToUnicode")])
				if !strings.Contains(back, "begincodespacerange") || !strings.Contains(o, "/UniGB-UTF16-H") {
					t.Errorf("%s: the font %s has no way back to text", name, o)
				}
			}
		}
		if !strings.Contains(f.root, "/Lang (zh-CN)") || !strings.Contains(f.root, "/Marked true") {
			t.Errorf("%s: the catalog is %s", name, f.root)
		}
		f.marks(name)
		if again := bytesPDF(t, d); !bytes.Equal(b, again) {
			t.Errorf("%s: two runs differ", name)
		}
	}
	whole := string(slices.Concat(slices.Collect(func(yield func([]byte) bool) {
		for _, o := range readPDF(t, bytesPDF(t, letter(t))).objects {
			if !yield([]byte(o + "\n")) {
				return
			}
		}
	})...))
	for _, want := range []string{
		"/S /Figure", "/Alt " + hexText("三个地区完成率的柱状图"), "/S /H1", "/S /H2", "/S /H3", "/S /TH", "/RowSpan 2", "/ColSpan 2", "/S /Caption",
		"/Title " + hexText("一、总体情况"), "/Title " + hexText("（一）投资完成情况。"), "/Author " + hexText("安澜市水利局"), "/CreationDate (D:20260605010000Z)",
	} {
		if !strings.Contains(whole, want) {
			t.Errorf("no object says %s", want)
		}
	}
}

// hexText is a text as a PDF string.
func hexText(s string) string {
	out := "<FEFF"
	for _, u := range utf16.Encode([]rune(s)) {
		out += fmt.Sprintf("%04X", u)
	}
	return out + ">"
}

// marks holds that the numbers of marked contents on each page run from 0 and lead to as many elements.
func (f *pdfFile) marks(name string) {
	tree := f.objects[entry(f.t, f.root, "StructTreeRoot")]
	parents := f.objects[entry(f.t, tree, "ParentTree")]
	lists := regexp.MustCompile(`\[([\d 0R]*)\]`).FindAllStringSubmatch(parents, -1)
	for i, n := range f.pages() {
		content := string(f.streams[entry(f.t, f.objects[n], "Contents")])
		marks := regexp.MustCompile(`<</MCID (\d+)>> BDC`).FindAllStringSubmatch(content, -1)
		for k, m := range marks {
			if m[1] != strconv.Itoa(k) {
				f.t.Errorf("%s, page %d: mark %d is %s", name, i+1, k, m[1])
			}
		}
		if got := len(reference.FindAllString(lists[i][1], -1)); got != len(marks) {
			f.t.Errorf("%s, page %d: %d marks and %d parents", name, i+1, len(marks), got)
		}
		if begun, ended := strings.Count(content, " BDC\n")+strings.Count(content, " BMC\n"), strings.Count(content, "EMC\n"); begun != ended {
			f.t.Errorf("%s, page %d: %d marks begin and %d end", name, i+1, begun, ended)
		}
	}
}

// TestPDFRefuses names the place of a character that no font of the collection has, and mends it where that is wanted.
func TestPDFRefuses(t *testing.T) {
	d := body(gb9704.Paragraph{Text: "水位平稳。"}, gb9704.Table{Columns: make([]gb9704.Column, 2), Rows: []gb9704.Row{gb9704.Cells("东湖水库", "12.5😀")}})
	_, err := pdf.Bytes(d)
	var e *fault.Error
	if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Place != "body[1].rows[0].cells[1]" || !strings.Contains(e.Fields[0].En, "U+1F600") {
		t.Errorf("an unknown character gives %v", err)
	}
	d.Mend = true
	if got := content(readPDF(t, bytesPDF(t, d)).texts()); got != "水位平稳。东湖水库12.5〓" {
		t.Errorf("mended it says %q", got)
	}
	if got := content(readPDF(t, bytesPDF(t, body(gb9704.Paragraph{Text: "−3亿m³、5㎥\u200b、½"}))).texts()); got != "−3亿m³、5m³、½" {
		t.Errorf("signs that the collection lacks come out as %q", got)
	}
}

// TestPDFPictures takes pictures of every kind that PNG knows.
func TestPDFPictures(t *testing.T) {
	r := image.Rect(0, 0, 5, 3)
	alpha := image.NewNRGBA(r)
	alpha.Set(1, 1, color.NRGBA{200, 10, 10, 128})
	transparent := image.NewPaletted(r, color.Palette{color.White, color.NRGBA{0, 0, 0, 0}})
	transparent.SetColorIndex(2, 2, 1)
	for name, m := range map[string]image.Image{"gray": image.NewGray(r), "deep": image.NewGray16(r), "rgb": opaque(r), "alpha": alpha, "palette": transparent} {
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		out := bytesPDF(t, body(gb9704.Picture{PNG: b.Bytes(), Alt: "图"}, gb9704.Picture{PNG: b.Bytes(), Alt: "又"}))
		f := readPDF(t, out)
		images, masks := 0, 0
		for _, o := range f.objects {
			images += strings.Count(o, "/Subtype /Image")
			masks += strings.Count(o, "/SMask")
		}
		if want := map[string]int{"alpha": 2, "palette": 2}[name]; images != max(want, 1) || masks != want/2 {
			t.Errorf("%s: %d images and %d masks", name, images, masks)
		}
	}
}

func opaque(r image.Rectangle) image.Image {
	m := image.NewRGBA(r)
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	return m
}

// drawn is a small drawing with every kind of shape.
func drawn() *drawing.Sheet {
	return &drawing.Sheet{Width: 6000, Height: 3000, Shapes: []drawing.Shape{
		drawing.Rect(100, 100, 2000, 900, 0x0F5E9C),
		drawing.Polygon{Points: []drawing.Point{{X: 10, Y: 10}, {X: 500, Y: 20}, {X: 90, Y: 800}}, Edge: 0x14283A, Thick: 20, Hollow: true},
		drawing.Line{Points: []drawing.Point{{X: 0, Y: 3000}, {X: 3000, Y: 1500}, {X: 6000, Y: 2000}}, Thick: 30, Dashes: []int{200, 100}},
		drawing.Text{At: drawing.Point{X: 3000, Y: 1000}, Words: "亿m³ 62.4", Size: 350, Anchor: drawing.Middle, Bold: true},
	}}
}

// TestDrawing places a drawing as a metafile in the .docx and as operators in the PDF.
func TestDrawing(t *testing.T) {
	d := body(gb9704.Picture{Drawing: drawn(), Alt: "图示", Caption: "图1　示意"}, gb9704.Picture{Drawing: drawn(), Alt: "同一幅", Width: 60})
	names, parts := unzipped(t, write(t, d))
	if !slices.Contains(names, "word/media/image1.emf") || slices.Contains(names, "word/media/image2.emf") {
		t.Errorf("the files are %q", names)
	}
	if !strings.Contains(string(parts["[Content_Types].xml"]), `Extension="emf" ContentType="image/x-emf"`) {
		t.Error("the metafile has no type")
	}
	if got := content(readPDF(t, bytesPDF(t, d)).texts()); got != "亿m³62.4图1示意亿m³62.4" {
		t.Errorf("the PDF says %q", got)
	}
	for _, bad := range []gb9704.Picture{
		{Drawing: &drawing.Sheet{}},
		{Drawing: drawn(), PNG: chart(t)},
		{Drawing: &drawing.Sheet{Width: 10, Height: 10, Shapes: []drawing.Shape{nil}}},
		{Drawing: &drawing.Sheet{Width: 10, Height: 10, Shapes: []drawing.Shape{drawing.Text{Words: "\x00", Size: 3}}}},
	} {
		if err := gb9704.Write(io.Discard, body(bad)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v gives %v", bad, err)
		}
		if _, err := pdf.Bytes(body(bad)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v gives %v as PDF", bad, err)
		}
	}
}

// FuzzPDF holds that no text breaks the file, and that what the .docx says the PDF says, where it has the characters.
func FuzzPDF(f *testing.F) {
	for _, s := range []string{"", "水位<警戒>&\"'()\\", "\x00", "\u200b\ufeff", "a\r\nb\tc", " 两端 ", "《（“”）》。。。", "2026年5月", "𠮷\U0010ffff", "\n\n", "\t\t\n\t", "−³½", prose} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 3_000 {
			return
		}
		for _, mend := range []bool{false, true} {
			d := everywhere(s, mend)
			b, err := pdf.Bytes(d)
			if err != nil {
				if mend || fault.KindOf(err) != fault.Invalid {
					t.Fatal(err)
				}
				continue
			}
			readPDF(t, b).marks("fuzzed")
		}
	})
}

func BenchmarkTwentyPagesPDF(b *testing.B) {
	d := twentyPages(b)
	out := bytesPDF(b, d)
	b.ReportMetric(float64(len(out)), "pdf-bytes")
	for b.Loop() {
		bytesPDF(b, d)
	}
}

func BenchmarkLedgerPDF(b *testing.B) {
	d := ledger(2000)
	for b.Loop() {
		bytesPDF(b, d)
	}
}

// short is a table of eleven rows behind n lines of text, with a picture after it.
func short(n int) gb9704.Document {
	t := gb9704.Table{Caption: "表1　各地完成率", Columns: []gb9704.Column{{}, {}}, Head: []gb9704.Row{gb9704.Cells("地区", "完成率")}}
	for i := range 10 {
		t.Rows = append(t.Rows, gb9704.Cells(fmt.Sprint("第", i+1, "区"), "52.5"))
	}
	return body(gb9704.Paragraph{Text: strings.Repeat("水", 28*n), Flush: true}, t, gb9704.Picture{Drawing: drawn(), Alt: "图", Caption: "图1　示意"})
}

// TestShortTableIsNotTorn holds that a table that fits on a page with its caption moves there as a whole.
func TestShortTableIsNotTorn(t *testing.T) {
	pages := map[string]int{}
	for _, w := range readPDF(t, bytesPDF(t, short(16))).texts() {
		pages[w.text] = w.page
	}
	for _, words := range []string{"地区", "第1区", "第10区"} {
		if page, ok := pages[words]; !ok || page != 1 {
			t.Errorf("%s stands on page %d (%v), want 2", words, page+1, ok)
		}
	}
	_, parts := unzipped(t, write(t, short(16)))
	rows := 0
	tree(t, parts["word/document.xml"]).walk(func(e, _ *element) {
		if e.name != "tr" {
			return
		}
		rows++
		e.walk(func(p, _ *element) {
			if p.name == "pPr" && (p.child("keepNext") != nil) != (rows < 11) {
				t.Errorf("row %d: keeps with the next is %v", rows, p.child("keepNext") != nil)
			}
		})
	})
}

// TestPictureStandsOffATable holds that the legend of a chart does not touch the table above it.
func TestPictureStandsOffATable(t *testing.T) {
	_, parts := unzipped(t, write(t, short(1)))
	found := false
	tree(t, parts["word/document.xml"]).walk(func(e, _ *element) {
		if e.name == "p" && len(e.children) > 1 && e.children[1].child("drawing") != nil {
			found = true
			if got := e.child("pPr").child("spacing").attrs["before"]; got != "160" {
				t.Errorf("the picture stands %q twips under the table", got)
			}
		}
	})
	if !found {
		t.Error("there is no picture")
	}
}
