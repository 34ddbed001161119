package web

import (
	"regexp"
	"strings"

	"anlan/internal/fault"
)

// said turns a sentence of the framework about a request into one in both languages; one that is not known stays as it is.
func said(message string) fault.Text {
	for _, p := range sentences {
		if m := p.en.FindStringSubmatch(message); m != nil {
			zh := p.zh
			for i, part := range m[1:] {
				zh = strings.ReplaceAll(zh, "$"+string(rune('1'+i)), part)
			}
			return fault.T(zh, message)
		}
	}
	return fault.T(message, message)
}

type sentence struct {
	en *regexp.Regexp
	zh string
}

// sentences are those that a request can meet: of the schema of its body, of its parameters, of its encoding.
var sentences = func() (out []sentence) {
	for _, p := range [][2]string{
		{`unexpected property`, "没有这一项"},
		{`unknown query parameter`, "没有这个查询参数"},
		{`required (query|path|header|cookie) parameter is missing`, "缺少必填的参数"},
		{`request body is required`, "缺少请求内容"},
		{`expected required property (.+) to be present`, "缺少必填项 $1"},
		{`expected property (.+) to be present when (.+) is present`, "填写 $2 时须填写 $1"},
		{`expected value to be one of "(.*)"`, "应为以下之一：$1"},
		{`expected string to be RFC 3339 date-time`, "应为带时区的时间，如 2026-06-08T08:40:00+08:00"},
		{`expected string to be RFC 3339 date`, "应为日期，如 2026-06-08"},
		{`expected string to match pattern (.+)`, "格式不符（$1）"},
		{`expected string to be (.+)`, "格式不符（$1）"},
		{`expected boolean`, "应为 true 或 false"},
		{`expected integer`, "应为整数"},
		{`expected number`, "应为数字"},
		{`expected string`, "应为文字"},
		{`expected array`, "应为列表"},
		{`expected object`, "应为一组名称和值"},
		{`expected array items to be unique`, "列表中有重复"},
		{`expected number >= (.+)`, "不应小于 $1"},
		{`expected number > (.+)`, "应大于 $1"},
		{`expected number <= (.+)`, "不应大于 $1"},
		{`expected number < (.+)`, "应小于 $1"},
		{`expected length >= (\d+)`, "至少 $1 个字"},
		{`expected length <= (\d+)`, "至多 $1 个字"},
		{`expected array length >= (\d+)`, "至少 $1 项"},
		{`expected array length <= (\d+)`, "至多 $1 项"},
		{`invalid (integer|float|boolean)`, "不是有效的值"},
	} {
		out = append(out, sentence{regexp.MustCompile(`^` + p[0] + `$`), p[1]})
	}
	return out
}()
