package bulletin_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"anlan/internal/bulletin"
	"anlan/internal/bulletin/compose"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/ooxmltest"
	"anlan/internal/workbook"

	"github.com/google/go-cmp/cmp"
)

func TestOneBulletinFromDraftToReceipt(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.draft(w.planner(), "330600", "2026-05")
		d := w.get(w.planner(), id)
		if got := compose.Plain(d.Body.Pieces[1].Runs); got != "截至5月底，完成投资3.00亿元，完成率30.0%。" {
			t.Errorf("composed %q", got)
		}
		if d.State != bulletin.Draft || d.Number != "" || d.Keeper.Code != "330600" || fmt.Sprint(d.Moves) != "[edit freeze submit withdraw]" {
			t.Errorf("draft: %s %q kept by %s, moves %v", d.State, d.Number, d.Keeper.Code, d.Moves)
		}
		ctx := t.Context()
		w.refused(w.svc.Approve(ctx, w.director(), id, 1, false), "bulletin.state")
		w.must(w.svc.Submit(ctx, w.planner(), id, 1))
		w.refused(w.svc.Edit(ctx, w.planner(), id, 2, nil, nil), "bulletin.state")
		w.refused(w.svc.Approve(ctx, w.planner(), id, 2, false), "bulletin.permission")
		w.must(w.svc.Approve(ctx, w.director(), id, 2, false))
		w.refused(w.svc.Issue(ctx, w.director(), id, bulletin.Issuing{Edit: 3}), "bulletin.recipients")
		w.refused(w.svc.Issue(ctx, w.director(), id, bulletin.Issuing{Edit: 3, On: &hydrotime.Date{Year: 2026, Month: 6, Day: 9}}), "bulletin.future")
		w.refused(w.svc.Issue(ctx, w.director(), id, bulletin.Issuing{Edit: 3, On: &hydrotime.Date{Year: 2026, Month: 6, Day: 1}}), "bulletin.before")
		to := []bulletin.To{{Division: "330602"}, {Division: "330603"}}
		w.must(w.svc.Issue(ctx, w.director(), id, bulletin.Issuing{Edit: 3, Recipients: to}))
		w.refused(w.svc.Withdraw(ctx, w.director(), id, 4, "迟了"), "bulletin.state")

		yue := w.as("yue", "county_leader", "330602")
		got := w.get(yue, id)
		if got.Number != "绍水短〔2026〕1号" || got.IssuedOn.String() != "2026-06-08" || len(got.Recipients) != 2 || len(got.Events) != 0 {
			t.Errorf("the county reads %q of %v, %d recipients, %d events", got.Number, got.IssuedOn, len(got.Recipients), len(got.Events))
		}
		w.refused(w.svc.Receive(ctx, w.director(), id), "bulletin.receipt")
		w.must(w.svc.Receive(ctx, yue, id))
		w.at = w.at.Add(time.Hour)
		w.must(w.svc.Receive(ctx, yue, id)) // a second time changes nothing
		got = w.get(yue, id)
		if got.Read != 1 || got.Recipients[0].ReadBy != "yue" || !got.Recipients[0].ReadAt.Equal(w.at.Add(-time.Hour)) {
			t.Errorf("signed %d, %+v", got.Read, got.Recipients[0])
		}
		if events := w.get(w.planner(), id).Events; len(events) != 4 || events[3].Move != bulletin.Issue || events[3].By != "director" {
			t.Errorf("history %+v", events)
		}
		rep, err := audit.Verify(ctx, w.db)
		if err != nil || !rep.OK || rep.Entries != 8 { // the divisions, two templates, make, submit, approve, issue, receive
			t.Errorf("audit %+v, %v", rep, err)
		}
	})
}

