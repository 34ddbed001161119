package matter

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/store"
)

// Cause is what a rule over figures finds to be wrong now (规则事项).
type Cause struct {
	Key      string // stable while the cause lasts: one live matter a key
	Kind     Kind   // Lag, Missing or Overdue
	Line     string
	Division int64
	Keeper   int64
	Object   int64 // 0 for none
	Title    fault.Text
	Detail   string
	Basis    string
	Severity Severity
	Due      time.Time // by when it must be mended; the days that the terms give for what a rule opens where zero
	Note     string    // said in the history each time it changes: how far behind
	// Past is of a time that is no longer looked at: it keeps the matter that stands open as it is, and opens none.
	Past bool
}

// Settled is what Settle did.
type Settled struct {
	Opened, Cleared, Told int
	// Left counts causes in divisions that have no unit on record to answer for them.
	Left int
}

// Standing lists the keys of the causes whose matters are open, in order.
func (s *Service) Standing(ctx context.Context, kinds ...Kind) ([]string, error) {
	live, err := s.ruled(ctx, kinds)
	if err != nil {
		return nil, err
	}
	return slices.Sorted(maps.Keys(live)), nil
}

// Settle brings the live matters that rules opened into step with what is wrong now: a new cause opens one, a cause that went away
// clears its matter, and one that grew worse raises its severity. What nothing changed is not written. It holds one instant.
func (s *Service) Settle(ctx context.Context, causes []Cause, kinds ...Kind) (Settled, error) {
	var done Settled
	live, err := s.ruled(ctx, kinds)
	if err != nil {
		return done, err
	}
	terms, err := s.terms(ctx, s.db)
	if err != nil {
		return done, err
	}
	seen := make(map[string]bool, len(causes))
	for _, c := range causes {
		if seen[c.Key] {
			continue
		}
		seen[c.Key] = true
		m, stands := live[c.Key]
		if c.Past || stands && m.Severity >= c.Severity && m.Detail == c.Detail {
			continue
		}
		if c.Due.IsZero() {
			c.Due = terms.after(s.now(), Terms.rule)
		}
		if err := s.settleOne(ctx, c, stands, &done); err != nil {
			return done, err
		}
	}
	for key, m := range live {
		if seen[key] {
			continue
		}
		if err := s.clear(ctx, m.ID, &done); err != nil {
			return done, err
		}
	}
	return done, nil
}

func (s *Service) settleOne(ctx context.Context, c Cause, stands bool, done *Settled) error {
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		if stands {
			return s.worse(ctx, tx, c)
		}
		n := NewMatter{
			Kind: c.Kind, Line: c.Line, Division: c.Division, Keeper: c.Keeper, Object: c.Object, Source: "rule", SourceID: c.Key, Cause: c.Key, Title: c.Title, Detail: c.Detail, Basis: c.Basis,
			Severity: c.Severity, Origin: Rule, Due: c.Due,
		}
		var err error
		if n.Unit, n.Person, err = answerable(ctx, tx, c.Division, c.Line, s.now()); err != nil {
			return err
		}
		_, opened, err := s.Open(ctx, tx, identity.Actor{}, n)
		if opened {
			tx.AfterCommit(func() { done.Opened++ })
		}
		return err
	})
	if fault.Is(err, fault.Invalid) { // a division without any unit: the cause stays visible in the figures
		s.log.Warn("no unit answers for a cause", "cause", c.Key, "err", err)
		done.Left++
		return nil
	}
	if err == nil && stands {
		done.Told++
	}
	return err
}

