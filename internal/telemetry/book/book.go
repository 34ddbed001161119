// Package book is what the gateway of field stations writes down and looks up: the policies of stations, frames set aside, requests to
// stations with who asked, pictures and texts, and how stations are.
//
// It fills the interfaces of telemetry, and takes readings in through one of its own, in the same transaction as all else that a batch
// says. Instants are UTC. Passwords are written, and read back by the gateway only.
package book

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"anlan/internal/fault"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry/session"
)

// Observations takes in the readings of reports within a transaction. Each report's Object is the number of its object in the registry.
// A fault of kind invalid says that a report can never be taken.
type Observations interface {
	Observe(ctx context.Context, tx *store.Tx, batch []session.Report) error
}

// Options are what a book stands on.
type Options struct {
	Store        *store.DB
	Observations Observations
	// Quantity says whether there is such a quantity, and whether its figures hold at an instant, gather over a period or count up: "instant", "total" or
	// "counter". Nil takes all.
	Quantity func(code string) (kind string, ok bool)
	Now      func() time.Time
	// HeldRows and HeldBytes are how much is set aside at most; 200,000 frames and 256 MiB where 0.
	HeldRows, HeldBytes int64
	// Taken hears of reports after their commit; it must not wait.
	Taken func([]session.Report)
}

// Book is the gateway's book. It may be used by many goroutines, after Load.
type Book struct {
	opt      Options
	flushing sync.Mutex // held by Flush

	mu       sync.RWMutex // guards what is below
	policies map[sl651.Address]session.Station
	minutes  map[sl651.Address]int     // between the reports that are due
	health   map[sl651.Address]*Health // as it is written down
	writing  map[sl651.Address]*Health // what came since, and is being written down: the counts of that alone
	heard    map[sl651.Address]*Health // and what came since then
	flushes  int
	remapped map[sl651.Address]int64 // the edit of a policy by which frames were taken anew last
	changes  int                     // of policies, by this process
	room     room
}

// New makes a book that knows nothing before Load.
func New(o Options) *Book {
	if o.HeldRows <= 0 {
		o.HeldRows = mostHeld
	}
	if o.HeldBytes <= 0 {
		o.HeldBytes = mostHeldBytes
	}
	return &Book{opt: o, remapped: map[sl651.Address]int64{}, policies: map[sl651.Address]session.Station{}, minutes: map[sl651.Address]int{}, health: map[sl651.Address]*Health{}, heard: map[sl651.Address]*Health{}}
}

