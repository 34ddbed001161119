package snapshot

import (
	"maps"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
)

// Change is one figure that stands otherwise in another snapshot.
type Change struct {
	Key      string
	Measure  *Measure
	Division Division
	Aspect   Aspect
	Unit     string
	Decimals int
	Then     quantity.Null
	Now      quantity.Null
	// ThenState and NowState say why a figure is absent.
	ThenState string
	NowState  string
	// ThenVersion and NowVersion are the states of the record that it was read from; 0 where none is told.
	ThenVersion int64
	NowVersion  int64
	// Filed is that the figure itself was filed otherwise; else it follows from those that were.
	Filed  bool
	Origin *Origin // of the later figure, where it was filed
}

// Corrections lists the figures of an earlier snapshot that a later one of the same period has otherwise, those that were filed first.
// What has only become due or late since is no correction.
func Corrections(then, now *Index) []Change {
	var filed, judged []Change
	for i := range then.Cells {
		c := &then.Cells[i]
		later := now.Cell(c.Measure, c.Division)
		if later == nil {
			continue
		}
		for _, a := range aspects {
			if a.ID == "reported" || a.ID == "expected" || a.of(c) == a.of(later) {
				continue
			}
			ch, ok := change(then, now, c, a)
			if !ok {
				continue
			}
			if ch.Filed {
				filed = append(filed, ch)
			} else {
				judged = append(judged, ch)
			}
		}
	}
	return append(filed, judged...)
}

// Listed is the aspect of an item that came to a list or left it: 1 where it is on it, 0 where it is not.
const Listed = "listed"

// ListCorrections lists what an earlier snapshot's lists have otherwise in a later one of the same period: figures of items, and items
// that came or went. What only time moves is none: days left or late, returns not filed, deadlines ahead, or one missed since.
func ListCorrections(then, now *Index) []Change {
	var out []Change
	for i := range then.Lists {
		l := &then.Lists[i]
		later, ok := now.List(l.ID)
		if !ok || l.Absent != nil || later.Absent != nil || l.ID == "tasks" || l.ID == "silent" {
			continue
		}
		is := map[string]*Item{}
		for k := range later.Items {
			is[later.Items[k].ID] = &later.Items[k]
		}
		was := map[string]bool{}
		for k := range l.Items {
			it := &l.Items[k]
			was[it.ID] = true
			if other := is[it.ID]; other != nil {
				out = append(out, itemChanges(then, l, it, other)...)
			} else {
				gone := listed(then, l, it, 1, 0)
				gone.ThenVersion = it.version()
				out = append(out, gone)
			}
		}
		for k := range later.Items {
			it := &later.Items[k]
			due, dated := it.Fields["due"]
			if !was[it.ID] && (!dated || l.ID != "missed" || due.Text.En < then.AsOf.In(hydrotime.Beijing).Format(time.DateOnly)) {
				came := listed(then, l, it, 0, 1)
				came.NowVersion = it.version()
				out = append(out, came)
			}
		}
	}
	return out
}