// TestCountiesSeeWhatIsForThem holds what a person finds against what a person may open, for every state and every person.
func TestCountiesSeeWhatIsForThem(t *testing.T) {
	eachWorld(t, func(w *world) {
		draft := w.draft(w.planner(), "330600", "2026-03")
		submitted := w.draft(w.planner(), "330602", "2026-04")
		w.must(w.svc.Submit(t.Context(), w.planner(), submitted, 1))
		toYue, about, own := w.draft(w.planner(), "330600", "2026-05"), w.draft(w.planner(), "330603", "2026-05"), w.draft(w.as("yue", "county_leader", "330602"), "330602", "2026-05")
		w.issue(toYue, "330602")
		w.issue(about, "330000") // about 柯桥, addressed upwards
		withdrawn := w.draft(w.planner(), "330602", "2026-02")
		w.must(w.svc.Withdraw(t.Context(), w.planner(), withdrawn, 1, "重编"))
		all := []int64{draft, submitted, toYue, about, own, withdrawn}
		f := func(p *identity.Principal, want ...int64) {
			t.Helper()
			sees := ""
			for _, id := range all {
				may := false
				for _, x := range want {
					may = may || x == id
				}
				if _, err := w.svc.Get(t.Context(), p, id); (err == nil) != may || err != nil && !fault.Is(err, fault.NotFound) {
					t.Errorf("%s opens %d: %v, want %v", p.Name(), id, err, may)
				}
				if _, err := w.svc.File(t.Context(), p, id, bulletin.DOCX); (err == nil) != may {
					t.Errorf("%s gets the file of %d: %v, want %v", p.Name(), id, err, may)
				}
				if _, err := w.svc.Corrections(t.Context(), p, id); (err == nil) != may {
					t.Errorf("%s gets corrections of %d: %v, want %v", p.Name(), id, err, may)
				}
				if may {
					sees += fmt.Sprintf("%d ", id)
				}
			}
			if got := w.ids(p, bulletin.Query{Sort: "changed"}); sorted(got) != sorted(sees) {
				t.Errorf("%s finds %q, may open %q", p.Name(), got, sees)
			}
		}
		f(w.planner(), all...)
		f(w.director(), all...)
		f(w.as("viewer", "viewer", "330600"), toYue, about)
		f(w.as("yue", "county_leader", "330602"), toYue, own)
		f(w.as("clerk", "clerk", "330602"), toYue, own)
		f(w.as("ke", "county_leader", "330603"), about)
		f(w.as("province", "viewer", "330000"), toYue, about)
		f(w.as("admin", "administrator", "330600"))
		if _, err := w.svc.Draft(t.Context(), w.as("yue", "county_leader", "330602"), bulletin.NewBulletin{Kind: "short", Scope: "330603", Period: "2026-05"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a county drafts about its neighbour: %v", err)
		}
	})
}

func sorted(ids string) string {
	list := strings.Fields(ids)
	for i := range list {
		for j := i + 1; j < len(list); j++ {
			if list[j] < list[i] {
				list[i], list[j] = list[j], list[i]
			}
		}
	}
	return strings.Join(list, " ")
}

func TestWhoDraftsDoesNotApprove(t *testing.T) {
	eachWorld(t, func(w *world) {
		boss := w.director()
		id := w.draft(boss, "330600", "2026-05")
		w.must(w.svc.Submit(t.Context(), boss, id, 1))
		w.refused(w.svc.Approve(t.Context(), boss, id, 2, false), "bulletin.own")
		other := w.as("deputy", "director", "330600")
		w.must(w.svc.Approve(t.Context(), other, id, 2, false))
		w.refused(w.svc.Issue(t.Context(), boss, id, bulletin.Issuing{Edit: 3, Recipients: []bulletin.To{{Division: "330602"}}}), "bulletin.own")
		w.refused(w.svc.SendBack(t.Context(), other, id, 3, " "), "bulletin.reason")
		w.must(w.svc.SendBack(t.Context(), other, id, 3, "数据再核"))
		if d := w.get(boss, id); d.State != bulletin.Draft || d.ApprovedAt != nil || d.SubmittedAt != nil {
			t.Errorf("sent back: %+v", d.Bulletin)
		}
	})
}

func TestNumbersHaveNeitherGapsNorDoubles(t *testing.T) {
	eachWorld(t, func(w *world) {
		const n = 12
		var ids []int64
		for i := range n {
			id := w.draft(w.planner(), "330600", fmt.Sprintf("2025-%02d", i+1))
			w.must(w.svc.Submit(t.Context(), w.planner(), id, 1))
			w.must(w.svc.Approve(t.Context(), w.director(), id, 2, false))
			ids = append(ids, id)
		}
		var all sync.WaitGroup
		for i, id := range ids {
			all.Go(func() {
				if i%4 == 0 { // one that fails takes no number
					if err := w.svc.Issue(t.Context(), w.director(), id, bulletin.Issuing{Edit: 3, Recipients: []bulletin.To{{Division: "330602"}, {Division: "nowhere"}}}); err == nil {
						t.Error("issued to nowhere")
					}
				}
				if err := w.svc.Issue(t.Context(), w.director(), id, bulletin.Issuing{Edit: 3, Recipients: []bulletin.To{{Division: "330602"}}}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		seen := map[string]bool{}
		for _, id := range ids {
			seen[w.get(w.planner(), id).Number] = true
		}
		for i := 1; i <= n; i++ {
			if !seen[fmt.Sprintf("绍水短〔2026〕%d号", i)] {
				t.Errorf("number %d is missing among %v", i, seen)
			}
		}
		w.at = w.at.AddDate(1, 0, 0) // a new year begins anew
		id := w.draft(w.planner(), "330600", "2027-05")
		w.issue(id, "330602")
		if got := w.get(w.planner(), id).Number; got != "绍水短〔2027〕1号" {
			t.Errorf("the first of the next year is %s", got)
		}
	})
}

func TestTwoPeopleEditOneDraft(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.draft(w.planner(), "330600", "2026-05")
		set := func(edit int64, text string) error {
			return w.svc.Edit(t.Context(), w.planner(), id, edit, nil, []compose.Edit{{Op: compose.Set, Block: "b2", Text: text}})
		}
		w.must(set(1, "截至5月底，完成投资3.00亿元，完成率30.0%，进展顺利。"))
		w.refused(set(1, "另一人的改动"), "bulletin.stale")
		d := w.get(w.planner(), id)
		if d.Edit != 2 || len(d.Flags) != 0 || *d.Body.Pieces[1].Text != "截至5月底，完成投资3.00亿元，完成率30.0%，进展顺利。" {
			t.Errorf("edit %d, flags %v, %q", d.Edit, d.Flags, *d.Body.Pieces[1].Text)
		}
		w.must(set(2, "截至5月底，完成投资3.50亿元，完成率30.0%。"))
		want := []compose.Flag{{Block: "b2", Kind: compose.Differs, Figure: "a.done@330600#value", Was: "3.00亿元", Is: "3.50亿元"}}
		if diff := cmp.Diff(want, w.get(w.planner(), id).Flags); diff != "" {
			t.Errorf("flags (-want +got):\n%s", diff)
		}
		w.must(w.svc.Submit(t.Context(), w.planner(), id, 3))
		w.refused(w.svc.Approve(t.Context(), w.director(), id, 4, false), "bulletin.flags")
		w.must(w.svc.Approve(t.Context(), w.director(), id, 4, true))
		// All changes or none.
		other := w.draft(w.planner(), "330600", "2026-04")
		err := w.svc.Edit(t.Context(), w.planner(), other, 1, nil, []compose.Edit{{Op: compose.Remove, Block: "b1"}, {Op: compose.Set, Block: "b99", Text: "x"}})
		if !fault.Is(err, fault.NotFound) || w.get(w.planner(), other).Body.Pieces[0].Removed {
			t.Errorf("half of the changes were made: %v", err)
		}
	})
}

func TestCorrectionsLeaveTheBulletinAsItIs(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.draft(w.planner(), "330600", "2026-05")
		w.issue(id, "330602", "330603")
		yue := w.as("yue", "county_leader", "330602")
		before, err := w.svc.File(t.Context(), yue, id, bulletin.DOCX)
		w.must(err)
		if list, err := w.svc.Corrections(t.Context(), yue, id); err != nil || len(list) != 0 {
			t.Errorf("corrections of what nobody corrected: %v, %v", list, err)
		}
		_, err = w.svc.DraftCorrection(t.Context(), w.planner(), id)
		w.refused(err, "bulletin.no_corrections")
		hash := w.get(yue, id).SnapshotHash

		w.at = w.at.AddDate(0, 0, 12)
		w.figures["330602"], w.figures["330600"] = "20680", "30680"
		list, err := w.svc.Corrections(t.Context(), yue, id)
		w.must(err)
		var got []string
		for _, c := range list {
			got = append(got, fmt.Sprintf("%s %s→%s %s filed %v", c.Key, c.Then, c.Now, c.Unit, c.Filed))
		}
		want := []string{
			"a.done@330602#value 2→2.068 yi_yuan filed true", "a.done@330600#value 3→3.068 yi_yuan filed false",
			"a.done@330600#completion 30→30.68 percent filed false", "a.done@330602#completion 20→20.68 percent filed false",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("corrections (-want +got):\n%s", diff)
		}
		after, err := w.svc.File(t.Context(), yue, id, bulletin.DOCX)
		w.must(err)
		if d := w.get(yue, id); d.SnapshotHash != hash || compose.Plain(d.Body.Pieces[1].Runs) != "截至5月底，完成投资3.00亿元，完成率30.0%。" || !bytes.Equal(before.Content, after.Content) {
			t.Error("the issued bulletin changed")
		}

		fix, err := w.svc.DraftCorrection(t.Context(), w.planner(), id)
		w.must(err)
		d := w.get(w.planner(), fix)
		if d.Corrects != id || compose.Plain(d.Body.Pieces[0].Runs) != "《绍兴市2026年5月通报》（绍水短〔2026〕1号）更正3项。" || d.Body.Pieces[1].Table.Rows[0][2].Text != "2.07亿元" {
			t.Errorf("the correction says %q, %+v", compose.Plain(d.Body.Pieces[0].Runs), d.Body.Pieces[1].Table)
		}
		if seen := w.get(yue, id).CorrectedBy; len(seen) != 0 {
			t.Errorf("the county sees the draft of a correction: %v", seen)
		}
		w.issue(fix, "330602")
		if seen := w.get(yue, id).CorrectedBy; len(seen) != 1 || seen[0].Number != "绍水更〔2026〕1号" {
			t.Errorf("corrected by %v", seen)
		}
	})
}

// TestFilesAreMadeAgainByteForByte makes every file of one snapshot twice, the second time from what is kept.
func TestFilesAreMadeAgainByteForByte(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.draft(w.planner(), "330600", "2026-05")
		w.issue(id, "330602")
		if n, err := w.svc.ArchiveAll(t.Context()); err != nil || n != 4 {
			t.Fatalf("archived %d, %v", n, err)
		}
		if n, err := w.svc.ArchiveAll(t.Context()); err != nil || n != 0 {
			t.Errorf("archived %d again, %v", n, err)
		}
		for _, form := range w.svc.Forms() {
			kept, err := w.svc.File(t.Context(), w.planner(), id, form)
			w.must(err)
			if form != bulletin.PDF {
				for _, wrong := range ooxmltest.Check(kept.Content) {
					t.Errorf("%s: %s", form, wrong)
				}
			}
			w.at = w.at.AddDate(0, 1, 0)
			again, err := w.svc.Remake(t.Context(), w.planner(), id, form)
			w.must(err)
			if !kept.Kept || !bytes.Equal(kept.Content, again.Content) || kept.Hash != snapshot.Hash(again.Content) {
				t.Errorf("%s: %d bytes kept, %d made again, and they differ", form, len(kept.Content), len(again.Content))
			}
		}
		list, err := w.svc.Kept(t.Context(), w.planner(), id)
		if err != nil || len(list) != 4 || list[0].Size == 0 {
			t.Errorf("kept %v, %v", list, err)
		}
		f, err := w.svc.File(t.Context(), w.planner(), id, bulletin.SheetEn)
		w.must(err)
		book, err := workbook.Read("f.xlsx", f.Content)
		w.must(err)
		text := ""
		for _, row := range book.Sheets[0].Rows {
			for _, c := range row {
				text += c.Text + "|"
			}
		}
		if !strings.Contains(text, "Figures of 2026-05") || !strings.Contains(text, "Invested||330602|CNY 100m|reported|2|") {
			t.Errorf("the English sheet says %s", text)
		}
	})
}

