package oversight

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"anlan/internal/definition"
	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/ledger/acceptance"
	"anlan/internal/ledger/scheme"
	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/compare"
	"anlan/internal/oversight/ladder"
	"anlan/internal/project/lifecycle"
	"anlan/internal/store"

	"go.yaml.in/yaml/v3"
)

// RulebookVersion is one kept version of a checklist, a score tree, a ledger's rules, a comparison, a ladder or the rules of projects.
type RulebookVersion struct {
	Kind     string     `json:"kind" enum:"checklist,tree,ledger,comparison,ladder,lifecycle"`
	ID       string     `json:"id"`
	Version  int        `json:"version"`
	Title    fault.Text `json:"title"`
	Sample   bool       `json:"sample" doc:"It waits for the operator's own"`
	LoadedAt time.Time  `json:"loaded_at"`
	LoadedBy string     `json:"loaded_by"`
	InForce  bool       `json:"in_force"`
}

// RulebookSource is one version with its YAML, as it was handed in.
type RulebookSource struct {
	RulebookVersion
	Source string `json:"source"`
}

// RulebookCheck is what putting a file into force would mean.
type RulebookCheck struct {
	OK      bool                `json:"ok"`
	Fields  []fault.Field       `json:"fields" doc:"What is wrong, with file, part and line"`
	Kind    string              `json:"kind" enum:",checklist,tree,ledger,comparison,ladder,lifecycle" doc:"Empty where the file does not show what it is"`
	ID      string              `json:"id"`
	Version int                 `json:"version" doc:"As the file says"`
	Base    int                 `json:"base" doc:"Version in force now; 0 where there is none"`
	Title   fault.Text          `json:"title"`
	Changes []definition.Change `json:"changes" doc:"Against the version in force"`
}

// file is a definition on its way in; the kind may be empty, then its parts tell.
type file struct {
	kind, name string
	source     []byte
}

// definitionHead is a definition that was read, with what all of them say of themselves.
type definitionHead struct {
	kind, id string
	version  int
	title    fault.Text
	sample   bool
	value    any
}

func (n definitionHead) key() string { return fmt.Sprintf("%s/%s/%d", n.kind, n.id, n.version) }

// sort says what a kind of definition is called, which part only it has, and reads one.
type sort struct {
	kind, part string
	parse      func(name string, src []byte) (definitionHead, error)
}

// sorts are in the order in which files are taken: a ledger names a checklist and a tree.
func sorts() []sort {
	return []sort{
		{"checklist", "sections", reads(checklist.Parse, func(c *checklist.Checklist) definitionHead {
			return definitionHead{"checklist", c.ID, c.Version, c.Title, c.Sample, c}
		})},
		{"tree", "dimensions", reads(acceptance.Parse, func(t *acceptance.Tree) definitionHead {
			return definitionHead{"tree", t.ID, t.Version, t.Title, t.Sample, t}
		})},
		{"ledger", "states", reads(scheme.Parse, func(k *scheme.Scheme) definitionHead {
			return definitionHead{"ledger", k.ID, k.Version, k.Title, k.Sample, k}
		})},
		{"comparison", "parts", reads(compare.Parse, func(c *compare.Comparison) definitionHead {
			return definitionHead{"comparison", c.ID, c.Version, c.Title, c.Sample, c}
		})},
		{"ladder", "steps", reads(ladder.Parse, func(l *ladder.Ladder) definitionHead {
			return definitionHead{"ladder", l.ID, l.Version, l.Title, l.Sample, l}
		})},
		{"lifecycle", "milestones", reads(lifecycle.Parse, func(l *lifecycle.ProjectRules) definitionHead {
			return definitionHead{"lifecycle", l.ID, l.Version, l.Title, l.Sample, l}
		})},
	}
}

func reads[T any](parse func(string, []byte) (*T, error), of func(*T) definitionHead) func(string, []byte) (definitionHead, error) {
	return func(name string, src []byte) (definitionHead, error) {
		v, err := parse(name, src)
		if err != nil {
			return definitionHead{}, err
		}
		return of(v), nil
	}
}

// sort is which of the sorts the file is, by its kind or by the part that only one kind has; negative where neither tells.
func (f file) sort() int {
	var parts map[string]yaml.Node
	if f.kind == "" && len(f.source) <= definition.MaxSize && yaml.Unmarshal(f.source, &parts) != nil {
		return 0 // not readable as anything: the words of any say where
	}
	return slices.IndexFunc(sorts(), func(s sort) bool {
		_, has := parts[s.part]
		return f.kind == s.kind || f.kind == "" && has
	})
}

