package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/ledger/scheme"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"
)

// Query filters and orders the entries of a ledger; zero fields do not filter. What a person may not see is left out first.
type Query struct {
	Scheme    string
	Object    int64 // entries of this object in every ledger where Scheme is empty
	Division  int64 // with all below it
	Text      string
	Track     string
	State     string
	Mark      string         // those for which it does not hold, or holds no longer
	Standing  string         // one of Standings
	Withdrawn bool           // withdrawn ones too
	AsOf      hydrotime.Date // today where zero

	Sort  string // due, object, division, state, since or listed, with - before it for descending
	After int64  // the last entry of the page before
	Limit int
}

// Page is one page of entries.
type Page struct {
	Entries []*Entry
	Next    int64 // After of the next page, 0 for none
	Total   int
}

const pageUsual, pageMost = 50, 50_000

// Sorts lists the keys that entries may be ordered by.
func Sorts() []string { return []string{"due", "object", "division", "state", "since", "listed"} }

// Standings lists the values of Query.Standing.
func Standings() []string {
	return []string{"to_do", "left", "done", "overdue", "overdue_first", "aside", "review"}
}

const selectEntry = `
	SELECT e.id, e.edit, e.scheme_id, e.object_id, o.code, o.kind, o.name_zh, o.name_en, o.division_id, e.round, e.track, e.due_on, e.due_first, e.listed_at, e.withdrawn_at, e.withdrawn_by, e.note, e.by_name, e.changed_at
	FROM ledger_entry e JOIN water_object o ON o.id = e.object_id`

func (s *Service) scanEntry(scan func(...any) error, tree *registry.Tree, schemes map[string]*scheme.Scheme) (*Entry, error) {
	e := &Entry{}
	var id string
	var division, listed, changed int64
	var due, first, withdrawn sql.NullInt64
	err := scan(&e.ID, &e.Edit, &id, &e.Object, &e.ObjectCode, &e.ObjectKind, &e.ObjectName.Zh, &e.ObjectName.En, &division, &e.Round, &e.Track, &due, &first, &listed, &withdrawn, &e.withdrawnBy,
		&e.Note, &e.By, &changed)
	if err != nil {
		return nil, err
	}
	e.Scheme = schemes[id]
	e.Division, _ = tree.ByID(division)
	e.County = tree.CountyOf(division).Code
	e.Due, e.DueFirst = maybeDay(due), maybeDay(first)
	e.Listed, e.Withdrawn, e.ChangedAt = store.Time(listed), store.MaybeTime(withdrawn), store.Time(changed)
	return e, nil
}

