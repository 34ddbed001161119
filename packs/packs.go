// Package packs holds the shipped definitions inside the binary: programmes, checklists, score trees, ladders, one YAML file each.
//
// They are put into force when a database is new; an operator changes them by loading newer versions.
package packs

import (
	"embed"
	"io/fs"
	"path"
)

//go:embed *.yaml checklists/*.yaml acceptance/*.yaml bulletins/*.yaml ledgers/*.yaml lifecycle/*.yaml oversight/*.yaml
var files embed.FS

// All returns the shipped packs of the programmes by file name.
func All() map[string][]byte { return matching("*.yaml") }

// Checklists returns the shipped checklists of supervision by file name.
func Checklists() map[string][]byte { return matching("checklists/*.yaml") }

// Acceptance returns the shipped score trees by file name.
func Acceptance() map[string][]byte { return matching("acceptance/*.yaml") }

// Ledgers returns the shipped rules of ledgers by file name.
func Ledgers() map[string][]byte { return matching("ledgers/*.yaml") }

// Bulletins returns the shipped templates of bulletins by file name.
func Bulletins() map[string][]byte { return matching("bulletins/*.yaml") }

// Lifecycle returns the shipped rules of major projects, with the name of their file.
func Lifecycle() (name string, src []byte) {
	return "water-projects.yaml", matching("lifecycle/*.yaml")["water-projects.yaml"]
}

// Comparison returns the shipped formulas of the four comparisons, with the name of their file.
func Comparison() (name string, src []byte) {
	return "comparison.yaml", matching("oversight/comparison.yaml")["comparison.yaml"]
}

// Ladder returns the shipped ladder of escalation, with the name of its file.
func Ladder() (name string, src []byte) {
	return "ladder.yaml", matching("oversight/ladder.yaml")["ladder.yaml"]
}

// matching returns the files of one folder by their names in it.
func matching(pattern string) map[string][]byte {
	out := map[string][]byte{}
	names, err := fs.Glob(files, pattern)
	if err != nil {
		panic("packs: the pattern is well formed: " + err.Error())
	}
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			panic("packs: an embedded file can be read: " + err.Error())
		}
		out[path.Base(name)] = b
	}
	return out
}
