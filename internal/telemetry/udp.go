package telemetry

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"anlan/internal/telemetry/session"
)

// sweep is how often the peers of UDP are looked through.
const sweep = tick

// mostFailures is how many reads in a row may fail before the socket is given up.
const mostFailures = 100

// datagrams are the peers of one UDP socket.
type datagrams struct {
	g       *Gateway
	c       *net.UDPConn
	peers   map[netip.AddrPort]*datagramPeer
	replies chan datagram
	waiting sync.WaitGroup // receipts that somebody waits for
}

type datagramPeer struct {
	s      *session.Session
	link   *link
	heard  time.Time // by the machine's clock
	before session.Counters
	known  bool // it has spoken for a station that is on record
}

type datagram struct {
	to       netip.AddrPort
	outcome  session.Outcome
	kept     bool
	downlink []byte
}

// ServeUDP answers stations that send datagrams, until Close or until the socket fails. A datagram holds whole frames.
func (g *Gateway) ServeUDP(c *net.UDPConn) error {
	d := &datagrams{g: g, c: c, peers: map[netip.AddrPort]*datagramPeer{}, replies: make(chan datagram, g.lim.Queue)}
	g.mu.Lock()
	if g.closing {
		g.mu.Unlock()
		return c.Close()
	}
	g.sockets[c] = struct{}{}
	g.wg.Add(2)
	g.mu.Unlock()
	stop := make(chan struct{})
	go func() {
		defer g.wg.Done()
		d.answer(stop)
	}()
	defer func() {
		for a, p := range d.peers {
			d.forget(a, p)
		}
		d.waiting.Wait()
		close(stop)
		g.mu.Lock()
		delete(g.sockets, c)
		g.mu.Unlock()
		g.wg.Done()
	}()
	return d.read()
}

func (d *datagrams) read() error {
	buf := make([]byte, 1<<16)
	next := now().Add(sweep)
	for failures := 0; ; {
		if d.g.isClosing() {
			return nil
		}
		if !now().Before(next) {
			d.sweep()
			next = now().Add(sweep)
		}
		if err := d.c.SetReadDeadline(next); err != nil {
			return fmt.Errorf("listen for datagrams on %s: %w", d.c.LocalAddr(), err)
		}
		n, from, err := d.c.ReadFromUDPAddrPort(buf)
		switch {
		case err == nil:
			failures = 0
			d.take(buf[:n], from)
		case timedOut(err) || d.g.isClosing():
		case errors.Is(err, net.ErrClosed) || failures == mostFailures:
			return fmt.Errorf("listen for datagrams on %s: %w", d.c.LocalAddr(), err)
		default: // as where a reply could not be delivered
			failures++
			d.g.count(func(s *Stats) { s.Dropped++ })
		}
	}
}

func (d *datagrams) take(b []byte, from netip.AddrPort) {
	p := d.peers[from]
	if p == nil {
		if !d.g.enter(from.Addr().Unmap(), nil) {
			return
		}
		remote := netip.AddrPortFrom(from.Addr().Unmap(), from.Port()).String()
		p = &datagramPeer{s: d.g.newSession(remote)}
		p.link = &link{remote: remote, from: from, since: d.g.opt.Now(), send: func(b []byte) error { return d.send(from, b) }}
		d.peers[from] = p
	}
	defer func() {
		if d.g.caught(recover(), p.link.remote) {
			p.s.Abort()
			d.forget(from, p)
		}
	}()
	p.heard = now()
	d.settle(from, p, p.s.Receive(b, d.g.opt.Now()))
	d.settle(from, p, p.s.Drop(d.g.opt.Now()))
	if !p.known && !p.s.Waiting() { // anybody can send a datagram from anywhere: only who speaks for a station takes up room
		d.forget(from, p)
	}
}

// settle hands on what came, as far as there is room, and has it answered once it is kept. It waits for nothing.
func (d *datagrams) settle(from netip.AddrPort, p *datagramPeer, out []session.Outcome) {
	for i := range out {
		o := out[i]
		if o.Known {
			p.known = true
			d.moved(d.g.attach(&o, p.link))
		}
		if !d.g.commit.offer(&o) {
			d.g.count(func(s *Stats) { s.Dropped++ })
			if o.Receipt != nil {
				o.Receipt.Finish(false)
			}
			continue
		}
		if o.Receipt == nil && o.Held != nil {
			continue
		}
		d.waiting.Add(1)
		then := func(kept bool) {
			defer d.waiting.Done()
			if !kept {
				return
			}
			select {
			case d.replies <- datagram{to: from, outcome: o, kept: kept}:
			default:
				d.g.count(func(s *Stats) { s.Dropped++ })
			}
		}
		if o.Receipt != nil {
			o.Receipt.Then(then)
		} else {
			then(true)
		}
	}
	p.before = d.g.counted(p.s, p.before)
}

// moved forgets the peer that a station spoke through before its carrier gave it another port: a station whose port changes with each message
// would otherwise take up all the room of its address.
func (d *datagrams) moved(left *link) {
	if left == nil {
		return
	}
	if p := d.peers[left.from]; p != nil && p.link == left && !p.s.Waiting() {
		d.forget(left.from, p)
	}
}

// send hands a downlink to the goroutine that writes.
func (d *datagrams) send(to netip.AddrPort, b []byte) error {
	select {
	case d.replies <- datagram{to: to, downlink: b}:
		return nil
	default:
		return errors.New("too many replies wait for the socket")
	}
}

// answer writes replies until the socket is read no more and nothing is left to be kept.
func (d *datagrams) answer(stop <-chan struct{}) {
	defer d.c.Close() //nolint:errcheck // what could be written is written
	var buf []byte
	for open := true; open || len(d.replies) > 0; {
		select {
		case r := <-d.replies:
			buf = d.reply(buf[:0], r)
		case <-stop:
			open, stop = false, nil
		}
	}
}

func (d *datagrams) reply(buf []byte, r datagram) []byte {
	b, err := r.downlink, error(nil)
	if b == nil && r.outcome.Reply.Due() {
		buf, err = r.outcome.Reply.Append(buf, d.g.opt.Now())
		b = buf
	}
	if err == nil && len(b) > 0 {
		_, err = d.c.WriteToUDPAddrPort(b, r.to)
	}
	if err != nil {
		d.g.count(func(s *Stats) { s.Dropped++ })
	}
	if r.kept {
		d.g.answered(&r.outcome)
	}
	return buf
}

// sweep tells all peers the time and forgets those that are silent.
func (d *datagrams) sweep() {
	at := now()
	for a, p := range d.peers {
		patience := d.g.lim.Idle
		if p.before.Frames == 0 {
			patience = d.g.lim.First
		}
		if at.Sub(p.heard) >= patience {
			d.g.count(func(s *Stats) { s.Silent++ })
			d.forget(a, p)
			continue
		}
		if p.s.Waiting() {
			d.settle(a, p, p.s.Tick(d.g.opt.Now()))
		}
	}
}

func (d *datagrams) forget(a netip.AddrPort, p *datagramPeer) {
	d.g.unlink(p.link)
	p.s.Close()
	delete(d.peers, a)
	d.g.leave(a.Addr().Unmap(), nil)
}
