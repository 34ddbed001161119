package store

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"strings"
)

const (
	// keptStatements is how many statements a connection keeps prepared; one takes some 10 KiB.
	keptStatements = 256
	// longestKept leaves out scripts and statements that carry their figures in their text.
	longestKept = 16 << 10
)

// preparing opens connections to SQLite that keep what they prepared: parsing a statement takes longer than running most of them. pgx
// keeps its own.
type preparing struct{ driver.Connector }

// lite is what a connection to SQLite can do and has to go on doing.
type lite interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	l, ok := c.(lite)
	if !ok {
		return nil, errors.Join(errors.New("a connection to SQLite lacks what is needed of it"), c.Close())
	}
	return &preparedConn{lite: l, by: map[string]*list.Element{}}, nil
}

// preparedConn is one connection with the statements it keeps. As any driver's connection it is used by one goroutine at a time.
type preparedConn struct {
	lite
	by  map[string]*list.Element
	lru list.List // of *kept, the one used last in front
}

// kept is a statement, prepared when it came a second time: most that are put together from parts come only once.
type kept struct {
	query string
	stmt  keptStmt
	busy  bool // its rows are being read
}

type keptStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

func (c *preparedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	k := c.prepared(ctx, query)
	if k == nil {
		return c.lite.ExecContext(ctx, query, args)
	}
	return k.stmt.ExecContext(ctx, args)
}

func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	k := c.prepared(ctx, query)
	if k == nil {
		return c.lite.QueryContext(ctx, query, args)
	}
	rows, err := k.stmt.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	k.busy = true
	return &keptRows{rows, k}, nil
}

// keptRows gives its statement back when it is closed.
type keptRows struct {
	driver.Rows
	k *kept
}

func (r *keptRows) Close() error {
	r.k.busy = false
	return r.Rows.Close()
}

// prepared is the kept statement of a query, nil where it is not kept or being read: then the engine parses it anew. That is also how a
// statement that cannot be prepared comes to its error.
func (c *preparedConn) prepared(ctx context.Context, query string) *kept {
	if !keepable(query) {
		return nil
	}
	e := c.by[query]
	if e == nil {
		c.by[query] = c.lru.PushFront(&kept{query: query})
		c.makeRoom()
		return nil
	}
	c.lru.MoveToFront(e)
	k := e.Value.(*kept) //nolint:forcetypeassert // the list has no others
	if k.busy {
		return nil
	}
	if k.stmt == nil {
		s, err := c.PrepareContext(ctx, query)
		if err != nil {
			return nil
		}
		stmt, ok := s.(keptStmt)
		if !ok {
			s.Close() //nolint:errcheck // it was not used
			return nil
		}
		k.stmt = stmt
	}
	return k
}

// makeRoom lets go of what was not used for longest.
func (c *preparedConn) makeRoom() {
	for e := c.lru.Back(); e != nil && c.lru.Len() > keptStatements; {
		k, before := e.Value.(*kept), e.Prev() //nolint:forcetypeassert // the list has no others
		if !k.busy {
			c.lru.Remove(e)
			delete(c.by, k.query)
			if k.stmt != nil {
				k.stmt.Close() //nolint:errcheck // nobody reads it
			}
		}
		e = before
	}
}

func (c *preparedConn) Close() error {
	for e := c.lru.Front(); e != nil; e = e.Next() {
		if k := e.Value.(*kept); k.stmt != nil { //nolint:forcetypeassert // the list has no others
			k.stmt.Close() //nolint:errcheck // the connection goes with it
			k.stmt = nil
		}
	}
	c.lru.Init()
	clear(c.by)
	return c.lite.Close()
}

// keepable says whether a query is one that may be prepared once: a pragma may take effect when it is parsed, and what changes the
// schema comes once.
func keepable(query string) bool {
	if len(query) > longestKept {
		return false
	}
	word := strings.TrimLeft(query, " \t\n")
	for _, w := range []string{"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"} {
		if strings.HasPrefix(word, w) {
			return true
		}
	}
	return false
}
