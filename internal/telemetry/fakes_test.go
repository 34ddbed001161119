package telemetry_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/sl651"
	"anlan/internal/telemetry"
	"anlan/internal/telemetry/session"
)

// noon is an instant of the field for those tests that do not go by the clock.
var noon = time.Date(2026, 7, 2, 4, 0, 0, 0, time.UTC)

// bureau is everything behind a gateway, in memory.
type bureau struct {
	mu       sync.Mutex // guards what is below
	stations map[sl651.Address]session.Station
	reports  []session.Report
	batches  []int // reports of each commit
	held     []session.Held
	begun    []telemetry.Request
	ended    []telemetry.Result
	gaps     []telemetry.Gap
	blind    bool                      // the register of stations
	unwell   func(sl651.Address) bool  // stations whose policy makes a panic
	away     bool                      // the store
	invalid  func(session.Report) bool // reports that can never be kept
	gate     chan struct{}             // commits wait for it where there is one
	kept     map[session.Key]int       // how often a message was handed on
	seen     func([]session.Report)    // called at every commit
}

func newBureau() *bureau {
	return &bureau{stations: map[sl651.Address]session.Station{}, kept: map[session.Key]int{}}
}

// register makes a station known that is confirmed with ESC, and gives its sender.
func (b *bureau) register(n int) *sl651.Sender {
	s := &sl651.Sender{Centre: 1, Station: address(n), Class: sl651.River, Password: [2]byte{0x12, 0x34}}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stations[s.Station] = session.Station{
		Address: s.Station, Mode: session.M2, Stay: true, Password: session.Password(s.Password),
		Elements: map[sl651.ID]session.Element{0x39: {Quantity: "stage"}, 0x22: {Quantity: "rain"}, 0x38: {Quantity: "voltage"}},
	}
	return s
}

func address(n int) sl651.Address {
	return sl651.Address{0, 0x61, byte(n >> 16), byte(n >> 8), byte(n)}
}

func (b *bureau) Accept(ctx context.Context, batch []session.Report) error {
	b.mu.Lock()
	gate := b.gate
	b.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.away {
		return errors.New("no room on the disk")
	}
	if b.invalid != nil && slices.ContainsFunc(batch, b.invalid) {
		return fault.Invalidf("test", "不可", "never")
	}
	b.reports = append(b.reports, batch...)
	b.batches = append(b.batches, len(batch))
	for _, r := range batch {
		b.kept[r.Key]++
	}
	if b.seen != nil {
		b.seen(batch)
	}
	return nil
}

func (b *bureau) Station(_ context.Context, a sl651.Address) (session.Station, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.blind {
		return session.Station{}, false, errors.New("away")
	}
	if b.unwell != nil && b.unwell(a) {
		panic("a bug")
	}
	st, ok := b.stations[a]
	return st, ok, nil
}

func (b *bureau) Keep(_ context.Context, held []session.Held) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.away {
		return errors.New("no room on the disk")
	}
	b.held = append(b.held, held...)
	return nil
}

func (b *bureau) Begin(_ context.Context, r telemetry.Request, _ time.Time) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.begun = append(b.begun, r)
	b.ended = append(b.ended, telemetry.Result{})
	return int64(len(b.ended) - 1), nil
}

func (b *bureau) End(_ context.Context, id int64, r telemetry.Result) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended[id] = r
	return nil
}

func (b *bureau) Gaps(context.Context, sl651.Address, time.Time) ([]telemetry.Gap, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.gaps, nil
}

func (b *bureau) set(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f()
}

func (b *bureau) counts() (reports, held int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.reports), len(b.held)
}

// gateway makes a gateway on a bureau, closed at the end of the test.
func gateway(t testing.TB, b *bureau, l telemetry.Limits) *telemetry.Gateway {
	t.Helper()
	g := telemetry.New(telemetry.Options{Sink: b, Stations: b, Quarantine: b, Journal: b, Gaps: b, Now: time.Now, Limits: l})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := g.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return g
}

// listen has the gateway answer TCP on a port of this machine.
func listen(t testing.TB, g *telemetry.Gateway) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- g.ServeTCP(l) }()
	t.Cleanup(func() {
		l.Close() //nolint:errcheck // by the gateway, if all went well
		<-done
	})
	return l.Addr().String()
}

// wire is a station's end of a connection.
type wire struct {
	t testing.TB
	net.Conn
	scanner *sl651.Scanner
}

func dial(t testing.TB, addr string) *wire {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	return newWire(t, c)
}

func newWire(t testing.TB, c net.Conn) *wire {
	t.Cleanup(func() { c.Close() }) //nolint:errcheck // it may be closed already
	return &wire{t, c, sl651.NewScanner(0)}
}

func (w *wire) say(b ...[]byte) {
	w.t.Helper()
	for _, p := range b {
		if _, err := w.Write(p); err != nil {
			w.t.Fatalf("write: %v", err)
		}
	}
}

// hear reads one frame of the gateway.
func (w *wire) hear() (f sl651.Frame, m sl651.Message) {
	w.t.Helper()
	f, m, err := w.next()
	if err != nil {
		w.t.Fatalf("read: %v", err)
	}
	return f, m
}

func (w *wire) next() (f sl651.Frame, m sl651.Message, err error) {
	buf := make([]byte, 512)
	for {
		if _, err := w.scanner.Next(&f); err == nil {
			return f, m, m.Decode(&f)
		} else if !errors.Is(err, sl651.ErrMore) {
			return f, m, err
		}
		n, err := w.Read(buf)
		if err != nil {
			return f, m, err
		}
		w.scanner.Feed(buf[:n])
	}
}

// confirmed reads a confirmation of a message.
func (w *wire) confirmed(fc sl651.Function, serial uint16) {
	w.t.Helper()
	if f, m := w.hear(); f.Function != fc || m.Serial != serial || f.End != sl651.ESC && f.End != sl651.ACK {
		w.t.Errorf("%v %s %d, want a confirmation of %v %d", f.Function, sl651.Control(f.End), m.Serial, fc, serial)
	}
}

// datagrams serves UDP: peer makes a station's socket, and end closes the gateway and holds that it served to the end.
func datagrams(t *testing.T, g *telemetry.Gateway) (peer func() *wire, end func()) {
	t.Helper()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- g.ServeUDP(c) }()
	peer = func() *wire {
		t.Helper()
		u, err := net.Dial("udp", c.LocalAddr().String())
		if err != nil {
			t.Fatal(err)
		}
		return newWire(t, u)
	}
	end = func() {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := g.Close(ctx); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	return peer, end
}

// gone waits until the gateway has closed the connection.
func (w *wire) gone() {
	w.t.Helper()
	if f, _, err := w.next(); err == nil {
		w.t.Errorf("still there: %v", f.Function)
	}
}

func timed(t testing.TB, s *sl651.Sender) []byte {
	t.Helper()
	at := sl651.StampOf(noon)
	b, err := s.Report(nil, sl651.TimedReport, at, at, []sl651.Observation{{Element: 0x39, Value: sl651.Of(12345, 3)}, {Element: 0x38, Value: sl651.Of(1260, 2)}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}
