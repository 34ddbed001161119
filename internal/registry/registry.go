// Package registry holds the divisions with their explicit parents, the organisations, posts and people, and who is responsible.
//
// The division tree is read whole into memory, since a province has a few thousand divisions at most that file anything; SQL
// elsewhere scopes by division_closure. A functional area (功能区) has no GB/T 2260 code and files returns all the same.
package registry

import (
	"cmp"
	"slices"
	"time"
)

// The kinds of division.
const (
	Administrative = "administrative"
	Functional     = "functional"
)

// Division is an administrative division (行政区划) or a functional area.
type Division struct {
	ID       int64
	Code     string // GB/T 2260, or an own code such as 330600-BH
	NameZh   string
	NameEn   string
	ShortZh  string
	Kind     string
	Level    string // province, city, county, town, village
	ParentID *int64
	// InsideID names a division whose figures already hold this one's: it is listed beside it and not added.
	InsideID  *int64
	Sort      int64
	RetiredAt *int64 // milliseconds
	Edit      int64  // how often it was written, from 1
}

// StandsAt reports whether the division is not yet retired at an instant. What it filed for the time before stays and counts.
func (d Division) StandsAt(at time.Time) bool {
	return d.RetiredAt == nil || *d.RetiredAt >= at.UnixMilli()
}

// Tree is the division tree at one moment. It never changes once made.
type Tree struct {
	list     []Division // parents before children, siblings in order
	byID     map[int64]int
	byCode   map[string]int
	children map[int64][]Division
	last     []int // for each place in list, the place after its last descendant
	roots    []Division
}

// NewTree builds a tree; a division whose parent is absent becomes a root.
func NewTree(all []Division) *Tree {
	t := &Tree{byID: map[int64]int{}, byCode: map[string]int{}, children: map[int64][]Division{}}
	known := make(map[int64]bool, len(all))
	for _, d := range all {
		known[d.ID] = true
	}
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b Division) int { return cmp.Or(cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.Code, b.Code)) })
	for _, d := range sorted {
		if d.ParentID == nil || !known[*d.ParentID] {
			t.roots = append(t.roots, d)
		} else {
			t.children[*d.ParentID] = append(t.children[*d.ParentID], d)
		}
	}
	for _, r := range t.roots {
		t.lay(r)
	}
	return t
}

func (t *Tree) lay(d Division) {
	at := len(t.list)
	t.list = append(t.list, d)
	t.last = append(t.last, 0)
	t.byID[d.ID], t.byCode[d.Code] = at, at
	for _, c := range t.children[d.ID] {
		t.lay(c)
	}
	t.last[at] = len(t.list)
}

// All lists every division, parents before children. The caller must not change it.
func (t *Tree) All() []Division { return t.list }

// Roots lists the divisions with no parent.
func (t *Tree) Roots() []Division { return t.roots }

// ByID finds a division.
func (t *Tree) ByID(id int64) (Division, bool) {
	i, ok := t.byID[id]
	if !ok {
		return Division{}, false
	}
	return t.list[i], true
}

// ByCode finds a division by its code.
func (t *Tree) ByCode(code string) (Division, bool) {
	i, ok := t.byCode[code]
	if !ok {
		return Division{}, false
	}
	return t.list[i], true
}

// Parent finds the division above one.
func (t *Tree) Parent(id int64) (Division, bool) {
	d, ok := t.ByID(id)
	if !ok || d.ParentID == nil {
		return Division{}, false
	}
	return t.ByID(*d.ParentID)
}

// Ancestors lists the divisions above one, the nearest first.
func (t *Tree) Ancestors(id int64) []Division {
	var out []Division
	for d, ok := t.Parent(id); ok; d, ok = t.Parent(d.ID) {
		out = append(out, d)
	}
	return out
}

// CountyOf is the county that a division lies in, or the division itself where it lies above one.
func (t *Tree) CountyOf(id int64) Division {
	if county, ok := t.County(id); ok {
		return county
	}
	d, _ := t.ByID(id)
	return d
}

// County is the county that a division is or lies in; ok is false for one above the counties.
func (t *Tree) County(id int64) (county Division, ok bool) {
	for up, ok := t.ByID(id); ok; up, ok = t.Parent(up.ID) {
		if up.Level == "county" {
			return up, true
		}
	}
	return Division{}, false
}

// Children lists the divisions just below one, in order. The caller must not change it.
func (t *Tree) Children(id int64) []Division { return t.children[id] }

// Within reports whether a division is the ancestor itself or lies below it.
func (t *Tree) Within(ancestor, id int64) bool {
	a, ok1 := t.byID[ancestor]
	d, ok2 := t.byID[id]
	return ok1 && ok2 && d >= a && d < t.last[a]
}

// Descendants lists a division and all below it, parents before children. The caller must not change it.
func (t *Tree) Descendants(id int64) []Division {
	i, ok := t.byID[id]
	if !ok {
		return nil
	}
	return t.list[i:t.last[i]]
}

// Filers lists the divisions of a level at or below one, functional areas among them, that file returns of a month: those that
// stand when it ends.
func (t *Tree) Filers(under int64, level string, monthEnd time.Time) []Division {
	var out []Division
	for _, d := range t.Descendants(under) {
		if d.Level == level && d.StandsAt(monthEnd) {
			out = append(out, d)
		}
	}
	return out
}
