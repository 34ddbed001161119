package oversight

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/oversight/draw"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"
)

// Drawing is a drawing of objects and inspectors with all it was drawn from (双随机), so that anybody can do it again.
type Drawing struct {
	Request draw.Request `json:"request"`
	Result  draw.Result  `json:"result"`
}

// Ask is how many objects are to be drawn and by whom they are inspected.
type Ask struct {
	Count    int  `json:"count" minimum:"1" maximum:"2000"`
	PerTeam  int  `json:"per_team" minimum:"0" maximum:"10"`
	Stratify bool `json:"stratify" doc:"Every county has its share"`
}

const objectsMost = 20_000

// Draw draws the objects of a plan and who goes, once: a plan that was drawn keeps its drawing. The seed is the program's.
func (s *Service) Draw(ctx context.Context, p *identity.Principal, id, edit int64, ask Ask) error {
	plan, err := s.forChange(ctx, s.db, p, id, edit)
	if err == nil && plan.State != Draft {
		err = errDrawn()
	}
	if err != nil {
		return err
	}
	// Thousands of objects are read and drawn from outside of the transaction, which then only asks that the plan stayed as it was.
	q, objects, err := s.candidates(ctx, plan, ask)
	if err != nil {
		return err
	}
	result, err := draw.Draw(q)
	if err != nil {
		return err
	}
	body, err := json.Marshal(Drawing{q, result})
	if err != nil {
		return fmt.Errorf("encode the drawing of plan %d: %w", id, err)
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if plan, err := s.forChangeIn(ctx, tx, p, id, edit); err != nil || plan.State != Draft {
			return cmp.Or(err, errDrawn())
		}
		res, err := tx.ExecContext(ctx, `UPDATE inspection_plan SET state = $1, edit = edit + 1, drawn = $2, drawn_at = $3 WHERE id = $4 AND edit = $5`,
			string(Drawn), string(body), s.now().UnixMilli(), id, edit)
		if err != nil {
			return fmt.Errorf("keep the drawing of plan %d: %w", id, err)
		}
		if err := asRead(res, "plan.stale"); err != nil {
			return err
		}
		for _, d := range result.Drawn {
			if err := s.schedule(ctx, tx, plan, objects[d.Object], d.Team, ""); err != nil {
				return err
			}
		}
		tx.AfterCommit(func() { s.changed(Change{ID: id, Line: plan.Line, At: plan.Keeper}) })
		return s.note(ctx, tx, p.Actor(), "plan.draw", "plan", fmt.Sprint(id), plan.Keeper, map[string]any{"seed": q.Seed, "pool": result.Pool, "of": len(q.Objects), "drawn": len(result.Drawn)})
	})
}

func errDrawn() error {
	return fault.Conflictf("plan.drawn", "计划已抽取或已结束，不能再抽", "the plan was drawn or has ended: it is not drawn again")
}

// CheckDrawing does a plan's drawing again and says whether it comes out the same.
func (s *Service) CheckDrawing(ctx context.Context, p *identity.Principal, id int64) error {
	plan, err := s.plan(ctx, s.db, p, id)
	if err != nil {
		return err
	}
	if plan.Drawing == nil {
		return fault.Conflictf("plan.undrawn", "计划尚未抽取", "the plan has not been drawn")
	}
	return draw.Verify(plan.Drawing.Request, plan.Drawing.Result)
}

func (s *Service) candidates(ctx context.Context, plan *Plan, ask Ask) (draw.Request, map[string]registry.WaterObject, error) {
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return draw.Request{}, nil, err
	}
	q := draw.Request{Seed: s.seed(), Count: ask.Count, PerTeam: ask.PerTeam, Stratify: ask.Stratify}
	objects := map[string]registry.WaterObject{}
	there, err := onPlan(ctx, s.db, plan.ID)
	if err != nil {
		return draw.Request{}, nil, err
	}
	query := registry.ObjectQuery{Scopes: []int64{plan.Scope}, Kinds: []objectrule.Kind{objectrule.Kind(plan.ObjectKind)}, AsOf: hydrotime.DateOf(s.now())}
	all, err := s.reg.EachObject(ctx, query, objectsMost, func(o registry.WaterObject) error {
		if there[o.ID] {
			return nil // put there by hand
		}
		key := strconv.FormatInt(o.ID, 10)
		objects[key] = o
		q.Objects = append(q.Objects, draw.Object{ID: key, County: countyOf(tree, o.DivisionID), Unit: o.Organisation})
		return nil
	})
	if err != nil {
		return q, nil, err
	}
	if !all {
		return q, nil, fault.New(fault.TooLarge, "draw.objects", fault.Tf("对象超过 %d 个，请缩小范围", "more than %d objects: choose a smaller scope", objectsMost))
	}
	if len(q.Objects) == 0 {
		return q, nil, fault.Invalidf("draw.none", "范围内没有可抽的这类对象", "the scope holds no object of this kind that is not on the plan already")
	}
	teams, err := s.teams(ctx, s.db)
	if err != nil {
		return q, nil, err
	}
	seen := map[string]bool{}
	for _, t := range teams {
		if t.Keeper != plan.Keeper || !slices.Contains(plan.Teams, t.ID) {
			continue
		}
		for _, m := range t.Members {
			if seen[m.Person] {
				continue
			}
			seen[m.Person] = true
			q.Inspectors = append(q.Inspectors, draw.Inspector{ID: m.Person, County: countyOf(tree, m.division), Unit: m.unit})
		}
	}
	return q, objects, nil
}

