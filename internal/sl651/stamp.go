package sl651

import (
	"time"

	"anlan/internal/hydrotime"
)

// Stamp is a time as frames carry it (发报时间, 观测时间), 6.6.2.5: Beijing's fixed UTC+8, the year in two digits. The zero Stamp is no time.
type Stamp struct{ Year, Month, Day, Hour, Minute, Second uint8 }

// StampOf is the stamp of an instant, cut to its second. Only the last two digits of the year are kept.
func StampOf(t time.Time) Stamp {
	t = t.In(hydrotime.Beijing)
	y, m, d := t.Date()
	return Stamp{uint8(((y % 100) + 100) % 100), uint8(m), uint8(d), uint8(t.Hour()), uint8(t.Minute()), uint8(t.Second())}
}

// IsZero says whether there is no time.
func (s Stamp) IsZero() bool { return s.Month == 0 }

// Time is the instant, in a year from 2000 to 2099, or the zero time where there is none.
func (s Stamp) Time() time.Time {
	if s.IsZero() {
		return time.Time{}
	}
	return time.Date(2000+int(s.Year), time.Month(s.Month), int(s.Day), int(s.Hour), int(s.Minute), int(s.Second), 0, hydrotime.Beijing)
}

var monthDays = [...]uint8{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// valid says whether the calendar has this time. Table 24 lets no hour be 24 and no second 60.
func (s Stamp) valid() bool {
	switch {
	case s.Year > 99 || s.Month < 1 || s.Month > 12 || s.Day < 1 || s.Day > monthDays[s.Month]:
		return false
	case s.Month == 2 && s.Day == 29 && s.Year%4 != 0: // 2000 to 2099
		return false
	}
	return s.Hour < 24 && s.Minute < 60 && s.Second < 60
}

// bcdStamp reads YYMMDDHH, and mm and SS where there are so many bytes.
func bcdStamp(b []byte) (Stamp, bool) {
	var f [6]uint8
	for i, c := range b {
		if f[i] = bcd[c]; f[i] > 99 {
			return Stamp{}, false
		}
	}
	s := Stamp{f[0], f[1], f[2], f[3], f[4], f[5]}
	if !s.valid() {
		return Stamp{}, false
	}
	return s, true
}

// textStamp is bcdStamp of digits in ASCII.
func textStamp(b []byte) (Stamp, bool) {
	var packed [6]byte
	if len(b) > 12 || len(b)%2 != 0 || !unhex(packed[:], b) {
		return Stamp{}, false
	}
	return bcdStamp(packed[:len(b)/2])
}

// appendBCD writes the first n fields, two digits in a byte.
func (s Stamp) appendBCD(dst []byte, n int) []byte {
	f := [6]uint8{s.Year, s.Month, s.Day, s.Hour, s.Minute, s.Second}
	for _, v := range f[:n] {
		dst = append(dst, v/10<<4|v%10)
	}
	return dst
}

// appendText writes the first n fields as digits.
func (s Stamp) appendText(dst []byte, n int) []byte {
	f := [6]uint8{s.Year, s.Month, s.Day, s.Hour, s.Minute, s.Second}
	for _, v := range f[:n] {
		dst = append(dst, '0'+v/10, '0'+v%10)
	}
	return dst
}

// Step is the time from one value of a series to the next (时间步长码), tables C.2 and C.3: days, hours or minutes, of which one is not 0. All
// are 0 where hourly blocks follow, whose step is five minutes.
type Step struct{ Days, Hours, Minutes uint8 }

// Duration is the length of the step; 0 for hourly blocks.
func (s Step) Duration() time.Duration {
	return time.Duration(s.Days)*24*time.Hour + time.Duration(s.Hours)*time.Hour + time.Duration(s.Minutes)*time.Minute
}

// blockStep is the step within an hourly block.
const blockStep = 5 * time.Minute
