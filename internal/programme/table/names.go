package table

import (
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/workbook"
)

// Division is a division as tables may name it.
type Division struct {
	Code    string
	Zh      string // full name: 越城区
	Short   string // 越城
	Aliases []string
	Parent  string // code; tells 绍兴市 as a total over its counties, and "绍兴市越城区" apart
}

// Names finds divisions by the names that tables give them.
type Names struct {
	list  []Division
	exact map[string][]int // by full name, short name, alias or code
	loose map[string][]int // without 区, 县, 市, 省
}

// maxName is longer than any chain of division names, in bytes.
const maxName = 120

// NewNames indexes divisions.
func NewNames(list []Division) *Names {
	n := &Names{list: slices.Clone(list), exact: map[string][]int{}, loose: map[string][]int{}}
	for i, d := range n.list {
		for _, name := range append([]string{d.Code, d.Zh, d.Short}, d.Aliases...) {
			key := nameKey(name)
			if key == "" {
				continue
			}
			add(n.exact, key, i)
			add(n.loose, stem(key), i)
		}
	}
	return n
}

func add(m map[string][]int, key string, i int) {
	if !slices.Contains(m[key], i) {
		m[key] = append(m[key], i)
	}
}

// nameKey drops what differs between two spellings of a name: blanks within, width, case.
func nameKey(s string) string {
	s = strings.ToLower(workbook.Fold(s))
	return strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, s)
}

// stem drops the word for the kind of division, where two characters remain.
func stem(key string) string {
	for _, kind := range []string{
		"维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "特别行政区", "自治州", "自治县",
		"地区", "新区", "省", "市", "区", "县", "州",
	} {
		if rest, ok := strings.CutSuffix(key, kind); ok && len([]rune(rest)) >= 2 {
			return rest
		}
	}
	return key
}

// Find finds the one division that a name means: with or without 区, 县, 市, with blanks within, or with the name of
// a division above before it. What may mean several is a fault that names them.
func (n *Names) Find(text string) (Division, error) {
	key := nameKey(text)
	if len(key) > maxName {
		return Division{}, fault.NotFoundf("division.unknown", "这里应填地区，实为一段文字", "a division was expected; this is a passage of text")
	}
	if key == "" {
		return Division{}, fault.Invalidf("division.blank", "没有写地区", "no division is named")
	}
	hits := n.lookup(key)
	if len(hits) == 0 {
		hits = n.below(key)
	}
	switch len(hits) {
	case 1:
		return n.list[hits[0]], nil
	case 0:
		return Division{}, fault.NotFoundf("division.unknown", "不认识的地区“%s”", "there is no division “%s” here", text)
	}
	var names []string
	for _, i := range hits {
		names = append(names, n.list[i].Zh+" "+n.list[i].Code)
	}
	return Division{}, fault.Invalidf("division.ambiguous", "“%s”可能是：%s", "“%s” may be one of: %s", text, strings.Join(names, "、"))
}

func (n *Names) lookup(key string) []int {
	if hits := n.exact[key]; len(hits) > 0 {
		return hits
	}
	// A stem may only stand for names of its own kind: 绍兴县 is not 绍兴市.
	if s := stem(key); s == key {
		return n.loose[key]
	} else if hits := n.exact[s]; len(hits) == 1 {
		d := n.list[hits[0]]
		if nameKey(d.Zh) == s || strings.HasSuffix(key, kindOf(nameKey(d.Zh))) {
			return hits
		}
	}
	return nil
}

func kindOf(key string) string { return strings.TrimPrefix(key, stem(key)) }

// below reads "绍兴市越城区", "绍兴越城" and "浙江省绍兴市诸暨市".
func (n *Names) below(key string) []int {
	runes := []rune(key)
	var hits []int
	for cut := 2; cut <= len(runes)-2; cut++ {
		above := n.lookup(string(runes[:cut]))
		if len(above) == 0 {
			continue
		}
		rest := n.lookup(string(runes[cut:]))
		if len(rest) == 0 {
			rest = n.below(string(runes[cut:]))
		}
		for _, i := range rest {
			if n.under(i, above) && !slices.Contains(hits, i) {
				hits = append(hits, i)
			}
		}
	}
	return hits
}

// under reports whether division i lies below one of the others, as far as parents are known.
func (n *Names) under(i int, above []int) bool {
	parent := n.list[i].Parent
	for range 10 {
		if parent == "" {
			return n.list[i].Parent == ""
		}
		next := ""
		for _, k := range above {
			if n.list[k].Code == parent {
				return true
			}
		}
		for _, k := range n.exact[nameKey(parent)] {
			if n.list[k].Code == parent {
				next = n.list[k].Parent
			}
		}
		parent = next
		if parent == "" {
			return false
		}
	}
	return false
}

// within finds the one division whose name stands in a text; of names within each other the longest counts, and of a
// division and the one above it the lower.
func (n *Names) within(text string) (Division, bool) {
	key := nameKey(text)
	best, found := -1, ""
	for name, hits := range n.exact {
		if len(hits) != 1 || len([]rune(name)) < 2 || strings.Trim(name, "0123456789") == "" || !strings.Contains(key, name) {
			continue
		}
		switch i := hits[0]; {
		case best < 0 || best == i, n.under(i, []int{best}) && n.list[i].Parent != "":
			best, found = i, name
		case n.under(best, []int{i}) && n.list[best].Parent != "", strings.Contains(found, name):
		case strings.Contains(name, found):
			best, found = i, name
		default:
			return Division{}, false
		}
	}
	if best < 0 {
		return Division{}, false
	}
	return n.list[best], true
}
