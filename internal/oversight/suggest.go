package oversight

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/matter"
	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/ladder"
	"anlan/internal/quantity"
	"anlan/internal/store"
)

// Suggestion is the step of the ladder that the rules call for at a matter, for a person to propose or not.
type Suggestion struct {
	Step      string     `json:"step"`
	Name      fault.Text `json:"name"`
	Reason    fault.Text `json:"reason"`
	Approver  string     `json:"approver" doc:"Role that approves it"`
	ReplyDays int        `json:"reply_days"`
	Sample    bool       `json:"sample" doc:"The rules wait for the operator's own"`
}

// Suggest says which step the ladder in force calls for at a matter, nil where none. It does nothing itself.
func (s *Service) Suggest(ctx context.Context, d *matter.Detail) (*Suggestion, error) {
	book, err := s.Book(ctx)
	if err != nil || book.Ladder == nil || !d.State.Live() || d.Veiled {
		return nil, err
	}
	c := d.Case()
	if c.Repeats, err = s.repeats(ctx, &d.Matter); err != nil {
		return nil, err
	}
	var known map[string]Behind
	if c.Cause != "" {
		if known, err = s.behind(ctx, []string{c.Cause}); err != nil {
			return nil, err
		}
	}
	return suggest(book.Ladder, c, known[c.Cause], s.now()), nil
}

// suggest is the step that a ladder calls for at a matter, nil where none.
func suggest(l *ladder.Ladder, c matter.Case, known Behind, now time.Time) *Suggestion {
	facts := factsOf(c, now)
	facts.PointsBehind, facts.Rank, facts.Peers, facts.Reminders = known.Points, known.Rank, known.Peers, known.Reminders
	step, reason, ok := ladder.Suggest(l, facts)
	if !ok {
		return nil
	}
	return &Suggestion{Step: step.ID, Name: step.Name, Reason: reason, Approver: step.Approver, ReplyDays: step.ReplyDays, Sample: l.Sample}
}

// Call is a live matter at which the ladder calls for a step.
type Call struct {
	Suggestion
	Keeper int64
	Line   string
}

// called is what the ladder called for when it was asked last.
type called struct {
	rev    int64
	at     time.Time
	ladder *ladder.Ladder
	calls  map[int64]Call
}

// calledFor is how long it is remembered what the ladder calls for while no matter and no step of it changes: figures change meanwhile.
const calledFor = 20 * time.Second

// Calls are the live matters at which the ladder in force calls for a step now, by number: for each of them Suggest says the same. It asks no
// permission; who may propose the step is told by line and keeper. The map is not to be changed.
func (s *Service) Calls(ctx context.Context) (map[int64]Call, error) {
	book, err := s.Book(ctx)
	if err != nil || book.Ladder == nil {
		return nil, err
	}
	rev, err := s.matter.Revision(ctx)
	if err != nil {
		return nil, err
	}
	s.calling.Lock() // one asks anew, and the others have its answer
	defer s.calling.Unlock()
	now := s.now()
	s.mu.Lock()
	last := s.called
	s.mu.Unlock()
	age := now.Sub(last.at)
	if last.calls != nil && last.rev == rev && last.ladder == book.Ladder && age >= 0 && age < calledFor && hydrotime.DateOf(last.at) == hydrotime.DateOf(now) {
		return last.calls, nil
	}
	cases, err := s.matter.Cases(ctx)
	if err != nil {
		return nil, err
	}
	var causes []string
	for _, c := range cases {
		if c.Cause != "" {
			causes = append(causes, c.Cause)
		}
	}
	known, err := s.behind(ctx, causes)
	if err != nil {
		return nil, err
	}
	calls := map[int64]Call{}
	for _, c := range cases {
		if step := suggest(book.Ladder, c, known[c.Cause], now); step != nil {
			calls[c.ID] = Call{Suggestion: *step, Keeper: c.Keeper, Line: c.Line}
		}
	}
	s.mu.Lock()
	s.called = called{rev, now, book.Ladder, calls}
	s.mu.Unlock()
	return calls, nil
}

// FiguresChanged lets the next question about the ladder look at the figures anew.
func (s *Service) FiguresChanged() {
	s.mu.Lock()
	s.called = called{}
	s.mu.Unlock()
}

