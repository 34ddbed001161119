package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"anlan/internal/fault"
)

// xlsxFile reads the parts of an Office Open XML workbook. The writing library's reader is not used here: it gives a
// cell's text without its type and number format unless the sheet is parsed twice, and spills large sheets to disk.
type xlsxFile struct {
	limits   Limits
	parts    map[string]*zip.File
	left     int // bytes that may still be unpacked
	strings  []string
	styles   []style // by cell format
	date1904 bool
	cells    int
}

type sheetPart struct {
	name, part string
	hidden     bool
}

var errUnpacked = errors.New("unpacked size")

func (l Limits) readXLSX(data []byte) (*Book, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, broken(err)
	}
	x := &xlsxFile{limits: l, parts: map[string]*zip.File{}, left: l.Unpacked}
	if len(z.File) > 10_000 {
		return nil, tooLarge("压缩包内文件过多", "the file has too many parts")
	}
	for _, f := range z.File {
		x.parts[strings.ToLower(strings.TrimPrefix(f.Name, "/"))] = f
	}
	book, err := x.read()
	if errors.Is(err, errUnpacked) {
		return nil, tooLarge("文件展开后超过 %d MB", "the file unpacks to more than %d MB", l.Unpacked>>20)
	}
	var f *fault.Error
	if err != nil && !errors.As(err, &f) {
		return nil, broken(err)
	}
	return book, err
}

func (x *xlsxFile) read() (*Book, error) {
	if x.parts["xl/workbook.xml"] == nil {
		return nil, fault.Invalidf("workbook.format", "不是 XLSX 工作簿（可能是 ODS、XLSB 或 Word）：请在 WPS 或 Excel 中另存为 XLSX",
			"this is no XLSX workbook (perhaps ODS, XLSB or Word): save it as XLSX in WPS or Excel")
	}
	sheets, err := x.workbook()
	if err != nil {
		return nil, err
	}
	if len(sheets) > x.limits.Sheets {
		return nil, tooLarge("工作表超过 %d 张", "the workbook has more than %d sheets", x.limits.Sheets)
	}
	if err := x.readStrings(); err != nil {
		return nil, fmt.Errorf("shared strings: %w", err)
	}
	if err := x.readStyles(); err != nil {
		return nil, fmt.Errorf("styles: %w", err)
	}
	book := &Book{Format: XLSX, Encoding: "utf-8"}
	for _, p := range sheets {
		rows, err := x.sheet(p.part)
		if err != nil {
			return nil, fmt.Errorf("sheet %q: %w", p.name, err)
		}
		book.Sheets = append(book.Sheets, Sheet{Name: p.name, Hidden: p.hidden, Rows: rows})
	}
	return book, nil
}

// bounded counts what is unpacked and stops a bomb.
type bounded struct {
	r    io.Reader
	left *int
}

func (b bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if *b.left -= n; *b.left < 0 {
		return 0, errUnpacked
	}
	return n, err
}

// element is one start or end tag, or text, of a part.
type element struct {
	name  string // local name; "" for text
	end   bool
	attrs []xml.Attr
	text  []byte // valid until the next one
}

func (e element) attr(name string) string {
	for i := range e.attrs {
		if e.attrs[i].Name.Local == name {
			return e.attrs[i].Value
		}
	}
	return ""
}

// each calls f for every element of a part; a part that is absent has none.
func (x *xlsxFile) each(part string, f func(e element) error) (err error) {
	file := x.parts[strings.ToLower(part)]
	if file == nil {
		return nil
	}
	r, err := file.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	d := xml.NewDecoder(bounded{r, &x.left})
	d.Strict = false
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			err = f(element{name: t.Name.Local, attrs: t.Attr})
		case xml.EndElement:
			err = f(element{name: t.Name.Local, end: true})
		case xml.CharData:
			err = f(element{text: t})
		}
		if err != nil {
			return err
		}
	}
}

