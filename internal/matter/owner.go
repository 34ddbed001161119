package matter

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/store"
)

// owner says at the places of a fault why a unit and a person cannot answer for a matter, and nothing where they can: they are on record and in use, the unit is of the
// matter's place or runs its object and is not above the division that gives it the matter, and the person works in it, or below it at
// the matter's place. So many matters assigned at once do not go to one county's people, and no county gives its work to the city.
func owner(ctx context.Context, q store.Querier, m *Matter, giver int64, now time.Time, bad *fault.Error) error {
	var units, near, above, people, works int
	err := q.QueryRowContext(ctx, `
		SELECT (SELECT COUNT(*) FROM organisation WHERE id = $1 AND retired_at IS NULL),
			(SELECT COUNT(*) FROM organisation o JOIN division_closure c
				ON c.ancestor_id = o.division_id AND c.descendant_id = $3 OR c.descendant_id = o.division_id AND c.ancestor_id = $3 WHERE o.id = $1)
				+ (SELECT COUNT(*) FROM water_object WHERE id = $4 AND organisation_id = $1),
			(SELECT COUNT(*) FROM organisation o JOIN division_closure c ON c.ancestor_id = o.division_id AND c.descendant_id = $5 WHERE o.id = $1 AND o.division_id <> $5),
			(SELECT COUNT(*) FROM person WHERE id = $2 AND retired_at IS NULL),
			(SELECT COUNT(*) FROM organisation o WHERE (o.id = $1 OR o.parent_id = $1
					OR o.division_id IN (SELECT c.descendant_id FROM division_closure c WHERE c.ancestor_id = $3)
						AND o.division_id IN (SELECT c.descendant_id FROM division_closure c JOIN organisation u ON u.division_id = c.ancestor_id WHERE u.id = $1))
				AND (EXISTS (SELECT 1 FROM person p WHERE p.id = $2 AND p.organisation_id = o.id)
					OR EXISTS (SELECT 1 FROM post_holder h JOIN post t ON t.id = h.post_id
						WHERE h.person_id = $2 AND t.organisation_id = o.id AND t.retired_at IS NULL AND h.since <= $6 AND (h.until IS NULL OR h.until > $6))))`,
		m.Unit, m.Person, m.Division, m.Object, giver, now.UnixMilli()).Scan(&units, &near, &above, &people, &works)
	if err != nil {
		return fmt.Errorf("look for the unit and the person: %w", err)
	}
	switch {
	case units == 0:
		bad.At("unit", fault.T("没有这个在用单位", "there is no such unit in use"))
	case near == 0:
		bad.At("unit", fault.T("该单位不在事项所在地区，也不是对象的管理单位", "the unit is of another place, and does not run the object"))
	case above > 0:
		bad.At("unit", fault.T("不能交给上级单位，请由督办方交办", "nobody gives work to a unit above: the keeper may"))
	}
	switch {
	case m.Person == "":
	case people == 0:
		bad.At("person", fault.T("没有这个在用人员", "there is no such person in use"))
	case units > 0 && works == 0:
		bad.At("person", fault.T("该人员不在责任单位任职，也不在其所辖、事项所在地区的单位任职", "the person works neither in that unit nor below it at the place of the matter"))
	}
	return nil
}

// told is a fault that names some place, nil where it names none.
func told(bad *fault.Error) error {
	if len(bad.Fields) == 0 {
		return nil
	}
	return bad
}

func badOwner() *fault.Error {
	return fault.Invalidf("matter.owner", "责任单位或责任人有误", "the unit or the person is not right")
}

// fits refuses an assignment to who cannot answer for the matter.
func (s *Service) fits(ctx context.Context, q store.Querier, p *identity.Principal, n *Matter) error {
	giver, _ := p.Highest(identity.MatterAssign, n.Line, n.Division)
	bad := badOwner()
	if err := owner(ctx, q, n, giver.ID, s.now(), bad); err != nil {
		return err
	}
	return told(bad)
}

// stillAnswers is the unit and the person of a matter for another one that follows from it, "" where they cannot answer for that: who
// left since leaves nothing undone.
func (s *Service) stillAnswers(ctx context.Context, q store.Querier, m *Matter, object int64) (unit, person string, err error) {
	follows := Matter{Unit: m.Unit, Person: m.Person, Division: m.Division, Object: object}
	bad := badOwner()
	if err := owner(ctx, q, &follows, m.Keeper, s.now(), bad); err != nil || told(bad) != nil {
		return "", "", err
	}
	return m.Unit, m.Person, nil
}