func (f file) parse() (definitionHead, error) {
	if i := f.sort(); i >= 0 {
		return sorts()[i].parse(f.name, f.source)
	}
	return definitionHead{}, fault.Invalidf("rulebook.kind", "看不出 %s 是什么", "what %s is does not show", f.name).At(f.name,
		fault.T("应有 sections（检查清单）、dimensions（评分表）、states（台账规则）、parts（比较办法）、steps（升级办法）或 milestones（项目全过程规则）", "it has none of sections (checklist), dimensions (score tree), states (ledger), parts (comparison), steps (ladder), milestones (project rules)"))
}

// fits holds a definition against what is in force, and says at which line it does not go with it.
func (b *Rulebook) fits(f file, n definitionHead) error {
	k, err := checkOf(f, n)
	if err != nil {
		return err
	}
	if old, ok := b.newest[n.kind+"/"+n.id]; ok && old.version >= n.version {
		k.Say("version", "第 %d 版已在用，内容不同：请改为 %d", "version %d is in use with other contents: make it %d", old.version, old.version+1)
	}
	switch v := n.value.(type) {
	case *checklist.Checklist:
		b.codesOf(k, v)
	case *acceptance.Tree:
		if b.newest["ledger/"+v.ID].value != nil {
			k.Say("id", "编号 %s 已用于台账规则", "the id %s is taken by a ledger", v.ID)
		}
		if old, ok := b.newest["tree/"+v.ID].value.(*acceptance.Tree); ok {
			keepsStates(k, "stages", scheme.FromTree(old), scheme.FromTree(v))
		}
	case *scheme.Scheme:
		b.ledgerFits(k, v)
	case *lifecycle.ProjectRules:
		b.lifecycleFits(k, v)
	case *ladder.Ladder:
		if b.Ladder != nil && b.Ladder.ID != v.ID {
			k.Say("id", "升级办法只有一份，编号是 %s", "there is one ladder, and its id is %s", b.Ladder.ID)
		}
		for i, step := range v.Steps {
			if !mayApprove(step.Approver) {
				k.Say(fmt.Sprintf("steps[%d].approver", i), "没有可批准的角色 %s", "no role %s may approve it", step.Approver)
			}
		}
	case *compare.Comparison:
		if b.Comparison != nil && b.Comparison.ID != v.ID {
			k.Say("id", "比较办法只有一份，编号是 %s", "there is one comparison, and its id is %s", b.Comparison.ID)
		}
	}
	return k.Err()
}

// codesOf refuses codes that another list in force has, for recurrence is told by them.
func (b *Rulebook) codesOf(k *definition.Check, c *checklist.Checklist) {
	taken := map[string]string{}
	for _, n := range b.newest {
		if other, ok := n.value.(*checklist.Checklist); ok && other.ID != c.ID {
			for _, s := range other.Sections {
				for _, cl := range s.Clauses {
					taken[cl.Code] = other.ID
				}
			}
		}
	}
	for i, s := range c.Sections {
		for j, cl := range s.Clauses {
			if other := taken[cl.Code]; other != "" {
				k.Say(fmt.Sprintf("sections[%d].clauses[%d].code", i, j), "条目代码已用于清单 %s", "the code is taken by the list %s", other)
			}
		}
	}
}

// ledgerFits refuses a ledger whose id is a score tree's, that does not keep its states, or that names what is not there.
func (b *Rulebook) ledgerFits(k *definition.Check, s *scheme.Scheme) {
	if b.newest["tree/"+s.ID].value != nil {
		k.Say("id", "编号 %s 已用于评分表", "the id %s is taken by a score tree", s.ID)
	}
	if old, ok := b.newest["ledger/"+s.ID].value.(*scheme.Scheme); ok {
		keepsStates(k, "states", old, s)
	}
	if s.Follows != "" && b.newest["checklist/"+s.Follows].value == nil {
		k.Say("follows", "没有检查清单 %s", "there is no checklist %s", s.Follows)
	}
	if s.Tree != "" && b.newest["tree/"+s.Tree].value == nil {
		k.Say("score_tree", "没有评分表 %s", "there is no score tree %s", s.Tree)
	}
}

// keepsStates refuses a ledger that drops a state or track in which entries may stand, or begins elsewhere than the one before it;
// list is what its file calls the states.
func keepsStates(k *definition.Check, list string, old, fresh *scheme.Scheme) {
	for _, st := range old.States {
		if _, kept := fresh.State(st.ID); !kept {
			k.Say(list, "步骤 %s 已在用，不能去掉", "the step %s is in use and cannot go", st.ID)
		}
	}
	if was := old.Begins().ID; fresh.Begins().ID != was {
		k.Say(list+"[0].id", "第一步是 %s，已收录的都从它起，不能换", "the first step is %s, where what is listed began, and cannot be another", was)
	}
	for _, t := range old.Tracks {
		if _, kept := fresh.Track(t.ID); !kept {
			k.Say("tracks", "分类 %s 已在用，不能去掉", "the track %s is in use and cannot go", t.ID)
		}
	}
}

