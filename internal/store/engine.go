package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"
	"strings"

	"anlan/internal/fault"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// lostRace reports whether a transaction failed only because another one was first, so that a new try may succeed.
func lostRace(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// IsUnique reports whether err says that a unique key is taken.
func IsUnique(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) &&
		(lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// unstorable reports whether PostgreSQL refused a NUL or broken UTF-8 in a text; SQLite takes both.
func unstorable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "22021" || pg.Code == "22P05")
}

// unavailable says in words why the engine cannot serve, where that is what err means.
func unavailable(engine Engine, err error) (fault.Text, bool) {
	if engine == SQLite {
		return sqliteUnavailable(err)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch {
		case pg.Code == "53100":
			return fault.T("数据库磁盘已满，未保存", "the database's disk is full; nothing was saved"), true
		case strings.HasPrefix(pg.Code, "08"), strings.HasPrefix(pg.Code, "57P"), strings.HasPrefix(pg.Code, "53"):
			return fault.T("数据库暂不可用，未保存", "the database is away; nothing was saved"), true
		}
		return fault.Text{}, false
	}
	var network net.Error
	var connect *pgconn.ConnectError
	if errors.As(err, &network) || errors.As(err, &connect) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "conn closed") ||
		strings.Contains(err.Error(), "unexpected EOF") {
		return fault.T("连不上数据库，未保存", "the database cannot be reached; nothing was saved"), true
	}
	return fault.Text{}, false
}

func sqliteUnavailable(err error) (fault.Text, bool) {
	var lite *sqlite.Error
	if !errors.As(err, &lite) {
		return fault.Text{}, false
	}
	switch lite.Code() {
	case sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE: // a quota, or a disk that fails
		return fault.T("磁盘写不进去（空间、配额或硬件），未保存", "the disk takes no more (space, quota or hardware); nothing was saved"), true
	}
	switch lite.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return fault.T("磁盘已满，未保存", "the disk is full; nothing was saved"), true
	case sqlite3.SQLITE_IOERR:
		return fault.T("磁盘读写出错，未保存", "the disk reported an error; nothing was saved"), true
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return fault.T("数据文件不可写，未保存", "the database file cannot be written; nothing was saved"), true
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fault.T("数据库正忙，未保存，请重试", "the database is busy; nothing was saved, try again"), true
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fault.T("数据文件已损坏，请从备份恢复", "the database file is damaged; restore a backup"), true
	}
	return fault.Text{}, false
}
