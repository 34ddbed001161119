package compose_test

import (
	"strings"
	"testing"
	"time"

	"anlan/internal/bulletin/compose"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/bulletin/template"
	"anlan/internal/fault"
	"anlan/internal/quantity"
)

func some(s string) quantity.Null {
	if s == "" {
		return quantity.Null{}
	}
	return quantity.Some(quantity.MustParse(s))
}

// city is a snapshot of a city with three counties: one leads, one lags, one is silent.
func city() *snapshot.Snapshot {
	d := func(code, name, level string) snapshot.Division {
		return snapshot.Division{Code: code, Name: fault.T(name, name), Short: name[:6], Level: level}
	}
	cell := func(measure, division, value, completion, gap, growth, grade string, rank, before int) snapshot.Cell {
		c := snapshot.Cell{Measure: measure, Division: division, State: snapshot.HasFigure, Value: some(value), Completion: some(completion), Gap: some(gap), Growth: some(growth), Grade: grade, Rank: rank, RankBefore: before, Reported: 1, Expected: 1}
		if value == "" {
			c.State, c.Reported = snapshot.Unreported, 0
		}
		return c
	}
	s := &snapshot.Snapshot{
		Scope: d("330600", "绍兴市", "city"), Office: fault.T("绍兴市水利局", "bureau"), Period: "2026-05", AsOf: time.Date(2026, 6, 8, 0, 0, 0, 0, time.UTC),
		Divisions: []snapshot.Division{d("330602", "越城区", "county"), d("330603", "柯桥区", "county"), d("330624", "新昌县", "county")},
		Measures: []snapshot.Measure{
			{Key: "inv.done", Name: fault.T("水利投资", "Investment"), Judge: "completion", Unit: "wan_yuan", Show: "yi_yuan", Decimals: 2, Better: "more", Due: "2026-12-31"},
			{Key: "rate.open", Name: fault.T("整改率", "Rate"), Judge: "threshold", Unit: "percent", Show: "percent", Decimals: 1, Ratio: true, Better: "more"},
			{Key: "plan.stage", Name: fault.T("预案", "Plan"), Unit: "one", Show: "one", Options: []snapshot.Option{{Value: 1, Name: fault.T("编制中", "being written")}, {Value: 2, Name: fault.T("已批复", "approved")}}},
			{Key: "rank.province", Name: fault.T("全省排名", "Rank"), Unit: "rank", Show: "rank"},
		},
		Cells: []snapshot.Cell{
			cell("inv.done", "330600", "126000", "42", "0.3", "12.34", "on_track", 0, 0),
			cell("inv.done", "330602", "80000", "55.5", "13.84", "-3", "on_track", 1, 2),
			cell("inv.done", "330603", "46000", "20.1", "-21.56", "0.04", "serious", 2, 1),
			cell("inv.done", "330624", "", "", "", "", "none", 0, 0),
			cell("plan.stage", "330600", "2", "", "", "", "", 0, 0),
			cell("rank.province", "330600", "2", "", "", "", "", 0, 0),
			{Measure: "rate.open", Division: "330600", State: snapshot.NotDue},
		},
		Lists: []snapshot.List{
			{ID: "tasks", Name: fault.T("任务", "Tasks"), Items: []snapshot.Item{
				{ID: "t1", Division: "330602", Fields: map[string]snapshot.Field{"title": {Text: fault.T("古井普查", "wells")}, "days": {Number: some("12"), Unit: "day"}}},
				{ID: "t2", Division: "330603", Fields: map[string]snapshot.Field{"title": {Text: fault.T("收费", "fees")}}},
			}},
			{ID: "none_yet", Name: fault.T("项目", "Projects"), Absent: &fault.Text{Zh: "尚未接入", En: "not connected"}},
			{ID: "empty", Name: fault.T("空", "empty")},
		},
	}
	s.Cells[0].Reported, s.Cells[0].Expected = 2, 3
	return s
}

