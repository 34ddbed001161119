package matter

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/store"
)

// Case is what the ladder judges a live matter by.
type Case struct {
	ID, Keeper      int64
	Line            string
	Kind            Kind
	Severity        Severity
	Since, FirstDue time.Time // as Detail has them
	Cause           string    // of a matter that a rule opened
	Repeats         int       // matters of the same before it within twelve months; of a return not filed, of its form and division
	Steps           []Escalation
}

// Case is what the ladder judges a matter by that was read whole, but for its repeats.
func (d *Detail) Case() Case {
	return Case{ID: d.ID, Keeper: d.Keeper, Line: d.Line, Kind: d.Kind, Severity: d.Severity, Since: d.Since, FirstDue: d.FirstDue(), Cause: d.Cause, Steps: d.Escalations}
}

// Revision is the number of the last change of a matter or of a step of the ladder.
func (s *Service) Revision(ctx context.Context) (int64, error) {
	sh, err := s.roster.sheet(ctx, s.now())
	if err != nil {
		return 0, err
	}
	return sh.rev, nil
}

// Cases are all matters over which a step of the ladder may be proposed now: those that live and are not veiled, in order of their numbers.
// They come from the copy in memory, so that all are judged at the cost of a list.
func (s *Service) Cases(ctx context.Context) ([]Case, error) {
	sh, err := s.roster.sheet(ctx, s.now())
	if err != nil {
		return nil, err
	}
	causes, err := liveCauses(ctx, s.db)
	if err != nil {
		return nil, err
	}
	steps, err := s.liveSteps(ctx)
	if err != nil {
		return nil, err
	}
	past, err := s.pastOf(ctx, sh)
	if err != nil {
		return nil, err
	}
	var out []Case
	for r := range sh.rows.all {
		if !r.Live() || r.Veiled {
			continue
		}
		c := Case{
			ID: r.ID, Keeper: r.Keeper, Line: r.Line, Kind: r.Kind, Severity: r.Severity, Since: store.Time(r.Opened), FirstDue: instant(r.First()),
			Cause: causes[r.ID], Steps: steps[r.ID],
		}
		if r.Source == "rule" && c.Cause != "" {
			c.Since = past.since(r)
		}
		c.Repeats = past.repeats(r, c.Cause)
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Case) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return store.Time(ms)
}

func liveCauses(ctx context.Context, q store.Querier) (map[int64]string, error) {
	out := map[int64]string{}
	err := store.Each(ctx, q, `SELECT id, cause FROM matter WHERE live = 1 AND cause IS NOT NULL ORDER BY id`, func(scan func(...any) error) error {
		var id int64
		var cause string
		err := scan(&id, &cause)
		out[id] = cause
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the causes of live matters: %w", err)
	}
	return out, nil
}

// liveSteps are the steps over live matters that were not refused, by matter, with what tells whether an answer or a report is late.
func (s *Service) liveSteps(ctx context.Context) (map[int64][]Escalation, error) {
	out := map[int64][]Escalation{}
	now := s.now()
	err := store.Each(ctx, s.db, `
		SELECT em.matter_id, e.step, e.state, e.asks, e.report_every, e.reply_due_at, e.replied_at, (SELECT MAX(r.at) FROM escalation_report r WHERE r.escalation_id = e.id)
		FROM escalation e JOIN escalation_matter em ON em.escalation_id = e.id JOIN matter m ON m.id = em.matter_id
		WHERE e.state <> 'refused' AND m.live = 1 ORDER BY em.matter_id, e.proposed_at DESC, e.id DESC`, func(scan func(...any) error) error {
		var id, due int64
		var replied, report sql.NullInt64
		e := Escalation{live: true}
		if err := scan(&id, &e.Step, &e.State, &e.Asks, &e.Every, &due, &replied, &report); err != nil {
			return err
		}
		e.ReplyDue, e.RepliedAt = store.Time(due), store.MaybeTime(replied)
		if report.Valid {
			e.Reports = []StepReport{{At: store.Time(report.Int64)}}
		}
		e.reporting(now)
		out[id] = append(out[id], e)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the steps over live matters: %w", err)
	}
	return out, nil
}

// sameThing is an item at an object.
type sameThing struct {
	object int64
	item   string
}

// past is what came before the live matters: when the same was found, and what rules opened for the same cause.
type past struct {
	found   map[sameThing][]int64 // in order, of what is neither veiled nor dismissed
	missing map[string][]int64    // of returns not filed, by form and division
	ruled   map[string][]*Row     // by source, the newest first
}

func (s *Service) pastOf(ctx context.Context, sh *sheet) (*past, error) {
	p := &past{found: map[sameThing][]int64{}, missing: map[string][]int64{}, ruled: map[string][]*Row{}}
	unfiled := false
	for r := range sh.rows.all {
		if !r.Live() || r.Veiled {
			continue
		}
		unfiled = unfiled || r.Kind == Missing
		if r.Object != 0 && r.Item != "" {
			p.found[sameThing{r.Object, r.Item}] = nil
		}
		if r.Source == "rule" {
			p.ruled[r.SourceID] = nil
		}
	}
	for r := range sh.rows.all {
		if at := (sameThing{r.Object, r.Item}); !r.Veiled && r.State != Dismissed {
			if list, asked := p.found[at]; asked {
				p.found[at] = append(list, r.Found)
			}
		}
		if list, asked := p.ruled[r.SourceID]; asked && r.Source == "rule" {
			p.ruled[r.SourceID] = append(list, r)
		}
	}
	for _, list := range p.found {
		slices.Sort(list)
	}
	for _, list := range p.ruled {
		slices.SortFunc(list, func(a, b *Row) int { return cmp.Compare(b.ID, a.ID) })
	}
	if !unfiled {
		return p, nil
	}
	err := store.Each(ctx, s.db, `
		SELECT cause, found_at FROM matter WHERE kind = 'missing' AND cause IS NOT NULL AND veiled = 0 AND state <> 'dismissed' ORDER BY found_at`, func(scan func(...any) error) error {
		var cause string
		var found int64
		err := scan(&cause, &found)
		p.missing[formOf(cause)] = append(p.missing[formOf(cause)], found)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the returns that were not filed: %w", err)
	}
	return p, nil
}

// formOf is what stands in the cause of a return not filed before its period, in small letters: its form and division.
func formOf(cause string) string {
	return strings.ToLower(cause[:strings.LastIndex(cause, "/")+1])
}

// repeats counts as the ladder's single question does: what was found within the twelve months before.
func (p *past) repeats(r *Row, cause string) int {
	var list []int64
	switch {
	case r.Object != 0 && r.Item != "":
		list = p.found[sameThing{r.Object, r.Item}]
	case r.Kind == Missing && strings.Contains(cause, "/"):
		list = p.missing[formOf(cause)]
	}
	from := Recalled(hydrotime.DateOf(store.Time(r.Found))).Start().UnixMilli()
	before := func(ms int64) int { return sort.Search(len(list), func(i int) bool { return list[i] >= ms }) }
	return before(r.Found) - before(from)
}

func (p *past) since(r *Row) time.Time {
	run := unbroken{since: store.Time(r.Opened)}
	for _, b := range p.ruled[r.SourceID] {
		if b.ID < r.ID {
			run.before(b.State, b.Opened, b.Closed)
		}
	}
	return run.since
}
