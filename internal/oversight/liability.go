package oversight

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"

	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/ladder"
	"anlan/internal/quantity"

	"anlan/internal/store"
)

// LiabilityQuery is whose problems are charged, found when. Zero fields do not filter.
type LiabilityQuery struct {
	Scope  int64
	Lines  []string
	Unit   string
	Object int64
	From   *hydrotime.Date
	To     hydrotime.Date // the last day that counts
}

// Liability is what the problems found in a period lead to for those who answer for them (责任追究).
type Liability struct {
	Ladder  *ladder.Ladder // nil where none is in force: then only a list's own bands speak
	Units   []UnitCharge   // the heaviest first
	Objects []ObjectCharge // the heaviest first
}

// UnitCharge is a unit with the heaviest of what its objects lead to.
type UnitCharge struct {
	Unit              string
	Objects, Findings int
	Disputed          int // problems that wait for a decision on an objection: they are not charged
	Severities        map[checklist.Severity]int
	Measure           checklist.Measure
	Direct, Leading   checklist.Measure
	DirectPersons     []string // who answers for the objects that this measure comes from
	LeadingPerson     string   // who holds the unit's first post, "" where nobody does
}

// ObjectCharge is one object for which a unit answers, 0 for problems at no object.
type ObjectCharge struct {
	Unit     string
	Object   int64
	Division int64
	Disputed int
	Persons  []string // who answers by name (直接责任人), the longest first on record
	// LeadingPerson holds the unit's first post (领导责任人), "" where nobody does.
	LeadingPerson string
	ladder.Charge
}

