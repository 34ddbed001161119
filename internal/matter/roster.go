package matter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/store"
)

// Row is a matter as lists and counts need it. It never changes once made.
type Row struct {
	state, kind, origin, severity uint8 // places in States, Kinds, Origins
	line, division, keeper        int32 // places in the roster's tables
	Veiled, Missed, Extended      bool
	Asked, Defective              bool
	Found, Opened, Due, Original  int64 // milliseconds; 0 where absent
	Closed, Submitted, Changed    int64
	Confirm, Assigned             int64 // by when it had first to be confirmed and given to somebody, and when it was; 0 where absent
	Object, Recurs, ID, Edit      int64
	Division, Keeper              int64
	Reopened                      int
	Kind                          Kind
	State                         State
	Origin                        Origin
	Severity                      Severity
	Line, Item, Unit, Person      string
	Source, SourceID, Step        string
	Number                        string
	Title                         fault.Text
	Measures                      string
	submittedBy, askedBy          string
	object, dueMonth, foundMonth  string // as counts name them
	fold                          string // small letters of what is searched
	turns                         []Turn // where the roster follows them
}

// Live reports whether somebody still has something to do.
func (r *Row) Live() bool { return r.State.Live() }

// OverdueAt reports whether a live row, not handed in yet, is past the deadline that stands; under control it is the day by which it
// must be mended for good.
func (r *Row) OverdueAt(ms int64) bool {
	return r.State.Live() && r.State != Submitted && ms >= r.Due
}

// First is the deadline that counts before any extension: the one first given for mending, or where nobody was given it yet, the one
// by which it has to be confirmed and given to somebody. It is 0 while an objection waits for the keeper, and where that ended it.
func (r *Row) First() int64 {
	if r.Original == 0 && (r.State == Found || r.State == Confirmed) {
		return r.Due
	}
	return r.Original
}

// LateFirstAt reports whether a live row is past its first deadline, handed in or under control though it may be.
func (r *Row) LateFirstAt(ms int64) bool {
	first := r.First()
	return r.State.Live() && first != 0 && ms >= first
}

// Named is an id with the name that people read.
type Named struct {
	ID   string     `json:"id"`
	Name fault.Text `json:"name"`
}

// ObjectName is what a list shows of an object.
type ObjectName struct {
	ID   int64      `json:"id"`
	Kind string     `json:"kind"`
	Code string     `json:"code"`
	Name fault.Text `json:"name"`
}

// roster is a copy of all matters in memory that follows the store: before each answer it asks for the last number of change,
// and reads what was written since. So any filter and any order cost a walk over memory, whatever the engine.
type roster struct {
	db *store.DB

	fill       sync.Mutex // held while the copy is brought up to date; guards all but seen
	at         map[int64]int
	seen       atomic.Pointer[sheet]
	lineAt     map[string]int32
	divisionAt map[int64]int32
	words      map[string]string // one copy of each text that stands often
	turning    bool              // whether rows carry their turns
	told       func(rows int)    // hears now and then how many rows are read
	stamp      string
	asked      time.Time
}

// sheet is the copy at one moment. It never changes.
type sheet struct {
	rev       int64
	rows      pile
	lines     []string
	divisions []int64
	numbers   []string // of divisions, as text
	units     map[string]fault.Text
	people    map[string]string
	objects   map[int64]ObjectName
}

func newRoster(db *store.DB) *roster {
	r := &roster{db: db, at: map[int64]int{}, lineAt: map[string]int32{}, divisionAt: map[int64]int32{}, words: map[string]string{}, told: func(int) {}}
	r.seen.Store(&sheet{})
	return r
}

// readTold is after how many rows it is told how far a long reading has come.
const readTold = 50_000

// namesFor is how long a changed name may stay unseen in lists.
const namesFor = 3 * time.Second

// sheet returns the copy with everything that is committed.
func (r *roster) sheet(ctx context.Context, now time.Time) (*sheet, error) {
	var next int64
	err := r.db.QueryRowContext(ctx, `SELECT next FROM sequence WHERE name = $1`, revisions).Scan(&next)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("ask for the last change of matters: %w", err)
	}
	r.fill.Lock()
	defer r.fill.Unlock()
	s := r.seen.Load()
	fresh := now.Sub(r.asked) < namesFor && !now.Before(r.asked)
	if next-1 <= s.rev && fresh {
		return s, nil
	}
	n := *s
	if next-1 > s.rev {
		if err := r.read(ctx, &n, next-1); err != nil {
			return nil, err
		}
		read := n
		r.seen.Store(&read) // the roster's tables speak of these rows, whatever becomes of the names
	}
	if !fresh {
		if err := r.names(ctx, &n); err != nil {
			return nil, err
		}
		r.asked = now
	}
	r.seen.Store(&n)
	return &n, nil
}

