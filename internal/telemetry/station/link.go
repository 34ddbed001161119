package station

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"anlan/internal/sl651"
)

// link is a connection with the centre. What arrives is read beside.
type link struct {
	conn   net.Conn
	frames chan incoming
	stop   chan struct{}
	done   chan struct{}
}

type incoming struct {
	frame   sl651.Frame
	message sl651.Message
	err     error
}

var (
	errNoReply  = errors.New("the centre does not confirm")
	errReleased = errors.New("the centre has let the station go")
)

// dial connects, where the station is not.
func (s *Station) dial(ctx context.Context) error {
	if s.link != nil {
		return nil
	}
	c, err := s.cfg.Dial(ctx)
	if err != nil {
		return fmt.Errorf("dial: %w", err)
	}
	l := &link{conn: c, frames: make(chan incoming), stop: make(chan struct{}), done: make(chan struct{})}
	go l.read()
	s.link = l
	s.count(func(t *Stats) { t.Dialled++ })
	return nil
}

func (s *Station) hangUp() {
	if s.link == nil {
		return
	}
	close(s.link.stop)
	s.link.conn.Close() //nolint:errcheck // whatever it says, the station goes
	<-s.link.done
	s.link = nil
}

func (l *link) read() {
	defer close(l.done)
	scanner, buf := sl651.NewScanner(0), make([]byte, 1024)
	for {
		n, err := l.conn.Read(buf)
		for b := buf[:n]; len(b) > 0; {
			b = b[scanner.Feed(b):]
			for {
				in := incoming{}
				raw, failed := scanner.Next(&in.frame)
				if errors.Is(failed, sl651.ErrMore) {
					break
				}
				if failed != nil {
					continue
				}
				// The frame and what it says have to last until they are looked at.
				if _, failed = in.frame.Parse(append([]byte(nil), raw...)); failed != nil || in.message.Decode(&in.frame) != nil {
					continue
				}
				if !l.hand(in) {
					return
				}
			}
		}
		if err != nil {
			l.hand(incoming{err: err})
			return
		}
	}
}

func (l *link) hand(in incoming) bool {
	select {
	case l.frames <- in:
		return true
	case <-l.stop:
		return false
	}
}

// happens says, so many times of a thousand, that something is to happen.
func (s *Station) happens(perMille int) bool { return perMille > 0 && s.rng.IntN(1000) < perMille }

// write sends a frame, or loses or damages it.
func (s *Station) write(b []byte) error {
	if s.happens(s.cfg.Loss) {
		s.count(func(t *Stats) { t.Lost++ })
		return nil
	}
	if s.happens(s.cfg.Damage) {
		s.count(func(t *Stats) { t.Damaged++ })
		b = append([]byte(nil), b...)
		b[s.rng.IntN(len(b))] ^= 1 << s.rng.IntN(8)
	}
	if err := s.link.conn.SetWriteDeadline(wall().Add(s.cfg.Answer)); err != nil {
		return err
	}
	_, err := s.link.conn.Write(b)
	return err
}

// flush sends what waits, oldest first, until all is confirmed.
func (s *Station) flush(ctx context.Context) error {
	if s.cfg.Mode == M4 {
		if err := s.dialIn(ctx); err != nil {
			return err
		}
	}
	for len(s.outbox) > 0 {
		if err := s.dial(ctx); err != nil {
			return err
		}
		m := s.outbox[0]
		err := s.deliver(ctx, m)
		if err != nil && !errors.Is(err, errReleased) {
			s.count(func(t *Stats) { t.Failed++ })
			if m.rounds++; s.cfg.Rounds > 0 && m.rounds >= s.cfg.Rounds {
				s.count(func(t *Stats) { t.Dropped++ })
				s.outbox = s.outbox[1:]
			}
			return err
		}
		if s.outbox = s.outbox[1:]; len(s.outbox) == 0 && err != nil {
			s.hangUp()
		}
	}
	return nil
}

// dialIn connects a station that is only asked, and says that it is there.
func (s *Station) dialIn(ctx context.Context) error {
	if s.link != nil {
		return nil
	}
	if err := s.dial(ctx); err != nil {
		return err
	}
	return s.alive()
}

func (s *Station) alive() error {
	b, err := s.sender.KeepAlive(nil, sl651.StampOf(s.clock()))
	if err != nil {
		return err
	}
	return s.write(b)
}

