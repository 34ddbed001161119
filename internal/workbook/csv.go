package workbook

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"anlan/internal/fault"
)

// readCSV reads delimited text of any of the encodings that offices use.
func (l Limits) readCSV(data []byte) (*Book, error) {
	text, encoding, err := decodeText(data)
	if err != nil {
		return nil, err
	}
	book := &Book{Format: CSV, Encoding: encoding}
	if n := strings.Count(text, "\uFFFD"); n > 0 {
		book.Notes = append(book.Notes, fault.Tf("有 %d 个字符无法按 %s 解码，显示为 \uFFFD", "%d characters could not be read as %s and show as \uFFFD", n, encoding))
	}
	cells := 0
	g := &grid{limits: &l, cells: &cells}
	if err := splitCSV(text, delimiterOf(text), g); err != nil {
		return nil, err
	}
	book.Sheets = []Sheet{{Name: "CSV", Rows: g.rows}}
	return book, nil
}

// decodeText tells the encoding from the byte order mark, from validity as UTF-8, or else takes GB18030.
func decodeText(data []byte) (text, encoding string, err error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return strings.ToValidUTF8(string(data[3:]), "\uFFFD"), "utf-8 bom", nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return decode16(data[2:], binary.LittleEndian), "utf-16le", nil
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return decode16(data[2:], binary.BigEndian), "utf-16be", nil
	}
	if i := bytes.IndexByte(data[:min(len(data), 4096)], 0); i >= 0 {
		// UTF-16 without a mark has zeros at every other place of its ASCII.
		even, odd := zeros(data[:min(len(data), 4096)])
		switch {
		case odd > 0 && even == 0:
			return decode16(data, binary.LittleEndian), "utf-16le", nil
		case even > 0 && odd == 0:
			return decode16(data, binary.BigEndian), "utf-16be", nil
		}
		return "", "", fault.Invalidf("workbook.format", "不是可识别的表格文件，请送 XLSX、XLS 或 CSV", "this is no table that can be read; send XLSX, XLS or CSV")
	}
	if utf8.Valid(data) {
		return string(data), "utf-8", nil
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil {
		return "", "", broken(fmt.Errorf("decode GB18030: %w", err))
	}
	if bad := bytes.Count(out, []byte("\uFFFD")); bad*20 > utf8.RuneCount(out) {
		return "", "", fault.Invalidf("workbook.encoding", "文字编码无法识别，请存为 UTF-8 或 GB18030 的 CSV，或 XLSX",
			"the text encoding is not known; save it as UTF-8 or GB18030 CSV, or as XLSX")
	}
	return string(out), "gb18030", nil
}

func zeros(b []byte) (even, odd int) {
	for i, c := range b {
		if c == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	return even, odd
}

func decode16(b []byte, order binary.ByteOrder) string {
	u := make([]uint16, len(b)/2)
	for i := range u {
		u[i] = order.Uint16(b[2*i:])
	}
	return string(utf16.Decode(u))
}

// delimiterOf chooses the delimiter that stands outside quotes in the most lines; a comma wins a tie, since
// statistics offices pad their comma files with tabs.
func delimiterOf(text string) byte {
	candidates := []byte{',', ';', '\t'}
	lines := make([]int, len(candidates))
	for i, line := 0, 0; i < len(text) && line < 200; line++ {
		end := strings.IndexByte(text[i:], '\n')
		if end < 0 {
			end = len(text) - i
		}
		quoted, seen := false, [3]bool{}
		for _, c := range []byte(text[i : i+end]) {
			if c == '"' {
				quoted = !quoted
			}
			for k, d := range candidates {
				seen[k] = seen[k] || c == d && !quoted
			}
		}
		for k := range seen {
			if seen[k] {
				lines[k]++
			}
		}
		i += end + 1
	}
	best := 0
	for k := range lines {
		if lines[k] > lines[best] {
			best = k
		}
	}
	return candidates[best]
}

// splitCSV fills the grid. A quote inside an unquoted field is a character like any other, rows may be ragged, and
// blank lines keep their number.
func splitCSV(text string, delim byte, g *grid) error {
	r, c, i := 0, 0, 0
	for i < len(text) {
		field, next := csvField(text, i, delim)
		if field = trimText(field); field != "" {
			if err := g.put(r, c, csvCell(field)); err != nil {
				return err
			}
		}
		i = next
		if i >= len(text) {
			break
		}
		if text[i] == delim {
			i, c = i+1, c+1
			continue
		}
		if text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n' {
			i++
		}
		i, r, c = i+1, r+1, 0
	}
	return nil
}

func csvCell(field string) Cell {
	return Cell{Text: field, Percent: strings.HasSuffix(field, "%") || strings.HasSuffix(field, "％")}
}

// csvField reads the field that begins at i and returns where it ends: at a delimiter, a line's end or the text's.
func csvField(text string, i int, delim byte) (field string, next int) {
	j := i
	for j < len(text) && (text[j] == ' ' || text[j] == '\t') && text[j] != delim {
		j++
	}
	if j < len(text) && text[j] == '"' {
		if s, next, ok := quotedField(text, j+1, delim); ok {
			return s, next
		}
	}
	for j = i; j < len(text) && text[j] != delim && text[j] != '\n' && text[j] != '\r'; j++ {
	}
	return text[i:j], j
}

func quotedField(text string, i int, delim byte) (field string, next int, ok bool) {
	const longest = 1 << 16 // a quote never closed must not swallow the file
	var b strings.Builder
	for j := i; j < len(text) && j-i < longest; j++ {
		if text[j] != '"' {
			b.WriteByte(text[j])
			continue
		}
		if j+1 < len(text) && text[j+1] == '"' {
			b.WriteByte('"')
			j++
			continue
		}
		for j++; j < len(text) && text[j] != delim && text[j] != '\n' && text[j] != '\r'; j++ {
			b.WriteByte(text[j])
		}
		return b.String(), j, true
	}
	return "", i, false
}
