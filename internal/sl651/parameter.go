package sl651

import (
	"fmt"

	"anlan/internal/fault"
)

// Parameter is one row of annex D: of the basic configuration (基本配置, table D.1) below 20, of the running parameters (运行参数, table D.4)
// from 20 on. Their numbers are those of elements; the function code tells them apart.
type Parameter struct {
	ID       ID
	Name     fault.Text
	Unit     string
	Digits   uint8 // D of N(D,d); 0 where the data is no decimal figure or there is none
	Decimals uint8
}

// Def is the data definition byte that annex D gives the parameter; 0 where the length varies or there is no data.
func (p Parameter) Def() byte {
	switch p.ID {
	case 0x01:
		return 4 << 3
	case 0x02:
		return 5 << 3
	case PasswordParameter:
		return 2 << 3
	case 0x0D:
		return 8 << 3
	}
	return (p.Digits+1)/2<<3 | p.Decimals
}

// Parameters are the rows of tables D.1 and D.4 by their identifiers. The slice is a copy.
func Parameters() []Parameter { return append([]Parameter(nil), parameters...) }

// ParameterOf is the row of an identifier, and whether annex D has one.
func ParameterOf(id ID) (Parameter, bool) {
	for _, p := range parameters {
		if p.ID == id {
			return p, true
		}
	}
	return Parameter{}, false
}

// ChannelKind is what a station reaches a centre by, table D.1 at 04.
type ChannelKind uint8

// The kinds of channel.
const (
	NoChannel ChannelKind = iota
	SMS
	IPv4
	Beidou
	Inmarsat
	PSTN
	VHF
)

// Channel is where a station sends to (信道类型及地址), parameters 04 to 0B.
type Channel struct {
	Kind ChannelKind
	IP   [4]byte // of IPv4
	Port uint16  // of IPv4
	To   string  // the digits of another kind's address, a telephone number for SMS
}

// String is the channel for a person.
func (c Channel) String() string {
	switch c.Kind {
	case NoChannel:
		return "disabled"
	case IPv4:
		return fmt.Sprintf("%d.%d.%d.%d:%d", c.IP[0], c.IP[1], c.IP[2], c.IP[3], c.Port)
	}
	return c.To
}

// ParseChannel reads the data of a parameter 04 to 0B: the kind, and for IPv4 twelve digits of address and six of port, else the digits of the
// address, of which an odd number is filled up with A in front (6.6.3.3 b).
func ParseChannel(b []byte) (Channel, error) {
	if len(b) == 0 || b[0] > byte(VHF) {
		return Channel{}, &Error{Reason: BadDigits, Got: 0x04}
	}
	c := Channel{Kind: ChannelKind(b[0])}
	if c.Kind != IPv4 {
		return c.parseDigits(b[1:])
	}
	if len(b) != 10 {
		return Channel{}, &Error{Reason: BadLength, Got: uint32(len(b)), Want: 10}
	}
	var figures [5]int
	for i := range 18 {
		v := b[1+i/2] >> (4 * (1 - i%2)) & 0xF
		if v > 9 {
			return Channel{}, &Error{Reason: BadDigits, At: 1 + i/2, Got: 0x04}
		}
		k := min(i/3, 4)
		figures[k] = 10*figures[k] + int(v)
	}
	for i := range c.IP {
		if figures[i] > 255 {
			return Channel{}, &Error{Reason: BadDigits, At: 1 + 3*i/2, Got: 0x04}
		}
		c.IP[i] = byte(figures[i])
	}
	if figures[4] > 65535 {
		return Channel{}, &Error{Reason: BadDigits, At: 7, Got: 0x04}
	}
	c.Port = uint16(figures[4])
	return c, nil
}

func (c Channel) parseDigits(b []byte) (Channel, error) {
	for i := range 2 * len(b) {
		v := b[i/2] >> (4 * (1 - i%2)) & 0xF
		switch {
		case v == 0xA && i == 0:
		case v > 9:
			return Channel{}, &Error{Reason: BadDigits, At: 1 + i/2, Got: 0x04}
		default:
			c.To += string(rune('0' + v))
		}
	}
	return c, nil
}

