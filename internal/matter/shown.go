package matter

import (
	"context"
	"fmt"

	"anlan/internal/identity"
	"anlan/internal/store"
)

// Shown is what speaks for the work on a matter (整改佐证). Only what came since the work was assigned, opened again or last looked at
// counts: the letter of an objection shows no work, and what was looked at already shows none done since.
type Shown struct {
	After   bool // a file of the state after the work
	Control bool // a file of the measures of control
	Reply   bool // an answer in writing
	Parts   int  // objects of a sweep
	Open    int  // those of them without an answer
}

// proves reports whether what is shown is enough for a move. What was found on site is shown to be mended by a file of the state after the
// work; measures of control show that a hazard is under control and no more. What was never seen on site may be answered in writing, and
// the answers are the evidence of a sweep.
func (m *Matter) proves(move Move, s Shown) bool {
	switch {
	case m.Kind == Sweep:
		return s.Parts > 0 && s.Open == 0
	case m.Kind == Hazard && m.State != Controlled && move != Close:
		return s.After || s.Control
	case m.Kind == Finding || m.Kind == Hazard:
		return s.After
	}
	return s.After || s.Reply
}

// NeedsFile reports whether a matter cannot be handed in before a file is added.
func (d *Detail) NeedsFile() bool { return d.Kind != Sweep && !d.proves(Submit, d.Shown) }

// facts reads what a move is judged by; p is nil for the program.
func (s *Service) facts(ctx context.Context, q store.Querier, p *identity.Principal, m *Matter, terms Terms) (Facts, error) {
	f := Facts{At: s.now(), Terms: terms}
	since, err := lastLook(ctx, q, m.ID)
	if err == nil {
		f.Shown, err = shown(ctx, q, m.ID, since)
	}
	if err != nil || p == nil {
		return f, err
	}
	f.By, f.Keeps = p.Account(), m.mayMove(p, Keeps)
	f.Own, err = worked(ctx, q, p, m)
	return f, err
}

// lastLook is the place in a matter's history from which on what is shown is new: when it was first assigned, opened again, or last looked
// at and neither closed nor dismissed.
func lastLook(ctx context.Context, q store.Querier, id int64) (int64, error) {
	var seq int64
	err := q.QueryRowContext(ctx, `
		SELECT COALESCE(MAX(seq), 0) FROM matter_event
		WHERE matter_id = $1 AND (move IN ('send_back', 'control', 'reopen') OR to_state = 'assigned' AND from_state IN ('', 'confirmed'))`, id).Scan(&seq)
	if err != nil {
		return 0, fmt.Errorf("look for the last look at matter %d: %w", id, err)
	}
	return seq, nil
}

func shown(ctx context.Context, q store.Querier, id, since int64) (Shown, error) {
	var s Shown
	var after, control, reply int
	err := q.QueryRowContext(ctx, `
		SELECT COUNT(CASE role WHEN 'after' THEN 1 END), COUNT(CASE role WHEN 'control' THEN 1 END), COUNT(CASE role WHEN 'reply' THEN 1 END),
			(SELECT COUNT(*) FROM matter_part WHERE matter_id = $1), (SELECT COUNT(*) FROM matter_part WHERE matter_id = $1 AND answer = '')
		FROM matter_evidence WHERE matter_id = $1 AND seq > $2`, id, since).Scan(&after, &control, &reply, &s.Parts, &s.Open)
	if err != nil {
		return s, fmt.Errorf("look for the evidence of matter %d: %w", id, err)
	}
	s.After, s.Control, s.Reply = after > 0, control > 0, reply > 0
	return s, nil
}

// worked reports whether a person answers for a matter by name, or did the work of its round: stated the measures, handed it in, or showed
// evidence of it.
func worked(ctx context.Context, q store.Querier, p *identity.Principal, m *Matter) (bool, error) {
	if m.Person != "" && m.Person == p.Person() {
		return true, nil
	}
	var n int
	err := q.QueryRowContext(ctx, `
		SELECT (SELECT COUNT(*) FROM matter_evidence WHERE matter_id = $1 AND round = $2 AND role IN ('after', 'control', 'reply') AND by_id = $3)
			+ (SELECT COUNT(*) FROM matter_event v WHERE v.matter_id = $1 AND v.move IN ('plan', 'submit') AND v.actor_id = $3
				AND v.seq > (SELECT COALESCE(MAX(r.seq), 0) FROM matter_event r WHERE r.matter_id = $1 AND r.move = 'reopen'))`,
		m.ID, m.Reopened, p.Account()).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for who worked on matter %d: %w", m.ID, err)
	}
	return n > 0, nil
}
