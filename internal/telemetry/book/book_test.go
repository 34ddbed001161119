package book_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
	"anlan/internal/telemetry"
	"anlan/internal/telemetry/book"
	"anlan/internal/telemetry/session"
	"anlan/internal/telemetry/station"

	"github.com/google/go-cmp/cmp"
)

var (
	noon  = time.Date(2026, 7, 2, 4, 0, 0, 0, time.UTC)
	gauge = sl651.Address{0x00, 0x61, 0x20, 0x08, 0x15}
)

// kindOf knows what a figure of rain, and of its counter, is.
func kindOf(code string) (string, bool) {
	kind, ok := map[string]string{"rain": "total", "rain_counter": "counter"}[code]
	if !ok {
		kind = "instant"
	}
	return kind, code != "colour"
}

// world is a book on a store with one object, and the readings that came through it.
type world struct {
	*testing.T
	db     *store.DB
	b      *book.Book
	reg    *registry.Service
	object int64
	now    time.Time

	mu       sync.Mutex // guards what is below
	observed []session.Report
	refuse   error
}

func (w *world) Observe(_ context.Context, _ *store.Tx, batch []session.Report) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse != nil {
		return w.refuse
	}
	w.observed = append(w.observed, batch...)
	return nil
}

func newWorld(t *testing.T, db *store.DB) *world {
	w := &world{T: t, db: db, now: noon}
	now := func() time.Time { return noon }
	w.reg = registry.New(db, now)
	w.b = w.newBook()
	w.write(func(tx *store.Tx) error {
		err := w.reg.AddDivisions(t.Context(), tx, []registry.NewDivision{{Code: "330600", Name: fault.T("某市", "City"), Kind: registry.Administrative, Level: "city"}})
		if err == nil {
			w.object, err = w.reg.AddObject(t.Context(), tx, registry.Program(), registry.NewWaterObject{Kind: "reservoir", Name: fault.T("甲水库", ""), Division: "330600"})
		}
		return err
	})
	return w
}

func (w *world) newBook() *book.Book {
	w.Helper()
	b := book.New(book.Options{Store: w.db, Observations: w, Quantity: kindOf, Now: func() time.Time { return w.now }})
	if err := b.Load(w.Context()); err != nil {
		w.Fatal(err)
	}
	return b
}

func (w *world) write(f func(tx *store.Tx) error) {
	w.Helper()
	if err := w.db.Write(w.Context(), f); err != nil {
		w.Fatal(err)
	}
}

func (w *world) policy() book.Policy {
	return book.Policy{
		Station: gauge.String(), Object: w.object, Mode: 2, Stay: true, Password: "12ab", Centre: 1,
		Elements: []book.Element{{Element: "39", Quantity: "level"}, {Element: "F5", Quantity: "level", Base: quantity.Some(quantity.MustParse("12.5"))}},
	}
}

func (w *world) set(p book.Policy) error {
	return w.db.Write(w.Context(), func(tx *store.Tx) error { return w.b.SetStation(w.Context(), tx, registry.Program(), p) })
}

