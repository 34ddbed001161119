package sl651

import "fmt"

// Reason is what is wrong with bytes. It is an error of its own, so that errors.Is(err, sl651.BadCRC) tells one from another.
type Reason uint8

// The reasons, those of frames first.
const (
	Short        Reason = iota + 1 // bytes are missing; more may complete the frame
	NoStart                        // neither 7E7E nor SOH
	BadHead                        // no hex digit in the head of an ASCII frame
	BadDirection                   // the nibble before the length is neither 0 nor 8
	BadStart                       // neither STX nor SYN before the body
	BadLength                      // the length does not hold what it should, or is more than was agreed
	BadEnd                         // no end byte of that direction
	BadCRC                         // the check code does not hold
	BadPacket                      // a packet numbered 0, beyond the number of packets, or of another message
	BadFunction                    // a function code the standard reserves
	Cut                            // the body ends within a group
	BadTime                        // no time in the calendar
	BadDigits                      // no decimal digit, or no hex digit in ASCII, where one has to be
	BadElement                     // an identifier that cannot be
	BadStep                        // a time step that leaves the times of a series unknown
	BadSeries                      // a series whose values do not share out evenly
	TooMany                        // more groups or values than a message may have
)

var reasons = [...]string{
	Short: "short frame", NoStart: "no start", BadHead: "bad head", BadDirection: "bad direction", BadStart: "bad start byte",
	BadLength: "bad length", BadEnd: "bad end byte", BadCRC: "bad check code", BadPacket: "bad packet number", BadFunction: "unknown function",
	Cut: "cut body", BadTime: "bad time", BadDigits: "bad digits", BadElement: "bad identifier", BadStep: "bad time step",
	BadSeries: "uneven series", TooMany: "too many groups",
}

// Error names the reason.
func (r Reason) Error() string {
	if int(r) < len(reasons) && reasons[r] != "" {
		return reasons[r]
	}
	return fmt.Sprintf("reason %d", uint8(r))
}

// Error is what is wrong with bytes and where. It unwraps to its Reason.
type Error struct {
	Reason Reason
	Body   bool   // At counts from the start of the body, not of the frame
	At     int    // byte, from 0
	Got    uint32 // what is there, where it can be said without giving away what is secret
	Want   uint32
}

// Unwrap is the reason.
func (e *Error) Unwrap() error { return e.Reason }

// Error says reason, place and what was found.
func (e *Error) Error() string {
	place := fmt.Sprintf("byte %d", e.At)
	if e.Body {
		place += " of the body"
	}
	return e.Reason.Error() + ": " + place + ": " + e.text()
}

func (e *Error) text() string {
	switch e.Reason {
	case Short:
		if e.Want > 0 {
			return fmt.Sprintf("the frame ends, %d bytes are due", e.Want)
		}
		return "the frame ends within its head"
	case NoStart:
		return "a frame begins with 7E7E or 01"
	case BadHead:
		return "no hex digit"
	case BadDirection:
		return fmt.Sprintf("direction %X is neither 0 (up) nor 8 (down)", e.Got)
	case BadStart:
		return fmt.Sprintf("%02X is neither STX nor SYN", e.Got)
	case BadLength:
		return fmt.Sprintf("a length of %d, where %d would do", e.Got, e.Want)
	case BadEnd:
		return fmt.Sprintf("%02X ends no frame of this direction", e.Got)
	case BadCRC:
		return fmt.Sprintf("%04X is sent, %04X is due", e.Got, e.Want)
	case BadPacket:
		return fmt.Sprintf("there is no packet %d of %d here", e.Got, e.Want)
	case BadFunction:
		return fmt.Sprintf("function %02X is reserved", e.Got)
	case Cut:
		return fmt.Sprintf("the body ends, %d bytes are due", e.Want)
	case BadTime:
		return "no time in the calendar"
	case BadDigits:
		return fmt.Sprintf("no digits in the data of %s", ID(e.Got))
	case BadElement:
		return fmt.Sprintf("there is no identifier %s", ID(e.Got))
	case BadStep:
		return fmt.Sprintf("with step 0 only hourly blocks can be, not %s", ID(e.Got))
	case BadSeries:
		return fmt.Sprintf("%d do not share out over %d", e.Got, e.Want)
	case TooMany:
		return fmt.Sprintf("no more than %d are read", e.Want)
	}
	return "broken"
}

// or is the error where there is one.
func (e Error) or() error {
	if e.Reason == 0 {
		return nil
	}
	kept := e // a copy, so that only a failure reaches the heap
	return &kept
}
