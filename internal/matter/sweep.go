package matter

import (
	"context"
	"fmt"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/store"
)

// Part is one object of a sweep with its answer.
type Part struct {
	Object  int64      `json:"object"`
	Answer  string     `json:"answer" enum:",none,found,not_applicable" doc:"Empty while nobody has answered"`
	Note    string     `json:"note,omitempty"`
	Finding int64      `json:"finding,omitempty" doc:"The matter opened for what was found"`
	At      *time.Time `json:"at,omitempty"`
	By      string     `json:"by,omitempty"`
}

// openSweep makes a county look at every similar object for what was just closed as serious (举一反三), in whichever of its towns that was.
// Without a similar object there is nothing to look at, and none is opened. It is hidden as long as the matter is, since it would tell of it.
// A matter that was opened again and is closed once more has its sweep already: what the county said of its other objects stands.
func (s *Service) openSweep(ctx context.Context, tx *store.Tx, by identity.Actor, m *Matter, terms Terms) error {
	var before int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM matter WHERE kind = 'sweep' AND source = 'sweep' AND source_id = $1`, fmt.Sprint(m.ID)).Scan(&before)
	if err != nil {
		return fmt.Errorf("look for the sweep of matter %d: %w", m.ID, err)
	}
	if before > 0 {
		return nil
	}
	tree, err := s.reg.TreeIn(ctx, tx)
	if err != nil {
		return err
	}
	at := tree.CountyOf(m.Division).ID
	rows, err := tx.QueryContext(ctx, `
		SELECT o.id FROM water_object o
		WHERE o.id <> $1 AND o.retired_at IS NULL AND o.kind = (SELECT k.kind FROM water_object k WHERE k.id = $1)
			AND o.division_id IN (SELECT descendant_id FROM division_closure WHERE ancestor_id = $2) ORDER BY o.id`, m.Object, at)
	if err != nil {
		return fmt.Errorf("look for objects like %d: %w", m.Object, err)
	}
	defer rows.Close()
	var objects []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return fmt.Errorf("look for objects like %d: %w", m.Object, err)
		}
		objects = append(objects, id)
	}
	if err := rows.Err(); err != nil || len(objects) == 0 {
		return err
	}
	var unit, person string // the county's bureau: a town's people do not answer for the county
	if at == m.Division {
		if unit, person, err = s.stillAnswers(ctx, tx, m, 0); err != nil {
			return err
		}
	}
	sweep, opened, err := s.Open(ctx, tx, by, NewMatter{
		Kind: Sweep, Line: m.Line, Division: at, Keeper: m.Keeper, Veiled: m.Veiled, Source: "sweep", SourceID: fmt.Sprint(m.ID), Cause: fmt.Sprintf("sweep/%d", m.ID),
		Item: m.Item, Title: fault.T("举一反三："+cutTo(m.Title.Zh, titleMost-5), "Look elsewhere for: "+cutTo(m.Title.En, titleMost-20)), Basis: m.Basis, Severity: m.Severity,
		Origin: m.Origin, Unit: unit, Person: person, Due: terms.after(s.now(), Terms.sweep),
	})
	if err != nil || !opened {
		return err
	}
	for _, id := range objects {
		if _, err := tx.ExecContext(ctx, `INSERT INTO matter_part (matter_id, object_id) VALUES ($1, $2)`, sweep.ID, id); err != nil {
			return fmt.Errorf("add object %d to sweep %d: %w", id, sweep.ID, err)
		}
	}
	return link(ctx, tx, sweep.ID, m.ID, "sweeps", sweep.Opened)
}

func cutTo(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// Answer says what was found at one object of a sweep. What was found becomes a matter of its own, of origin self, and the part
// names it.
func (s *Service) Answer(ctx context.Context, p *identity.Principal, sweep, object int64, answer, note string) error {
	if answer != "none" && answer != "found" && answer != "not_applicable" {
		return fault.Invalidf("sweep.answer", "答复须为无此问题、发现问题或不适用", "an answer is none, found or not_applicable")
	}
	if answer == "found" && strings.TrimSpace(note) == "" {
		return fault.Invalidf("sweep.note", "发现问题须写明情况", "say what was found")
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		m, err := s.forAnswer(ctx, tx, p, sweep)
		if err != nil {
			return err
		}
		var before string
		var finding int64
		err = tx.QueryRowContext(ctx, `SELECT answer, COALESCE(finding_id, 0) FROM matter_part WHERE matter_id = $1 AND object_id = $2`, sweep, object).Scan(&before, &finding)
		if err != nil {
			return fault.NotFoundf("sweep.object", "该对象不在举一反三范围内", "the object is not part of the sweep").Because(err)
		}
		if answer == "found" && finding == 0 {
			kind, err := kindSought(ctx, tx, sweep)
			if err != nil {
				return err
			}
			unit, _, err := s.stillAnswers(ctx, tx, m, object)
			if err != nil {
				return err
			}
			f, _, err := s.Open(ctx, tx, p.Actor(), NewMatter{
				Client: fmt.Sprintf("sweep/%d/%d", sweep, object), Kind: kind, Line: m.Line, Division: m.Division, Keeper: m.Keeper, Veiled: m.Veiled, Object: object, Source: "sweep", SourceID: fmt.Sprint(sweep),
				Item: m.Item, Title: fault.T(strings.TrimPrefix(m.Title.Zh, "举一反三："), strings.TrimPrefix(m.Title.En, "Look elsewhere for: ")), Detail: note, Basis: m.Basis,
				Severity: m.Severity, Origin: Self, Unit: unit, Due: m.Due,
			})
			if err != nil {
				return err
			}
			finding = f.ID
			if err := link(ctx, tx, finding, sweep, "found_by", s.now()); err != nil {
				return err
			}
		}
		now := s.now()
		_, err = tx.ExecContext(ctx, `
			UPDATE matter_part SET answer = $1, note = $2, finding_id = $3, at = $4, by_name = $5 WHERE matter_id = $6 AND object_id = $7`,
			answer, note, store.MaybeNumber(finding), now.UnixMilli(), p.Name(), sweep, object)
		if err != nil {
			return fmt.Errorf("answer for object %d of sweep %d: %w", object, sweep, err)
		}
		m.Edit++
		return s.touch(ctx, tx, p.Actor(), m, "answer", note, map[string]any{"object": object, "answer": answer, "before": before, "finding": finding})
	})
}

// kindSought is what a sweep looks for: findings or hazards, as the matter was whose close opened it.
func kindSought(ctx context.Context, q store.Querier, sweep int64) (Kind, error) {
	var hazards int
	err := q.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM matter_link l JOIN matter m ON m.id = l.to_id WHERE l.from_id = $1 AND l.kind = 'sweeps' AND m.kind = 'hazard'`, sweep).Scan(&hazards)
	if err != nil {
		return "", fmt.Errorf("read what sweep %d looks for: %w", sweep, err)
	}
	if hazards > 0 {
		return Hazard, nil
	}
	return Finding, nil
}

