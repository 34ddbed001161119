package telemetry

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/quantity"
	"anlan/internal/sl651"
	"anlan/internal/telemetry/session"
)

// Request is what a person, or the gateway itself, wants of a station (下行), mode M4.
type Request struct {
	Station  sl651.Address
	Function sl651.Function
	From, To time.Time  // of 38, cut to their hours
	Step     sl651.Step // of 38; all 0 for hourly blocks
	Elements []sl651.ID // of 3A, and one of 38
	Names    []sl651.ID // parameters to read, of 41 and 43
	Settings []Setting  // parameters to write, of 40 and 42
	Who      string     // who asks
	Why      string     // may be empty
}

// Setting is a parameter to be written: data as its bytes below 20, but for the working mode (0C), else a figure.
type Setting struct {
	ID    sl651.ID
	Value quantity.Null
	Data  []byte
}

// Result is what became of a request.
type Result struct {
	State  State
	Detail string
	At     time.Time
	Tries  int
}

// State says what became of a request.
type State string

// The states.
const (
	Answered State = "answered"
	NoAnswer State = "no_answer"
	Offline  State = "offline"
	Unsent   State = "unsent"   // it could not be written, or its turn did not come
	GivenUp  State = "given_up" // by who asked
)

// Journal keeps who asked what of which station, and what became of it.
type Journal interface {
	// Begin is called before anything is sent; where it fails nothing is.
	Begin(ctx context.Context, r Request, at time.Time) (id int64, err error)
	End(ctx context.Context, id int64, r Result) error
}

// tries is how often a request is sent, 6.3: three time-outs end a dialogue.
const tries = 3

// Presence is a station that is connected.
type Presence struct {
	Station sl651.Address
	Remote  string
	Since   time.Time // of the connection
	Seen    time.Time // its last good frame
}

// link is a way to a peer. One peer may speak for several stations.
type link struct {
	remote   string
	from     netip.AddrPort // of datagrams
	since    time.Time
	send     func([]byte) error
	stations map[sl651.Address]struct{} // guarded by Gateway.mu
}

// presence is by which link a station is reached, and how it writes.
type presence struct {
	link   *link
	coding sl651.Coding
	centre byte
	seen   time.Time
	fresh  bool // nobody has looked yet for what it lacks
}

// turn is who may speak with a station now, and who waits for that.
type turn struct {
	free    chan struct{} // holds one token
	people  int           // who has it or waits for it; guarded by Gateway.mu
	answers chan session.Outcome
	expects sl651.Function // 0 where no answer is waited for; guarded by Gateway.mu
}

// attach says by which link a station spoke last. It returns the link that it left, where nobody else is reached by that.
func (g *Gateway) attach(o *session.Outcome, l *link) (left *link) {
	at := g.opt.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.links[o.Station]
	if p == nil || p.link != l {
		if p != nil {
			if delete(p.link.stations, o.Station); len(p.link.stations) == 0 {
				left = p.link
			}
		}
		p = &presence{link: l, fresh: true}
		g.links[o.Station] = p
		if l.stations == nil {
			l.stations = map[sl651.Address]struct{}{}
		}
		l.stations[o.Station] = struct{}{}
	}
	p.coding, p.centre, p.seen = o.Coding, o.Centre, at
	return left
}

func (g *Gateway) unlink(l *link) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for a := range l.stations {
		if p := g.links[a]; p != nil && p.link == l {
			delete(g.links, a)
		}
	}
}

// Online are the stations that are connected, by their addresses.
func (g *Gateway) Online() []Presence {
	g.mu.Lock()
	out := make([]Presence, 0, len(g.links))
	for a, p := range g.links {
		out = append(out, Presence{Station: a, Remote: p.link.remote, Since: p.link.since, Seen: p.seen})
	}
	g.mu.Unlock()
	slices.SortFunc(out, func(a, b Presence) int { return slices.Compare(a.Station[:], b.Station[:]) })
	return out
}

// answered hands an outcome, kept and confirmed, to who waits for it, and has the station looked after: it is not asked before it is confirmed.
func (g *Gateway) answered(o *session.Outcome) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p := g.links[o.Station]; p != nil && g.gaps != nil {
		g.gaps.heard(o.Station, p.fresh, p.seen)
		p.fresh = false
	}
	t := g.turns[o.Station]
	if t == nil || t.expects != o.Function || len(o.Reports) == 0 {
		return
	}
	select {
	case t.answers <- *o:
	default: // more than anybody reads; what it says is kept all the same
	}
}