// lifecycleFits refuses rules of projects that drop a milestone, a source or a step of money that may be in use.
func (b *Rulebook) lifecycleFits(k *definition.Check, v *lifecycle.ProjectRules) {
	old := b.Lifecycle
	if old == nil {
		return
	}
	if old.ID != v.ID {
		k.Say("id", "项目全过程规则只有一份，编号是 %s", "there is one set of project rules, and its id is %s", old.ID)
	}
	if old.Line != v.Line {
		k.Say("line", "业务条线 %s 已在用，不能换", "the line %s is in use and cannot be another", old.Line)
	}
	for _, st := range old.Stages {
		if _, i := v.Stage(st.ID); i < 0 {
			k.Say("stages", "阶段 %s 已在用，不能去掉", "the stage %s is in use and cannot go", st.ID)
		}
	}
	for _, m := range old.Milestones {
		if _, ok := v.Milestone(m.ID); !ok {
			k.Say("milestones", "节点 %s 已在用，不能去掉", "the milestone %s is in use and cannot go", m.ID)
		}
	}
	for _, st := range old.Funding.Steps {
		if _, i := v.FundingStep(st.ID); i < 0 {
			k.Say("funding.steps", "资金环节 %s 已在用，不能去掉", "the step of money %s is in use and cannot go", st.ID)
		}
	}
	for _, p := range old.Plans {
		if _, ok := v.Plan(p.ID); !ok {
			k.Say("plans", "方案 %s 已在用，不能去掉", "the plan %s is in use and cannot go", p.ID)
		}
	}
	for at, lists := range map[string][2][]lifecycle.ProjectWord{"kinds": {old.Kinds, v.Kinds}, "programmes": {old.Programmes, v.Programmes}, "funding.sources": {old.Funding.Sources, v.Funding.Sources}} {
		for _, w := range lists[0] {
			if _, ok := lifecycle.WordOf(lists[1], w.ID); !ok {
				k.Say(at, "%s 已在用，不能去掉", "%s is in use and cannot go", w.ID)
			}
		}
	}
}

func mayApprove(role string) bool {
	return slices.ContainsFunc(identity.Roles(), func(r identity.Role) bool {
		return r.ID == role && slices.Contains(r.Permissions, identity.MatterApprove)
	})
}

// checkOf finds the lines of a file that was read once already.
func checkOf(f file, n definitionHead) (*definition.Check, error) {
	var places *definition.Places
	var err error
	switch n.value.(type) {
	case *checklist.Checklist:
		_, places, err = definition.Parse[checklist.Checklist](definition.Sort{}, f.name, f.source)
	case *acceptance.Tree:
		_, places, err = definition.Parse[acceptance.Tree](definition.Sort{}, f.name, f.source)
	case *scheme.Scheme:
		_, places, err = definition.Parse[scheme.Scheme](definition.Sort{}, f.name, f.source)
	case *compare.Comparison:
		_, places, err = definition.Parse[compare.Comparison](definition.Sort{}, f.name, f.source)
	case *ladder.Ladder:
		_, places, err = definition.Parse[ladder.Ladder](definition.Sort{}, f.name, f.source)
	}
	if err != nil {
		return nil, err
	}
	return places.Check(fault.Invalidf("rulebook.invalid", "%s 与在用的不相容", "%s does not go with what is in force", f.name)), nil
}

// changes lists what a definition changes against the one in force.
func (b *Rulebook) changes(n definitionHead) []definition.Change {
	breaks := func(list, field string) bool {
		return field == "" && slices.Contains([]string{"clauses", "items", "prerequisites", "stages", "steps", "states", "tracks", "marks"}, list)
	}
	old := b.newest[n.kind+"/"+n.id].value
	switch v := n.value.(type) {
	case *checklist.Checklist:
		was, _ := old.(*checklist.Checklist)
		return definition.Diff(was, v, breaks)
	case *acceptance.Tree:
		was, _ := old.(*acceptance.Tree)
		return definition.Diff(was, v, breaks)
	case *scheme.Scheme:
		was, _ := old.(*scheme.Scheme)
		return definition.Diff(was, v, breaks)
	case *compare.Comparison:
		was, _ := old.(*compare.Comparison)
		return definition.Diff(was, v, breaks)
	case *ladder.Ladder:
		was, _ := old.(*ladder.Ladder)
		return definition.Diff(was, v, breaks)
	}
	return nil
}

const selectRulebook = `SELECT r.kind, r.id, r.version, r.loaded_at, r.by_name, r.version = (SELECT MAX(o.version) FROM rulebook o WHERE o.kind = r.kind AND o.id = r.id), r.body FROM rulebook r`

