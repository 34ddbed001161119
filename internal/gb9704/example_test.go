package gb9704_test

import (
	"bytes"
	"fmt"
	"time"

	"anlan/internal/gb9704"
)

func Example() {
	day := time.Date(2026, 6, 5, 9, 0, 0, 0, time.FixedZone("UTC+8", 8*3600))
	d := gb9704.Document{
		Head:  &gb9704.Head{Mark: "安澜市水利局文件", Number: gb9704.DocumentNumber("安水发", 2026, 12)},
		Title: gb9704.BreakTitle("安澜市水利局关于2026年5月全市水利重点工作完成情况的通报"),
		To:    "各县（市、区）水利局",
		Body: []gb9704.Block{
			gb9704.Heading{Level: 1, Text: "总体情况"}, // becomes 一、总体情况
			gb9704.Paragraph{Text: "截至5月底，全市完成水利投资12.6亿元。"},
			gb9704.Table{
				Caption: "表1　各地完成情况", Note: "单位：万元",
				Columns: []gb9704.Column{{Width: 14, Align: gb9704.Center}, {Weight: 2}, {Weight: 1, Align: gb9704.Right}, {Weight: 1, Align: gb9704.Right}},
				Head: []gb9704.Row{
					{Cells: []gb9704.Cell{{Text: "序号", Down: 2}, {Text: "地区", Down: 2}, {Text: "投资", Span: 2}}},
					gb9704.Cells("计划", "完成"),
				},
				Rows: []gb9704.Row{gb9704.Cells("1", "东湖区", "86000", "45150"), gb9704.Cells("2", "西岭县", "120500", "48200")},
			},
		},
		Annexes: []gb9704.Annex{{Name: "问题清单", Landscape: true, Body: []gb9704.Block{gb9704.Paragraph{Text: "无。"}}}},
		Sign:    &gb9704.Signature{Organisations: []string{"安澜市水利局"}, Date: gb9704.DateText(day)},
		Imprint: &gb9704.Imprint{CopyTo: "市政府办公室", Office: "安澜市水利局办公室", Date: gb9704.DateText(day)},
		Created: day,
	}
	var docx bytes.Buffer
	if err := gb9704.Write(&docx, d); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(docx.Len() > 4000, d.Title[0])
	// Output: true 安澜市水利局关于2026年5月
}

func ExampleWrite_refused() {
	d := gb9704.Document{Body: []gb9704.Block{
		gb9704.Paragraph{Text: "水位平稳。"},
		gb9704.Table{Columns: make([]gb9704.Column, 2), Rows: []gb9704.Row{gb9704.Cells("东湖水库", "12.5\x0b")}},
	}}
	fmt.Println(gb9704.Write(&bytes.Buffer{}, d))
	// Output: write official document: document.invalid: the document cannot be written as it is; body[1].rows[0].cells[1]: character 5 (U+000B) cannot stand in a document
}