// AnswerRest says of every object of a sweep that nobody has answered for that it has no such problem, or that it does not apply. What
// was found is said object by object.
func (s *Service) AnswerRest(ctx context.Context, p *identity.Principal, sweep int64, answer, note string) error {
	if answer != "none" && answer != "not_applicable" {
		return fault.Invalidf("sweep.answer", "批量答复只能是无此问题或不适用", "many at once can only be none or not_applicable")
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		m, err := s.forAnswer(ctx, tx, p, sweep)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE matter_part SET answer = $1, note = $2, at = $3, by_name = $4 WHERE matter_id = $5 AND answer = ''`,
			answer, note, s.now().UnixMilli(), p.Name(), sweep)
		if err != nil {
			return fmt.Errorf("answer for the rest of sweep %d: %w", sweep, err)
		}
		n, err := res.RowsAffected()
		if err != nil || n == 0 {
			return err
		}
		m.Edit++
		return s.touch(ctx, tx, p.Actor(), m, "answer", note, map[string]any{"answer": answer, "objects": n})
	})
}

// forAnswer reads a matter that the answering side may still add to.
func (s *Service) forAnswer(ctx context.Context, tx *store.Tx, p *identity.Principal, id int64) (*Matter, error) {
	if err := queue(ctx, tx); err != nil {
		return nil, err
	}
	m, err := read(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !m.Sees(p) {
		return nil, errUnknown()
	}
	if !m.mayMove(p, Answers) {
		return nil, fault.Forbiddenf("matter.side", "您不能在此事项上答复", "it is not for you to answer here")
	}
	if !m.State.Live() || m.State == Submitted {
		name := StateName(m.State)
		return nil, fault.New(fault.Conflict, "matter.state", fault.T("当前为“"+name.Zh+"”，不能答复", "it is "+name.En+" and takes no answer"))
	}
	return m, nil
}

// touch writes a record whose state stays, with its event. The record was read after queue or lock.
func (s *Service) touch(ctx context.Context, tx *store.Tx, by identity.Actor, m *Matter, move Move, reason string, detail map[string]any) error {
	rev, err := lock(ctx, tx)
	if err != nil {
		return err
	}
	was := *m
	m.Changed = s.now()
	if _, err := tx.ExecContext(ctx, updateMatter, m.changing(rev)...); err != nil {
		return fmt.Errorf("write matter %d: %w", m.ID, err)
	}
	return s.note(ctx, tx, by, &was, m, move, reason, detail)
}
