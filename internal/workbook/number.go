package workbook

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"anlan/internal/quantity"
)

// style is what a number format does to a figure.
type style uint8

const (
	plain style = iota
	percent
	date
)

// styleOf reads a number format's code (ECMA-376 part 1, 18.8.30 and 18.8.31).
func styleOf(id int, code string) style {
	switch {
	case id == 9 || id == 10:
		return percent
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 31, id >= 50 && id <= 58, id == 36:
		return date
	case code == "":
		return plain
	}
	bare := formatLetters(code)
	switch {
	case strings.Contains(bare, "%"):
		return percent
	case strings.ContainsAny(bare, "yd") || strings.Contains(bare, "m") && !strings.ContainsAny(bare, "0#?"):
		return date
	}
	return plain
}

// formatLetters drops quoted text, escapes and [colours] from the first section of a format code.
func formatLetters(code string) string {
	var b strings.Builder
	for i := 0; i < len(code) && i < 255; i++ {
		switch c := code[i]; c {
		case ';':
			return b.String()
		case '"':
			for i++; i < len(code) && code[i] != '"'; i++ {
			}
		case '[':
			for i++; i < len(code) && code[i] != ']'; i++ {
			}
		case '\\', '_', '*':
			i++
		default:
			b.WriteByte(c | 0x20*b2u(c >= 'A' && c <= 'Z'))
		}
	}
	return strings.ReplaceAll(b.String(), "general", "")
}

func b2u(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// numberCell makes the cell of a stored number.
func numberCell(f float64, s style, date1904 bool) Cell {
	if s == date {
		if t, ok := serialDate(f, date1904); ok {
			return Cell{Text: t, Date: true}
		}
	}
	if s == percent {
		f *= 100
	}
	d, rounded, err := exact(f)
	if err != nil { // beyond the range of a figure: keep what it says, and let the reading of figures refuse it
		return Cell{Text: strconv.FormatFloat(f, 'g', -1, 64)}
	}
	c := Cell{Text: d.String(), Number: quantity.Some(d), Percent: s == percent, Rounded: rounded}
	if c.Percent {
		c.Text += "%"
	}
	return c
}

// exact makes a decimal of a stored number. Fifteen significant digits are what a spreadsheet keeps, so what
// lies behind them is the noise of binary arithmetic; what still has more than six decimals is rounded to six.
func exact(f float64) (d quantity.Decimal, rounded bool, err error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, false, quantity.ErrRange
	}
	if f == math.Trunc(f) && math.Abs(f) < 9e12 {
		return quantity.Int(int64(f)), false, nil
	}
	g, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	if err != nil {
		return 0, false, quantity.ErrRange
	}
	d, err = quantity.Parse(strconv.FormatFloat(g, 'f', -1, 64))
	if errors.Is(err, quantity.ErrPrecision) {
		if e, err := quantity.FromFloat(g); err == nil {
			return e, false, nil
		}
		d, err = quantity.Parse(strconv.FormatFloat(g, 'f', 6, 64))
		return d, true, err
	}
	return d, false, err
}

// serialDate turns a day count into a date. Excel counts 1900 as a leap year, which moves every day before 1 March 1900.
func serialDate(f float64, date1904 bool) (string, bool) {
	if f < 61 || f > 200_000 {
		return "", false
	}
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if date1904 {
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	days := math.Floor(f)
	t := base.AddDate(0, 0, int(days)).Add(time.Duration(math.Round((f-days)*86400)) * time.Second)
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format("2006-01-02"), true
	}
	return t.Format("2006-01-02 15:04"), true
}

// trimText drops blanks of every width around a text, and byte order marks inside a file joined from pieces.
func trimText(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return r <= ' ' || r == 0xA0 || r == 0x3000 || r == 0xFEFF || r >= 0x2000 && r <= 0x200D || r == 0x202F
	})
}
