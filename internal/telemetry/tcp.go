package telemetry

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime/debug"
	"sync"
	"time"

	"anlan/internal/telemetry/session"
)

const (
	readSize = 2048            // bytes of one read; what a peer sends faster waits in its socket
	tick     = 3 * time.Second // how often a session that waits for something is told the time
)

// ServeTCP answers stations that connect, until Close or until the listener fails.
func (g *Gateway) ServeTCP(l net.Listener) error {
	dl, ok := l.(closer)
	if !ok {
		dl = undated{l}
	}
	g.mu.Lock()
	if g.closing {
		g.mu.Unlock()
		return l.Close()
	}
	g.sockets[dl] = struct{}{}
	g.wg.Add(1)
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		delete(g.sockets, dl)
		g.mu.Unlock()
		l.Close() //nolint:errcheck // it has ended
		g.wg.Done()
	}()
	for pause := time.Duration(0); ; {
		c, err := l.Accept()
		switch {
		case err == nil:
			pause = 0
			g.admit(c)
		case g.isClosing():
			return nil
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("listen for stations on %s: %w", l.Addr(), err)
		default: // as when there are no file descriptors left: it passes
			pause = min(max(2*pause, 10*time.Millisecond), time.Second)
			g.opt.Log.Warn("connection not accepted", "err", err)
			select {
			case <-timer(now().Add(pause)).C:
			case <-g.quit.Done():
			}
		}
	}
}

// undated is a listener that knows no deadlines; it is closed instead.
type undated struct{ net.Listener }

func (u undated) SetReadDeadline(time.Time) error { return u.Close() }

// timedOut says whether a deadline ended a read or a write.
func timedOut(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}

func (g *Gateway) isClosing() bool {
	return g.quit.Err() != nil
}

func addressOf(a net.Addr) netip.Addr {
	p, _ := netip.ParseAddrPort(a.String())
	return p.Addr().Unmap()
}

func (g *Gateway) admit(c net.Conn) {
	remote := addressOf(c.RemoteAddr())
	if !g.begin() {
		c.Close() //nolint:errcheck // nothing was said
		return
	}
	if !g.enter(remote, c) {
		c.Close() //nolint:errcheck // nothing was said
		g.wg.Done()
		return
	}
	go func() {
		defer g.wg.Done()
		defer g.leave(remote, c)
		defer c.Close() //nolint:errcheck // what was to be written is written
		g.Serve(c)
	}()
}

// Serve has the dialogue with one peer until it leaves, is let go of, or the gateway closes. It is for connections that come otherwise than
// through ServeTCP, which counts and closes those itself.
func (g *Gateway) Serve(c net.Conn) {
	p := &conn{g: g, c: c, s: g.newSession(c.RemoteAddr().String()), good: now()}
	p.link = &link{remote: c.RemoteAddr().String(), since: g.opt.Now(), send: p.write}
	defer func() {
		if g.caught(recover(), p.link.remote) {
			p.s.Abort()
		}
		g.unlink(p.link)
		p.s.Close()
		p.counted()
	}()
	p.run()
}

// caught says whether a bug ended what was done for a peer: one peer's is not all peers'.
func (g *Gateway) caught(r any, remote string) bool {
	if r == nil {
		return false
	}
	g.count(func(s *Stats) { s.Panics++ })
	g.opt.Log.Error("stopped by a bug", "remote", remote, "err", fmt.Sprint(r), "stack", string(debug.Stack()))
	return true
}

// conn is the session of one connection.
type conn struct {
	g       *Gateway
	c       net.Conn
	s       *session.Session
	link    *link
	good    time.Time // of the last good frame, or of the beginning
	any     bool      // there was a good frame
	skipped uint64    // bytes that belonged to no frame before the last good one
	before  session.Counters
	reply   []byte
}

func (p *conn) run() {
	buf := make([]byte, readSize)
	for {
		if err := p.c.SetReadDeadline(p.until()); err != nil || p.g.isClosing() {
			return
		}
		n, err := p.c.Read(buf)
		var out []session.Outcome
		if n > 0 {
			out = p.s.Receive(buf[:n], p.g.opt.Now())
		} else if timedOut(err) && !p.g.isClosing() {
			out = p.s.Tick(p.g.opt.Now())
		}
		p.counted()
		if !p.settle(out) {
			return
		}
		if err != nil && !timedOut(err) || p.over() {
			return
		}
	}
}

// until is the deadline of the next read.
func (p *conn) until() time.Time {
	end := p.good.Add(p.patience())
	if soon := now().Add(tick); p.s.Waiting() && soon.Before(end) {
		return soon
	}
	return end
}

func (p *conn) patience() time.Duration {
	if p.any {
		return p.g.lim.Idle
	}
	return p.g.lim.First
}

// over says whether the peer is to be let go of.
func (p *conn) over() bool {
	switch {
	case p.s.Counters().Skipped-p.skipped > p.g.lim.Garbage:
		p.g.count(func(s *Stats) { s.Garbage++ })
	case !now().Before(p.good.Add(p.patience())):
		p.g.count(func(s *Stats) { s.Silent++ })
	default:
		return false
	}
	return true
}

// settle has what came committed and then answers. It says whether the peer takes its answers.
func (p *conn) settle(out []session.Outcome) bool {
	if len(out) == 0 {
		return true
	}
	kept := p.g.keep(out)
	p.reply = p.reply[:0]
	for i := range out {
		o := &out[i]
		if o.Known {
			p.good, p.any, p.skipped = now(), true, p.s.Counters().Skipped
			p.g.attach(o, p.link)
		}
		if !kept[i] || !o.Reply.Due() {
			continue
		}
		b, err := o.Reply.Append(p.reply, p.g.opt.Now())
		if err != nil { // the head of a frame that could be read can be written
			p.g.opt.Log.Error("reply cannot be written", "station", o.Station, "err", err)
			continue
		}
		p.reply = b
	}
	if len(p.reply) > 0 {
		if err := p.write(p.reply); err != nil {
			if timedOut(err) {
				p.g.count(func(s *Stats) { s.Slow++ })
			}
			return false
		}
	}
	for i := range out {
		if kept[i] {
			p.g.answered(&out[i])
		}
	}
	return true
}

// write sends bytes as a whole; it may be called beside run.
func (p *conn) write(b []byte) error {
	if err := p.c.SetWriteDeadline(now().Add(p.g.lim.Write)); err != nil {
		return err
	}
	_, err := p.c.Write(b)
	return err
}

func (p *conn) counted() { p.before = p.g.counted(p.s, p.before) }

// counted adds to the counters what a session has seen since it was counted last.
func (g *Gateway) counted(s *session.Session, before session.Counters) session.Counters {
	c := s.Counters()
	if c != before {
		g.count(func(t *Stats) { t.Counters.Add(c.Since(before)) })
	}
	return c
}

// keep hands outcomes on and waits until it is known of each whether it was kept. What has nothing to keep counts as kept.
func (g *Gateway) keep(out []session.Outcome) []bool {
	kept := make([]bool, len(out))
	var wait sync.WaitGroup
	for i := range out {
		o := &out[i]
		g.commit.put(o)
		if o.Receipt == nil {
			kept[i] = o.Held == nil
			continue
		}
		wait.Add(1)
		o.Receipt.Then(func(k bool) {
			kept[i] = k
			wait.Done()
		})
	}
	wait.Wait()
	return kept
}