// workbook lists the sheets in their order.
func (x *xlsxFile) workbook() ([]sheetPart, error) {
	targets := map[string]string{}
	err := x.each("xl/_rels/workbook.xml.rels", func(e element) error {
		if e.name == "Relationship" && !e.end {
			t := e.attr("Target")
			if !strings.HasPrefix(t, "/") {
				t = path.Join("xl", t)
			}
			targets[e.attr("Id")] = strings.TrimPrefix(t, "/")
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("relationships: %w", err)
	}
	var sheets []sheetPart
	err = x.each("xl/workbook.xml", func(e element) error {
		switch {
		case e.end:
		case e.name == "workbookPr":
			v := e.attr("date1904")
			x.date1904 = v == "1" || v == "true"
		case e.name == "sheet":
			part := ""
			for _, a := range e.attrs {
				if a.Name.Local == "id" { // r:id; sheetId has another local name
					part = targets[a.Value]
				}
			}
			if strings.Contains(strings.ToLower(part), "worksheets") {
				sheets = append(sheets, sheetPart{e.attr("name"), part, e.attr("state") != "" && e.attr("state") != "visible"})
			}
		}
		return nil
	})
	return sheets, err
}

// readStrings reads the shared strings; phonetic runs are no part of the text.
func (x *xlsxFile) readStrings() error {
	var b strings.Builder
	text, phonetic := false, false
	return x.each("xl/sharedStrings.xml", func(e element) error {
		switch e.name {
		case "":
			if text && !phonetic {
				b.Write(e.text)
			}
		case "t":
			text = !e.end
		case "rPh":
			phonetic = !e.end
		case "si":
			if !e.end {
				b.Reset()
				break
			}
			x.strings = append(x.strings, trimText(b.String()))
			if len(x.strings) > x.limits.Cells {
				return tooLarge("文字过多", "too many strings")
			}
		}
		return nil
	})
}

func (x *xlsxFile) readStyles() error {
	codes := map[int]string{}
	inFormats := false
	return x.each("xl/styles.xml", func(e element) error {
		switch {
		case e.name == "cellXfs":
			inFormats = !e.end
		case e.name == "numFmt" && !e.end:
			id, _ := strconv.Atoi(e.attr("numFmtId"))
			codes[id] = e.attr("formatCode")
		case e.name == "xf" && !e.end && inFormats && len(x.styles) < 1<<16:
			id, _ := strconv.Atoi(e.attr("numFmtId"))
			x.styles = append(x.styles, styleOf(id, codes[id]))
		}
		return nil
	})
}

// sheetReader holds what the scan of one sheet has seen of the present cell.
type sheetReader struct {
	x        *xlsxFile
	g        *grid
	merges   []merge
	row, col int
	kind     string
	style    style
	formula  bool
	value    []byte
	reading  bool
	phonetic bool
}

func (x *xlsxFile) sheet(part string) ([][]Cell, error) {
	s := &sheetReader{x: x, g: &grid{limits: &x.limits, cells: &x.cells}, row: -1}
	if err := x.each(part, s.take); err != nil {
		return nil, err
	}
	if err := s.g.spread(s.merges); err != nil {
		return nil, err
	}
	return s.g.rows, nil
}

func (s *sheetReader) take(e element) error {
	switch e.name {
	case "":
		if s.reading && !s.phonetic {
			s.value = append(s.value, e.text...)
		}
	case "v", "t":
		s.reading = !e.end
	case "rPh":
		s.phonetic = !e.end
	case "f":
		s.formula = s.formula || !e.end
	case "row":
		if !e.end {
			s.startRow(e)
		}
	case "c":
		if e.end {
			return s.endCell()
		}
		s.startCell(e)
	case "mergeCell":
		if !e.end {
			return s.merge(e.attr("ref"))
		}
	}
	return nil
}

func (s *sheetReader) startRow(e element) {
	s.row, s.col = s.row+1, -1
	if n, err := strconv.Atoi(e.attr("r")); err == nil && n > 0 {
		s.row = n - 1
	}
}

func (s *sheetReader) startCell(e element) {
	s.col++
	s.kind, s.style, s.formula, s.value = "", plain, false, s.value[:0]
	for i := range e.attrs {
		switch a := &e.attrs[i]; a.Name.Local {
		case "r":
			if r, c, ok := parseRef(a.Value); ok {
				s.row, s.col = r, c
			}
		case "t":
			s.kind = a.Value
		case "s":
			if n, err := strconv.Atoi(a.Value); err == nil && n >= 0 && n < len(s.x.styles) {
				s.style = s.x.styles[n]
			}
		}
	}
}

func (s *sheetReader) endCell() error {
	if len(s.value) == 0 {
		return nil
	}
	cell := s.cell(string(s.value))
	cell.Formula = s.formula
	if cell.Text == "" {
		return nil
	}
	return s.g.put(s.row, s.col, cell)
}

// cell reads a value by its type (ECMA-376 part 1, 18.18.11).
func (s *sheetReader) cell(v string) Cell {
	switch s.kind {
	case "s":
		if n, err := strconv.Atoi(v); err == nil && n >= 0 && n < len(s.x.strings) {
			return csvCell(s.x.strings[n])
		}
		return Cell{}
	case "str", "inlineStr", "e":
		return csvCell(trimText(v))
	case "b":
		return Cell{Text: map[string]string{"1": "TRUE", "0": "FALSE"}[v]}
	case "d":
		return Cell{Text: strings.TrimSuffix(v, "T00:00:00"), Date: true}
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
	if err != nil {
		return csvCell(trimText(v))
	}
	return numberCell(f, s.style, s.x.date1904)
}

func (s *sheetReader) merge(ref string) error {
	if len(s.merges) >= s.x.limits.Rows {
		return tooLarge("合并单元格过多", "too many merged cells")
	}
	from, to, ok := strings.Cut(ref, ":")
	r1, c1, ok1 := parseRef(from)
	r2, c2, ok2 := parseRef(to)
	if ok && ok1 && ok2 {
		s.merges = append(s.merges, merge{r1, c1, r2, c2})
	}
	return nil
}
