package session

import (
	"anlan/internal/quantity"
	"anlan/internal/sl651"
)

// Mode is how a station sends (工作模式), 6.3. What comes in several packets is M3 whatever the policy says.
type Mode uint8

// The modes.
const (
	M1 Mode = iota + 1 // it sends, and is not answered
	M2                 // it sends, and is confirmed
	M3                 // it sends several packets, and is confirmed once
	M4                 // it answers
)

// Password is a station's password (密码). It prints as stars.
type Password [2]byte

// String hides the password.
func (Password) String() string { return "****" }

// GoString hides the password.
func (Password) GoString() string { return "****" }

// MarshalText hides the password.
func (Password) MarshalText() ([]byte, error) { return []byte("****"), nil }

// Station is the policy of a field station (遥测站): what is known of it before it speaks.
type Station struct {
	Address     sl651.Address
	Object      string // what the owner of the policy knows it by
	Mode        Mode
	Stay        bool // confirmed with ESC and not with EOT: it keeps its link and can be asked
	Password    Password
	AnyPassword bool
	Centre      byte // the centre's address it sends to; any where 0
	// HourEnds says that hourly blocks carry the end of the hour, and not hh:05 as table 36 has it.
	HourEnds bool
	Elements map[sl651.ID]Element
}

// Element is what an element of a station's frames means.
type Element struct {
	Quantity string // Ignored where nobody wants it
	// Base is added to each value: the base (水位基值) of a relative level, parameters 28 to 2F. Levels F5 to FC are relative always, and need one.
	Base quantity.Null
}

// Ignored is the quantity of an element that is of no interest: its figures stay in their frames, and no frame is set aside for it.
const Ignored = "ignored"

func (s *Station) takes(p [2]byte) bool { return s.AnyPassword || [2]byte(s.Password) == p }

// end is what a confirmation ends with, table 10.
func (s *Station) end(up *sl651.Frame) byte {
	switch {
	case up.End == sl651.ETB && !up.Several():
		return sl651.ACK
	case s.Stay:
		return sl651.ESC
	}
	return sl651.EOT
}