func TestLists(t *testing.T) {
	eachWorld(t, func(w *world) {
		var ids []int64
		for _, m := range []string{"2026-01", "2026-02", "2026-03", "2026-04", "2026-05"} {
			ids = append(ids, w.draft(w.planner(), "330600", m))
		}
		w.issue(ids[0], "330602")
		w.issue(ids[1], "330602", "330603")
		f := func(q bulletin.Query, want ...int) {
			t.Helper()
			s := ""
			for _, i := range want {
				s += fmt.Sprintf("%d ", ids[i])
			}
			if got := w.ids(w.planner(), q); got != s {
				t.Errorf("%+v: %q, want %q", q, got, s)
			}
		}
		f(bulletin.Query{}, 4, 3, 2, 1, 0)
		f(bulletin.Query{Sort: "period", Limit: 2}, 0, 1)
		f(bulletin.Query{Sort: "period", Limit: 2, After: ids[1]}, 2, 3)
		f(bulletin.Query{Sort: "-issued", State: bulletin.Issued}, 1, 0)
		f(bulletin.Query{Text: "2026年3月"}, 2)
		f(bulletin.Query{Text: "〔2026〕2号"}, 1)
		f(bulletin.Query{Text: "100%"})
		f(bulletin.Query{From: "2026-02", To: "2026-03"}, 2, 1)
		f(bulletin.Query{Year: 2025})
		f(bulletin.Query{Kind: "other"})
		yue := w.as("yue", "county_leader", "330602")
		if got := w.ids(yue, bulletin.Query{Unread: true}); got != fmt.Sprintf("%d %d ", ids[1], ids[0]) {
			t.Errorf("unread: %q", got)
		}
		w.must(w.svc.Receive(t.Context(), yue, ids[1]))
		if got := w.ids(yue, bulletin.Query{Unread: true}); got != fmt.Sprintf("%d ", ids[0]) {
			t.Errorf("unread after one was read: %q", got)
		}
		if _, err := w.svc.List(t.Context(), yue, bulletin.Query{Sort: "colour"}); err == nil {
			t.Error("ordered by colour")
		}
		was, err := w.svc.Previous(t.Context(), yue, w.get(w.planner(), ids[4]).Bulletin)
		if err != nil || was == nil || was.ID != ids[1] {
			t.Errorf("previous %v, %v", was, err)
		}
		c, err := w.svc.Compare(t.Context(), w.planner(), ids[0], ids[1])
		if err != nil || len(c.Pairs) == 0 || c.Pairs[0].Difference != snapshot.Same {
			t.Errorf("compared %v, %v", c, err)
		}
	})
}