func TestPolicies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p := w.policy()
		if err := w.set(p); err != nil {
			t.Fatal(err)
		}
		want := session.Station{
			Address: gauge, Object: strconv.FormatInt(w.object, 10), Mode: session.M2, Stay: true, Password: session.Password{0x12, 0xAB}, Centre: 1,
			Elements: map[sl651.ID]session.Element{0x39: {Quantity: "level"}, 0xF5: {Quantity: "level", Base: quantity.Some(quantity.MustParse("12.5"))}},
		}
		known := func(b *book.Book) {
			t.Helper()
			st, ok, err := b.Station(t.Context(), gauge)
			if d := cmp.Diff(want, st); d != "" || !ok || err != nil {
				t.Errorf("%v %v %s", ok, err, d)
			}
		}
		known(w.b)
		known(w.newBook())
		if err := w.set(p); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale change: %v", err)
		}
		p.Edit, p.Password, p.HourEnds, want.HourEnds = 1, "", true, true // the password stays
		if err := w.set(p); err != nil {
			t.Fatal(err)
		}
		known(w.b)
		known(w.newBook())
		list, err := w.b.Policies(t.Context(), w.object)
		if err != nil || len(list) != 1 || list[0].Password != "" || list[0].Edit != 2 || len(list[0].Elements) != 2 {
			t.Errorf("%+v, %v", list, err)
		}
		nobody := registry.Editor{May: func(int64) bool { return false }}
		err = db.Write(t.Context(), func(tx *store.Tx) error { return w.b.SetStation(t.Context(), tx, nobody, p) })
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("by one who may not: %v", err)
		}
		remove := func(by registry.Editor, edit int64) error {
			return db.Write(t.Context(), func(tx *store.Tx) error { return w.b.RemoveStation(t.Context(), tx, by, gauge, edit) })
		}
		if err := remove(nobody, 2); !fault.Is(err, fault.Forbidden) {
			t.Errorf("removed by one who may not: %v", err)
		}
		if err := remove(registry.Program(), 1); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale removal: %v", err)
		}
		if err := remove(registry.Program(), 2); err != nil {
			t.Fatal(err)
		}
		if _, ok, _ := w.b.Station(t.Context(), gauge); ok {
			t.Error("still known")
		}
		if err := remove(registry.Program(), 2); !fault.Is(err, fault.NotFound) {
			t.Errorf("removed twice: %v", err)
		}
	})
}

func TestBadPolicies(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	f := func(place string, change func(*book.Policy)) {
		t.Helper()
		p := w.policy()
		change(&p)
		err := w.set(p)
		var bad *fault.Error
		if !errors.As(err, &bad) || bad.Kind != fault.Invalid || len(bad.Fields) != 1 || bad.Fields[0].Place != place {
			t.Errorf("%s: %v", place, err)
		}
		if strings.Contains(err.Error(), "zz") {
			t.Errorf("the password is told: %v", err)
		}
	}
	f("station", func(p *book.Policy) { p.Station = "12" })
	f("object", func(p *book.Policy) { p.Object = 999 })
	f("mode", func(p *book.Policy) { p.Mode = 5 })
	f("centre", func(p *book.Policy) { p.Centre = 256 })
	f("password", func(p *book.Policy) { p.Password = "zzzz" })
	f("elements[0].element", func(p *book.Policy) { p.Elements[0].Element = "1234" })
	f("elements[1].element", func(p *book.Policy) { p.Elements[1] = p.Elements[0] })
	f("elements[0].quantity", func(p *book.Policy) { p.Elements[0].Quantity = "colour" })
	f("elements[0].quantity", func(p *book.Policy) { p.Elements[0] = book.Element{Element: "26", Quantity: "rain"} })
	f("elements[0].quantity", func(p *book.Policy) { p.Elements[0] = book.Element{Element: "1F", Quantity: "rain"} })
	f("elements[0].quantity", func(p *book.Policy) { p.Elements[0] = book.Element{Element: "22", Quantity: "rain_counter"} })
	f("elements[1].base", func(p *book.Policy) { p.Elements[1].Base = quantity.Null{} })
}

// reported is a report of the gauge.
func (w *world) reported(n byte, change func(*session.Report)) session.Report {
	r := session.Report{
		Key: session.Key{n}, Station: gauge, Object: strconv.FormatInt(w.object, 10), Remote: "192.0.2.1:5000", Function: sl651.TimedReport, Sent: noon, Received: noon.Add(time.Second),
	}
	if change != nil {
		change(&r)
	}
	return r
}

