// Package formula is the small language in which packs compute one indicator from others.
//
// It is read by Go's own expression parser and walked over a short list of allowed forms: exact decimal numbers, indicator
// codes, + - * /, comparisons, && || !, and a few functions. Units are checked when a formula is compiled. What is absent
// makes the result absent; only coalesce turns it into something. Arithmetic is exact and rounded once, at the end.
package formula

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Bounds of a formula.
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

// Ref is one figure that a formula needs.
type Ref struct {
	Code  string
	Shift Shift
	Part  Part
}

// Program is a compiled formula. It never changes and may be evaluated by many goroutines.
type Program struct {
	source string
	root   node
	refs   []Ref
	unit   unit
	scale  *big.Rat // from the formula's unit into the declared one
}

// Refs lists the figures that the formula needs, each once.
func (p *Program) Refs() []Ref { return p.refs }

// String returns the formula as written.
func (p *Program) String() string { return p.source }

// node is one step of a compiled formula; it returns nil for an absent result.
type node func(get func(Ref) quantity.Null) *big.Rat

// Compile reads a formula. Lookup says what a code stands for.
func Compile(source string, lookup func(code string) (Symbol, bool)) (*Program, error) {
	if len(source) > MaxLength {
		return nil, fault.Invalidf("formula.long", "公式超过 %d 字节", "the formula is longer than %d bytes", MaxLength)
	}
	if nested(source) > MaxDepth {
		return nil, fault.Invalidf("formula.deep", "公式嵌套超过 %d 层", "the formula nests deeper than %d", MaxDepth)
	}
	expr, err := parser.ParseExpr(source)
	if err != nil {
		return nil, fault.Invalidf("formula.syntax", "公式无法读取：%v", "the formula cannot be read: %v", err)
	}
	c := &compiler{lookup: lookup}
	root, u, err := c.compile(expr, 0)
	if err != nil {
		return nil, err
	}
	return &Program{source: source, root: root, refs: c.refs, unit: u, scale: big.NewRat(1, 1)}, nil
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

// Yields holds the formula's unit against the declared one and makes Eval answer in it.
func (p *Program) Yields(code string) error {
	u, ok := quantity.UnitOf(code)
	if !ok {
		return fault.Invalidf("formula.unit", "没有单位 %s", "there is no unit %s", code)
	}
	want := unitOf(u)
	if p.unit.free {
		return nil
	}
	if p.unit.pure() && want.count() { // a truth or a counted comparison
		p.scale = p.unit.factor
		return nil
	}
	if !p.unit.alike(want) {
		return fault.Invalidf("formula.unit", "公式得出 %s，指标单位为 %s", "the formula yields %s, the indicator is in %s", p.unit, want)
	}
	p.scale = new(big.Rat).Quo(p.unit.factor, want.factor)
	return nil
}

// Eval computes the formula; the result is absent where something it needs is. An error says that it does not fit a figure.
func (p *Program) Eval(get func(Ref) quantity.Null) (quantity.Null, error) {
	r := p.root(get)
	if r == nil {
		return quantity.Null{}, nil
	}
	r = new(big.Rat).Mul(r, p.scale)
	d, err := quantity.Parse(r.FloatString(6))
	if err != nil {
		return quantity.Null{}, fmt.Errorf("evaluate %s: %w", p.source, quantity.ErrRange)
	}
	return quantity.Some(d), nil
}

// Order lists programs so that each comes after those it needs. A cycle is a fault that names it. A formula that refers to
// its own earlier months is no cycle.
func Order(programs map[string]*Program) ([]string, error) {
	var names, out []string
	for name := range programs {
		names = append(names, name)
	}
	slices.Sort(names)
	state := map[string]int{}
	var path []string
	var visit func(name string) error
	visit = func(name string) error {
		p, computed := programs[name]
		if !computed || state[name] == 2 {
			return nil
		}
		path = append(path, name)
		if state[name] == 1 {
			loop := strings.Join(path[slices.Index(path, name):], " → ")
			return fault.Invalidf("formula.cycle", "公式循环引用：%s", "formulas refer to each other in a circle: %s", loop)
		}
		state[name] = 1
		for _, r := range p.refs {
			if r.Part == Plan {
				continue
			}
			if err := visit(r.Code); err != nil {
				return err
			}
		}
		state[name] = 2
		path = path[:len(path)-1]
		out = append(out, name)
		return nil
	}
	for _, name := range names {
		if err := visit(name); err != nil {
			return nil, err
		}
	}
	return out, nil
}

type compiler struct {
	lookup func(code string) (Symbol, bool)
	refs   []Ref
	nodes  int
}

func refuse(at token.Pos, zh, en string, args ...any) error {
	t := fault.Tf(zh, en, args...)
	return fault.New(fault.Invalid, "formula.invalid", fault.T(
		fmt.Sprintf("第 %d 字符：%s", int(at), t.Zh), fmt.Sprintf("at character %d: %s", int(at), t.En)))
}

func (c *compiler) compile(e ast.Expr, depth int) (node, unit, error) {
	if c.nodes++; c.nodes > MaxNodes || depth > MaxDepth {
		return nil, unit{}, fault.Invalidf("formula.large", "公式过大", "the formula is too large")
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return c.compile(e.X, depth+1)
	case *ast.BasicLit:
		return c.number(e)
	case *ast.Ident, *ast.SelectorExpr:
		return c.reference(e, Now, Value)
	case *ast.UnaryExpr:
		return c.unary(e, depth)
	case *ast.BinaryExpr:
		return c.binary(e, depth)
	case *ast.CallExpr:
		return c.call(e, depth)
	}
	return nil, unit{}, refuse(e.Pos(), "不支持的写法", "this form is not supported")
}

func (c *compiler) number(e *ast.BasicLit) (node, unit, error) {
	if e.Kind != token.INT && e.Kind != token.FLOAT || strings.ContainsAny(e.Value, "xXbBoOeE_pP") {
		return nil, unit{}, refuse(e.Pos(), "%s 不是十进制数", "%s is no decimal number", e.Value)
	}
	r, ok := new(big.Rat).SetString(e.Value)
	if !ok || len(e.Value) > 24 {
		return nil, unit{}, refuse(e.Pos(), "%s 不是十进制数", "%s is no decimal number", e.Value)
	}
	return func(func(Ref) quantity.Null) *big.Rat { return r }, unit{free: true, factor: big.NewRat(1, 1)}, nil
}

// codeOf reads a code such as inv.construction.q2 from a selector chain.
func codeOf(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name, true
	case *ast.SelectorExpr:
		head, ok := codeOf(e.X)
		return head + "." + e.Sel.Name, ok
	}
	return "", false
}

