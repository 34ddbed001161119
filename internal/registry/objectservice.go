package registry

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity/audit"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"
)

// rulesSetting is the setting that holds the rules of objects where a bureau has set its own.
const rulesSetting = "object.rules"

// ObjectRules reads the rules that objects are judged by: the defaults where nobody has set others.
func (s *Service) ObjectRules(ctx context.Context) (objectrule.Rules, error) {
	return objectRules(ctx, s.db)
}

func objectRules(ctx context.Context, q store.Querier) (objectrule.Rules, error) {
	rules := objectrule.DefaultRules()
	var body string
	err := q.QueryRowContext(ctx, `SELECT body FROM setting WHERE name = $1`, rulesSetting).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return rules, nil
	}
	if err != nil {
		return rules, fmt.Errorf("read the rules of objects: %w", err)
	}
	// A figure that a later version adds keeps its default until somebody sets it.
	if err := json.Unmarshal([]byte(body), &rules); err != nil {
		return rules, fmt.Errorf("decode the rules of objects: %w", err)
	}
	return rules, nil
}

// SetObjectRules sets the rules within the caller's transaction. They hold for the whole register, so the editor needs a say over
// every city.
func (s *Service) SetObjectRules(ctx context.Context, tx *store.Tx, by Editor, rules objectrule.Rules) error {
	tree, err := s.TreeIn(ctx, tx)
	if err != nil {
		return err
	}
	var tops []Division // provinces above the city of an installation are only there as parents
	for _, d := range tree.All() {
		if d.Level == "city" && d.RetiredAt == nil {
			tops = append(tops, d)
		}
	}
	if len(tops) == 0 {
		tops = tree.Roots()
	}
	for _, d := range tops {
		if err := by.checkObject(d.ID); err != nil {
			return err
		}
	}
	if err := rules.Check(); err != nil {
		return err
	}
	body, err := json.Marshal(rules)
	if err != nil {
		return fmt.Errorf("encode the rules of objects: %w", err)
	}
	if len(tops) > 0 {
		if err := s.note(ctx, tx, by, "object_rules.set", "", tops[0].ID, rules); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO setting (name, body, changed_at) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET body = $2, changed_at = $3`, rulesSetting, string(body), s.now().UnixMilli())
	if err != nil {
		return fmt.Errorf("set the rules of objects: %w", err)
	}
	return nil
}

func (e Editor) checkObject(division int64) error {
	if e.May == nil || !e.May(division) {
		return fault.Forbiddenf("object.forbidden", "您无权修改该区划的水利对象", "you may not change objects of this division")
	}
	return nil
}

// placeObject finds the division that an object is to lie in and that the editor may write there, and that its managing unit stands.
func placeObject(ctx context.Context, tx *store.Tx, by Editor, o *WaterObject) error {
	err := tx.QueryRowContext(ctx, `SELECT id FROM division WHERE code = $1 AND retired_at IS NULL`, o.Division).Scan(&o.DivisionID)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Invalidf("division.unknown", "没有代码为 %s 的在用区划", "there is no division %s in use", o.Division).At("division", fault.T("不存在或已停用", "unknown or retired"))
	}
	if err != nil {
		return fmt.Errorf("look for division %s: %w", o.Division, err)
	}
	if err := by.checkObject(o.DivisionID); err != nil {
		return err
	}
	return checkManager(ctx, tx, o.Organisation)
}

func checkManager(ctx context.Context, tx *store.Tx, organisation string) error {
	if organisation == "" {
		return nil
	}
	g, err := organisationBy(ctx, tx, organisation)
	if fault.Is(err, fault.NotFound) || err == nil && g.RetiredAt != nil {
		return fault.Invalidf("organisation.unknown", "没有这个在用的机构", "there is no such organisation in use").At("organisation", fault.T("不存在或已停用", "unknown or retired"))
	}
	return err
}

// AddObject stores an object within the caller's transaction and returns its id.
func (s *Service) AddObject(ctx context.Context, tx *store.Tx, by Editor, n NewWaterObject) (int64, error) {
	id, err := tx.Next(ctx, "water_object", 1)
	if err != nil {
		return 0, err
	}
	o := WaterObject{
		ID: id, Scheme: n.Scheme, Code: n.Code, Kind: n.Kind, Name: n.Name, Division: n.Division, Organisation: n.Organisation,
		ObjectFacts: n.ObjectFacts, Ext: n.Ext,
	}
	if o.Code == "" {
		o.Scheme, o.Code = OwnScheme, strconv.FormatInt(id, 10)
	}
	if err := o.Check(); err != nil {
		return 0, err
	}
	if err := placeObject(ctx, tx, by, &o); err != nil {
		return 0, err
	}
	if err := s.note(ctx, tx, by, "object.create", fmt.Sprint(id), o.DivisionID, n); err != nil {
		return 0, err
	}
	r, err := o.row()
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO water_object (id, scheme, code, kind, name_zh, name_en, division_id, organisation_id, river_name, lon_e7, lat_e7, scale,
			storage_wan_m3_e6, dam_height_m_e6, installed_kw_e6, population_e6, supply_m3_day_e6, length_m_e6, commissioned_on, impounded_on,
			appraised_on, appraisal_class, appraisal_period_years, reinforced_on, affects_county_town, hydro_disposition, charging, ext, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, NULLIF($8, ''), $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)`,
		id, o.Scheme, o.Code, string(o.Kind), o.Name.Zh, o.Name.En, o.DivisionID, o.Organisation, o.River, r.lon, r.lat, string(o.Scale),
		r.storage, r.height, r.installed, r.population, r.supply, r.length, r.commissioned, r.impounded,
		r.appraised, o.AppraisalClass, o.AppraisalPeriodYears, r.reinforced, r.countyTown, r.disposition, r.charging, r.ext, s.now().UnixMilli())
	if err != nil {
		return 0, taken(o, err, "add")
	}
	return id, nil
}

