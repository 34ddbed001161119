package registry_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"
	"anlan/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

func (b *bureau) object(name string, kind objectrule.Kind, division string, change func(n *registry.NewWaterObject)) (id int64) {
	b.Helper()
	n := registry.NewWaterObject{Kind: kind, Name: fault.T(name, ""), Division: division}
	if change != nil {
		change(&n)
	}
	b.must(func(tx *store.Tx) (err error) {
		id, err = b.s.AddObject(b.Context(), tx, registry.Program(), n)
		return err
	})
	return id
}

func (b *bureau) found(code string, q registry.ObjectQuery) []string {
	b.Helper()
	q.Scopes = []int64{b.division(code)}
	names := []string{}
	for {
		page, err := b.s.Objects(b.Context(), q)
		if err != nil {
			b.Fatal(err)
		}
		for _, o := range page.Items {
			names = append(names, o.Name.Zh)
		}
		if page.Next == "" {
			return names
		}
		q.After = page.Next
	}
}

func storage(s string) quantity.Null { return quantity.Some(quantity.MustParse(s)) }

func on(s string) *hydrotime.Date {
	d, err := hydrotime.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return &d
}

func TestObjects(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBureau(t, db)
		class, period, town := int64(2), int64(8), false
		id := b.object("甲水库", objectrule.Reservoir, "330602", func(n *registry.NewWaterObject) {
			n.Scheme, n.Code, n.Organisation = "SL213", "R-1", b.yue
			n.ObjectFacts = registry.ObjectFacts{
				River: "小溪", Place: &geodesy.Point{Lon: 120.5821234, Lat: 30.0000001}, StorageWanM3: storage("123.45"), DamHeightM: storage("28.5"),
				CommissionedOn: on("1978-12-01"), AppraisedOn: on("2022-03-04"), AppraisalClass: &class, AppraisalPeriodYears: &period, AffectsCountyTown: &town,
			}
			n.Ext = map[string]string{"坝型": "土坝"}
		})
		o, err := b.s.Object(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if o.Scale != objectrule.Small1 || o.StorageWanM3.String() != "123.45" || o.Population.Valid || *o.Place != (geodesy.Point{Lon: 120.5821234, Lat: 30.0000001}) ||
			o.Ext["坝型"] != "土坝" || o.OrganisationName.Zh != "越城区水利局" || o.Division != "330602" || o.Edit != 1 {
			t.Errorf("%+v", o)
		}
		if o.Clock == nil || o.Clock.Due() != objectrule.Overdue || o.Authority != objectrule.ByCounty || len(o.Gaps) != 3 || !o.Demanded {
			t.Errorf("clock %+v, authority %q, gaps %v", o.Clock, o.Authority, o.Gaps)
		}
		b.object("乙山塘", objectrule.Pond, "330602", func(n *registry.NewWaterObject) { n.StorageWanM3 = storage("2.5") })
		b.object("丙水厂", objectrule.Waterworks, "330603", func(n *registry.NewWaterObject) { n.Charging, n.Scale = "flat", objectrule.Under1000 })
		b.object("丁电站", objectrule.Hydropower, "330603", func(n *registry.NewWaterObject) { n.Disposition = "exit" })

		f := func(code string, q registry.ObjectQuery, want ...string) {
			t.Helper()
			if d := cmp.Diff(append([]string{}, want...), b.found(code, q)); d != "" {
				t.Errorf("%+v: %s", q, d)
			}
		}
		f("330600", registry.ObjectQuery{Sort: "code", Limit: 1}, "乙山塘", "丙水厂", "丁电站", "甲水库")
		f("330602", registry.ObjectQuery{Sort: "storage", Limit: 1}, "甲水库", "乙山塘")
		f("330603", registry.ObjectQuery{Division: b.division("330602")})
		f("330600", registry.ObjectQuery{Text: "小溪"}, "甲水库")
		f("330600", registry.ObjectQuery{Text: "r-1"}, "甲水库")
		f("330600", registry.ObjectQuery{Kinds: []objectrule.Kind{objectrule.Pond, objectrule.Hydropower}, Sort: "code"}, "乙山塘", "丁电站")
		f("330600", registry.ObjectQuery{Due: objectrule.Overdue}, "甲水库")
		f("330600", registry.ObjectQuery{Due: objectrule.NotDue, AsOf: *on("2022-06-01")}, "甲水库")
		f("330600", registry.ObjectQuery{Class: 2, Scale: objectrule.Small1}, "甲水库")
		f("330600", registry.ObjectQuery{Disposition: "exit"}, "丁电站")
		f("330600", registry.ObjectQuery{Charging: "flat"}, "丙水厂")
		f("330600", registry.ObjectQuery{Organisation: b.yue}, "甲水库")
		f("330600", registry.ObjectQuery{Placed: true}, "甲水库")
		if page, err := b.s.Objects(t.Context(), registry.ObjectQuery{}); err != nil || len(page.Items) != 0 {
			t.Errorf("without scopes: %+v, %v", page, err)
		}
		if _, err := b.s.Objects(t.Context(), registry.ObjectQuery{Sort: "colour"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unknown order: %v", err)
		}
		testObjectChange(b, id)
	})
}

