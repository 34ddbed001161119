package registry

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"
)

// ObjectDuty is one person's answering for one object in one role (责任落实), from an instant until another; the end does not belong
// to it. It is ended and never deleted.
type ObjectDuty struct {
	ID               int64           `json:"id"`
	Object           int64           `json:"object"`
	ObjectName       fault.Text      `json:"object_name"`
	ObjectKind       objectrule.Kind `json:"object_kind"`
	DivisionID       int64           `json:"-"`
	Division         string          `json:"division" doc:"Code of the object's division"`
	Role             objectrule.Role `json:"role"`
	Person           string          `json:"person"`
	Name             string          `json:"name"`
	Phone            Phone           `json:"phone,omitempty" doc:"Masked"`
	OrganisationName fault.Text      `json:"organisation_name" doc:"Of the person"`
	Since            time.Time       `json:"since"`
	Until            *time.Time      `json:"until,omitempty"`
	PhoneVerifiedAt  *time.Time      `json:"phone_verified_at,omitempty" doc:"When the telephone was last rung and answered"`
	TrainedAt        *time.Time      `json:"trained_at,omitempty"`
}

// NewDuty says who is to answer for an object.
type NewDuty struct {
	Role   objectrule.Role `json:"role" maxLength:"40"`
	Person string          `json:"person" maxLength:"36"`
	Since  *time.Time      `json:"since,omitempty" doc:"Now where it is left out"`
	Beside bool            `json:"beside,omitempty" doc:"Beside who has the role already, and not in their place"`
}

const selectDuty = `
	SELECT t.id, t.object_id, o.name_zh, o.name_en, o.kind, o.division_id, d.code, t.role, t.person_id, n.name, n.phone, g.name_zh, g.name_en,
		t.since, t.until, t.phone_verified_at, t.trained_at
	FROM object_duty t
	JOIN water_object o ON o.id = t.object_id
	JOIN division d ON d.id = o.division_id
	JOIN person n ON n.id = t.person_id
	JOIN organisation g ON g.id = n.organisation_id`

func scanDuty(row interface{ Scan(...any) error }) (ObjectDuty, error) {
	var t ObjectDuty
	var since int64
	var until, verified, trained *int64
	err := row.Scan(&t.ID, &t.Object, &t.ObjectName.Zh, &t.ObjectName.En, &t.ObjectKind, &t.DivisionID, &t.Division, &t.Role, &t.Person, &t.Name, (*string)(&t.Phone),
		&t.OrganisationName.Zh, &t.OrganisationName.En, &since, &until, &verified, &trained)
	t.Since, t.Until, t.PhoneVerifiedAt, t.TrainedAt = time.UnixMilli(since).UTC(), instant(until), instant(verified), instant(trained)
	return t, err
}

// DutyQuery filters duties; zero fields do not filter, but without scopes nothing is found.
type DutyQuery struct {
	Scopes []int64 // divisions whose subtrees may be seen
	Object int64
	Person string
	Role   objectrule.Role
	At     *time.Time // those that hold at this instant; all that ever held where nil
	Limit  int        // 200 where 0
}

// ObjectDuties lists who answered or answers for which object when, the newest of an object first.
func (s *Service) ObjectDuties(ctx context.Context, q DutyQuery) ([]ObjectDuty, error) {
	var c condition
	c.within("o.division_id", q.Scopes)
	if q.Object != 0 {
		c.add(" AND t.object_id = ?", q.Object)
	}
	if q.Person != "" {
		c.add(" AND t.person_id = ?", q.Person)
	}
	if q.Role != "" {
		c.add(" AND t.role = ?", string(q.Role))
	}
	if q.At != nil {
		c.dutyAt(*q.At)
	}
	if q.Limit <= 0 {
		q.Limit = pageMost
	}
	c.add(" ORDER BY t.object_id, t.since DESC, t.id LIMIT ?", q.Limit)
	list, err := gather(ctx, s.db, selectDuty+c.text.String(), c.args, scanDuty)
	if err != nil {
		return nil, fmt.Errorf("list duties: %w", err)
	}
	return list, nil
}

