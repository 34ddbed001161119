package audit_test

import (
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
