package compose

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"anlan/internal/quantity"
)

// FlagKind is what is noticed about a number in a changed paragraph.
type FlagKind string

// The kinds of flags.
const (
	Differs  FlagKind = "differs"  // stands where a figure of the snapshot stood, and is another number
	Unlinked FlagKind = "unlinked" // a number that is no figure of the paragraph
	Dropped  FlagKind = "dropped"  // a figure that stands there no more
)

// Flag is one number that the snapshot does not bear out.
type Flag struct {
	Block  string   `json:"block"`
	Kind   FlagKind `json:"kind" enum:"differs,unlinked,dropped"`
	Figure string   `json:"figure,omitempty" doc:"Key of the figure that stood there"`
	Was    string   `json:"was,omitempty" doc:"As the snapshot has it"`
	Is     string   `json:"is,omitempty" doc:"As the paragraph has it now"`
}

// Serious reports whether a flag must be confirmed before issue.
func (f Flag) Serious() bool { return f.Kind != Dropped }

// numbers finds numbers with what may belong to them: a sign, thousands, decimals.
var numbers = regexp.MustCompile(`[-−－]?[0-9]+(?:[,，][0-9]{3})*(?:\.[0-9]+)?`)

// narrow turns full-width digits into plain ones, each rune for one.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '．':
			return '.'
		case r == '％':
			return '%'
		}
		return r
	}, s)
}

// token is a number in a text, in bytes.
type token struct {
	from, to int
	figure   int // index of the composed run that it is, or -1
}

// Review holds a changed text against the runs that were composed. It returns the text with the figures that still stand in it linked,
// and what does not agree. Numbers in Chinese characters are not seen.
func Review(block string, composed []Run, text string) ([]Run, []Flag) {
	text = narrow(text)
	tokens := scan(text)
	linked := make([]bool, len(composed))
	link(composed, text, tokens, linked)
	var flags []Flag
	flags = append(flags, pair(block, composed, text, tokens, linked)...)
	loose := looseNumbers(composed)
	for _, t := range tokens {
		word := text[t.from:t.to]
		if t.figure >= 0 {
			continue
		}
		if i := slices.Index(loose, withNext(text, t)); i >= 0 { // a number that the template wrote itself, such as a year
			loose = slices.Delete(loose, i, i+1)
			continue
		}
		flags = append(flags, Flag{Block: block, Kind: Unlinked, Is: word})
	}
	return relinked(composed, text, tokens), flags
}

func scan(text string) []token {
	var out []token
	for _, at := range numbers.FindAllStringIndex(text, -1) {
		out = append(out, token{at[0], at[1], -1})
	}
	return out
}

// core is the number in the words of a figure and what stands before and behind it: 第, 2, 位.
func core(words string) (before, number, after string, ok bool) {
	words = narrow(words)
	at := numbers.FindStringIndex(words)
	if at == nil {
		return "", "", "", false
	}
	return words[:at[0]], words[at[0]:at[1]], words[at[1]:], true
}

// link finds each figure again: the same number with the same unit in its own place. The order of the text tells the place; the words
// before a number tell it too, and let a figure move. A number that stands behind another figure's words is not this figure, even where
// both are numbers of the snapshot: 越城80.0%，柯桥70.0% turned round is two changes.
func link(composed []Run, text string, tokens []token, linked []bool) {
	m := newMatcher(composed, text, tokens)
	if len(m.slots) == 0 {
		return
	}
	for _, pair := range m.inOrder() {
		tokens[pair[1]].figure, linked[m.slots[pair[0]].run] = m.slots[pair[0]].run, true
	}
	for i, s := range m.slots { // those that moved, by their own words
		if linked[s.run] {
			continue
		}
		for j := range tokens {
			if fits(text, tokens[j], s.before, s.number, s.after) && m.own(i, j) {
				tokens[j].figure, linked[s.run] = s.run, true
				break
			}
		}
	}
}

func fits(text string, t token, before, number, after string) bool {
	return t.figure < 0 && same(text[t.from:t.to], number) && strings.HasPrefix(text[t.to:], after) && strings.HasSuffix(text[:t.from], before)
}

// same reports whether two numbers are one, however many zeros stand behind the point.
func same(a, b string) bool {
	x, err1 := quantity.Parse(plainNumber(a))
	y, err2 := quantity.Parse(plainNumber(b))
	return err1 == nil && err2 == nil && x == y
}

func plainNumber(s string) string {
	return strings.NewReplacer(",", "", "，", "", "−", "-", "－", "-").Replace(s)
}

// pair gives each figure that is not found again the number that stands in its place: the first free one between its neighbours,
// rather one with its unit.
func pair(block string, composed []Run, text string, tokens []token, linked []bool) []Flag {
	var flags []Flag
	for i, r := range composed {
		before, _, after, ok := core(r.Text)
		if r.Figure == "" || linked[i] {
			continue
		}
		if !ok { // words without a number, such as 同比持平
			if !strings.Contains(text, narrow(r.Text)) {
				flags = append(flags, Flag{Block: block, Kind: Dropped, Figure: r.Figure, Was: r.Text})
			}
			continue
		}
		low, high := between(composed, tokens, i)
		best := -1
		for j := low; j < high; j++ {
			if tokens[j].figure < 0 && strings.HasPrefix(text[tokens[j].to:], after) && strings.HasSuffix(text[:tokens[j].from], before) {
				best = j
				break
			}
		}
		if best < 0 {
			flags = append(flags, Flag{Block: block, Kind: Dropped, Figure: r.Figure, Was: r.Text})
			continue
		}
		tokens[best].figure = i
		flags = append(flags, Flag{Block: block, Kind: Differs, Figure: r.Figure, Was: r.Text, Is: before + text[tokens[best].from:tokens[best].to] + after})
	}
	return flags
}

// between are the tokens between the figures before and after a run that are found already.
func between(composed []Run, tokens []token, i int) (low, high int) {
	high = len(tokens)
	for j, t := range tokens {
		if t.figure < 0 {
			continue
		}
		if t.figure < i {
			low = max(low, j+1)
		} else if t.figure > i {
			high = min(high, j)
		}
	}
	return low, max(low, high)
}

// looseNumbers are the numbers that stand in composed words without being figures, each with what follows it: 2026年, 5月.
func looseNumbers(composed []Run) []string {
	var out []string
	for _, r := range composed {
		if r.Figure == "" {
			text := narrow(r.Text)
			for _, t := range scan(text) {
				out = append(out, withNext(text, t))
			}
		}
	}
	return out
}

// withNext is a number with the character behind it.
func withNext(text string, t token) string {
	_, n := utf8.DecodeRuneInString(text[t.to:])
	return text[t.from : t.to+n]
}

// relinked cuts a text into runs: figures, and what stands between them.
func relinked(composed []Run, text string, tokens []token) []Run {
	tokens = slices.Clone(tokens)
	slices.SortFunc(tokens, func(a, b token) int { return cmp.Compare(a.from, b.from) })
	var out []Run
	last := 0
	for _, t := range tokens {
		if t.figure < 0 {
			continue
		}
		before, _, after, _ := core(composed[t.figure].Text)
		from, to := t.from-len(before), t.to+len(after)
		if from < last || to > len(text) {
			continue
		}
		out = append(out, Run{Text: text[last:from]}, Run{Text: text[from:to], Figure: composed[t.figure].Figure})
		last = to
	}
	return joined(append(out, Run{Text: text[last:]}))
}
