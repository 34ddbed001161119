package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestKillOnTheLadder kills the server while steps of the ladder are proposed, decided and answered and a county answers for the objects
// of a sweep: whatever was confirmed stands, no step is issued without its number, its matters saying so and its audit entries, and no
// object is answered for without its event, nor found wanting without the matter of what was found.
func TestKillOnTheLadder(t *testing.T) {
	t.Parallel()
	bin, dir := build(t), cityFolder(t)
	sweep, objects := openSweep(t, bin, dir)
	reached := map[string]int{} // how far each step was confirmed to have come
	answered := map[int64]bool{}
	var mu sync.Mutex
	for round := range rounds() {
		d := startDemo(t, bin, "serve", dir)
		city, director, county := d.browser(t, "shenhe"), d.browser(t, "juzhang"), d.browser(t, sweep.login)
		var hands sync.WaitGroup
		hands.Go(func() {
			for n := 0; ; n++ {
				err := climb(city, director, county, sweep.division, fmt.Sprintf("%d-%d", round, n), func(id string, far int) {
					mu.Lock()
					defer mu.Unlock()
					reached[id] = far
				})
				if err != nil {
					refusedNot(t, err)
					return
				}
			}
		})
		hands.Go(func() {
			for n := round; ; n++ {
				object := objects[n%len(objects)]
				answer := []string{"none", "found"}[n%2]
				if err := county.said("POST", fmt.Sprintf("/api/matters/%d/parts/%d", sweep.id, object), map[string]any{"answer": answer, "note": "看过"}, nil); err != nil {
					refusedNot(t, err)
					return
				}
				mu.Lock()
				answered[object] = true
				mu.Unlock()
			}
		})
		time.Sleep(time.Duration(20+rand.Int64N(300)) * time.Millisecond)
		d.kill(t)
		hands.Wait()
		wholeMatters(t, dir)
		wholeSteps(t, dir)
	}
	if len(reached) == 0 || len(answered) == 0 {
		t.Fatalf("%d steps and %d answers were ever confirmed", len(reached), len(answered))
	}
	db := direct(t, dir)
	states := map[int]string{0: "'proposed', 'issued', 'replied'", 1: "'issued', 'replied'", 2: "'replied'"}
	for id, far := range reached {
		if n := count(t, db, `SELECT COUNT(*) FROM escalation WHERE id = $1 AND state IN (`+states[far]+`)`, id); n != 1 {
			t.Errorf("step %s was confirmed to be one of %s and is not", id, states[far])
		}
	}
	for object := range answered {
		if n := count(t, db, `SELECT COUNT(*) FROM matter_part WHERE matter_id = $1 AND object_id = $2 AND answer <> ''`, sweep.id, object); n != 1 {
			t.Errorf("the answer for object %d was confirmed and is not there", object)
		}
	}
	db.Close()
	t.Logf("%d steps and the answers for %d objects over %d kills", len(reached), len(answered), rounds())
	verifyAudit(t, dir)
}

// sweepOf is a sweep that waits for its county's answers.
type sweepOf struct {
	id              int64
	login, division string
}

// openSweep finds a sweep under way, or closes what is serious until one is, and lists its objects.
func openSweep(t *testing.T, bin, dir string) (sweepOf, []int64) {
	t.Helper()
	d := startDemo(t, bin, "serve", dir)
	defer d.kill(t)
	d.signInAs(t, "shenhe")
	logins := map[string]string{"330602": "yuecheng", "330603": "keqiao", "330604": "shangyu", "330624": "xinchang", "330681": "zhuji", "330683": "shengzhou"}
	for range 20 {
		var page struct {
			Items []struct {
				ID       int64
				State    string
				Division struct{ Code string }
			}
		}
		if err := d.call("GET", "/api/matters?kind=sweep&live=true&limit=50", nil, &page); err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Items {
			var detail struct{ Parts []struct{ Object int64 } }
			if err := d.call("GET", fmt.Sprintf("/api/matters/%d", m.ID), nil, &detail); err != nil {
				t.Fatal(err)
			}
			login := logins[m.Division.Code]
			if m.State == "submitted" || login == "" || len(detail.Parts) == 0 {
				continue
			}
			var objects []int64
			for _, part := range detail.Parts {
				objects = append(objects, part.Object)
			}
			return sweepOf{m.ID, login, m.Division.Code}, objects
		}
		d.closeOne()
	}
	t.Fatal("no sweep is under way")
	return sweepOf{}, nil
}

// monthsAhead is a day that may be given as a deadline, whenever the test runs.
func monthsAhead(n int) string { return time.Now().AddDate(0, n, 0).Format("2006-01-02") }

// browser is the server seen by another person.
func (p *process) browser(t *testing.T, login string) *process {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	other := &process{cmd: p.cmd, url: p.url, client: &http.Client{Jar: jar, Timeout: p.client.Timeout}}
	other.signInAs(t, login)
	return other
}

