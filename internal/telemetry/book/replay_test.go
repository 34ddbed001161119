package book_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/registry"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
	"anlan/internal/telemetry"
	"anlan/internal/telemetry/book"
	"anlan/internal/telemetry/session"
)

// aside sets frames aside, a second apart.
func (w *world) aside(held ...session.Held) {
	w.Helper()
	for i := range held {
		if held[i].At.IsZero() {
			held[i].At = noon.Add(time.Duration(i) * time.Second)
		}
	}
	if err := w.b.Keep(w.Context(), held); err != nil {
		w.Fatal(err)
	}
}

// reasons counts the frames that are there by why they were set aside.
func (w *world) reasons(q book.HeldQuery) map[string]int {
	w.Helper()
	list, err := w.b.Quarantine(w.Context(), q)
	if err != nil {
		w.Fatal(err)
	}
	out := map[string]int{}
	for _, h := range list {
		out[h.Reason]++
	}
	return out
}

// TestReplayOfPackets: packets of a message that were set aside one by one are replayed together, whichever of them is asked for, and none of
// another message.
func TestReplayOfPackets(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		s := &sl651.Sender{Centre: 1, Station: gauge, Class: sl651.River}
		var held []session.Held
		for picture := range 2 {
			at := sl651.StampOf(noon)
			if err := s.Picture(at, at, bytes.Repeat([]byte{byte(picture)}, 500), 200, func(p []byte) error {
				held = append(held, session.Held{Reason: session.UnknownStation, Station: gauge, Function: sl651.PictureReport, Remote: "192.0.2.1:7", Raw: bytes.Clone(p)})
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		other := held[1] // the same packet of somebody else
		other.Remote = "192.0.2.9:7"
		w.aside(append(slices.Clone(held), other)...)
		list, err := w.b.Quarantine(t.Context(), book.HeldQuery{})
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(list)
		n := len(held) / 2
		for i, want := range [][]session.Held{held[:n], held[n:]} {
			var whole, got []byte
			for _, h := range want {
				whole = append(whole, h.Raw...)
			}
			err := w.b.Replay(t.Context(), registry.Program().Actor, list[i*n+1].ID, func(raw []byte) error { got = raw; return nil })
			if err != nil || !bytes.Equal(got, whole) {
				t.Errorf("message %d: %d bytes of %d, %v", i, len(got), len(whole), err)
			}
			if left := w.reasons(book.HeldQuery{Open: true}); left["unknown_station"] != len(held)+1-(i+1)*n {
				t.Errorf("message %d: %v are left", i, left)
			}
		}
	})
}

// TestReplayOfAStation: all of a station is replayed, the oldest first, each message once; what cannot be taken stays.
func TestReplayOfAStation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		var held []session.Held
		for i := range 250 {
			held = append(held, session.Held{Reason: session.UnknownStation, Station: gauge, Function: sl651.TimedReport, Raw: []byte{byte(i)}})
		}
		held[3].Reason, held[4].Reason = session.Tested, session.WrongPassword
		w.aside(held...)
		w.aside(session.Held{Reason: session.UnknownStation, Station: sl651.Address{1}, Raw: []byte{0xFF}})
		var order []byte
		take := func(raw []byte) error {
			if raw[0] == 7 {
				return fault.Invalidf("test", "不可", "never")
			}
			order = append(order, raw...)
			return nil
		}
		by := registry.Program().Actor
		got, err := w.b.ReplayStation(t.Context(), by, gauge, take, session.UnknownStation)
		if err != nil || got.Taken != 247 || got.Left != 1 || got.Why.En != "never" || !slices.IsSorted(order) || len(order) != 247 {
			t.Errorf("%+v, %v: %v", got, err, order)
		}
		got, err = w.b.ReplayStation(t.Context(), by, gauge, take)
		if err != nil || got.Taken != 1 || got.Left != 1 {
			t.Errorf("again: %+v, %v", got, err)
		}
		if left := w.reasons(book.HeldQuery{Open: true}); left["unknown_station"] != 2 || left["test"] != 1 || left["wrong_password"] != 0 {
			t.Errorf("left: %v", left)
		}
	})
}

