package compose_test

import (
	"testing"
	"time"

	"anlan/internal/bulletin/compose"
	"anlan/internal/fault"

	"github.com/google/go-cmp/cmp"
)

func runs() []compose.Run {
	return []compose.Run{
		{Text: "截至2026年5月底，全市累计完成水利建设投资"},
		{Text: "28.09亿元", Figure: "v"},
		{Text: "，完成年度计划的"},
		{Text: "35.3%", Figure: "c"},
		{Text: "，同比增长"},
		{Text: "12.8%", Figure: "g"},
		{Text: "，位居全省"},
		{Text: "第1位", Figure: "r"},
		{Text: "。"},
	}
}

// TestReview changes one sentence in the ways that people do and looks for what is noticed.
func TestReview(t *testing.T) {
	f := func(name, text string, want ...compose.Flag) {
		t.Helper()
		out, flags := compose.Review("b1", runs(), text)
		if diff := cmp.Diff(want, flags); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if compose.Plain(out) != text && name != "full width" {
			t.Errorf("%s: the text became %q", name, compose.Plain(out))
		}
	}
	differs := func(figure, was, is string) compose.Flag {
		return compose.Flag{Block: "b1", Kind: compose.Differs, Figure: figure, Was: was, Is: is}
	}
	f("as composed", compose.Plain(runs()))
	f("other words", "5月底前，我市完成水利投资28.09亿元（年度计划的35.3%），比上年增长12.8%，全省第1位，2026年开局良好。")
	f("another order", "位居全省第1位，同比增长12.8%，完成年度计划的35.3%，累计完成投资28.09亿元。")
	f("zeros behind the point", "累计完成投资28.090亿元，完成年度计划的35.30%，同比增长12.8%，位居全省第1位。")
	f("full width", "累计完成投资２８．０９亿元，完成年度计划的３５．３％，同比增长12.8%，位居全省第１位。")
	f("another amount", "截至2026年5月底，全市累计完成水利建设投资28.90亿元，完成年度计划的35.3%，同比增长12.8%，位居全省第1位。", differs("v", "28.09亿元", "28.90亿元"))
	f("rounded", "累计完成水利建设投资28.1亿元，完成年度计划的35.3%，同比增长12.8%，位居全省第1位。", differs("v", "28.09亿元", "28.1亿元"))
	f("a percentage among others", "投资28.09亿元，完成35.3%，同比增长13.8%，位居全省第1位。", differs("g", "12.8%", "13.8%"))
	f("another rank", "投资28.09亿元，完成35.3%，同比增长12.8%，位居全省第2位。", differs("r", "第1位", "第2位"))
	f("a figure left out", "投资28.09亿元，完成35.3%，位居全省第1位。", compose.Flag{Block: "b1", Kind: compose.Dropped, Figure: "g", Was: "12.8%"})
	f("another unit", "投资280900万元，完成35.3%，同比增长12.8%，位居全省第1位。",
		compose.Flag{Block: "b1", Kind: compose.Dropped, Figure: "v", Was: "28.09亿元"}, compose.Flag{Block: "b1", Kind: compose.Unlinked, Is: "280900"})
	f("a number of one's own", "投资28.09亿元，完成35.3%，同比增长12.8%，位居全省第1位，力争全年达到90亿元。", compose.Flag{Block: "b1", Kind: compose.Unlinked, Is: "90"})
	f("said twice", "投资28.09亿元（28.09亿元），完成35.3%，同比增长12.8%，位居全省第1位。", compose.Flag{Block: "b1", Kind: compose.Unlinked, Is: "28.09"})
	f("another year", "截至2025年5月底，投资28.09亿元，完成35.3%，同比增长12.8%，位居全省第1位。", compose.Flag{Block: "b1", Kind: compose.Unlinked, Is: "2025"})
	f("nothing of it", "另行通报。",
		compose.Flag{Block: "b1", Kind: compose.Dropped, Figure: "v", Was: "28.09亿元"}, compose.Flag{Block: "b1", Kind: compose.Dropped, Figure: "c", Was: "35.3%"},
		compose.Flag{Block: "b1", Kind: compose.Dropped, Figure: "g", Was: "12.8%"}, compose.Flag{Block: "b1", Kind: compose.Dropped, Figure: "r", Was: "第1位"})
}

// TestReviewKeepsLinks holds what stays linked when words around change.
func TestReviewKeepsLinks(t *testing.T) {
	out, _ := compose.Review("b1", runs(), "投资28.09亿元，增长12.8%。")
	want := []compose.Run{{Text: "投资"}, {Text: "28.09亿元", Figure: "v"}, {Text: "，增长"}, {Text: "12.8%", Figure: "g"}, {Text: "。"}}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
	same := []compose.Run{{Text: "投资"}, {Text: "同比持平", Figure: "g"}}
	if _, flags := compose.Review("b1", same, "投资同比持平。"); len(flags) != 0 {
		t.Errorf("words without a number: %v", flags)
	}
	if _, flags := compose.Review("b1", same, "投资增长。"); len(flags) != 1 || flags[0].Kind != compose.Dropped {
		t.Errorf("words without a number, left out: %v", flags)
	}
}

