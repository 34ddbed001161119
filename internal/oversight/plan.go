package oversight

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"
)

// NewPlan is what is said of a plan.
type NewPlan struct {
	Client     string         `json:"client" minLength:"1" maxLength:"60" doc:"An id made by the sender: sent twice, it is one plan"`
	Title      string         `json:"title" minLength:"1" maxLength:"200"`
	Mode       Mode           `json:"mode" enum:"unannounced,open,self,provincial,ministerial"`
	Checklist  string         `json:"checklist" maxLength:"60"`
	ObjectKind string         `json:"object_kind" maxLength:"40"`
	Scope      string         `json:"scope" maxLength:"20" doc:"Code of the division that is inspected"`
	From       hydrotime.Date `json:"from"`
	To         hydrotime.Date `json:"to"`
	Teams      []string       `json:"teams,omitempty" maxItems:"50"`
}

// originOf is who finds what an inspection of a mode finds: its own office, unless a higher one came.
func originOf(mode Mode, keeper registry.Division) matter.Origin {
	switch {
	case mode == Provincial:
		return matter.Province
	case mode == Ministerial:
		return matter.Ministry
	case mode == SelfCheck:
		return matter.Self
	}
	return matter.OriginAt(keeper.Level)
}

// Claims refuses an origin that is not the keeper's to put on record. What the province or the ministry found is written down by the city,
// which their letters reach; a county that could name them would change its own rates of both.
func Claims(origin matter.Origin, keeper registry.Division) error {
	if keeper.Level == "province" || keeper.Level == "city" || origin == matter.County || origin == matter.Self {
		return nil
	}
	return fault.Forbiddenf("inspection.level", "部级、省级、市级发现由市级及以上登记，本级只能登记本级检查和自查",
		"what the ministry, the province or the city found is put on record by the city or above; this division records its own inspections and self-checks")
}

// ModesOf lists the modes of inspections that a keeper may run.
func ModesOf(keeper registry.Division) []Mode {
	return slices.DeleteFunc(Modes(), func(m Mode) bool { return Claims(originOf(m, keeper), keeper) != nil })
}

