package sl651

import (
	"math"
	"strconv"

	"anlan/internal/quantity"
)

// State says whether a value is there.
type State uint8

// The states. A Value that nobody set is missing.
const (
	Missing  State = iota // F in every place, 6.6.4.4 d; M in ASCII
	MissingA              // A in every place, as many makers send it
	Present
)

// Value is one figure as a station sent it: exact, with the decimals it was sent with.
type Value struct {
	Digits   int64 // the figure without its point
	Decimals uint8
	State    State
	Minus    bool // a zero that was sent as a negative number, so that it can be sent so again
}

// Of makes a value that is there: Of(1049, 2) is 10.49.
func Of(digits int64, decimals uint8) Value {
	return Value{Digits: digits, Decimals: decimals, State: Present}
}

// OfDecimal makes a value of an exact figure, rounded half away from zero to the decimals of an element, at most six.
func OfDecimal(d quantity.Decimal, decimals uint8) Value {
	d = d.Round(int(decimals))
	return Of(int64(d)/pow10[6-min(decimals, 6)], min(decimals, 6))
}

var pow10 = [...]int64{1, 10, 100, 1000, 10000, 100000, 1000000}

// Decimal is the figure, and whether there is one that a quantity.Decimal can hold.
func (v Value) Decimal() (quantity.Decimal, bool) {
	if v.State != Present {
		return 0, false
	}
	d := v.Digits
	if v.Decimals > 6 {
		if v.Decimals > 7 || d%10 != 0 {
			return 0, false
		}
		return quantity.Decimal(d / 10), true
	}
	scale := pow10[6-v.Decimals]
	if d > math.MaxInt64/scale || d < -math.MaxInt64/scale {
		return 0, false
	}
	return quantity.Decimal(d * scale), true
}

// Append writes the figure with its decimals, or nothing where it is missing.
func (v Value) Append(dst []byte) []byte {
	if v.State != Present {
		return dst
	}
	d := uint64(v.Digits)
	if v.Digits < 0 {
		d = -d
	}
	if v.Digits < 0 || v.Minus {
		dst = append(dst, '-')
	}
	var room [20]byte
	text, places := strconv.AppendUint(room[:0], d, 10), int(v.Decimals)
	whole := len(text) - places
	if whole > 0 {
		dst, text = append(dst, text[:whole]...), text[whole:]
	} else {
		dst = append(dst, '0')
	}
	if places == 0 {
		return dst
	}
	dst = appendSame(append(dst, '.'), '0', max(-whole, 0))
	return append(dst, text...)
}

// String is the figure with its decimals, or M where it is missing, as the standard writes that in ASCII.
func (v Value) String() string {
	if v.State != Present {
		return "M"
	}
	return string(v.Append(nil))
}

// bcd are the two digits of a byte as a number, and 255 for what is none.
var bcd = func() (t [256]byte) {
	for c := range t {
		if t[c] = 0xFF; c>>4 < 10 && c&0xF < 10 {
			t[c] = byte(c>>4*10 + c&0xF)
		}
	}
	return t
}()

// bcdValue reads a figure in packed BCD, 6.6.3.3. FF before the digits makes it negative, and so does FF in the place of the first two, as
// some write it; both read alike. It is no figure where a digit is none, or where there are more than eighteen.
func bcdValue(b []byte, decimals uint8) (Value, bool) {
	v := Value{Decimals: decimals, State: Present}
	if len(b) == 0 {
		return Value{}, false
	}
	first := b[0]
	if first == 0xFF || first == 0xAA {
		if same(b, first) {
			v.State = Missing
			if first == 0xAA {
				v.State = MissingA
			}
			return v, true
		}
		if first == 0xAA {
			return Value{}, false
		}
		b = b[1:]
	}
	for _, c := range b {
		d := bcd[c]
		if d > 99 || v.Digits > 1e16-1 {
			return Value{}, false
		}
		v.Digits = v.Digits*100 + int64(d)
	}
	if first == 0xFF {
		v.Digits, v.Minus = -v.Digits, v.Digits == 0
	}
	return v, true
}

func same(b []byte, c byte) bool {
	for _, x := range b {
		if x != c {
			return false
		}
	}
	return true
}

// appendBCDValue writes a figure in n bytes, and says whether it fits.
func appendBCDValue(dst []byte, v Value, n int) ([]byte, bool) {
	switch v.State {
	case Missing:
		return appendSame(dst, 0xFF, n), n > 0
	case MissingA:
		return appendSame(dst, 0xAA, n), n > 0
	}
	d := uint64(v.Digits)
	if v.Digits < 0 {
		d = -d
	}
	if v.Digits < 0 || v.Minus {
		if n < 2 {
			return dst, false
		}
		dst = append(dst, 0xFF)
		n--
	}
	from := len(dst)
	dst = appendSame(dst, 0, n)
	for i := from + n - 1; i >= from; i-- {
		dst[i] = byte(d/10%10<<4 | d%10)
		d /= 100
	}
	return dst, d == 0 && n > 0
}

func appendSame(dst []byte, c byte, n int) []byte {
	for range n {
		dst = append(dst, c)
	}
	return dst
}

// hexValue reads an unsigned number of n bytes; F in every place is missing where filler says so.
func hexValue(b []byte, decimals uint8, filler bool) Value {
	if filler && same(b, 0xFF) {
		return Value{Decimals: decimals}
	}
	v := Value{Decimals: decimals, State: Present}
	for _, c := range b {
		v.Digits = v.Digits<<8 | int64(c)
	}
	return v
}

// appendHexValue writes an unsigned number in n bytes, and says whether it fits.
func appendHexValue(dst []byte, v Value, n int, filler bool) ([]byte, bool) {
	if v.State != Present {
		return appendSame(dst, 0xFF, n), filler
	}
	fits := v.Digits >= 0 && v.Digits < 1<<(8*n)
	if filler && v.Digits == 1<<(8*n)-1 {
		fits = false // it would read as missing
	}
	for i := n - 1; i >= 0; i-- {
		dst = append(dst, byte(v.Digits>>(8*i)))
	}
	return dst, fits
}

// textValue reads a figure in ASCII, 6.6.2.2: M for missing, else a decimal number. F in every place is read as missing too.
func textValue(b []byte) (Value, bool) {
	if len(b) == 1 && b[0] == 'M' || len(b) > 0 && same(b, 'F') {
		return Value{}, true
	}
	v := Value{State: Present}
	minus, point, seen := false, false, 0
	for i, c := range b {
		switch {
		case c == '-' && i == 0:
			minus = true
		case c == '+' && i == 0:
		case c == '.' && !point:
			point = true
		case c >= '0' && c <= '9':
			if v.Digits > 1e17-1 || v.Decimals == 7 {
				return Value{}, false
			}
			v.Digits = v.Digits*10 + int64(c-'0')
			seen++
			if point {
				v.Decimals++
			}
		default:
			return Value{}, false
		}
	}
	if seen == 0 {
		return Value{}, false
	}
	if minus {
		v.Digits, v.Minus = -v.Digits, v.Digits == 0
	}
	return v, true
}

// unhex reads two hex digits for each byte of dst that src has, and says whether they are digits.
func unhex(dst, src []byte) bool {
	if len(src)%2 != 0 {
		return false
	}
	for i := range len(src) / 2 {
		hi, lo := nibbles[src[2*i]], nibbles[src[2*i+1]]
		if hi|lo > 0xF {
			return false
		}
		dst[i] = hi<<4 | lo
	}
	return true
}