// onPlan are the objects that are on a plan by now.
func onPlan(ctx context.Context, q store.Querier, plan int64) (map[int64]bool, error) {
	out := map[int64]bool{}
	err := store.Each(ctx, q, `SELECT object_id FROM inspection WHERE plan_id = $1`, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		out[id] = true
		return err
	}, plan)
	if err != nil {
		return nil, fmt.Errorf("read what is on plan %d: %w", plan, err)
	}
	return out, nil
}

// countyOf is the code of the county that a division is or lies in, "" for a higher one.
func countyOf(tree *registry.Tree, division int64) string {
	county, _ := tree.County(division)
	return county.Code
}

// schedule puts one object on a plan.
func (s *Service) schedule(ctx context.Context, tx *store.Tx, plan *Plan, o registry.WaterObject, people []string, team string) error {
	id, err := tx.Next(ctx, "inspection", 1)
	if err != nil {
		return err
	}
	i := &Inspection{
		ID: id, Edit: 1, Plan: plan.ID, Team: team, Object: o.ID, Division: o.DivisionID, Keeper: plan.Keeper, Line: plan.Line, Origin: plan.Origin, Mode: plan.Mode,
		Veiled: plan.Mode == Unannounced, Checklist: plan.Checklist, Version: plan.Version, State: "planned", Inspectors: people,
	}
	return s.insert(ctx, tx, i, fmt.Sprintf("plan/%d/%d", plan.ID, o.ID))
}

// AddObjects puts objects on a plan by hand, with the team that goes. An object that is named twice is put there once.
func (s *Service) AddObjects(ctx context.Context, p *identity.Principal, id, edit int64, objects []int64, team string) error {
	plan, err := s.forChange(ctx, s.db, p, id, edit)
	if err != nil {
		return err
	}
	// The objects are read outside of the transaction, which then only asks that the plan stayed as it was.
	objects = each(objects)
	page, err := s.reg.Objects(ctx, registry.ObjectQuery{Scopes: []int64{plan.Scope}, IDs: objects, Limit: 200, AsOf: hydrotime.DateOf(s.now())})
	if err != nil {
		return err
	}
	if len(page.Items) != len(objects) {
		return fault.Invalidf("plan.objects", "有对象不在计划范围内", "an object lies outside the plan's scope")
	}
	for _, o := range page.Items {
		if string(o.Kind) != plan.ObjectKind {
			return fault.Invalidf("plan.kind", "%s 不是计划的对象类型", "%s is not of the plan's kind", o.Name.Zh)
		}
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		plan, err := s.forChangeIn(ctx, tx, p, id, edit)
		if err != nil {
			return err
		}
		if plan.ended() {
			return fault.Conflictf("plan.ended", "计划已结束", "the plan has ended")
		}
		var people []string
		if team != "" {
			if people, err = s.membersOf(ctx, tx, team, plan.Keeper); err != nil {
				return err
			}
		}
		for _, o := range page.Items {
			if err := s.schedule(ctx, tx, plan, o, people, team); err != nil {
				return err
			}
		}
		res, err := tx.ExecContext(ctx, `UPDATE inspection_plan SET edit = edit + 1 WHERE id = $1 AND edit = $2`, id, edit)
		if err != nil {
			return fmt.Errorf("put objects on plan %d: %w", id, err)
		}
		if err := asRead(res, "plan.stale"); err != nil {
			return err
		}
		tx.AfterCommit(func() { s.changed(Change{ID: id, Line: plan.Line, At: plan.Keeper}) })
		return s.note(ctx, tx, p.Actor(), "plan.objects", "plan", fmt.Sprint(id), plan.Keeper, map[string]any{"objects": objects, "team": team})
	})
}

func (s *Service) membersOf(ctx context.Context, tx *store.Tx, team string, keeper int64) ([]string, error) {
	teams, err := s.teams(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, t := range teams {
		if t.ID != team || t.Keeper != keeper {
			continue
		}
		var people []string
		for _, m := range t.Members {
			people = append(people, m.Person)
		}
		return people, nil
	}
	return nil, errNoTeam()
}

// ownTeams refuses a team that is not in use, or not of the division that keeps the plan: its people are another house's.
func (s *Service) ownTeams(ctx context.Context, q store.Querier, ids []string, keeper int64) error {
	teams, err := s.teams(ctx, q)
	if err != nil {
		return err
	}
	bad := fault.Invalidf("plan.teams", "检查组有误", "a team is not right")
	for n, id := range ids {
		if !slices.ContainsFunc(teams, func(t Team) bool { return t.ID == id && t.Keeper == keeper }) {
			bad.At(fmt.Sprintf("teams[%d]", n), fault.T("本级没有这个在用检查组", "the division that keeps the plan has no such team in use"))
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}
