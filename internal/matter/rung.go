package matter

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// Rung is what the rules in force say of a step of the ladder.
type Rung struct {
	Step      string
	Name      fault.Text
	Approver  string // role that decides on it
	Personal  bool   // it is aimed at a person, alone or with the unit
	Level     string // level of the division at which the role must be held; any where empty
	ReplyDays int    // from the day of issue; 0 asks for no reply
	Points    quantity.Null
}

// rung is what the rules say of a step, nil where no ladder is in force.
func (s *Service) rung(ctx context.Context, step string) (*Rung, error) {
	rungs, err := s.rungs(ctx)
	if err != nil {
		return nil, err
	}
	return rungOf(rungs, step)
}

func rungOf(rungs []Rung, step string) (*Rung, error) {
	if len(rungs) == 0 {
		return nil, nil
	}
	i := slices.IndexFunc(rungs, func(r Rung) bool { return r.Step == step })
	if i < 0 {
		return nil, fault.Conflictf("ladder.dropped", "现行升级办法没有这一级措施", "the ladder in force has no such step")
	}
	return &rungs[i], nil
}

// lets refuses who does not hold the role that the rules name for a step.
func (r *Rung) lets(p *identity.Principal, e *Escalation) error {
	if r == nil {
		return nil
	}
	held := p.Holds(r.Approver, e.Line, e.Keeper)
	if r.Level != "" {
		held = slices.DeleteFunc(held, func(d registry.Division) bool { return d.Level != r.Level })
	}
	if len(held) > 0 {
		return nil
	}
	role, _ := identity.RoleOf(r.Approver)
	at := map[string]fault.Text{"province": fault.T("省级", " of the province"), "city": fault.T("市级", " of the city"), "county": fault.T("县级", " of the county")}[r.Level]
	return fault.New(fault.Forbidden, "ladder.approver", fault.T("按现行升级办法，"+r.Name.Zh+"须由"+at.Zh+role.Name.Zh+"审批", "by the ladder in force, "+r.Name.En+" is decided by a "+role.Name.En+at.En))
}

func (r *Rung) asks() bool { return r == nil || r.ReplyDays > 0 }

func (r *Rung) points() quantity.Null {
	if r == nil {
		return quantity.Null{}
	}
	return r.Points
}

// target is the person a step is aimed at: who was named, else who answers for the matter, else who holds the first post of the unit. A step
// that is not aimed at persons has none unless one was named.
func (r *Rung) target(ctx context.Context, q store.Querier, n Proposal, head *Matter, now time.Time) (string, error) {
	if n.Person != "" || r == nil || !r.Personal {
		return n.Person, nil
	}
	if head.Person != "" && n.Unit == head.Unit {
		return head.Person, nil
	}
	var person string
	err := store.Each(ctx, q, `
		SELECT h.person_id FROM post p JOIN post_holder h ON h.post_id = p.id
		WHERE p.organisation_id = $1 AND p.retired_at IS NULL AND h.since <= $2 AND (h.until IS NULL OR h.until > $2) ORDER BY p.sort, p.id, h.since LIMIT 1`, func(scan func(...any) error) error {
		return scan(&person)
	}, n.Unit, now.UnixMilli())
	if err != nil {
		return "", fmt.Errorf("find who leads unit %s: %w", n.Unit, err)
	}
	if person == "" {
		return "", fault.New(fault.Invalid, "ladder.target", fault.T(r.Name.Zh+"须指明对象：事项没有责任人，责任单位也没有登记任职人员", r.Name.En+" is aimed at a person: nobody answers for the matter, and the unit has nobody in a post"))
	}
	return person, nil
}

// replyBy is the end of the last day for the reply to a step that is issued at an instant.
func (r *Rung) replyBy(at time.Time) time.Time {
	return hydrotime.DateOf(at).AddDays(r.ReplyDays).End()
}

// replyDue is by when a step that is issued now is answered. A time that was asked for when it was proposed stands where it was earlier
// than the rules give, unless it has passed while the step waited for its decision.
func (r *Rung) replyDue(now time.Time, e *Escalation) time.Time {
	switch {
	case r == nil, e.ReplyDue.After(now) && e.ReplyDue.Before(r.replyBy(e.ProposedAt)):
		return e.ReplyDue
	}
	return r.replyBy(now)
}

// told is what the history of a matter says of a step that was issued.
func (e *Escalation) told(number string) map[string]any {
	out := map[string]any{"step": e.Step, "number": number}
	if e.Asks {
		out["reply_due"] = e.ReplyDue
	}
	if e.Points.Valid {
		out["points"] = e.Points
	}
	return out
}

// stored is an amount as it is stored.
func stored(n quantity.Null) sql.NullInt64 {
	return sql.NullInt64{Int64: int64(n.Decimal), Valid: n.Valid}
}
