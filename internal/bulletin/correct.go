package bulletin

import (
	"context"
	"fmt"
	"slices"
	"time"

	"anlan/internal/bulletin/compose"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/fault"
	"anlan/internal/gb9704"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/quantity"
)

// everybody is the program itself, which sees all figures: what has become of a figure in an issued bulletin is told to whoever may read that.
func (s *Service) everybody(ctx context.Context) (*identity.Principal, error) {
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	var grants []identity.Grant
	var home int64
	for _, root := range tree.Roots() {
		home = root.ID
		grants = append(grants, identity.Grant{Role: "viewer", Line: identity.AnyLine, Division: root.ID})
	}
	return identity.NewPrincipal("program", "program", "anlan", home, grants, tree), nil
}

// Corrections lists the figures of a bulletin that stand otherwise by now. The bulletin itself stays as it was issued.
func (s *Service) Corrections(ctx context.Context, p *identity.Principal, id int64) ([]snapshot.Change, error) {
	d, err := s.Get(ctx, p, id)
	if err != nil {
		return nil, err
	}
	return s.corrections(ctx, d)
}

func (s *Service) corrections(ctx context.Context, d *Detail) ([]snapshot.Change, error) {
	ask := Ask{Scope: d.Scope, Until: d.Snapshot.AsOf}
	for _, l := range d.Snapshot.Lists {
		if l.ID != "original" && l.ID != "corrections" && l.Absent == nil {
			ask.Lists = append(ask.Lists, l.ID)
		}
	}
	if len(d.Snapshot.Measures) == 0 && len(ask.Lists) == 0 {
		return []snapshot.Change{}, nil
	}
	everybody, err := s.everybody(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range d.Snapshot.Measures {
		ask.Measures = append(ask.Measures, m.Key)
	}
	if day, err := hydrotime.ParseDate(d.Period); err == nil {
		ask.Month, ask.Day = day.InMonth(), &day
	} else if ask.Month, err = hydrotime.ParseMonth(d.Period); err != nil {
		return nil, err
	}
	if t, err := s.Template(ctx, d.Kind); err == nil {
		ask.Peers = t.Peers
	}
	now, err := s.Figures(ctx, everybody, ask)
	if err != nil {
		return nil, err
	}
	later := snapshot.NewIndex(now)
	list := snapshot.Corrections(d.Snapshot, later)
	for _, c := range snapshot.ListCorrections(d.Snapshot, later) {
		c.Aspect.Name = compose.FieldName(c.Aspect.ID)
		list = append(list, c)
	}
	if list == nil {
		list = []snapshot.Change{}
	}
	return list, nil
}

// named keeps the changes of figures that a body names, and what came to its lists or left them; all of them where it names none.
func named(body *compose.Body, changes []snapshot.Change) []snapshot.Change {
	keys := body.Figures()
	var out []snapshot.Change
	for _, c := range changes {
		if c.Aspect.ID == snapshot.Listed || slices.Contains(keys, c.Key) {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return changes
	}
	return out
}

// DraftCorrection makes the draft of a bulletin that puts an issued one right: every figure that it names and that stands otherwise by now.
func (s *Service) DraftCorrection(ctx context.Context, p *identity.Principal, id int64) (int64, error) {
	d, err := s.Get(ctx, p, id)
	if err != nil {
		return 0, err
	}
	if d.State != Issued {
		return 0, fault.Conflictf("bulletin.not_issued", "只有已印发的通报才需更正", "only an issued bulletin is put right")
	}
	if !p.Can(identity.BulletinWrite, d.Line, d.Keeper.ID) {
		return 0, fault.Forbiddenf("bulletin.permission", "您没有办理这一步的权限", "you may not take this step")
	}
	c, err := s.composeCorrection(ctx, d)
	if err != nil {
		return 0, err
	}
	return s.keep(ctx, p, c, id)
}

// composeCorrection writes what puts an issued bulletin right.
func (s *Service) composeCorrection(ctx context.Context, d *Detail) (*Composed, error) {
	changes, err := s.corrections(ctx, d)
	if err != nil {
		return nil, err
	}
	if len(changes) == 0 {
		return nil, fault.Conflictf("bulletin.no_corrections", "印发以来数据没有变化", "no figure has changed since it was issued")
	}
	t, err := s.Template(ctx, CorrectionKind)
	if err != nil {
		return nil, err
	}
	snap := &snapshot.Snapshot{
		Scope: d.Snapshot.Scope, Above: d.Snapshot.Above, AsOf: s.Now(), Divisions: d.Snapshot.Divisions, Measures: []snapshot.Measure{}, Cells: []snapshot.Cell{},
		Lists: []snapshot.List{original(d), correctionList(named(d.Body, changes))},
	}
	// It belongs to the line of the bulletin that it puts right.
	own := *t
	own.Line = d.Line
	return s.compose(ctx, &own, d.Scope, d.Keeper, d.Period, snap)
}

// original is the bulletin that is put right, as a list of one.
func original(d *Detail) snapshot.List {
	on := ""
	if d.IssuedOn != nil {
		on = gb9704.DateText(d.IssuedOn.Start())
	}
	return snapshot.List{
		ID: "original", Name: fault.T("原通报", "The bulletin put right"), Source: fault.T("通报档案", "archive of bulletins"),
		Items: []snapshot.Item{{ID: fmt.Sprintf("bulletin-%d", d.ID), Division: d.Scope.Code, Of: &snapshot.Record{Kind: "bulletin", ID: fmt.Sprint(d.ID), Version: d.Edit}, Fields: map[string]snapshot.Field{
			"title": {Text: fault.T(d.Title, d.Title)}, "name": {Text: fault.T(d.Number, d.Number)}, "at": {Text: fault.T(on, on)},
		}}},
	}
}

func correctionList(changes []snapshot.Change) snapshot.List {
	l := snapshot.List{ID: "corrections", Name: fault.T("更正数据", "Corrected figures"), Source: fault.T("指标数据", "figures of the programmes"), Items: []snapshot.Item{}}
	field := func(v quantity.Null, state, unit string, decimals int) snapshot.Field {
		if v.Valid {
			return snapshot.Field{Number: v, Unit: unit, Decimals: decimals}
		}
		return snapshot.Field{Text: compose.StateName(state)}
	}
	for _, c := range changes {
		it := snapshot.Item{ID: c.Key, Division: c.Division.Code, Fields: map[string]snapshot.Field{
			"name": {Text: c.Division.Name}, "measure": {Text: c.Measure.Name}, "aspect": {Text: c.Aspect.Name},
			"then": field(c.Then, c.ThenState, c.Unit, c.Decimals), "now": field(c.Now, c.NowState, c.Unit, c.Decimals),
		}}
		it.Of = &snapshot.Record{Kind: "figure", ID: c.Key, Version: c.NowVersion}
		if c.Origin != nil {
			at := c.Origin.RecordedAt.In(hydrotime.Beijing).Format(time.DateOnly)
			it.Fields["by"], it.Fields["at"] = snapshot.Field{Text: fault.T(c.Origin.By, c.Origin.By)}, snapshot.Field{Text: fault.T(at, at)}
		}
		l.Items = append(l.Items, it)
	}
	return l
}

// Comparison is two bulletins side by side.
type Comparison struct {
	Before, After *Bulletin
	Pairs         []snapshot.Pair
}

// Compare lays the figures of two bulletins side by side; both must be ones that the person may see.
func (s *Service) Compare(ctx context.Context, p *identity.Principal, before, after int64) (*Comparison, error) {
	b, err := s.Get(ctx, p, before)
	if err != nil {
		return nil, err
	}
	a, err := s.Get(ctx, p, after)
	if err != nil {
		return nil, err
	}
	return &Comparison{b.Bulletin, a.Bulletin, snapshot.Pairs(b.Snapshot, a.Snapshot)}, nil
}

// Previous is the newest issued bulletin of the same kind and scope for an earlier period; nil where there is none that the person may see.
func (s *Service) Previous(ctx context.Context, p *identity.Principal, b *Bulletin) (*Bulletin, error) {
	list, err := s.read(ctx, s.Store, `b.kind = $1 AND b.scope_id = $2 AND b.period < $3 AND b.state = 'issued' ORDER BY b.period DESC, b.id DESC LIMIT 20`, b.Kind, b.Scope.ID, b.Period)
	if err != nil {
		return nil, err
	}
	for _, was := range list {
		if was.Sees(p) {
			return was, nil
		}
	}
	return nil, nil
}

// Render makes a file of a composed bulletin.
func (s *Service) Render(c *Composed, form Form) (*File, error) {
	return s.render(&Detail{
		Bulletin: &Bulletin{Title: oneLine(c.Text.Title), Scope: c.Scope, Keeper: c.Keeper, Office: c.Snapshot.Office, Period: c.Snapshot.Period},
		Body:     compose.BodyOf(c.Text), Snapshot: snapshot.NewIndex(c.Snapshot),
	}, form)
}
