package project

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/project/lifecycle"
	"anlan/internal/store"
)

// Laggard is a project, or the part of one, that lags: as a notice names it.
type Laggard struct {
	Project, Part int64 // Part is 0 where the project lags as a whole and no part by itself
	Name          fault.Text
	Division      string // code of the county
	Place         fault.Text
	Stage         fault.Text
	Lag           lifecycle.ProjectLag
	Named         fault.Text // the province's notice that names it; empty where none does
	Version       int64      // of the project with its parts, steps and figures: counts up with each change
}

// Laggards lists what lags among the projects that a query finds, part by part, the worst project first.
func (s *Service) Laggards(ctx context.Context, p *identity.Principal, q Query) ([]Laggard, error) {
	v, err := s.viewOf(ctx, p, q)
	if err != nil {
		return nil, err
	}
	q.Pace = "behind"
	list, err := s.find(ctx, v, q)
	if err != nil {
		return nil, err
	}
	versions, err := s.versions(ctx, list)
	if err != nil {
		return nil, err
	}
	var out []Laggard
	for _, f := range list {
		seen := f.counted(v)
		j := v.judge(f.record, seen)
		if len(j.behind) == 0 {
			out = append(out, v.laggard(f, nil, f.row.Furthest, j.whole))
		}
		for _, x := range seen {
			if lag := j.lags[x.id]; lag.Pace.Behind() {
				out = append(out, v.laggard(f, x, j.stands[x.id].Stage, lag))
			}
		}
	}
	for i := range out {
		out[i].Version = versions[out[i].Project]
	}
	return out, nil
}

// versions counts how often projects were written: themselves, their parts, and every step and monthly figure of those.
func (s *Service) versions(ctx context.Context, list []found) (map[int64]int64, error) {
	out := map[int64]int64{}
	for some := range slices.Chunk(list, 200) {
		var ids []any
		for _, f := range some {
			ids = append(ids, f.id)
			out[f.id] = f.edit
			for _, x := range f.parts {
				out[f.id] += x.edit
			}
		}
		places := store.Places(1, len(ids))
		for _, table := range []string{"project_step", "project_figure_revision"} {
			err := store.Each(ctx, s.db, `SELECT x.project_id, COUNT(*) FROM `+table+` v JOIN project_part x ON x.id = v.part_id
				WHERE x.project_id IN (`+places+`) GROUP BY x.project_id ORDER BY x.project_id`, func(scan func(...any) error) error {
				var id, n int64
				err := scan(&id, &n)
				out[id] += n
				return err
			}, ids...)
			if err != nil {
				return nil, fmt.Errorf("count the versions of projects: %w", err)
			}
		}
	}
	return out, nil
}

func (v *view) laggard(f found, x *part, stage string, lag lifecycle.ProjectLag) Laggard {
	out := Laggard{Project: f.id, Name: f.name, Lag: lag}
	at := f.division
	if x != nil {
		out.Part, at = x.id, x.division
		out.Name = x.called(f.name)
	}
	d := v.tree.CountyOf(at)
	out.Division, out.Place = d.Code, fault.T(d.NameZh, d.NameEn)
	st, _ := v.rules.Stage(stage)
	out.Stage = st.Name
	if n := f.row.Named; n != nil && (n.Part == 0 || x == nil || n.Part == x.id) {
		out.Named = fault.Tf("%[1]s%[2]s点名", "named by %[1]s %[2]s", n.Issuer, n.Document)
	}
	return out
}

// called is a part as one speaks of it: 曹娥江综合整治工程（上虞段）; the whole goes by the project's name.
func (x *part) called(project fault.Text) fault.Text {
	if x.parent == 0 {
		return project
	}
	return fault.T(project.Zh+"（"+strings.NewReplacer("（", " ", "）", "").Replace(x.name.Zh)+"）", english(project)+" ("+english(x.name)+")")
}

// Failed is a guard that does not hold for a project.
type Failed struct {
	Project, Part int64
	Guard         string
	Name          fault.Text
	Division      string
	Text          fault.Text
	Version       int64 // as of a Laggard
}

// Failing lists the guards that do not hold among the projects that a query finds.
func (s *Service) Failing(ctx context.Context, p *identity.Principal, q Query) ([]Failed, error) {
	v, err := s.viewOf(ctx, p, q)
	if err != nil {
		return nil, err
	}
	list, err := s.find(ctx, v, q)
	if err != nil {
		return nil, err
	}
	versions, err := s.versions(ctx, list)
	if err != nil {
		return nil, err
	}
	var out []Failed
	for _, f := range list {
		if f.row.Breaches == 0 {
			continue
		}
		for _, b := range v.rules.Breaches(f.pure()) {
			x := f.part(b.Part)
			if x == nil || !v.counts(x.division) {
				continue
			}
			out = append(out, Failed{f.id, x.id, b.Guard, x.called(f.name), v.tree.CountyOf(x.division).Code, b.Text, versions[f.id]})
		}
	}
	return out, nil
}
