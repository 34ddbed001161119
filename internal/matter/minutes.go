package matter

import (
	"regexp"
	"strconv"
	"strings"

	"anlan/internal/hydrotime"
	"anlan/internal/registry"
)

var (
	dueDay     = regexp.MustCompile(`(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:前|之前|以前)`)
	dueMonth   = regexp.MustCompile(`(?:(\d{4})年)?(\d{1,2})月(?:底|末)(?:前|之前)?`)
	leadNumber = regexp.MustCompile(`^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]\s*)+`)
)

// taskDays is how long a task has whose sentence names no day.
const taskDays = 30

// ReadMinutes finds the decisions in the minutes of a meeting: each sentence that names a day by which something is due, or only
// urges (尽快), becomes a task in the divisions it names, for a person to check before any is opened. It guesses no unit and no person.
func ReadMinutes(minutes string, held hydrotime.Date, of registry.Division, tree *registry.Tree) []NewTask {
	out := []NewTask{}
	for _, line := range strings.FieldsFunc(minutes, func(r rune) bool { return r == '\n' || r == '。' || r == '；' || r == ';' }) {
		line = strings.TrimSpace(leadNumber.ReplaceAllString(line, ""))
		due, ok := dueIn(line, held)
		if !ok || len([]rune(line)) < 6 {
			continue
		}
		for _, d := range named(line, of, tree) {
			out = append(out, NewTask{Title: cutTo(line, titleMost), Division: d.Code, Due: due})
		}
	}
	return out
}

// dueIn reads a day such as 7月底前 or 2026年9月30日前; without a year it is the next one from the meeting on.
func dueIn(line string, held hydrotime.Date) (hydrotime.Date, bool) {
	if m := dueDay.FindStringSubmatch(line); m != nil {
		day, _ := strconv.Atoi(m[3])
		if day == 0 {
			return hydrotime.Date{}, false
		}
		return dayFrom(held, m[1], m[2], day)
	}
	if m := dueMonth.FindStringSubmatch(line); m != nil {
		return dayFrom(held, m[1], m[2], 0)
	}
	for _, word := range []string{"尽快", "抓紧", "立即"} {
		if strings.Contains(line, word) {
			return held.AddDays(taskDays), true
		}
	}
	return hydrotime.Date{}, false
}

// dayFrom is a day of a month, the last one where 0. Without a year it is the next such day that is not before the meeting.
func dayFrom(held hydrotime.Date, year, month string, day int) (hydrotime.Date, bool) {
	y, err := strconv.Atoi(year)
	if err != nil {
		y = held.Year
	}
	d, ok := dayIn(y, month, day)
	if err != nil && ok && d.DaysUntil(held) > 0 {
		return dayIn(y+1, month, day)
	}
	return d, ok
}

func dayIn(year int, month string, day int) (hydrotime.Date, bool) {
	m, _ := strconv.Atoi(month)
	if m < 1 || m > 12 {
		return hydrotime.Date{}, false
	}
	last := hydrotime.DateOf(hydrotime.NewMonth(year, m).End()).AddDays(-1)
	if day > last.Day {
		return hydrotime.Date{}, false
	}
	if day > 0 {
		last.Day = day
	}
	return last, true
}

// named finds the divisions below one that a sentence names, by name or short name; the whole one where it names none.
func named(line string, of registry.Division, tree *registry.Tree) []registry.Division {
	var out []registry.Division
	for _, d := range tree.Children(of.ID) {
		if d.RetiredAt == nil && (strings.Contains(line, d.NameZh) || d.ShortZh != "" && strings.Contains(line, d.ShortZh)) {
			out = append(out, d)
		}
	}
	if len(out) == 0 || strings.Contains(line, "各地") || strings.Contains(line, "各县") || strings.Contains(line, "各区") {
		return []registry.Division{of}
	}
	return out
}