// TestSentences writes one paragraph after another by its template.
func TestSentences(t *testing.T) {
	f := func(block, want string) {
		t.Helper()
		src := "id: x\nversion: 1\ntitle: {zh: 题, en: x}\norder: 1\nbasis: {zh: 据, en: x}\ncadence: month\nlevels: [city]\ndocument: {number: 水, title: 题}\nsections:\n- blocks:\n  - " + block + "\n"
		tm, err := template.Parse("x.yaml", []byte(src))
		if err != nil {
			t.Errorf("%s: %v", block, err)
			return
		}
		var lines []string
		for _, b := range compose.Compose(tm, city()).Blocks {
			switch b.Kind {
			case compose.TableOf:
				for _, row := range b.Table.Rows {
					var cells []string
					for _, c := range row {
						cells = append(cells, c.Text)
					}
					lines = append(lines, strings.Join(cells, "|"))
				}
			case compose.ChartOf:
				lines = append(lines, b.Chart.Alt)
			default:
				lines = append(lines, compose.Plain(b.Runs))
			}
		}
		if got := strings.Join(lines, "/"); got != want {
			t.Errorf("%s\n got %q\nwant %q", block, got, want)
		}
	}
	say := func(text, want string) {
		t.Helper()
		f(`say: [{text: "`+text+`"}]`, want)
	}
	say("{scope}{area}{office}{period}{period_end}{year}{month}{previous}{as_of}", "绍兴市全市绍兴市水利局2026年5月5月底2026年5月4月2026年6月8日")
	say("完成{inv.done.value}，完成率{inv.done.completion}，{inv.done.pace}，{inv.done.growth_words}{inv.done.coverage}。", "完成12.60亿元，完成率42.0%，快于序时进度0.3个百分点，同比增长12.3%（应报3个地区，已报2个）。")
	say("全省{rank.province.value}，预案{plan.stage.value}，期限{inv.done.due}。", "全省第2位，预案已批复，期限12月31日。")
	say("居前的是{inv.done.leaders}。", "居前的是越城区（55.5%）。")
	say("滞后的有{inv.done.laggards}，共{inv.done.behind}。", "滞后的有柯桥区（20.1%，落后21.6个百分点），共1个。")
	say("{inv.done.silent}未报。", "新昌县未报。")
	// What is absent: said, dropped, or said by the template.
	say("整改率{rate.open.value}。", "整改率尚未到报送期。")
	say("投资{inv.done.plan}。", "水利投资尚未下达计划，不作进度评价。")
	say("完成{inv.done.value}[，计划{inv.done.plan}][，整改率{rate.open.value}]。", "完成12.60亿元。")
	say("整改率{rate.gone.value}。", "有关指标尚未纳入统计。")
	f(`say: [{text: "整改率{rate.open.value}。", drop: true}]`, "")
	f(`say: [{text: "整改率{rate.open.value}。", absent: "{rate.open.name}无数据。"}]`, "整改率无数据。")
	f(`say: [{text: "{rate.open.silent}未报。", none: "均已报送。"}]`, "均已报送。")
	f(`say: [{text: "{rate.open.silent}未报。"}]`, "")
	f(`say: [{text: "滞后。", when: {figure: inv.done.gap, below: 0}}, {text: "达标。", when: {figure: inv.done.gap, at_least: 0}}]`, "达标。")
	f(`say: [{text: "有。", when: {has: rate.open.value}}, {text: "无。", when: {lacks: rate.open.value}}, {text: "五月。", when: {month: [5]}}, {text: "县。", when: {level: county}}]`, "无。五月。")
	// Lists.
	f(`each: {of: tasks, lead: "如下：", say: [{text: "{number}. {item.title}[，还有{item.days}]。"}]}`, "如下：/1. 古井普查，还有12天。/2. 收费。")
	f(`each: {of: tasks, inline: true, most: 1, say: [{text: "{item.title}；"}]}`, "古井普查。")
	f(`each: {of: none_yet, say: [{text: "{item.title}"}]}`, "项目：尚未接入。")
	f(`each: {of: none_yet, say: [{text: "{item.title}"}], absent: "项目无数据。", none: "没有。"}`, "项目无数据。")
	f(`each: {of: empty, say: [{text: "{item.title}"}], absent: "无数据。", none: "没有。"}`, "没有。")
	f(`each: {of: divisions, inline: true, when: {figure: inv.done.gap, below: 0}, say: [{text: "{division}{inv.done.completion}、"}]}`, "柯桥区20.1%。")
	say("共{list.tasks.count}项。", "共2项。")
	say("共{list.none_yet.count}项。", "有关清单尚未接入。")
	// Tables and charts.
	f(`table: {caption: 表, of: divisions, sort: inv.done, total: 全市, columns: [{head: 名次, of: inv.done.rank, bare: true}, {head: 地区, of: name}, {head: 完成, of: inv.done.value, bare: true}, {head: 增长, of: inv.done.growth}]}`,
		"1|越城区|8.00|-3.0%/2|柯桥区|4.60|0.0%/—|新昌县|未报|—/—|全市|12.60|12.3%")
	f(`table: {caption: 表, of: measures, rows: [inv.done, rate.open, no.such], columns: [{head: 序, of: order}, {head: 指标, of: name}, {head: 值, of: value}]}`, "1|水利投资|12.60亿元/2|整改率|—")
	f(`table: {caption: 表, of: tasks, columns: [{head: 事, of: title}, {head: 天, of: days}]}`, "古井普查|12天/收费|—")
	f(`table: {caption: 表, of: empty, none: "无。", columns: [{head: 事, of: title}]}`, "无。")
	f(`chart: {caption: 图, of: inv.done.completion}`, "图：越城区55.5%，柯桥区20.1%，新昌县未报")
	f(`chart: {caption: 图, of: rate.open.value}`, "")
}

