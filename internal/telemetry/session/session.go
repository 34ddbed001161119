// Package session is one peer's dialogue by SL 651-2014 (水文监测数据通信规约), without sockets and without a clock: bytes and instants
// go in; reports, frames to set aside, replies and counters come out. It judges who is confirmed, joins packets (M3), knows what came
// twice, and turns what a frame says into readings by the station's policy.
//
// It leaves sending, committing and waiting to its owner, who sends a reply only after what it confirms was kept. Instants that go out
// are UTC; figures are in the units of table C.1. No password leaves it.
package session

import (
	"errors"
	"slices"
	"time"

	"anlan/internal/sl651"
)

// Options are what a session stands on.
type Options struct {
	// Stations gives the policy of a station, and whether there is one. It is asked at every frame. Where it fails the frame is left
	// unanswered, so that it comes again.
	Stations func(sl651.Address) (Station, bool, error)
	Memory   *Memory // shared by the sessions of a gateway
	Remote   string  // the peer, for what is set aside
	// Trusted leaves password and centre unasked: for frames that a person replays.
	Trusted bool
	// Frame is the longest frame in bytes, MaxFrame of the codec where 0.
	Frame int
	// Message is the longest body that packets may join to, 1 MiB where 0.
	Message int
	// Room asks for bytes to keep packets in, or gives them back where n is negative; nil grants all.
	Room func(n int) bool
	// Guess is told at each frame of a station with a password of its own whether it was the right one, and says whether to believe it: who
	// tries many is not answered. Nil believes.
	Guess func(st *Station, right bool, now time.Time) bool
}

// The waiting times of a session.
const (
	Patience  = 10 * time.Second // after which a message of several packets is asked for what is missing
	Keeping   = 2 * time.Minute  // for which a joined message is kept for a resend of its last packet
	quietness = 2 * time.Second  // after which a beginning without end may be garbage
)

const (
	maxParts   = 4 // messages of several packets that one peer may have under way
	maxAgain   = 2 // NAKs for one packet
	maxMessage = 1 << 20
)

// Counters are what a session has seen.
type Counters struct {
	Bytes, Skipped             uint64 // bytes received, and of them those that belong to no frame
	Frames, KeepAlives, Echoes uint64 // frames with a good check code; those of 2F; those that go down and came back
	BadCRC                     uint64
	Reports, Duplicates        uint64
	Held                       uint64 // set aside
	Again, Abandoned           uint64 // NAKs; messages of several packets that were let go of
	Unknowable                 uint64 // frames whose station's policy could not be asked
}

// Add adds what another session has seen.
func (c *Counters) Add(o Counters) {
	c.Bytes += o.Bytes
	c.Skipped += o.Skipped
	c.Frames += o.Frames
	c.KeepAlives += o.KeepAlives
	c.Echoes += o.Echoes
	c.BadCRC += o.BadCRC
	c.Reports += o.Reports
	c.Duplicates += o.Duplicates
	c.Held += o.Held
	c.Again += o.Again
	c.Abandoned += o.Abandoned
	c.Unknowable += o.Unknowable
}

// Since is what was seen after an earlier count.
func (c Counters) Since(o Counters) Counters {
	return Counters{
		Bytes: c.Bytes - o.Bytes, Skipped: c.Skipped - o.Skipped, Frames: c.Frames - o.Frames, KeepAlives: c.KeepAlives - o.KeepAlives,
		Echoes: c.Echoes - o.Echoes, BadCRC: c.BadCRC - o.BadCRC, Reports: c.Reports - o.Reports, Duplicates: c.Duplicates - o.Duplicates,
		Held: c.Held - o.Held, Again: c.Again - o.Again, Abandoned: c.Abandoned - o.Abandoned, Unknowable: c.Unknowable - o.Unknowable,
	}
}

// Outcome is what one frame, or one message of several packets, comes to.
type Outcome struct {
	Station  sl651.Address
	Function sl651.Function
	Coding   sl651.Coding
	Centre   byte
	Known    bool // the station is registered and the password is its own: the peer speaks for it
	More     bool // the uplink ended with ETB
	// Reports are what the frame tells, one for each station in it, to be handed on in one commit unless Duplicate.
	Reports   []Report
	Duplicate bool
	Held      *Held    // to be set aside, or nil
	Receipt   *Receipt // what the reply waits for, or nil; finished by whoever handed the reports on, unless Duplicate
	Reply     Reply
}

// Session is one peer's dialogue. It is for one goroutine.
type Session struct {
	opt     Options
	scanner *sl651.Scanner
	frame   sl651.Frame
	message sl651.Message
	parts   []*parts
	out     []Outcome
	counts  Counters
	heard   time.Time // when bytes came last
	scratch []byte
}

// New begins a dialogue.
func New(o Options) *Session {
	if o.Message <= 0 {
		o.Message = maxMessage
	}
	return &Session{opt: o, scanner: sl651.NewScanner(o.Frame)}
}

// Counters are what the session has seen so far.
func (s *Session) Counters() Counters {
	s.counts.Skipped = s.scanner.Skipped
	return s.counts
}

// Receive takes bytes that arrived at an instant and returns what they come to, in order. The slice is good until the next call; what it
// holds is the caller's.
func (s *Session) Receive(p []byte, now time.Time) []Outcome {
	s.out = s.out[:0]
	s.heard = now
	s.counts.Bytes += uint64(len(p))
	for len(p) > 0 {
		n := s.scanner.Feed(p)
		p = p[n:]
		s.scan(now)
	}
	return s.out
}