func testObjectChange(b *bureau, id int64) {
	change := func(by registry.Editor, c registry.WaterObjectChange) func(tx *store.Tx) error {
		return func(tx *store.Tx) error { return b.s.ChangeObject(b.Context(), tx, by, id, c) }
	}
	yes, ke, code := true, "330603", "2"
	b.refused(fault.Forbidden, change(b.editor("330603"), registry.WaterObjectChange{Name: &fault.Text{Zh: "他"}}))
	b.refused(fault.Forbidden, change(b.editor("330602"), registry.WaterObjectChange{Division: &ke})) // not to where one may not write
	b.refused(fault.Conflict, change(b.editor("330602"), registry.WaterObjectChange{Edit: 7, Name: &fault.Text{Zh: "他"}}))
	scheme := registry.OwnScheme
	b.refused(fault.Conflict, change(registry.Program(), registry.WaterObjectChange{Scheme: &scheme, Code: &code}))
	nobody := "nobody"
	b.refused(fault.Invalid, change(registry.Program(), registry.WaterObjectChange{Organisation: &nobody}))
	// What the dam's clock counts from is the city's to change, once it is told; so is a dam's leaving the register.
	fewer := registry.WaterObjectChange{Edit: 1, Facts: &registry.ObjectFacts{StorageWanM3: storage("12")}}
	b.refused(fault.Forbidden, change(b.editor("330602"), fewer))
	b.refused(fault.Forbidden, change(b.editor("330602"), registry.WaterObjectChange{Edit: 1, Retired: &yes}))
	b.must(change(b.editor("330600"), fewer))
	o, err := b.s.Object(b.Context(), id)
	if err != nil || o.Edit != 2 || o.Place != nil || o.AppraisedOn != nil || o.Scale != objectrule.Small2 || o.Clock.Due() != objectrule.Unknown {
		b.Errorf("after all facts were replaced: %+v, %v", o, err)
	}
	// A county tells what nobody has told.
	told := registry.ObjectFacts{StorageWanM3: storage("12"), CommissionedOn: on("2024-05-01")}
	b.must(change(b.editor("330602"), registry.WaterObjectChange{Edit: 2, Facts: &told}))
	b.must(change(registry.Program(), registry.WaterObjectChange{Retired: &yes}))
	if got := b.found("330602", registry.ObjectQuery{}); !slices.Equal(got, []string{"乙山塘"}) {
		b.Errorf("after retirement: %v", got)
	}
	if got := b.found("330602", registry.ObjectQuery{Retired: true}); len(got) != 2 {
		b.Errorf("retired ones too: %v", got)
	}
}

