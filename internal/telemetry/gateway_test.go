package telemetry_test

import (
	"bytes"
	"context"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"anlan/internal/fault"
	"anlan/internal/sl651"
	"anlan/internal/telemetry"
	"anlan/internal/telemetry/session"
)

func TestConfirmedAfterCommit(t *testing.T) {
	b := newBureau()
	s := b.register(1)
	b.gate = make(chan struct{})
	w := dial(t, listen(t, gateway(t, b, telemetry.Limits{})))
	w.say(timed(t, s))
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		w.confirmed(sl651.TimedReport, 1)
		if n, _ := b.counts(); n != 1 {
			t.Errorf("confirmed with %d reports kept", n)
		}
	}()
	b.gate <- struct{}{}
	<-heard
}

func TestStoreAway(t *testing.T) {
	b := newBureau()
	s := b.register(1)
	g := gateway(t, b, telemetry.Limits{})
	w := dial(t, listen(t, g))
	frame := timed(t, s)
	b.set(func() { b.away = true })
	w.say(frame)
	await(t, func() bool { return g.Stats().FailedCommits == 1 })
	if g.Stats().LastFailure == "" {
		t.Error("the failure is not told")
	}
	b.set(func() { b.away = false })
	w.say(frame) // the station sends again, since it was not confirmed
	w.confirmed(sl651.TimedReport, 1)
	if s := g.Stats(); s.LastFailure != "" || s.Commits != 1 || s.Duplicates != 0 {
		t.Errorf("%+v", s)
	}
}

// await waits for what another goroutine does, looking as often as it can.
func await(t testing.TB, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !done() {
		if ctx.Err() != nil {
			t.Fatal("it does not happen")
		}
		// Another goroutine has the machine meanwhile.
		c, stop := context.WithTimeout(ctx, time.Millisecond)
		<-c.Done()
		stop()
	}
}

// TestGroupCommit: what comes while a commit is under way goes into the next one together.
func TestGroupCommit(t *testing.T) {
	b := newBureau()
	b.gate = make(chan struct{})
	g := gateway(t, b, telemetry.Limits{BatchRows: 100})
	addr := listen(t, g)
	const n = 40
	var all sync.WaitGroup
	for i := range n {
		s := b.register(i + 1)
		frame := timed(t, s)
		w := dial(t, addr)
		all.Go(func() {
			w.say(frame)
			w.confirmed(sl651.TimedReport, 1)
		})
	}
	await(t, func() bool { return g.Stats().Reports == n })
	close(b.gate)
	all.Wait()
	if len(b.batches) > 10 || len(b.batches) < 2 { // three rows a report, so that at least two are needed
		t.Errorf("%d commits of %v reports", len(b.batches), b.batches)
	}
}

// TestRefusedByTheSink: one report that can never be kept is found among others, set aside and confirmed; the others are kept.
func TestRefusedByTheSink(t *testing.T) {
	b := newBureau()
	bad := address(7)
	b.invalid = func(r session.Report) bool { return r.Station == bad }
	b.gate = make(chan struct{})
	g := gateway(t, b, telemetry.Limits{})
	addr := listen(t, g)
	var all sync.WaitGroup
	for i := range 20 {
		frame := timed(t, b.register(i+1))
		w := dial(t, addr)
		all.Go(func() {
			w.say(frame)
			w.confirmed(sl651.TimedReport, 1)
		})
	}
	await(t, func() bool { return g.Stats().Reports == 20 })
	close(b.gate)
	all.Wait()
	if len(b.reports) != 19 || len(b.held) != 1 || b.held[0].Station != bad || b.held[0].Reason != session.Refused {
		t.Errorf("%d kept, set aside %+v", len(b.reports), b.held)
	}
	for k, n := range b.kept {
		if n != 1 {
			t.Errorf("%v was kept %d times", k, n)
		}
	}
}

// TestBugInTheSink: a report that makes the sink panic is set aside like one that is refused, and the gateway lives on.
func TestBugInTheSink(t *testing.T) {
	b := newBureau()
	b.invalid = func(r session.Report) bool {
		if r.Station == address(7) {
			panic("a bug")
		}
		return false
	}
	g := gateway(t, b, telemetry.Limits{})
	addr := listen(t, g)
	var all sync.WaitGroup
	for i := range 10 {
		frame := timed(t, b.register(i+1))
		w := dial(t, addr)
		all.Go(func() {
			w.say(frame)
			w.confirmed(sl651.TimedReport, 1)
		})
	}
	all.Wait()
	if n, held := b.counts(); n != 9 || held != 1 || g.Stats().Panics == 0 {
		t.Errorf("%d kept, %d set aside, %+v", n, held, g.Stats())
	}
}

