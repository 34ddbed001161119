package reading

import (
	"slices"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// ID is the small number of a quantity in stored rows; it never changes.
type ID int16

// Kind is how the figures of a quantity relate to time.
type Kind string

// The kinds.
const (
	Instant Kind = "instant" // holds at its stamp
	Total   Kind = "total"   // gathered over the span that ends at its stamp; totals add up
	Counter Kind = "counter" // only grows, until it is reset or rolls over
)

// Quantity is one row of the register (观测量): what may be observed, how it is written, and what it can be.
type Quantity struct {
	ID       ID         `json:"-"`
	Code     string     `json:"code"`
	Name     fault.Text `json:"name"`
	Symbol   string     `json:"symbol"`
	Unit     string     `json:"unit"`
	Decimals int        `json:"decimals"`
	Kind     Kind       `json:"kind" enum:"instant,total,counter"`
	// Least and Most bound what is plausible at any station; a station may have narrower limits of its own.
	Least quantity.Decimal `json:"least"`
	Most  quantity.Decimal `json:"most"`
	// Element is the identifier of SL 651-2014 table C.1 in hex; empty where the table has none.
	Element string `json:"element,omitempty"`
	// Columns are the columns of SL 323 real-time tables that hold it, as TABLE.COLUMN.
	Columns []string `json:"columns,omitempty"`
}

// The quantities that rules name. Totals of rain are made of Rain alone; the others of its family are kept as they came.
const (
	Level        ID = 1
	Flow         ID = 2
	Rain         ID = 3
	RainCounter  ID = 4
	RainSoFar    ID = 5
	RainDay      ID = 6
	UpperLevel   ID = 7
	LowerLevel   ID = 8
	Storage      ID = 9
	Inflow       ID = 10
	Outflow      ID = 11
	Tide         ID = 12
	Voltage      ID = 13
	GateOpening  ID = 14
	Groundwater  ID = 18
	Evaporation  ID = 19
	SoilMoisture ID = 21
)

// HydrologicalDay is the span of a day's total.
const HydrologicalDay = 24 * time.Hour

// All lists the register in the order of its numbers.
func All() []Quantity { return slices.Clone(register) }

// ByID finds a quantity by its number.
func ByID(id ID) (Quantity, bool) {
	if id < 1 || int(id) > len(register) {
		return Quantity{}, false
	}
	return register[id-1], true
}

// ByCode finds a quantity by its code.
func ByCode(code string) (Quantity, bool) {
	return find(func(q *Quantity) bool { return q.Code == code })
}

// ByElement finds the quantity that an element of SL 651 is kept as, by its identifier in hex of either case.
func ByElement(element string) (Quantity, bool) {
	element = strings.ToUpper(element)
	return find(func(q *Quantity) bool { return q.Element != "" && q.Element == element })
}

// ByColumn finds the quantity that a column of an SL 323 table holds, whatever the case of its name.
func ByColumn(table, column string) (Quantity, bool) {
	name := strings.ToUpper(table + "." + column)
	return find(func(q *Quantity) bool { return slices.Contains(q.Columns, name) })
}

func find(is func(q *Quantity) bool) (Quantity, bool) {
	for i := range register {
		if is(&register[i]) {
			return register[i], true
		}
	}
	return Quantity{}, false
}

// register is made once and never changed; a row's number is one more than its place.
//
// Names, symbols, units and decimals follow SL 651-2014 table C.1 and the tables of SL 323. What is plausible is general knowledge,
// set wide: it is meant to catch fillers and broken sensors, and each station should have limits of its own.
var register = makeRegister()

func makeRegister() []Quantity {
	var out []Quantity
	add := func(code, zh, en, symbol, unit string, decimals int, kind Kind, least, most, element string, columns ...string) {
		out = append(out, Quantity{
			ID(len(out) + 1), code, fault.T(zh, en), symbol, unit, decimals, kind, quantity.MustParse(least), quantity.MustParse(most), element, columns,
		})
	}
	// Levels lie between the Dead Sea of China (Aydingkol, -154 m) and the highest gauges of Tibet.
	add("level", "河道水位", "river level", "Z", "m", 3, Instant, "-160", "5600", "39", "ST_RIVER_R.Z")
	add("flow", "流量", "flow", "Q", "m³/s", 3, Instant, "-100000", "150000", "27", "ST_RIVER_R.Q", "ST_WAS_R.TGTQ", "ST_PUMP_R.PMPQ")
	add("rain", "时段降水量", "rain of a span", "DRP", "mm", 1, Total, "0", "700", "22", "ST_PPTN_R.DRP")
	add("rain_counter", "累计降水量", "cumulative rain", "PT", "mm", 1, Counter, "0", "99999.9", "26")
	add("rain_so_far", "日内累计降水量", "rain since 08:00", "PJ", "mm", 1, Instant, "0", "2000", "20")
	add("rain_day", "日降水量", "daily rain", "DYP", "mm", 1, Total, "0", "2000", "1F", "ST_PPTN_R.DYP")
	add("upper_level", "库（闸）上水位", "level above the dam or sluice", "ZU", "m", 3, Instant, "-160", "5600", "3B", "ST_RSVR_R.RZ", "ST_WAS_R.UPZ", "ST_PUMP_R.PPUPZ")
	add("lower_level", "库（闸）下水位", "level below the dam or sluice", "ZB", "m", 3, Instant, "-160", "5600", "3A", "ST_RSVR_R.BLRZ", "ST_WAS_R.DWZ", "ST_PUMP_R.PPDWZ")
	add("storage", "蓄水量", "storage", "W", "10⁶ m³", 3, Instant, "0", "50000", "", "ST_RSVR_R.W")
	add("inflow", "入库流量", "inflow", "INQ", "m³/s", 3, Instant, "-10000", "150000", "", "ST_RSVR_R.INQ")
	add("outflow", "出库流量", "outflow", "OTQ", "m³/s", 3, Instant, "0", "150000", "30", "ST_RSVR_R.OTQ")
	add("tide", "潮位", "tide level", "TDZ", "m", 3, Instant, "-10", "15", "", "ST_TIDE_R.TDZ")
	add("voltage", "电源电压", "supply voltage", "VT", "V", 2, Instant, "0", "60", "38")
	add("gate_opening", "闸门开启高度", "gate opening height", "GH", "m", 2, Instant, "0", "60", "09", "ST_GATE_R.GTOPHGT")
	add("gates_open", "闸门开启孔数", "gates open", "GT", "", 0, Instant, "0", "200", "0C", "ST_GATE_R.GTOPNUM")
	add("air_temperature", "气温", "air temperature", "AI", "°C", 1, Instant, "-60", "60", "02")
	add("water_temperature", "水温", "water temperature", "C", "°C", 1, Instant, "-2", "50", "03")
	add("groundwater_depth", "地下水埋深", "depth to groundwater", "H", "m", 2, Instant, "-5", "500", "0E")
	add("evaporation", "日蒸发量", "daily evaporation", "DYE", "mm", 1, Total, "0", "50", "06", "ST_DAYEV_R.DYE")
	add("velocity", "流速", "flow velocity", "VJ", "m/s", 3, Instant, "-15", "15", "37")
	add("soil_moisture", "10厘米土壤含水量", "soil moisture at 10 cm", "M10", "%", 1, Instant, "0", "100", "10")
	add("wind_speed", "风速", "wind speed", "US", "m/s", 1, Instant, "0", "100", "35")
	add("humidity", "湿度", "relative humidity", "MST", "%", 1, Instant, "0", "100", "18")
	add("air_pressure", "气压", "air pressure", "FL", "hPa", 0, Instant, "400", "1100", "08", "ST_TIDE_R.AIRP")
	add("ph", "pH值", "pH", "pH", "", 2, Instant, "0", "14", "46")
	add("dissolved_oxygen", "溶解氧", "dissolved oxygen", "DO", "mg/L", 1, Instant, "0", "40", "47")
	add("conductivity", "电导率", "conductivity", "COND", "µS/cm", 0, Instant, "0", "99999", "48")
	add("turbidity", "浊度", "turbidity", "TURB", "NTU", 0, Instant, "0", "9999", "49")
	add("permanganate", "高锰酸盐指数", "permanganate index", "CODMN", "mg/L", 1, Instant, "0", "200", "4A")
	add("ammonia", "氨氮", "ammonia nitrogen", "NH4N", "mg/L", 2, Instant, "0", "300", "4C")
	add("total_phosphorus", "总磷", "total phosphorus", "TP", "mg/L", 3, Instant, "0", "50", "4D")
	add("total_nitrogen", "总氮", "total nitrogen", "TN", "mg/L", 2, Instant, "0", "300", "4E")
	return out
}
