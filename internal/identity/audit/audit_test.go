package audit_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
	"testing"
	"time"

	"anlan/internal/identity/audit"
	"anlan/internal/store"
	"anlan/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

func write(t *testing.T, db *store.DB, n int) {
	t.Helper()
	for i := range n {
		err := db.Write(t.Context(), func(tx *store.Tx) error {
			return audit.Append(t.Context(), tx, audit.Entry{
				At: time.UnixMilli(int64(i)), Actor: audit.Actor{ID: "a", Name: "王"}, Action: "test.do", ObjectKind: "test", ObjectID: fmt.Sprint(i),
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// rehash forges entry n, as write made it, with another object and a hash that fits.
func rehash(n int) string {
	sum := func(seq int, object, previous string) string {
		h := sha256.New()
		for _, part := range []string{fmt.Sprint(seq), fmt.Sprint(seq - 1), "a", "王", "test.do", "test", object, "", "null", previous} {
			fmt.Fprintf(h, "%d:%s;", len(part), part)
		}
		return hex.EncodeToString(h.Sum(nil))
	}
	previous := ""
	for i := 1; i < n; i++ {
		previous = sum(i, fmt.Sprint(i-1), previous)
	}
	return fmt.Sprintf(`UPDATE audit_entry SET object_id = 'x', hash = '%s' WHERE seq = %d`, sum(n, "x", previous), n)
}

func TestVerifyFindsTampering(t *testing.T) {
	f := func(name, statement string, want []audit.Broken) {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				write(t, db, 5)
				err := db.Write(t.Context(), func(tx *store.Tx) error {
					_, err := tx.ExecContext(t.Context(), statement)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				rep, err := audit.Verify(t.Context(), db)
				if err != nil || rep.OK != (want == nil) {
					t.Fatalf("report %+v, %v", rep, err)
				}
				if d := cmp.Diff(want, rep.Broken); d != "" {
					t.Error(d)
				}
			})
		})
	}
	f("untouched", `UPDATE audit_entry SET seq = seq`, nil)
	f("changed", `UPDATE audit_entry SET object_id = 'x' WHERE seq = 3`, []audit.Broken{{Seq: 3, Reason: "changed"}})
	f("removed", `DELETE FROM audit_entry WHERE seq = 3`, []audit.Broken{{Seq: 3, Reason: "removed"}})
	f("last removed", `DELETE FROM audit_entry WHERE seq = 5`, []audit.Broken{{Seq: 5, Reason: "cut_off"}})
	f("changed with its hash", rehash(3), []audit.Broken{{Seq: 4, Reason: "relinked"}})
	f("last changed with its hash", rehash(5), []audit.Broken{{Seq: 6, Reason: "cut_off"}})
	f("all removed", `DELETE FROM audit_entry`, []audit.Broken{{Seq: 1, Reason: "cut_off"}})
	f("swapped", `UPDATE audit_entry SET object_id = CASE seq WHEN 2 THEN '2' ELSE '1' END WHERE seq IN (2, 3)`, []audit.Broken{{Seq: 2, Reason: "changed"}, {Seq: 3, Reason: "changed"}})
	f("inserted past the head", `
		INSERT INTO audit_entry (seq, at, actor_id, actor_name, action, object_kind, object_id, detail, previous, hash)
		SELECT 9, at, actor_id, actor_name, action, object_kind, object_id, detail, hash, 'x' FROM audit_entry WHERE seq = 5`,
		[]audit.Broken{{Seq: 9, Reason: "inserted"}})
	f("inserted before the first", `
		INSERT INTO audit_entry (seq, at, actor_id, actor_name, action, object_kind, object_id, detail, previous, hash)
		SELECT 0, at, actor_id, actor_name, action, object_kind, object_id, detail, '', '' FROM audit_entry WHERE seq = 5`,
		[]audit.Broken{{Seq: 1, Reason: "removed"}, {Seq: 0, Reason: "changed"}})
	f("head moved back", `UPDATE audit_head SET seq = 4, hash = (SELECT hash FROM audit_entry WHERE seq = 4)`, []audit.Broken{{Seq: 5, Reason: "inserted"}})
	f("actor moved", `UPDATE audit_entry SET actor_id = '', actor_name = 'a王' WHERE seq = 2`, []audit.Broken{{Seq: 2, Reason: "changed"}})
}

func TestConcurrentWritersKeepOneChain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() { write(t, db, 10) })
		}
		wg.Wait()
		rep, err := audit.Verify(t.Context(), db)
		if err != nil || !rep.OK || rep.Entries != 80 {
			t.Errorf("report %+v, %v", rep, err)
		}
	})
}

func TestListIsScopedAndPaged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		write(t, db, 5)
		page, err := audit.List(t.Context(), db, audit.Query{All: true, Limit: 2})
		if err != nil || len(page) != 2 || page[0].Seq != 5 {
			t.Fatalf("page %+v, %v", page, err)
		}
		page, err = audit.List(t.Context(), db, audit.Query{All: true, Before: page[1].Seq, Limit: 9})
		if err != nil || len(page) != 3 {
			t.Errorf("second page %+v, %v", page, err)
		}
		if page, err = audit.List(t.Context(), db, audit.Query{Scopes: []int64{1}, Limit: 9}); err != nil || len(page) != 0 {
			t.Errorf("out of scope: %+v, %v", page, err)
		}
	})
}

func TestSearchTakesWordsAsTheyAre(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		entry := func(action, object string, detail any) {
			err := db.Write(t.Context(), func(tx *store.Tx) error {
				return audit.Append(t.Context(), tx, audit.Entry{
					At: time.UnixMilli(1000), Actor: audit.Actor{ID: "a", Name: "Wang 王"}, Action: action, ObjectKind: "return", ObjectID: object, Detail: detail,
				})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		entry("return.submit", "7", map[string]any{"reason": "100% 完成"})
		entry("return.lock", "8", nil)
		f := func(q audit.Query, want int) {
			t.Helper()
			q.All = true
			if got, err := audit.List(t.Context(), db, q); err != nil || len(got) != want {
				t.Errorf("%+v: %d entries, %v", q, len(got), err)
			}
		}
		f(audit.Query{}, 2)
		f(audit.Query{Text: "完成"}, 1)
		f(audit.Query{Text: "100%"}, 1)
		f(audit.Query{Text: "%"}, 1)
		f(audit.Query{Text: "_"}, 0)
		f(audit.Query{Text: "WANG"}, 2)
		f(audit.Query{Actor: "王", Action: "return.l"}, 1)
		f(audit.Query{ObjectKind: "return", ObjectID: "7"}, 1)
		f(audit.Query{From: time.UnixMilli(1001)}, 0)
		f(audit.Query{To: time.UnixMilli(1001)}, 2)
	})
}