// AddPlan keeps a plan of the division that the person plans for: the highest in whose scope the inspected one lies.
func (s *Service) AddPlan(ctx context.Context, p *identity.Principal, n NewPlan) (int64, error) {
	book, err := s.Book(ctx)
	if err != nil {
		return 0, err
	}
	list, err := book.Version(n.Checklist, 0)
	if err != nil {
		return 0, err
	}
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return 0, err
	}
	scope, ok := tree.ByCode(n.Scope)
	if !ok {
		return 0, errUnknown()
	}
	keeper, ok := p.Highest(identity.InspectionPlan, list.Line, scope.ID)
	if !ok {
		return 0, errUnknown()
	}
	if err := n.check(list.Objects); err != nil {
		return 0, err
	}
	if err := Claims(originOf(n.Mode, keeper), keeper); err != nil {
		return 0, err
	}
	n.Teams = each(n.Teams)
	teams, err := json.Marshal(n.Teams)
	if err != nil {
		return 0, fmt.Errorf("encode the teams of a plan: %w", err)
	}
	var id int64
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		fresh, err := tx.Next(ctx, "inspection_plan", 1) // first, so that two sendings of one plan come after each other
		if err != nil {
			return err
		}
		client := p.Account() + "/" + n.Client
		err = tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) FROM inspection_plan WHERE client_id = $1`, client).Scan(&id)
		if err != nil || id != 0 {
			return err
		}
		id = fresh
		if err := s.ownTeams(ctx, tx, n.Teams, keeper.ID); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO inspection_plan (id, edit, client_id, title, line, mode, origin, checklist_id, checklist_version, object_kind, keeper_id, scope_id, from_on, to_on, teams, state, by_id, by_name, at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
			id, client, strings.TrimSpace(n.Title), list.Line, string(n.Mode), string(originOf(n.Mode, keeper)), list.ID, list.Version, n.ObjectKind, keeper.ID, scope.ID,
			objectrule.Number(n.From), objectrule.Number(n.To), string(teams), string(Draft), p.Account(), p.Name(), s.now().UnixMilli())
		if err != nil {
			return fmt.Errorf("keep plan %s: %w", n.Title, err)
		}
		tx.AfterCommit(func() { s.changed(Change{ID: id, Line: list.Line, At: keeper.ID}) })
		return s.note(ctx, tx, p.Actor(), "plan.add", "plan", fmt.Sprint(id), keeper.ID, n)
	})
	return id, err
}

// each is a list without what it says twice, in its order.
func each[T comparable](list []T) []T {
	var out []T
	for _, v := range list {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

func (n *NewPlan) check(kinds []string) error {
	bad := fault.Invalidf("plan.invalid", "检查计划有误", "the plan is not valid")
	if strings.TrimSpace(n.Title) == "" {
		bad.At("title", fault.T("必填", "required"))
	}
	if !slices.Contains(Modes(), n.Mode) {
		bad.At("mode", fault.T("没有这种检查方式", "not a mode of inspection"))
	}
	if !slices.Contains(kinds, n.ObjectKind) {
		bad.At("object_kind", fault.Tf("此清单用于：%s", "the checklist is for: %s", strings.Join(kinds, ", ")))
	}
	if n.To.Start().Before(n.From.Start()) {
		bad.At("to", fault.T("结束日期早于开始日期", "it ends before it begins"))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

const selectPlan = `
	SELECT p.id, p.edit, p.title, p.line, p.mode, p.origin, p.checklist_id, p.checklist_version, p.object_kind, p.keeper_id, p.scope_id, p.from_on, p.to_on, p.teams,
		p.state, COALESCE(p.drawn, ''), p.drawn_at, p.by_name, p.at, p.done_at,
		(SELECT COUNT(*) FROM inspection i WHERE i.plan_id = p.id), (SELECT COUNT(*) FROM inspection i WHERE i.plan_id = p.id AND i.state = 'done'),
		(SELECT COUNT(*) FROM matter m JOIN inspection i ON m.source = 'inspection' AND m.source_id = CAST(i.id AS TEXT) WHERE i.plan_id = p.id)
	FROM inspection_plan p`

func scanPlan(scan func(...any) error) (*Plan, error) {
	p := &Plan{}
	var from, to, when int64
	var teams, drawn string
	var drawnAt, doneAt sql.NullInt64
	err := scan(&p.ID, &p.Edit, &p.Title, &p.Line, &p.Mode, &p.Origin, &p.Checklist, &p.Version, &p.ObjectKind, &p.Keeper, &p.Scope, &from, &to, &teams,
		&p.State, &drawn, &drawnAt, &p.By, &when, &doneAt, &p.Objects, &p.Looked, &p.Found)
	if err != nil {
		return nil, err
	}
	p.From, p.To, p.At = objectrule.Day(from), objectrule.Day(to), store.Time(when)
	p.DrawnAt, p.DoneAt = store.MaybeTime(drawnAt), store.MaybeTime(doneAt)
	if err := json.Unmarshal([]byte(teams), &p.Teams); err != nil {
		return nil, fmt.Errorf("read the teams of plan %d: %w", p.ID, err)
	}
	if drawn != "" {
		p.Drawing = &Drawing{}
		if err := json.Unmarshal([]byte(drawn), p.Drawing); err != nil {
			return nil, fmt.Errorf("read the drawing of plan %d: %w", p.ID, err)
		}
	}
	return p, nil
}

func planBy(ctx context.Context, q store.Querier, id int64) (*Plan, error) {
	p, err := scanPlan(q.QueryRowContext(ctx, selectPlan+` WHERE p.id = $1`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errUnknown()
	}
	if err != nil {
		return nil, fmt.Errorf("read plan %d: %w", id, err)
	}
	return p, nil
}

// plan reads a plan that a person may see.
func (s *Service) plan(ctx context.Context, q store.Querier, p *identity.Principal, id int64) (*Plan, error) {
	tree, err := s.reg.TreeIn(ctx, q)
	if err != nil {
		return nil, err
	}
	plan, err := planBy(ctx, q, id)
	if err != nil {
		return nil, err
	}
	if !plan.sees(p, tree) {
		return nil, errUnknown()
	}
	return plan, nil
}

// Plan reads one plan.
func (s *Service) Plan(ctx context.Context, p *identity.Principal, id int64) (*Plan, error) {
	return s.plan(ctx, s.db, p, id)
}

// Plans lists the plans that a person may see, the latest first; before is the number of the last one of the page before.
func (s *Service) Plans(ctx context.Context, p *identity.Principal, state PlanState, words string, before int64, limit int) ([]*Plan, error) {
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return nil, err
	}
	if before == 0 {
		before = 1 << 62
	}
	out := []*Plan{}
	err = store.Each(ctx, s.db, selectPlan+` WHERE p.id < $1 AND ($2 = '' OR p.state = $2) AND LOWER(p.title) LIKE $3 ESCAPE '\' ORDER BY p.id DESC`, func(scan func(...any) error) error {
		if len(out) == limit {
			return store.ErrStop
		}
		plan, err := scanPlan(scan)
		if err == nil && plan.sees(p, tree) {
			out = append(out, plan)
		}
		return err
	}, before, string(state), "%"+store.Literal(strings.TrimSpace(words))+"%")
	if err != nil {
		return nil, fmt.Errorf("list plans: %w", err)
	}
	return out, nil
}

