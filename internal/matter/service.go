package matter

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// Change says that a matter was opened or moved.
type Change struct {
	ID       int64
	Line     string
	Division int64
	// Seen is the permission and division that let a person hear of it.
	Permission identity.Permission
	At         int64
}

// Options of New.
type Options struct {
	Store    *store.DB
	Registry *registry.Service
	Log      *slog.Logger
	Now      func() time.Time
	// Changed hears of every change after its commit; it must not block.
	Changed func(Change)
	// Lines are the lines of work that there are; any where absent.
	Lines func(ctx context.Context) ([]string, error)
	// SweepFrom is the severity from which a closed finding or hazard opens a sweep (举一反三); 严重 where 0.
	SweepFrom Severity
	// Terms are the days of those who only look or decide; it is asked before each move, and the usual ones count where absent.
	Terms func(ctx context.Context, q store.Querier) (Terms, error)
	// Rungs are the steps of the ladder in force, nil where none is: then whoever may approve decides, and the reply is due as proposed.
	Rungs func(ctx context.Context) ([]Rung, error)
}

// Service opens, moves and lists matters; its methods may be called from many goroutines.
type Service struct {
	db      *store.DB
	reg     *registry.Service
	log     *slog.Logger
	now     func() time.Time
	changed func(Change)
	sweep   Severity
	terms   func(ctx context.Context, q store.Querier) (Terms, error)
	rungs   func(ctx context.Context) ([]Rung, error)
	lines   func(ctx context.Context) ([]string, error)
	roster  *roster
}

// New makes the service.
func New(o Options) *Service {
	s := &Service{db: o.Store, reg: o.Registry, log: o.Log, now: o.Now, changed: o.Changed, sweep: o.SweepFrom, terms: o.Terms, rungs: o.Rungs, lines: o.Lines, roster: newRoster(o.Store)}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.changed == nil {
		s.changed = func(Change) {}
	}
	if s.terms == nil {
		s.terms = func(context.Context, store.Querier) (Terms, error) { return Terms{}, nil }
	}
	if s.rungs == nil {
		s.rungs = func(context.Context) ([]Rung, error) { return nil, nil }
	}
	if s.sweep == 0 {
		s.sweep = Serious
	}
	s.roster.told = func(rows int) { s.log.Info("reading matters", "rows", rows) }
	return s
}

// NewMatter is what is said of a matter when it is opened.
type NewMatter struct {
	Client           string // made by the sender; a second one with the same id is the first
	Kind             Kind
	Line             string
	Division, Keeper int64
	Veiled           bool
	Object           int64
	Source, SourceID string
	Cause            string
	Item             string
	Title            fault.Text
	Detail, Basis    string
	Severity         Severity
	Origin           Origin
	Points           quantity.Null
	Place            Place
	Unit, Person     string // where absent: the bureau of the division, and nobody yet
	Found            time.Time
	Due              time.Time
	Missed           bool
}

// Said refuses what nobody may say of a new matter: a line of work that is none, a deadline that has passed, a day of finding still to
// come, one or the other further away than the terms let it be. What rules open is not said by anybody. It reads through the store, so it is asked before the transaction that opens the matter.
func (s *Service) Said(ctx context.Context, n *NewMatter) error {
	bad := fault.Invalidf("matter.invalid", "事项内容有误", "the matter is not valid")
	if err := s.knows(ctx, n.Line, bad); err != nil {
		return err
	}
	terms, err := s.terms(ctx, s.db)
	if err != nil {
		return err
	}
	now := s.now()
	if !n.Due.After(now) {
		bad.At("due", fault.T("时限须在此刻之后", "a deadline lies in the future"))
	}
	if longest := terms.after(now, Terms.longest); n.Due.After(longest) {
		bad.At("due", tooFar(longest, terms))
	}
	if n.Found.After(now) {
		bad.At("found", fault.T("发现时间不能晚于此刻", "it cannot have been found after now"))
	}
	if first := terms.foundFrom(now); !n.Found.IsZero() && n.Found.Before(first.Start()) {
		bad.At("found", fault.Tf("发现时间不能早于 %s", "it was found on %s at the earliest", first))
	}
	return told(bad)
}