// said is call where the answer may be empty.
func (p *process) said(method, path string, body, into any) error {
	var none any
	if into == nil {
		into = &none
	}
	err := p.call(method, path, body, into)
	if lost := new(url.Error); errors.Is(err, io.EOF) && !errors.As(err, &lost) { // an answer came, and has no body
		return nil
	}
	return err
}

// refusedNot holds that a request ended because the server was gone, and not because it refused.
func refusedNot(t *testing.T, err error) {
	t.Helper()
	if strings.Contains(err.Error(), ": 4") || strings.Contains(err.Error(), ": 5") {
		t.Errorf("refused: %v", err)
	}
}

// climb opens a task and takes it up the ladder: proposed, decided, answered; sure hears how far it has come.
func climb(city, director, county *process, division, client string, sure func(id string, far int)) error {
	var m struct{ ID int64 }
	body := map[string]any{"client": "ladder-" + client, "kind": "task", "line": "reservoir", "division": division, "title": "补报资料", "severity": 0, "origin": "city", "place": map[string]any{}, "due": monthsAhead(6)}
	if err := city.call("POST", "/api/matters", body, &m); err != nil {
		return err
	}
	var step struct{ ID string }
	if err := city.call("POST", "/api/escalations", map[string]any{"step": "remind", "matters": []int64{m.ID}, "reason": "逾期未报"}, &step); err != nil {
		return err
	}
	sure(step.ID, 0)
	if err := director.said("POST", "/api/escalations/"+step.ID+"/decision", map[string]any{"edit": 1, "approve": true}, nil); err != nil {
		return err
	}
	sure(step.ID, 1)
	if err := county.said("POST", "/api/escalations/"+step.ID+"/reply", map[string]any{"edit": 2, "words": "已补报"}, nil); err != nil {
		return err
	}
	sure(step.ID, 2)
	return nil
}

// wholeSteps holds every step against its matters and its audit entries, and every answer of a sweep against what it led to.
func wholeSteps(t *testing.T, dir string) {
	t.Helper()
	db := direct(t, dir)
	defer db.Close()
	for what, query := range map[string]string{
		"steps without a matter":                      `SELECT COUNT(*) FROM escalation e WHERE NOT EXISTS (SELECT 1 FROM escalation_matter em WHERE em.escalation_id = e.id)`,
		"steps whose writes and audit entries differ": `SELECT COUNT(*) FROM escalation e WHERE e.edit <> (SELECT COUNT(*) FROM audit_entry a WHERE a.object_kind = 'escalation' AND a.object_id = e.id)`,
		"issued steps without a number or a day":      `SELECT COUNT(*) FROM escalation WHERE state IN ('issued', 'replied') AND (number = '' OR decided_at IS NULL OR reply_due_at <= 0)`,
		"matters that do not say what was issued": `SELECT COUNT(*) FROM escalation e JOIN escalation_matter em ON em.escalation_id = e.id JOIN matter m ON m.id = em.matter_id
			WHERE e.state IN ('issued', 'replied') AND (m.step = '' OR NOT EXISTS (SELECT 1 FROM matter_event v WHERE v.matter_id = m.id AND v.move = 'escalate'))`,
		"matters that say what was not issued": `SELECT COUNT(*) FROM matter m WHERE m.step <> '' AND NOT EXISTS (SELECT 1 FROM escalation_matter em JOIN escalation e ON e.id = em.escalation_id
			WHERE em.matter_id = m.id AND e.state IN ('issued', 'replied'))`,
		"replies without words":                  `SELECT COUNT(*) FROM escalation WHERE (state = 'replied') <> (reply <> '')`,
		"objects found wanting without a matter": `SELECT COUNT(*) FROM matter_part WHERE answer = 'found' AND finding_id IS NULL`,
		"findings of sweeps that no object names, or that are not linked": `SELECT COUNT(*) FROM matter f WHERE f.source = 'sweep' AND f.kind <> 'sweep' AND (NOT EXISTS (SELECT 1 FROM matter_part p WHERE p.finding_id = f.id)
			OR NOT EXISTS (SELECT 1 FROM matter_link l WHERE l.from_id = f.id AND l.kind = 'found_by'))`,
		"sweeps with answers and no event of one": `SELECT COUNT(*) FROM matter m WHERE EXISTS (SELECT 1 FROM matter_part p WHERE p.matter_id = m.id AND p.answer <> '')
			AND NOT EXISTS (SELECT 1 FROM matter_event v WHERE v.matter_id = m.id AND v.move = 'answer')`,
	} {
		if n := count(t, db, query); n != 0 {
			t.Fatalf("%d %s", n, what)
		}
	}
}
