package sl651

// Frame is one frame. It is made by Parse or by its owner, and used again as often as wanted.
type Frame struct {
	Coding    Coding
	Direction Direction
	Centre    byte // the centre's address (中心站地址), 1 to 255; the field also sends 0
	Station   Address
	Password  [2]byte // never to be shown
	Function  Function
	Start     byte   // STX, or SYN for one of several packets
	Total     uint16 // the number of packets, after SYN
	Sequence  uint16 // the number of this packet, from 1, after SYN
	End       byte
	CRC       uint16 // as it was read; Append works its own out
	Body      []byte // without the packet's numbers; aliases what was parsed
	// Long lets an uplink packet after SYN have a length of sixteen bits (table 22), where the direction's nibble belongs to the length.
	Long bool

	lower uint64 // the hex digits of an ASCII frame that came as small letters: head, numbers, check code
}

// The sizes of what is not body, tables 16 to 23.
const (
	hexHead   = 14 // up to STX or SYN, that byte included
	hexTail   = 3  // end byte and check code
	asciiHead = 24
	asciiTail = 5

	// MaxBody is the longest body of the twelve-bit length field, the numbers of the packet included.
	MaxBody = 0xFFF
	// MaxFrame is the longest frame of the twelve-bit length field, in bytes.
	MaxFrame = MaxBody + asciiHead + asciiTail
	// MaxLongFrame is the longest frame where packets may have a length of sixteen bits.
	MaxLongFrame = 0xFFFF + hexHead + hexTail
)

// Several says whether the frame is one of several packets (多包传输), mode M3.
func (f *Frame) Several() bool { return f.Start == SYN }

// Offset is where the body begins in the frame, for the place of an error in it.
func (f *Frame) Offset() int {
	n := hexHead
	if f.Coding == ASCII {
		n = asciiHead
	}
	if f.Several() {
		n += f.numbers()
	}
	return n
}

// numbers is how many bytes the packet's numbers take after SYN.
func (f *Frame) numbers() int {
	if f.Coding == ASCII {
		return 6
	}
	return 3
}

// Parse reads the frame that begins with the first byte and says how many bytes it takes; what stands behind it is not looked at. The error
// is an *Error. Where it is Short, more bytes may complete the frame: what is there already can be the beginning of one. Where it is
// BadCRC, the frame is whole but for its check code, so that its sender can be told.
func (f *Frame) Parse(b []byte) (n int, err error) {
	n, e := f.parse(b, false)
	return n, e.or()
}

// ParseLong is Parse where packets of an uplink may have a length of sixteen bits, table 22.
func (f *Frame) ParseLong(b []byte) (n int, err error) {
	n, e := f.parse(b, true)
	return n, e.or()
}

func (f *Frame) parse(b []byte, long bool) (int, Error) {
	*f = Frame{}
	switch {
	case len(b) == 0:
		return 0, Error{Reason: Short}
	case b[0] == SOH:
		return f.parseASCII(b)
	case b[0] != 0x7E || len(b) > 1 && b[1] != 0x7E:
		return 0, Error{Reason: NoStart}
	}
	return f.parseHex(b, long)
}

func (f *Frame) parseHex(b []byte, long bool) (int, Error) {
	// Bytes that cannot become a frame are refused before all are there, so that a stream does not wait for them.
	if len(b) > 11 {
		if nibble := b[11] >> 4; nibble != 0 && nibble != 8 && !long {
			return 0, Error{Reason: BadDirection, At: 11, Got: uint32(nibble)}
		}
	}
	if len(b) < hexHead {
		return 0, Error{Reason: Short, At: len(b)}
	}
	f.Start = b[13]
	if f.Start != STX && f.Start != SYN {
		return 0, Error{Reason: BadStart, At: 13, Got: uint32(f.Start)}
	}
	length := int(b[11]&0xF)<<8 | int(b[12])
	switch nibble := b[11] >> 4; {
	case nibble == 8:
		f.Direction = Down
	case nibble != 0 && f.Start == SYN: // only where long: table 22 lets the length run to FFFF
		length |= int(nibble) << 12
		f.Long = true
	case nibble != 0:
		return 0, Error{Reason: BadDirection, At: 11, Got: uint32(nibble)}
	}
	if f.Direction == Up { // table 20 and 22
		f.Centre = b[2]
		copy(f.Station[:], b[3:8])
	} else { // table 21 and 23
		copy(f.Station[:], b[2:7])
		f.Centre = b[7]
	}
	f.Password = [2]byte(b[8:10])
	f.Function = Function(b[10])
	if f.Start == SYN && length < 3 {
		return 0, Error{Reason: BadLength, At: 11, Got: uint32(length), Want: 3}
	}
	n := hexHead + length + hexTail
	end := hexHead + length
	if len(b) < n {
		return 0, Error{Reason: Short, At: len(b), Want: uint32(n)}
	}
	f.Body, f.End = b[hexHead:end:end], b[end]
	f.CRC = uint16(b[n-2])<<8 | uint16(b[n-1])
	if f.Start == SYN { // table 22: twelve bits each
		f.Total, f.Sequence = uint16(f.Body[0])<<4|uint16(f.Body[1])>>4, uint16(f.Body[1]&0xF)<<8|uint16(f.Body[2])
		f.Body = f.Body[3:]
	}
	if e := f.checkEnd(end); e.Reason != 0 {
		return 0, e
	}
	return f.checkCRC(b[:n-2], n, end)
}

