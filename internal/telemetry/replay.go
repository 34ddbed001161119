package telemetry

import (
	"slices"

	"anlan/internal/fault"
	"anlan/internal/telemetry/session"
)

// Replay takes a frame that was set aside (Held.Raw) as a person wants it, once what it lacked is there: its password and centre are not
// asked for. One that was taken but for elements without a quantity is taken anew. The packets of one message are given together, one behind the other. It returns after the commit. What still cannot be taken is refused as invalid, and is not set aside again.
func (g *Gateway) Replay(raw []byte) error {
	if !g.begin() {
		return fault.New(fault.Unavailable, "telemetry.closing", fault.T("服务正在停止", "the server is stopping"))
	}
	defer g.wg.Done()
	s := session.New(session.Options{
		Memory: g.memory, Remote: "replay", Message: g.lim.Message, Room: g.room, Trusted: true,
		Stations: g.station,
	})
	defer s.Close()
	var taken []session.Outcome
	// What Receive gives is good until Drop.
	unmapped := ""
	for _, o := range append(slices.Clone(s.Receive(raw, g.opt.Now())), s.Drop(g.opt.Now())...) {
		switch {
		case o.Held == nil:
		case o.Held.Reason == session.Unmapped: // what the policy names is taken
			unmapped, o.Held = o.Held.Detail, nil
		case o.Held.Reason == session.Tested:
			return fault.Invalidf("telemetry.replay", "测试报的数值不作观测值", "figures of a test report are no observations")
		default:
			return fault.Invalidf("telemetry.replay", "报文仍不能接收:%s %s", "the frame still cannot be taken: %s %s", o.Held.Reason, o.Held.Detail)
		}
		if len(o.Reports) > 0 {
			taken = append(taken, o)
		}
	}
	switch {
	case s.Counters().Unknowable > 0:
		return fault.New(fault.Unavailable, "telemetry.stations", fault.T("站点信息暂时无法查询", "what is known of the station cannot be asked for now"))
	case len(taken) == 0:
		return fault.Invalidf("telemetry.replay", "其中没有可接收的完整报文", "there is no whole message in it")
	}
	for _, kept := range g.keep(taken) {
		if !kept {
			return fault.New(fault.Unavailable, "telemetry.store", fault.T("未能保存,请稍后再试", "it was not kept; try again later"))
		}
	}
	if unmapped != "" {
		return fault.Invalidf("telemetry.unmapped", "要素 %s 仍未对应观测量，其余已接收", "elements %s still mean no quantity; the others were taken", unmapped)
	}
	return nil
}

// begin counts work in that Close waits for, unless it has begun.
func (g *Gateway) begin() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closing {
		return false
	}
	g.wg.Add(1)
	return true
}
