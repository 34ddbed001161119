package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/ledger/acceptance"
	"anlan/internal/ledger/scheme"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"
)

// NewEntry puts an object into a ledger.
type NewEntry struct {
	Scheme string          `json:"ledger" maxLength:"60"`
	Object int64           `json:"object" minimum:"1"`
	Track  string          `json:"track,omitempty" maxLength:"40" doc:"What the object takes by itself where empty"`
	Due    *hydrotime.Date `json:"due,omitempty" doc:"As the rules say where left out"`
	Note   string          `json:"note,omitempty" maxLength:"2000"`
}

// NewStep is what was done to an entry: a state reached, a mark set or taken away, or an evaluation under the score tree alone.
type NewStep struct {
	Client   string              `json:"client_id" minLength:"8" maxLength:"60" doc:"The sender's own id: sent again, it is the same step"`
	Edit     int64               `json:"edit" minimum:"1" doc:"The edit number that was read"`
	On       *hydrotime.Date     `json:"on,omitempty" doc:"The day it was done; today where left out"`
	State    string              `json:"state,omitempty" maxLength:"40"`
	Mark     string              `json:"mark,omitempty" maxLength:"40"`
	Holds    bool                `json:"holds,omitempty" doc:"Of the mark"`
	Document string              `json:"document,omitempty" maxLength:"200" doc:"Number or title of the approval"`
	Note     string              `json:"note,omitempty" maxLength:"2000"`
	Files    []string            `json:"files,omitempty" maxItems:"20" doc:"Hashes of files that the sender has put in"`
	Answers  *acceptance.Answers `json:"answers,omitempty" doc:"Under the ledger's score tree"`
}

// Add puts an object into a ledger by hand.
func (s *Service) Add(ctx context.Context, p *identity.Principal, n NewEntry) (int64, error) {
	k, err := s.scheme(ctx, n.Scheme)
	if err != nil {
		return 0, err
	}
	o, err := s.reg.Object(ctx, n.Object)
	if err != nil {
		return 0, err
	}
	if !p.Can(identity.ObjectRead, k.Line, o.DivisionID) {
		return 0, fault.NotFoundf("object.unknown", "没有这个水利对象", "there is no such object")
	}
	if !p.Can(identity.ObjectWrite, k.Line, o.DivisionID) {
		return 0, fault.Forbiddenf("ledger.forbidden", "您不能将该对象列入此台账", "it is not for you to put the object into this ledger")
	}
	if !slices.Contains(k.Objects, string(o.Kind)) || o.RetiredAt != nil {
		return 0, fault.Invalidf("ledger.object", "《%[1]s》不收录此类对象，或对象已停用", "the ledger %[2]s takes no such object, or it is retired", k.Title.Zh, k.Title.En).At("object", fault.T("不能列入", "not taken"))
	}
	track := n.Track
	if track == "" {
		track, _ = k.TrackOf(subject(&o))
	}
	if _, ok := k.Track(track); !ok {
		return 0, fault.Invalidf("ledger.track", "请选择分类", "choose the track").At("track", fault.T("必填", "required"))
	}
	l := k.Listing(subject(&o), track, hydrotime.DateOf(s.now()))
	if n.Due != nil {
		l.Due = n.Due
	}
	var id int64
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		id, err = s.enter(ctx, tx, p.Actor(), k, &o, l, n.Note, s.now())
		return err
	})
	return id, err
}

