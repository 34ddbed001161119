package book

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry/session"
)

// Policy is what an editor says of a field station. The password is never read back.
type Policy struct {
	Station     string    `json:"station" maxLength:"10" doc:"Ten hex digits"`
	Object      int64     `json:"object" doc:"The object of the registry whose station it is"`
	Mode        int       `json:"mode" minimum:"1" maximum:"4" doc:"M1 is not answered, M2 to M4 are"`
	Stay        bool      `json:"stay" doc:"Confirmed with ESC, so that it can be asked; EOT lets it go"`
	Password    string    `json:"password,omitempty" maxLength:"4" doc:"Four hex digits; left out, it stays as it is"`
	AnyPassword bool      `json:"any_password"`
	Centre      int       `json:"centre" minimum:"0" maximum:"255" doc:"The centre's address it sends to; 0 takes any"`
	HourEnds    bool      `json:"hour_ends" doc:"Its hourly blocks carry the end of the hour"`
	Elements    []Element `json:"elements" maxItems:"200"`
	// ReportMinutes is how often it is to report by itself (定时报间隔), by which its arrival rate is reckoned.
	ReportMinutes int   `json:"report_minutes,omitempty" minimum:"0" maximum:"1440" doc:"How often it is to report; 60 where it is left out"`
	Edit          int64 `json:"edit"`
}

// Element is what an element of a station's frames means.
type Element struct {
	Element  string        `json:"element" maxLength:"4" doc:"Identifier of table C.1 in hex"`
	Quantity string        `json:"quantity" maxLength:"40"`
	Base     quantity.Null `json:"base" doc:"Added to each value; F5 to FC need one"`
}

// usualMinutes is how often a station reports where nobody said: the timed report of every hour.
const usualMinutes = 60

// policy is a Policy that was read, and what the gateway makes of it.
type policy struct {
	Policy
	station session.Station
}

// check refuses what cannot be, and makes the gateway's policy of the rest.
func (b *Book) check(p *Policy) (session.Station, error) {
	bad := fault.Invalidf("telemetry.policy", "测站通信参数有误", "the station's policy is not valid")
	st := session.Station{
		Object: strconv.FormatInt(p.Object, 10), Mode: session.Mode(p.Mode), Stay: p.Stay, AnyPassword: p.AnyPassword, Centre: byte(p.Centre), HourEnds: p.HourEnds,
		Elements: map[sl651.ID]session.Element{},
	}
	var err error
	if st.Address, err = sl651.ParseAddress(p.Station); err != nil || st.Address.Broadcast() {
		bad.At("station", fault.T("须为十位十六进制数", "ten hex digits, and no broadcast"))
	}
	p.Station = st.Address.String()
	if p.Mode < 1 || p.Mode > 4 {
		bad.At("mode", fault.T("须为 1 至 4", "1 to 4"))
	}
	if p.Centre < 0 || p.Centre > 255 {
		bad.At("centre", fault.T("须为 0 至 255", "0 to 255"))
	}
	if p.ReportMinutes == 0 {
		p.ReportMinutes = usualMinutes
	}
	if p.ReportMinutes < 1 || p.ReportMinutes > 1440 {
		bad.At("report_minutes", fault.T("须为 1 至 1440 分钟", "1 to 1440 minutes"))
	}
	if p.Password != "" {
		secret, err := hex.DecodeString(p.Password)
		if err != nil || len(secret) != 2 {
			bad.At("password", fault.T("须为四位十六进制数", "four hex digits"))
		} else {
			st.Password = session.Password(secret)
		}
	}
	for i := range p.Elements {
		b.checkElement(bad, fmt.Sprintf("elements[%d]", i), &p.Elements[i], &st)
	}
	if len(bad.Fields) > 0 {
		return st, bad
	}
	return st, nil
}