// forChange reads a plan that the person may change, at the edit number read.
func (s *Service) forChange(ctx context.Context, q store.Querier, p *identity.Principal, id, edit int64) (*Plan, error) {
	plan, err := s.plan(ctx, q, p, id)
	if err != nil {
		return nil, err
	}
	if !p.Can(identity.InspectionPlan, plan.Line, plan.Keeper) {
		return nil, fault.Forbiddenf("plan.side", "您不能更改此计划", "it is not for you to change this plan")
	}
	if edit != plan.Edit {
		return nil, fault.Conflictf("plan.stale", "已被他人修改，未保存", "somebody else changed it meanwhile; nothing was saved")
	}
	return plan, nil
}

// forChangeIn takes a plan and reads it as forChange does.
func (s *Service) forChangeIn(ctx context.Context, tx *store.Tx, p *identity.Principal, id, edit int64) (*Plan, error) {
	if err := tx.Take(ctx, `SELECT id FROM inspection_plan WHERE id = $1`, id); err != nil {
		return nil, err
	}
	return s.forChange(ctx, tx, p, id, edit)
}

// Finish ends a plan. What an unannounced one found is seen by its counties from then on; objects that nobody looked at are taken
// off. A plan that is called off stays as hidden as it was, since the next one may go the same way; one of which any sheet was begun
// is not called off, for what stands on it would be hidden for ever.
func (s *Service) Finish(ctx context.Context, p *identity.Principal, id, edit int64, state PlanState) error {
	if state != Done && state != Cancelled {
		return fault.Invalidf("plan.state", "计划只能完成或取消", "a plan ends done or cancelled")
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		plan, err := s.forChangeIn(ctx, tx, p, id, edit)
		if err != nil {
			return err
		}
		if plan.ended() {
			return fault.Conflictf("plan.ended", "计划已结束", "the plan has ended")
		}
		// Whoever records on a sheet of it is waited for, and whoever comes later finds the veil lifted.
		if err := tx.Take(ctx, `SELECT id FROM inspection WHERE plan_id = $1 ORDER BY id`, id); err != nil {
			return err
		}
		if state == Cancelled {
			if err := unbegun(ctx, tx, id); err != nil {
				return err
			}
		}
		if err := takeOff(ctx, tx, id); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE inspection_plan SET state = $1, edit = edit + 1, done_at = $2 WHERE id = $3 AND edit = $4`,
			string(state), s.now().UnixMilli(), id, edit)
		if err != nil {
			return fmt.Errorf("end plan %d: %w", id, err)
		}
		if err := asRead(res, "plan.stale"); err != nil {
			return err
		}
		if state == Done && plan.Mode == Unannounced {
			if err := s.lift(ctx, tx, p.Actor(), id); err != nil {
				return err
			}
		}
		tx.AfterCommit(func() { s.changed(Change{ID: id, Line: plan.Line, At: plan.Keeper}) })
		return s.note(ctx, tx, p.Actor(), "plan."+string(state), "plan", fmt.Sprint(id), plan.Keeper, map[string]any{"title": plan.Title})
	})
}

// unbegun refuses to call off a plan of which any sheet was begun.
func unbegun(ctx context.Context, q store.Querier, plan int64) error {
	var begun int
	if err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM inspection WHERE plan_id = $1 AND state <> 'planned'`, plan).Scan(&begun); err != nil {
		return fmt.Errorf("look for what was begun under plan %d: %w", plan, err)
	}
	if begun > 0 {
		return fault.Conflictf("plan.begun", "已有 %d 个对象开始检查，只能完成，不能取消", "%d objects were begun: the plan can be done and not called off", begun)
	}
	return nil
}

// lift takes the veil off the inspections of a plan and off what they found.
func (s *Service) lift(ctx context.Context, tx *store.Tx, by identity.Actor, plan int64) error {
	var ids []int64
	err := store.Each(ctx, tx, `SELECT id FROM inspection WHERE plan_id = $1 AND veiled = 1 ORDER BY id`, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, plan)
	if err != nil {
		return fmt.Errorf("find the inspections of plan %d: %w", plan, err)
	}
	for _, id := range ids {
		if err := s.liftOne(ctx, tx, by, id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) liftOne(ctx context.Context, tx *store.Tx, by identity.Actor, id int64) error {
	if _, err := tx.ExecContext(ctx, `UPDATE inspection SET veiled = 0, edit = edit + 1, changed_at = $1 WHERE id = $2 AND veiled = 1`, s.now().UnixMilli(), id); err != nil {
		return fmt.Errorf("lift the veil of inspection %d: %w", id, err)
	}
	return s.matter.Unveil(ctx, tx, by, "inspection", fmt.Sprint(id))
}
