package sl651

import "anlan/internal/fault"

// Function is a function code (功能码), annex B.
type Function uint8

// The functions of annex B.
const (
	KeepAlive       Function = 0x2F
	TestReport      Function = 0x30
	PeriodReport    Function = 0x31
	TimedReport     Function = 0x32
	AddedReport     Function = 0x33
	HourlyReport    Function = 0x34
	TextReport      Function = 0x35
	PictureReport   Function = 0x36
	QueryNow        Function = 0x37
	QueryPeriod     Function = 0x38
	QueryText       Function = 0x39
	QueryElements   Function = 0x3A
	WriteBasic      Function = 0x40
	ReadBasic       Function = 0x41
	WriteRunning    Function = 0x42
	ReadRunning     Function = 0x43
	QueryPumps      Function = 0x44
	QueryVersion    Function = 0x45
	QueryStatus     Function = 0x46
	EraseData       Function = 0x47
	FactoryReset    Function = 0x48
	ChangePassword  Function = 0x49
	SetClock        Function = 0x4A
	SetCard         Function = 0x4B
	SwitchPumps     Function = 0x4C
	SwitchValves    Function = 0x4D
	MoveGates       Function = 0x4E
	SetQuota        Function = 0x4F
	QueryCounters   Function = 0x50
	QueryClock      Function = 0x51
	firstUser       Function = 0xE0
	firstOfStandard          = KeepAlive
)

var functions = map[Function]fault.Text{
	KeepAlive:      fault.T("链路维持报", "keep-alive"),
	TestReport:     fault.T("测试报", "test report"),
	PeriodReport:   fault.T("均匀时段水文信息报", "report of a period in equal steps"),
	TimedReport:    fault.T("遥测站定时报", "timed report"),
	AddedReport:    fault.T("遥测站加报报", "added report"),
	HourlyReport:   fault.T("遥测站小时报", "hourly report"),
	TextReport:     fault.T("遥测站人工置数报", "text put in by hand"),
	PictureReport:  fault.T("遥测站图片报", "picture"),
	QueryNow:       fault.T("查询实时数据", "query of what is measured now"),
	QueryPeriod:    fault.T("查询时段数据", "query of a past period"),
	QueryText:      fault.T("查询人工置数", "query of the text put in by hand"),
	QueryElements:  fault.T("查询指定要素", "query of given elements"),
	WriteBasic:     fault.T("修改基本配置表", "change of the basic configuration"),
	ReadBasic:      fault.T("读取基本配置表", "reading of the basic configuration"),
	WriteRunning:   fault.T("修改运行参数配置表", "change of the running parameters"),
	ReadRunning:    fault.T("读取运行参数配置表", "reading of the running parameters"),
	QueryPumps:     fault.T("查询水泵电机实时工作数据", "query of the pumps' motors"),
	QueryVersion:   fault.T("查询软件版本", "query of the software's version"),
	QueryStatus:    fault.T("查询状态和报警信息", "query of state and alarms"),
	EraseData:      fault.T("初始化固态存储数据", "erasure of the stored data"),
	FactoryReset:   fault.T("恢复出厂设置", "reset to the factory's settings"),
	ChangePassword: fault.T("修改密码", "change of the password"),
	SetClock:       fault.T("设置时钟", "setting of the clock"),
	SetCard:        fault.T("设置IC卡状态", "setting of the IC card"),
	SwitchPumps:    fault.T("水泵开关", "switching of pumps"),
	SwitchValves:   fault.T("阀门开关", "switching of valves"),
	MoveGates:      fault.T("闸门开关", "moving of gates"),
	SetQuota:       fault.T("水量定值控制", "keeping to the quota"),
	QueryCounters:  fault.T("查询事件记录", "query of the counters of events"),
	QueryClock:     fault.T("查询时钟", "query of the clock"),
}

// String is the function as two hex digits.
func (f Function) String() string { return string(appendHex(nil, []byte{byte(f)})) }

// Name is the function's name, empty for what the standard reserves or leaves to users.
func (f Function) Name() fault.Text { return functions[f] }

// Standard says whether annex B defines the function.
func (f Function) Standard() bool {
	return f >= firstOfStandard && f <= QueryElements || f >= WriteBasic && f <= QueryClock
}

// User says whether the function is for users to define: its body is handed on as bytes.
func (f Function) User() bool { return f >= firstUser }

// Parameters says whether the identifiers of the body are parameters of annex D and not elements of annex C; the numbers are the same
// (table 26).
func (f Function) Parameters() bool {
	return f >= WriteBasic && f <= ReadRunning || f >= EraseData && f <= ChangePassword
}

// HasClass says whether a station's address is followed by its class in an uplink, tables 28 to 55.
func (f Function) HasClass() bool {
	switch f {
	case TestReport, PeriodReport, TimedReport, AddedReport, HourlyReport, PictureReport, QueryNow, QueryPeriod, QueryElements, QueryPumps:
		return true
	}
	return false
}

// Answered says whether a centre answers an uplink at all: not the keep-alive, 6.6.4.2.
func (f Function) Answered() bool { return f != KeepAlive }

// namesOnly says whether a downlink names identifiers without data, tables 44, 48 and 52.
func (f Function) namesOnly() bool {
	return f == QueryPeriod || f == QueryElements || f == ReadBasic || f == ReadRunning
}

// tailed says whether the body ends in something that has no identifier, tables 57 and 71 to 84.
func (f Function) tailed(d Direction) bool {
	switch f {
	case QueryVersion, QueryCounters:
		return d == Up
	case SwitchPumps, SwitchValves, MoveGates, SetQuota:
		return true
	}
	return false
}
