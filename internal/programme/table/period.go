package table

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"anlan/internal/hydrotime"
	"anlan/internal/workbook"
)

// Period is the span of months that a figure is for (期别). Year is 0 where the text does not say it: such a period is
// never filed under a guessed year.
type Period struct {
	Year int `json:"year"`
	From int `json:"from"` // months, 1 to 12
	To   int `json:"to"`
	// YearOnly says that the text names the year and no months: a figure of a monthly return is not filed under its December.
	YearOnly bool `json:"year_only,omitempty"`
}

// Month returns the month under which the figure is filed, the last of the span.
func (p Period) Month() (hydrotime.Month, bool) {
	m := hydrotime.NewMonth(p.Year, p.To)
	return m, p.Year > 0 && m.Valid()
}

// WithYear gives the period the year of another where it has none.
func (p Period) WithYear(o *Period) Period {
	if p.Year == 0 && o != nil {
		p.Year = o.Year
	}
	return p
}

// String writes "2024-01..2024-05", "2024-05", or "?-05" without a year.
func (p Period) String() string {
	year := "?"
	if p.Year > 0 {
		year = strconv.Itoa(p.Year)
	}
	if p.From == p.To {
		return fmt.Sprintf("%s-%02d", year, p.To)
	}
	return fmt.Sprintf("%s-%02d..%s-%02d", year, p.From, year, p.To)
}

// The spellings of a period, the more telling first. Group names: y year, a and b months, q quarter, h half.
var (
	periodForms = []*regexp.Regexp{
		regexp.MustCompile(`^(?P<y>(?:19|20|21)\d\d)[-./年](?P<b>1[0-2]|0?[1-9])[-./月](?:[12]\d|3[01]|0?[1-9])日?(?:\d\d:\d\d(?::\d\d)?)?$`),
		regexp.MustCompile(`(?:(?P<y>(?:19|20|21)\d\d)年?)?(?P<a>1[0-2]|0?[1-9])月?(?:[-~至到—]+)(?P<b>1[0-2]|0?[1-9])月`),
		regexp.MustCompile(`(?P<y>(?:19|20|21)\d\d)年(?P<b>1[0-2]|0?[1-9])月`),
		regexp.MustCompile(`(?:^|\D)(?P<y>(?:19|20|21)\d\d)[-./_](?P<b>1[0-2]|0?[1-9])(?:$|[^\d])`),
		regexp.MustCompile(`(?:^|\D)(?P<y>(?:19|20|21)\d\d)(?P<b>1[0-2]|0[1-9])(?:$|\D)`),
		regexp.MustCompile(`(?P<y>(?:19|20|21)\d\d)[-年_]?(?:[Qq](?P<q>[1-4])|第?(?P<q>[一二三四1234])季度?)`),
		regexp.MustCompile(`(?:(?P<y>(?:19|20|21)\d\d)年?)?(?P<h>上半年|下半年|前三季度|全年)`),
		regexp.MustCompile(`(?:^|\D)(?P<b>1[0-2]|0?[1-9])月`),
		regexp.MustCompile(`(?P<y>(?:19|20|21)\d\d)年`),
		regexp.MustCompile(`^(?P<y>(?:19|20|21)\d\d)$`),
	}
	dayForm  = regexp.MustCompile(`((?:19|20|21)\d\d)年(\d{1,2})月(\d{1,2})日`)
	padWords = strings.NewReplacer("截至", "", "截止", "", "累计", "", "底", "", "末", "", "止", "", "度", "", "(", "", ")", "", "实际", "", "数", "", "完成", "")
)

// FindPeriod finds the period that a title, a heading or a file name speaks of.
func FindPeriod(text string) (Period, bool) {
	p, _, ok := findPeriod(strings.ReplaceAll(workbook.Fold(text), " ", ""))
	return p, ok
}

// ParsePeriod reads a cell or heading that holds a period and nothing else.
func ParsePeriod(text string) (Period, bool) {
	s := strings.ReplaceAll(workbook.Fold(text), " ", "")
	if len(s) < 2 || len(s) > 60 {
		return Period{}, false
	}
	p, rest, ok := findPeriod(s)
	return p, ok && padWords.Replace(rest) == ""
}

func findPeriod(s string) (p Period, rest string, ok bool) {
	if !strings.ContainsAny(s, "0123456789") && !strings.ContainsAny(s, "年季") {
		return p, "", false
	}
	for _, form := range periodForms {
		at := form.FindStringSubmatchIndex(s)
		if at == nil {
			continue
		}
		p = Period{From: 1, To: 12, YearOnly: form.NumSubexp() == 1 && form.SubexpNames()[1] == "y"}
		for i, name := range form.SubexpNames() {
			if name != "" && at[2*i] >= 0 {
				p.set(name, s[at[2*i]:at[2*i+1]])
			}
		}
		if p.From > p.To {
			continue
		}
		return p, s[:at[0]] + strings.Trim(s[at[1]:], "-"), true
	}
	return p, "", false
}

// set takes one named part of a match; a lone month is both ends of its span.
func (p *Period) set(name, s string) {
	n, _ := strconv.Atoi(s)
	switch name {
	case "y":
		p.Year = n
	case "a":
		p.From, p.To = n, 0
	case "b":
		if p.To != 0 {
			p.From = n
		}
		p.To = n
	case "q":
		if i := strings.Index("一二三四", s); n == 0 && i >= 0 {
			n = i/len("一") + 1
		}
		p.From, p.To = 3*n-2, 3*n
	case "h":
		spans := map[string][2]int{"上半年": {1, 6}, "下半年": {7, 12}, "前三季度": {1, 9}, "全年": {1, 12}}
		p.From, p.To = spans[s][0], spans[s][1]
	}
}

// FindDays finds the two days of a text such as "2018年10月15日至2018年10月21日".
func FindDays(text string) (from, to hydrotime.Date, ok bool) {
	m := dayForm.FindAllStringSubmatch(workbook.Fold(text), -1)
	if len(m) != 2 {
		return from, to, false
	}
	day := func(g []string) hydrotime.Date {
		d, err := hydrotime.ParseDate(fmt.Sprintf("%s-%02s-%02s", g[1], g[2], g[3]))
		ok = ok && err == nil
		return d
	}
	ok = true
	from, to = day(m[0]), day(m[1])
	return from, to, ok
}