// Ask sends a request to a connected station and waits for its answer, whose readings are kept like all others. Requests to one station go
// one after the other. The journal has it with who asked, whatever becomes of it.
func (g *Gateway) Ask(ctx context.Context, r Request) ([]session.Report, error) {
	if g.opt.Journal == nil {
		return nil, fault.New(fault.Unavailable, "telemetry.journal", fault.T("下行未启用", "stations cannot be asked here"))
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	if !g.begin() {
		return nil, fault.New(fault.Unavailable, "telemetry.closing", fault.T("服务正在停止", "the server is stopping"))
	}
	defer g.wg.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(g.quit, cancel)()
	id, err := g.opt.Journal.Begin(ctx, r, g.opt.Now())
	if err != nil {
		return nil, fmt.Errorf("note the request to station %s: %w", r.Station, err)
	}
	g.count(func(s *Stats) { s.Asked++ })
	reports, res, err := g.exchange(ctx, r)
	res.At = g.opt.Now()
	if failed := g.opt.Journal.End(context.WithoutCancel(ctx), id, res); failed != nil {
		err = errors.Join(err, fmt.Errorf("note the answer of station %s: %w", r.Station, failed))
	}
	return reports, err
}

// exchange waits for the station's turn, sends, and waits for the answer.
func (g *Gateway) exchange(ctx context.Context, r Request) ([]session.Report, Result, error) {
	t, err := g.queueUp(ctx, r.Station)
	if err != nil {
		return nil, Result{State: Unsent, Detail: err.Error()}, err
	}
	defer g.leaveQueue(r.Station, t)
	var out []session.Report
	answered := false
	for try := 1; try <= tries; try++ {
		frame, send, err := g.downlink(ctx, r)
		if fault.Is(err, fault.Conflict) {
			return nil, Result{State: Offline, Detail: err.Error(), Tries: try - 1}, err
		}
		if err != nil {
			return nil, Result{State: Unsent, Detail: err.Error(), Tries: try - 1}, err
		}
		g.expect(t, r.Function)
		if err := send(frame); err != nil {
			return nil, Result{State: Unsent, Detail: err.Error(), Tries: try}, fmt.Errorf("send to station %s: %w", r.Station, err)
		}
		reports, whole := g.await(ctx, t)
		out = append(out, reports...)
		switch {
		case whole && !answered && try < tries && r.Function == sl651.SetClock && g.far(reports): // annex B: more than five minutes are set twice
			answered = true
		case whole || answered:
			g.count(func(s *Stats) { s.Answered++ })
			return out, Result{State: Answered, Tries: try}, nil
		case ctx.Err() != nil:
			return out, Result{State: GivenUp, Detail: ctx.Err().Error(), Tries: try}, ctx.Err()
		}
	}
	g.count(func(s *Stats) { s.NoReply++ })
	err = fault.New(fault.Unavailable, "telemetry.no_answer", fault.Tf("测站 %s 没有应答", "station %s does not answer", r.Station))
	return out, Result{State: NoAnswer, Tries: tries}, err
}

// far says whether the clock that a station answers with is more than five minutes off.
func (g *Gateway) far(reports []session.Report) bool {
	return len(reports) > 0 && reports[0].Sent.Sub(g.opt.Now()).Abs() > 5*time.Minute
}

// await gathers answers until one says that no more follow, or until the station has had its time for the next.
func (g *Gateway) await(ctx context.Context, t *turn) (out []session.Report, whole bool) {
	defer g.expect(t, 0)
	for {
		end := timer(now().Add(g.lim.Answer))
		select {
		case o := <-t.answers:
			end.Stop()
			if out = append(out, o.Reports...); !o.More {
				return out, true
			}
		case <-end.C:
			return out, false
		case <-ctx.Done():
			end.Stop()
			return out, false
		}
	}
}

// expect says which answers are waited for from now on.
func (g *Gateway) expect(t *turn, fc sl651.Function) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(t.answers) > 0 {
		<-t.answers
	}
	t.expects = fc
}

func (g *Gateway) queueUp(ctx context.Context, a sl651.Address) (*turn, error) {
	g.mu.Lock()
	t := g.turns[a]
	if t == nil {
		t = &turn{free: make(chan struct{}, 1), answers: make(chan session.Outcome, 64)}
		t.free <- struct{}{}
		g.turns[a] = t
	}
	if t.people > g.lim.Waiting {
		g.mu.Unlock()
		return nil, fault.New(fault.TooMany, "telemetry.queue", fault.Tf("等待测站 %s 的请求过多", "too many requests wait for station %s", a))
	}
	t.people++
	g.mu.Unlock()
	select {
	case <-t.free:
		return t, nil
	case <-ctx.Done():
		g.dequeue(a, t)
		return nil, ctx.Err()
	}
}

func (g *Gateway) leaveQueue(a sl651.Address, t *turn) {
	t.free <- struct{}{}
	g.dequeue(a, t)
}

func (g *Gateway) dequeue(a sl651.Address, t *turn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if t.people--; t.people == 0 {
		delete(g.turns, a)
	}
}

