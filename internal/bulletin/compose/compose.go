// Package compose writes a bulletin from a template and a snapshot of figures: sentences, name lists, tables, charts (拟稿).
//
// It is pure: one template and one snapshot give one text, in Chinese as offices write it. Every number in the text carries the key
// of the figure that it is, so that what a person changes can be held against the snapshot. A figure that is absent is said to be, or
// its words drop out by the template's rule; it is never a zero.
package compose

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/bulletin/snapshot"
	"anlan/internal/bulletin/template"
	"anlan/internal/quantity"
)

// BlockKind is what a block is.
type BlockKind string

// The kinds of blocks.
const (
	Heading   BlockKind = "heading"
	Paragraph BlockKind = "paragraph"
	TableOf   BlockKind = "table"
	ChartOf   BlockKind = "chart"
	Annex     BlockKind = "annex" // begins an enclosure; what follows stands in it
)

// Text is a composed bulletin.
type Text struct {
	Mark     string  `json:"mark,omitempty"`
	Title    string  `json:"title"`
	Subtitle string  `json:"subtitle,omitempty"`
	To       string  `json:"to,omitempty"`
	CopyTo   string  `json:"copy_to,omitempty"`
	Blocks   []Block `json:"blocks"`
}

// Block is a heading, a paragraph, a table or a chart.
type Block struct {
	ID    string    `json:"id" doc:"Stays with the block through edits"`
	Kind  BlockKind `json:"kind" enum:"heading,paragraph,table,chart,annex"`
	Level int       `json:"level,omitempty" doc:"Of a heading: 1 or 2"`
	Wide  bool      `json:"wide,omitempty" doc:"Of an enclosure: pages lie crosswise"`
	Runs  []Run     `json:"runs,omitempty" doc:"Of a heading, a paragraph or an enclosure: what it says, as composed"`
	Table *Table    `json:"table,omitempty"`
	Chart *Chart    `json:"chart,omitempty"`
}

// Run is a piece of text; one that is a figure of the snapshot names it.
type Run struct {
	Text   string `json:"text"`
	Figure string `json:"figure,omitempty" doc:"Key of the figure: inv.construction.annual@330602#completion"`
}

// Table is a table of words and figures.
type Table struct {
	Caption string   `json:"caption"`
	Note    string   `json:"note,omitempty"`
	Columns []Column `json:"columns"`
	Rows    [][]Run  `json:"rows"`
}

// Column is a column of a table.
type Column struct {
	Head   string `json:"head"`
	Weight int    `json:"weight"`
	Left   bool   `json:"left,omitempty" doc:"Text at the left; figures stand at the right, words in the middle"`
	Figure bool   `json:"figure,omitempty"`
}

// Chart is a bar chart of one figure by division, or of one field by the items of a list.
type Chart struct {
	Caption  string `json:"caption"`
	Alt      string `json:"alt" doc:"What the picture shows, in words"`
	Unit     string `json:"unit" doc:"As the unit registry codes it"`
	Decimals int    `json:"decimals"`
	MarkName string `json:"mark_name,omitempty" doc:"What the marks over the bars are; none where empty"`
	Bars     []Bar  `json:"bars"`
}

// Bar is one bar of a chart.
type Bar struct {
	Name   string        `json:"name"`
	Value  quantity.Null `json:"value"`
	Figure string        `json:"figure"`
	Grade  string        `json:"grade,omitempty"`
	Absent string        `json:"absent,omitempty" doc:"Why there is no value: 未报, or — where none can be worked out"`
	// Mark is where the bar should end, and MarkFigure its key, or that of the limit which the value is told above.
	Mark       quantity.Null `json:"mark,omitzero" doc:"Where the bar should end; absent where nothing is planned"`
	MarkFigure string        `json:"mark_figure,omitempty"`
}

// Plain is a block's words without its links.
func Plain(runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
	}
	return b.String()
}