func (f *Frame) parseASCII(b []byte) (int, Error) {
	var head [11]byte // address and centre 6, password 2, function 1, direction and length 2
	for i := 1; i < asciiHead-1; i++ {
		if i >= len(b) {
			return 0, Error{Reason: Short, At: len(b)}
		}
		v := f.digit(b[i], i-1)
		if v > 0xF {
			return 0, Error{Reason: BadHead, At: i}
		}
		head[(i-1)/2] = head[(i-1)/2]<<4 | v
	}
	switch f.Direction = Direction(head[9] >> 4); f.Direction {
	case Up: // table 16 and 18
		f.Centre = head[0]
		copy(f.Station[:], head[1:6])
	case Down: // table 17 and 19
		copy(f.Station[:], head[:5])
		f.Centre = head[5]
	default:
		return 0, Error{Reason: BadDirection, At: 19, Got: uint32(f.Direction)}
	}
	if len(b) < asciiHead {
		return 0, Error{Reason: Short, At: len(b)}
	}
	f.Coding = ASCII
	f.Password = [2]byte(head[6:8])
	f.Function = Function(head[8])
	f.Start = b[23]
	length := int(head[9]&0xF)<<8 | int(head[10])
	switch {
	case f.Start != STX && f.Start != SYN:
		return 0, Error{Reason: BadStart, At: 23, Got: uint32(f.Start)}
	case f.Start == SYN && length < 6:
		return 0, Error{Reason: BadLength, At: 19, Got: uint32(length), Want: 6}
	}
	n := asciiHead + length + asciiTail
	end := asciiHead + length
	if len(b) < n {
		return 0, Error{Reason: Short, At: len(b), Want: uint32(n)}
	}
	f.Body, f.End = b[asciiHead:end:end], b[end]
	if e := f.checkEnd(end); e.Reason != 0 {
		return 0, e
	}
	if f.Start == SYN {
		var numbers uint32
		for i, c := range f.Body[:6] {
			v := f.digit(c, 22+i)
			if v > 0xF {
				return 0, Error{Reason: BadHead, At: asciiHead + i}
			}
			numbers = numbers<<4 | uint32(v)
		}
		f.Total, f.Sequence = uint16(numbers>>12), uint16(numbers&0xFFF)
		f.Body = f.Body[6:]
	}
	for i, c := range b[n-4 : n] {
		v := f.digit(c, 28+i)
		if v > 0xF {
			return 0, Error{Reason: BadHead, At: n - 4 + i}
		}
		f.CRC = f.CRC<<4 | uint16(v)
	}
	return f.checkCRC(b[:n-4], n, end)
}

// digit is the value of a hex digit, and remembers whether the k-th of the frame was a small letter.
func (f *Frame) digit(c byte, k int) byte {
	if c >= 'a' && c <= 'f' {
		f.lower |= 1 << k
	}
	return nibbles[c]
}

// checkEnd holds the end byte against tables 20 to 23.
func (f *Frame) checkEnd(at int) Error {
	switch f.End {
	case ETX, ETB:
		if f.Direction == Up {
			return Error{}
		}
	case ENQ, ACK, EOT, ESC, NAK:
		if f.Direction == Down {
			return Error{}
		}
	}
	return Error{Reason: BadEnd, At: at, Got: uint32(f.End)}
}

