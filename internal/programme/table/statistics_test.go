package table_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"anlan/internal/programme/table"
	"anlan/internal/workbook"
)

// take reads a shared table as published figures, with nothing known of packs.
func take(t *testing.T, name string) (*table.Layout, *table.Mapping, *table.Result) {
	t.Helper()
	book, err := workbook.Read(filepath.Base(name), shared(t, "statistics", name))
	if err != nil {
		t.Fatal(err)
	}
	s, names := book.Sheets[0], shaoxing()
	l := table.Recognise(filepath.Base(name), s, names)
	m := table.Suggest(s, l, nil)
	if !m.Published {
		t.Errorf("%s: a table of nothing known is a published one", name)
	}
	r, err := table.Apply(s, l, m, names, nil)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if len(r.Rows) != len(s.Rows) || r.Counts.Taken+r.Counts.Refused+r.Counts.Ignored != len(s.Rows) {
		t.Errorf("%s: %d rows accounted for of %d", name, len(r.Rows), len(s.Rows))
	}
	for _, row := range r.Rows {
		if row.Outcome != table.Taken && row.Reason.Zh == "" {
			t.Errorf("%s row %d: %s without a reason", name, row.Number, row.Outcome)
		}
	}
	return l, m, r
}

func TestPublishedTablesReadWhole(t *testing.T) {
	f := func(name string, want table.Counts) {
		t.Helper()
		_, _, r := take(t, name)
		if d := cmp.Diff(want, r.Counts); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	f("import/nbs_fsnd_budget_utf8bom_tabs.csv", table.Counts{Taken: 21, Ignored: 5, Figures: 169})
	f("import/nbs_fsnd_fai_funds_growth_gb18030.csv", table.Counts{Taken: 31, Ignored: 5, Figures: 217})
	f("import/nbs_fsnd_gdp_gb18030.csv", table.Counts{Taken: 31, Ignored: 6, Figures: 589})
	f("import/nbs_fsnd_gdp_oldvintage_gb18030.csv", table.Counts{Taken: 31, Ignored: 2, Figures: 124})
	f("import/nbs_fsnd_private_employment_gb18030.csv", table.Counts{Taken: 31, Ignored: 8, Figures: 434})
	f("import/nbs_fsnd_rd_biff8.xls", table.Counts{Taken: 31, Ignored: 1, Figures: 589})
	f("import/nbs_fsnd_sample_population_gb18030.csv", table.Counts{Taken: 31, Ignored: 7, Figures: 527})
	f("import/nbs_fsnd_urban_employment_gb18030.csv", table.Counts{Taken: 31, Ignored: 8, Figures: 527})

	f("fai_monthly_ytd_growth_2010_2011.csv", table.Counts{Taken: 36, Ignored: 1, Figures: 36})
	f("guangdong_2016q2_section_compliance.csv", table.Counts{Taken: 10, Ignored: 5, Figures: 20})
	f("investment_completion.csv", table.Counts{Taken: 59, Ignored: 1, Figures: 158, Checked: 37, Disagree: 2})
	f("mwr_central_bulletin.csv", table.Counts{Taken: 6, Ignored: 1, Figures: 14, Checked: 4})
	f("mwr_central_bulletin_by_type.csv", table.Counts{Taken: 24, Ignored: 1, Figures: 32})
	f("national_water_investment_ytd.csv", table.Counts{Taken: 21, Ignored: 1, Figures: 34})
	f("nbs_water_management_fai_ytd_growth.csv", table.Counts{Taken: 16, Ignored: 1, Figures: 16})
	f("percentage_point_pairs.csv", table.Counts{Taken: 20, Ignored: 1, Figures: 34})
	f("supervision_counts.csv", table.Counts{Taken: 29, Ignored: 1, Figures: 29})
	f("taihu_2011_10_boundary_sections.csv", table.Counts{Taken: 4, Ignored: 2, Figures: 16, Checked: 4})
	f("task_targets_and_progress.csv", table.Counts{Taken: 30, Ignored: 1, Figures: 49, Checked: 4})
	f("water_resources.csv", table.Counts{Taken: 82, Ignored: 1, Figures: 82})
	f("water_use_caps_by_province.csv", table.Counts{Taken: 31, Ignored: 1, Figures: 93})
	f("zhejiang_2006_09_days_with_pct_in_cell.csv", table.Counts{Taken: 11, Ignored: 1, Figures: 33, Checked: 25, Disagree: 1})
	f("zhejiang_2018_05_river_class_shares.csv", table.Counts{Taken: 10, Ignored: 1, Figures: 42, RefusedCells: 3})
	f("zhejiang_2019_07_central_by_type.csv", table.Counts{Taken: 11, Ignored: 2, Figures: 66, Checked: 36, Disagree: 4})
	f("zhejiang_2023_10_central_by_type.csv", table.Counts{Taken: 13, Ignored: 2, Figures: 52, Checked: 17, Disagree: 3})
	f("zhejiang_task_progress_2021.csv", table.Counts{Taken: 7, Ignored: 1, Figures: 14})

	// These hold text alone: each row is ignored, and says why.
	f("assessment_grades.csv", table.Counts{Ignored: 36})
	f("form_headings.csv", table.Counts{Ignored: 15})
	f("guangdong_2016_04_section_table_sample.csv", table.Counts{Ignored: 5})
	f("inconsistencies.csv", table.Counts{Ignored: 51})
	f("jinyun_2023_09_section_quality.csv", table.Counts{Ignored: 14})
	f("sources.csv", table.Counts{Ignored: 110})
}

func TestOfficeExportIsUnderstood(t *testing.T) {
	l, m, r := take(t, "import/nbs_fsnd_gdp_gb18030.csv")
	if l.Title != "指标：地区生产总值(亿元)" || l.Unit != "yi_yuan" || l.Period != nil || len(l.Notes) != 2 {
		t.Errorf("title %q, unit %q, period %v, notes %v", l.Title, l.Unit, l.Period, l.Notes)
	}
	if m.Columns[0].Role != table.DivisionCol || m.Columns[3].Period.String() != "2022-01..2022-12" {
		t.Errorf("columns %+v", m.Columns[:4])
	}
	var zhejiang table.Figure
	for _, row := range r.Rows {
		for _, f := range row.Figures {
			if f.Area == "浙江省" && f.Period.Year == 2022 {
				zhejiang = f
			}
		}
	}
	if zhejiang.Value.String() != "80770" || zhejiang.Unit != "yi_yuan" || zhejiang.Division != "330000" || zhejiang.Ref != "D15" || zhejiang.Month.String() != "2022-12" {
		t.Errorf("%+v", zhejiang)
	}
}

func TestPublishedRatesAndTotalsAreHeldAgainstTheFigures(t *testing.T) {
	f := func(name, ref, kind string, verdict table.Verdict) {
		t.Helper()
		_, _, r := take(t, name)
		for _, x := range r.Findings {
			if x.Ref == ref && x.Kind == kind && x.Check.Verdict == verdict && x.Text.Zh != "" && x.Text.En != "" && !strings.Contains(x.Text.En, "%!") {
				return
			}
		}
		t.Errorf("%s: no %s finding %s at %s", name, kind, verdict, ref)
	}
	f("zhejiang_2019_07_central_by_type.csv", "G13", "rate", table.TwoSteps)      // I04
	f("zhejiang_2019_07_central_by_type.csv", "C9", "total", table.Differs)       // the page is cut off behind the fourth kind
	f("zhejiang_2023_10_central_by_type.csv", "B2", "total", table.Differs)       // a subtotal stands among the rows
	f("investment_completion.csv", "I18", "rate", table.Rounding)                 // I06
	f("investment_completion.csv", "I42", "rate", table.Differs)                  // I13
	f("investment_completion.csv", "I49", "rate", table.Differs)                  // I14
	f("mwr_central_bulletin.csv", "E3", "rate", table.TwoSteps)                   // I20
	f("zhejiang_2006_09_days_with_pct_in_cell.csv", "C8", "share", table.Differs) // I36
	_, _, r := take(t, "taihu_2011_10_boundary_sections.csv")
	if len(r.Findings) != 0 {
		t.Errorf("a total that agrees is no finding: %+v", r.Findings)
	}
}
