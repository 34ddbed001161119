package matter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/store"
)

// Escalation is one step of the ladder (提醒函 → 通报 → 约谈 → 督办 → 考核扣分) over one or more matters of a division: proposed by one person,
// approved by another, answered by the unit it is addressed to.
type Escalation struct {
	ID         string     `json:"id"`
	Edit       int64      `json:"edit"`
	Step       string     `json:"step" enum:"remind,notice,talk,supervise,deduct"`
	State      string     `json:"state" enum:"proposed,issued,refused,replied"`
	Division   int64      `json:"-"`
	Keeper     int64      `json:"-"`
	Line       string     `json:"line"`
	Unit       string     `json:"unit"`
	UnitName   fault.Text `json:"unit_name"`
	Person     string     `json:"person,omitempty"`
	Reason     string     `json:"reason"`
	Number     string     `json:"number,omitempty" doc:"Number of the document, from the approval on"`
	ProposedAt time.Time  `json:"proposed_at"`
	ProposedBy string     `json:"proposed_by"`
	DecidedAt  *time.Time `json:"decided_at,omitempty"`
	DecidedBy  string     `json:"decided_by,omitempty"`
	Decision   string     `json:"decision,omitempty"`
	ReplyDue   time.Time  `json:"reply_due"`
	RepliedAt  *time.Time `json:"replied_at,omitempty"`
	RepliedBy  string     `json:"replied_by,omitempty"`
	Reply      string     `json:"reply,omitempty"`
	Matters    []int64    `json:"matters"`
	Late       bool       `json:"late" doc:"It is issued, and the time for the reply has passed without one"`
	May        string     `json:"may,omitempty" enum:"decide,reply" doc:"What the person who asks may do with it now"`

	proposer string
}

// Steps lists the steps of the ladder, the mildest first, with their names.
func Steps() []struct {
	ID   string
	Name fault.Text
} {
	return []struct {
		ID   string
		Name fault.Text
	}{
		{"remind", fault.T("提醒函", "letter of reminder")},
		{"notice", fault.T("通报", "notice")},
		{"talk", fault.T("约谈", "formal talk")},
		{"supervise", fault.T("督办", "supervised item")},
		{"deduct", fault.T("考核扣分", "points off the assessment")},
	}
}

func stepName(id string) (fault.Text, bool) {
	for _, s := range Steps() {
		if s.ID == id {
			return s.Name, true
		}
	}
	return fault.Text{}, false
}

// Proposal is a step as somebody proposes it. All matters lie in one division and one line.
type Proposal struct {
	Step     string    `json:"step" enum:"remind,notice,talk,supervise,deduct"`
	Matters  []int64   `json:"matters" minItems:"1" maxItems:"200"`
	Unit     string    `json:"unit,omitempty" maxLength:"60" doc:"Unit addressed; the one that answers for the first matter where empty"`
	Person   string    `json:"person,omitempty" maxLength:"60"`
	Reason   string    `json:"reason" minLength:"1" maxLength:"2000"`
	ReplyDue time.Time `json:"reply_due"`
}

// Propose puts a step before whoever may approve it. Nothing leaves the house by this.
func (s *Service) Propose(ctx context.Context, p *identity.Principal, n Proposal) (string, error) {
	name, ok := stepName(n.Step)
	if !ok {
		return "", fault.Invalidf("ladder.step", "没有这一级措施", "no such step of the ladder")
	}
	if strings.TrimSpace(n.Reason) == "" || !n.ReplyDue.After(s.now()) {
		return "", fault.Invalidf("ladder.needs", "须写明事由和此刻之后的答复时限", "give a reason and a time for the reply that lies in the future")
	}
	id := store.NewID()
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		if err := queue(ctx, tx); err != nil {
			return err
		}
		head, err := s.forStep(ctx, tx, p, n.Matters)
		if err != nil {
			return err
		}
		if n.Unit == "" {
			n.Unit = head.Unit
		}
		if err := onRecord(ctx, tx, &Matter{Unit: n.Unit, Person: n.Person, Division: head.Division}); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO escalation (id, edit, step, state, division_id, keeper_id, line, unit_id, person_id, reason, proposed_at, proposed_by, proposed_name, reply_due_at)
			VALUES ($1, 1, $2, 'proposed', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			id, n.Step, head.Division, head.Keeper, head.Line, n.Unit, store.MaybeText(n.Person), n.Reason, s.now().UnixMilli(), p.Account(), p.Name(), n.ReplyDue.UnixMilli())
		if err != nil {
			return fmt.Errorf("propose a step: %w", err)
		}
		for _, m := range n.Matters {
			if _, err := tx.ExecContext(ctx, `INSERT INTO escalation_matter (escalation_id, matter_id) VALUES ($1, $2)`, id, m); err != nil {
				return fmt.Errorf("propose a step for matter %d: %w", m, err)
			}
		}
		return s.noteStep(ctx, tx, p.Actor(), "escalation.propose", id, head.Keeper, map[string]any{"step": name.Zh, "matters": n.Matters, "reason": n.Reason})
	})
	return id, err
}