// deliver sends a message until it is confirmed, at most so often as 6.3 has it. errReleased says that it is, and the station may go.
func (s *Station) deliver(ctx context.Context, m *message) error {
	if m.first.IsZero() {
		m.first = wall()
		s.count(func(t *Stats) { t.Sent++ })
	} else {
		s.count(func(t *Stats) { t.Resent++ })
	}
	for try := 0; ; try++ {
		for _, p := range m.packets {
			if err := s.write(p); err != nil {
				return err
			}
		}
		if s.cfg.Mode == M1 && len(m.packets) == 1 {
			return nil
		}
		err := s.confirmed(ctx, m)
		if !errors.Is(err, errNoReply) || try == s.cfg.Resends {
			return err
		}
		s.count(func(t *Stats) { t.Resent++ })
	}
}

// confirmed waits for the confirmation of a message, and sends packets again that are asked for.
func (s *Station) confirmed(ctx context.Context, m *message) error {
	for {
		end := after(s.cfg.Answer)
		select {
		case <-ctx.Done():
			end.Stop()
			return ctx.Err()
		case <-end.C:
			return errNoReply
		case in := <-s.link.frames:
			end.Stop()
			switch told, err := s.hear(in, m); {
			case err != nil:
				return err
			case told == sl651.EOT || told == sl651.ESC || told == sl651.ACK:
				s.count(func(t *Stats) { t.Confirmed++ })
				if s.cfg.Confirmed != nil {
					s.cfg.Confirmed(wall().Sub(m.first))
				}
				if told == sl651.EOT {
					return errReleased
				}
				return nil
			}
		}
	}
}

// hear looks at what the centre says, and gives the end byte where it is the confirmation of m, which may be nil.
func (s *Station) hear(in incoming, m *message) (byte, error) {
	f := &in.frame
	switch {
	case in.err != nil:
		return 0, in.err
	case f.Direction != sl651.Down || f.Station != s.cfg.Station || f.Password != s.cfg.Password:
		return 0, nil
	case s.happens(s.cfg.Loss):
		s.count(func(t *Stats) { t.Lost++ })
		return 0, nil
	case f.End == sl651.ENQ:
		s.count(func(t *Stats) { t.Queries++ })
		return 0, s.answer(f, &in.message)
	case m == nil || f.Function != m.function:
		return 0, nil
	case f.End == sl651.NAK:
		return 0, s.again(f, m)
	case in.message.Serial != m.serial:
		return 0, nil
	}
	if s.cfg.Obeys {
		s.adjust(in.message.Sent.Time())
	}
	return f.End, nil
}

// again sends a packet that the centre asks for, which ends with ETX (table 10).
func (s *Station) again(f *sl651.Frame, m *message) error {
	s.count(func(t *Stats) { t.Again++ })
	if f.Sequence == 0 || int(f.Sequence) > len(m.packets) {
		return nil
	}
	var p sl651.Frame
	if _, err := p.Parse(m.packets[f.Sequence-1]); err != nil {
		return err
	}
	p.End = sl651.ETX
	b, err := p.Append(nil)
	if err != nil {
		return err
	}
	s.count(func(t *Stats) { t.Resent++ })
	return s.write(b)
}

// wait waits until a row is due, answering what is asked meanwhile and saying now and then that the station is there.
func (s *Station) wait(ctx context.Context) error {
	var due <-chan time.Time
	if s.pending {
		t := s.cfg.Clock.reach(s.due.At)
		defer t.Stop()
		due = t.C
	}
	for {
		var frames <-chan incoming
		if s.link != nil {
			frames = s.link.frames
		}
		alive := after(s.cfg.KeepAlive)
		select {
		case <-ctx.Done():
			alive.Stop()
			return ctx.Err()
		case <-due:
			alive.Stop()
			return nil
		case in := <-frames:
			alive.Stop()
			_, err := s.hear(in, nil)
			if err != nil {
				s.hangUp()
				if s.cfg.Mode == M4 {
					return s.pause(ctx, s.cfg.Retry)
				}
			}
			if len(s.outbox) > 0 { // a picture that was asked for
				return nil
			}
		case <-alive.C:
			if s.link != nil && s.alive() != nil {
				s.hangUp()
			}
		}
	}
}

// pause waits, while rows whose time comes are kept.
func (s *Station) pause(ctx context.Context, d time.Duration) error {
	t := after(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
