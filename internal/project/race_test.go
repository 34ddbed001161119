package project_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/project"
)

// both runs two things at once and wants each to succeed or to be told of a conflict; it counts those that succeeded.
func (w *world) both(a, b func() error) int {
	w.Helper()
	var errs [2]error
	start := make(chan struct{})
	var wait sync.WaitGroup
	for i, f := range []func() error{a, b} {
		wait.Go(func() {
			<-start
			errs[i] = f()
		})
	}
	close(start)
	wait.Wait()
	n := 0
	for _, err := range errs {
		var e *fault.Error
		switch {
		case err == nil:
			n++
		case !errors.As(err, &e) || e.Kind != fault.Conflict:
			w.Fatalf("not a conflict: %v", err)
		}
	}
	return n
}

// TestTwoAtOnce: of two who write at once what excludes the other, one is taken and the other is told.
func TestTwoAtOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.yue(), "A-1", "330602")
		w.begun(w.yue(), whole)
		tell := func(month hydrotime.Month, value string) func() error {
			p := w.yue()
			return func() error {
				_, err := w.svc.SetFigures(w.Context(), p, id, []project.FigureChange{{Part: whole, Month: month, What: project.Actual, Value: some(value)}})
				return err
			}
		}
		for k := range 12 {
			month := hydrotime.NewMonth(2025, 1+k)
			if n := w.both(tell(month, "1"), tell(month, "2")); n != 1 {
				w.Fatalf("%s: %d were taken", month, n)
			}
		}
		for k := range 10 {
			id, whole := w.add(w.yue(), fmt.Sprint("R-", k), "330602")
			east, west := w.part(w.yue(), id, "01", "330602"), w.part(w.yue(), id, "02", "330602")
			w.ok(w.step(w.yue(), whole, "feasibility_approved", "2024-01-10", "1000"))
			design := func(part int64) func() error {
				got, err := w.svc.Step(w.Context(), w.yue(), part, w.design("2024-06-10", "700"))
				w.ok(err)
				p := w.boss()
				return func() error { return errOf(w.svc.Approve(w.Context(), p, got.ID)) }
			}
			if n := w.both(design(east), design(west)); n != 1 {
				w.Fatalf("%d designs were approved that together exceed the estimate", n)
			}
		}
	})
}
