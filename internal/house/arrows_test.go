package house

import (
	"slices"
	"strings"
	"testing"
)

// floors are the rooms from the top of the house to the ground. A room imports from the floors below its own.
var floors = [][]string{
	{"cmd"},
	{"app"},
	{"web", "demo"},
	{"telemetry", "warning", "forecast", "floodops", "programme", "oversight", "ledger", "project", "resource", "bulletin", "exchange"},
	{"matter", "evidence", "notify", "series", "registry", "identity", "store"},
	{"hydro", "sl651", "szy206", "hj212", "cap", "sl323", "gb9704", "chart", "drawing", "workbook", "geodesy", "definition", "formula", "hydrotime", "quantity", "fault", "ooxmltest"},
}

const (
	domainFloor = 3
	groundFloor = 5
)

// neighbours are the imports allowed between rooms of one floor, or from a room to one package of another. Whatever is not here
// goes through the floor above.
var neighbours = []struct{ from, to, reason string }{
	{"registry", "store", "the store is under every table"},
	{"registry", "identity/audit", "each change of the registry is in the audit chain, which knows no registry"},
	{"identity", "store", "the store is under every table"},
	{"identity", "registry", "a grant holds in a division and all below it"},
	{"oversight", "ledger/scheme", "the rulebook reads the rules of ledgers"},
	{"oversight", "ledger/acceptance", "the rulebook reads score trees"},
	{"oversight", "project/lifecycle", "the rulebook reads the rules of projects"},
	{"matter", "store", "the store is under every table"},
	{"matter", "registry", "a matter has a place and a responsible person"},
	{"matter", "identity", "every step of a matter names who took it"},
	{"evidence", "store", "each kept file has a row"},
	{"evidence", "identity/audit", "who put a file in is in the audit chain"},
	{"notify", "store", "the outbox is a table"},
	{"notify", "registry", "a message goes to a person at a post"},
	{"series", "store", "the store is under every table"},
	{"series", "registry", "a series belongs to an object of the registry"},
	{"series", "identity/audit", "who changed a reading, a limit or a threshold is in the audit chain"},
	{"quantity", "fault", "units and figures carry names in both languages"},
	{"geodesy", "fault", "a refused place of a file is told in both languages"},
	{"workbook", "fault", "a refused cell is told in both languages"},
	{"workbook", "quantity", "cells become exact figures"},
	{"definition", "fault", "a refused key is told in both languages"},
	{"definition", "quantity", "figures are read exactly"},
	{"formula", "fault", "a refused formula is told in both languages"},
	{"formula", "quantity", "figures and their units"},
	{"gb9704", "fault", "a refused piece of a document is told in both languages"},
	{"gb9704", "drawing", "a drawing stands in a document as a picture"},
	{"chart", "drawing", "a chart is a drawing"},
	{"chart", "fault", "what a chart shows is said in both languages"},
	{"chart", "quantity", "figures are exact"},
	{"hydro", "fault", "a refused parameter is told in both languages"},
	{"sl651", "fault", "elements, parameters and functions carry names in both languages"},
	{"sl651", "hydrotime", "stamps of frames are in the field's zone"},
	{"sl651", "quantity", "a figure of a frame becomes an exact figure"},
}

// embedded are packages that only carry files; who may open them.
var embedded = map[string][]string{
	"packs": {"cmd", "app", "demo"},
	"ui":    {"cmd", "app"},
}

// onlyFor are packages with few permitted readers.
var onlyFor = []struct {
	pkg     string
	readers []string
	reason  string
}{
	{"internal/demo", []string{"cmd"}, "a real city's server must not be able to reach invented figures"},
	{"internal/web", []string{"cmd", "app"}, "nothing inside knows that it is asked over HTTP"},
}

// roomOf is the room that a package belongs to: internal/programme/judge is in programme.
func roomOf(dir string) string {
	parts := strings.Split(dir, "/")
	if parts[0] == "internal" && len(parts) > 1 {
		return parts[1]
	}
	return parts[0]
}

// floorOf is the floor of a room, or -1 where the plan does not know it.
func floorOf(room string) int {
	return slices.IndexFunc(floors, func(f []string) bool { return slices.Contains(f, room) })
}

