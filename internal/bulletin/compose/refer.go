package compose

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/bulletin/snapshot"
	"anlan/internal/bulletin/template"
	"anlan/internal/gb9704"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
)

// refer writes one reference.
func (c *composer) refer(r template.Ref) ([]Run, *lack) {
	switch r.Kind {
	case template.Variable:
		return []Run{{Text: c.variable(r.Name)}}, nil
	case template.ItemField:
		return c.field(r.Name)
	case template.ListCount:
		l, ok := c.List(r.Name)
		if !ok || l.Absent != nil {
			return nil, &lack{why: "有关清单尚未接入"}
		}
		return []Run{{Text: strconv.Itoa(len(l.Items)), Figure: snapshot.Key("list", r.Name, "count")}}, nil
	case template.Word:
		return c.word(r)
	}
	f, ok := c.figure(r)
	if !ok {
		return nil, &lack{why: "有关指标尚未纳入统计"}
	}
	if !f.Value.Valid {
		return nil, &lack{why: why(f)}
	}
	return []Run{{Text: f.Shown(), Figure: f.Key}}, nil
}

// division is whose figure a reference means.
func (c *composer) division(r template.Ref) string {
	if !r.Above {
		return c.at.Code
	}
	if c.Above != nil {
		return c.Above.Code
	}
	return c.Scope.Code
}

func (c *composer) figure(r template.Ref) (snapshot.Figure, bool) {
	return c.Index.Figure(r.Name, c.division(r), r.Part)
}

// why says in words why a figure is absent.
func why(f snapshot.Figure) string {
	name := f.Measure.Name.Zh
	switch f.Cell.State {
	case snapshot.Unreported:
		return name + "尚无上报数据"
	case snapshot.NotDue:
		return name + "尚未到报送期"
	case snapshot.Blank:
		return name + "填报为无"
	case snapshot.NoFigure:
		return name + "暂无数据"
	}
	switch f.Aspect.ID {
	case "plan", "completion", "gap", "calendar":
		return name + "尚未下达计划，不作进度评价"
	case "growth", "growth_change", "last_year":
		return name + "缺少上年同期数据，不作同比"
	}
	return name + "的" + f.Aspect.Name.Zh + "暂无数据"
}

// field writes a field of the item in turn.
func (c *composer) field(name string) ([]Run, *lack) {
	if c.item == nil {
		return nil, &lack{empty: true}
	}
	f, ok := c.item.Fields[name]
	switch {
	case ok && f.Number.Valid:
		return []Run{{Text: snapshot.Write(f.Number.Decimal, f.Unit, f.Decimals), Figure: snapshot.Key("item", c.item.ID, name)}}, nil
	case ok && f.Text.Zh != "":
		return []Run{{Text: f.Text.Zh}}, nil
	}
	return nil, &lack{empty: true}
}

func (c *composer) month() int {
	m, _ := c.of()
	return m.Number()
}

// of is the month of the period, and its day where it has one.
func (c *composer) of() (hydrotime.Month, *hydrotime.Date) {
	if d, err := hydrotime.ParseDate(c.Period); err == nil {
		return d.InMonth(), &d
	}
	m, _ := hydrotime.ParseMonth(c.Period)
	return m, nil
}

func (c *composer) variable(name string) string {
	m, day := c.of()
	switch name {
	case "scope":
		return c.Scope.Name.Zh
	case "city":
		if c.Above != nil {
			return c.Above.Name.Zh
		}
		return c.Scope.Name.Zh
	case "area":
		return area(c.at)
	case "office":
		return c.Office.Zh
	case "division":
		return c.at.Name.Zh
	case "number":
		return strconv.Itoa(c.number)
	case "period":
		if day != nil {
			return gb9704.DateText(day.Start())
		}
		return fmt.Sprintf("%d年%d月", m.Year(), m.Number())
	case "period_end":
		if day != nil {
			return fmt.Sprintf("%d月%d日8时", m.Number(), day.Day)
		}
		return fmt.Sprintf("%d月底", m.Number())
	case "year":
		return fmt.Sprintf("%d年", m.Year())
	case "month":
		return fmt.Sprintf("%d月", m.Number())
	case "previous":
		return fmt.Sprintf("%d月", m.Add(-1).Number())
	case "as_of":
		return gb9704.DateText(c.AsOf.In(hydrotime.Beijing))
	}
	return ""
}