// ParseElement reads an element's identifier: hex digits of either case.
func ParseElement(text string) (sl651.ID, error) {
	n, err := strconv.ParseUint(text, 16, 16)
	if err != nil || n == 0 || n > 0xFF && n < 0xFF00 {
		return 0, fault.Invalidf("telemetry.element", "没有要素标识符 %q", "there is no element %q", text)
	}
	return sl651.ID(n), nil
}

func (b *Book) checkElement(bad *fault.Error, place string, e *Element, st *session.Station) {
	id, err := ParseElement(e.Element)
	if err != nil {
		bad.At(place+".element", fault.T("没有这个要素标识符", "there is no such identifier"))
		return
	}
	if _, twice := st.Elements[id]; twice {
		bad.At(place+".element", fault.T("重复", "it is there twice"))
	}
	b.checkQuantity(bad, place+".quantity", id, e.Quantity)
	if id >= 0xF5 && id <= 0xFC && !e.Base.Valid {
		bad.At(place+".base", fault.T("相对水位须有水位基值", "a relative level needs a base"))
	}
	e.Element = id.String()
	st.Elements[id] = session.Element{Quantity: e.Quantity, Base: e.Base}
}

// checkQuantity refuses to add up what goes on growing, and to count what is gathered over a period: rain would fall many times over.
func (b *Book) checkQuantity(bad *fault.Error, place string, id sl651.ID, code string) {
	if code == session.Ignored || b.opt.Quantity == nil && code != "" {
		return
	}
	kind, ok := "", false
	if code != "" {
		kind, ok = b.opt.Quantity(code)
	}
	period := session.PeriodOf(id) > 0
	switch {
	case !ok:
		bad.At(place, fault.Tf("没有观测量 %q；不关心的要素写 %s", "there is no quantity %q; an element of no interest is %s", code, session.Ignored))
	case kind == "total" && !period:
		bad.At(place, fault.Tf("要素 %s 不是时段量，不能作为 %s 累加", "element %s gathers over no fixed period and cannot be added up as %s", id, code))
	case kind == "counter" && period:
		bad.At(place, fault.Tf("要素 %s 是时段量，不是累计值 %s", "element %s gathers over a period and is no counter %s", id, code))
	}
}

// SetStation says how a field station is answered, within the caller's transaction; edit is 0 where it was not known before.
func (b *Book) SetStation(ctx context.Context, tx *store.Tx, by registry.Editor, p Policy) error {
	st, err := b.check(&p)
	if err != nil {
		return err
	}
	division, err := b.mayChange(ctx, tx, by, p.Object)
	if err != nil {
		return err
	}
	old, err := readPolicy(ctx, tx, st.Address)
	if err != nil {
		return err
	}
	if old.Edit != p.Edit {
		return fault.Conflictf("telemetry.stale", "已被他人修改，未保存", "somebody else changed it meanwhile; nothing was saved").With(old.Policy)
	}
	if old.Edit != 0 && old.Object != p.Object {
		if _, err := b.mayChange(ctx, tx, by, old.Object); err != nil {
			return err
		}
	}
	if p.Password == "" {
		st.Password = old.station.Password
	}
	if err := b.writePolicy(ctx, tx, &st, p.Object, p.ReportMinutes); err != nil {
		return fmt.Errorf("write the policy of station %s: %w", st.Address, err)
	}
	told := p
	told.Password = ""
	err = audit.Append(ctx, tx, audit.Entry{
		At: b.opt.Now(), Actor: by.Actor, Action: "telemetry.station", ObjectKind: "object", ObjectID: strconv.FormatInt(p.Object, 10), DivisionID: &division,
		Detail: map[string]any{"policy": told, "password_changed": p.Password != ""},
	})
	if err != nil {
		return err
	}
	tx.AfterCommit(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.changes++
		b.policies[st.Address], b.minutes[st.Address] = st, p.ReportMinutes
	})
	return nil
}

