package table

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"anlan/internal/workbook"
)

// The headings by which columns are known; exact after blanks are dropped.
var (
	divisionHeads = []string{
		"地区", "区域", "行政区划", "行政区", "区县", "县区", "县市区", "区县市", "区、县(市)", "区县(市)", "县(市、区)", "县(市区)", "市县", "地市", "城市", "市", "县",
		"省份", "省", "省市", "单位", "填报单位", "地区名称", "区划名称", "责任城市", "area", "division", "province", "city", "county", "region",
	}
	serialHeads  = []string{"序号", "编号", "行次", "no", "no.", "#", "代码", "source_id", "published_order"}
	measureHeads = []string{"指标", "指标名称", "统计指标", "measure", "indicator", "series", "task", "published"}
	periodHeads  = []string{"期别", "月份", "年月", "年份", "年度", "时间", "统计期", "报告期", "上报月份", "period", "month", "year", "as_of", "to_month", "date"}
	yearHeads    = []string{"年份", "年度", "年", "year"}
	monthHeads   = []string{"月份", "月", "月度", "上报月份", "month"}
	unitHeads    = []string{"单位", "计量单位", "unit"}
	valueHeads   = []string{"数值", "指标值", "本期值", "value", "ytd_growth_pct"}
	itemHeads    = []string{"名称", "项目", "项目名称", "类型", "类型名称", "项目类型", "类别", "工程名称", "断面", "断面名称", "水系", "河流", "scope", "type", "boundary", "交接断面"}
	ignoredHeads = []string{"source_id", "序号", "编号", "行次"}
)

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}

// columnStats is what a column's cells look like, over a sample of the data rows.
type columnStats struct {
	filled, figures, absent, divisions, periods, units, ones, percents, texts, gaps, fractions int
}

func (r *recogniser) stats(c int) columnStats {
	var st columnStats
	rows := 0
	for i := r.l.HeaderTo; i < r.l.DataTo && rows < sampleRows; i++ {
		if k := r.l.Kinds[i]; k != DataRow && k != GroupRow {
			continue
		}
		rows++
		cell := r.s.At(i, c)
		if cell.Text == "" {
			st.gaps++
			continue
		}
		st.filled++
		f, err := workbook.FigureOf(cell)
		switch {
		case err == nil && f.Value.Valid:
			st.figures++
			if f.Over.Valid {
				st.fractions++
			}
			if f.Percent {
				st.percents++
			}
			if one := f.Value.Decimal; one <= 1e6 && one >= -1e6 {
				st.ones++
			}
		case err == nil:
			st.absent++
		default:
			st.texts++
		}
		if _, err := r.names.Find(cell.Text); err == nil && !cell.Number.Valid {
			st.divisions++
		}
		if p, ok := ParsePeriod(cell.Text); ok && p.Year > 0 {
			st.periods++
		}
		if _, ok := workbook.UnitOfWord(cell.Text); ok {
			st.units++
		}
	}
	return st
}

func headIs(h Head, list []string) bool {
	return slices.Contains(list, nameKey(strings.Join(h.Path, "/"))) || len(h.Path) > 0 && slices.Contains(list, nameKey(h.Path[0]))
}

