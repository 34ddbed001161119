package matter

import (
	"cmp"
	"container/heap"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// Query filters and orders matters; zero fields do not filter. What a person may not see is left out first.
type Query struct {
	Text      string
	Kinds     []Kind
	Lines     []string
	States    []State
	Live      bool
	Severity  []Severity
	Origins   []Origin
	Division  int64 // with all below it
	Object    int64
	ObjectOf  string // kind of object
	Unit      string
	Person    string
	Source    string
	SourceID  string
	Item      string
	Step      string
	Among     func(id int64) bool // which numbers are taken; nil does not filter
	Due       Span
	Original  Span // the first deadline: for mending, or to confirm where nobody was given it yet
	Found     Span
	Closed    Span
	Overdue   bool // by the deadline that stands, and not handed in
	LateFirst bool // by the deadline first given, and not at rest: what statistics count as overdue
	Recurrent bool
	Missed    bool
	Reopened  bool
	Extended  bool
	Asked     bool // an extension waits for a decision
	Defective bool // one of the three lists has a hole

	Sort  string // a key of Sorts, with - before it for descending; due where empty
	After string // the cursor of the page before
	Limit int    // 50 where 0
}

// Span is a stretch of time; the end does not belong to it, and a zero end is open.
type Span struct{ From, To time.Time }

// Page is one page of a list.
type Page struct {
	Rows  []*Row
	Next  string
	Total int

	sheet *sheet
}

const (
	pageUsual = 50
	pageMost  = 50_000 // an export takes the whole list
)

// Sorts lists the keys that a list may be ordered by.
func Sorts() []string {
	return []string{"standing", "due", "original", "found", "opened", "closed", "changed", "severity", "number", "title", "state", "kind", "line", "division", "origin", "unit", "person", "object", "item", "step", "reopened"}
}

// key is what a row is ordered by: a number, or a text where it has one. Absent comes last whichever way.
type key struct {
	Absent bool   `json:"a,omitempty"`
	N      int64  `json:"n,omitempty"`
	S      string `json:"s,omitempty"`
	ID     int64  `json:"i"`
}

// keyOf is what gives a row its key; the field is chosen once for a list, not once a row.
func (s *sheet) keyOf(by string) func(r *Row) key {
	n := func(of func(r *Row) int64) func(r *Row) key {
		return func(r *Row) key { v := of(r); return key{N: v, ID: r.ID, Absent: v == 0} }
	}
	place := func(of func(r *Row) int64) func(r *Row) key {
		return func(r *Row) key { return key{N: of(r), ID: r.ID} }
	}
	t := func(of func(r *Row) string) func(r *Row) key {
		return func(r *Row) key { v := of(r); return key{S: v, ID: r.ID, Absent: v == ""} }
	}
	return map[string]func(r *Row) key{
		"standing": place(byStanding),
		"due":      n(func(r *Row) int64 { return r.Due }), "original": n(func(r *Row) int64 { return r.Original }), "found": n(func(r *Row) int64 { return r.Found }),
		"opened": n(func(r *Row) int64 { return r.Opened }), "closed": n(func(r *Row) int64 { return r.Closed }), "changed": n(func(r *Row) int64 { return r.Changed }),
		"severity": n(func(r *Row) int64 { return int64(r.severity) }),
		"state":    place(func(r *Row) int64 { return int64(r.state) }), "kind": place(func(r *Row) int64 { return int64(r.kind) }),
		"origin": place(func(r *Row) int64 { return int64(r.origin) }), "division": place(func(r *Row) int64 { return r.Division }),
		"reopened": place(func(r *Row) int64 { return int64(r.Reopened) }),
		"number":   t(func(r *Row) string { return r.Number }), "title": t(func(r *Row) string { return r.Title.Zh }), "line": t(func(r *Row) string { return r.Line }),
		"unit": t(func(r *Row) string { return s.units[r.Unit].Zh }), "person": t(func(r *Row) string { return s.people[r.Person] }),
		"object": t(func(r *Row) string { return s.objects[r.Object].Name.Zh }), "item": t(func(r *Row) string { return r.Item }), "step": t(func(r *Row) string { return r.Step }),
	}[by]
}

// byStanding orders what is at work by its deadline before what is at rest, of which the latest comes first.
func byStanding(r *Row) int64 {
	const rest = 1 << 60 // after every deadline
	if r.Live() {
		return r.Due
	}
	return rest - r.Changed
}

// order compares two keys: absent last, then the value in the way asked, then the newer first.
func order(a, b key, down bool) int {
	if a.Absent != b.Absent {
		if a.Absent {
			return 1
		}
		return -1
	}
	c := cmp.Or(cmp.Compare(a.N, b.N), strings.Compare(a.S, b.S))
	if down {
		c = -c
	}
	return cmp.Or(c, cmp.Compare(b.ID, a.ID))
}

// first keeps the best n of what it is offered: a heap whose top is the worst kept.
type first struct {
	n    int
	down bool
	keys []key
	rows []*Row
}

func (f *first) Len() int           { return len(f.keys) }
func (f *first) Less(i, j int) bool { return order(f.keys[i], f.keys[j], f.down) > 0 }
func (f *first) Swap(i, j int) {
	f.keys[i], f.keys[j] = f.keys[j], f.keys[i]
	f.rows[i], f.rows[j] = f.rows[j], f.rows[i]
}

// Push implements heap.Interface; offer is what is called.
func (f *first) Push(any) {}

// Pop implements heap.Interface.
func (f *first) Pop() any {
	last := len(f.keys) - 1
	f.keys, f.rows = f.keys[:last], f.rows[:last]
	return nil
}

func (f *first) offer(k key, r *Row) {
	if len(f.keys) < f.n {
		f.keys, f.rows = append(f.keys, k), append(f.rows, r)
		heap.Fix(f, len(f.keys)-1)
		return
	}
	if order(k, f.keys[0], f.down) < 0 {
		f.keys[0], f.rows[0] = k, r
		heap.Fix(f, 0)
	}
}

// List reads one page within what the person may see.
func (s *Service) List(ctx context.Context, p *identity.Principal, q Query) (Page, error) {
	sh, w, err := s.walk(ctx, p, q)
	if err != nil {
		return Page{}, err
	}
	by, down := strings.CutPrefix(cmp.Or(q.Sort, "due"), "-")
	if !down {
		by = cmp.Or(q.Sort, "due")
	}
	if !slices.Contains(Sorts(), by) {
		return Page{}, fault.Invalidf("matter.sort", "不能按 %s 排序", "no order by %s", by)
	}
	var after *key
	if q.After != "" {
		if after, err = readKey(q.After); err != nil {
			return Page{}, err
		}
	}
	limit := q.Limit
	if limit <= 0 {
		limit = pageUsual
	}
	limit = min(limit, pageMost)
	f := &first{n: limit + 1, down: down}
	total, keyOf := 0, sh.keyOf(by)
	for r := range sh.rows.all {
		if !w.takes(r) {
			continue
		}
		total++
		k := keyOf(r)
		if after == nil || order(k, *after, down) > 0 {
			f.offer(k, r)
		}
	}
	return f.page(sh, limit, total), nil
}

func (f *first) page(sh *sheet, limit, total int) Page {
	at := make([]int, len(f.keys))
	for i := range at {
		at[i] = i
	}
	slices.SortFunc(at, func(i, j int) int { return order(f.keys[i], f.keys[j], f.down) })
	page := Page{Rows: make([]*Row, 0, min(limit, len(at))), Total: total, sheet: sh}
	for n, i := range at {
		if n == limit {
			page.Next = writeKey(f.keys[at[n-1]])
			break
		}
		page.Rows = append(page.Rows, f.rows[i])
	}
	return page
}

func writeKey(k key) string {
	b, err := json.Marshal(k)
	if err != nil {
		panic(err) // numbers and text only
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func readKey(text string) (*key, error) {
	var k key
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(b, &k)
	}
	if err != nil {
		return nil, fault.Invalidf("cursor.invalid", "分页标记无效，请回到第一页", "the cursor is not valid; go back to the first page").Because(err)
	}
	return &k, nil
}

// Unit, Person and Object give the names that people read of a row on a page.

// Unit names the unit that answers.
func (pg Page) Unit(r *Row) Named { return Names{pg.sheet}.Unit(r.Unit) }

// Person names the person who answers, nil where nobody does yet.
func (pg Page) Person(r *Row) *Named {
	if r.Person == "" {
		return nil
	}
	n := Names{pg.sheet}.Person(r.Person)
	return &n
}

// Object names the object, nil where there is none.
func (pg Page) Object(r *Row) *ObjectName {
	if r.Object == 0 {
		return nil
	}
	o := Names{pg.sheet}.Object(r.Object)
	return &o
}

// walker holds a query as masks and tables, so that a row costs a few comparisons.
type walker struct {
	q         Query
	p         *identity.Principal
	sh        *sheet
	now       int64
	states    uint32
	kinds     uint32
	origins   uint32
	severity  uint32
	lines     []bool // nil: any
	divisions []bool // nil: any
	sees      []uint8
	lifts     []uint8
	text      string
}

func (s *Service) walk(ctx context.Context, p *identity.Principal, q Query) (*sheet, *walker, error) {
	sh, err := s.roster.sheet(ctx, s.now())
	if err != nil {
		return nil, nil, err
	}
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return nil, nil, err
	}
	return sh, newWalker(sh, p, tree, q, s.now()), nil
}

func newWalker(sh *sheet, p *identity.Principal, tree *registry.Tree, q Query, now time.Time) *walker {
	w := &walker{q: q, p: p, sh: sh, now: now.UnixMilli(), text: strings.ToLower(strings.TrimSpace(q.Text))}
	w.states = mask(States(), q.States)
	if q.Live {
		live := uint32(0)
		for i, st := range States() {
			if st.Live() {
				live |= 1 << i
			}
		}
		w.states &= live
	}
	w.kinds, w.origins = mask(Kinds(), q.Kinds), mask(Origins(), q.Origins)
	w.severity = mask([]Severity{Ungraded, General, Heavier, Serious, Grave}, q.Severity)
	if len(q.Lines) > 0 {
		w.lines = make([]bool, len(sh.lines))
		for i, l := range sh.lines {
			w.lines[i] = slices.Contains(q.Lines, l)
		}
	}
	if q.Division != 0 {
		w.divisions = make([]bool, len(sh.divisions))
		for i, d := range sh.divisions {
			w.divisions[i] = tree.Within(q.Division, d)
		}
	}
	n := len(sh.lines) * len(sh.divisions)
	w.sees, w.lifts = make([]uint8, n), make([]uint8, n)
	return w
}

// mask has a bit for each value asked for, and all bits where none is.
func mask[T comparable](all, asked []T) uint32 {
	if len(asked) == 0 {
		return ^uint32(0)
	}
	var m uint32
	for _, a := range asked {
		if i := slices.Index(all, a); i >= 0 {
			m |= 1 << i
		}
	}
	return m
}

const (
	yes = 1
	no  = 2
)

// can asks for a permission once for each line and division.
func (w *walker) can(memo []uint8, perm identity.Permission, line, division int32) bool {
	i := int(line)*len(w.sh.divisions) + int(division)
	if memo[i] == 0 {
		memo[i] = no
		if w.p.Can(perm, w.sh.lines[line], w.sh.divisions[division]) {
			memo[i] = yes
		}
	}
	return memo[i] == yes
}

func (w *walker) visible(r *Row) bool {
	return w.can(w.sees, identity.MatterRead, r.line, r.division) && (!r.Veiled || w.can(w.lifts, identity.InspectionRead, r.line, r.keeper))
}

func (w *walker) takes(r *Row) bool {
	if w.states>>r.state&1 == 0 || w.kinds>>r.kind&1 == 0 || w.origins>>r.origin&1 == 0 || w.severity>>r.severity&1 == 0 {
		return false
	}
	if w.lines != nil && !w.lines[r.line] || w.divisions != nil && !w.divisions[r.division] {
		return false
	}
	return w.visible(r) && w.fits(r) && (w.text == "" || strings.Contains(r.fold, w.text))
}

func (w *walker) fits(r *Row) bool {
	q := &w.q
	switch {
	case q.Object != 0 && r.Object != q.Object, q.Unit != "" && r.Unit != q.Unit, q.Person != "" && r.Person != q.Person,
		q.Source != "" && r.Source != q.Source, q.SourceID != "" && r.SourceID != q.SourceID, q.Item != "" && r.Item != q.Item, q.Step != "" && r.Step != q.Step,
		q.ObjectOf != "" && w.sh.objects[r.Object].Kind != q.ObjectOf:
		return false
	case q.Overdue && !r.OverdueAt(w.now), q.LateFirst && !r.LateFirstAt(w.now), q.Recurrent && r.Recurs == 0, q.Missed && !r.Missed, q.Reopened && r.Reopened == 0,
		q.Extended && !r.Extended, q.Asked && !r.Asked, q.Defective && !r.Defective:
		return false
	case q.Among != nil && !q.Among(r.ID):
		return false
	}
	return q.Due.holds(r.Due) && q.Original.holds(r.First()) && q.Found.holds(r.Found) && q.Closed.holds(r.Closed)
}

func (s Span) holds(ms int64) bool {
	if !s.From.IsZero() && ms < s.From.UnixMilli() {
		return false
	}
	return s.To.IsZero() || ms != 0 && ms < s.To.UnixMilli()
}

// Bases are the rules that the matters of a page fall short of, by number, for lists on paper; one without any is left out.
func (s *Service) Bases(ctx context.Context, pg Page) (map[int64]string, error) {
	out := map[int64]string{}
	if len(pg.Rows) == 0 {
		return out, nil
	}
	asked := make(map[int64]bool, len(pg.Rows))
	low, high := pg.Rows[0].ID, pg.Rows[0].ID
	for _, r := range pg.Rows {
		asked[r.ID], low, high = true, min(low, r.ID), max(high, r.ID)
	}
	err := store.Each(ctx, s.db, `SELECT id, basis FROM matter WHERE id >= $1 AND id <= $2 AND basis <> '' ORDER BY id`, func(scan func(...any) error) error {
		var id int64
		var basis string
		err := scan(&id, &basis)
		if asked[id] {
			out[id] = basis
		}
		return err
	}, low, high)
	if err != nil {
		return nil, fmt.Errorf("read what matters are based on: %w", err)
	}
	return out, nil
}

// Names gives what units, people and objects are called, as lists name them.
type Names struct{ sheet *sheet }

// Names returns the names of now.
func (s *Service) Names(ctx context.Context) (Names, error) {
	sh, err := s.roster.sheet(ctx, s.now())
	return Names{sh}, err
}

// Object names an object by number.
func (n Names) Object(id int64) ObjectName {
	o := n.sheet.objects[id]
	o.ID = id
	return o
}

// Person names a person.
func (n Names) Person(id string) Named {
	name := n.sheet.people[id]
	return Named{ID: id, Name: fault.T(name, name)}
}

// Unit names an organisation.
func (n Names) Unit(id string) Named { return Named{ID: id, Name: n.sheet.units[id]} }

// Office names the office that answers for a division; the division itself where it has none on record.
func (s *Service) Office(ctx context.Context, division int64) (fault.Text, error) {
	unit, err := bureauOf(ctx, s.db, division)
	if fault.Is(err, fault.Invalid) {
		tree, err := s.reg.Tree(ctx)
		if err != nil {
			return fault.Text{}, err
		}
		d, _ := tree.ByID(division)
		return fault.T(d.NameZh, d.NameEn), nil
	}
	if err != nil {
		return fault.Text{}, err
	}
	names, err := s.Names(ctx)
	return names.Unit(unit).Name, err
}
