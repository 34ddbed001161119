package table

import (
	"slices"

	"anlan/internal/fault"
	"anlan/internal/quantity"
	"anlan/internal/workbook"
)

// totals checks the total rows against the sum of the rows that they cover, without adding them anywhere.
//
// A grand total (总计, 全市) covers the groups where there are groups, else all data rows; a subtotal (小计) the data rows
// since the total before it; a group the numbered rows that follow it; 其中 is held to be no larger than the row above.
// Where periods stand below each other a total covers the rows of its own period.
func (a *applier) totals() {
	groups := 0
	for i := range a.s.Rows {
		if a.kind(i) == GroupRow {
			groups++
		}
	}
	for i := range a.s.Rows {
		switch a.kind(i) {
		case TotalRow:
			a.total(i, a.covered(i, groups > 0))
		case GroupRow:
			a.total(i, a.following(i))
		case PartRow:
			a.part(i)
		}
	}
}

// covered lists the rows that a total adds up.
func (a *applier) covered(i int, grouped bool) []int {
	kind := DataRow
	if grouped {
		kind = GroupRow
	}
	subtotal, parent := a.subtotal(i), a.codeAt(i)
	var rows []int
	for k := range a.s.Rows {
		if subtotal && k >= i {
			break
		}
		if subtotal && a.kind(k) == TotalRow {
			rows = nil // a subtotal begins behind the total before it
			continue
		}
		if want := a.kind(k); want != kind && (!subtotal || want != DataRow) {
			continue
		}
		if k != i && a.sameSubject(i, k) && (parent == "" || a.parentOf(k) == parent) {
			rows = append(rows, k)
		}
	}
	return rows
}

// sameSubject reports whether row k is of the period, measure and item that total i names.
func (a *applier) sameSubject(i, k int) bool {
	for _, c := range []int{a.period, a.measure, a.item} {
		if c < 0 {
			continue
		}
		if own := a.s.At(i, c).Text; own != "" && totalWord(own) == "" && own != a.s.At(k, c).Text {
			return false
		}
	}
	return true
}

// codeAt is the division that a row names, or "".
func (a *applier) codeAt(i int) string {
	if a.division < 0 {
		return ""
	}
	d, err := a.names.Find(a.s.At(i, a.division).Text)
	if err != nil {
		return ""
	}
	return d.Code
}

func (a *applier) parentOf(k int) string {
	d, err := a.names.Find(a.s.At(k, a.division).Text)
	if err != nil {
		return ""
	}
	return d.Parent
}

// subtotal reports whether the row is a 小计 rather than the grand total.
func (a *applier) subtotal(i int) bool {
	row := a.s.Rows[i]
	for _, c := range row[:min(len(row), 3)] {
		if k := nameKey(c.Text); k == "小计" || k == "本页合计" {
			return true
		}
	}
	return false
}

// following lists the data rows from a group's heading to the next.
func (a *applier) following(i int) []int {
	var rows []int
	for k := i + 1; k < len(a.s.Rows); k++ {
		switch a.kind(k) {
		case DataRow:
			rows = append(rows, k)
		case GroupRow, TotalRow:
			return rows
		}
	}
	return rows
}

// total compares the additive columns of row i with the sum of others. A cell left blank among them makes the sum say
// less than the total, so nothing is stated then.
func (a *applier) total(i int, rows []int) {
	if len(rows) == 0 {
		return
	}
	for k := range a.cols {
		c := &a.cols[k]
		if c.Role.checked() || !additive(c.unit.Code) || a.unitDiffers(i, rows) {
			continue
		}
		whole, ok := a.shown(i, c.Index)
		if !ok {
			continue
		}
		var parts []Shown
		missing := 0
		for _, r := range rows {
			if p, ok := a.shown(r, c.Index); ok {
				parts = append(parts, p)
			} else {
				missing++
			}
		}
		check := SumCheck(whole, parts...)
		text := fault.Tf("合计公布为 %s，各行相加为 %s，相差 %s", "the total is published as %s; the rows add up to %s, a difference of %s",
			check.Published, check.Recomputed, check.Published-check.Recomputed)
		if missing > 0 {
			text = fault.Tf("合计公布为 %s，各行相加为 %s（有 %d 行未填）", "the total is published as %s; the rows add up to %s, with %d rows blank",
				check.Published, check.Recomputed, missing)
		}
		a.report(i, c.Index, "total", check, text)
	}
}

// unitDiffers reports whether a unit column names several units, whose figures are not added.
func (a *applier) unitDiffers(i int, rows []int) bool {
	if a.units < 0 {
		return false
	}
	for _, r := range rows {
		if a.s.At(r, a.units).Text != a.s.At(i, a.units).Text {
			return true
		}
	}
	return false
}

// part holds that the row "其中" is no larger than the last row that is none.
func (a *applier) part(i int) {
	above := i - 1
	for above >= 0 && a.kind(above) == PartRow {
		above--
	}
	if above < 0 || a.kind(above) == HeaderRow {
		return
	}
	for k := range a.cols {
		c := &a.cols[k]
		if c.Role.checked() || !additive(c.unit.Code) {
			continue
		}
		whole, ok1 := a.shown(above, c.Index)
		part, ok2 := a.shown(i, c.Index)
		if !ok1 || !ok2 {
			continue
		}
		check := PartCheck(whole, part)
		a.report(i, c.Index, "part", check, fault.Tf("其中项 %s 大于整体 %s", "the part %s is larger than the whole %s", part.Value, quantity.Some(whole.Value)))
	}
}

