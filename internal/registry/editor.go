package registry

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/store"
)

// Editor is who changes the registry, and where that person may.
type Editor struct {
	Actor audit.Actor
	May   func(division int64) bool // nil: nowhere
}

// Program is the editor for what the program itself writes, such as the demo city.
func Program() Editor { return Editor{May: func(int64) bool { return true }} }

func (e Editor) check(division int64) error {
	if e.May == nil || !e.May(division) {
		return fault.Forbiddenf("registry.forbidden", "您无权修改该区划的机构与人员", "you may not change organisations and people of this division")
	}
	return nil
}

// note writes the audit entry. It is called before what depends on other rows is checked, since taking the head of the chain
// makes writers queue on PostgreSQL too.
func (s *Service) note(ctx context.Context, tx *store.Tx, by Editor, action, id string, division int64, detail any) error {
	kind, _, _ := strings.Cut(action, ".")
	return audit.Append(ctx, tx, audit.Entry{
		At: s.now(), Actor: by.Actor, Action: action, ObjectKind: kind, ObjectID: id, DivisionID: &division, Detail: detail,
	})
}

// Query filters and pages a list; zero fields do not filter, but without scopes nothing is found.
type Query struct {
	Scopes       []int64 // divisions whose subtrees may be seen
	Text         string  // part of a name
	Organisation string
	Division     int64  // with all below it
	Kind         string // of an organisation
	Line         string // posts of this line and of all lines
	Retired      bool   // retired ones too
	After        string // Next of the page before
	Limit        int    // 1 to 200, 50 where 0
}

// Page is a part of a list; Next is empty on the last.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

const (
	pageUsual = 50
	pageMost  = 200
)

func (q Query) limit() int {
	if q.Limit <= 0 {
		return pageUsual
	}
	return min(q.Limit, pageMost)
}

// condition gathers the conditions of one statement with their arguments; each ? becomes the next $N.
type condition struct {
	text strings.Builder
	args []any
}

func (c *condition) add(text string, args ...any) {
	for _, a := range args {
		c.args = append(c.args, a)
		text = strings.Replace(text, "?", fmt.Sprintf("$%d", len(c.args)), 1)
	}
	c.text.WriteString(text)
}

// within keeps the rows whose division lies in a scope.
func (c *condition) within(column string, scopes []int64) {
	c.add(" WHERE " + column + " IN (SELECT descendant_id FROM division_closure WHERE ancestor_id IN (-1")
	for _, id := range scopes {
		c.add(", ?", id)
	}
	c.add("))")
}

// like keeps the rows where one of the columns holds the text.
func (c *condition) like(text string, columns ...string) {
	if text = strings.TrimSpace(text); text == "" {
		return
	}
	text = "%" + store.Literal(text) + "%"
	for i, column := range columns {
		word := " OR "
		if i == 0 {
			word = " AND ("
		}
		c.add(word+"LOWER("+column+`) LIKE ? ESCAPE '\'`, text)
	}
	c.add(")")
}

// narrow keeps the rows of one division with all below it, and leaves retired ones out, as a list is asked.
func (c *condition) narrow(q Query, division, retired string) {
	if q.Division != 0 {
		c.add(" AND "+division+" IN (SELECT descendant_id FROM division_closure WHERE ancestor_id = ?)", q.Division)
	}
	if !q.Retired {
		c.add(" AND " + retired + " IS NULL")
	}
}

// in keeps the rows where the column is one of the ids.
func (c *condition) in(column string, ids []string) {
	c.add(column + " IN (''")
	for _, id := range ids {
		c.add(", ?", id)
	}
	c.add(")")
}

// cursor is the sort key of the last row of a page, as text that survives a URL.
// pageOf reads a page of what a query with a condition finds, in an order that ends with a limit of one more than the page; behind says where the
// next page begins behind a row.
func pageOf[T any](ctx context.Context, db store.Querier, what string, q Query, query string, c *condition, scan func(interface{ Scan(...any) error }) (T, error), behind func(T) string) (Page[T], error) {
	list, err := gather(ctx, db, query+c.text.String(), c.args, scan)
	if err != nil {
		return Page[T]{}, fmt.Errorf("list %s: %w", what, err)
	}
	page := Page[T]{Items: list}
	if n := q.limit(); len(list) > n {
		page.Items, page.Next = list[:n], behind(list[n-1])
	}
	return page, nil
}

// found says that there is no such row in the words of its kind.
func found[T any](row T, err, unknown error, what, id string) (T, error) {
	switch {
	case errors.Is(err, sql.ErrNoRows):
		err = unknown
	case err != nil:
		err = fmt.Errorf("read %s %s: %w", what, id, err)
	}
	return row, err
}

func cursor(key ...any) string {
	b, err := json.Marshal(key)
	if err != nil {
		panic(err) // strings and numbers only
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func readCursor(text string, key ...any) error {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		var parts []json.RawMessage
		if err = json.Unmarshal(b, &parts); err == nil && len(parts) != len(key) {
			err = fmt.Errorf("%d parts", len(parts))
		}
		for i := 0; err == nil && i < len(key); i++ {
			err = json.Unmarshal(parts[i], key[i])
			if text, ok := key[i].(*string); ok && strings.ContainsRune(*text, 0) {
				err = errors.New("a NUL, which PostgreSQL refuses")
			}
		}
	}
	if err != nil {
		return fault.Invalidf("cursor.invalid", "分页标记无效，请回到第一页", "the cursor is not valid; go back to the first page").Because(err)
	}
	return nil
}

// stale refuses a change that was made on an older reading; it carries what stands now, so that the editor sees both.
func stale(current any) error {
	return fault.Conflictf("registry.stale", "已被他人修改，未保存", "somebody else changed it meanwhile; nothing was saved").With(current)
}

// settled ends a change that was made on the edit number read: on PostgreSQL another transaction may have come between.
func settled(res sql.Result, err error, what string, current func() (any, error)) error {
	var n int64
	if err == nil {
		n, err = res.RowsAffected()
	}
	if err != nil {
		return fmt.Errorf("change %s: %w", what, err)
	}
	if n > 0 {
		return nil
	}
	now, err := current()
	if err != nil {
		return err
	}
	return stale(now)
}

const nameMost = 100

// checkName adds what is wrong with a name to a fault.
func checkName(bad *fault.Error, place, name string) {
	switch {
	case strings.TrimSpace(name) == "":
		bad.At(place, fault.T("必填", "required"))
	case utf8.RuneCountInString(name) > nameMost:
		bad.At(place, fault.Tf("至多 %d 个字", "at most %d characters", nameMost))
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		bad.At(place, fault.T("含有不可见字符", "holds characters that cannot be seen"))
	}
}

func millis(t *time.Time) *int64 {
	if t == nil {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}

func instant(ms *int64) *time.Time {
	if ms == nil {
		return nil
	}
	t := time.UnixMilli(*ms).UTC()
	return &t
}

// retire gives the time of retirement after a change that may retire or bring back.
func (s *Service) retire(was *time.Time, retired *bool) *time.Time {
	switch {
	case retired == nil || *retired == (was != nil):
		return was
	case !*retired:
		return nil
	}
	at := s.now().UTC()
	return &at
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