// TestRemap: elements that a policy did not name are there as soon as it names them, though the station was confirmed long ago.
func TestRemap(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p := w.policy()
		p.Elements = p.Elements[1:] // no level
		if err := w.set(p); err != nil {
			t.Fatal(err)
		}
		g := telemetry.New(telemetry.Options{Sink: w.b, Stations: w.b, Quarantine: w.b, Now: time.Now})
		defer g.Close(t.Context()) //nolint:errcheck // nothing is under way
		s := &sl651.Sender{Centre: 1, Station: gauge, Class: sl651.River, Password: [2]byte{0x12, 0xAB}}
		at := sl651.StampOf(noon)
		raw, err := s.Report(nil, sl651.TimedReport, at, at, []sl651.Observation{{Element: 0x39, Value: sl651.Of(12345, 3)}, {Element: 0x20, Value: sl651.Of(5, 1)}})
		if err != nil {
			t.Fatal(err)
		}
		w.aside(session.Held{Reason: session.Unmapped, Station: gauge, Function: sl651.TimedReport, Raw: raw})
		remap := func(reports int, open int) {
			t.Helper()
			if err := w.b.Remap(t.Context(), g.Replay); err != nil {
				t.Error(err)
			}
			if left := w.reasons(book.HeldQuery{Open: true}); len(w.observed) != reports || left["unmapped"] != open {
				t.Errorf("%d reports, open %v; want %d, %d", len(w.observed), left, reports, open)
			}
		}
		remap(0, 1) // the policy is as it was
		w.now = noon.Add(time.Hour)
		p.Edit, p.Elements = 1, append(p.Elements, book.Element{Element: "39", Quantity: "level"})
		if err := w.set(p); err != nil {
			t.Fatal(err)
		}
		remap(1, 1) // the level is taken, and the rain is still without a quantity
		remap(1, 1)
		if r := w.observed[0]; len(r.Readings) != 1 || r.Readings[0].Value.String() != "12.345" || w.b.Health()[0].Messages != 0 {
			t.Errorf("%+v", r)
		}
		p.Edit, p.Elements = 2, append(p.Elements, book.Element{Element: "20", Quantity: session.Ignored})
		if err := w.set(p); err != nil {
			t.Fatal(err)
		}
		remap(2, 0) // nobody wants it, and nothing is set aside for it
		if r := w.observed[1]; len(r.Readings) != 1 || len(r.Unmapped) != 0 {
			t.Errorf("%+v", r)
		}
	})
}

// TestRemapOfStationEnteredAgain: a station that was taken out and entered again has its frames tried by its new policy too.
func TestRemapOfStationEnteredAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		tried := 0
		remap := func(later time.Duration, edit int64, elements []book.Element) {
			t.Helper()
			w.now = noon.Add(later)
			p := w.policy()
			p.Edit, p.Elements = edit, elements
			err := w.set(p)
			if err == nil {
				err = w.b.Remap(t.Context(), func([]byte) error { tried++; return fault.Invalidf("still", "仍不可用", "still not") })
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		all := w.policy().Elements
		if err := w.set(w.policy()); err != nil {
			t.Fatal(err)
		}
		w.aside(session.Held{Reason: session.Unmapped, Station: gauge, Function: sl651.TimedReport, Raw: []byte{1}})
		remap(time.Hour, 1, all[1:])
		if err := db.Write(t.Context(), func(tx *store.Tx) error { return w.b.RemoveStation(t.Context(), tx, registry.Program(), gauge, 2) }); err != nil {
			t.Fatal(err)
		}
		remap(2*time.Hour, 0, all)
		if tried != 2 {
			t.Errorf("tried %d times, want once for each policy", tried)
		}
	})
}

// TestQuarantineIsBounded: frames of strangers, which anybody can make up, make place for others, and those of known stations stay longest.
func TestQuarantineIsBounded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		now := noon
		w.b = book.New(book.Options{Store: db, Observations: w, Now: func() time.Time { return now }, HeldRows: 10, HeldBytes: 100})
		if err := w.b.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		some := func(n int, why session.Reason, bytes int) (out []session.Held) {
			for range n {
				out = append(out, session.Held{Reason: why, Station: gauge, Raw: make([]byte, bytes)})
			}
			return out
		}
		w.aside(some(3, session.Unmapped, 1)...)
		w.aside(some(6, session.UnknownStation, 1)...)
		if _, full := w.b.Full(); full {
			t.Error("it is said to be full")
		}
		for range 20 {
			w.aside(some(2, session.UnknownStation, 1)...)
		}
		if n := w.reasons(book.HeldQuery{}); n["unmapped"] != 3 || n["unknown_station"] > 7 || n["unknown_station"] < 5 {
			t.Errorf("%v", n)
		}
		if dropped, full := w.b.Full(); !full || dropped < 39 {
			t.Errorf("%d dropped, %v", dropped, full)
		}
		now = now.Add(2 * time.Hour)
		if _, full := w.b.Full(); full {
			t.Error("it is full for ever")
		}
		w.aside(some(1, session.Unmapped, 98)...)
		if n := w.reasons(book.HeldQuery{}); n["unknown_station"] != 0 || n["unmapped"] < 2 {
			t.Errorf("by bytes: %v", n)
		}
	})
}