// TestObjectsAreChecked names the place of each thing that is wrong.
func TestObjectsAreChecked(t *testing.T) {
	bad := int64(4)
	f := func(kind objectrule.Kind, change func(o *registry.WaterObject), want ...string) {
		t.Helper()
		o := registry.WaterObject{Code: "1", Kind: kind, Name: fault.T("甲", "")}
		change(&o)
		places := []string{}
		if err := o.Check(); err != nil {
			for _, f := range err.(*fault.Error).Fields {
				places = append(places, f.Place)
			}
		}
		if d := cmp.Diff(append([]string{}, want...), places); d != "" {
			t.Error(d)
		}
	}
	f(objectrule.Reservoir, func(o *registry.WaterObject) {})
	f("castle", func(o *registry.WaterObject) { o.Code, o.Scheme, o.Name.Zh = "", "1", " " }, "scheme", "code", "kind", "name.zh")
	f(objectrule.Reservoir, func(o *registry.WaterObject) { o.StorageWanM3 = storage("9.9") }, "storage_wan_m3")
	f(objectrule.Reservoir, func(o *registry.WaterObject) { o.StorageWanM3, o.Scale = storage("100"), objectrule.Small2 }, "scale")
	f(objectrule.Pond, func(o *registry.WaterObject) { o.Scale, o.Charging, o.Disposition = objectrule.Small2, "flat", "exit" }, "scale", "disposition", "charging")
	f(objectrule.Reservoir, func(o *registry.WaterObject) {
		o.Place, o.DamHeightM, o.AppraisalClass, o.AppraisalPeriodYears = &geodesy.Point{Lon: 300}, storage("-1"), &bad, &bad
		o.CommissionedOn, o.AppraisedOn = on("2020-01-02"), on("2020-01-01")
	}, "place", "dam_height_m", "appraisal_class", "appraisal_period_years", "appraised_on")
	f(objectrule.Village, func(o *registry.WaterObject) { o.Population = storage("1.5") }, "population")
	f(objectrule.Village, func(o *registry.WaterObject) { o.Ext = map[string]string{"": "x"} }, "ext")
}

// TestTheStoreReckonsAsTheRule holds the clock in SQL against the rule for many dams and days.
func TestTheStoreReckonsAsTheRule(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBureau(t, db)
		days := []string{"", "2016-02-29", "2018-06-08", "2021-06-08", "2023-06-08", "2023-06-09", "2026-06-08", "2027-01-01"}
		n := 0
		b.must(func(tx *store.Tx) error {
			for _, completed := range days[:5] {
				for _, appraised := range days {
					for _, reinforced := range []string{"", "2020-01-01", "2024-01-01"} {
						for class := range int64(4) {
							for _, period := range []int64{0, 8} {
								o := registry.NewWaterObject{Kind: objectrule.Reservoir, Name: fault.T(fmt.Sprintf("库%d", n), ""), Division: "330602"}
								if completed != "" && (appraised == "" || appraised >= completed) {
									o.CommissionedOn = on(completed)
								}
								if appraised != "" {
									o.AppraisedOn = on(appraised)
								}
								if reinforced != "" {
									o.ReinforcedOn = on(reinforced)
								}
								if class > 0 {
									o.AppraisalClass = &class
								}
								if period > 0 {
									o.AppraisalPeriodYears = &period
								}
								n++
								if _, err := b.s.AddObject(t.Context(), tx, registry.Program(), o); err != nil {
									return err
								}
							}
						}
					}
				}
			}
			return nil
		})
		for _, asOf := range []string{"2019-12-31", "2023-06-08", "2025-06-08", "2026-06-08", "2028-02-28", "2028-02-29", "2028-03-01"} {
			want := map[objectrule.DueState]int64{}
			q := registry.ObjectQuery{Scopes: []int64{b.division("330600")}, AsOf: *on(asOf), Sort: "due"}
			last := ""
			all, err := b.s.EachObject(t.Context(), q, 10_000, func(o registry.WaterObject) error {
				want[o.Clock.Due()]++
				due := "9"
				if d := o.Clock.DueOn(); d != nil {
					due = d.String()
				}
				if due < last {
					t.Errorf("%s: %s comes after %s", asOf, due, last)
				}
				last = due
				return nil
			})
			if err != nil || !all {
				t.Fatal(all, err)
			}
			got := map[objectrule.DueState]int64{}
			tally, err := b.s.TallyObjects(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range tally {
				got[row.Due] += row.N
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s: %s", asOf, d)
			}
		}
	})
}

