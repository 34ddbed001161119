package gb9704

import (
	"strings"
	"unicode"
)

// titleWidth is how many characters of 二号 stand on a line of the text area.
const titleWidth = 20

// BreakTitle breaks a title into lines of about equal length, at places where the sense allows it (7.3.1: trapezoid or rhombus). It
// knows few words: who wants another shape gives the lines. A title that fits on one line stays whole; line feeds are kept.
func BreakTitle(title string) []string {
	var out []string
	for l := range strings.SplitSeq(title, "\n") {
		out = append(out, breakLine([]rune(strings.TrimSpace(l)))...)
	}
	return out
}

func breakLine(title []rune) []string {
	total := halves(string(title))
	if total <= 2*titleWidth {
		return []string{string(title)}
	}
	b := titleBreaks(title)
	const most = 4 // lines among which the best shape is sought
	for n := (total + 2*titleWidth - 1) / (2 * titleWidth); n <= most; n++ {
		if cuts, ok := b.best(n); ok {
			return b.cut(cuts)
		}
	}
	return b.greedy()
}

// breaks is a title with the width up to each place and what a break there costs; a negative cost forbids it.
type breaks struct {
	title []rune
	upTo  []int
	cost  []int
}

func titleBreaks(title []rune) breaks {
	b := breaks{title: title, upTo: make([]int, len(title)+1), cost: make([]int, len(title)+1)}
	depth := 0
	for i, r := range title {
		b.upTo[i+1] = b.upTo[i] + halves(string(r))
		switch r {
		case '《', '（', '“', '(':
			depth++
		case '》', '）', '”', ')':
			depth--
		}
		if i+1 < len(title) {
			b.cost[i+1] = breakCost(title[:i+1], title[i+1:])
			if depth > 0 && b.cost[i+1] >= 0 {
				b.cost[i+1] += 120 // a name between brackets stays whole where it can
			}
		}
	}
	return b
}

// breakCost is what a break between two pieces of a title costs: 0 where a phrase ends.
func breakCost(before, after []rune) int {
	last, next := before[len(before)-1], after[0]
	latin := func(r rune) bool {
		return r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r == '.' || r == '%'
	}
	switch {
	case strings.ContainsRune("》）”)、，；：。！？的了之年月日号", next) || strings.ContainsRune("《（“(第", last):
		return -1
	case latin(last) && latin(next) || unicode.IsDigit(last), strings.ContainsRune("年月", last) && unicode.IsDigit(next): // a date stays whole
		return -1
	}
	head, tail := string(before), string(after)
	for _, w := range [...]string{"关于", "《", "（", "和", "及", "与", "暨", "并"} {
		if strings.HasPrefix(tail, w) {
			return 0
		}
	}
	for _, w := range [...]string{"印发", "转发", "批转", "开展", "做好", "加强", "关于", "、", "》", "）", "，", "局", "厅", "委员会", "人民政府", "年", "月", "的"} {
		if strings.HasSuffix(head, w) {
			return 10
		}
	}
	if strings.Contains(titleWords, " "+string([]rune{last, next})+" ") {
		return 300
	}
	return 60
}

// titleWords are words of two characters that titles of the field are made of; a break should not split them.
const titleWords = " 安全 报告 部门 措施 地方 单位 调度 方案 防汛 防洪 隐患 防御 工程 工作 公告 供水 灌区 规定 规划 管理 河长 河湖 洪水 会议 汛期 灾害 " +
	"计划 纪要 加固 监督 监测 检查 建设 节水 进展 决定 开展 考核 抗旱 领导 落实 目标 农村 排查 排名 评价 情况 请示 清单 全市 全县 全省 任务 生态 实施 " +
	"水库 水利 水务 水文 水质 水资 说明 通报 通知 投资 推进 完成 文件 问题 县区 响应 项目 小组 行动 需要 巡查 以及 意见 应急 有关 预案 预警 运行 责任 " +
	"整改 整治 治理 质量 重点 专项 资源 处理 办法 年度 各地 各级 市级 三年 移民 除险 取水 用水 流域 山洪 堤防 闸站 泵站 "

// best finds the n-1 places of the cheapest shape.
func (b breaks) best(n int) ([]int, bool) {
	var found []int
	least := -1
	cuts := make([]int, 0, n)
	var seek func(from, cost int)
	seek = func(from, cost int) {
		if len(cuts) == n-1 {
			if b.upTo[len(b.title)]-b.upTo[from] > 2*titleWidth {
				return
			}
			if cost += b.shape(cuts); least < 0 || cost < least {
				least, found = cost, append([]int(nil), cuts...)
			}
			return
		}
		for i := from + 1; i < len(b.title) && b.upTo[i]-b.upTo[from] <= 2*titleWidth; i++ {
			// What is left must fit on the lines that are left.
			if b.cost[i] >= 0 && b.upTo[len(b.title)]-b.upTo[i] <= 2*titleWidth*(n-1-len(cuts)) {
				cuts = append(cuts, i)
				seek(i, cost+b.cost[i])
				cuts = cuts[:len(cuts)-1]
			}
		}
	}
	seek(0, 0)
	return found, least >= 0
}

// shape is what unequal lines cost, and lines that are short in the middle.
func (b breaks) shape(cuts []int) int {
	n := len(cuts) + 1
	at := append(append([]int{0}, cuts...), len(b.title))
	mean := b.upTo[len(b.title)] / n
	cost, widths := 0, make([]int, n)
	for i := range widths {
		widths[i] = b.upTo[at[i+1]] - b.upTo[at[i]]
		d := (widths[i] - mean) / 2
		cost += d * d
	}
	for i := 1; i+1 < n; i++ {
		if widths[i] < widths[i-1] && widths[i] < widths[i+1] {
			cost += 100 // an hourglass
		}
	}
	return cost
}

func (b breaks) cut(cuts []int) []string {
	var out []string
	from := 0
	for _, i := range append(cuts, len(b.title)) {
		out = append(out, strings.TrimSpace(string(b.title[from:i])))
		from = i
	}
	return out
}

// greedy fills each line; for titles too long for a shape, or without a place to break.
func (b breaks) greedy() []string {
	var cuts []int
	from := 0
	for i := range b.title {
		if b.upTo[i+1]-b.upTo[from] > 2*titleWidth {
			cuts = append(cuts, i)
			from = i
		}
	}
	return b.cut(cuts)
}
