// Package formula is the small language in which packs compute one indicator from others.
//
// A formula is one expression: indicator codes (inv.construction, or "hydro.5plus1" in quotes where Go's grammar cannot read
// the code), exact decimal numbers, + - * /, comparisons, && || !, brackets, and the functions sum, min, max, abs, round,
// percent, coalesce, prev, lastyear, plan, numerator and denominator. Go's own parser reads it and a walk over a short list
// of allowed forms compiles it; nothing else of Go is reachable.
//
// Units are checked when a formula is compiled: figures of one kind are converted exactly, figures of two kinds are refused,
// a quotient of two alike is a pure number, and the difference of two percentages is in percentage points. What is absent
// makes the result absent, as does a division by zero; only coalesce turns it into something, and a truth that one side
// settles does not need the other. Arithmetic is exact and rounded once, at the end, to a millionth, half away from zero.
// docs/formulas.md tells it to those who write packs.
package formula

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Bounds of a formula: bytes, how deep it nests, and its parts.
const (
	MaxLength = 2000
	MaxDepth  = 50
	MaxNodes  = 500
)

// Symbol is what a code stands for: unit codes of quantity.Units, the last two for a ratio.
type Symbol struct {
	Unit        string
	Numerator   string
	Denominator string
}

// Shift is the month a reference is taken from.
type Shift string

// The shifts.
const (
	Now      Shift = ""
	Prev     Shift = "prev"     // the period before
	LastYear Shift = "lastyear" // the same period of last year
)

// Part is which side of an indicator a reference takes.
type Part string

// The parts.
const (
	Value       Part = "" // the value, or the rate of a ratio
	Numerator   Part = "numerator"
	Denominator Part = "denominator"
	Plan        Part = "plan" // the amount of a target
)

// Ref is one figure that a formula needs. Its Code names a target where Part is Plan.
type Ref struct {
	Code  string
	Shift Shift
	Part  Part
}

// Program is a compiled formula. Once Yields was called it never changes, and many goroutines may evaluate it.
type Program struct {
	source string
	root   node
	refs   []Ref
	unit   unit
	scale  *big.Rat // from the formula's unit into the declared one; nil where they are the same
}

// Refs lists the figures that the formula needs, each once, in the order in which they stand.
func (p *Program) Refs() []Ref { return p.refs }

// String returns the formula as written.
func (p *Program) String() string { return p.source }

// node is one step of a compiled formula; it returns nil for an absent result. The result is never changed by who gets it.
type node func(get func(Ref) quantity.Null) *big.Rat

// Compile reads a formula. Lookup says what a code stands for. An error is a fault that names the character and the reason.
func Compile(source string, lookup func(Ref) (Symbol, bool)) (*Program, error) {
	if len(source) > MaxLength {
		return nil, fault.Invalidf("formula.long", "公式超过 %d 字节", "the formula is longer than %d bytes", MaxLength)
	}
	if nested(source) > MaxDepth {
		return nil, fault.Invalidf("formula.deep", "公式嵌套超过 %d 层", "the formula nests deeper than %d", MaxDepth)
	}
	expr, err := parser.ParseExpr(source)
	if err != nil {
		return nil, syntax(source, err)
	}
	c := &compiler{source: source, lookup: lookup}
	root, u, err := c.compile(expr, 1)
	if err != nil {
		return nil, err
	}
	return &Program{source: source, root: root, refs: c.refs, unit: u}, nil
}

// nested counts how deep brackets and signs stand, before the parser is asked to follow them.
func nested(s string) int {
	depth, deepest, signs := 0, 0, 0
	for _, r := range s {
		switch r {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case '-', '+', '!', '*', '&', '^', '<':
			signs++
			deepest = max(deepest, depth+signs)
			continue
		case ' ', '\t', '\n':
			continue
		}
		signs = 0
		deepest = max(deepest, depth)
	}
	return deepest
}

// syntax says where Go's parser stopped and why.
func syntax(source string, err error) error {
	offset, reason := 0, err.Error()
	var list scanner.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		offset, reason = list[0].Pos.Offset, list[0].Msg
	}
	n := character(source, offset)
	return fault.New(fault.Invalid, "formula.syntax", fault.T(
		fmt.Sprintf("第 %d 字符：写法有误，公式无法读取", n),
		fmt.Sprintf("at character %d: the formula cannot be read: %s", n, reason)))
}

// character turns a byte offset into the number of a character, counted from 1.
func character(source string, offset int) int {
	return utf8.RuneCountInString(source[:min(max(offset, 0), len(source))]) + 1
}

