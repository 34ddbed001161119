package matter_test

import (
	"testing"

	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/matter"
)

// TestTrapLadderUnderTheVeil: a letter about what is still hidden would tell of it, so none is proposed before the veil is lifted; what
// was refused stays with the keeper in the audit log too.
func TestTrapLadderUnderTheVeil(t *testing.T) {
	each(t, func(w *world) {
		n := w.finding()
		n.Veiled, n.Source, n.SourceID = true, "inspection", "7"
		hidden, plain := w.open(n), w.open(w.finding())
		propose := func(ids ...int64) (string, error) {
			return w.svc.Propose(t.Context(), w.reviewer(), matter.Proposal{Step: "notice", Matters: ids, Reason: "屡查屡犯", ReplyDue: *w.due(5)})
		}
		for _, ids := range [][]int64{{hidden.ID}, {plain.ID, hidden.ID}} {
			if _, err := propose(ids...); !fault.Is(err, fault.Conflict) {
				t.Errorf("a step over what is hidden: %v", err)
			}
		}
		id, err := propose(plain.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.svc.Decide(t.Context(), w.director(), id, 1, false, "先口头提醒"); err != nil {
			t.Fatal(err)
		}
		entries, err := audit.List(t.Context(), w.db, audit.Query{Scopes: []int64{w.division("330602")}, ObjectKind: "escalation"})
		if err != nil || len(entries) != 0 {
			t.Errorf("the inspected side reads %d entries of a step that was refused: %v", len(entries), err)
		}
	})
}