// Compose writes the text of a template over a snapshot.
func Compose(t *template.Template, s *snapshot.Snapshot) *Text {
	c := &composer{Index: snapshot.NewIndex(s), t: t, at: s.Scope, parts: map[string][]template.Part{}}
	out := &Text{
		Mark: c.words(t.Document.Mark), Title: c.words(t.Document.Title), Subtitle: c.words(t.Document.Subtitle),
		To: c.words(t.Document.To), CopyTo: c.words(t.Document.CopyTo), Blocks: []Block{},
	}
	for _, section := range t.Sections {
		out.Blocks = append(out.Blocks, c.section(section)...)
	}
	out.Blocks = withoutBare(out.Blocks)
	for i := range out.Blocks {
		out.Blocks[i].ID = "b" + strconv.Itoa(i+1)
	}
	return out
}

// withoutBare drops headings of the first level under which nothing stands any more.
func withoutBare(blocks []Block) []Block {
	var out []Block
	for i, b := range blocks {
		if b.Kind == Heading && b.Level == 1 && (i+1 == len(blocks) || blocks[i+1].Kind == Annex || blocks[i+1].Kind == Heading && blocks[i+1].Level == 1) {
			continue
		}
		out = append(out, b)
	}
	return out
}

type composer struct {
	*snapshot.Index
	t      *template.Template
	at     snapshot.Division // the division in turn
	item   *snapshot.Item    // the item in turn
	number int               // of the item in turn, from 1
	parts  map[string][]template.Part
}

// words writes a text that stands by itself; what is absent in it drops out.
func (c *composer) words(text string) string {
	runs, _ := c.write(text)
	return Plain(runs)
}

func (c *composer) section(s template.Section) []Block {
	if !c.holds(s.When) {
		return nil
	}
	var out []Block
	for _, b := range s.Blocks {
		if c.holds(b.When) {
			out = append(out, c.block(b)...)
		}
	}
	// A heading of the first level may stand over headings of the second.
	if len(out) == 0 && s.Empty == "" && (s.Heading == "" || s.Annex || s.Level == 2 || len(s.Blocks) > 0) {
		return nil
	}
	if len(out) == 0 && s.Empty != "" {
		out = c.paragraph(s.Empty)
	}
	if s.Heading != "" {
		head := Block{Kind: Heading, Level: s.Level}
		if s.Annex {
			head = Block{Kind: Annex, Wide: s.Wide}
		}
		head.Runs, _ = c.write(s.Heading)
		out = append([]Block{head}, out...)
	}
	return out
}

func (c *composer) paragraph(text string) []Block {
	runs, _ := c.write(text)
	if Plain(runs) == "" {
		return nil
	}
	return []Block{{Kind: Paragraph, Runs: runs}}
}

func (c *composer) block(b template.Block) []Block {
	switch {
	case b.Each != nil:
		return c.each(b.Each)
	case b.Table != nil:
		return c.table(b.Table)
	case b.Chart != nil:
		return c.chart(b.Chart)
	}
	if runs := c.sentences(b.Say); len(runs) > 0 {
		return []Block{{Kind: Paragraph, Runs: runs}}
	}
	return nil
}

// sentences writes sentences one after the other.
func (c *composer) sentences(list []template.Sentence) []Run {
	var out []Run
	for _, s := range list {
		if c.holds(s.When) {
			out = append(out, c.sentence(s)...)
		}
	}
	return joined(out)
}

func (c *composer) sentence(s template.Sentence) []Run {
	runs, lack := c.write(s.Text)
	switch {
	case lack == nil:
		return runs
	case lack.empty && s.None == "":
		return nil
	case lack.empty:
		runs, _ = c.write(s.None)
		return runs
	case s.Absent != "":
		runs, _ = c.write(s.Absent)
		return runs
	case s.Drop:
		return nil
	}
	return []Run{{Text: lack.why + "。"}}
}

// lack is why something could not be written: a list of names with nobody on it, or a figure that is absent.
type lack struct {
	empty bool
	why   string
}

// write writes a text; of one that lacks something the rest is still written.
func (c *composer) write(text string) ([]Run, *lack) {
	parts, ok := c.parts[text]
	if !ok {
		parts, _ = template.Parts(text)
		c.parts[text] = parts
	}
	return c.all(parts)
}

