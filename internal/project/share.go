package project

import (
	"slices"
	"strings"

	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
)

// counts reports whether what lies in a division is counted in a view: the reader sees it, and it lies where the view is narrowed to.
func (v *view) counts(division int64) bool {
	return v.sees(division) && (v.at == 0 || v.tree.Within(v.at, division))
}

// counted are the parts of a project that stand and are counted in a view.
func (r *record) counted(v *view) []*part {
	var out []*part
	for _, x := range r.parts {
		if x.withdrawn == nil && v.counts(x.division) {
			out = append(out, x)
		}
	}
	return out
}

// within are the parts that stand and lie directly in one.
func (r *record) within(id int64) []*part {
	var out []*part
	for _, x := range r.parts {
		if x.parent == id && x.parent != 0 && x.withdrawn == nil {
			out = append(out, x)
		}
	}
	return out
}

// totalOf is the planned investment of a part; that of the whole is the project's.
func (r *record) totalOf(x *part) quantity.Null {
	if x.parent == 0 {
		return r.total
	}
	return x.total
}

// inParts is the planned investment of the parts directly in one; all says that each of them has one.
func (r *record) inParts(id int64) (sum quantity.Null, all bool) {
	all = true
	for _, y := range r.within(id) {
		n := r.amountOf(y)
		sum, all = plus(sum, n), all && n.Valid
	}
	return sum, all
}

// amountOf is a part's planned investment, or that of what lies in it where it has none of its own.
func (r *record) amountOf(x *part) quantity.Null {
	if n := r.totalOf(x); n.Valid {
		return n
	}
	sum, _ := r.inParts(x.id)
	return sum
}

// own is what of a part's planned investment lies in none of its parts (未分解部分). It is spent where the part itself lies, so that each
// yuan of a project over several counties counts in one of them. Parts that come to more than what they lie in leave nothing.
func (r *record) own(x *part) quantity.Null {
	total := r.totalOf(x)
	if !total.Valid {
		return quantity.Null{}
	}
	sum, _ := r.inParts(x.id)
	return quantity.Some(max(0, total.Decimal-sum.Decimal))
}

// share is what of a project's planned investment the parts counted in a view come to, and whether others are left out of it. Where
// nothing is left out it is the project's total.
func (r *record) share(parts []*part) (amount quantity.Null, partial bool) {
	for _, x := range r.parts {
		partial = partial || x.withdrawn == nil && !slices.Contains(parts, x)
	}
	if !partial {
		return r.amountOf(r.whole()), false
	}
	return r.owns(parts), true
}

// owns adds up what is each part's own.
func (r *record) owns(parts []*part) (sum quantity.Null) {
	for _, x := range parts {
		sum = plus(sum, r.own(x))
	}
	return sum
}

// drift is by how much the parts in one differ from its own planned investment (整体与部分之差); absent where they agree, and where a part
// without a figure leaves room for the rest.
func (r *record) drift(x *part) quantity.Null {
	total := r.totalOf(x)
	sum, all := r.inParts(x.id)
	if !total.Valid || !sum.Valid || sum.Decimal == total.Decimal || sum.Decimal < total.Decimal && !all {
		return quantity.Null{}
	}
	return quantity.Some(sum.Decimal - total.Decimal)
}

// ProjectCountySum is what the projects of a list come to in one county.
type ProjectCountySum struct {
	Division ProjectPlace  `json:"division"`
	Projects int           `json:"projects" doc:"With a part there; one over several counties counts in each"`
	Total    quantity.Null `json:"total_wan_yuan" doc:"Planned investment of the parts there"`
	Plan     quantity.Null `json:"plan_wan_yuan" doc:"Planned for the year, of the parts there"`
	Done     quantity.Null `json:"done_wan_yuan" doc:"Done since January, of the parts there"`
}

func (c *ProjectCountySum) add(share, plan, done quantity.Null) {
	c.Projects++
	c.Total, c.Plan, c.Done = plus(c.Total, share), plus(c.Plan, plan), plus(c.Done, done)
}

// planOf and doneOf are a year's plan and work, absent where nothing was told.
func planOf(y lifecycle.Year) (out quantity.Null) {
	for _, m := range y {
		out = plus(out, m.Plan)
	}
	return out
}

func doneOf(y lifecycle.Year) (out quantity.Null) {
	for _, m := range y {
		out = plus(out, m.Actual)
	}
	return out
}

// countySums adds up the parts of projects county by county. What lies in no county is the city's own: a whole of which everything lies in
// its parts has none.
func (v *view) countySums(list []found) []ProjectCountySum {
	out := []ProjectCountySum{}
	for _, f := range list {
		by := map[int64][]*part{}
		for _, x := range f.counted(v) {
			c, ok := v.tree.County(x.division)
			if !ok {
				c.ID = v.top()
			}
			by[c.ID] = append(by[c.ID], x)
		}
		for id, parts := range by {
			y := v.judge(f.record, parts).year
			amount, _ := f.share(parts)
			if c, _ := v.tree.ByID(id); c.Level != "county" {
				if amount = f.owns(parts); !hasOwn(amount, planOf(y), doneOf(y)) {
					continue
				}
			}
			sumOf(&out, v, id).add(amount, planOf(y), doneOf(y))
		}
	}
	return inOrder(out)
}

func inOrder(list []ProjectCountySum) []ProjectCountySum {
	slices.SortFunc(list, func(a, b ProjectCountySum) int { return strings.Compare(a.Division.Code, b.Division.Code) })
	return list
}

// hasOwn reports whether anything is spent on what lies in no part.
func hasOwn(own, plan, done quantity.Null) bool {
	return own.Valid && own.Decimal > 0 || plan.Valid || done.Valid
}

// inCounty reports whether a view is narrowed to a county or less.
func (v *view) inCounty() bool {
	_, ok := v.tree.County(v.at)
	return ok
}

// top is the division that a view is narrowed to, or the root of the tree.
func (v *view) top() int64 {
	if roots := v.tree.Roots(); v.at == 0 && len(roots) > 0 {
		return roots[0].ID
	}
	return v.at
}

// sumOf is the line of a division in a table, which it joins.
func sumOf(list *[]ProjectCountySum, v *view, division int64) *ProjectCountySum {
	d, _ := v.tree.ByID(division)
	i := slices.IndexFunc(*list, func(c ProjectCountySum) bool { return c.Division.Code == d.Code })
	if i < 0 {
		i = len(*list)
		*list = append(*list, ProjectCountySum{Division: placeOf(d)})
	}
	return &(*list)[i]
}
