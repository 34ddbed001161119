package judge

import (
	"cmp"
	"slices"

	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
)

// Place is one item's place in a ranking (排名).
type Place struct {
	Index int  // of the item in the list that was ranked
	Rank  int  // from 1; ties share it (1, 2, 2, 4); 0 where nothing can be ranked
	Tied  bool // shares its rank
}

// The classes of a ranking, in their order.
const (
	ranked     = iota
	unformed   // reported, but the value cannot be formed
	unreported // 未报
)

type rankKey struct {
	index, class int
	value        quantity.Decimal // negated where less is better, so that more comes first
}

// Rank is F6 (排名): best first by the exact value, then those whose value cannot be formed, then those that have not
// reported. Ties keep the order of the list. More is better unless better is pack.Less. A value that is present is ranked,
// whatever reported says.
func Rank[T any](items []T, value func(T) quantity.Null, reported func(T) bool, better pack.Better) []Place {
	keys := make([]rankKey, len(items))
	for i, item := range items {
		v := value(item)
		k := rankKey{index: i, value: v.Decimal}
		switch {
		case v.Valid && better == pack.Less:
			k.value = ^v.Decimal // −v−1 orders as −v does and has no overflow
		case v.Valid:
		case reported(item):
			k.class, k.value = unformed, 0
		default:
			k.class, k.value = unreported, 0
		}
		keys[i] = k
	}
	slices.SortFunc(keys, func(a, b rankKey) int {
		return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(b.value, a.value), cmp.Compare(a.index, b.index))
	})
	return places(keys)
}

func places(keys []rankKey) []Place {
	out := make([]Place, len(keys))
	for i, k := range keys {
		out[i].Index = k.index
		if k.class != ranked {
			continue
		}
		out[i].Rank = i + 1
		if i > 0 && keys[i-1].value == k.value {
			out[i].Rank, out[i].Tied, out[i-1].Tied = out[i-1].Rank, true, true
		}
	}
	return out
}
