package bulletin_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"anlan/internal/bulletin"
	"anlan/internal/bulletin/compose"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/fault"
	"anlan/internal/gb9704"
	"anlan/internal/identity"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// TestReadersGetWhatWasPrinted holds that who only reads an issued bulletin finds neither what was struck out nor what stood before.
func TestReadersGetWhatWasPrinted(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.draft(w.planner(), "330600", "2026-05")
		edits := []compose.Edit{{Op: compose.Set, Block: "b2", Text: "投资进展另行通报。"}, {Op: compose.Remove, Block: "b3"}}
		w.must(w.svc.Edit(t.Context(), w.planner(), id, 1, nil, edits))
		w.issue(id, "330602")
		for _, p := range []*identity.Principal{w.as("yue", "county_leader", "330602"), w.as("viewer", "viewer", "330600")} {
			d := w.get(p, id)
			text := fmt.Sprintf("%+v", d.Body)
			if strings.Contains(text, "3.00亿元") || strings.Contains(text, "planner") || len(d.Flags) != 0 || len(d.Body.Figures()) != 0 || len(d.Body.Pieces) != 2 {
				t.Errorf("%s reads %s, flags %v, figures %v", p.Name(), text, d.Flags, d.Body.Figures())
			}
			theirs, err := w.svc.Remake(t.Context(), p, id, bulletin.DOCX)
			w.must(err)
			ours, err := w.svc.Remake(t.Context(), w.planner(), id, bulletin.DOCX)
			w.must(err)
			if !bytes.Equal(theirs.Content, ours.Content) {
				t.Error("readers and makers get two documents")
			}
		}
		if d := w.get(w.planner(), id); len(d.Body.Pieces) != 3 || len(d.Flags) == 0 {
			t.Errorf("who makes it has lost the history: %+v", d.Body)
		}
	})
}

// TestWhoChangedTheDraftDoesNotApprove holds the four eyes for those who edited a draft of somebody else.
func TestWhoChangedTheDraftDoesNotApprove(t *testing.T) {
	eachWorld(t, func(w *world) {
		boss, other := w.director(), w.as("deputy", "director", "330600")
		id := w.draft(w.planner(), "330600", "2026-05")
		w.must(w.svc.Edit(t.Context(), boss, id, 1, nil, []compose.Edit{{Op: compose.Remove, Block: "b3"}}))
		w.must(w.svc.Submit(t.Context(), w.planner(), id, 2))
		w.refused(w.svc.Approve(t.Context(), boss, id, 3, false), "bulletin.own")
		if moves := fmt.Sprint(w.get(boss, id).Moves); strings.Contains(moves, "approve") {
			t.Errorf("who changed it is offered %s", moves)
		}
		w.must(w.svc.Approve(t.Context(), other, id, 3, false))
		in := bulletin.Issuing{Edit: 4, Recipients: []bulletin.To{{Division: "330602"}}}
		w.refused(w.svc.Issue(t.Context(), boss, id, in), "bulletin.own")
		w.must(w.svc.Issue(t.Context(), other, id, in))
	})
}

func TestTitleIsReviewed(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.draft(w.planner(), "330600", "2026-05")
		retitle := func(edit int64, title string) []compose.Flag {
			t.Helper()
			w.must(w.svc.Edit(t.Context(), w.planner(), id, edit, &title, nil))
			return w.get(w.planner(), id).Flags
		}
		if flags := retitle(1, "绍兴市2026年6月通报"); len(flags) != 1 || flags[0] != (compose.Flag{Block: "title", Kind: compose.Unlinked, Is: "6"}) {
			t.Errorf("flags %v", flags)
		}
		if flags := retitle(2, "关于绍兴市2026年5月工作的通报"); len(flags) != 0 {
			t.Errorf("other words are flagged: %v", flags)
		}
		if flags := retitle(3, "绍兴市投资30亿元通报"); len(flags) != 1 {
			t.Errorf("a figure of one's own: %v", flags)
		}
	})
}

// TestArchiveGoesOnAfterAFailure lets the paper of one bulletin fail once.
func TestArchiveGoesOnAfterAFailure(t *testing.T) {
	eachWorld(t, func(w *world) {
		for _, m := range []string{"2026-04", "2026-05"} {
			w.issue(w.draft(w.planner(), "330600", m), "330602")
		}
		whole := w.svc.PDF
		w.svc.PDF = func(d gb9704.Document) ([]byte, error) {
			if strings.Contains(d.Subject, "4月") {
				return nil, errors.New("no such letter")
			}
			return whole(d)
		}
		if n, err := w.svc.ArchiveAll(t.Context()); n != 7 || err == nil || !strings.Contains(err.Error(), "no such letter") {
			t.Errorf("archived %d, %v", n, err)
		}
		w.svc.PDF = whole
		if n, err := w.svc.ArchiveAll(t.Context()); n != 1 || err != nil {
			t.Errorf("when it works again: %d, %v", n, err)
		}
	})
}

