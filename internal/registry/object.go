package registry

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/registry/objectrule"
)

// OwnScheme is the code scheme of objects that no standard numbers.
const OwnScheme = "own"

// WaterObject is a works or a water that a bureau answers for (水利对象): a reservoir, a river, an old well.
type WaterObject struct {
	ID               int64           `json:"id"`
	Scheme           string          `json:"scheme" doc:"Whose code it is: SL213, SL249, own and others"`
	Code             string          `json:"code" doc:"Unique in its scheme; nothing is read out of it"`
	Kind             objectrule.Kind `json:"kind"`
	Name             fault.Text      `json:"name" doc:"English may be empty"`
	DivisionID       int64           `json:"-"`
	Division         string          `json:"division" doc:"Code of the division"`
	Organisation     string          `json:"organisation,omitempty" doc:"Id of the unit that manages it"`
	OrganisationName fault.Text      `json:"organisation_name"`
	ObjectFacts
	Ext       map[string]string `json:"ext,omitempty" doc:"Columns of an imported table that have no field here"`
	RetiredAt *time.Time        `json:"retired_at,omitempty"`
	Edit      int64             `json:"edit"`

	Clock     *objectrule.Clock    `json:"clock,omitempty" doc:"Of a reservoir dam, as judged on the day asked"`
	Authority objectrule.Authority `json:"authority,omitempty" doc:"Who reviews its appraisal; absent where facts for that are absent"`
	Duties    []ObjectDuty         `json:"duties" doc:"Who answers for it on the day asked"`
	Demanded  bool                 `json:"demanded" doc:"The rules say who must be named for this kind"`
	Gaps      []objectrule.Gap     `json:"gaps" doc:"What is wanting of those persons"`
}

// ObjectFacts are what rules and lists ask of an object. What is absent is not known, and never zero.
type ObjectFacts struct {
	River                string           `json:"river,omitempty" maxLength:"100" doc:"River or stream it lies on"`
	Place                *geodesy.Point   `json:"place,omitempty" doc:"CGCS2000, degrees"`
	Scale                objectrule.Scale `json:"scale,omitempty" maxLength:"40" doc:"Of a reservoir told by its storage where left out"`
	StorageWanM3         quantity.Null    `json:"storage_wan_m3,omitempty" doc:"Total storage"`
	DamHeightM           quantity.Null    `json:"dam_height_m,omitempty"`
	InstalledKW          quantity.Null    `json:"installed_kw,omitempty"`
	Population           quantity.Null    `json:"population,omitempty" doc:"People it serves or holds"`
	SupplyM3Day          quantity.Null    `json:"supply_m3_day,omitempty"`
	LengthM              quantity.Null    `json:"length_m,omitempty"`
	CommissionedOn       *hydrotime.Date  `json:"commissioned_on,omitempty" doc:"Completion acceptance"`
	ImpoundedOn          *hydrotime.Date  `json:"impounded_on,omitempty" doc:"Impoundment acceptance"`
	AppraisedOn          *hydrotime.Date  `json:"appraised_on,omitempty" doc:"Approval of the last appraisal"`
	AppraisalClass       *int64           `json:"appraisal_class,omitempty" minimum:"1" maximum:"3"`
	AppraisalPeriodYears *int64           `json:"appraisal_period_years,omitempty" minimum:"6" maximum:"10"`
	ReinforcedOn         *hydrotime.Date  `json:"reinforced_on,omitempty" doc:"Completion acceptance of the last reinforcement"`
	AffectsCountyTown    *bool            `json:"affects_county_town,omitempty" doc:"Its failure would reach a county town"`
	Disposition          string           `json:"disposition,omitempty" maxLength:"20" doc:"Of a small hydropower station: exit, rectify or keep"`
	Charging             string           `json:"charging,omitempty" maxLength:"20" doc:"Of a waterworks: metered, flat or none"`
}

// NewWaterObject is what an editor says of an object.
type NewWaterObject struct {
	Scheme       string          `json:"scheme,omitempty" maxLength:"40" doc:"own where left out"`
	Code         string          `json:"code,omitempty" maxLength:"60" doc:"A number of our own where left out"`
	Kind         objectrule.Kind `json:"kind" maxLength:"40"`
	Name         fault.Text      `json:"name" doc:"English may be empty"`
	Division     string          `json:"division" maxLength:"20" doc:"Code of a division"`
	Organisation string          `json:"organisation,omitempty" maxLength:"36"`
	ObjectFacts
	Ext map[string]string `json:"ext,omitempty"`
}

