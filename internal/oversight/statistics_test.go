package oversight_test

import (
	"fmt"
	"strings"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/quantity"
	"anlan/internal/store"
	"anlan/packs"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestStatisticsFollowEveryMove: what is kept in memory for counting says after every opening and every move what a program that has
// just started reads from the store, as of today and as of a past day.
func TestStatisticsFollowEveryMove(t *testing.T) {
	eachWorld(t, func(w *world) {
		statistics := func(svc *oversight.Service, asOf hydrotime.Date) *oversight.Statistics {
			t.Helper()
			st, err := svc.Statistics(t.Context(), w.city(), oversight.StatisticsQuery{Scope: w.division("330600"), AsOf: asOf})
			if err != nil {
				t.Fatal(err)
			}
			return st
		}
		today := hydrotime.DateOf(w.at)
		move := func(role string, id int64, a matter.Act) {
			t.Helper()
			if _, err := w.matters.Move(t.Context(), w.as(role, role, "330600"), id, a); err != nil {
				t.Fatal(err)
			}
		}
		for n := range 12 {
			var m *matter.Matter
			w.write(func(tx *store.Tx) (err error) {
				m, _, err = w.matters.Open(t.Context(), tx, identity.Actor{Name: "test"}, matter.NewMatter{
					Kind: matter.Finding, Line: "reservoir", Division: w.division([]string{"330602", "330603"}[n%2]), Keeper: w.division("330600"), Source: "hand",
					Item: fmt.Sprint("sr.dam.0", 5-n%3), Title: fault.T("坝顶裂缝", ""), Basis: "b", Severity: matter.Serious, Origin: matter.City,
					Found: w.at.AddDate(0, 0, n*7%5-20), Due: w.at.AddDate(0, 0, n-6),
				})
				return err
			})
			if n%3 == 0 {
				move("county_leader", m.ID, matter.Act{Move: matter.Confirm})
			}
			if n%3 == 1 {
				move("county_leader", m.ID, matter.Act{Move: matter.Dispute, Reason: "不属实"})
				move("reviewer", m.ID, matter.Act{Move: matter.Dismiss, Reason: "申诉成立"})
			}
			fresh := oversight.New(oversight.Options{Store: w.db, Registry: w.reg, Matter: matter.New(matter.Options{Store: w.db, Registry: w.reg, Now: w.now}), Now: w.now})
			for _, day := range []hydrotime.Date{today, today.AddDays(-3)} {
				kept, read := statistics(w.svc, day), statistics(fresh, day)
				if diff := cmp.Diff(read.Stats, kept.Stats, cmpopts.EquateEmpty()); diff != "" {
					t.Fatalf("after %d, as of %s (-read +kept):\n%s", n+1, day, diff)
				}
				if diff := cmp.Diff(read.Total, kept.Total); diff != "" {
					t.Fatalf("after %d, all, as of %s (-read +kept):\n%s", n+1, day, diff)
				}
				if got := kept.Stats["330602"].Found + kept.Stats["330603"].Found; got != kept.Total.Found || day == today && got+kept.Total.Dismissed != int64(n+1) {
					t.Fatalf("after %d: %d found in all and %d in the counties, %d dismissed", n+1, kept.Total.Found, got, kept.Total.Dismissed)
				}
			}
		}
	})
}

// TestFiguresOfOneCountyMakeZerosOfTheOthers: in a year with any record a county without one has zeros, in a year without any no county
// has a figure, and a finding stays with its list when a later version drops the clause.
func TestFiguresOfOneCountyMakeZerosOfTheOthers(t *testing.T) {
	eachWorld(t, func(w *world) {
		names := []string{"trips", "problems", "rectified", "median_days", "closed/" + list, "controlled/" + list, "closed/duty", "closed/none", "none"}
		f := func(asOf hydrotime.Date, want map[string]map[string]oversight.Figure) {
			t.Helper()
			got, err := w.svc.Figures(t.Context(), names, asOf)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names[:7] {
				if want[name] == nil {
					want[name] = map[string]oversight.Figure{}
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("as of %s (-want +got):\n%s", asOf, diff)
			}
		}
		both := func(one, other oversight.Figure) map[string]oversight.Figure {
			return map[string]oversight.Figure{"330602": one, "330603": other}
		}
		of := func(n, of int64) oversight.Figure {
			return oversight.Figure{N: quantity.Int(n), Of: quantity.Some(quantity.Int(of))}
		}
		today := hydrotime.DateOf(w.at)
		f(today, map[string]map[string]oversight.Figure{})
		w.write(func(tx *store.Tx) error {
			_, _, err := w.matters.Open(t.Context(), tx, identity.Actor{Name: "test"}, matter.NewMatter{
				Kind: matter.Hazard, Line: "reservoir", Division: w.division("330602"), Keeper: w.division("330600"), Source: "hand",
				Item: "sr.person.01", Title: fault.T("无公示牌", ""), Basis: "b", Severity: matter.Serious, Origin: matter.City, Found: w.at, Due: w.at.AddDate(0, 0, 9),
			})
			return err
		})
		w.at = w.at.AddDate(0, 0, 1)
		want := func() map[string]map[string]oversight.Figure {
			return map[string]map[string]oversight.Figure{
				"trips": both(oversight.Figure{}, oversight.Figure{}), "problems": both(oversight.Figure{N: quantity.Int(1)}, oversight.Figure{}), "rectified": both(of(0, 1), of(0, 0)),
				"closed/" + list: both(of(0, 1), of(0, 0)), "controlled/" + list: both(of(0, 1), of(0, 0)),
			}
		}
		f(today, want())
		f(today.AddDays(-400), map[string]map[string]oversight.Figure{})
		load := func(file string, changes ...string) {
			t.Helper()
			src := strings.NewReplacer(append(changes, "version: 1", "version: 2")...).Replace(string(packs.Checklists()[file]))
			if _, err := w.svc.Load(t.Context(), identity.Actor{Name: "test"}, oversight.Definitions{Checklists: map[string][]byte{file: []byte(src)}}); err != nil {
				t.Fatal(err)
			}
		}
		load("small-reservoirs.yaml", "sr.person.01", "sr.person.91")
		f(today, want())
		load("duty.yaml", "du.post.01", "sr.person.01") // a clause that moves takes its findings along
		moved := want()
		moved["closed/duty"] = moved["closed/"+list]
		delete(moved, "closed/"+list)
		delete(moved, "controlled/"+list)
		f(today, moved)
	})
}

// TestWhatTheInspectedWillReadLeavesOutWhatIsHidden: who may lift the veil can still count for a paper that goes to the counties.
func TestWhatTheInspectedWillReadLeavesOutWhatIsHidden(t *testing.T) {
	eachWorld(t, func(w *world) {
		plan := w.plan(oversight.Unannounced, 2)
		i := w.inspections(w.city(), oversight.InspectionQuery{Plan: plan.ID})[0]
		sheet := oversight.Sheet{Answers: w.pass("sr.person.01"), Findings: []oversight.NewFinding{{Client: "f", Clause: "sr.person.01", Severity: "serious"}}}
		if _, err := w.svc.Record(t.Context(), w.city(), i.ID, sheet); err != nil {
			t.Fatal(err)
		}
		if _, err := w.svc.Complete(t.Context(), w.city(), i.ID); err != nil {
			t.Fatal(err)
		}
		f := func(told bool, want int64) {
			t.Helper()
			st, err := w.svc.Statistics(t.Context(), w.city(), oversight.StatisticsQuery{Scope: w.division("330600"), AsOf: hydrotime.DateOf(w.at), Told: told})
			if err != nil || st.Total.Found != want || st.Total.Trips != want || st.Total.Objects != want {
				t.Errorf("told %v: %d found on %d trips to %d works, want %d of each: %v", told, st.Total.Found, st.Total.Trips, st.Total.Objects, want, err)
			}
		}
		f(false, 1)
		f(true, 0)
		if err := w.svc.Finish(t.Context(), w.city(), plan.ID, w.get(plan.ID).Edit, oversight.Done); err != nil {
			t.Fatal(err)
		}
		f(true, 1)
	})
}
