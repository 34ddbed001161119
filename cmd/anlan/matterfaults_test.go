package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestKillDuringMove kills the server while people open, assign and close matters: whatever was confirmed stands, no matter stands
// without its history or its audit entry, no sweep without its objects, and a second sending makes no second matter.
func TestKillDuringMove(t *testing.T) {
	t.Parallel()
	bin, dir := build(t), cityFolder(t)
	var confirmed []int64
	for round := range rounds() {
		d := startDemo(t, bin, "serve", dir)
		d.signInAs(t, "shenhe")
		var mu sync.Mutex
		var hands sync.WaitGroup
		for hand := range 3 {
			hands.Go(func() {
				for n := 0; ; n++ {
					id, err := d.handOver(fmt.Sprintf("%d-%d-%d", round, hand, n))
					if err != nil {
						if strings.Contains(err.Error(), ": 4") {
							t.Errorf("refused: %v", err)
						}
						return
					}
					mu.Lock()
					confirmed = append(confirmed, id)
					mu.Unlock()
				}
			})
		}
		hands.Go(func() { d.closeOne() })
		time.Sleep(time.Duration(10+rand.Int64N(150)) * time.Millisecond)
		d.kill(t)
		hands.Wait()
		wholeMatters(t, dir)
	}
	if len(confirmed) == 0 {
		t.Fatal("nothing was ever confirmed")
	}
	db := direct(t, dir)
	for _, id := range confirmed {
		if n := count(t, db, `SELECT COUNT(*) FROM matter WHERE id = $1 AND state = 'assigned'`, id); n != 1 {
			t.Errorf("matter %d was confirmed and is not assigned", id)
		}
	}
	db.Close()
	t.Logf("%d matters opened and assigned over %d kills", len(confirmed), rounds())
	verifyAudit(t, dir)
}

// handOver opens a task, sends it a second time as a phone without an answer would, and gives it to somebody.
func (p *process) handOver(client string) (int64, error) {
	var first, second struct{ ID int64 }
	body := map[string]any{"client": client, "kind": "task", "line": "reservoir", "division": "330624", "title": "补报资料", "severity": 0, "origin": "city", "place": map[string]any{}, "due": monthsAhead(3)}
	if err := p.call("POST", "/api/matters", body, &first); err != nil {
		return 0, err
	}
	if err := p.call("POST", "/api/matters", body, &second); err != nil {
		return 0, err
	}
	if first != second {
		return 0, fmt.Errorf("sent twice, two matters: 4")
	}
	var page struct {
		Items []struct{ Unit, Person struct{ ID string } }
	}
	if err := p.call("GET", "/api/matters?scope=330624&state=rectifying&limit=1", nil, &page); err != nil {
		return 0, err
	}
	act := map[string]any{"move": "assign", "edit": 1, "unit": page.Items[0].Unit.ID, "person": page.Items[0].Person.ID, "due": monthsAhead(4)}
	var out any
	return first.ID, p.call("POST", fmt.Sprintf("/api/matters/%d/moves", first.ID), act, &out)
}

// closeOne closes what waits for review; a serious one opens its sweep in the same transaction.
func (p *process) closeOne() {
	var page struct{ Items []struct{ ID, Edit int64 } }
	if err := p.call("GET", "/api/matters?state=submitted&limit=5", nil, &page); err != nil {
		return
	}
	for _, m := range page.Items {
		var out any
		if err := p.call("POST", fmt.Sprintf("/api/matters/%d/moves", m.ID), map[string]any{"move": "close", "edit": m.Edit, "way": "paper"}, &out); err != nil {
			return
		}
	}
}

// wholeMatters holds every record against its history.
func wholeMatters(t *testing.T, dir string) {
	t.Helper()
	db := direct(t, dir)
	defer db.Close()
	for what, query := range map[string]string{
		"matters whose writes and events differ":      `SELECT COUNT(*) FROM matter m WHERE m.edit <> (SELECT COUNT(*) FROM matter_event e WHERE e.matter_id = m.id)`,
		"matters whose last event leads elsewhere":    `SELECT COUNT(*) FROM matter m WHERE m.state <> (SELECT e.to_state FROM matter_event e WHERE e.matter_id = m.id ORDER BY e.seq DESC LIMIT 1)`,
		"events without an audit entry, or the other": `SELECT (SELECT COUNT(*) FROM matter_event) - (SELECT COUNT(*) FROM audit_entry WHERE object_kind = 'matter')`,
		"sweeps without an object":                    `SELECT COUNT(*) FROM matter m WHERE m.kind = 'sweep' AND NOT EXISTS (SELECT 1 FROM matter_part p WHERE p.matter_id = m.id)`,
		"live matters without owner or deadline":      `SELECT COUNT(*) FROM matter WHERE live = 1 AND (unit_id = '' OR due_at <= 0)`,
	} {
		if n := count(t, db, query); n != 0 {
			t.Fatalf("%d %s", n, what)
		}
	}
}
