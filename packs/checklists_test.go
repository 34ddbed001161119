package packs_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"anlan/internal/oversight/checklist"
	"anlan/packs"

	"github.com/google/go-cmp/cmp"
)

func library(t *testing.T) *checklist.Library {
	t.Helper()
	var lists []*checklist.Checklist
	for name, src := range packs.Checklists() {
		c, err := checklist.Parse(name, src)
		if err != nil {
			t.Fatal(err)
		}
		if c.ID+".yaml" != name {
			t.Errorf("%s holds the list %s", name, c.ID)
		}
		lists = append(lists, c)
	}
	l, err := checklist.NewLibrary(lists)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestChecklistsGoTogether reads every shipped list.
func TestChecklistsGoTogether(t *testing.T) {
	for _, c := range library(t).Lists() {
		if n := c.Count(); n < 15 || n > 45 {
			t.Errorf("%s has %d clauses", c.ID, n)
		}
	}
}

var update = flag.Bool("update", false, "write the schemas anew")

// TestSchemasAreWritten holds the schemas beside the definitions against the types; -update writes them anew.
func TestSchemasAreWritten(t *testing.T) {
	for name, schema := range map[string][]byte{
		"checklists/schema.json": checklist.Schema(),
	} {
		file := filepath.FromSlash(name)
		if *update {
			if err := os.WriteFile(file, schema, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(b), string(schema)); diff != "" {
			t.Errorf("packs/%s is out of date, run go test ./packs -update (-want +got):\n%s", name, diff)
		}
	}
}
