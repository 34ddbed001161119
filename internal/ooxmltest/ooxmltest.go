// Package ooxmltest reads .docx and .xlsx files as a strict reader would and tells what is wrong with them (ECMA-376 parts 1 and 2).
//
// It is for tests, and no validator of every schema: parts, relations and types of the package, the order of elements where office programs
// insist on it, names that must lead somewhere, and numbers that must differ. It knows no writer, so that it is a second opinion.
package ooxmltest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// Check lists what is wrong with a file, each with the part where it stands; nothing where all is well.
func Check(file []byte) []string {
	c := &checker{parts: map[string][]byte{}, roots: map[string]*element{}}
	if !c.unpack(file) {
		return c.findings
	}
	c.types()
	for _, name := range c.names {
		if root := c.roots[name]; root != nil {
			root.walk(func(e, _ *element) { c.ordered(name, e) })
			if !strings.HasSuffix(name, ".rels") {
				c.relations(name, root)
			}
		}
	}
	for _, name := range c.names {
		if strings.HasSuffix(name, ".rels") {
			c.targets(name)
		}
	}
	if c.roots["word/document.xml"] != nil {
		c.document()
	}
	if c.roots["xl/workbook.xml"] != nil {
		c.workbook()
	}
	return c.findings
}

type checker struct {
	names    []string
	parts    map[string][]byte
	roots    map[string]*element
	findings []string
}

func (c *checker) say(format string, args ...any) {
	c.findings = append(c.findings, fmt.Sprintf(format, args...))
}

// element is one element of a part; names are those of the vocabularies, attributes local.
type element struct {
	name     string
	attrs    map[string]string
	related  []string // values of attributes in the vocabulary of relations
	children []*element
}

func (e *element) vocabulary() string {
	v, _, _ := strings.Cut(e.name, ":")
	return v
}

// walk calls f with each element from e down, and its parent; that of e is nil.
func (e *element) walk(f func(e, parent *element)) {
	f(e, nil)
	e.below(f)
}

func (e *element) below(f func(e, parent *element)) {
	for _, child := range e.children {
		f(child, e)
		child.below(f)
	}
}

// child is the first child of a name, or an empty element.
func (e *element) child(name string) *element {
	for _, child := range e.children {
		if child.name == name {
			return child
		}
	}
	return &element{}
}

// unpack reads the archive and every part that is XML.
func (c *checker) unpack(file []byte) bool {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		c.say("this is no archive: %v", err)
		return false
	}
	for _, f := range z.File {
		if c.parts[f.Name] != nil {
			c.say("%s is there twice", f.Name)
		}
		r, err := f.Open()
		if err != nil {
			c.say("%s: %v", f.Name, err)
			continue
		}
		b, err := io.ReadAll(r)
		if err := errorOf(err, r.Close()); err != nil {
			c.say("%s: %v", f.Name, err)
			continue
		}
		c.names = append(c.names, f.Name)
		c.parts[f.Name] = b
		if ext := path.Ext(f.Name); ext == ".xml" || ext == ".rels" {
			root, err := read(b)
			if err != nil {
				c.say("%s is not well-formed: %v", f.Name, err)
				continue
			}
			c.roots[f.Name] = root
		}
	}
	return true
}

func errorOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func read(part []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(part))
	top := &element{}
	stack := []*element{top}
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			e := &element{name: named(tok.Name), attrs: map[string]string{}}
			for _, a := range tok.Attr {
				e.attrs[a.Name.Local] = a.Value
				if vocabularies[a.Name.Space] == "r" {
					e.related = append(e.related, a.Value)
				}
			}
			up := stack[len(stack)-1]
			up.children = append(up.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		}
	}
	if len(top.children) != 1 {
		return nil, fmt.Errorf("it has %d roots", len(top.children))
	}
	return top.children[0], nil
}

func named(n xml.Name) string {
	if v, ok := vocabularies[n.Space]; ok {
		return v + ":" + n.Local
	}
	return "?:" + n.Local
}

// types holds that each part has a type, given once, and that no type is given for a part that is not there (part 2, 10.1.2).
func (c *checker) types() {
	const list = "[Content_Types].xml"
	root := c.roots[list]
	if root == nil {
		c.say("there is no %s", list)
		return
	}
	byEnding, byName := map[string]bool{}, map[string]bool{}
	for _, e := range root.children {
		if e.attrs["ContentType"] == "" {
			c.say("%s: %s has no type", list, e.name)
		}
		switch e.name {
		case "ct:Default":
			ext := strings.ToLower(e.attrs["Extension"])
			if byEnding[ext] {
				c.say("%s: two types for the ending %s", list, ext)
			}
			byEnding[ext] = true
		case "ct:Override":
			name := strings.TrimPrefix(e.attrs["PartName"], "/")
			if byName[name] {
				c.say("%s: two types for %s", list, name)
			}
			byName[name] = true
			if c.parts[name] == nil {
				c.say("%s: a type is given for %s, which is not there", list, name)
			}
		}
	}
	for _, name := range c.names {
		if name != list && !byName[name] && !byEnding[strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))] {
			c.say("%s has no type", name)
		}
	}
}

// relationsOf is the part with the relations of a part; that of the package itself is named "".
func relationsOf(part string) string {
	dir, base := path.Split(part)
	return dir + "_rels/" + base + ".rels"
}

// targets holds that each relation has a number of its own and leads to a part.
func (c *checker) targets(name string) {
	root := c.roots[name]
	if root == nil {
		return
	}
	dir := path.Dir(path.Dir(name))
	source := strings.TrimSuffix(path.Base(name), ".rels")
	if source != "" && c.parts[path.Join(dir, source)] == nil {
		c.say("%s: %s is not there", name, source)
	}
	seen := map[string]bool{}
	for _, e := range root.children {
		if seen[e.attrs["Id"]] {
			c.say("%s: two relations %s", name, e.attrs["Id"])
		}
		seen[e.attrs["Id"]] = true
		to := path.Join(dir, e.attrs["Target"])
		if after, ok := strings.CutPrefix(e.attrs["Target"], "/"); ok {
			to = after
		}
		if e.attrs["TargetMode"] != "External" && c.parts[to] == nil {
			c.say("%s: %s leads to %s, which is not there", name, e.attrs["Id"], to)
		}
	}
}

// relations holds that what a part refers to is among its relations.
func (c *checker) relations(name string, root *element) {
	var ids []string
	if rels := c.roots[relationsOf(name)]; rels != nil {
		for _, e := range rels.children {
			ids = append(ids, e.attrs["Id"])
		}
	}
	root.walk(func(e, _ *element) {
		for _, id := range e.related {
			if !slices.Contains(ids, id) {
				c.say("%s: %s refers to %q, which is no relation", name, e.name, id)
			}
		}
	})
}
