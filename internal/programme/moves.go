package programme

import (
	"slices"

	"anlan/internal/fault"
	"anlan/internal/identity"
)

// transition is one legal move as data: from where, to where, with which permission, and whether it must say why.
type transition struct {
	move       Move
	from       []State
	to         State
	permission identity.Permission
	reason     bool
	// another must make this move: not the person who submitted.
	another bool
	name    fault.Text
}

// transitions are all the moves there are. Correct leaves the locked version as it is and opens the next one.
func transitions() []transition {
	return []transition{
		{move: Submit, from: []State{Draft, SentBack}, to: Submitted, permission: identity.ReturnSubmit, name: fault.T("提交", "submit")},
		{move: Withdraw, from: []State{Submitted}, to: Draft, permission: identity.ReturnSubmit, reason: true, name: fault.T("撤回", "withdraw")},
		{move: Review, from: []State{Submitted}, to: Reviewed, permission: identity.ReturnReview, another: true, name: fault.T("审核通过", "review")},
		{move: Accept, from: []State{Reviewed}, to: Accepted, permission: identity.ReturnReview, another: true, name: fault.T("接收", "accept")},
		{move: SendBack, from: []State{Submitted, Reviewed}, to: SentBack, permission: identity.ReturnReview, reason: true, name: fault.T("退回", "send back")},
		{move: Lock, from: []State{Accepted}, to: Locked, permission: identity.ReturnLock, name: fault.T("月结", "lock")},
		{move: Correct, from: []State{Locked}, to: Draft, permission: identity.ReturnCorrect, reason: true, name: fault.T("更正", "correct")},
	}
}

func transitionOf(m Move) (transition, bool) {
	all := transitions()
	if i := slices.IndexFunc(all, func(t transition) bool { return t.move == m }); i >= 0 {
		return all[i], true
	}
	return transition{}, false
}

// writable reports whether lines may be typed in a state.
func (s State) writable() bool { return s == Draft || s == SentBack }

// stateName is the word for a state in both languages.
func stateName(s State) fault.Text {
	switch s {
	case Missing:
		return fault.T("未报", "not filed")
	case Draft:
		return fault.T("草稿", "draft")
	case Submitted:
		return fault.T("已提交", "submitted")
	case Reviewed:
		return fault.T("已审核", "reviewed")
	case Accepted:
		return fault.T("已接收", "accepted")
	case SentBack:
		return fault.T("已退回", "sent back")
	case Locked:
		return fault.T("已月结", "locked")
	case Corrected:
		return fault.T("已更正", "corrected")
	}
	return fault.T(string(s), string(s))
}

// errState says that a state does not allow an act.
func errState(s State, act fault.Text) error {
	name := stateName(s)
	return fault.New(fault.Conflict, "return.state", fault.T("报表"+name.Zh+"，不能"+act.Zh, "the return is "+name.En+": "+act.En+" is not possible"))
}
