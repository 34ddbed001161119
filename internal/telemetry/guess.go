package telemetry

import (
	"net/netip"
	"sync"
	"time"

	"anlan/internal/sl651"
	"anlan/internal/telemetry/session"
)

const (
	// mostGuesses is how many wrong passwords of a station one address may send in an hour: there are 65,536, and nothing but an answer tells
	// the right one.
	mostGuesses = 60
	// mostGuessers bounds what is remembered. Who makes up the address of its datagrams hears no answer, and guesses nothing.
	mostGuessers = 50_000
)

// guesses counts wrong passwords by the hour. A station whose password was set anew begins anew.
type guesses struct {
	mu   sync.Mutex // guards what is below
	hour int64
	per  map[guess]int
}

type guess struct {
	remote   netip.Addr
	station  sl651.Address
	password session.Password
}

// of says for one peer whether a frame of a station is to be believed.
func (g *guesses) of(remote string) func(st *session.Station, right bool, at time.Time) bool {
	from, err := netip.ParseAddrPort(remote)
	if err != nil {
		from = netip.AddrPort{} // all whose address is not one share an allowance
	}
	return func(st *session.Station, right bool, at time.Time) bool {
		k := guess{from.Addr().Unmap(), st.Address, st.Password}
		g.mu.Lock()
		defer g.mu.Unlock()
		if hour := at.Unix() / 3600; hour != g.hour || g.per == nil {
			g.hour, g.per = hour, map[guess]int{}
		}
		n := g.per[k]
		if !right && (n > 0 || len(g.per) < mostGuessers) {
			g.per[k] = n + 1
		}
		return n < mostGuesses
	}
}
