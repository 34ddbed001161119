package workbook

import (
	"errors"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Absence says why a cell holds no figure.
type Absence string

// The absences; none of them is zero.
const (
	Present Absence = ""
	Empty   Absence = "blank"  // nothing is written
	Marked  Absence = "mark"   // a mark such as — or 无 is written
	Masked  Absence = "masked" // the figure is hidden: **
)

// Figure is a figure as an office wrote it (数值).
type Figure struct {
	Value   quantity.Null // as written, in Unit and not yet times Multiplier; a percentage in percent
	Step    quantity.Decimal
	Absence Absence
	Mark    string // the mark that was written
	// Multiplier is 10 000 for a bare 万 and 100 000 000 for a bare 亿 behind the figure, else 0.
	Multiplier quantity.Decimal
	Unit       string        // code of the unit that the cell itself names, or ""
	Percent    bool          // a percent sign stood in the cell or in its number format
	Approx     bool          // 约, 多, 余, 左右
	Rounded    bool          // more than six decimals were written; Value is rounded to six
	Signed     bool          // a plus or minus was written, as changes are
	Second     quantity.Null // the percentage of "4(13%)"
	SecondStep quantity.Decimal
	Over       quantity.Null // the denominator of "124/150"
	Remark     string        // words in parentheses behind the figure
}

// FigureOf reads the figure of a cell.
func FigureOf(c Cell) (Figure, error) {
	if !c.Number.Valid {
		return ParseFigure(c.Text)
	}
	f := Figure{Value: c.Number, Percent: c.Percent, Rounded: c.Rounded, Step: stepOf(c.Number.Decimal)}
	if c.Percent {
		f.Unit = "percent"
	}
	return f, nil
}

// stepOf is one unit in the last place of a figure written without trailing zeros.
func stepOf(d quantity.Decimal) quantity.Decimal {
	for s := quantity.Decimal(1); s < quantity.Scale; s *= 10 {
		if d%(s*10) != 0 {
			return s
		}
	}
	return quantity.Scale
}

// Percentages reports whether the figure is in percent for certain.
func (f Figure) Percentages() bool { return f.Percent || f.Unit == "percent" }

// In gives the figure and its last place in a unit. A unit or 万/亿 in the cell wins over that of the column;
// ok is false where the two do not measure the same.
func (f Figure) In(column, want quantity.Unit) (value, step quantity.Decimal, ok bool) {
	from := column
	if f.Unit != "" {
		if from, ok = quantity.UnitOf(f.Unit); !ok {
			return 0, 0, false
		}
	}
	value, step = f.Value.Decimal, f.Step
	if f.Multiplier != 0 {
		// "4万" under 万人 is forty thousand people, not four hundred million: the bare 万 counts base units.
		if value, ok = value.Mul(f.Multiplier); !ok {
			return 0, 0, false
		}
		if step, ok = step.Mul(f.Multiplier); !ok {
			return 0, 0, false
		}
		from.Factor = quantity.Int(1)
	}
	if value, ok = quantity.Convert(value, from, want); !ok {
		return 0, 0, false
	}
	step, ok = quantity.Convert(step, from, want)
	return value, max(step, 1), ok
}

// refuse makes the reason why a text is no figure.
func refuse(code, zh, en string, args ...any) error {
	return fault.Invalidf("figure."+code, zh, en, args...)
}

// ParseFigure reads a figure as offices write it. A blank or a mark is an absent figure, not an error; a text that may
// mean two things is an error that says which.
func ParseFigure(text string) (Figure, error) {
	s := trimText(foldWidth(text))
	if len(s) > 200 {
		return Figure{}, refuse("text", "这里应填数字，实为一段文字", "a figure was expected; this is a passage of text")
	}
	if a := absenceOf(s); a != Present {
		return Figure{Absence: a, Mark: trimText(text)}, nil
	}
	if strings.HasPrefix(s, "#") {
		return Figure{}, refuse("error", "单元格公式出错：%s", "the cell's formula failed: %s", s)
	}
	var f Figure
	s = f.takeApprox(s)
	s, err := f.takeParentheses(s)
	if err != nil {
		return Figure{}, err
	}
	if over, rest, ok := strings.Cut(s, "/"); ok {
		return f.fraction(text, over, rest)
	}
	if s, err = f.takeUnit(s); err != nil {
		return Figure{}, err
	}
	if err := f.takeDigits(s); err != nil {
		return Figure{}, describe(err, text)
	}
	if f.Percent && f.Unit == "" {
		f.Unit = "percent"
	}
	return f, nil
}

func absenceOf(s string) Absence {
	if s == "" {
		return Empty
	}
	switch strings.ToLower(s) {
	case "无", "未报", "未填", "未填报", "缺", "缺测", "空", "n/a", "na", "nil", "null", "none", "不适用", "暂无", "未统计":
		return Marked
	}
	if strings.Trim(s, "*") == "" || strings.Trim(s, "×") == "" || strings.Trim(strings.ToLower(s), "x") == "" {
		return Masked
	}
	if strings.Trim(s, "-—―─_/\\.…·~ ") == "" {
		return Marked
	}
	return Present
}

// takeApprox drops the words that make a figure a rough one.
func (f *Figure) takeApprox(s string) string {
	for _, p := range []string{"大约", "约", "近", "超过", "超", "逾", "≈", "~"} {
		if rest, ok := strings.CutPrefix(s, p); ok && rest != "" {
			f.Approx, s = true, trimText(rest)
			break
		}
	}
	for _, p := range []string{"左右", "上下", "以上"} {
		if rest, ok := strings.CutSuffix(s, p); ok && rest != "" {
			f.Approx, s = true, trimText(rest)
		}
	}
	for _, p := range []string{"多", "余"} { // 6000多, 4万多, 30余万, 100多个
		i := strings.Index(s, p)
		if i > 0 && (s[i-1] >= '0' && s[i-1] <= '9' || strings.HasSuffix(s[:i], "万") || strings.HasSuffix(s[:i], "亿")) {
			f.Approx, s = true, s[:i]+s[i+len(p):]
		}
	}
	return s
}

// takeParentheses reads "4(13%)", "(1,234.50)" and "4(remark)".
func (f *Figure) takeParentheses(s string) (string, error) {
	open := strings.IndexByte(s, '(')
	if open < 0 || !strings.HasSuffix(s, ")") {
		return s, nil
	}
	inner := trimText(s[open+1 : len(s)-1])
	if open > 0 {
		if p, ok := strings.CutSuffix(inner, "%"); ok {
			var second Figure
			if err := second.takeDigits(p); err == nil {
				f.Second, f.SecondStep = second.Value, second.Step
				return trimText(s[:open]), nil
			}
		}
		if u, ok := UnitOfWord(inner); ok && !strings.ContainsAny(inner, "0123456789") {
			f.Unit = u.Code
			return trimText(s[:open]), nil
		}
		f.Remark = inner
		f.Approx = f.Approx || strings.ContainsAny(inner, "多余约")
		return trimText(s[:open]), nil
	}
	// Accountants write negatives in parentheses, with separators or two decimals; a bare "(13)" may be a remark.
	_, decimals, _ := strings.Cut(inner, ".")
	if strings.Contains(inner, ",") || len(decimals) == 2 {
		f.Signed = true
		return "-" + inner, nil
	}
	return "", refuse("parentheses", "“%s”：括号可能表示负数，也可能是附注，请改写", "“%s”: the parentheses may mean a negative figure or a remark; please rewrite", s)
}

func (f Figure) fraction(text, over, under string) (Figure, error) {
	var g Figure
	if f.takeDigits(trimText(over)) != nil || g.takeDigits(trimText(under)) != nil || f.Signed || g.Signed {
		return Figure{}, refuse("text", "“%s”不是数字", "“%s” is not a figure", text)
	}
	f.Over = g.Value
	return f, nil
}

// takeUnit drops a unit, a percent sign or a bare 万/亿 behind the digits.
func (f *Figure) takeUnit(s string) (string, error) {
	i := len(s)
	for i > 0 && !(s[i-1] >= '0' && s[i-1] <= '9') && s[i-1] != '.' {
		i--
	}
	if strings.HasSuffix(s, "m3") || strings.HasSuffix(s, "m3/s") {
		i = strings.LastIndex(s, "m3")
		i = len(strings.TrimRight(s[:i], "亿万 "))
	}
	digits, word := trimText(s[:i]), trimText(s[i:])
	switch word {
	case "":
		return digits, nil
	case "%":
		f.Percent, f.Unit = true, "percent"
		return digits, nil
	case "‰":
		return "", refuse("permille", "“%s”为千分数，请换算为百分数", "“%s” is per mille; please write it in percent", s)
	case "万":
		f.Multiplier = quantity.Int(10_000)
		return digits, nil
	case "亿":
		f.Multiplier = quantity.Int(100_000_000)
		return digits, nil
	}
	if digits == "" {
		return "", refuse("text", "“%s”不是数字", "“%s” is not a figure", s)
	}
	if u, ok := UnitOfWord(word); ok {
		f.Unit = u.Code
		return digits, nil
	}
	if rest, ok := strings.CutPrefix(word, "万"); ok { // 5.6万个, 3万户
		if u, ok := UnitOfWord(rest); ok {
			f.Unit, f.Multiplier = u.Code, quantity.Int(10_000)
			return digits, nil
		}
	}
	return "", refuse("unit", "“%s”：不认识的单位“%s”", "“%s”: the unit “%s” is not known", s, word)
}

var (
	errDigits   = errors.New("not digits")
	errGrouping = errors.New("digits are not grouped by threes")
)

func describe(err error, text string) error {
	switch {
	case errors.Is(err, errGrouping):
		return refuse("grouping", "“%s”：千分位分隔不是三位一组，无法确定数值", "“%s”: the digits are not grouped by threes", text)
	case errors.Is(err, quantity.ErrRange):
		return refuse("range", "“%s”超出可存范围", "“%s” is out of range", text)
	}
	return refuse("text", "“%s”不是数字", "“%s” is not a figure", text)
}

// takeDigits reads sign, digits with separators, decimals and the exponent of an export.
func (f *Figure) takeDigits(s string) error {
	neg := false
	for _, p := range []string{"+", "-", "—"} {
		if rest, ok := strings.CutPrefix(s, p); ok {
			neg, f.Signed, s = p != "+", true, trimText(rest)
			break
		}
	}
	for _, p := range []string{"¥", "￥"} {
		if rest, ok := strings.CutPrefix(s, p); ok {
			f.Unit, s = "yuan", trimText(rest)
		}
	}
	mantissa, exponent, err := cutExponent(s)
	if err != nil {
		return err
	}
	whole, frac, point := strings.Cut(mantissa, ".")
	if whole, err = ungroup(whole); err != nil {
		return err
	}
	if whole == "" && frac == "" || point && frac == "" || !allDigits(whole) || !allDigits(frac) || len(whole) > 20 {
		return errDigits
	}
	f.Value, f.Step, f.Rounded, err = decimalOf(whole, frac, exponent)
	if neg {
		f.Value.Decimal = -f.Value.Decimal
	}
	return err
}

// cutExponent reads the exponent of "1.2E-3", two digits at most.
func cutExponent(s string) (mantissa string, exponent int, err error) {
	i := strings.IndexAny(s, "eE")
	if i < 0 {
		return s, 0, nil
	}
	digits := strings.TrimLeft(s[i+1:], "+-")
	if digits == "" || len(digits) > 2 || len(s[i+1:])-len(digits) > 1 || !allDigits(digits) {
		return "", 0, errDigits
	}
	for _, c := range digits {
		exponent = exponent*10 + int(c-'0')
	}
	if s[i+1] == '-' {
		exponent = -exponent
	}
	return s[:i], exponent, nil
}

// ungroup drops thousands separators where every group behind the first has three digits.
func ungroup(s string) (string, error) {
	if !strings.ContainsAny(s, ", '") {
		return s, nil
	}
	groups := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\'' })
	if len(groups) == 0 {
		return "", errDigits
	}
	for i, g := range groups {
		if !allDigits(g) {
			return "", errDigits
		}
		if i > 0 && len(g) != 3 || len(groups[0]) > 3 {
			return "", errGrouping
		}
	}
	joined := strings.Join(groups, "")
	if len(s)-len(joined) != len(groups)-1 {
		return "", errGrouping
	}
	return joined, nil
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// decimalOf makes the decimal and its last place; beyond six decimals it rounds half up and says so.
func decimalOf(whole, frac string, exponent int) (v quantity.Null, step quantity.Decimal, rounded bool, err error) {
	digits, places := whole+frac, len(frac)-exponent
	if places < 0 {
		digits, places = digits+strings.Repeat("0", -places), 0
	}
	if len(digits) < places+1 {
		digits = strings.Repeat("0", places+1-len(digits)) + digits
	}
	whole, frac = digits[:len(digits)-places], digits[len(digits)-places:]
	step = 1
	for i := len(frac); i < 6; i++ {
		step *= 10
	}
	up := false
	if len(frac) > 6 {
		rounded = strings.Trim(frac[6:], "0") != ""
		up, frac = frac[6] >= '5', frac[:6]
	}
	if frac != "" {
		whole += "." + frac
	}
	d, err := quantity.Parse(whole)
	if err != nil {
		return v, 0, false, err
	}
	if up {
		d++
	}
	return quantity.Some(d), step, rounded, nil
}
