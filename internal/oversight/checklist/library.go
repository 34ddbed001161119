package checklist

import (
	"cmp"
	"slices"

	"anlan/internal/fault"
)

// Library is every list in force, checked together. It never changes once made.
type Library struct {
	lists   []*Checklist
	holders map[string]*Checklist // by clause code
}

// NewLibrary indexes lists by id. Ids and clause codes that stand twice are a fault that names both.
func NewLibrary(lists []*Checklist) (*Library, error) {
	l := &Library{lists: slices.Clone(lists), holders: map[string]*Checklist{}}
	slices.SortFunc(l.lists, func(a, b *Checklist) int { return cmp.Compare(a.ID, b.ID) })
	bad := fault.Invalidf("checklist.library", "检查清单之间有冲突", "the checklists do not go together")
	for i, c := range l.lists {
		if i > 0 && l.lists[i-1].ID == c.ID {
			bad.At(c.ID, fault.T("清单编号重复", "the list stands twice"))
			continue
		}
		for _, s := range c.Sections {
			for _, cl := range s.Clauses {
				if first := l.holders[cl.Code]; first != nil {
					bad.At(c.ID+" "+cl.Code, fault.Tf("条目代码已用于清单 %s", "the code is taken by the list %s", first.ID))
					continue
				}
				l.holders[cl.Code] = c
			}
		}
	}
	if len(bad.Fields) > 0 {
		return nil, bad
	}
	return l, nil
}

// Lists lists the lists by id.
func (l *Library) Lists() []*Checklist { return l.lists }

// List finds a list.
func (l *Library) List(id string) (*Checklist, bool) {
	i, ok := slices.BinarySearchFunc(l.lists, id, func(c *Checklist, id string) int { return cmp.Compare(c.ID, id) })
	if !ok {
		return nil, false
	}
	return l.lists[i], true
}

// Clause finds a clause and its list.
func (l *Library) Clause(code string) (*Checklist, Clause, bool) {
	c := l.holders[code]
	if c == nil {
		return nil, Clause{}, false
	}
	cl, ok := c.Clause(code)
	return c, cl, ok
}

// For lists the lists that a kind of object is held against.
func (l *Library) For(kind string) []*Checklist {
	var out []*Checklist
	for _, c := range l.lists {
		if slices.Contains(c.Objects, kind) {
			out = append(out, c)
		}
	}
	return out
}
