package formula

import (
	"go/ast"
	"go/token"
	"math/big"

	"anlan/internal/quantity"
)

func (c *compiler) binary(e *ast.BinaryExpr, depth int) (node, unit, error) {
	x, ux, err := c.compile(e.X, depth+1)
	if err != nil {
		return nil, ux, err
	}
	y, uy, err := c.compile(e.Y, depth+1)
	if err != nil {
		return nil, uy, err
	}
	switch e.Op {
	case token.LAND, token.LOR:
		return logic(e.Op, x, y), pureUnit(), nil
	case token.MUL:
		u, ok := ux.times(uy)
		if !ok {
			return nil, u, refuse(e.OpPos, "%s 与 %s 不能相乘", "%s and %s cannot be multiplied", ux, uy)
		}
		return both(x, y, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }), u, nil
	case token.QUO:
		u, ok := ux.over(uy)
		if !ok {
			return nil, u, refuse(e.OpPos, "%s 不能除以 %s", "%s cannot be divided by %s", ux, uy)
		}
		quotient := both(x, y, divide)
		if u.dimension == quantity.Pure {
			return u.into(pureUnit(), quotient), pureUnit(), nil
		}
		return quotient, u, nil
	}
	return c.alike(e, x, y, ux, uy)
}

// alike compiles the operators whose two sides must measure the same thing.
func (c *compiler) alike(e *ast.BinaryExpr, x, y node, ux, uy unit) (node, unit, error) {
	u, ok := ux.common(uy)
	if !ok {
		return nil, u, refuse(e.OpPos, "%s 与 %s 不能相加减或比较", "%s and %s cannot be added or compared", ux, uy)
	}
	x, y = ux.into(u, x), uy.into(u, y)
	compare := func(hold func(sign int) bool) (node, unit, error) {
		return both(x, y, func(a, b *big.Rat) *big.Rat { return truth(hold(a.Cmp(b))) }), pureUnit(), nil
	}
	switch e.Op {
	case token.ADD:
		return both(x, y, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) }), u, nil
	case token.SUB:
		return both(x, y, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }), u, nil
	case token.LSS:
		return compare(func(s int) bool { return s < 0 })
	case token.LEQ:
		return compare(func(s int) bool { return s <= 0 })
	case token.GTR:
		return compare(func(s int) bool { return s > 0 })
	case token.GEQ:
		return compare(func(s int) bool { return s >= 0 })
	case token.EQL:
		return compare(func(s int) bool { return s == 0 })
	case token.NEQ:
		return compare(func(s int) bool { return s != 0 })
	}
	return nil, u, refuse(e.OpPos, "不支持运算符 %s", "the operator %s is not supported", e.Op)
}

// both is absent where either side is.
func both(x, y node, f func(a, b *big.Rat) *big.Rat) node {
	return func(get func(Ref) quantity.Null) *big.Rat {
		a, b := x(get), y(get)
		if a == nil || b == nil {
			return nil
		}
		return f(a, b)
	}
}

// divide is absent where the divisor is zero.
func divide(a, b *big.Rat) *big.Rat {
	if b.Sign() == 0 {
		return nil
	}
	return new(big.Rat).Quo(a, b)
}

// logic is three-valued: what the one side settles, the other need not be known for.
func logic(op token.Token, x, y node) node {
	settles := op == token.LOR
	return func(get func(Ref) quantity.Null) *big.Rat {
		a, b := x(get), y(get)
		for _, v := range []*big.Rat{a, b} {
			if v != nil && (v.Sign() != 0) == settles {
				return truth(settles)
			}
		}
		if a == nil || b == nil {
			return nil
		}
		return truth(!settles)
	}
}

