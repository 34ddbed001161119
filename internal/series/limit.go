package series

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/registry"
	"anlan/internal/series/quality"
	"anlan/internal/series/reading"
	"anlan/internal/store"
)

// SetLimits sets the limits of the checks for a quantity at one station, or at every station where object is 0, within the caller's
// transaction. Readings that are in keep their flags.
func (s *Service) SetLimits(ctx context.Context, tx *store.Tx, by registry.Editor, object int64, id reading.ID, l quality.Limits) error {
	if _, ok := reading.ByID(id); !ok {
		return fault.Invalidf("reading.quantity", "没有编号为 %d 的观测量", "there is no quantity %d", id)
	}
	if err := l.Check(); err != nil {
		return err
	}
	division, err := s.mayChange(ctx, tx, by, object)
	if err != nil {
		return err
	}
	body, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("encode limits: %w", err)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO observation_limit (object_id, quantity, body, changed_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (object_id, quantity) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at`, object, int64(id), string(body), s.now().UnixMilli())
	if err != nil {
		return fmt.Errorf("set limits of object %d: %w", object, err)
	}
	tx.AfterCommit(s.forget)
	return audit.Append(ctx, tx, audit.Entry{
		At: s.now(), Actor: by.Actor, Action: "limits.set", ObjectKind: "object", ObjectID: fmt.Sprint(object), DivisionID: &division,
		Detail: map[string]any{"quantity": id, "limits": l},
	})
}

// QuantityLimits are the limits that hold for a quantity at a station.
type QuantityLimits struct {
	Quantity reading.ID
	Own      bool // they were set for the station
	Limits   quality.Limits
}

// Limits lists the limits by which readings of a station are checked, one for each quantity of the register.
func (s *Service) Limits(ctx context.Context, object int64) ([]QuantityLimits, error) {
	all, err := readLimits(ctx, s.db)
	if err != nil {
		return nil, err
	}
	var out []QuantityLimits
	for _, q := range reading.All() {
		_, own := all[stateKey{object, q.ID}]
		out = append(out, QuantityLimits{q.ID, own, limitsOf(all, object, q.ID)})
	}
	return out, nil
}

// rulesSetting is the setting that holds the rules of the checks where a bureau has set its own.
const rulesSetting = "series.rules"

// Rules reads the rules of the checks: the defaults where nobody has set others.
func (s *Service) Rules(ctx context.Context) (quality.Rules, error) { return readRules(ctx, s.db) }

func readRules(ctx context.Context, q store.Querier) (quality.Rules, error) {
	rules := quality.DefaultRules()
	var body string
	err := q.QueryRowContext(ctx, `SELECT body FROM setting WHERE name = $1`, rulesSetting).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return rules, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(body), &rules) // a figure that a later version adds keeps its default
	}
	if err != nil {
		return rules, fmt.Errorf("read the rules of the checks: %w", err)
	}
	return rules, nil
}

// SetRules sets the rules of the checks for all stations within the caller's transaction. Readings that are in keep their flags.
func (s *Service) SetRules(ctx context.Context, tx *store.Tx, by registry.Editor, rules quality.Rules) error {
	if err := rules.Check(); err != nil {
		return err
	}
	division, err := s.mayChange(ctx, tx, by, 0)
	if err != nil {
		return err
	}
	body, err := json.Marshal(rules)
	if err != nil {
		return fmt.Errorf("encode the rules of the checks: %w", err)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO setting (name, body, changed_at) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at`, rulesSetting, string(body), s.now().UnixMilli())
	if err != nil {
		return fmt.Errorf("set the rules of the checks: %w", err)
	}
	tx.AfterCommit(s.forget)
	return audit.Append(ctx, tx, audit.Entry{At: s.now(), Actor: by.Actor, Action: "series_rules.set", ObjectKind: "series_rules", DivisionID: &division, Detail: rules})
}

// mayChange asks whether an editor may change what hangs on an object, or on all of them where object is 0: that takes every root.
func (s *Service) mayChange(ctx context.Context, tx *store.Tx, by registry.Editor, object int64) (division int64, err error) {
	forbidden := fault.Forbiddenf("series.forbidden", "您无权修改该区划的观测设置", "you may not change the settings of observations there")
	if object != 0 {
		if division, err = divisionOf(ctx, tx, object); err != nil {
			return 0, err
		}
		if by.May == nil || !by.May(division) {
			return 0, forbidden
		}
		return division, nil
	}
	tree, err := s.reg.TreeIn(ctx, tx)
	if err != nil {
		return 0, err
	}
	for _, d := range tree.Roots() {
		if by.May == nil || !by.May(d.ID) {
			return 0, forbidden
		}
		division = d.ID
	}
	return division, nil
}

func divisionOf(ctx context.Context, q store.Querier, object int64) (int64, error) {
	var division int64
	err := q.QueryRowContext(ctx, `SELECT COALESCE((SELECT division_id FROM water_object WHERE id = $1), 0)`, object).Scan(&division)
	if err != nil {
		return 0, fmt.Errorf("look for object %d: %w", object, err)
	}
	if division == 0 {
		return 0, fault.NotFoundf("object.unknown", "没有这个水利对象", "there is no such object")
	}
	return division, nil
}

func readLimits(ctx context.Context, q store.Querier) (map[stateKey]quality.Limits, error) {
	out := map[stateKey]quality.Limits{}
	err := store.Each(ctx, q, `SELECT object_id, quantity, body FROM observation_limit ORDER BY object_id, quantity`, func(scan func(...any) error) error {
		var k stateKey
		var body string
		if err := scan(&k.object, &k.quantity, &body); err != nil {
			return err
		}
		var l quality.Limits
		if err := json.Unmarshal([]byte(body), &l); err != nil {
			return fmt.Errorf("limits of object %d: %w", k.object, err)
		}
		out[k] = l
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the limits of the checks: %w", err)
	}
	return out, nil
}

// limitsOf are the limits that hold at a station: its own, those of everywhere, or the defaults.
func limitsOf(limits map[stateKey]quality.Limits, object int64, id reading.ID) quality.Limits {
	if l, ok := limits[stateKey{object, id}]; ok {
		return l
	}
	if l, ok := limits[stateKey{0, id}]; ok {
		return l
	}
	return quality.Defaults(id)
}
