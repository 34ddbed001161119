package registry

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"
)

// ObjectQuery filters, sorts and pages the register of objects; zero fields do not filter, but without scopes nothing is found.
type ObjectQuery struct {
	Scopes       []int64 // divisions whose subtrees may be seen
	IDs          []int64 // only these
	Text         string  // part of a name, a code or a river
	Division     int64   // with all below it
	Kinds        []objectrule.Kind
	Scale        objectrule.Scale
	Class        int64 // of the last appraisal
	Due          objectrule.DueState
	Disposition  string
	Charging     string
	Organisation string // the managing unit
	Person       string // who answers for it now
	Placed       bool   // only those whose place is known
	Retired      bool   // retired ones too
	AsOf         hydrotime.Date
	Sort         string // one of ObjectSorts; name where empty
	After        string // Next of the page before
	Limit        int    // 1 to 200, 50 where 0
}

// ObjectSorts lists the orders of the register: by name and code, by the day that comes first, by storage and change the largest and
// latest first. What has none comes last.
func ObjectSorts() []string { return []string{"name", "code", "due", "storage", "changed"} }

// clockSQL is the dam clock of objectrule in SQL, so that it filters, sorts and counts in the store. TestTheStoreReckonsAsTheRule
// holds the two together. Every part is made of whole numbers, so nothing of a person's input stands in it.
type clockSQL struct{ due, state string }

func newClockSQL(r objectrule.Rules, asOf hydrotime.Date) clockSQL {
	years := func(day, n string) string {
		return "(" + day + " - (CASE WHEN " + day + " % 10000 = 229 THEN 1 ELSE 0 END) + (" + n + ") * 10000)"
	}
	today, limit := objectrule.Number(asOf), objectrule.Number(asOf.AddDays(r.SoonDays))
	done := fmt.Sprintf("o.appraised_on IS NOT NULL AND o.appraised_on <= %d", today)
	begun := "COALESCE(o.commissioned_on, o.impounded_on)"
	appraisal := fmt.Sprintf("(CASE WHEN o.kind <> 'reservoir' THEN NULL WHEN %s THEN %s WHEN %s IS NOT NULL THEN %s END)",
		done, years("o.appraised_on", fmt.Sprintf("COALESCE(o.appraisal_period_years, %d)", r.AppraisalYears)), begun, years(begun, fmt.Sprint(r.FirstAppraisalYears)))
	reinforce := fmt.Sprintf("(CASE WHEN o.kind = 'reservoir' AND o.appraisal_class >= 2 AND %s AND (o.reinforced_on IS NULL OR o.reinforced_on > %d OR o.reinforced_on < o.appraised_on) THEN %s END)",
		done, today, years("o.appraised_on", fmt.Sprint(r.ReinforceYears)))
	due := fmt.Sprintf("(CASE WHEN %[1]s IS NOT NULL AND (%[2]s IS NULL OR %[1]s < %[2]s) THEN %[1]s ELSE %[2]s END)", reinforce, appraisal)
	warned := "1 = 0"
	if r.WarnYears > 0 {
		warned = fmt.Sprintf("o.appraisal_period_years IS NULL AND %s AND %s <= %d", done, years("o.appraised_on", fmt.Sprint(r.WarnYears)), today)
	}
	state := fmt.Sprintf(`(CASE WHEN o.kind <> 'reservoir' THEN '' WHEN %[1]s < %[2]d THEN 'overdue' WHEN %[1]s <= %[3]d OR %[4]s THEN 'due_soon'
		WHEN %[1]s IS NULL OR o.appraisal_class >= 2 AND o.appraised_on IS NULL THEN 'unknown' ELSE 'ok' END)`, due, today, limit, warned)
	return clockSQL{due, state}
}

const objectFrom = `
	FROM water_object o JOIN division d ON d.id = o.division_id LEFT JOIN organisation g ON g.id = o.organisation_id`

const objectColumns = `o.id, o.scheme, o.code, o.kind, o.name_zh, o.name_en, o.division_id, d.code, COALESCE(o.organisation_id, ''), COALESCE(g.name_zh, ''),
	COALESCE(g.name_en, ''), o.river_name, o.lon_e7, o.lat_e7, o.scale, o.storage_wan_m3_e6, o.dam_height_m_e6, o.installed_kw_e6, o.population_e6,
	o.supply_m3_day_e6, o.length_m_e6, o.commissioned_on, o.impounded_on, o.appraised_on, o.appraisal_class, o.appraisal_period_years, o.reinforced_on,
	o.affects_county_town, o.hydro_disposition, o.charging, o.ext, o.retired_at, o.edit`