// Liability charges the problems that the person may see. What was dismissed is none, and what is disputed waits for its decision. It
// suggests: a person decides what is done.
func (s *Service) Liability(ctx context.Context, p *identity.Principal, q LiabilityQuery) (*Liability, error) {
	if !p.Can(identity.MatterRead, "", q.Scope) {
		return nil, errUnknown()
	}
	book, err := s.Book(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.charged(ctx, p, q)
	if err != nil {
		return nil, err
	}
	heads, err := s.heads(ctx, min(q.To.End().UnixMilli()-1, s.now().UnixMilli()))
	if err != nil {
		return nil, err
	}
	out := &Liability{Ladder: book.Ladder}
	rules := cmp.Or(book.Ladder, &ladder.Ladder{})
	for _, c := range found {
		var faults []ladder.Fault
		for _, f := range c.faults {
			if c.Object != 0 { // a score is of an object
				f.List = book.listOf(f.item)
			}
			faults = append(faults, f.Fault)
		}
		c.Charge, c.LeadingPerson = rules.Charge(faults), heads[c.Unit]
		out.Objects = append(out.Objects, c.ObjectCharge)
	}
	slices.SortStableFunc(out.Objects, func(a, b ObjectCharge) int {
		return cmp.Or(heavierFirst(a.Unit, b.Unit, a.Measure, b.Measure, a.Findings, b.Findings), cmp.Compare(a.Object, b.Object))
	})
	out.Units = byUnit(out.Objects)
	return out, nil
}

// heavierFirst orders by measure, then by the number of findings, then by unit.
func heavierFirst(unitA, unitB string, a, b checklist.Measure, m, n int) int {
	switch {
	case ladder.Heavier(a, b):
		return -1
	case ladder.Heavier(b, a):
		return 1
	}
	return cmp.Or(cmp.Compare(n, m), cmp.Compare(unitA, unitB))
}

// byUnit sums up the objects of each unit; they come the heaviest first.
func byUnit(objects []ObjectCharge) []UnitCharge {
	at := map[string]int{}
	var out []UnitCharge
	for _, o := range objects {
		i, ok := at[o.Unit]
		if !ok {
			i, at[o.Unit] = len(out), len(out)
			out = append(out, UnitCharge{Unit: o.Unit, Severities: map[checklist.Severity]int{}, Measure: o.Measure, Direct: o.Direct, Leading: o.Leading, LeadingPerson: o.LeadingPerson})
		}
		u := &out[i]
		u.Findings, u.Disputed = u.Findings+o.Findings, u.Disputed+o.Disputed
		for severity, n := range o.Severities {
			u.Severities[severity] += n
		}
		if o.Object != 0 {
			u.Objects++
		}
		if o.Measure == u.Measure {
			for _, person := range o.Persons {
				if !slices.Contains(u.DirectPersons, person) {
					u.DirectPersons = append(u.DirectPersons, person)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b UnitCharge) int {
		return heavierFirst(a.Unit, b.Unit, a.Measure, b.Measure, a.Findings, b.Findings)
	})
	return out
}

// chargedAt gathers the problems of one object of a unit.
type chargedAt struct {
	ObjectCharge
	faults []chargedFor
}

type chargedFor struct {
	item string
	ladder.Fault
}

// charged reads the problems of a query by unit and object, in the order of their numbers.
func (s *Service) charged(ctx context.Context, p *identity.Principal, q LiabilityQuery) ([]*chargedAt, error) {
	from := int64(math.MinInt64)
	if q.From != nil {
		from = q.From.Start().UnixMilli()
	}
	lines := map[string]bool{}
	for _, l := range q.Lines {
		lines[l] = true
	}
	type place struct {
		unit   string
		object int64
	}
	at := map[place]*chargedAt{}
	var out []*chargedAt
	err := store.Each(ctx, s.db, `
		SELECT unit_id, COALESCE(person_id, ''), COALESCE(object_id, 0), division_id, keeper_id, line, veiled, item, severity, state, points FROM matter
		WHERE kind IN ('finding', 'hazard') AND origin <> 'rule' AND state <> 'dismissed' AND found_at >= $1 AND found_at < $2
			AND division_id IN (SELECT descendant_id FROM division_closure WHERE ancestor_id = $3)
			AND (CAST($4 AS TEXT) = '' OR unit_id = $4) AND (CAST($5 AS BIGINT) = 0 OR object_id = $5) ORDER BY id`, func(scan func(...any) error) error {
		var c ObjectCharge
		var person, line, item string
		var state matter.State
		var keeper, severity int64
		var veiled bool
		var points sql.NullInt64
		if err := scan(&c.Unit, &person, &c.Object, &c.Division, &keeper, &line, &veiled, &item, &severity, &state, &points); err != nil {
			return err
		}
		hidden := veiled && !p.Can(identity.InspectionRead, line, keeper) || !p.Can(identity.MatterRead, line, c.Division)
		if hidden || len(lines) > 0 && !lines[line] {
			return nil
		}
		held, ok := at[place{c.Unit, c.Object}]
		if !ok {
			held = &chargedAt{ObjectCharge: c}
			at[place{c.Unit, c.Object}] = held
			out = append(out, held)
		}
		if state == matter.Disputed {
			held.Disputed++
			return nil
		}
		f := chargedFor{item: item, Fault: ladder.Fault{Points: quantity.Null{Decimal: quantity.Decimal(points.Int64), Valid: points.Valid}}}
		if severity >= int64(matter.General) && severity <= int64(matter.Grave) {
			f.Severity = graded[severity-1]
		}
		held.faults = append(held.faults, f)
		if person != "" && !slices.Contains(held.Persons, person) {
			held.Persons = append(held.Persons, person)
		}
		return nil
	}, from, q.To.End().UnixMilli(), q.Scope, q.Unit, q.Object)
	if err != nil {
		return nil, fmt.Errorf("read what liability rests on: %w", err)
	}
	return out, nil
}

// heads gives who leads each unit at an instant: the holder of its first post.
func (s *Service) heads(ctx context.Context, at int64) (map[string]string, error) {
	out := map[string]string{}
	err := store.Each(ctx, s.db, `
		SELECT p.organisation_id, h.person_id FROM post p JOIN post_holder h ON h.post_id = p.id
		WHERE (p.retired_at IS NULL OR p.retired_at > $1) AND h.since <= $1 AND (h.until IS NULL OR h.until > $1)
			AND NOT EXISTS (SELECT 1 FROM post b WHERE b.organisation_id = p.organisation_id AND (b.retired_at IS NULL OR b.retired_at > $1)
				AND (b.sort < p.sort OR b.sort = p.sort AND b.id < p.id))
		ORDER BY p.organisation_id, h.since DESC, h.person_id DESC`, func(scan func(...any) error) error {
		var unit, person string
		err := scan(&unit, &person)
		out[unit] = person // the one longest in the post comes last
		return err
	}, at)
	if err != nil {
		return nil, fmt.Errorf("read who leads the units: %w", err)
	}
	return out, nil
}

// listOf is the checklist of a clause: the one in force, or the last version that had it; nil where none has.
func (b *Rulebook) listOf(item string) *checklist.Checklist {
	if c, _, ok := b.Checklists.Clause(item); ok {
		return c
	}
	var last *checklist.Checklist
	for _, c := range b.lists {
		if _, ok := c.Clause(item); ok && (last == nil || c.Version > last.Version) {
			last = c
		}
	}
	return last
}
