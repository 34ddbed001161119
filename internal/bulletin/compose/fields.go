package compose

import (
	"maps"
	"slices"

	"anlan/internal/bulletin/snapshot"
	"anlan/internal/fault"
)

func sorted(fields map[string]snapshot.Field) []string { return slices.Sorted(maps.Keys(fields)) }

// FieldName is what a field of a list is called.
func FieldName(id string) fault.Text {
	names := map[string]fault.Text{
		"name": fault.T("名称", "Name"), "title": fault.T("事项", "Matter"), "measure": fault.T("指标", "Indicator"), "form": fault.T("报表", "Return"),
		"due": fault.T("期限", "Due"), "days": fault.T("天数", "Days"), "days_late": fault.T("逾期天数", "Days late"), "completion": fault.T("完成率", "Completion"),
		"gap": fault.T("与要求之差", "Gap"), "value": fault.T("完成值", "Value"), "met": fault.T("已达到地区数", "Divisions that met it"), "count": fault.T("应达到地区数", "Divisions that must meet it"),
		"state": fault.T("状态", "State"), "found": fault.T("发现问题", "Found"), "rectified": fault.T("已整改", "Rectified"), "rate": fault.T("整改率", "Rate"),
		"overdue": fault.T("逾期未改", "Overdue"), "trips": fault.T("检查次数", "Inspections"), "works": fault.T("受检工程", "Works inspected"), "most": fault.T("单处最多问题", "Most at one works"),
		"stage": fault.T("阶段", "Stage"), "reason": fault.T("原因", "Reason"), "plan": fault.T("计划", "Plan"), "invested": fault.T("完成投资", "Invested"),
		"then": fault.T("原数", "Was"), "now": fault.T("更正数", "Is"), "period": fault.T("期数", "Period"), "unit": fault.T("责任单位", "Unit"), "open": fault.T("未整改", "Open"),
		"station": fault.T("最大测站", "Station with the most"), "place": fault.T("地区", "Place"), "rain": fault.T("雨量", "Rain"), "rain_most": fault.T("最大测站雨量", "Most rain at a station"), "hour": fault.T("最大1小时", "Greatest hour"),
		"reported": fault.T("有资料站数", "Stations with data"), "expected": fault.T("应报站数", "Stations"), "partial": fault.T("资料不全站数", "Stations with part of the time"),
		"doubted": fault.T("含存疑站数", "Stations with doubted readings"), "quality": fault.T("数据质量", "Quality"), "quality_note": fault.T("质量说明", "Note on quality"), "note": fault.T("质量说明", "Note on quality"),
		"trend": fault.T("涨落", "Rise or fall"), "change": fault.T("较昨日", "Since the day before"), "warning": fault.T("警戒水位", "Warning level"), "guarantee": fault.T("保证水位", "Guaranteed level"),
		"flood_limit": fault.T("汛限水位", "Flood limit"), "above": fault.T("超限", "Above the limit by"), "highest_on": fault.T("最高出现时间", "Time of the highest"), "on": fault.T("时间", "Time"), "cleared": fault.T("解除时间", "Cleared"), "highest": fault.T("最高", "Highest"), "level": fault.T("水位", "Level"), "storage": fault.T("蓄水量", "Storage"),
		"storing": fault.T("有蓄水量资料的水库", "Reservoirs with storage"), "rivers": fault.T("江河水位站", "River gauges"), "rivers_reported": fault.T("有水位的江河水位站", "River gauges with a level"),
		"dams": fault.T("有测站的水库", "Reservoirs with a gauge"), "dams_reported": fault.T("有水位的水库", "Reservoirs with a level"), "above_warning": fault.T("超警戒水位", "Above the warning level"),
		"above_guarantee": fault.T("超保证水位", "Above the guaranteed level"), "above_limit": fault.T("超汛限水位", "Above the flood limit"), "kind": fault.T("类别", "Kind"), "limit": fault.T("限值", "Limit"),
		"exceedances": fault.T("超限事件", "Exceedances"), "silent_stations": fault.T("缺报站数", "Silent stations"), "events": fault.T("缺报次数", "Times silent"), "longest": fault.T("最长缺报", "Longest silence"), "stations": fault.T("测站", "Stations"), "standing": fault.T("尚未解除", "Standing"),
		"silent": fault.T("测站缺报", "Silences"), "dry": fault.T("无雨说明", "Note on no rain"),
		snapshot.Listed: fault.T("列入清单", "On the list"),
		"aspect":        fault.T("数据项", "Figure"), "by": fault.T("报送人", "By"), "at": fault.T("时间", "At"), "grade": fault.T("评价", "Grade"), "physical": fault.T("形象进度", "Physical progress"),
	}
	if t, ok := names[id]; ok {
		return t
	}
	return fault.T(id, id)
}
