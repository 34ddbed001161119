package workbook

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"anlan/internal/fault"
)

// The records of [MS-XLS] 2.3 that are read; all others are passed over.
const (
	recEOF        = 0x000A
	recFilePass   = 0x002F
	recDate1904   = 0x0022
	recCodePage   = 0x0042
	recContinue   = 0x003C
	recBoundSheet = 0x0085
	recMulRK      = 0x00BD
	recXF         = 0x00E0
	recMergeCells = 0x00E5
	recSST        = 0x00FC
	recLabelSST   = 0x00FD
	recFormula    = 0x0006
	recNumber     = 0x0203
	recLabel      = 0x0204
	recBoolErr    = 0x0205
	recString     = 0x0207
	recRK         = 0x027E
	recFormat     = 0x041E
	recBOF        = 0x0809
)

const biff8 = 0x0600

// xlsFile reads the BIFF8 stream of an old binary workbook. A table needs few of its
// records, and those are read here with every offset checked, percent formats and merges included.
type xlsFile struct {
	limits   Limits
	stream   []byte
	codepage uint16
	strings  []string
	formats  map[int]string
	styles   []style
	sheets   []xlsSheet
	date1904 bool
	cells    int
}

type xlsSheet struct {
	name   string
	offset uint32
	hidden bool
}

func (l Limits) readXLS(data []byte) (*Book, error) {
	stream, err := compoundStream(data)
	if err != nil {
		return nil, err
	}
	x := &xlsFile{limits: l, stream: stream, formats: map[int]string{}}
	if err := x.globals(); err != nil {
		return nil, err
	}
	book := &Book{Format: XLS, Encoding: "utf-16le"}
	if x.codepage != 0 && x.codepage != 1200 { // 1200 is UTF-16
		book.Encoding = fmt.Sprintf("cp%d", x.codepage)
	}
	for _, s := range x.sheets {
		rows, err := x.sheet(s.offset)
		if err != nil {
			return nil, fmt.Errorf("sheet %q: %w", s.name, err)
		}
		book.Sheets = append(book.Sheets, Sheet{Name: s.name, Hidden: s.hidden, Rows: rows})
	}
	return book, nil
}

// compoundStream finds the workbook stream in the compound file ([MS-CFB]).
func compoundStream(data []byte) ([]byte, error) {
	doc, err := openCompound(data)
	if err != nil {
		return nil, broken(err)
	}
	old := false
	for _, e := range doc.entries {
		switch {
		case e.name == "EncryptedPackage":
			return nil, encrypted()
		case e.name == "Book":
			old = true
		case e.name == "Workbook" && e.stream:
			stream, err := doc.stream(e)
			if err != nil {
				return nil, broken(err)
			}
			return stream, nil
		}
	}
	if old {
		return nil, fault.Invalidf("workbook.format", "这是 Excel 95 或更早的工作簿：请在 WPS 或 Excel 中另存为 XLSX 再导入",
			"this workbook is of Excel 95 or older: save it as XLSX in WPS or Excel and import that")
	}
	return nil, fault.Invalidf("workbook.format", "不是 Excel 工作簿（可能是 Word 或 WPS 专有格式）：请另存为 XLSX 再导入",
		"this is no Excel workbook (perhaps Word, or a format of WPS): save it as XLSX and import that")
}

// record returns the record at an offset and where the next one begins.
func (x *xlsFile) record(at int) (kind uint16, body []byte, next int, ok bool) {
	if at < 0 || at+4 > len(x.stream) {
		return 0, nil, 0, false
	}
	kind = binary.LittleEndian.Uint16(x.stream[at:])
	size := int(binary.LittleEndian.Uint16(x.stream[at+2:]))
	if at+4+size > len(x.stream) {
		return 0, nil, 0, false
	}
	return kind, x.stream[at+4 : at+4+size], at + 4 + size, true
}