func (s *Service) enter(ctx context.Context, tx *store.Tx, by identity.Actor, k *scheme.Scheme, o *registry.WaterObject, l scheme.Listing, note string, at time.Time) (int64, error) {
	id, err := tx.Next(ctx, "ledger_entry", 1)
	if err != nil {
		return 0, err
	}
	due := dueNumber(l.Due)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO ledger_entry (id, edit, scheme_id, object_id, round, line, track, state, due_on, due_first, listed_at, note, by_id, by_name, changed_at)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12, $13)`,
		id, k.ID, o.ID, l.Round, k.Line, l.Track, k.Begins().ID, due, at.UnixMilli(), note, by.ID, by.Name, s.now().UnixMilli())
	if store.IsUnique(err) {
		return 0, fault.Conflictf("ledger.twice", "%[1]s 已在该台账中", "%[2]s stands in the ledger already", o.Name.Zh, english(o.Name))
	}
	if err != nil {
		return 0, fmt.Errorf("put object %d into ledger %s: %w", o.ID, k.ID, err)
	}
	first := scheme.Term{At: at, Track: l.Track, Due: l.Due}
	if err := writeTerm(ctx, tx, id, 1, first); err != nil {
		return 0, err
	}
	e := &Entry{terms: []scheme.Term{first}, ID: id, Edit: 1, Scheme: k, Track: l.Track, Due: l.Due, Note: note, Listed: at, Division: registry.Division{ID: o.DivisionID}}
	if l.State != "" { // the register knows that it has come so far
		if err := s.write(ctx, tx, program, e, nil, fmt.Sprintf("anlan/register/%d", id), Step{At: at.Add(time.Millisecond), State: l.State, Note: "登记册 / register"}); err != nil {
			return 0, err
		}
	}
	return id, s.note(ctx, tx, by, "ledger.add", e, map[string]any{"ledger": k.ID, "object": o.ID, "track": l.Track, "round": l.Round, "note": note})
}

// Take takes an entry one step on. The same step sent again changes nothing.
func (s *Service) Take(ctx context.Context, p *identity.Principal, id int64, n NewStep) error {
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return err
	}
	e, err := s.entry(ctx, s.db, p, id)
	if err != nil {
		return err
	}
	o, err := s.reg.Object(ctx, e.Object)
	if err != nil {
		return err
	}
	judged, err := s.judge(ctx, e, n)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		var there int
		client := p.Account() + "/" + n.Client
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM ledger_step WHERE client_id = $1 AND entry_id = $2`, client, id).Scan(&there); err != nil || there > 0 {
			return err
		}
		now, err := s.entry(ctx, tx, p, id)
		if err != nil {
			return err
		}
		if now.Edit != n.Edit {
			return stale(now)
		}
		step := Step{At: s.instant(now, n.On), State: n.State, Mark: n.Mark, Holds: n.Holds, Document: strings.TrimSpace(n.Document), Note: strings.TrimSpace(n.Note), Judged: judged, Files: n.Files}
		if err := s.allowed(now, p, tree, step); err != nil {
			return err
		}
		return s.write(ctx, tx, p.Actor(), now, &o, client, step)
	})
}

func stale(e *Entry) error {
	return fault.New(fault.Conflict, "ledger.edit", fault.Tf("该条目已被他人更新（第 %d 次修改），请刷新后再办", "somebody else has changed the entry (edit %d); look again", e.Edit))
}

// judge judges the answers of a step under the ledger's score tree, as it is in force.
func (s *Service) judge(ctx context.Context, e *Entry, n NewStep) (*Judged, error) {
	if n.Answers == nil {
		return nil, nil
	}
	if e.Scheme.Tree == "" {
		return nil, fault.Invalidf("ledger.score", "该台账不评分", "the ledger has no score").At("answers", fault.T("不需要", "not wanted"))
	}
	book, err := s.book(ctx, s.db)
	if err != nil {
		return nil, err
	}
	t, err := book.Tree(e.Scheme.Tree, 0)
	if err != nil {
		return nil, err
	}
	j := &Judged{Tree: t.ID, Version: t.Version, Answers: *n.Answers}
	j.Result, err = acceptance.Judge(t, j.Answers)
	return j, err
}

// instant is when a step was taken: now where it was done today, noon of another day, and after what is written of the same day.
func (s *Service) instant(e *Entry, on *hydrotime.Date) time.Time {
	now := s.now()
	if on == nil || *on == hydrotime.DateOf(now) {
		return now
	}
	at := on.Start().Add(12 * time.Hour)
	var last time.Time
	if l := e.last(); l != nil {
		last = l.At
	}
	if at.Before(last) && hydrotime.DateOf(last) == *on {
		at = last.Add(time.Millisecond)
	}
	return at
}

