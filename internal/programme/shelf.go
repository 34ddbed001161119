package programme

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// topic is what a count of changes is kept for.
type topic string

const (
	ofFigures topic = "figure" // one count a month: figures and their sums
	ofTargets topic = "target" // one count a year: amounts and curves
)

// touch counts a change in the transaction that makes it. Whoever writes a figure, a sum or a target says so here: what has been
// read before is good for as long as the count stands.
func touch[T ~int | ~int32 | ~int64](ctx context.Context, tx *store.Tx, of topic, parts ...T) error {
	for _, part := range parts {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO change_count (topic, part, n) VALUES ($1, $2, 1)
			ON CONFLICT (topic, part) DO UPDATE SET n = change_count.n + 1`, string(of), int64(part))
		if err != nil {
			return fmt.Errorf("count a change of %s %d: %w", of, part, err)
		}
	}
	return nil
}

// changeCounts reads how often each part has changed; one that never did stands at 0.
func changeCounts(ctx context.Context, q store.Querier, of topic, parts []int64) (map[int64]int64, error) {
	var list strings.Builder
	writeInts(&list, parts)
	rows, err := q.QueryContext(ctx, `SELECT part, n FROM change_count WHERE topic = $1 AND part IN (`+list.String()+`)`, string(of))
	if err != nil {
		return nil, fmt.Errorf("read the counts of changes: %w", err)
	}
	defer rows.Close()
	out := make(map[int64]int64, len(parts))
	for rows.Next() {
		var part, n int64
		if err := rows.Scan(&part, &n); err != nil {
			return nil, fmt.Errorf("read the counts of changes: %w", err)
		}
		out[part] = n
	}
	return out, rows.Err()
}

// A shelf keeps what views have read of the present: months of figures and years of targets, each with the count of changes at
// which it was read. The count is asked for again with every view, in the view's own snapshot and of the store, so another
// process's write is seen as well as one's own. What a shelf hands out is never written to.
type shelf struct {
	mu     sync.Mutex
	months map[monthKey]*month
	plans  map[plansKey]keptPlans
	held   int // figures and plans kept
}

// monthKey names one indicator's month over a division and those directly below it in one state of the division tree.
type monthKey struct {
	tree      *registry.Tree
	scope     int64
	indicator int64
	period    hydrotime.Month
}

// month is the figures of one month, by the place of their division among those shown; one that is not there was not reported.
type month struct {
	count       int64
	own, rolled []figure
}

type plansKey struct {
	tree    *registry.Tree
	scope   int64
	year    int
	targets string
}

type keptPlans struct {
	count int64
	plans map[planKey]plan
}

// shelfRoom bounds what is kept: about 100 MiB of figures and plans.
const shelfRoom = 1_000_000

// find hands out the months that still stand.
func (s *shelf) find(keys []monthKey, counts map[int64]int64) []*month {
	out := make([]*month, len(keys))
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, k := range keys {
		if m := s.months[k]; m != nil && m.count == counts[int64(k.period)] {
			out[i] = m
		}
	}
	return out
}

func (s *shelf) keep(keys []monthKey, months []*month) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.months == nil {
		s.months = map[monthKey]*month{}
	}
	for i, k := range keys {
		if old := s.months[k]; old != nil {
			s.held -= len(old.own) + len(old.rolled)
		}
		s.months[k] = months[i]
		s.held += len(months[i].own) + len(months[i].rolled)
	}
	s.trim()
}

// trim drops months, any of them, until the rest fit; what is needed is read again.
func (s *shelf) trim() {
	for k, m := range s.months {
		if s.held <= shelfRoom {
			return
		}
		delete(s.months, k)
		s.held -= len(m.own) + len(m.rolled)
	}
	for k, p := range s.plans {
		if s.held <= shelfRoom {
			return
		}
		delete(s.plans, k)
		s.held -= len(p.plans)
	}
}

// readNow fills a lens with the figures of the present, from the shelf where they still stand there.
func (s *shelf) readNow(ctx context.Context, q store.Querier, l *lens, w want) error {
	counts, err := changeCounts(ctx, q, ofFigures, numbers(w.periods))
	if err != nil {
		return err
	}
	keys := make([]monthKey, 0, len(w.indicators)*len(w.periods))
	for _, n := range w.indicators {
		for _, p := range w.periods {
			keys = append(keys, monthKey{l.tree, l.scope.ID, n, p})
		}
	}
	l.figures.slot = make(map[int64]int, len(w.divisions))
	for i, id := range w.divisions {
		l.figures.slot[id] = i
	}
	l.figures.months = make(map[monthKey]*month, len(keys))
	var lacking []monthKey
	for i, m := range s.find(keys, counts) {
		if m == nil {
			lacking = append(lacking, keys[i])
			continue
		}
		l.figures.months[keys[i]] = m
	}
	if len(lacking) == 0 {
		return nil
	}
	fresh, err := readMonths(ctx, q, lacking, l.figures.slot, counts)
	if err != nil {
		return err
	}
	for i, k := range lacking {
		l.figures.months[k] = fresh[i]
	}
	s.keep(lacking, fresh)
	return nil
}

// readMonths reads months that lack, all in two queries: a few figures too many where they form no full grid.
func readMonths(ctx context.Context, q store.Querier, keys []monthKey, slot map[int64]int, counts map[int64]int64) ([]*month, error) {
	out, place := make([]*month, len(keys)), make(map[figureKey]*month, len(keys))
	indicators, periods := map[int64]bool{}, map[hydrotime.Month]bool{}
	for i, k := range keys {
		out[i] = &month{count: counts[int64(k.period)], own: make([]figure, len(slot)), rolled: make([]figure, len(slot))}
		place[figureKey{k.indicator, k.period, 0}] = out[i]
		indicators[k.indicator], periods[k.period] = true, true
	}
	w := want{slices.Sorted(maps.Keys(indicators)), slices.Sorted(maps.Keys(periods)), slices.Sorted(maps.Keys(slot))}
	take := func(list func(*month) []figure) func(figureKey, figure) {
		return func(k figureKey, f figure) {
			if m := place[figureKey{k.indicator, k.period, 0}]; m != nil {
				if i, ok := slot[k.division]; ok {
					list(m)[i] = f
				}
			}
		}
	}
	if err := eachFigure(ctx, q, w, time.Time{}, take(func(m *month) []figure { return m.own })); err != nil {
		return nil, err
	}
	return out, eachRollup(ctx, q, w, take(func(m *month) []figure { return m.rolled }))
}

// plansNow gives the targets of the present, from the shelf where they still stand there.
func (s *shelf) plansNow(ctx context.Context, q store.Querier, l *lens, targets []string, year int, divisions []int64) (map[planKey]plan, error) {
	counts, err := changeCounts(ctx, q, ofTargets, []int64{int64(year)})
	if err != nil {
		return nil, err
	}
	key := plansKey{l.tree, l.scope.ID, year, strings.Join(targets, " ")}
	s.mu.Lock()
	kept, ok := s.plans[key]
	s.mu.Unlock()
	if ok && kept.count == counts[int64(year)] {
		return kept.plans, nil
	}
	plans, err := loadPlans(ctx, q, targets, []int{year}, divisions, time.Time{})
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.plans == nil {
		s.plans = map[plansKey]keptPlans{}
	}
	s.held += len(plans) - len(s.plans[key].plans)
	s.plans[key] = keptPlans{counts[int64(year)], plans}
	s.trim()
	return plans, nil
}

func numbers(periods []hydrotime.Month) []int64 {
	out := make([]int64, len(periods))
	for i, p := range periods {
		out[i] = int64(p)
	}
	return out
}