func (c *compiler) call(e *ast.CallExpr, depth int) (node, unit, error) {
	name, ok := codeOf(e.Fun)
	if !ok || e.Ellipsis != 0 {
		return nil, unit{}, refuse(e.Pos(), "此处须为函数名", "a function's name belongs here")
	}
	switch name {
	case "prev":
		return c.shifted(e, Prev)
	case "lastyear":
		return c.shifted(e, LastYear)
	case "numerator", "denominator":
		if len(e.Args) != 1 {
			return nil, unit{}, refuse(e.Pos(), "%s 需 1 个参数", "%s takes one argument", name)
		}
		return c.reference(e.Args[0], Now, Part(name))
	case "plan":
		return c.plan(e)
	}
	var args []node
	var units []unit
	for _, a := range e.Args {
		n, u, err := c.compile(a, depth+1)
		if err != nil {
			return nil, u, err
		}
		args, units = append(args, n), append(units, u)
	}
	return c.function(e, name, args, units)
}

func (c *compiler) shifted(e *ast.CallExpr, s Shift) (node, unit, error) {
	if len(e.Args) != 1 {
		return nil, unit{}, refuse(e.Pos(), "%s 需 1 个指标代码", "%s takes one indicator code", s)
	}
	return c.reference(e.Args[0], s, Value)
}

func (c *compiler) plan(e *ast.CallExpr) (node, unit, error) {
	if len(e.Args) == 1 {
		if lit, ok := e.Args[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if id, ok := quote(lit.Value); ok {
				return c.figure(lit.Pos(), id, Now, Plan)
			}
		}
	}
	return nil, unit{}, refuse(e.Pos(), "plan 需 1 个加引号的目标编号", "plan takes one target id in quotes")
}

func (c *compiler) function(e *ast.CallExpr, name string, args []node, units []unit) (node, unit, error) {
	want := map[string][2]int{"sum": {1, 50}, "min": {1, 50}, "max": {1, 50}, "coalesce": {2, 10}, "abs": {1, 1}, "round": {2, 2}, "percent": {2, 2}}[name]
	if want[1] == 0 {
		return nil, unit{}, refuse(e.Pos(), "没有函数 %s", "there is no function %s", name)
	}
	if len(args) < want[0] || len(args) > want[1] {
		return nil, unit{}, refuse(e.Pos(), "%s 的参数个数不对", "%s takes another number of arguments", name)
	}
	if name == "round" {
		return c.round(e, args, units)
	}
	u := units[0]
	for _, o := range units[1:] {
		common, ok := u.common(o)
		if !ok {
			return nil, u, refuse(e.Pos(), "%s 的参数单位不同：%s 与 %s", "%s takes alike arguments, not %s and %s", name, u, o)
		}
		u = common
	}
	for i := range args {
		args[i] = units[i].into(u, args[i])
	}
	switch name {
	case "sum":
		return fold(args, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) }), u, nil
	case "min":
		return fold(args, func(a, b *big.Rat) *big.Rat { return pick(a, b, -1) }), u, nil
	case "max":
		return fold(args, func(a, b *big.Rat) *big.Rat { return pick(a, b, 1) }), u, nil
	case "abs":
		return fold([]node{args[0], args[0]}, func(a, _ *big.Rat) *big.Rat { return new(big.Rat).Abs(a) }), u, nil
	case "coalesce":
		return coalesce(args), u, nil
	}
	hundred := big.NewRat(100, 1)
	return both(args[0], args[1], func(a, b *big.Rat) *big.Rat {
		q := divide(a, b)
		if q == nil {
			return nil
		}
		return q.Mul(q, hundred)
	}), percentUnit(), nil
}

func (c *compiler) round(e *ast.CallExpr, args []node, units []unit) (node, unit, error) {
	lit, ok := e.Args[1].(*ast.BasicLit)
	if !ok || lit.Kind != token.INT || len(lit.Value) != 1 || lit.Value > "6" {
		return nil, unit{}, refuse(e.Pos(), "round 的第二个参数为 0–6", "round takes 0 to 6 places")
	}
	places := int(lit.Value[0] - '0')
	return fold([]node{args[0], args[0]}, func(a, _ *big.Rat) *big.Rat {
		r, _ := new(big.Rat).SetString(a.FloatString(places))
		return r
	}), units[0], nil
}

func fold(args []node, f func(a, b *big.Rat) *big.Rat) node {
	return func(get func(Ref) quantity.Null) *big.Rat {
		out := args[0](get)
		for _, n := range args[1:] {
			v := n(get)
			if out == nil || v == nil {
				return nil
			}
			out = f(out, v)
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