// TestCountyBesideItsCity writes about one county, with its rank and the city's figure.
func TestCountyBesideItsCity(t *testing.T) {
	s := city()
	above := s.Scope
	s.Scope, s.Above, s.Divisions = s.Divisions[1], &above, nil
	tm, err := template.Parse("x.yaml", []byte("id: x\nversion: 1\ntitle: {zh: 题, en: x}\norder: 1\nbasis: {zh: 据, en: x}\ncadence: month\nlevels: [county]\ndocument: {number: 水, title: 题}\nsections:\n- blocks:\n  - say: [{text: \"{area}完成率{inv.done.completion}，{inv.done.rank_words}，{inv.done.move_words}，{city}为{above:inv.done.completion}，{inv.done.growth_words}。\"}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	text := compose.Compose(tm, s)
	if got := compose.Plain(text.Blocks[0].Runs); got != "全区完成率20.1%，列全市第2位，较上期下降1位，绍兴市为42.0%，同比持平。" {
		t.Errorf("%q", got)
	}
}

// TestHeadingsWithoutWords drops headings under which nothing is left.
func TestHeadingsWithoutWords(t *testing.T) {
	tm, err := template.Parse("x.yaml", []byte(`id: x
version: 1
title: {zh: 题, en: x}
order: 1
basis: {zh: 据, en: x}
cadence: month
levels: [city]
document: {number: 水, title: 题}
sections:
- {heading: 甲, level: 1}
- {heading: 甲一, level: 2, blocks: [{say: [{text: "{rate.open.value}", drop: true}]}]}
- {heading: 乙, level: 1}
- {heading: 乙一, level: 2, blocks: [{say: [{text: 有。}]}]}
- {heading: 丙, level: 1, empty: 无。, blocks: [{say: [{text: "{rate.open.value}", drop: true}]}]}
- {heading: 丁, level: 1, when: {level: county}, blocks: [{say: [{text: 有。}]}]}
- {heading: 附, annex: true, wide: true, blocks: [{table: {caption: 表, of: divisions, columns: [{head: 地区, of: name}]}}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range compose.Compose(tm, city()).Blocks {
		got = append(got, string(b.Kind)+" "+compose.Plain(b.Runs))
	}
	if s := strings.Join(got, "/"); s != "heading 乙/heading 乙一/paragraph 有。/heading 丙/paragraph 无。/annex 附/table " {
		t.Error(s)
	}
}