func TestAccept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		if err := w.set(w.policy()); err != nil {
			t.Fatal(err)
		}
		status := sl651.BatteryLow
		picture := bytes.Repeat([]byte{0xFF, 0xD8, 0}, 1000)
		batch := []session.Report{
			w.reported(1, func(r *session.Report) { r.Status = &status }),
			w.reported(2, func(r *session.Report) { r.Function, r.Picture = sl651.PictureReport, picture }),
			w.reported(3, func(r *session.Report) { r.Function, r.Text = sl651.TextReport, "水位 12" }),
			w.reported(4, func(r *session.Report) { r.Function, r.Text = sl651.QueryVersion, "V1" }),
			w.reported(5, func(r *session.Report) { r.Unmapped = []sl651.ID{0x27, 0xF5} }),
		}
		w.refuse = fault.Invalidf("x", "不", "no")
		if err := w.b.Accept(t.Context(), batch); !fault.Is(err, fault.Invalid) {
			t.Fatalf("refused readings: %v", err)
		}
		if list, err := w.b.Papers(t.Context(), gauge, time.Time{}, 0); err != nil || len(list) != 0 {
			t.Fatalf("%+v, %v", list, err)
		}
		w.refuse = nil
		for range 2 { // it comes twice
			if err := w.b.Accept(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
		}
		list, err := w.b.Papers(t.Context(), gauge, time.Time{}, 0)
		if err != nil || len(list) != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		for _, p := range list {
			body, media, err := w.b.PaperBody(t.Context(), gauge, p.Message)
			if want := map[string]string{"image/jpeg": string(picture), "text/plain": "水位 12"}[media]; err != nil || string(body) != want || p.Size != int64(len(want)) || p.Object != w.object {
				t.Errorf("%+v: %d bytes of %s, %v", p, len(body), media, err)
			}
		}
		if _, _, err := w.b.PaperBody(t.Context(), gauge, "x"); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
		sent, first := noon, noon.Add(time.Second)
		want := []book.Health{{
			Station: gauge.String(), Object: w.object, First: &first, Received: noon.Add(time.Second), Sent: &sent, Remote: "192.0.2.1:5000", Messages: 10, Status: &status, Unmapped: []string{"27", "F5"},
			ReportMinutes: 60, Day: time.Date(2026, 7, 2, 0, 0, 0, 0, time.UTC), Today: book.Arrival{Reports: 4, Hours: 1 << 4},
		}}
		if d := cmp.Diff(want, w.b.Health()); d != "" {
			t.Error(d)
		}
		for range 2 {
			if err := w.b.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if d := cmp.Diff(want, w.newBook().Health()); d != "" {
			t.Errorf("after a restart: %s", d)
		}
		if err := w.b.Prune(t.Context(), noon.Add(time.Hour)); err != nil {
			t.Error(err)
		}
		if list, err = w.b.Papers(t.Context(), gauge, time.Time{}, 0); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestQuarantine(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		var held []session.Held
		for i := range 5 {
			held = append(held, session.Held{
				Reason: session.UnknownStation, Detail: "x", Station: sl651.Address{4: byte(i % 2)}, Function: sl651.TimedReport, Remote: "192.0.2.1:1",
				At: noon.Add(time.Duration(i) * time.Hour), Raw: []byte{0x7E, byte(i)},
			})
		}
		held[4].Reason, held[4].Raw = session.Undecodable, nil
		if err := w.b.Keep(t.Context(), held[:2]); err != nil {
			t.Fatal(err)
		}
		if err := w.b.Keep(t.Context(), held[2:]); err != nil {
			t.Fatal(err)
		}
		ids := func(q book.HeldQuery) (out []int64) {
			t.Helper()
			list, err := w.b.Quarantine(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range list {
				out = append(out, h.ID)
			}
			return out
		}
		all := ids(book.HeldQuery{})
		f := func(q book.HeldQuery, want ...int64) {
			t.Helper()
			if d := cmp.Diff(want, ids(q)); d != "" {
				t.Errorf("%+v: %s", q, d)
			}
		}
		if len(all) != 5 {
			t.Fatalf("%v", all)
		}
		f(book.HeldQuery{Limit: 2}, all[0], all[1])
		f(book.HeldQuery{Before: all[1], Limit: 2}, all[2], all[3])
		f(book.HeldQuery{Reason: session.Undecodable}, all[0])
		f(book.HeldQuery{Text: "00001"}, all[1], all[3])
		f(book.HeldQuery{Text: "192.0.2.1", Since: noon.Add(2 * time.Hour), Until: noon.Add(3 * time.Hour)}, all[1], all[2])
		f(book.HeldQuery{Text: "%"})
		f(book.HeldQuery{Scopes: []int64{1}}) // none of the stations is registered
		f(book.HeldQuery{Scopes: []int64{1}, Strays: true}, all...)
		if n, open, err := w.b.CountHeld(t.Context(), book.HeldQuery{Text: "00001", Before: 1}); n != 2 || open != 2 || err != nil {
			t.Errorf("%d, %d open, %v", n, open, err)
		}
		f(book.HeldQuery{Station: sl651.Address{4: 1}}, all[1], all[3])
		var got []byte
		take := func(raw []byte) error { got = raw; return nil }
		by := registry.Program().Actor
		if err := w.b.Replay(t.Context(), by, all[3], take); err != nil || !bytes.Equal(got, []byte{0x7E, 1}) {
			t.Errorf("%X, %v", got, err)
		}
		f(book.HeldQuery{Open: true, Station: sl651.Address{4: 1}}, all[1])
		refused := errors.New("still unknown")
		if err := w.b.Replay(t.Context(), by, all[1], func([]byte) error { return refused }); !errors.Is(err, refused) {
			t.Error(err)
		}
		f(book.HeldQuery{Open: true, Station: sl651.Address{4: 1}}, all[1])
		if err := w.b.Replay(t.Context(), by, 999, take); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
		if err := w.b.Prune(t.Context(), noon.Add(90*time.Minute)); err != nil {
			t.Error(err)
		}
		f(book.HeldQuery{}, all[:3]...)
	})
}

func TestDownlinks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		begin := func(r telemetry.Request) int64 {
			t.Helper()
			r.Station, r.Who, r.Why = gauge, "duty officer", "a flood"
			id, err := w.b.Begin(t.Context(), r, noon)
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		first := begin(telemetry.Request{Function: sl651.QueryPeriod, From: noon.Add(-time.Hour), To: noon, Step: sl651.Step{Hours: 1}, Elements: []sl651.ID{0x39}})
		second := begin(telemetry.Request{Function: sl651.WriteRunning, Settings: []telemetry.Setting{{ID: 0x28, Value: quantity.Some(quantity.Int(3))}}})
		if err := w.b.End(t.Context(), first, telemetry.Result{State: telemetry.NoAnswer, Detail: "d", At: noon.Add(time.Minute), Tries: 3}); err != nil {
			t.Fatal(err)
		}
		ended := noon.Add(time.Minute)
		want := []book.Downlink{
			{ID: second, At: noon, Station: gauge.String(), Function: "42", Request: json.RawMessage(`{"settings":[{"parameter":"28","value":"3"}]}`), Who: "duty officer", Why: "a flood", State: "under_way"},
			{ID: first, At: noon, Station: gauge.String(), Function: "38", Request: json.RawMessage(`{"from":"2026-07-02T03:00:00Z","to":"2026-07-02T04:00:00Z","step":"1h0m0s","elements":["39"]}`), Who: "duty officer", Why: "a flood", State: "no_answer", Detail: "d", Tries: 3, EndedAt: &ended},
		}
		list, err := w.b.Downlinks(t.Context(), gauge, 0, 0)
		if d := cmp.Diff(want, list); d != "" || err != nil {
			t.Errorf("%v %s", err, d)
		}
		if list, err = w.b.Downlinks(t.Context(), gauge, second, 1); err != nil || len(list) != 1 || list[0].ID != first {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// TestWithGateway: a station sends before it is known, is registered, replayed, goes on, and is asked; all of it is in the book.
func TestWithGateway(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		g := telemetry.New(telemetry.Options{Sink: w.b, Stations: w.b, Quarantine: w.b, Journal: w.b, Now: time.Now})
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		served := make(chan error, 1)
		go func() { served <- g.ServeTCP(l) }()
		play := func(ctx context.Context, mode station.Mode, rounds int) station.Stats {
			t.Helper()
			rows := []station.Row{{At: noon, Values: []sl651.Observation{{Element: 0x39, Value: sl651.Of(12345, 3)}}, Picture: []byte("\xFF\xD8 picture")}}
			sum, err := station.Run(ctx, []*station.Station{station.New(station.Config{
				Station: gauge, Password: [2]byte{0x12, 0xAB}, Mode: mode, Clock: station.NewClock(noon, math.Inf(1)), Feed: station.Play(rows), Rounds: rounds,
				Answer: 200 * time.Millisecond, Retry: time.Millisecond,
				Dial: func(ctx context.Context) (net.Conn, error) {
					var d net.Dialer
					return d.DialContext(ctx, "tcp", l.Addr().String())
				},
			})})
			if err != nil && ctx.Err() == nil {
				t.Error(err)
			}
			return sum
		}
		if sum := play(t.Context(), station.M2, 1); sum.Confirmed != 0 {
			t.Errorf("confirmed by nobody: %+v", sum)
		}
		held, err := w.b.Quarantine(t.Context(), book.HeldQuery{Station: gauge, Reason: session.UnknownStation})
		if err != nil || len(held) == 0 {
			t.Fatalf("%+v, %v", held, err)
		}
		if raw, _ := hex.DecodeString(held[len(held)-1].Raw); bytes.Contains(raw, []byte{0x12, 0xAB}) {
			t.Errorf("the password is in %X", raw)
		}
		if err := w.set(w.policy()); err != nil {
			t.Fatal(err)
		}
		if err := w.b.Replay(t.Context(), registry.Program().Actor, held[len(held)-1].ID, g.Replay); err != nil {
			t.Error(err)
		}
		if sum := play(t.Context(), station.M2, 0); sum.Confirmed != 2 {
			t.Errorf("%+v", sum)
		}
		papers, err := w.b.Papers(t.Context(), gauge, time.Time{}, 0)
		if err != nil || len(papers) != 1 || len(w.observed) != 2 { // the replayed report is the one that came again
			t.Errorf("%d papers, %d reports, %v", len(papers), len(w.observed), err)
		}
		await := func(done func() bool) {
			for !done() && t.Context().Err() == nil {
				pause, stop := context.WithTimeout(t.Context(), time.Millisecond)
				<-pause.Done()
				stop()
			}
		}
		await(func() bool { return g.Stats().Sessions == 0 }) // the one that has gone
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			play(ctx, station.M4, 0)
		}()
		await(func() bool { return len(g.Online()) == 1 })
		if _, err := g.Ask(t.Context(), telemetry.Request{Station: gauge, Function: sl651.QueryVersion, Who: "duty officer"}); err != nil {
			t.Error(err)
		}
		cancel()
		<-done
		asked, err := w.b.Downlinks(t.Context(), gauge, 0, 1)
		if err != nil || len(asked) != 1 || asked[0].State != "answered" {
			t.Errorf("%+v, %v", asked, err)
		}
		if err := g.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}

// TestArrivalByDay: reports are counted by hydrological day, the day before is kept, and one that was missed is not.
func TestArrivalByDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.write(func(tx *store.Tx) error {
			return w.b.SetStation(t.Context(), tx, registry.Program(), book.Policy{Station: gauge.String(), Object: w.object, Mode: 2, AnyPassword: true, ReportMinutes: 30})
		})
		send := func(at time.Time, fc sl651.Function) {
			w.now = at
			err := w.b.Accept(t.Context(), []session.Report{{Station: gauge, Object: strconv.FormatInt(w.object, 10), Function: fc, Received: at}})
			if err != nil {
				t.Fatal(err)
			}
		}
		day := time.Date(2026, 7, 2, 0, 0, 0, 0, time.UTC) // 08:00 in Beijing
		send(day, sl651.TimedReport)
		send(day.Add(time.Hour), sl651.HourlyReport)
		send(day.Add(90*time.Minute), sl651.AddedReport)
		send(day.Add(24*time.Hour), sl651.TimedReport)
		send(day.Add(23*time.Hour), sl651.TimedReport) // the machine's clock went back: of no day that is still open
		if err := w.b.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		for name, b := range map[string]*book.Book{"in memory": w.b, "after a restart": w.newBook()} {
			h := b.Health()[0]
			if h.ReportMinutes != 30 || !h.Day.Equal(day.Add(24*time.Hour)) || h.Today != (book.Arrival{Reports: 2, Hours: 1}) || h.Before != (book.Arrival{Reports: 2, Hours: 3}) {
				t.Errorf("%s: %+v", name, h)
			}
		}
		w.now = day.Add(100 * time.Hour)
		if h := w.b.Health()[0]; h.Today != (book.Arrival{}) || h.Before != (book.Arrival{}) {
			t.Errorf("two silent days later: %+v", h)
		}
	})
}

