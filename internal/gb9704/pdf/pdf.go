// Package pdf sets official documents (公文) as PDF pages in the layout of GB/T 9704-2012, the same document that gb9704 writes as .docx:
// 22 lines of 28 characters, red head, tables with repeated heads, pictures, signature, imprint, page numbers.
//
// A gb9704.Document goes in, PDF 1.7 (ISO 32000-1) comes out. No office program, no font file and no clock is asked; one Document always
// gives the same bytes. Fonts are named and not embedded. DESIGN.md tells how lines are broken and what a viewer must bring.
package pdf

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"anlan/internal/gb9704"
	"anlan/internal/gb9704/flow"
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
	whole, err := gb9704.Flow(d, shown)
	if err != nil {
		return nil, err
	}
	s := &setter{file: newFile(), root: &element{tag: "Document"}}
	for i := range whole.Sections {
		if err := s.lay(&whole.Sections[i]); err != nil {
			return nil, fmt.Errorf("set official document as PDF: %w", err)
		}
	}
	return s.close(whole), nil
}

// close writes the pages, the fonts and what tells of the document.
func (s *setter) close(d *flow.Document) []byte {
	f := s.file
	tree := f.promise()
	pages := make([]int, len(s.leaves))
	for i := range s.leaves {
		pages[i] = f.promise()
	}
	fonts := s.fonts()
	var kids strings.Builder
	for i, l := range s.leaves {
		content := f.stream("", l.ops)
		pictures := ""
		for _, name := range slices.Sorted(maps.Keys(l.pictures)) {
			pictures += fmt.Sprintf(" /%s %d 0 R", name, l.pictures[name])
		}
		f.put(pages[i], fmt.Sprintf("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %s %s] /Contents %d 0 R /StructParents %d /Tabs /S "+
			"/Resources << /Font << %s>> /XObject <<%s >> >> >>", tree, l.width, l.height, content, i, fonts, pictures))
		fmt.Fprintf(&kids, "%d 0 R ", pages[i])
	}
	f.put(tree, fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", kids.String(), len(pages)))
	root := fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R /Lang (zh-CN) /MarkInfo << /Marked true >> /StructTreeRoot %d 0 R "+
		"/ViewerPreferences << /DisplayDocTitle true >>", tree, structure(f, s.root, s.leaves, pages))
	if o := outline(f, s.bookmarks, pages); o != 0 {
		root += fmt.Sprintf(" /Outlines %d 0 R", o)
	}
	return f.end(f.add(root+" >>"), f.add(information(d)))
}

// fonts writes the fonts that are used and returns their names for the pages.
func (s *setter) fonts() string {
	var out strings.Builder
	for _, face := range []gb9704.Face{gb9704.FangSong, gb9704.KaiTi, gb9704.HeiTi, gb9704.BiaoSong, gb9704.SongTi} {
		i, t := typefaceOf(string(face))
		if s.used.fonts[i] {
			fmt.Fprintf(&out, "/F%d %d 0 R ", i, fontObject(s.file, t, &s.used.pages[i]))
		}
	}
	if s.used.fonts[latinFont] {
		fmt.Fprintf(&out, "/F%d %d 0 R ", latinFont, latinObject(s.file))
	}
	return out.String()
}

// information is what a viewer tells of the file.
func information(d *flow.Document) string {
	out := "<< /Producer (Anlan)"
	for _, e := range [...]struct{ name, text string }{{"Title", d.Title}, {"Subject", d.Subject}, {"Author", d.Author}} {
		if e.text != "" {
			out += " /" + e.name + " " + words(e.text)
		}
	}
	if !d.Created.IsZero() {
		stamp := d.Created.UTC().Format("20060102150405")
		out += " /CreationDate (D:" + stamp + "Z) /ModDate (D:" + stamp + "Z)"
	}
	return out + " >>"
}
