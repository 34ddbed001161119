package project

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/store"
)

// Two days stand on everything: the one that it is of, and the one on which it was put on record. A view of a past day takes what had
// been recorded by then, so that a report of that day is made again as it was, whatever was told or corrected since.

// knownBy is the instant before which something had to be on record; the zero instant takes everything.
func (s *Service) knownBy(asOf hydrotime.Date, known time.Time) time.Time {
	if known.IsZero() && asOf != (hydrotime.Date{}) {
		known = asOf.End()
	}
	if !known.Before(s.now()) {
		return time.Time{}
	}
	return known
}

// past reports whether a view is of what was known at an earlier instant.
func (v *view) past() bool { return !v.known.IsZero() }

// unknown reports whether something was put on record too late for the view.
func (v *view) unknown(at time.Time) bool { return v.past() && !at.Before(v.known) }

// until leaves out an end, such as an undoing, that was not on record yet.
func (v *view) until(at *time.Time) *time.Time {
	if at != nil && v.unknown(*at) {
		return nil
	}
	return at
}

// figureTable is where monthly figures are read, as table t, and its parameters from a number on: those that stand now, or the revisions that stood then.
func (v *view) figureTable(from int) (string, []any) {
	if !v.past() {
		return "project_figure t", nil
	}
	return fmt.Sprintf(`(SELECT r.part_id, r.month, r.what, r.value, r.revision FROM project_figure_revision r WHERE r.at < $%[1]d AND r.revision =
		(SELECT MAX(o.revision) FROM project_figure_revision o WHERE o.part_id = r.part_id AND o.month = r.month AND o.what = r.what AND o.at < $%[1]d)) t`, from), []any{v.known.UnixMilli()}
}

// The records of which every state is kept, besides what is written once.
const (
	pastProject  = "project"
	pastPart     = "part"
	pastSchedule = "schedule"
	pastList     = "list"
)

// projectState is a project's record at some time, as project_past keeps it.
type projectState struct {
	Name        fault.Text    `json:"name"`
	Kind        string        `json:"kind"`
	LegalPerson string        `json:"legal_person"`
	Total       quantity.Null `json:"total_wan_yuan"`
	Assessed    bool          `json:"assessed"`
	StatsID     string        `json:"stats_id"`
	Library     string        `json:"library"`
	Note        string        `json:"note"`
	Programmes  []string      `json:"programmes"`
	Withdrawn   *time.Time    `json:"withdrawn"`
}

func (r *record) state() projectState {
	return projectState{r.name, r.kind, r.legalPerson, r.total, r.assessed, r.stats, r.lib, r.note, slices.Clone(r.programmes), r.withdrawn}
}

func (r *record) restore(was projectState) {
	r.name, r.kind, r.legalPerson, r.total, r.assessed = was.Name, was.Kind, was.LegalPerson, was.Total, was.Assessed
	r.stats, r.lib, r.note, r.programmes, r.withdrawn = was.StatsID, was.Library, was.Note, was.Programmes, was.Withdrawn
}

// partState is a part's record at some time.
type partState struct {
	Kind       string        `json:"kind"`
	Name       fault.Text    `json:"name"`
	Division   int64         `json:"division"`
	Total      quantity.Null `json:"total_wan_yuan"`
	Contractor string        `json:"contractor"`
	Note       string        `json:"note"`
	Shape      *ProjectShape `json:"shape"`
	Sort       int64         `json:"sort"`
	Withdrawn  *time.Time    `json:"withdrawn"`
}

func (x *part) state() partState {
	return partState{x.kind, x.name, x.division, x.total, x.contractor, x.note, x.shape, x.sort, x.withdrawn}
}

func (x *part) restore(was partState) {
	x.kind, x.name, x.division, x.total, x.contractor = was.Kind, was.Name, was.Division, was.Total, was.Contractor
	x.note, x.shape, x.sort, x.withdrawn = was.Note, was.Shape, was.Sort, was.Withdrawn
}

// scheduleState is a planned day at some time.
type scheduleState struct {
	Milestone string         `json:"milestone"`
	On        hydrotime.Date `json:"on"`
	First     hydrotime.Date `json:"first"`
}

func (x *part) scheduleStates() []scheduleState {
	out := []scheduleState{}
	for _, l := range x.planned {
		out = append(out, scheduleState{l.milestone, l.on, l.first})
	}
	return out
}

func (x *part) reschedule(was []scheduleState) {
	x.planned = nil
	for _, l := range was {
		x.planned = append(x.planned, schedule{l.Milestone, l.On, l.First})
	}
}

// listState is a list's record at some time.
type listState struct {
	Name      fault.Text     `json:"name"`
	Issuer    string         `json:"issuer"`
	Document  string         `json:"document"`
	On        hydrotime.Date `json:"on"`
	Note      string         `json:"note"`
	Withdrawn *time.Time     `json:"withdrawn"`
}

