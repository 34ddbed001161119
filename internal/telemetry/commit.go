package telemetry

import (
	"fmt"
	"net/netip"
	"sync"
	"time"

	"anlan/internal/fault"
	"anlan/internal/sl651"
	"anlan/internal/telemetry/session"
)

// job is one message on its way to the store.
type job struct {
	reports []session.Report
	held    *session.Held
	receipt *session.Receipt // or nil, where nobody is confirmed
	rows    int
	at      time.Time // by the machine's clock
}

// committer gathers the messages of all sessions and has them committed together.
type committer struct {
	g     *Gateway
	queue chan job
	done  chan struct{}
	fails throttle
}

func newCommitter(g *Gateway) *committer {
	c := &committer{g: g, queue: make(chan job, g.lim.Queue), done: make(chan struct{})}
	go c.run()
	return c
}

// close commits what waits and ends; nothing may be put any more.
func (c *committer) close() {
	close(c.queue)
	<-c.done
}

// job is what there is to be kept of an outcome, if anything is. What an address may not have set aside any more takes no place in the queue: of
// a frame that could be read in part, that part is kept all the same.
func (c *committer) job(o *session.Outcome) (job, bool) {
	j := job{held: o.Held, receipt: o.Receipt, at: now()}
	if o.Duplicate {
		return j, false
	}
	j.reports = o.Reports
	for i := range o.Reports {
		j.rows += 1 + len(o.Reports[i].Readings)
	}
	if j.held != nil && !c.granted(j.held) {
		j.held = nil
	}
	return j, len(j.reports) > 0 || j.held != nil
}

// granted says whether a frame may be set aside.
func (c *committer) granted(h *session.Held) bool {
	if c.g.held.grant(h, c.g.lim.HeldAnHour) {
		return true
	}
	c.g.count(func(s *Stats) { s.HeldBeyond++ })
	return false
}

// put hands on what an outcome has to be kept, waiting where there is no room.
func (c *committer) put(o *session.Outcome) {
	if j, any := c.job(o); any {
		c.queue <- j
	}
}

// offer hands on what an outcome has to be kept where there is room, and says whether there was.
func (c *committer) offer(o *session.Outcome) bool {
	j, any := c.job(o)
	if !any {
		return true
	}
	select {
	case c.queue <- j:
		return true
	default:
		return false
	}
}

func (c *committer) run() {
	defer close(c.done)
	var batch []job
	for {
		first, more := <-c.queue
		if !more {
			return
		}
		batch = c.gather(append(batch[:0], first))
		c.commit(batch)
		clear(batch)
	}
}

// gather adds what comes until the batch has enough rows or its first message has waited long enough.
func (c *committer) gather(batch []job) []job {
	rows := batch[0].rows
	end := timer(batch[0].at.Add(c.g.lim.BatchWait))
	defer end.Stop()
	for rows < c.g.lim.BatchRows {
		select { // what is there already is taken, however long it has waited
		case j, more := <-c.queue:
			if !more {
				return batch
			}
			batch, rows = append(batch, j), rows+j.rows
			continue
		default:
		}
		select {
		case j, more := <-c.queue:
			if !more {
				return batch
			}
			batch, rows = append(batch, j), rows+j.rows
		case <-end.C:
			return batch
		}
	}
	return batch
}

// commit has a batch kept and finishes its receipts.
func (c *committer) commit(batch []job) {
	kept := make([]bool, len(batch))
	c.accept(batch, kept)
	c.setAside(batch, kept)
	for i, j := range batch {
		if j.receipt != nil {
			j.receipt.Finish(kept[i])
		}
	}
}

// accept hands reports to the sink. Where it calls a report invalid, the batch is halved until that one stands alone.
func (c *committer) accept(batch []job, kept []bool) {
	var reports []session.Report
	rows := 0
	for _, j := range batch {
		reports = append(reports, j.reports...)
		rows += j.rows
	}
	if len(reports) == 0 {
		for i := range kept {
			kept[i] = true
		}
		return
	}
	err := c.handOn(reports)
	switch {
	case err == nil:
		for i := range kept {
			kept[i] = true
		}
		c.g.count(func(s *Stats) {
			s.Commits++
			s.Rows += uint64(rows)
			s.LastFailure = ""
		})
	case fault.Is(err, fault.Invalid) && len(batch) > 1:
		half := len(batch) / 2
		c.accept(batch[:half], kept[:half])
		c.accept(batch[half:], kept[half:])
	case fault.Is(err, fault.Invalid):
		// It never can be kept: it is set aside where its raw frame is at hand, and confirmed with that.
		j := &batch[0]
		c.g.count(func(s *Stats) { s.Refused++ })
		r := j.reports[0]
		h := &session.Held{
			Reason: session.Refused, Detail: err.Error(), Station: r.Station, Function: r.Function, Remote: r.Remote, At: r.Received, Raw: r.Raw,
		}
		if r.Raw != nil && c.granted(h) {
			kept[0], j.held = true, h
		}
	default:
		c.failed("keep reports", err)
	}
}

// handOn calls the sink. A bug that a report runs into there is as good as a refusal: it must not come again and again and stop all others.
func (c *committer) handOn(reports []session.Report) (err error) {
	defer func() {
		if r := recover(); c.g.caught(r, reports[0].Remote) {
			err = fault.Invalidf("telemetry.sink", "保存报文时程序出错", "a bug of this program keeps the report from being kept").Because(fmt.Errorf("%v", r))
		}
	}()
	return c.g.opt.Sink.Accept(c.g.ctx, reports)
}

// setAside hands frames to the quarantine.
func (c *committer) setAside(batch []job, kept []bool) {
	var held []session.Held
	var of []int
	for i, j := range batch {
		if j.held == nil || len(j.reports) > 0 && !kept[i] { // what was not kept comes again
			continue
		}
		held, of = append(held, *j.held), append(of, i)
	}
	if len(held) == 0 {
		return
	}
	if err := c.g.opt.Quarantine.Keep(c.g.ctx, held); err != nil {
		c.failed("keep frames set aside", err)
		for _, i := range of {
			kept[i] = false
		}
	}
}

func (c *committer) failed(what string, err error) {
	c.g.count(func(s *Stats) {
		s.FailedCommits++
		s.LastFailure = what + ": " + err.Error()
	})
	if n, say := c.fails.say(now()); say {
		c.g.opt.Log.Error("nothing was kept, so stations are not confirmed", "doing", what, "err", err, "not_told", n)
	}
}

// allowance bounds what is set aside in an hour: for each address, and for each station that is registered.
type allowance struct {
	mu       sync.Mutex // guards what is below
	hour     int64
	all      int // of addresses
	per      map[netip.Addr]int
	stations map[sl651.Address]int
}

// maxHeld is how many frames are set aside in one hour for all addresses together: those of datagrams can be made up.
const maxHeld = 20_000

func (a *allowance) grant(h *session.Held, most int) bool {
	from, err := netip.ParseAddrPort(h.Remote)
	if err != nil {
		from = netip.AddrPort{} // all whose address is not one share an allowance
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if hour := h.At.Unix() / 3600; hour != a.hour || a.per == nil {
		a.hour, a.all, a.per, a.stations = hour, 0, map[netip.Addr]int{}, map[sl651.Address]int{}
	}
	if h.OfStation() {
		if a.stations[h.Station] >= most {
			return false
		}
		a.stations[h.Station]++
		return true
	}
	if a.all >= maxHeld || a.per[from.Addr()] >= most {
		return false
	}
	a.all++
	a.per[from.Addr()]++
	return true
}