// Append writes the channel as the data of a parameter.
func (c Channel) Append(dst []byte) ([]byte, error) {
	dst = append(dst, byte(c.Kind))
	text := c.To
	if c.Kind == IPv4 {
		text = fmt.Sprintf("%03d%03d%03d%03d%06d", c.IP[0], c.IP[1], c.IP[2], c.IP[3], c.Port)
	}
	if len(text)%2 == 1 {
		text = "A" + text
	}
	packed := make([]byte, len(text)/2)
	for i, r := range []byte(text) {
		if v := nibbles[r]; v > 9 && (r != 'A' || i > 0) {
			return dst, &Error{Reason: BadDigits, At: i, Got: 0x04}
		}
	}
	unhex(packed, []byte(text))
	return append(dst, packed...), nil
}

// Monitored says whether the bitmap of parameter 0D has an element switched on, table D.2: bit 7 of the first byte is rain.
func Monitored(bitmap []byte, m Measured) bool {
	return int(m)/8 < len(bitmap) && bitmap[m/8]>>(7-m%8)&1 == 1
}

// Measured is a place in table D.2 (监测要素), counted from bit 7 of the first byte.
type Measured uint8

// Name is what is measured there; empty for a place that table D.2 leaves free.
func (m Measured) Name() fault.Text {
	if int(m) < len(measured) {
		return measured[m]
	}
	return fault.Text{}
}

var measured = [64]fault.Text{
	fault.T("降水量", "rain"), fault.T("蒸发量", "evaporation"), fault.T("风向", "wind direction"), fault.T("风速", "wind speed"),
	fault.T("气温", "air temperature"), fault.T("湿度", "humidity"), fault.T("地温", "ground temperature"), fault.T("气压", "air pressure"),
	fault.T("水位8", "level 8"), fault.T("水位7", "level 7"), fault.T("水位6", "level 6"), fault.T("水位5", "level 5"),
	fault.T("水位4", "level 4"), fault.T("水位3", "level 3"), fault.T("水位2", "level 2"), fault.T("水位1", "level 1"),
	fault.T("地下水埋深", "depth to groundwater"), fault.T("图片", "picture"), fault.T("波浪", "waves"), fault.T("闸门开度", "gate opening"),
	fault.T("水量", "volume"), fault.T("流速", "flow velocity"), fault.T("流量", "flow"), fault.T("水压", "water pressure"),
	fault.T("水表8", "meter 8"), fault.T("水表7", "meter 7"), fault.T("水表6", "meter 6"), fault.T("水表5", "meter 5"),
	fault.T("水表4", "meter 4"), fault.T("水表3", "meter 3"), fault.T("水表2", "meter 2"), fault.T("水表1", "meter 1"),
	fault.T("100CM墒情", "soil at 100 cm"), fault.T("80CM墒情", "soil at 80 cm"), fault.T("60CM墒情", "soil at 60 cm"), fault.T("50CM墒情", "soil at 50 cm"),
	fault.T("40CM墒情", "soil at 40 cm"), fault.T("30CM墒情", "soil at 30 cm"), fault.T("20CM墒情", "soil at 20 cm"), fault.T("10CM墒情", "soil at 10 cm"),
	fault.T("pH值", "pH"), fault.T("溶解氧", "dissolved oxygen"), fault.T("电导率", "conductivity"), fault.T("浊度", "turbidity"),
	fault.T("氧化还原电位", "redox potential"), fault.T("高锰酸盐指数", "permanganate index"), fault.T("氨氮", "ammonia nitrogen"), fault.T("水温", "water temperature"),
	fault.T("总有机碳", "total organic carbon"), fault.T("总氮", "total nitrogen"), fault.T("总磷", "total phosphorus"), fault.T("锌", "zinc"),
	fault.T("硒", "selenium"), fault.T("砷", "arsenic"), fault.T("总汞", "total mercury"), fault.T("镉", "cadmium"),
	61: fault.T("叶绿素a", "chlorophyll a"), 62: fault.T("铜", "copper"), 63: fault.T("铅", "lead"),
}

// Served is a run of stations that a relay passes on (服务地址范围), table D.3.
type Served struct {
	First Address
	Count uint8
}

// ParseServed reads the data of parameter 0E: five bytes of the first address and one of BCD for how many follow each other.
func ParseServed(b []byte) ([]Served, error) {
	if len(b)%6 != 0 {
		return nil, &Error{Reason: BadLength, Got: uint32(len(b)), Want: uint32(len(b) / 6 * 6)}
	}
	out := make([]Served, 0, len(b)/6)
	for i := 0; i < len(b); i += 6 {
		n := bcd[b[i+5]]
		if n > 99 {
			return nil, &Error{Reason: BadDigits, At: i + 5, Got: uint32(paramRelay)}
		}
		out = append(out, Served{Address(b[i : i+5]), n})
	}
	return out, nil
}

