// Package objectfile reads the register of water objects from the tables and GeoJSON that offices keep, says what each row would
// change, and writes the register in the same columns.
//
// Heads are known by many names, those of SL/T 809 (水利对象基础数据库) among them; a column that is not known is kept as it is. A blank
// cell says nothing. A row is added, changed, the same, refused or ignored, with its place and reason, and the same file twice
// changes nothing. Coordinates are in the system that a person states and become CGCS2000. What is stored is the registry's business.
package objectfile

import (
	"fmt"
	"strconv"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/workbook"
)

// Options are what a person says of a file.
type Options struct {
	System geodesy.System  // of its coordinates; may be none where it has none
	Kind   objectrule.Kind // of rows that name none
	Scheme string          // of codes in a table without that column; registry.OwnScheme where empty
}

// column is a column of the register: its names in files and its place in an object.
type column struct {
	key     string // as in the API and in GeoJSON
	name    fault.Text
	unit    string // code of quantity.Units, "kw" or "m3_day"; "" for what is no figure
	aliases string // other heads, folded, apart by blanks
	place   func(o *registry.WaterObject) any
}

// The columns that are no field of an object of their own.
const (
	colDivision = "division"
	colCounty   = "division_name"
	colManager  = "organisation"
	colLon      = "lon"
	colLat      = "lat"
	colDeleted  = "del_flag"
	colPassed   = "passed_over"
)

// columns lists the columns in the order in which they are written; the kind comes before what hangs on it.
func columns() []column {
	type obj = registry.WaterObject
	c := func(key, zh, en, unit, aliases string, place func(o *obj) any) column {
		return column{key, fault.T(zh, en), unit, aliases, place}
	}
	return []column{
		c("scheme", "编码体系", "code scheme", "", "编码标准 codescheme", func(o *obj) any { return &o.Scheme }),
		c("code", "代码", "code", "", "编码 编号 测站编码 站码 stcd 工程编码 工程代码 对象编码 水库代码 水库编码 山塘编码 电站编码 统一编码 objcode engcode objectcode", func(o *obj) any { return &o.Code }),
		c("kind", "类别", "kind", "", "类型 对象类型 对象类别 工程类型 工程类别 objtype objkind", func(o *obj) any { return &o.Kind }),
		c("name", "名称", "name", "", "对象名称 工程名称 测站名称 站名 stnm 水库名称 山塘名称 电站名称 水电站名称 河道名称 河流名称 村落名称 村名 古井名称 堤防名称 水闸名称 海塘名称 泵站名称 水厂名称 供水工程名称 项目名称 objname engname namezh", func(o *obj) any { return &o.Name.Zh }),
		c("name_en", "英文名称", "English name", "", "nameen enname", func(o *obj) any { return &o.Name.En }),
		c(colDivision, "区划代码", "division code", "", "行政区划代码 行政区代码 所在区划代码 adcd adcode addvcd countycode", nil),
		c(colCounty, "所在区划", "division name", "", "县(市、区) 县(市区) 县市区 区县 所在县 所在县区 所属县 所属区县 所属县(市、区) 行政区划 县区 所在地 county adname addvnm divisionname", nil),
		c(colManager, "管理单位", "managing unit", "", "管理机构 主管单位 管理单位名称 manager admunit adunit manunit", nil),
		c("river", "所在河流", "river", "", "河流 所在河道 所属河流 河名 rvname rvnm rivername", func(o *obj) any { return &o.River }),
		c(colLon, "经度", "longitude", "", "东经 lng long lgtd longitude x centerx", nil),
		c(colLat, "纬度", "latitude", "", "北纬 lttd latitude y centery", nil),
		c("scale", "规模", "scale", "", "工程规模 水库规模 工程等别 engscal scal objscale", func(o *obj) any { return &o.Scale }),
		c("storage_wan_m3", "总库容", "total storage", "wan_m3", "库容 totcap totalstorage", func(o *obj) any { return &o.StorageWanM3 }),
		c("dam_height_m", "坝高", "dam height", "m", "最大坝高 maxdamheig damheig damheight maxdamheight", func(o *obj) any { return &o.DamHeightM }),
		c("installed_kw", "装机容量", "installed capacity", "kw", "总装机容量 装机 totinscap inscap", func(o *obj) any { return &o.InstalledKW }),
		c("population", "人口", "population", "person", "受益人口 供水人口 设计供水人口 户籍人口 常住人口 pop watsuppop", func(o *obj) any { return &o.Population }),
		c("supply_m3_day", "供水规模", "supply", "m3_day", "设计供水规模 日供水量 dessupwat watsupscal", func(o *obj) any { return &o.SupplyM3Day }),
		c("length_m", "长度", "length", "m", "河长 堤长 堤防长度 海塘长度 河道长度 dikelen seawalllength length rvlen", func(o *obj) any { return &o.LengthM }),
		c("commissioned_on", "竣工验收日期", "completion acceptance", "", "竣工验收时间 竣工日期 竣工时间 竣工验收 建成日期 建成时间 建成年月 compdate", func(o *obj) any { return &o.CommissionedOn }),
		c("impounded_on", "蓄水验收日期", "impoundment acceptance", "", "蓄水验收时间 蓄水验收 下闸蓄水日期 impdate", func(o *obj) any { return &o.ImpoundedOn }),
		c("appraised_on", "鉴定批准日期", "appraisal approved", "", "安全鉴定批准日期 鉴定审定日期 安全鉴定日期 安全鉴定时间 鉴定时间 最近一次鉴定时间 appdate", func(o *obj) any { return &o.AppraisedOn }),
		c("appraisal_class", "大坝类别", "dam class", "", "鉴定结论 安全鉴定结论 安全鉴定类别 安全类别 safetyconclusion damclass", func(o *obj) any { return &o.AppraisalClass }),
		c("appraisal_period_years", "鉴定周期", "appraisal period", "", "鉴定周期(年) appperiod", func(o *obj) any { return &o.AppraisalPeriodYears }),
		c("reinforced_on", "加固竣工日期", "reinforced", "", "除险加固竣工日期 除险加固完成时间 除险加固时间 加固完成日期 reidate", func(o *obj) any { return &o.ReinforcedOn }),
		c("affects_county_town", "影响县城", "affects county town", "", "是否影响县城", func(o *obj) any { return &o.AffectsCountyTown }),
		c("disposition", "清理整改分类", "disposition", "", "处置分类 整改分类 清理整改类别 分类处置", func(o *obj) any { return &o.Disposition }),
		c("charging", "收费方式", "charging", "", "水费收缴方式 收费情况 chargetype", func(o *obj) any { return &o.Charging }),
		c(colDeleted, "删除标志", "deleted", "", "delflag isdel 是否删除", nil),
		// What follows from the rest, as this program writes it, is read past.
		c(colPassed, "", "", "", "id 序号 no 下一到期日 到期状态 nextdue duestate", nil),
	}
}

