package objectfile

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/workbook"
)

// says gives what a cell says, "" for a blank one and for the marks by which offices say that they have nothing to say.
func says(c workbook.Cell) string {
	s := strings.TrimSpace(c.Text)
	switch workbook.Fold(s) {
	case "-", "--", "/", "\\", "—", "——", "无数据", "不详", "未知", "n/a", "N/A", "null", "NULL":
		return ""
	}
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@", rune(s[1])) { // as this program writes text that a program would take for a formula
		return s[1:]
	}
	return s
}

// put reads a cell into its column of a row. It answers a remark, or what is wrong.
func (c column) put(o *registry.WaterObject, cell workbook.Cell, headUnit string) (remark, wrong *fault.Text) {
	s := says(cell)
	no := func(zh, en string) (*fault.Text, *fault.Text) { t := fault.T(zh, en); return nil, &t }
	switch p := c.place(o).(type) {
	case *objectrule.Kind:
		code, ok := pick(objectrule.Kinds(), s)
		if !ok {
			return no("没有“"+clip(s)+"”这类对象", "there is no kind “"+clip(s)+"”")
		}
		*p = objectrule.Kind(code)
	case *objectrule.Scale:
		code, ok := pick(objectrule.Scales(o.Kind), s)
		if !ok {
			return no("“"+clip(s)+"”不是此类对象的规模", "“"+clip(s)+"” is no scale of this kind")
		}
		*p = objectrule.Scale(code)
	case *string:
		return c.putText(p, s)
	case *quantity.Null:
		return c.putFigure(p, cell, headUnit)
	case **hydrotime.Date:
		d, rough, ok := parseDay(s)
		if !ok {
			return no("“"+clip(s)+"”不是日期", "“"+clip(s)+"” is no date")
		}
		*p = &d
		if rough {
			t := fault.T("“"+clip(s)+"”未写到日，按其最后一天计", "“"+clip(s)+"” names no day; its last day is taken")
			return &t, nil
		}
	case **int64:
		n, ok := parseSmall(s)
		if !ok {
			return no("“"+clip(s)+"”不是整数或类别", "“"+clip(s)+"” is neither a whole number nor a class")
		}
		*p = &n
	case **bool:
		yes := slices.Contains([]string{"是", "有", "y", "yes", "true", "1", "√"}, strings.ToLower(s))
		if !yes && !slices.Contains([]string{"否", "无", "n", "no", "false", "0", "×"}, strings.ToLower(s)) {
			return no("应填“是”或“否”", "say yes or no")
		}
		*p = &yes
	}
	return nil, nil
}

func (c column) putText(p *string, s string) (remark, wrong *fault.Text) {
	var list []objectrule.Named
	switch c.key {
	case "disposition":
		list = objectrule.Dispositions()
	case "charging":
		list = objectrule.Charges()
	default:
		*p = strings.Join(strings.Fields(s), " ")
		return nil, nil
	}
	code, ok := pick(list, s)
	if !ok {
		t := fault.T("“"+clip(s)+"”不在可填之列", "“"+clip(s)+"” is not one of the entries")
		return nil, &t
	}
	*p = code
	return nil, nil
}

func (c column) putFigure(p *quantity.Null, cell workbook.Cell, headUnit string) (remark, wrong *fault.Text) {
	no := func(zh, en string) (*fault.Text, *fault.Text) { t := fault.T(zh, en); return nil, &t }
	f, err := workbook.FigureOf(cell)
	if err != nil {
		if fe, ok := err.(*fault.Error); ok {
			return nil, &fe.Text
		}
		return no("不是数字", "no figure")
	}
	if f.Absence != workbook.Present {
		return nil, nil
	}
	if f.Approx || f.Over.Valid || f.Second.Valid || f.Percentages() {
		return no("“"+clip(cell.Text)+"”不是一个确定的数", "“"+clip(cell.Text)+"” is not one certain figure")
	}
	v, ok := c.convert(f, headUnit)
	if !ok {
		return no("表头或单元格的单位与此列不符", "the unit of the head or of the cell does not fit this column")
	}
	*p = quantity.Some(v)
	return nil, nil
}

// convert brings a figure to the column's unit. The unit of the cell goes before that of the head.
func (c column) convert(f workbook.Figure, headUnit string) (quantity.Decimal, bool) {
	want, standard := quantity.UnitOf(c.unit)
	if !standard {
		v := f.Value.Decimal
		if headUnit != "" {
			own, ok := ownUnits()[headUnit]
			if !ok || own.unit != c.unit {
				return 0, false
			}
			if v, ok = v.Mul(own.factor); !ok {
				return 0, false
			}
		}
		if f.Multiplier != 0 {
			return v.Mul(f.Multiplier)
		}
		return v, f.Unit == ""
	}
	from := want
	if headUnit != "" {
		u, ok := workbook.UnitOfWord(headUnit)
		if !ok {
			return 0, false
		}
		from = u
	}
	v, _, ok := f.In(from, want)
	return v, ok
}

