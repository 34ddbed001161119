package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// root is the repository as seen from this folder.
const root = "../.."

// module is the name that imports of this repository begin with.
const module = "anlan/"

// source is one Go file.
type source struct {
	path string // from the root, with slashes
	file *ast.File
	set  *token.FileSet
	test bool
}

// dir is the folder of the file, which is also its import path without the module.
func (s source) dir() string { return path.Dir(s.path) }

// line says where a node begins.
func (s source) line(n ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.set.Position(n.Pos()).Line)
}

// imports lists what the file imports.
func (s source) imports() []string {
	var out []string
	for _, i := range s.file.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		out = append(out, p)
	}
	return out
}

// sources parses every Go file of the repository.
func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	for _, name := range files(t) {
		if path.Ext(name) != ".go" {
			continue
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, filepath.Join(root, name), nil, parser.ParseComments)
		if err != nil {
			t.Errorf("parse %s: %v", name, err)
			continue
		}
		out = append(out, source{path: name, file: f, set: set, test: strings.HasSuffix(name, "_test.go")})
	}
	return out
}

// code is sources without tests and without what a program wrote.
func code(t *testing.T) []source {
	t.Helper()
	return slices.DeleteFunc(sources(t), func(s source) bool { return s.test || ast.IsGenerated(s.file) })
}

// notOurs are folders that hold what was built, fetched or stored.
var notOurs = []string{".git", "bin", "dist", "data", "coverage", "ui/node_modules", "ui/dist"}

// files lists every file of the repository that people write, from the root, with slashes.
func files(t *testing.T) []string {
	t.Helper()
	var out []string
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && !d.IsDir(): // a file that went away while others were looked at
			return nil
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(notOurs, name):
			return fs.SkipDir
		case name == ".git": // a file in a second working tree
		case d.Type().IsRegular():
			out = append(out, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// exceptions are places where a rule does not hold, each with its reason.
type exceptions map[string]string

// excuse reports whether a place is excused, and remembers that it needed to be.
func (e exceptions) excuse(used map[string]bool, place string) bool {
	_, ok := e[place]
	used[place] = used[place] || ok
	return ok
}

// check fails for exceptions without a reason and for those that nothing needs any more.
func (e exceptions) check(t *testing.T, used map[string]bool) {
	t.Helper()
	for place, reason := range e {
		if reason == "" {
			t.Errorf("the exception for %s has no reason", place)
		}
		if !used[place] {
			t.Errorf("the exception for %s is not needed any more: remove it", place)
		}
	}
}
