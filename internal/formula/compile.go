package formula

import (
	"go/ast"
	"go/token"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/quantity"
)

// compile walks the allowed forms; whatever is not listed here is refused.
func (c *compiler) compile(e ast.Expr, depth int) (node, unit, error) {
	if c.nodes++; c.nodes > MaxNodes {
		return nil, unit{}, c.refuse(e, "公式超过 %d 个部分", "the formula has more than %d parts", MaxNodes)
	}
	if depth > MaxDepth {
		return nil, unit{}, c.refuse(e, "公式嵌套超过 %d 层，长的加式请用 sum", "the formula nests deeper than %d; write a long addition as sum", MaxDepth)
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return c.compile(e.X, depth+1)
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			return c.reference(e)
		}
		return c.number(e)
	case *ast.Ident, *ast.SelectorExpr:
		return c.reference(e)
	case *ast.UnaryExpr:
		return c.unary(e, depth)
	case *ast.BinaryExpr:
		return c.binary(e, depth)
	case *ast.CallExpr:
		return c.call(e, depth)
	}
	return nil, unit{}, c.refuse(e, "不支持的写法", "this form is not supported")
}

// number reads a plain decimal of at most 24 characters, exactly.
func (c *compiler) number(e *ast.BasicLit) (node, unit, error) {
	plain := strings.Trim(e.Value, "0123456789.") == "" && len(e.Value) <= 24
	r, ok := new(big.Rat).SetString(e.Value)
	if !plain || !ok {
		return nil, unit{}, c.refuse(e, "%s 不是十进制数", "%s is not a decimal number", e.Value)
	}
	return func(func(Ref) quantity.Null) *big.Rat { return r }, bareNumber(), nil
}

// codeOf reads a code such as inv.construction.q2 from a selector chain or a quoted text.
func codeOf(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name, true
	case *ast.SelectorExpr:
		head, ok := codeOf(e.X)
		return head + "." + e.Sel.Name, ok
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		}
	}
	return "", false
}

// refOf reads a code under the functions that choose a month or a side: prev(numerator(x)).
func (c *compiler) refOf(e ast.Expr) (Ref, error) {
	if code, ok := codeOf(e); ok {
		return Ref{Code: code}, nil
	}
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return Ref{}, c.refuse(e, "此处须为指标代码", "an indicator code belongs here")
	}
	name, _ := codeOf(call.Fun)
	if !slices.Contains([]string{"prev", "lastyear", "numerator", "denominator"}, name) {
		return Ref{}, c.refuse(e, "此处须为指标代码", "an indicator code belongs here")
	}
	if len(call.Args) != 1 {
		return Ref{}, c.refuse(e, "%s 须有 1 个指标代码", "%s takes one indicator code", name)
	}
	ref, err := c.refOf(call.Args[0])
	if err != nil {
		return Ref{}, err
	}
	switch {
	case (name == "prev" || name == "lastyear") && ref.Shift == Now:
		ref.Shift = Shift(name)
	case (name == "numerator" || name == "denominator") && ref.Part == Value:
		ref.Part = Part(name)
	default:
		return Ref{}, c.refuse(e, "%s 不能再次选取", "%s cannot be taken of what was chosen already", name)
	}
	return ref, nil
}

// reference compiles a code, or a code under prev, lastyear, numerator and denominator.
func (c *compiler) reference(e ast.Expr) (node, unit, error) {
	ref, err := c.refOf(e)
	if err != nil {
		return nil, unit{}, err
	}
	return c.fetch(e, ref)
}

// plan compiles plan("target.id").
func (c *compiler) plan(e *ast.CallExpr) (node, unit, error) {
	if len(e.Args) == 1 {
		if lit, ok := e.Args[0].(*ast.BasicLit); ok {
			if id, ok := codeOf(lit); ok {
				return c.fetch(lit, Ref{Code: id, Part: Plan})
			}
		}
	}
	return nil, unit{}, c.refuse(e, "plan 须有 1 个加引号的目标编号", "plan takes one target id in quotes")
}

// fetch compiles the reading of one figure.
func (c *compiler) fetch(at ast.Node, ref Ref) (node, unit, error) {
	s, ok := c.lookup(ref)
	if !ok && ref.Part == Plan {
		return nil, unit{}, c.refuse(at, "没有目标 %s", "there is no target %s", ref.Code)
	}
	if !ok {
		return nil, unit{}, c.refuse(at, "没有指标 %s", "there is no indicator %s", ref.Code)
	}
	name := s.Unit
	switch ref.Part {
	case Numerator:
		name = s.Numerator
	case Denominator:
		name = s.Denominator
	}
	u, ok := quantity.UnitOf(name)
	if !ok && (ref.Part == Numerator || ref.Part == Denominator) {
		return nil, unit{}, c.refuse(at, "%s 没有分子和分母", "%s has no numerator and denominator", ref.Code)
	}
	if !ok {
		return nil, unit{}, c.refuse(at, "%s 的单位 %q 不存在", "%s is in %q, which is no unit", ref.Code, name)
	}
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
