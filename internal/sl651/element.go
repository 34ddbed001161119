package sl651

import "anlan/internal/fault"

// Element is one row of table C.1, an element of what a station measures (编码要素).
type Element struct {
	ID       ID
	Symbol   string     // the identifier in ASCII
	Name     fault.Text // in both languages
	Unit     string     // empty where there is none
	Digits   uint8      // D of N(D,d); 0 where the data is no decimal figure
	Decimals uint8      // d of N(D,d)
}

// Def is the data definition byte that the standard gives the element: the bytes of its digits and its decimals, but for those whose
// definition is fixed (notes a to g). A frame may say otherwise, and then the frame holds.
func (e Element) Def() byte {
	switch e.ID {
	case idTime, idAddress, idText, idPicture:
		return byte(e.ID)
	case idRain:
		return 0x60
	case idBulk:
		return 0xF6
	case idStatus:
		return 4 << 3
	case idStep:
		return 3 << 3
	}
	if e.ID.block() {
		return 0xC0
	}
	return (e.Digits+1)/2<<3 | e.Decimals
}

// Elements are the rows of table C.1 by their identifiers. The slice is a copy.
func Elements() []Element { return append([]Element(nil), elements...) }

// ElementOf is the row of an identifier, and whether table C.1 has one.
func ElementOf(id ID) (Element, bool) {
	if id > 0xFF || elementRow[id] == 0 {
		return Element{}, false
	}
	return elements[elementRow[id]-1], true
}

// elementRow[id] is one more than the place of an element in the table, 0 where it has none.
var elementRow = func() (t [256]uint8) {
	for i, e := range elements {
		t[e.ID] = uint8(i + 1)
	}
	return t
}()

var symbols = func() map[string]ID {
	t := make(map[string]ID, len(elements))
	for _, e := range elements {
		t[e.Symbol] = e.ID
	}
	return t
}()

// lookID finds the identifier that a word of an ASCII body means, 0 for none: two hex digits for a parameter (6.6.2.2), the symbol of table
// C.1 for an element. An element beyond the table goes by its hex digits too, FF before those of an extension.
func lookID(w []byte, parameters bool) ID {
	if id, ok := symbols[string(w)]; ok && (!parameters || id == idAddress || id == idTime) {
		return id
	}
	var raw [2]byte
	switch {
	case len(w) == 2 && unhex(raw[:], w) && (parameters || elementRow[raw[0]] == 0):
		return ID(raw[0])
	case len(w) == 4 && unhex(raw[:], w) && raw[0] == 0xFF:
		return idExtension<<8 | ID(raw[1])
	}
	return 0
}

