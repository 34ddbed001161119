// Package telemetry is the gateway of field stations (遥测站): TCP and UDP by SL 651-2014, their limits, one commit for many sessions, the
// confirmation after it, downlinks to stations that are connected, and the asking for what is missing.
//
// The dialogue itself is in session. Where readings, frames set aside and downlinks are kept, and what is known of a station, is told
// by interfaces that others fill. Instants are UTC.
package telemetry

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"anlan/internal/sl651"
	"anlan/internal/telemetry/session"
)

// Sink keeps what stations report.
type Sink interface {
	// Accept returns nil after all of the batch is committed; then the stations are confirmed. Where it fails nothing counts as kept,
	// and what is sent again comes again, so that it takes the same reading twice without harm. A fault of kind invalid says that a
	// report of the batch cannot be kept, ever. It is called by one goroutine.
	Accept(ctx context.Context, batch []session.Report) error
}

// Stations knows the policies of stations. It is asked at every frame, and answers from memory.
type Stations interface {
	Station(ctx context.Context, a sl651.Address) (session.Station, bool, error)
}

// Quarantine keeps frames that were set aside. Keep returns after the commit.
type Quarantine interface {
	Keep(ctx context.Context, held []session.Held) error
}

// Options are what a gateway stands on. Journal and Gaps may be left out.
type Options struct {
	Sink       Sink
	Stations   Stations
	Quarantine Quarantine
	Journal    Journal // without it nobody can ask stations
	Gaps       Gaps    // without it gaps are not asked for
	Now        func() time.Time
	Log        *slog.Logger
	Limits     Limits
}

// Limits bound what peers can take. A field that is 0 has its default.
type Limits struct {
	Frame      int           // bytes of a frame: 4,124, the longest of the standard
	Message    int           // bytes of a message of several packets: 1 MiB
	Packets    int64         // bytes of all packets that wait to be joined: 64 MiB
	Sessions   int           // 20,000
	PerAddress int           // sessions of one address: 2,000, for all stations behind a carrier's gateway
	First      time.Duration // to the first good frame: 6 min, since many modems connect before their station has something to say
	Idle       time.Duration // without a good frame: 15 min
	Write      time.Duration // for a peer to take a reply: 10 s
	Garbage    uint64        // bytes that belong to no frame, after which a peer is let go of: 64 KiB
	HeldAnHour int           // frames set aside for one address in an hour: 120
	BatchRows  int           // readings of one commit: 5,000
	BatchWait  time.Duration // for which a commit waits for more: 20 ms
	Queue      int           // messages that wait for a commit: 4,096
	Answer     time.Duration // for a station to answer, three times: 20 s
	Waiting    int           // downlinks that wait for one station: 8
}

// withDefaults fills in what is 0.
func (l Limits) withDefaults() Limits {
	or(&l.Frame, sl651.MaxFrame)
	or(&l.Message, 1<<20)
	or(&l.Packets, 64<<20)
	or(&l.Sessions, 20_000)
	or(&l.PerAddress, 2_000)
	or(&l.First, 6*time.Minute)
	or(&l.Idle, 15*time.Minute)
	or(&l.Write, 10*time.Second)
	or(&l.Garbage, 64<<10)
	or(&l.HeldAnHour, 120)
	or(&l.BatchRows, 5_000)
	or(&l.BatchWait, 20*time.Millisecond)
	or(&l.Queue, 4_096)
	or(&l.Answer, 20*time.Second)
	or(&l.Waiting, 8)
	return l
}

func or[T comparable](v *T, otherwise T) {
	var zero T
	if *v == zero {
		*v = otherwise
	}
}

// Stats are what a gateway has seen since it began.
type Stats struct {
	session.Counters
	Sessions                 int    // open now, both of TCP and UDP
	Stations                 int    // connected now
	PacketBytes              int64  // that wait to be joined, or to be sent again
	Opened                   uint64 // sessions
	RefusedSessions          uint64 // beyond a limit
	Slow, Silent, Garbage    uint64 // sessions ended since the peer took no reply, sent nothing good, sent no frames
	Commits, Rows            uint64
	FailedCommits            uint64 // that were not kept, so that nobody was confirmed
	Refused                  uint64 // reports that the sink called invalid
	Dropped                  uint64 // messages of UDP for which there was no room, and replies that could not be sent
	HeldBeyond               uint64 // frames that should have been set aside, beyond the limit of their address
	Panics                   uint64
	Asked, Answered, NoReply uint64 // downlinks
	Gaps                     uint64 // asked for unasked
	LastFailure              string // of the sink, the quarantine or the register of stations; empty once a commit was kept
}