func isNeighbour(from, dir string) bool {
	for _, n := range neighbours {
		if n.from == from && (n.to == roomOf(dir) || "internal/"+n.to == dir) {
			return true
		}
	}
	return false
}

// TestImportsRunDown holds every import against the plan of the house.
func TestImportsRunDown(t *testing.T) {
	for _, s := range code(t) {
		from := roomOf(s.dir())
		if from == "house" {
			continue
		}
		if _, carries := embedded[from]; !carries && floorOf(from) < 0 {
			t.Errorf("%s: the plan of the house (floors) has no room %q", s.path, from)
			continue
		}
		for _, imported := range s.imports() {
			if dir, ours := strings.CutPrefix(imported, module); ours {
				checkArrow(t, s, from, dir)
			}
		}
	}
}

func checkArrow(t *testing.T, s source, from, dir string) {
	t.Helper()
	to := roomOf(dir)
	for _, rule := range onlyFor {
		if dir == rule.pkg && from != to && !slices.Contains(rule.readers, from) {
			t.Errorf("%s imports %s, which is only for %v: %s", s.path, dir, rule.readers, rule.reason)
		}
	}
	if readers, carries := embedded[to]; carries {
		if !slices.Contains(readers, from) {
			t.Errorf("%s opens %s, which is only for %v: what is embedded is handed down by app", s.path, to, readers)
		}
		return
	}
	switch above, below := floorOf(from), floorOf(to); {
	case from == to:
	case above < 0:
		t.Errorf("%s imports %s: a package that only carries files imports nothing of the house", s.path, dir)
	case below < 0:
		t.Errorf("%s imports %s: the plan of the house has no room %q", s.path, dir, to)
	case above > below:
		t.Errorf("%s imports %s: imports run down only, and %s stands above %s", s.path, dir, to, from)
	case above == below && !isNeighbour(from, dir):
		t.Errorf("%s imports %s: %s and %s are on one floor; what both need goes below, what joins them goes above", s.path, dir, from, to)
	}
}

// TestSimulatedStationKnowsNoGateway keeps the two sides of a dialogue apart: what both got wrong the same way would pass every test of one with
// the other.
func TestSimulatedStationKnowsNoGateway(t *testing.T) {
	for _, s := range code(t) {
		for _, imported := range s.imports() {
			if dir, ours := strings.CutPrefix(imported, module); ours && s.dir() == "internal/telemetry/station" && floorOf(roomOf(dir)) != groundFloor {
				t.Errorf("%s imports %s: a simulated station shares the codec with the gateway, and nothing else", s.path, dir)
			}
		}
	}
}

// TestNeighboursAreNeeded keeps the list of neighbours honest for rooms that exist.
func TestNeighboursAreNeeded(t *testing.T) {
	seen := map[[2]string]bool{}
	built := map[string]bool{}
	for _, s := range code(t) {
		from := roomOf(s.dir())
		built[from] = true
		for _, imported := range s.imports() {
			if dir, ours := strings.CutPrefix(imported, module); ours {
				seen[[2]string{from, roomOf(dir)}] = true
				seen[[2]string{from, strings.TrimPrefix(dir, "internal/")}] = true
			}
		}
	}
	for _, n := range neighbours {
		if n.reason == "" {
			t.Errorf("%s → %s has no reason", n.from, n.to)
		}
		if built[n.from] && built[roomOf("internal/"+n.to)] && !seen[[2]string{n.from, n.to}] {
			t.Errorf("%s → %s is allowed and not needed: remove it", n.from, n.to)
		}
	}
}