// tables are the beginnings of the names and codes in the tables of SL/T 809, with the kind that they imply.
func tables() map[string]objectrule.Kind {
	return map[string]objectrule.Kind{
		"res": objectrule.Reservoir, "mnpd": objectrule.Pond, "pond": objectrule.Pond, "hyst": objectrule.Hydropower, "hysta": objectrule.Hydropower,
		"cws": objectrule.Waterworks, "dike": objectrule.Dike, "waga": objectrule.Sluice, "pust": objectrule.PumpStation, "seawall": objectrule.Seawall,
		"rv": objectrule.River, "riv": objectrule.River, "prev": objectrule.Village,
	}
}

// foldHead brings a head to the form in which heads are compared: narrow, small, without blanks, underscores and a unit behind.
func foldHead(head string) (name, unit string) {
	s := strings.ToLower(workbook.Fold(head))
	s = strings.NewReplacer(" ", "", "\n", "", "\r", "", "\t", "", "_", "", "*", "", "：", "", ":", "").Replace(s)
	if i := strings.LastIndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") {
		inner := s[i+1 : len(s)-1]
		if isUnit(inner) {
			return s[:i], inner
		}
	}
	if i := strings.LastIndexByte(s, '/'); i > 0 && isUnit(s[i+1:]) {
		return s[:i], s[i+1:]
	}
	return s, ""
}

func isUnit(word string) bool {
	_, known := workbook.UnitOfWord(word)
	_, own := ownUnits()[word]
	return known || own
}