// rowColumns are what a row is made of, in the order of scanRow; fewer than a whole record's, since the cost is by the column.
const rowColumns = `rev, id, edit, number, kind, line, division_id, keeper_id, veiled, COALESCE(object_id, 0), source, source_id, item, title_zh, title_en, detail,
	basis = '', severity, origin, state, unit_id, COALESCE(person_id, ''), measures, found_at, opened_at, due_at, COALESCE(confirm_due_at, 0), COALESCE(assigned_at, 0), COALESCE(original_due_at, 0), extended_at IS NOT NULL,
	asked_due_at IS NOT NULL, asked_by, COALESCE(submitted_at, 0), submitted_by, COALESCE(closed_at, 0), reopened, COALESCE(recurs_id, 0), missed, step, changed_at`

// read lays what was written since the sheet's number over a new copy of it. Nothing of the roster is touched before all of it is
// read: a client that leaves in the middle leaves the roster as it was.
func (r *roster) read(ctx context.Context, n *sheet, last int64) error {
	query, args := ` ORDER BY id`, []any(nil) // all of them as they lie, where the order of their numbers would jump about
	if n.rev > 0 {
		query, args = ` WHERE rev > $1 ORDER BY rev`, []any{n.rev}
	}
	rows, err := r.db.QueryContext(ctx, `SELECT `+rowColumns+` FROM matter`+query, args...)
	if err != nil {
		return fmt.Errorf("read changed matters: %w", err)
	}
	defer rows.Close()
	var changed []*Row
	for rows.Next() {
		row, rev, err := r.scanRow(rows)
		if err != nil {
			return fmt.Errorf("read changed matters: %w", err)
		}
		changed = append(changed, row)
		last = max(last, rev)
		if len(changed)%readTold == 0 {
			r.told(len(changed))
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read changed matters: %w", err)
	}
	var turns map[int64][]Turn
	if r.turning && len(changed) > 0 {
		ids := make([]int64, len(changed))
		for i, row := range changed {
			ids[i] = row.ID
		}
		if turns, err = turnsOf(ctx, r.db, ids); err != nil {
			return err
		}
	}
	w := n.rows.rewrite()
	for _, row := range changed {
		r.place(n, row)
		row.turns = turns[row.ID]
		i, ok := r.at[row.ID]
		if !ok {
			i = w.n
			r.at[row.ID] = i
		}
		w.put(i, row)
	}
	n.rows = w.pile
	n.rev = last
	return nil
}

func (r *roster) scanRow(rows *sql.Rows) (*Row, int64, error) {
	row := &Row{}
	var rev, severity, reopened int64
	var detail string
	var baseless bool
	err := rows.Scan((*whole)(&rev), (*whole)(&row.ID), (*whole)(&row.Edit), &row.Number, (*string)(&row.Kind), &row.Line, (*whole)(&row.Division), (*whole)(&row.Keeper), (*flag)(&row.Veiled),
		(*whole)(&row.Object), &row.Source, &row.SourceID, &row.Item, &row.Title.Zh, &row.Title.En, &detail, (*flag)(&baseless), (*whole)(&severity), (*string)(&row.Origin), (*string)(&row.State),
		&row.Unit, &row.Person, &row.Measures, (*whole)(&row.Found), (*whole)(&row.Opened), (*whole)(&row.Due), (*whole)(&row.Confirm), (*whole)(&row.Assigned), (*whole)(&row.Original), (*flag)(&row.Extended), (*flag)(&row.Asked), &row.askedBy,
		(*whole)(&row.Submitted), &row.submittedBy, (*whole)(&row.Closed), (*whole)(&reopened), (*whole)(&row.Recurs), (*flag)(&row.Missed), &row.Step, (*whole)(&row.Changed))
	if err != nil {
		return nil, 0, err
	}
	row.Severity, row.Reopened = Severity(severity), int(reopened)
	row.state, row.kind = uint8(slices.Index(States(), row.State)), uint8(slices.Index(Kinds(), row.Kind))
	row.origin, row.severity = uint8(slices.Index(Origins(), row.Origin)), uint8(row.Severity)
	row.Kind, row.State, row.Origin = Kind(r.word(string(row.Kind))), State(r.word(string(row.State))), Origin(r.word(string(row.Origin)))
	for _, s := range []*string{
		&row.Line, &row.Item, &row.Unit, &row.Person, &row.Source, &row.SourceID, &row.Step, &row.submittedBy, &row.askedBy,
	} {
		*s = r.word(*s)
	}
	probe := Matter{Kind: row.Kind, State: row.State, Item: row.Item, Severity: row.Severity, Unit: row.Unit, Person: row.Person, Measures: row.Measures, Due: store.Time(row.Due)}
	if !baseless {
		probe.Basis = "x"
	}
	row.Defective = len(probe.Defects()) > 0
	row.object = r.word(strconv.FormatInt(row.Object, 10))
	row.dueMonth, row.foundMonth = r.month(row.Due-1), r.month(row.Found) // a deadline's instant belongs to the day after its last
	row.fold = strings.ToLower(row.Number + "\n" + row.Title.Zh + "\n" + row.Title.En + "\n" + row.Item + "\n" + detail)
	return row, rev, nil
}

// whole and flag take a number or a yes as the driver gives it, without the detour over text that a plain one takes.
type (
	whole int64
	flag  bool
)

// Scan implements sql.Scanner.
func (w *whole) Scan(v any) error {
	n, ok := v.(int64)
	*w = whole(n)
	if !ok {
		return fmt.Errorf("a number is expected, not %T", v)
	}
	return nil
}

// Scan implements sql.Scanner; SQLite says a yes as 1.
func (f *flag) Scan(v any) error {
	switch v := v.(type) {
	case bool:
		*f = flag(v)
	case int64:
		*f = v != 0
	default:
		return fmt.Errorf("a yes or no is expected, not %T", v)
	}
	return nil
}

// place gives a row its places in the sheet's tables.
func (r *roster) place(n *sheet, row *Row) {
	row.line = intern(r.lineAt, row.Line, &n.lines)
	row.division = intern(r.divisionAt, row.Division, &n.divisions)
	row.keeper = intern(r.divisionAt, row.Keeper, &n.divisions)
	for len(n.numbers) < len(n.divisions) {
		n.numbers = append(slices.Clip(n.numbers), fmt.Sprint(n.divisions[len(n.numbers)]))
	}
}

// month names the month of an instant, one copy of each name.
func (r *roster) month(ms int64) string { return r.word(hydrotime.MonthOf(store.Time(ms)).String()) }

func (r *roster) word(s string) string {
	if w, ok := r.words[s]; ok {
		return w
	}
	r.words[s] = s
	return s
}

func intern[T comparable](at map[T]int32, v T, list *[]T) int32 {
	i, ok := at[v]
	if !ok {
		i = int32(len(*list))
		at[v] = i
		*list = append(slices.Clip(*list), v)
	}
	return i
}

// names reads what units, people and objects are called, where any of them has changed.
func (r *roster) names(ctx context.Context, n *sheet) error {
	var stamp string
	err := r.db.QueryRowContext(ctx, `
		SELECT (SELECT COUNT(*) || '/' || CAST(COALESCE(SUM(edit), 0) AS BIGINT) FROM organisation) || ',' ||
			(SELECT COUNT(*) || '/' || CAST(COALESCE(SUM(edit), 0) AS BIGINT) FROM person) || ',' ||
			(SELECT COUNT(*) || '/' || CAST(COALESCE(SUM(edit), 0) AS BIGINT) FROM water_object)`).Scan(&stamp)
	if err != nil {
		return fmt.Errorf("ask for changed names: %w", err)
	}
	if stamp == r.stamp {
		return nil
	}
	n.units, n.people, n.objects = map[string]fault.Text{}, map[string]string{}, map[int64]ObjectName{}
	err = store.Each(ctx, r.db, `SELECT id, name_zh, name_en FROM organisation`, func(scan func(...any) error) error {
		var id string
		var name fault.Text
		err := scan(&id, &name.Zh, &name.En)
		n.units[id] = name
		return err
	})
	if err == nil {
		err = store.Each(ctx, r.db, `SELECT id, name FROM person`, func(scan func(...any) error) error {
			var id, name string
			err := scan(&id, &name)
			n.people[id] = name
			return err
		})
	}
	if err == nil {
		err = store.Each(ctx, r.db, `SELECT id, kind, code, name_zh, name_en FROM water_object`, func(scan func(...any) error) error {
			var o ObjectName
			err := scan(&o.ID, &o.Kind, &o.Code, &o.Name.Zh, &o.Name.En)
			n.objects[o.ID] = o
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("read names: %w", err)
	}
	r.stamp = stamp
	return nil
}
