package session

import (
	"encoding/hex"
	"sync"

	"anlan/internal/sl651"
)

// Key is what a message is known by: a hash of its head and body without the password. The same message sent again has the same key.
type Key [16]byte

// String is the key in hex digits.
func (k Key) String() string { return hex.EncodeToString(k[:]) }

// Memory knows what stations sent lately, so that what comes again is answered and not handed on again. It may be used by several
// goroutines.
type Memory struct {
	per int

	mu       sync.Mutex // guards what is below, and all receipts
	stations map[sl651.Address]*lately
}

// lately are the last messages of one station, the oldest at next.
type lately struct {
	slots []slot
	next  int
}

type slot struct {
	key     Key
	receipt *Receipt // nil once it was kept
	partly  bool     // it was set aside too, since part of it made no readings
}

// NewMemory makes a memory of so many messages of each station, 32 where 0.
func NewMemory(per int) *Memory {
	if per <= 0 {
		per = 32
	}
	return &Memory{per: per, stations: map[sl651.Address]*lately{}}
}

// Receipt is what the replies to one message wait for, however often it came.
type Receipt struct {
	memory   *Memory
	station  sl651.Address
	key      Key
	finished bool
	kept     bool
	then     []func(kept bool)
}

// Begin is the receipt of a message, and whether the message is new: then it has to be handed on and the receipt finished.
func (m *Memory) Begin(a sl651.Address, k Key) (*Receipt, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.stations[a]
	if l == nil {
		l = &lately{}
		m.stations[a] = l
	}
	for i := range l.slots {
		if l.slots[i].key != k {
			continue
		}
		if r := l.slots[i].receipt; r != nil {
			return r, false
		}
		return &Receipt{memory: m, finished: true, kept: true}, false
	}
	r := &Receipt{memory: m, station: a, key: k}
	if len(l.slots) < m.per {
		l.slots = append(l.slots, slot{key: k, receipt: r})
		return r, true
	}
	l.slots[l.next] = slot{key: k, receipt: r}
	l.next = (l.next + 1) % m.per
	return r, true
}

// Partly notes of a message that part of it made no readings.
func (m *Memory) Partly(a sl651.Address, k Key) {
	m.each(a, k, func(s *slot) { s.partly = true })
}

// Reopen makes a message new that was kept in part.
func (m *Memory) Reopen(a sl651.Address, k Key) {
	m.each(a, k, func(s *slot) {
		if s.partly && s.receipt == nil {
			*s = slot{}
		}
	})
}

func (m *Memory) each(a sl651.Address, k Key, f func(*slot)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.stations[a]
	if l == nil {
		return
	}
	for i := range l.slots {
		if l.slots[i].key == k {
			f(&l.slots[i])
		}
	}
}

// Finish says whether the message was kept, to all who wait. What was not kept is forgotten, and new when it comes again. Only the first
// call counts.
func (r *Receipt) Finish(kept bool) {
	for _, f := range r.finish(kept) {
		f(kept)
	}
}

func (r *Receipt) finish(kept bool) []func(bool) {
	r.memory.mu.Lock()
	defer r.memory.mu.Unlock()
	if r.finished {
		return nil
	}
	r.finished, r.kept = true, kept
	for l, i := r.memory.stations[r.station], 0; i < len(l.slots); i++ {
		if s := &l.slots[i]; s.receipt == r {
			if s.receipt = nil; !kept {
				s.key = Key{}
			}
		}
	}
	then := r.then
	r.then = nil
	return then
}

// Lost says that the message was not kept.
func (r *Receipt) Lost() bool {
	r.memory.mu.Lock()
	defer r.memory.mu.Unlock()
	return r.finished && !r.kept
}

// Then calls f once the receipt is finished, at once where it is already. It is called by whoever finishes, and must not wait.
func (r *Receipt) Then(f func(kept bool)) {
	r.memory.mu.Lock()
	if !r.finished {
		r.then = append(r.then, f)
		r.memory.mu.Unlock()
		return
	}
	kept := r.kept
	r.memory.mu.Unlock()
	f(kept)
}
