package matter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/quantity"
	"anlan/internal/store"
)

// Escalation is one step of the ladder (提醒函 → 通报 → 约谈 → 督办 → 考核扣分) over one or more matters of a division: proposed by one person,
// approved by another, answered by the unit it is addressed to.
type Escalation struct {
	ID         string        `json:"id"`
	Edit       int64         `json:"edit"`
	Step       string        `json:"step" enum:"remind,notice,talk,supervise,deduct"`
	State      string        `json:"state" enum:"proposed,issued,refused,replied"`
	Division   int64         `json:"-"`
	Keeper     int64         `json:"-"`
	Line       string        `json:"line"`
	Unit       string        `json:"unit"`
	UnitName   fault.Text    `json:"unit_name"`
	Person     string        `json:"person,omitempty"`
	PersonName string        `json:"person_name,omitempty"`
	Reason     string        `json:"reason"`
	Number     string        `json:"number,omitempty" doc:"Number of the document, from the approval on"`
	ProposedAt time.Time     `json:"proposed_at"`
	ProposedBy string        `json:"proposed_by"`
	DecidedAt  *time.Time    `json:"decided_at,omitempty"`
	DecidedBy  string        `json:"decided_by,omitempty"`
	Decision   string        `json:"decision,omitempty"`
	Asks       bool          `json:"asks_reply" doc:"Whether a reply is asked for; reply_due says nothing where not"`
	ReplyDue   time.Time     `json:"reply_due"`
	RepliedAt  *time.Time    `json:"replied_at,omitempty"`
	RepliedBy  string        `json:"replied_by,omitempty"`
	Reply      string        `json:"reply,omitempty"`
	Matters    []int64       `json:"matters"`
	Late       bool          `json:"late" doc:"It is issued, and the time for the reply has passed without one, or the reply came after it"`
	DaysLate   int           `json:"days_late" doc:"Days past the last one for the reply, to this day or to that of the reply; 0 in time"`
	Approver   string        `json:"approver,omitempty" doc:"Role that the rules in force let decide; empty for whoever may approve"`
	Points     quantity.Null `json:"points" doc:"Taken off the assessment by it, as the rules said when it was issued"`
	May        string        `json:"may,omitempty" enum:"decide,reply" doc:"What the person who asks may do with it now"`
	Every      int           `json:"report_every_days" doc:"How often progress is reported after the reply, until its matters rest; 0 for never"`
	Reports    []StepReport  `json:"reports"`
	ReportDue  *time.Time    `json:"report_due,omitempty" doc:"The end of the last day for the next report"`
	ReportLate bool          `json:"report_late"`

	proposer string
	live     bool // any of its matters lives
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
	ReplyDue time.Time `json:"reply_due,omitempty" doc:"An earlier time than the rules give for the reply; theirs where left out or later"`
}

