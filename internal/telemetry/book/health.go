package book

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry/session"
)

type nullInt = sql.NullInt64

// Health is how a station is (工况), by its last message.
type Health struct {
	Station  string        `json:"station"`
	Object   int64         `json:"object"`
	First    *time.Time    `json:"first,omitempty"` // heard; absent where it never was, or where that was before it was written down
	Received time.Time     `json:"received"`
	Sent     *time.Time    `json:"sent,omitempty"` // by its own clock
	Remote   string        `json:"remote"`
	Messages int64         `json:"messages"` // since it was first heard
	Status   *sl651.Status `json:"status,omitempty"`
	Unmapped []string      `json:"unmapped,omitempty"` // elements that its policy does not name, or lacks a level base for; of what was heard, nil where nothing told of them

	ReportMinutes int       `json:"report_minutes"` // how often it is to report
	Day           time.Time `json:"day"`            // 08:00, at which the hydrological day of Today began
	Today         Arrival   `json:"today"`
	Before        Arrival   `json:"before"` // of the day before
}

// Arrival is how much of what a station is to report came in a hydrological day (到报).
type Arrival struct {
	Reports int    `json:"reports"` // those that are due at certain times: 31, 32 and 34
	Hours   uint32 `json:"hours"`   // in which it was heard, one bit each from 08:00 on
}

// onDay turns to the day of an instant, so that Today is of it.
func (h *Health) onDay(at time.Time) {
	day := hydrotime.DayStart(at).UTC()
	switch {
	case !day.After(h.Day): // the same, or a clock that was set back
		return
	case h.Day.AddDate(0, 0, 1).Equal(day):
		h.Before = h.Today
	default:
		h.Before = Arrival{}
	}
	h.Day, h.Today = day, Arrival{}
}

// arrived counts a report in.
func (h *Health) arrived(r *session.Report) {
	h.onDay(r.Received)
	if hour := r.Received.Sub(h.Day) / time.Hour; hour >= 0 && hour < 24 {
		h.Today.Hours |= 1 << hour
	}
	switch r.Function {
	case sl651.PeriodReport, sl651.TimedReport, sl651.HourlyReport:
		h.Today.Reports++
	}
}

// clocksApart is how much later another process may have heard a station; beyond it a clock was wrong.
const clocksApart = time.Hour

// add counts in what was heard later, here or by another process.
func (h *Health) add(later *Health) {
	if h.Messages == 0 {
		h.First = later.First
	}
	h.Messages += later.Messages
	if later.Day.After(h.Day) {
		if later.Day.Equal(h.Day.AddDate(0, 0, 1)) {
			h.Before = h.Today
		} else {
			h.Before = Arrival{}
		}
		h.Day, h.Today = later.Day, Arrival{}
	}
	switch {
	case later.Day.Equal(h.Day):
		h.Today.add(later.Today)
		h.Before.add(later.Before)
	case later.Day.Equal(h.Day.AddDate(0, 0, -1)):
		h.Before.add(later.Today)
	}
	if ahead := h.Received.Sub(later.Received); ahead > 0 && ahead < clocksApart {
		return
	}
	h.Received, h.Remote, h.Sent = later.Received, later.Remote, later.Sent
	if later.Status != nil {
		h.Status = later.Status
	}
	if later.Unmapped != nil {
		h.Unmapped = later.Unmapped
	}
}

func (a *Arrival) add(later Arrival) {
	a.Reports += later.Reports
	a.Hours |= later.Hours
}

// noted remembers how stations are.
func (b *Book) noted(batch []session.Report) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range batch {
		r := &batch[i]
		if r.Flags.Has(session.Replayed) {
			continue
		}
		h := b.heard[r.Station]
		if h == nil {
			first := r.Received
			h = &Health{Station: r.Station.String(), First: &first}
			b.heard[r.Station] = h
		}
		h.Messages++
		h.arrived(r)
		h.Received, h.Remote, h.Sent = r.Received, r.Remote, nil
		if !r.Sent.IsZero() {
			sent := r.Sent
			h.Sent = &sent
		}
		if r.Status != nil {
			h.Status = r.Status
		}
		if len(r.Readings) > 0 || len(r.Unmapped) > 0 {
			h.Unmapped = []string{}
			for _, id := range r.Unmapped {
				h.Unmapped = append(h.Unmapped, id.String())
			}
		}
	}
}

// Health lists how the stations are that have a policy, by their addresses; those that were never heard have no instant. What another
// process heard is told when it was written down and loaded.
func (b *Book) Health() []Health {
	now := b.opt.Now()
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := make([]Health, 0, len(b.policies))
	for a, st := range b.policies {
		h := Health{Station: a.String()}
		if known := b.health[a]; known != nil {
			h = *known
		}
		for _, later := range []*Health{b.writing[a], b.heard[a]} {
			if later != nil {
				h.add(later)
			}
		}
		h.Object, _ = strconv.ParseInt(st.Object, 10, 64)
		h.ReportMinutes = b.minutes[a]
		h.onDay(now)
		out = append(out, h)
	}
	slices.SortFunc(out, func(x, y Health) int { return strings.Compare(x.Station, y.Station) })
	return out
}