// worse writes what has changed of a cause that stands.
func (s *Service) worse(ctx context.Context, tx *store.Tx, c Cause) error {
	if err := queue(ctx, tx); err != nil {
		return err
	}
	var id int64
	err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) FROM matter WHERE live = 1 AND cause = $1`, c.Key).Scan(&id)
	if err != nil || id == 0 {
		return err
	}
	m, err := read(ctx, tx, id)
	if err != nil {
		return err
	}
	before := m.Severity
	m.Severity, m.Detail = max(m.Severity, c.Severity), c.Detail
	m.Edit++
	return s.touch(ctx, tx, identity.Actor{}, m, "cause", c.Note, map[string]any{"severity_before": before, "severity": m.Severity})
}

func (s *Service) clear(ctx context.Context, id int64, done *Settled) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		rev, err := lock(ctx, tx)
		if err != nil {
			return err
		}
		m, err := read(ctx, tx, id)
		if err != nil || !m.State.Live() {
			return err
		}
		tx.AfterCommit(func() { done.Cleared++ })
		_, err = s.move(ctx, tx, rev, nil, m, Act{Move: Clear, Reason: "原因已消除 / the cause is gone"}, Terms{})
		return err
	})
}

// ruled reads the live matters of kinds that rules opened.
func (s *Service) ruled(ctx context.Context, kinds []Kind) (map[string]*Matter, error) {
	out := map[string]*Matter{}
	for _, k := range kinds {
		rows, err := s.db.QueryContext(ctx, selectMatter+` WHERE live = 1 AND cause IS NOT NULL AND kind = $1 ORDER BY id`, string(k))
		if err != nil {
			return nil, fmt.Errorf("read the matters that rules opened: %w", err)
		}
		for rows.Next() {
			m, _, err := scan(rows)
			if err != nil {
				rows.Close()
				return nil, fmt.Errorf("read the matters that rules opened: %w", err)
			}
			out[m.Cause] = m
		}
		if err := rows.Err(); err != nil {
			return nil, fmt.Errorf("read the matters that rules opened: %w", err)
		}
	}
	return out, nil
}

// answerable is the unit and person who answer for a line of work in a division: the holder of the line's own post before one of
// all lines. Where nobody holds a post, the unit alone answers, and the three lists show the hole.
func answerable(ctx context.Context, q store.Querier, division int64, line string, now time.Time) (unit, person string, err error) {
	err = store.Each(ctx, q, `
		SELECT p.organisation_id, h.person_id FROM post p
		JOIN organisation o ON o.id = p.organisation_id JOIN post_holder h ON h.post_id = p.id JOIN person w ON w.id = h.person_id AND w.retired_at IS NULL
		WHERE o.division_id = $1 AND o.retired_at IS NULL AND p.retired_at IS NULL AND (p.line = $2 OR p.line = '*')
			AND h.since <= $3 AND (h.until IS NULL OR h.until > $3)
		ORDER BY CASE p.line WHEN '*' THEN 1 ELSE 0 END, o.sort, p.sort, p.id, h.since LIMIT 1`, func(scan func(...any) error) error {
		return scan(&unit, &person)
	}, division, line, now.UnixMilli())
	if err != nil {
		return "", "", fmt.Errorf("find who answers for line %s in division %d: %w", line, division, err)
	}
	return unit, person, nil
}

// stretch is since when a matter's cause has stood without a break. A close by hand ends the record and not the cause: where a rule opens
// the next one in the same month or the one after, the months run on from the first. What was cleared had gone, and begins anew.
func stretch(ctx context.Context, q store.Querier, m *Matter) (time.Time, error) {
	run := unbroken{since: m.Opened}
	if m.Source != "rule" || m.Cause == "" {
		return run.since, nil
	}
	err := store.Each(ctx, q, `
		SELECT state, opened_at, COALESCE(closed_at, 0) FROM matter WHERE source = 'rule' AND source_id = $1 AND id < $2 ORDER BY id DESC`, func(scan func(...any) error) error {
		var state State
		var opened, closed int64
		err := scan(&state, &opened, &closed)
		run.before(state, opened, closed)
		return err
	}, m.SourceID, m.ID)
	if err != nil {
		return run.since, fmt.Errorf("look for earlier matters of cause %s: %w", m.Cause, err)
	}
	return run.since, nil
}

// unbroken is how far back a cause stands without a break, as the matters before it are laid to it, the newest first.
type unbroken struct {
	since  time.Time
	broken bool
}

func (u *unbroken) before(state State, opened, closed int64) {
	u.broken = u.broken || state != Closed || hydrotime.MonthOf(u.since).Sub(hydrotime.MonthOf(store.Time(closed))) > 1
	if !u.broken {
		u.since = store.Time(opened)
	}
}