// guards keep packages to parts of the house; a part is a folder and all below it.
var guards = []struct {
	imports []string // a path of the standard library, or a module's path and all below it
	only    []string // the folders that may; empty where nobody may
	reason  string
}{
	{[]string{"github.com/danielgtaylor/huma"}, []string{"internal/web"}, "HTTP ends at the door"},
	{[]string{"modernc.org/sqlite", "github.com/jackc/pgx", "github.com/pressly/goose"}, []string{"internal/store"}, "the rooms above do not know which database they stand on"},
	{[]string{"github.com/xuri/excelize"}, []string{"internal/workbook"}, "how offices lay out workbooks is the business of one room"},
	{[]string{"github.com/prometheus"}, []string{"cmd", "internal/app", "internal/web"}, "rooms hand out numbers, the door publishes them"},
	{[]string{"golang.org/x/crypto"}, []string{"internal/identity"}, "secrets are handled in one room"},
	{[]string{"net/http"}, []string{"cmd", "internal/app", "internal/web", "internal/demo", "internal/notify", "internal/exchange", "internal/telemetry"}, "domains are asked by function, not over HTTP"},
	{[]string{"os", "os/exec"}, []string{"cmd", "internal/app", "internal/web", "internal/demo", "internal/store", "internal/evidence"}, "rules and models read nothing but their arguments"},
	{[]string{"log", "io/ioutil", "unsafe", "plugin", "C", "math/rand", "encoding/gob"}, nil, "there is a better way: slog passed in, io, plain Go, math/rand/v2 or crypto/rand, a format that can be read elsewhere"},
}

// TestGuardedImports is what depguard would do, with the reason at the rule.
func TestGuardedImports(t *testing.T) {
	for _, s := range code(t) {
		for _, imported := range s.imports() {
			for _, g := range guards {
				if guarded(imported, g.imports) && !under(s.dir(), g.only) {
					t.Errorf("%s imports %s, which only %v may: %s", s.path, imported, g.only, g.reason)
				}
			}
		}
	}
}

// pure are the folders that compute and do nothing else, besides the whole ground floor.
var pure = []string{
	"internal/programme/judge", "internal/programme/pack", "internal/programme/table", "internal/registry/objectrule",
	"internal/oversight/checklist", "internal/ledger/acceptance", "internal/oversight/draw", "internal/oversight/compare",
	"internal/oversight/ladder", "internal/ledger/scheme", "internal/oversight/paper", "internal/project/lifecycle",
	"internal/series/reading", "internal/series/chunk", "internal/series/quality", "internal/series/window", "internal/series/threshold",
	"internal/series/table", "internal/series/curve",
}

// doing are packages with which one can do more than compute.
var doing = []string{"os", "net", "net/http", "database/sql", "log/slog", "context", "sync", "anlan/internal/store", "anlan/internal/registry", "anlan/internal/identity"}

// parallel are folders of the ground that share out work, though what they answer does not depend on how.
var parallel = map[string][]string{
	"internal/hydro/optimize":  {"context", "sync"}, // a search of minutes can be stopped, and takes all processors
	"internal/hydro/calibrate": {"context"},
	// what stations sent lately is known to all sessions at once
	"internal/telemetry/session": {"sync"},
}

// TestGroundIsPure keeps I/O, clocks, stores and goroutines out of what only computes.
func TestGroundIsPure(t *testing.T) {
	for _, s := range code(t) {
		if floorOf(roomOf(s.dir())) != groundFloor && !under(s.dir(), pure) {
			continue
		}
		for _, imported := range s.imports() {
			if slices.Contains(doing, imported) && !slices.Contains(parallel[s.dir()], imported) {
				t.Errorf("%s imports %s: this part of the house only computes, so that it can be replayed and tested", s.path, imported)
			}
		}
	}
}

// TestTestingStaysInTests keeps helpers of tests out of the program.
func TestTestingStaysInTests(t *testing.T) {
	for _, s := range code(t) {
		helper := strings.HasSuffix(s.dir(), "test")
		for _, imported := range s.imports() {
			if (imported == "testing" || strings.HasSuffix(imported, "/storetest") || strings.HasSuffix(imported, "/ooxmltest") || strings.HasPrefix(imported, "github.com/google/go-cmp")) && !helper {
				t.Errorf("%s imports %s: only tests do", s.path, imported)
			}
		}
	}
}

// guarded reports whether an import is one of some paths: exactly in the standard library, where log/slog is no part of log.
func guarded(imported string, paths []string) bool {
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return slices.Contains(paths, imported)
	}
	return under(imported, paths)
}

// under reports whether a path is one of some paths or lies below one.
func under(p string, paths []string) bool {
	return slices.ContainsFunc(paths, func(q string) bool { return p == q || strings.HasPrefix(p, q+"/") })
}
