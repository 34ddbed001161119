package bulletin

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"anlan/internal/bulletin/compose"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/fault"
	"anlan/internal/gb9704"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// Query filters and orders bulletins; zero fields do not filter. What a person may not see is left out first.
type Query struct {
	Kind     string
	State    State
	Scope    int64 // about this division
	From, To string
	Year     int
	Text     string // part of the title or of the number
	Unread   bool   // issued, addressed to the person's own division, and not read there
	Corrects int64

	Sort  string // period, issued, changed or title, with - before it for descending; -period where empty
	After int64  // the last bulletin of the page before
	Limit int
}

// Page is one page of bulletins.
type Page struct {
	Items []*Bulletin
	Next  int64 // After of the next page, 0 for none
	Total int
}

const pageUsual, pageMost = 50, 5_000

// Sorts lists the keys that bulletins may be ordered by.
func Sorts() []string { return []string{"period", "issued", "changed", "title"} }

// List finds bulletins.
func (s *Service) List(ctx context.Context, p *identity.Principal, q Query) (*Page, error) {
	out := &Page{Items: []*Bulletin{}}
	err := s.Store.Snapshot(ctx, func(st store.Querier) error {
		where, args, err := s.condition(ctx, st, p, q)
		if err != nil {
			return err
		}
		if err := st.QueryRowContext(ctx, `SELECT COUNT(*) FROM bulletin b WHERE `+where, args...).Scan(&out.Total); err != nil {
			return fmt.Errorf("count bulletins: %w", err)
		}
		order, keyset, err := ordering(q)
		if err != nil {
			return err
		}
		if q.After > 0 {
			args = append(args, q.After)
			where += fmt.Sprintf(keyset, len(args))
		}
		limit := q.Limit
		if limit < 1 || limit > pageMost {
			limit = pageUsual
		}
		out.Items, err = s.read(ctx, st, where+order+fmt.Sprintf(" LIMIT %d", limit+1), args...)
		if err != nil {
			return err
		}
		if len(out.Items) > limit {
			out.Items = out.Items[:limit]
			out.Next = out.Items[limit-1].ID
		}
		return nil
	})
	return out, err
}

// ordering is the order, and the condition that continues after a row.
func ordering(q Query) (order, keyset string, err error) {
	key, down := strings.CutPrefix(q.Sort, "-")
	if key == "" {
		key, down = "period", true
	}
	columns := map[string]string{"period": "period", "issued": "COALESCE(issued_at, 0)", "changed": "changed_at", "title": "title"}
	column, ok := columns[key]
	if !ok {
		return "", "", fault.Invalidf("bulletin.sort", "不能按 %s 排序", "bulletins cannot be ordered by %s", key)
	}
	way, sign := "ASC", ">"
	if down {
		way, sign = "DESC", "<"
	}
	of := func(alias string) string {
		if rest, call := strings.CutPrefix(column, "COALESCE("); call {
			return "COALESCE(" + alias + "." + rest
		}
		return alias + "." + column
	}
	order = fmt.Sprintf(" ORDER BY %s %s, b.id %s", of("b"), way, way)
	keyset = fmt.Sprintf(" AND (%s, b.id) %s (SELECT %s, a.id FROM bulletin a WHERE a.id = $%%d)", of("b"), sign, of("a"))
	return order, keyset, nil
}