func itemChanges(then *Index, l *List, was, is *Item) []Change {
	var out []Change
	fields := map[string]bool{}
	for _, it := range []*Item{was, is} {
		for id, f := range it.Fields {
			if f.Number.Valid && id != "days" && id != "days_late" {
				fields[id] = true
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(fields)) {
		a, b := was.Fields[id], is.Fields[id]
		shape := b
		if a.Number.Valid {
			shape = a
		}
		if b.Number.Valid && b.Unit != shape.Unit {
			b.Number = converted(b.Number, b.Unit, shape.Unit)
		}
		if a.Number == b.Number {
			continue
		}
		c := itemChange(then, l, was, id)
		c.Unit, c.Decimals, c.Then, c.Now = shape.Unit, shape.Decimals, a.Number, b.Number
		c.ThenVersion, c.NowVersion = was.version(), is.version()
		out = append(out, c)
	}
	return out
}

// version is the state of the record that an item was read from; 0 where none is told.
func (it *Item) version() int64 {
	if it.Of == nil {
		return 0
	}
	return it.Of.Version
}

func listed(then *Index, l *List, it *Item, was, is int64) Change {
	c := itemChange(then, l, it, Listed)
	c.Unit, c.Then, c.Now = "one", quantity.Some(quantity.Int(was)), quantity.Some(quantity.Int(is))
	return c
}

// itemChange names a field of an item; the list and the item stand where a measure does.
func itemChange(then *Index, l *List, it *Item, field string) Change {
	name := it.Fields["title"].Text
	if name.Zh == "" {
		name = it.Fields["name"].Text
	}
	d, _ := then.Division(it.Division)
	return Change{
		Key: "item@" + it.ID + "#" + field, Measure: &Measure{Key: l.ID, Name: fault.T(l.Name.Zh+"："+name.Zh, l.Name.En+": "+name.En)}, Division: d,
		Aspect: Aspect{ID: field, Judged: true}, ThenState: HasFigure, NowState: HasFigure,
	}
}

func change(then, now *Index, c *Cell, a Aspect) (Change, bool) {
	was, ok1 := then.Figure(c.Measure, c.Division, a.ID)
	is, ok2 := now.Figure(c.Measure, c.Division, a.ID)
	if !ok1 || !ok2 {
		return Change{}, false
	}
	ch := Change{
		Key: was.Key, Measure: was.Measure, Division: was.Division, Aspect: a, Unit: was.Unit, Decimals: was.Decimals,
		Then: was.Value, Now: is.Value, ThenState: was.Cell.State, NowState: is.Cell.State,
	}
	if o := is.Cell.Origin; o != nil && !a.Judged && a.ID != "plan" && a.ID != "last_month" && a.ID != "last_year" {
		ch.Filed, ch.Origin, ch.NowVersion = true, o, o.Revision
		if o := was.Cell.Origin; o != nil {
			ch.ThenVersion = o.Revision
		}
	}
	return ch, true
}

// At is when the later figure came into force; zero for what follows from others.
func (c Change) At() time.Time {
	if c.Origin == nil {
		return time.Time{}
	}
	return c.Origin.RecordedAt
}

// Difference is how one figure stands in two snapshots.
type Difference string

// The differences.
const (
	Same    Difference = "same"
	Changed Difference = "changed"
	New     Difference = "new"
	Gone    Difference = "gone"
)

// Pair is one figure of two bulletins side by side.
type Pair struct {
	Key        string
	Name       fault.Text
	Division   Division
	Aspect     Aspect
	Unit       string
	Decimals   int
	Before     quantity.Null
	After      quantity.Null
	Difference Difference
}

// Pairs lays the figures of two snapshots side by side, by the order of the later one; what only the earlier has comes last.
func Pairs(before, after *Index) []Pair {
	var out []Pair
	seen := map[[2]string]bool{}
	for i := range after.Cells {
		c := &after.Cells[i]
		seen[[2]string{c.Measure, c.Division}] = true
		out = append(out, pairs(before, after, c)...)
	}
	for i := range before.Cells {
		c := &before.Cells[i]
		if !seen[[2]string{c.Measure, c.Division}] {
			out = append(out, pairs(before, after, c)...)
		}
	}
	return slices.DeleteFunc(out, func(p Pair) bool { return !p.Before.Valid && !p.After.Valid })
}

func pairs(before, after *Index, c *Cell) []Pair {
	var out []Pair
	for _, a := range aspects {
		was, had := before.Figure(c.Measure, c.Division, a.ID)
		is, has := after.Figure(c.Measure, c.Division, a.ID)
		f := is
		if !has {
			f = was
		}
		p := Pair{Key: f.Key, Name: f.Measure.Name, Division: f.Division, Aspect: a, Unit: f.Unit, Decimals: f.Decimals, After: is.Value, Before: was.Value}
		if had && has && was.Unit != is.Unit {
			p.Before = converted(was.Value, was.Unit, is.Unit)
		}
		switch {
		case !p.Before.Valid && p.After.Valid:
			p.Difference = New
		case p.Before.Valid && !p.After.Valid:
			p.Difference = Gone
		case p.Before != p.After:
			p.Difference = Changed
		default:
			p.Difference = Same
		}
		out = append(out, p)
	}
	return out
}