// Gateway is the door for field stations.
type Gateway struct {
	opt    Options
	lim    Limits
	memory *session.Memory
	ctx    context.Context // of the work behind the sockets; ended when Close has waited long enough
	cancel context.CancelFunc
	quit   context.Context // ended when Close begins
	hurry  context.CancelFunc

	packets    atomic.Int64
	commit     *committer
	held       allowance
	refused    throttle       // what is said of sessions that found no place
	unknowable throttle       // and of stations that could not be looked up
	wg         sync.WaitGroup // sessions, sockets
	gaps       *filler
	guesses    guesses

	mu      sync.Mutex // guards what is below
	stats   Stats
	sockets map[closer]struct{} // listeners and connections
	per     map[netip.Addr]int  // sessions
	open    int
	links   map[sl651.Address]*presence
	turns   map[sl651.Address]*turn
	closing bool
}

type closer interface {
	Close() error
	SetReadDeadline(time.Time) error
}

// New makes a gateway. It listens to nobody until ServeTCP or ServeUDP, and has to be closed.
func New(o Options) *Gateway {
	g := &Gateway{
		opt: o, lim: o.Limits.withDefaults(), memory: session.NewMemory(0), sockets: map[closer]struct{}{},
		per: map[netip.Addr]int{}, links: map[sl651.Address]*presence{}, turns: map[sl651.Address]*turn{},
	}
	if g.opt.Log == nil {
		g.opt.Log = slog.New(slog.DiscardHandler)
	}
	g.ctx, g.cancel = context.WithCancel(context.Background())
	g.quit, g.hurry = context.WithCancel(g.ctx)
	g.commit = newCommitter(g)
	if o.Gaps != nil && o.Journal != nil {
		g.gaps = newFiller(g)
	}
	return g
}

// Close stops listening, lets what was read be committed and confirmed, and ends all sessions. What is not done when ctx ends is cut off.
func (g *Gateway) Close(ctx context.Context) error {
	g.mu.Lock()
	if g.closing {
		g.mu.Unlock()
		return nil
	}
	g.closing = true
	g.hurry()
	for s := range g.sockets {
		s.SetReadDeadline(past()) //nolint:errcheck // it is being closed
	}
	g.mu.Unlock()

	done := make(chan struct{})
	go func() {
		g.wg.Wait()      // sessions, which wait for their commits
		g.commit.close() // and those of UDP
		close(done)
	}()
	var err error
	select {
	case <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	g.cancel()
	g.mu.Lock()
	for s := range g.sockets {
		s.Close() //nolint:errcheck // it is being closed
	}
	g.mu.Unlock()
	<-done
	return err
}

// Stats are what the gateway has seen.
func (g *Gateway) Stats() Stats {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.stats
	s.Sessions, s.Stations, s.PacketBytes = g.open, len(g.links), g.packets.Load()
	return s
}

// count changes the counters.
func (g *Gateway) count(f func(*Stats)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f(&g.stats)
}

// newSession is the dialogue with one peer.
func (g *Gateway) newSession(remote string) *session.Session {
	return session.New(session.Options{
		Memory: g.memory, Remote: remote, Frame: g.lim.Frame, Message: g.lim.Message, Room: g.room,
		Stations: g.station, Guess: g.guesses.of(remote),
	})
}

// station asks for a station's policy.
func (g *Gateway) station(a sl651.Address) (session.Station, bool, error) {
	st, known, err := g.opt.Stations.Station(g.ctx, a)
	if err != nil {
		g.count(func(s *Stats) { s.LastFailure = "look up stations: " + err.Error() })
		if n, say := g.unknowable.say(now()); say {
			g.opt.Log.Error("station cannot be looked up, so it is not answered", "station", a, "err", err, "not_told", n)
		}
	}
	return st, known, err
}

// room grants bytes for packets as long as there are any.
func (g *Gateway) room(n int) bool {
	if g.packets.Add(int64(n)) > g.lim.Packets && n > 0 {
		g.packets.Add(int64(-n))
		return false
	}
	return true
}

// enter counts a session in, where there is place for it.
func (g *Gateway) enter(remote netip.Addr, s closer) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closing || g.open >= g.lim.Sessions || g.per[remote] >= g.lim.PerAddress {
		g.stats.RefusedSessions++
		if n, say := g.refused.say(now()); say {
			g.opt.Log.Warn("session refused", "remote", remote, "sessions", g.open, "of_address", g.per[remote], "not_told", n)
		}
		return false
	}
	g.open++
	g.per[remote]++
	g.stats.Opened++
	if s != nil {
		g.sockets[s] = struct{}{}
	}
	return true
}

// leave counts a session out.
func (g *Gateway) leave(remote netip.Addr, s closer) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open--
	if g.per[remote]--; g.per[remote] <= 0 {
		delete(g.per, remote)
	}
	if s != nil {
		delete(g.sockets, s)
	}
}