// TestReviewKnowsWhoseFigureItIs changes places of numbers that are all figures of the snapshot.
func TestReviewKnowsWhoseFigureItIs(t *testing.T) {
	two := []compose.Run{{Text: "完成率越城"}, {Text: "80.0%", Figure: "y"}, {Text: "，柯桥"}, {Text: "70.0%", Figure: "k"}, {Text: "，上虞"}, {Text: "60.0%", Figure: "s"}, {Text: "。"}}
	bare := []compose.Run{{Text: "越城、柯桥、上虞完成率分别为"}, {Text: "80.0%", Figure: "y"}, {Text: "、"}, {Text: "70.0%", Figure: "k"}, {Text: "、"}, {Text: "60.0%", Figure: "s"}, {Text: "。"}}
	f := func(composed []compose.Run, text string, serious int) {
		t.Helper()
		_, flags := compose.Review("b1", composed, text)
		n := 0
		for _, fl := range flags {
			if fl.Serious() {
				n++
			}
		}
		if n < serious || serious == 0 && len(flags) > 0 {
			t.Errorf("%s: %+v, want %d serious", text, flags, serious)
		}
	}
	f(two, "完成率越城70.0%，柯桥80.0%，上虞60.0%。", 2)
	f(two, "完成率越城60.0%，柯桥80.0%，上虞70.0%。", 3)
	f(two, "完成率柯桥80.0%，越城70.0%，上虞60.0%。", 2) // the names changed places, the numbers did not
	f(two, "完成率越城80.0%，柯桥80.0%，上虞60.0%。", 1)
	f(two, "完成率上虞80.0%。", 1)
	f(two, "完成率上虞60.0%，柯桥70.0%，越城80.0%。", 0)
	f(two, "完成率柯桥70.0%、越城80.0%，其余上虞60.0%，进展良好。", 0)
	f(bare, "越城、柯桥、上虞完成率分别为70.0%、80.0%、60.0%。", 1)
	f(bare, "越城、柯桥、上虞完成率依次是80.0%、70.0%、60.0%。", 0)
	_, flags := compose.Review("b1", two, "完成率越城70.0%，柯桥80.0%，上虞60.0%。")
	want := []compose.Flag{{Block: "b1", Kind: compose.Differs, Figure: "y", Was: "80.0%", Is: "70.0%"}, {Block: "b1", Kind: compose.Differs, Figure: "k", Was: "70.0%", Is: "80.0%"}}
	if diff := cmp.Diff(want, flags); diff != "" {
		t.Errorf("two changed places (-want +got):\n%s", diff)
	}
}

func FuzzReview(f *testing.F) {
	f.Add("截至2026年5月底，投资28.09亿元，完成35.3%。")
	f.Add("第1位第1位−0.5%１２．８％")
	f.Add("\xff\xfe9")
	f.Fuzz(func(t *testing.T, text string) {
		out, _ := compose.Review("b1", runs(), text)
		again, _ := compose.Review("b1", runs(), compose.Plain(out))
		if compose.Plain(again) != compose.Plain(out) {
			t.Errorf("%q is no fixed point", text)
		}
	})
}

func TestApply(t *testing.T) {
	at := time.Date(2026, 6, 8, 0, 0, 0, 0, time.UTC)
	body := compose.BodyOf(&compose.Text{Title: "题", Blocks: []compose.Block{
		{ID: "b1", Kind: compose.Paragraph, Runs: runs()}, {ID: "b2", Kind: compose.TableOf, Table: &compose.Table{}},
	}})
	do := func(e compose.Edit) error { return body.Apply(e, "沈", at) }
	ok := func(e compose.Edit) {
		t.Helper()
		if err := do(e); err != nil {
			t.Errorf("%+v: %v", e, err)
		}
	}
	bad := func(kind fault.Kind, e compose.Edit) {
		t.Helper()
		if err := do(e); !fault.Is(err, kind) {
			t.Errorf("%+v: %v", e, err)
		}
	}
	bad(fault.Invalid, compose.Edit{Op: compose.Set, Block: "b1", Text: " "})
	bad(fault.NotFound, compose.Edit{Op: compose.Set, Block: "b9", Text: "x"})
	bad(fault.Invalid, compose.Edit{Op: compose.Set, Block: "b2", Text: "x"})
	bad(fault.Invalid, compose.Edit{Op: "move", Block: "b1"})
	ok(compose.Edit{Op: compose.Insert, Text: "开头"})
	ok(compose.Edit{Op: compose.Insert, Block: "b2", Text: "二级", Kind: compose.Heading, Level: 2})
	bad(fault.Invalid, compose.Edit{Op: compose.Restore, Block: "n1"})
	ok(compose.Edit{Op: compose.Set, Block: "b1", Text: "只有5项"})
	if flags := body.Flags(); len(flags) != 5 {
		t.Errorf("flags %v", flags)
	}
	ok(compose.Edit{Op: compose.Remove, Block: "b1"})
	if flags := body.Flags(); len(flags) != 0 {
		t.Errorf("a paragraph that is struck out is flagged: %v", flags)
	}
	ok(compose.Edit{Op: compose.Restore, Block: "b1"})
	ok(compose.Edit{Op: compose.Set, Block: "b1", Text: compose.Plain(runs())}) // as composed is no change
	if p := body.Pieces[1]; p.Text != nil || p.Removed || p.By != "" {
		t.Errorf("restored %+v", p)
	}
	ok(compose.Edit{Op: compose.Remove, Block: "n1"})
	ok(compose.Edit{Op: compose.Remove, Block: "b2"})
	var ids []string
	for _, p := range body.Pieces {
		ids = append(ids, p.ID)
	}
	if diff := cmp.Diff([]string{"b1", "b2", "n2"}, ids); diff != "" {
		t.Errorf("pieces (-want +got):\n%s", diff)
	}
}
