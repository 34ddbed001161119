package matter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/store"
)

// teller puts into words what an event changed besides the state: who answers from then on, by which day, how it was looked at.
type teller struct {
	ctx   context.Context
	q     store.Querier
	names map[string]fault.Text
}

// tell writes what each event changed into its Said.
func tell(ctx context.Context, q store.Querier, events []Event) error {
	t := teller{ctx, q, map[string]fault.Text{}}
	for i := range events {
		said, err := t.said(&events[i])
		if err != nil {
			return err
		}
		events[i].Said = said
	}
	return nil
}

func (t *teller) said(e *Event) (fault.Text, error) {
	var zh, en []string
	add := func(f fault.Text) {
		if f.Zh != "" {
			zh, en = append(zh, f.Zh), append(en, f.En)
		}
	}
	for _, part := range []struct{ key, query, zh, en string }{
		{"unit", `SELECT name_zh, name_en FROM organisation WHERE id = $1`, "责任单位 ", "unit "},
		{"person", `SELECT name, name FROM person WHERE id = $1`, "责任人 ", "person "},
		{"object", `SELECT name_zh, name_en FROM water_object WHERE id = $1`, "", ""},
	} {
		id := word(e.Detail, part.key)
		if id == "" {
			continue
		}
		var arg any = id
		if n, number := e.Detail[part.key].(float64); number {
			arg = int64(n)
		}
		name, err := t.name(part.query, id, arg)
		if err != nil {
			return fault.Text{}, err
		}
		add(fault.T(part.zh+name.Zh, part.en+name.En))
	}
	add(e.days())
	if w, ok := waysSaid[word(e.Detail, "way")]; ok {
		add(w)
	}
	if r, ok := rolesSaid[word(e.Detail, "role")]; ok {
		add(r)
	}
	if a, ok := answersSaid[word(e.Detail, "answer")]; ok {
		add(a)
	}
	if n := word(e.Detail, "objects"); n != "" {
		add(fault.Tf("%s 个对象", "%s objects", n))
	}
	if n := word(e.Detail, "number"); n != "" {
		add(fault.T(n, n))
	}
	if n, ok := e.Detail["points"].(float64); ok {
		points := strconv.FormatFloat(n, 'f', -1, 64)
		add(fault.T("扣 "+points+" 分", points+" points off"))
	}
	if m := word(e.Detail, "measures"); m != "" {
		add(fault.T("措施："+m, "measures: "+m))
	}
	return fault.T(strings.Join(zh, "，"), strings.Join(en, ", ")), nil
}

// days tells the deadlines of an event as last days; the first one after the confirmation replaces no promise to mend.
func (e *Event) days() fault.Text {
	if d, ok := lastDay(e.Detail, "asked_due"); ok {
		return fault.Tf("申请延至 %s", "asks for %s", d)
	}
	if d, ok := lastDay(e.Detail, "reply_due"); ok {
		return fault.Tf("答复时限 %s", "reply due %s", d)
	}
	due, ok := lastDay(e.Detail, "due")
	if !ok {
		return fault.Text{}
	}
	if was, ok := lastDay(e.Detail, "due_before"); ok && e.From != Confirmed {
		return fault.Tf("时限由 %s 改为 %s", "due %s, now %s", was, due)
	}
	return fault.Tf("时限 %s", "due %s", due)
}

var (
	waysSaid  = map[string]fault.Text{"site": fault.T("现场复核", "looked at on site"), "paper": fault.T("资料复核", "looked at on paper")}
	rolesSaid = map[string]fault.Text{
		"before": fault.T("整改前", "before"), "after": fault.T("整改后", "after"), "control": fault.T("管控措施", "measures of control"),
		"reply": fault.T("书面答复", "written reply"), "recheck": fault.T("回头看", "recheck"), "basis": fault.T("依据", "basis"),
	}
	answersSaid = map[string]fault.Text{
		"none": fault.T("无此问题", "no such problem"), "found": fault.T("发现问题", "found"), "not_applicable": fault.T("不适用", "not applicable"),
	}
)

func word(detail map[string]any, key string) string {
	switch v := detail[key].(type) {
	case string:
		return v
	case float64: // as JSON has numbers of objects
		return fmt.Sprintf("%.0f", v)
	}
	return ""
}

// lastDay is the last day of a deadline, which is kept as the instant that ends it.
func lastDay(detail map[string]any, key string) (hydrotime.Date, bool) {
	at, err := time.Parse(time.RFC3339Nano, word(detail, key))
	if err != nil {
		return hydrotime.Date{}, false
	}
	return hydrotime.DateOf(at.Add(-1)), true
}

// name is what the registry calls an id now, the id itself where it is not there any more.
func (t *teller) name(query, id string, arg any) (fault.Text, error) {
	if n, ok := t.names[query+id]; ok {
		return n, nil
	}
	name := fault.T(id, id)
	err := t.q.QueryRowContext(t.ctx, query, arg).Scan(&name.Zh, &name.En)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return name, fmt.Errorf("read the name of %s: %w", id, err)
	}
	if name.En == "" {
		name.En = name.Zh
	}
	t.names[query+id] = name
	return name, nil
}