// TestBugInASession: the peer that runs into it is let go of, others go on, and what it sent is new when it comes again.
func TestBugInASession(t *testing.T) {
	b := newBureau()
	s := b.register(1)
	unwell := true
	b.unwell = func(a sl651.Address) bool { return unwell && a == address(2) }
	g := gateway(t, b, telemetry.Limits{})
	addr := listen(t, g)
	w := dial(t, addr)
	frame := timed(t, s)
	w.say(slices.Concat(frame, timed(t, b.register(2))))
	w.gone()
	b.set(func() { unwell = false })
	w = dial(t, addr)
	w.say(frame)
	w.confirmed(sl651.TimedReport, 1)
	if n, _ := b.counts(); n != 1 || g.Stats().Panics != 1 {
		t.Errorf("%d kept, %+v", n, g.Stats())
	}
}

// TestRegisterAway: where it cannot be asked who a station is, it is not answered, and nothing is set aside.
func TestRegisterAway(t *testing.T) {
	b := newBureau()
	s := b.register(1)
	b.blind = true
	g := gateway(t, b, telemetry.Limits{})
	w := dial(t, listen(t, g))
	frame := timed(t, s)
	w.say(frame)
	await(t, func() bool { return g.Stats().Unknowable == 1 })
	if g.Stats().LastFailure == "" {
		t.Error("the failure is not told")
	}
	b.set(func() { b.blind = false })
	w.say(frame)
	w.confirmed(sl651.TimedReport, 1)
	if n, held := b.counts(); n != 1 || held != 0 || g.Stats().LastFailure != "" {
		t.Errorf("%d kept, %d set aside, %+v", n, held, g.Stats())
	}
}

func TestDuplicatesOverConnections(t *testing.T) {
	b := newBureau()
	s := b.register(1)
	b.gate = make(chan struct{})
	g := gateway(t, b, telemetry.Limits{})
	addr := listen(t, g)
	frame := timed(t, s)
	first, second := dial(t, addr), dial(t, addr)
	first.say(frame)
	second.say(slices.Concat(frame, frame))
	await(t, func() bool { s := g.Stats(); return s.Reports == 1 && s.Duplicates == 2 })
	close(b.gate)
	first.confirmed(sl651.TimedReport, 1)
	second.confirmed(sl651.TimedReport, 1)
	second.confirmed(sl651.TimedReport, 1)
	if n, _ := b.counts(); n != 1 {
		t.Errorf("%d kept", n)
	}
}

