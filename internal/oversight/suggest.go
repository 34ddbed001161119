package oversight

import (
	"context"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/matter"
	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/ladder"
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
	step, reason, ok := ladder.Suggest(book.Ladder, factsOf(d, s.now()))
	if !ok {
		return nil, nil
	}
	return &Suggestion{Step: step.ID, Name: step.Name, Reason: reason, Approver: step.Approver, ReplyDays: step.ReplyDays, Sample: book.Ladder.Sample}, nil
}

// factsOf is what the ladder judges a matter by.
func factsOf(d *matter.Detail, now time.Time) ladder.Facts {
	f := ladder.Facts{}
	if d.Severity >= matter.General && d.Severity <= matter.Grave {
		f.Severity = checklist.Severities()[d.Severity-1]
	}
	days := func(from time.Time) int { return max(0, hydrotime.DateOf(from).DaysUntil(hydrotime.DateOf(now))) }
	switch d.Kind {
	case matter.Lag:
		f.Kind, f.MonthsLagging = ladder.Lag, hydrotime.MonthOf(now).Sub(hydrotime.MonthOf(d.Opened))+1
	case matter.Missing:
		f.Kind, f.DaysOverdue = ladder.MissingReturn, days(d.Opened)
	default:
		f.Kind = ladder.Finding
		if due := d.OriginalDue; !due.IsZero() && now.After(due) {
			f.Kind, f.DaysOverdue = ladder.Overdue, days(due)
		}
	}
	if d.Recurs != 0 {
		f.Repeats = 1
	}
	for _, e := range d.Escalations {
		switch e.State {
		case "proposed":
			f.Waiting = true
		case "issued":
			f.Taken = append(f.Taken, e.Step)
			late := now.After(e.ReplyDue)
			f.Waiting, f.Unanswered = f.Waiting || !late, f.Unanswered || late
		case "replied":
			f.Taken = append(f.Taken, e.Step)
		}
	}
	slices.Sort(f.Taken)
	return f
}
