package gb9704_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"anlan/internal/gb9704"
)

// The samples are invented; no bureau of this name exists.

// write is the bytes of a document.
func write(t testing.TB, d gb9704.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gb9704.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// chart is a small picture of three bars.
func chart(t testing.TB) []byte {
	t.Helper()
	img := image.NewPaletted(image.Rect(0, 0, 320, 160), color.Palette{color.White, color.RGBA{15, 94, 156, 255}})
	for i, h := range []int{60, 110, 150} {
		for x := 30 + i*100; x < 90+i*100; x++ {
			for y := 160 - h; y < 160; y++ {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var issued = time.Date(2026, 6, 5, 9, 0, 0, 0, time.FixedZone("UTC+8", 8*3600))

const prose = "各县（市、区）水利局要对照年度目标任务，逐项倒排工期、压实责任，按月调度、按季通报，确保各项工作落到实处、见到实效。"

// letter is a document of several pages with every part.
func letter(t testing.TB) gb9704.Document {
	t.Helper()
	body := []gb9704.Block{
		gb9704.Paragraph{Text: "为掌握全市水利重点工作进展，现将2026年5月各地完成情况通报如下。"},
		gb9704.Heading{Level: 1, Text: "总体情况"},
		gb9704.Paragraph{Text: strings.Repeat(prose, 3)},
		gb9704.Heading{Level: 2, Text: "投资完成情况。", Run: "截至5月底，全市完成水利投资12.6亿元，占年度计划的43.2%，比上月提高6.1个百分点。"},
		gb9704.Table{
			Caption: "表1　各地水利投资完成情况", Note: "单位：万元、%",
			Columns: []gb9704.Column{{Width: 14, Align: gb9704.Center}, {Weight: 2, Align: gb9704.Center}, {Weight: 2, Align: gb9704.Right}, {Weight: 2, Align: gb9704.Right}, {Weight: 1, Align: gb9704.Right}},
			Head: []gb9704.Row{
				{Cells: []gb9704.Cell{{Text: "序号", Down: 2}, {Text: "地区", Down: 2}, {Text: "投资", Span: 2}, {Text: "完成率", Down: 2}}},
				gb9704.Cells("年度计划", "累计完成"),
			},
			Rows: []gb9704.Row{
				gb9704.Cells("1", "东湖区", "86000", "45150", "52.5"),
				gb9704.Cells("2", "西岭县", "120500", "48200", "40.0"),
				gb9704.Cells("3", "北川县", "85200", "32640", "38.3"),
				{Cells: []gb9704.Cell{{Text: "合计", Span: 2}, {Text: "291700"}, {Text: "125990"}, {Text: "43.2"}}, Bold: true},
			},
		},
		gb9704.Heading{Level: 2, Text: "水库除险加固"},
		gb9704.Paragraph{Text: prose + prose},
		gb9704.Picture{PNG: chart(t), Alt: "三个地区完成率的柱状图", Width: 90, Caption: "图1　各地完成率"},
		gb9704.Heading{Level: 3, Text: "存在的问题"},
		gb9704.Heading{Level: 4, Text: "进度不平衡。"},
		gb9704.Paragraph{Spans: []gb9704.Span{{Text: "一是", Bold: true}, {Text: "部分项目前期工作滞后，"}, {Text: "二是", Bold: true}, {Text: "资金到位率偏低。"}}},
		gb9704.Heading{Level: 1, Text: "下一步工作"},
	}
	for range 5 {
		body = append(body, gb9704.Paragraph{Text: prose + prose})
	}
	return gb9704.Document{
		Head:  &gb9704.Head{Copy: "000001", Secrecy: "内部", Urgency: "加急", Mark: "安澜市水利局文件", Number: gb9704.DocumentNumber("安水发", 2026, 12)},
		Title: gb9704.BreakTitle("安澜市水利局关于2026年5月全市水利重点工作完成情况的通报"),
		To:    "各县（市、区）水利局，局属各单位",
		Body:  body,
		Annexes: []gb9704.Annex{
			{Name: "2026年5月全市水利重点工作完成情况排名表以及各地需要说明的情况和有关问题的处理意见"},
			{Name: "问题清单、责任清单、整改清单"},
		},
		Sign:    &gb9704.Signature{Organisations: []string{"安澜市水利局"}, Date: gb9704.DateText(issued)},
		Remark:  "此件公开发布",
		Imprint: &gb9704.Imprint{CopyTo: "省水利厅，市委办公室、市政府办公室，市发展和改革委员会，市财政局，市自然资源局", Office: "安澜市水利局办公室", Date: gb9704.DateText(issued)},
		Author:  "安澜市水利局", Created: issued,
	}
}

// ledger is a wide table of n rows.
func ledger(n int) gb9704.Document {
	t := gb9704.Table{
		Size: gb9704.SizeFive,
		Columns: []gb9704.Column{
			{Width: 11, Align: gb9704.Center},
			{Width: 18, Align: gb9704.Center},
			{Weight: 3},
			{Width: 18, Align: gb9704.Center},
			{Width: 20, Align: gb9704.Center},
			{Width: 16, Align: gb9704.Center},
			{Weight: 3},
			{Width: 22, Align: gb9704.Center},
			{Width: 22, Align: gb9704.Center},
			{Width: 16, Align: gb9704.Center},
			{Width: 14},
		},
		Head: []gb9704.Row{
			{Cells: []gb9704.Cell{{Text: "序号", Down: 2}, {Text: "问题清单", Span: 3}, {Text: "责任清单", Span: 2}, {Text: "整改清单", Span: 4}, {Text: "备注", Down: 2}}},
			gb9704.Cells("地区", "问题", "类别", "责任单位", "责任人", "整改措施", "期限", "完成时间", "状态"),
		},
	}
	for i := range n {
		t.Rows = append(t.Rows, gb9704.Cells(fmt.Sprint(i+1), []string{"东湖区", "西岭县", "北川县"}[i%3],
			"水库溢洪道进口有杂物堆积，"+strings.Repeat("管理范围内有违规建筑；", i%4+1), "运行管理", "某某水库管理所", "张某某",
			"立行立改，清除堆积物；"+strings.Repeat("加强日常巡查。", i%3), "2026-06-30", "2026-06-18", []string{"已完成", "整改中", "逾期"}[i%3], ""))
	}
	return gb9704.Document{Landscape: true, Title: []string{"全市水利工程安全检查问题、责任、整改清单"}, Body: []gb9704.Block{t}}
}

// form is a notice of one page with labelled cells.
func form() gb9704.Document {
	label := func(s string) gb9704.Cell { return gb9704.Cell{Text: s, Align: gb9704.Center, Face: gb9704.HeiTi} }
	wide := func(s string) gb9704.Cell { return gb9704.Cell{Text: s, Span: 3} }
	return gb9704.Document{
		Unpaged: true,
		Title:   []string{"水利工程质量安全监督整改通知书"},
		Body: []gb9704.Block{
			gb9704.Paragraph{Text: "编号：安水监〔2026〕第18号", Align: gb9704.Right},
			gb9704.Table{
				Size:    gb9704.SizeFour,
				Columns: []gb9704.Column{{Width: 30}, {Weight: 1}, {Width: 30}, {Weight: 1}},
				Rows: []gb9704.Row{
					{Height: 12, Cells: []gb9704.Cell{label("工程名称"), {Text: "东湖水库除险加固工程", Span: 3}}},
					{Height: 12, Cells: []gb9704.Cell{label("项目法人"), {Text: "东湖区水利局"}, label("检查日期"), {Text: "2026年6月3日"}}},
					{Height: 50, Cells: []gb9704.Cell{label("存在问题"), {Text: "1.溢洪道左岸边墙混凝土有三处蜂窝麻面。\n2.施工日志缺少5月20日至25日记录。", Span: 3, Top: true}}},
					{Height: 45, Cells: []gb9704.Cell{label("整改要求"), {Text: "请于2026年6月20日前整改完毕，并将整改报告和影像资料报我局复查。", Span: 3, Top: true, Indent: true}}},
					{Height: 20, Cells: []gb9704.Cell{label("检查人员\n签字"), {}, label("被检单位\n签收"), {}}},
					{Height: 12, Cells: []gb9704.Cell{label("备注"), wide("一式两份，一份存档。")}},
				},
			},
		},
		Sign: &gb9704.Signature{Organisations: []string{"安澜市水利工程质量安全监督站"}, Date: gb9704.DateText(issued)},
	}
}

// reply is a letter with an urgency and copies.
func reply() gb9704.Document {
	return gb9704.Document{
		Head:    &gb9704.Head{Letter: true, Urgency: "特急", Mark: "安澜市水利局", Number: gb9704.DocumentNumber("安水函", 2026, 45)},
		Title:   []string{"安澜市水利局关于同意东湖水库", "汛期调度运用计划的复函"},
		To:      "东湖区水利局：",
		Body:    []gb9704.Block{gb9704.Paragraph{Text: "你局《关于报批东湖水库汛期调度运用计划的请示》收悉。经研究，同意你局所报计划。"}, gb9704.Paragraph{Text: "特此函复。"}},
		Sign:    &gb9704.Signature{Organisations: []string{"安澜市水利局"}, Date: gb9704.DateText(issued), Unsealed: true},
		Imprint: &gb9704.Imprint{CopyTo: "省水利厅。"},
	}
}

// upward is a report with signers, an upright enclosure and one that lies crosswise.
func upward() gb9704.Document {
	return gb9704.Document{
		Head:  &gb9704.Head{Mark: "安澜市水利局", Number: gb9704.DocumentNumber("安水报", 2026, 3), Signers: []string{"王某某", "李某", "赵某某"}},
		Title: gb9704.BreakTitle("安澜市水利局关于报送《安澜市水利工程安全隐患排查整治三年行动工作方案》落实情况的报告"),
		To:    "省水利厅",
		Body:  []gb9704.Block{gb9704.Heading{Level: 1, Text: "基本情况"}, gb9704.Paragraph{Text: prose}},
		Annexes: []gb9704.Annex{
			{Name: "排查整治情况说明", Body: []gb9704.Block{gb9704.Heading{Level: 1, Text: "说明"}, gb9704.Paragraph{Text: prose}}},
			{Name: "问题清单、责任清单、整改清单", Landscape: true, Body: ledger(12).Body},
		},
		Sign:    &gb9704.Signature{Organisations: []string{"安澜市水利局"}, Date: gb9704.DateText(issued)},
		Imprint: &gb9704.Imprint{Office: "安澜市水利局办公室", Date: gb9704.DateText(issued)},
	}
}

// samples are the documents that the tests of the files go through.
func samples(t testing.TB) map[string]gb9704.Document {
	t.Helper()
	return map[string]gb9704.Document{"letter": letter(t), "ledger": ledger(4), "form": form(), "reply": reply(), "upward": upward(), "empty": {}}
}