// area is how a division speaks of the whole of itself (全市, 全区, 全县).
func area(d snapshot.Division) string {
	name, _, _ := strings.Cut(d.Name.Zh, "（")
	for _, end := range []string{"省", "市", "区", "县", "旗"} {
		if strings.HasSuffix(name, end) {
			return "全" + end
		}
	}
	return "全域"
}

// word writes words about a measure.
func (c *composer) word(r template.Ref) ([]Run, *lack) {
	m := c.Measure(r.Name)
	if m == nil {
		return nil, &lack{why: "有关指标尚未纳入统计"}
	}
	switch r.Part {
	case "name":
		return []Run{{Text: m.Name.Zh}}, nil
	case "due":
		d, err := hydrotime.ParseDate(m.Due)
		if err != nil {
			return nil, &lack{why: m.Name.Zh + "没有期限"}
		}
		return []Run{{Text: fmt.Sprintf("%d月%d日", d.Month, d.Day)}}, nil
	case "pace":
		return c.signed(r, "gap", against(m), "快于", "高于", "落后", "低于", "与%s持平")
	case "growth_words":
		return c.signed(r, "growth", "", "同比增长", "", "同比下降", "", "同比持平")
	case "growth_change_words":
		return c.signed(r, "growth_change", "", "增速较上月提高", "", "增速较上月回落", "", "增速与上月持平")
	case "rank_words":
		r.Part = "rank"
		f, ok := c.figure(r)
		if !ok || !f.Value.Valid {
			return nil, &lack{why: m.Name.Zh + "尚未形成排名"}
		}
		where := "全市"
		if c.Above != nil {
			where = area(*c.Above)
		} else if c.at.Code != c.Scope.Code {
			where = area(c.Scope)
		}
		return []Run{{Text: "列" + where}, {Text: f.Shown(), Figure: f.Key}}, nil
	case "move_words":
		return c.moved(r, m)
	case "coverage":
		cell := c.Cell(r.Name, c.division(r))
		if cell == nil || cell.Reported >= cell.Expected {
			return nil, nil
		}
		return []Run{{Text: fmt.Sprintf("（应报%d个地区，已报%d个）", cell.Expected, cell.Reported)}}, nil
	}
	return c.names(r, m)
}

// against is what the gap of a measure is held against.
func against(m *snapshot.Measure) string {
	if m.Judge == "completion" {
		return "序时进度"
	}
	return "目标"
}

// signed writes a figure by its sign. The words before it depend on whether it is held against the calendar (up, down) or against a target
// (upAlt, downAlt).
func (c *composer) signed(r template.Ref, aspect, than, up, upAlt, down, downAlt, level string) ([]Run, *lack) {
	r.Part = aspect
	f, ok := c.figure(r)
	if !ok {
		return nil, &lack{why: "有关指标尚未纳入统计"}
	}
	if !f.Value.Valid {
		return nil, &lack{why: why(f)}
	}
	v := f.Value.Round(max(f.Decimals, 0))
	if than == "目标" {
		up, down = cmp.Or(upAlt, up), cmp.Or(downAlt, down)
	}
	words := up
	switch {
	case v == 0 && strings.Contains(level, "%s"):
		return []Run{{Text: fmt.Sprintf(level, than), Figure: f.Key}}, nil
	case v == 0:
		return []Run{{Text: level, Figure: f.Key}}, nil
	case v < 0:
		words, f.Value.Decimal = down, -f.Value.Decimal
	}
	return []Run{{Text: words + than}, {Text: f.Shown(), Figure: f.Key}}, nil
}

func (c *composer) moved(r template.Ref, m *snapshot.Measure) ([]Run, *lack) {
	cell := c.Cell(r.Name, c.division(r))
	if cell == nil || cell.Rank == 0 || cell.RankBefore == 0 {
		return nil, &lack{why: m.Name.Zh + "没有可比的上期排名"}
	}
	key := snapshot.Key(r.Name, cell.Division, "rank_before")
	switch n := cell.RankBefore - cell.Rank; {
	case n > 0:
		return []Run{{Text: "较上期上升"}, {Text: strconv.Itoa(n) + "位", Figure: key}}, nil
	case n < 0:
		return []Run{{Text: "较上期下降"}, {Text: strconv.Itoa(-n) + "位", Figure: key}}, nil
	}
	return []Run{{Text: "排名与上期相同", Figure: key}}, nil
}

