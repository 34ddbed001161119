// Package template reads how a kind of bulletin is written (通报模板): sections, sentences with references to figures, lists and tables.
//
// A template is data: one YAML file a kind, checked as a whole. A sentence names its figures in braces, {inv.construction.annual.completion};
// what stands in square brackets drops out where one of its figures is absent, and a sentence whose figure is absent says what is
// missing, or drops out where the template asks for that. How sentences come out is the business of the compose room.
package template

import (
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Cadence is how often a kind is issued.
type Cadence string

// The cadences.
const (
	Monthly Cadence = "month"
	Daily   Cadence = "day"
)

// Template is one kind of bulletin.
type Template struct {
	ID       string     `yaml:"id"`
	Version  int        `yaml:"version"`
	Title    fault.Text `yaml:"title"`
	Line     string     `yaml:"line,omitempty"` // line of work; every line where empty
	Order    int        `yaml:"order"`
	Basis    fault.Text `yaml:"basis"`
	Cadence  Cadence    `yaml:"cadence"`
	Levels   []string   `yaml:"levels"`            // of the scope: city, county
	Peers    string     `yaml:"peers,omitempty"`   // peer set of the rankings
	Figures  []string   `yaml:"figures,omitempty"` // measures frozen besides those that sentences name
	Document Document   `yaml:"document"`
	Sections []Section  `yaml:"sections"`
}

// Document is what stands around the text.
type Document struct {
	Mark     string `yaml:"mark,omitempty"` // in red above the first page; none where empty
	Number   string `yaml:"number"`         // letters of the document number: 水通
	Title    string `yaml:"title"`
	Subtitle string `yaml:"subtitle,omitempty"`
	To       string `yaml:"to,omitempty"` // main addressees; the recipients by name where empty
	CopyTo   string `yaml:"copy_to,omitempty"`
}

// Section is a heading with what stands under it. A section with nothing to say drops out with its heading.
type Section struct {
	Heading string  `yaml:"heading,omitempty"`
	Level   int     `yaml:"level,omitempty"` // 1 or 2
	Annex   bool    `yaml:"annex,omitempty"` // an enclosure of its own
	Wide    bool    `yaml:"wide,omitempty"`  // of an enclosure: pages crosswise
	When    *When   `yaml:"when,omitempty"`
	Blocks  []Block `yaml:"blocks,omitempty"`
	Empty   string  `yaml:"empty,omitempty"` // what is said where all blocks drop out
}

// Block is one of: a paragraph of sentences, a paragraph for each of several things, a table, a chart.
type Block struct {
	When  *When      `yaml:"when,omitempty"`
	Say   []Sentence `yaml:"say,omitempty"`
	Each  *Each      `yaml:"each,omitempty"`
	Table *Table     `yaml:"table,omitempty"`
	Chart *Chart     `yaml:"chart,omitempty"`
}

// Sentence is a sentence, or a few that stand and fall together.
type Sentence struct {
	Text   string `yaml:"text"`
	When   *When  `yaml:"when,omitempty"`
	Absent string `yaml:"absent,omitempty"` // in its place where a figure is absent
	None   string `yaml:"none,omitempty"`   // in its place where a list of names is empty; it drops out where this is empty
	Drop   bool   `yaml:"drop,omitempty"`   // it drops out where a figure is absent
}

// When is a condition; all that is given must hold.
type When struct {
	Has     string            `yaml:"has,omitempty"`   // a figure that is there, or a list with something on it
	Lacks   string            `yaml:"lacks,omitempty"` // the contrary
	Figure  string            `yaml:"figure,omitempty"`
	Below   *quantity.Decimal `yaml:"below,omitempty"`    // of the figure
	AtLeast *quantity.Decimal `yaml:"at_least,omitempty"` // of the figure
	Level   string            `yaml:"level,omitempty"`    // of the scope
	Month   []int             `yaml:"month,omitempty"`    // of the year
}

// Each says the same of every item of a list, or of every division.
type Each struct {
	Of     string     `yaml:"of"` // "divisions" or a list
	Say    []Sentence `yaml:"say"`
	Lead   string     `yaml:"lead,omitempty"` // before the first
	Inline bool       `yaml:"inline,omitempty"`
	Most   int        `yaml:"most,omitempty"`
	When   *When      `yaml:"when,omitempty"`   // of the division in turn
	None   string     `yaml:"none,omitempty"`   // where the list is empty
	Absent string     `yaml:"absent,omitempty"` // where there is no such list
}

// Table is a table of divisions, of measures or of a list.
type Table struct {
	Caption string   `yaml:"caption"`
	Note    string   `yaml:"note,omitempty"`
	Of      string   `yaml:"of"` // "divisions", "measures" or a list
	Total   string   `yaml:"total,omitempty"`
	Rows    []string `yaml:"rows,omitempty"` // measures
	Sort    string   `yaml:"sort,omitempty"` // "rank" of a measure: its key
	Columns []Column `yaml:"columns"`
	Most    int      `yaml:"most,omitempty"`
	None    string   `yaml:"none,omitempty"`
	Absent  string   `yaml:"absent,omitempty"`
}

// Column is a column of a table: a reference, without braces.
type Column struct {
	Head   string `yaml:"head"`
	Of     string `yaml:"of"`
	Weight int    `yaml:"weight,omitempty"`
	Left   bool   `yaml:"left,omitempty"`
	Bare   bool   `yaml:"bare,omitempty"` // figures without their unit
}

// Chart is a chart of one figure over the divisions, or of one field over the items of a list, the greatest first.
type Chart struct {
	Caption string `yaml:"caption"`
	List    string `yaml:"list,omitempty"` // whose items are shown; left out: the divisions
	Of      string `yaml:"of"`             // a figure of a measure, or the field of the list
	// Above is the field of the list that is taken off, such as the limit of a level: the bars then say by how much it is exceeded.
	Above string `yaml:"above,omitempty"`
	Unit  string `yaml:"unit,omitempty"` // only what stands in this unit, where a list has several
	Most  int    `yaml:"most,omitempty"` // items that are shown; left out: all
	// Mark is the figure of the same measure that each bar is marked with: plan, calendar, last_month or last_year, or none. Left out, a
	// completion is marked with the calendar, and a value or a growth with what was planned.
	Mark string `yaml:"mark,omitempty"`
}

// Variables are what sentences may name without a measure.
func Variables() []string {
	return []string{"scope", "area", "office", "period", "period_end", "year", "month", "previous", "as_of", "division", "number", "city"}
}

// Words are what can be told of a measure in words, beside its figures.
func Words() []string {
	return []string{"name", "due", "pace", "growth_words", "growth_change_words", "rank_words", "move_words", "coverage", "leaders", "laggards", "lowest", "silent", "behind"}
}

// NoMark is a chart without marks.
const NoMark = "none"

// Marks are what bars may be marked with.
func Marks() []string { return []string{"plan", "calendar", "last_month", "last_year", NoMark} }

// Kind of a reference.
type Kind int

// The kinds of references.
const (
	Variable  Kind = iota
	Figure         // a figure of a measure
	Word           // words about a measure
	ItemField      // a field of the item in turn
	ListCount      // how many stand on a list
)

// Ref is one reference.
type Ref struct {
	Kind  Kind
	Name  string // variable, measure, field or list
	Part  string // aspect or word
	Above bool   // of the division above the scope
}

// Part is a piece of a sentence: literal text, a reference, or a group that drops out as a whole.
type Part struct {
	Text  string
	Ref   *Ref
	Group []Part
}

// Measures lists the measures that a template names, each once, in the order of the file.
func (t *Template) Measures() []string {
	out := slices.Clone(t.Figures)
	t.eachRef(func(r Ref) {
		if r.Kind == Figure || r.Kind == Word {
			out = append(out, r.Name)
		}
	})
	t.eachMeasure(func(_, key string) { out = append(out, key) })
	return unique(out)
}

// Lists are the lists that a template names, each once.
func (t *Template) Lists() []string {
	var out []string
	t.eachRef(func(r Ref) {
		if r.Kind == ListCount {
			out = append(out, r.Name)
		}
	})
	for _, s := range t.Sections {
		for _, b := range s.Blocks {
			if b.Each != nil && b.Each.Of != Divisions {
				out = append(out, b.Each.Of)
			}
			if b.Table != nil && b.Table.Of != Divisions && b.Table.Of != Measures {
				out = append(out, b.Table.Of)
			}
			if b.Chart != nil && b.Chart.List != "" {
				out = append(out, b.Chart.List)
			}
		}
	}
	return unique(out)
}

// What Each and Table may go over beside lists.
const (
	Divisions = "divisions"
	Measures  = "measures"
)

func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// eachMeasure walks the places that name a measure alone.
func (t *Template) eachMeasure(f func(path, key string)) {
	for i, key := range t.Figures {
		f(at("figures", i), key)
	}
	for i, s := range t.Sections {
		for j, b := range s.Blocks {
			if b.Table == nil {
				continue
			}
			path := at(at("sections", i)+".blocks", j) + ".table"
			for k, key := range b.Table.Rows {
				f(at(path+".rows", k), key)
			}
			if b.Table.Sort != "" {
				f(path+".sort", b.Table.Sort)
			}
		}
	}
}

func (t *Template) eachRef(f func(Ref)) {
	t.eachText(func(_, text string) {
		parts, err := Parts(text)
		if err == "" {
			walk(parts, f)
		}
	})
	t.eachBare(func(_, text string, _ bool) {
		if r, err := ReadRef(text); err == "" {
			f(r)
		}
	})
}

func walk(parts []Part, f func(Ref)) {
	for _, p := range parts {
		if p.Ref != nil {
			f(*p.Ref)
		}
		walk(p.Group, f)
	}
}

// Parts takes a sentence apart. What is wrong comes back in words, "" where nothing is.
func Parts(text string) (parts []Part, wrong string) {
	p := reader{rest: text}
	parts = p.read(false)
	if p.wrong == "" && p.rest != "" {
		p.wrong = "]"
	}
	return parts, p.wrong
}

type reader struct {
	rest  string
	wrong string
}

func (p *reader) read(inside bool) []Part {
	var out []Part
	for p.rest != "" && p.wrong == "" {
		i := strings.IndexAny(p.rest, "{}[]")
		if i < 0 {
			i = len(p.rest)
		}
		if i > 0 {
			out = append(out, Part{Text: p.rest[:i]})
			p.rest = p.rest[i:]
			continue
		}
		switch p.rest[0] {
		case '{':
			out = append(out, p.ref())
		case '[':
			if inside {
				p.wrong = "["
				return out
			}
			p.rest = p.rest[1:]
			group := p.read(true)
			if !strings.HasPrefix(p.rest, "]") {
				p.wrong = "["
				return out
			}
			p.rest = p.rest[1:]
			out = append(out, Part{Group: group})
		case ']':
			if !inside {
				p.wrong = "]"
			}
			return out
		default:
			p.wrong = "}"
		}
	}
	return out
}

func (p *reader) ref() Part {
	end := strings.IndexAny(p.rest[1:], "{}[]")
	if end < 0 || p.rest[1+end] != '}' {
		p.wrong = "{"
		return Part{}
	}
	r, wrong := ReadRef(p.rest[1 : 1+end])
	if wrong != "" {
		p.wrong = wrong
		return Part{}
	}
	p.rest = p.rest[end+2:]
	return Part{Ref: &r}
}

// ReadRef reads a reference without its braces.
func ReadRef(s string) (r Ref, wrong string) {
	text := s
	if rest, ok := strings.CutPrefix(s, "above:"); ok {
		r.Above, s = true, rest
	}
	switch {
	case strings.HasPrefix(s, "item."):
		r.Kind, r.Name = ItemField, strings.TrimPrefix(s, "item.")
		if r.Above || !word.MatchString(r.Name) {
			return r, text
		}
	case strings.HasPrefix(s, "list.") && strings.HasSuffix(s, ".count"):
		r.Kind, r.Name = ListCount, strings.TrimSuffix(strings.TrimPrefix(s, "list."), ".count")
		if r.Above || !word.MatchString(r.Name) {
			return r, text
		}
	case !strings.Contains(s, "."):
		r.Kind, r.Name = Variable, s
		if r.Above || !slices.Contains(Variables(), s) {
			return r, text
		}
	default:
		i := strings.LastIndexByte(s, '.')
		r.Name, r.Part = s[:i], s[i+1:]
		switch {
		case !code.MatchString(r.Name):
			return r, text
		case isAspect(r.Part):
			r.Kind = Figure
		case slices.Contains(Words(), r.Part):
			r.Kind = Word
		default:
			return r, text
		}
	}
	return r, ""
}