func TestDaysLieInTheirMonth(t *testing.T) {
	eachWorld(t, func(w *world) {
		daily := strings.NewReplacer("id: short", "id: daily", "cadence: month", "cadence: day").Replace(shortTemplate)
		if _, err := w.svc.LoadTemplates(t.Context(), identity.Actor{Name: "test"}, map[string][]byte{"daily.yaml": []byte(daily)}); err != nil {
			t.Fatal(err)
		}
		want := ""
		for _, day := range []string{"2026-04-30", "2026-05-01", "2026-05-31", "2026-06-01"} {
			id, err := w.svc.Draft(t.Context(), w.planner(), bulletin.NewBulletin{Kind: "daily", Scope: "330600", Period: day})
			w.must(err)
			if strings.HasPrefix(day, "2026-05") {
				want += fmt.Sprintf("%d ", id)
			}
		}
		if got := w.ids(w.planner(), bulletin.Query{From: "2026-05", To: "2026-05", Sort: "period"}); got != want {
			t.Errorf("of May: %q, want %q", got, want)
		}
	})
}

// TestOneNumberNamesOneDocument issues the first of the year in two counties whose names begin alike.
func TestOneNumberNamesOneDocument(t *testing.T) {
	eachWorld(t, func(w *world) {
		err := w.db.Write(t.Context(), func(tx *store.Tx) error {
			var list []registry.NewDivision
			for code, zh := range map[string]string{"330481": "海宁市", "330424": "海盐县"} {
				list = append(list, registry.NewDivision{Code: code, Name: fault.T(zh, code), Short: zh[:6], Kind: registry.Administrative, Level: "county", Parent: "330600"})
			}
			return w.reg.AddDivisions(t.Context(), tx, list)
		})
		w.must(err)
		w.tree, err = w.reg.Tree(t.Context())
		w.must(err)
		numbers := map[string]bool{}
		for _, code := range []string{"330481", "330424"} {
			drafter, boss := w.as("p"+code, "county_leader", code), w.as("d"+code, "county_leader", code)
			id := w.draft(drafter, code, "2026-05")
			w.must(w.svc.Submit(t.Context(), drafter, id, 1))
			w.must(w.svc.Approve(t.Context(), boss, id, 2, true))
			w.must(w.svc.Issue(t.Context(), boss, id, bulletin.Issuing{Edit: 3, Recipients: []bulletin.To{{Division: code}}}))
			numbers[w.get(boss, id).Number] = true
		}
		if !numbers["海宁水短〔2026〕1号"] || !numbers["海盐水短〔2026〕1号"] {
			t.Errorf("numbers %v", numbers)
		}
	})
}

// TestCorrectionsTellOfLists changes a row of a list, takes one away and adds one; what only time moves is no correction.
func TestCorrectionsTellOfLists(t *testing.T) {
	eachWorld(t, func(w *world) {
		item := func(id, field, n string) snapshot.Item {
			return snapshot.Item{ID: id, Division: "330602", Fields: map[string]snapshot.Field{
				"name": {Text: fault.T(id, id)}, field: {Number: quantity.Some(quantity.MustParse(n)), Unit: "one"}, "days": {Number: quantity.Some(quantity.MustParse(n)), Unit: "day"},
			}}
		}
		due := func(id, day string) snapshot.Item {
			return snapshot.Item{ID: id, Division: "330602", Fields: map[string]snapshot.Field{"title": {Text: fault.T(id, id)}, "due": {Text: fault.T(day, day)}}}
		}
		list := func(id string, items ...snapshot.Item) snapshot.List {
			return snapshot.List{ID: id, Name: fault.T(id, id), Items: items}
		}
		w.lists = []snapshot.List{list("supervision", item("s1", "found", "3"), item("s2", "found", "5")), list("lagging_projects", item("p1", "invested", "100")), list("missed"), list("tasks", due("t1", "2026-06-30"))}
		id := w.draft(w.planner(), "330600", "2026-05")
		w.issue(id, "330602")
		yue := w.as("yue", "county_leader", "330602")
		if got, err := w.svc.Corrections(t.Context(), yue, id); err != nil || len(got) != 0 {
			t.Errorf("corrections of what nobody corrected: %v, %v", got, err)
		}
		w.at = w.at.AddDate(0, 1, 0)
		w.lists = []snapshot.List{
			list("supervision", item("s1", "found", "4"), item("s2", "found", "5")), list("lagging_projects", item("p2", "invested", "80")),
			list("missed", due("m1", "2026-05-31"), due("m2", "2026-06-30")), list("tasks"),
		}
		list2, err := w.svc.Corrections(t.Context(), yue, id)
		w.must(err)
		var got []string
		for _, c := range list2 {
			got = append(got, fmt.Sprintf("%s %s→%s %s", c.Key, c.Then, c.Now, c.Aspect.Name.En))
		}
		want := []string{"item@s1#found 3→4 Found", "item@p1#listed 1→0 On the list", "item@p2#listed 0→1 On the list", "item@m1#listed 0→1 On the list"}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("corrections %q, want %q", got, want)
		}
		fix, err := w.svc.DraftCorrection(t.Context(), w.planner(), id)
		w.must(err)
		if rows := w.get(w.planner(), fix).Body.Pieces[1].Table.Rows; len(rows) < 3 {
			t.Errorf("the correction has %v", rows)
		}
	})
}
