package compose_test

import (
	"fmt"
	"io"
	"os"
	"testing"

	"anlan/internal/bulletin/compose"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/bulletin/template"
	"anlan/internal/fault"
	"anlan/internal/gb9704"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
)

// large is the shipped monthly notice over a city of a hundred counties, every figure of which is there.
func large(b *testing.B) (*template.Template, *snapshot.Snapshot) {
	b.Helper()
	src, err := os.ReadFile("../../../packs/bulletins/monthly-notice.yaml")
	if err != nil {
		b.Fatal(err)
	}
	t, err := template.Parse("monthly-notice.yaml", src)
	if err != nil {
		b.Fatal(err)
	}
	s := city()
	s.Divisions, s.Measures, s.Cells = nil, nil, nil
	for i := range 100 {
		name := fmt.Sprintf("第%d县", i+1)
		s.Divisions = append(s.Divisions, snapshot.Division{Code: fmt.Sprintf("3306%02d", i), Name: fault.T(name, name), Short: name, Level: "county"})
	}
	for _, key := range t.Measures() {
		s.Measures = append(s.Measures, snapshot.Measure{Key: key, Name: fault.T(key, key), Judge: "completion", Unit: "wan_yuan", Show: "yi_yuan", Decimals: 2})
		for i, d := range append([]snapshot.Division{s.Scope}, s.Divisions...) {
			v := quantity.Some(quantity.Int(int64(1000 + i)))
			s.Cells = append(s.Cells, snapshot.Cell{Measure: key, Division: d.Code, State: snapshot.HasFigure, Value: v, Plan: v, Completion: some("41.5"), Gap: some("-0.5"), Growth: some("3.2"), Rank: i, Grade: "lag", Reported: 1, Expected: 1})
		}
	}
	for _, id := range []string{"lagging", "missed", "tasks"} {
		l := snapshot.List{ID: id}
		for i := range 50 {
			field := snapshot.Field{Text: fault.T("甲县", "A")}
			l.Items = append(l.Items, snapshot.Item{ID: fmt.Sprint(i), Fields: map[string]snapshot.Field{"name": field, "measure": field, "grade": field, "title": field, "due": field, "days": {Number: some("3"), Unit: "day"}}})
		}
		s.Lists = append(s.Lists, l)
	}
	return t, s
}

// BenchmarkCityBulletin writes the text of a city's notice, and the document with it.
func BenchmarkCityBulletin(b *testing.B) {
	t, s := large(b)
	b.Run("compose", func(b *testing.B) {
		for b.Loop() {
			compose.Compose(t, s)
		}
	})
	body := compose.BodyOf(compose.Compose(t, s))
	b.Run("document", func(b *testing.B) {
		for b.Loop() {
			if err := gb9704.Write(io.Discard, compose.Document(body, compose.Issue{Office: "局", Date: hydrotime.Date{Year: 2026, Month: 6, Day: 8}}, nil)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkReview holds one changed paragraph against its figures.
func BenchmarkReview(b *testing.B) {
	for b.Loop() {
		compose.Review("b1", runs(), "截至2026年5月底，全市累计完成水利建设投资28.90亿元，完成年度计划的35.3%，同比增长12.8%，位居全省第1位。")
	}
}
