package hydrotime

import (
	"testing"
	"time"
)

func TestPeriodDay(t *testing.T) {
	f := func(end, wantDay string) {
		t.Helper()
		at, err := time.Parse(time.RFC3339, end)
		if err != nil {
			t.Fatal(err)
		}
		if got := DateOf(PeriodDay(at)).String(); got != wantDay {
			t.Errorf("PeriodDay(%s) = %s, want %s", end, got, wantDay)
		}
	}
	f("2026-07-02T08:00:00+08:00", "2026-07-01") // the last hour of the day
	f("2026-07-02T00:30:00Z", "2026-07-02")      // stored in UTC
	f("1988-07-02T08:00:00+08:00", "1988-07-01") // a summer when Asia/Shanghai was +09:00
}

func TestMonth(t *testing.T) {
	m, err := ParseMonth("2026-01")
	if err != nil || m != 202601 {
		t.Fatal(m, err)
	}
	if got := m.Add(-1); got != 202512 {
		t.Errorf("Add(-1) = %v", got)
	}
	if got := m.Add(23); got != 202712 {
		t.Errorf("Add(23) = %v", got)
	}
	if got := Month(202703).Sub(202611); got != 4 {
		t.Errorf("Sub = %d", got)
	}
	if got := MonthOf(time.Date(2026, 5, 31, 16, 0, 0, 0, time.UTC)); got != 202606 {
		t.Errorf("31 May 16:00 UTC is June in Beijing, got %v", got)
	}
	for _, bad := range []string{"", "2026-13", "2026/05", "26-05", "2026-5"} {
		if m, err := ParseMonth(bad); err == nil {
			t.Errorf("ParseMonth(%q) = %v", bad, m)
		}
	}
}

func TestDate(t *testing.T) {
	d, err := ParseDate("2026-06-30")
	if err != nil {
		t.Fatal(err)
	}
	if got := d.AddDays(1).String(); got != "2026-07-01" {
		t.Errorf("AddDays = %s", got)
	}
	if got := d.DaysUntil(Date{2026, 9, 30}); got != 92 {
		t.Errorf("DaysUntil = %d", got)
	}
}
