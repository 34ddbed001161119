// Package identity holds accounts, sessions, tokens and what each person may do where.
//
// A grant is a role in a line of work (业务线) over a division and all below it. Passwords are kept as argon2id, sessions and
// tokens as SHA-256. A county user reads and writes its county unless given more. Rules never ask the clock.
package identity

import (
	"slices"

	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/registry"
)

// Actor is who an audit entry names.
type Actor = audit.Actor

// Permission is one thing that a person may do.
type Permission string

// The permissions.
const (
	Own           Permission = "own"            // one's own account, sessions and tokens
	DivisionRead  Permission = "division.read"  // the division tree and its map
	RegistryWrite Permission = "registry.write" // divisions, organisations, posts, people
	PeopleRead    Permission = "people.read"    // organisations, posts and people, phones masked
	PeoplePhone   Permission = "people.phone"   // whole telephone numbers, each look written down
	AccountRead   Permission = "account.read"
	AccountWrite  Permission = "account.write"
	AuditRead     Permission = "audit.read"
	PackRead      Permission = "pack.read"
	PackWrite     Permission = "pack.write"
	FigureRead    Permission = "figure.read" // cockpit, rankings, indicators, deadlines
	TargetRead    Permission = "target.read"
	TargetWrite   Permission = "target.write"
	ReturnRead    Permission = "return.read"
	ReturnWrite   Permission = "return.write"
	ReturnSubmit  Permission = "return.submit"
	ReturnReview  Permission = "return.review"
	ReturnLock    Permission = "return.lock"
	ReturnCorrect Permission = "return.correct"
	ReminderWrite Permission = "reminder.write"
	ImportWrite   Permission = "import.write"
	ObjectRead    Permission = "object.read"  // the register of water objects and who answers for them, phones masked
	ObjectWrite   Permission = "object.write" // objects, and who answers for them
	// GaugeConfigure writes the parameters of field stations over the air, which changes what they measure and when.
	GaugeConfigure Permission = "gauge.configure"
	MatterRead     Permission = "matter.read"
	MatterOpen     Permission = "matter.open"
	MatterAnswer   Permission = "matter.answer"   // the answering side: confirm or dispute, measures, evidence, submit
	MatterAssign   Permission = "matter.assign"   // name the responsible unit and person, and the deadline
	MatterReview   Permission = "matter.review"   // the keeping side: uphold, close, send back, extend, recheck, reopen
	MatterRaise    Permission = "matter.escalate" // propose a step of the ladder
	MatterApprove  Permission = "matter.approve"  // approve a step of the ladder
	MeetingWrite   Permission = "meeting.write"
	// InspectionRead at the division that keeps a plan also lifts the veil of unannounced ones.
	InspectionRead   Permission = "inspection.read"
	InspectionPlan   Permission = "inspection.plan"
	InspectionRecord Permission = "inspection.record"
	BulletinRead     Permission = "bulletin.read"  // issued bulletins of one's scope, addressed to it or about it
	BulletinWrite    Permission = "bulletin.write" // draft, edit, submit
	BulletinIssue    Permission = "bulletin.issue" // approve, issue, send back

	ProjectRead  Permission = "project.read"  // major projects: stages, money, progress
	ProjectWrite Permission = "project.write" // projects and their parts; over a city also its lists and what the province assesses
	// ProjectApprove at a level that the rules name, or above it, confirms what somebody else submitted of a project or a plan.
	ProjectApprove Permission = "project.approve"

	Export Permission = "export"
	System Permission = "system" // the demo's clock, metrics of the inside
)

// Role is a named set of permissions.
type Role struct {
	ID          string       `json:"id"`
	Name        fault.Text   `json:"name"`
	Permissions []Permission `json:"permissions"`
}