// allowed refuses a step that the rules or the person's place do not allow.
func (s *Service) allowed(e *Entry, p *identity.Principal, tree *registry.Tree, step Step) error {
	if e.Withdrawn != nil {
		return fault.Conflictf("ledger.withdrawn", "该条目已撤出台账", "the entry was withdrawn from the ledger")
	}
	if step.At.After(s.now()) {
		return fault.Invalidf("ledger.future", "不能填将来的日期", "the day lies in the future").At("on", fault.T("晚于今天", "later than today"))
	}
	by := ""
	switch {
	case step.State != "" && step.Mark != "":
		return fault.Invalidf("ledger.step_two", "一次只办一个步骤或一个分项", "one step or one mark at a time")
	case step.Mark != "":
		m, _ := e.Scheme.Mark(step.Mark)
		by = m.By
	case step.State != "":
		st, _ := e.Scheme.State(step.State)
		by = st.By
		if err := e.needs(st, step); err != nil {
			return err
		}
	case step.Judged == nil:
		return fault.Invalidf("ledger.empty", "没有填写办理内容", "nothing was done").At("state", fault.T("必填", "required"))
	}
	if step.State != "" || step.Mark != "" {
		if err := e.Scheme.Allows(&e.pure, scheme.Step{At: step.At, State: step.State, Mark: step.Mark, Holds: step.Holds}); err != nil {
			return err
		}
	} else {
		by = e.scoredBy()
	}
	if bad := e.Refusal(p, tree, step.State, by); bad != nil {
		return bad
	}
	return nil
}

// Refusal is why a person may not take an entry into a state of a level, or set a mark of one; nil where they may.
func (e *Entry) Refusal(p *identity.Principal, tree *registry.Tree, state, by string) *fault.Error {
	if !e.May(p, tree, by) {
		return fault.New(fault.Forbidden, "ledger.level", fault.T("这一步由"+levelName(by).Zh+"办理", "this step is taken by "+levelName(by).En))
	}
	return e.apart(p, state, by)
}

func levelName(by string) fault.Text {
	switch by {
	case "county":
		return fault.T("县级主管部门", "the county's office")
	case "city":
		return fault.T("市级主管部门", "the city's office")
	case "province", "ministry":
		return fault.T("上级部门（由市局录入）", "a higher office, put in by the city")
	}
	return fault.T("管理单位或填报员", "the unit or its clerk")
}

