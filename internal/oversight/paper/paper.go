// Package paper sets the three lists and the notice of rectification as official documents and as tables.
//
// It is handed lines of words and gives a document of the gb9704 room; it looks nothing up and judges nothing. Columns follow the
// lists that supervision offices keep: the problem list, the list of responsibilities, the list of rectification.
package paper

import (
	"fmt"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/gb9704"
)

// List is one of the three views of one record (三张清单).
type List string

// The three lists.
const (
	Problems       List = "problem"        // 问题清单
	Responsibility List = "responsibility" // 责任清单
	Rectification  List = "rectification"  // 整改清单
)

// Line is one matter in words. What is absent is the empty text, and is printed as a dash.
type Line struct {
	Number, County, Object, Title, Detail, Basis, Severity, Origin, Found string
	Unit, Person, Keeper, Step                                            string
	Measures, Due, OriginalDue, State, Closed                             string
	Extended                                                              bool // Due was put off from OriginalDue
	Veiled                                                                bool // the inspected side must not know of it yet
}

// column is a heading with its share of the width and what stands below it.
type column struct {
	name   fault.Text
	weight int
	align  gb9704.Align
	of     func(Line) string
}

// name of a list.
func (l List) name() fault.Text {
	switch l {
	case Responsibility:
		return fault.T("责任清单", "list of responsibilities")
	case Rectification:
		return fault.T("整改清单", "list of rectification")
	}
	return fault.T("问题清单", "list of problems")
}

func (l List) columns() []column {
	c := func(zh, en string, weight int, align gb9704.Align, of func(Line) string) column {
		return column{fault.T(zh, en), weight, align, of}
	}
	head := []column{
		c("编号", "Number", 14, gb9704.Center, func(l Line) string { return l.Number }),
		c("地区", "County", 7, gb9704.Center, func(l Line) string { return l.County }),
		c("工程（对象）", "Works", 12, gb9704.Left, func(l Line) string { return l.Object }),
		c("问题", "Problem", 24, gb9704.Left, func(l Line) string { return l.Title }),
	}
	switch l {
	case Responsibility:
		return append(head,
			c("等级", "Severity", 6, gb9704.Center, func(l Line) string { return l.Severity }),
			c("责任单位", "Unit", 16, gb9704.Left, func(l Line) string { return l.Unit }),
			c("责任人", "Person", 8, gb9704.Center, func(l Line) string { return l.Person }),
			c("督办单位", "Keeper", 12, gb9704.Left, func(l Line) string { return l.Keeper }),
			c("措施", "Step", 8, gb9704.Center, func(l Line) string { return l.Step }),
			c("整改时限", "Due", 13, gb9704.Center, func(l Line) string { return l.Due }))
	case Rectification:
		return append(head,
			c("整改措施", "Measures", 24, gb9704.Left, func(l Line) string { return l.Measures }),
			c("原时限", "First due", 13, gb9704.Center, func(l Line) string { return l.OriginalDue }),
			c("现时限", "Due", 13, gb9704.Center, func(l Line) string { return l.Due }),
			c("状态", "State", 8, gb9704.Center, func(l Line) string { return l.State }),
			c("销号日期", "Closed", 13, gb9704.Center, func(l Line) string { return l.Closed }))
	}
	return append(head,
		c("依据", "Basis", 20, gb9704.Left, func(l Line) string { return l.Basis }),
		c("等级", "Severity", 6, gb9704.Center, func(l Line) string { return l.Severity }),
		c("发现层级", "Found by", 7, gb9704.Center, func(l Line) string { return l.Origin }),
		c("发现日期", "Found on", 13, gb9704.Center, func(l Line) string { return l.Found }))
}

// Heads are the headings of a list in a language, "zh" or "en".
func (l List) Heads(language string) []string {
	var out []string
	for _, c := range l.columns() {
		if language == "en" {
			out = append(out, c.name.En)
		} else {
			out = append(out, c.name.Zh)
		}
	}
	return out
}

// Cells are the words of a line under the headings of a list.
func (l List) Cells(line Line) []string {
	var out []string
	for _, c := range l.columns() {
		out = append(out, dash(c.of(line)))
	}
	return out
}

func dash(s string) string {
	if strings.TrimSpace(s) == "" {
		return "—"
	}
	return s
}