// taken tells a code that another object has from other faults of the store.
func taken(o WaterObject, err error, doing string) error {
	if store.IsUnique(err) {
		return fault.Conflictf("object.code", "代码 %s（%s）已被使用", "code %s of %s is taken", o.Code, o.Scheme).At("code", fault.T("已被使用", "taken"))
	}
	return fmt.Errorf("%s object %s: %w", doing, o.Code, err)
}

// ChangeObject changes, retires or brings back an object within the caller's transaction. Nobody answers for a retired object any more.
func (s *Service) ChangeObject(ctx context.Context, tx *store.Tx, by Editor, id int64, c WaterObjectChange) error {
	o, err := objectBy(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := by.checkObject(o.DivisionID); err != nil {
		return err
	}
	if c.Edit != 0 && c.Edit != o.Edit {
		return stale(o)
	}
	closes := o.RetiredAt == nil && c.Retired != nil && *c.Retired
	if err := s.mayMoveClock(ctx, tx, by, o, c, closes); err != nil {
		return err
	}
	set(&o.Scheme, c.Scheme)
	set(&o.Code, c.Code)
	set(&o.Name, c.Name)
	set(&o.ObjectFacts, c.Facts)
	if c.Ext != nil {
		o.Ext = c.Ext
	}
	o.RetiredAt = s.retire(o.RetiredAt, c.Retired)
	if err := o.Check(); err != nil {
		return err
	}
	set(&o.Organisation, c.Organisation)
	if c.Division != nil && *c.Division != o.Division {
		o.Division = *c.Division
		err = placeObject(ctx, tx, by, &o)
	} else if c.Organisation != nil {
		err = checkManager(ctx, tx, o.Organisation)
	}
	if err != nil {
		return err
	}
	if err := s.note(ctx, tx, by, "object.change", fmt.Sprint(id), o.DivisionID, c); err != nil {
		return err
	}
	if closes {
		if err := endDuties(ctx, tx, "object_id", id, *o.RetiredAt); err != nil {
			return err
		}
	}
	return s.writeObject(ctx, tx, o)
}

// mayMoveClock refuses a county that changes what it is held to: the facts that the clock of a dam counts from, once they are told or
// while the clock runs out, and taking a dam off the register. The city does that, or a step of a ledger with its document.
func (s *Service) mayMoveClock(ctx context.Context, tx *store.Tx, by Editor, o WaterObject, c WaterObjectChange, closes bool) error {
	rules, err := objectRules(ctx, tx)
	if err != nil {
		return err
	}
	o.Judge(rules, hydrotime.DateOf(s.now()))
	if o.Clock == nil {
		return nil
	}
	var moved []string
	if c.Facts != nil {
		moved = o.clockFacts(c.Facts)
	}
	if closes {
		moved = append(moved, "retired")
	}
	if len(moved) == 0 {
		return nil
	}
	tree, err := s.TreeIn(ctx, tx)
	if err != nil {
		return err
	}
	for _, d := range tree.Ancestors(o.DivisionID) {
		if d.Level != "city" || by.May(d.ID) {
			continue
		}
		e := fault.Forbiddenf("object.clock", "安全鉴定、除险加固的期限由此推算，已登记的由市级更改，或在台账中凭文件办理", "the dam's clock counts from this: the city changes what is told, or a step of the ledger with its document")
		for _, at := range moved {
			e.At("facts."+at, fault.T("由市级更改", "for the city to change"))
		}
		return e
	}
	return nil
}

func (s *Service) writeObject(ctx context.Context, tx *store.Tx, o WaterObject) error {
	r, err := o.row()
	if err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, `
		UPDATE water_object SET scheme = $1, code = $2, name_zh = $3, name_en = $4, division_id = $5, organisation_id = NULLIF($6, ''), river_name = $7,
			lon_e7 = $8, lat_e7 = $9, scale = $10, storage_wan_m3_e6 = $11, dam_height_m_e6 = $12, installed_kw_e6 = $13, population_e6 = $14,
			supply_m3_day_e6 = $15, length_m_e6 = $16, commissioned_on = $17, impounded_on = $18, appraised_on = $19, appraisal_class = $20,
			appraisal_period_years = $21, reinforced_on = $22, affects_county_town = $23, hydro_disposition = $24, charging = $25, ext = $26,
			retired_at = $27, changed_at = $28, edit = edit + 1 WHERE id = $29 AND edit = $30`,
		o.Scheme, o.Code, o.Name.Zh, o.Name.En, o.DivisionID, o.Organisation, o.River,
		r.lon, r.lat, string(o.Scale), r.storage, r.height, r.installed, r.population,
		r.supply, r.length, r.commissioned, r.impounded, r.appraised, o.AppraisalClass,
		o.AppraisalPeriodYears, r.reinforced, r.countyTown, r.disposition, r.charging, r.ext,
		millis(o.RetiredAt), s.now().UnixMilli(), o.ID, o.Edit)
	if err != nil {
		return taken(o, err, "change")
	}
	return settled(res, nil, fmt.Sprintf("object %d", o.ID), func() (any, error) { return objectBy(ctx, tx, o.ID) })
}

// ObjectEdits lists the audit entries of an object's record, newest first; those of its duties, which have a history of their own, are
// left out. Whether the caller may see the object is the caller's business.
func (s *Service) ObjectEdits(ctx context.Context, id, before int64, limit int) ([]audit.Entry, error) {
	return audit.List(ctx, s.db, audit.Query{All: true, ObjectKind: "object", ObjectID: fmt.Sprint(id), Actions: []string{"object.create", "object.change"}, Before: before, Limit: limit})
}