// flushedAtOnce is how many stations one transaction writes down, so that no report waits long behind it.
const flushedAtOnce = 500

// Flush writes down what was heard of stations, now and then and at the end. What a crash loses of it the next messages tell again. It adds
// to what is written: another process may have heard the same stations.
func (b *Book) Flush(ctx context.Context) error {
	b.flushing.Lock()
	defer b.flushing.Unlock()
	b.mu.Lock()
	b.writing, b.heard = b.heard, map[sl651.Address]*Health{}
	list := slices.SortedFunc(maps.Keys(b.writing), func(x, y sl651.Address) int { return slices.Compare(x[:], y[:]) })
	b.mu.Unlock()
	defer b.unwritten()
	for some := range slices.Chunk(list, flushedAtOnce) {
		written := map[sl651.Address]*Health{}
		err := b.opt.Store.Write(ctx, func(tx *store.Tx) error {
			for _, a := range some {
				h, err := tellHealth(ctx, tx, a, b.writing[a])
				if err != nil {
					return err
				}
				written[a] = h
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("write down how %d stations are: %w", len(list), err)
		}
		b.mu.Lock()
		b.flushes++
		for a, h := range written {
			b.health[a] = h
			delete(b.writing, a)
		}
		b.mu.Unlock()
	}
	return nil
}

// unwritten takes back what could not be written down, before what was heard meanwhile.
func (b *Book) unwritten() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for a, h := range b.writing {
		if later := b.heard[a]; later != nil {
			h.add(later)
		}
		b.heard[a] = h
	}
	b.writing = nil
}

// tellHealth adds what was heard of a station to what is written of it.
func tellHealth(ctx context.Context, tx *store.Tx, a sl651.Address, heard *Health) (*Health, error) {
	if _, err := tx.ExecContext(ctx, `INSERT INTO telemetry_health (address, received_at, remote, messages, unmapped, day, day_reports, day_hours, before_reports, before_hours)
		VALUES ($1, 0, '', 0, '', 0, 0, 0, 0, 0) ON CONFLICT (address) DO NOTHING`, a.String()); err != nil {
		return nil, err
	}
	one := healthOf + ` WHERE address = $1`
	if err := tx.Take(ctx, one, a.String()); err != nil {
		return nil, err
	}
	h, err := scanHealth(tx.QueryRowContext(ctx, one, a.String()).Scan)
	if err != nil {
		return nil, err
	}
	h.add(heard)
	return h, writeHealth(ctx, tx, h)
}

func writeHealth(ctx context.Context, tx *store.Tx, h *Health) error {
	var status nullInt
	if h.Status != nil {
		status = nullInt{Int64: int64(*h.Status), Valid: true}
	}
	var first int64
	if h.First != nil {
		first = h.First.UnixMilli()
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE telemetry_health SET received_at = $2, sent_at = $3, remote = $4, messages = $5, status = $6, unmapped = $7, day = $8, day_reports = $9,
			day_hours = $10, before_reports = $11, before_hours = $12, first_at = $13 WHERE address = $1`,
		h.Station, h.Received.UnixMilli(), store.Millis(h.Sent), h.Remote, h.Messages, status, strings.Join(h.Unmapped, " "),
		h.Day.UnixMilli(), int64(h.Today.Reports), int64(h.Today.Hours), int64(h.Before.Reports), int64(h.Before.Hours), first)
	return err
}

const healthOf = `SELECT address, received_at, sent_at, remote, messages, status, unmapped, day, day_reports, day_hours, before_reports, before_hours, first_at FROM telemetry_health`

func scanHealth(scan func(...any) error) (*Health, error) {
	h := &Health{}
	var received, day, first int64
	var sent, status nullInt
	var unmapped string
	if err := scan(&h.Station, &received, &sent, &h.Remote, &h.Messages, &status, &unmapped, &day, &h.Today.Reports, &h.Today.Hours, &h.Before.Reports, &h.Before.Hours, &first); err != nil {
		return nil, err
	}
	if first != 0 {
		at := store.Time(first)
		h.First = &at
	}
	h.Day = store.Time(day)
	h.Received, h.Sent, h.Unmapped = store.Time(received), store.MaybeTime(sent), strings.Fields(unmapped)
	if status.Valid {
		s := sl651.Status(status.Int64)
		h.Status = &s
	}
	return h, nil
}

func readHealth(ctx context.Context, q store.Querier, into map[sl651.Address]*Health) error {
	return store.Each(ctx, q, healthOf+` ORDER BY address`, func(scan func(...any) error) error {
		h, err := scanHealth(scan)
		if err != nil {
			return err
		}
		a, err := sl651.ParseAddress(h.Station)
		if err != nil {
			return err
		}
		into[a] = h
		return nil
	})
}
