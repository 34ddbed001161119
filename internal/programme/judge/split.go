package judge

import "anlan/internal/quantity"

// The states of a split.
const (
	SplitUnset   = "unset"   // nothing to compare: no amount above, or none below
	SplitPartial = "partial" // some below have no amount yet, and the sum is not above the whole
	SplitEqual   = "equal"
	SplitOver    = "over" // 加码: more is asked of those below than of the one above
	SplitShort   = "short"
)

// Split is how the amounts of the divisions below add up to the one above (任务分解).
type Split struct {
	State      string
	Children   quantity.Null // their sum, absent where none has an amount
	Difference quantity.Null // children less parent
	Percent    quantity.Null // the difference, in percent of the parent
	Unset      int           // how many below have no amount
}

// SplitCheck holds the children's sum against the parent's amount: more is allowed and shown as 加码, less is short.
func SplitCheck(parent quantity.Null, children []quantity.Null) Split {
	s := Split{State: SplitUnset}
	var sum wide
	for _, c := range children {
		if !c.Valid {
			s.Unset++
			continue
		}
		sum.add(c.Decimal)
	}
	if s.Unset == len(children) {
		return s
	}
	s.Children = sum.figure()
	s.Difference = difference(s.Children, parent)
	s.Percent = Rate(s.Difference, parent)
	switch {
	case !s.Difference.Valid:
	case s.Difference.Decimal > 0:
		s.State = SplitOver
	case s.Unset > 0:
		s.State = SplitPartial
	case s.Difference.Decimal == 0:
		s.State = SplitEqual
	default:
		s.State = SplitShort
	}
	return s
}