func (c *composer) all(parts []template.Part) (out []Run, missing *lack) {
	for _, p := range parts {
		switch {
		case p.Ref != nil:
			runs, l := c.refer(*p.Ref)
			if l != nil && missing == nil {
				missing = l
			}
			out = append(out, runs...)
		case p.Group != nil:
			if runs, l := c.all(p.Group); l == nil {
				out = append(out, runs...)
			}
		default:
			out = append(out, Run{Text: p.Text})
		}
	}
	return out, missing
}

// joined joins pieces of plain text that stand side by side.
func joined(runs []Run) []Run {
	var out []Run
	for _, r := range runs {
		if r.Text == "" {
			continue
		}
		if n := len(out); n > 0 && r.Figure == "" && out[n-1].Figure == "" {
			out[n-1].Text += r.Text
			continue
		}
		out = append(out, r)
	}
	return out
}

func (c *composer) each(e *template.Each) []Block {
	items, absent := c.things(e.Of)
	if absent != "" {
		return c.paragraph(cmp.Or(e.Absent, absent))
	}
	was := *c
	var lines [][]Run
	for _, it := range items {
		c.take(it, len(lines)+1)
		if !c.holds(e.When) || e.Most > 0 && len(lines) >= e.Most {
			continue
		}
		if runs := c.sentences(e.Say); len(runs) > 0 {
			lines = append(lines, runs)
		}
	}
	c.at, c.item, c.number = was.at, was.item, was.number
	if len(lines) == 0 {
		return c.paragraph(e.None)
	}
	lead, _ := c.write(e.Lead)
	if e.Inline {
		runs := joined(append(lead, slices.Concat(lines...)...))
		end := &runs[len(runs)-1]
		for _, mark := range []string{"；", "，", "、"} {
			if rest, ok := strings.CutSuffix(end.Text, mark); ok {
				end.Text = rest + "。"
			}
		}
		return []Block{{Kind: Paragraph, Runs: runs}}
	}
	var out []Block
	if Plain(lead) != "" {
		out = append(out, Block{Kind: Paragraph, Runs: joined(lead)})
	}
	for _, l := range lines {
		out = append(out, Block{Kind: Paragraph, Runs: l})
	}
	return out
}

// thing is what Each and Table go over: a division, or an item of a list.
type thing struct {
	division snapshot.Division
	item     *snapshot.Item
}

func (c *composer) take(t thing, number int) {
	c.at, c.item, c.number = t.division, t.item, number
}

// things are the divisions, or the items of a list; absent says why there is no such list.
func (c *composer) things(of string) (out []thing, absent string) {
	if of == template.Divisions {
		for _, d := range c.Divisions {
			out = append(out, thing{division: d})
		}
		return out, ""
	}
	l, ok := c.List(of)
	if !ok {
		return nil, "有关清单尚未接入，本期无数据。"
	}
	if l.Absent != nil {
		return nil, l.Name.Zh + "：" + l.Absent.Zh + "。"
	}
	for i := range l.Items {
		d, _ := c.Division(l.Items[i].Division)
		out = append(out, thing{division: d, item: &l.Items[i]})
	}
	return out, ""
}

// holds reports whether a condition holds; none always does.
func (c *composer) holds(w *template.When) bool {
	if w == nil {
		return true
	}
	switch {
	case w.Level != "" && w.Level != c.Scope.Level,
		len(w.Month) > 0 && !slices.Contains(w.Month, c.month()),
		w.Has != "" && !c.has(w.Has),
		w.Lacks != "" && c.has(w.Lacks):
		return false
	}
	if w.Figure == "" {
		return true
	}
	r, _ := template.ReadRef(w.Figure)
	f, ok := c.figure(r)
	if !ok || !f.Value.Valid {
		return false
	}
	return (w.Below == nil || f.Value.Decimal < *w.Below) && (w.AtLeast == nil || f.Value.Decimal >= *w.AtLeast)
}

func (c *composer) has(ref string) bool {
	r, _ := template.ReadRef(ref)
	if r.Kind == template.ListCount {
		l, ok := c.List(r.Name)
		return ok && l.Absent == nil && len(l.Items) > 0
	}
	runs, l := c.refer(r)
	return l == nil && Plain(runs) != ""
}