// Yields holds the formula's unit against the declared one, and from then on Eval answers in the declared one. Call it once,
// before the program is shared. A program that it was not called on answers in the formula's own unit.
func (p *Program) Yields(code string) error {
	q, ok := quantity.UnitOf(code)
	if !ok {
		return fault.Invalidf("formula.unit", "没有单位 %s", "there is no unit %s", code)
	}
	want := unitOf(q)
	switch {
	case p.unit.free: // a constant takes the declared unit
		p.scale = nil
	case p.unit.pure() && want.dimension == quantity.Count: // truths added up count something
		p.scale = nil
	case p.unit.alike(want):
		p.scale = p.unit.per(want)
	default:
		got, declared := p.unit.text(), want.text()
		return fault.New(fault.Invalid, "formula.unit", fault.T(
			fmt.Sprintf("公式得出的是%s，指标单位是%s", got.Zh, declared.Zh),
			fmt.Sprintf("the formula yields %s, the indicator is in %s", got.En, declared.En)))
	}
	return nil
}

// Eval computes the formula; the result is absent where something it needs is. An error says that it does not fit a figure.
func (p *Program) Eval(get func(Ref) quantity.Null) (quantity.Null, error) {
	r := p.root(get)
	if r == nil {
		return quantity.Null{}, nil
	}
	if p.scale != nil {
		r = new(big.Rat).Mul(r, p.scale)
	}
	d, ok := figure(r)
	if !ok {
		return quantity.Null{}, fmt.Errorf("evaluate %s: %w", p.source, quantity.ErrRange)
	}
	return quantity.Some(d), nil
}

// figure rounds to a millionth, half away from zero; ok is false where the result does not fit.
func figure(r *big.Rat) (d quantity.Decimal, ok bool) {
	var n, rest big.Int
	n.Mul(r.Num(), big.NewInt(quantity.Scale))
	n.QuoRem(&n, r.Denom(), &rest)
	if rest.Abs(&rest).Lsh(&rest, 1).Cmp(r.Denom()) >= 0 {
		n.Add(&n, big.NewInt(int64(r.Sign())))
	}
	if !n.IsInt64() {
		return 0, false
	}
	return quantity.Decimal(n.Int64()), true
}

// Order lists programs so that each comes after those it needs. A cycle is a fault that names it, also one through earlier
// months: a figure that needs its own past never comes to a first month.
func Order(programs map[string]*Program) ([]string, error) {
	o := orderer{programs: programs, seen: map[string]bool{}}
	var names []string
	for name := range programs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := o.visit(name); err != nil {
			return nil, err
		}
	}
	return o.out, nil
}

type orderer struct {
	programs map[string]*Program
	seen     map[string]bool
	path     []string // from where the walk began to where it stands
	out      []string
}

func (o *orderer) visit(name string) error {
	p, computed := o.programs[name]
	if !computed {
		return nil
	}
	if i := slices.Index(o.path, name); i >= 0 {
		loop := strings.Join(append(o.path[i:], name), " → ")
		return fault.Invalidf("formula.cycle", "公式循环引用：%s", "formulas refer to each other in a circle: %s", loop)
	}
	if o.seen[name] {
		return nil
	}
	o.seen[name] = true
	o.path = append(o.path, name)
	for _, r := range p.refs {
		if r.Part == Plan {
			continue
		}
		if err := o.visit(r.Code); err != nil {
			return err
		}
	}
	o.path = o.path[:len(o.path)-1]
	o.out = append(o.out, name)
	return nil
}

type compiler struct {
	source string
	lookup func(Ref) (Symbol, bool)
	refs   []Ref
	nodes  int
}

// refuse is a fault at a part of the formula.
func (c *compiler) refuse(at ast.Node, zh, en string, args ...any) error {
	return c.refuseText(at, fault.Tf(zh, en, args...))
}

func (c *compiler) refuseText(at ast.Node, why fault.Text) error {
	n := character(c.source, int(at.Pos())-1)
	return fault.New(fault.Invalid, "formula.invalid", fault.T(
		fmt.Sprintf("第 %d 字符：%s", n, why.Zh), fmt.Sprintf("at character %d: %s", n, why.En)))
}

// refuseUnits is a fault about two units; each sentence takes both names.
func (c *compiler) refuseUnits(at ast.Node, zh, en string, x, y unit) error {
	a, b := x.text(), y.text()
	return c.refuseText(at, fault.T(fmt.Sprintf(zh, a.Zh, b.Zh), fmt.Sprintf(en, a.En, b.En)))
}
