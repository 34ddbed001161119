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
		snapshot.Listed: fault.T("列入清单", "On the list"),
		"aspect":        fault.T("数据项", "Figure"), "by": fault.T("报送人", "By"), "at": fault.T("时间", "At"), "grade": fault.T("评价", "Grade"), "physical": fault.T("形象进度", "Physical progress"),
	}
	if t, ok := names[id]; ok {
		return t
	}
	return fault.T(id, id)
}
