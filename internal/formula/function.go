package formula

import (
	"go/ast"
	"go/token"
	"math/big"

	"anlan/internal/quantity"
)

// arity is how many arguments a function takes, at least and at most; ok is false where there is no such function.
func arity(name string) (least, most int, ok bool) {
	switch name {
	case "sum", "min", "max":
		return 1, MaxDepth, true
	case "coalesce":
		return 2, 10, true
	case "abs":
		return 1, 1, true
	case "round", "percent":
		return 2, 2, true
	}
	return 0, 0, false
}

func (c *compiler) call(e *ast.CallExpr, depth int) (node, unit, error) {
	name, ok := codeOf(e.Fun)
	if _, quoted := e.Fun.(*ast.BasicLit); !ok || quoted || e.Ellipsis != token.NoPos {
		return nil, unit{}, c.refuse(e, "此处须为函数名", "the name of a function belongs here")
	}
	switch name {
	case "prev", "lastyear", "numerator", "denominator":
		return c.reference(e)
	case "plan":
		return c.plan(e)
	}
	least, most, ok := arity(name)
	if !ok {
		return nil, unit{}, c.refuse(e, "没有函数 %s", "there is no function %s", name)
	}
	if n := len(e.Args); n < least || n > most {
		return nil, unit{}, c.refuse(e, "%s 的参数为 %d 至 %d 个", "%s takes %d to %d arguments", name, least, most)
	}
	if name == "round" {
		return c.round(e, depth)
	}
	args, u, err := c.arguments(e, name, depth)
	if err != nil {
		return nil, u, err
	}
	n, u := apply(name, args, u)
	return n, u, nil
}

// arguments compiles the arguments of a function that takes alike ones, all in one unit.
func (c *compiler) arguments(e *ast.CallExpr, name string, depth int) ([]node, unit, error) {
	args, units := make([]node, len(e.Args)), make([]unit, len(e.Args))
	common := bareNumber()
	for i, a := range e.Args {
		n, u, err := c.compile(a, depth+1)
		if err != nil {
			return nil, u, err
		}
		next, ok := common.common(u)
		if !ok {
			return nil, u, c.refuseUnits(a, name+" 的参数须同类，不能是%s与%s", name+" takes alike arguments, not %s and %s", common, u)
		}
		args[i], units[i], common = n, u, next
	}
	for i := range args {
		args[i] = units[i].into(common, args[i])
	}
	return args, common, nil
}

func apply(name string, args []node, u unit) (node, unit) {
	switch name {
	case "sum":
		return fold(args, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) }), u
	case "min":
		return fold(args, func(a, b *big.Rat) *big.Rat { return pick(a, b, -1) }), u
	case "max":
		return fold(args, func(a, b *big.Rat) *big.Rat { return pick(a, b, 1) }), u
	case "abs":
		return one(args[0], func(a *big.Rat) *big.Rat { return new(big.Rat).Abs(a) }), u
	case "coalesce":
		return coalesce(args), u
	}
	hundred := big.NewRat(100, 1)
	return both(args[0], args[1], func(a, b *big.Rat) *big.Rat {
		q := divide(a, b)
		if q == nil {
			return nil
		}
		return q.Mul(q, hundred)
	}), percentage()
}

func (c *compiler) round(e *ast.CallExpr, depth int) (node, unit, error) {
	lit, ok := e.Args[1].(*ast.BasicLit)
	if !ok || lit.Kind != token.INT || len(lit.Value) != 1 || lit.Value > "6" {
		return nil, unit{}, c.refuse(e.Args[1], "小数位数须为 0 至 6", "the number of decimals is 0 to 6")
	}
	x, u, err := c.compile(e.Args[0], depth+1)
	if err != nil {
		return nil, u, err
	}
	places := int(lit.Value[0] - '0')
	return one(x, func(a *big.Rat) *big.Rat {
		r, _ := new(big.Rat).SetString(a.FloatString(places)) // half away from zero
		return r
	}), u, nil
}

// fold is absent where any argument is.
func fold(args []node, f func(a, b *big.Rat) *big.Rat) node {
	return func(get func(Ref) quantity.Null) *big.Rat {
		out, absent := args[0](get), false
		for _, n := range args[1:] {
			v := n(get)
			if absent = absent || out == nil || v == nil; !absent {
				out = f(out, v)
			}
		}
		if absent {
			return nil
		}
		return out
	}
}

func pick(a, b *big.Rat, sign int) *big.Rat {
	if a.Cmp(b) == sign {
		return a
	}
	return b
}

// coalesce is the first argument that is present.
func coalesce(args []node) node {
	return func(get func(Ref) quantity.Null) *big.Rat {
		for _, n := range args {
			if v := n(get); v != nil {
				return v
			}
		}
		return nil
	}
}
