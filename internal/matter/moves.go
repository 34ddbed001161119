package matter

import (
	"slices"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
)

// Move is what can be done to a matter.
type Move string

// The moves.
const (
	Confirm     Move = "confirm"
	Dispute     Move = "dispute"
	Uphold      Move = "uphold"
	Dismiss     Move = "dismiss"
	Assign      Move = "assign"
	Plan        Move = "plan"
	Submit      Move = "submit"
	Withdraw    Move = "withdraw"
	SendBack    Move = "send_back"
	Close       Move = "close"
	Control     Move = "control"
	AskMore     Move = "ask_extension"
	Extend      Move = "extend"
	RefuseMore  Move = "refuse_extension"
	RecheckPass Move = "recheck"
	Reopen      Move = "reopen"
	Clear       Move = "clear"
	Note        Move = "note"
)

// Side is who makes a move.
type Side string

// The sides: who answers for the place, who keeps the matter, who looks at it again for the keeper (回头看), who may assign at the
// place, and the program's rules.
const (
	Answers Side = "answers"
	Keeps   Side = "keeps"
	Looks   Side = "looks"
	Gives   Side = "gives"
	Program Side = "program"
	Reads   Side = "reads"
)

// Legal is one legal move as data: from where, to where, by whom, and what must come with it.
type Legal struct {
	Move Move       `json:"move"`
	From []State    `json:"from"`
	To   State      `json:"to" doc:"The state after; the same where empty"`
	Side Side       `json:"side"`
	Name fault.Text `json:"name"`

	Reason   bool   `json:"reason"`   // must say why
	Evidence bool   `json:"evidence"` // what shows the work must be there, and be new (Shown)
	Owner    bool   `json:"owner"`    // unit and person
	Due      bool   `json:"due"`      // a deadline in the future
	Measures bool   `json:"measures"`
	Way      bool   `json:"way"`     // on site or on paper
	Another  bool   `json:"another"` // not the person whose act is looked at
	Only     []Kind `json:"only,omitempty"`
}

// Legals are all the moves there are.
func Legals() []Legal {
	working := []State{Assigned, Rectifying, Returned}
	t := fault.T
	return []Legal{
		{Move: Confirm, From: []State{Found, Disputed}, To: Confirmed, Side: Answers, Name: t("确认", "confirm")},
		{Move: Dispute, From: []State{Found}, To: Disputed, Side: Answers, Reason: true, Name: t("提出异议", "dispute")},
		{Move: Uphold, From: []State{Disputed}, To: Confirmed, Side: Keeps, Reason: true, Another: true, Name: t("维持认定", "uphold")},
		{Move: Dismiss, From: []State{Disputed}, To: Dismissed, Side: Keeps, Reason: true, Another: true, Name: t("不予认定", "dismiss")},
		{Move: Assign, From: []State{Confirmed, Assigned, Rectifying, Returned}, To: Assigned, Side: Gives, Owner: true, Due: true, Name: t("交办", "assign")},
		{Move: Plan, From: working, To: Rectifying, Side: Answers, Measures: true, Name: t("报整改措施", "state measures")},
		{Move: Submit, From: []State{Rectifying, Returned, Controlled}, To: Submitted, Side: Answers, Measures: true, Evidence: true, Name: t("提交复核", "submit")},
		{Move: Withdraw, From: []State{Submitted}, To: Rectifying, Side: Answers, Reason: true, Name: t("撤回", "withdraw")},
		{Move: SendBack, From: []State{Submitted}, To: Returned, Side: Keeps, Reason: true, Another: true, Way: true, Name: t("退回", "send back")},
		{Move: Close, From: []State{Submitted}, To: Closed, Side: Keeps, Evidence: true, Another: true, Way: true, Name: t("销号", "close")},
		{Move: Control, From: []State{Submitted}, To: Controlled, Side: Keeps, Evidence: true, Another: true, Way: true, Due: true, Only: []Kind{Hazard}, Name: t("认定管控措施落实", "accept as controlled")},
		{Move: AskMore, From: working, Side: Answers, Reason: true, Due: true, Name: t("申请延期", "ask for an extension")},
		{Move: Extend, From: working, Side: Keeps, Another: true, Name: t("同意延期", "extend")},
		{Move: RefuseMore, From: working, Side: Keeps, Reason: true, Another: true, Name: t("不同意延期", "refuse the extension")},
		{Move: RecheckPass, From: []State{Closed, Controlled}, Side: Looks, Way: true, Name: t("回头看通过", "pass a recheck")},
		{Move: Reopen, From: []State{Closed, Controlled}, To: Rectifying, Side: Looks, Reason: true, Due: true, Name: t("重新打开", "reopen")},
		{Move: Clear, From: []State{Found, Disputed, Confirmed, Assigned, Rectifying, Submitted, Returned}, To: Cleared, Side: Program, Reason: true, Only: []Kind{Lag, Missing, Overdue}, Name: t("原因消除", "clear")},
		{Move: Note, From: States(), Side: Reads, Reason: true, Name: t("备注", "note")},
	}
}

