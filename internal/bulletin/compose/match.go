package compose

import (
	"slices"
	"strings"
	"unicode"
)

// mostWords is how many letters before a number tell whose it is.
const mostWords = 12

// slot is a figure of the composed runs that has a number.
type slot struct {
	run                   int
	before, number, after string
	words                 []rune // that stand before it
}

// matcher holds the figures of a composed paragraph against the numbers of a changed one.
type matcher struct {
	slots  []slot
	text   string
	tokens []token
	words  [][]rune       // before each token
	scores map[[2]int]int // of slot and token, once asked for
}

func newMatcher(composed []Run, text string, tokens []token) *matcher {
	m := &matcher{text: text, tokens: tokens, scores: map[[2]int]int{}}
	since := ""
	for i, r := range composed {
		if r.Figure == "" {
			since += narrow(r.Text)
			continue
		}
		if before, number, after, ok := core(r.Text); ok {
			m.slots = append(m.slots, slot{i, before, number, after, letters(since + before)})
		}
		since = ""
	}
	last := 0
	for _, t := range tokens {
		m.words = append(m.words, letters(text[last:t.from]))
		last = t.to
	}
	return m
}

// letters are the last letters of a text, without signs, digits, spaces and what says nothing of whose a number is: 越城区为 is 越城.
func letters(text string) []rune {
	const filler = "为是达到约至的区县市"
	out := slices.DeleteFunc([]rune(text), func(r rune) bool { return !unicode.IsLetter(r) || strings.ContainsRune(filler, r) })
	return out[max(0, len(out)-mostWords):]
}

// score is how well the words before a token agree with those before a figure: the letters right before both weigh most, then how many
// in a row are in both.
func (m *matcher) score(i, j int) int {
	key := [2]int{i, j}
	if n, ok := m.scores[key]; ok {
		return n
	}
	best := 0
	a, b := m.slots[i].words, m.words[j]
	row := make([]int, len(b)+1)
	for _, x := range a {
		for k := len(b); k > 0; k-- {
			if row[k] = 0; x == b[k-1] {
				// row[k-1] is still that of the letter before
				row[k] = row[k-1] + 1
				best = max(best, row[k])
			}
		}
	}
	near := 0
	for near < min(len(a), len(b)) && a[len(a)-1-near] == b[len(b)-1-near] {
		near++
	}
	best += near * (mostWords + 1)
	m.scores[key] = best
	return best
}

// rival is the best score that another figure of the same unit and another number has at a token.
func (m *matcher) rival(i, j int) int {
	best, s := 0, m.slots[i]
	for k, o := range m.slots {
		if k != i && o.before == s.before && o.after == s.after && !same(o.number, s.number) {
			best = max(best, m.score(k, j))
		}
	}
	return best
}

// own reports whether the words before a token are a figure's own.
func (m *matcher) own(i, j int) bool {
	n := m.score(i, j)
	return n > 0 && n > m.rival(i, j) || len(m.slots) == 1
}

// inOrder pairs as many figures as can be with tokens of the same number in one order, none of which stands behind another's words; of
// several ways it takes the one whose words agree best.
func (m *matcher) inOrder() [][2]int {
	const pair = 1 << 20 // one more pair outweighs all words
	n, t := len(m.slots), len(m.tokens)
	gain := make([][]int, n)
	best := make([][]int, n+1)
	best[n] = make([]int, t+1)
	for i := n - 1; i >= 0; i-- {
		gain[i], best[i] = make([]int, t), make([]int, t+1)
		s := m.slots[i]
		for j := t - 1; j >= 0; j-- {
			if fits(m.text, m.tokens[j], s.before, s.number, s.after) {
				if score := m.score(i, j); score >= m.rival(i, j) {
					gain[i][j] = pair + score
				}
			}
			best[i][j] = max(best[i+1][j], best[i][j+1], gain[i][j]+best[i+1][j+1])
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < n && j < t; {
		switch {
		case gain[i][j] > 0 && best[i][j] == gain[i][j]+best[i+1][j+1]:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case best[i][j] == best[i+1][j]:
			i++
		default:
			j++
		}
	}
	return out
}