// mostNames bounds the names of a sentence; few are praised, all that lag are named up to this.
const (
	mostNames  = 12
	mostPraise = 3
)

// names lists divisions with the figure that they are named for.
func (c *composer) names(r template.Ref, m *snapshot.Measure) ([]Run, *lack) {
	var cells []*snapshot.Cell
	for _, d := range c.Divisions {
		if cell := c.Cell(r.Name, d.Code); cell != nil {
			cells = append(cells, cell)
		}
	}
	lags := func(cell *snapshot.Cell) bool {
		return slices.Contains([]string{"lag", "serious", "overdue"}, cell.Grade)
	}
	keep := func(f func(*snapshot.Cell) bool) {
		cells = slices.DeleteFunc(cells, func(cell *snapshot.Cell) bool { return !f(cell) })
	}
	most, detail := mostNames, true
	switch r.Part {
	case "behind":
		keep(lags)
		if len(cells) == 0 {
			return nil, &lack{empty: true}
		}
		return []Run{{Text: strconv.Itoa(len(cells)) + "个"}}, nil
	case "silent":
		keep(func(cell *snapshot.Cell) bool { return cell.State == snapshot.Unreported })
		detail = false
	case "laggards":
		keep(lags)
		slices.SortStableFunc(cells, func(a, b *snapshot.Cell) int { return cmp.Compare(a.Gap.Decimal, b.Gap.Decimal) })
	case "leaders":
		keep(func(cell *snapshot.Cell) bool { return cell.Rank > 0 && !lags(cell) })
		slices.SortStableFunc(cells, func(a, b *snapshot.Cell) int { return cmp.Compare(a.Rank, b.Rank) })
		most = mostPraise
	case "lowest":
		keep(func(cell *snapshot.Cell) bool { return cell.Rank > 0 })
		slices.SortStableFunc(cells, func(a, b *snapshot.Cell) int { return cmp.Compare(b.Rank, a.Rank) })
		most = mostPraise
	}
	if len(cells) == 0 {
		return nil, &lack{empty: true}
	}
	var out []Run
	for i, cell := range cells[:min(len(cells), most)] {
		d, _ := c.Division(cell.Division)
		text := d.Name.Zh
		if i > 0 {
			text = "、" + text
		}
		out = append(out, Run{Text: text})
		if detail {
			out = append(out, c.named(r, m, cell)...)
		}
	}
	if len(cells) > most && r.Part != "leaders" && r.Part != "lowest" {
		out = append(out, Run{Text: fmt.Sprintf("等%d个地区", len(cells))})
	}
	return out, nil
}

// named is what stands in parentheses behind a named division.
func (c *composer) named(r template.Ref, m *snapshot.Measure, cell *snapshot.Cell) []Run {
	aspect := "value"
	switch m.Judge {
	case "completion", "rate":
		aspect = "completion"
	case "growth":
		aspect = "growth"
	}
	f, ok := c.Index.Figure(r.Name, cell.Division, aspect)
	if !ok || !f.Value.Valid {
		return nil
	}
	out := []Run{{Text: "（"}, {Text: f.Shown(), Figure: f.Key}}
	if gap, ok := c.Index.Figure(r.Name, cell.Division, "gap"); ok && r.Part == "laggards" && m.Judge == "completion" && gap.Value.Valid && gap.Value.Decimal < 0 {
		gap.Value.Decimal = -gap.Value.Decimal
		out = append(out, Run{Text: "，落后"}, Run{Text: gap.Shown(), Figure: gap.Key})
	}
	return append(out, Run{Text: "）"})
}

// bare writes a figure without its unit.
func bare(f snapshot.Figure) string {
	if !f.Value.Valid {
		return ""
	}
	if _, chosen := f.Measure.OptionName(f.Value); chosen && f.Aspect.Unit == "" {
		return f.Shown()
	}
	if f.Unit == "rank" {
		return strconv.FormatInt(int64(f.Value.Decimal/quantity.Scale), 10)
	}
	return strings.TrimSuffix(f.Shown(), snapshot.Word(f.Unit))
}
