package matter

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/store"
)

// StepReport is one report of progress under a step after its reply (督办进展报告).
type StepReport struct {
	At    time.Time `json:"at"`
	By    string    `json:"by"`
	Words string    `json:"words"`
}

// reporting tells when the next report of progress is due: so many days after the reply or the last report, until all matters of the step
// rest.
func (e *Escalation) reporting(now time.Time) {
	if e.Every == 0 || e.State != "replied" || !e.live {
		return
	}
	last := *e.RepliedAt
	if n := len(e.Reports); n > 0 {
		last = e.Reports[n-1].At
	}
	due := hydrotime.DateOf(last).AddDays(e.Every).End()
	e.ReportDue, e.ReportLate = &due, !now.Before(due)
}

// report keeps a report of progress.
func (s *Service) report(ctx context.Context, tx *store.Tx, p *identity.Principal, e *Escalation, words string) error {
	if e.reporting(s.now()); e.ReportDue == nil {
		return fault.Conflictf("ladder.stale", "该文书已被他人办理", "somebody else dealt with it meanwhile")
	}
	at := s.now()
	if n := len(e.Reports); n > 0 && !at.After(e.Reports[n-1].At) { // the store keeps whole milliseconds, and each report its own
		at = e.Reports[n-1].At.Add(time.Millisecond)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO escalation_report (escalation_id, at, by_name, words) VALUES ($1, $2, $3, $4)`, e.ID, at.UnixMilli(), p.Name(), words)
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE escalation SET edit = edit + 1 WHERE id = $1`, e.ID)
	}
	if err != nil {
		return fmt.Errorf("report on step %s: %w", e.ID, err)
	}
	return nil
}

// reportsOf reads what was reported under steps, into them by id.
func reportsOf(ctx context.Context, q store.Querier, steps []Escalation, at map[string]int, where string, args []any) error {
	err := store.Each(ctx, q, `SELECT r.escalation_id, r.at, r.by_name, r.words FROM escalation_report r JOIN escalation e ON e.id = r.escalation_id`+where+` ORDER BY r.escalation_id, r.at`, func(scan func(...any) error) error {
		var step string
		var ms int64
		var r StepReport
		err := scan(&step, &ms, &r.By, &r.Words)
		r.At = store.Time(ms)
		if i, ok := at[step]; ok {
			steps[i].Reports = append(steps[i].Reports, r)
		}
		return err
	}, args...)
	if err != nil {
		return fmt.Errorf("read the reports under steps: %w", err)
	}
	return nil
}