// checkRates recomputes the published rates of a row.
func (a *applier) checkRates(i int) {
	for k := range a.cols {
		c := &a.cols[k]
		if c.Over < 0 || c.Under < 0 {
			continue
		}
		over, ok1 := a.shown(i, c.Over)
		under, ok2 := a.shown(i, c.Under)
		rate, ok3 := a.shown(i, c.Index)
		if !ok1 || !ok2 || !ok3 || !a.sameUnit(c.Over, c.Under) {
			continue
		}
		if c.Scale == Fraction && !a.s.At(i, c.Index).Percent {
			rate.Value, rate.Step = rate.Value*100, rate.Step*100
		}
		if c.Role == Growth {
			check := GrowthCheck(over, under, rate)
			a.report(i, c.Index, "growth", check, fault.Tf("公布的增幅 %s%%，按“%s”比“%s”重算为 %s%%，舍入可解释的范围 %s–%s",
				"the published growth is %s%%; “%s” against “%s” gives %s%%, and rounding explains %s to %s",
				check.Published, a.head(c.Over), a.head(c.Under), check.Recomputed.Round(min(rate.places()+1, 6)), check.Low.Round(2), check.High.Round(2)))
			continue
		}
		check := RateCheck(over, under, rate)
		a.report(i, c.Index, "rate", check, fault.Tf("公布的率 %s%%，按“%s”÷“%s”重算为 %s%%，舍入可解释的范围 %s–%s",
			"the published rate is %s%%; “%s” over “%s” gives %s%%, and rounding explains %s to %s",
			check.Published, a.head(c.Over), a.head(c.Under), check.Recomputed.Round(min(rate.places()+1, 6)), check.Low.Round(2), check.High.Round(2)))
	}
}

func (a *applier) head(c int) string {
	if c < len(a.l.Heads) {
		return a.l.Heads[c].Text
	}
	return workbook.ColumnName(c)
}

// sameUnit reports whether two columns are written in one unit, so that their quotient is a rate. A column that is left out
// of the import, such as that of last year, keeps the unit it was recognised with.
func (a *applier) sameUnit(x, y int) bool {
	one, other := a.m.unitAt(x), a.m.unitAt(y)
	return one == other || one == "" || other == ""
}

// shown is what a cell says in the unit of its column: "7.7亿" under 万元 is 77000.
func (a *applier) shown(i, c int) (Shown, bool) {
	cell := a.s.At(i, c)
	if cell.Text == "" || cell.Merged {
		return Shown{}, false
	}
	return shownAt(cell, a.m.unitAt(c))
}

// report counts a comparison and lists it unless it agrees.
func (a *applier) report(i, c int, kind string, check Check, text fault.Text) {
	if check.Verdict == Unchecked {
		return
	}
	a.res.Counts.Checked++
	if check.Verdict == Agrees {
		return
	}
	if check.Verdict == Differs {
		a.res.Counts.Disagree++
	}
	switch check.Verdict {
	case TwoSteps:
		text = fault.Text{Zh: text.Zh + "；似先后舍入两次", En: text.En + "; it seems to have been rounded twice"}
	case Rounding:
		text = fault.Text{Zh: text.Zh + "；舍入可以解释", En: text.En + "; rounding explains it"}
	case Approx:
		text = fault.Text{Zh: text.Zh + "；原数为约数", En: text.En + "; a figure is marked as a rough one"}
	}
	a.res.Findings = append(a.res.Findings, Finding{Ref: workbook.Ref(i, c), Row: i + 1, Kind: kind, Text: text, Check: check})
}

// checkShares recomputes the percentages of "4(13%)" over the counts of their row.
func (a *applier) checkShares(i int, row *Row) {
	var whole quantity.Decimal
	n := 0
	for _, f := range row.Figures {
		whole += f.Value.Decimal
		if f.Share.Valid {
			n++
		}
	}
	if n < 2 || whole <= 0 {
		return
	}
	for _, f := range row.Figures {
		if !f.Share.Valid {
			continue
		}
		c := slices.IndexFunc(a.cols, func(p colPlan) bool { return workbook.Ref(i, p.Index) == f.Ref })
		published := Shown{Value: f.Share.Decimal, Step: stepIn(f.Written)}
		check := RateCheck(Exactly(f.Value.Decimal), Exactly(whole), published)
		a.report(i, a.cols[max(c, 0)].Index, "share", check, fault.Tf("“%s”：占比应为 %s%%（合计 %s）", "“%s”: the share of the row's %[3]s is %[2]s%%",
			f.Written, check.Recomputed.Round(1), whole))
	}
}

// stepIn is the last place of the percentage in "4(13%)".
func stepIn(written string) quantity.Decimal {
	if f, err := workbook.ParseFigure(written); err == nil && f.SecondStep > 0 {
		return f.SecondStep
	}
	return quantity.Scale
}
