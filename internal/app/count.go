package app

import (
	"context"
	"strings"

	"anlan/internal/hydrotime"
	"anlan/internal/programme"
	"anlan/internal/quantity"
)

// count counts what ledgers, projects, supervision and the register hold by themselves, each source by the code of the county.
func (a *App) count(ctx context.Context, sources []string, asOf hydrotime.Date) (map[string]map[string]programme.Counted, error) {
	rooms := map[string][]string{}
	for _, s := range sources {
		room, name, _ := strings.Cut(s, "/")
		rooms[room] = append(rooms[room], name)
	}
	out := map[string]map[string]programme.Counted{}
	put := func(source, county string, n, of quantity.Null) {
		out[source][county] = programme.Counted{Value: n, Base: of}
	}
	ledgers, err := a.Ledger.Figures(ctx, rooms["ledger"], asOf)
	if err != nil {
		return nil, err
	}
	for name, list := range ledgers {
		out["ledger/"+name] = map[string]programme.Counted{}
		for county, f := range list {
			put("ledger/"+name, county, whole(int64(f.N)), whole(int64(f.Of)))
		}
	}
	register, err := a.Registry.ObjectFigures(ctx, rooms["register"], asOf)
	if err != nil {
		return nil, err
	}
	for name, list := range register {
		out["register/"+name] = map[string]programme.Counted{}
		for county, f := range list {
			put("register/"+name, county, whole(f.N), whole(f.Of))
		}
	}
	projects, err := a.Project.Figures(ctx, rooms["project"], asOf)
	if err != nil {
		return nil, err
	}
	for name, list := range projects {
		out["project/"+name] = map[string]programme.Counted{}
		for county, f := range list {
			put("project/"+name, county, f.N, f.Of)
		}
	}
	if len(rooms["supervision"]) == 0 {
		return out, nil
	}
	supervision, err := a.Oversight.Figures(ctx, rooms["supervision"], asOf)
	for name, list := range supervision {
		out["supervision/"+name] = map[string]programme.Counted{}
		for county, f := range list {
			put("supervision/"+name, county, quantity.Some(f.N), f.Of)
		}
	}
	return out, err
}

// whole is a count; a negative one is none.
func whole(n int64) quantity.Null {
	if n < 0 {
		return quantity.Null{}
	}
	return quantity.Some(quantity.Int(n))
}
