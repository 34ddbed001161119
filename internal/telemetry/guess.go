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
	// mostGuessers bounds what is remembered; those beyond share one count for each station.
	mostGuessers = 50_000
)

// guesses counts wrong passwords by the hour. A station whose password was set anew begins anew.
type guesses struct {
	mu    sync.Mutex // guards what is below
	hour  int64
	wrong map[guess]int
	right map[guess]struct{} // who sent the right one in this hour before any doubt: others who guess take nothing from them
}

// guess is who sends passwords of a station; the address is zero for all that there was no room for.
type guess struct {
	remote   netip.Addr
	station  sl651.Address
	password session.Password
}

// of says for one peer whether a frame of a station is to be believed.
func (g *guesses) of(remote string) func(st *session.Station, right bool, at time.Time) bool {
	from := guesserOf(remote)
	return func(st *session.Station, right bool, at time.Time) bool {
		k := guess{from, st.Address, st.Password}
		g.mu.Lock()
		defer g.mu.Unlock()
		if hour := at.Unix() / 3600; hour != g.hour || g.wrong == nil {
			g.hour, g.wrong, g.right = hour, map[guess]int{}, map[guess]struct{}{}
		}
		if _, ok := g.right[k]; ok && right {
			return true
		}
		if _, listed := g.wrong[k]; !listed && len(g.wrong) >= mostGuessers {
			k.remote = netip.Addr{}
		}
		n := g.wrong[k]
		if !right {
			g.wrong[k] = n + 1
		} else if n < mostGuesses && len(g.right) < mostGuessers {
			g.right[guess{from, st.Address, st.Password}] = struct{}{}
		}
		return n < mostGuesses
	}
}

// guesserOf is whom a guess is counted for: an address, and of IPv6 the network that one subscriber has.
func guesserOf(remote string) netip.Addr {
	from, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{} // all whose address is not one share an allowance
	}
	a := from.Addr().Unmap()
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			a = p.Addr()
		}
	}
	return a
}
