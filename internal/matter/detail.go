package matter

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/store"
)

// Detail is one matter with all that hangs on it, and what the person who asks may do now.
type Detail struct {
	Matter
	UnitName    fault.Text
	PersonName  string
	ObjectName  *ObjectName
	Events      []Event
	Evidence    []Evidence
	Links       []Link
	Parts       []Part
	Escalations []Escalation
	// Since is when the cause of a rule's matter began to stand without a break, or else when the matter was opened.
	Since time.Time
	Moves []Legal
	Shown Shown // for the work, since it was assigned, opened again or last looked at
}

// Link is another matter that this one is bound to.
type Link struct {
	ID     int64      `json:"id"`
	Kind   string     `json:"kind" enum:"recurs,recurred_by,sweeps,swept_by,found_by,found_in"`
	Number string     `json:"number"`
	Title  fault.Text `json:"title"`
	State  State      `json:"state"`
}

// Get reads one matter whole.
func (s *Service) Get(ctx context.Context, p *identity.Principal, id int64) (*Detail, error) {
	d := &Detail{}
	terms, err := s.terms(ctx, s.db) // before the transaction, which reads nothing beside itself
	if err != nil {
		return nil, err
	}
	err = s.db.Snapshot(ctx, func(q store.Querier) error {
		m, err := read(ctx, q, id)
		if err != nil {
			return err
		}
		if !m.Sees(p) {
			return errUnknown()
		}
		d.Matter = *m
		f, err := s.facts(ctx, q, p, m, terms)
		if err != nil {
			return err
		}
		newer, err := newerOf(ctx, q, m)
		if err != nil {
			return err
		}
		d.Shown, d.Moves = f.Shown, open(p, m, f, newer)
		if d.Since, err = stretch(ctx, q, m); err != nil {
			return err
		}
		return s.hang(ctx, q, p, d)
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// open lists the moves that the person may make now: those that are taken if what comes with them is right. Who answers may bring the
// evidence along; who keeps finds it there or not. newer is the number of another matter that stands for the cause, "" for none.
func open(p *identity.Principal, m *Matter, f Facts, newer string) []Legal {
	out := []Legal{}
	for _, l := range Legals() {
		if l.Side == Program || !m.mayMove(p, l.Side) {
			continue
		}
		probe := *m
		probe.Measures = "x"
		later := f.At.AddDate(0, 0, 1)
		if l.Move == AskMore && !later.After(m.Due) {
			later = m.Due.AddDate(0, 0, 1)
		}
		a := Act{Move: l.Move, Reason: "x", Unit: "x", Person: "x", Measures: "x", Way: "paper", Due: &later}
		if l.Move == Assign && m.State != Confirmed {
			a.Due = nil
		}
		with := f
		if l.Move == Submit {
			with.Shown.After = true
		}
		n, err := probe.Next(a, with)
		if err == nil && (newer == "" || !n.State.Live()) {
			out = append(out, l)
		}
	}
	return out
}

func (s *Service) hang(ctx context.Context, q store.Querier, p *identity.Principal, d *Detail) (err error) {
	err = q.QueryRowContext(ctx, `
		SELECT o.name_zh, o.name_en, COALESCE((SELECT name FROM person WHERE id = $2), '') FROM organisation o WHERE o.id = $1`, d.Matter.Unit, d.Matter.Person).
		Scan(&d.UnitName.Zh, &d.UnitName.En, &d.PersonName)
	if err != nil {
		return fmt.Errorf("read who answers for matter %d: %w", d.ID, err)
	}
	if d.Object != 0 {
		o := ObjectName{ID: d.Object}
		err = store.Each(ctx, q, `SELECT kind, code, name_zh, name_en FROM water_object WHERE id = $1`, func(scan func(...any) error) error {
			return scan(&o.Kind, &o.Code, &o.Name.Zh, &o.Name.En)
		}, d.Object)
		if err != nil {
			return fmt.Errorf("read the object of matter %d: %w", d.ID, err)
		}
		d.ObjectName = &o
	}
	if d.Events, err = eventsOf(ctx, q, d.ID); err != nil {
		return err
	}
	if d.Evidence, err = evidenceOf(ctx, q, d.ID); err != nil {
		return err
	}
	if d.Links, err = linksOf(ctx, q, p, d.ID); err != nil {
		return err
	}
	if d.Parts, err = partsOf(ctx, q, d.ID); err != nil {
		return err
	}
	steps, err := escalationsOf(ctx, q, d.ID)
	d.Escalations = slices.DeleteFunc(steps, func(e Escalation) bool { return !e.sees(p) })
	if err != nil {
		return err
	}
	rungs, err := s.rungs(ctx)
	for i := range d.Escalations {
		d.Escalations[i].open(p, s.now(), rungs)
	}
	return err
}

func eventsOf(ctx context.Context, q store.Querier, id int64) ([]Event, error) {
	out := []Event{}
	err := store.Each(ctx, q, `
		SELECT seq, at, actor_name, move, from_state, to_state, reason, detail FROM matter_event WHERE matter_id = $1 ORDER BY seq`, func(scan func(...any) error) error {
		var e Event
		var ms int64
		var detail string
		if err := scan(&e.Seq, &ms, &e.By, &e.Move, &e.From, &e.To, &e.Reason, &detail); err != nil {
			return err
		}
		e.At = store.Time(ms)
		out = append(out, e)
		return json.Unmarshal([]byte(detail), &out[len(out)-1].Detail)
	}, id)
	if err != nil {
		return nil, fmt.Errorf("read the events of matter %d: %w", id, err)
	}
	return out, tell(ctx, q, out)
}

func linksOf(ctx context.Context, q store.Querier, p *identity.Principal, id int64) ([]Link, error) {
	back := map[string]string{"recurs": "recurred_by", "sweeps": "swept_by", "found_by": "found_in"}
	type end struct {
		kind  string
		other int64
	}
	var ends []end
	err := store.Each(ctx, q, `SELECT from_id, to_id, kind FROM matter_link WHERE from_id = $1 OR to_id = $1 ORDER BY at, from_id, to_id`, func(scan func(...any) error) error {
		var from, to int64
		var kind string
		err := scan(&from, &to, &kind)
		if from == id {
			ends = append(ends, end{kind, to})
		} else {
			ends = append(ends, end{back[kind], from})
		}
		return err
	}, id)
	if err != nil {
		return nil, fmt.Errorf("read the links of matter %d: %w", id, err)
	}
	out := []Link{}
	for _, e := range ends {
		m, err := read(ctx, q, e.other)
		if err != nil {
			return nil, err
		}
		if m.Sees(p) {
			out = append(out, Link{ID: m.ID, Kind: e.kind, Number: m.Number, Title: m.Title, State: m.State})
		}
	}
	return out, nil
}

func partsOf(ctx context.Context, q store.Querier, id int64) ([]Part, error) {
	out := []Part{}
	err := store.Each(ctx, q, `
		SELECT object_id, answer, note, COALESCE(finding_id, 0), COALESCE(at, 0), by_name FROM matter_part WHERE matter_id = $1 ORDER BY object_id`, func(scan func(...any) error) error {
		var part Part
		var ms int64
		err := scan(&part.Object, &part.Answer, &part.Note, &part.Finding, &ms, &part.By)
		if ms != 0 {
			t := store.Time(ms)
			part.At = &t
		}
		out = append(out, part)
		return err
	}, id)
	if err != nil {
		return nil, fmt.Errorf("read the parts of matter %d: %w", id, err)
	}
	return out, nil
}

// Outcome is what became of one matter in a bulk move.
type Outcome struct {
	ID    int64       `json:"id"`
	OK    bool        `json:"ok"`
	Error *fault.Text `json:"error,omitempty"`
}

// bulkMost bounds one bulk move.
const bulkMost = 500

// MoveMany makes one move on many matters, each on its own: one that is refused does not hold the others up.
func (s *Service) MoveMany(ctx context.Context, p *identity.Principal, ids []int64, a Act) ([]Outcome, error) {
	if len(ids) > bulkMost {
		return nil, fault.New(fault.TooLarge, "matter.bulk", fault.Tf("一次至多 %d 项", "at most %d at once", bulkMost))
	}
	a.Edit = 0
	out := make([]Outcome, 0, len(ids))
	for _, id := range ids {
		_, err := s.Move(ctx, p, id, a)
		o := Outcome{ID: id, OK: err == nil}
		if err != nil {
			t, told := toldOf(err)
			if !told { // the program's own trouble: what was made before it stands, and is told
				return s.stopped(ctx, p, out, ids, err)
			}
			o.Error = &t
		}
		out = append(out, o)
	}
	return out, nil
}

// stopped tells of a bulk move that trouble of the program's own ended: which moves were made, and that the rest were not. Where none was
// made there is nothing to tell but the trouble.
func (s *Service) stopped(ctx context.Context, p *identity.Principal, out []Outcome, ids []int64, err error) ([]Outcome, error) {
	if !slices.ContainsFunc(out, func(o Outcome) bool { return o.OK }) {
		return nil, err
	}
	s.log.ErrorContext(ctx, "a bulk move stopped", "made", len(out), "of", len(ids), "account", p.Account(), "err", err)
	for _, id := range ids[len(out):] {
		t := fault.T("系统故障，未办理，请稍后重试", "not done, the program met with trouble: try again later")
		out = append(out, Outcome{ID: id, Error: &t})
	}
	return out, nil
}

// Work is what a person must do, by why (我的工作).
type Work struct {
	Why  string `json:"why" enum:"mine,confirm,assign,review,dispute,extension,approve,reply"`
	Rows Page   `json:"-"`
}

// Mine lists what waits for a person: what one answers for, and what one's side must decide, each by deadline.
func (s *Service) Mine(ctx context.Context, p *identity.Principal, limit int) ([]Work, error) {
	sh, w, err := s.walk(ctx, p, Query{Live: true})
	if err != nil {
		return nil, err
	}
	order := []string{"mine", "confirm", "assign", "review", "dispute", "extension"}
	heaps := map[string]*first{}
	totals := map[string]int{}
	for _, why := range order {
		heaps[why] = &first{n: limit + 1}
	}
	due := sh.keyOf("due")
	answers, assigns, reviews := make([]uint8, len(w.sees)), make([]uint8, len(w.sees)), make([]uint8, len(w.sees))
	for r := range sh.rows.all {
		if !w.takes(r) {
			continue
		}
		why := w.waits(r, answers, assigns, reviews)
		if why == "" {
			continue
		}
		totals[why]++
		heaps[why].offer(due(r), r)
	}
	out := []Work{}
	for _, why := range order {
		if totals[why] > 0 {
			out = append(out, Work{Why: why, Rows: heaps[why].page(sh, limit, totals[why])})
		}
	}
	return out, nil
}

// waits says why a row waits for the person, "" where it does not.
func (w *walker) waits(r *Row, answers, assigns, reviews []uint8) string {
	me := w.p.Account()
	works := r.State == Assigned || r.State == Rectifying || r.State == Returned || r.State == Controlled && r.OverdueAt(w.now)
	if works && r.Person != "" && r.Person == w.p.Person() {
		return "mine"
	}
	keeps := w.can(reviews, identity.MatterReview, r.line, r.keeper)
	switch {
	case keeps && r.State == Submitted && r.submittedBy != me && (r.Person == "" || r.Person != w.p.Person()):
		return "review"
	case keeps && r.State == Disputed:
		return "dispute"
	case keeps && r.Asked && r.askedBy != me:
		return "extension"
	case r.State == Found && w.can(answers, identity.MatterAnswer, r.line, r.division):
		return "confirm"
	case r.State == Confirmed && w.can(assigns, identity.MatterAssign, r.line, r.division):
		return "assign"
	}
	return ""
}