// RemoveStation forgets how a field station is answered, within the caller's transaction: its frames are set aside from now on.
func (b *Book) RemoveStation(ctx context.Context, tx *store.Tx, by registry.Editor, a sl651.Address, edit int64) error {
	old, err := readPolicy(ctx, tx, a)
	if err != nil {
		return err
	}
	if old.Edit == 0 {
		return fault.NotFoundf("telemetry.unknown", "没有这个测站地址", "there is no such station address")
	}
	division, err := b.mayChange(ctx, tx, by, old.Object)
	if err != nil {
		return err
	}
	if old.Edit != edit {
		return fault.Conflictf("telemetry.stale", "已被他人修改，未保存", "somebody else changed it meanwhile; nothing was saved").With(old.Policy)
	}
	for _, query := range []string{`DELETE FROM telemetry_element WHERE address = $1`, `DELETE FROM telemetry_station WHERE address = $1`} {
		if _, err := tx.ExecContext(ctx, query, a.String()); err != nil {
			return fmt.Errorf("remove the policy of station %s: %w", a, err)
		}
	}
	err = audit.Append(ctx, tx, audit.Entry{
		At: b.opt.Now(), Actor: by.Actor, Action: "telemetry.remove", ObjectKind: "object", ObjectID: strconv.FormatInt(old.Object, 10), DivisionID: &division,
		Detail: map[string]any{"station": a.String()},
	})
	if err != nil {
		return err
	}
	tx.AfterCommit(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.changes++
		delete(b.policies, a)
		delete(b.remapped, a) // its edits begin anew where it is entered again
	})
	return nil
}

