package oversight_test

import (
	"testing"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/oversight/checklist"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// TestLiability: problems of a period are charged to unit and object by their score, what was dismissed, is disputed, lies in another
// county or outside the period is not, what an unannounced inspection hides is not told, and persons are those who answer and who lead.
func TestLiability(t *testing.T) {
	eachWorld(t, func(w *world) {
		county := w.division("330602")
		person := func(query string, arg any) (id string) {
			t.Helper()
			if err := w.db.QueryRowContext(t.Context(), query, arg).Scan(&id); err != nil {
				t.Fatal(err)
			}
			return id
		}
		unit := person(`SELECT id FROM organisation WHERE division_id = $1`, county)
		answers := person(`SELECT MIN(id) FROM person WHERE organisation_id = $1`, unit)
		leads := person(`SELECT MAX(id) FROM person WHERE organisation_id = $1`, unit)
		w.write(func(tx *store.Tx) error {
			post, err := w.reg.AddPost(t.Context(), tx, registry.Program(), registry.NewPost{Organisation: unit, Title: fault.T("局长", "Director"), Line: "*"})
			if err == nil {
				err = w.reg.Appoint(t.Context(), tx, registry.Program(), post, leads, w.at.AddDate(-1, 0, 0))
			}
			return err
		})
		var objects []int64
		err := store.Each(t.Context(), w.db, `SELECT id FROM water_object WHERE division_id = $1 ORDER BY id`, func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			objects = append(objects, id)
			return err
		}, county)
		if err != nil {
			t.Fatal(err)
		}
		open := func(object int64, item string, points int64, days int, veiled bool) *matter.Matter {
			t.Helper()
			n := matter.NewMatter{
				Kind: matter.Finding, Line: "reservoir", Division: county, Keeper: w.division("330600"), Object: object, Source: "hand", Item: item, Title: fault.T("问题", ""), Basis: "b",
				Severity: matter.Serious, Origin: matter.City, Found: w.at.AddDate(0, 0, days), Due: w.at.AddDate(0, 0, 9), Person: answers, Veiled: veiled,
			}
			if points > 0 {
				n.Points = quantity.Some(quantity.Int(points))
			}
			var m *matter.Matter
			w.write(func(tx *store.Tx) (err error) {
				m, _, err = w.matters.Open(t.Context(), tx, identity.Actor{Name: "test"}, n)
				return err
			})
			return m
		}
		move := func(role, at string, id int64, a matter.Act) {
			t.Helper()
			if _, err := w.matters.Move(t.Context(), w.as(role, role, at), id, a); err != nil {
				t.Fatal(err)
			}
		}
		a, b := objects[0], objects[1]
		open(a, "sr.dam.01", 10, -3, false)
		open(a, "sr.dam.02", 25, -3, false)
		open(a, "sr.dam.03", 60, -300, false) // before the period
		open(a, "sr.dam.04", 60, -2, true)    // hidden
		open(b, "", 0, -2, false)             // costs no points
		dismissed, disputed := open(b, "sr.dam.01", 60, -2, false), open(b, "sr.dam.02", 60, -2, false)
		for _, m := range []*matter.Matter{dismissed, disputed} {
			move("county_leader", "330602", m.ID, matter.Act{Move: matter.Dispute, Reason: "不属实"})
		}
		move("reviewer", "330600", dismissed.ID, matter.Act{Move: matter.Dismiss, Reason: "申诉成立"})

		from := hydrotime.DateOf(w.at).AddDays(-30)
		q := oversight.LiabilityQuery{Scope: county, From: &from, To: hydrotime.DateOf(w.at)}
		l, err := w.svc.Liability(t.Context(), w.county(), q)
		if err != nil || len(l.Objects) != 2 || len(l.Units) != 1 {
			t.Fatalf("%+v, %v", l, err)
		}
		first, second := l.Objects[0], l.Objects[1]
		if first.Object != a || first.Findings != 2 || first.Score != quantity.Some(quantity.Int(65)) || first.Measure != checklist.Talk || first.Band == nil || first.Band.From != quantity.Int(60) {
			t.Errorf("the first: %+v", first)
		}
		if second.Object != b || second.Findings != 1 || second.Unscored != 1 || second.Disputed != 1 || second.Score.Valid || second.Measure != checklist.Talk || second.Tier == nil {
			t.Errorf("the second: %+v", second)
		}
		u := l.Units[0]
		if u.Unit != unit || u.Findings != 3 || u.Severities[checklist.Serious] != 3 || u.Objects != 2 || u.Disputed != 1 || u.Measure != checklist.Talk || u.Direct != checklist.Talk || u.Leading != checklist.Order ||
			len(u.DirectPersons) != 1 || u.DirectPersons[0] != answers || u.LeadingPerson != leads {
			t.Errorf("the unit: %+v", u)
		}
		if l, err = w.svc.Liability(t.Context(), w.city(), q); err != nil || l.Objects[0].Score != quantity.Some(quantity.Int(5)) || l.Objects[0].Measure != checklist.Sanction {
			t.Errorf("with what is hidden: %+v, %v", l, err)
		}
		q.Object = b
		if l, err = w.svc.Liability(t.Context(), w.county(), q); err != nil || len(l.Objects) != 1 || l.Objects[0].Object != b {
			t.Errorf("one object: %+v, %v", l, err)
		}
		if _, err := w.svc.Liability(t.Context(), w.as("ke", "county_leader", "330603"), q); !fault.Is(err, fault.NotFound) {
			t.Errorf("another county: %v", err)
		}
	})
}