// TestTwoProcessesHear: what two processes hear of the same station is written down as one, and each tells it after a while.
func TestTwoProcessesHear(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.write(func(tx *store.Tx) error {
			return w.b.SetStation(t.Context(), tx, registry.Program(), book.Policy{Station: gauge.String(), Object: w.object, Mode: 2, AnyPassword: true})
		})
		other := w.newBook()
		day := time.Date(2026, 7, 2, 0, 0, 0, 0, time.UTC)
		hear := func(b *book.Book, at time.Time, remote string) {
			t.Helper()
			w.now = at
			err := b.Accept(t.Context(), []session.Report{{Station: gauge, Object: strconv.FormatInt(w.object, 10), Function: sl651.TimedReport, Received: at, Remote: remote}})
			if err != nil {
				t.Fatal(err)
			}
		}
		flush := func(books ...*book.Book) {
			t.Helper()
			for _, b := range books {
				if err := b.Flush(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		hear(w.b, day.Add(22*time.Hour), "a")
		hear(other, day.Add(23*time.Hour), "b")
		flush(w.b)
		hear(w.b, day.Add(24*time.Hour), "c") // of the next day
		flush(w.b, other)                     // which knows of the day before only
		hear(other, day.Add(25*time.Hour), "d")
		flush(other)
		for name, b := range map[string]*book.Book{"one": w.b, "other": other} {
			if err := b.Load(t.Context()); err != nil {
				t.Fatal(err)
			}
			h := b.Health()[0]
			want := book.Arrival{Reports: 2, Hours: 3}
			if h.Messages != 4 || h.Remote != "d" || !h.Day.Equal(day.AddDate(0, 0, 1)) || h.Today != want || h.Before != (book.Arrival{Reports: 2, Hours: 3 << 22}) {
				t.Errorf("%s: %+v", name, h)
			}
		}
	})
}

// TestHealthIsNotLost: what could not be written down is written the next time, once.
func TestHealthIsNotLost(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.write(func(tx *store.Tx) error {
			return w.b.SetStation(t.Context(), tx, registry.Program(), book.Policy{Station: gauge.String(), Object: w.object, Mode: 2, AnyPassword: true})
		})
		hear := func(at time.Time) {
			t.Helper()
			if err := w.b.Accept(t.Context(), []session.Report{{Station: gauge, Object: strconv.FormatInt(w.object, 10), Function: sl651.TimedReport, Received: at}}); err != nil {
				t.Fatal(err)
			}
		}
		hear(noon)
		away, cancel := context.WithCancel(t.Context())
		cancel()
		if err := w.b.Flush(away); err == nil {
			t.Error("written down without a store")
		}
		hear(noon.Add(time.Hour))
		for range 2 {
			if err := w.b.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		w.now = noon.Add(time.Hour)
		for name, b := range map[string]*book.Book{"in memory": w.b, "after a restart": w.newBook()} {
			if h := b.Health()[0]; h.Messages != 2 || h.Today.Reports != 2 || !h.Received.Equal(noon.Add(time.Hour)) {
				t.Errorf("%s: %+v", name, h)
			}
		}
	})
}