// Title is what a list is called with the office that keeps it.
func (l List) Title(office string) string { return office + l.name().Zh }

// Count says how many lines a list has and as of which day, and how many of them the inspected side must not see.
func Count(lines []Line, day string) string {
	veiled := 0
	for _, l := range lines {
		if l.Veiled {
			veiled++
		}
	}
	if veiled > 0 {
		return fmt.Sprintf("共 %d 项（含对受检方保密 %d 项），截至%s", len(lines), veiled, day)
	}
	return fmt.Sprintf("共 %d 项，截至%s", len(lines), day)
}

// Ledger sets a list as a document on wide pages whose head comes again on each.
func Ledger(l List, office string, lines []Line, at time.Time) gb9704.Document {
	table := gb9704.Table{Size: gb9704.SizeSmallFive, Note: Count(lines, gb9704.DateText(at))}
	head := gb9704.Row{}
	for _, c := range l.columns() {
		table.Columns = append(table.Columns, gb9704.Column{Weight: c.weight, Align: c.align})
		head.Cells = append(head.Cells, gb9704.Cell{Text: c.name.Zh, Align: gb9704.Center})
	}
	table.Head = []gb9704.Row{head}
	for _, line := range lines {
		table.Rows = append(table.Rows, gb9704.Cells(l.Cells(line)...))
	}
	d := gb9704.Document{Title: []string{l.Title(office)}, Landscape: true, Mend: true, Created: at, Subject: l.name().Zh, Author: office}
	if len(lines) == 0 {
		d.Body = []gb9704.Block{gb9704.Paragraph{Text: "无。"}}
		return d
	}
	d.Body = []gb9704.Block{table}
	return d
}

// Notice is a notice of rectification (整改通知书) over one matter.
type Notice struct {
	Line
	Office string // who sends it
	Serial string // 文号
	Place  string
	At     time.Time
}

// putOff names the day first given, which an extension does not erase.
func (n Notice) putOff() string {
	if !n.Extended {
		return ""
	}
	return "（原时限" + dash(n.OriginalDue) + "，逾期仍按原时限统计）"
}

// Document sets the notice as a form with labelled cells, with what the unit answers to fill in below.
func (n Notice) Document() gb9704.Document {
	row := func(label, value string, height int) gb9704.Row {
		return gb9704.Row{Height: height, Cells: []gb9704.Cell{{Text: label, Align: gb9704.Center}, {Text: dash(value), Span: 3}}}
	}
	pair := func(a, av, b, bv string) gb9704.Row {
		return gb9704.Row{Cells: []gb9704.Cell{{Text: a, Align: gb9704.Center}, {Text: dash(av)}, {Text: b, Align: gb9704.Center}, {Text: dash(bv)}}}
	}
	form := gb9704.Table{
		Size:    gb9704.SizeFour,
		Columns: []gb9704.Column{{Weight: 16}, {Weight: 34}, {Weight: 16}, {Weight: 34}},
		Rows: []gb9704.Row{
			pair("问题编号", n.Number, "地区", n.County),
			pair("工程（对象）", n.Object, "位置", n.Place),
			row("发现的问题", strings.TrimSpace(n.Title+"\n"+n.Detail), 24),
			row("依据", n.Basis, 0),
			pair("问题等级", n.Severity, "发现层级", n.Origin),
			pair("责任单位", n.Unit, "责任人", n.Person),
			row("整改要求", "请于"+dash(n.Due)+"前完成整改"+n.putOff()+"，并报送整改措施和整改前后佐证材料，经复核后销号。", 16),
			row("整改措施", n.Measures, 24),
			{Height: 20, Cells: []gb9704.Cell{{Text: "签收", Align: gb9704.Center}, {Text: "签收人：　　　　　　　　日期：　　　年　月　日", Span: 3}}},
		},
	}
	return gb9704.Document{
		Title: []string{"整改通知书"}, Subtitle: n.Serial, To: n.Unit, Mend: true, Created: n.At, Subject: "整改通知书", Author: n.Office,
		Body: []gb9704.Block{
			gb9704.Paragraph{Text: "经检查，你单位负责的下列事项存在问题，请按要求整改。"},
			form,
		},
		Sign: &gb9704.Signature{Organisations: []string{n.Office}, Date: gb9704.DateText(n.At)},
	}
}
