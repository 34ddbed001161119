// Package sl651 is the codec of SL 651-2014 (水文监测数据通信规约), the protocol of hydrological field stations: bytes to messages and
// back, in HEX/BCD and in ASCII, up and down.
//
// A Scanner finds frames in a stream, an Assembly joins the packets of one message, a Message holds what a body says, and Encode writes
// it. All of them are kept and used again by their owner, so that a steady stream allocates nothing. Sockets, clocks, policy and storage
// are the business of others.
//
// Times are the field's: UTC+8, two digits for the year, read as 2000 to 2099. A figure is an integer with its decimals, in the unit of
// the element's row, and never a float. What a station marks as missing is missing, not zero. Clauses and tables are those of the standard;
// where the field does otherwise, the place says so. DESIGN.md has the formats byte by byte.
package sl651

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// Coding is how the fields of a frame are written (编码), 6.1.2: one and the same for all traffic of a link.
type Coding uint8

// The codings.
const (
	Hex   Coding = iota // HEX/BCD, begins with 7E7E
	ASCII               // begins with SOH
)

// String is the coding's short name.
func (c Coding) String() string {
	if c == ASCII {
		return "ascii"
	}
	return "hex"
}

// Direction is which way a frame goes (上行, 下行), as the nibble before its length says.
type Direction uint8

// The directions.
const (
	Up   Direction = 0 // from a station to its centre
	Down Direction = 8 // from a centre to a station
)

// String is the direction's short name.
func (d Direction) String() string {
	if d == Down {
		return "down"
	}
	return "up"
}

// The control bytes (控制字符), table 10.
const (
	SOH byte = 0x01 // an ASCII frame begins
	STX byte = 0x02 // the body begins
	ETX byte = 0x03 // the body ends and nothing follows
	EOT byte = 0x04 // confirmed; the station may leave
	ENQ byte = 0x05 // a query or command of the centre
	ACK byte = 0x06 // confirmed; go on
	NAK byte = 0x15 // send the packet of this number again
	SYN byte = 0x16 // the body of one of several packets begins
	ETB byte = 0x17 // the body ends and more follows
	ESC byte = 0x1B // confirmed; stay on line
)

// Control is the name of a control byte, or its two hex digits.
func Control(b byte) string {
	switch b {
	case SOH:
		return "SOH"
	case STX:
		return "STX"
	case ETX:
		return "ETX"
	case EOT:
		return "EOT"
	case ENQ:
		return "ENQ"
	case ACK:
		return "ACK"
	case NAK:
		return "NAK"
	case SYN:
		return "SYN"
	case ETB:
		return "ETB"
	case ESC:
		return "ESC"
	}
	return fmt.Sprintf("%02X", b)
}

// Address is the five bytes of a station's address (遥测站地址), 6.2.3.2. It is a name and no number: stations of the field carry hex
// letters in it.
type Address [5]byte

// String is the address as ten hex digits.
func (a Address) String() string { return strings.ToUpper(hex.EncodeToString(a[:])) }

// ParseAddress reads ten hex digits.
func ParseAddress(s string) (a Address, err error) {
	if len(s) != 10 {
		return a, fmt.Errorf("the address %q has not ten hex digits", s)
	}
	if _, err := hex.Decode(a[:], []byte(s)); err != nil {
		return a, fmt.Errorf("the address %q is not hex", s)
	}
	return a, nil
}

// Display is the address as table 13 and 14 read it: the eight digits of SL 502 where the first byte is 0, else the six digits of the
// division (GB/T 2260) and the number of the station in it, in five.
func (a Address) Display() string {
	if a[0] == 0 {
		return a.String()[2:]
	}
	return fmt.Sprintf("%s-%05d", a.String()[:6], a.number())
}

func (a Address) number() int { return int(a[3])<<8 | int(a[4]) }

// Broadcast says whether the address means all stations of a division, table 14.
func (a Address) Broadcast() bool { return a[0] != 0 && a.number() == 65535 }

// Relay says whether the address is that of a relay (中继站), table 14.
func (a Address) Relay() bool { return a[0] != 0 && a.number() > 60000 && a.number() < 65535 }

// Class is the class of a station (遥测站分类码), annex A: a letter in both codings.
type Class byte

// The classes of annex A. Others are a matter of agreement.
const (
	Rainfall      Class = 'P'
	River         Class = 'H'
	Reservoir     Class = 'K'
	Sluice        Class = 'Z'
	PumpingPlant  Class = 'D'
	Tide          Class = 'T'
	SoilMoisture  Class = 'M'
	Groundwater   Class = 'G'
	WaterQuality  Class = 'Q'
	WaterIntake   Class = 'I'
	WasteWaterOut Class = 'O'
)

// String is the letter, or two hex digits where there is none.
func (c Class) String() string {
	if c > ' ' && c < 0x7F {
		return string(rune(c))
	}
	return fmt.Sprintf("%02X", byte(c))
}
