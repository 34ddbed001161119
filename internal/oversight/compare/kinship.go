package compare

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"anlan/internal/hydrotime"
)

// Memory is for how many months a problem is remembered: the same item again within it has come back.
const Memory = 12

// within reports whether a problem found at one time is remembered when another is found: on the same day twelve months on, still.
func within(earlier, later time.Time) bool {
	switch days := later.Sub(earlier).Hours() / 24; {
	case days < 0:
		return false
	case days < 360: // twelve months are longer, whatever the calendar says
		return true
	}
	d := hydrotime.DateOf(earlier)
	return !hydrotime.DateOf(later).Start().After(time.Date(d.Year, d.Month+Memory, d.Day, 0, 0, 0, 0, hydrotime.Beijing))
}

// Overlooked says whether a lower level had looked at the object of a record within so many days before it was found, and had not
// put down the same item: then it was missed (漏检). Origins rank from the ministry down.
func Overlooked(r Record, visits []Visit, records []Record, days int) bool {
	looked := false
	for _, v := range visits {
		if v.Object != r.Object || r.Object == 0 || rank(v.Origin) <= rank(r.Origin) {
			continue
		}
		if n := hydrotime.DateOf(v.At).DaysUntil(hydrotime.DateOf(r.Found)); v.At.Before(r.Found) && n <= days {
			looked = true
		}
	}
	if !looked {
		return false
	}
	for _, o := range records {
		if o.ID == r.ID || o.Object != r.Object || o.Item != r.Item || rank(o.Origin) <= rank(r.Origin) {
			continue
		}
		if standing, _ := o.StandingAt(r.Found); standing == StillOpen || standing == InControl {
			return false // it was known
		}
	}
	return true
}

// rank is 0 for the ministry and grows downward.
func rank(o Origin) int { return slices.Index(Origins(), o) }

// InOrder is the order in which a Count takes records: each division's items together, and of an item the earlier found first; of two
// at one instant, the one put down first.
func InOrder(a, b *Record) int {
	return cmp.Or(strings.Compare(a.Division, b.Division), strings.Compare(a.Item, b.Item), a.Found.Compare(b.Found), cmp.Compare(a.ID, b.ID))
}

// sighting is the last time that an item was found in a division and not dismissed.
type sighting struct {
	division, item string
	found          time.Time
}

// before reports whether a record's division had found its item earlier and within Memory: the last time before is the nearest.
func (s sighting) before(r *Record) bool {
	return s.item != "" && s.item == r.Item && s.division == r.Division && within(s.found, r.Found)
}
