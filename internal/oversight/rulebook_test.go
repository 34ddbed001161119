package oversight_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/oversight"
	"anlan/internal/store/storetest"
	"anlan/packs"

	"github.com/google/go-cmp/cmp"
)

// duty is the shipped list of duty with changes.
func duty(changes ...string) []byte {
	return []byte(strings.NewReplacer(changes...).Replace(string(packs.Checklists()["duty.yaml"])))
}

// TestBadRulebookNamesFileLineAndReason: whatever is wrong with a file, or does not go with what is in force, is told with its place.
func TestBadRulebookNamesFileLineAndReason(t *testing.T) {
	eachWorld(t, func(w *world) {
		f := func(src []byte, want ...string) {
			t.Helper()
			check, err := w.svc.CheckRulebook(t.Context(), "my.yaml", src)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, field := range check.Fields {
				got = append(got, field.Place+": "+field.En)
			}
			if diff := cmp.Diff(want, got); diff != "" || check.OK != (want == nil) {
				t.Errorf("ok %v (-want +got):\n%s", check.OK, diff)
			}
		}
		f(duty("version: 1", "version: 2"))
		f(duty()) // kept as it is
		f(duty("version: 1", "version: 2", "du.post.01", "sr.dam.01"), "my.yaml sections[0].clauses[0].code (line 32): the code is taken by the list small-reservoirs")
		f(duty("title:\n  zh: 汛期值班值守抽查", "title:\n  zh: 值班抽查"), "my.yaml version (line 4): version 1 is in use with other contents: make it 2")
		f(duty("version: 1", "version: 2", "severities: [general,", "severites: [general,"), "my.yaml (line 14): there is no key \"severites\" here")
		f([]byte("id: x\nversion: [\n"), "my.yaml (line 2): not YAML: did not find expected node content")
		f([]byte("id: x\nversion: 1\n"), "my.yaml: it has none of sections (checklist), dimensions (score tree), states (ledger), parts (comparison), steps (ladder), milestones (project rules)")
		_, shipped := packs.Ladder()
		steps := regexp.MustCompile(`(?m)^version: \d+$`).ReplaceAllString(string(shipped), "version: 99")
		f([]byte(strings.Replace(steps, "id: escalation", "id: other", 1)), "my.yaml id (line 4): there is one ladder, and its id is escalation")
		f([]byte(strings.Replace(steps, "approver: director", "approver: driver", 1)), "my.yaml steps[0].approver (line 27): no role driver may approve it")
	})
}