func TestTemplatesAreVersioned(t *testing.T) {
	eachWorld(t, func(w *world) {
		by := identity.Actor{Name: "test"}
		load := func(text string) (int, error) {
			return w.svc.LoadTemplates(t.Context(), by, map[string][]byte{"short.yaml": []byte(text)})
		}
		if n, err := load(shortTemplate); err != nil || n != 0 {
			t.Errorf("loaded again: %d, %v", n, err)
		}
		_, err := load(strings.Replace(shortTemplate, "完成投资", "完成", 1))
		w.refused(err, "bulletin.template_version")
		// A start of the program with another text takes nothing and refuses nothing.
		shipped := func(by identity.Actor, text string, version int, want ...string) {
			t.Helper()
			kept, err := w.svc.LoadShipped(t.Context(), by, map[string][]byte{"short.yaml": []byte(text)})
			if err != nil || !slices.Equal(kept, want) {
				t.Errorf("kept %v, %v", kept, err)
			}
			if tm, err := w.svc.Template(t.Context(), "short"); err != nil || tm.Version != version {
				t.Errorf("in force: %v, %v, want %d", tm, err, version)
			}
		}
		shipped(by, strings.Replace(shortTemplate, "完成投资", "完成", 1), 1)
		newer := strings.Replace(shortTemplate, "version: 1", "version: 2", 1)
		shipped(identity.Actor{Name: "a release"}, newer, 1, "short")                      // an operator put it there
		shipped(by, strings.Replace(newer, "a.done.value", "a.gone.value", 1), 1, "short") // it names what is not in force here
		if n, err := load(newer); err != nil || n != 1 {
			t.Errorf("a newer version: %d, %v", n, err)
		}
		shipped(by, strings.Replace(shortTemplate, "version: 1", "version: 3", 1), 3) // the release renews what a release put there
		_, err = load(strings.NewReplacer("version: 1", "version: 4", "a.done.value", "a.gone.value").Replace(shortTemplate))
		if err == nil || !strings.Contains(err.Error(), "a.gone") || !strings.Contains(err.Error(), "(line 14)") {
			t.Errorf("an unknown measure: %v", err)
		}
	})
}