// findColumns tells the columns that name things from those that hold figures.
func (r *recogniser) findColumns() {
	l := r.l
	stats := make([]columnStats, len(l.Heads))
	for c := range l.Heads {
		stats[c] = r.stats(c)
	}
	first := func(at *int, ok func(c int, st columnStats) bool) {
		for c := range l.Heads {
			if *at < 0 && !r.taken(c) && !l.Heads[c].Periodic && ok(c, stats[c]) {
				*at = c
			}
		}
	}
	first(&l.SerialColumn, func(c int, _ columnStats) bool { return headIs(l.Heads[c], serialHeads) })
	first(&l.UnitColumn, func(c int, st columnStats) bool {
		return headIs(l.Heads[c], unitHeads) && st.units*2 > st.filled
	})
	first(&l.DivisionColumn, func(_ int, st columnStats) bool { return st.divisions*2 > st.filled && st.figures*2 < st.filled })
	first(&l.DivisionColumn, func(c int, st columnStats) bool {
		return headIs(l.Heads[c], divisionHeads) && st.figures*2 < max(st.filled, 1)
	})
	first(&l.PeriodColumn, func(c int, st columnStats) bool {
		return headIs(l.Heads[c], periodHeads) || st.periods*2 > st.filled && st.figures*2 < st.filled
	})
	if l.PeriodColumn >= 0 && headIs(l.Heads[l.PeriodColumn], yearHeads) {
		first(&l.MonthColumn, func(c int, _ columnStats) bool { return headIs(l.Heads[c], monthHeads) })
	}
	first(&l.MeasureColumn, func(c int, st columnStats) bool { return headIs(l.Heads[c], measureHeads) && st.figures == 0 })
	first(&l.ValueColumn, func(c int, st columnStats) bool { return headIs(l.Heads[c], valueHeads) && st.figures > 0 })
	first(&l.ItemColumn, func(c int, st columnStats) bool { return headIs(l.Heads[c], itemHeads) && st.texts > 0 })
	if l.DivisionColumn < 0 {
		first(&l.ItemColumn, func(_ int, st columnStats) bool { return st.texts*2 > st.filled })
	}
	if c := l.DivisionColumn; c >= 0 {
		l.FillDown = stats[c].gaps > 0 && stats[c].filled > 0 && r.s.At(l.HeaderTo, c).Text != ""
	}
}

func (r *recogniser) taken(c int) bool {
	l := r.l
	return slices.Contains([]int{l.DivisionColumn, l.ItemColumn, l.PeriodColumn, l.MonthColumn, l.MeasureColumn, l.UnitColumn, l.ValueColumn, l.SerialColumn}, c)
}

// markParents makes a total of the row of a division of which at least two other rows are children, such as 绍兴市
// among its counties: it is what they add up to, and never added to them. Rows of other periods or subjects are no children.
func (r *recogniser) markParents() {
	l := r.l
	if l.DivisionColumn < 0 {
		return
	}
	type family struct{ subject, parent string }
	children := map[family]map[string]bool{}
	rows, found := map[int]family{}, map[string]Division{}
	for i := l.HeaderTo; i < l.DataTo; i++ {
		text := r.s.At(i, l.DivisionColumn).Text
		if l.Kinds[i] != DataRow || text == "" {
			continue
		}
		d, ok := found[text]
		if !ok {
			d, _ = r.names.Find(text)
			found[text] = d
		}
		if d.Code == "" {
			continue
		}
		subject := ""
		for _, c := range []int{l.PeriodColumn, l.MeasureColumn, l.ItemColumn} {
			if c >= 0 {
				subject += "|" + r.s.At(i, c).Text
			}
		}
		rows[i] = family{subject, d.Code}
		if up := (family{subject, d.Parent}); d.Parent != "" {
			if children[up] == nil {
				children[up] = map[string]bool{}
			}
			children[up][d.Code] = true
		}
	}
	for i, own := range rows {
		if len(children[own]) >= 2 {
			l.Kinds[i] = TotalRow
		}
	}
}

// freeAreas takes 全国, 全省 and the like as the area of a row, not as the word for a total, where the table has several
// subjects or several such rows for one period: nothing adds up over its rows.
func (r *recogniser) freeAreas() {
	l := r.l
	if l.DivisionColumn < 0 {
		return
	}
	var rows []int
	seen, twice := map[string]bool{}, l.ItemColumn >= 0 || l.MeasureColumn >= 0
	for i := l.HeaderTo; i < l.DataTo; i++ {
		text := nameKey(r.s.At(i, l.DivisionColumn).Text)
		if l.Kinds[i] != TotalRow || !strings.HasPrefix(text, "全") {
			continue
		}
		rows = append(rows, i)
		key := ""
		if l.PeriodColumn >= 0 {
			key = r.s.At(i, l.PeriodColumn).Text
		}
		twice = twice || seen[key]
		seen[key] = true
	}
	if !twice {
		return
	}
	for _, i := range rows {
		l.Kinds[i] = DataRow
	}
}

// findDivision looks for the one division that title, sheet or file name speak of, for tables without a column of them.
func (r *recogniser) findDivision(file string) {
	if r.l.DivisionColumn >= 0 {
		return
	}
	for _, text := range append(slices.Clone(r.l.Above), r.l.Sheet, file) {
		if d, ok := r.names.within(text); ok {
			r.l.Division = d.Code
			return
		}
	}
}
