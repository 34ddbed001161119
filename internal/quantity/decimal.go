package quantity

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// Decimal is an exact figure in millionths of its unit; its range is about ±9.2 × 10¹².
type Decimal int64

// Scale is the number of millionths in one unit.
const Scale = 1_000_000

const decimals = 6

// ErrRange says that a figure does not fit a Decimal.
var ErrRange = errors.New("figure is out of range")

// ErrPrecision says that a figure has more than six decimals.
var ErrPrecision = errors.New("figure has more than six decimals")

// Int makes a Decimal from a whole number.
func Int(n int64) Decimal { return Decimal(n * Scale) }

// Parse reads a plain decimal figure such as "-1234.5"; office notations are the workbook room's business.
func Parse(s string) (Decimal, error) {
	t := s
	neg := strings.HasPrefix(t, "-")
	if neg || strings.HasPrefix(t, "+") {
		t = t[1:]
	}
	whole, frac, hasPoint := strings.Cut(t, ".")
	if whole == "" && frac == "" || hasPoint && frac == "" {
		return 0, fmt.Errorf("%q is not a figure", s)
	}
	frac = strings.TrimRight(frac, "0")
	if len(frac) > decimals {
		return 0, fmt.Errorf("%q: %w", s, ErrPrecision)
	}
	digits := strings.TrimLeft(whole, "0") + frac + strings.Repeat("0", decimals-len(frac))
	for _, c := range whole + frac {
		if c < '0' || c > '9' {
			return 0, fmt.Errorf("%q is not a figure", s)
		}
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q: %w", s, ErrRange)
	}
	if neg {
		n = -n
	}
	return Decimal(n), nil
}

// MustParse is Parse for figures written in the program; it panics on a bad one.
func MustParse(s string) Decimal {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// String writes the figure with no trailing zeros.
func (d Decimal) String() string {
	neg := d < 0
	u := magnitude(d)
	s := strconv.FormatUint(u/Scale, 10)
	if f := u % Scale; f != 0 {
		s += "." + strings.TrimRight(fmt.Sprintf("%06d", f), "0")
	}
	if neg {
		s = "-" + s
	}
	return s
}

// Fixed writes the figure rounded half away from zero to places decimals (0 to 6).
func (d Decimal) Fixed(places int) string {
	d = d.Round(places)
	s := d.String()
	whole, frac, _ := strings.Cut(s, ".")
	if places == 0 {
		return whole
	}
	return whole + "." + frac + strings.Repeat("0", places-len(frac))
}

// Round rounds half away from zero to places decimals (0 to 6), once.
func (d Decimal) Round(places int) Decimal {
	if places >= decimals {
		return d
	}
	step := uint64(math.Pow10(decimals - places))
	u := magnitude(d)
	q, r := u/step, u%step
	if r*2 >= step {
		q++
	}
	return signed(q*step, d < 0)
}

// Add returns d + o and whether it fits.
func (d Decimal) Add(o Decimal) (Decimal, bool) {
	s := d + o
	return s, (s > d) == (o > 0)
}

// Sub returns d − o and whether it fits.
func (d Decimal) Sub(o Decimal) (Decimal, bool) {
	s := d - o
	return s, (s < d) == (o > 0)
}

// Mul returns d × o rounded half away from zero to a millionth, and whether it fits.
func (d Decimal) Mul(o Decimal) (Decimal, bool) {
	return mulDiv(d, o, Scale)
}

// Div returns d ÷ o rounded half away from zero to a millionth; ok is false where o is zero or the result does not fit.
func (d Decimal) Div(o Decimal) (q Decimal, ok bool) {
	if o == 0 {
		return 0, false
	}
	return mulDiv(d, Scale, o)
}

// Percent returns 100 × d ÷ o in percent; ok is false where o is zero or the result does not fit.
func (d Decimal) Percent(o Decimal) (p Decimal, ok bool) {
	if o == 0 {
		return 0, false
	}
	return mulDiv(d, 100*Scale, o)
}

// Float returns the nearest float64, for charts only.
func (d Decimal) Float() float64 { return float64(d) / Scale }

// FromFloat makes a Decimal from a binary figure as a workbook stores it, by its shortest decimal form.
// It refuses a figure with more than six decimals only where rounding to twelve significant digits does not mend it.
func FromFloat(f float64) (Decimal, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, ErrRange
	}
	if d, err := Parse(strconv.FormatFloat(f, 'f', -1, 64)); err == nil || !errors.Is(err, ErrPrecision) {
		return d, err
	}
	g, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 12, 64), 64)
	if err != nil {
		return 0, ErrRange
	}
	return Parse(strconv.FormatFloat(g, 'f', -1, 64))
}

// MarshalJSON writes a JSON number with the exact decimals.
func (d Decimal) MarshalJSON() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalJSON reads a JSON number, or a string that holds one.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	s := strings.Trim(string(b), `"`)
	if strings.ContainsAny(s, "eE") {
		r, ok := new(big.Rat).SetString(s)
		if !ok || len(s) > 32 {
			return fmt.Errorf("%q is not a figure", s)
		}
		s = r.FloatString(decimals + 1)
	}
	v, err := Parse(s)
	*d = v
	return err
}

// UnmarshalText reads what Parse reads, for YAML.
func (d *Decimal) UnmarshalText(b []byte) error {
	v, err := Parse(string(b))
	*d = v
	return err
}

// MarshalText writes the figure, for YAML.
func (d Decimal) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Null is a figure that may be absent; absent is not zero.
type Null struct {
	Decimal
	Valid bool
}

// Some makes a present figure.
func Some(d Decimal) Null { return Null{Decimal: d, Valid: true} }

// MarshalJSON writes null where absent.
func (n Null) MarshalJSON() ([]byte, error) {
	if !n.Valid {
		return []byte("null"), nil
	}
	return n.Decimal.MarshalJSON()
}

// UnmarshalJSON reads null as absent.
func (n *Null) UnmarshalJSON(b []byte) error {
	*n = Null{}
	if string(b) == "null" || string(b) == `""` {
		return nil
	}
	n.Valid = true
	return n.Decimal.UnmarshalJSON(b)
}

// String writes "—" where absent.
func (n Null) String() string {
	if !n.Valid {
		return "—"
	}
	return n.Decimal.String()
}

func magnitude(d Decimal) uint64 {
	if d < 0 {
		return uint64(-(d + 1)) + 1
	}
	return uint64(d)
}

func signed(u uint64, neg bool) Decimal {
	if neg {
		return Decimal(-int64(u))
	}
	return Decimal(u)
}

// mulDiv returns a × b ÷ c rounded half away from zero, through 128 bits.
func mulDiv(a, b, c Decimal) (Decimal, bool) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	div := magnitude(c)
	if div == 0 || hi >= div {
		return 0, false
	}
	q, r := bits.Div64(hi, lo, div)
	if r >= div-r {
		q++
	}
	if q > math.MaxInt64 {
		return 0, false
	}
	return signed(q, (a < 0) != (b < 0) != (c < 0)), true
}
