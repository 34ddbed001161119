package table

import (
	"slices"
	"strings"
	"unicode/utf8"

	"anlan/internal/fault"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
	"anlan/internal/workbook"
)

// candidate is one name under which something of the packs may be sent.
type candidate struct {
	key       string // the name without blanks, brackets and units
	name      string
	role      Role
	indicator string
	target    string
	unit      string
	kind      pack.Kind
	alias     bool
}

// candidates lists every name of every indicator, ratio term and target.
func candidates(cat Catalogue) []candidate {
	if cat == nil {
		return nil
	}
	var out []candidate
	put := func(c candidate, names ...string) {
		for i, n := range names {
			if c.key = matchKey(n); utf8.RuneCountInString(c.key) >= 2 {
				c.name, c.alias = n, i > 1
				out = append(out, c)
			}
		}
	}
	for _, ind := range cat.Indicators() {
		own := candidate{role: Value, indicator: ind.Code, unit: ind.Unit, kind: ind.Kind}
		if ind.Ratio != nil || ind.Formula != "" {
			own.role = Rate
		}
		put(own, append([]string{ind.Name.Zh, ind.Name.En}, ind.Aliases...)...)
		if ind.Ratio != nil {
			n, d := ind.Ratio.Numerator, ind.Ratio.Denominator
			put(candidate{role: Numerator, indicator: ind.Code, unit: n.Unit, kind: ind.Kind}, append([]string{n.Name.Zh, n.Name.En}, n.Aliases...)...)
			put(candidate{role: Denominator, indicator: ind.Code, unit: d.Unit, kind: ind.Kind}, append([]string{d.Name.Zh, d.Name.En}, d.Aliases...)...)
		}
		for _, t := range cat.TargetsOf(ind.Code) {
			put(candidate{role: Plan, indicator: ind.Code, target: t.ID, unit: planUnit(t, ind)}, append([]string{t.Name.Zh, t.Name.En}, t.Aliases...)...)
		}
	}
	return out
}

// planUnit is the unit of a target's amount.
func planUnit(t pack.Target, ind pack.Indicator) string {
	if t.Judge == pack.ByGrowth || t.Judge == pack.ByRate {
		return "percent"
	}
	return ind.Unit
}

// matchKey keeps the letters and digits of a name.
func matchKey(s string) string {
	s = nameKey(unitSuffix.ReplaceAllString(workbook.Fold(s), ""))
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("/()[]{},.;:、，。；：“”\"'_-—·%", r) {
			return -1
		}
		return r
	}, s)
}

// directory finds the candidates that share at least two neighbouring characters with a name; no other can meet it.
type directory struct {
	list []candidate
	by   map[[2]rune][]int
}

func newDirectory(list []candidate) *directory {
	d := &directory{list: list, by: map[[2]rune][]int{}}
	for i, c := range list {
		for _, p := range pairs(c.key) {
			if at := d.by[p]; len(at) == 0 || at[len(at)-1] != i {
				d.by[p] = append(at, i)
			}
		}
	}
	return d
}

