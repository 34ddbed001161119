package gb9704_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
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

// orders are the sequences that ECMA-376 part 1, annex A prescribes for the children that this package writes; Word calls a file
// broken where they are not kept.
var orders = map[string]string{
	"pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl pBdr shd tabs kinsoku wordWrap overflowPunct autoSpaceDE autoSpaceDN " +
		"adjustRightInd snapToGrid spacing ind contextualSpacing jc textAlignment outlineLvl rPr sectPr",
	"rPr":      "rStyle rFonts b bCs i iCs color spacing w kern position sz szCs u vertAlign lang",
	"p":        "pPr r",
	"tbl":      "tblPr tblGrid tr",
	"tblPr":    "tblStyle tblpPr tblOverlap tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
	"tr":       "trPr tc",
	"trPr":     "cantSplit trHeight tblHeader",
	"tc":       "tcPr p",
	"tcPr":     "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
	"sectPr":   "headerReference footerReference type pgSz pgMar pgNumType cols titlePg docGrid",
	"style":    "name basedOn next link uiPriority semiHidden qFormat pPr rPr tblPr",
	"settings": "zoom bordersDoNotSurroundHeader bordersDoNotSurroundFooter defaultTabStop evenAndOddHeaders drawingGridVerticalSpacing characterSpacingControl compat themeFontLang decimalSymbol listSeparator",
	"compat":   "doNotExpandShiftReturn compatSetting",
	"font":     "altName panose1 charset family pitch",
	"inline":   "extent docPr cNvGraphicFramePr graphic",
	"document": "body",
	"fonts":    "font",
}

func checkOrder(t *testing.T, where string, e *element) {
	t.Helper()
	sequence, known := orders[e.name]
	if !known {
		return
	}
	names := strings.Fields(sequence)
	at := 0
	for _, c := range e.children {
		i := slices.Index(names, c.name)
		if i < 0 {
			t.Errorf("%s: %s in %s is not expected", where, c.name, e.name)
			continue
		}
		if i < at {
			t.Errorf("%s: %s in %s stands after what should follow it", where, c.name, e.name)
		}
		at = i
	}
}

// TestStructure re-reads the samples as a strict reader would.
func TestStructure(t *testing.T) {
	for name, d := range samples(t) {
		names, parts := unzipped(t, write(t, d))
		if names[0] != "[Content_Types].xml" {
			t.Errorf("%s begins with %s", name, names[0])
		}
		roots := map[string]*element{}
		for _, n := range names {
			if path.Ext(n) == ".png" {
				continue
			}
			roots[n] = tree(t, parts[n])
			checkOrder(t, name+" "+n, roots[n])
			roots[n].walk(func(e, _ *element) { checkOrder(t, name+" "+n, e) })
		}
		checkPackage(t, name, names, roots)
		checkStyles(t, name, roots)
		checkBody(t, name, roots["word/document.xml"].child("body"))
	}
}

// checkPackage holds that each part has a type, each relation leads to a part, and each reference to a relation.
func checkPackage(t *testing.T, name string, names []string, roots map[string]*element) {
	t.Helper()
	typed := map[string]bool{}
	for _, e := range roots["[Content_Types].xml"].children {
		if e.name == "Override" {
			part := strings.TrimPrefix(e.attrs["PartName"], "/")
			typed[part] = true
			if !slices.Contains(names, part) {
				t.Errorf("%s: a type is given for %s, which is not there", name, part)
			}
		}
	}
	for _, n := range names {
		if ext := path.Ext(n); !typed[n] && ext != ".png" && ext != ".rels" && n != "[Content_Types].xml" {
			t.Errorf("%s: %s has no type", name, n)
		}
	}
	for _, rels := range []struct{ part, dir string }{{"_rels/.rels", ""}, {"word/_rels/document.xml.rels", "word/"}} {
		for _, e := range roots[rels.part].children {
			if !slices.Contains(names, rels.dir+e.attrs["Target"]) {
				t.Errorf("%s: a relation leads to %s", name, e.attrs["Target"])
			}
		}
	}
	ids := map[string]bool{}
	for _, e := range roots["word/_rels/document.xml.rels"].children {
		if ids[e.attrs["Id"]] {
			t.Errorf("%s: two relations %s", name, e.attrs["Id"])
		}
		ids[e.attrs["Id"]] = true
	}
	roots["word/document.xml"].walk(func(e, _ *element) {
		id := e.attrs["embed"]
		if strings.HasSuffix(e.name, "Reference") {
			id = e.attrs["id"]
		}
		if id != "" && !ids[id] {
			t.Errorf("%s: %s refers to %s", name, e.name, id)
		}
	})
}

// checkStyles holds that each style named is there, and that each font named is in the table with all four scripts.
func checkStyles(t *testing.T, name string, roots map[string]*element) {
	t.Helper()
	styles, fonts := map[string]bool{}, map[string]bool{}
	titles := map[string]bool{}
	for _, e := range roots["word/styles.xml"].children {
		if e.name == "style" {
			if styles[e.attrs["styleId"]] || titles[e.child("name").attrs["val"]] {
				t.Errorf("%s: two styles %s", name, e.attrs["styleId"])
			}
			styles[e.attrs["styleId"]], titles[e.child("name").attrs["val"]] = true, true
		}
	}
	for _, e := range roots["word/fontTable.xml"].children {
		fonts[e.attrs["name"]] = true
	}
	for part, root := range roots {
		root.walk(func(e, _ *element) {
			switch e.name {
			case "pStyle", "basedOn", "next":
				if !styles[e.attrs["val"]] {
					t.Errorf("%s %s: there is no style %q", name, part, e.attrs["val"])
				}
			case "rFonts":
				for _, script := range []string{"ascii", "hAnsi", "eastAsia", "cs"} {
					if !fonts[e.attrs[script]] {
						t.Errorf("%s %s: %s names the font %q", name, part, script, e.attrs[script])
					}
				}
			}
		})
	}
}

// checkBody holds what a schema cannot say: tables are followed by paragraphs, cells fill their grid, numbers of drawings differ.
func checkBody(t *testing.T, name string, body *element) {
	t.Helper()
	for i, e := range body.children {
		last := i == len(body.children)-1
		switch {
		case last != (e.name == "sectPr"):
			t.Errorf("%s: child %d of the body is %s", name, i, e.name)
		case e.name == "tbl" && body.children[i+1].name != "p":
			t.Errorf("%s: a table is followed by %s", name, body.children[i+1].name)
		case e.name == "tbl":
			checkGrid(t, name, e)
		}
	}
	shapes := map[string]bool{}
	body.walk(func(e, parent *element) {
		switch e.name {
		case "tc":
			if e.children[len(e.children)-1].name != "p" {
				t.Errorf("%s: a cell does not end with a paragraph", name)
			}
		case "docPr":
			if shapes[e.attrs["id"]] {
				t.Errorf("%s: two drawings %s", name, e.attrs["id"])
			}
			shapes[e.attrs["id"]] = true
		case "pPr", "tblPr", "tcPr", "trPr":
			if parent.children[0] != e {
				t.Errorf("%s: %s is not the first in %s", name, e.name, parent.name)
			}
		}
	})
}

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