// condition writes what a query and a person's scope ask for.
func (s *Service) condition(ctx context.Context, st store.Querier, p *identity.Principal, q Query) (string, []any, error) {
	seen, err := s.visible(ctx, st, p)
	if err != nil {
		return "", nil, err
	}
	where := []string{seen}
	var args []any
	add := func(text string, v any) {
		args = append(args, v)
		where = append(where, fmt.Sprintf(text, len(args)))
	}
	if q.Kind != "" {
		add("b.kind = $%d", q.Kind)
	}
	if q.State != "" {
		add("b.state = $%d", string(q.State))
	}
	if q.Scope != 0 {
		add("b.scope_id = $%d", q.Scope)
	}
	if q.From != "" {
		add("b.period >= $%d", q.From)
	}
	if q.To != "" { // the days of a month count to it
		// Compared at the same length, so that no collation has a say.
		add(fmt.Sprintf("SUBSTR(b.period, 1, %d) <= $%%d", len(q.To)), q.To)
	}
	if q.Year != 0 {
		add("b.period LIKE $%d", fmt.Sprintf("%04d-%%", q.Year))
	}
	if q.Corrects != 0 {
		add("b.corrects = $%d", q.Corrects)
	}
	if text := strings.ToLower(strings.TrimSpace(q.Text)); text != "" {
		add(`b.search LIKE $%d ESCAPE '\'`, "%"+store.Literal(text)+"%")
	}
	if q.Unread {
		add("b.state = 'issued' AND EXISTS (SELECT 1 FROM bulletin_recipient u WHERE u.bulletin_id = b.id AND u.division_id = $%d AND u.read_at IS NULL)", p.Home())
	}
	return strings.Join(where, " AND "), args, nil
}

// visible is the condition that a person may see a bulletin, the same as Bulletin.Sees.
func (s *Service) visible(ctx context.Context, st store.Querier, p *identity.Principal) (string, error) {
	type place struct {
		line     string
		division int64
	}
	var keepers, scopes, addressed []place
	gather := func(into *[]place, query string) error {
		return store.Each(ctx, st, query, func(scan func(...any) error) error {
			var at place
			err := scan(&at.line, &at.division)
			*into = append(*into, at)
			return err
		})
	}
	err := errors.Join(
		gather(&keepers, `SELECT DISTINCT line, keeper_id FROM bulletin ORDER BY 1, 2`),
		gather(&scopes, `SELECT DISTINCT line, scope_id FROM bulletin ORDER BY 1, 2`),
		gather(&addressed, `SELECT DISTINCT b.line, r.division_id FROM bulletin_recipient r JOIN bulletin b ON b.id = r.bulletin_id ORDER BY 1, 2`))
	if err != nil {
		return "", fmt.Errorf("read where bulletins belong: %w", err)
	}
	any := func(column string, list []place, may func(place) bool) string {
		byLine := map[string][]string{}
		var lines []string
		for _, at := range list {
			if may(at) {
				if byLine[at.line] == nil {
					lines = append(lines, at.line)
				}
				byLine[at.line] = append(byLine[at.line], fmt.Sprint(at.division))
			}
		}
		parts := []string{"1 = 0"}
		for _, l := range lines {
			parts = append(parts, "b.line = '"+strings.ReplaceAll(l, "'", "''")+"' AND "+column+" IN ("+strings.Join(byLine[l], ",")+")")
		}
		return "(" + strings.Join(parts, " OR ") + ")"
	}
	reads := func(at place) bool { return p.Can(identity.BulletinRead, at.line, at.division) }
	makes := func(at place) bool {
		return p.Can(identity.BulletinWrite, at.line, at.division) || p.Can(identity.BulletinIssue, at.line, at.division)
	}
	return "(" + any("b.keeper_id", keepers, makes) + " OR b.state = 'issued' AND (" + any("b.keeper_id", keepers, reads) + " OR " + any("b.scope_id", scopes, reads) +
		" OR EXISTS (SELECT 1 FROM bulletin_recipient r WHERE r.bulletin_id = b.id AND " + any("r.division_id", addressed, reads) + ")))", nil
}

const selectBulletin = `
	SELECT b.id, b.edit, b.kind, b.template_version, b.line, b.title, b.scope_id, b.keeper_id, b.period, b.state, COALESCE(b.corrects, 0), b.snapshot_hash, b.office_zh, b.office_en,
		COALESCE(b.number_letters, ''), COALESCE(b.number_year, 0), COALESCE(b.number_serial, 0), COALESCE(b.issued_on, 0),
		b.drafter_id, b.drafter_name, b.drafted_at, b.submitted_at, b.approver_name, b.approved_at, b.issuer_name, b.issued_at, b.changed_at
	FROM bulletin b WHERE `

