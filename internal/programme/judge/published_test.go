package judge_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"anlan/internal/programme/judge"
	"anlan/internal/quantity"

	"github.com/google/go-cmp/cmp"
)

// published reads a table of real figures that lies beside the repository; the first row names the columns.
func published(t *testing.T, name string) []map[string]string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "shared", "statistics", name)
	f, err := os.Open(path)
	if os.IsNotExist(err) {
		t.Skipf("%s is not beside the repository: the published figures are NOT checked", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range all[1:] {
		m := map[string]string{}
		for i, head := range all[0] {
			if i < len(row) {
				m[strings.TrimPrefix(head, "\ufeff")] = strings.TrimSpace(row[i])
			}
		}
		out = append(out, m)
	}
	return out
}

// shown writes a figure with as many decimals as the published one has.
func shown(v quantity.Null, as string) string {
	if !v.Valid {
		return "—"
	}
	_, frac, _ := strings.Cut(as, ".")
	return v.Fixed(len(frac))
}

var exactYuan = regexp.MustCompile(`万元原值(\d+)/(\d+)`)

// TestPublishedCompletionF1 forms 完成率 from every published plan and done. Where the page's own rate differs, it was formed
// from figures before rounding, or it is wrong; each such row stands here with what the printed figures give.
func TestPublishedCompletionF1(t *testing.T) {
	want := map[string]string{
		"浙江省 2021年1-7月 中央水利投资计划":  "60.2 → 60.3", // rounded inputs (inconsistencies.csv I05)
		"浙江省 2021年1-7月 中央资金":      "61.9 → 62.0", // I05
		"浙江省 2021年1-11月 中央资金":     "97.3 → 97.5", // I06
		"浙江省 2022年1-3月 中央资金":      "32.6 → 33.0", // I07
		"浙江省 2023年1-10月 中央水利投资计划": "92.6 → 92.7", // I08
		"福建省 2018年1-6月 全省水利投资":    "59.40 → 59.41",
		"福建省 2018年1-9月 全省水利投资":    "81.93 → 81.94",
		"福建省 2018年1-9月 水利投资工程包":   "96.53 → 96.52", // I11
		"福建省 2024年1-5月 全省水利投资":    "44.02 → 44.03", // I12
		"福建省 某年1-4月 全省水利投资":       "34.84 → 34.89", // I13, unexplained
		"某设区市 上半年 水利固投(省定计划)":     "61.77 → 63.98", // I14, unexplained
		"黑龙江省 2016年1-10月 其中其他工程":  "57.0 → 57.1",   // I19
	}
	got, agreed := map[string]string{}, 0
	for _, row := range published(t, "investment_completion.csv") {
		plan, done, rate := row["plan"], row["done"], row["rate_pct_published"]
		if plan == "" || done == "" || rate == "" {
			continue
		}
		if exact := exactYuan.FindStringSubmatch(row["note"]); exact != nil {
			plan, done = exact[1], exact[2] // I03: from 万元, not from the rounded 亿元
		}
		if f1 := shown(judge.Completion(n(done), n(plan)), rate); f1 != rate {
			got[row["area"]+" "+row["period"]+" "+row["scope"]] = rate + " → " + f1
		} else {
			agreed++
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if agreed < 20 {
		t.Errorf("only %d rows agree", agreed)
	}
	t.Logf("%d published rates agree, %d differ and are listed", agreed, len(got))
}

var (
	increase   = regexp.MustCompile(`增加([0-9.]+)`)
	recomputed = regexp.MustCompile(`对(?:上年页面)?([0-9.]+)重算(?:只有|为)?(-?[0-9.]+)`)
)

// TestPublishedGrowthF3 forms 同比 from two published totals of one kind a year apart, or from a total and the increase that
// its page names.
func TestPublishedGrowthF3(t *testing.T) {
	want := map[string]string{ // the base was revised since it was published (inconsistencies.csv I22, I23)
		"完成 2024-03": "4.4 → 1.8",
		"落实 2024-03": "93.3 → 91.3",
	}
	rows := published(t, "national_water_investment_ytd.csv")
	total := map[string]string{}
	for _, row := range rows {
		total[row["kind"]+row["to_month"]] = row["ytd_yiyuan"]
	}
	got, agreed := map[string]string{}, 0
	hold := func(row map[string]string, base quantity.Null, yoy string) {
		if f3 := shown(judge.Growth(n(row["ytd_yiyuan"]), base), yoy); f3 != yoy {
			got[row["kind"]+" "+row["to_month"]] = yoy + " → " + f3
		} else {
			agreed++
		}
	}
	for _, row := range rows {
		year, month, _ := strings.Cut(row["to_month"], "-")
		base, yoy := total[row["kind"]+lastYear(year)+"-"+month], row["yoy_pct_published"]
		if base != "" && yoy != "" {
			hold(row, n(base), yoy)
		}
		if m := increase.FindStringSubmatch(row["note"]); m != nil && yoy != "" {
			hold(row, judge.MonthOfCumulative(n(row["ytd_yiyuan"]), n(m[1]), false), yoy)
		}
		if m := recomputed.FindStringSubmatch(row["note"]); m != nil {
			hold(row, n(m[1]), m[2])
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if agreed < 5 {
		t.Errorf("only %d growths agree", agreed)
	}
	t.Logf("%d published growths agree, %d differ and are listed", agreed, len(got))
}

func lastYear(year string) string {
	y := quantity.MustParse(year) - quantity.Int(1)
	return y.String()
}

var change = regexp.MustCompile(`(降幅收窄|降幅缩小|加快|提高|扩大|缩小|回落|down )([0-9.]+)`)

// TestPublishedGrowthChangeF4 takes the growth a period before from a growth and holds the points against the words on the page.
func TestPublishedGrowthChangeF4(t *testing.T) {
	got, agreed, silent := map[string]string{}, 0, 0
	for _, row := range published(t, "percentage_point_pairs.csv") {
		now, before := row["growth_pct"], row["prior_period_growth_pct"]
		if before == "" {
			continue
		}
		said := change.FindStringSubmatch(row["source_id_and_how"])
		if said == nil {
			silent++
			continue
		}
		points := said[2]
		if said[1] == "回落" || said[1] == "缩小" || said[1] == "down " {
			points = "-" + points
		}
		if f4 := shown(judge.GrowthChange(n(now), n(before)), points); f4 != points {
			got[row["area"]+" "+row["series"]+" "+row["to_month"]] = points + " → " + f4
		} else {
			agreed++
		}
	}
	if d := cmp.Diff(map[string]string{}, got); d != "" {
		t.Error(d)
	}
	t.Logf("%d published changes agree, %d differ, %d pages name no figure", agreed, len(got), silent)
	if agreed < 8 {
		t.Errorf("only %d rows agree", agreed)
	}
}
