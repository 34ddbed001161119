// Package gb9704 writes official documents (公文) in the layout of GB/T 9704-2012 as WordprocessingML (ECMA-376, .docx): red head,
// title, addressees, headings, tables, pictures, signature, imprint, page numbers; and wide ledgers on A4 landscape.
//
// A Document goes in, bytes come out: nothing is stored, no clock is asked, and one Document always gives the same bytes.
// Lengths that callers give are millimetres, sizes are half points. Fonts are named and not embedded. What a document says, and
// whether it may be sent, is decided in the rooms above; DESIGN.md tells why the layout is built so.
package gb9704

import (
	"fmt"
	"time"
)

// Document is an official document (公文). Every part may be absent; the zero value is an empty page.
type Document struct {
	Head     *Head    // nil: no red head
	Title    []string // lines, centred; BreakTitle makes them of one sentence
	Subtitle string   // one line under the title in kai, such as the number of an issue
	To       string   // main addressees (主送机关); a colon is added where missing
	Body     []Block
	Annexes  []Annex // listed after the text; those with a Body follow on pages of their own
	Sign     *Signature
	Remark   string   // a remark (附注), without its brackets
	Imprint  *Imprint // at the foot of the last page

	// Landscape lays the pages crosswise, for wide tables.
	Landscape bool
	// Unpaged leaves the page numbers out, for a form of one page.
	Unpaged bool
	// Mend puts U+FFFD in place of characters that XML 1.0 cannot hold; without it they are refused.
	Mend bool

	// Subject, Author and Created are properties of the file; what is empty or zero is left out.
	Subject string
	Author  string
	Created time.Time
}

// Head is the part above and including the red rule (版头), GB/T 9704-2012, 7.2.
type Head struct {
	Copy    string // number of the copy (份号), six digits
	Secrecy string // grade and term of secrecy (密级和保密期限)
	Urgency string // degree of urgency (紧急程度)
	Mark    string // mark of the issuing organisation (发文机关标志), set in red
	Number  string // document number (发文字号), as DocumentNumber makes it
	// Signers are who signed a document sent upward (签发人). Where there are any, the number stands at the left.
	Signers []string
	// Letter takes the form of a letter (信函格式, 10.1): the mark near the edge, double red rules above and below the first page.
	Letter bool
}

// Annex is an enclosure (附件): its name in the list after the text and, with a Body, its own pages before the imprint.
type Annex struct {
	Name      string
	Title     []string // of its own pages; nil: the name, broken by BreakTitle
	Landscape bool
	Body      []Block
}

// Signature is who issued the document and when (发文机关署名和成文日期), GB/T 9704-2012, 7.3.5.
type Signature struct {
	Organisations []string
	Date          string // as DateText makes it
	// Unsealed follows 7.3.5.2 for documents without a seal. Else the date stands four characters from the right edge and the
	// organisation is centred above it, with room for the seal.
	Unsealed bool
}

// Imprint is the block at the foot of the last page (版记), GB/T 9704-2012, 7.4.
type Imprint struct {
	CopyTo string // who receives copies (抄送机关); a full stop is added where missing
	Office string // who printed (印发机关)
	Date   string // when (印发日期), as DateText makes it
}

// DateText writes a day as a document does, 2026年5月8日: in full, in Arabic figures, without leading zeros (7.3.5.4). It is the day
// in t's own zone.
func DateText(t time.Time) string {
	y, m, d := t.Date()
	return fmt.Sprintf("%d年%d月%d日", y, m, d)
}

// DocumentNumber writes the number of a document with the brackets of 7.2.5: 安水发〔2026〕12号.
func DocumentNumber(code string, year, serial int) string {
	return fmt.Sprintf("%s〔%d〕%d号", code, year, serial)
}
