// Package flow is an official document between what it says and how a file format says it: paragraphs and tables in their order, with
// every face, size, indent and space resolved. gb9704 makes it; pdf sets it on pages. The .docx is written from the same parts.
//
// Lengths are twips, 1/20 point; sizes are half points.
package flow

import (
	"time"

	"anlan/internal/drawing"
)

// Document is a document by its sections.
type Document struct {
	Title, Subject, Author string
	Created                time.Time // zero: not known
	Sections               []Section // at least one
}

// Section is a run of pages on one paper.
type Section struct {
	Page     Page
	Numbered bool
	// First holds the rules of a letter's first page, which then has no number; nil: none.
	First *First
	Nodes []Node
}

// Page is the paper and its margins. Header and Footer are how far from the edges of the paper what stands outside the text begins.
type Page struct {
	Width, Height, Top, Right, Bottom, Left, Header, Footer int
	NumberAbove                                             int // what is free under the page number, above Footer
}

// Text is the width of the text area.
func (p Page) Text() int { return p.Width - p.Left - p.Right }

// First is what stands above and below the text of a letter's first page.
type First struct{ Header, Footer []*Paragraph }

// Node is a *Paragraph, a *Table or an *Imprint.
type Node interface{ node() }

// Role is what a paragraph is in the structure of a document.
type Role string

// The roles; others than these are plain paragraphs.
const (
	Text    Role = ""
	Title   Role = "title"
	Caption Role = "caption"
)

// Paragraph is a paragraph with all that its style says.
type Paragraph struct {
	Role     Role
	Level    int  // of a heading, from 1; 0: none
	KeepNext bool // its end stands on the page of what follows
	Break    bool // begins a page
	Rule     *Rule
	Tabs     []int // right tabs, from the left edge of the text
	Before   int
	After    int
	Height   int  // of a line, exact
	Auto     bool // the line is as high as its picture
	Left     int
	Right    int
	First    int // of the first line; negative: hanging
	Align    Align
	Runs     []Run
}

// Align is where lines stand between the edges.
type Align int

// The alignments.
const (
	Justify Align = iota
	Left
	Center
	Right
)

// Rule is a line under a paragraph.
type Rule struct {
	Color   string // RRGGBB
	Eighths int    // of a point
}

// Run is a text in one face, or a picture.
type Run struct {
	Text    string // with line feeds and tabs
	Face    string
	Size    int
	Track   int // added to each character
	Bold    bool
	Color   string // RRGGBB; "": black
	Picture *Picture
}

// Picture is a photograph or a drawing.
type Picture struct {
	PNG           []byte
	Drawing       *drawing.Sheet
	Alt           string
	Width, Height int
}

// Table is a table with single borders.
type Table struct {
	Widths []int
	Rows   []Row
	Split  bool // a row may run over the end of a page
	Whole  bool // all rows stand on one page, where one can hold them
}

// Row is one row: the cells that begin in it.
type Row struct {
	Head   bool
	Height int // at least
	Cells  []Cell
}

// Margins of cells.
const (
	CellSide  = 57
	CellAbove = 28
)

// Cell is one cell.
type Cell struct {
	Column, Span, Down int
	Top                bool // stands at the top, not in the middle
	Lines              []*Paragraph
}

// Imprint floats at the lower edge of the text area of the last page.
type Imprint struct {
	Ruled bool
	Rows  []*Paragraph
}

func (*Paragraph) node() {}
func (*Table) node()     {}
func (*Imprint) node()   {}