// knows says at its place of a fault where a line of work is none.
func (s *Service) knows(ctx context.Context, line string, bad *fault.Error) error {
	if s.lines == nil {
		return nil
	}
	lines, err := s.lines(ctx)
	if err == nil && !slices.Contains(lines, line) {
		bad.At("line", fault.Tf("没有业务线“%s”", "there is no line of work %q", line))
	}
	return err
}

const (
	titleMost  = 200
	detailMost = 4000
)

func (n *NewMatter) check() error {
	bad := fault.Invalidf("matter.invalid", "事项内容有误", "the matter is not valid")
	if t := strings.TrimSpace(n.Title.Zh); t == "" || utf8.RuneCountInString(t) > titleMost {
		bad.At("title", fault.Tf("标题必填，至多 %d 字", "a title of at most %d characters is required", titleMost))
	}
	if utf8.RuneCountInString(n.Detail) > detailMost {
		bad.At("detail", fault.Tf("至多 %d 字", "at most %d characters", detailMost))
	}
	if n.Due.IsZero() {
		bad.At("due", fault.T("须有时限", "a deadline is required"))
	}
	if n.Line == "" {
		bad.At("line", fault.T("须指明业务线", "name the line of work"))
	}
	if n.Severity < Ungraded || n.Severity > Grave {
		bad.At("severity", fault.T("等级无效", "not a severity"))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Open opens a matter within the caller's transaction; whether the caller may is the caller's business. Sent twice with one client
// id, or for a cause that has a live matter, it gives the one that stands and false.
func (s *Service) Open(ctx context.Context, tx *store.Tx, by identity.Actor, n NewMatter) (*Matter, bool, error) {
	if err := n.check(); err != nil {
		return nil, false, err
	}
	rev, err := lock(ctx, tx)
	if err != nil {
		return nil, false, err
	}
	if n.Client == "" {
		n.Client = store.NewID()
	}
	if m, err := standing(ctx, tx, n); err != nil || m != nil {
		return m, false, err
	}
	m, err := s.fresh(ctx, tx, n)
	if err != nil {
		return nil, false, err
	}
	if _, err := tx.ExecContext(ctx, insertMatter, m.values(rev)...); err != nil {
		return nil, false, fmt.Errorf("open a matter: %w", err)
	}
	if m.Recurs != 0 {
		if err := link(ctx, tx, m.ID, m.Recurs, "recurs", m.Opened); err != nil {
			return nil, false, err
		}
	}
	if err := s.note(ctx, tx, by, nil, m, "open", "", map[string]any{"due": m.Due, "unit": m.Unit}); err != nil || m.Veiled {
		return m, true, err
	}
	return m, true, s.recurAfter(ctx, tx, by, m.ID) // what was found later may have been put down first
}

func standing(ctx context.Context, tx *store.Tx, n NewMatter) (*Matter, error) {
	var id int64
	err := tx.QueryRowContext(ctx, `
		SELECT COALESCE(MIN(id), 0) FROM matter WHERE client_id = $1 OR (live = 1 AND cause = $2)`, n.Client, store.MaybeText(n.Cause)).Scan(&id)
	if err != nil {
		return nil, fmt.Errorf("look for the matter that stands: %w", err)
	}
	if id == 0 {
		return nil, nil
	}
	return read(ctx, tx, id)
}

func (s *Service) fresh(ctx context.Context, tx *store.Tx, n NewMatter) (*Matter, error) {
	now := s.now()
	if n.Found.IsZero() {
		n.Found = now
	}
	id, err := tx.Next(ctx, "matter", 1)
	if err != nil {
		return nil, err
	}
	year := hydrotime.DateOf(n.Found).Year
	serial, err := tx.Next(ctx, fmt.Sprintf("matter.%d", year), 1)
	if err != nil {
		return nil, err
	}
	m := &Matter{
		ID: id, Edit: 1, Client: n.Client, Number: fmt.Sprintf("%d-%06d", year, serial), Kind: n.Kind, Line: n.Line, Division: n.Division, Keeper: n.Keeper,
		Veiled: n.Veiled, Object: n.Object, Source: n.Source, SourceID: n.SourceID, Cause: n.Cause, Item: n.Item, Title: n.Title, Detail: n.Detail, Basis: n.Basis,
		Severity: n.Severity, Origin: n.Origin, Points: n.Points, Place: n.Place, Unit: n.Unit, Person: n.Person, Found: n.Found, Opened: now, Due: n.Due,
		Missed: n.Missed, Changed: now,
	}
	if m.Unit == "" {
		if m.Unit, err = bureauOf(ctx, tx, m.Division); err != nil {
			return nil, err
		}
	}
	if err := s.onRecord(ctx, tx, m); err != nil {
		return nil, err
	}
	m.State = firstState(m)
	switch m.State {
	case Found:
		m.ConfirmDue = m.Due
	case Assigned:
		m.Assigned = &now
		fallthrough
	default:
		m.OriginalDue = m.Due
	}
	if m.Object != 0 && m.Item != "" {
		if m.Recurs, err = earlier(ctx, tx, m); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// onRecord refuses an object that lies elsewhere, and a unit or a person who cannot answer for the matter.
func (s *Service) onRecord(ctx context.Context, q store.Querier, m *Matter) error {
	bad := fault.Invalidf("matter.record", "事项引用的单位、人员或对象有误", "the unit, the person or the object of the matter is not right")
	if err := owner(ctx, q, m, m.Keeper, s.now(), bad); err != nil {
		return err
	}
	var objects int
	err := q.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM water_object o JOIN division_closure c ON c.descendant_id = o.division_id WHERE o.id = $1 AND c.ancestor_id = $2`, m.Object, m.Division).Scan(&objects)
	if err != nil {
		return fmt.Errorf("look for the object of a matter: %w", err)
	}
	if m.Object != 0 && objects == 0 {
		bad.At("object", fault.T("该区划内没有这个对象", "the division has no such object"))
	}
	return told(bad)
}

// firstState is where a matter begins: what was found waits for the other side's word, what rests on figures does not.
func firstState(m *Matter) State {
	switch {
	case m.Kind == Finding || m.Kind == Hazard:
		return Found
	case m.Person != "":
		return Assigned
	}
	return Confirmed
}

// bureauOf is the unit that answers for a division where nobody else is named: its own, or for a town or a village that of the nearest
// division above that has one, up to its county. The city does not answer for what a county is behind with.
func bureauOf(ctx context.Context, q store.Querier, division int64) (string, error) {
	var unit string
	err := q.QueryRowContext(ctx, `
		SELECT COALESCE((SELECT o.id FROM organisation o JOIN division_closure c ON c.ancestor_id = o.division_id JOIN division d ON d.id = c.ancestor_id
		WHERE c.descendant_id = $1 AND (c.depth = 0 OR d.level IN ('county', 'town', 'village')) AND o.retired_at IS NULL
		ORDER BY c.depth, CASE o.kind WHEN 'bureau' THEN 0 WHEN 'government' THEN 1 ELSE 2 END, o.sort, o.id LIMIT 1), '')`, division).Scan(&unit)
	if err != nil {
		return "", fmt.Errorf("find the bureau of division %d: %w", division, err)
	}
	if unit == "" {
		return "", fault.Invalidf("matter.unit", "该区划及其所在县没有登记任何单位，请先登记责任单位", "neither the division nor its county has an organisation on record: add the unit that answers first")
	}
	return unit, nil
}

func link(ctx context.Context, tx *store.Tx, from, to int64, kind string, when time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO matter_link (from_id, to_id, kind, at) VALUES ($1, $2, $3, $4) ON CONFLICT (from_id, to_id, kind) DO NOTHING`, from, to, kind, when.UnixMilli())
	if err != nil {
		return fmt.Errorf("link matter %d to %d: %w", from, to, err)
	}
	return nil
}

// note writes the event and the audit entry of a change, and tells of it after the commit. A veiled matter's entry lies with its
// keeper, so that no auditor of the inspected side meets it.
func (s *Service) note(ctx context.Context, tx *store.Tx, by identity.Actor, was, m *Matter, move Move, reason string, detail map[string]any) error {
	from := State("")
	if was != nil {
		from = was.State
	}
	body, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("encode the event of matter %d: %w", m.ID, err)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO matter_event (matter_id, seq, at, actor_id, actor_name, move, from_state, to_state, reason, detail)
		VALUES ($1, (SELECT COALESCE(MAX(e.seq), 0) + 1 FROM matter_event e WHERE e.matter_id = $1), $2, $3, $4, $5, $6, $7, $8, $9)`,
		m.ID, m.Changed.UnixMilli(), by.ID, by.Name, string(move), string(from), string(m.State), reason, string(body))
	if err != nil {
		return fmt.Errorf("write the event of matter %d: %w", m.ID, err)
	}
	place := m.Division
	if m.Veiled {
		place = m.Keeper
	}
	err = audit.Append(ctx, tx, audit.Entry{
		At: m.Changed, Actor: by, Action: "matter." + string(move), ObjectKind: "matter", ObjectID: fmt.Sprint(m.ID), DivisionID: &place,
		Detail: map[string]any{"number": m.Number, "from": from, "to": m.State, "reason": reason, "detail": detail},
	})
	tx.AfterCommit(func() { s.changed(changeOf(m)) })
	return err
}

func changeOf(m *Matter) Change {
	c := Change{ID: m.ID, Line: m.Line, Division: m.Division, Permission: identity.MatterRead, At: m.Division}
	if m.Veiled {
		c.Permission, c.At = identity.InspectionRead, m.Keeper
	}
	return c
}

// Sees reports whether a person may know of a matter.
func (m *Matter) Sees(p *identity.Principal) bool {
	return p.Can(identity.MatterRead, m.Line, m.Division) && (!m.Veiled || p.Can(identity.InspectionRead, m.Line, m.Keeper))
}

// mayMove says whether a person may act for a side.
func (m *Matter) mayMove(p *identity.Principal, side Side) bool {
	switch side {
	case Program:
		return false
	case Keeps, Looks:
		return p.Can(side.Permission(), m.Line, m.Keeper)
	}
	return p.Can(side.Permission(), m.Line, m.Division)
}

// Move makes one move of a person.
func (s *Service) Move(ctx context.Context, p *identity.Principal, id int64, a Act) (*Matter, error) {
	terms, err := s.terms(ctx, s.db) // before the transaction, which reads nothing beside itself
	if err != nil {
		return nil, err
	}
	var out *Matter
	err = s.db.Write(ctx, func(tx *store.Tx) (err error) {
		out, err = s.moveIn(ctx, tx, p, id, a, terms)
		return err
	})
	return out, err
}

// MoveIn is Move within the caller's transaction, by the usual terms.
func (s *Service) MoveIn(ctx context.Context, tx *store.Tx, p *identity.Principal, id int64, a Act) (*Matter, error) {
	return s.moveIn(ctx, tx, p, id, a, Terms{})
}

func (s *Service) moveIn(ctx context.Context, tx *store.Tx, p *identity.Principal, id int64, a Act, terms Terms) (*Matter, error) {
	l, ok := LegalOf(a.Move)
	if !ok {
		return nil, fault.Invalidf("matter.move", "没有“%s”这个动作", "there is no move %q", a.Move)
	}
	rev, err := lock(ctx, tx)
	if err != nil {
		return nil, err
	}
	m, err := read(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !m.Sees(p) {
		return nil, errUnknown()
	}
	if !m.mayMove(p, l.Side) {
		return nil, fault.New(fault.Forbidden, "matter.side", fault.T("您不能在此事项上"+l.Name.Zh, "it is not for you to "+l.Name.En))
	}
	if a.Edit != 0 && a.Edit != m.Edit {
		return nil, fault.Conflictf("matter.stale", "已被他人办理，未保存", "somebody else moved it meanwhile; nothing was saved").With(m.Number)
	}
	return s.move(ctx, tx, rev, p, m, a, terms)
}

// move makes a move whose permission was asked before; p is nil for the program.
func (s *Service) move(ctx context.Context, tx *store.Tx, rev int64, p *identity.Principal, m *Matter, a Act, terms Terms) (*Matter, error) {
	f, err := s.facts(ctx, tx, p, m, terms)
	if err != nil {
		return nil, err
	}
	n, err := m.Next(a, f)
	if err != nil {
		return nil, err
	}
	by := identity.Actor{}
	if p != nil {
		by = p.Actor()
	}
	if a.Move == Assign {
		if err := s.fits(ctx, tx, p, &n); err != nil {
			return nil, err
		}
	}
	if err := alone(ctx, tx, m, &n); err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, updateMatter, n.changing(rev)...); err != nil {
		return nil, fmt.Errorf("move matter %d: %w", m.ID, err)
	}
	if err := s.note(ctx, tx, by, m, &n, a.Move, a.Reason, differences(m, &n, a)); err != nil {
		return nil, err
	}
	switch {
	case a.Move == Close && s.sweeps(&n):
		err = s.openSweep(ctx, tx, by, &n, terms)
	case a.Move == Dismiss:
		err = s.recurWithout(ctx, tx, by, n.ID)
	}
	return &n, err
}

// alone refuses to take a matter up again whose cause a rule has opened anew since: a cause has one live matter.
func alone(ctx context.Context, q store.Querier, was, n *Matter) error {
	if !n.State.Live() {
		return nil
	}
	number, err := newerOf(ctx, q, was)
	if err != nil {
		return err
	}
	if number != "" {
		return fault.Conflictf("matter.cause", "同一原因已另立事项 %[1]s，请在该事项上办理", "matter %[1]s stands for the same cause by now: go on with that one", number)
	}
	return nil
}

// newerOf is the number of the live matter that stands for the cause of one at rest, "" where there is none.
func newerOf(ctx context.Context, q store.Querier, m *Matter) (number string, err error) {
	if m.Cause == "" || m.State.Live() {
		return "", nil
	}
	err = q.QueryRowContext(ctx, `SELECT COALESCE(MAX(number), '') FROM matter WHERE live = 1 AND cause = $1 AND id <> $2`, m.Cause, m.ID).Scan(&number)
	if err != nil {
		return "", fmt.Errorf("look for a newer matter of cause %s: %w", m.Cause, err)
	}
	return number, nil
}

// sweeps says whether the close of a matter makes its county look elsewhere. What a sweep found does not: the county is looking there
// for the same item already.
func (s *Service) sweeps(m *Matter) bool {
	return (m.Kind == Finding || m.Kind == Hazard) && m.Severity >= s.sweep && m.Object != 0 && m.Item != "" && m.Source != "sweep"
}

// differences tells what a move changed besides the state.
func differences(was, n *Matter, a Act) map[string]any {
	d := map[string]any{}
	if !was.Due.Equal(n.Due) {
		d["due_before"], d["due"] = was.Due, n.Due
	}
	if was.Unit != n.Unit || was.Person != n.Person || a.Move == Assign {
		d["unit"], d["person"] = n.Unit, n.Person
	}
	if was.Measures != n.Measures {
		d["measures"] = n.Measures
	}
	if a.Move == AskMore {
		d["asked_due"] = a.Due
	}
	if a.Way != "" {
		d["way"] = a.Way
	}
	return d
}

// Unveil lets everybody in scope see what came from a source, within the caller's transaction: the inspection is done. The sweeps over what
// was closed meanwhile come to light with it, and what they found; the county has its days for them from now on.
func (s *Service) Unveil(ctx context.Context, tx *store.Tx, by identity.Actor, source, id string) error {
	if err := queue(ctx, tx); err != nil {
		return err
	}
	ids, err := store.Numbers(ctx, tx, `SELECT id FROM matter WHERE source = $1 AND source_id = $2 AND veiled = 1 ORDER BY id`, source, id)
	if err != nil {
		return fmt.Errorf("find what %s %s veils: %w", source, id, err)
	}
	for i := 0; i < len(ids); i++ {
		swept, err := store.Numbers(ctx, tx, `SELECT id FROM matter WHERE source = 'sweep' AND source_id = $1 AND veiled = 1 ORDER BY id`, fmt.Sprint(ids[i]))
		if err != nil {
			return fmt.Errorf("find what the sweeps of matter %d veil: %w", ids[i], err)
		}
		ids = append(ids, swept...)
	}
	terms, err := s.terms(ctx, tx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		m, err := read(ctx, tx, id)
		if err != nil {
			return err
		}
		m.Veiled = false
		if m.Kind == Sweep && (m.State == Confirmed || m.State == Assigned) {
			m.Due = terms.after(s.now(), Terms.sweep)
			m.OriginalDue = m.Due
		}
		m.Edit++
		if err := s.touch(ctx, tx, by, m, "unveil", "", nil); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if err := s.recurAfter(ctx, tx, by, id); err != nil {
			return err
		}
	}
	return nil
}
