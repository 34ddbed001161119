package registry

import (
	"regexp"
	"strings"

	"anlan/internal/fault"
)

// Phone is a telephone number. Printed or encoded it shows itself masked, 138****5678; only Reveal gives it whole.
type Phone string

var (
	mobile   = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
	landline = regexp.MustCompile(`^(010|02[0-9]|0[3-9][0-9]{2})-?([0-9]{7,8})(-[0-9]{1,6})?$`)
	short    = regexp.MustCompile(`^[0-9]{3,8}$`) // a local number, or the short one (短号) of an office's own network
)

// ParsePhone reads a mobile, fixed or short number as offices write it: with spaces, +86, or full-width digits.
func ParsePhone(text string) (Phone, error) {
	plain := strings.Map(plainDigit, text)
	plain = strings.Trim(plain, "-")
	for _, prefix := range []string{"+86", "0086"} {
		plain = strings.TrimPrefix(strings.TrimPrefix(plain, prefix), "-")
	}
	joined := strings.ReplaceAll(plain, "-", "")
	switch m := landline.FindStringSubmatch(plain); {
	case joined == "":
		if strings.TrimSpace(text) == "" {
			return "", nil
		}
	case mobile.MatchString(joined):
		return Phone(joined), nil
	case m != nil:
		return Phone(m[1] + "-" + m[2] + m[3]), nil
	case short.MatchString(joined) && joined[0] != '0':
		return Phone(joined), nil
	}
	reason := fault.T("请填 11 位手机号、带区号的固定电话或短号", "give a mobile number of 11 digits, a fixed number with its area code, or a short number")
	return "", fault.New(fault.Invalid, "phone.invalid", reason).At("phone", reason)
}

// plainDigit maps full-width forms to plain ones, every dash and bracket to a hyphen, and drops blanks.
func plainDigit(r rune) rune {
	if r >= '！' && r <= '～' {
		r -= '！' - '!'
	}
	switch r {
	case ' ', '\t', '\u00a0', '\u3000':
		return -1
	case '–', '—', '−', '(', ')', '/', '.':
		return '-'
	}
	return r
}

// Reveal returns the whole number; who is shown it must be allowed to, and is written down.
func (p Phone) Reveal() string { return string(p) }

// String masks the number.
func (p Phone) String() string {
	s := string(p)
	switch {
	case s == "":
		return ""
	case mobile.MatchString(s):
		return s[:3] + "****" + s[7:]
	case strings.Contains(s, "-"):
		area, rest, _ := strings.Cut(s, "-")
		number, _, _ := strings.Cut(rest, "-")
		return area + "-****" + number[max(0, len(number)-3):]
	}
	return "****" + s[max(0, len(s)-2):]
}

// MarshalText masks the number in JSON too.
func (p Phone) MarshalText() ([]byte, error) { return []byte(p.String()), nil }
