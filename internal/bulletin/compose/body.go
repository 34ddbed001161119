package compose

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"anlan/internal/fault"
)

// Piece is a block of a bulletin as it stands: as composed, changed, struck out or added by a person.
type Piece struct {
	Block
	Text    *string    `json:"edited,omitempty" doc:"What a person wrote in its place"`
	Removed bool       `json:"removed,omitempty" doc:"Struck out; it is not printed"`
	Added   bool       `json:"added,omitempty" doc:"Written by a person"`
	By      string     `json:"by,omitempty"`
	At      *time.Time `json:"at,omitempty"`
}

// Body is the pieces of a bulletin with what stands around them.
type Body struct {
	Mark     string  `json:"mark,omitempty"`
	Title    string  `json:"title"`
	Composed string  `json:"composed_title,omitempty"` // the title as composed, where a person changed it
	Subtitle string  `json:"subtitle,omitempty"`
	To       string  `json:"to,omitempty"`
	CopyTo   string  `json:"copy_to,omitempty"`
	Pieces   []Piece `json:"pieces"`
	Next     int     `json:"next"` // number of the next added piece
}

// BodyOf is a composed text that nobody has changed yet.
func BodyOf(t *Text) *Body {
	b := &Body{Mark: t.Mark, Title: t.Title, Subtitle: t.Subtitle, To: t.To, CopyTo: t.CopyTo, Pieces: make([]Piece, len(t.Blocks)), Next: 1}
	for i, block := range t.Blocks {
		b.Pieces[i] = Piece{Block: block}
	}
	return b
}

// Op is what is done to a piece.
type Op string

// The operations.
const (
	Set     Op = "set"     // write another text in its place
	Remove  Op = "remove"  // strike it out; an added one goes
	Restore Op = "restore" // as composed
	Insert  Op = "insert"  // a new paragraph or heading behind a piece
)

// Edit is one change of a body.
type Edit struct {
	Op    Op        `json:"op" enum:"set,remove,restore,insert"`
	Block string    `json:"block" maxLength:"20" doc:"The block that is changed, or behind which one is inserted; empty to insert before the first"`
	Text  string    `json:"text,omitempty" maxLength:"10000"`
	Kind  BlockKind `json:"kind,omitempty" enum:"heading,paragraph" doc:"Of what is inserted; a paragraph where left out"`
	Level int       `json:"level,omitempty" minimum:"1" maximum:"2" doc:"Of a heading that is inserted"`
}

// mostPieces bounds a body.
const mostPieces = 5_000

// Apply makes one change. A refusal is a fault; the body is as it was then.
func (b *Body) Apply(e Edit, by string, at time.Time) error {
	text := strings.TrimSpace(e.Text)
	if (e.Op == Set || e.Op == Insert) && text == "" {
		return fault.Invalidf("bulletin.text", "内容不能为空", "there is no text").At("text", fault.T("必填；不要此段请用删除", "required; strike the paragraph out if it is not wanted"))
	}
	i := slices.IndexFunc(b.Pieces, func(p Piece) bool { return p.ID == e.Block })
	if i < 0 && (e.Op != Insert || e.Block != "") {
		return fault.NotFoundf("bulletin.block", "没有段落 %s", "there is no block %s", e.Block)
	}
	if e.Op == Insert {
		return b.insert(i+1, e, text, by, at)
	}
	p := &b.Pieces[i]
	switch e.Op {
	case Set:
		if p.Kind == TableOf || p.Kind == ChartOf {
			return fault.Invalidf("bulletin.fixed", "表格和图只能整块删除，不能改数", "a table or a chart can only be struck out as a whole")
		}
		if !p.Added && text == Plain(p.Runs) {
			p.Text, p.By, p.At, p.Removed = nil, "", nil, false
			return nil
		}
		p.Text, p.Removed = &text, false
	case Remove:
		if p.Added {
			b.Pieces = slices.Delete(b.Pieces, i, i+1)
			return nil
		}
		p.Removed = true
	case Restore:
		if p.Added {
			return fault.Invalidf("bulletin.added", "新增的段落没有原稿", "an added paragraph has no first draft")
		}
		p.Text, p.Removed, p.By, p.At = nil, false, "", nil
		return nil
	default:
		return fault.Invalidf("bulletin.op", "没有“%s”这种修改", "there is no change %q", string(e.Op))
	}
	p.By, p.At = by, &at
	return nil
}

func (b *Body) insert(i int, e Edit, text, by string, at time.Time) error {
	if len(b.Pieces) >= mostPieces {
		return fault.New(fault.TooLarge, "bulletin.pieces", fault.Tf("超过 %d 段", "there are more than %d blocks", mostPieces))
	}
	p := Piece{Block: Block{ID: fmt.Sprintf("n%d", b.Next), Kind: Paragraph}, Text: &text, Added: true, By: by, At: &at}
	if e.Kind == Heading {
		p.Kind, p.Level = Heading, max(e.Level, 1)
	}
	b.Next++
	b.Pieces = slices.Insert(b.Pieces, i, p)
	return nil
}

// Now is what a piece says now, its figures linked, and what the snapshot does not bear out.
func (p *Piece) Now() ([]Run, []Flag) {
	if p.Text == nil {
		return p.Runs, nil
	}
	return Review(p.ID, p.Runs, *p.Text)
}

// TitleBlock is the block of a flag of the title.
const TitleBlock = "title"

// Retitle writes another title.
func (b *Body) Retitle(title string) {
	if b.Composed == "" {
		b.Composed = b.Title
	}
	if b.Title = title; title == b.Composed {
		b.Composed = ""
	}
}

// Flags gathers what the snapshot does not bear out, title first, in the order of the text. A paragraph that is struck out has none.
func (b *Body) Flags() []Flag {
	out := []Flag{}
	if b.Composed != "" {
		_, flags := Review(TitleBlock, []Run{{Text: b.Composed}}, b.Title)
		out = append(out, flags...)
	}
	for i := range b.Pieces {
		if !b.Pieces[i].Removed {
			_, flags := b.Pieces[i].Now()
			out = append(out, flags...)
		}
	}
	return out
}

// Printed is a body as it is printed: what it says now, without what was struck out, what stood there before, and who changed it.
func (b *Body) Printed() *Body {
	out := *b
	out.Composed, out.Pieces = "", []Piece{}
	for i := range b.Pieces {
		p := &b.Pieces[i]
		if p.Removed {
			continue
		}
		block := p.Block
		block.ID = fmt.Sprintf("b%d", len(out.Pieces)+1)
		block.Runs, _ = p.Now()
		out.Pieces = append(out.Pieces, Piece{Block: block})
	}
	return &out
}

// Figures lists the keys of the figures that a body names, tables and charts included, each once, in the order of the text. What a changed
// paragraph no longer names is listed too where it was put otherwise.
func (b *Body) Figures() []string {
	var out []string
	seen := map[string]bool{}
	add := func(key string) {
		if key != "" && !seen[key] {
			seen[key] = true
			out = append(out, key)
		}
	}
	for i := range b.Pieces {
		p := &b.Pieces[i]
		runs, flags := p.Now()
		for _, r := range runs {
			add(r.Figure)
		}
		for _, f := range flags {
			add(f.Figure)
		}
		if p.Table != nil {
			for _, r := range slices.Concat(p.Table.Rows...) {
				add(r.Figure)
			}
		}
		if p.Chart != nil {
			for _, bar := range p.Chart.Bars {
				add(bar.Figure)
				add(bar.MarkFigure)
			}
		}
	}
	return out
}