func TestObjectRules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBureau(t, db)
		rules, err := b.s.ObjectRules(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(objectrule.DefaultRules(), rules); d != "" {
			t.Error(d)
		}
		rules.AppraisalYears, rules.WarnYears = 8, 0
		set := func(by registry.Editor, r objectrule.Rules) func(tx *store.Tx) error {
			return func(tx *store.Tx) error { return b.s.SetObjectRules(t.Context(), tx, by, r) }
		}
		b.refused(fault.Forbidden, set(b.editor("330602"), rules))
		b.refused(fault.Invalid, set(registry.Program(), objectrule.Rules{}))
		b.must(set(b.editor("330600"), rules))
		got, err := b.s.ObjectRules(t.Context())
		if err != nil || got.AppraisalYears != 8 {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// TestDuties names three persons, lets one take another's place, rings and trains one, and ends what ends.
func TestDuties(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBureau(t, db)
		id := b.object("甲水库", objectrule.Reservoir, "330602", nil)
		other := b.object("乙水库", objectrule.Reservoir, "330602", nil)
		far := b.object("丙水库", objectrule.Reservoir, "330603", nil)
		people := map[string]string{}
		for _, name := range []string{"陈一", "沈二", "章三", "俞四"} {
			people[name] = b.person(name, b.yue)
		}
		duty := func(by registry.Editor, object int64, role objectrule.Role, name string, beside bool) (made int64, err error) {
			err = b.try(func(tx *store.Tx) (err error) {
				made, err = b.s.SetDuty(t.Context(), tx, by, object, registry.NewDuty{Role: role, Person: people[name], Beside: beside})
				return err
			})
			return made, err
		}
		must := func(object int64, role objectrule.Role, name string, beside bool) int64 {
			t.Helper()
			made, err := duty(b.editor("330600"), object, role, name, beside)
			if err != nil {
				t.Fatal(err)
			}
			return made
		}
		gaps := func(object int64) []string {
			t.Helper()
			o, err := b.s.Object(t.Context(), object)
			if err != nil {
				t.Fatal(err)
			}
			out := []string{}
			for _, g := range o.Gaps {
				out = append(out, string(g.Role)+" "+string(g.Code))
			}
			return out
		}
		must(id, objectrule.AdministrativeRole, "陈一", false)
		technical := must(id, objectrule.TechnicalRole, "沈二", false)
		must(id, objectrule.PatrolRole, "章三", false)
		must(other, objectrule.TechnicalRole, "沈二", false)
		must(far, objectrule.TechnicalRole, "沈二", false)
		if _, err := duty(b.editor("330602"), far, objectrule.PatrolRole, "俞四", false); !fault.Is(err, fault.Forbidden) {
			t.Errorf("another county's: %v", err)
		}
		if _, err := duty(b.editor("330602"), id, objectrule.PatrolRole, "章三", true); !fault.Is(err, fault.Conflict) {
			t.Errorf("twice: %v", err)
		}
		if _, err := duty(b.editor("330602"), id, "king", "章三", true); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unknown role: %v", err)
		}
		all := []string{"administrative unverified", "administrative untrained", "technical unverified", "technical untrained", "patrol unverified", "patrol untrained"}
		if d := cmp.Diff(all, gaps(id)); d != "" {
			t.Error(d)
		}
		marks := 0
		b.must(func(tx *store.Tx) (err error) {
			marks, err = b.s.VerifyPhone(t.Context(), tx, b.editor("330602"), id, technical, b.at)
			if err == nil {
				_, err = b.s.MarkTrained(t.Context(), tx, b.editor("330602"), id, technical, b.at)
			}
			return err
		})
		if marks != 2 { // not the neighbour's
			t.Errorf("%d duties are marked", marks)
		}
		if d := cmp.Diff(slices.Delete(slices.Clone(all), 2, 4), gaps(id)); d != "" {
			t.Error(d)
		}
		b.refused(fault.Invalid, func(tx *store.Tx) error {
			_, err := b.s.VerifyPhone(t.Context(), tx, b.editor("330602"), id, technical, b.at.Add(time.Hour))
			return err
		})
		b.at = b.at.Add(time.Hour)
		must(id, objectrule.TechnicalRole, "俞四", false) // in the other's place
		b.refused(fault.Conflict, func(tx *store.Tx) error {
			_, err := b.s.VerifyPhone(t.Context(), tx, b.editor("330602"), id, technical, b.at)
			return err
		})
		b.refused(fault.NotFound, func(tx *store.Tx) error {
			return b.s.EndDuty(t.Context(), tx, b.editor("330602"), other, technical, b.at)
		})
		yes := true
		b.must(func(tx *store.Tx) error {
			return b.s.ChangePerson(t.Context(), tx, registry.Program(), people["章三"], registry.PersonChange{Retired: &yes})
		})
		if got := gaps(id); !slices.Contains(got, "patrol unfilled") {
			t.Errorf("after the patroller retired: %v", got)
		}
		history, err := b.s.ObjectDuties(t.Context(), registry.DutyQuery{Scopes: []int64{b.division("330600")}, Object: id})
		if err != nil || len(history) != 4 {
			t.Errorf("%d rows of history, %v", len(history), err)
		}
		if got := b.found("330600", registry.ObjectQuery{Person: people["沈二"]}); len(got) != 2 {
			t.Errorf("who answers still for %v", got)
		}
	})
}

