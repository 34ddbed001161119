package programme_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/programme"
	"anlan/internal/quantity"
	"anlan/internal/registry"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// views draws up everything that is read through the shelf.
func (w *world) views(svc *programme.Service) map[string]any {
	w.Helper()
	out := map[string]any{}
	boss := w.person("boss", "director", "330000")
	keep := func(name string, v any, err error) {
		if err != nil {
			w.Fatalf("%s: %v", name, err)
		}
		out[name] = v
	}
	for _, scope := range []string{"330000", "330600", "330602"} {
		for _, m := range []hydrotime.Month{may, may.Add(-1)} {
			v := programme.View{Scope: scope, Period: m}
			name := fmt.Sprintf("%s %s ", scope, m)
			c, err := svc.Cockpit(w.Context(), boss, v)
			keep(name+"cockpit", c, err)
			d, err := svc.Deadlines(w.Context(), boss, v)
			keep(name+"deadlines", d, err)
			r, err := svc.Ranking(w.Context(), boss, programme.RankingQuery{View: v, Target: "t.done.city"})
			keep(name+"ranking", r, err)
			i, err := svc.Indicator(w.Context(), boss, programme.IndicatorQuery{View: v, Indicator: "t.left"})
			keep(name+"indicator", i, err)
		}
	}
	return out
}

// TestSharedReadsAreAsReadAnew holds, after every kind of write, what a service shows that has read before against one that reads all
// anew. Half of the writes are another process's.
func TestSharedReadsAreAsReadAnew(t *testing.T) {
	each(t, func(w *world) {
		now := func() time.Time { return w.at }
		another := func() *programme.Service {
			return programme.New(programme.Options{Store: w.db, Registry: registry.New(w.db, now), Now: now})
		}
		mine, theirs := w.svc, another()
		step := 0
		check := func(what string) {
			t.Helper()
			step++
			if diff := cmp.Diff(w.views(another()), w.views(mine), cmpopts.EquateComparable(quantity.Null{}, quantity.Decimal(0))); diff != "" {
				t.Fatalf("after %s (-anew +shared):\n%s", what, diff)
			}
			if w.svc = mine; step%2 == 1 {
				w.svc = theirs
			}
		}
		check("nothing")
		for _, m := range []hydrotime.Month{may.Add(-1), may} {
			for i, d := range []string{"330602", "330603", "330600-BH"} {
				r := w.draft(d, m, strconv.Itoa(100+i), "3", "4", "")
				check("typing")
				r = w.move(w.clerk(d), r, programme.Submit, "")
				check("submitting")
				if i == 1 {
					r = w.move(w.reviewer(), r, programme.SendBack, "数字有误")
					check("sending back")
					r = w.move(w.clerk(d), r, programme.Submit, "")
				}
				r = w.move(w.reviewer(), r, programme.Review, "")
				r = w.move(w.reviewer(), r, programme.Accept, "")
				check("accepting")
				r = w.move(w.planner(), r, programme.Lock, "")
				if i == 2 {
					w.correct(r)
					check("correcting")
				}
			}
			for i, amount := range []string{"120", "130"} {
				_, err := w.svc.SetTargets(t.Context(), w.planner(), programme.TargetQuery{Target: "t.done.city", Year: 2026, Scope: "330600"},
					[]programme.TargetChange{{Division: "330600", Amount: n(amount), Revision: int64(i + 2*int(m-may.Add(-1)))}})
				if err != nil {
					t.Fatal(err)
				}
				check("setting a target")
			}
			if _, err := w.svc.Recompute(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			check("recomputing")
		}
	})
}

// correct opens a new version of a locked return with another figure and submits it.
func (w *world) correct(r *programme.ReturnDetail) {
	w.Helper()
	r = w.move(w.clerk(r.Division.Code), r, programme.Correct, "更正")
	r, err := w.svc.SaveLines(w.Context(), w.clerk(r.Division.Code), r.ID, r.Edit, []programme.LineChange{{Indicator: "t.done", Value: n("170"), Note: "更正"}}, "typed")
	if err != nil {
		w.Fatal(err)
	}
	w.move(w.clerk(r.Division.Code), r, programme.Submit, "")
}

// TestReadersSeeEveryCommittedTarget lets readers and a writer at each other: what was committed before a read began is in it.
func TestReadersSeeEveryCommittedTarget(t *testing.T) {
	each(t, func(w *world) {
		var committed atomic.Int64
		var wg sync.WaitGroup
		planner, reader := w.planner(), w.reviewer()
		wg.Go(func() {
			for i := range int64(60) {
				_, err := w.svc.SetTargets(t.Context(), planner, programme.TargetQuery{Target: "t.done.city", Year: 2026, Scope: "330600"},
					[]programme.TargetChange{{Division: "330600", Amount: quantity.Some(quantity.Int(i + 1)), Revision: i}})
				if err != nil {
					t.Error(err)
					break
				}
				committed.Store(i + 1)
			}
			committed.Add(1000)
		})
		for range 4 {
			wg.Go(func() {
				for {
					before := committed.Load()
					if before >= 1000 {
						return
					}
					r, err := w.svc.Ranking(t.Context(), reader, programme.RankingQuery{View: programme.View{Scope: "330600", Period: may}, Target: "t.done.city"})
					if err != nil {
						t.Error(err)
						return
					}
					if r.Total.Plan.Decimal < quantity.Int(before) {
						t.Errorf("%d was committed and %s is shown", before, r.Total.Plan)
						return
					}
				}
			})
		}
		wg.Wait()
	})
}

// TestWhoeverWritesFiguresCountsIt holds that a file which writes figures, sums or targets also counts the change.
func TestWhoeverWritesFiguresCountsIt(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	writes := regexp.MustCompile(`(INSERT INTO|UPDATE|DELETE FROM) (figure|rollup|target)\b`)
	n := 0
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") || !writes.Match(src) {
			continue
		}
		n++
		if !strings.Contains(string(src), "touch(ctx, tx, of") {
			t.Errorf("%s writes what views share and does not count it", name)
		}
	}
	if n < 4 {
		t.Errorf("only %d files write figures", n)
	}
}