// checkCRC holds the check code over all bytes before it, and then the packet's numbers.
func (f *Frame) checkCRC(covered []byte, n, end int) (int, Error) {
	if sum := checksum(covered); f.CRC != sum {
		return n, Error{Reason: BadCRC, At: end + 1, Got: uint32(f.CRC), Want: uint32(sum)}
	}
	if f.Start == SYN && (f.Sequence == 0 || f.Sequence > f.Total) {
		return 0, Error{Reason: BadPacket, At: f.Offset() - f.numbers(), Got: uint32(f.Sequence), Want: uint32(f.Total)}
	}
	return n, Error{}
}

// nibbles are the values of hex digits, and 255 for what is none.
var nibbles = func() (t [256]byte) {
	for c := range t {
		t[c] = 0xFF
	}
	for i := range 16 {
		t[digits[i]] = byte(i)
	}
	for i := 10; i < 16; i++ {
		t[digits[i]+'a'-'A'] = byte(i)
	}
	return t
}()

const digits = "0123456789ABCDEF"

// Append writes the frame with its Body, and a check code of its own. It refuses a body that its length field cannot hold.
func (f *Frame) Append(dst []byte) ([]byte, error) {
	from := len(dst)
	dst = f.appendHead(dst)
	return f.finish(append(dst, f.Body...), from)
}

// Encode writes the frame with the message as its body.
func Encode(dst []byte, f *Frame, m *Message) ([]byte, error) {
	from := len(dst)
	out, err := m.AppendBody(f.appendHead(dst), f)
	if err != nil {
		return dst, err
	}
	return f.finish(out, from)
}

// appendHead writes all before the body, with a length of 0.
func (f *Frame) appendHead(dst []byte) []byte {
	var head [11]byte
	if f.Direction == Up {
		head[0] = f.Centre
		copy(head[1:], f.Station[:])
	} else {
		copy(head[:], f.Station[:])
		head[5] = f.Centre
	}
	copy(head[6:], f.Password[:])
	head[8], head[9] = byte(f.Function), byte(f.Direction)<<4
	packet := [3]byte{byte(f.Total >> 4), byte(f.Total<<4) | byte(f.Sequence>>8), byte(f.Sequence)}
	if f.Coding == Hex {
		dst = append(append(append(dst, 0x7E, 0x7E), head[:]...), f.Start)
		if f.Several() {
			dst = append(dst, packet[:]...)
		}
		return dst
	}
	dst = append(f.appendDigits(append(dst, SOH), head[:], 0), f.Start)
	if f.Several() {
		dst = f.appendDigits(dst, packet[:], 22)
	}
	return dst
}

// finish puts in the length and writes all behind the body.
func (f *Frame) finish(dst []byte, from int) ([]byte, error) {
	head, limit := hexHead, MaxBody
	if f.Coding == ASCII {
		head = asciiHead
	} else if f.Long && f.Several() && f.Direction == Up {
		limit = 0xFFFF
	}
	length := len(dst) - from - head
	if length > limit {
		return dst[:from], &Error{Reason: BadLength, At: head, Got: uint32(length), Want: uint32(limit)}
	}
	field := [2]byte{byte(f.Direction)<<4 | byte(length>>8), byte(length)}
	dst = append(dst, f.End)
	if f.Coding == Hex {
		copy(dst[from+11:], field[:])
		sum := checksum(dst[from:])
		return append(dst, byte(sum>>8), byte(sum)), nil
	}
	f.appendDigits(dst[:from+19], field[:], 18)
	sum := checksum(dst[from:])
	return f.appendDigits(dst, []byte{byte(sum >> 8), byte(sum)}, 28), nil
}

// appendDigits writes bytes as hex digits, of which the first is the k-th of the frame. A digit that came as a small letter goes as one.
func (f *Frame) appendDigits(dst, b []byte, k int) []byte {
	for i, v := range b {
		for j, d := range [2]byte{digits[v>>4], digits[v&0xF]} {
			if d >= 'A' && f.lower>>(k+2*i+j)&1 == 1 {
				d += 'a' - 'A'
			}
			dst = append(dst, d)
		}
	}
	return dst
}

func appendHex(dst, b []byte) []byte {
	for _, v := range b {
		dst = append(dst, digits[v>>4], digits[v&0xF])
	}
	return dst
}