func TestPictureOverTCP(t *testing.T) {
	b := newBureau()
	s := b.register(1)
	g := gateway(t, b, telemetry.Limits{})
	w := dial(t, listen(t, g))
	jpeg := bytes.Repeat([]byte("\xFF\xD8\x7E\x7E picture"), 500)
	var packets [][]byte
	if err := s.Picture(sl651.StampOf(noon), sl651.StampOf(noon), jpeg, 1000, func(p []byte) error {
		packets = append(packets, bytes.Clone(p))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i, p := range packets {
		if i != 3 {
			w.say(p)
		}
	}
	if f, _ := w.hear(); f.End != sl651.NAK || f.Sequence != 4 {
		t.Fatalf("%s %d", sl651.Control(f.End), f.Sequence)
	}
	var f sl651.Frame
	if _, err := f.Parse(packets[3]); err != nil {
		t.Fatal(err)
	}
	f.End = sl651.ETX
	again, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	w.say(again)
	w.confirmed(sl651.PictureReport, 1)
	if !bytes.Equal(b.reports[0].Picture, jpeg) {
		t.Errorf("%d bytes of %d", len(b.reports[0].Picture), len(jpeg))
	}
	w.Close() //nolint:errcheck // it is the test's
	await(t, func() bool { s := g.Stats(); return s.Sessions == 0 && s.PacketBytes == 0 && s.Stations == 0 })
}

func TestUDP(t *testing.T) {
	b := newBureau()
	s, other, more := b.register(1), b.register(2), b.register(3)
	stranger := &sl651.Sender{Station: address(99)}
	g := gateway(t, b, telemetry.Limits{PerAddress: 2})
	peer, end := datagrams(t, g)
	w := peer()
	frame := timed(t, s)
	w.say([]byte("\x7E\x7E\x01half"), timed(t, stranger), frame, frame)
	w.confirmed(sl651.TimedReport, 1)
	w.confirmed(sl651.TimedReport, 1)
	if n, held := b.counts(); n != 1 || held != 1 {
		t.Errorf("%d kept, %d set aside", n, held)
	}
	second := peer()
	second.say(timed(t, other))
	second.confirmed(sl651.TimedReport, 1)
	third := peer() // beyond the limit
	third.say(timed(t, more))
	await(t, func() bool { return g.Stats().RefusedSessions == 1 })
	end()
	if s := g.Stats(); s.Sessions != 0 || s.Stations != 0 {
		t.Errorf("%+v", s)
	}
}

// TestDatagramsOfNobody: what anybody sends from anywhere takes up no session, and stations are served beside it.
func TestDatagramsOfNobody(t *testing.T) {
	b := newBureau()
	s := b.register(1)
	stranger := &sl651.Sender{Station: address(99)}
	g := gateway(t, b, telemetry.Limits{PerAddress: 2, Sessions: 2})
	peer, end := datagrams(t, g)
	for range 20 {
		w := peer()
		w.say([]byte{0x7E})
		w.say(timed(t, stranger))
	}
	w := peer()
	w.say(timed(t, s))
	w.confirmed(sl651.TimedReport, 1)
	if st := g.Stats(); st.Sessions != 1 || st.RefusedSessions != 0 || st.Stations != 1 {
		t.Errorf("%+v", st)
	}
	end()
}

// TestStationThatMoves: a carrier gives a station another port with each message; the ports that it left take up no room, while a port by
// which others speak stays.
func TestStationThatMoves(t *testing.T) {
	b := newBureau()
	s, other := b.register(1), b.register(2)
	g := gateway(t, b, telemetry.Limits{PerAddress: 3})
	peer, end := datagrams(t, g)
	shared := peer()
	shared.say(timed(t, s), timed(t, other))
	shared.confirmed(sl651.TimedReport, 1)
	shared.confirmed(sl651.TimedReport, 1)
	for k := range 10 {
		w := peer()
		w.say(timed(t, s))
		w.confirmed(sl651.TimedReport, uint16(k+2))
	}
	if st := g.Stats(); st.Sessions != 2 || st.Stations != 2 || st.RefusedSessions != 0 {
		t.Errorf("%+v", st)
	}
	for _, p := range g.Online() {
		if p.Station == other.Station && p.Remote != shared.LocalAddr().String() {
			t.Errorf("the other station is reached by %s", p.Remote)
		}
	}
	end()
}

// TestGuessedPasswords: who tries many passwords of a station is not told the right one; another address, and another station, are answered.
func TestGuessedPasswords(t *testing.T) {
	b := newBureau()
	s, other := b.register(1), b.register(2)
	g := gateway(t, b, telemetry.Limits{})
	addr := listen(t, g)
	w := dial(t, addr)
	right := s.Password
	b.set(func() {
		for a, st := range b.stations {
			st.AnyPassword = false
			b.stations[a] = st
		}
	})
	for i := range 60 {
		s.Password = [2]byte{right[0] ^ 0xFF, byte(i)}
		w.say(timed(t, s))
	}
	s.Password = right
	w.say(timed(t, s), timed(t, other))
	w.confirmed(sl651.TimedReport, 1) // of the other
	if n, _ := b.counts(); n != 1 {
		t.Errorf("%d reports kept", n)
	}
}

func TestLimitOfSessions(t *testing.T) {
	b := newBureau()
	g := gateway(t, b, telemetry.Limits{PerAddress: 2, Sessions: 3})
	addr := listen(t, g)
	first, _ := dial(t, addr), dial(t, addr)
	await(t, func() bool { return g.Stats().Sessions == 2 })
	dial(t, addr).gone()
	first.Close() //nolint:errcheck // it is the test's
	await(t, func() bool { return g.Stats().Sessions == 1 })
	s := b.register(1)
	w := dial(t, addr)
	w.say(timed(t, s))
	w.confirmed(sl651.TimedReport, 1)
	if n := g.Stats().RefusedSessions; n != 1 {
		t.Errorf("%d refused", n)
	}
}

// TestHeldIsBounded: one address fills the quarantine only so far, and known stations behind it are served all the same.
func TestHeldIsBounded(t *testing.T) {
	b := newBureau()
	g := gateway(t, b, telemetry.Limits{HeldAnHour: 5})
	w := dial(t, listen(t, g))
	stranger := &sl651.Sender{Station: address(99)}
	for range 20 {
		w.say(timed(t, stranger))
	}
	w.say(timed(t, b.register(1)))
	w.confirmed(sl651.TimedReport, 1)
	await(t, func() bool { return g.Stats().Held == 20 && g.Stats().HeldBeyond == 15 })
	if n, held := b.counts(); n != 1 || held != 5 {
		t.Errorf("%d kept, %d set aside", n, held)
	}
}

// TestFlood: a peer that sends no frames is let go of, and holds no more than a frame.
func TestFlood(t *testing.T) {
	b := newBureau()
	g := gateway(t, b, telemetry.Limits{Garbage: 10_000})
	w := dial(t, listen(t, g))
	garbage := bytes.Repeat([]byte("\x7E\x7E\x01\x00\x61\x20"), 2000)
	for range 1000 {
		if _, err := w.Write(garbage); err != nil {
			break
		}
	}
	await(t, func() bool { s := g.Stats(); return s.Garbage == 1 && s.Sessions == 0 })
}

// TestSlowAndSilent goes by a clock of its own, over a pipe.
func TestSlowAndSilent(t *testing.T) {
	pipe := func(t *testing.T, b *bureau) (*telemetry.Gateway, *wire, chan struct{}) {
		g := gateway(t, b, telemetry.Limits{})
		near, far := net.Pipe()
		done := make(chan struct{})
		go func() {
			defer close(done)
			g.Serve(far)
			far.Close() //nolint:errcheck // as ServeTCP does
		}()
		return g, newWire(t, near), done
	}
	t.Run("says nothing", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			g, w, done := pipe(t, newBureau())
			begin := time.Now()
			w.gone()
			<-done
			if d := time.Since(begin); d != 6*time.Minute || g.Stats().Silent != 1 {
				t.Errorf("after %v: %+v", d, g.Stats())
			}
		})
	})
	t.Run("byte by byte and never whole", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			g, w, done := pipe(t, newBureau())
			begin := time.Now()
			var drip sync.WaitGroup
			drip.Go(func() {
				for _, c := range timed(t, &sl651.Sender{}) {
					if _, err := w.Write([]byte{c}); err != nil {
						return
					}
					time.Sleep(8 * time.Second)
				}
			})
			<-done
			if d := time.Since(begin); d > 370*time.Second || g.Stats().Silent != 1 {
				t.Errorf("after %v: %+v", d, g.Stats())
			}
			drip.Wait()
		})
	})
	t.Run("goes silent", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBureau()
			g, w, done := pipe(t, b)
			w.say(timed(t, b.register(1)))
			w.confirmed(sl651.TimedReport, 1)
			begin := time.Now()
			<-done
			if d := time.Since(begin); d.Round(time.Second) != 15*time.Minute || g.Stats().Silent != 1 || len(g.Online()) != 0 {
				t.Errorf("after %v: %+v", d, g.Stats())
			}
		})
	})
	t.Run("takes no reply", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBureau()
			g, w, done := pipe(t, b)
			w.say(timed(t, b.register(1)))
			begin := time.Now()
			<-done
			if d := time.Since(begin).Round(time.Second); d != 10*time.Second || g.Stats().Slow != 1 {
				t.Errorf("after %v: %+v", d, g.Stats())
			}
			if n, _ := b.counts(); n != 1 {
				t.Errorf("%d kept", n)
			}
		})
	})
	t.Run("loses a packet and waits", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBureau()
			_, w, _ := pipe(t, b)
			n := 0
			if err := b.register(1).Picture(sl651.StampOf(noon), sl651.StampOf(noon), make([]byte, 300), 100, func(p []byte) error {
				if n++; n < 3 {
					w.say(p)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			begin := time.Now()
			if f, _ := w.hear(); f.End != sl651.NAK || f.Sequence != 3 || time.Since(begin) > 15*time.Second {
				t.Errorf("%s %d after %v", sl651.Control(f.End), f.Sequence, time.Since(begin))
			}
		})
	})
	t.Run("alone in a batch", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := newBureau()
			_, w, _ := pipe(t, b)
			begin := time.Now()
			w.say(timed(t, b.register(1)))
			if w.confirmed(sl651.TimedReport, 1); time.Since(begin) != 20*time.Millisecond {
				t.Errorf("confirmed after %v", time.Since(begin))
			}
		})
	})
}