// parameters are tables D.1 and D.4, made once and never changed.
var parameters = []Parameter{
	{0x01, fault.T("中心站地址", "addresses of the centres"), "", 0, 0},
	{0x02, fault.T("遥测站地址", "address of the station"), "", 0, 0},
	{0x03, fault.T("密码", "password"), "", 0, 0},
	{0x04, fault.T("中心站1主信道类型及地址", "main channel to centre 1"), "", 0, 0},
	{0x05, fault.T("中心站1备用信道类型及地址", "spare channel to centre 1"), "", 0, 0},
	{0x06, fault.T("中心站2主信道类型及地址", "main channel to centre 2"), "", 0, 0},
	{0x07, fault.T("中心站2备用信道类型及地址", "spare channel to centre 2"), "", 0, 0},
	{0x08, fault.T("中心站3主信道类型及地址", "main channel to centre 3"), "", 0, 0},
	{0x09, fault.T("中心站3备用信道类型及地址", "spare channel to centre 3"), "", 0, 0},
	{0x0A, fault.T("中心站4主信道类型及地址", "main channel to centre 4"), "", 0, 0},
	{0x0B, fault.T("中心站4备用信道类型及地址", "spare channel to centre 4"), "", 0, 0},
	{0x0C, fault.T("工作方式", "working mode"), "", 2, 0},
	{0x0D, fault.T("遥测站采集要素设置", "elements measured"), "", 0, 0},
	{0x0E, fault.T("中继站(集合转发站)服务地址范围", "stations that a relay serves"), "", 0, 0},
	{0x0F, fault.T("遥测站通信设备识别号", "number of the communication device"), "", 0, 0},
	{0x20, fault.T("定时报时间间隔", "interval of timed reports"), "h", 2, 0},
	{0x21, fault.T("加报时间间隔", "interval of added reports"), "min", 2, 0},
	{0x22, fault.T("降水量日起始时间", "hour at which the day of rain begins"), "h", 2, 0},
	{0x23, fault.T("采样间隔", "sampling interval"), "s", 4, 0},
	{0x24, fault.T("水位数据存储间隔", "storage interval of levels"), "min", 2, 0},
	{0x25, fault.T("雨量计分辨力", "resolution of the rain gauge"), "mm", 2, 1},
	{0x26, fault.T("水位计分辨力", "resolution of the level gauge"), "cm", 2, 1},
	{0x27, fault.T("雨量加报阈值", "rain that makes an added report"), "mm", 2, 0},
	{0x28, fault.T("水位基值1", "level base 1"), "m", 7, 3},
	{0x29, fault.T("水位基值2", "level base 2"), "m", 7, 3},
	{0x2A, fault.T("水位基值3", "level base 3"), "m", 7, 3},
	{0x2B, fault.T("水位基值4", "level base 4"), "m", 7, 3},
	{0x2C, fault.T("水位基值5", "level base 5"), "m", 7, 3},
	{0x2D, fault.T("水位基值6", "level base 6"), "m", 7, 3},
	{0x2E, fault.T("水位基值7", "level base 7"), "m", 7, 3},
	{0x2F, fault.T("水位基值8", "level base 8"), "m", 7, 3},
	{0x30, fault.T("水位修正基值1", "level correction 1"), "m", 5, 3},
	{0x31, fault.T("水位修正基值2", "level correction 2"), "m", 5, 3},
	{0x32, fault.T("水位修正基值3", "level correction 3"), "m", 5, 3},
	{0x33, fault.T("水位修正基值4", "level correction 4"), "m", 5, 3},
	{0x34, fault.T("水位修正基值5", "level correction 5"), "m", 5, 3},
	{0x35, fault.T("水位修正基值6", "level correction 6"), "m", 5, 3},
	{0x36, fault.T("水位修正基值7", "level correction 7"), "m", 5, 3},
	{0x37, fault.T("水位修正基值8", "level correction 8"), "m", 5, 3},
	{0x38, fault.T("加报水位1", "added-report level 1, above the base"), "m", 4, 2},
	{0x39, fault.T("加报水位2", "added-report level 2, above the base"), "m", 4, 2},
	{0x3A, fault.T("加报水位3", "added-report level 3, above the base"), "m", 4, 2},
	{0x3B, fault.T("加报水位4", "added-report level 4, above the base"), "m", 4, 2},
	{0x3C, fault.T("加报水位5", "added-report level 5, above the base"), "m", 4, 2},
	{0x3D, fault.T("加报水位6", "added-report level 6, above the base"), "m", 4, 2},
	{0x3E, fault.T("加报水位7", "added-report level 7, above the base"), "m", 4, 2},
	{0x3F, fault.T("加报水位8", "added-report level 8, above the base"), "m", 4, 2},
	{0x40, fault.T("加报水位以上加报阈值", "rise above the added-report level that makes an added report"), "m", 3, 2},
	{0x41, fault.T("加报水位以下加报阈值", "change below the added-report level that makes an added report"), "m", 3, 2},
	{0x42, fault.T("流量加报阈值", "flow that makes an added report"), "m³/s", 6, 3},
	{0x43, fault.T("流速加报阈值", "velocity that makes an added report"), "m/s", 5, 3},
	{0x44, fault.T("闸位加报阈值", "gate movement that makes an added report"), "m", 3, 2},
	{0x45, fault.T("功率加报阈值", "power that makes an added report"), "kW", 6, 0},
	{0x46, fault.T("气压加报阈值", "air pressure that makes an added report"), "hPa", 4, 0},
	{0x47, fault.T("风速加报阈值", "wind speed that makes an added report"), "m/s", 4, 2},
	{0x48, fault.T("水温加报阈值", "water temperature that makes an added report"), "°C", 2, 1},
	{0x49, fault.T("取(排)水口1上限水位", "upper level of intake or outfall 1, above the base"), "m", 4, 2},
	{0x4A, fault.T("取(排)水口1下限水位", "lower level of intake or outfall 1, above the base"), "m", 4, 2},
	{0x4B, fault.T("取(排)水口2上限水位", "upper level of intake or outfall 2, above the base"), "m", 4, 2},
	{0x4C, fault.T("取(排)水口2下限水位", "lower level of intake or outfall 2, above the base"), "m", 4, 2},
	{0x4D, fault.T("取(排)水口3上限水位", "upper level of intake or outfall 3, above the base"), "m", 4, 2},
	{0x4E, fault.T("取(排)水口3下限水位", "lower level of intake or outfall 3, above the base"), "m", 4, 2},
	{0x4F, fault.T("取(排)水口4上限水位", "upper level of intake or outfall 4, above the base"), "m", 4, 2},
	{0x50, fault.T("取(排)水口4下限水位", "lower level of intake or outfall 4, above the base"), "m", 4, 2},
	{0x51, fault.T("取(排)水口5上限水位", "upper level of intake or outfall 5, above the base"), "m", 4, 2},
	{0x52, fault.T("取(排)水口5下限水位", "lower level of intake or outfall 5, above the base"), "m", 4, 2},
	{0x53, fault.T("取(排)水口6上限水位", "upper level of intake or outfall 6, above the base"), "m", 4, 2},
	{0x54, fault.T("取(排)水口6下限水位", "lower level of intake or outfall 6, above the base"), "m", 4, 2},
	{0x55, fault.T("取(排)水口7上限水位", "upper level of intake or outfall 7, above the base"), "m", 4, 2},
	{0x56, fault.T("取(排)水口7下限水位", "lower level of intake or outfall 7, above the base"), "m", 4, 2},
	{0x57, fault.T("取(排)水口8上限水位", "upper level of intake or outfall 8, above the base"), "m", 4, 2},
	{0x58, fault.T("取(排)水口8下限水位", "lower level of intake or outfall 8, above the base"), "m", 4, 2},
	{0x59, fault.T("取(排)水口1上限水压", "upper pressure of intake or outfall 1"), "kPa", 8, 2},
	{0x5A, fault.T("取(排)水口1下限水压", "lower pressure of intake or outfall 1"), "kPa", 8, 2},
	{0x5B, fault.T("取(排)水口2上限水压", "upper pressure of intake or outfall 2"), "kPa", 8, 2},
	{0x5C, fault.T("取(排)水口2下限水压", "lower pressure of intake or outfall 2"), "kPa", 8, 2},
	{0x5D, fault.T("取(排)水口3上限水压", "upper pressure of intake or outfall 3"), "kPa", 8, 2},
	{0x5E, fault.T("取(排)水口3下限水压", "lower pressure of intake or outfall 3"), "kPa", 8, 2},
	{0x5F, fault.T("取(排)水口4上限水压", "upper pressure of intake or outfall 4"), "kPa", 8, 2},
	{0x60, fault.T("取(排)水口4下限水压", "lower pressure of intake or outfall 4"), "kPa", 8, 2},
	{0x61, fault.T("取(排)水口5上限水压", "upper pressure of intake or outfall 5"), "kPa", 8, 2},
	{0x62, fault.T("取(排)水口5下限水压", "lower pressure of intake or outfall 5"), "kPa", 8, 2},
	{0x63, fault.T("取(排)水口6上限水压", "upper pressure of intake or outfall 6"), "kPa", 8, 2},
	{0x64, fault.T("取(排)水口6下限水压", "lower pressure of intake or outfall 6"), "kPa", 8, 2},
	{0x65, fault.T("取(排)水口7上限水压", "upper pressure of intake or outfall 7"), "kPa", 8, 2},
	{0x66, fault.T("取(排)水口7下限水压", "lower pressure of intake or outfall 7"), "kPa", 8, 2},
	{0x67, fault.T("取(排)水口8上限水压", "upper pressure of intake or outfall 8"), "kPa", 8, 2},
	{0x68, fault.T("取(排)水口8下限水压", "lower pressure of intake or outfall 8"), "kPa", 8, 2},
	{0x69, fault.T("水温上限", "upper limit of water temperature"), "°C", 3, 1},
	{0x6A, fault.T("水温下限", "lower limit of water temperature"), "°C", 3, 1},
	{0x6B, fault.T("pH值上限", "upper limit of pH"), "", 2, 1},
	{0x6C, fault.T("pH值下限", "lower limit of pH"), "", 2, 1},
	{0x6D, fault.T("溶解氧上限", "upper limit of dissolved oxygen"), "mg/L", 4, 1},
	{0x6E, fault.T("溶解氧下限", "lower limit of dissolved oxygen"), "mg/L", 4, 1},
	{0x6F, fault.T("高锰酸盐指数上限", "upper limit of permanganate index"), "mg/L", 4, 1},
	{0x70, fault.T("高锰酸盐指数下限", "lower limit of permanganate index"), "mg/L", 4, 1},
	{0x71, fault.T("电导率上限", "upper limit of conductivity"), "µS/cm", 5, 0},
	{0x72, fault.T("电导率下限", "lower limit of conductivity"), "µS/cm", 5, 0},
	{0x73, fault.T("氧化还原电位上限", "upper limit of redox potential"), "mV", 5, 1},
	{0x74, fault.T("氧化还原电位下限", "lower limit of redox potential"), "mV", 5, 1},
	{0x75, fault.T("浊度上限", "upper limit of turbidity"), "NTU", 3, 0},
	{0x76, fault.T("浊度下限", "lower limit of turbidity"), "NTU", 3, 0},
	{0x77, fault.T("氨氮上限", "upper limit of ammonia nitrogen"), "mg/L", 6, 2},
	{0x78, fault.T("氨氮下限", "lower limit of ammonia nitrogen"), "mg/L", 6, 2},
	{0x79, fault.T("总氮上限", "upper limit of total nitrogen"), "mg/L", 5, 2},
	{0x7A, fault.T("总氮下限", "lower limit of total nitrogen"), "mg/L", 5, 2},
	{0x7B, fault.T("铜上限", "upper limit of copper"), "mg/L", 7, 4},
	{0x7C, fault.T("铜下限", "lower limit of copper"), "mg/L", 7, 4},
	{0x7D, fault.T("锌上限", "upper limit of zinc"), "mg/L", 6, 4},
	{0x7E, fault.T("锌下限", "lower limit of zinc"), "mg/L", 6, 4},
	{0x7F, fault.T("氟化物上限", "upper limit of fluoride"), "mg/L", 5, 2},
	{0x80, fault.T("氟化物下限", "lower limit of fluoride"), "mg/L", 5, 2},
	{0x81, fault.T("硒上限", "upper limit of selenium"), "mg/L", 7, 5},
	{0x82, fault.T("硒下限", "lower limit of selenium"), "mg/L", 7, 5},
	{0x83, fault.T("砷上限", "upper limit of arsenic"), "mg/L", 7, 5},
	{0x84, fault.T("砷下限", "lower limit of arsenic"), "mg/L", 7, 5},
	{0x85, fault.T("汞上限", "upper limit of mercury"), "mg/L", 7, 5},
	{0x86, fault.T("汞下限", "lower limit of mercury"), "mg/L", 7, 5},
	{0x87, fault.T("镉上限", "upper limit of cadmium"), "mg/L", 7, 5},
	{0x88, fault.T("镉下限", "lower limit of cadmium"), "mg/L", 7, 5},
	{0x89, fault.T("总有机碳上限", "upper limit of total organic carbon"), "mg/L", 4, 2},
	{0x8A, fault.T("总有机碳下限", "lower limit of total organic carbon"), "mg/L", 4, 2},
	{0x8B, fault.T("叶绿素上限", "upper limit of chlorophyll"), "mg/L", 4, 2},
	{0x8C, fault.T("叶绿素下限", "lower limit of chlorophyll"), "mg/L", 4, 2},
	{0x8D, fault.T("流量上限", "upper limit of flow"), "m³/s", 11, 3},
	{0x8E, fault.T("水表1充值水量", "recharge of meter 1"), "m³", 11, 3},
	{0x8F, fault.T("水表2充值水量", "recharge of meter 2"), "m³", 11, 3},
	{0x90, fault.T("水表3充值水量", "recharge of meter 3"), "m³", 11, 3},
	{0x91, fault.T("水表4充值水量", "recharge of meter 4"), "m³", 11, 3},
	{0x92, fault.T("水表5充值水量", "recharge of meter 5"), "m³", 11, 3},
	{0x93, fault.T("水表6充值水量", "recharge of meter 6"), "m³", 11, 3},
	{0x94, fault.T("水表7充值水量", "recharge of meter 7"), "m³", 11, 3},
	{0x95, fault.T("水表8充值水量", "recharge of meter 8"), "m³", 11, 3},
	{0x96, fault.T("水量定值量", "quota of water"), "m³", 11, 3},
	{0x97, fault.T("固态存储数据初始化", "erasure of the stored data"), "", 0, 0},
	{0x98, fault.T("遥测终端参数恢复出厂设置", "reset to the factory's settings"), "", 0, 0},
	{0x99, fault.T("水表1水量表底(初始)值", "initial reading of meter 1"), "m³", 11, 3},
	{0x9A, fault.T("水表2水量表底(初始)值", "initial reading of meter 2"), "m³", 11, 3},
	{0x9B, fault.T("水表3水量表底(初始)值", "initial reading of meter 3"), "m³", 11, 3},
	{0x9C, fault.T("水表4水量表底(初始)值", "initial reading of meter 4"), "m³", 11, 3},
	{0x9D, fault.T("水表5水量表底(初始)值", "initial reading of meter 5"), "m³", 11, 3},
	{0x9E, fault.T("水表6水量表底(初始)值", "initial reading of meter 6"), "m³", 11, 3},
	{0x9F, fault.T("水表7水量表底(初始)值", "initial reading of meter 7"), "m³", 11, 3},
	{0xA0, fault.T("水表8水量表底(初始)值", "initial reading of meter 8"), "m³", 11, 3},
	{0xA1, fault.T("水表1剩余水量报警值", "alarm for the volume left on meter 1"), "m³", 11, 3},
	{0xA2, fault.T("水表2剩余水量报警值", "alarm for the volume left on meter 2"), "m³", 11, 3},
	{0xA3, fault.T("水表3剩余水量报警值", "alarm for the volume left on meter 3"), "m³", 11, 3},
	{0xA4, fault.T("水表4剩余水量报警值", "alarm for the volume left on meter 4"), "m³", 11, 3},
	{0xA5, fault.T("水表5剩余水量报警值", "alarm for the volume left on meter 5"), "m³", 11, 3},
	{0xA6, fault.T("水表6剩余水量报警值", "alarm for the volume left on meter 6"), "m³", 11, 3},
	{0xA7, fault.T("水表7剩余水量报警值", "alarm for the volume left on meter 7"), "m³", 11, 3},
	{0xA8, fault.T("水表8剩余水量报警值", "alarm for the volume left on meter 8"), "m³", 11, 3},
}