// Terms are the days that the ladder in force gives, and what it bounds; what it leaves out is the usual.
func (s *Service) Terms(ctx context.Context, q store.Querier) (matter.Terms, error) {
	book, err := s.BookIn(ctx, q)
	if err != nil || book.Ladder == nil || book.Ladder.Terms == nil {
		return matter.Terms{}, err
	}
	t := book.Ladder.Terms
	return matter.Terms{Confirm: t.Confirm, Decide: t.Decide, Review: t.Review, Mend: matter.Mend(t.Mend), Longest: t.Longest, Found: t.Found, Sweep: t.Sweep, Rule: t.Rule}, nil
}

// Rungs are the steps of the ladder in force as the matters are held to them, none where there is no ladder.
func (s *Service) Rungs(ctx context.Context) ([]matter.Rung, error) {
	book, err := s.Book(ctx)
	if err != nil || book.Ladder == nil {
		return nil, err
	}
	var out []matter.Rung
	for _, step := range book.Ladder.Steps {
		r := matter.Rung{Step: step.ID, Name: step.Name, Approver: step.Approver, Level: step.Level, Personal: step.Target != ladder.Unit, ReplyDays: step.ReplyDays, Every: step.EveryDays}
		if step.Deduct != nil {
			r.Points = quantity.Some(*step.Deduct)
		}
		out = append(out, r)
	}
	return out, nil
}

// repeats counts the matters of the same item at the same object that were found within the twelve months before, and of a return not
// filed those of the same form and division. What was dismissed is none, and what is still veiled is not told by a count.
func (s *Service) repeats(ctx context.Context, m *matter.Matter) (int, error) {
	where, args := "object_id = $3 AND item = $4", []any{m.Object, m.Item}
	switch {
	case m.Object != 0 && m.Item != "":
	case m.Kind == matter.Missing && strings.Contains(m.Cause, "/"):
		where, args = `kind = $3 AND LOWER(cause) LIKE $4 ESCAPE '\'`, []any{string(m.Kind), store.Literal(m.Cause[:strings.LastIndex(m.Cause, "/")+1]) + "%"}
	default:
		return 0, nil
	}
	var n int
	err := s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM matter WHERE found_at < $1 AND found_at >= $2 AND veiled = 0 AND state <> 'dismissed' AND `+where,
		append([]any{m.Found.UnixMilli(), matter.Recalled(hydrotime.DateOf(m.Found)).Start().UnixMilli()}, args...)...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count what came before matter %d: %w", m.ID, err)
	}
	return n, nil
}

// factsOf is what a matter itself tells the ladder.
func factsOf(d matter.Case, now time.Time) ladder.Facts {
	f := ladder.Facts{Repeats: d.Repeats}
	if d.Severity >= matter.General && d.Severity <= matter.Grave {
		f.Severity = checklist.Severities()[d.Severity-1]
	}
	days := func(from time.Time) int { return max(0, hydrotime.DateOf(from).DaysUntil(hydrotime.DateOf(now))) }
	switch d.Kind {
	case matter.Lag:
		f.Kind, f.MonthsLagging = ladder.Lag, hydrotime.MonthOf(now).Sub(hydrotime.MonthOf(d.Since))+1
	case matter.Missing:
		f.Kind, f.DaysOverdue = ladder.MissingReturn, days(d.Since)
	case matter.Overdue: // the deadline it was opened for has passed; its own is for mending
		f.Kind, f.DaysOverdue = ladder.Overdue, days(d.Since)
	default:
		f.Kind = ladder.Finding
		if due := d.FirstDue; !due.IsZero() && !now.Before(due) {
			f.Kind, f.DaysOverdue = ladder.Overdue, days(due.Add(-1))
		}
	}
	for _, e := range d.Steps {
		switch e.State {
		case "proposed":
			f.Waiting = true
		case "issued":
			f.Taken = append(f.Taken, e.Step)
			if e.Asks {
				late := !now.Before(e.ReplyDue)
				f.Waiting, f.Unanswered = f.Waiting || !late, f.Unanswered || late
			}
		case "replied":
			f.Taken = append(f.Taken, e.Step)
			f.Unanswered = f.Unanswered || e.ReportLate
		}
	}
	slices.Sort(f.Taken)
	return f
}