// forStep reads the matters of a step and holds them to one division, one line and one keeper.
func (s *Service) forStep(ctx context.Context, tx *store.Tx, p *identity.Principal, ids []int64) (*Matter, error) {
	var head *Matter
	for _, id := range ids {
		m, err := read(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		if !m.Sees(p) {
			return nil, errUnknown()
		}
		if !p.Can(identity.MatterRaise, m.Line, m.Keeper) {
			return nil, fault.Forbiddenf("ladder.side", "您不能对 %s 提出措施", "it is not for you to propose a step for %s", m.Number)
		}
		if head == nil {
			head = m
		}
		if m.Division != head.Division || m.Keeper != head.Keeper {
			return nil, fault.Invalidf("ladder.mixed", "一份文书只能针对同一区划的事项", "one document concerns the matters of one division")
		}
		if m.Veiled {
			return nil, errVeiled(m)
		}
		if !m.State.Live() {
			return nil, fault.Conflictf("ladder.ended", "事项 %s 已办结", "matter %s is at rest", m.Number)
		}
	}
	if head == nil {
		return nil, fault.Invalidf("ladder.empty", "须选择事项", "choose the matters")
	}
	return head, s.noneWaits(ctx, tx, ids)
}

// errVeiled refuses a step over what an unannounced inspection still hides: the letter would tell the inspected side.
func errVeiled(m *Matter) error {
	return fault.Conflictf("ladder.veiled", "事项 %s 来自未公开的检查，公开后才能提出措施", "matter %s comes from an inspection that is not disclosed yet; no step before that", m.Number)
}

// noneWaits refuses a second step for a matter while one waits for its decision: two letters about one thing would go out.
func (s *Service) noneWaits(ctx context.Context, tx *store.Tx, ids []int64) error {
	for _, id := range ids {
		var number string
		err := tx.QueryRowContext(ctx, `
			SELECT m.number FROM escalation e JOIN escalation_matter em ON em.escalation_id = e.id JOIN matter m ON m.id = em.matter_id
			WHERE em.matter_id = $1 AND e.state = 'proposed' LIMIT 1`, id).Scan(&number)
		switch {
		case err == nil:
			return fault.Conflictf("ladder.waiting", "事项 %s 已有一项措施待审批", "a step about matter %s already waits for its decision", number)
		case !errors.Is(err, sql.ErrNoRows):
			return fmt.Errorf("look for a step that waits about matter %d: %w", id, err)
		}
	}
	return nil
}

func (s *Service) noteStep(ctx context.Context, tx *store.Tx, by identity.Actor, action, id string, division int64, detail map[string]any) error {
	return audit.Append(ctx, tx, audit.Entry{At: s.now(), Actor: by, Action: action, ObjectKind: "escalation", ObjectID: id, DivisionID: &division, Detail: detail})
}

// Decide approves or refuses a proposed step. Who proposed does not decide. An approved step is issued with a number, and every
// matter of it says so.
func (s *Service) Decide(ctx context.Context, p *identity.Principal, id string, edit int64, approve bool, words string) error {
	if !approve && strings.TrimSpace(words) == "" {
		return fault.Invalidf("ladder.reason", "不同意须说明理由", "say why it is refused")
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := queue(ctx, tx); err != nil {
			return err
		}
		e, err := s.step(ctx, tx, p, id, edit, "proposed")
		if err != nil {
			return err
		}
		if !p.Can(identity.MatterApprove, e.Line, e.Keeper) {
			return fault.Forbiddenf("ladder.approve", "您不能审批此措施", "it is not for you to approve this step")
		}
		if e.proposer == p.Account() {
			return fault.Forbiddenf("matter.another", "不能审批自己提出的措施", "nobody approves what they proposed")
		}
		state, number, place := "refused", "", e.Keeper // what was refused never left the keeper's house
		if approve {
			place = e.Division
			if state, number, err = s.issue(ctx, tx, p, e); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE escalation SET state = $1, edit = edit + 1, number = $2, decided_at = $3, decided_name = $4, decision = $5 WHERE id = $6`,
			state, number, s.now().UnixMilli(), p.Name(), words, id)
		if err != nil {
			return fmt.Errorf("decide step %s: %w", id, err)
		}
		return s.noteStep(ctx, tx, p.Actor(), "escalation."+state, id, place, map[string]any{"number": number, "words": words})
	})
}

func (s *Service) issue(ctx context.Context, tx *store.Tx, p *identity.Principal, e *Escalation) (state, number string, err error) {
	year := hydrotime.DateOf(s.now()).Year
	serial, err := tx.Next(ctx, fmt.Sprintf("escalation.%s.%d", e.Step, year), 1)
	if err != nil {
		return "", "", err
	}
	name, _ := stepName(e.Step)
	number = fmt.Sprintf("%s〔%d〕%d号", name.Zh, year, serial)
	for _, id := range e.Matters {
		m, err := read(ctx, tx, id)
		if err != nil {
			return "", "", err
		}
		if m.Veiled {
			return "", "", errVeiled(m)
		}
		m.Edit++
		m.Step = higher(m.Step, e.Step)
		if err := s.touch(ctx, tx, p.Actor(), m, "escalate", e.Reason, map[string]any{"step": e.Step, "number": number, "reply_due": e.ReplyDue}); err != nil {
			return "", "", err
		}
	}
	return "issued", number, nil
}

// higher is the further of two steps of the ladder; "" is before all.
func higher(a, b string) string {
	rank := func(id string) int {
		for i, s := range Steps() {
			if s.ID == id {
				return i
			}
		}
		return -1
	}
	if rank(a) >= rank(b) {
		return a
	}
	return b
}

// Reply records what the unit addressed answers. A late reply is still late: both times stand.
func (s *Service) Reply(ctx context.Context, p *identity.Principal, id string, edit int64, words string) error {
	if strings.TrimSpace(words) == "" {
		return fault.Invalidf("ladder.reply", "答复不能为空", "a reply is not empty")
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := queue(ctx, tx); err != nil {
			return err
		}
		e, err := s.step(ctx, tx, p, id, edit, "issued")
		if err != nil {
			return err
		}
		if !p.Can(identity.MatterAnswer, e.Line, e.Division) {
			return fault.Forbiddenf("ladder.answer", "您不能答复此文书", "it is not for you to reply")
		}
		_, err = tx.ExecContext(ctx, `UPDATE escalation SET state = 'replied', edit = edit + 1, reply = $1, replied_at = $2, replied_name = $3 WHERE id = $4`,
			words, s.now().UnixMilli(), p.Name(), id)
		if err != nil {
			return fmt.Errorf("reply to step %s: %w", id, err)
		}
		return s.noteStep(ctx, tx, p.Actor(), "escalation.reply", id, e.Division, map[string]any{"words": words})
	})
}

// step reads a step that stands in a state and that the person may see.
func (s *Service) step(ctx context.Context, tx *store.Tx, p *identity.Principal, id string, edit int64, state string) (*Escalation, error) {
	list, err := escalations(ctx, tx, ` WHERE e.id = $1`, 1, everyStep, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 || !list[0].sees(p) {
		return nil, fault.NotFoundf("ladder.unknown", "没有这份文书，或不在您的权限范围内", "there is no such step, or it is outside your scope")
	}
	e := &list[0]
	if e.State != state || edit != 0 && edit != e.Edit {
		return nil, fault.Conflictf("ladder.stale", "该文书已被他人办理", "somebody else dealt with it meanwhile")
	}
	return e, nil
}

// sees reports whether a person may know of a step: what is only proposed or was refused is the keeper's business.
func (e *Escalation) sees(p *identity.Principal) bool {
	if e.State == "proposed" || e.State == "refused" {
		return p.Can(identity.MatterRaise, e.Line, e.Keeper) || p.Can(identity.MatterApprove, e.Line, e.Keeper)
	}
	return p.Can(identity.MatterRead, e.Line, e.Division)
}

// open tells where a step stands now, and what a person may do with it: nobody decides what they proposed.
func (e *Escalation) open(p *identity.Principal, now time.Time) {
	e.Late = e.State == "issued" && now.After(e.ReplyDue)
	switch {
	case e.State == "proposed" && e.proposer != p.Account() && p.Can(identity.MatterApprove, e.Line, e.Keeper):
		e.May = "decide"
	case e.State == "issued" && p.Can(identity.MatterAnswer, e.Line, e.Division):
		e.May = "reply"
	}
}

// Escalations lists steps that a person may see, the newest first; state "" is any.
func (s *Service) Escalations(ctx context.Context, p *identity.Principal, state string, limit int) ([]Escalation, error) {
	out, err := escalations(ctx, s.db, ` WHERE $1 = '' OR e.state = $1`, limit, func(e *Escalation) bool { return e.sees(p) }, state)
	for i := range out {
		out[i].open(p, s.now())
	}
	return out, err
}

func escalationsOf(ctx context.Context, q store.Querier, matter int64) ([]Escalation, error) {
	return escalations(ctx, q, ` WHERE e.id IN (SELECT escalation_id FROM escalation_matter WHERE matter_id = $1)`, stepsMost, everyStep, matter)
}

// stepsMost is more steps than one matter has.
const stepsMost = 2000

func everyStep(*Escalation) bool { return true }

// escalations reads the first steps that meet a condition and that may be seen, the newest first.
func escalations(ctx context.Context, q store.Querier, where string, limit int, sees func(*Escalation) bool, args ...any) ([]Escalation, error) {
	out := []Escalation{}
	err := store.Each(ctx, q, `
		SELECT e.id, e.edit, e.step, e.state, e.division_id, e.keeper_id, e.line, e.unit_id, o.name_zh, o.name_en, COALESCE(e.person_id, ''), e.reason, e.number,
			e.proposed_at, e.proposed_by, e.proposed_name, e.decided_at, e.decided_name, e.decision, e.reply_due_at, e.replied_at, e.replied_name, e.reply
		FROM escalation e JOIN organisation o ON o.id = e.unit_id`+where+` ORDER BY e.proposed_at DESC, e.id DESC`, func(scan func(...any) error) error {
		if len(out) == limit {
			return store.ErrStop
		}
		var e Escalation
		var proposed, due int64
		var decided, replied sql.NullInt64
		err := scan(&e.ID, &e.Edit, &e.Step, &e.State, &e.Division, &e.Keeper, &e.Line, &e.Unit, &e.UnitName.Zh, &e.UnitName.En, &e.Person, &e.Reason, &e.Number,
			&proposed, &e.proposer, &e.ProposedBy, &decided, &e.DecidedBy, &e.Decision, &due, &replied, &e.RepliedBy, &e.Reply)
		e.ProposedAt, e.ReplyDue, e.DecidedAt, e.RepliedAt = store.Time(proposed), store.Time(due), store.MaybeTime(decided), store.MaybeTime(replied)
		e.Matters = []int64{}
		if err == nil && sees(&e) {
			out = append(out, e)
		}
		return err
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("read steps of the ladder: %w", err)
	}
	if len(out) == 0 {
		return out, nil
	}
	at := make(map[string]int, len(out))
	ids := make([]any, len(out))
	for i, e := range out {
		at[e.ID], ids[i] = i, e.ID
	}
	err = store.Each(ctx, q, `SELECT escalation_id, matter_id FROM escalation_matter WHERE escalation_id IN (`+store.Places(1, len(ids))+`) ORDER BY matter_id`, func(scan func(...any) error) error {
		var step string
		var id int64
		err := scan(&step, &id)
		out[at[step]].Matters = append(out[at[step]].Matters, id)
		return err
	}, ids...)
	if err != nil {
		return nil, fmt.Errorf("read the matters of steps: %w", err)
	}
	return out, nil
}

// toldOf is what a person reads of an error, where it is one that people read.
func toldOf(err error) (fault.Text, bool) {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind == fault.Unavailable {
		return fault.Text{}, false
	}
	t := f.Text
	for _, place := range f.Fields {
		t.Zh += "；" + place.Zh
		t.En += "; " + place.En
	}
	return t, true
}
