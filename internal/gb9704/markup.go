package gb9704

import (
	"bytes"
	"strconv"
	"strings"
)

// markup collects XML. Names are the program's own; values and texts are escaped.
type markup struct{ bytes.Buffer }

// open writes a start tag with pairs of attribute and value; a pair with an empty value is left out.
func (m *markup) open(name string, attrs ...string) {
	m.tag(name, attrs)
	m.WriteByte('>')
}

// leaf writes an empty element.
func (m *markup) leaf(name string, attrs ...string) {
	m.tag(name, attrs)
	m.WriteString("/>")
}

func (m *markup) tag(name string, attrs []string) {
	m.WriteByte('<')
	m.WriteString(name)
	for i := 0; i+1 < len(attrs); i += 2 {
		if attrs[i+1] == "" {
			continue
		}
		m.WriteByte(' ')
		m.WriteString(attrs[i])
		m.WriteString(`="`)
		m.text(attrs[i+1])
		m.WriteByte('"')
	}
}

func (m *markup) close(name string) {
	m.WriteString("</")
	m.WriteString(name)
	m.WriteByte('>')
}

// element writes an element that holds only text.
func (m *markup) element(name, text string, attrs ...string) {
	m.open(name, attrs...)
	m.text(text)
	m.close(name)
}

// text writes character data. What XML cannot hold has been refused or mended before.
func (m *markup) text(s string) {
	from := 0
	for i := 0; i < len(s); i++ {
		var e string
		switch s[i] {
		case '&':
			e = "&amp;"
		case '<':
			e = "&lt;"
		case '>':
			e = "&gt;"
		case '"':
			e = "&quot;"
		case '\n':
			e = "&#xA;"
		case '\t':
			e = "&#x9;"
		case '\r':
			e = "&#xD;"
		default:
			continue
		}
		m.WriteString(s[from:i])
		m.WriteString(e)
		from = i + 1
	}
	m.WriteString(s[from:])
}

// declaration begins a part.
func (m *markup) declaration() {
	m.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n")
}

// number is the decimal text of n; zero is "0", which open keeps.
func number(n int) string { return strconv.Itoa(n) }

// nonzero is the decimal text of n, or nothing, so that the attribute is left out.
func nonzero(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// legal reports whether XML 1.0 can hold r (production 2, Char).
func legal(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// mended is s with U+FFFD for what XML cannot hold and for bytes that are no UTF-8.
func mended(s string) string {
	return strings.Map(func(r rune) rune {
		if legal(r) {
			return r
		}
		return '\uFFFD'
	}, s)
}
