package series

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/store"
)

// ExceedanceQuery narrows the list of events; zero fields do not.
type ExceedanceQuery struct {
	Scopes   []int64
	Division int64 // with all below it
	Object   int64
	Text     string // part of a station's name or code
	Kind     string // rain is of every window
	Live     bool
	Ended    bool
	Since    time.Time // those that stood at or after it
	Until    time.Time // those that began at or before it
	After    string    // cursor: what the page before told as its next
	Limit    int       // 200 where 0, at most 1,000
}

// ListedExceedance is an event with whose it is.
type ListedExceedance struct {
	Exceedance
	Name     fault.Text
	Code     string
	Division int64
}

// Exceedances lists events: those that stand first, and the latest onset first.
func (s *Service) Exceedances(ctx context.Context, eq ExceedanceQuery) ([]Exceedance, error) {
	list, _, err := s.ExceedancePage(ctx, eq)
	out := make([]Exceedance, len(list))
	for i := range list {
		out[i] = list[i].Exceedance
	}
	return out, err
}

// ExceedancePage is a page of Exceedances, and the cursor of the next one; empty where there is none.
func (s *Service) ExceedancePage(ctx context.Context, eq ExceedanceQuery) (out []ListedExceedance, next string, err error) {
	limit := min(eq.Limit, 1000)
	if limit <= 0 {
		limit = 200
	}
	after := exceedanceCursor{live: 1, onset: 1<<63 - 1, id: 1<<63 - 1}
	if eq.After != "" {
		if after, err = parseExceedanceCursor(eq.After); err != nil {
			return nil, "", err
		}
	}
	out = []ListedExceedance{}
	err = s.db.Snapshot(ctx, func(q store.Querier) error {
		// Two reads by the order of their onset instead of one that would have to be sorted.
		for live := after.live; live >= 0 && len(out) <= limit; live-- {
			if live == 1 && eq.Ended || live == 0 && eq.Live {
				continue
			}
			from := after
			if live != after.live {
				from = exceedanceCursor{onset: 1<<63 - 1, id: 1<<63 - 1}
			}
			from.live = live
			part, err := listExceedances(ctx, q, eq, from, limit+1-len(out))
			if err != nil {
				return err
			}
			out = append(out, part...)
		}
		return nil
	})
	if err != nil {
		return nil, "", fmt.Errorf("list exceedances: %w", err)
	}
	if len(out) > limit {
		last := &out[limit-1]
		next = exceedanceCursor{store.Flag(last.Live), last.Onset.At.UnixMilli(), last.ID}.String()
		out = out[:limit]
	}
	return out, next, nil
}

// exceedanceCursor is where a page of events ended.
type exceedanceCursor struct{ live, onset, id int64 }

func (c exceedanceCursor) String() string { return fmt.Sprintf("%d.%d.%d", c.live, c.onset, c.id) }

func parseExceedanceCursor(text string) (c exceedanceCursor, err error) {
	if n, err := fmt.Sscanf(text, "%d.%d.%d", &c.live, &c.onset, &c.id); err != nil || n != 3 || c.live != 0 && c.live != 1 {
		return c, fault.Invalidf("cursor.invalid", "分页标记无效，请回到第一页", "the cursor is not valid; go back to the first page").Because(errors.Join(err, errors.New(text)))
	}
	return c, nil
}

// where narrows a statement over exceedance e and water_object o.
func (eq *ExceedanceQuery) where() (string, []any) {
	where, args := within(eq.Scopes, nil)
	add := func(condition string, v any) {
		args = append(args, v)
		where += " AND " + strings.ReplaceAll(condition, "?", fmt.Sprintf("$%d", len(args)))
	}
	if eq.Division != 0 {
		add("o.division_id IN (SELECT descendant_id FROM division_closure WHERE ancestor_id = ?)", eq.Division)
	}
	if eq.Object != 0 {
		add("e.object_id = ?", eq.Object)
	}
	if text := strings.TrimSpace(eq.Text); text != "" {
		add(`(LOWER(o.name_zh) LIKE ? ESCAPE '\' OR LOWER(o.name_en) LIKE ? ESCAPE '\' OR LOWER(o.code) LIKE ? ESCAPE '\')`, "%"+store.Literal(text)+"%")
	}
	switch eq.Kind {
	case "":
	case "rain":
		add(`e.kind LIKE ? ESCAPE '\'`, store.Literal("rain_")+"%")
	default:
		add("e.kind = ?", eq.Kind)
	}
	if !eq.Since.IsZero() {
		add("(e.live = 1 OR e.last_at >= ?)", eq.Since.UnixMilli())
	}
	if !eq.Until.IsZero() {
		add("e.onset_at <= ?", eq.Until.UnixMilli())
	}
	return where, args
}

func listExceedances(ctx context.Context, q store.Querier, eq ExceedanceQuery, after exceedanceCursor, limit int) ([]ListedExceedance, error) {
	where, args := eq.where()
	n := len(args)
	args = append(args, after.live, after.onset, after.id, limit)
	var out []ListedExceedance
	err := store.Each(ctx, q, `SELECT `+exceedanceColumns+`, o.name_zh, o.name_en, o.code, o.division_id FROM exceedance e JOIN water_object o ON o.id = e.object_id WHERE 1 = 1`+where+
		fmt.Sprintf(` AND e.live = $%d AND (e.onset_at < $%d OR e.onset_at = $%d AND e.id < $%d) ORDER BY e.onset_at DESC, e.id DESC LIMIT $%d`, n+1, n+2, n+2, n+3, n+4), func(scan func(...any) error) error {
		var l ListedExceedance
		var err error
		l.Exceedance, err = scanExceedance(func(into ...any) error { return scan(append(into, &l.Name.Zh, &l.Name.En, &l.Code, &l.Division)...) })
		out = append(out, l)
		return err
	}, args...)
	return out, err
}

// CountStanding is how many events stand that a query finds.
func (s *Service) CountStanding(ctx context.Context, eq ExceedanceQuery) (n int, err error) {
	where, args := eq.where()
	err = s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM exceedance e JOIN water_object o ON o.id = e.object_id WHERE e.live = 1`+where, args...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the events that stand: %w", err)
	}
	return n, nil
}