func scanRulebook(scan func(...any) error) (RulebookSource, error) {
	var v RulebookSource
	var at int64
	if err := scan(&v.Kind, &v.ID, &v.Version, &at, &v.LoadedBy, &v.InForce, &v.Source); err != nil {
		return v, err
	}
	n, err := file{v.Kind, v.ID, []byte(v.Source)}.parse()
	v.LoadedAt, v.Title, v.Sample = store.Time(at), n.title, n.sample
	return v, err
}

// Rulebooks lists every kept version, newest first within a definition.
func (s *Service) Rulebooks(ctx context.Context) ([]RulebookVersion, error) {
	out := []RulebookVersion{}
	err := store.Each(ctx, s.db, selectRulebook+` ORDER BY r.kind, r.id, r.version DESC`, func(scan func(...any) error) error {
		v, err := scanRulebook(scan)
		out = append(out, v.RulebookVersion)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the definitions of oversight: %w", err)
	}
	return out, nil
}

// Rulebook reads one version, the one in force where version is 0.
func (s *Service) Rulebook(ctx context.Context, kind, id string, version int) (*RulebookSource, error) {
	row := s.db.QueryRowContext(ctx, selectRulebook+` WHERE r.kind = $1 AND r.id = $2 AND (r.version = $3 OR $3 = 0) ORDER BY r.version DESC LIMIT 1`, kind, id, version)
	v, err := scanRulebook(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFoundf("rulebook.unknown", "没有 %s 的这个版本", "there is no such version of %s", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s %s: %w", kind, id, err)
	}
	return &v, nil
}

// CheckRulebook says what putting a file into force would mean; it puts nothing into force.
func (s *Service) CheckRulebook(ctx context.Context, name string, source []byte) (*RulebookCheck, error) {
	book, err := s.Book(ctx)
	if err != nil {
		return nil, err
	}
	out := &RulebookCheck{Fields: []fault.Field{}, Changes: []definition.Change{}}
	f := file{name: name, source: source}
	n, err := f.parse()
	if err == nil {
		out.Kind, out.ID, out.Version, out.Title, out.Base = n.kind, n.id, n.version, n.title, book.newest[n.kind+"/"+n.id].version
		if book.kept[n.key()] == string(source) {
			out.OK = true // kept already, as it is
			return out, nil
		}
		out.Changes = append(out.Changes, book.changes(n)...)
		err = book.fits(f, n)
	}
	var told *fault.Error
	if errors.As(err, &told) && told.Kind != fault.Internal {
		if out.Fields = append(out.Fields, told.Fields...); len(told.Fields) == 0 {
			out.Fields = append(out.Fields, fault.Field{Place: name, Text: told.Text})
		}
		return out, nil
	}
	out.OK = err == nil
	return out, err
}

// PutRulebook puts a file into force as a new version of kind and id; base is the version in force that it rests on, 0 for none. What
// was inspected by an older version stays with it.
func (s *Service) PutRulebook(ctx context.Context, by identity.Actor, kind, id string, base int, name string, source []byte) (*RulebookSource, error) {
	f := file{name: name, source: source}
	n, err := f.parse()
	if err != nil {
		return nil, err
	}
	if n.kind != kind || n.id != id {
		return nil, fault.Invalidf("rulebook.other", "文件内容是 %[1]s %[2]s，不是 %[3]s", "the file holds %[1]s %[2]s and not %[3]s", n.kind, n.id, strings.TrimSpace(kind+" "+id)).At(name, fault.T("种类或编号不符", "another kind or id"))
	}
	_, err = s.take(ctx, by, []file{f}, func(b *Rulebook) error {
		if now := b.newest[kind+"/"+id].version; now != base {
			return fault.Conflictf("rulebook.stale", "%s 现为第 %d 版，而本次检查基于第 %d 版，未保存", "%s stands at version %d; this check rests on version %d and nothing was saved", id, now, base)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.Rulebook(ctx, kind, id, n.version)
}

// PutRulebooks puts files into force, whatever they are, all or none, and says which made a new version.
func (s *Service) PutRulebooks(ctx context.Context, by identity.Actor, sources map[string][]byte) ([]RulebookVersion, error) {
	var files []file
	sortOf := map[string]int{}
	for name, src := range sources {
		f := file{name: name, source: src}
		files, sortOf[name] = append(files, f), f.sort()
	}
	slices.SortFunc(files, func(a, b file) int {
		return cmp.Or(sortOf[a.name]-sortOf[b.name], strings.Compare(a.name, b.name))
	})
	before := map[string]string{}
	_, err := s.take(ctx, by, files, func(b *Rulebook) error {
		for k, v := range b.kept {
			before[k] = v
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	all, err := s.Rulebooks(ctx)
	return slices.DeleteFunc(all, func(v RulebookVersion) bool {
		_, stood := before[definitionHead{kind: v.Kind, id: v.ID, version: v.Version}.key()]
		return stood
	}), err
}