// pick finds what a word means among some: its code, either name, or the name without what tells nothing.
func pick(list []objectrule.Named, word string) (code string, ok bool) {
	w := plain(word)
	if w == "" {
		return "", false
	}
	for _, n := range list {
		if w == plain(n.Code) || w == plain(n.Name.Zh) || w == plain(n.Name.En) {
			return n.Code, true
		}
	}
	for _, alias := range [][2]string{
		{"农村饮水工程", "waterworks"},
		{"农饮工程", "waterworks"},
		{"供水工程", "waterworks"},
		{"水厂", "waterworks"},
		{"水电站", "hydropower"},
		{"小水电", "hydropower"},
		{"电站", "hydropower"},
		{"河流", "river"},
		{"河道", "river"},
		{"河段", "river"},
		{"村庄", "village"},
		{"自然村", "village"},
		{"堤塘", "dike"},
		{"闸站", "sluice"},
		{"在建", "construction"},
		{"限期退出", "exit"},
		{"立即退出", "exit"},
		{"整改类", "rectify"},
		{"保留类", "keep"},
		{"退出类", "exit"},
		{"计量", "metered"},
		{"定额", "flat"},
		{"按户", "flat"},
		{"不收费", "none"},
		{"未收", "none"},
		{"千人以上工程", "over_1000"},
		{"千人以下工程", "under_1000"},
	} {
		if w == plain(alias[0]) {
			for _, n := range list {
				if n.Code == alias[1] {
					return n.Code, true
				}
			}
		}
	}
	return "", false
}

// plain takes from a word what does not tell it from others: width, case, brackets, 型, and how a number is written.
func plain(s string) string {
	s = strings.ToLower(workbook.Fold(s))
	return strings.NewReplacer("(", "", ")", "", " ", "", "_", "", "-", "", "型", "", "等", "", "ⅰ", "1", "ⅱ", "2", "ⅲ", "3", "ⅳ", "4", "ⅴ", "5",
		"Ⅰ", "1", "Ⅱ", "2", "Ⅲ", "3", "Ⅳ", "4", "Ⅴ", "5", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5").Replace(s)
}

// parseSmall reads a class or a number of years: 2, 二类坝, Ⅲ类, 10年.
func parseSmall(s string) (int64, bool) {
	s = plain(s)
	for _, tail := range []string{"类坝", "类", "年", "years", "class"} {
		s = strings.TrimSuffix(s, tail)
	}
	s = strings.TrimPrefix(s, "class")
	n, err := strconv.ParseInt(s, 10, 32)
	return n, err == nil
}

var dayForm = regexp.MustCompile(`^([0-9]{4})(?:[-./年]([0-9]{1,2})(?:[-./月]([0-9]{1,2})日?|月)?|年)?(?:[ t][0-9:.z+]*)?$`)

// parseDay reads a date as offices write it. One without a day or month stands for its last day, since a clock that starts there
// calls nobody late too early; rough says so.
func parseDay(s string) (d hydrotime.Date, rough, ok bool) {
	s = strings.ToLower(workbook.Fold(strings.TrimSpace(s)))
	if len(s) == 8 && strings.Trim(s, "0123456789") == "" {
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	m := dayForm.FindStringSubmatch(s)
	if m == nil {
		return d, false, false
	}
	number := func(t string) int { n, _ := strconv.Atoi(t); return n } // "" is 0
	year, month, dayOf := number(m[1]), number(m[2]), number(m[3])
	switch {
	case year < 1000 || m[2] != "" && (month < 1 || month > 12):
		return d, false, false
	case m[2] == "":
		return hydrotime.Date{Year: year, Month: time.December, Day: 31}, true, true
	case m[3] == "":
		return hydrotime.DateOf(hydrotime.NewMonth(year, month).End().Add(-time.Hour)), true, true
	}
	t := time.Date(year, time.Month(month), dayOf, 12, 0, 0, 0, hydrotime.Beijing)
	return hydrotime.DateOf(t), false, t.Day() == dayOf && dayOf > 0
}

var dmsForm = regexp.MustCompile(`^[eens东北经纬]*([0-9]{1,3})[°度]([0-9]{1,2})['′分]?(?:([0-9]{1,2}(?:\.[0-9]+)?)["″秒]?)?[东北ens]*$`)

// parseDegrees reads degrees, or degrees, minutes and seconds.
func parseDegrees(s string) (float64, bool) {
	s = strings.ToLower(strings.ReplaceAll(workbook.Fold(s), " ", ""))
	if v, err := strconv.ParseFloat(strings.TrimSuffix(s, "°"), 64); err == nil {
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	}
	m := dmsForm.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	part := func(t string) float64 { v, _ := strconv.ParseFloat(t, 64); return v } // "" is 0
	minutes, seconds := part(m[2]), part(m[3])
	return part(m[1]) + minutes/60 + seconds/3600, minutes < 60 && seconds < 60
}

// clip keeps what a file says short enough to be told.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
