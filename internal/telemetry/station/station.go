// Package station is a simulated field station (遥测站) by SL 651-2014: it plays what it is fed, keeps it until a centre confirms it, sends
// pictures in packets, answers queries, and can be made to lose and damage frames, to drift and to run low on battery. It shares the codec
// with the gateway and nothing else, so that each proves the other.
//
// Instants are UTC, elements are in the units of table C.1. Waiting for replies goes by the machine's clock, all else by the station's.
package station

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"anlan/internal/sl651"
)

// Mode is how the station sends (工作模式), 6.3.
type Mode uint8

// The modes. Pictures go by M3 in all of them.
const (
	M1 Mode = iota + 1 // it sends and waits for nothing
	M2                 // it sends until it is confirmed
	M4                 // it keeps a link and sends only what it is asked for
)

// Config is a station. What is zero has its default, or is not done.
type Config struct {
	Coding   sl651.Coding
	Centre   byte
	Station  sl651.Address
	Class    sl651.Class
	Password [2]byte
	Mode     Mode // M2
	Dial     func(context.Context) (net.Conn, error)
	Clock    *Clock
	Feed     Feed

	// Hourly sends an hourly report at each full hour, of the rain of five minutes (22) and the level (39) less Base, which is in cm.
	Hourly bool
	Base   int64
	// Packet is how many bytes of a picture go into one packet: 512.
	Packet int
	// KeepAlive is how often a station that was told to stay says that it is there: 40 s of the machine.
	KeepAlive time.Duration
	// Answer is how long it waits for a reply, 10 s of the machine; Resends how often it sends again, 2 by 6.3; Retry how long it waits until
	// it dials again, 5 s of the machine.
	Answer, Retry time.Duration
	Resends       int
	// Rounds is after how many such rounds a message is dropped; 0 is never.
	Rounds int
	// Loss and Damage are how many of a thousand frames do not arrive, either way, or arrive damaged.
	Loss, Damage int
	// Drift is by how much the station's clock is fast after a day. A centre sets it with 4A, and with each confirmation where Obeys.
	Drift time.Duration
	Obeys bool
	// Battery is the voltage in hundredths of a volt, sent as 38 where the feed has none, and Fall by how much it falls in an hour. Below 11 V
	// its state says so, with an added report.
	Battery, Fall int
	Seed          uint64
	// Confirmed is told how long each message took from its first byte to its confirmation; it must not wait.
	Confirmed func(time.Duration)
}

// Stats are what a station has seen.
type Stats struct {
	Sent, Resent, Confirmed uint64 // messages sent first, frames sent again, messages confirmed
	Lost, Damaged           uint64 // frames, on purpose
	Again                   uint64 // NAKs received
	Queries                 uint64
	Dialled, Failed         uint64 // connections, and rounds without a confirmation
	Dropped                 uint64 // messages, after as many rounds as there may be, or beyond what is kept
}

func (s *Stats) add(o Stats) {
	s.Sent += o.Sent
	s.Resent += o.Resent
	s.Confirmed += o.Confirmed
	s.Lost += o.Lost
	s.Damaged += o.Damaged
	s.Again += o.Again
	s.Queries += o.Queries
	s.Dialled += o.Dialled
	s.Failed += o.Failed
	s.Dropped += o.Dropped
}

const (
	keptMessages = 4096 // that wait for a confirmation
	keptRows     = 2016 // of the past, for queries: a week of five minutes
	lowBattery   = 1100
)

// Station is a simulated station. Run is for one goroutine; Stats may be called beside it.
type Station struct {
	cfg    Config
	sender sl651.Sender
	rng    *rand.Rand

	due      Row
	pending  bool // due is there
	past     []Row
	camera   Row // the last row with a picture
	outbox   []*message
	hour     time.Time // of the last hourly report
	low      bool
	begun    time.Time
	offset   time.Duration // by which its clock was last found fast
	adjusted time.Time
	settings map[sl651.ID]sl651.Group
	link     *link

	mu    sync.Mutex // guards what is below
	stats Stats
}

// message is what waits for a confirmation.
type message struct {
	function sl651.Function
	serial   uint16
	packets  [][]byte
	first    time.Time
	rounds   int
}

