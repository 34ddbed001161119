package matter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
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
}

// Live reports whether somebody still has something to do.
func (r *Row) Live() bool { return r.State.Live() }

// OverdueAt reports whether a live row, not handed in yet, is past the deadline that stands.
func (r *Row) OverdueAt(ms int64) bool {
	return r.State.Live() && r.State != Submitted && r.State != Controlled && ms >= r.Due
}

// LateFirstAt reports whether a live row is past the deadline first given for mending, handed in or under control though it may be.
func (r *Row) LateFirstAt(ms int64) bool {
	return r.State.Live() && r.Original != 0 && ms >= r.Original
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

	fill               sync.Mutex // held while the copy is brought up to date; guards at, tables and stamp
	at                 map[int64]int
	seen               atomic.Pointer[sheet]
	lineAt, divisionAt map[string]int32
	words              map[string]string // one copy of each short text
	stamp              string
	asked              time.Time
}

// sheet is the copy at one moment. It never changes.
type sheet struct {
	rev       int64
	rows      []*Row
	lines     []string
	divisions []int64
	numbers   []string // of divisions, as text
	units     map[string]fault.Text
	people    map[string]string
	objects   map[int64]ObjectName
}

func newRoster(db *store.DB) *roster {
	r := &roster{db: db, at: map[int64]int{}, lineAt: map[string]int32{}, divisionAt: map[string]int32{}, words: map[string]string{}}
	r.seen.Store(&sheet{})
	return r
}

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

// read lays what was written since the sheet's number over a new copy of it. Nothing of the roster is touched before all of it is
// read: a client that leaves in the middle leaves the roster as it was.
func (r *roster) read(ctx context.Context, n *sheet, last int64) error {
	rows, err := r.db.QueryContext(ctx, selectMatter+` WHERE rev > $1 ORDER BY rev`, n.rev)
	if err != nil {
		return fmt.Errorf("read changed matters: %w", err)
	}
	defer rows.Close()
	var changed []*Matter
	for rows.Next() {
		m, rev, err := scan(rows)
		if err != nil {
			return fmt.Errorf("read changed matters: %w", err)
		}
		changed = append(changed, m)
		last = max(last, rev)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read changed matters: %w", err)
	}
	n.rows = slices.Clone(n.rows)
	for _, m := range changed {
		row := r.row(n, m)
		if i, ok := r.at[m.ID]; ok {
			n.rows[i] = row
		} else {
			r.at[m.ID] = len(n.rows)
			n.rows = append(n.rows, row)
		}
	}
	n.rev = last
	return nil
}

func (r *roster) row(n *sheet, m *Matter) *Row {
	ms := func(t *time.Time) int64 {
		if t == nil {
			return 0
		}
		return t.UnixMilli()
	}
	row := &Row{
		state: uint8(slices.Index(States(), m.State)), kind: uint8(slices.Index(Kinds(), m.Kind)), origin: uint8(slices.Index(Origins(), m.Origin)), severity: uint8(m.Severity),
		Veiled: m.Veiled, Missed: m.Missed, Extended: m.Extended != nil, Asked: m.AskedDue != nil, Defective: len(m.Defects()) > 0,
		Found: m.Found.UnixMilli(), Opened: m.Opened.UnixMilli(), Due: m.Due.UnixMilli(), Closed: ms(m.Closed), Submitted: ms(m.Submitted), Changed: m.Changed.UnixMilli(),
		Object: m.Object, Recurs: m.Recurs, ID: m.ID, Edit: m.Edit, Division: m.Division, Keeper: m.Keeper, Reopened: m.Reopened,
		Kind: m.Kind, State: m.State, Origin: m.Origin, Severity: m.Severity, Line: r.word(m.Line), Item: r.word(m.Item), Unit: r.word(m.Unit), Person: r.word(m.Person),
		Source: r.word(m.Source), SourceID: r.word(m.SourceID), Step: r.word(m.Step), Number: m.Number, Title: m.Title, Measures: m.Measures,
		submittedBy: r.word(m.SubmittedBy), askedBy: r.word(m.AskedBy), object: r.word(fmt.Sprint(m.Object)),
		dueMonth: r.word(lastMonth(m.Due)), foundMonth: r.word(hydrotime.MonthOf(m.Found).String()),
		fold: strings.ToLower(m.Number + "\n" + m.Title.Zh + "\n" + m.Title.En + "\n" + m.Item + "\n" + m.Detail),
	}
	if !m.OriginalDue.IsZero() {
		row.Original = m.OriginalDue.UnixMilli()
	}
	row.line = intern(r.lineAt, m.Line, &n.lines, m.Line)
	row.division = intern(r.divisionAt, fmt.Sprint(m.Division), &n.divisions, m.Division)
	row.keeper = intern(r.divisionAt, fmt.Sprint(m.Keeper), &n.divisions, m.Keeper)
	for len(n.numbers) < len(n.divisions) {
		n.numbers = append(slices.Clip(n.numbers), fmt.Sprint(n.divisions[len(n.numbers)]))
	}
	return row
}

// lastMonth is the month of the last day of a deadline, whose instant belongs to the next day.
func lastMonth(due time.Time) string { return hydrotime.MonthOf(due.Add(-time.Millisecond)).String() }

func (r *roster) word(s string) string {
	if w, ok := r.words[s]; ok {
		return w
	}
	r.words[s] = s
	return s
}

func intern[T any](at map[string]int32, key string, list *[]T, v T) int32 {
	i, ok := at[key]
	if !ok {
		i = int32(len(*list))
		at[key] = i
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