// Roles lists the roles. An administrator keeps accounts, packs and the registry, and has no hand in figures.
func Roles() []Role {
	reads := []Permission{Own, DivisionRead, PackRead, FigureRead, TargetRead, ReturnRead, ObjectRead, MatterRead, ProjectRead, BulletinRead, Export}
	// An office that inspects: it plans, records, opens matters, and reviews those that it keeps.
	inspects := []Permission{MatterOpen, MatterAssign, MatterReview, MatterRaise, InspectionRead, InspectionPlan, InspectionRecord, ObjectWrite, GaugeConfigure}
	r := func(id, zh, en string, more ...[]Permission) Role {
		return Role{id, fault.T(zh, en), slices.Concat(append([][]Permission{reads}, more...)...)}
	}
	and := func(list ...Permission) []Permission { return list }
	return []Role{
		r("viewer", "只读", "viewer"),
		r("clerk", "填报员", "clerk", and(ReturnWrite, ImportWrite, MatterAnswer, ObjectWrite, ProjectWrite, BulletinWrite)),
		r("county_leader", "县级负责人", "county leader", and(ReturnWrite, ReturnSubmit, ImportWrite, PeopleRead, PeoplePhone, ReturnCorrect, MatterAnswer, ProjectWrite, ProjectApprove, BulletinWrite, BulletinIssue), inspects),
		r("inspector", "督查员", "inspector", and(MatterOpen, InspectionRead, InspectionRecord, PeopleRead)),
		r("reviewer", "业务处室审核员", "reviewer", and(ReturnReview, ReminderWrite, ReturnCorrect, PeopleRead, PeoplePhone, MeetingWrite, ProjectApprove, BulletinWrite), inspects),
		r("planner", "规划计划处", "planner", and(TargetWrite, ReturnReview, ReturnLock, ReturnCorrect, ReminderWrite, ImportWrite, ReturnWrite, ReturnSubmit, PeopleRead, PeoplePhone, MatterAssign, MeetingWrite, ProjectWrite, ProjectApprove, BulletinWrite)),
		r("director", "局领导", "director", and(ReminderWrite, PeopleRead, PeoplePhone, AuditRead, MatterApprove, MeetingWrite, ProjectApprove, BulletinWrite, BulletinIssue), inspects),
		r("auditor", "审计员", "auditor", and(AuditRead, AccountRead, PeopleRead)),
		{"administrator", fault.T("系统管理员", "administrator"), []Permission{
			Own, DivisionRead, PackRead, PackWrite, RegistryWrite, PeopleRead, PeoplePhone, ObjectRead, ObjectWrite, GaugeConfigure, AccountRead, AccountWrite, AuditRead, Export, System,
		}},
	}
}

// RoleOf finds a role.
func RoleOf(id string) (Role, bool) {
	for _, r := range Roles() {
		if r.ID == id {
			return r, true
		}
	}
	return Role{}, false
}

// AnyLine is the line of a grant that holds in every line of work.
const AnyLine = "*"

// Grant is a role in a line of work over a division and all below it.
type Grant struct {
	ID       string
	Role     string
	Line     string // or AnyLine
	Division int64
}

// Principal is a signed-in person, or a token acting for one, with the tree it was resolved against. It never changes.
type Principal struct {
	account    string
	login      string
	name       string
	person     string
	home       int64
	mustChange bool
	session    string
	grants     []resolved
	tree       *registry.Tree
	token      *limits
}

type resolved struct {
	Grant
	permissions map[Permission]bool
}

// limits are what a token narrows its account to.
type limits struct {
	permissions []Permission
	line        string
	division    int64
}

// NewPrincipal resolves grants; tests and the program itself use it too.
func NewPrincipal(account, login, name string, home int64, grants []Grant, tree *registry.Tree) *Principal {
	p := &Principal{account: account, login: login, name: name, home: home, tree: tree}
	for _, g := range grants {
		role, ok := RoleOf(g.Role)
		if !ok {
			continue
		}
		r := resolved{g, map[Permission]bool{}}
		for _, perm := range role.Permissions {
			r.permissions[perm] = true
		}
		p.grants = append(p.grants, r)
	}
	return p
}

