package compare

import (
	"cmp"
	"slices"
	"time"

	"anlan/internal/hydrotime"
)

// Memory is for how many months a problem is remembered: the same item again within it has come back.
const Memory = 12

// within reports whether a problem found at one time is remembered when another is found: on the same day twelve months on, still.
func within(earlier, later time.Time) bool {
	if earlier.After(later) {
		return false
	}
	d := hydrotime.DateOf(earlier)
	return !hydrotime.DateOf(later).Start().After(time.Date(d.Year, d.Month+Memory, d.Day, 0, 0, 0, 0, hydrotime.Beijing))
}

// Recurs says whether a record is the earlier one come back: the same item at the same object within Memory, after the earlier was
// closed. While the earlier stands open, the later is the same problem put down twice, and one that was dismissed is no problem.
func Recurs(earlier, later Record) (recurrent, duplicate bool) {
	if earlier.ID == later.ID || earlier.Item != later.Item || earlier.Object != later.Object || earlier.Object == 0 {
		return false, false
	}
	if !within(earlier.Found, later.Found) {
		return false, false
	}
	switch standing, _ := earlier.StandingAt(later.Found); standing {
	case IsClosed:
		return true, false
	case StillOpen, InControl:
		return false, true
	}
	return false, false
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

// place is an item in a division.
type place struct{ division, item string }

// sighting is when a record was found.
type sighting struct {
	found time.Time
	id    int64
}

// sighted are the sightings of an item in a division, in order; of two at one instant, the one put down first.
type sighted map[place][]sighting

// sightings gathers what is in the books at an instant and was not dismissed.
func sightings(records []Record, at time.Time) sighted {
	out := sighted{}
	for i := range records {
		r := &records[i]
		if r.Item == "" || !r.Opened.Before(at) || !r.Dismissed.IsZero() && r.Dismissed.Before(at) {
			continue
		}
		k := place{r.Division, r.Item}
		out[k] = append(out[k], sighting{r.Found, r.ID})
	}
	for _, list := range out {
		slices.SortFunc(list, inOrder)
	}
	return out
}

func inOrder(a, b sighting) int { return cmp.Or(a.found.Compare(b.found), cmp.Compare(a.id, b.id)) }

// before reports whether the division had found the item earlier and within Memory: the last time before is the nearest.
func (s sighted) before(r *Record) bool {
	list := s[place{r.Division, r.Item}]
	i, _ := slices.BinarySearchFunc(list, sighting{r.Found, r.ID}, inOrder)
	return i > 0 && within(list[i-1].found, r.Found)
}
