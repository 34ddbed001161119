package compose

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Again lays what a person did to a body over a text that was composed anew: changed paragraphs keep their words, those that were struck
// out stay so, added ones stand behind what they stood behind. A paragraph that the new text has no more stays as an added one. Numbers
// that the new figures do not bear out are flagged by the body as ever; nothing a person wrote is lost.
func Again(old *Body, t *Text) *Body {
	out := BodyOf(t)
	out.Next = old.Next
	if old.Composed != "" {
		out.Retitle(old.Title)
	}
	twin := twins(old.Pieces, out.Pieces)
	behind := make([][]Piece, len(out.Pieces)+1) // what comes before the first, then what comes behind each
	at := 0
	for i, p := range old.Pieces {
		j := twin[i]
		if j >= 0 {
			at = j + 1
		}
		switch {
		case p.Added:
			behind[at] = append(behind[at], p)
		case p.Text == nil && !p.Removed:
		case j >= 0:
			n := &out.Pieces[j]
			if n.Removed, n.By, n.At = p.Removed, p.By, p.At; p.Text != nil && *p.Text != Plain(n.Runs) {
				n.Text = p.Text
			} else if !n.Removed {
				n.By, n.At = "", nil
			}
		case p.Text != nil && !p.Removed:
			block := Block{ID: "n" + strconv.Itoa(out.Next), Kind: p.Kind, Level: p.Level}
			out.Next++
			behind[at] = append(behind[at], Piece{Block: block, Text: p.Text, Added: true, By: p.By, At: p.At})
		}
	}
	pieces := slices.Clone(behind[0])
	for j, p := range out.Pieces {
		pieces = append(append(pieces, p), behind[j+1]...)
	}
	out.Pieces = pieces
	return out
}

// twins finds for each piece the one of a later body that says the same of other figures, -1 where there is none; an added one has none.
// Those that agree but for their numbers are paired first, in one order; what a person changed or struck out may then go with the paragraph
// between the same neighbours that names the most of its figures.
func twins(old, fresh []Piece) []int {
	out := make([]int, len(old))
	a, b := make([]string, len(old)), make([]string, len(fresh))
	for i := range old {
		if out[i] = -1; !old[i].Added {
			a[i] = shapeOf(&old[i].Block)
		}
	}
	for j := range fresh {
		b[j] = shapeOf(&fresh[j].Block)
	}
	inOrder(a, b, out)
	taken := make([]bool, len(fresh))
	for _, j := range out {
		if j >= 0 {
			taken[j] = true
		}
	}
	for i := range old {
		if out[i] >= 0 || old[i].Added || old[i].Text == nil && !old[i].Removed {
			continue
		}
		from, to := 0, len(fresh)
		for _, j := range out[:i] {
			from = max(from, j+1)
		}
		for _, j := range out[i:] {
			if j >= 0 {
				to = min(to, j)
			}
		}
		best := 0
		for j := from; j < to; j++ {
			if n := likeness(&old[i].Block, &fresh[j].Block); !taken[j] && n > best {
				best, out[i] = n, j
			}
		}
		if out[i] >= 0 {
			taken[out[i]] = true
		}
	}
	return out
}

// inOrder pairs equal shapes in one order, as many as can be; an empty shape has no pair.
func inOrder(a, b []string, out []int) {
	longest := make([][]int32, len(a)+1)
	longest[len(a)] = make([]int32, len(b)+1)
	for i := len(a) - 1; i >= 0; i-- {
		longest[i] = make([]int32, len(b)+1)
		for j := len(b) - 1; j >= 0; j-- {
			longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			if a[i] != "" && a[i] == b[j] {
				longest[i][j] = max(longest[i][j], 1+longest[i+1][j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] != "" && a[i] == b[j] && longest[i][j] == 1+longest[i+1][j+1]:
			out[i] = j
			i, j = i+1, j+1
		case longest[i][j] == longest[i+1][j]:
			i++
		default:
			j++
		}
	}
}

// shapeOf is what a block says without its numbers: words, and the keys of figures.
func shapeOf(b *Block) string {
	var s strings.Builder
	s.WriteString(string(b.Kind) + strconv.Itoa(b.Level) + "|")
	for _, r := range b.Runs {
		if r.Figure != "" {
			s.WriteString("{" + r.Figure + "}")
			continue
		}
		s.WriteString(strings.Map(func(c rune) rune {
			if unicode.IsDigit(c) {
				return -1
			}
			return c
		}, r.Text))
	}
	if b.Table != nil {
		s.WriteString(b.Table.Caption)
	}
	if b.Chart != nil {
		s.WriteString(b.Chart.Caption)
	}
	return s.String()
}

// likeness is how many figures two blocks of one kind have in common; of those without figures, whether they stand at the same level.
func likeness(a, b *Block) int {
	if a.Kind != b.Kind || a.Level != b.Level {
		return 0
	}
	keys := map[string]bool{}
	for _, r := range a.Runs {
		if r.Figure != "" {
			keys[r.Figure] = true
		}
	}
	n, plain := 0, len(keys) == 0
	for _, r := range b.Runs {
		plain = plain && r.Figure == ""
		if r.Figure != "" && keys[r.Figure] {
			n++
		}
	}
	if plain && a.Kind != TableOf && a.Kind != ChartOf {
		return 1
	}
	return n
}