func (l *list) state() listState {
	return listState{l.name, l.issuer, l.document, l.on, l.note, l.withdrawn}
}

func (l *list) restore(was listState) {
	l.name, l.issuer, l.document, l.on, l.note, l.withdrawn = was.Name, was.Issuer, was.Document, was.On, was.Note, was.Withdrawn
}

// keepPast keeps what a record was until now.
func (s *Service) keepPast(ctx context.Context, tx *store.Tx, what string, owner int64, was any) error {
	text, err := json.Marshal(was)
	if err != nil {
		return fmt.Errorf("encode what %s %d was: %w", what, owner, err)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO project_past (what, owner_id, id, until_at, was)
		SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), COALESCE(MAX(id), 0) + 1, CAST($3 AS BIGINT), CAST($4 AS TEXT) FROM project_past WHERE what = $1 AND owner_id = $2`, what, owner, s.now().UnixMilli(), string(text))
	if err != nil {
		return fmt.Errorf("keep what %s %d was: %w", what, owner, err)
	}
	return nil
}

// states reads what records were at the view's instant, each to be decoded by put: the first state that held beyond it.
func (v *view) states(ctx context.Context, q store.Querier, what string, put func(owner int64, was []byte) error) error {
	err := store.Each(ctx, q, `
		SELECT t.owner_id, t.was FROM project_past t WHERE t.what = $1 AND t.id =
		(SELECT MIN(o.id) FROM project_past o WHERE o.what = t.what AND o.owner_id = t.owner_id AND o.until_at >= $2)`, func(scan func(...any) error) error {
		var owner int64
		var was string
		if err := scan(&owner, &was); err != nil {
			return err
		}
		return put(owner, []byte(was))
	}, what, v.known.UnixMilli())
	if err != nil {
		return fmt.Errorf("read what each %s was: %w", what, err)
	}
	return nil
}

// decoded hands what an owner was to a function, where the owner is among those that were read.
func decoded[O, S any](at map[int64]O, put func(O, S)) func(int64, []byte) error {
	return func(owner int64, text []byte) error {
		o, ok := at[owner]
		if !ok {
			return nil
		}
		var was S
		if err := json.Unmarshal(text, &was); err != nil {
			return fmt.Errorf("what %d was: %w", owner, err)
		}
		put(o, was)
		return nil
	}
}

// asKnown takes projects back to what was known at the view's instant, and leaves out those that were not on record.
func (v *view) asKnown(ctx context.Context, q store.Querier, list []*record, at map[int64]*record, parts map[int64]*part) ([]*record, error) {
	if !v.past() {
		return list, nil
	}
	for what, put := range map[string]func(int64, []byte) error{
		pastProject: decoded(at, (*record).restore), pastPart: decoded(parts, (*part).restore), pastSchedule: decoded(parts, (*part).reschedule),
	} {
		if err := v.states(ctx, q, what, put); err != nil {
			return nil, err
		}
	}
	for _, r := range list {
		r.parts = slices.DeleteFunc(r.parts, func(x *part) bool { return v.unknown(x.made) })
		r.items = slices.DeleteFunc(r.items, func(i item) bool { return v.unknown(i.added) })
		for i := range r.items {
			r.items[i].removed = v.until(r.items[i].removed)
		}
		for _, x := range r.parts {
			x.asKnown(v)
		}
	}
	return slices.DeleteFunc(list, func(r *record) bool { return v.unknown(r.made) }), nil
}

// asKnown leaves out of a part what was not on record yet.
func (x *part) asKnown(v *view) {
	x.steps = slices.DeleteFunc(x.steps, func(s step) bool { return v.unknown(s.written) })
	for i := range x.steps {
		s := &x.steps[i]
		if s.Undone = v.until(s.Undone); s.Undone == nil {
			s.undoneBy, s.undoneWhy = "", ""
		}
		if s.approved = v.until(s.approved); s.approved == nil {
			s.approvedBy = ""
		}
	}
	x.funds = slices.DeleteFunc(x.funds, func(f fund) bool { return v.unknown(f.written) })
	for i := range x.funds {
		f := &x.funds[i]
		if f.voided = v.until(f.voided); f.voided == nil {
			f.voidedBy, f.voidedWhy = "", ""
		}
	}
}

// listsKnown takes lists back to what was known at the view's instant.
func (v *view) listsKnown(ctx context.Context, q store.Querier, lists map[int64]*list) error {
	if !v.past() {
		return nil
	}
	if err := v.states(ctx, q, pastList, decoded(lists, (*list).restore)); err != nil {
		return err
	}
	for id, l := range lists {
		if v.unknown(l.made) {
			delete(lists, id)
		}
	}
	return nil
}