// LegalOf finds the rule of a move.
func LegalOf(move Move) (Legal, bool) {
	all := Legals()
	i := slices.IndexFunc(all, func(l Legal) bool { return l.Move == move })
	if i < 0 {
		return Legal{}, false
	}
	return all[i], true
}

// Permission is what a side needs.
func (s Side) Permission() identity.Permission {
	switch s {
	case Answers:
		return identity.MatterAnswer
	case Keeps:
		return identity.MatterReview
	case Looks:
		return identity.InspectionRecord
	case Gives:
		return identity.MatterAssign
	}
	return identity.MatterRead
}

// Act is one move as somebody asks for it.
type Act struct {
	Move     Move       `json:"move" enum:"confirm,dispute,uphold,dismiss,assign,plan,submit,withdraw,send_back,close,control,ask_extension,extend,refuse_extension,recheck,reopen,note"`
	Edit     int64      `json:"edit" minimum:"0" doc:"The edit number that was read; 0 moves whatever stands"`
	Reason   string     `json:"reason,omitempty" maxLength:"2000"`
	Unit     string     `json:"unit,omitempty" maxLength:"60" doc:"The organisation that answers"`
	Person   string     `json:"person,omitempty" maxLength:"60" doc:"The person who answers"`
	Due      *time.Time `json:"due,omitempty"`
	Measures string     `json:"measures,omitempty" maxLength:"4000"`
	Way      string     `json:"way,omitempty" enum:"site,paper" doc:"How it was looked at"`
}

// Facts are what a move is judged by besides the record itself.
type Facts struct {
	By    string // account of who acts
	At    time.Time
	Keeps bool // who acts may act for the keeping side
	Own   bool // who acts answers for the matter, or did the work of this round: stated measures or showed evidence
	Shown Shown
	Terms Terms
}

// Next judges a move and gives the record as it stands after it. Who may act where was asked before.
func (m *Matter) Next(a Act, f Facts) (Matter, error) {
	l, ok := LegalOf(a.Move)
	if !ok {
		return *m, fault.Invalidf("matter.move", "没有“%s”这个动作", "there is no move %q", a.Move)
	}
	if err := m.may(l, a, f); err != nil {
		return *m, err
	}
	n := *m
	n.Edit++
	n.Changed = f.At
	if l.To != "" {
		n.State = l.To
	}
	n.take(a, f)
	return n, nil
}

