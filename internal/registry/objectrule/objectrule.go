// Package objectrule judges what the register of water objects says: the scale of a reservoir by its storage, when a dam is due
// for appraisal and reinforcement, who reviews an appraisal, and whether the persons who answer for it are there, told apart,
// reachable and trained.
//
// It only computes: rules, facts and a day in, states out, so that a past day can be judged again. Storage is in 万 m³, heights in
// m, dates are days of the office calendar. Where a figure is usage and not law, it stands in Rules with its default.
package objectrule

import (
	"slices"

	"anlan/internal/fault"
)

// Kind is what an object is (对象类别).
type Kind string

// The kinds.
const (
	Reservoir    Kind = "reservoir"
	Pond         Kind = "pond"
	Hydropower   Kind = "hydropower"
	Waterworks   Kind = "waterworks"
	River        Kind = "river"
	OldWell      Kind = "old_well"
	Village      Kind = "village"
	Dike         Kind = "dike"
	Sluice       Kind = "sluice"
	Seawall      Kind = "seawall"
	PumpStation  Kind = "pump_station"
	Construction Kind = "construction"
	Town         Kind = "town"
	Station      Kind = "station"
)

// Named is a word of a list with its names.
type Named struct {
	Code string     `json:"code"`
	Name fault.Text `json:"name"`
}

func named(code, zh, en string) Named { return Named{code, fault.T(zh, en)} }

// Kinds lists the kinds in the order in which they are offered.
func Kinds() []Named {
	return []Named{
		named("reservoir", "水库", "reservoir"),
		named("pond", "山塘", "hill pond"),
		named("hydropower", "小水电站", "small hydropower station"),
		named("waterworks", "农村供水工程", "rural waterworks"),
		named("river", "河流（河段）", "river or reach"),
		named("old_well", "古井", "old well"),
		named("village", "村落", "village"),
		named("dike", "堤防", "dike"),
		named("sluice", "水闸", "sluice"),
		named("seawall", "海塘", "seawall"),
		named("pump_station", "泵站", "pump station"),
		named("construction", "在建工程", "works under construction"),
		named("town", "乡镇", "town"),
		named("station", "测站", "gauging station"),
	}
}

// Valid reports whether k is one of the kinds.
func (k Kind) Valid() bool { return has(Kinds(), string(k)) }

// Scale is how large an object is among its kind (规模), "" where nobody has told.
type Scale string

// The scales of reservoirs, by total storage, and of waterworks, by whom they serve.
const (
	Large1    Scale = "large1"
	Large2    Scale = "large2"
	Medium    Scale = "medium"
	Small1    Scale = "small1"
	Small2    Scale = "small2"
	Over10000 Scale = "over_10000"
	Over1000  Scale = "over_1000"
	Under1000 Scale = "under_1000"
)

// Scales lists what a kind is divided into; nothing where it is not.
func Scales(k Kind) []Named {
	switch k {
	case Reservoir, Sluice, PumpStation:
		return []Named{
			named("large1", "大(1)型", "large (1)"), named("large2", "大(2)型", "large (2)"), named("medium", "中型", "medium"),
			named("small1", "小(1)型", "small (1)"), named("small2", "小(2)型", "small (2)"),
		}
	case Pond:
		return []Named{named("key_pond", "重要山塘", "key pond"), named("pond", "普通山塘", "common pond")}
	case Waterworks:
		return []Named{
			named("over_10000", "千吨万人", "over 1,000 m³/d or 10,000 people"), named("over_1000", "千人以上", "1,000 people and more"),
			named("under_1000", "千人以下", "under 1,000 people"),
		}
	case River:
		return []Named{
			named("provincial", "省级河道", "provincial"), named("municipal", "市级河道", "municipal"),
			named("county", "县级河道", "county"), named("town", "乡级河道", "town"),
		}
	case Village:
		return []Named{named("important", "重要村落", "important village"), named("general", "一般村落", "general village")}
	case Dike, Seawall:
		return []Named{
			named("grade1", "1级", "grade 1"), named("grade2", "2级", "grade 2"), named("grade3", "3级", "grade 3"),
			named("grade4", "4级", "grade 4"), named("grade5", "5级", "grade 5"),
		}
	}
	return nil
}

// Role is what a person answers for at an object (责任人类别).
type Role string

// The roles.
const (
	AdministrativeRole Role = "administrative"
	TechnicalRole      Role = "technical"
	PatrolRole         Role = "patrol"
	DamSafetyRole      Role = "dam_safety"
	RiverChiefRole     Role = "river_chief"
	ManagerRole        Role = "manager"
	WarningRole        Role = "warning"
)

// RoleNames lists the roles in the order in which they are offered.
func RoleNames() []Named {
	return []Named{
		named("administrative", "行政责任人", "administrative"),
		named("technical", "技术责任人", "technical"),
		named("patrol", "巡查责任人", "patrol"),
		named("dam_safety", "大坝安全责任人", "dam safety"),
		named("river_chief", "河长", "river chief"),
		named("manager", "管理责任人", "manager"),
		named("warning", "监测预警员", "monitoring and warning"),
	}
}

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool { return has(RoleNames(), string(r)) }

// Dispositions lists what becomes of a small hydropower station in its clean-up (清理整改分类).
func Dispositions() []Named {
	return []Named{named("exit", "退出", "exit"), named("rectify", "整改", "rectify"), named("keep", "保留", "keep")}
}

// Charges lists how a waterworks charges for its water (收费方式).
func Charges() []Named {
	return []Named{named("metered", "计量收费", "metered"), named("flat", "定额收费", "flat rate"), named("none", "未收费", "not charged")}
}

func has(list []Named, code string) bool {
	return slices.ContainsFunc(list, func(n Named) bool { return n.Code == code })
}

// NameOf finds the names of a code in a list; the code itself where the list has none.
func NameOf(list []Named, code string) fault.Text {
	for _, n := range list {
		if n.Code == code {
			return n.Name
		}
	}
	return fault.T(code, code)
}