// mayChange says in which division an object lies, where the editor may change it.
func (b *Book) mayChange(ctx context.Context, tx *store.Tx, by registry.Editor, object int64) (division int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT division_id FROM water_object WHERE id = $1`, object).Scan(&division)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.Invalidf("telemetry.object", "测站所属对象不存在", "the object whose station it is is not on record").At("object", fault.T("没有这个对象", "no such object"))
	}
	if err != nil {
		return 0, fmt.Errorf("look for object %d: %w", object, err)
	}
	if by.May == nil || !by.May(division) {
		return 0, fault.Forbiddenf("telemetry.forbidden", "您无权修改该区划的测站", "you may not change stations of this division")
	}
	return division, nil
}

func (b *Book) writePolicy(ctx context.Context, tx *store.Tx, st *session.Station, object int64, minutes int) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO telemetry_station (address, object_id, mode, stay, password, any_password, centre, hour_ends, edit, changed_at, report_minutes)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10)
		ON CONFLICT (address) DO UPDATE SET object_id = excluded.object_id, mode = excluded.mode, stay = excluded.stay, password = excluded.password,
			any_password = excluded.any_password, centre = excluded.centre, hour_ends = excluded.hour_ends, edit = telemetry_station.edit + 1,
			changed_at = excluded.changed_at, report_minutes = excluded.report_minutes`,
		st.Address.String(), object, int64(st.Mode), store.Flag(st.Stay), int64(st.Password[0])<<8|int64(st.Password[1]), store.Flag(st.AnyPassword),
		int64(st.Centre), store.Flag(st.HourEnds), b.opt.Now().UnixMilli(), int64(minutes))
	if err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM telemetry_element WHERE address = $1`, st.Address.String())
	}
	for id, e := range st.Elements {
		if err != nil {
			return err
		}
		base := nullInt{Int64: int64(e.Base.Decimal), Valid: e.Base.Valid}
		_, err = tx.ExecContext(ctx, `INSERT INTO telemetry_element (address, element, quantity, base_e6) VALUES ($1, $2, $3, $4)`,
			st.Address.String(), int64(id), e.Quantity, base)
	}
	return err
}

const policyColumns = `SELECT address, object_id, mode, stay, password, any_password, centre, hour_ends, edit, report_minutes FROM telemetry_station`

func scanPolicy(scan func(...any) error) (policy, error) {
	var p policy
	var mode, stay, password, anyPassword, centre, ends int64
	if err := scan(&p.Station, &p.Object, &mode, &stay, &password, &anyPassword, &centre, &ends, &p.Edit, &p.ReportMinutes); err != nil {
		return p, err
	}
	p.Mode, p.Stay, p.AnyPassword, p.Centre, p.HourEnds, p.Elements = int(mode), stay != 0, anyPassword != 0, int(centre), ends != 0, []Element{}
	a, err := sl651.ParseAddress(p.Station)
	p.station = session.Station{
		Address: a, Object: strconv.FormatInt(p.Object, 10), Mode: session.Mode(mode), Stay: p.Stay, AnyPassword: p.AnyPassword, Centre: byte(centre),
		HourEnds: p.HourEnds, Password: session.Password{byte(password >> 8), byte(password)}, Elements: map[sl651.ID]session.Element{},
	}
	return p, err
}

func scanElement(scan func(...any) error) (address string, id sl651.ID, e session.Element, err error) {
	var n int64
	var base nullInt
	err = scan(&address, &n, &e.Quantity, &base)
	if base.Valid {
		e.Base = quantity.Some(quantity.Decimal(base.Int64))
	}
	return address, sl651.ID(n), e, err
}

func (p *policy) add(id sl651.ID, e session.Element) {
	p.station.Elements[id] = e
	p.Elements = append(p.Elements, Element{Element: id.String(), Quantity: e.Quantity, Base: e.Base})
}

// readPolicy is the policy of one station; its edit is 0 where there is none.
func readPolicy(ctx context.Context, q store.Querier, a sl651.Address) (policy, error) {
	p, err := scanPolicy(q.QueryRowContext(ctx, policyColumns+` WHERE address = $1`, a.String()).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return policy{}, nil
	}
	if err == nil {
		err = store.Each(ctx, q, `SELECT address, element, quantity, base_e6 FROM telemetry_element WHERE address = $1 ORDER BY element`, func(scan func(...any) error) error {
			_, id, e, err := scanElement(scan)
			p.add(id, e)
			return err
		}, a.String())
	}
	if err != nil {
		return p, fmt.Errorf("read the policy of station %s: %w", a, err)
	}
	return p, nil
}

// readPolicies reads the policies of one object, or of all where it is 0.
func readPolicies(ctx context.Context, q store.Querier, object int64) ([]policy, error) {
	var list []policy
	var args []any
	whose, ofThese := ``, ``
	if object != 0 {
		args, whose = append(args, object), ` WHERE object_id = $1`
		ofThese = ` WHERE address IN (SELECT address FROM telemetry_station WHERE object_id = $1)`
	}
	err := store.Each(ctx, q, policyColumns+whose+` ORDER BY address`, func(scan func(...any) error) error {
		p, err := scanPolicy(scan)
		list = append(list, p)
		return err
	}, args...)
	if err != nil {
		return nil, err
	}
	return list, store.Each(ctx, q, `SELECT address, element, quantity, base_e6 FROM telemetry_element`+ofThese+` ORDER BY address, element`, func(scan func(...any) error) error {
		address, id, e, err := scanElement(scan)
		if i, ok := slices.BinarySearchFunc(list, address, func(p policy, a string) int { return strings.Compare(p.Station, a) }); ok {
			list[i].add(id, e)
		}
		return err
	}, args...)
}

// Policies lists the policies of all stations by their addresses, or that of one object; passwords are left out.
func (b *Book) Policies(ctx context.Context, object int64) ([]Policy, error) {
	list, err := readPolicies(ctx, b.opt.Store, object)
	if err != nil {
		return nil, fmt.Errorf("list the policies of stations: %w", err)
	}
	out := []Policy{}
	for _, p := range list {
		out = append(out, p.Policy)
	}
	return out, nil
}
