package formula

import (
	"go/ast"
	"go/token"
	"math/big"

	"anlan/internal/quantity"
)

func truth(b bool) *big.Rat {
	if b {
		return big.NewRat(1, 1)
	}
	return new(big.Rat)
}

func (c *compiler) unary(e *ast.UnaryExpr, depth int) (node, unit, error) {
	if e.Op != token.ADD && e.Op != token.SUB && e.Op != token.NOT {
		return nil, unit{}, c.refuse(e, "不支持运算符 %s", "the operator %s is not supported", e.Op)
	}
	x, u, err := c.compile(e.X, depth+1)
	if err != nil {
		return nil, u, err
	}
	switch e.Op {
	case token.SUB:
		return one(x, func(a *big.Rat) *big.Rat { return new(big.Rat).Neg(a) }), u, nil
	case token.NOT:
		if !u.truth() {
			return nil, u, c.notTruth(e.X, u)
		}
		return one(x, func(a *big.Rat) *big.Rat { return truth(a.Sign() == 0) }), pureNumber(), nil
	}
	return x, u, nil
}

func (c *compiler) notTruth(at ast.Node, u unit) error {
	return c.refuseUnits(at, "此处须为真假，不是%[1]s", "a truth belongs here, not %[1]s", u, u)
}

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
		if !ux.truth() {
			return nil, ux, c.notTruth(e.X, ux)
		}
		if !uy.truth() {
			return nil, uy, c.notTruth(e.Y, uy)
		}
		return logic(e.Op, x, y), pureNumber(), nil
	case token.MUL:
		u, ok := ux.times(uy)
		if !ok {
			return nil, u, c.refuseUnits(e.Y, "%s与%s不能相乘", "%s and %s cannot be multiplied", ux, uy)
		}
		return both(x, y, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }), u, nil
	case token.QUO:
		u, ok := ux.over(uy)
		if !ok {
			return nil, u, c.refuseUnits(e.Y, "%s不能除以%s", "%s cannot be divided by %s", ux, uy)
		}
		quotient := both(x, y, divide)
		if u.dimension == quantity.Pure {
			return u.into(pureNumber(), quotient), pureNumber(), nil
		}
		return quotient, u, nil
	case token.ADD, token.SUB:
		return c.add(e, x, y, ux, uy)
	}
	return c.compare(e, x, y, ux, uy)
}

func (c *compiler) add(e *ast.BinaryExpr, x, y node, ux, uy unit) (node, unit, error) {
	minus := e.Op == token.SUB
	if u, ok := ux.plusPoints(uy, minus); ok { // percentages and points have the same factor
		return plus(x, y, minus), u, nil
	}
	u, ok := ux.common(uy)
	if !ok {
		return nil, u, c.refuseUnits(e.Y, "%s与%s不能相加减", "%s and %s cannot be added", ux, uy)
	}
	return plus(ux.into(u, x), uy.into(u, y), minus), u, nil
}

func plus(x, y node, minus bool) node {
	if minus {
		return both(x, y, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) })
	}
	return both(x, y, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) })
}

func (c *compiler) compare(e *ast.BinaryExpr, x, y node, ux, uy unit) (node, unit, error) {
	var hold func(sign int) bool
	switch e.Op {
	case token.LSS:
		hold = func(s int) bool { return s < 0 }
	case token.LEQ:
		hold = func(s int) bool { return s <= 0 }
	case token.GTR:
		hold = func(s int) bool { return s > 0 }
	case token.GEQ:
		hold = func(s int) bool { return s >= 0 }
	case token.EQL:
		hold = func(s int) bool { return s == 0 }
	case token.NEQ:
		hold = func(s int) bool { return s != 0 }
	default:
		return nil, unit{}, c.refuse(e, "不支持运算符 %s", "the operator %s is not supported", e.Op)
	}
	u, ok := ux.common(uy)
	if !ok {
		return nil, u, c.refuseUnits(e.Y, "%s与%s不能比较", "%s and %s cannot be compared", ux, uy)
	}
	return both(ux.into(u, x), uy.into(u, y), func(a, b *big.Rat) *big.Rat { return truth(hold(a.Cmp(b))) }), pureNumber(), nil
}

// one is absent where x is.
func one(x node, f func(a *big.Rat) *big.Rat) node {
	return func(get func(Ref) quantity.Null) *big.Rat {
		a := x(get)
		if a == nil {
			return nil
		}
		return f(a)
	}
}

// both is absent where either side is. Both sides are read, so that who evaluates sees every figure the formula rests on.
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
		if a != nil && (a.Sign() != 0) == settles || b != nil && (b.Sign() != 0) == settles {
			return truth(settles)
		}
		if a == nil || b == nil {
			return nil
		}
		return truth(!settles)
	}
}
