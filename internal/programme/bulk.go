package programme

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme/pack"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// PastReturn is a return of a month that is long closed, taken over from another system: it is locked as it comes.
type PastReturn struct {
	Form        string
	Division    int64
	Period      hydrotime.Month
	Lines       []LineChange
	By          identity.Actor
	SubmittedAt time.Time
}

// LoadPast stores locked returns with their figures in one transaction and rebuilds the sums of their months. It is for a
// take-over of history: the checks of a submission are not run, and a return that is there already is refused.
func (s *Service) LoadPast(ctx context.Context, list []PastReturn) error {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		b, err := newBulk(ctx, tx, cat)
		if err != nil {
			return err
		}
		defer b.close()
		first, err := tx.Next(ctx, "filing", int64(len(list)))
		if err != nil {
			return err
		}
		months := map[hydrotime.Month]bool{}
		for i, r := range list {
			if err := b.add(ctx, first+int64(i), r); err != nil {
				return err
			}
			months[r.Period] = true
		}
		for m := range months {
			if err := touch(ctx, tx, ofFigures, m); err != nil {
				return err
			}
			if err := s.rebuild(ctx, tx, cat, tree, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// rebuild recomputes all sums of a month within a transaction.
func (s *Service) rebuild(ctx context.Context, tx *store.Tx, cat *catalogue, tree *registry.Tree, m hydrotime.Month) error {
	for _, d := range parentsDeepestFirst(tree) {
		if err := cat.rollUpInto(ctx, tx, tree, d, m, cat.filedIDs()); err != nil {
			return err
		}
	}
	return nil
}

// bulk holds the prepared statements of a take-over.
type bulk struct {
	cat                         *catalogue
	filing, line, figure, event *sql.Stmt
}

func newBulk(ctx context.Context, tx *store.Tx, cat *catalogue) (*bulk, error) {
	b := &bulk{cat: cat}
	var err error
	prepare := func(text string) *sql.Stmt {
		st, e := tx.PrepareContext(ctx, text)
		err = errors.Join(err, e)
		return st
	}
	b.filing = prepare(`INSERT INTO filing (id, form, division_id, period, version, state, edit, due_at, opened_at, opened_by, changed_at, changed_by, submitted_at, submitted_by, submitter_id)
		VALUES ($1, $2, $3, $4, 1, 'locked', 1, $5, $6, $7, $6, $7, $6, $7, $8)`)
	b.line = prepare(`INSERT INTO filing_line (filing_id, indicator_id, value_e6, base_e6, blank, note, source, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6, 'import', $7, $8)`)
	b.figure = prepare(`INSERT INTO figure (indicator_id, period, division_id, value_e6, base_e6, revision, recorded_at, accepted_at) VALUES ($1, $2, $3, $4, $5, 1, $6, $6)`)
	b.event = prepare(`INSERT INTO filing_event (filing_id, seq, at, actor_id, actor_name, move, from_state, to_state, reason) VALUES ($1, 1, $2, $3, $4, 'take_over', 'missing', 'locked', '')`)
	return b, err
}

func (b *bulk) close() {
	for _, st := range []*sql.Stmt{b.filing, b.line, b.figure, b.event} {
		st.Close() //nolint:errcheck // the transaction ends with it
	}
}

func (b *bulk) add(ctx context.Context, id int64, r PastReturn) error {
	form, ok := b.cat.Form(r.Form)
	if !ok {
		return fmt.Errorf("take over a return: there is no form %s", r.Form)
	}
	at := r.SubmittedAt.UnixMilli()
	if _, err := b.filing.ExecContext(ctx, id, form.ID, r.Division, int64(r.Period), dueOf(form, r.Period).UnixMilli(), at, r.By.Name, r.By.ID); err != nil {
		return fmt.Errorf("take over return %s of %s: %w", form.ID, r.Period, err)
	}
	if _, err := b.event.ExecContext(ctx, id, at, r.By.ID, r.By.Name); err != nil {
		return err
	}
	for _, l := range r.Lines {
		if err := b.addLine(ctx, id, form, r, l, at); err != nil {
			return fmt.Errorf("take over %s of %s: %w", l.Indicator, r.Period, err)
		}
	}
	return nil
}

func (b *bulk) addLine(ctx context.Context, id int64, form pack.Form, r PastReturn, l LineChange, at int64) error {
	number := b.cat.number[l.Indicator]
	if _, err := b.line.ExecContext(ctx, id, number, micros(l.Value), micros(l.Base), l.Blank, l.Note, at, r.By.Name); err != nil {
		return err
	}
	if owner, ok := b.cat.FormOf(l.Indicator); !ok || owner.ID != form.ID {
		return nil
	}
	_, err := b.figure.ExecContext(ctx, number, int64(r.Period), r.Division, micros(l.Value), micros(l.Base), at)
	return err
}
