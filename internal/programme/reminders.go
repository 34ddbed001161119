package programme

import (
	"context"
	"fmt"
	"strings"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// sentReminders is how often a return was called for, and when last.
type sentReminders struct {
	count int
	last  time.Time
}

// countReminders counts the calls for a page of returns.
func countReminders(ctx context.Context, q store.Querier, tree *registry.Tree, page []ReturnSummary) (map[boardKey]sentReminders, error) {
	out := map[boardKey]sentReminders{}
	if len(page) == 0 {
		return out, nil
	}
	from, to := page[0].Period, page[0].Period
	var divisions []int64
	for _, r := range page {
		from, to = min(from, r.Period), max(to, r.Period)
		if d, ok := tree.ByCode(r.Division.Code); ok {
			divisions = append(divisions, d.ID)
		}
	}
	var b strings.Builder
	writeInts(&b, divisions)
	rows, err := q.QueryContext(ctx, `
		SELECT form, division_id, period, COUNT(*), MAX(at) FROM reminder
		WHERE period BETWEEN $1 AND $2 AND division_id IN (`+b.String()+`)
		GROUP BY form, division_id, period`, int64(from), int64(to))
	if err != nil {
		return nil, fmt.Errorf("count reminders: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var k boardKey
		var n int
		var last int64
		if err := rows.Scan(&k.form, &k.division, &k.period, &n, &last); err != nil {
			return nil, fmt.Errorf("count reminders: %w", err)
		}
		out[k] = sentReminders{n, instant(last)}
	}
	return out, rows.Err()
}

// Remind records a call to file (催报) for each return that is not filed, and returns how many there were. One that has
// been filed in the meantime is passed over.
func (s *Service) Remind(ctx context.Context, p *identity.Principal, keys []ReturnKey, channel, text string) (int, error) {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		n = 0
		for i, k := range keys {
			form, d, err := s.expects(cat, tree, p, identity.ReminderWrite, k)
			if err != nil {
				return fmt.Errorf("item %d: %w", i, err)
			}
			versions, err := versionsOf(ctx, tx, form.ID, d.ID, k.Period)
			if err != nil {
				return err
			}
			if len(versions) > 0 && versions[0].state.filed() {
				continue
			}
			if err := s.remind(ctx, tx, p.Actor(), cat.LineOfForm(form.ID), d, k, channel, text); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

func (s *Service) remind(ctx context.Context, tx *store.Tx, who identity.Actor, line string, d registry.Division, k ReturnKey, channel, text string) error {
	at := s.now()
	_, err := tx.ExecContext(ctx, `
		INSERT INTO reminder (id, form, period, division_id, at, by_id, by_name, channel, text) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		store.NewID(), k.Form, int64(k.Period), d.ID, at.UnixMilli(), who.ID, who.Name, channel, text)
	if err != nil {
		return fmt.Errorf("record a reminder to %s: %w", d.Code, err)
	}
	div := d.ID
	tx.AfterCommit(func() {
		s.changed(Change{Kind: "return", Line: line, Division: div, Code: d.Code, Period: k.Period})
	})
	return audit.Append(ctx, tx, audit.Entry{
		At: at, Actor: who, Action: "reminder.send", ObjectKind: "return", ObjectID: fmt.Sprintf("%s/%s/%s", k.Form, k.Period, d.Code), DivisionID: &div,
		Detail: map[string]any{"channel": channel, "text": text},
	})
}

// remindersOf lists the calls for one return with the hours from each to the filing that followed.
func remindersOf(ctx context.Context, q store.Querier, form string, division int64, period hydrotime.Month, submitted *time.Time) ([]Reminder, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT at, by_name, channel, text FROM reminder WHERE form = $1 AND period = $2 AND division_id = $3 ORDER BY at DESC, id DESC`,
		form, int64(period), division)
	if err != nil {
		return nil, fmt.Errorf("read reminders: %w", err)
	}
	defer rows.Close()
	var out []Reminder
	for rows.Next() {
		var r Reminder
		var at int64
		if err := rows.Scan(&at, &r.By, &r.Channel, &r.Text); err != nil {
			return nil, fmt.Errorf("read reminders: %w", err)
		}
		r.At = instant(at)
		if submitted != nil && submitted.After(r.At) {
			hours := quantity.Decimal(submitted.Sub(r.At).Milliseconds() * quantity.Scale / (60 * 60 * 1000)).Round(1)
			r.HoursToFiling = &hours
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
