package demo

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"
)

// demoScheme is the code scheme of the demo's objects, so that a code alone says that nothing of it is real.
const demoScheme = "demo"

// share is how many objects of a kind each county has, in the order of counties().
type share struct {
	kind   objectrule.Kind
	letter string // of the code
	suffix string // of an invented name
	n      [7]int
}

func shares() []share {
	return []share{
		{objectrule.Reservoir, "SK", "水库", [7]int{3, 11, 14, 14, 21, 17, 0}},
		{objectrule.Pond, "ST", "山塘", [7]int{4, 10, 11, 10, 14, 11, 0}},
		{objectrule.Hydropower, "DZ", "电站", [7]int{1, 8, 9, 20, 14, 18, 0}},
		{objectrule.Waterworks, "GS", "供水站", [7]int{2, 6, 7, 8, 9, 8, 0}},
		{objectrule.River, "HD", "溪", [7]int{3, 3, 3, 3, 4, 3, 1}},
		{objectrule.OldWell, "GJ", "古井", [7]int{2, 1, 1, 1, 1, 1, 0}},
		{objectrule.Village, "CL", "村", [7]int{0, 1, 1, 2, 2, 2, 0}},
		{objectrule.Dike, "DF", "堤", [7]int{1, 0, 1, 1, 1, 1, 0}},
		{objectrule.Sluice, "SZ", "闸", [7]int{1, 1, 1, 0, 1, 0, 1}},
		{objectrule.Seawall, "HT", "海塘", [7]int{0, 1, 1, 0, 0, 0, 1}},
		{objectrule.PumpStation, "BZ", "泵站", [7]int{1, 1, 0, 0, 0, 0, 1}},
		{objectrule.Construction, "ZJ", "工程", [7]int{1, 0, 1, 1, 1, 0, 1}},
		{objectrule.Town, "XZ", "镇", [7]int{0, 1, 1, 1, 2, 1, 0}},
	}
}

// wellKnown are names that the founding document or any map of the city gives, with a scale for reservoirs. Their figures are as
// invented as all others.
func wellKnown(kind objectrule.Kind, county string) []string {
	return map[string][]string{
		"reservoir 330603":       {"平水江水库"},
		"reservoir 330604":       {"汤浦水库"},
		"reservoir 330624":       {"长诏水库", "钦寸水库", "巧英水库"},
		"reservoir 330681":       {"石壁水库", "陈蔡水库", "安华水库", "青山水库", "五泄水库", "征天水库"},
		"reservoir 330683":       {"南山水库", "剡源水库", "前岩水库", "丰潭水库", "辽湾水库", "坂头水库"},
		"river 330602":           {"曹娥江（越城段）"},
		"river 330603":           {"平水江", "小舜江"},
		"river 330604":           {"曹娥江（上虞段）"},
		"river 330624":           {"澄潭江", "新昌江", "黄泽江"},
		"river 330681":           {"浦阳江（诸暨段）"},
		"river 330683":           {"曹娥江（嵊州段）", "长乐江"},
		"river 330600-BH":        {"曹娥江（滨海段）"},
		"sluice 330602":          {"马海闸站"},
		"construction 330602":    {"袍江片东入曹娥江排涝工程"},
		"construction 330604":    {"虞东河湖综合整治工程"},
		"construction 330624":    {"镜岭水库（在建）"},
		"construction 330681":    {"浦阳江治理工程（二期）"},
		"construction 330600-BH": {"曹娥江综合整治工程（滨海段）"},
	}[string(kind)+" "+county]
}

func large() []string {
	return []string{"汤浦水库", "长诏水库", "钦寸水库", "南山水库"}
}

func medium() []string {
	return []string{"石壁水库", "陈蔡水库", "安华水库", "五泄水库", "平水江水库", "剡源水库"}
}

