package oversight

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/store"
)

// takeOff takes the objects that nobody has begun to look at off a plan that ends. They are remembered apart, where nothing lists or counts
// them: somebody may stand at one of them without a signal.
func takeOff(ctx context.Context, tx *store.Tx, plan int64) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO inspection_unvisited (inspection_id, client_id, plan_id, team_id, object_id, division_id, inspectors)
		SELECT id, client_id, plan_id, team_id, object_id, division_id, inspectors FROM inspection WHERE plan_id = $1 AND state = 'planned'`, plan)
	if err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM inspection WHERE plan_id = $1 AND state = 'planned'`, plan)
	}
	if err != nil {
		return fmt.Errorf("take unvisited objects off plan %d: %w", plan, err)
	}
	return nil
}

// takeUp brings an inspection back that was begun on site before its plan ended and is sent after it. begun is when, by the sender's
// clock: what it says is held to the time of the plan, so that a clock that was never set does not lose the work. What was begun after the
// end stays with the sender, who is told so. It gives what such a clock said in words, for the history.
func (s *Service) takeUp(ctx context.Context, tx *store.Tx, p *identity.Principal, id int64, begun *time.Time) (clock string, err error) {
	if err := tx.Take(ctx, `SELECT inspection_id FROM inspection_unvisited WHERE inspection_id = $1`, id); err != nil {
		return "", err
	}
	i := &Inspection{ID: id, Edit: 2, State: "under_way"}
	var people, client string
	var team sql.NullString
	err = tx.QueryRowContext(ctx, `SELECT client_id, plan_id, team_id, object_id, division_id, inspectors FROM inspection_unvisited WHERE inspection_id = $1`, id).
		Scan(&client, &i.Plan, &team, &i.Object, &i.Division, &people)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("look for unvisited inspection %d: %w", id, err)
	}
	if err := json.Unmarshal([]byte(people), &i.Inspectors); err != nil {
		return "", fmt.Errorf("read unvisited inspection %d: %w", id, err)
	}
	plan, err := planBy(ctx, tx, i.Plan)
	if err != nil || plan.DoneAt == nil || !p.Can(identity.InspectionRecord, plan.Line, plan.Keeper) {
		return "", err
	}
	minute := func(t time.Time) string { return t.In(hydrotime.Beijing).Format("2006-01-02 15:04") }
	if begun == nil || !begun.Before(*plan.DoneAt) {
		return "", fault.Conflictf("inspection.plan_ended", "计划已于 %[1]s 结束，此表是在其后开始填写的，未收；内容仍保存在本机，请联系计划制定人",
			"the plan ended at %[1]s and this sheet was begun after it: not taken; it is still kept on this device, ask whoever made the plan", minute(*plan.DoneAt))
	}
	from, err := earliest(ctx, tx, i)
	if err != nil {
		return "", err
	}
	started := *begun
	if started.Before(from) {
		started, clock = from, fmt.Sprintf("（设备记录的开始时间 %s 早于检查开始，按 %s 登记）", minute(*begun), minute(from))
	}
	i.Team, i.Keeper, i.Line, i.Origin, i.Mode, i.Checklist, i.Version = team.String, plan.Keeper, plan.Line, plan.Origin, plan.Mode, plan.Checklist, plan.Version
	i.Veiled = plan.Mode == Unannounced && plan.State != Done
	i.StartedAt = &started
	if err := s.insert(ctx, tx, i, client); err != nil {
		return "", err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM inspection_unvisited WHERE inspection_id = $1`, id); err != nil {
		return "", fmt.Errorf("take up inspection %d: %w", id, err)
	}
	return clock, s.note(ctx, tx, p.Actor(), "inspection.start", "inspection", fmt.Sprint(id), plan.Keeper,
		map[string]any{"object": i.Object, "plan": plan.ID, "plan_ended": plan.DoneAt, "begun": begun})
}