// dutyAt keeps the duties that hold at an instant.
func (c *condition) dutyAt(at time.Time) {
	c.add(" AND t.since <= ? AND (t.until IS NULL OR t.until > ?)", at.UnixMilli(), at.UnixMilli())
}

// judgeObjects adds the clock, who answers on a day, and what is wanting there. Of a day that is past, the last instant is asked.
func (s *Service) judgeObjects(ctx context.Context, rules objectrule.Rules, day hydrotime.Date, list []WaterObject) error {
	if len(list) == 0 {
		return nil
	}
	at := s.now()
	if end := day.End().Add(-time.Millisecond); end.Before(at) {
		at = end
	}
	where := make(map[int64]int, len(list))
	var c condition
	c.add(" WHERE t.object_id IN (-1")
	for i := range list {
		where[list[i].ID] = i
		c.add(", ?", list[i].ID)
	}
	c.add(")")
	c.dutyAt(at)
	c.add(" ORDER BY t.object_id, t.role, t.since, t.id")
	held, err := gather(ctx, s.db, selectDuty+c.text.String(), c.args, scanDuty)
	if err != nil {
		return fmt.Errorf("read who answers for objects: %w", err)
	}
	loads, err := s.loads(ctx, held, at)
	if err != nil {
		return err
	}
	holders := make([][]objectrule.Holder, len(list))
	for _, t := range held {
		i := where[t.Object]
		list[i].Duties = append(list[i].Duties, t)
		holders[i] = append(holders[i], objectrule.Holder{
			Role: t.Role, Person: t.Person, HasPhone: t.Phone != "", PhoneVerifiedOn: dayBefore(t.PhoneVerifiedAt, at), TrainedOn: dayBefore(t.TrainedAt, at),
			Objects: loads[load{t.Person, t.Role}],
		})
	}
	season := rules.SeasonStart(hydrotime.DateOf(at))
	for i := range list {
		o := &list[i]
		o.Judge(rules, day)
		if _, o.Demanded = rules.DemandOf(o.Kind); o.Demanded && o.RetiredAt == nil {
			o.Gaps = rules.Gaps(o.Kind, holders[i], season)
		}
	}
	return nil
}

// dayBefore is the day of an instant, nil where it lies after the instant asked about.
func dayBefore(t *time.Time, at time.Time) *hydrotime.Date {
	if t == nil || t.After(at) {
		return nil
	}
	d := hydrotime.DateOf(*t)
	return &d
}

// load is a person in a role.
type load struct {
	person string
	role   objectrule.Role
}

