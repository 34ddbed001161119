package ooxmltest

import (
	"path"
	"strconv"
	"strings"
	"unicode/utf16"
)

// longestName is how many UTF-16 units the name of a sheet may have in office programs.
const longestName = 31

// workbook holds names of sheets, places of cells and what they refer to.
func (c *checker) workbook() {
	const part = "xl/workbook.xml"
	names, ids := map[string]bool{}, map[string]bool{}
	sheets := c.roots[part].child("x:sheets").children
	if len(sheets) == 0 {
		c.say("%s: there is no sheet", part)
	}
	for _, e := range sheets {
		name := e.attrs["name"]
		folded := strings.ToLower(name)
		switch {
		case name == "" || len(utf16.Encode([]rune(name))) > longestName:
			c.say("%s: the name %q has not 1 to %d characters", part, name, longestName)
		case strings.ContainsAny(name, `[]:*?/\`) || strings.HasPrefix(name, "'") || strings.HasSuffix(name, "'"):
			c.say("%s: the name %q has characters that it may not have", part, name)
		case names[folded]:
			c.say("%s: two sheets %q", part, name)
		case ids[e.attrs["sheetId"]]:
			c.say("%s: two sheets with the number %s", part, e.attrs["sheetId"])
		}
		names[folded], ids[e.attrs["sheetId"]] = true, true
	}
	formats, words := 0, 0
	if root := c.roots["xl/styles.xml"]; root != nil {
		formats = len(root.child("x:cellXfs").children)
	}
	if root := c.roots["xl/sharedStrings.xml"]; root != nil {
		words = len(root.children)
	}
	for _, name := range c.names {
		if root := c.roots[name]; root != nil && path.Dir(name) == "xl/worksheets" {
			c.sheet(name, root, formats, words)
		}
	}
}

// area is a rectangle of cells, counted from 1, its ends included.
type area struct{ left, top, right, bottom int }

func (a area) holds(b area) bool {
	return a.left <= b.left && a.top <= b.top && a.right >= b.right && a.bottom >= b.bottom
}

func (a area) meets(b area) bool {
	return a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom
}

// areaOf reads A1 or A1:B2.
func areaOf(ref string) (area, bool) {
	from, to, two := strings.Cut(strings.ReplaceAll(ref, "$", ""), ":")
	if !two {
		to = from
	}
	left, top, ok := cellOf(from)
	right, bottom, too := cellOf(to)
	return area{left, top, right, bottom}, ok && too && left <= right && top <= bottom
}

// cellOf reads the column and the row of a cell; a sheet has 16,384 columns and 1,048,576 rows.
func cellOf(ref string) (column, row int, ok bool) {
	i := 0
	for ; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z' && column <= 16_384; i++ {
		column = column*26 + int(ref[i]-'A') + 1
	}
	row, err := strconv.Atoi(ref[i:])
	return column, row, err == nil && column >= 1 && column <= 16_384 && row >= 1 && row <= 1_048_576
}

func (c *checker) sheet(part string, root *element, formats, words int) {
	ref := root.child("x:dimension").attrs["ref"]
	whole, sized := areaOf(ref)
	if ref != "" && !sized {
		c.say("%s: the dimension %q is none", part, ref)
	}
	above := 0
	for _, row := range root.child("x:sheetData").children {
		if r, err := strconv.Atoi(row.attrs["r"]); err != nil || r <= above {
			c.say("%s: the row %q comes after row %d", part, row.attrs["r"], above)
		} else {
			above = r
		}
		before := 0
		for _, cell := range row.children {
			at, ok := areaOf(cell.attrs["r"])
			switch {
			case !ok || at.top != above || at.left <= before:
				c.say("%s: the cell %q stands in row %d after column %d", part, cell.attrs["r"], above, before)
			case sized && !whole.holds(at):
				c.say("%s: the cell %s lies outside of %s", part, cell.attrs["r"], ref)
			}
			before = at.left
			if s := cell.attrs["s"]; s != "" && !below(s, formats) {
				c.say("%s: the cell %s has the format %s of %d", part, cell.attrs["r"], s, formats)
			}
			if cell.attrs["t"] == "s" && words == 0 {
				c.say("%s: the cell %s names a shared text, and there is none", part, cell.attrs["r"])
			}
		}
	}
	c.merged(part, root)
	for _, e := range root.child("x:dataValidations").children {
		for ref := range strings.FieldsSeq(e.attrs["sqref"]) {
			if _, ok := areaOf(ref); !ok {
				c.say("%s: a drop-down list holds for %q", part, ref)
			}
		}
	}
}

// merged holds that merged cells are cells and do not overlap, for which office programs mend a file.
func (c *checker) merged(part string, root *element) {
	var areas []area
	for _, e := range root.child("x:mergeCells").children {
		a, ok := areaOf(e.attrs["ref"])
		if !ok || a.left == a.right && a.top == a.bottom {
			c.say("%s: merged cells %q are none", part, e.attrs["ref"])
		}
		for _, b := range areas {
			if a.meets(b) {
				c.say("%s: merged cells %s overlap others", part, e.attrs["ref"])
			}
		}
		areas = append(areas, a)
	}
}

func below(s string, n int) bool {
	i, err := strconv.Atoi(s)
	return err == nil && i >= 0 && i < n
}