// Propose puts a step before whoever may approve it. Nothing leaves the house by this.
func (s *Service) Propose(ctx context.Context, p *identity.Principal, n Proposal) (string, error) {
	name, ok := stepName(n.Step)
	if !ok {
		return "", fault.Invalidf("ladder.step", "没有这一级措施", "no such step of the ladder")
	}
	rung, err := s.rung(ctx, n.Step)
	if err != nil {
		return "", err
	}
	if n.ReplyDue.IsZero() && rung != nil {
		n.ReplyDue = rung.replyBy(s.now())
	}
	if strings.TrimSpace(n.Reason) == "" || !n.ReplyDue.After(s.now()) {
		return "", fault.Invalidf("ladder.needs", "须写明事由和此刻之后的答复时限", "give a reason and a time for the reply that lies in the future")
	}
	n.Matters = slices.Compact(slices.Sorted(slices.Values(n.Matters))) // a matter that is chosen twice stands in it once
	id := store.NewID()
	err = s.db.Write(ctx, func(tx *store.Tx) error {
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
		if n.Person, err = rung.target(ctx, tx, n, head, s.now()); err != nil {
			return err
		}
		if err := s.onRecord(ctx, tx, &Matter{Unit: n.Unit, Person: n.Person, Division: head.Division, Keeper: head.Keeper, Object: head.Object}); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO escalation (id, edit, step, state, division_id, keeper_id, line, unit_id, person_id, reason, proposed_at, proposed_by, proposed_name, reply_due_at, asks)
			VALUES ($1, 1, $2, 'proposed', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
			id, n.Step, head.Division, head.Keeper, head.Line, n.Unit, store.MaybeText(n.Person), n.Reason, s.now().UnixMilli(), p.Account(), p.Name(), n.ReplyDue.UnixMilli(), store.Flag(rung.asks()))
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
		if m.Division != head.Division || m.Keeper != head.Keeper || m.Line != head.Line {
			return nil, fault.Invalidf("ladder.mixed", "一份文书只能针对同一区划、同一业务线的事项", "one document concerns the matters of one division and one line of work")
		}
		if m.Veiled {
			return nil, errVeiled(m)
		}
		if !m.State.Live() {
			return nil, errEnded(m)
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

// errEnded refuses a step over what is at rest.
func errEnded(m *Matter) error {
	return fault.Conflictf("ladder.ended", "事项 %s 已办结", "matter %s is at rest", m.Number)
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
	rungs, err := s.rungs(ctx) // before the transaction, which reads nothing beside itself
	if err != nil {
		return err
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
		rung, dropped := rungOf(rungs, e.Step)
		if dropped != nil && approve { // it can still be refused
			return dropped
		}
		if err := rung.lets(p, e); err != nil {
			return err
		}
		if e.proposer == p.Account() {
			return fault.Forbiddenf("matter.another", "不能审批自己提出的措施", "nobody approves what they proposed")
		}
		state, number, place := "refused", "", e.Keeper // what was refused never left the keeper's house
		if approve {
			place = e.Division
			e.Asks, e.ReplyDue, e.Points = rung.asks(), rung.replyDue(s.now(), e), rung.points()
			e.Every = rung.every()
			if e.Asks && !e.ReplyDue.After(s.now()) {
				return fault.Conflictf("ladder.reply_past", "拟定的答复时限已过，请不同意并重新提出", "the time for the reply has passed while it waited: refuse it and propose it again")
			}
			if state, number, err = s.issue(ctx, tx, p, e); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE escalation SET state = $1, edit = edit + 1, number = $2, decided_at = $3, decided_name = $4, decision = $5, reply_due_at = $6, asks = $7, points = $8, report_every = $9 WHERE id = $10`,
			state, number, s.now().UnixMilli(), p.Name(), words, e.ReplyDue.UnixMilli(), store.Flag(e.Asks), stored(e.Points), e.Every, id)
		if err != nil {
			return fmt.Errorf("decide step %s: %w", id, err)
		}
		return s.noteStep(ctx, tx, p.Actor(), "escalation."+state, id, place, map[string]any{"number": number, "words": words, "points": e.Points})
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
		if !m.State.Live() { // it came to rest while the step waited: no letter goes out about it
			return "", "", errEnded(m)
		}
		if !p.Can(identity.MatterApprove, m.Line, m.Keeper) { // what was proposed once over several lines
			return "", "", fault.Forbiddenf("ladder.approve", "您不能审批此措施", "it is not for you to approve this step")
		}
		m.Edit++
		m.Step = higher(m.Step, e.Step)
		if err := s.touch(ctx, tx, p.Actor(), m, "escalate", e.Reason, e.told(number)); err != nil {
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

// Reply records what the unit addressed answers. A late reply is still late: both times stand. What comes after the reply to a step under
// which progress is reported is a report.
func (s *Service) Reply(ctx context.Context, p *identity.Principal, id string, edit int64, words string) error {
	if strings.TrimSpace(words) == "" {
		return fault.Invalidf("ladder.reply", "答复不能为空", "a reply is not empty")
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := queue(ctx, tx); err != nil {
			return err
		}
		e, err := s.step(ctx, tx, p, id, edit, "issued", "replied")
		if err != nil {
			return err
		}
		if !e.Asks {
			return fault.Conflictf("ladder.unasked", "此措施不要求答复", "this step asks for no reply")
		}
		if !p.Can(identity.MatterAnswer, e.Line, e.Division) {
			return fault.Forbiddenf("ladder.answer", "您不能答复此文书", "it is not for you to reply")
		}
		if e.State == "replied" {
			err = s.report(ctx, tx, p, e, words)
		} else {
			_, err = tx.ExecContext(ctx, `UPDATE escalation SET state = 'replied', edit = edit + 1, reply = $1, replied_at = $2, replied_name = $3 WHERE id = $4`,
				words, s.now().UnixMilli(), p.Name(), id)
		}
		if err != nil {
			return fmt.Errorf("reply to step %s: %w", id, err)
		}
		return s.noteStep(ctx, tx, p.Actor(), "escalation.reply", id, e.Division, map[string]any{"words": words})
	})
}

// step reads a step that stands in one of some states and that the person may see.
func (s *Service) step(ctx context.Context, tx *store.Tx, p *identity.Principal, id string, edit int64, states ...string) (*Escalation, error) {
	list, err := escalations(ctx, tx, ` WHERE e.id = $1`, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 || !list[0].sees(p) {
		return nil, fault.NotFoundf("ladder.unknown", "没有这份文书，或不在您的权限范围内", "there is no such step, or it is outside your scope")
	}
	e := &list[0]
	if !slices.Contains(states, e.State) || edit != 0 && edit != e.Edit {
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
func (e *Escalation) open(p *identity.Principal, now time.Time, rungs []Rung) {
	e.late(now)
	e.reporting(now)
	rung, _ := rungOf(rungs, e.Step)
	if rung != nil {
		e.Approver = rung.Approver
	}
	switch {
	case e.State == "proposed" && e.proposer != p.Account() && p.Can(identity.MatterApprove, e.Line, e.Keeper) && rung.lets(p, e) == nil:
		e.May = "decide"
	case (e.State == "issued" || e.ReportDue != nil) && e.Asks && p.Can(identity.MatterAnswer, e.Line, e.Division):
		e.May = "reply"
	}
}

// late tells whether the reply is past its time: it has not come by now, or came after.
func (e *Escalation) late(now time.Time) {
	end := now
	if e.RepliedAt != nil {
		end = *e.RepliedAt
	}
	if e.Late = e.Asks && (e.State == "issued" || e.State == "replied") && !end.Before(e.ReplyDue); e.Late {
		e.DaysLate = hydrotime.DateOf(e.ReplyDue.Add(-1)).DaysUntil(hydrotime.DateOf(end))
	}
}

// Unanswered is the state to ask for where only those count that were issued and not answered in time, or under which a report is late.
const Unanswered = "unanswered"

// EscalationQuery asks for steps of the ladder; zero fields do not filter.
type EscalationQuery struct {
	State string // or Unanswered
	May   string // what the person may do with it: decide or reply; then those whose reply is due first come first
	Skip  int    // how many of them were read before
	Limit int
}

// Escalations lists steps that a person may see, the newest first, and how many there are in all.
func (s *Service) Escalations(ctx context.Context, p *identity.Principal, f EscalationQuery) ([]Escalation, int, error) {
	rungs, err := s.rungs(ctx)
	if err != nil {
		return nil, 0, err
	}
	where, args := ` WHERE $1 = '' OR e.state = $1`, []any{f.State}
	if f.State == Unanswered { // whether a report is late is told by what is read with a step
		where, args = ` WHERE e.asks = 1 AND (e.state = 'issued' AND e.reply_due_at <= $1 OR e.state = 'replied' AND e.report_every > 0)`, []any{s.now().UnixMilli()}
	}
	list, err := heads(ctx, s.db, where, func(e *Escalation) bool { return e.sees(p) }, args...)
	if err != nil {
		return nil, 0, err
	}
	if f.State != Unanswered && f.May == "" { // only a page of them is read whole
		page := pageOf(list, f.Skip, f.Limit)
		err := fillSteps(ctx, s.db, page)
		for i := range page {
			page[i].open(p, s.now(), rungs)
		}
		return page, len(list), err
	}
	if err := fillSteps(ctx, s.db, list); err != nil {
		return nil, 0, err
	}
	for i := range list {
		list[i].open(p, s.now(), rungs)
	}
	list = slices.DeleteFunc(list, func(e Escalation) bool {
		return f.State == Unanswered && e.State != "issued" && !e.ReportLate || f.May != "" && e.May != f.May
	})
	if f.May != "" {
		slices.SortStableFunc(list, func(a, b Escalation) int { return a.ReplyDue.Compare(b.ReplyDue) })
	}
	return pageOf(list, f.Skip, f.Limit), len(list), nil
}

// pageOf is a page of a list, never nil.
func pageOf[T any](list []T, skip, limit int) []T {
	skip = min(skip, len(list))
	return append([]T{}, list[skip:min(len(list), skip+limit)]...)
}

func escalationsOf(ctx context.Context, q store.Querier, matter int64) ([]Escalation, error) {
	return escalations(ctx, q, ` WHERE e.id IN (SELECT escalation_id FROM escalation_matter WHERE matter_id = $1)`, matter)
}

// escalations reads the steps that meet a condition whole, the newest first.
func escalations(ctx context.Context, q store.Querier, where string, args ...any) ([]Escalation, error) {
	list, err := heads(ctx, q, where, func(*Escalation) bool { return true }, args...)
	if err != nil {
		return nil, err
	}
	return list, fillSteps(ctx, q, list)
}

// heads reads the steps that meet a condition and that may be seen, the newest first, without their matters and reports.
func heads(ctx context.Context, q store.Querier, where string, sees func(*Escalation) bool, args ...any) ([]Escalation, error) {
	out := []Escalation{}
	err := store.Each(ctx, q, `
		SELECT e.id, e.edit, e.step, e.state, e.division_id, e.keeper_id, e.line, e.unit_id, o.name_zh, o.name_en, COALESCE(e.person_id, ''), COALESCE(w.name, ''), e.reason, e.number,
			e.proposed_at, e.proposed_by, e.proposed_name, e.decided_at, e.decided_name, e.decision, e.asks, e.points, e.report_every, e.reply_due_at, e.replied_at, e.replied_name, e.reply
		FROM escalation e JOIN organisation o ON o.id = e.unit_id LEFT JOIN person w ON w.id = e.person_id`+where+` ORDER BY e.proposed_at DESC, e.id DESC`, func(scan func(...any) error) error {
		var e Escalation
		var proposed, due int64
		var decided, replied, points sql.NullInt64
		err := scan(&e.ID, &e.Edit, &e.Step, &e.State, &e.Division, &e.Keeper, &e.Line, &e.Unit, &e.UnitName.Zh, &e.UnitName.En, &e.Person, &e.PersonName, &e.Reason, &e.Number,
			&proposed, &e.proposer, &e.ProposedBy, &decided, &e.DecidedBy, &e.Decision, &e.Asks, &points, &e.Every, &due, &replied, &e.RepliedBy, &e.Reply)
		e.ProposedAt, e.ReplyDue, e.DecidedAt, e.RepliedAt = store.Time(proposed), store.Time(due), store.MaybeTime(decided), store.MaybeTime(replied)
		e.Points = quantity.Null{Decimal: quantity.Decimal(points.Int64), Valid: points.Valid}
		e.Matters, e.Reports = []int64{}, []StepReport{}
		if err == nil && sees(&e) {
			out = append(out, e)
		}
		return err
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("read steps of the ladder: %w", err)
	}
	return out, nil
}

// stepsAtOnce is of how many steps the matters and the reports are read with one statement.
const stepsAtOnce = 500

// fillSteps reads the matters of steps, and what was reported under them, into them.
func fillSteps(ctx context.Context, q store.Querier, list []Escalation) error {
	for some := range slices.Chunk(list, stepsAtOnce) {
		at := make(map[string]int, len(some))
		ids := make([]any, len(some))
		for i, e := range some {
			at[e.ID], ids[i] = i, e.ID
		}
		in := ` WHERE e.id IN (` + store.Places(1, len(ids)) + `)`
		err := store.Each(ctx, q, `SELECT em.escalation_id, em.matter_id, m.live FROM escalation_matter em JOIN escalation e ON e.id = em.escalation_id JOIN matter m ON m.id = em.matter_id`+in+` ORDER BY em.matter_id`, func(scan func(...any) error) error {
			var step string
			var id int64
			var live bool
			err := scan(&step, &id, &live)
			if i, ok := at[step]; ok {
				some[i].Matters, some[i].live = append(some[i].Matters, id), some[i].live || live
			}
			return err
		}, ids...)
		if err != nil {
			return fmt.Errorf("read the matters of steps: %w", err)
		}
		if err := reportsOf(ctx, q, some, at, in, ids); err != nil {
			return err
		}
	}
	return nil
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
