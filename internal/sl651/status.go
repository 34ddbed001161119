package sl651

import "anlan/internal/fault"

// Status is the word of a station's state and alarms (状态及报警信息), element 45, table 58. Bit 0 is the lowest of the last byte.
type Status uint32

// The bits of table 58 that say something is wrong when they are 1.
const (
	MainsLost     Status = 1 << 0
	BatteryLow    Status = 1 << 1
	LevelAlarm    Status = 1 << 2
	FlowAlarm     Status = 1 << 3
	QualityAlarm  Status = 1 << 4
	FlowMeterBad  Status = 1 << 5
	LevelMeterBad Status = 1 << 6
	MemoryBad     Status = 1 << 8
	QuotaPassed   Status = 1 << 11
)

// The bits of table 58 that say how things stand. Mind which way round they are.
const (
	DoorShut    Status = 1 << 7 // 0 is an open door
	CardEnabled Status = 1 << 9
	PumpStopped Status = 1 << 10 // 0 is a running pump
)

// Has says whether all bits of b are 1.
func (s Status) Has(b Status) bool { return s&b == b }

// counters are the events of table 82, of which a station counts 32; the others are spare.
var counters = [...]fault.Text{
	fault.T("历史数据初始化", "stored data erased"), fault.T("参数变更", "parameter changed"), fault.T("状态量变位", "state changed"),
	fault.T("传感器及仪表故障", "sensor or meter at fault"), fault.T("密码修改", "password changed"), fault.T("终端故障", "terminal at fault"),
	fault.T("交流失电", "mains lost"), fault.T("蓄电池电压低告警", "battery low"), fault.T("终端箱非法打开", "box opened by force"),
	fault.T("水泵故障", "pump at fault"), fault.T("剩余水量超限告警", "volume left beyond its limit"), fault.T("水位超限告警", "level beyond its limit"),
	fault.T("水压超限告警", "pressure beyond its limit"), fault.T("水质参数超限告警", "water quality beyond its limit"), fault.T("数据出错", "data at fault"),
	fault.T("发报文", "messages sent"), fault.T("收报文", "messages received"), fault.T("发报文出错", "messages that could not be sent"),
}

// CounterName is the event that the k-th counter of function 50 counts (k from 0); empty for a spare one.
func CounterName(k int) fault.Text {
	if k < 0 || k >= len(counters) {
		return fault.Text{}
	}
	return counters[k]
}