// read reads the entries that a condition on e finds, with their steps. Ledgers that have no rules any more are left out.
func (s *Service) read(ctx context.Context, q store.Querier, where string, args ...any) ([]*Entry, error) {
	tree, err := s.reg.TreeIn(ctx, q)
	if err != nil {
		return nil, err
	}
	book, err := s.book(ctx, q)
	if err != nil {
		return nil, err
	}
	schemes := map[string]*scheme.Scheme{}
	for _, k := range book.Ledgers() {
		schemes[k.ID] = k
	}
	var out []*Entry
	at := map[int64]*Entry{}
	err = store.Each(ctx, q, selectEntry+where+` ORDER BY e.id`, func(scan func(...any) error) error {
		e, err := s.scanEntry(scan, tree, schemes)
		if err == nil && e.Scheme != nil {
			out, at[e.ID] = append(out, e), e
		}
		return err
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("read entries of ledgers: %w", err)
	}
	if err := errors.Join(readSteps(ctx, q, at, where, args), readTerms(ctx, q, at, where, args)); err != nil {
		return nil, fmt.Errorf("read steps of ledgers: %w", err)
	}
	for _, e := range out {
		e.settle()
	}
	return out, nil
}

func readSteps(ctx context.Context, q store.Querier, at map[int64]*Entry, where string, args []any) error {
	return store.Each(ctx, q, `
		SELECT s.entry_id, s.id, s.at, s.state, s.mark, s.holds, s.document, s.note, COALESCE(s.result, ''), s.by_id, s.by_name, s.written_at, s.undone_at, s.undone_by, s.undone_why, s.client_id
		FROM ledger_step s JOIN ledger_entry e ON e.id = s.entry_id JOIN water_object o ON o.id = e.object_id`+where+` ORDER BY s.at, s.id`,
		func(scan func(...any) error) error {
			var step Step
			var entry, when, written int64
			var undone sql.NullInt64
			var result string
			err := scan(&entry, &step.ID, &when, &step.State, &step.Mark, &step.Holds, &step.Document, &step.Note, &result, &step.byID, &step.By, &written,
				&undone, &step.UndoneBy, &step.UndoneWhy, &step.client)
			if err != nil {
				return err
			}
			step.At, step.WrittenAt, step.UndoneAt = store.Time(when), store.Time(written), store.MaybeTime(undone)
			if result != "" {
				var kept keptResult
				if err := json.Unmarshal([]byte(result), &kept); err != nil {
					return fmt.Errorf("step %d: %w", step.ID, err)
				}
				step.Judged, step.before, step.after = kept.Judged, kept.Before, kept.After
			}
			if e := at[entry]; e != nil {
				e.Steps = append(e.Steps, step)
			}
			return nil
		}, args...)
}

func readTerms(ctx context.Context, q store.Querier, at map[int64]*Entry, where string, args []any) error {
	return store.Each(ctx, q, `
		SELECT t.entry_id, t.at, t.track, t.due_on, t.withdrawn
		FROM ledger_term t JOIN ledger_entry e ON e.id = t.entry_id JOIN water_object o ON o.id = e.object_id`+where+` ORDER BY t.entry_id, t.edit`,
		func(scan func(...any) error) error {
			var term scheme.Term
			var entry, when int64
			var due sql.NullInt64
			if err := scan(&entry, &when, &term.Track, &due, &term.Withdrawn); err != nil {
				return err
			}
			term.At, term.Due = store.Time(when), maybeDay(due)
			if e := at[entry]; e != nil {
				e.terms = append(e.terms, term)
			}
			return nil
		}, args...)
}

func maybeDay(n sql.NullInt64) *hydrotime.Date {
	if !n.Valid {
		return nil
	}
	d := objectrule.Day(n.Int64)
	return &d
}

// keptResult is what a step keeps beside its columns.
type keptResult struct {
	Judged *Judged           `json:"judged,omitempty"`
	Before map[string]string `json:"before,omitempty"`
	After  map[string]string `json:"after,omitempty"`
}

// settle lays out the entry as the pure rules see it.
func (e *Entry) settle() {
	e.pure = scheme.Entry{ID: e.ID, County: e.County, Track: e.Track, Round: e.Round, Due: e.Due, DueFirst: e.DueFirst, Listed: e.Listed, Withdrawn: e.Withdrawn, Terms: e.terms}
	for _, step := range e.Steps {
		if step.State != "" || step.Mark != "" {
			e.pure.Steps = append(e.pure.Steps, scheme.Step{At: step.At, Told: step.WrittenAt, State: step.State, Mark: step.Mark, Holds: step.Holds, Undone: step.UndoneAt})
		}
	}
}

// stand judges the entry at the end of a day.
func (e *Entry) stand(asOf hydrotime.Date) {
	e.Standing = e.Scheme.Stand(&e.pure, asOf.End())
	left := !e.Standing.Done && !e.Standing.Aside
	e.Overdue, e.OverdueFirst = left && scheme.Past(e.pure.Term(asOf.End()).Due, asOf), left && scheme.Past(e.DueFirst, asOf)
	e.ReviewDue = nil
	if due, ok := e.Scheme.ReviewDue(e.Standing); ok {
		e.ReviewDue = &due
	}
	e.ReviewSoon, e.ReviewLate = e.Scheme.ReviewStands(e.Standing, asOf)
}

// seen reads the entries of a query that a person may see, each as it stands on the day, without paging.
func (s *Service) seen(ctx context.Context, p *identity.Principal, q Query) ([]*Entry, error) {
	where, args := ` WHERE 1 = 1`, []any{}
	add := func(condition string, arg any) {
		args = append(args, arg)
		where += fmt.Sprintf(" AND "+condition, len(args))
	}
	if q.Scheme != "" {
		add("e.scheme_id = $%d", q.Scheme)
	}
	if q.Object != 0 {
		add("e.object_id = $%d", q.Object)
	}
	if q.Division != 0 {
		add("o.division_id IN (SELECT descendant_id FROM division_closure WHERE ancestor_id = $%d)", q.Division)
	}
	list, err := s.read(ctx, s.db, where, args...)
	if err != nil {
		return nil, err
	}
	out := list[:0]
	for _, e := range list {
		if q.Object == 0 && !e.Scheme.Of(&e.pure, q.AsOf) {
			continue
		}
		if e.Sees(p) && (e.pure.In(q.AsOf.End()) || q.Withdrawn && e.Listed.Before(q.AsOf.End())) {
			e.stand(q.AsOf)
			out = append(out, e)
		}
	}
	return out, nil
}

func (q *Query) takes(e *Entry) bool {
	if q.Track != "" && e.pure.Term(q.AsOf.End()).Track != q.Track || q.State != "" && e.Standing.State.ID != q.State || q.Mark != "" && e.Standing.Marks[q.Mark] {
		return false
	}
	switch q.Standing {
	case "to_do":
		if e.Standing.Aside {
			return false
		}
	case "left":
		if e.Standing.Done || e.Standing.Aside {
			return false
		}
	case "done":
		if !e.Standing.Done || e.Standing.Aside {
			return false
		}
	case "overdue":
		if !e.Overdue {
			return false
		}
	case "overdue_first":
		if !e.OverdueFirst {
			return false
		}
	case "review":
		if !e.ReviewSoon {
			return false
		}
	case "aside":
		if !e.Standing.Aside {
			return false
		}
	}
	return q.Text == "" || containsFold(e.ObjectName.Zh, q.Text) || containsFold(e.ObjectName.En, q.Text) || containsFold(e.ObjectCode, q.Text)
}

func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

// check refuses what no entry can meet.
func (q *Query) check(k *scheme.Scheme) error {
	bad := fault.Invalidf("ledger.query", "筛选条件有误", "the filter is not valid")
	if k != nil {
		if _, ok := k.State(q.State); q.State != "" && !ok {
			bad.At("state", fault.T("没有这个步骤", "no such state"))
		}
		if _, ok := k.Track(q.Track); q.Track != "" && !ok {
			bad.At("track", fault.T("没有这个分类", "no such track"))
		}
		if _, ok := k.Mark(q.Mark); q.Mark != "" && !ok {
			bad.At("mark", fault.T("没有这个分项", "no such mark"))
		}
	}
	if q.Standing != "" && !slices.Contains(Standings(), q.Standing) {
		bad.At("standing", fault.Tf("应为 %s 之一", "one of %s", strings.Join(Standings(), ", ")))
	}
	if by := strings.TrimPrefix(q.Sort, "-"); by != "" && !slices.Contains(Sorts(), by) {
		bad.At("sort", fault.Tf("应为 %s 之一", "one of %s", strings.Join(Sorts(), ", ")))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Entries reads one page of a ledger within what the person may see.
func (s *Service) Entries(ctx context.Context, p *identity.Principal, q Query) (Page, error) {
	var k *scheme.Scheme
	var err error
	if q.Scheme != "" {
		if k, err = s.scheme(ctx, q.Scheme); err != nil {
			return Page{}, err
		}
	}
	if err := q.check(k); err != nil {
		return Page{}, err
	}
	s.today(&q)
	list, err := s.seen(ctx, p, q)
	if err != nil {
		return Page{}, err
	}
	list = slices.DeleteFunc(list, func(e *Entry) bool { return !q.takes(e) })
	sortEntries(list, q.Sort)
	page := Page{Total: len(list)}
	if q.After != 0 {
		i := slices.IndexFunc(list, func(e *Entry) bool { return e.ID == q.After })
		if i < 0 {
			return Page{}, fault.Invalidf("cursor.invalid", "列表已变动，请回到第一页", "the list has changed; go back to the first page")
		}
		list = list[i+1:]
	}
	limit := q.Limit
	if limit <= 0 {
		limit = pageUsual
	}
	if limit = min(limit, pageMost); len(list) > limit {
		list = list[:limit]
		page.Next = list[limit-1].ID
	}
	page.Entries = list
	return page, nil
}

func (s *Service) today(q *Query) {
	if q.AsOf == (hydrotime.Date{}) {
		q.AsOf = hydrotime.DateOf(s.now())
	}
}

// sortEntries orders entries by a key, and those alike by county and name. By day, what has none comes after
// what has one, and what is done or not to be done comes last.
func sortEntries(list []*Entry, by string) {
	by, down := strings.CutPrefix(by, "-")
	due := func(e *Entry) string {
		day := "8"
		if e.Due != nil {
			day = e.Due.String()
		}
		if e.Standing.Done || e.Standing.Aside {
			day = "9" + day
		}
		return day
	}
	place := func(e *Entry) int {
		return slices.IndexFunc(e.Scheme.States, func(st scheme.State) bool { return st.ID == e.Standing.State.ID })
	}
	slices.SortStableFunc(list, func(a, b *Entry) int {
		c := 0
		switch by {
		case "", "due":
			c = strings.Compare(due(a), due(b))
		case "division":
			c = cmp.Compare(a.Division.Sort, b.Division.Sort)
		case "state":
			c = cmp.Compare(place(a), place(b))
		case "since":
			c = a.Standing.Since.Compare(b.Standing.Since)
		case "listed":
			c = a.Listed.Compare(b.Listed)
		}
		if by == "object" {
			c = strings.Compare(a.ObjectName.Zh, b.ObjectName.Zh)
		}
		if down {
			c = -c
		}
		return cmp.Or(c, cmp.Compare(a.County, b.County), strings.Compare(a.ObjectName.Zh, b.ObjectName.Zh), cmp.Compare(a.ID, b.ID))
	})
}

// Entry reads one entry with its files, as it stands now.
func (s *Service) Entry(ctx context.Context, p *identity.Principal, id int64) (*Entry, error) {
	e, err := s.entry(ctx, s.db, p, id)
	if err != nil {
		return nil, err
	}
	return e, store.Each(ctx, s.db, `SELECT f.step_id, f.file_hash FROM ledger_file f JOIN ledger_step s ON s.id = f.step_id WHERE s.entry_id = $1 ORDER BY f.step_id, f.file_hash`,
		func(scan func(...any) error) error {
			var step int64
			var hash string
			err := scan(&step, &hash)
			for i := range e.Steps {
				if e.Steps[i].ID == step {
					e.Steps[i].Files = append(e.Steps[i].Files, hash)
				}
			}
			return err
		}, id)
}

// entry reads an entry that a person may see.
func (s *Service) entry(ctx context.Context, q store.Querier, p *identity.Principal, id int64) (*Entry, error) {
	list, err := s.read(ctx, q, ` WHERE e.id = $1`, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 || !list[0].Sees(p) {
		return nil, errUnknown()
	}
	list[0].stand(hydrotime.DateOf(s.now()))
	return list[0], nil
}

// numbersOf are the figures of an object that rules may ask of; what nobody has told is not among them.
func numbersOf(o *registry.WaterObject) map[string]quantity.Decimal {
	out := map[string]quantity.Decimal{}
	for fact, v := range map[string]quantity.Null{
		"population": o.Population, "supply_m3_day": o.SupplyM3Day, "installed_kw": o.InstalledKW, "storage_wan_m3": o.StorageWanM3,
		"length_m": o.LengthM, "dam_height_m": o.DamHeightM,
	} {
		if v.Valid {
			out[fact] = v.Decimal
		}
	}
	return out
}