func (c *compiler) reference(e ast.Expr, shift Shift, part Part) (node, unit, error) {
	code, ok := codeOf(e)
	if !ok {
		return nil, unit{}, refuse(e.Pos(), "此处须为指标代码", "an indicator code belongs here")
	}
	return c.figure(e.Pos(), code, shift, part)
}

func (c *compiler) figure(at token.Pos, code string, shift Shift, part Part) (node, unit, error) {
	s, ok := c.lookup(code)
	if !ok {
		return nil, unit{}, refuse(at, "没有指标 %s", "there is no indicator %s", code)
	}
	name := map[Part]string{Value: s.Unit, Plan: s.Unit, Numerator: s.Numerator, Denominator: s.Denominator}[part]
	u, ok := quantity.UnitOf(name)
	if !ok {
		return nil, unit{}, refuse(at, "%s 没有分子分母", "%s has no numerator and denominator", code)
	}
	ref := Ref{code, shift, part}
	if !slices.Contains(c.refs, ref) {
		c.refs = append(c.refs, ref)
	}
	return func(get func(Ref) quantity.Null) *big.Rat {
		v := get(ref)
		if !v.Valid {
			return nil
		}
		return big.NewRat(int64(v.Decimal), quantity.Scale)
	}, unitOf(u), nil
}

func (c *compiler) unary(e *ast.UnaryExpr, depth int) (node, unit, error) {
	x, u, err := c.compile(e.X, depth+1)
	if err != nil {
		return nil, u, err
	}
	switch e.Op {
	case token.ADD:
		return x, u, nil
	case token.SUB:
		return func(get func(Ref) quantity.Null) *big.Rat {
			v := x(get)
			if v == nil {
				return nil
			}
			return new(big.Rat).Neg(v)
		}, u, nil
	case token.NOT:
		return func(get func(Ref) quantity.Null) *big.Rat {
			v := x(get)
			if v == nil {
				return nil
			}
			return truth(v.Sign() == 0)
		}, pureUnit(), nil
	}
	return nil, u, refuse(e.Pos(), "不支持运算符 %s", "the operator %s is not supported", e.Op)
}

func truth(b bool) *big.Rat {
	if b {
		return big.NewRat(1, 1)
	}
	return new(big.Rat)
}

func quote(s string) (string, bool) {
	t, err := strconv.Unquote(s)
	return t, err == nil
}
