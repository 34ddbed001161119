package store

import (
	"bytes"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// readWatch knows the goroutines whose Write is running, by their numbers; only while it is on.
type readWatch struct {
	on      atomic.Bool
	writers sync.Map
}

// WatchReads makes a read of the DB itself, a snapshot or another Write inside a running Write a panic that names the query.
//
// Such a read sees the store without what its transaction wrote, and takes a second connection while it holds the first: when
// as many write as PostgreSQL has connections, all of them wait for ever. Tests switch the watch on; it asks for the
// goroutine's number, which costs more than a served read may.
func (db *DB) WatchReads() { db.watch.on.Store(true) }

// Outside says that what follows may read through the DB itself: under WatchReads it panics inside a Write. A part that answers
// most calls from memory calls it first, so that a test need not meet the call that reads.
func (db *DB) Outside(what string) {
	if !db.watch.on.Load() {
		return
	}
	if _, inside := db.watch.writers.Load(goroutine()); inside {
		panic(fmt.Sprintf("store: inside a write transaction, outside of its Tx: %s", what))
	}
}

// inside notes that the goroutine runs a Write, until done is called.
func (w *readWatch) inside() (done func()) {
	if !w.on.Load() {
		return func() {}
	}
	id := goroutine()
	w.writers.Store(id, true)
	return func() { w.writers.Delete(id) }
}

// goroutine returns the number of the running goroutine as the runtime prints it: "goroutine 18 [running]:".
func goroutine() string {
	var buf [64]byte
	line := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	number, _, _ := bytes.Cut(line, []byte(" "))
	return string(number)
}
