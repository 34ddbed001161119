package packs_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"anlan/internal/bulletin/compose"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/bulletin/template"
	"anlan/internal/fault"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
	"anlan/packs"
)

// TestBulletinsGoTogether reads every shipped template: ids as the files, numbers of their own, measures that the shipped packs define.
func TestBulletinsGoTogether(t *testing.T) {
	known := map[string]bool{}
	for name, src := range packs.All() {
		p, err := pack.Parse(name, src)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range p.Indicators {
			known[i.Code] = true
		}
		for _, g := range p.Targets {
			known[g.ID] = true
		}
	}
	lists := []string{"original", "corrections", "lagging", "silent", "missed", "tasks", "supervision", "lagging_projects", "project_guards", "flood_day", "rain", "rain_stations", "river_levels", "rivers_above", "reservoir_levels", "reservoirs_above", "warnings", "warning_counts", "silences"}
	numbers, orders := map[string]string{}, map[int]string{}
	for name, src := range packs.Bulletins() {
		b, err := template.ParseKnowing(name, src, func(key string) bool { return known[key] }, func(id string) bool { return slices.Contains(lists, id) })
		if err != nil {
			t.Error(err)
			continue
		}
		if b.ID+".yaml" != name {
			t.Errorf("%s is of %s", name, b.ID)
		}
		if other := numbers[b.Document.Number]; other != "" {
			t.Errorf("%s and %s share the letters %s: their numbers would run together", name, other, b.Document.Number)
		}
		if other := orders[b.Order]; other != "" {
			t.Errorf("%s and %s share a place", name, other)
		}
		numbers[b.Document.Number], orders[b.Order] = name, name
	}
	if _, err := template.ParseKnowing("docs/bulletins.md", written(t), func(key string) bool { return known[key] }, func(string) bool { return false }); err != nil {
		t.Errorf("the template of the guide: %v", err)
	}
	if len(numbers) < 9 {
		t.Errorf("%d kinds of bulletins ship, 9 are expected", len(numbers))
	}
}

// written is the template that docs/bulletins.md shows.
func written(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile("../docs/bulletins.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "    id: reservoir-notice")
	rest, _, found := strings.Cut(rest, "\n\n")
	if !found {
		t.Fatal("docs/bulletins.md shows no template")
	}
	return []byte(strings.ReplaceAll("    id: reservoir-notice"+rest+"\n", "\n    ", "\n")[4:])
}

// shipped writes a shipped kind over a snapshot.
func shipped(t *testing.T, kind string, s *snapshot.Snapshot) string {
	t.Helper()
	b, err := template.Parse(kind, packs.Bulletins()[kind+".yaml"])
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, block := range compose.Compose(b, s).Blocks {
		out.WriteString(compose.Plain(block.Runs) + "\n")
	}
	return out.String()
}

func place(code, name, level string) snapshot.Division {
	return snapshot.Division{Code: code, Name: fault.T(name, name), Short: name[:6], Level: level}
}

// TestWarningSummaryTellsWhyItIsEmpty tells a month of which nothing is known from one in which nothing was.
func TestWarningSummaryTellsWhyItIsEmpty(t *testing.T) {
	s := &snapshot.Snapshot{Scope: place("330600", "绍兴市", "city"), Period: "2026-05", AsOf: time.Date(2026, 6, 1, 1, 0, 0, 0, time.UTC)}
	for _, id := range []string{"warning_counts", "warnings", "silences"} {
		s.Lists = append(s.Lists, snapshot.List{ID: id, Name: fault.T("预警", "Warnings"), Absent: &fault.Text{Zh: "没有登记水雨情测站，无数据", En: "no station"}})
	}
	if text := shipped(t, "warning-summary", s); !strings.Contains(text, "没有登记水雨情测站，无数据。") || strings.Contains(text, "无超限事件") || strings.Contains(text, "无测站缺报") {
		t.Errorf("where no station is: %s", text)
	}
	for i := range s.Lists {
		s.Lists[i].Absent = nil
	}
	if text := shipped(t, "warning-summary", s); !strings.Contains(text, "本月（数据截至2026年6月1日）无超限事件，无测站缺报事件。") || strings.Contains(text, "没有登记") {
		t.Errorf("where nothing was: %s", text)
	}
}

// TestNoticePraisesWhoLeads holds that the monthly notice names who leads, with the figure that says so.
func TestNoticePraisesWhoLeads(t *testing.T) {
	const key = "inv.construction.annual"
	cell := func(division, completion string, rank int) snapshot.Cell {
		return snapshot.Cell{
			Measure: key, Division: division, State: snapshot.HasFigure, Value: quantity.Some(quantity.MustParse("10000")), Plan: quantity.Some(quantity.MustParse("20000")),
			Completion: quantity.Some(quantity.MustParse(completion)), Gap: quantity.Some(quantity.MustParse(completion) - quantity.Int(41)), Grade: "on_track", Rank: rank, Reported: 1, Expected: 1,
		}
	}
	s := &snapshot.Snapshot{
		Scope: place("330600", "绍兴市", "city"), Period: "2026-05", Divisions: []snapshot.Division{place("330602", "越城区", "county"), place("330603", "柯桥区", "county")},
		Measures: []snapshot.Measure{{Key: key, Name: fault.T("水利建设投资", "Investment"), Judge: "completion", Unit: "wan_yuan", Show: "yi_yuan", Decimals: 2, Better: "more", Due: "2026-12-31"}},
		Cells:    []snapshot.Cell{cell("330600", "47.5", 0), cell("330602", "51.2", 1), cell("330603", "43.8", 2)},
	}
	if text := shipped(t, "monthly-notice", s); !strings.Contains(text, "投资完成率居前的是越城区（51.2%）") {
		t.Errorf("the notice praises nobody: %s", text)
	}
}