// invented is a name of two characters and what it is, different for each n below 576.
func invented(n int, suffix string) string {
	first := []rune("青白乌黄石松竹梅云龙虎凤金银上下东西南北长大小清")
	second := []rune("岩溪坑湾坪岭坞潭塘桥田山峰泉源口家村林沙浦岙坂洋")
	return string(first[n%24]) + string(second[(5*n+7*(n/24))%24]) + suffix
}

// object is one of the demo's, before it is stored.
type object struct {
	registry.NewWaterObject
	county county
	n      int // over all
}

// objects fills the register of the demo city.
func (f *filler) objects(ctx context.Context) error {
	var list []object
	n := 0
	for _, s := range shares() {
		number := 0
		for i, c := range counties() {
			area, err := outlineOf(c.code)
			if err != nil {
				return err
			}
			known := wellKnown(s.kind, c.code)
			for k := range s.n[i] {
				n++
				number++
				name := invented(n, s.suffix)
				if k < len(known) {
					name = known[k]
				}
				o := object{county: c, n: n, NewWaterObject: registry.NewWaterObject{
					Scheme: demoScheme, Code: fmt.Sprintf("YS-%s-%03d", s.letter, number), Kind: s.kind, Name: fault.T(name, ""), Division: c.code,
					Ext: map[string]string{"说明": "演示数据"},
				}}
				p := inside(area, n)
				o.Place = &p
				o.facts()
				list = append(list, o)
			}
		}
	}
	return f.Store.Write(ctx, func(tx *store.Tx) error {
		units, err := f.units(ctx, tx)
		if err != nil {
			return err
		}
		f.works, f.duties, f.named = map[string][]int64{}, nil, map[string]bool{}
		for _, o := range list {
			if o.Kind == objectrule.Reservoir || o.Kind == objectrule.Sluice {
				o.Organisation = units[o.county.code]
			}
			id, err := f.Registry.AddObject(ctx, tx, registry.Program(), o.NewWaterObject)
			if err != nil {
				return fmt.Errorf("%s: %w", o.Name.Zh, err)
			}
			if o.Kind == objectrule.Reservoir {
				f.works[o.county.code] = append(f.works[o.county.code], id)
			}
		}
		return f.persons(ctx, tx, units)
	})
}

func outlineOf(code string) (geodesy.MultiPolygon, error) {
	features, bad, err := geodesy.ReadGeoJSON([]byte(outline(code)), geodesy.CGCS2000, geodesy.DefaultLimits())
	if err != nil {
		return nil, err
	}
	if len(features) != 1 {
		return nil, fmt.Errorf("outline of %s: %v", code, bad)
	}
	return features[0].Area, nil
}

// inside is a fixed place within an area, for a number.
func inside(area geodesy.MultiPolygon, n int) geodesy.Point {
	b, _ := area.Bounds()
	for try := 0; ; try++ {
		p := geodesy.Point{
			Lon: float64(int((b.Min.Lon+(b.Max.Lon-b.Min.Lon)*wobble("lon", n, try))*10_000)) / 10_000,
			Lat: float64(int((b.Min.Lat+(b.Max.Lat-b.Min.Lat)*wobble("lat", n, try))*10_000)) / 10_000,
		}
		if area.Contains(p) {
			return p
		}
	}
}

// between is a whole number between two, fixed for a name and a number.
func between(low, high int, name string, n int) int {
	return low + int(float64(high-low+1)*wobble(name, n))
}

func figure(n int) quantity.Null { return quantity.Some(quantity.Int(int64(n))) }

