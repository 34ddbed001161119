package judge

import (
	"fmt"
	"strings"
	"time"

	"anlan/internal/hydrotime"
)

// ParseDue reads a due date relative to a year: "06-30", or "+1 12-31" for the year after. A day beyond the end of a shorter
// month is its last day.
func ParseDue(due string, year int) (hydrotime.Date, error) {
	bad := func() (hydrotime.Date, error) {
		return hydrotime.Date{}, fmt.Errorf("due date %q is not of the form 06-30 or +1 12-31", due)
	}
	rest := due
	if after, ok := strings.CutPrefix(due, "+"); ok {
		if len(after) < 2 || after[0] < '1' || after[0] > '9' || after[1] != ' ' {
			return bad()
		}
		year, rest = year+int(after[0]-'0'), after[2:]
	}
	if len(rest) != 5 || rest[2] != '-' {
		return bad()
	}
	m, ok1 := twoDigits(rest[:2])
	d, ok2 := twoDigits(rest[3:])
	if !ok1 || !ok2 || m < 1 || m > 12 || d < 1 || d > 31 {
		return bad()
	}
	return day(hydrotime.NewMonth(year, m), d), nil
}

func twoDigits(s string) (n int, ok bool) {
	a, b := s[0]-'0', s[1]-'0'
	return int(a)*10 + int(b), a <= 9 && b <= 9
}

// day is a day of a month, or its last one where the month is shorter.
func day(m hydrotime.Month, d int) hydrotime.Date {
	last := hydrotime.DateOf(m.End().Add(-time.Hour)).Day
	return hydrotime.Date{Year: m.Year(), Month: time.Month(m.Number()), Day: min(d, last)}
}

// FormDue is the first instant at which a return is late: after the due day of the month that follows its period, in Beijing.
func FormDue(dueDay int, period hydrotime.Month) time.Time { return day(period.Add(1), dueDay).End() }
