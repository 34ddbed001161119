package store

import (
	"database/sql"
	"time"
)

// Time reads an instant as it is kept.
func Time(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// MaybeTime reads an instant that may be absent.
func MaybeTime(ms sql.NullInt64) *time.Time {
	if !ms.Valid {
		return nil
	}
	t := Time(ms.Int64)
	return &t
}

// Millis writes an instant that may be absent.
func Millis(t *time.Time) sql.NullInt64 {
	if t == nil {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: true}
}

// Flag writes a truth, for which the engines share no type.
func Flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// MaybeText writes a text of which "" is none.
func MaybeText(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }

// MaybeNumber writes a number of which 0 is none.
func MaybeNumber(n int64) sql.NullInt64 { return sql.NullInt64{Int64: n, Valid: n != 0} }