func (s *Service) read(ctx context.Context, q store.Querier, where string, args ...any) ([]*Bulletin, error) {
	tree, err := s.Registry.TreeIn(ctx, q)
	if err != nil {
		return nil, err
	}
	out := []*Bulletin{}
	at := map[int64]*Bulletin{}
	err = store.Each(ctx, q, selectBulletin+where, func(scan func(...any) error) error {
		b, err := scanBulletin(scan, tree)
		if err == nil {
			out, at[b.ID] = append(out, b), b
		}
		return err
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("read bulletins: %w", err)
	}
	return out, readRecipients(ctx, q, tree, out, at)
}

func scanBulletin(scan func(...any) error, tree *registry.Tree) (*Bulletin, error) {
	b := &Bulletin{}
	var scope, keeper, year, serial, issuedOn, drafted, changed int64
	var letters string
	var submitted, approved, issued sql.NullInt64
	err := scan(&b.ID, &b.Edit, &b.Kind, &b.TemplateVersion, &b.Line, &b.Title, &scope, &keeper, &b.Period, &b.State, &b.Corrects, &b.SnapshotHash, &b.Office.Zh, &b.Office.En,
		&letters, &year, &serial, &issuedOn, &b.drafterID, &b.Drafter, &drafted, &submitted, &b.Approver, &approved, &b.Issuer, &issued, &changed)
	if err != nil {
		return nil, err
	}
	b.Scope, _ = tree.ByID(scope)
	b.Keeper, _ = tree.ByID(keeper)
	if serial > 0 {
		b.Number = gb9704.DocumentNumber(letters, int(year), int(serial))
	}
	if issuedOn > 0 {
		d := dayOf(issuedOn)
		b.IssuedOn = &d
	}
	b.DraftedAt, b.ChangedAt = store.Time(drafted), store.Time(changed)
	b.SubmittedAt, b.ApprovedAt, b.IssuedAt = store.MaybeTime(submitted), store.MaybeTime(approved), store.MaybeTime(issued)
	return b, nil
}

// dayOf and dayNumber keep a day as 20260531.
func dayOf(n int64) hydrotime.Date {
	return hydrotime.Date{Year: int(n / 10_000), Month: time.Month(n / 100 % 100), Day: int(n % 100)}
}

func dayNumber(d hydrotime.Date) int64 {
	return int64(d.Year)*10_000 + int64(d.Month)*100 + int64(d.Day)
}

func readRecipients(ctx context.Context, q store.Querier, tree *registry.Tree, list []*Bulletin, at map[int64]*Bulletin) error {
	if len(list) == 0 {
		return nil
	}
	var ids []string
	for _, b := range list {
		ids = append(ids, fmt.Sprint(b.ID))
	}
	err := store.Each(ctx, q, `
		SELECT bulletin_id, division_id, organisation_id, name_zh, name_en, read_at, read_by_name FROM bulletin_recipient
		WHERE bulletin_id IN (`+strings.Join(ids, ",")+`) ORDER BY bulletin_id, sort`, func(scan func(...any) error) error {
		var r Recipient
		var id, division int64
		var read sql.NullInt64
		if err := scan(&id, &division, &r.Organisation, &r.Name.Zh, &r.Name.En, &read, &r.ReadBy); err != nil {
			return err
		}
		r.Division, _ = tree.ByID(division)
		r.ReadAt = store.MaybeTime(read)
		b := at[id]
		b.Recipients = append(b.Recipients, r)
		if r.ReadAt != nil {
			b.Read++
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read who gets bulletins: %w", err)
	}
	return nil
}

// find reads one bulletin that a person may see.
func (s *Service) find(ctx context.Context, q store.Querier, p *identity.Principal, id int64) (*Bulletin, error) {
	list, err := s.read(ctx, q, `b.id = $1`, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 || !list[0].Sees(p) {
		return nil, errUnknown()
	}
	b := list[0]
	err = store.Each(ctx, q, `SELECT DISTINCT actor_id FROM bulletin_event WHERE bulletin_id = $1 AND move IN ('edit', 'freeze') ORDER BY 1`, func(scan func(...any) error) error {
		var by string
		err := scan(&by)
		b.editors = append(b.editors, by)
		return err
	}, id)
	if err != nil {
		return nil, fmt.Errorf("read who changed bulletin %d: %w", id, err)
	}
	return b, nil
}

// Head finds one bulletin without its text.
func (s *Service) Head(ctx context.Context, p *identity.Principal, id int64) (*Bulletin, error) {
	return s.find(ctx, s.Store, p, id)
}

// Get reads a bulletin with its text, figures and history.
func (s *Service) Get(ctx context.Context, p *identity.Principal, id int64) (*Detail, error) {
	var d *Detail
	err := s.Store.Snapshot(ctx, func(q store.Querier) (err error) {
		d, err = s.detail(ctx, q, p, id)
		return err
	})
	return d, err
}

func (s *Service) detail(ctx context.Context, q store.Querier, p *identity.Principal, id int64) (*Detail, error) {
	b, err := s.find(ctx, q, p, id)
	if err != nil {
		return nil, err
	}
	d := &Detail{Bulletin: b, Events: []Event{}, CorrectedBy: []*Bulletin{}, Moves: []Move{}}
	if d.Body, err = s.body(ctx, q, id); err != nil {
		return nil, err
	}
	if d.Snapshot, err = s.snapshot(ctx, q, b.SnapshotHash); err != nil {
		return nil, err
	}
	if !b.makes(p) { // readers get what was printed, not how it came about
		d.Body = d.Body.Printed()
	}
	d.Flags = d.Body.Flags()
	if b.makes(p) {
		err = store.Each(ctx, q, `SELECT at, actor_name, move, from_state, to_state, reason FROM bulletin_event WHERE bulletin_id = $1 ORDER BY seq`, func(scan func(...any) error) error {
			var e Event
			var at int64
			err := scan(&at, &e.By, &e.Move, &e.From, &e.To, &e.Reason)
			e.At = store.Time(at)
			d.Events = append(d.Events, e)
			return err
		}, id)
		if err != nil {
			return nil, fmt.Errorf("read the history of bulletin %d: %w", id, err)
		}
	}
	later, err := s.read(ctx, q, `b.corrects = $1 ORDER BY b.id`, id)
	if err != nil {
		return nil, err
	}
	d.CorrectedBy = append(d.CorrectedBy, slices.DeleteFunc(later, func(l *Bulletin) bool { return !l.Sees(p) })...)
	for _, m := range []Move{EditText, Freeze, Submit, Approve, Issue, SendBack, Withdraw} {
		if b.may(p, m) == nil {
			d.Moves = append(d.Moves, m)
		}
	}
	return d, nil
}

func (s *Service) body(ctx context.Context, q store.Querier, id int64) (*compose.Body, error) {
	var text string
	if err := q.QueryRowContext(ctx, `SELECT body FROM bulletin WHERE id = $1`, id).Scan(&text); err != nil {
		return nil, fmt.Errorf("read the text of bulletin %d: %w", id, err)
	}
	b := new(compose.Body)
	if err := json.Unmarshal([]byte(text), b); err != nil {
		return nil, fmt.Errorf("read the text of bulletin %d: %w", id, err)
	}
	return b, nil
}

// snapshot reads a snapshot and holds it against its hash.
func (s *Service) snapshot(ctx context.Context, q store.Querier, hash string) (*snapshot.Index, error) {
	var packed []byte
	if err := q.QueryRowContext(ctx, `SELECT body FROM bulletin_snapshot WHERE hash = $1`, hash).Scan(&packed); err != nil {
		return nil, fmt.Errorf("read snapshot %s: %w", hash, err)
	}
	b, err := snapshot.Unpack(packed)
	if err != nil {
		return nil, err
	}
	if snapshot.Hash(b) != hash {
		return nil, fmt.Errorf("snapshot %s is damaged: its bytes have another hash", hash)
	}
	snap, err := snapshot.Decode(b)
	if err != nil {
		return nil, err
	}
	return snapshot.NewIndex(snap), nil
}