// Actor names the person for audit and history.
func (p *Principal) Actor() Actor { return Actor{ID: p.account, Name: p.name} }

// Account is the account's id.
func (p *Principal) Account() string { return p.account }

// Login is the name the person signs in with.
func (p *Principal) Login() string { return p.login }

// Name is the person's name.
func (p *Principal) Name() string { return p.name }

// Person is the id of the registry's person behind the account, "" where none is named.
func (p *Principal) Person() string { return p.person }

// For makes the principal stand for a person of the registry; tests and the demo use it, and it is called before anybody else
// holds the principal.
func (p *Principal) For(person string) *Principal {
	p.person = person
	return p
}

// Home is the division the person belongs to.
func (p *Principal) Home() int64 { return p.home }

// Session is the id of the session, "" for a token.
func (p *Principal) Session() string { return p.session }

// MustChange reports whether the password must be changed before anything else.
func (p *Principal) MustChange() bool { return p.mustChange }

// Grants lists the grants.
func (p *Principal) Grants() []Grant {
	out := make([]Grant, len(p.grants))
	for i, g := range p.grants {
		out[i] = g.Grant
	}
	return out
}

// Can reports whether the person may do something in a line of work to a division. With line "" any line will do.
func (p *Principal) Can(perm Permission, line string, division int64) bool {
	if t := p.token; t != nil && (!slices.Contains(t.permissions, perm) || !lineFits(t.line, line) || !p.tree.Within(t.division, division)) {
		return false
	}
	for _, g := range p.grants {
		if g.permissions[perm] && lineFits(g.Line, line) && p.tree.Within(g.Division, division) {
			return true
		}
	}
	return false
}

// Holds lists the divisions at which the person holds a role that reaches a line of work and a division.
func (p *Principal) Holds(role, line string, division int64) []registry.Division {
	var out []registry.Division
	for _, g := range p.grants {
		if g.Role == role && lineFits(g.Line, line) && p.tree.Within(g.Division, division) {
			if d, ok := p.tree.ByID(g.Division); ok {
				out = append(out, d)
			}
		}
	}
	return out
}

func lineFits(granted, asked string) bool {
	return granted == AnyLine || asked == "" || granted == asked
}

// Highest is the division furthest up at or above a place at which the person may do something: whose office keeps what comes of it.
func (p *Principal) Highest(perm Permission, line string, place int64) (registry.Division, bool) {
	at, _ := p.tree.ByID(place)
	above := append([]registry.Division{at}, p.tree.Ancestors(place)...)
	for _, d := range slices.Backward(above) {
		if p.Can(perm, line, d.ID) {
			return d, true
		}
	}
	return registry.Division{}, false
}

// CanSomewhere reports whether the person may do something to any division at all.
func (p *Principal) CanSomewhere(perm Permission) bool {
	if t := p.token; t != nil && !slices.Contains(t.permissions, perm) {
		return false
	}
	return slices.ContainsFunc(p.grants, func(g resolved) bool { return g.permissions[perm] })
}

// Scopes lists the divisions over whose subtrees the person may do something, in any line of work.
func (p *Principal) Scopes(perm Permission) []int64 {
	var out []int64
	for _, g := range p.grants {
		if !g.permissions[perm] {
			continue
		}
		at := g.Division
		if t := p.token; t != nil {
			if !slices.Contains(t.permissions, perm) {
				continue
			}
			if p.tree.Within(at, t.division) {
				at = t.division
			} else if !p.tree.Within(t.division, at) {
				continue
			}
		}
		if !slices.Contains(out, at) {
			out = append(out, at)
		}
	}
	return out
}

// Everywhere reports whether the person may do something over a whole root of the tree.
func (p *Principal) Everywhere(perm Permission) bool {
	for _, id := range p.Scopes(perm) {
		if d, ok := p.tree.ByID(id); ok && d.ParentID == nil {
			return true
		}
	}
	return false
}