// ownUnits are units that no return uses and registers do: how many of the column's unit one of them is.
func ownUnits() map[string]struct {
	unit   string
	factor quantity.Decimal
} {
	type u = struct {
		unit   string
		factor quantity.Decimal
	}
	return map[string]u{
		"kw": {"kw", quantity.Int(1)}, "千瓦": {"kw", quantity.Int(1)}, "mw": {"kw", quantity.Int(1000)}, "兆瓦": {"kw", quantity.Int(1000)},
		"万kw": {"kw", quantity.Int(10_000)}, "万千瓦": {"kw", quantity.Int(10_000)},
		"m3/d": {"m3_day", quantity.Int(1)}, "m³/d": {"m3_day", quantity.Int(1)}, "吨/日": {"m3_day", quantity.Int(1)}, "t/d": {"m3_day", quantity.Int(1)},
		"万m3/d": {"m3_day", quantity.Int(10_000)}, "万m³/d": {"m3_day", quantity.Int(10_000)}, "万吨/日": {"m3_day", quantity.Int(10_000)},
		"m3/日": {"m3_day", quantity.Int(1)}, "m³/日": {"m3_day", quantity.Int(1)}, "立方米/日": {"m3_day", quantity.Int(1)},
		"年": {"year", quantity.Int(1)},
	}
}

// known finds the column of a head; kind is what an SL/T 809 head implies, "" else.
func known(head string) (key string, kind objectrule.Kind, unit string) {
	name, unit := foldHead(head)
	for _, c := range columns() {
		zh, _ := foldHead(c.name.Zh)
		en, _ := foldHead(c.name.En)
		own := strings.ReplaceAll(c.key, "_", "")
		if name == "" {
			break
		}
		if name == zh || name == en || name == own || hasWord(c.aliases, name) {
			return c.key, "", unit
		}
	}
	for prefix, kind := range tables() {
		switch name {
		case prefix + "name":
			return "name", kind, unit
		case prefix + "code":
			return "code", kind, unit
		}
	}
	return "", "", unit
}

func hasWord(words, w string) bool {
	for _, x := range strings.Fields(words) {
		if x == w {
			return w != ""
		}
	}
	return false
}

// text is what a column of an object says, as it is written and compared; "" where absent.
func (c column) text(o *registry.WaterObject) string {
	switch c.key {
	case colDivision:
		return o.Division
	case colManager:
		return o.OrganisationName.Zh
	case colLon:
		if o.Place != nil {
			return degrees(o.Place.Lon)
		}
		return ""
	case colLat:
		if o.Place != nil {
			return degrees(o.Place.Lat)
		}
		return ""
	case "scale":
		return wordOf(objectrule.Scales(o.Kind), string(o.Scale))
	case "disposition":
		return wordOf(objectrule.Dispositions(), o.Disposition)
	case "charging":
		return wordOf(objectrule.Charges(), o.Charging)
	case colCounty, colDeleted, colPassed:
		return ""
	}
	switch p := c.place(o).(type) {
	case *string:
		return *p
	case *objectrule.Kind:
		return wordOf(objectrule.Kinds(), string(*p))
	case *quantity.Null:
		if p.Valid {
			return p.Decimal.String()
		}
	case **hydrotime.Date:
		if *p != nil {
			return (*p).String()
		}
	case **int64:
		if *p != nil {
			return strconv.FormatInt(**p, 10)
		}
	case **bool:
		if *p != nil && **p {
			return "是"
		} else if *p != nil {
			return "否"
		}
	default:
		panic(fmt.Sprintf("objectfile: column %s has a place of type %T", c.key, p))
	}
	return ""
}

func wordOf(list []objectrule.Named, code string) string {
	if code == "" {
		return ""
	}
	return objectrule.NameOf(list, code).Zh
}

// degrees writes ten-millionths, a centimetre, without zeros at the end.
func degrees(v float64) string {
	s := strconv.FormatFloat(v, 'f', 7, 64)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// carry copies what a column says from one object to another.
func (c column) carry(to, from *registry.WaterObject) {
	switch p := c.place(to).(type) {
	case *string:
		*p = *c.place(from).(*string)
	case *objectrule.Kind:
		*p = *c.place(from).(*objectrule.Kind)
	case *objectrule.Scale:
		*p = *c.place(from).(*objectrule.Scale)
	case *quantity.Null:
		*p = *c.place(from).(*quantity.Null)
	case **hydrotime.Date:
		*p = *c.place(from).(**hydrotime.Date)
	case **int64:
		*p = *c.place(from).(**int64)
	case **bool:
		*p = *c.place(from).(**bool)
	}
}
