package compare_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/compare"
)

// BenchmarkCount counts 200,000 problems of eleven counties, half of them closed, by county and over all.
func BenchmarkCount(b *testing.B) {
	day := 24 * time.Hour
	start := time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)
	records := make([]*compare.Record, 200_000)
	for i := range records {
		found := start.Add(time.Duration(i*7919%700) * day)
		r := &compare.Record{
			ID: int64(i), Division: fmt.Sprint(330600 + i%11), Object: int64(i % 1100), Item: fmt.Sprintf("sr.%02d.%02d", i%8, i%6), Origin: compare.Origins()[i%5],
			Severity: checklist.Severities()[i%4], Found: found, Opened: found.Add(day), OriginalDue: found.Add(30 * day),
		}
		if i%2 == 0 {
			r.Spans = []compare.Span{{Kind: compare.Closed, From: found.Add(20 * day)}}
		}
		records[i] = r
	}
	slices.SortFunc(records, compare.InOrder)
	q := compare.Query{At: start.Add(720 * day)}
	for b.Loop() {
		c := compare.NewCount(q, func(d string) string {
			if d == "*" {
				return ""
			}
			return "*"
		})
		for _, r := range records {
			c.Record(r)
		}
		if n := c.Done()["*"].Found; n != int64(len(records)) {
			b.Fatalf("%d found", n)
		}
	}
}
