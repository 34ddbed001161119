package gb9704

import "strconv"

// numbering counts the headings of a body by level.
type numbering struct{ counts [5]int }

// of is the number before a heading, which counts anew below each higher heading (7.3.3).
func (n *numbering) of(h Heading) string {
	for l := h.Level + 1; l < len(n.counts); l++ {
		n.counts[l] = 0
	}
	switch h.Number {
	case Unnumbered:
		return ""
	case "":
		n.counts[h.Level]++
		return ordinal(h.Level, n.counts[h.Level])
	}
	return h.Number
}

// ordinal writes number i of a level.
func ordinal(level, i int) string {
	switch level {
	case 1:
		return numeral(i) + "、"
	case 2:
		return "（" + numeral(i) + "）"
	case 3:
		return strconv.Itoa(i) + "."
	}
	return "（" + strconv.Itoa(i) + "）"
}

// numeral writes 1 to 9999 in Chinese numerals: 一, 十, 十二, 二十, 一百零五.
func numeral(n int) string {
	if n < 1 || n > 9999 {
		return strconv.Itoa(n)
	}
	digits := [...]string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	out, zero := "", false
	for _, u := range [...]struct {
		value int
		name  string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := n / u.value % 10
		if d == 0 {
			zero = out != ""
			continue
		}
		if zero {
			out += digits[0]
		}
		zero = false
		if d == 1 && u.value == 10 && out == "" {
			out = u.name
			continue
		}
		out += digits[d] + u.name
	}
	return out
}