// New makes a station that does nothing before Run.
func New(c Config) *Station {
	set(&c.Mode, M2)
	set(&c.Centre, 1)
	set(&c.Class, sl651.River)
	set(&c.Packet, 512)
	set(&c.KeepAlive, 40*time.Second)
	set(&c.Answer, 10*time.Second)
	set(&c.Retry, 5*time.Second)
	set(&c.Resends, 2)
	if c.Clock == nil {
		c.Clock = NewClock(wall(), 1)
	}
	if c.Feed == nil {
		c.Feed = Play(nil)
	}
	begun := c.Clock.Now()
	return &Station{
		cfg: c, rng: rand.New(rand.NewPCG(c.Seed, 651)), begun: begun, adjusted: begun, settings: delivered(c.Mode),
		sender: sl651.Sender{Coding: c.Coding, Centre: c.Centre, Station: c.Station, Class: c.Class, Password: c.Password},
	}
}

func set[T comparable](v *T, otherwise T) {
	var zero T
	if *v == zero {
		*v = otherwise
	}
}

// Stats are what the station has seen so far.
func (s *Station) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}

func (s *Station) count(f func(*Stats)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.stats)
}

// Run plays the feed until it is at its end and all is confirmed or dropped, or until ctx ends. A station that keeps its link (M4) runs until
// ctx ends.
func (s *Station) Run(ctx context.Context) error {
	defer s.hangUp()
	for {
		if err := s.flush(ctx); err != nil && ctx.Err() == nil {
			s.hangUp()
			if err := s.pause(ctx, s.cfg.Retry); err != nil {
				return err
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !s.look() && len(s.outbox) == 0 && s.cfg.Mode != M4 {
			return nil
		}
		if len(s.outbox) == 0 {
			if err := s.wait(ctx); err != nil {
				return err
			}
		}
		s.take()
	}
}

// look has the next row at hand, and says whether there is one.
func (s *Station) look() bool {
	if !s.pending {
		s.due, s.pending = s.cfg.Feed()
	}
	return s.pending
}

// take turns rows whose time has come into messages, a few hundred at a time.
func (s *Station) take() {
	for n := 0; n < 256 && len(s.outbox) < keptMessages && s.look(); n++ {
		if s.due.At.After(s.cfg.Clock.Now()) {
			return
		}
		s.pending = false
		s.play(s.due)
	}
}

// clock is the time that the station believes it is.
func (s *Station) clock() time.Time {
	now := s.cfg.Clock.Now()
	return now.Add(s.offset + time.Duration(float64(now.Sub(s.adjusted))/float64(24*time.Hour)*float64(s.cfg.Drift)))
}

// adjust sets the station's clock.
func (s *Station) adjust(to time.Time) {
	now := s.cfg.Clock.Now()
	s.offset, s.adjusted = to.Sub(now), now
}

// play makes messages of a row.
func (s *Station) play(r Row) {
	volts := s.volts(r.At)
	if has := r.value(idVoltage); volts.State == sl651.Present && has.State != sl651.Present {
		r.Values = append(r.Values[:len(r.Values):len(r.Values)], sl651.Observation{Element: idVoltage, Value: volts})
	}
	if len(s.past) == keptRows {
		s.past = append(s.past[:0], s.past[keptRows/2:]...)
	}
	if r.Picture != nil {
		s.camera = r
		r.Picture = nil // the past is kept for its figures
	}
	s.past = append(s.past, r)
	if s.cfg.Mode == M4 {
		return
	}
	set(&r.Function, sl651.TimedReport)
	at, sent := sl651.StampOf(r.At), sl651.StampOf(s.clock())
	s.keep(r.Function, func(dst []byte) ([]byte, error) { return s.sender.Report(dst, r.Function, sent, at, r.Values) })
	if full := r.At.Truncate(time.Hour); s.cfg.Hourly && full.Equal(r.At) && full.After(s.hour) {
		s.hour = full
		s.keep(sl651.HourlyReport, func(dst []byte) ([]byte, error) { return s.sender.Hourly(dst, sent, s.hourly(full)) })
	}
	if low := volts.State == sl651.Present && volts.Digits < lowBattery; low != s.low {
		s.low = low
		s.keep(sl651.AddedReport, func(dst []byte) ([]byte, error) {
			return s.sender.Answer(dst, sl651.AddedReport, sent, sl651.ETX, func(m *sl651.Message) {
				m.AddTime(at)
				m.AddStatus(s.status())
				m.AddReading(idVoltage, volts)
			})
		})
	}
	if s.camera.Picture != nil && s.camera.At.Equal(r.At) {
		s.picture(s.camera.Picture, sent, at)
	}
}

// keep has a message of one frame wait to be sent.
func (s *Station) keep(fc sl651.Function, write func([]byte) ([]byte, error)) {
	b, err := write(nil)
	if err != nil { // a figure that no frame can hold
		s.count(func(t *Stats) { t.Dropped++ })
		return
	}
	s.outbox = append(s.outbox, &message{function: fc, serial: s.sender.Serial(), packets: [][]byte{b}})
}

// picture has a picture wait to be sent in packets, M3.
func (s *Station) picture(jpeg []byte, sent, at sl651.Stamp) {
	m := &message{function: sl651.PictureReport}
	err := s.sender.Picture(sent, at, jpeg, s.cfg.Packet, func(p []byte) error {
		m.packets = append(m.packets, append([]byte(nil), p...))
		return nil
	})
	if err != nil {
		s.count(func(t *Stats) { t.Dropped++ })
		return
	}
	m.serial = s.sender.Serial()
	s.outbox = append(s.outbox, m)
}

// The identifiers that a station itself knows.
const (
	idRain5   sl651.ID = 0x22
	idVoltage sl651.ID = 0x38
	idLevel   sl651.ID = 0x39
)

func (r *Row) value(id sl651.ID) sl651.Value {
	for _, v := range r.Values {
		if v.Element == id {
			return v.Value
		}
	}
	return sl651.Value{}
}

// at is what was measured at an instant; missing where nothing was.
func (s *Station) at(id sl651.ID, t time.Time) sl651.Value {
	for i := len(s.past) - 1; i >= 0 && !s.past[i].At.Before(t); i-- {
		if v := s.past[i].value(id); s.past[i].At.Equal(t) && v.State == sl651.Present {
			return v
		}
	}
	return sl651.Value{}
}

// hourly is the report of the hour that ends with an instant, table 36.
func (s *Station) hourly(end time.Time) *sl651.Hour {
	first := end.Add(-55 * time.Minute)
	h := &sl651.Hour{First: sl651.StampOf(first), End: sl651.StampOf(end)}
	for k := range 12 {
		t := first.Add(time.Duration(k) * 5 * time.Minute)
		h.Rain = append(h.Rain, s.at(idRain5, t))
		h.Level = append(h.Level, s.relative(s.at(idLevel, t)))
	}
	if v := s.at(idVoltage, end); v.State == sl651.Present {
		h.Others = []sl651.Observation{{Element: idVoltage, Value: v}}
	}
	return h
}

// relative is a level in centimetres above the base, as hourly blocks have it; missing where it cannot be said so.
func (s *Station) relative(v sl651.Value) sl651.Value {
	d, ok := v.Decimal()
	if !ok {
		return sl651.Value{}
	}
	cm := sl651.OfDecimal(d, 2).Digits - s.cfg.Base
	if cm < 0 || cm >= 0xFFFF {
		return sl651.Value{}
	}
	return sl651.Of(cm, 2)
}

// volts is the battery's voltage, missing where there is no battery.
func (s *Station) volts(at time.Time) sl651.Value {
	if s.cfg.Battery == 0 {
		return sl651.Value{}
	}
	return sl651.Of(max(0, int64(s.cfg.Battery)-int64(at.Sub(s.begun).Hours()*float64(s.cfg.Fall))), 2)
}

func (s *Station) status() sl651.Status {
	st := sl651.DoorShut | sl651.PumpStopped
	if s.low {
		st |= sl651.BatteryLow
	}
	return st
}

// Run runs stations until all have ended, and sums up what they saw. The error is ctx's, or those of stations.
func Run(ctx context.Context, stations []*Station) (Stats, error) {
	var all sync.WaitGroup
	errs := make([]error, len(stations))
	for i, s := range stations {
		all.Go(func() {
			if err := s.Run(ctx); err != nil && ctx.Err() == nil {
				errs[i] = err
			}
		})
	}
	all.Wait()
	var sum Stats
	for _, s := range stations {
		sum.add(s.Stats())
	}
	return sum, errors.Join(append(errs, ctx.Err())...)
}