func (o *object) facts() {
	switch o.Kind {
	case objectrule.Reservoir:
		o.reservoir()
	case objectrule.Pond:
		o.StorageWanM3 = quantity.Some(quantity.Decimal(between(10, 99, "pond", o.n)) * quantity.Scale / 10)
		o.Scale = "pond"
		if wobble("key", o.n) < 0.2 {
			o.Scale = "key_pond"
		}
		o.DamHeightM = figure(between(4, 14, "height", o.n))
	case objectrule.Hydropower:
		o.InstalledKW = figure(between(1, 32, "kw", o.n) * 100)
		o.Disposition = "rectify"
		switch w := wobble("disposition", o.n); {
		case w < 0.14:
			o.Disposition = "exit"
		case w > 0.8:
			o.Disposition = "keep"
		}
	case objectrule.Waterworks:
		o.waterworks()
	case objectrule.River:
		o.LengthM, o.Scale = figure(between(4, 60, "river", o.n)*1000), "county"
		if o.n%3 == 0 {
			o.Scale = "town"
		}
	case objectrule.Village:
		o.Population, o.Scale = figure(between(180, 1600, "village", o.n)), "general"
		if o.n%2 == 0 {
			o.Scale = "important"
		}
	case objectrule.Dike, objectrule.Seawall:
		o.LengthM, o.Scale = figure(between(8, 90, "dike", o.n)*100), objectrule.Scale(fmt.Sprintf("grade%d", between(2, 4, "grade", o.n)))
	case objectrule.Sluice, objectrule.PumpStation:
		o.Scale = objectrule.Medium
	}
}

func (o *object) waterworks() {
	people := between(3, 60, "people", o.n) * 100
	if o.n%4 == 0 {
		people = between(2, 9, "few", o.n) * 100
	}
	o.Population, o.SupplyM3Day = figure(people), figure(people*3/20)
	o.Scale, _ = objectrule.DefaultRules().WaterworksScale(o.Population, o.SupplyM3Day)
	switch w := wobble("charging", o.n); {
	case w < 0.72:
		o.Charging = "metered"
	case w < 0.9:
		o.Charging = "flat" // above 1,000 people that is not as required
	default:
		o.Charging = "none"
	}
}

// reservoir gives a reservoir its figures and its days: most are in order, some are overdue, a few were never appraised.
func (o *object) reservoir() {
	has := func(list []string) bool {
		for _, name := range list {
			if name == o.Name.Zh {
				return true
			}
		}
		return false
	}
	no, height := false, between(9, 28, "height", o.n)
	switch {
	case has(large()):
		o.StorageWanM3, height = figure(between(110, 280, "storage", o.n)*100), between(45, 72, "height", o.n)
	case has(medium()):
		o.StorageWanM3, height = figure(between(12, 88, "storage", o.n)*100), between(30, 52, "height", o.n)
	case o.n%3 == 0:
		o.StorageWanM3, height = figure(between(105, 860, "storage", o.n)), between(18, 36, "height", o.n)
	default:
		o.StorageWanM3 = figure(between(11, 96, "storage", o.n))
	}
	o.DamHeightM, o.AffectsCountyTown = figure(height), &no
	if w := wobble("town", o.n); w < 0.06 {
		yes := true
		o.AffectsCountyTown = &yes
	} else if w > 0.96 {
		o.AffectsCountyTown = nil // nobody has said
	}
	if wobble("built", o.n) < 0.96 {
		o.CommissionedOn = &hydrotime.Date{Year: between(1957, 2004, "year", o.n), Month: time.Month(between(1, 12, "month", o.n)), Day: between(1, 28, "day", o.n)}
	}
	if wobble("appraised", o.n) < 0.94 {
		o.appraised()
	}
}

func (o *object) appraised() {
	o.AppraisedOn = &hydrotime.Date{Year: between(2017, 2025, "appraised year", o.n), Month: time.Month(between(1, 12, "appraised month", o.n)), Day: between(1, 28, "appraised day", o.n)}
	class := int64(1)
	switch w := wobble("class", o.n); {
	case w < 0.13:
		class = 3
	case w < 0.38:
		class = 2
	}
	o.AppraisalClass = &class
	if wobble("period", o.n) < 0.8 {
		period := int64(between(8, 10, "period years", o.n))
		if class > 1 {
			period = 6
		}
		o.AppraisalPeriodYears = &period
	}
	if class > 1 && wobble("reinforced", o.n) < 0.8 {
		if day := objectrule.AddYears(*o.AppraisedOn, between(1, 2, "reinforced year", o.n)); day.Year < 2026 {
			o.ReinforcedOn = &day
		}
	}
}