// Tick tells the session what time it is while nothing comes: it asks for missing packets and lets go of what has become old.
func (s *Session) Tick(now time.Time) []Outcome {
	s.out = s.out[:0]
	if now.Sub(s.heard) >= quietness && s.scanner.Buffered() > 0 {
		s.scanner.Quiet()
		s.scan(now)
	}
	s.tickParts(now)
	return s.out
}

// Waiting says whether something is under way that Tick has to look after.
func (s *Session) Waiting() bool { return s.scanner.Buffered() > 0 || len(s.parts) > 0 }

// Drop passes over the beginning of a frame that will not go on, as at the end of a datagram; whole frames behind it are taken first.
func (s *Session) Drop(now time.Time) []Outcome {
	s.out = s.out[:0]
	if s.scanner.Buffered() > 0 {
		s.scanner.Quiet()
		s.scan(now)
		skipped := s.scanner.Skipped + uint64(s.scanner.Buffered())
		s.scanner = sl651.NewScanner(s.opt.Frame)
		s.scanner.Skipped = skipped
	}
	return s.out
}

// Abort ends a dialogue in which something went wrong: what was taken last and not kept yet counts as not kept, so that nobody waits for it.
func (s *Session) Abort() {
	for i := range s.out {
		if o := &s.out[i]; o.Receipt != nil && !o.Duplicate {
			o.Receipt.Finish(false)
		}
	}
	s.Close()
}

// Close gives back what packets were kept in.
func (s *Session) Close() {
	for _, p := range slices.Clone(s.parts) {
		s.release(p)
	}
}

func (s *Session) scan(now time.Time) {
	for {
		_, err := s.scanner.Next(&s.frame)
		switch {
		case err == nil:
			s.take(&s.frame, now)
		case errors.Is(err, sl651.ErrMore):
			return
		case errors.Is(err, sl651.BadCRC):
			s.counts.BadCRC++
			s.damaged(&s.frame, now)
		}
	}
}

// take looks at a frame whose check code holds.
func (s *Session) take(f *sl651.Frame, now time.Time) {
	s.counts.Frames++
	if f.Direction == sl651.Down {
		s.counts.Echoes++ // some modems send back what they are sent
		return
	}
	st, known, err := s.opt.Stations(f.Station)
	reason := Reason("")
	switch {
	case err != nil:
		s.counts.Unknowable++
		return
	case !known:
		reason = UnknownStation
	case !s.admits(f, &st, now):
		reason = WrongPassword
	case !s.opt.Trusted && st.Centre != 0 && st.Centre != f.Centre:
		reason = OtherCentre
	}
	switch {
	case reason != "":
		o := outcomeOf(f)
		s.hold(&o, s.held(f, f.Station, reason, nil, now))
		s.out = append(s.out, o)
	case !f.Function.Answered(): // 6.6.4.2
		s.counts.KeepAlives++
		o := outcomeOf(f)
		o.Known = true
		s.out = append(s.out, o)
	case f.Several():
		s.packet(f, &st, now)
	default:
		s.accept(f, f, &st, now)
	}
}

// admits says whether a frame speaks for its station.
func (s *Session) admits(f *sl651.Frame, st *Station, now time.Time) bool {
	if s.opt.Trusted || st.AnyPassword {
		return true
	}
	right := st.takes(f.Password)
	return (s.opt.Guess == nil || s.opt.Guess(st, right, now)) && right
}

func outcomeOf(f *sl651.Frame) Outcome {
	return Outcome{Station: f.Station, Function: f.Function, Coding: f.Coding, Centre: f.Centre, More: f.End == sl651.ETB}
}

// accept makes the outcome of a whole message. The reply is made from head, which is f but where packets were joined.
func (s *Session) accept(f, head *sl651.Frame, st *Station, now time.Time) {
	o := outcomeOf(f)
	o.Known = true
	err := s.message.Decode(f)
	if err == nil && s.message.Headless && !f.Function.User() {
		err = sl651.Cut
	}
	reports, strangers, failed := s.reports(f, st, err, now)
	switch {
	case failed != nil:
		s.counts.Unknowable++
		return
	case err != nil:
		s.hold(&o, s.held(f, f.Station, Undecodable, err, now))
	case len(strangers) > 0:
		s.hold(&o, s.held(f, strangers[0], UnknownStation, nil, now))
	}
	o.Reports = reports
	if len(reports) == 0 {
		s.out = append(s.out, o)
		return
	}
	first := false
	if s.opt.Trusted {
		s.opt.Memory.Reopen(f.Station, reports[0].Key)
	}
	o.Receipt, first = s.opt.Memory.Begin(f.Station, reports[0].Key)
	if o.Duplicate = !first; first {
		s.counts.Reports += uint64(len(reports))
		if h := s.aside(f, reports, now); h != nil && o.Held == nil {
			s.opt.Memory.Partly(f.Station, reports[0].Key)
			s.hold(&o, h)
		}
	} else {
		s.counts.Duplicates++
	}
	o.Reply = confirmation(head, s.message.Serial, st)
	s.out = append(s.out, o)
}

func (s *Session) hold(o *Outcome, h *Held) {
	o.Held = h
	s.counts.Held++
}
