package matter_test

import (
	"testing"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/matter"
)

// TestOneDocumentOneLine: a matter that is chosen twice stands once in a document, and a document is of one line of work, so that nobody
// approves what is of another's.
func TestOneDocumentOneLine(t *testing.T) {
	each(t, func(w *world) {
		id := w.open(w.finding()).ID
		n := w.finding()
		n.Line, n.Object = "rivers", 0
		other := w.open(n).ID
		p := matter.Proposal{Step: "notice", Matters: []int64{id, other}, Reason: "r", ReplyDue: *w.due(5)}
		if _, err := w.svc.Propose(t.Context(), w.reviewer(), p); !fault.Is(err, fault.Invalid) {
			t.Errorf("two lines in one document: %v", err)
		}
		p.Unit, p.Matters = w.unit["330603"], []int64{id}
		if _, err := w.svc.Propose(t.Context(), w.reviewer(), p); !fault.Is(err, fault.Invalid) {
			t.Errorf("addressed to another county: %v", err)
		}
		p.Unit, p.Matters = "", []int64{id, id}
		step, err := w.svc.Propose(t.Context(), w.reviewer(), p)
		if err != nil {
			t.Fatal(err)
		}
		if list := w.get(w.reviewer(), id).Escalations; len(list) != 1 || len(list[0].Matters) != 1 {
			t.Errorf("%+v", list)
		}
		d := w.division("330600")
		rivers := identity.NewPrincipal("riv", "riv", "riv", d, []identity.Grant{{Role: "director", Line: "rivers", Division: d}}, w.tree)
		if err := w.svc.Decide(t.Context(), rivers, step, 1, true, ""); err == nil {
			t.Error("a director of rivers approves what is of reservoirs")
		}
	})
}

// TestNoLetterLateAtBirth: what waited past the day of its reply is not issued, and can be refused.
func TestNoLetterLateAtBirth(t *testing.T) {
	each(t, func(w *world) {
		id := w.open(w.finding()).ID
		step, err := w.svc.Propose(t.Context(), w.reviewer(), matter.Proposal{Step: "remind", Matters: []int64{id}, Reason: "r", ReplyDue: *w.due(5)})
		if err != nil {
			t.Fatal(err)
		}
		w.at = w.at.AddDate(0, 0, 6)
		if err := w.svc.Decide(t.Context(), w.director(), step, 1, true, ""); !fault.Is(err, fault.Conflict) || w.get(w.reviewer(), id).Step != "" {
			t.Errorf("issued past the day of its reply: %v", err)
		}
		if err := w.svc.Decide(t.Context(), w.director(), step, 1, false, "重拟"); err != nil {
			t.Error(err)
		}
	})
}