// WaterObjectChange is what may be changed of an object; nil leaves it as it is. The kind stays: what turned from a reservoir into a
// hill pond is retired and added again. Facts are replaced together, so that one can be taken away.
type WaterObjectChange struct {
	Edit         int64             `json:"edit" minimum:"1" doc:"The edit number that was read"` // 0, from the program itself, changes whatever stands
	Scheme       *string           `json:"scheme,omitempty" maxLength:"40"`
	Code         *string           `json:"code,omitempty" maxLength:"60"`
	Name         *fault.Text       `json:"name,omitempty"`
	Division     *string           `json:"division,omitempty" maxLength:"20"`
	Organisation *string           `json:"organisation,omitempty" maxLength:"36" doc:"Empty for none"`
	Facts        *ObjectFacts      `json:"facts,omitempty" doc:"All facts as they are to stand; what is left out is taken away"`
	Ext          map[string]string `json:"ext,omitempty" doc:"All of them as they are to stand"`
	Retired      *bool             `json:"retired,omitempty"`
}

// The bounds of an object's texts.
const (
	extMost     = 200 // columns
	extTextMost = 1000
)

var (
	schemeForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 /._-]{0,39}$`)
	codeForm   = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N} /._#()-]{0,59}$`)
)

// Check says what is wrong with an object, each place named as in the request. It fills what follows from the rest: the scale of a
// reservoir, the scheme of an own code.
func (o *WaterObject) Check() error {
	bad := fault.Invalidf("object.invalid", "水利对象信息有误", "the object is not valid")
	if o.Scheme == "" {
		o.Scheme = OwnScheme
	}
	if !schemeForm.MatchString(o.Scheme) {
		bad.At("scheme", fault.T("编码体系用字母、数字、空格和 / . _ -", "a code scheme has letters, digits, blanks and / . _ -"))
	}
	if !codeForm.MatchString(o.Code) {
		bad.At("code", fault.T("代码为 1 至 60 个文字、数字或 / . _ # ( ) -", "a code has 1 to 60 letters, digits or / . _ # ( ) -"))
	}
	if !o.Kind.Valid() {
		bad.At("kind", fault.T("没有这种对象", "no such kind of object"))
	}
	checkName(bad, "name.zh", o.Name.Zh)
	if o.Name.En != "" {
		checkName(bad, "name.en", o.Name.En)
	}
	if o.River != "" {
		checkName(bad, "river", o.River)
	}
	o.checkKind(bad)
	o.checkFigures(bad)
	checkExt(bad, o.Ext)
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// checkKind holds what only some kinds have against the kind.
func (o *WaterObject) checkKind(bad *fault.Error) {
	offered := func(place, code string, list []objectrule.Named) {
		if code != "" && !slices.ContainsFunc(list, func(n objectrule.Named) bool { return n.Code == code }) {
			bad.At(place, fault.T("此类对象没有这一项", "not one of those of this kind"))
		}
	}
	none := func(kind objectrule.Kind, list []objectrule.Named) []objectrule.Named {
		if o.Kind != kind {
			return nil
		}
		return list
	}
	offered("scale", string(o.Scale), objectrule.Scales(o.Kind))
	offered("disposition", o.Disposition, none(objectrule.Hydropower, objectrule.Dispositions()))
	offered("charging", o.Charging, none(objectrule.Waterworks, objectrule.Charges()))
	if o.Kind != objectrule.Reservoir || !o.StorageWanM3.Valid {
		return
	}
	scale, ok := objectrule.ReservoirScale(o.StorageWanM3)
	switch {
	case !ok:
		bad.At("storage_wan_m3", fault.T("总库容不足 10 万立方米的不是水库，请按山塘登记", "under 100,000 m³ it is no reservoir; enter it as a hill pond"))
	case o.Scale == "":
		o.Scale = scale
	case o.Scale != scale:
		is := objectrule.NameOf(objectrule.Scales(o.Kind), string(scale))
		bad.At("scale", fault.T("与总库容不符，按库容应为"+is.Zh, "does not fit the storage, by which it is "+is.En))
	}
}

func (o *WaterObject) checkFigures(bad *fault.Error) {
	if p := o.Place; p != nil && (!p.Valid() || math.IsNaN(p.Lon) || math.IsNaN(p.Lat)) {
		bad.At("place", fault.T("不是有效的经纬度", "no longitude and latitude"))
	}
	for _, f := range []struct {
		place string
		n     quantity.Null
		most  int64
	}{
		{"storage_wan_m3", o.StorageWanM3, 10_000_000},
		{"dam_height_m", o.DamHeightM, 400},
		{"installed_kw", o.InstalledKW, 100_000_000},
		{"population", o.Population, 100_000_000},
		{"supply_m3_day", o.SupplyM3Day, 100_000_000},
		{"length_m", o.LengthM, 10_000_000},
	} {
		if f.n.Valid && (f.n.Decimal < 0 || f.n.Decimal > quantity.Int(f.most)) {
			bad.At(f.place, fault.Tf("须在 0 与 %d 之间", "lies between 0 and %d", f.most))
		}
	}
	if o.Population.Valid && o.Population.Decimal%quantity.Scale != 0 {
		bad.At("population", fault.T("须为整数", "must be a whole number"))
	}
	if c := o.AppraisalClass; c != nil && (*c < 1 || *c > 3) {
		bad.At("appraisal_class", fault.T("须为 1、2 或 3", "must be 1, 2 or 3"))
	}
	if y := o.AppraisalPeriodYears; y != nil && (*y < 6 || *y > 10) {
		bad.At("appraisal_period_years", fault.T("须在 6 与 10 年之间", "lies between 6 and 10 years"))
	}
	for _, d := range []struct {
		place string
		day   *hydrotime.Date
	}{
		{"commissioned_on", o.CommissionedOn},
		{"impounded_on", o.ImpoundedOn},
		{"appraised_on", o.AppraisedOn},
		{"reinforced_on", o.ReinforcedOn},
	} {
		if d.day != nil && (d.day.Year < 1000 || d.day.Year > 2199) {
			bad.At(d.place, fault.T("年份须在 1000 与 2199 之间", "the year lies between 1000 and 2199"))
		}
	}
	if a, b := o.CommissionedOn, o.AppraisedOn; a != nil && b != nil && objectrule.Before(*b, *a) {
		bad.At("appraised_on", fault.T("不能早于竣工验收", "cannot lie before completion acceptance"))
	}
}

func checkExt(bad *fault.Error, ext map[string]string) {
	if len(ext) > extMost {
		bad.At("ext", fault.Tf("至多 %d 列", "at most %d columns", extMost))
	}
	for k, v := range ext {
		plain := func(s string) bool {
			return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' })
		}
		if k == "" || !plain(k) || !plain(v) || utf8.RuneCountInString(k) > nameMost || utf8.RuneCountInString(v) > extTextMost {
			bad.At("ext", fault.T("有一列的名称或内容为空、过长或含不可见字符", "the name or text of a column is empty, too long or holds characters that cannot be seen"))
			return
		}
	}
}

// dam is what the clock asks of a reservoir.
func (o *WaterObject) dam() objectrule.Dam {
	d := objectrule.Dam{CompletedOn: o.CommissionedOn, ImpoundedOn: o.ImpoundedOn, AppraisedOn: o.AppraisedOn, ReinforcedOn: o.ReinforcedOn}
	if o.AppraisalClass != nil {
		d.Class = int(*o.AppraisalClass)
	}
	if o.AppraisalPeriodYears != nil {
		d.PeriodYears = int(*o.AppraisalPeriodYears)
	}
	return d
}

// Judge fills in what follows from the facts on a day: the clock of a reservoir dam and who reviews its appraisal.
func (o *WaterObject) Judge(rules objectrule.Rules, asOf hydrotime.Date) {
	o.Clock, o.Authority = nil, ""
	if o.Kind != objectrule.Reservoir {
		return
	}
	c := rules.DamClock(o.dam(), asOf)
	o.Clock, o.Authority = &c, rules.ReviewAuthority(o.Scale, o.DamHeightM, o.AffectsCountyTown)
}

// clockFacts are the facts that the clock of a dam counts from and that a change takes elsewhere: what is told already, and while the
// clock runs out also what is not.
func (o *WaterObject) clockFacts(to *ObjectFacts) []string {
	due := o.Clock.Due()
	runsOut := due == objectrule.Overdue || due == objectrule.DueSoon
	var moved []string
	day := func(name string, old, now *hydrotime.Date) {
		if (old != nil || runsOut) && !alike(old, now) {
			moved = append(moved, name)
		}
	}
	number := func(name string, old, now *int64) {
		if (old != nil || runsOut) && !alike(old, now) {
			moved = append(moved, name)
		}
	}
	day("commissioned_on", o.CommissionedOn, to.CommissionedOn)
	day("impounded_on", o.ImpoundedOn, to.ImpoundedOn)
	day("appraised_on", o.AppraisedOn, to.AppraisedOn)
	number("appraisal_class", o.AppraisalClass, to.AppraisalClass)
	number("appraisal_period_years", o.AppraisalPeriodYears, to.AppraisalPeriodYears)
	day("reinforced_on", o.ReinforcedOn, to.ReinforcedOn)
	return moved
}

func alike[T comparable](a, b *T) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

// objectRow is an object as the store keeps it.
type objectRow struct {
	lon, lat, storage, height, installed, population, supply, length *int64
	commissioned, impounded, appraised, reinforced                   *int64
	countyTown                                                       *int64
	disposition, charging                                            *string
	ext                                                              string
}

func (o *WaterObject) row() (objectRow, error) {
	r := objectRow{
		storage: millionths(o.StorageWanM3), height: millionths(o.DamHeightM), installed: millionths(o.InstalledKW),
		population: millionths(o.Population), supply: millionths(o.SupplyM3Day), length: millionths(o.LengthM),
		commissioned: dayNumber(o.CommissionedOn), impounded: dayNumber(o.ImpoundedOn), appraised: dayNumber(o.AppraisedOn), reinforced: dayNumber(o.ReinforcedOn),
		disposition: filled(o.Disposition), charging: filled(o.Charging), ext: "{}",
	}
	if p := o.Place; p != nil {
		lon, lat := degreesE7(p.Lon), degreesE7(p.Lat)
		r.lon, r.lat = &lon, &lat
	}
	if o.AffectsCountyTown != nil {
		n := int64(0)
		if *o.AffectsCountyTown {
			n = 1
		}
		r.countyTown = &n
	}
	if len(o.Ext) > 0 {
		b, err := json.Marshal(o.Ext) // keys in order
		if err != nil {
			return r, fmt.Errorf("encode the other columns of object %d: %w", o.ID, err)
		}
		r.ext = string(b)
	}
	return r, nil
}

// take puts a row into the object's facts.
func (o *WaterObject) take(r objectRow) error {
	o.StorageWanM3, o.DamHeightM, o.InstalledKW = figureOf(r.storage), figureOf(r.height), figureOf(r.installed)
	o.Population, o.SupplyM3Day, o.LengthM = figureOf(r.population), figureOf(r.supply), figureOf(r.length)
	o.CommissionedOn, o.ImpoundedOn, o.AppraisedOn, o.ReinforcedOn = dayOf(r.commissioned), dayOf(r.impounded), dayOf(r.appraised), dayOf(r.reinforced)
	if r.lon != nil && r.lat != nil {
		o.Place = &geodesy.Point{Lon: fromE7(*r.lon), Lat: fromE7(*r.lat)}
	}
	if r.countyTown != nil {
		yes := *r.countyTown != 0
		o.AffectsCountyTown = &yes
	}
	if r.disposition != nil {
		o.Disposition = *r.disposition
	}
	if r.charging != nil {
		o.Charging = *r.charging
	}
	if r.ext != "{}" {
		if err := json.Unmarshal([]byte(r.ext), &o.Ext); err != nil {
			return fmt.Errorf("decode the other columns of object %d: %w", o.ID, err)
		}
	}
	return nil
}

func millionths(n quantity.Null) *int64 {
	if !n.Valid {
		return nil
	}
	v := int64(n.Decimal)
	return &v
}

func figureOf(v *int64) quantity.Null {
	if v == nil {
		return quantity.Null{}
	}
	return quantity.Some(quantity.Decimal(*v))
}

func dayNumber(d *hydrotime.Date) *int64 {
	if d == nil {
		return nil
	}
	n := objectrule.Number(*d)
	return &n
}

func dayOf(n *int64) *hydrotime.Date {
	if n == nil {
		return nil
	}
	d := objectrule.Day(*n)
	return &d
}

func filled(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

const perDegree = 10_000_000

func degreesE7(degrees float64) int64 { return int64(math.Round(degrees * perDegree)) }

// fromE7 gives the shortest decimal of ten-millionths of a degree, which plain division misses in the last bit.
func fromE7(n int64) float64 {
	f, err := strconv.ParseFloat(strconv.FormatInt(n, 10)+"e-7", 64)
	if err != nil {
		return math.NaN() // digits always parse
	}
	return f
}
