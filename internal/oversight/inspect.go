package oversight

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight/checklist"
	"anlan/internal/quantity"
	"anlan/internal/store"
)

func (s *Service) insert(ctx context.Context, tx *store.Tx, i *Inspection, client string) error {
	people, answers, err := i.json()
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO inspection (id, edit, client_id, plan_id, team_id, object_id, division_id, keeper_id, line, origin, mode, veiled, checklist_id, checklist_version, state, inspectors,
			answers, note, started_at, done_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
		i.ID, i.Edit, client, sql.NullInt64{Int64: i.Plan, Valid: i.Plan != 0}, sql.NullString{String: i.Team, Valid: i.Team != ""}, i.Object, i.Division, i.Keeper, i.Line,
		string(i.Origin), string(i.Mode), store.Flag(i.Veiled), i.Checklist, i.Version, i.State, people, answers, i.Note, store.Millis(i.StartedAt), store.Millis(i.DoneAt), s.now().UnixMilli())
	if store.IsUnique(err) {
		return fault.Conflictf("inspection.twice", "该对象已在计划中", "the object is on the plan already")
	}
	if err != nil {
		return fmt.Errorf("keep an inspection of object %d: %w", i.Object, err)
	}
	return nil
}

func (i *Inspection) json() (people, answers string, err error) {
	a, err := json.Marshal(i.Answers)
	if err == nil {
		var b []byte
		b, err = json.Marshal(i.Inspectors)
		people = string(b)
	}
	if err != nil {
		return "", "", fmt.Errorf("encode inspection %d: %w", i.ID, err)
	}
	return people, string(a), nil
}

const selectInspection = `
	SELECT id, edit, COALESCE(plan_id, 0), COALESCE(team_id, ''), object_id, division_id, keeper_id, line, origin, mode, veiled, checklist_id, checklist_version, state, inspectors,
		answers, score, note, started_at, done_at
	FROM inspection`

func scanInspection(scan func(...any) error) (*Inspection, error) {
	i := &Inspection{}
	var people, answers string
	var score, started, done sql.NullInt64
	err := scan(&i.ID, &i.Edit, &i.Plan, &i.Team, &i.Object, &i.Division, &i.Keeper, &i.Line, &i.Origin, &i.Mode, &i.Veiled, &i.Checklist, &i.Version, &i.State, &people,
		&answers, &score, &i.Note, &started, &done)
	if err != nil {
		return nil, err
	}
	i.StartedAt, i.DoneAt = store.MaybeTime(started), store.MaybeTime(done)
	i.Score = quantity.Null{Decimal: quantity.Decimal(score.Int64), Valid: score.Valid}
	if err := json.Unmarshal([]byte(people), &i.Inspectors); err != nil {
		return nil, fmt.Errorf("read inspection %d: %w", i.ID, err)
	}
	if err := json.Unmarshal([]byte(answers), &i.Answers); err != nil {
		return nil, fmt.Errorf("read inspection %d: %w", i.ID, err)
	}
	if i.Answers == nil {
		i.Answers = map[string]checklist.Answer{}
	}
	return i, nil
}

// Inspection reads one inspection that a person may see.
func (s *Service) Inspection(ctx context.Context, p *identity.Principal, id int64) (*Inspection, error) {
	return s.inspection(ctx, s.db, p, id)
}

func (s *Service) inspection(ctx context.Context, q store.Querier, p *identity.Principal, id int64) (*Inspection, error) {
	i, err := scanInspection(q.QueryRowContext(ctx, selectInspection+` WHERE id = $1`, id).Scan)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("read inspection %d: %w", id, err)
	}
	if err != nil || !i.Sees(p) {
		return nil, errUnknown()
	}
	return i, nil
}

// InspectionQuery filters inspections; zero fields do not filter.
type InspectionQuery struct {
	Plan, Object int64
	State        string
	Mine         bool // where the person is one of the inspectors
	Text         string
	Division     int64  // with all below it
	Kind         string // of the object
	Line, Mode   string
	Done         matter.Span
	Before       int64
	Limit        int
}

