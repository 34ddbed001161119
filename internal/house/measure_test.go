package house

import (
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	functionLines = 100
	fileLines     = 800
)

// longFunctions are functions past 100 lines that stay whole, by file and name.
var longFunctions = exceptions{}

// longFiles are Go files past 800 lines that stay whole.
var longFiles = exceptions{}

// TestFunctionsAreShort fails for a function that should be split by idea.
func TestFunctionsAreShort(t *testing.T) {
	used := map[string]bool{}
	for _, s := range code(t) {
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			n := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1
			if n > functionLines && !longFunctions.excuse(used, s.path+" "+f.Name.Name) {
				t.Errorf("%s: %s has %d lines, more than %d: split it by idea", s.line(f), f.Name.Name, n, functionLines)
			}
		}
	}
	longFunctions.check(t, used)
}

// TestFilesAreShort fails for a Go file that should be split by idea.
func TestFilesAreShort(t *testing.T) {
	used := map[string]bool{}
	for _, s := range sources(t) {
		n := s.set.File(s.file.Pos()).LineCount()
		if n > fileLines && !ast.IsGenerated(s.file) && !longFiles.excuse(used, s.path) {
			t.Errorf("%s has %d lines, more than %d: split it by idea", s.path, n, fileLines)
		}
	}
	longFiles.check(t, used)
}

// TestPackagesSayWhatTheyAreFor wants one package comment of 15 to 200 words, in the file named after the package.
func TestPackagesSayWhatTheyAreFor(t *testing.T) {
	comments := map[string]map[string]int{} // words by file, by folder
	for _, s := range code(t) {
		if comments[s.dir()] == nil {
			comments[s.dir()] = map[string]int{}
		}
		if s.file.Doc != nil {
			comments[s.dir()][path.Base(s.path)] = len(strings.Fields(s.file.Doc.Text()))
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(comments)) {
		want := path.Base(dir) + ".go"
		if strings.HasPrefix(dir, "cmd/") {
			want = "main.go"
		}
		found := comments[dir]
		words, ok := found[want]
		if !ok {
			words, ok = found["doc.go"]
		}
		switch {
		case !ok:
			t.Errorf("%s: no package comment in %s: say what the package is for and what it leaves to others", dir, want)
		case len(found) > 1:
			t.Errorf("%s: more than one file carries a package comment: %v", dir, slices.Sorted(maps.Keys(found)))
		case words < 15 || words > 200:
			t.Errorf("%s: the package comment has %d words, not 15 to 200", dir, words)
		}
	}
}

// TestExportedNamesAreExplained wants a sentence before each exported function, method and type that starts with its name.
func TestExportedNamesAreExplained(t *testing.T) {
	for _, s := range code(t) {
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && exportedReceiver(d) {
					checkDoc(t, s, d, d.Name.Name, d.Doc)
				}
			case *ast.GenDecl:
				checkGroup(t, s, d)
			}
		}
	}
}

func checkGroup(t *testing.T, s source, d *ast.GenDecl) {
	t.Helper()
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			doc := spec.Doc
			if doc == nil && !d.Lparen.IsValid() {
				doc = d.Doc
			}
			if spec.Name.IsExported() {
				checkDoc(t, s, spec, spec.Name.Name, doc)
			}
		case *ast.ValueSpec:
			// A group of constants or variables is explained by one sentence above it, or each by its own.
			if spec.Names[0].IsExported() && d.Doc == nil && spec.Doc == nil && spec.Comment == nil {
				t.Errorf("%s: %s has no comment", s.line(spec), spec.Names[0].Name)
			}
		}
	}
}

func checkDoc(t *testing.T, s source, n ast.Node, name string, doc *ast.CommentGroup) {
	t.Helper()
	text := strings.TrimSpace(doc.Text())
	for _, article := range []string{"A ", "An ", "The "} {
		text = strings.TrimPrefix(text, article)
	}
	if text != name && !strings.HasPrefix(text, name+" ") && !strings.HasPrefix(text, name+",") {
		t.Errorf("%s: the comment of %s does not start with its name", s.line(n), name)
	}
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	e := d.Recv.List[0].Type
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	switch x := e.(type) {
	case *ast.IndexExpr:
		e = x.X
	case *ast.IndexListExpr:
		e = x.X
	}
	id := base(e)
	return id != nil && token.IsExported(id.Name)
}

// TestDocumentsAreShort keeps the pages that everybody reads to what anybody reads.
func TestDocumentsAreShort(t *testing.T) {
	for _, name := range []string{"README.md", "README.zh-CN.md", "CONTRIBUTING.md"} {
		b, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if n := strings.Count(string(b), "\n"); n >= 100 {
			t.Errorf("%s has %d lines, not under 100", name, n)
		}
	}
}
