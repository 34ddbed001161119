package ooxmltest

import (
	"slices"
	"strconv"
	"strings"
)

// document holds what the schema of WordprocessingML cannot say.
func (c *checker) document() {
	styles := c.styles()
	numbers := map[string]bool{"0": true} // 0 takes a number away
	if root := c.roots["word/numbering.xml"]; root != nil {
		for _, e := range root.children {
			if e.name == "w:num" {
				numbers[e.attrs["numId"]] = true
			}
		}
	}
	for _, name := range c.names {
		root := c.roots[name]
		if root == nil || !strings.HasPrefix(name, "word/") {
			continue
		}
		c.named(name, root, styles, numbers)
		c.unlike(name, root)
		root.walk(func(e, parent *element) {
			switch e.name {
			case "w:tbl":
				c.table(name, e)
			case "w:tc":
				if len(e.children) == 0 || e.children[len(e.children)-1].name != "w:p" {
					c.say("%s: a cell does not end with a paragraph", name)
				}
			case "w:pPr", "w:rPr", "w:tblPr", "w:tcPr":
				if slices.Contains([]string{"w:p", "w:r", "w:tbl", "w:tc"}, parent.name) && parent.children[0] != e {
					c.say("%s: %s is not the first in %s", name, e.name, parent.name)
				}
			case "wp:extent", "a:ext":
				if cx, cy := e.attrs["cx"], e.attrs["cy"]; e.attrs["uri"] == "" && (!positive(cx) || !positive(cy)) {
					c.say("%s: a drawing is %q wide and %q high", name, cx, cy)
				}
			}
		})
	}
	body := c.roots["word/document.xml"].child("w:body")
	for i, e := range body.children {
		last := i == len(body.children)-1
		if last != (e.name == "w:sectPr") {
			c.say("word/document.xml: child %d of the body is %s", i, e.name)
		}
		if e.name == "w:tbl" && (last || body.children[i+1].name != "w:p") {
			c.say("word/document.xml: a table is not followed by a paragraph")
		}
	}
}

func positive(s string) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	return err == nil && n > 0
}

// styles are the kinds of the styles by their ids.
func (c *checker) styles() map[string]string {
	out, titles := map[string]string{}, map[string]bool{}
	root := c.roots["word/styles.xml"]
	if root == nil {
		return out
	}
	for _, e := range root.children {
		if e.name != "w:style" {
			continue
		}
		id, title := e.attrs["styleId"], e.child("w:name").attrs["val"]
		if out[id] != "" || titles[title] {
			c.say("word/styles.xml: two styles %s (%s)", id, title)
		}
		out[id], titles[title] = e.attrs["type"], true
	}
	return out
}

// named holds that each style and each numbering that is named is there, and of the kind that belongs there.
func (c *checker) named(part string, root *element, styles map[string]string, numbers map[string]bool) {
	kinds := map[string]string{"w:pStyle": "paragraph", "w:rStyle": "character", "w:tblStyle": "table"}
	root.walk(func(e, parent *element) {
		v := e.attrs["val"]
		switch e.name {
		case "w:pStyle", "w:rStyle", "w:tblStyle":
			if styles[v] != kinds[e.name] {
				c.say("%s: %s names the style %q, which is none of its kind", part, e.name, v)
			}
		case "w:basedOn", "w:next", "w:link":
			if parent.name == "w:style" && styles[v] == "" {
				c.say("%s: %s names the style %q, which is not there", part, e.name, v)
			}
		case "w:numId":
			if !numbers[v] {
				c.say("%s: the numbering %q is not there", part, v)
			}
		}
	})
}

// unlike holds that drawings and bookmarks of a part have numbers of their own, and that each bookmark ends.
func (c *checker) unlike(part string, root *element) {
	seen := map[string]bool{}
	open := map[string]bool{}
	root.walk(func(e, _ *element) {
		key := e.name + " " + e.attrs["id"]
		switch e.name {
		case "wp:docPr":
			if seen[key] || !positive(e.attrs["id"]) {
				c.say("%s: two drawings %q, or none that may be", part, e.attrs["id"])
			}
		case "w:bookmarkStart":
			if name := "name " + e.attrs["name"]; seen[key] || seen[name] {
				c.say("%s: two bookmarks %q", part, e.attrs["id"])
			} else {
				seen[name] = true
			}
			open[e.attrs["id"]] = true
		case "w:bookmarkEnd":
			delete(open, e.attrs["id"])
		}
		seen[key] = true
	})
	for id := range open {
		c.say("%s: the bookmark %q does not end", part, id)
	}
}

// table holds that each row fills the columns of the grid, and that merges begin.
func (c *checker) table(part string, e *element) {
	grid := len(e.child("w:tblGrid").children)
	if grid == 0 {
		c.say("%s: a table has no columns", part)
	}
	merged := map[int]bool{}
	for _, row := range e.children {
		if row.name != "w:tr" {
			continue
		}
		col := 0
		for _, cell := range row.children {
			if cell.name != "w:tc" {
				continue
			}
			props := cell.child("w:tcPr")
			m := props.child("w:vMerge")
			if m.name != "" && m.attrs["val"] != "restart" && !merged[col] {
				c.say("%s: a cell in column %d goes on, but none began", part, col+1)
			}
			merged[col] = m.name != ""
			span, err := strconv.Atoi(props.child("w:gridSpan").attrs["val"])
			if err != nil {
				span = 1
			}
			col += span
		}
		if col != grid {
			c.say("%s: a row fills %d of %d columns", part, col, grid)
		}
	}
}
