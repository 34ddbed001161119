package pdf

import (
	"strings"
	"testing"

	"anlan/internal/gb9704/flow"
)

// broken are the lines of a text of 16 pt in a width of whole characters.
func broken(text string, characters int, align flow.Align) []string {
	p := &flow.Paragraph{Height: 579, Align: align, Runs: []flow.Run{{Text: text, Size: 32}}}
	var out []string
	for _, l := range lines(p, 0, mil(characters)*16_000) {
		var b strings.Builder
		for _, p := range l.pieces {
			for _, g := range p.glyphs {
				b.WriteRune(g.r)
			}
		}
		out = append(out, b.String())
	}
	return out
}

func TestBreaking(t *testing.T) {
	f := func(text string, want ...string) {
		t.Helper()
		if got := broken(text, 6, flow.Justify); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%q is broken as %q, want %q", text, got, want)
		}
	}
	f("", "")
	f("一二三四五六七八", "一二三四五六", "七八")
	f("一二三四五（六）", "一二三四五", "（六）")     // nothing opens at the end
	f("一二三四五六七%", "一二三四五六", "七%")     // no mark begins a line: it fits behind its figure
	f("一二三四五六》。八", "一二三四五", "六》。八")   // two marks take a character along
	f("一二三四五12.6亿", "一二三四五", "12.6亿") // figures are whole
	f("一二三 ab cd", "一二三 ab cd")
	f("一二三四 abcd e", "一二三四", "abcd e")
	f("一二三四五六\n", "一二三四五六", "")
}

func TestSqueezing(t *testing.T) {
	const text = "一二三四五六七八九十一二三四五六七八九十一二三四五六七八，九"
	if got := broken(text, 28, flow.Justify); got[0] != strings.Split(text, "九")[0]+"九十一二三四五六七八九十一二三四五六七八，" {
		t.Errorf("the mark does not end the line: %q", got)
	}
	p := &flow.Paragraph{Height: 579, Runs: []flow.Run{{Text: text, Size: 32}}}
	l := lines(p, 0, 28*16_000)[0]
	last := l.pieces[len(l.pieces)-1]
	end := last.x
	for range last.glyphs {
		end += 16_000 + last.step
	}
	if ink := end - 8_000; ink > 28*16_000 {
		t.Errorf("the ink of the last mark ends at %s", ink)
	}
	if got := broken(text, 28, flow.Left); strings.HasSuffix(got[0], "，") {
		t.Errorf("in a cell the mark stands over the border: %q", got)
	}
}

func TestJustifying(t *testing.T) {
	p := &flow.Paragraph{Height: 579, Runs: []flow.Run{{Text: "完成2026项工程，一二", Size: 32}}}
	ls := lines(p, 0, 7*16_000)
	if len(ls) != 2 {
		t.Fatalf("%d lines", len(ls))
	}
	var right mil
	for _, q := range ls[0].pieces {
		right = q.x
		for _, g := range q.glyphs {
			if latin(g.r) && g.r != '6' && q.step != 0 {
				t.Errorf("%c of a figure is moved by %s", g.r, q.step)
			}
			right += g.width + q.step
		}
	}
	if right < 7*16_000-20 || right > 7*16_000+20 {
		t.Errorf("the line ends at %s", right)
	}
	if s := ls[1].pieces[0].step; s != 0 {
		t.Errorf("the last line is stretched by %s", s)
	}
}

func TestTabs(t *testing.T) {
	p := &flow.Paragraph{Height: 579, Tabs: []int{5600}, Runs: []flow.Run{{Text: "左\t右边", Size: 32}}}
	ls := lines(p, 0, 280_000)
	if len(ls) != 1 || len(ls[0].pieces) != 2 || ls[0].pieces[1].x != 280_000-32_000 {
		t.Errorf("a right tab gives %+v", ls)
	}
}

// TestShown holds the characters that reports of water are made of.
func TestShown(t *testing.T) {
	for _, r := range "亿m³㎡㎥℃‰°±×÷≥≤〔〕①⑩Ⅰ●◆■▲△√￥−–—…·“”‘’＋㵐 " {
		if !shown(r) {
			t.Errorf("%c (U+%04X) has no glyph", r, r)
		}
	}
	for _, r := range "😀𠮷\uE000\uFFFD\u0E01" {
		if shown(r) {
			t.Errorf("U+%04X has a glyph", r)
		}
	}
	if len(latinWidths) != len([]rune(latinRunes)) || len(strings.Fields(latinNames)) != len(latinWidths) {
		t.Error("the list of Latin signs is not even")
	}
}
