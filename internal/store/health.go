package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"anlan/internal/fault"
)

// Health is what the store last knew of itself.
type Health struct {
	OK     bool       `json:"ok"`
	Since  time.Time  `json:"since"` // when the state began; zero while it was never disturbed
	Reason fault.Text `json:"reason"`
	silent bool       // PostgreSQL did not answer a probe in time: nothing else is asked of it
}

// Health returns the state as of the last statement or Probe.
func (db *DB) Health() Health { return *db.state.Load() }

// Probe writes one row, so that a full disk or an absent server is known before a person meets it.
func (db *DB) Probe(ctx context.Context, at time.Time) Health {
	_, err := db.write.ExecContext(ctx, `INSERT INTO probe (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at`, at.UnixMilli())
	if db.Explain(err) == nil && db.room() {
		db.recovered()
	}
	if db.engine == Postgres && errors.Is(err, context.DeadlineExceeded) {
		old := db.state.Load()
		if h := *old; !h.OK {
			h.silent = true
			db.state.CompareAndSwap(old, &h)
		}
	}
	return db.Health()
}

// room is what a disk that was full must offer before the store is held to be well: the log of SQLite may still take a probe
// where it takes no ordinary save.
func (db *DB) room() bool {
	if db.engine != SQLite || db.Health().OK {
		return true
	}
	f, err := os.CreateTemp(filepath.Dir(db.path), ".room-*")
	if err != nil {
		return false
	}
	_, err = f.Write(make([]byte, 256<<10))
	return errors.Join(err, f.Close(), os.Remove(f.Name())) == nil
}

// gate ends a request at once while PostgreSQL does not answer, so that people read why and no queue builds up behind it.
func (db *DB) gate(ctx context.Context) context.Context {
	if !db.state.Load().silent {
		return ctx
	}
	over, cancel := context.WithDeadline(ctx, time.Unix(0, 0))
	cancel()
	return over
}

// Explain classifies an error of the engine, which may have come out of a row's Scan: what people should read of it becomes a
// fault of kind Unavailable, and the store is held to be away until a probe succeeds. Any other error comes back as it is.
func (db *DB) Explain(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, sql.ErrNoRows) || fault.KindOf(err) != fault.Internal {
		return err
	}
	if unstorable(err) {
		return fault.New(fault.Invalid, "text.invalid", fault.T("文字中含有无法保存的字符", "the text holds a character that cannot be stored")).Because(err)
	}
	text, away := unavailable(db.engine, err)
	if !away {
		return err
	}
	db.disturbed(text, err)
	return fault.New(fault.Unavailable, "store.unavailable", text).Because(err)
}

// disturbed notes that the store is away; a new reason keeps the instant at which it began.
func (db *DB) disturbed(text fault.Text, err error) {
	old := db.state.Load()
	if !old.OK && old.Reason == text {
		return
	}
	now := &Health{Since: time.Now().UTC(), Reason: text, silent: old.silent}
	if !old.OK {
		now.Since = old.Since
	}
	if !db.state.CompareAndSwap(old, now) {
		return // another statement was faster
	}
	db.log.Error("store unavailable", "err", err)
	db.tell(*now)
}

func (db *DB) recovered() {
	old := db.state.Load()
	if old.OK {
		return
	}
	now := &Health{OK: true, Since: time.Now().UTC()}
	if !db.state.CompareAndSwap(old, now) {
		return
	}
	db.log.Info("store available again", "away", now.Since.Sub(old.Since).Round(time.Second).String())
	db.tell(*now)
}

func (db *DB) tell(h Health) {
	if db.told != nil {
		db.told(h)
	}
}

// impatient bounds how long a new connection to PostgreSQL is waited for, unless the address says so itself.
func impatient(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return target
	}
	q := u.Query()
	if !q.Has("connect_timeout") {
		q.Set("connect_timeout", "3")
	}
	u.RawQuery = q.Encode()
	return u.String()
}
