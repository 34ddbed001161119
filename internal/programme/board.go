package programme

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme/pack"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// ReturnsQuery asks for a list of returns, those never opened included.
type ReturnsQuery struct {
	Scope    string
	From, To hydrotime.Month
	Form     string
	Line     string
	States   []State
	Text     string // in the form's or the division's name
	Cursor   string
	Limit    int
}

// Returns is a page of a list of returns.
type Returns struct {
	Items  []ReturnSummary `json:"items"`
	Next   string          `json:"next,omitempty" doc:"Cursor of the next page"`
	Total  int             `json:"total" doc:"Rows under the filter"`
	Counts map[State]int   `json:"counts" doc:"Rows by state under the filter, the state filter left out"`
}

// boardQuery is what a board is drawn up for.
type boardQuery struct {
	root     registry.Division
	from, to hydrotime.Month
	form     string
	line     string
}

const (
	boardMonths = 36
	boardRows   = 200_000
)

type boardKey struct {
	form     string
	division int64
	period   hydrotime.Month
}

// board draws up every return that is due in some months below a division: the newest version of each, or missing.
func (s *Service) board(ctx context.Context, cat *catalogue, tree *registry.Tree, p *identity.Principal, q boardQuery) ([]ReturnSummary, error) {
	if q.to.Sub(q.from) >= boardMonths || q.to < q.from {
		return nil, fault.Invalidf("returns.span", "一次最多查 %d 个月", "at most %d months at once", boardMonths)
	}
	newest, err := newestFilings(ctx, s.db, q)
	if err != nil {
		return nil, err
	}
	now := s.now()
	var out []ReturnSummary
	for _, form := range cat.Forms() {
		if q.form != "" && q.form != form.ID || q.line != "" && q.line != cat.LineOfForm(form.ID) {
			continue
		}
		line := cat.LineOfForm(form.ID)
		for m := q.from; m <= q.to; m = m.Add(1) {
			if !due(form.Cadence, m) {
				continue
			}
			for _, d := range tree.Filers(q.root.ID, string(form.Level), m.End()) {
				if !p.Can(identity.ReturnRead, line, d.ID) {
					continue
				}
				f, ok := newest[boardKey{form.ID, d.ID, m}]
				if !ok {
					f = filing{form: form.ID, division: d.ID, period: m, state: Missing, dueAt: dueOf(form, m)}
				}
				out = append(out, cat.summary(tree, form, d, f, now))
			}
		}
		if len(out) > boardRows {
			return nil, fault.New(fault.TooLarge, "returns.many", fault.Tf("超过 %d 行，请缩小范围", "more than %d rows: narrow the scope", boardRows))
		}
	}
	return out, nil
}

func newestFilings(ctx context.Context, q store.Querier, b boardQuery) (map[boardKey]filing, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+filingColumns+` FROM filing
		WHERE period BETWEEN $1 AND $2 AND division_id IN (SELECT descendant_id FROM division_closure WHERE ancestor_id = $3)
		ORDER BY version`, int64(b.from), int64(b.to), b.root.ID)
	if err != nil {
		return nil, fmt.Errorf("read returns: %w", err)
	}
	defer rows.Close()
	out := map[boardKey]filing{}
	for rows.Next() {
		f, err := scanFiling(rows)
		if err != nil {
			return nil, fmt.Errorf("read returns: %w", err)
		}
		out[boardKey{f.form, f.division, f.period}] = f
	}
	return out, rows.Err()
}

// summary shows a filing as a row.
func (c *catalogue) summary(tree *registry.Tree, form pack.Form, d registry.Division, f filing, now time.Time) ReturnSummary {
	r := ReturnSummary{
		ID: f.id, Form: form.ID, Title: form.Title, Pack: c.PackOfForm(form.ID), Line: c.LineOfForm(form.ID), Division: RefOf(tree, d),
		Period: f.period, Version: f.version, State: f.state, Edit: f.edit, DueAt: f.dueAt, Lines: len(form.Lines),
		SubmittedAt: f.submittedAt, SubmittedBy: f.submittedBy, Reason: f.reason,
	}
	if f.id != 0 {
		changed := f.changedAt
		r.ChangedAt = &changed
	}
	until := now
	if f.submittedAt != nil && f.state != SentBack && f.state != Draft {
		until = *f.submittedAt
	}
	r.DaysLate = daysLate(f.dueAt, until)
	return r
}