// scanObject reads objectColumns, and after them whatever else the statement selects.
func scanObject(row interface{ Scan(...any) error }, more ...any) (WaterObject, error) {
	o := WaterObject{Duties: []ObjectDuty{}, Gaps: []objectrule.Gap{}}
	var r objectRow
	var retired *int64
	into := append([]any{
		&o.ID, &o.Scheme, &o.Code, &o.Kind, &o.Name.Zh, &o.Name.En, &o.DivisionID, &o.Division, &o.Organisation, &o.OrganisationName.Zh,
		&o.OrganisationName.En, &o.River, &r.lon, &r.lat, &o.Scale, &r.storage, &r.height, &r.installed, &r.population,
		&r.supply, &r.length, &r.commissioned, &r.impounded, &r.appraised, &o.AppraisalClass, &o.AppraisalPeriodYears, &r.reinforced,
		&r.countyTown, &r.disposition, &r.charging, &r.ext, &retired, &o.Edit,
	}, more...)
	if err := row.Scan(into...); err != nil {
		return o, err
	}
	o.RetiredAt = instant(retired)
	return o, o.take(r)
}

func objectBy(ctx context.Context, q store.Querier, id int64) (WaterObject, error) {
	o, err := scanObject(q.QueryRowContext(ctx, `SELECT `+objectColumns+objectFrom+` WHERE o.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return o, fault.NotFoundf("object.unknown", "没有这个水利对象", "there is no such object")
	}
	if err != nil {
		return o, fmt.Errorf("read object %d: %w", id, err)
	}
	return o, nil
}

// conditions are those of a query, without its place in the order.
func (q ObjectQuery) conditions(clock clockSQL, now int64) *condition {
	c := &condition{}
	c.within("o.division_id", q.Scopes)
	c.like(q.Text, "o.name_zh", "o.name_en", "o.code", "o.river_name")
	c.narrow(Query{Division: q.Division, Retired: q.Retired}, "o.division_id", "o.retired_at")
	if q.IDs != nil {
		c.add(" AND o.id IN (-1")
		for _, id := range q.IDs {
			c.add(", ?", id)
		}
		c.add(")")
	}
	if len(q.Kinds) > 0 {
		kinds := make([]string, len(q.Kinds))
		for i, k := range q.Kinds {
			kinds[i] = string(k)
		}
		c.add(" AND ")
		c.in("o.kind", kinds)
	}
	same := func(column, value string) {
		if value != "" {
			c.add(" AND "+column+" = ?", value)
		}
	}
	same("o.scale", string(q.Scale))
	same(clock.state, string(q.Due))
	same("o.hydro_disposition", q.Disposition)
	same("o.charging", q.Charging)
	same("o.organisation_id", q.Organisation)
	if q.Class != 0 {
		c.add(" AND o.appraisal_class = ?", q.Class)
	}
	if q.Placed {
		c.add(" AND o.lon_e7 IS NOT NULL AND o.lat_e7 IS NOT NULL")
	}
	if q.Person != "" {
		c.add(" AND EXISTS (SELECT 1 FROM object_duty t WHERE t.object_id = o.id AND t.person_id = ? AND t.since <= ? AND (t.until IS NULL OR t.until > ?))", q.Person, now, now)
	}
	return c
}

// order is the sort key of a query as SQL; words says whether it is a text.
func (q ObjectQuery) order(clock clockSQL) (key string, words bool, err error) {
	switch q.Sort {
	case "", "name":
		return "o.name_zh", true, nil
	case "code":
		return "o.code", true, nil
	case "due":
		return "COALESCE(" + clock.due + ", 99999999)", false, nil
	case "storage":
		return "-COALESCE(o.storage_wan_m3_e6, -1)", false, nil
	case "changed":
		return "-o.changed_at", false, nil
	}
	return "", false, fault.Invalidf("object.sort", "没有“%s”这种排序", "there is no order %q", q.Sort)
}

// day is the day that a query asks about.
func (s *Service) day(q ObjectQuery) hydrotime.Date {
	if q.AsOf == (hydrotime.Date{}) {
		return hydrotime.DateOf(s.now())
	}
	return q.AsOf
}

// Objects lists objects with their clock, who answers for them and what is wanting there, as judged on the day asked.
func (s *Service) Objects(ctx context.Context, q ObjectQuery) (Page[WaterObject], error) {
	var page Page[WaterObject]
	rules, err := s.ObjectRules(ctx)
	if err != nil {
		return page, err
	}
	limit := Query{Limit: q.Limit}.limit()
	list, next, err := s.listObjects(ctx, q, rules, limit)
	if err != nil {
		return page, err
	}
	page.Items, page.Next = list, next
	return page, s.judgeObjects(ctx, rules, s.day(q), page.Items)
}

// listObjects reads a page of objects without judging them.
func (s *Service) listObjects(ctx context.Context, q ObjectQuery, rules objectrule.Rules, limit int) (list []WaterObject, next string, err error) {
	clock := newClockSQL(rules, s.day(q))
	c := q.conditions(clock, s.now().UnixMilli())
	key, words, err := q.order(clock)
	if err != nil {
		return nil, "", err
	}
	if q.After != "" {
		var sort, text string
		var number, id int64
		into := any(&number)
		if words {
			into = &text
		}
		if err := readCursor(q.After, &sort, into, &id); err != nil {
			return nil, "", err
		}
		if sort != q.Sort {
			return nil, "", fault.Invalidf("cursor.invalid", "分页标记与排序不符，请回到第一页", "the cursor is of another order; go back to the first page")
		}
		if words {
			c.add(" AND ("+key+", o.id) > (?, ?)", text, id)
		} else {
			c.add(" AND ("+key+", o.id) > (?, ?)", number, id)
		}
	}
	c.add(" ORDER BY "+key+", o.id LIMIT ?", limit+1)
	var texts []string
	var numbers []int64
	list, err = gather(ctx, s.db, `SELECT `+objectColumns+`, `+key+objectFrom+c.text.String(), c.args, func(row interface{ Scan(...any) error }) (WaterObject, error) {
		var text string
		var number int64
		into := any(&number)
		if words {
			into = &text
		}
		o, err := scanObject(row, into)
		texts, numbers = append(texts, text), append(numbers, number)
		return o, err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list objects: %w", err)
	}
	if len(list) <= limit {
		return list, "", nil
	}
	list = list[:limit]
	last := any(numbers[limit-1])
	if words {
		last = texts[limit-1]
	}
	return list, cursor(q.Sort, last, list[limit-1].ID), nil
}

// EachObject hands every object that a query finds to f, in its order and unjudged, and stops at an error or past most of them.
// It reports whether all were handed over.
func (s *Service) EachObject(ctx context.Context, q ObjectQuery, most int, f func(WaterObject) error) (all bool, err error) {
	rules, err := s.ObjectRules(ctx)
	if err != nil {
		return false, err
	}
	for n := 0; ; {
		list, next, err := s.listObjects(ctx, q, rules, 1000)
		if err != nil {
			return false, err
		}
		for _, o := range list {
			if n++; n > most {
				return false, nil
			}
			o.Judge(rules, s.day(q))
			if err := f(o); err != nil {
				return false, err
			}
		}
		if next == "" {
			return true, nil
		}
		q.After = next
	}
}

// Object reads one object, retired or not, as judged today.
func (s *Service) Object(ctx context.Context, id int64) (WaterObject, error) {
	o, err := objectBy(ctx, s.db, id)
	if err != nil {
		return o, err
	}
	rules, err := s.ObjectRules(ctx)
	if err != nil {
		return o, err
	}
	one := []WaterObject{o}
	err = s.judgeObjects(ctx, rules, hydrotime.DateOf(s.now()), one)
	return one[0], err
}

// ObjectTally is how many objects of one division are alike in all that is told apart here.
type ObjectTally struct {
	DivisionID  int64
	Kind        objectrule.Kind
	Scale       objectrule.Scale
	Class       int64 // 0 where none
	Due         objectrule.DueState
	Disposition string
	Charging    string
	N           int64
}

// TallyObjects counts what a query finds, by division and whatever statistics ask.
func (s *Service) TallyObjects(ctx context.Context, q ObjectQuery) ([]ObjectTally, error) {
	rules, err := s.ObjectRules(ctx)
	if err != nil {
		return nil, err
	}
	clock := newClockSQL(rules, s.day(q))
	c := q.conditions(clock, s.now().UnixMilli())
	text := `SELECT t.division_id, t.kind, t.scale, t.class, t.due, t.disposition, t.charging, COUNT(*) FROM (
		SELECT o.division_id AS division_id, o.kind AS kind, o.scale AS scale, COALESCE(o.appraisal_class, 0) AS class, ` + clock.state + ` AS due,
			COALESCE(o.hydro_disposition, '') AS disposition, COALESCE(o.charging, '') AS charging` + objectFrom + c.text.String() + `
		) t GROUP BY t.division_id, t.kind, t.scale, t.class, t.due, t.disposition, t.charging
		ORDER BY t.division_id, t.kind, t.scale, t.class, t.due, t.disposition, t.charging`
	list, err := gather(ctx, s.db, text, c.args, func(row interface{ Scan(...any) error }) (ObjectTally, error) {
		var t ObjectTally
		return t, row.Scan(&t.DivisionID, &t.Kind, &t.Scale, &t.Class, &t.Due, &t.Disposition, &t.Charging, &t.N)
	})
	if err != nil {
		return nil, fmt.Errorf("count objects: %w", err)
	}
	return list, nil
}

// DueStates lists the states by which the register can be narrowed.
func DueStates() []objectrule.DueState {
	return slices.Clone([]objectrule.DueState{objectrule.Overdue, objectrule.DueSoon, objectrule.NotDue, objectrule.Unknown})
}
