package telemetry

import (
	"fmt"
	"testing"
	"time"

	"anlan/internal/sl651"
	"anlan/internal/telemetry/session"
)

// TestGuessesAreBounded: whoever fills what is remembered gains no guesses by it, nor by the many addresses of one network, and stations that
// have spoken are believed all the same.
func TestGuessesAreBounded(t *testing.T) {
	at := time.Date(2026, 7, 2, 4, 0, 0, 0, time.UTC)
	st := &session.Station{Address: sl651.Address{1}, Password: session.Password{0x12, 0x34}}
	var g guesses
	own := g.of("192.0.2.1:1000")
	if !own(st, true, at) {
		t.Fatal("the station itself is not believed")
	}
	believed := func(remote func(n int) string, most int) {
		t.Helper()
		n := 0
		for i := range 5_000 {
			if g.of(remote(i))(st, false, at) {
				n++
			}
		}
		if n > most {
			t.Errorf("believed %d times", n)
		}
	}
	believed(func(int) string { return "198.51.100.7:9" }, mostGuesses)
	believed(func(n int) string { return fmt.Sprintf("[2001:db8::%x]:9", n+1) }, mostGuesses)
	for n := range mostGuessers + 10 {
		other := &session.Station{Address: sl651.Address{2, byte(n >> 16), byte(n >> 8), byte(n)}}
		g.of("203.0.113.5:9")(other, false, at)
	}
	believed(func(n int) string { return fmt.Sprintf("10.0.%d.%d:9", n>>8, n&0xFF) }, mostGuesses)
	if len(g.wrong) > mostGuessers+20 || g.of("10.9.9.9:1")(st, true, at) {
		t.Errorf("%d are remembered, or a new guesser is believed", len(g.wrong))
	}
	if !own(st, true, at) || !g.of("10.9.9.9:1")(st, true, at.Add(time.Hour)) {
		t.Error("who had the right password is not believed, or not in the next hour")
	}
}