// globals reads the workbook's own records ([MS-XLS] 2.1.7.20.3).
func (x *xlsFile) globals() error {
	kind, body, at, ok := x.record(0)
	if !ok || kind != recBOF || len(body) < 4 {
		return broken(errors.New("no BOF record"))
	}
	if v := binary.LittleEndian.Uint16(body); v != biff8 {
		return fault.Invalidf("workbook.format", "这是 Excel 95 或更早的工作簿：请在 WPS 或 Excel 中另存为 XLSX 再导入",
			"this workbook is of Excel 95 or older: save it as XLSX in WPS or Excel and import that")
	}
	var xfs []int
	for {
		kind, body, next, ok := x.record(at)
		if !ok {
			return broken(errors.New("the globals end too early"))
		}
		switch kind {
		case recEOF:
			for _, id := range xfs {
				x.styles = append(x.styles, styleOf(id, x.formats[id]))
			}
			return nil
		case recFilePass:
			return encrypted()
		case recSST:
			x.readStrings(at)
		case recXF:
			if len(body) >= 4 {
				xfs = append(xfs, int(binary.LittleEndian.Uint16(body[2:])))
			}
		default:
			if err := x.global(kind, body); err != nil {
				return err
			}
		}
		at = next
	}
}

func (x *xlsFile) global(kind uint16, body []byte) error {
	switch {
	case kind == recCodePage && len(body) >= 2:
		x.codepage = binary.LittleEndian.Uint16(body)
	case kind == recDate1904 && len(body) >= 2:
		x.date1904 = body[0] == 1
	case kind == recFormat && len(body) >= 5:
		code, _ := x.text(body[4:], int(binary.LittleEndian.Uint16(body[2:])))
		x.formats[int(binary.LittleEndian.Uint16(body))] = code
	case kind == recBoundSheet && len(body) >= 8:
		if body[5] != 0 { // charts, macros and modules hold no table
			return nil
		}
		if len(x.sheets) >= x.limits.Sheets {
			return tooLarge("工作表超过 %d 张", "the workbook has more than %d sheets", x.limits.Sheets)
		}
		name, _ := x.text(body[7:], int(body[6]))
		x.sheets = append(x.sheets, xlsSheet{name: name, offset: binary.LittleEndian.Uint32(body), hidden: body[4]&3 != 0})
	}
	return nil
}

// text reads an XLUnicodeStringNoCch of n characters: a flag byte, then one or two bytes a character.
func (x *xlsFile) text(b []byte, n int) (string, bool) {
	if len(b) < 1 {
		return "", false
	}
	wide, b := b[0]&1 == 1, b[1:]
	if !wide {
		n = min(n, len(b))
		return x.narrow(b[:n]), true
	}
	n = min(n, len(b)/2)
	u := make([]uint16, n)
	for i := range u {
		u[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(u)), true
}

// narrow reads one-byte characters. In BIFF8 these are the low halves of Unicode, but writers of code page 936
// have been seen to store its double bytes here.
func (x *xlsFile) narrow(b []byte) string {
	high := false
	for _, c := range b {
		high = high || c >= 0x80
	}
	if !high {
		return string(b)
	}
	if x.codepage == 936 || x.codepage == 54936 {
		if s, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b); err == nil && !bytes.Contains(s, []byte("\uFFFD")) {
			return string(s)
		}
	}
	u := make([]rune, len(b))
	for i, c := range b {
		u[i] = rune(c)
	}
	return string(u)
}

// chunks walks the bytes of a record and its CONTINUE records.
type chunks struct {
	x    *xlsFile
	body []byte
	next int
}

// more steps into the CONTINUE record that follows.
func (c *chunks) more() bool {
	kind, body, next, ok := c.x.record(c.next)
	if !ok || kind != recContinue {
		return false
	}
	c.body, c.next = body, next
	return true
}

// take returns n bytes, across records.
func (c *chunks) take(n int) ([]byte, bool) {
	if len(c.body) >= n {
		b := c.body[:n]
		c.body = c.body[n:]
		return b, true
	}
	if n > len(c.x.stream) {
		return nil, false
	}
	var b []byte
	for len(b) < n {
		if len(c.body) == 0 && !c.more() {
			return nil, false
		}
		k := min(n-len(b), len(c.body))
		b, c.body = append(b, c.body[:k]...), c.body[k:]
	}
	return b, true
}