func (m *Matter) may(l Legal, a Act, f Facts) error {
	if !slices.Contains(l.From, m.State) {
		name := StateName(m.State)
		return fault.New(fault.Conflict, "matter.state", fault.T("当前为“"+name.Zh+"”，不能"+l.Name.Zh, "it is "+name.En+": "+l.Name.En+" is not possible"))
	}
	if len(l.Only) > 0 && !slices.Contains(l.Only, m.Kind) {
		return fault.New(fault.Conflict, "matter.kind", fault.T("此类事项不能"+l.Name.Zh, "not for this kind of matter: "+l.Name.En))
	}
	if l.Another && m.lookedAt(l.Move) == f.By {
		return fault.New(fault.Forbidden, "matter.another", fault.T("须由另一人"+l.Name.Zh+"：不能办理自己提交的事项", "somebody else must do this: nobody reviews what they handed in"))
	}
	if (l.Move == Close || l.Move == Control) && f.Own {
		return fault.New(fault.Forbidden, "matter.another", fault.T("须由另一人"+l.Name.Zh+"：不能复核自己负责或整改的事项", "somebody else must do this: nobody reviews what they answer for or mended"))
	}
	if (l.Move == Extend || l.Move == RefuseMore) && m.AskedDue == nil {
		return fault.Conflictf("matter.unasked", "没有待批的延期申请", "no extension was asked for")
	}
	if l.Move == Extend && !m.AskedDue.After(f.At) {
		return fault.Conflictf("matter.asked_past", "申请的日期已过，请不同意此申请，由对方重新申请", "the day that was asked for has passed: refuse it, and let them ask again")
	}
	if l.Move == AskMore && m.Extended != nil {
		return fault.Conflictf("matter.extended", "已延期一次，不能再延", "it was extended once already")
	}
	if l.Move == Close && f.Shown.Open > 0 {
		return fault.Conflictf("matter.parts", "举一反三还有 %d 处未答复", "%d objects of the sweep have no answer yet", f.Shown.Open)
	}
	return m.needs(l, a, f)
}

// lookedAt is whose act a move judges.
func (m *Matter) lookedAt(move Move) string {
	switch move {
	case Uphold, Dismiss:
		return m.DisputedBy
	case Extend, RefuseMore:
		return m.AskedBy
	}
	return m.SubmittedBy
}