// downlink writes a request as it leaves now, for the link that the station is on now.
func (g *Gateway) downlink(ctx context.Context, r Request) ([]byte, func([]byte) error, error) {
	st, known, err := g.opt.Stations.Station(ctx, r.Station)
	if err != nil {
		return nil, nil, fmt.Errorf("look up station %s: %w", r.Station, err)
	}
	g.mu.Lock()
	p := g.links[r.Station]
	var on presence
	if p != nil {
		on = *p
	}
	g.mu.Unlock()
	if !known || p == nil {
		return nil, nil, fault.Conflictf("telemetry.offline", "测站 %s 不在线", "station %s is not connected", r.Station)
	}
	head := sl651.Ask(on.coding, on.centre, r.Station, [2]byte(st.Password), r.Function)
	var m sl651.Message
	m.Reset(0, sl651.StampOf(g.opt.Now())) // of a centre's own: number 0, 6.6.2.4
	r.fill(&m)
	b, err := sl651.Encode(nil, &head, &m)
	if err != nil {
		return nil, nil, fault.Invalidf("telemetry.request", "请求无法编码", "the request cannot be written").Because(err)
	}
	return b, on.link.send, nil
}

// fill writes what a request says, tables 43 to 84.
func (r *Request) fill(m *sl651.Message) {
	switch r.Function {
	case sl651.QueryPeriod:
		m.AddRange(hour(r.From), hour(r.To))
		m.AddStep(r.Step)
		m.AddName(r.Elements[0])
	case sl651.QueryElements:
		for _, id := range r.Elements {
			m.AddName(id)
		}
	case sl651.ReadBasic, sl651.ReadRunning:
		for _, id := range r.Names {
			m.AddParameterName(id)
		}
	case sl651.WriteBasic, sl651.WriteRunning:
		for _, s := range r.Settings {
			if s.Data != nil {
				m.AddData(s.ID, s.Data)
				continue
			}
			row, _ := sl651.ParameterOf(s.ID)
			m.AddParameter(s.ID, sl651.OfDecimal(s.Value.Decimal, row.Decimals))
		}
	}
}

// hour is the stamp of an instant's hour.
func hour(t time.Time) sl651.Stamp {
	s := sl651.StampOf(t)
	s.Minute, s.Second = 0, 0
	return s
}

// check refuses what this gateway does not send. Nothing that moves a pump, a valve or a gate, erases, or changes a password goes through
// here.
func (r *Request) check() error {
	bad := func(place, zh, en string) error {
		return fault.Invalidf("telemetry.request", "请求有误", "the request is wrong").At(place, fault.T(zh, en))
	}
	if strings.TrimSpace(r.Who) == "" {
		return bad("who", "须写明何人请求", "who asks has to be said")
	}
	ids, place := r.Elements, "elements"
	switch r.Function {
	case sl651.QueryNow, sl651.QueryText, sl651.PictureReport, sl651.QueryPumps, sl651.QueryVersion, sl651.QueryStatus, sl651.SetClock, sl651.QueryCounters, sl651.QueryClock:
		return nil
	case sl651.QueryPeriod:
		if len(ids) != 1 {
			return bad(place, "时段查询须指定一个要素", "a period is asked for one element")
		}
		if r.From.IsZero() || r.To.Before(r.From) || r.To.Sub(r.From) > 366*24*time.Hour {
			return bad("from", "起止时间有误", "the period ends before it begins, or is longer than a year")
		}
		if block := ids[0] >= 0xF4 && ids[0] <= 0xFC; block != (r.Step == sl651.Step{}) {
			return bad("step", "时间步长与要素不符", "hourly blocks have step 0, all others have one")
		}
	case sl651.QueryElements:
	case sl651.ReadBasic, sl651.ReadRunning:
		ids, place = r.Names, "names"
	case sl651.WriteBasic, sl651.WriteRunning:
		return r.checkSettings(bad)
	default:
		return bad("function", "此功能码不可下发", "this function is not sent from here")
	}
	if len(ids) == 0 || len(ids) > 64 {
		return bad(place, "须指定 1 至 64 项", "there have to be 1 to 64")
	}
	if place == "names" && slices.ContainsFunc(ids, func(id sl651.ID) bool { return !r.parameter(id) }) {
		return bad(place, "没有此参数", "there is no such parameter, or it is the password")
	}
	return nil
}

// parameter says whether an identifier is a parameter of the function's table, and no password.
func (r *Request) parameter(id sl651.ID) bool {
	_, ok := sl651.ParameterOf(id)
	basic := r.Function == sl651.WriteBasic || r.Function == sl651.ReadBasic
	return ok && id != sl651.PasswordParameter && basic == (id < 0x20)
}

func (r *Request) checkSettings(bad func(place, zh, en string) error) error {
	if len(r.Settings) == 0 || len(r.Settings) > 64 {
		return bad("settings", "须指定 1 至 64 项", "there have to be 1 to 64")
	}
	for i, s := range r.Settings {
		place := fmt.Sprintf("settings[%d]", i)
		if !r.parameter(s.ID) {
			return bad(place, "没有此参数", "there is no such parameter, or it is the password")
		}
		if figure := s.ID >= 0x20 || s.ID == 0x0C; figure != s.Value.Valid || figure != (s.Data == nil) {
			return bad(place, "参数值的类型不符", "a running parameter and the mode are a figure, other basic ones are bytes")
		}
	}
	return nil
}