// Inspections lists inspections that a person may see, the latest first.
func (s *Service) Inspections(ctx context.Context, p *identity.Principal, f InspectionQuery) ([]*Inspection, error) {
	before := f.Before
	if before == 0 {
		before = 1 << 62
	}
	from, to, spanned := int64(0), int64(1<<62), 0
	if !f.Done.From.IsZero() {
		from, spanned = f.Done.From.UnixMilli(), 1
	}
	if !f.Done.To.IsZero() {
		to, spanned = f.Done.To.UnixMilli(), 1
	}
	out := []*Inspection{}
	err := store.Each(ctx, s.db, selectInspection+`
		WHERE id < $1 AND ($2 = 0 OR plan_id = $2) AND ($3 = 0 OR object_id = $3) AND ($4 = '' OR state = $4) AND ($5 = '' OR line = $5) AND ($6 = '' OR mode = $6)
		AND ($7 = 0 OR division_id IN (SELECT descendant_id FROM division_closure WHERE ancestor_id = $7))
		AND ($8 = '' AND $9 = '%' OR object_id IN (SELECT o.id FROM water_object o WHERE ($8 = '' OR o.kind = $8)
			AND (LOWER(o.name_zh) LIKE $9 ESCAPE '\' OR LOWER(o.name_en) LIKE $9 ESCAPE '\' OR LOWER(o.code) LIKE $9 ESCAPE '\')))
		AND (done_at >= $10 AND done_at < $11 OR $12 = 0)
		ORDER BY id DESC`, func(scan func(...any) error) error {
		if len(out) == f.Limit {
			return store.ErrStop
		}
		i, err := scanInspection(scan)
		if err == nil && i.Sees(p) && (!f.Mine || p.Person() != "" && slices.Contains(i.Inspectors, p.Person())) {
			out = append(out, i)
		}
		return err
	}, before, f.Plan, f.Object, f.State, f.Line, f.Mode, f.Division, f.Kind, "%"+store.Literal(f.Text)+"%", from, to, spanned)
	if err != nil {
		return nil, fmt.Errorf("list inspections: %w", err)
	}
	return out, nil
}

// forRecord takes an inspection on which the person may write, and reads it.
func (s *Service) forRecord(ctx context.Context, tx *store.Tx, p *identity.Principal, id int64) (*Inspection, *checklist.Checklist, error) {
	if err := tx.Take(ctx, `SELECT id FROM inspection WHERE id = $1`, id); err != nil {
		return nil, nil, err
	}
	i, err := s.inspection(ctx, tx, p, id)
	if err != nil {
		return nil, nil, err
	}
	if !p.Can(identity.InspectionRecord, i.Line, i.Keeper) {
		return nil, nil, fault.Forbiddenf("inspection.side", "您不能填写此检查", "it is not for you to write on this inspection")
	}
	if i.State == "done" {
		return nil, nil, fault.Conflictf("inspection.done", "检查已完成，不能再改", "the inspection is done and takes no more")
	}
	book, err := s.BookIn(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	c, err := book.Version(i.Checklist, i.Version)
	return i, c, err
}

// Sheet is what an inspector fills in, whole or in parts as the phone sends them.
type Sheet struct {
	Begun    *time.Time                  `json:"begun,omitempty" doc:"When the sender first wrote on the sheet, by its own clock: one begun before its plan ended is taken after it"`
	Answers  map[string]checklist.Answer `json:"answers" doc:"By clause code: pass, fail or na; what is not in it stays as it was"`
	Note     *string                     `json:"note,omitempty" maxLength:"4000"`
	Findings []NewFinding                `json:"findings,omitempty" maxItems:"200"`
}

// NewFinding is a problem as an inspector writes it down (问题).
type NewFinding struct {
	Client   string             `json:"client" minLength:"1" maxLength:"60" doc:"An id made by the sender: sent twice, it is one finding"`
	Clause   string             `json:"clause" maxLength:"60"`
	Severity checklist.Severity `json:"severity" enum:"general,heavier,serious,grave"`
	Detail   string             `json:"detail" maxLength:"4000"`
	Place    matter.Place       `json:"place"`
	Files    []string           `json:"files,omitempty" maxItems:"20" doc:"Hashes of uploaded photographs"`
	At       *time.Time         `json:"at,omitempty" doc:"When it was seen, where that was before it could be sent"`
}

// Record saves what was filled in and gives the matter of each finding, in their order. Sent twice it is saved once; each finding
// becomes a matter with its photographs, all or nothing.
func (s *Service) Record(ctx context.Context, p *identity.Principal, id int64, sheet Sheet) ([]int64, error) {
	var made []int64
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		made = nil
		clock, err := s.takeUp(ctx, tx, p, id, sheet.Begun)
		if err != nil {
			return err
		}
		i, c, err := s.forRecord(ctx, tx, p, id)
		if err != nil {
			return err
		}
		if clock != "" {
			i.clocks = append(i.clocks, clock)
		}
		for code, a := range sheet.Answers {
			if _, ok := c.Clause(code); !ok || !slices.Contains([]checklist.Answer{checklist.Pass, checklist.Fail, checklist.NotApplicable}, a) {
				return fault.Invalidf("inspection.answer", "条目 %s 的结论无效", "the answer to %s is not valid", code)
			}
			i.Answers[code] = a
		}
		if sheet.Note != nil {
			i.Note = *sheet.Note
		}
		for n, f := range sheet.Findings {
			m, err := s.find(ctx, tx, p, i, c, f)
			if err != nil {
				return fmt.Errorf("finding %d: %w", n+1, err)
			}
			i.Answers[f.Clause] = checklist.Fail
			made = append(made, m)
		}
		if i.StartedAt == nil {
			now := s.now()
			i.StartedAt = &now
		}
		i.State = "under_way"
		// A clause ticked as passed over a finding that was sent before would leave a sheet that cannot be scored.
		if _, err := s.score(ctx, tx, i, c); err != nil {
			return err
		}
		return s.put(ctx, tx, p, i, "inspection.record")
	})
	return made, err
}