// elements is table C.1, made once and never changed.
var elements = []Element{
	{0x01, "AC", fault.T("断面面积", "cross-section area"), "m²", 8, 2},
	{0x02, "AI", fault.T("瞬时气温", "air temperature"), "°C", 3, 1},
	{0x03, "C", fault.T("瞬时水温", "water temperature"), "°C", 3, 1},
	{0x04, "DRxnn", fault.T("时间步长码", "time step"), "", 3, 0},
	{0x05, "DT", fault.T("时段长,降水、引排水、抽水历时", "duration of rain, diversion or pumping"), "HH.mm", 4, 0},
	{0x06, "ED", fault.T("日蒸发量", "daily evaporation"), "mm", 5, 1},
	{0x07, "EJ", fault.T("当前蒸发", "evaporation since the start of the day"), "mm", 5, 1},
	{0x08, "FL", fault.T("气压", "air pressure"), "hPa", 5, 0},
	{0x09, "GH", fault.T("闸坝、水库闸门开启高度", "gate opening height"), "m", 5, 2},
	{0x0A, "GN", fault.T("输水设备、闸门(组)编号", "number of the outlet or gate group"), "", 3, 0},
	{0x0B, "GS", fault.T("输水设备类别", "kind of outlet"), "", 1, 0},
	{0x0C, "GT", fault.T("水库、闸坝闸门开启孔数", "number of openings"), "", 3, 0},
	{0x0D, "GTP", fault.T("地温", "ground temperature"), "°C", 3, 1},
	{0x0E, "H", fault.T("地下水瞬时埋深", "depth to groundwater"), "m", 6, 2},
	{0x0F, "HW", fault.T("波浪高度", "wave height"), "m", 5, 2},
	{0x10, "M10", fault.T("10厘米处土壤含水量", "soil moisture at 10 cm"), "%", 4, 1},
	{0x11, "M20", fault.T("20厘米处土壤含水量", "soil moisture at 20 cm"), "%", 4, 1},
	{0x12, "M30", fault.T("30厘米处土壤含水量", "soil moisture at 30 cm"), "%", 4, 1},
	{0x13, "M40", fault.T("40厘米处土壤含水量", "soil moisture at 40 cm"), "%", 4, 1},
	{0x14, "M50", fault.T("50厘米处土壤含水量", "soil moisture at 50 cm"), "%", 4, 1},
	{0x15, "M60", fault.T("60厘米处土壤含水量", "soil moisture at 60 cm"), "%", 4, 1},
	{0x16, "M80", fault.T("80厘米处土壤含水量", "soil moisture at 80 cm"), "%", 4, 1},
	{0x17, "M100", fault.T("100厘米处土壤含水量", "soil moisture at 100 cm"), "%", 4, 1},
	{0x18, "MST", fault.T("湿度", "relative humidity"), "%", 4, 1},
	{0x19, "NS", fault.T("开机台数", "pumps or turbines running"), "", 2, 0},
	{0x1A, "P1", fault.T("1小时时段降水量", "rain in 1 hour"), "mm", 5, 1},
	{0x1B, "P2", fault.T("2小时时段降水量", "rain in 2 hours"), "mm", 5, 1},
	{0x1C, "P3", fault.T("3小时时段降水量", "rain in 3 hours"), "mm", 5, 1},
	{0x1D, "P6", fault.T("6小时时段降水量", "rain in 6 hours"), "mm", 5, 1},
	{0x1E, "P12", fault.T("12小时时段降水量", "rain in 12 hours"), "mm", 5, 1},
	{0x1F, "PD", fault.T("日降水量", "daily rain"), "mm", 5, 1},
	{0x20, "PJ", fault.T("当前降水量", "rain since the start of the day"), "mm", 5, 1},
	{0x21, "PN01", fault.T("1分钟时段降水量", "rain in 1 minute"), "mm", 5, 1},
	{0x22, "PN05", fault.T("5分钟时段降水量", "rain in 5 minutes"), "mm", 5, 1},
	{0x23, "PN10", fault.T("10分钟时段降水量", "rain in 10 minutes"), "mm", 5, 1},
	{0x24, "PN30", fault.T("30分钟时段降水量", "rain in 30 minutes"), "mm", 5, 1},
	{0x25, "PR", fault.T("暴雨量", "storm rain"), "mm", 5, 1},
	{0x26, "PT", fault.T("降水量累计值", "cumulative rain"), "mm", 6, 1},
	{0x27, "Q", fault.T("瞬时流量、抽水流量", "flow"), "m³/s", 9, 3},
	{0x28, "Q1", fault.T("取(排)水口流量1", "flow of intake or outfall 1"), "m³/s", 9, 3},
	{0x29, "Q2", fault.T("取(排)水口流量2", "flow of intake or outfall 2"), "m³/s", 9, 3},
	{0x2A, "Q3", fault.T("取(排)水口流量3", "flow of intake or outfall 3"), "m³/s", 9, 3},
	{0x2B, "Q4", fault.T("取(排)水口流量4", "flow of intake or outfall 4"), "m³/s", 9, 3},
	{0x2C, "Q5", fault.T("取(排)水口流量5", "flow of intake or outfall 5"), "m³/s", 9, 3},
	{0x2D, "Q6", fault.T("取(排)水口流量6", "flow of intake or outfall 6"), "m³/s", 9, 3},
	{0x2E, "Q7", fault.T("取(排)水口流量7", "flow of intake or outfall 7"), "m³/s", 9, 3},
	{0x2F, "Q8", fault.T("取(排)水口流量8", "flow of intake or outfall 8"), "m³/s", 9, 3},
	{0x30, "QA", fault.T("总出库流量、过闸总流量", "total outflow, total flow through gates"), "m³/s", 9, 3},
	{0x31, "QZ", fault.T("输水设备流量、过闸(组)流量", "flow through an outlet or gate group"), "m³/s", 9, 3},
	{0x32, "SW", fault.T("输沙量", "sediment load"), "10⁴ t", 11, 3},
	{0x33, "UC", fault.T("风向", "wind direction"), "", 2, 0},
	{0x34, "UE", fault.T("风力(级)", "wind force"), "", 2, 0},
	{0x35, "US", fault.T("风速", "wind speed"), "m/s", 4, 1},
	{0x36, "VA", fault.T("断面平均流速", "mean velocity of the section"), "m/s", 5, 3},
	{0x37, "VJ", fault.T("当前瞬时流速", "flow velocity"), "m/s", 5, 3},
	{0x38, "VT", fault.T("电源电压", "supply voltage"), "V", 4, 2},
	{0x39, "Z", fault.T("瞬时河道水位、潮位", "river or tide level"), "m", 7, 3},
	{0x3A, "ZB", fault.T("库(闸、站)下水位", "level below the dam, sluice or station"), "m", 7, 3},
	{0x3B, "ZU", fault.T("库(闸、站)上水位", "level above the dam, sluice or station"), "m", 7, 3},
	{0x3C, "Z1", fault.T("取(排)水口水位1", "level of intake or outfall 1"), "m", 7, 3},
	{0x3D, "Z2", fault.T("取(排)水口水位2", "level of intake or outfall 2"), "m", 7, 3},
	{0x3E, "Z3", fault.T("取(排)水口水位3", "level of intake or outfall 3"), "m", 7, 3},
	{0x3F, "Z4", fault.T("取(排)水口水位4", "level of intake or outfall 4"), "m", 7, 3},
	{0x40, "Z5", fault.T("取(排)水口水位5", "level of intake or outfall 5"), "m", 7, 3},
	{0x41, "Z6", fault.T("取(排)水口水位6", "level of intake or outfall 6"), "m", 7, 3},
	{0x42, "Z7", fault.T("取(排)水口水位7", "level of intake or outfall 7"), "m", 7, 3},
	{0x43, "Z8", fault.T("取(排)水口水位8", "level of intake or outfall 8"), "m", 7, 3},
	{0x44, "SQ", fault.T("含沙量", "sediment concentration"), "kg/m³", 9, 3},
	{0x45, "ZT", fault.T("遥测站状态及报警信息", "state and alarms"), "", 0, 0},
	{0x46, "pH", fault.T("pH值", "pH"), "", 4, 2},
	{0x47, "DO", fault.T("溶解氧", "dissolved oxygen"), "mg/L", 4, 1},
	{0x48, "COND", fault.T("电导率", "conductivity"), "µS/cm", 5, 0},
	{0x49, "TURB", fault.T("浊度", "turbidity"), "NTU", 3, 0},
	{0x4A, "CODMN", fault.T("高锰酸盐指数", "permanganate index"), "mg/L", 4, 1},
	{0x4B, "REDOX", fault.T("氧化还原电位", "redox potential"), "mV", 5, 1},
	{0x4C, "NH4N", fault.T("氨氮", "ammonia nitrogen"), "mg/L", 6, 2},
	{0x4D, "TP", fault.T("总磷", "total phosphorus"), "mg/L", 5, 3},
	{0x4E, "TN", fault.T("总氮", "total nitrogen"), "mg/L", 5, 2},
	{0x4F, "TOC", fault.T("总有机碳", "total organic carbon"), "mg/L", 4, 2},
	{0x50, "CU", fault.T("铜", "copper"), "mg/L", 7, 4},
	{0x51, "ZN", fault.T("锌", "zinc"), "mg/L", 6, 4},
	{0x52, "SE", fault.T("硒", "selenium"), "mg/L", 7, 5},
	{0x53, "AS", fault.T("砷", "arsenic"), "mg/L", 7, 5},
	{0x54, "THG", fault.T("总汞", "total mercury"), "mg/L", 7, 5},
	{0x55, "CD", fault.T("镉", "cadmium"), "mg/L", 7, 5},
	{0x56, "PB", fault.T("铅", "lead"), "mg/L", 7, 5},
	{0x57, "CHLA", fault.T("叶绿素a", "chlorophyll a"), "mg/L", 4, 2},
	{0x58, "WP1", fault.T("水压1", "water pressure 1"), "kPa", 5, 2},
	{0x59, "WP2", fault.T("水压2", "water pressure 2"), "kPa", 5, 2},
	{0x5A, "WP3", fault.T("水压3", "water pressure 3"), "kPa", 5, 2},
	{0x5B, "WP4", fault.T("水压4", "water pressure 4"), "kPa", 5, 2},
	{0x5C, "WP5", fault.T("水压5", "water pressure 5"), "kPa", 5, 2},
	{0x5D, "WP6", fault.T("水压6", "water pressure 6"), "kPa", 5, 2},
	{0x5E, "WP7", fault.T("水压7", "water pressure 7"), "kPa", 5, 2},
	{0x5F, "WP8", fault.T("水压8", "water pressure 8"), "kPa", 5, 2},
	{0x60, "SYL1", fault.T("水表1剩余水量", "volume left on meter 1"), "m³", 11, 3},
	{0x61, "SYL2", fault.T("水表2剩余水量", "volume left on meter 2"), "m³", 11, 3},
	{0x62, "SYL3", fault.T("水表3剩余水量", "volume left on meter 3"), "m³", 11, 3},
	{0x63, "SYL4", fault.T("水表4剩余水量", "volume left on meter 4"), "m³", 11, 3},
	{0x64, "SYL5", fault.T("水表5剩余水量", "volume left on meter 5"), "m³", 11, 3},
	{0x65, "SYL6", fault.T("水表6剩余水量", "volume left on meter 6"), "m³", 11, 3},
	{0x66, "SYL7", fault.T("水表7剩余水量", "volume left on meter 7"), "m³", 11, 3},
	{0x67, "SYL8", fault.T("水表8剩余水量", "volume left on meter 8"), "m³", 11, 3},
	{0x68, "SBL1", fault.T("水表1每小时水量", "hourly volume of meter 1"), "m³/h", 10, 2},
	{0x69, "SBL2", fault.T("水表2每小时水量", "hourly volume of meter 2"), "m³/h", 10, 2},
	{0x6A, "SBL3", fault.T("水表3每小时水量", "hourly volume of meter 3"), "m³/h", 10, 2},
	{0x6B, "SBL4", fault.T("水表4每小时水量", "hourly volume of meter 4"), "m³/h", 10, 2},
	{0x6C, "SBL5", fault.T("水表5每小时水量", "hourly volume of meter 5"), "m³/h", 10, 2},
	{0x6D, "SBL6", fault.T("水表6每小时水量", "hourly volume of meter 6"), "m³/h", 10, 2},
	{0x6E, "SBL7", fault.T("水表7每小时水量", "hourly volume of meter 7"), "m³/h", 10, 2},
	{0x6F, "SBL8", fault.T("水表8每小时水量", "hourly volume of meter 8"), "m³/h", 10, 2},
	{0x70, "VTA", fault.T("交流A相电压", "AC voltage, phase A"), "V", 4, 1},
	{0x71, "VTB", fault.T("交流B相电压", "AC voltage, phase B"), "V", 4, 1},
	{0x72, "VTC", fault.T("交流C相电压", "AC voltage, phase C"), "V", 4, 1},
	{0x73, "VIA", fault.T("交流A相电流", "AC current, phase A"), "A", 4, 1},
	{0x74, "VIB", fault.T("交流B相电流", "AC current, phase B"), "A", 4, 1},
	{0x75, "VIC", fault.T("交流C相电流", "AC current, phase C"), "A", 4, 1},
	{0xF0, "TT", fault.T("观测时间引导符", "time of observation"), "", 10, 0},
	{0xF1, "ST", fault.T("测站编码引导符", "station"), "", 10, 0},
	{0xF2, "RGZS", fault.T("人工置数", "text put in by hand"), "", 0, 0},
	{0xF3, "PIC", fault.T("图片信息", "picture"), "", 0, 0},
	{0xF4, "DRP", fault.T("1小时内每5分钟时段雨量", "rain of each 5 minutes in an hour"), "mm", 0, 1},
	{0xF5, "DRZ1", fault.T("1小时内5分钟间隔相对水位1", "relative level 1 at each 5 minutes in an hour"), "m", 0, 2},
	{0xF6, "DRZ2", fault.T("1小时内5分钟间隔相对水位2", "relative level 2 at each 5 minutes in an hour"), "m", 0, 2},
	{0xF7, "DRZ3", fault.T("1小时内5分钟间隔相对水位3", "relative level 3 at each 5 minutes in an hour"), "m", 0, 2},
	{0xF8, "DRZ4", fault.T("1小时内5分钟间隔相对水位4", "relative level 4 at each 5 minutes in an hour"), "m", 0, 2},
	{0xF9, "DRZ5", fault.T("1小时内5分钟间隔相对水位5", "relative level 5 at each 5 minutes in an hour"), "m", 0, 2},
	{0xFA, "DRZ6", fault.T("1小时内5分钟间隔相对水位6", "relative level 6 at each 5 minutes in an hour"), "m", 0, 2},
	{0xFB, "DRZ7", fault.T("1小时内5分钟间隔相对水位7", "relative level 7 at each 5 minutes in an hour"), "m", 0, 2},
	{0xFC, "DRZ8", fault.T("1小时内5分钟间隔相对水位8", "relative level 8 at each 5 minutes in an hour"), "m", 0, 2},
	{0xFD, "DATA", fault.T("流速批量数据", "batch of flow velocities"), "", 0, 0},
}