// loads counts for how many objects the people of some duties answer in each role.
func (s *Service) loads(ctx context.Context, held []ObjectDuty, at time.Time) (map[load]int, error) {
	out := map[load]int{}
	if len(held) == 0 {
		return out, nil
	}
	people := make([]string, 0, len(held))
	seen := map[string]bool{}
	for _, t := range held {
		if !seen[t.Person] {
			seen[t.Person] = true
			people = append(people, t.Person)
		}
	}
	var c condition
	c.add(" WHERE ")
	c.in("t.person_id", people)
	c.dutyAt(at)
	rows, err := s.db.QueryContext(ctx, `SELECT t.person_id, t.role, COUNT(DISTINCT t.object_id) FROM object_duty t`+c.text.String()+` GROUP BY t.person_id, t.role`, c.args...)
	if err != nil {
		return nil, fmt.Errorf("count the objects of people: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var l load
		var n int
		if err := rows.Scan(&l.person, &l.role, &n); err != nil {
			return nil, fmt.Errorf("count the objects of people: %w", err)
		}
		out[l] = n
	}
	return out, rows.Err()
}

type dutyDetail struct {
	Duty   int64           `json:"duty"`
	Role   objectrule.Role `json:"role"`
	Person string          `json:"person"`
	Name   string          `json:"name"`
	Since  *time.Time      `json:"since,omitempty"`
	Until  *time.Time      `json:"until,omitempty"`
	At     *time.Time      `json:"at,omitempty"`
}

// SetDuty lets a person answer for an object in a role from an instant on, in the place of who did until then, or beside them. The
// editor needs a say over the object, not over the person.
func (s *Service) SetDuty(ctx context.Context, tx *store.Tx, by Editor, object int64, n NewDuty) (int64, error) {
	o, err := objectBy(ctx, tx, object)
	if err != nil {
		return 0, err
	}
	if err := by.checkObject(o.DivisionID); err != nil {
		return 0, err
	}
	if !n.Role.Valid() {
		return 0, fault.Invalidf("duty.role", "没有这种责任人", "there is no such role").At("role", fault.T("无效", "not valid"))
	}
	p, err := personBy(ctx, tx, n.Person)
	if fault.Is(err, fault.NotFound) {
		return 0, fault.Invalidf("person.unknown", "没有这个人", "there is no such person").At("person", fault.T("不存在", "unknown"))
	}
	if err != nil {
		return 0, err
	}
	if o.RetiredAt != nil || p.RetiredAt != nil {
		return 0, fault.Conflictf("duty.retired", "对象或人员已停用，不能落实责任", "the object or the person is retired")
	}
	id, err := tx.Next(ctx, "object_duty", 1)
	if err != nil {
		return 0, err
	}
	since := s.now()
	if n.Since != nil {
		since = *n.Since
	}
	if err := s.note(ctx, tx, by, "object.duty_set", fmt.Sprint(object), o.DivisionID, dutyDetail{Duty: id, Role: n.Role, Person: p.ID, Name: p.Name, Since: &since}); err != nil {
		return 0, err
	}
	if err := s.makeRoom(ctx, tx, object, n, since); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO object_duty (id, object_id, role, person_id, since) VALUES ($1, $2, $3, $4, $5)`,
		id, object, string(n.Role), p.ID, since.UnixMilli())
	if store.IsUnique(err) {
		return 0, dutyTwice(p)
	}
	if err != nil {
		return 0, fmt.Errorf("set who answers for object %d: %w", object, err)
	}
	return id, nil
}

func dutyTwice(p Person) error {
	return fault.Conflictf("duty.twice", "%s 在此期间已是该责任人", "%s has this role at that time already", p.Name)
}

// makeRoom refuses a second answering of the same person and ends, where asked, what others have in the role.
func (s *Service) makeRoom(ctx context.Context, tx *store.Tx, object int64, n NewDuty, since time.Time) error {
	var same, later int
	err := tx.QueryRowContext(ctx, `
		SELECT COUNT(CASE WHEN person_id = $3 THEN 1 END), COUNT(CASE WHEN since >= $4 THEN 1 END)
		FROM object_duty WHERE object_id = $1 AND role = $2 AND (until IS NULL OR until > $4)`, object, string(n.Role), n.Person, since.UnixMilli()).Scan(&same, &later)
	switch {
	case err != nil:
		return fmt.Errorf("look for who answers for object %d: %w", object, err)
	case same > 0:
		p, err := personBy(ctx, tx, n.Person)
		if err != nil {
			return err
		}
		return dutyTwice(p)
	case n.Beside:
		return nil
	case later > 0:
		return fault.Conflictf("duty.later", "该角色已有不早于此时开始的责任人，请先解除", "somebody has the role from that instant or later; relieve them first")
	}
	_, err = tx.ExecContext(ctx, `UPDATE object_duty SET until = $1 WHERE object_id = $2 AND role = $3 AND (until IS NULL OR until > $1)`, since.UnixMilli(), object, string(n.Role))
	if err != nil {
		return fmt.Errorf("end who answered for object %d: %w", object, err)
	}
	return nil
}

// dutyBy reads a duty of an object that the editor may change.
func dutyBy(ctx context.Context, tx *store.Tx, by Editor, object, id int64) (ObjectDuty, error) {
	t, err := scanDuty(tx.QueryRowContext(ctx, selectDuty+` WHERE t.id = $1 AND t.object_id = $2`, id, object))
	if errors.Is(err, sql.ErrNoRows) {
		return t, fault.NotFoundf("duty.unknown", "没有这条责任人记录", "there is no such duty")
	}
	if err != nil {
		return t, fmt.Errorf("read duty %d: %w", id, err)
	}
	return t, by.checkObject(t.DivisionID)
}

// EndDuty ends a person's answering for an object at an instant.
func (s *Service) EndDuty(ctx context.Context, tx *store.Tx, by Editor, object, duty int64, until time.Time) error {
	t, err := dutyBy(ctx, tx, by, object, duty)
	if err != nil {
		return err
	}
	if err := s.note(ctx, tx, by, "object.duty_end", fmt.Sprint(object), t.DivisionID, dutyDetail{Duty: duty, Role: t.Role, Person: t.Person, Name: t.Name, Until: &until}); err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, `UPDATE object_duty SET until = $1 WHERE id = $2 AND (until IS NULL OR until > $1) AND since <= $1`, until.UnixMilli(), duty)
	if err != nil {
		return fmt.Errorf("end duty %d: %w", duty, err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return fmt.Errorf("end duty %d: %w", duty, err)
	}
	if n == 0 {
		return fault.Conflictf("duty.ended", "该责任已经解除，或开始得更晚", "the duty has ended already, or begins later")
	}
	return nil
}

// VerifyPhone writes down that a person's telephone was rung and answered at an instant: for this duty and for every other that the
// person has where the editor may write, since it is one telephone. It returns how many duties were marked.
func (s *Service) VerifyPhone(ctx context.Context, tx *store.Tx, by Editor, object, duty int64, at time.Time) (int, error) {
	return s.mark(ctx, tx, by, object, duty, "phone_verified_at", "object.duty_phone", at)
}

// MarkTrained writes down that a person was trained at an instant, for all duties as VerifyPhone does.
func (s *Service) MarkTrained(ctx context.Context, tx *store.Tx, by Editor, object, duty int64, at time.Time) (int, error) {
	return s.mark(ctx, tx, by, object, duty, "trained_at", "object.duty_trained", at)
}

func (s *Service) mark(ctx context.Context, tx *store.Tx, by Editor, object, duty int64, column, action string, at time.Time) (int, error) {
	t, err := dutyBy(ctx, tx, by, object, duty)
	if err != nil {
		return 0, err
	}
	now := s.now()
	if at.After(now) {
		return 0, fault.Invalidf("duty.future", "不能记将来的时间", "the instant lies in the future").At("at", fault.T("晚于现在", "later than now"))
	}
	if t.Until != nil && !t.Until.After(now) {
		return 0, fault.Conflictf("duty.ended", "该责任已经解除", "the duty has ended")
	}
	if column == "phone_verified_at" && t.Phone == "" {
		return 0, fault.Conflictf("duty.no_phone", "%s 没有登记电话，无从核实", "%s has no telephone number to be rung", t.Name)
	}
	if err := s.note(ctx, tx, by, action, fmt.Sprint(object), t.DivisionID, dutyDetail{Duty: duty, Role: t.Role, Person: t.Person, Name: t.Name, At: &at}); err != nil {
		return 0, err
	}
	all, err := gather(ctx, tx, selectDuty+` WHERE t.person_id = $1 AND (t.until IS NULL OR t.until > $2) ORDER BY t.id`, []any{t.Person, now.UnixMilli()}, scanDuty)
	if err != nil {
		return 0, fmt.Errorf("read the duties of %s: %w", t.Person, err)
	}
	n := 0
	for _, other := range all {
		if by.checkObject(other.DivisionID) != nil {
			continue
		}
		// A later mark is not put back by an earlier one that comes in late.
		_, err := tx.ExecContext(ctx, `UPDATE object_duty SET `+column+` = $1 WHERE id = $2 AND (`+column+` IS NULL OR `+column+` < $1)`, at.UnixMilli(), other.ID)
		if err != nil {
			return 0, fmt.Errorf("mark duty %d: %w", other.ID, err)
		}
		n++
	}
	return n, nil
}

// endDuties ends at an instant what holds then or would begin later, for an object_id or a person_id; the rows stay.
func endDuties(ctx context.Context, tx *store.Tx, column string, id any, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE object_duty SET until = CASE WHEN since > $1 THEN since ELSE $1 END WHERE `+column+` = $2 AND (until IS NULL OR until > $1)`, at.UnixMilli(), id)
	if err != nil {
		return fmt.Errorf("end the duties of %v: %w", id, err)
	}
	return nil
}
