package bulletin_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"anlan/internal/bulletin"
	"anlan/internal/bulletin/compose"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
)

// TestFreezeAnew has a draft take later figures: what a person wrote stays, and is flagged only where a number changed.
func TestFreezeAnew(t *testing.T) {
	eachWorld(t, func(w *world) {
		by := w.planner()
		id := w.draft(by, "330600", "2026-05")
		title := "绍兴市五月通报"
		w.must(w.svc.Edit(t.Context(), by, id, 1, &title, []compose.Edit{
			{Op: compose.Set, Block: "b2", Text: "到月底，全市已投资3.00亿元，为计划的30.0%，形势良好。"}, {Op: compose.Remove, Block: "b3"}, {Op: compose.Insert, Block: "b2", Text: "请各地抓紧。"},
		}))
		if d := w.get(by, id); len(d.Flags) != 0 || !strings.Contains(fmt.Sprint(d.Moves), "freeze") {
			t.Fatalf("flags %v, moves %v", d.Flags, d.Moves)
		}
		was := w.get(by, id).SnapshotHash
		w.set("330600", "30000") // nothing changed but the hour
		w.at = w.at.Add(time.Hour)
		w.must(w.svc.FreezeAnew(t.Context(), by, id, 2))
		d := w.get(by, id)
		if len(d.Flags) != 0 || d.SnapshotHash == was || d.Title != title || d.State != bulletin.Draft {
			t.Errorf("flags %v, title %q", d.Flags, d.Title)
		}
		w.set("330600", "36000")
		w.must(w.svc.FreezeAnew(t.Context(), by, id, 3))
		d = w.get(by, id)
		if len(d.Flags) != 2 || d.Flags[0].Kind != compose.Differs || d.Flags[0].Was != "3.60亿元" || d.Flags[0].Is != "3.00亿元" || d.Flags[1].Is != "30.0%" {
			t.Errorf("flags %+v", d.Flags)
		}
		var says []string
		for _, p := range d.Body.Pieces {
			runs, _ := p.Now()
			says = append(says, fmt.Sprintf("%s %v %s", p.Kind, p.Removed, compose.Plain(runs)))
		}
		want := []string{"heading false 情况", "paragraph false 到月底，全市已投资3.00亿元，为计划的30.0%，形势良好。", "paragraph false 请各地抓紧。", "table true "}
		if strings.Join(says, "\n") != strings.Join(want, "\n") {
			t.Errorf("it says\n%s", strings.Join(says, "\n"))
		}
		if last := d.Events[len(d.Events)-1]; last.Move != bulletin.Freeze || last.By != "planner" {
			t.Errorf("history %+v", last)
		}
		var detail string
		w.must(w.db.QueryRowContext(t.Context(), `SELECT detail FROM audit_entry WHERE action = 'bulletin.freeze' ORDER BY seq DESC LIMIT 1`).Scan(&detail))
		if !strings.Contains(detail, d.SnapshotHash) || !strings.Contains(detail, `"flags":2`) {
			t.Errorf("the audit says %s", detail)
		}
		var kept int
		w.must(w.db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM bulletin_snapshot`).Scan(&kept))
		if kept != 3 {
			t.Errorf("%d snapshots are on record", kept)
		}
	})
}

// TestWhoMayFreezeAnew: in the state of a draft only, with the edit that holds, and who did so does not approve.
func TestWhoMayFreezeAnew(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.draft(w.planner(), "330600", "2026-05")
		if err := w.svc.FreezeAnew(t.Context(), w.as("yue", "county_leader", "330602"), id, 1); !fault.Is(err, fault.NotFound) {
			t.Errorf("who does not know of it: %v", err)
		}
		w.refused(w.svc.FreezeAnew(t.Context(), w.planner(), id, 7), "bulletin.stale")
		boss := w.director()
		w.must(w.svc.FreezeAnew(t.Context(), boss, id, 1))
		w.must(w.svc.Submit(t.Context(), w.planner(), id, 2))
		w.refused(w.svc.FreezeAnew(t.Context(), w.planner(), id, 3), "bulletin.state")
		w.refused(w.svc.Approve(t.Context(), boss, id, 3, false), "bulletin.own")
	})
}

// TestFrozenAfterTheDate: a document is not dated before its figures.
func TestFrozenAfterTheDate(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.draft(w.planner(), "330600", "2026-05")
		before := w.today()
		w.at = w.at.AddDate(0, 0, 3)
		w.must(w.svc.FreezeAnew(t.Context(), w.planner(), id, 1))
		w.must(w.svc.Submit(t.Context(), w.planner(), id, 2))
		w.must(w.svc.Approve(t.Context(), w.director(), id, 3, false))
		w.refused(w.svc.Issue(t.Context(), w.director(), id, bulletin.Issuing{Edit: 4, On: before, Recipients: []bulletin.To{{Division: "330602"}}}), "bulletin.before")
		w.must(w.svc.Issue(t.Context(), w.director(), id, bulletin.Issuing{Edit: 4, On: w.today(), Recipients: []bulletin.To{{Division: "330602"}}}))
	})
}

// TestCorrectionFrozenAnew: one that puts another right takes what has changed of that since.
func TestCorrectionFrozenAnew(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.draft(w.planner(), "330600", "2026-05")
		w.issue(id, "330602")
		w.set("330602", "21000")
		fix, err := w.svc.DraftCorrection(t.Context(), w.planner(), id)
		w.must(err)
		w.set("330603", "11000")
		w.must(w.svc.FreezeAnew(t.Context(), w.planner(), fix, 1))
		d := w.get(w.planner(), fix)
		text := fmt.Sprintf("%+v", d.Body)
		if rows := d.Body.Pieces[1].Table.Rows; len(rows) != 2 || rows[1][2].Text != "1.10亿元" || d.Corrects != id {
			t.Errorf("it says %s", text)
		}
	})
}

// TestAgain lays changes over a text whose paragraphs came, went and moved.
func TestAgain(t *testing.T) {
	run := func(words, key, number string) compose.Block {
		return compose.Block{Kind: compose.Paragraph, Runs: []compose.Run{{Text: words}, {Text: number, Figure: key}, {Text: "。"}}}
	}
	text := func(blocks ...compose.Block) *compose.Text {
		for i := range blocks {
			blocks[i].ID = fmt.Sprintf("b%d", i+1)
		}
		return &compose.Text{Title: "通报", Blocks: blocks}
	}
	old := compose.BodyOf(text(run("甲完成", "m@a#value", "1.0"), run("乙完成", "m@b#value", "2.0"), run("丙快于序时", "m@c#gap", "3.0"), run("丁完成", "m@d#value", "4.0")))
	for _, e := range []compose.Edit{
		{Op: compose.Set, Block: "b2", Text: "乙区完成2.0"},
		{Op: compose.Set, Block: "b3", Text: "丙快，高3.0"},
		{Op: compose.Remove, Block: "b4"},
		{Op: compose.Insert, Block: "", Text: "开头"},
		{Op: compose.Insert, Block: "b4", Text: "结尾"},
	} {
		if err := old.Apply(e, "林", time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	// 乙 is told no more, 丙 is slower now, a new one stands first.
	now := compose.Again(old, text(run("戊完成", "m@e#value", "9.0"), run("甲完成", "m@a#value", "1.5"), run("丙慢于序时", "m@c#gap", "0.5"), run("丁完成", "m@d#value", "4.0")))
	var got []string
	for _, p := range now.Pieces {
		runs, flags := p.Now()
		got = append(got, fmt.Sprintf("%s %s %v %v %d", p.ID, compose.Plain(runs), p.Added, p.Removed, len(flags)))
	}
	want := []string{"n1 开头 true false 0", "b1 戊完成9.0。 false false 0", "b2 甲完成1.5。 false false 0", "n3 乙区完成2.0 true false 1", "b3 丙快，高3.0 false false 1", "b4 丁完成4.0。 false true 0", "n2 结尾 true false 0"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (w *world) set(division, value string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.figures[division] = value
}

func (w *world) today() *hydrotime.Date {
	d := hydrotime.DateOf(w.at)
	return &d
}