// Load reads the policies and how stations were, at the start and again whenever another process may have changed a policy.
func (b *Book) Load(ctx context.Context) error {
	var held room
	b.mu.RLock()
	changes, flushes := b.changes, b.flushes
	b.mu.RUnlock()
	policies := map[sl651.Address]session.Station{}
	minutes := map[sl651.Address]int{}
	health := map[sl651.Address]*Health{}
	err := b.opt.Store.Snapshot(ctx, func(q store.Querier) error {
		list, err := readPolicies(ctx, q, 0)
		if err != nil {
			return err
		}
		for _, p := range list {
			policies[p.station.Address], minutes[p.station.Address] = p.station, p.ReportMinutes
		}
		if err := readRoom(ctx, q, &held); err != nil {
			return err
		}
		return readHealth(ctx, q, health)
	})
	if err != nil {
		return fmt.Errorf("load what is known of field stations: %w", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.changes == changes { // else it may have been read before a policy that was saved meanwhile; the next time it is there
		b.policies, b.minutes = policies, minutes
	}
	b.room.rows, b.room.bytes = held.rows, held.bytes
	if b.flushes == flushes { // as above
		b.health = health
	}
	return nil
}

// Station is the policy of a station, from memory.
func (b *Book) Station(_ context.Context, a sl651.Address) (session.Station, bool, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	st, ok := b.policies[a]
	return st, ok, nil
}

// Object is the object of the registry whose station an address is, from memory.
func (b *Book) Object(a sl651.Address) (int64, bool) {
	st, ok, _ := b.Station(context.Background(), a)
	object, err := strconv.ParseInt(st.Object, 10, 64)
	return object, ok && err == nil
}

// Accept keeps what a batch says in one transaction: readings, pictures, texts.
func (b *Book) Accept(ctx context.Context, batch []session.Report) error {
	err := b.opt.Store.Write(ctx, func(tx *store.Tx) error {
		if err := b.opt.Observations.Observe(ctx, tx, batch); err != nil {
			return err
		}
		for i := range batch {
			if err := b.paper(ctx, tx, &batch[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep %d reports of field stations: %w", len(batch), err)
	}
	b.noted(batch)
	if b.opt.Taken != nil {
		b.opt.Taken(batch)
	}
	return nil
}

// The kinds of paper.
const (
	jpeg      = "image/jpeg"
	plainText = "text/plain"
)

// paper keeps a picture or a text, once.
func (b *Book) paper(ctx context.Context, tx *store.Tx, r *session.Report) error {
	body, media := r.Picture, jpeg
	if body == nil {
		if r.Text == "" || r.Function == sl651.QueryVersion {
			return nil
		}
		body, media = []byte(r.Text), plainText
	}
	object, err := strconv.ParseInt(r.Object, 10, 64)
	if err != nil {
		return fmt.Errorf("keep the paper of station %s: object %q: %w", r.Station, r.Object, err)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO telemetry_paper (address, received_at, message, object_id, sent_at, function, media, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (address, message) DO NOTHING`,
		r.Station.String(), r.Received.UnixMilli(), r.Key.String(), object, maybe(r.Sent), int64(r.Function), media, body)
	if err != nil {
		return fmt.Errorf("keep the paper of station %s: %w", r.Station, err)
	}
	return nil
}

// maybe is an instant as the store has it, or nothing for the zero time.
func maybe(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// Paper is a picture or a text that a station sent.
type Paper struct {
	Message  string     `json:"message"`
	Station  string     `json:"station"`
	Object   int64      `json:"object"`
	Received time.Time  `json:"received"`
	Sent     *time.Time `json:"sent,omitempty"`
	Function string     `json:"function"`
	Media    string     `json:"media" enum:"image/jpeg,text/plain"`
	Size     int64      `json:"size"`
}

// Papers lists the pictures and texts of a station, the newest first, that were received before an instant; all where that is zero.
func (b *Book) Papers(ctx context.Context, a sl651.Address, before time.Time, limit int) ([]Paper, error) {
	var list []Paper
	err := store.Each(ctx, b.opt.Store, `
		SELECT message, object_id, received_at, sent_at, function, media, LENGTH(body) FROM telemetry_paper
		WHERE address = $1 AND received_at < $2 ORDER BY received_at DESC, message LIMIT $3`, func(scan func(...any) error) error {
		p := Paper{Station: a.String()}
		var received, function int64
		var sent nullInt
		if err := scan(&p.Message, &p.Object, &received, &sent, &function, &p.Media, &p.Size); err != nil {
			return err
		}
		p.Received, p.Sent, p.Function = store.Time(received), store.MaybeTime(sent), sl651.Function(function).String()
		list = append(list, p)
		return nil
	}, a.String(), until(before), bounded(limit))
	if err != nil {
		return nil, fmt.Errorf("list the papers of station %s: %w", a, err)
	}
	return list, nil
}

// PaperBody is the bytes of a picture or a text, and what they are.
func (b *Book) PaperBody(ctx context.Context, a sl651.Address, message string) (body []byte, media string, err error) {
	err = b.opt.Store.QueryRowContext(ctx, `SELECT body, media FROM telemetry_paper WHERE address = $1 AND message = $2`, a.String(), message).Scan(&body, &media)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, "", fault.NotFoundf("telemetry.paper", "没有这份图片或文本", "there is no such picture or text")
	}
	if err != nil {
		return nil, "", fmt.Errorf("read a paper of station %s: %w", a, err)
	}
	return body, media, nil
}

// until is an instant as a bound of a query: the end of times where it is zero.
func until(t time.Time) int64 {
	if t.IsZero() {
		return 1<<63 - 1
	}
	return t.UnixMilli()
}

// bounded is how many rows a page has.
func bounded(limit int) int64 {
	if limit <= 0 || limit > 500 {
		return 50
	}
	return int64(limit)
}

// Count is how many stations have a policy.
func (b *Book) Count() int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return len(b.policies)
}