// TestClose: what was read before the end is kept and confirmed.
func TestClose(t *testing.T) {
	b := newBureau()
	b.gate = make(chan struct{})
	g := gateway(t, b, telemetry.Limits{})
	addr := listen(t, g)
	w := dial(t, addr)
	w.say(timed(t, b.register(1)))
	await(t, func() bool { return g.Stats().Reports == 1 })
	closed := make(chan error)
	go func() { closed <- g.Close(t.Context()) }()
	close(b.gate)
	if f, _, err := w.next(); err == nil && f.Function == sl651.TimedReport {
		if n, _ := b.counts(); n != 1 {
			t.Errorf("confirmed and not kept")
		}
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := g.Close(t.Context()); err != nil {
		t.Errorf("a second time: %v", err)
	}
	if c, err := net.Dial("tcp", addr); err == nil {
		newWire(t, c).gone()
	}
}

// TestCloseWithStoreStuck: the end does not wait for ever, and nobody is confirmed.
func TestCloseWithStoreStuck(t *testing.T) {
	b := newBureau()
	b.gate = make(chan struct{})
	g := telemetry.New(telemetry.Options{Sink: b, Stations: b, Quarantine: b, Now: time.Now})
	w := dial(t, listen(t, g))
	w.say(timed(t, b.register(1)))
	await(t, func() bool { return g.Stats().Reports == 1 })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.Close(ctx); err == nil {
		t.Error("nothing is said")
	}
	w.gone()
}

func TestReplay(t *testing.T) {
	b := newBureau()
	g := gateway(t, b, telemetry.Limits{})
	w := dial(t, listen(t, g))
	stranger := &sl651.Sender{Station: address(5), Class: sl651.River, Password: [2]byte{9, 9}, Centre: 3}
	w.say(timed(t, stranger))
	await(t, func() bool { _, held := b.counts(); return held == 1 })
	raw := b.held[0].Raw
	if err := g.Replay(raw); !fault.Is(err, fault.Invalid) {
		t.Errorf("still unknown: %v", err)
	}
	b.register(5)
	b.set(func() { b.away = true })
	if err := g.Replay(raw); !fault.Is(err, fault.Unavailable) {
		t.Errorf("store away: %v", err)
	}
	b.set(func() { b.away = false })
	for range 2 { // the second time it is known already
		if err := g.Replay(raw); err != nil {
			t.Error(err)
		}
	}
	if n, held := b.counts(); n != 1 || held != 1 || b.reports[0].Readings[0].Value.String() != "12.345" {
		t.Errorf("%d kept, %d set aside", n, held)
	}
	// A frame that waits behind the beginning of another one is taken too, and the one before it still.
	third, fourth := timed(t, b.register(6)), timed(t, b.register(7))
	if err := g.Replay(slices.Concat(third, []byte("\x7E\x7E\x01\x00\x61\x20\x08\x15\x03\xE8\x32\x0F\xFF\x02"), fourth)); err != nil {
		t.Error(err)
	}
	if n, _ := b.counts(); n != 3 || b.reports[1].Station != address(6) || b.reports[2].Station != address(7) {
		t.Errorf("%d kept: %+v", n, b.reports)
	}
	for _, bad := range [][]byte{nil, []byte("garbage"), raw[:20]} {
		if err := g.Replay(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%X: %v", bad, err)
		}
	}
}

// TestManyStations: all confirmed messages of many stations are kept, once each.
func TestManyStations(t *testing.T) {
	b := newBureau()
	g := gateway(t, b, telemetry.Limits{})
	addr := listen(t, g)
	const stations, each = 50, 40
	var all sync.WaitGroup
	for i := range stations {
		s := b.register(i + 1)
		w := dial(t, addr)
		all.Go(func() {
			for k := range each {
				b := timed(t, s)
				w.say(b[:10], b[10:])
				w.confirmed(sl651.TimedReport, uint16(k+1))
			}
		})
	}
	all.Wait()
	if n, _ := b.counts(); n != stations*each || len(b.kept) != n {
		t.Errorf("%d kept, %d messages", n, len(b.kept))
	}
	t.Logf("%d messages in %d commits", stations*each, len(b.batches))
}