func (s *Service) put(ctx context.Context, tx *store.Tx, p *identity.Principal, i *Inspection, action string) error {
	people, answers, err := i.json()
	if err != nil {
		return err
	}
	score := sql.NullInt64{Int64: int64(i.Score.Decimal), Valid: i.Score.Valid}
	res, err := tx.ExecContext(ctx, `
		UPDATE inspection SET edit = edit + 1, state = $1, inspectors = $2, answers = $3, score = $4, note = $5, started_at = $6, done_at = $7, veiled = $8, changed_at = $9
		WHERE id = $10 AND edit = $11`,
		i.State, people, answers, score, i.Note, store.Millis(i.StartedAt), store.Millis(i.DoneAt), store.Flag(i.Veiled), s.now().UnixMilli(), i.ID, i.Edit)
	if err != nil {
		return fmt.Errorf("write inspection %d: %w", i.ID, err)
	}
	if err := asRead(res, "inspection.stale"); err != nil {
		return err
	}
	i.Edit++
	at := i.Division
	if i.Veiled {
		at = i.Keeper
	}
	tx.AfterCommit(func() { s.changed(Change{ID: i.ID, Line: i.Line, At: at}) })
	detail := map[string]any{"object": i.Object, "answers": len(i.Answers), "state": i.State}
	if len(i.clocks) > 0 {
		detail["clocks"] = i.clocks
	}
	return s.note(ctx, tx, p.Actor(), action, "inspection", fmt.Sprint(i.ID), at, detail)
}

// asRead says whether a write found its row at the edit number that was read; where it did not, nothing is saved.
func asRead(res sql.Result, code string) error {
	n, err := res.RowsAffected()
	if err != nil || n == 0 {
		return fault.Conflictf(code, "已被他人修改，未保存", "somebody else changed it meanwhile; nothing was saved").Because(err)
	}
	return nil
}

// find opens the matter of a finding.
func (s *Service) find(ctx context.Context, tx *store.Tx, p *identity.Principal, i *Inspection, c *checklist.Checklist, f NewFinding) (int64, error) {
	cl, ok := c.Clause(f.Clause)
	if !ok {
		return 0, fault.Invalidf("inspection.clause", "清单中没有条目 %s", "the checklist has no clause %s", f.Clause)
	}
	if !slices.Contains(cl.May(), f.Severity) {
		return 0, fault.Invalidf("inspection.severity", "条目 %s 不能定为“%s”", "a finding under %s cannot be %s", f.Clause, f.Severity)
	}
	kind := matter.Finding
	if cl.Hazard {
		kind = matter.Hazard
	}
	found, clock, err := s.foundAt(ctx, tx, i, f.At)
	if err != nil {
		return 0, err
	}
	n := matter.NewMatter{
		Client: fmt.Sprintf("inspection/%d/%s", i.ID, f.Client), Kind: kind, Line: i.Line, Division: i.Division, Keeper: i.Keeper, Veiled: i.Veiled, Object: i.Object,
		Source: "inspection", SourceID: fmt.Sprint(i.ID), Item: cl.Code, Title: cl.Text, Detail: i.telling(strings.TrimSpace(f.Detail), clock), Basis: c.BasisOf(cl).Zh,
		Severity: matter.Severity(f.Severity.Rank()), Origin: i.Origin, Points: c.PointsFor(cl, f.Severity), Place: f.Place, Found: found,
	}
	terms, err := s.Terms(ctx, tx)
	if err != nil {
		return 0, err
	}
	if c.ConfirmDays > 0 {
		terms.Confirm = c.ConfirmDays
	}
	n.Due = terms.ConfirmBy(s.now())
	if n.Missed, err = s.Missed(ctx, tx, n); err != nil {
		return 0, err
	}
	m, opened, err := s.matter.Open(ctx, tx, p.Actor(), n)
	if err != nil || !opened {
		return idOf(m), err
	}
	for _, hash := range f.Files {
		if err := s.matter.AttachIn(ctx, tx, p.Actor(), m, matter.Evidence{File: hash, Role: "before", Place: f.Place}); err != nil {
			return 0, err
		}
	}
	return m.ID, nil
}