// TestThreePersonsAreTrained: a reservoir whose three persons are named, told apart and rung counts once all of them are trained, too.
func TestThreePersonsAreTrained(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBureau(t, db)
		id := b.object("甲水库", objectrule.Reservoir, "330602", func(n *registry.NewWaterObject) { n.StorageWanM3 = storage("123") })
		var duties []int64
		for i, role := range []objectrule.Role{objectrule.AdministrativeRole, objectrule.TechnicalRole, objectrule.PatrolRole} {
			who := b.person(fmt.Sprint("人", i), b.yue)
			b.must(func(tx *store.Tx) error {
				duty, err := b.s.SetDuty(t.Context(), tx, registry.Program(), id, registry.NewDuty{Role: role, Person: who})
				if err == nil {
					_, err = b.s.VerifyPhone(t.Context(), tx, b.editor("330602"), id, duty, b.at)
				}
				duties = append(duties, duty)
				return err
			})
		}
		f := func(want int64) {
			t.Helper()
			got, err := b.s.ObjectFigures(t.Context(), []string{"three_persons"}, hydrotime.DateOf(b.at))
			if err != nil || got["three_persons"]["330602"] != (registry.ObjectFigure{N: want, Of: 1}) {
				t.Errorf("%v %v, want %d of 1", got, err, want)
			}
		}
		f(0)
		for _, duty := range duties {
			f(0)
			b.must(func(tx *store.Tx) error {
				_, err := b.s.MarkTrained(t.Context(), tx, b.editor("330602"), id, duty, b.at)
				return err
			})
		}
		f(1)
	})
}

// TestFiguresAreOfTheDay: what was retired since stood on the day, with who answered for it and what was wanting there.
func TestFiguresAreOfTheDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBureau(t, db)
		small := func(n *registry.NewWaterObject) { n.StorageWanM3 = storage("123") }
		b.object("甲水库", objectrule.Reservoir, "330602", small)
		named, bare := b.object("乙水库", objectrule.Reservoir, "330602", small), b.object("丙水库", objectrule.Reservoir, "330602", small)
		for i, role := range []objectrule.Role{objectrule.AdministrativeRole, objectrule.TechnicalRole, objectrule.PatrolRole} {
			who := b.person(fmt.Sprint("人", i), b.yue)
			b.must(func(tx *store.Tx) error {
				_, err := b.s.SetDuty(t.Context(), tx, registry.Program(), named, registry.NewDuty{Role: role, Person: who})
				return err
			})
		}
		day, yes := hydrotime.DateOf(b.at), true
		b.at = b.at.AddDate(0, 0, 2)
		for _, id := range []int64{named, bare} {
			b.must(func(tx *store.Tx) error {
				return b.s.ChangeObject(t.Context(), tx, registry.Program(), id, registry.WaterObjectChange{Retired: &yes})
			})
		}
		f := func(day hydrotime.Date, published, three, persons registry.ObjectFigure) {
			t.Helper()
			got, err := b.s.ObjectFigures(t.Context(), []string{"published", "three_persons", "persons", "none"}, day)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]registry.ObjectTallies{"published": {"330602": published}, "three_persons": {"330602": three}, "persons": {"330602": persons}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("on %s (-want +got):\n%s", day, diff)
			}
		}
		f(day, registry.ObjectFigure{N: 1, Of: 3}, registry.ObjectFigure{Of: 3}, registry.ObjectFigure{N: 3, Of: -1})
		f(day.AddDays(1), registry.ObjectFigure{N: 1, Of: 3}, registry.ObjectFigure{Of: 3}, registry.ObjectFigure{N: 3, Of: -1})
		f(day.AddDays(2), registry.ObjectFigure{Of: 1}, registry.ObjectFigure{Of: 1}, registry.ObjectFigure{Of: -1})
	})
}
