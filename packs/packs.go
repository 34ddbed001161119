// Package packs holds the shipped definitions of the programmes, one YAML file each, inside the binary.
//
// They are put into force when a database is new; an operator changes them by loading newer versions.
package packs

import (
	"embed"
	"io/fs"
)

//go:embed *.yaml
var files embed.FS

// All returns the shipped packs by file name.
func All() map[string][]byte {
	out := map[string][]byte{}
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		panic("packs: the pattern is well formed: " + err.Error())
	}
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			panic("packs: an embedded file can be read: " + err.Error())
		}
		out[name] = b
	}
	return out
}