// daysLate counts calendar days in Beijing from the last day to file; negative while there is time.
func daysLate(due, until time.Time) int {
	return hydrotime.DateOf(due.Add(-time.Second)).DaysUntil(hydrotime.DateOf(until))
}

// filed reports whether a return counts as reported (已报).
func (s State) filed() bool {
	return s == Submitted || s == Reviewed || s == Accepted || s == Locked || s == Corrected
}

// List gives a page of returns.
func (s *Service) List(ctx context.Context, p *identity.Principal, q ReturnsQuery) (*Returns, error) {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return nil, err
	}
	root, err := division(tree, p, identity.ReturnRead, anyLine, q.Scope)
	if err != nil {
		return nil, err
	}
	rows, err := s.board(ctx, cat, tree, p, boardQuery{root: root, from: q.From, to: q.To, form: q.Form, line: q.Line})
	if err != nil {
		return nil, err
	}
	if text := strings.TrimSpace(strings.ToLower(q.Text)); text != "" {
		rows = slices.DeleteFunc(rows, func(r ReturnSummary) bool { return !r.matches(text) })
	}
	out := &Returns{Counts: map[State]int{}}
	for _, r := range rows {
		out.Counts[r.State]++
	}
	if len(q.States) > 0 {
		rows = slices.DeleteFunc(rows, func(r ReturnSummary) bool { return !slices.Contains(q.States, r.State) })
	}
	slices.SortStableFunc(rows, func(a, b ReturnSummary) int { return cmp.Compare(a.key(), b.key()) })
	out.Total = len(rows)
	start := 0
	if q.Cursor != "" {
		start, _ = slices.BinarySearchFunc(rows, q.Cursor, func(r ReturnSummary, c string) int {
			if r.key() <= c {
				return -1
			}
			return 1
		})
	}
	end := min(start+q.Limit, len(rows))
	out.Items = rows[start:end:end]
	if end < len(rows) && end > start {
		out.Next = rows[end-1].key()
	}
	return out, s.decorate(ctx, tree, out.Items)
}

// key orders a list: newest month first, then as the packs and the division tree have it.
func (r ReturnSummary) key() string {
	return fmt.Sprintf("%06d|%s|%s", 999999-int(r.Period), r.Form, r.Division.Code)
}

func (r ReturnSummary) matches(text string) bool {
	return strings.Contains(strings.ToLower(strings.Join([]string{
		r.Title.Zh, r.Title.En, r.Division.Name.Zh, r.Division.Name.En, r.Division.Code, r.Form, r.SubmittedBy,
	}, "\n")), text)
}

// decorate adds to a page what only a page needs: filled lines and reminders.
func (s *Service) decorate(ctx context.Context, tree *registry.Tree, page []ReturnSummary) error {
	var list []int64
	for _, r := range page {
		if r.ID != 0 {
			list = append(list, r.ID)
		}
	}
	filled, err := filledLines(ctx, s.db, list)
	if err != nil {
		return err
	}
	sent, err := countReminders(ctx, s.db, tree, page)
	if err != nil {
		return err
	}
	for i := range page {
		r := &page[i]
		r.Filled = filled[r.ID]
		if d, ok := tree.ByCode(r.Division.Code); ok {
			r.Reminders = sent[boardKey{r.Form, d.ID, r.Period}].count
		}
	}
	return nil
}

func filledLines(ctx context.Context, q store.Querier, list []int64) (map[int64]int, error) {
	out := map[int64]int{}
	if len(list) == 0 {
		return out, nil
	}
	var b strings.Builder
	writeInts(&b, list)
	rows, err := q.QueryContext(ctx, `
		SELECT filing_id, COUNT(*) FROM filing_line
		WHERE filing_id IN (`+b.String()+`) AND (value_e6 IS NOT NULL OR base_e6 IS NOT NULL OR blank <> '')
		GROUP BY filing_id`)
	if err != nil {
		return nil, fmt.Errorf("count filled lines: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return nil, err
		}
		out[id] = n
	}
	return out, rows.Err()
}