// TestLedgerKeepsItsStates: what stands in a ledger, that of a score tree too, keeps the step that it came to and the one it began at, and
// a check tells what a new version changes.
func TestLedgerKeepsItsStates(t *testing.T) {
	eachWorld(t, func(w *world) {
		if _, err := w.svc.Load(t.Context(), identity.Actor{Name: "test"}, oversight.Definitions{Ledgers: packs.Ledgers()}); err != nil {
			t.Fatal(err)
		}
		f := func(src []byte, changes, fields []string, edits ...string) {
			t.Helper()
			check, err := w.svc.CheckRulebook(t.Context(), "my.yaml", []byte(strings.NewReplacer(append(edits, "version: 1", "version: 2")...).Replace(string(src))))
			if err != nil {
				t.Fatal(err)
			}
			var told, wrong []string
			for _, c := range check.Changes {
				if c.Breaking {
					told = append(told, c.What+" "+c.Place)
				}
			}
			for _, field := range check.Fields {
				wrong = append(wrong, field.Place+": "+field.En)
			}
			if diff := cmp.Diff([][]string{changes, fields}, [][]string{told, wrong}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
		tree, ledger, charging := packs.Acceptance()["beautiful-rivers.yaml"], packs.Ledgers()["pre-flood.yaml"], packs.Ledgers()["rural-charging.yaml"]
		stage := func(id string) string {
			line, _, _ := strings.Cut(string(tree[strings.Index(string(tree), "- {id: "+id):]), "\n")
			return line
		}
		listed, self := stage("listed"), stage("self")
		f(tree, nil, nil, "threshold: 85", "threshold: 80")
		f(tree, []string{"removed stages.review"}, []string{"my.yaml stages (line 14): the step review is in use and cannot go"}, stage("review")+"\n", "", "next: [review, revoked]", "next: [revoked]")
		f(tree, nil, []string{"my.yaml stages[0].id (line 14): the first step is listed, where what is listed began, and cannot be another"}, listed, self, self, listed)
		f(ledger, nil, []string{"my.yaml states[0].id (line 15): the first step is waiting, where what is listed began, and cannot be another"},
			"- {id: waiting, name: {zh: 未检查, en: not checked}, next: [checked]}\n", "", "done: true, next: [waiting]}", "next: [waiting]}\n- {id: waiting, name: {zh: 未检查, en: not checked}, done: true, next: [checked]}")
		f(charging, []string{"removed states.exempt"}, []string{"my.yaml states (line 15): the step exempt is in use and cannot go"},
			"next: [flat, metered, exempt]", "next: [flat, metered]", "\n- {id: exempt, name: {zh: 批准免收, en: exempt by approval}, by: county, aside: true, needs: [document], next: [none]}", "")
		f(packs.Ledgers()["rural-five-100.yaml"], []string{"removed marks.task"}, nil, "- {id: task, name: {zh: 任务完成, en: task finished}}\n", "")
	})
}

// TestFilesArePutInTheOrderOfTheirKinds: a ledger may come before its own list by name, and both are taken.
func TestFilesArePutInTheOrderOfTheirKinds(t *testing.T) {
	eachWorld(t, func(w *world) {
		list := duty("id: duty", "id: own", "du.", "own.")
		ledger := strings.NewReplacer("id: pre-flood", "id: a-ledger", "follows: pre-flood", "follows: own").Replace(string(packs.Ledgers()["pre-flood.yaml"]))
		made, err := w.svc.PutRulebooks(t.Context(), identity.Actor{Name: "管理员"}, map[string][]byte{"a-ledger.yaml": []byte(ledger), "b-list.yaml": list})
		if err != nil || len(made) != 2 {
			t.Errorf("%d of 2: %v", len(made), err)
		}
	})
}

// TestRulebookTakesEffectAsANewVersion: a checked file comes into force for what begins then, what was there stays as it was, and what
// does not go together changes nothing.
func TestRulebookTakesEffectAsANewVersion(t *testing.T) {
	eachWorld(t, func(w *world) {
		who := identity.Actor{ID: "admin", Name: "管理员"}
		second := duty("version: 1", "version: 2", "  zh: 汛期值班值守抽查", "  zh: 值班抽查", "code: du.post.01", "code: du.post.91")
		check, err := w.svc.CheckRulebook(t.Context(), "duty.yaml", second)
		if err != nil || !check.OK || check.Kind != "checklist" || check.ID != "duty" || check.Base != 1 {
			t.Fatalf("%+v %v", check, err)
		}
		var told []string
		for _, c := range check.Changes {
			told = append(told, c.What+" "+c.Place)
		}
		if diff := cmp.Diff([]string{"changed title", "removed sections.post.clauses.du.post.01", "added sections.post.clauses.du.post.91"}, told); diff != "" || !check.Changes[1].Breaking {
			t.Errorf("changes (-want +got):\n%s", diff)
		}
		other := oversight.New(oversight.Options{Store: w.db, Registry: w.reg, Matter: w.matters, Now: w.now}) // another process that has read already
		if _, err := other.Book(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []struct {
			kind, id string
			base     int
			want     fault.Kind
		}{{"checklist", "duty", 0, fault.Conflict}, {"checklist", "other", 0, fault.Invalid}, {"tree", "duty", 1, fault.Invalid}} {
			if _, err := w.svc.PutRulebook(t.Context(), who, bad.kind, bad.id, bad.base, "duty.yaml", second); !fault.Is(err, bad.want) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		v, err := w.svc.PutRulebook(t.Context(), who, "checklist", "duty", 1, "duty.yaml", second)
		if err != nil || v.Version != 2 || !v.InForce || v.Source != string(second) || v.LoadedBy != who.Name {
			t.Fatalf("%+v %v", v, err)
		}
		w.at = w.at.Add(4 * time.Second)
		for _, svc := range []*oversight.Service{w.svc, other} {
			book, err := svc.Book(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			now, err := book.Version("duty", 0)
			old, errOld := book.Version("duty", 1)
			if err != nil || errOld != nil || now.Title.Zh != "值班抽查" || old.Title.Zh != "汛期值班值守抽查" {
				t.Errorf("%+v %v %v", now, err, errOld)
			}
		}
		made, err := w.svc.PutRulebooks(t.Context(), who, map[string][]byte{"a.yaml": duty("version: 1", "version: 3"), "b.yaml": []byte("id: x\n")})
		if !fault.Is(err, fault.Invalid) || made != nil {
			t.Errorf("half of two files: %v %v", made, err)
		}
		list, err := w.svc.Rulebooks(t.Context())
		if err != nil || len(list) != 13 {
			t.Errorf("%d versions: %v", len(list), err)
		}
	})
}

// TestTheChecklistOfTheDocsIsSound holds the example that people begin with to the rules.
func TestTheChecklistOfTheDocsIsSound(t *testing.T) {
	text, err := os.ReadFile("../../docs/supervision.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```yaml\n")
	example, _, found := strings.Cut(rest, "```")
	check, err := newWorld(t, storetest.SQLite(t)).svc.CheckRulebook(t.Context(), "example.yaml", []byte(example))
	if err != nil || !found || !check.OK || check.Kind != "checklist" || check.Base != 0 {
		t.Errorf("%+v %v", check, err)
	}
}
