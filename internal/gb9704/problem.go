package gb9704

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"anlan/internal/fault"
)

// Bounds of a document: ample for an office, harmless to a small server.
const (
	maxBlocks   = 20_000
	maxRows     = 20_000
	maxColumns  = 63       // Word opens no table with more
	maxCells    = 150_000  // about 40 MB of markup
	maxText     = 16 << 20 // bytes, all texts together
	maxPicture  = 16 << 20 // bytes of one picture
	maxPictures = 64 << 20 // bytes of all
	maxProblems = 20
)

// problems collects what is wrong with a document, each with its place.
type problems struct {
	mend     bool
	shown    func(rune) bool // nil: whatever XML can hold
	bytes    int
	cells    int
	tooLarge bool
	fault    *fault.Error
}

// add keeps a problem; what comes after the first few is left out.
func (p *problems) add(place, zh, en string, args ...any) {
	if p.fault == nil {
		p.fault = fault.New(fault.Invalid, "document.invalid", fault.T("公文内容有误，不能成文", "the document cannot be written as it is"))
	}
	if !p.full() {
		p.fault.At(place, fault.Tf(zh, en, args...))
	}
}

// full reports whether no more problems are looked for.
func (p *problems) full() bool {
	return p.tooLarge || p.fault != nil && len(p.fault.Fields) >= maxProblems
}

// atMost refuses what is too many.
func (p *problems) atMost(place, what string, n, most int) bool {
	if n <= most {
		return true
	}
	if !p.full() {
		p.add(place, "过大：%s 为 %d，超过上限 %d", "too large: %s are %d, more than %d", what, n, most)
		p.fault.Kind, p.tooLarge = fault.TooLarge, true
	}
	return false
}

// check returns s where XML can hold it, its lines ended by line feeds. Else it is mended, or refused with the place of the first bad
// character.
func (p *problems) check(place, s string) string {
	p.bytes += len(s)
	if !p.atMost(place, "bytes of text", p.bytes, maxText) {
		return ""
	}
	n := 0
	for i, r := range s {
		n++
		bad := !legal(r)
		if r == utf8.RuneError {
			_, width := utf8.DecodeRuneInString(s[i:])
			bad = width == 1
		}
		if !bad {
			continue
		}
		if p.mend {
			return p.showable(place, unixLines(mended(s)))
		}
		p.add(place, "第 %d 个字符（U+%04X）不能写入文档", "character %d (U+%04X) cannot stand in a document", n, r)
		return ""
	}
	return p.showable(place, unixLines(s))
}

// geta stands where a character cannot be shown (〓, the blank of printers).
const geta = '\u3013'

// showable is s where every character can be shown. Else it is mended, or refused with the place of the first that cannot.
func (p *problems) showable(place, s string) string {
	if p.shown == nil {
		return s
	}
	n := 0
	for _, r := range s {
		n++
		if r == '\n' || r == '\t' || p.shown(r) {
			continue
		}
		if p.mend {
			return strings.Map(func(r rune) rune {
				if r == '\n' || r == '\t' || p.shown(r) {
					return r
				}
				return geta
			}, s)
		}
		p.add(place, "第 %d 个字符“%c”（U+%04X）没有可用的字形", "no glyph is known for character %d, %q (U+%04X)", n, r, r)
		return ""
	}
	return s
}

// unixLines ends lines with line feeds: XML readers turn the other ends into those, or, where escaped, show them twice.
func unixLines(s string) string {
	if !strings.Contains(s, "\r") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// quote shortens a foreign word for a message.
func (p *problems) quote(s string) string {
	const most = 40
	if len(s) > most {
		s = s[:most]
	}
	return mended(s)
}

func (p *problems) err() error {
	if p.fault == nil {
		return nil
	}
	return fmt.Errorf("write official document: %w", p.fault)
}
