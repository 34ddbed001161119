package gb9704

import "anlan/internal/drawing"

// Block is a piece of the body: Heading, Paragraph, Table, Picture or PageBreak.
type Block interface{ block() }

// Unnumbered is the Number of a Heading that has none.
const Unnumbered = "-"

// Heading is a heading of level 1 to 4 (结构层次序数): 一、 in hei, （一） in kai, 1. and （1） in the face of the text (7.3.3).
type Heading struct {
	Level int
	// Number is written before the text as given, such as "三、". Empty: the next of its level, counted anew under each higher
	// heading; a given number does not disturb the count. Unnumbered: none.
	Number string
	Text   string
	// Run follows in the same paragraph in the face of the text.
	Run string
}

// Paragraph is a paragraph of the text, first line two characters in.
type Paragraph struct {
	Text  string // a line feed breaks the line
	Spans []Span // follow Text, for words in another face
	Align Align
	// Flush begins the first line at the edge.
	Flush bool
}

// Span is a piece of a paragraph in one face.
type Span struct {
	Text string
	Face Face // "": that of the text
	Bold bool
}

// Picture is a PNG or a drawing, centred, at most as large as the text area.
type Picture struct {
	PNG     []byte
	Drawing *drawing.Sheet // in place of PNG, such as a chart; a metafile in the .docx
	Alt     string         // what it shows, for those who cannot see it
	Width   int            // mm; 0: as wide as the text
	Caption string         // under the picture
}

// PageBreak begins a new page with the next block.
type PageBreak struct{}

// Table is a table with single borders (表格). Every row covers all columns, counting spans and cells that reach down into it.
type Table struct {
	Caption string // above the table, centred
	Note    string // above the table at the right, such as the unit
	Columns []Column
	Head    []Row // repeated on each page
	Rows    []Row
	Size    Size // of the characters; 0: SizeSmallFour
	Face    Face // of the cells; "": that of the text
	// Split lets a row run over the end of a page; else it moves as a whole.
	Split bool
}

// Column is one column of a table. Widths are shared: first the millimetres, then what is left by weight.
type Column struct {
	Width  int // mm; 0: by weight
	Weight int // share of what is left, to 10,000; 0: 1
	Align  Align
}

// Row is one row of a table: only the cells that begin in it, from left to right.
type Row struct {
	Cells  []Cell
	Height int  // mm at least; 0: as the text needs
	Bold   bool // all cells, for a row of totals
}

// Cell is one cell of a table.
type Cell struct {
	Text   string // each line a paragraph
	Span   int    // columns covered; 0: 1
	Down   int    // rows covered; 0: 1
	Align  Align  // "": that of the column; in the head, centred
	Top    bool   // stands at the top, not in the middle
	Face   Face   // "": that of the table; in the head, hei
	Bold   bool
	Indent bool // first lines two characters in
}

func (Heading) block()   {}
func (Paragraph) block() {}
func (Table) block()     {}
func (Picture) block()   {}
func (PageBreak) block() {}

// Cells makes a row of plain cells.
func Cells(texts ...string) Row {
	r := Row{Cells: make([]Cell, len(texts))}
	for i, t := range texts {
		r.Cells[i].Text = t
	}
	return r
}

// Align is where lines stand between the edges.
type Align string

// The alignments; the zero value is what fits the place: justified text, cells at the left.
const (
	Left    Align = "left"
	Center  Align = "center"
	Right   Align = "right"
	Justify Align = "both"
)

// Face is a typeface by what it is for (字体); fontTable.xml names the fallbacks.
type Face string

// The faces of official documents.
const (
	FangSong Face = "仿宋_GB2312"
	KaiTi    Face = "楷体_GB2312"
	HeiTi    Face = "黑体"
	BiaoSong Face = "方正小标宋简体"
	SongTi   Face = "宋体"
)

// Size is the size of characters in half points (字号).
type Size int

// The sizes that documents use.
const (
	SizeTwo       Size = 44 // 二号
	SizeThree     Size = 32 // 三号
	SizeFour      Size = 28 // 四号
	SizeSmallFour Size = 24 // 小四
	SizeFive      Size = 21 // 五号
	SizeSmallFive Size = 18 // 小五
)
