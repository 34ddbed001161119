package identity

import (
	"anlan/internal/fault"
	"anlan/internal/registry"
)

var errReach = fault.New(fault.Forbidden, "account.reach", fault.T("该账号或授权超出您的管理范围", "the account or grant lies outside your reach"))

// MayGrant says whether the person may give a role to an account or take it away: only inside the divisions and the line of
// work where the person keeps accounts, and never to oneself.
func (p *Principal) MayGrant(account string, g Grant) error {
	if account == p.account {
		return fault.Forbiddenf("grant.self", "不能给自己授权，请由另一位管理员办理", "nobody gives roles to oneself; ask another administrator")
	}
	if !lineForm.MatchString(g.Line) {
		return errLine
	}
	if !p.Can(AccountWrite, g.Line, g.Division) {
		return errReach
	}
	return nil
}

// MayManage says whether the person may change, reset or disable an account: its home and all it was granted must lie inside
// the person's reach, since who resets a password can sign in with it.
func (p *Principal) MayManage(a Account) error {
	if !p.Can(AccountWrite, "", a.Division) {
		return errReach
	}
	for _, g := range a.Grants {
		if !p.Can(AccountWrite, g.Line, g.Division) {
			return errReach
		}
	}
	return nil
}

// MayCreate says whether the person may make an account with its first grants.
func (p *Principal) MayCreate(n NewAccount) error {
	return p.MayManage(Account{Division: n.Division, Grants: n.Grants})
}

// Caller is the person as one who may see whole telephone numbers.
func (p *Principal) Caller() registry.Editor {
	return registry.Editor{Actor: p.Actor(), May: func(division int64) bool { return p.Can(PeoplePhone, "", division) }}
}

// Editor is the person as one who changes the registry.
func (p *Principal) Editor() registry.Editor {
	return registry.Editor{Actor: p.Actor(), May: func(division int64) bool { return p.Can(RegistryWrite, "", division) }}
}

// ObjectEditor is the person as one who changes the register of objects and says who answers for them.
func (p *Principal) ObjectEditor() registry.Editor {
	return registry.Editor{Actor: p.Actor(), May: func(division int64) bool { return p.Can(ObjectWrite, "", division) }}
}