// foundAt is when a finding was seen as the sender's clock has it, though not after now, and not before the inspection can have begun: a
// telephone whose clock was never set says 1970. What such a clock said comes back in words where it names another day.
func (s *Service) foundAt(ctx context.Context, q store.Querier, i *Inspection, at *time.Time) (found time.Time, clock string, err error) {
	now := s.now()
	if at == nil || !at.Before(now) {
		return now, "", nil
	}
	from, err := earliest(ctx, q, i)
	if err != nil || !at.Before(from) {
		return *at, "", err
	}
	found = now
	if i.StartedAt != nil {
		found = *i.StartedAt
	}
	if hydrotime.DateOf(found) != hydrotime.DateOf(*at) {
		minute := func(t time.Time) string { return t.In(hydrotime.Beijing).Format("2006-01-02 15:04") }
		clock = fmt.Sprintf("（设备记录的发现时间 %s 早于检查开始，按 %s 登记）", minute(*at), minute(found))
	}
	return found, clock, nil
}

// earliest is before when an inspection cannot have begun: one of its own, its start; one of a plan, the plan's first day, or the making of
// a plan that was gone to before its first day.
func earliest(ctx context.Context, q store.Querier, i *Inspection) (time.Time, error) {
	if i.Plan == 0 && i.StartedAt != nil {
		return *i.StartedAt, nil
	}
	plan, err := planBy(ctx, q, i.Plan)
	if err != nil {
		return time.Time{}, err
	}
	if first := plan.From.Start(); first.Before(plan.At) {
		return first, nil
	}
	return plan.At, nil
}

// telling adds to what was written of a finding what the sender's clock said. Where there is no room for both, nothing of what was written
// goes; the audit log says it in any case.
func (i *Inspection) telling(detail, clock string) string {
	if clock == "" {
		return detail
	}
	i.clocks = append(i.clocks, clock)
	if utf8.RuneCountInString(detail)+utf8.RuneCountInString(clock) > detailMost {
		return detail
	}
	return detail + clock
}

// detailMost is how many characters a finding may say, as its matter takes them.
const detailMost = 4000

func idOf(m *matter.Matter) int64 {
	if m == nil {
		return 0
	}
	return m.ID
}

// Complete ends an inspection: every clause has its answer, and the sheet is scored. One that stands alone, or whose plan has ended before
// it, is open to its county at once; of an unannounced plan that goes on it stays hidden until the plan is done.
func (s *Service) Complete(ctx context.Context, p *identity.Principal, id int64) (*checklist.Result, error) {
	var out checklist.Result
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		i, c, err := s.forRecord(ctx, tx, p, id)
		if err != nil {
			return err
		}
		if out, err = s.score(ctx, tx, i, c); err != nil {
			return err
		}
		if !out.Complete() {
			bad := fault.Invalidf("inspection.unanswered", "还有 %d 条没有结论", "%d clauses have no answer yet", len(out.Unanswered))
			for _, code := range out.Unanswered[:min(len(out.Unanswered), 20)] {
				bad.At(code, fault.T("没有结论，或判为不合格而未写问题", "no answer, or failed with no finding written"))
			}
			return bad
		}
		now := s.now()
		i.State, i.DoneAt, i.Score = "done", &now, out.Score
		open, err := s.ended(ctx, tx, i)
		if err != nil {
			return err
		}
		if open && i.Veiled {
			i.Veiled = false
			if err := s.matter.Unveil(ctx, tx, p.Actor(), "inspection", fmt.Sprint(i.ID)); err != nil {
				return err
			}
		}
		return s.put(ctx, tx, p, i, "inspection.done")
	})
	return &out, err
}

// ended reports whether nothing goes on around an inspection that is done.
func (s *Service) ended(ctx context.Context, q store.Querier, i *Inspection) (bool, error) {
	if i.Plan == 0 {
		return true, nil
	}
	plan, err := planBy(ctx, q, i.Plan)
	return err == nil && plan.ended(), err
}

