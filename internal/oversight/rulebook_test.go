package oversight_test

import (
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/oversight"
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
		f([]byte("id: x\nversion: 1\n"), "my.yaml: it has none of sections (checklist), dimensions (score tree), states (ledger), parts (comparison), steps (ladder)")
		_, steps := packs.Ladder()
		ladder := strings.NewReplacer("version: 1", "version: 2", "id: escalation", "id: other").Replace(string(steps))
		f([]byte(ladder), "my.yaml id (line 4): there is one ladder, and its id is escalation")
		f([]byte(strings.Replace(strings.Replace(string(steps), "version: 1", "version: 2", 1), "approver: director", "approver: driver", 1)), "my.yaml steps[0].approver (line 16): no role driver may approve it")
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