// characters reads n characters. Where they run over into a CONTINUE record, that one begins with its own flag byte
// ([MS-XLS] 2.5.293), so the width may change within a string.
func (c *chunks) characters(n int, wide bool) (string, bool) {
	var u []uint16
	var low []byte
	for n > 0 {
		if len(c.body) == 0 {
			if !c.more() || len(c.body) == 0 {
				return "", false
			}
			wide, c.body = c.body[0]&1 == 1, c.body[1:]
			continue
		}
		if wide {
			k := min(n, len(c.body)/2)
			if k == 0 {
				return "", false
			}
			u = widen(u, low)
			low = nil
			for i := range k {
				u = append(u, binary.LittleEndian.Uint16(c.body[2*i:]))
			}
			c.body, n = c.body[2*k:], n-k
			continue
		}
		k := min(n, len(c.body))
		low, c.body, n = append(low, c.body[:k]...), c.body[k:], n-k
	}
	if u == nil {
		return c.x.narrow(low), true
	}
	return string(utf16.Decode(widen(u, low))), true
}

func widen(u []uint16, low []byte) []uint16 {
	for _, b := range low {
		u = append(u, uint16(b))
	}
	return u
}

// readStrings reads the shared strings ([MS-XLS] 2.4.265).
func (x *xlsFile) readStrings(at int) {
	_, body, next, _ := x.record(at)
	c := &chunks{x, body, next}
	head, ok := c.take(8)
	if !ok {
		return
	}
	unique := binary.LittleEndian.Uint32(head[4:])
	for range unique {
		s, ok := c.richString()
		if !ok {
			return
		}
		x.strings = append(x.strings, trimText(s))
	}
}

// richString reads an XLUnicodeRichExtendedString ([MS-XLS] 2.5.293); its formatting and phonetics are skipped.
func (c *chunks) richString() (string, bool) {
	head, ok := c.take(3)
	if !ok {
		return "", false
	}
	n, flags := int(binary.LittleEndian.Uint16(head)), head[2]
	skip := 0
	if flags&0x08 != 0 {
		b, ok := c.take(2)
		if !ok {
			return "", false
		}
		skip += 4 * int(binary.LittleEndian.Uint16(b))
	}
	if flags&0x04 != 0 {
		b, ok := c.take(4)
		if !ok {
			return "", false
		}
		skip += int(binary.LittleEndian.Uint32(b) & math.MaxInt32)
	}
	s, ok := c.characters(n, flags&1 == 1)
	if !ok {
		return "", false
	}
	if skip > 0 {
		_, ok = c.take(skip)
	}
	return s, ok
}

// xlsReader gathers the cells of one sheet.
type xlsReader struct {
	x      *xlsFile
	g      *grid
	merges []merge
	// waiting is where the STRING record of the formula before belongs.
	waiting      bool
	waitR, waitC int
}

func (x *xlsFile) sheet(offset uint32) ([][]Cell, error) {
	s := &xlsReader{x: x, g: &grid{limits: &x.limits, cells: &x.cells}}
	kind, _, at, ok := x.record(int(offset))
	if !ok || kind != recBOF {
		return nil, broken(errors.New("no BOF record"))
	}
	for depth := 1; depth > 0; {
		kind, body, next, ok := x.record(at)
		if !ok {
			break // a stream cut short keeps the rows before the cut
		}
		switch kind {
		case recBOF: // a chart within the sheet
			depth++
		case recEOF:
			depth--
		default:
			if depth == 1 {
				if err := s.take(kind, body); err != nil {
					return nil, err
				}
			}
		}
		at = next
	}
	if err := s.g.spread(s.merges); err != nil {
		return nil, err
	}
	return s.g.rows, nil
}

