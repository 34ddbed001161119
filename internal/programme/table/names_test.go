package table_test

import (
	"strings"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/programme/table"
)

func shaoxing() *table.Names {
	return table.NewNames([]table.Division{
		{Code: "330000", Zh: "浙江省", Short: "浙江"},
		{Code: "330600", Zh: "绍兴市", Short: "绍兴", Parent: "330000"},
		{Code: "330602", Zh: "越城区", Short: "越城", Parent: "330600"},
		{Code: "330603", Zh: "柯桥区", Short: "柯桥", Aliases: []string{"绍兴县"}, Parent: "330600"},
		{Code: "330604", Zh: "上虞区", Short: "上虞", Aliases: []string{"上虞市"}, Parent: "330600"},
		{Code: "330624", Zh: "新昌县", Short: "新昌", Parent: "330600"},
		{Code: "330681", Zh: "诸暨市", Short: "诸暨", Parent: "330600"},
		{Code: "330683", Zh: "嵊州市", Short: "嵊州", Parent: "330600"},
		{Code: "3306A1", Zh: "滨海新区", Short: "滨海", Aliases: []string{"滨海新城"}, Parent: "330600"},
		{Code: "330100", Zh: "杭州市", Short: "杭州", Parent: "330000"},
		{Code: "330103", Zh: "西湖区", Short: "西湖", Parent: "330100"},
		{Code: "360100", Zh: "南昌市", Short: "南昌"},
		{Code: "360103", Zh: "西湖区", Short: "西湖", Parent: "360100"},
		{Code: "450000", Zh: "广西壮族自治区", Short: "广西"},
	})
}

func TestFindDivision(t *testing.T) {
	n := shaoxing()
	f := func(text, want string) {
		t.Helper()
		d, err := n.Find(text)
		if d.Code != want {
			t.Errorf("Find(%q) = %q, %v, want %q", text, d.Code, err, want)
		}
	}
	f("越城区", "330602")
	f("越城", "330602")
	f("越 城 区", "330602")
	f("　越城区　", "330602")
	f("绍兴市越城区", "330602")
	f("绍兴上虞区", "330604")
	f("浙江省绍兴市诸暨市", "330681")
	f("上虞市", "330604")
	f("绍兴县", "330603") // the county of old is 柯桥, not the city
	f("绍兴", "330600")
	f("浙江", "330000")
	f("浙江省", "330000")
	f("诸暨", "330681")
	f("嵊州", "330683")
	f("滨海新城", "3306A1")
	f("广西", "450000")
	f("330624", "330624")
	f("杭州市西湖区", "330103")
	f("南昌西湖", "360103")
	f("西湖区", "")
	f("诸暨县", "")
	f("合计", "")
	f("", "")
	_, err := n.Find("西湖区")
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "330103") || !strings.Contains(err.Error(), "360103") {
		t.Errorf("an ambiguous name lists who it may be: %v", err)
	}
}
