package matter

import "slices"

// pile is all rows by their places, in parts: a change copies the part that it falls into and not all of them, which would be
// megabytes for every move, and the more work for the collector of garbage. A pile never changes.
type pile struct {
	parts [][]*Row
	n     int
}

const partRows = 1024

func (p pile) at(i int) *Row { return p.parts[i/partRows][i%partRows] }

// all gives the rows in the order of their places.
func (p pile) all(yield func(*Row) bool) {
	for _, part := range p.parts {
		for _, r := range part {
			if !yield(r) {
				return
			}
		}
	}
}

// rewrite is a pile that is being made from another one.
type rewrite struct {
	pile
	own []bool // parts that are not the other's any more
}

func (p pile) rewrite() *rewrite {
	return &rewrite{pile: pile{slices.Clone(p.parts), p.n}, own: make([]bool, len(p.parts))}
}

// put puts a row at its place, which is one that is taken or the next.
func (w *rewrite) put(i int, r *Row) {
	k := i / partRows
	if k == len(w.parts) {
		w.parts, w.own = append(w.parts, make([]*Row, 0, partRows)), append(w.own, true)
	}
	if !w.own[k] {
		w.parts[k], w.own[k] = append(make([]*Row, 0, partRows), w.parts[k]...), true
	}
	if i < w.n {
		w.parts[k][i%partRows] = r
		return
	}
	w.parts[k] = append(w.parts[k], r)
	w.n++
}