func (s *xlsReader) take(kind uint16, b []byte) error {
	switch kind {
	case recMergeCells:
		return s.merge(b)
	case recString:
		if !s.waiting || len(b) < 3 {
			return nil
		}
		s.waiting = false
		text, _ := s.x.text(b[2:], int(binary.LittleEndian.Uint16(b)))
		cell := csvCell(trimText(text))
		cell.Formula = true
		return s.g.put(s.waitR, s.waitC, cell)
	}
	if len(b) < 6 {
		return nil
	}
	r, c, xf := int(binary.LittleEndian.Uint16(b)), int(binary.LittleEndian.Uint16(b[2:])), binary.LittleEndian.Uint16(b[4:])
	switch {
	case kind == recLabelSST && len(b) >= 10:
		if i := binary.LittleEndian.Uint32(b[6:]); int64(i) < int64(len(s.x.strings)) && s.x.strings[i] != "" {
			return s.g.put(r, c, csvCell(s.x.strings[i]))
		}
	case kind == recLabel && len(b) >= 9:
		text, _ := s.x.text(b[8:], int(binary.LittleEndian.Uint16(b[6:])))
		return s.g.put(r, c, csvCell(trimText(text)))
	case kind == recNumber && len(b) >= 14:
		return s.number(r, c, xf, math.Float64frombits(binary.LittleEndian.Uint64(b[6:])), false)
	case kind == recRK && len(b) >= 10:
		return s.number(r, c, xf, rk(binary.LittleEndian.Uint32(b[6:])), false)
	case kind == recMulRK:
		for i := 4; i+6 <= len(b)-2; i += 6 {
			if err := s.number(r, c+(i-4)/6, binary.LittleEndian.Uint16(b[i:]), rk(binary.LittleEndian.Uint32(b[i+2:])), false); err != nil {
				return err
			}
		}
	case kind == recFormula && len(b) >= 14:
		return s.formula(r, c, xf, b[6:14])
	case kind == recBoolErr && len(b) >= 8:
		return s.g.put(r, c, boolErr(b[6], b[7]))
	}
	return nil
}

func (s *xlsReader) number(r, c int, xf uint16, f float64, formula bool) error {
	st := plain
	if int(xf) < len(s.x.styles) {
		st = s.x.styles[xf]
	}
	cell := numberCell(f, st, s.x.date1904)
	cell.Formula = formula
	return s.g.put(r, c, cell)
}

// formula reads a FormulaValue ([MS-XLS] 2.5.133): a number, or 0xFFFF at the end and the kind in the first byte.
func (s *xlsReader) formula(r, c int, xf uint16, v []byte) error {
	if binary.LittleEndian.Uint16(v[6:]) != 0xFFFF {
		return s.number(r, c, xf, math.Float64frombits(binary.LittleEndian.Uint64(v)), true)
	}
	switch v[0] {
	case 0: // the text follows in a STRING record
		s.waiting, s.waitR, s.waitC = true, r, c
	case 1:
		return s.g.put(r, c, boolErr(v[2], 0))
	case 2:
		return s.g.put(r, c, boolErr(v[2], 1))
	}
	return nil
}

func (s *xlsReader) merge(b []byte) error {
	if len(s.merges) > s.x.limits.Rows {
		return tooLarge("合并单元格过多", "too many merged cells")
	}
	for i := 2; i+8 <= len(b); i += 8 {
		u := func(k int) int { return int(binary.LittleEndian.Uint16(b[i+2*k:])) }
		s.merges = append(s.merges, merge{r1: u(0), r2: u(1), c1: u(2), c2: u(3)})
	}
	return nil
}

// rk unpacks an RkNumber ([MS-XLS] 2.5.217): a 30-bit integer or the high half of a double, perhaps a hundredfold.
func rk(v uint32) float64 {
	var f float64
	if v&2 != 0 {
		f = float64(int32(v) >> 2)
	} else {
		f = math.Float64frombits(uint64(v&^3) << 32)
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

func boolErr(v, isErr byte) Cell {
	if isErr == 0 {
		return Cell{Text: map[bool]string{true: "TRUE", false: "FALSE"}[v != 0]}
	}
	names := map[byte]string{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
	if n, ok := names[v]; ok {
		return Cell{Text: n}
	}
	return Cell{Text: "#ERR" + strconv.Itoa(int(v))}
}
