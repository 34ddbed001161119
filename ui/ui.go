// Package ui carries the built user interface inside the binary. A stub page stands in where it was not built, so that the Go
// program builds without Node.
package ui

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files returns the built pages and their assets, with index.html at the root where the interface was built.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("ui: the embedded folder has another name: " + err.Error())
	}
	return files
}

// Built reports whether the interface itself is inside and not only the stub page.
func Built() bool {
	_, err := fs.Stat(Files(), "index.html")
	return err == nil
}