func (d *directory) near(names ...string) []int {
	var out []int
	for _, n := range names {
		for _, p := range pairs(n) {
			out = append(out, d.by[p]...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// pairs lists the neighbouring characters of a name.
func pairs(s string) [][2]rune {
	r := []rune(s)
	var out [][2]rune
	for i := range len(r) - 1 {
		out = append(out, [2]rune{r[i], r[i+1]})
	}
	return out
}

// match is how well a heading meets a candidate.
type match struct {
	candidate
	score  float64
	way    likeness
	reason fault.Text
	rival  string // another indicator that meets it as well
}

// best finds the candidate that a heading means; subject is what the lines above say.
func (d *directory) best(head, leaf, subject, unit string) (match, bool) {
	h, lf, sj := matchKey(head), matchKey(leaf), matchKey(subject)
	var top match
	for _, i := range d.near(h, lf, sj+lf) {
		c := d.list[i]
		score, why := meet(c, h, lf, sj)
		if score < 0.5 {
			continue
		}
		if unit != "" && c.unit != "" && !convertible(unit, c.unit) {
			score -= 0.4
		}
		if word := otherScope(c, h); word != "" {
			score -= 0.5
		}
		switch {
		case score > top.score+0.001:
			next := match{candidate: c, score: score, way: why}
			if top.score > score-0.05 && top.indicator != c.indicator {
				next.rival = top.name
			}
			top = next
		case score > top.score-0.05 && (top.indicator != c.indicator || top.role != c.role):
			top.rival = c.name
		}
	}
	top.reason = top.way.reason(top.name)
	if top.rival != "" {
		top.reason = fault.Text{Zh: top.reason.Zh + "；“" + top.rival + "”也相近，请核对", En: top.reason.En + "; “" + top.rival + "” is close as well, please check"}
		top.score = min(top.score, 0.6)
	}
	return top, top.score >= 0.5
}

// otherScope is the word by which a heading says that it is of another scope than the candidate: of last year, since the
// start of the works, of the month alone where the indicator is cumulated, or cumulated where it is not.
func otherScope(c candidate, head string) string {
	words := []string{"上年", "去年", "同期", "同比", "环比", "增幅", "增长", "开工", "建设以来", "较省", "位次", "排名", "剩余"}
	switch c.kind {
	case pack.Cumulative:
		words = append(words, "本月", "当月", "本旬", "本期", "本周")
	case pack.Period, pack.Stock:
		words = append(words, "年初", "累计")
	}
	for _, w := range words {
		if strings.Contains(head, w) && !strings.Contains(c.key, w) {
			return w
		}
	}
	return ""
}

func convertible(a, b string) bool {
	x, ok1 := quantity.UnitOf(a)
	y, ok2 := quantity.UnitOf(b)
	return !ok1 || !ok2 || x.Dimension == y.Dimension && (x.Counted == y.Counted || x.Counted == "piece" || y.Counted == "piece")
}

// likeness is in what way a heading meets a name.
type likeness uint8

const (
	unlike likeness = iota
	sameName
	sharedWords
	titleMeets
)

// reason says a likeness in words.
func (k likeness) reason(name string) fault.Text {
	switch k {
	case sameName:
		return fault.Tf("与“%s”同名", "the same name as “%s”", name)
	case titleMeets:
		return fault.Tf("表题与“%s”相符", "the title of the table meets “%s”", name)
	}
	return fault.Tf("与“%s”部分相同", "shares words with “%s”", name)
}

// meet measures how well the keys of a heading, its last line and the table's title meet a candidate.
func meet(c candidate, head, leaf, subject string) (float64, likeness) {
	exact := 1.0
	if c.alias {
		exact = 0.95
	}
	ratio := func(short, long string) float64 {
		return float64(utf8.RuneCountInString(short)) / float64(max(utf8.RuneCountInString(long), 1))
	}
	switch {
	case head == c.key || leaf == c.key:
		return exact, sameName
	case strings.Contains(head, c.key):
		return 0.55 + 0.35*ratio(c.key, head), sharedWords
	case utf8.RuneCountInString(leaf) >= 4 && strings.Contains(c.key, leaf):
		return 0.45 + 0.35*ratio(leaf, c.key), sharedWords
	case subject != "" && (strings.Contains(subject+leaf, c.key) || utf8.RuneCountInString(subject) >= 4 && strings.Contains(c.key, subject)):
		return 0.6, titleMeets
	}
	if d := dice(head, c.key); d > 0.6 {
		return 0.8 * d, sharedWords
	}
	return 0, unlike
}

// dice is the share of neighbouring pairs of characters that two names have in common.
func dice(a, b string) float64 {
	x, y := pairs(a), pairs(b)
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	common := 0
	used := make([]bool, len(x))
	for _, p := range y {
		for i, q := range x {
			if p == q && !used[i] {
				used[i] = true
				common++
				break
			}
		}
	}
	return 2 * float64(common) / float64(len(x)+len(y))
}
