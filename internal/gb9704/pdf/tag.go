package pdf

import (
	"fmt"
	"strconv"
	"strings"
)

// element is one of the structure of a document (ISO 32000-1, 14.8): what a screen reader tells.
type element struct {
	tag   string
	attrs string // of its attribute dictionary
	alt   string
	kids  []kid
	id    int
}

// kid is an element, or a marked content of a page.
type kid struct {
	element    *element
	page, mark int
}

func (e *element) child(tag string) *element {
	c := &element{tag: tag}
	e.kids = append(e.kids, kid{element: c})
	return c
}

// structure writes the tree and the way back from the marked contents of each page to it; pages are the numbers of their objects.
func structure(f *file, root *element, leaves []*leaf, pages []int) int {
	tree := f.promise()
	root.number(f)
	root.write(f, tree, pages)
	var parents strings.Builder
	for i, l := range leaves {
		fmt.Fprintf(&parents, "%d [", i)
		for _, e := range l.marks {
			fmt.Fprintf(&parents, "%d 0 R ", e.id)
		}
		parents.WriteString("]\n")
	}
	nums := f.add("<< /Nums [" + parents.String() + "] >>")
	f.put(tree, fmt.Sprintf("<< /Type /StructTreeRoot /K [%d 0 R] /ParentTree %d 0 R /ParentTreeNextKey %d >>", root.id, nums, len(leaves)))
	return tree
}

// number promises an object to each element that has content.
func (e *element) number(f *file) {
	e.id = f.promise()
	kept := e.kids[:0]
	for _, k := range e.kids {
		if k.element != nil {
			if len(k.element.kids) == 0 && k.element.tag != "TD" && k.element.tag != "TH" {
				continue // such as the thin paragraph after a table
			}
			k.element.number(f)
		}
		kept = append(kept, k)
	}
	e.kids = kept
}

func (e *element) write(f *file, parent int, pages []int) {
	b := []byte("<< /Type /StructElem /S /" + e.tag + " /P " + strconv.Itoa(parent) + " 0 R")
	if e.alt != "" {
		b = append(b, " /Alt "+words(e.alt)...)
	}
	if e.attrs != "" {
		b = append(b, " /A << "+e.attrs+" >>"...)
	}
	b = append(b, " /K ["...)
	for _, k := range e.kids {
		if k.element != nil {
			b = append(b, strconv.Itoa(k.element.id)+" 0 R "...)
			continue
		}
		b = append(b, "<< /Type /MCR /Pg "+strconv.Itoa(pages[k.page])+" 0 R /MCID "+strconv.Itoa(k.mark)+" >> "...)
	}
	f.put(e.id, string(append(b, "] >>"...)))
	for _, k := range e.kids {
		if k.element != nil {
			k.element.write(f, e.id, pages)
		}
	}
}

// bookmark is one entry of the outline.
type bookmark struct {
	level, page int
	y           mil // from the lower edge
	text        string
}

// outline writes the bookmarks as a tree by their levels and returns its root, or 0 where there are none.
func outline(f *file, marks []bookmark, pages []int) int {
	if len(marks) == 0 {
		return 0
	}
	root := f.promise()
	ids := make([]int, len(marks))
	for i := range marks {
		ids[i] = f.promise()
	}
	parent := make([]int, len(marks)) // index, -1 for the root
	var open []int
	for i, m := range marks {
		for len(open) > 0 && marks[open[len(open)-1]].level >= m.level {
			open = open[:len(open)-1]
		}
		parent[i] = -1
		if len(open) > 0 {
			parent[i] = open[len(open)-1]
		}
		open = append(open, i)
	}
	kids := map[int][]int{}
	for i, p := range parent {
		kids[p] = append(kids[p], i)
	}
	id := func(i int) int {
		if i < 0 {
			return root
		}
		return ids[i]
	}
	family := func(i int) string {
		k := kids[i]
		if len(k) == 0 {
			return ""
		}
		return fmt.Sprintf(" /First %d 0 R /Last %d 0 R /Count %d", ids[k[0]], ids[k[len(k)-1]], len(k))
	}
	f.put(root, "<< /Type /Outlines"+family(-1)+" >>")
	place := make([]int, len(marks)) // among the kids of its parent
	count := map[int]int{}
	for i, p := range parent {
		place[i] = count[p]
		count[p]++
	}
	for i, m := range marks {
		s := fmt.Sprintf("<< /Title %s /Parent %d 0 R /Dest [%d 0 R /XYZ null %s null]", words(m.text), id(parent[i]), pages[m.page], m.y)
		siblings := kids[parent[i]]
		if place[i] > 0 {
			s += fmt.Sprintf(" /Prev %d 0 R", ids[siblings[place[i]-1]])
		}
		if place[i]+1 < len(siblings) {
			s += fmt.Sprintf(" /Next %d 0 R", ids[siblings[place[i]+1]])
		}
		f.put(ids[i], s+family(i)+" >>")
	}
	return root
}
