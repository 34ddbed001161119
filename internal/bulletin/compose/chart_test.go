package compose_test

import (
	"fmt"
	"slices"
	"testing"

	"anlan/internal/bulletin/compose"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/bulletin/template"
	"anlan/internal/fault"
)

// TestChartMarks marks each bar with where it should be, and says so in the words of the picture.
func TestChartMarks(t *testing.T) {
	f := func(chart string, change func(*snapshot.Snapshot), alt, marks string) {
		t.Helper()
		src := "id: x\nversion: 1\ntitle: {zh: 题, en: x}\norder: 1\nbasis: {zh: 据, en: x}\ncadence: month\nlevels: [city]\ndocument: {number: 水, title: 题}\nsections:\n- blocks:\n  - chart: " + chart + "\n"
		tm, err := template.Parse("x.yaml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		s := city()
		change(s)
		text := compose.Compose(tm, s)
		c := text.Blocks[0].Chart
		got := c.MarkName
		for _, b := range c.Bars {
			got += fmt.Sprintf(" %s %s", b.Name, b.Mark)
			if b.Mark.Valid && !slices.Contains(compose.BodyOf(text).Figures(), b.MarkFigure) {
				t.Errorf("%s: the body does not name %q", chart, b.MarkFigure)
			}
		}
		if c.Alt != alt || got != marks {
			t.Errorf("%s\n got %q, %q\nwant %q, %q", chart, c.Alt, got, alt, marks)
		}
	}
	set := func(aspect string, values ...string) func(*snapshot.Snapshot) {
		return func(s *snapshot.Snapshot) {
			for i, v := range values {
				c := &s.Cells[1+i] // the counties
				if aspect == "calendar" {
					c.Calendar = some(v)
				} else {
					c.Plan = some(v)
				}
			}
		}
	}
	none := func(*snapshot.Snapshot) {}
	f("{caption: 完成率, of: inv.done.completion}", none, "完成率：越城区55.5%，柯桥区20.1%，新昌县未报", " 越城 — 柯桥 — 新昌 —")
	f("{caption: 完成率, of: inv.done.completion}", set("calendar", "41.66", "41.66", "41.66"), "完成率：越城区55.5%，柯桥区20.1%，新昌县未报，序时进度均为41.7%", "序时进度 越城 41.66 柯桥 41.66 新昌 41.66")
	f("{caption: 完成率, of: inv.done.completion}", set("calendar", "41.66", "50"), "完成率：越城区55.5%（序时进度41.7%），柯桥区20.1%（序时进度50.0%），新昌县未报", "序时进度 越城 41.66 柯桥 50 新昌 —")
	f("{caption: 完成, of: inv.done.value}", set("plan", "100000"), "完成：越城区8.00亿元（计划10.00亿元），柯桥区4.60亿元，新昌县未报", "计划 越城 10 柯桥 — 新昌 —")
	f("{caption: 完成, of: inv.done.value, mark: none}", set("plan", "100000"), "完成：越城区8.00亿元，柯桥区4.60亿元，新昌县未报", " 越城 — 柯桥 — 新昌 —")
	if _, err := template.Parse("x.yaml", []byte("id: x\nversion: 1\ntitle: {zh: 题, en: x}\norder: 1\nbasis: {zh: 据, en: x}\ncadence: month\nlevels: [city]\ndocument: {number: 水, title: 题}\nsections:\n- blocks:\n  - chart: {caption: 甲, of: inv.done.value, mark: rank}\n")); err == nil {
		t.Error("a mark that is none is taken")
	}
}

// TestChartTellsWhatIsAbsent tells who has not reported from whose figure cannot be worked out, as the tables do: nothing to mend is a
// report, too.
func TestChartTellsWhatIsAbsent(t *testing.T) {
	tm, err := template.Parse("x.yaml", []byte("id: x\nversion: 1\ntitle: {zh: 题, en: x}\norder: 1\nbasis: {zh: 据, en: x}\ncadence: month\nlevels: [city]\ndocument: {number: 水, title: 题}\nsections:\n- blocks:\n  - chart: {caption: 整改率, of: inv.done.completion}\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := city()
	s.Cells[2].Completion = some("") // 柯桥 has reported, but there is nothing to divide by
	c := compose.Compose(tm, s).Blocks[0].Chart
	if want := "整改率：越城区55.5%，柯桥区无数据，新昌县未报"; c.Alt != want {
		t.Errorf("the picture is told as %q, want %q", c.Alt, want)
	}
	for i, want := range []string{"", "—", "未报"} {
		if c.Bars[i].Absent != want {
			t.Errorf("the bar of %s says %q, want %q", c.Bars[i].Name, c.Bars[i].Absent, want)
		}
	}
}

// TestChartOfAList shows the items of a list, the greatest first, by how much they stand above another field where that is asked.
func TestChartOfAList(t *testing.T) {
	f := func(chart, alt, figures string) {
		t.Helper()
		tm, err := template.Parse("x.yaml", []byte("id: x\nversion: 1\ntitle: {zh: 题, en: x}\norder: 1\nbasis: {zh: 据, en: x}\ncadence: month\nlevels: [city]\ndocument: {number: 水, title: 题}\nsections:\n- blocks:\n  - chart: "+chart+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(tm.Lists(), "levels") {
			t.Errorf("%s: the template asks for %v", chart, tm.Lists())
		}
		s := city()
		level := func(id, value, limit, unit string) snapshot.Item {
			number := func(v string) snapshot.Field { return snapshot.Field{Number: some(v), Unit: unit, Decimals: 2} }
			return snapshot.Item{ID: id, Division: "330602", Fields: map[string]snapshot.Field{"name": {Text: fault.T(id+"站", id)}, "level": number(value), "limit": number(limit)}}
		}
		s.Lists = append(s.Lists, snapshot.List{ID: "levels", Items: []snapshot.Item{level("甲", "10", "10.5", "m"), level("乙", "4", "", "m"), level("丙", "90", "20", "mm"), level("丁", "7", "6.25", "m")}})
		blocks := compose.Compose(tm, s).Blocks
		if alt == "" {
			if len(blocks) != 0 {
				t.Errorf("%s: there are %d blocks", chart, len(blocks))
			}
			return
		}
		c := blocks[0].Chart
		got := ""
		for _, b := range c.Bars {
			got += b.Figure + " " + b.MarkFigure + " "
		}
		if c.Alt != alt || got != figures || c.Unit != "m" || c.Decimals != 2 {
			t.Errorf("%s\n got %q, %q in %s\nwant %q, %q", chart, c.Alt, got, c.Unit, alt, figures)
		}
	}
	f("{caption: 水位, list: levels, of: level}", "水位：甲站10.00米，丁站7.00米，乙站4.00米", "item@甲#level  item@丁#level  item@乙#level  ")
	f("{caption: 超限, list: levels, of: level, above: limit, unit: m}", "超限：丁站0.75米，甲站-0.50米", "item@丁#level item@丁#limit item@甲#level item@甲#limit ")
	f("{caption: 超限, list: levels, of: level, above: limit, most: 1}", "超限：丁站0.75米", "item@丁#level item@丁#limit ")
	f("{caption: 无, list: levels, of: nothing}", "", "")
}
