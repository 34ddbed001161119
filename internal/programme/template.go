package programme

import (
	"bytes"
	"context"
	"fmt"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
	"anlan/internal/workbook"
)

// Template draws up a form as a workbook to fill in: one row a division of the scope, the indicators across, units in the
// heads. The import knows it again by its heads.
func (s *Service) Template(ctx context.Context, p *identity.Principal, formID, scope string, period hydrotime.Month) (name string, content []byte, err error) {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return "", nil, err
	}
	form, ok := cat.Form(formID)
	if !ok {
		return "", nil, fault.NotFoundf("form.unknown", "没有报表 %s", "there is no form %s", formID)
	}
	d, err := division(tree, p, identity.ReturnRead, cat.LineOfForm(form.ID), scope)
	if err != nil {
		return "", nil, err
	}
	t := workbook.Table{
		Sheet: "填报", Title: fmt.Sprintf("%s（%d年%d月）", form.Title.Zh, period.Year(), period.Number()),
		Columns: []workbook.Column{{Head: []string{"地区"}, Width: 14}},
		Notes:   []string{"空白与“—”表示未填；确无此项请填“无”。"},
	}
	for _, code := range form.Lines {
		ind, _ := cat.Indicator(code)
		t.Columns = append(t.Columns, templateColumns(ind)...)
	}
	for _, f := range tree.Filers(d.ID, string(form.Level), period.End()) {
		row := make([]workbook.Value, len(t.Columns))
		row[0] = workbook.TextValue(f.NameZh)
		t.Rows = append(t.Rows, row)
	}
	var b bytes.Buffer
	if err := workbook.WriteXLSX(&b, t); err != nil {
		return "", nil, fmt.Errorf("write the template of %s: %w", form.ID, err)
	}
	return t.Title + ".xlsx", b.Bytes(), nil
}

func templateColumns(ind pack.Indicator) []workbook.Column {
	unit := func(code string) string {
		if u, ok := quantity.UnitOf(code); ok {
			return u.Name.Zh
		}
		return ""
	}
	if ind.Ratio == nil {
		return []workbook.Column{{Head: []string{ind.Name.Zh}, Unit: unit(ind.Unit), Decimals: -1, Width: 16}}
	}
	return []workbook.Column{
		{Head: []string{ind.Name.Zh, ind.Ratio.Numerator.Name.Zh}, Unit: unit(ind.Ratio.Numerator.Unit), Decimals: -1, Width: 14},
		{Head: []string{ind.Name.Zh, ind.Ratio.Denominator.Name.Zh}, Unit: unit(ind.Ratio.Denominator.Unit), Decimals: -1, Width: 14},
	}
}
