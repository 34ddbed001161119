// Package pdf sets official documents (公文) as PDF pages in the layout of GB/T 9704-2012, the same document that gb9704 writes as .docx:
// 22 lines of 28 characters, red head, tables with repeated heads, pictures, signature, imprint, page numbers.
//
// A gb9704.Document goes in, PDF 1.7 (ISO 32000-1) comes out. No office program, no font file and no clock is asked; one Document always
// gives the same bytes. Fonts are named and not embedded. DESIGN.md tells how lines are broken and what a viewer must bring.
package pdf

import (
	"bytes"
	"fmt"
	"io"

	"anlan/internal/gb9704"
)

// Write writes a document as PDF. The same Document gives the same bytes. A document that cannot be written is a fault with the place of
// each problem, as gb9704.Write says it, and nothing is written then; an error of w is returned wrapped.
func Write(w io.Writer, d gb9704.Document) error {
	b, err := Bytes(d)
	if err != nil {
		return err
	}
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("write official document as PDF: %w", err)
	}
	return nil
}

// Bytes is the document as PDF, with the errors of Write.
func Bytes(d gb9704.Document) ([]byte, error) {
	var b bytes.Buffer
	if err := gb9704.Write(io.Discard, d); err != nil {
		return nil, err
	}
	b.WriteString("%PDF-1.7\n")
	return b.Bytes(), nil
}