// needs refuses a step that comes without what the rules ask for.
func (e *Entry) needs(st scheme.State, step Step) error {
	bad := fault.Invalidf("ledger.needs", "办理“%[1]s”还缺材料", "there is more to be given for this step (%[2]s)", st.Name.Zh, st.Name.En)
	for _, need := range st.Needs {
		switch need {
		case "document":
			if step.Document == "" {
				bad.At("document", fault.T("请填文号或文件名称", "the number or title of the document is required"))
			}
		case "note":
			if step.Note == "" {
				bad.At("note", fault.T("请填说明", "a note is required"))
			}
		case "evidence":
			if len(step.Files) == 0 {
				bad.At("files", fault.T("请附照片或文件", "a photograph or a file is required"))
			}
		case "marks":
			for _, m := range e.Scheme.Marks {
				if !e.Standing.Marks[m.ID] {
					bad.At("marks", fault.T("分项“"+m.Name.Zh+"”尚未达到", m.Name.En+" does not hold yet"))
				}
			}
		case "score":
			if r := e.score(step); r == nil {
				bad.At("answers", fault.T("尚未评分", "it has not been scored"))
			} else if r.Verdict != acceptance.Passed {
				bad.At("answers", fault.T("评分未通过", "the score is no pass"))
			}
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// score is the result that speaks for a step: its own, or the last since the entry came into its state.
func (e *Entry) score(step Step) *acceptance.Result {
	if step.Judged != nil {
		return &step.Judged.Result
	}
	for _, old := range slices.Backward(e.Steps) {
		switch {
		case old.UndoneAt != nil:
		case old.State != "": // what was scored for an earlier step does not speak for this one
			return nil
		case old.Judged != nil:
			return &old.Judged.Result
		}
	}
	return nil
}

// scoredBy is the level that scores an entry where it stands: whose step the score is for.
func (e *Entry) scoredBy() string {
	for _, st := range e.Scheme.Next(e.Track, e.Standing.State.ID) {
		if slices.Contains(st.Needs, "score") {
			return st.By
		}
	}
	return ""
}

// MayScore reports whether a person may score an entry where it stands.
func (e *Entry) MayScore(p *identity.Principal, tree *registry.Tree) bool {
	return e.Scheme.Tree != "" && e.May(p, tree, e.scoredBy())
}

// apart keeps who took the last step from being the one who finds it done, where another level decides that.
func (e *Entry) apart(p *identity.Principal, state, by string) *fault.Error {
	st, _ := e.Scheme.State(state)
	if by == "" || by == "unit" || !st.Ends(e.Track) {
		return nil
	}
	for _, old := range slices.Backward(e.Steps) {
		if old.UndoneAt == nil && old.State != "" {
			if old.byID == p.Account() {
				return fault.Forbiddenf("ledger.own", "上一步由您办理，须由他人验收", "you took the last step; somebody else has to accept it")
			}
			return nil
		}
	}
	return nil
}

// write keeps a step, what it does to the object, and the entry's new state.
func (s *Service) write(ctx context.Context, tx *store.Tx, by identity.Actor, e *Entry, o *registry.WaterObject, client string, step Step) error {
	st, _ := e.Scheme.State(step.State)
	var kept keptResult
	kept.Judged = step.Judged
	if len(st.Sets) > 0 && o != nil {
		var err error
		if kept.Before, kept.After, err = s.setFacts(ctx, tx, o, st.Sets, step.At); err != nil {
			return err
		}
	}
	result := ""
	if kept.Judged != nil || kept.Before != nil {
		b, err := json.Marshal(kept)
		if err != nil {
			return fmt.Errorf("encode a step: %w", err)
		}
		result = string(b)
	}
	id, err := tx.Next(ctx, "ledger_step", 1)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO ledger_step (id, client_id, entry_id, at, state, mark, holds, document, note, result, by_id, by_name, written_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		id, client, e.ID, step.At.UnixMilli(), step.State, step.Mark, store.Flag(step.Holds), step.Document, step.Note, store.MaybeText(result), by.ID, by.Name, s.now().UnixMilli())
	if store.IsUnique(err) {
		return fault.Conflictf("ledger.client", "这一步已在办理中，请刷新", "this step is being taken already; look again")
	}
	if err != nil {
		return fmt.Errorf("keep a step of entry %d: %w", e.ID, err)
	}
	if err := s.attach(ctx, tx, by, id, step.Files); err != nil {
		return err
	}
	e.Steps = append(e.Steps, step)
	if err := s.touch(ctx, tx, e); err != nil {
		return err
	}
	return s.note(ctx, tx, by, "ledger.step", e, map[string]any{"state": step.State, "mark": step.Mark, "holds": step.Holds, "on": hydrotime.DateOf(step.At), "document": step.Document, "note": step.Note})
}

func (s *Service) attach(ctx context.Context, tx *store.Tx, by identity.Actor, step int64, files []string) error {
	for _, hash := range files {
		own, err := s.evidence.HasPut(ctx, tx, evidence.Hash(hash), by.ID)
		if err != nil {
			return err
		}
		if !own {
			return evidence.Unknown(evidence.Hash(hash))
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO ledger_file (step_id, file_hash) VALUES ($1, $2) ON CONFLICT (step_id, file_hash) DO NOTHING`, step, hash)
		if err != nil {
			return fmt.Errorf("attach file %s to step %d: %w", hash, step, err)
		}
	}
	return nil
}

// touch writes where an entry stands after a change of its steps.
func (s *Service) touch(ctx context.Context, tx *store.Tx, e *Entry) error {
	slices.SortStableFunc(e.Steps, func(a, b Step) int { return a.At.Compare(b.At) })
	term := scheme.Term{At: s.now(), Track: e.Track, Due: e.Due, Withdrawn: e.Withdrawn != nil}
	retermed := len(e.terms) == 0 || !e.terms[len(e.terms)-1].Same(term)
	if retermed {
		e.terms = append(e.terms, term)
	}
	e.settle()
	e.stand(hydrotime.DateOf(s.now()))
	res, err := tx.ExecContext(ctx, `UPDATE ledger_entry SET edit = edit + 1, state = $1, track = $2, due_on = $3, note = $4, withdrawn_at = $5, changed_at = $6, round = $7, withdrawn_by = $8 WHERE id = $9 AND edit = $10`,
		e.Standing.State.ID, e.Track, dueNumber(e.Due), e.Note, store.Millis(e.Withdrawn), s.now().UnixMilli(), e.Round, e.withdrawnBy, e.ID, e.Edit)
	if err != nil {
		return fmt.Errorf("write entry %d: %w", e.ID, err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, stale(e))
	}
	e.Edit++
	if retermed {
		return writeTerm(ctx, tx, e.ID, e.Edit, term)
	}
	return nil
}

// writeTerm keeps what holds of an entry from now on.
func writeTerm(ctx context.Context, tx *store.Tx, entry, edit int64, t scheme.Term) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO ledger_term (entry_id, edit, at, track, due_on, withdrawn) VALUES ($1, $2, $3, $4, $5, $6)`,
		entry, edit, t.At.UnixMilli(), t.Track, dueNumber(t.Due), store.Flag(t.Withdrawn))
	if err != nil {
		return fmt.Errorf("keep what holds of entry %d: %w", entry, err)
	}
	return nil
}

func dueNumber(d *hydrotime.Date) sql.NullInt64 {
	if d == nil {
		return sql.NullInt64{}
	}
	return store.MaybeNumber(objectrule.Number(*d))
}

// setFacts lets a step tell the register what follows from it, and returns what stood there before and
// what stands there after.
func (s *Service) setFacts(ctx context.Context, tx *store.Tx, o *registry.WaterObject, sets map[string]string, at time.Time) (before, after map[string]string, err error) {
	facts := o.ObjectFacts
	before, after = map[string]string{}, map[string]string{}
	on := hydrotime.DateOf(at)
	for fact, v := range sets {
		before[fact] = factOf(&facts, fact)
		if v == "date" {
			v = on.String()
		}
		after[fact] = v
		if err := setFact(&facts, fact, v); err != nil {
			return nil, nil, err
		}
	}
	return before, after, s.reg.ChangeObject(ctx, tx, registry.Program(), o.ID, registry.WaterObjectChange{Edit: o.Edit, Facts: &facts})
}

func factOf(f *registry.ObjectFacts, fact string) string {
	date := func(d *hydrotime.Date) string {
		if d == nil {
			return ""
		}
		return d.String()
	}
	switch fact {
	case "appraised_on":
		return date(f.AppraisedOn)
	case "reinforced_on":
		return date(f.ReinforcedOn)
	case "impounded_on":
		return date(f.ImpoundedOn)
	case "appraisal_class":
		if f.AppraisalClass == nil {
			return ""
		}
		return strconv.FormatInt(*f.AppraisalClass, 10)
	case "disposition":
		return f.Disposition
	case "charging":
		return f.Charging
	}
	return ""
}

func setFact(f *registry.ObjectFacts, fact, v string) error {
	date := func(into **hydrotime.Date) error {
		*into = nil
		if v == "" {
			return nil
		}
		d, err := hydrotime.ParseDate(v)
		*into = &d
		return err
	}
	switch fact {
	case "appraised_on":
		return date(&f.AppraisedOn)
	case "reinforced_on":
		return date(&f.ReinforcedOn)
	case "impounded_on":
		return date(&f.ImpoundedOn)
	case "appraisal_class":
		f.AppraisalClass = nil
		if v == "" {
			return nil
		}
		n, err := strconv.ParseInt(v, 10, 64)
		f.AppraisalClass = &n
		return err
	case "disposition":
		f.Disposition = v
	case "charging":
		f.Charging = v
	}
	return nil
}

// Undo takes back the last step that stands, with a reason; it stays in the history. What it told the register is put back where
// that still stands.
func (s *Service) Undo(ctx context.Context, p *identity.Principal, id, step, edit int64, why string) error {
	if strings.TrimSpace(why) == "" {
		return fault.Invalidf("ledger.why", "撤销须写明原因", "say why it is taken back").At("reason", fault.T("必填", "required"))
	}
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return err
	}
	e, err := s.entry(ctx, s.db, p, id)
	if err != nil {
		return err
	}
	o, err := s.reg.Object(ctx, e.Object)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		e, err := s.entry(ctx, tx, p, id)
		if err != nil {
			return err
		}
		if e.Edit != edit {
			return stale(e)
		}
		last := e.last()
		if last == nil || last.ID != step {
			return fault.Conflictf("ledger.undo_order", "只能撤销最后一步", "only the last step can be taken back")
		}
		if by := e.level(last); !e.MayUndo(p, tree) {
			return fault.New(fault.Forbidden, "ledger.level", fault.T("这一步由"+levelName(by).Zh+"撤销", "this step is taken back by "+levelName(by).En))
		}
		return s.undo(ctx, tx, p.Actor(), e, &o, last, strings.TrimSpace(why))
	})
}

// level is whose step it was.
func (e *Entry) level(step *Step) string {
	if st, ok := e.Scheme.State(step.State); ok {
		return st.By
	}
	m, _ := e.Scheme.Mark(step.Mark)
	return m.By
}

// MayUndo reports whether a person may take the last step back: who took it, or whoever may take it.
func (e *Entry) MayUndo(p *identity.Principal, tree *registry.Tree) bool {
	last := e.last()
	return last != nil && (last.byID == p.Account() || e.May(p, tree, e.level(last)))
}

// last is the last step that stands, nil where there is none.
func (e *Entry) last() *Step {
	for i := len(e.Steps) - 1; i >= 0; i-- {
		if e.Steps[i].UndoneAt == nil {
			return &e.Steps[i]
		}
	}
	return nil
}

func (s *Service) undo(ctx context.Context, tx *store.Tx, by identity.Actor, e *Entry, o *registry.WaterObject, last *Step, why string) error {
	back := map[string]string{}
	for fact, set := range last.after {
		if factOf(&o.ObjectFacts, fact) == set {
			back[fact] = last.before[fact]
		}
	}
	if len(back) > 0 {
		if _, _, err := s.setFacts(ctx, tx, o, back, last.At); err != nil {
			return err
		}
	}
	now := s.now()
	_, err := tx.ExecContext(ctx, `UPDATE ledger_step SET undone_at = $1, undone_by = $2, undone_why = $3 WHERE id = $4 AND undone_at IS NULL`, now.UnixMilli(), by.Name, why, last.ID)
	if err != nil {
		return fmt.Errorf("take back step %d: %w", last.ID, err)
	}
	last.UndoneAt = &now
	if err := s.touch(ctx, tx, e); err != nil {
		return err
	}
	return s.note(ctx, tx, by, "ledger.undo", e, map[string]any{"step": last.ID, "state": last.State, "mark": last.Mark, "why": why})
}

// EntryChange is what may be changed of an entry beside its steps; nil leaves it as it is.
type EntryChange struct {
	Edit      int64           `json:"edit" minimum:"1"`
	Track     *string         `json:"track,omitempty" maxLength:"40" doc:"One that has the step in which the entry stands"`
	Due       *hydrotime.Date `json:"due,omitempty"`
	Note      *string         `json:"note,omitempty" maxLength:"2000"`
	Withdrawn *bool           `json:"withdrawn,omitempty" doc:"Take it out of the ledger, or back in"`
	Reason    string          `json:"reason" minLength:"1" maxLength:"2000"`
}

// decides reports whether a change moves what a county is held to: those are the city's, since a county that may give itself more time,
// or take its entry out, is held to nothing.
func (c *EntryChange) decides(e *Entry) bool {
	return c.Track != nil && *c.Track != e.Track || c.Due != nil && (e.Due == nil || *c.Due != *e.Due) || c.Withdrawn != nil && *c.Withdrawn != (e.Withdrawn != nil)
}

// Change changes an entry's track, day, note or whether it stands in the ledger, with a reason. The county's office writes the note, the
// city decides the rest.
func (s *Service) Change(ctx context.Context, p *identity.Principal, id int64, c EntryChange) error {
	if strings.TrimSpace(c.Reason) == "" {
		return fault.Invalidf("ledger.why", "请写明原因", "say why").At("reason", fault.T("必填", "required"))
	}
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		e, err := s.entry(ctx, tx, p, id)
		if err != nil {
			return err
		}
		if e.Edit != c.Edit {
			return stale(e)
		}
		level := "county"
		if c.decides(e) {
			level = "city"
		}
		if !e.May(p, tree, level) {
			return fault.New(fault.Forbidden, "ledger.level", fault.T("由"+levelName(level).Zh+"调整", "it is for "+levelName(level).En+" to change it"))
		}
		if c.Track != nil && *c.Track != e.Track {
			if _, ok := e.Scheme.Track(*c.Track); !ok || e.begun() && !e.Standing.State.Open(*c.Track) {
				return fault.Conflictf("ledger.retrack", "没有这个分类，或现在的步骤不属于该分类", "there is no such track, or it has no such step as this").At("track", fault.T("不能更改", "cannot be changed"))
			}
			e.Track = *c.Track
		}
		if c.Due != nil {
			e.Due = c.Due
		}
		if c.Note != nil {
			e.Note = strings.TrimSpace(*c.Note)
		}
		if c.Withdrawn != nil {
			e.Withdrawn, e.withdrawnBy = nil, ""
			if *c.Withdrawn {
				now := s.now()
				e.Withdrawn = &now
			}
		}
		if err := s.touch(ctx, tx, e); err != nil {
			return err
		}
		return s.note(ctx, tx, p.Actor(), "ledger.change", e, c)
	})
}