// Result scores an inspection as it stands: an upheld objection gives its points back.
func (s *Service) Result(ctx context.Context, i *Inspection) (*checklist.Result, error) {
	book, err := s.Book(ctx)
	if err != nil {
		return nil, err
	}
	c, err := book.Version(i.Checklist, i.Version)
	if err != nil {
		return nil, err
	}
	r, err := s.score(ctx, s.db, i, c)
	return &r, err
}

func (s *Service) score(ctx context.Context, q store.Querier, i *Inspection, c *checklist.Checklist) (checklist.Result, error) {
	sheet := checklist.Sheet{Answers: i.Answers}
	err := store.Each(ctx, q, `SELECT item, severity, state FROM matter WHERE source = 'inspection' AND source_id = $1 AND item <> '' ORDER BY id`, func(scan func(...any) error) error {
		var f checklist.Finding
		var severity int
		var state matter.State
		err := scan(&f.Clause, &severity, &state)
		if severity >= 1 && severity <= 4 {
			f.Severity = checklist.Severities()[severity-1]
		}
		f.Dismissed = state == matter.Dismissed
		sheet.Findings = append(sheet.Findings, f)
		return err
	}, fmt.Sprint(i.ID))
	if err != nil {
		return checklist.Result{}, fmt.Errorf("read the findings of inspection %d: %w", i.ID, err)
	}
	return checklist.Score(c, sheet)
}

// Found is what an inspector wrote of a finding, and how many photographs came with it.
type Found struct {
	Matter int64  `json:"matter"`
	Detail string `json:"detail"`
	Place  string `json:"place"`
	Photos int    `json:"photos"`
}

// Found lists what was written of the findings of an inspection that the person was shown; which of them the person may read is the
// business of the room that keeps matters.
func (s *Service) Found(ctx context.Context, i *Inspection) ([]Found, error) {
	out := []Found{}
	err := store.Each(ctx, s.db, `
		SELECT m.id, m.detail, m.place, (SELECT COUNT(*) FROM matter_evidence e WHERE e.matter_id = m.id AND e.role = 'before')
		FROM matter m WHERE m.source = 'inspection' AND m.source_id = $1 ORDER BY m.id`, func(scan func(...any) error) error {
		var f Found
		err := scan(&f.Matter, &f.Detail, &f.Place, &f.Photos)
		out = append(out, f)
		return err
	}, fmt.Sprint(i.ID))
	if err != nil {
		return nil, fmt.Errorf("read what inspection %d found: %w", i.ID, err)
	}
	return out, nil
}

// Start begins an inspection that is on no plan.
func (s *Service) Start(ctx context.Context, p *identity.Principal, client, list string, object int64, mode Mode) (int64, error) {
	if !slices.Contains(Modes(), mode) {
		return 0, fault.Invalidf("inspection.mode", "没有这种检查方式", "not a mode of inspection")
	}
	book, err := s.Book(ctx)
	if err != nil {
		return 0, err
	}
	c, err := book.Version(list, 0)
	if err != nil {
		return 0, err
	}
	o, err := s.reg.Object(ctx, object)
	if err != nil {
		return 0, err
	}
	if !slices.Contains(c.Objects, string(o.Kind)) {
		return 0, fault.Invalidf("inspection.kind", "此清单不用于这类对象", "the checklist is not for this kind of object")
	}
	keeper, ok := p.Highest(identity.InspectionRecord, c.Line, o.DivisionID)
	if !ok {
		return 0, errUnknown()
	}
	if err := Claims(originOf(mode, keeper), keeper); err != nil {
		return 0, err
	}
	var id int64
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		fresh, err := tx.Next(ctx, "inspection", 1) // first, so that two sendings of one start come after each other
		if err != nil {
			return err
		}
		key := p.Account() + "/" + client
		err = tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) FROM inspection WHERE client_id = $1`, key).Scan(&id)
		if err != nil || id != 0 {
			return err
		}
		id = fresh
		now := s.now()
		i := &Inspection{
			ID: id, Edit: 1, Object: o.ID, Division: o.DivisionID, Keeper: keeper.ID, Line: c.Line, Origin: originOf(mode, keeper), Mode: mode, Veiled: mode == Unannounced,
			Checklist: c.ID, Version: c.Version, State: "under_way", StartedAt: &now,
		}
		if p.Person() != "" {
			i.Inspectors = []string{p.Person()}
		}
		if err := s.insert(ctx, tx, i, key); err != nil {
			return err
		}
		return s.note(ctx, tx, p.Actor(), "inspection.start", "inspection", fmt.Sprint(id), keeper.ID, map[string]any{"object": o.ID, "mode": mode})
	})
	return id, err
}