func (m *Matter) needs(l Legal, a Act, f Facts) error {
	bad := fault.New(fault.Invalid, "matter.needs", fault.T(l.Name.Zh+"所需内容不全", "more is needed to "+l.Name.En))
	want := func(missing bool, place, zh, en string) {
		if missing {
			bad.At(place, fault.T(zh, en))
		}
	}
	want(l.Reason && strings.TrimSpace(a.Reason) == "", "reason", "须说明理由", "say why")
	want(l.Owner && a.Unit == "" && m.Unit == "", "unit", "须明确责任单位", "name the unit that answers")
	want(l.Owner && a.Person == "" && m.Person == "", "person", "须明确责任人", "name the person who answers")
	want(l.Measures && strings.TrimSpace(a.Measures) == "" && m.Measures == "", "measures", "须填写整改措施", "state the measures")
	want(l.Evidence && f.Shown.Open > 0, "parts", "举一反三须逐处答复", "each object of the sweep needs an answer")
	want(l.Evidence && f.Shown.Open == 0 && !m.proves(l.Move, f.Shown), "evidence", "须有交办或上次复核以后的整改佐证材料", "a file is needed that shows the work done, added since it was assigned or last looked at")
	want(l.Way && a.Way != "site" && a.Way != "paper", "way", "须说明现场复核或资料复核", "say whether it was looked at on site or on paper")
	if l.Due {
		first := l.Move == Assign && a.Due == nil && m.State != Confirmed // a later assignment may leave the deadline
		want(a.Due == nil && !first, "due", "须明确时限", "give a deadline")
		want(a.Due != nil && !a.Due.After(f.At), "due", "时限须在此刻之后", "a deadline lies in the future")
		want(l.Move == Assign && m.State != Confirmed && a.Due != nil && a.Due.After(m.Due), "due", "改派不能推迟时限，请申请延期", "handing it to another does not move the deadline: ask for an extension")
		latest := m.latest(f)
		want(l.Move == Assign && m.State == Confirmed && !f.Keeps && a.Due != nil && a.Due.After(latest), "due",
			"时限最晚 "+dayOf(latest)+"，更长的须由督办方交办", "the latest day is "+dayOf(latest)+": only the keeper gives a longer one")
		longest := f.Terms.after(f.At, Terms.longest)
		bound := l.Move != Assign || m.State == Confirmed && f.Keeps && a.Due != nil && a.Due.After(m.OriginalDue) // any other assignment is bounded above
		want(bound && a.Due != nil && a.Due.After(longest), "due", tooFar(longest, f.Terms).Zh, tooFar(longest, f.Terms).En)
		want(l.Move == AskMore && a.Due != nil && !a.Due.After(m.Due), "due", "延期后的时限须晚于现时限", "an extension ends later than the deadline")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// take lays what came with a move into the record.
func (m *Matter) take(a Act, f Facts) {
	if a.Measures != "" && (a.Move == Plan || a.Move == Submit) {
		m.Measures = strings.TrimSpace(a.Measures)
	}
	switch a.Move {
	case Confirm, Uphold:
		if m.DisputedBy != "" { // while it was disputed its side had nothing to do: the days begin anew
			m.Due = f.Terms.after(f.At, Terms.confirm)
		}
	case Dispute:
		m.DisputedBy = f.By
		m.Due = f.Terms.after(f.At, Terms.decide)
	case Assign:
		m.takeOwner(a, f.At)
	case Submit:
		at := f.At
		m.Submitted, m.SubmittedBy = &at, f.By
		m.Closed = nil // from controlled
		m.unask()
	case AskMore:
		m.AskedDue, m.AskedReason, m.AskedBy = a.Due, a.Reason, f.By
	case Extend:
		at := f.At
		m.Due, m.Extended = *m.AskedDue, &at
		m.unask()
	case RefuseMore:
		m.unask()
	case Close, Control, Dismiss, Clear:
		at := f.At
		m.Closed = &at
		m.unask()
		if a.Move == Control {
			m.Due = *a.Due // by when it must be mended for good
			m.Closed = nil
		}
	case RecheckPass:
		at := f.At
		m.Rechecked = &at
	case Reopen:
		m.Due, m.Closed = *a.Due, nil
		m.Submitted, m.SubmittedBy = nil, ""
		m.Reopened++
	}
}

// latest is the latest deadline that anybody but the keeper may give: the most days for the severity, or the one that it was opened with.
func (m *Matter) latest(f Facts) time.Time {
	if by := f.Terms.MendBy(f.At, m.Severity); by.After(m.OriginalDue) {
		return by
	}
	return m.OriginalDue
}

// tooFar says that a deadline lies further ahead than anybody gives.
func tooFar(longest time.Time, t Terms) fault.Text {
	return fault.Tf("时限最晚 %[1]s：最长 %[2]d 天", "the latest day is %[1]s: nobody gives more than %[2]d days", dayOf(longest), t.longest())
}

// dayOf writes the last day of a deadline, which is kept as the instant that ends it.
func dayOf(due time.Time) string { return hydrotime.DateOf(due.Add(-1)).String() }

// unask drops a request for more time: it was decided, or what it was asked for has changed.
func (m *Matter) unask() { m.AskedDue, m.AskedReason, m.AskedBy = nil, "", "" }

// takeOwner gives the matter to somebody. The first deadline given for mending is the original one; a later assignment moves the
// one that stands only, so that nobody loses an overdue by being handed a matter again.
func (m *Matter) takeOwner(a Act, at time.Time) {
	if m.Assigned == nil {
		m.Assigned = &at
	}
	if a.Unit != "" {
		m.Unit = a.Unit
	}
	if a.Person != "" {
		m.Person = a.Person
	}
	m.unask()
	if a.Due == nil {
		return
	}
	m.Due = *a.Due
	if m.OriginalDue.IsZero() {
		m.OriginalDue = m.Due
	}
}

// StateName is the word for a state in both languages.
func StateName(s State) fault.Text {
	names := map[State][2]string{
		Found: {"待确认", "to confirm"}, Disputed: {"有异议", "disputed"}, Confirmed: {"待交办", "to assign"}, Assigned: {"待整改", "assigned"},
		Rectifying: {"整改中", "under way"}, Submitted: {"待复核", "to review"}, Returned: {"已退回", "sent back"},
		Controlled: {"管控措施落实", "under control"}, Closed: {"已销号", "closed"}, Dismissed: {"不予认定", "dismissed"}, Cleared: {"原因消除", "cleared"},
	}
	n, ok := names[s]
	if !ok {
		return fault.T(string(s), string(s))
	}
	return fault.T(n[0], n[1])
}
