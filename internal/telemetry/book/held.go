package book

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry"
	"anlan/internal/telemetry/session"
)

// Keep writes down frames that were set aside. Where there is no room for them the least of those that are there make place.
func (b *Book) Keep(ctx context.Context, held []session.Held) error {
	var after room
	err := b.opt.Store.Write(ctx, func(tx *store.Tx) error {
		var err error
		if after, err = b.makeRoom(ctx, tx, held); err != nil {
			return err
		}
		first, err := tx.Next(ctx, "telemetry_held", int64(len(held)))
		if err != nil {
			return err
		}
		for i, h := range held {
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO telemetry_held (id, at, reason, detail, address, function, remote, raw) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
				first+int64(i), h.At.UnixMilli(), string(h.Reason), h.Detail, h.Station.String(), int64(h.Function), h.Remote, nonNil(h.Raw)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("set %d frames aside: %w", len(held), err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.room = after
	return nil
}

func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// Held is a frame that was set aside.
type Held struct {
	ID         int64      `json:"id"`
	At         time.Time  `json:"at"`
	Reason     string     `json:"reason" enum:"unknown_station,wrong_password,other_centre,undecodable,refused,unmapped,test"`
	Detail     string     `json:"detail,omitempty"`
	Station    string     `json:"station"`
	Function   string     `json:"function"`
	Remote     string     `json:"remote"`
	Raw        string     `json:"raw" doc:"Hex, with zeros for the password and the check code that fits"`
	ReplayedAt *time.Time `json:"replayed_at,omitempty"`
	ReplayedBy string     `json:"replayed_by,omitempty"`
}

// HeldQuery says which frames are listed; what is zero does not narrow.
type HeldQuery struct {
	Station sl651.Address
	Text    string // part of an address, of whom it came from, or of the name or code of the station with the address
	Reason  session.Reason
	Open    bool      // not replayed yet
	Since   time.Time // set aside at or after it
	Until   time.Time // and at or before it
	Before  int64     // an ID: those before it
	Limit   int       // 50 where 0
	Scopes  []int64   // divisions in or below which the frame's station lies, which has to be registered
	Strays  bool      // beside those in Scopes, frames of addresses that are registered nowhere
}

// where narrows a statement over telemetry_held.
func (q *HeldQuery) where() (string, []any) {
	where, args := []string{"id < $1"}, []any{q.Before}
	if q.Before <= 0 {
		args[0] = int64(1<<63 - 1)
	}
	narrow := func(condition string, arg any) {
		args = append(args, arg)
		where = append(where, strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(args))))
	}
	if q.Station != (sl651.Address{}) {
		narrow("address = ?", q.Station.String())
	}
	if text := strings.TrimSpace(q.Text); text != "" {
		narrow(`(LOWER(address) LIKE ? ESCAPE '\' OR LOWER(remote) LIKE ? ESCAPE '\' OR address IN (
			SELECT t.address FROM telemetry_station t JOIN water_object o ON o.id = t.object_id
			WHERE LOWER(o.name_zh) LIKE ? ESCAPE '\' OR LOWER(o.name_en) LIKE ? ESCAPE '\' OR LOWER(o.code) LIKE ? ESCAPE '\'))`, "%"+store.Literal(text)+"%")
	}
	if q.Reason != "" {
		narrow("reason = ?", string(q.Reason))
	}
	if q.Open {
		where = append(where, "replayed_at IS NULL")
	}
	if !q.Since.IsZero() {
		narrow("at >= ?", q.Since.UnixMilli())
	}
	if !q.Until.IsZero() {
		narrow("at <= ?", q.Until.UnixMilli())
	}
	if len(q.Scopes) > 0 {
		list := store.Places(len(args)+1, len(q.Scopes))
		for _, id := range q.Scopes {
			args = append(args, id)
		}
		inScope := `address IN (SELECT t.address FROM telemetry_station t JOIN water_object o ON o.id = t.object_id
			JOIN division_closure c ON c.descendant_id = o.division_id WHERE c.ancestor_id IN (` + list + `))`
		if q.Strays {
			inScope = "(" + inScope + " OR address NOT IN (SELECT address FROM telemetry_station))"
		}
		where = append(where, inScope)
	}
	return strings.Join(where, " AND "), args
}

const heldColumns = `SELECT id, at, reason, detail, address, function, remote, raw, replayed_at, replayed_by FROM telemetry_held`

func scanHeld(scan func(...any) error) (h Held, err error) {
	var at, function int64
	var replayed nullInt
	var raw []byte
	err = scan(&h.ID, &at, &h.Reason, &h.Detail, &h.Station, &function, &h.Remote, &raw, &replayed, &h.ReplayedBy)
	h.At, h.Function, h.Raw, h.ReplayedAt = store.Time(at), sl651.Function(function).String(), strings.ToUpper(hex.EncodeToString(raw)), store.MaybeTime(replayed)
	return h, err
}

// Quarantine lists frames that were set aside, the newest first.
func (b *Book) Quarantine(ctx context.Context, q HeldQuery) ([]Held, error) {
	where, args := q.where()
	args = append(args, bounded(q.Limit))
	list := []Held{}
	err := store.Each(ctx, b.opt.Store, heldColumns+` WHERE `+where+` ORDER BY id DESC LIMIT $`+strconv.Itoa(len(args)), func(scan func(...any) error) error {
		h, err := scanHeld(scan)
		list = append(list, h)
		return err
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("list the frames set aside: %w", err)
	}
	return list, nil
}

// CountHeld is how many frames a query finds on all pages, and how many of them were not replayed.
func (b *Book) CountHeld(ctx context.Context, q HeldQuery) (all, open int, err error) {
	q.Before = 0
	where, args := q.where()
	err = b.opt.Store.QueryRowContext(ctx, `SELECT COUNT(*), COUNT(*) - COUNT(replayed_at) FROM telemetry_held WHERE `+where, args...).Scan(&all, &open)
	if err != nil {
		return 0, 0, fmt.Errorf("count the frames set aside: %w", err)
	}
	return all, open, nil
}

// Replay has a frame that was set aside taken by the gateway, and writes down who wanted it.
func (b *Book) Replay(ctx context.Context, by audit.Actor, id int64, replay func(raw []byte) error) error {
	h, err := scanFrame(b.opt.Store.QueryRowContext(ctx, heldFrames+` WHERE id = $1`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFoundf("telemetry.held", "没有这条隔离报文", "there is no such frame")
	}
	if err != nil {
		return fmt.Errorf("read frame %d that was set aside: %w", id, err)
	}
	ids, err := b.replayOne(ctx, h, replay)
	if err != nil {
		return err
	}
	return b.markReplayed(ctx, by, h.address, ids)
}

// Prune forgets frames that were set aside, requests, pictures and texts from before an instant.
func (b *Book) Prune(ctx context.Context, before time.Time) error {
	return b.opt.Store.Write(ctx, func(tx *store.Tx) error {
		for _, query := range []string{
			`DELETE FROM telemetry_held WHERE at < $1`, `DELETE FROM telemetry_downlink WHERE at < $1`, `DELETE FROM telemetry_paper WHERE received_at < $1`,
		} {
			if _, err := tx.ExecContext(ctx, query, before.UnixMilli()); err != nil {
				return fmt.Errorf("forget what is old of field stations: %w", err)
			}
		}
		return nil
	})
}

// Begin writes down a request to a station before it is sent.
func (b *Book) Begin(ctx context.Context, r telemetry.Request, at time.Time) (id int64, err error) {
	body, err := json.Marshal(requestOf(&r))
	if err != nil {
		return 0, err
	}
	err = b.opt.Store.Write(ctx, func(tx *store.Tx) error {
		if id, err = tx.Next(ctx, "telemetry_downlink", 1); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO telemetry_downlink (id, at, address, function, request, who, why, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			id, at.UnixMilli(), r.Station.String(), int64(r.Function), string(body), r.Who, r.Why, underWay)
		return err
	})
	return id, err
}

// underWay is the state of a request that has no end yet; one that stays so was cut off by a crash.
const underWay = "under_way"

// End writes down what became of a request.
func (b *Book) End(ctx context.Context, id int64, r telemetry.Result) error {
	return b.opt.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE telemetry_downlink SET state = $1, detail = $2, tries = $3, ended_at = $4 WHERE id = $5`,
			string(r.State), r.Detail, int64(r.Tries), r.At.UnixMilli(), id)
		return err
	})
}

// request is what of a request depends on its function, as it is written down.
type request struct {
	From     *time.Time `json:"from,omitempty"`
	To       *time.Time `json:"to,omitempty"`
	Step     string     `json:"step,omitempty"`
	Elements []string   `json:"elements,omitempty"`
	Names    []string   `json:"names,omitempty"`
	Settings []setting  `json:"settings,omitempty"`
}

type setting struct {
	Parameter string `json:"parameter"`
	Value     string `json:"value"`
}

func requestOf(r *telemetry.Request) request {
	out := request{}
	if r.Function == sl651.QueryPeriod {
		from, to := r.From.UTC(), r.To.UTC()
		out.From, out.To, out.Step = &from, &to, r.Step.Duration().String()
	}
	for _, id := range r.Elements {
		out.Elements = append(out.Elements, id.String())
	}
	for _, id := range r.Names {
		out.Names = append(out.Names, id.String())
	}
	for _, s := range r.Settings {
		value := s.Value.String()
		if s.Data != nil {
			value = strings.ToUpper(hex.EncodeToString(s.Data))
		}
		out.Settings = append(out.Settings, setting{s.ID.String(), value})
	}
	return out
}

// Downlink is a request to a station and what became of it.
type Downlink struct {
	ID       int64           `json:"id"`
	At       time.Time       `json:"at"`
	Station  string          `json:"station"`
	Function string          `json:"function"`
	Request  json.RawMessage `json:"request"`
	Who      string          `json:"who"`
	Why      string          `json:"why,omitempty"`
	State    string          `json:"state" enum:"under_way,answered,no_answer,offline,unsent,given_up"`
	Detail   string          `json:"detail,omitempty"`
	Tries    int64           `json:"tries"`
	EndedAt  *time.Time      `json:"ended_at,omitempty"`
}

// Downlinks lists the requests to a station, the newest first, from before an ID; from the newest where that is 0.
func (b *Book) Downlinks(ctx context.Context, a sl651.Address, before int64, limit int) ([]Downlink, error) {
	if before <= 0 {
		before = 1<<63 - 1
	}
	list := []Downlink{}
	err := store.Each(ctx, b.opt.Store, `
		SELECT id, at, function, request, who, why, state, detail, tries, ended_at FROM telemetry_downlink
		WHERE address = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, func(scan func(...any) error) error {
		d := Downlink{Station: a.String()}
		var at, function int64
		var ended nullInt
		var body string
		if err := scan(&d.ID, &at, &function, &body, &d.Who, &d.Why, &d.State, &d.Detail, &d.Tries, &ended); err != nil {
			return err
		}
		d.At, d.Function, d.Request, d.EndedAt = store.Time(at), sl651.Function(function).String(), json.RawMessage(body), store.MaybeTime(ended)
		list = append(list, d)
		return nil
	}, a.String(), before, bounded(limit))
	if err != nil {
		return nil, fmt.Errorf("list the requests to station %s: %w", a, err)
	}
	return list, nil
}
