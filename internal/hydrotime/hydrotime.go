// Package hydrotime holds the two zones of the product, the months that returns are filed for, and the hydrological day.
//
// Instants are stored in UTC. Field time is a fixed UTC+8, since the zone Asia/Shanghai has summer time in 1986 to 1991.
// A stamp is the instant of a reading or the END of a period. Nothing here asks the clock.
package hydrotime

import (
	"fmt"
	"strconv"
	"time"
)

// Beijing is the fixed zone of field time and of office calendars since 1992.
var Beijing = time.FixedZone("UTC+8", 8*60*60)

// Month is a calendar month as the number YYYYMM; returns of longer cadence stand at the last month of their span.
type Month int32

// MonthOf returns the month in which t falls in Beijing.
func MonthOf(t time.Time) Month {
	t = t.In(Beijing)
	return NewMonth(t.Year(), int(t.Month()))
}

// NewMonth makes a month; month may lie outside 1 to 12 and is carried into the year.
func NewMonth(year, month int) Month {
	n := year*12 + month - 1
	y, m := n/12, n%12
	if m < 0 {
		y, m = y-1, m+12
	}
	return Month(y*100 + m + 1)
}

// ParseMonth reads "2026-05" or "202605".
func ParseMonth(s string) (Month, error) {
	digits := s
	if len(s) == 7 && s[4] == '-' {
		digits = s[:4] + s[5:]
	}
	n, err := strconv.Atoi(digits)
	if err != nil || len(digits) != 6 || !Month(n).Valid() {
		return 0, fmt.Errorf("month %q is not of the form 2026-05", s)
	}
	return Month(n), nil
}

// Valid reports whether m is a month of the years 1900 to 2199.
func (m Month) Valid() bool {
	return m.Year() >= 1900 && m.Year() < 2200 && m%100 >= 1 && m%100 <= 12
}

// Year returns the year.
func (m Month) Year() int { return int(m / 100) }

// Number returns the month of the year, 1 to 12.
func (m Month) Number() int { return int(m % 100) }

// Add returns the month n months later.
func (m Month) Add(n int) Month { return NewMonth(m.Year(), m.Number()+n) }

// Start returns the first instant of the month in Beijing.
func (m Month) Start() time.Time {
	return time.Date(m.Year(), time.Month(m.Number()), 1, 0, 0, 0, 0, Beijing)
}

// End returns the first instant after the month in Beijing.
func (m Month) End() time.Time { return m.Add(1).Start() }

// Sub returns how many months m lies after o.
func (m Month) Sub(o Month) int {
	return (m.Year()-o.Year())*12 + m.Number() - o.Number()
}

// String returns "2026-05".
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.Year(), m.Number()) }

// MarshalText writes "2026-05".
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what ParseMonth reads.
func (m *Month) UnmarshalText(b []byte) error {
	v, err := ParseMonth(string(b))
	*m = v
	return err
}

// Date is a day of the office calendar in Beijing, as "2026-06-30".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day in which t falls in Beijing.
func DateOf(t time.Time) Date {
	y, m, d := t.In(Beijing).Date()
	return Date{y, m, d}
}

// ParseDate reads "2026-06-30".
func ParseDate(s string) (Date, error) {
	t, err := time.ParseInLocation("2006-01-02", s, Beijing)
	if err != nil {
		return Date{}, fmt.Errorf("date %q is not of the form 2026-06-30", s)
	}
	return DateOf(t), nil
}

// Start returns the first instant of the day in Beijing.
func (d Date) Start() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, Beijing) }

// End returns the first instant after the day in Beijing: a deadline of a date is kept until then.
func (d Date) End() time.Time { return time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, Beijing) }

// AddDays returns the day n days later.
func (d Date) AddDays(n int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+n, 12, 0, 0, 0, Beijing))
}

// DaysUntil returns how many calendar days o lies after d.
func (d Date) DaysUntil(o Date) int {
	return int(o.Start().Sub(d.Start()) / (24 * time.Hour))
}

// InMonth returns the month of the day.
func (d Date) InMonth() Month { return NewMonth(d.Year, int(d.Month)) }

// String returns "2026-06-30".
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// MarshalText writes "2026-06-30".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDate reads.
func (d *Date) UnmarshalText(b []byte) error {
	v, err := ParseDate(string(b))
	*d = v
	return err
}

// DayStart returns the 08:00 Beijing time at which the hydrological day of instant t began.
func DayStart(t time.Time) time.Time {
	t = t.In(Beijing).Add(-8 * time.Hour)
	return time.Date(t.Year(), t.Month(), t.Day(), 8, 0, 0, 0, Beijing)
}

// PeriodDay is DayStart for a total stamped at the end of its period: rain stamped
// 08:00:00 fell before 08:00, so it belongs to the day that is ending.
func PeriodDay(end time.Time) time.Time { return DayStart(end.Add(-time.Nanosecond)) }
