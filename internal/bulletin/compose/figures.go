package compose

import (
	"fmt"
	"strconv"

	"anlan/internal/bulletin/snapshot"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/workbook"
)

// FiguresSheet lays the figures of a snapshot out as tables in a language, "zh" or "en": one sheet with all of them, one for each list.
func FiguresSheet(x *snapshot.Index, title, number, language string) []workbook.Table {
	pick := func(t fault.Text) string {
		if language == "en" && t.En != "" {
			return t.En
		}
		return t.Zh
	}
	say := func(zh, en string) string { return pick(fault.T(zh, en)) }
	main := workbook.Table{Sheet: say("数据表", "Figures"), Title: title}
	if language == "en" {
		main.Title = fmt.Sprintf("Figures of %s, %s", x.Period, pick(x.Scope.Name))
	}
	if number != "" {
		main.Notes = append(main.Notes, say("文号：", "Document number: ")+number)
	}
	main.Notes = append(main.Notes,
		say("期数：", "Period: ")+x.Period,
		say("数据截至：", "Known as of: ")+x.AsOf.In(hydrotime.Beijing).Format("2006-01-02 15:04")+say("（北京时间）", " (Beijing)"),
		say("空格为无数据，不是零。", "An empty cell is no data, not zero."))
	for _, c := range [][2]string{{"指标", "Indicator"}, {"目标", "Target"}, {"地区", "Division"}, {"单位", "Unit"}, {"状态", "State"}} {
		main.Columns = append(main.Columns, workbook.Column{Head: []string{say(c[0], c[1])}})
	}
	list := snapshot.Aspects()
	for _, a := range list {
		main.Columns = append(main.Columns, workbook.Column{Head: []string{pick(a.Name)}, Decimals: -1})
	}
	for _, c := range [][2]string{{"报表号", "Return"}, {"版次", "Version"}, {"修订", "Revision"}, {"报送人", "Submitted by"}} {
		main.Columns = append(main.Columns, workbook.Column{Head: []string{say(c[0], c[1])}})
	}
	for i := range x.Cells {
		c := &x.Cells[i]
		m := x.Measure(c.Measure)
		d, _ := x.Division(c.Division)
		row := []workbook.Value{
			workbook.TextValue(pick(m.Name)), workbook.TextValue(pick(m.Aim)), workbook.TextValue(pick(d.Name)), workbook.TextValue(pick(nameOf(m.Show))), workbook.TextValue(pick(StateName(c.State))),
		}
		for _, a := range list {
			f, _ := x.Figure(c.Measure, c.Division, a.ID)
			row = append(row, workbook.FigureValue(rounded(f)))
		}
		main.Rows = append(main.Rows, append(row, originCells(c.Origin)...))
	}
	out := []workbook.Table{main}
	for i := range x.Lists {
		out = append(out, listSheet(&x.Lists[i], x, pick))
	}
	return out
}

// rounded is a figure as it is shown, so that a sheet and a text agree.
func rounded(f snapshot.Figure) quantity.Null {
	if f.Value.Valid && f.Decimals >= 0 {
		return quantity.Some(f.Value.Round(f.Decimals))
	}
	return f.Value
}

func originCells(o *snapshot.Origin) []workbook.Value {
	if o == nil {
		return []workbook.Value{{}, {}, {}, {}}
	}
	return []workbook.Value{
		workbook.TextValue(strconv.FormatInt(o.Return, 10)), workbook.TextValue(strconv.Itoa(o.Version)), workbook.TextValue(strconv.FormatInt(o.Revision, 10)), workbook.TextValue(o.By),
	}
}

func nameOf(unit string) fault.Text {
	if u, ok := quantity.UnitOf(unit); ok {
		return u.Name
	}
	return fault.T(unit, unit)
}

// StateName is why a cell is as it is, in words.
func StateName(state string) fault.Text {
	switch state {
	case snapshot.HasFigure:
		return fault.T("已报", "reported")
	case snapshot.Unreported:
		return fault.T("未报", "not reported")
	case snapshot.Blank:
		return fault.T("填报为无", "filed as none")
	case snapshot.NotDue:
		return fault.T("未到报送期", "not due yet")
	}
	return fault.T("无数据", "no figure")
}

// recordName is what a kind of record is called.
func recordName(kind string) fault.Text {
	names := map[string]fault.Text{
		"return": fault.T("报表", "return"), "deadline": fault.T("节点", "deadline"), "project": fault.T("项目", "project"), "matters": fault.T("问题台账", "matters"),
		"readings": fault.T("观测数据", "readings"), "exceedance": fault.T("超限事件", "exceedance"), "bulletin": fault.T("通报", "bulletin"), "figure": fault.T("数据", "figure"),
	}
	if t, ok := names[kind]; ok {
		return t
	}
	return fault.T(kind, kind)
}

func listSheet(l *snapshot.List, x *snapshot.Index, pick func(fault.Text) string) workbook.Table {
	t := workbook.Table{Sheet: pick(l.Name), Title: pick(l.Name), Notes: []string{pick(l.Source)}}
	if l.Absent != nil {
		t.Notes = append(t.Notes, pick(*l.Absent))
	}
	var names []string
	seen := map[string]bool{}
	for _, it := range l.Items {
		for _, name := range sorted(it.Fields) {
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	t.Columns = []workbook.Column{{Head: []string{pick(fault.T("地区", "Division"))}}}
	for _, n := range names {
		t.Columns = append(t.Columns, workbook.Column{Head: []string{pick(FieldName(n))}, Decimals: -1})
	}
	for _, n := range []fault.Text{fault.T("出处", "Record"), fault.T("版本", "Version")} {
		t.Columns = append(t.Columns, workbook.Column{Head: []string{pick(n)}})
	}
	for _, it := range l.Items {
		d, _ := x.Division(it.Division)
		row := []workbook.Value{workbook.TextValue(pick(d.Name))}
		for _, n := range names {
			f := it.Fields[n]
			if f.Number.Valid {
				row = append(row, workbook.FigureValue(f.Number))
			} else {
				row = append(row, workbook.TextValue(pick(f.Text)))
			}
		}
		of, version := "", ""
		if it.Of != nil {
			of = pick(recordName(it.Of.Kind)) + " " + it.Of.ID
			if it.Of.Version > 0 {
				version = strconv.FormatInt(it.Of.Version, 10)
			}
		}
		row = append(row, workbook.TextValue(of), workbook.TextValue(version))
		t.Rows = append(t.Rows, row)
	}
	return t
}
