package gb9704_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"strconv"
	"testing"

	"anlan/internal/ooxmltest"
)

// element is one element of a part.
type element struct {
	name     string
	attrs    map[string]string
	children []*element
	text     string
}

// tree reads a part; names are local, since each vocabulary stands alone where it matters.
func tree(t testing.TB, part []byte) *element {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(part))
	root := &element{}
	stack := []*element{root}
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		top := stack[len(stack)-1]
		switch tok := tok.(type) {
		case xml.StartElement:
			e := &element{name: tok.Name.Local, attrs: map[string]string{}}
			for _, a := range tok.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			top.children = append(top.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(tok)
		}
	}
	if len(stack) != 1 || len(root.children) != 1 {
		t.Fatal("a part has one root")
	}
	return root.children[0]
}

// walk calls f with each element and its parent.
func (e *element) walk(f func(e, parent *element)) {
	for _, c := range e.children {
		f(c, e)
		c.walk(f)
	}
}

// child is the first child of a name, or nil.
func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// TestStructure re-reads the samples as a strict reader would, and holds what only documents of this package keep.
func TestStructure(t *testing.T) {
	all := samples(t)
	all["short"] = short(3)
	for name, d := range all {
		file := write(t, d)
		for _, wrong := range ooxmltest.Check(file) {
			t.Errorf("%s: %s", name, wrong)
		}
		names, parts := unzipped(t, file)
		if names[0] != "[Content_Types].xml" {
			t.Errorf("%s begins with %s", name, names[0])
		}
		roots := map[string]*element{}
		for _, n := range names {
			if path.Ext(n) == ".xml" {
				roots[n] = tree(t, parts[n])
			}
		}
		checkFonts(t, name, roots)
		for _, e := range roots["word/document.xml"].child("body").children {
			if e.name == "tbl" {
				checkGrid(t, name, e)
			}
		}
	}
}

// checkFonts holds that each font named is in the table, with all four scripts.
func checkFonts(t *testing.T, name string, roots map[string]*element) {
	t.Helper()
	fonts := map[string]bool{}
	for _, e := range roots["word/fontTable.xml"].children {
		fonts[e.attrs["name"]] = true
	}
	for part, root := range roots {
		root.walk(func(e, _ *element) {
			if e.name != "rFonts" {
				return
			}
			for _, script := range []string{"ascii", "hAnsi", "eastAsia", "cs"} {
				if !fonts[e.attrs[script]] {
					t.Errorf("%s %s: %s names the font %q", name, part, script, e.attrs[script])
				}
			}
		})
	}
}

// checkGrid holds that a table and its cells are as wide as their columns.
func checkGrid(t *testing.T, name string, table *element) {
	t.Helper()
	number := func(e *element, attr string) int { n, _ := strconv.Atoi(e.attrs[attr]); return n }
	var grid []int
	total := 0
	for _, c := range table.child("tblGrid").children {
		grid = append(grid, number(c, "w"))
		total += number(c, "w")
	}
	if w := number(table.child("tblPr").child("tblW"), "w"); w != total || w != 8845 && w != 12756 {
		t.Errorf("%s: a table is %d wide, its columns %d", name, w, total)
	}
	for _, row := range table.children {
		if row.name != "tr" {
			continue
		}
		col := 0
		for _, cell := range row.children {
			if cell.name != "tc" {
				continue
			}
			span := 1
			if s := cell.child("tcPr").child("gridSpan"); s != nil {
				span = number(s, "val")
			}
			width := 0
			for _, w := range grid[col : col+span] {
				width += w
			}
			if got := number(cell.child("tcPr").child("tcW"), "w"); got != width {
				t.Errorf("%s: a cell of columns %d to %d is %d wide, not %d", name, col, col+span, got, width)
			}
			col += span
		}
		if col != len(grid) {
			t.Errorf("%s: a row fills %d of %d columns", name, col, len(grid))
		}
	}
}
