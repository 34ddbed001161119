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
	pick := func(m []string, day func(month hydrotime.Month) int) (hydrotime.Date, bool) {
		month, _ := strconv.Atoi(m[2])
		year, err := strconv.Atoi(m[1])
		if err != nil {
			year = held.Year
			if month < int(held.Month) {
				year++
			}
		}
		if month < 1 || month > 12 {
			return hydrotime.Date{}, false
		}
		in := hydrotime.NewMonth(year, month)
		last := hydrotime.DateOf(in.End()).AddDays(-1)
		n := day(in)
		if n == 0 {
			return last, true
		}
		if n > last.Day {
			return hydrotime.Date{}, false
		}
		last.Day = n
		return last, true
	}
	if m := dueDay.FindStringSubmatch(line); m != nil {
		return pick(m, func(hydrotime.Month) int { n, _ := strconv.Atoi(m[3]); return n })
	}
	if m := dueMonth.FindStringSubmatch(line); m != nil {
		return pick(m, func(hydrotime.Month) int { return 0 })
	}
	for _, word := range []string{"尽快", "抓紧", "立即"} {
		if strings.Contains(line, word) {
			return held.AddDays(taskDays), true
		}
	}
	return hydrotime.Date{}, false
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
