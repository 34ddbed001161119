package app

import (
	"context"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/programme"
	"anlan/internal/quantity"
)

// count counts a figure that a ledger, supervision or the register holds by itself, by the code of the county.
func (a *App) count(ctx context.Context, source string, asOf hydrotime.Date) (map[string]programme.Counted, error) {
	room, name, _ := strings.Cut(source, "/")
	out := map[string]programme.Counted{}
	put := func(county string, n, of int64) {
		c := programme.Counted{Value: quantity.Some(quantity.Int(n))}
		if of >= 0 {
			c.Base = quantity.Some(quantity.Int(of))
		}
		out[county] = c
	}
	switch room {
	case "ledger":
		list, err := a.Ledger.Figures(ctx, name, asOf)
		for county, f := range list {
			put(county, int64(f.N), int64(f.Of))
		}
		return out, err
	case "supervision":
		list, err := a.Oversight.Figures(ctx, name, asOf)
		for county, f := range list {
			out[county] = programme.Counted{Value: quantity.Some(f.N), Base: f.Of}
		}
		return out, err
	case "register":
		list, err := a.Registry.ObjectFigures(ctx, name, asOf)
		if err != nil {
			return nil, err
		}
		for county, f := range list {
			put(county, f.N, f.Of)
		}
		return out, nil
	}
	return nil, fault.NotFoundf("counted.source", "没有台账来源 %s", "there is no source %s", source)
}