// units are the offices that keep the reservoirs, one a county.
func (f *filler) units(ctx context.Context, tx *store.Tx) (map[string]string, error) {
	out := map[string]string{}
	for i, c := range counties() {
		id, err := f.Registry.AddOrganisation(ctx, tx, registry.Program(), registry.NewOrganisation{
			Name: fault.T(c.zh+"水利工程管理中心", c.en+" Waterworks Management Centre"), Kind: "unit", Division: c.code, Sort: int64(20 + i),
		})
		if err != nil {
			return nil, err
		}
		out[c.code] = id
	}
	return out, nil
}

// persons names who answers for each reservoir, with the gaps that a real list has: a role nobody has, one person in two roles, a
// patroller with too many.
func (f *filler) persons(ctx context.Context, tx *store.Tx, units map[string]string) error {
	for i, c := range counties() {
		var staff [3][]string // administrative, technical, patrol
		works := f.works[c.code]
		for k, many := range []int{(len(works) + 4) / 5, (len(works) + 4) / 5, (len(works) + 1) / 2} {
			for n := range many {
				id, err := f.Registry.AddPerson(ctx, tx, registry.Program(), registry.NewPerson{
					Name: demoName(i*40 + k*13 + n), Phone: shortNumber(i, k, n), Organisation: units[c.code],
				})
				if err != nil {
					return err
				}
				staff[k] = append(staff[k], id)
			}
		}
		for n, id := range works {
			people := [3]string{staff[0][n/5], staff[1][n/5], staff[2][n/2]}
			switch n {
			case 4:
				people[2] = people[1] // one person in two roles
			case 7:
				people[2] = "" // nobody
			case 9:
				people[2] = staff[2][0] // a third reservoir
			case 13:
				people[1] = ""
			}
			if err := f.nameThree(ctx, tx, id, people); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *filler) nameThree(ctx context.Context, tx *store.Tx, id int64, people [3]string) error {
	for k, role := range []objectrule.Role{objectrule.AdministrativeRole, objectrule.TechnicalRole, objectrule.PatrolRole} {
		if people[k] == "" {
			continue
		}
		duty, err := f.Registry.SetDuty(ctx, tx, registry.Program(), id, registry.NewDuty{Role: role, Person: people[k]})
		if err != nil {
			return err
		}
		if !f.named[people[k]] {
			f.named[people[k]] = true
			f.duties = append(f.duties, [2]int64{id, duty})
		}
	}
	return nil
}

// demoName is a name that stands for nobody.
func demoName(n int) string {
	surnames := []rune("陈沈王章俞金胡何徐孙朱许吕张周钱")
	return string(surnames[n%len(surnames)]) + "某" + string([]rune("甲乙丙丁戊己庚辛壬癸")[n/len(surnames)%10])
}

// shortNumber is a number of an office's own network, so that none rings at a stranger's; every twenty-third has none.
func shortNumber(county, role, n int) string {
	if (county*7+role*3+n)%23 == 10 {
		return ""
	}
	return fmt.Sprintf("6%d%d%02d", county+1, role+1, n)
}

// rollCall rings and trains most of those who answer for reservoirs after the season has begun.
func (f *filler) rollCall(ctx context.Context) error {
	now, err := hydrotime.ParseDate("2026-04-20")
	if err != nil {
		return err
	}
	at := now.Start().Add(9 * time.Hour)
	return f.Store.Write(ctx, func(tx *store.Tx) error {
		for n, d := range f.duties {
			if n%9 != 4 {
				_, err := f.Registry.VerifyPhone(ctx, tx, registry.Program(), d[0], d[1], at)
				if err != nil && !fault.Is(err, fault.Conflict) { // who has no telephone cannot be rung
					return err
				}
			}
			if n%7 != 3 {
				if _, err := f.Registry.MarkTrained(ctx, tx, registry.Program(), d[0], d[1], at); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
