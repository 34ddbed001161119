package project

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
	"anlan/internal/store"
)

// NewFund is money of a source at one of its steps.
type NewFund struct {
	Client   string           `json:"client_id" minLength:"8" maxLength:"60" doc:"The sender's own id: sent again, it is the same entry"`
	Source   string           `json:"source" maxLength:"40"`
	Step     string           `json:"step" maxLength:"40"`
	On       *hydrotime.Date  `json:"on,omitempty" doc:"Today where left out"`
	Amount   quantity.Decimal `json:"amount_wan_yuan" doc:"Negative takes something back, with a note"`
	Document string           `json:"document,omitempty" maxLength:"200"`
	Note     string           `json:"note,omitempty" maxLength:"2000"`
	Files    []string         `json:"files,omitempty" maxItems:"20"`
}

// ProjectFunding is the money of a project or of some, as of a day.
type ProjectFunding struct {
	Sources []FundingSource     `json:"sources" doc:"Those of which anything is on record, in the order of the rules"`
	Total   []FundingSum        `json:"total" doc:"By step, all sources together: a waterfall"`
	Exceeds []lifecycle.Exceed  `json:"exceeds" doc:"Steps above the one before"`
	Entries []ProjectFundRecord `json:"entries" doc:"Of one project; voided ones too, the newest first"`
	// Counties are where the money is spent, one place a county; the city's own parts stand under the city.
	Counties []FundingCounty `json:"counties" doc:"By county, of several projects; empty of one"`
}

// FundingCounty is the money of the parts in one county, all sources together.
type FundingCounty struct {
	Division ProjectPlace `json:"division"`
	Sums     []FundingSum `json:"sums"`
}

// FundingSource is one source by step.
type FundingSource struct {
	Source string       `json:"source"`
	Sums   []FundingSum `json:"sums"`
}

// FundingSum is what is on record of a step, with its share of the first that is known.
type FundingSum struct {
	Step   string        `json:"step"`
	Amount quantity.Null `json:"amount_wan_yuan" doc:"Absent where nothing is on record: not zero"`
	Rate   quantity.Null `json:"rate" doc:"Of what was planned, of what was assigned where no plan is known; percent"`
}

// ProjectFundRecord is one entry of money.
type ProjectFundRecord struct {
	ID        int64            `json:"id"`
	Part      int64            `json:"part"`
	Source    string           `json:"source"`
	Step      string           `json:"step"`
	On        hydrotime.Date   `json:"on"`
	Amount    quantity.Decimal `json:"amount_wan_yuan"`
	Document  string           `json:"document"`
	Note      string           `json:"note"`
	Files     []evidence.File  `json:"files"`
	By        string           `json:"by"`
	WrittenAt time.Time        `json:"written_at"`
	VoidedAt  *time.Time       `json:"voided_at"`
	VoidedBy  string           `json:"voided_by"`
	VoidedWhy string           `json:"voided_why"`
}

// standsAt reports whether an entry counts at the end of a day.
func (f fund) standsAt(day hydrotime.Date) bool {
	return f.on.DaysUntil(day) >= 0 && f.voided == nil
}

// sums adds up the money of parts by source and step.
func (v *view) sums(parts []*part, into map[string]lifecycle.FundingSums) {
	for _, x := range parts {
		for _, f := range x.funds {
			if !f.standsAt(v.day) {
				continue
			}
			if into[f.source] == nil {
				into[f.source] = lifecycle.FundingSums{}
			}
			into[f.source][f.step] = quantity.Some(into[f.source][f.step].Decimal + f.amount)
		}
	}
}

// waterfall lays sums out by source and step.
func (v *view) waterfall(sums map[string]lifecycle.FundingSums) ProjectFunding {
	out := ProjectFunding{Sources: []FundingSource{}, Exceeds: v.rules.Exceeds(sums), Entries: []ProjectFundRecord{}, Counties: []FundingCounty{}}
	all := lifecycle.FundingSums{}
	for _, source := range v.rules.Funding.Sources {
		of, ok := sums[source.ID]
		if !ok {
			continue
		}
		for step, n := range of {
			all[step] = quantity.Some(all[step].Decimal + n.Decimal)
		}
		out.Sources = append(out.Sources, FundingSource{source.ID, v.steps(of)})
	}
	out.Total = v.steps(all)
	return out
}

func (v *view) steps(of lifecycle.FundingSums) []FundingSum {
	out := []FundingSum{}
	var base quantity.Null
	for _, st := range v.rules.Funding.Steps {
		n := of[st.ID]
		if !base.Valid && n.Valid {
			base = n
		}
		sum := FundingSum{Step: st.ID, Amount: n}
		if n.Valid && base.Valid {
			if rate, ok := n.Percent(base.Decimal); ok {
				sum.Rate = quantity.Some(rate.Round(2))
			}
		}
		out = append(out, sum)
	}
	return out
}

func (v *view) funding(r *record, seen []*part, files map[owner][]evidence.File) ProjectFunding {
	sums := map[string]lifecycle.FundingSums{}
	v.sums(seen, sums)
	out := v.waterfall(sums)
	for _, x := range r.parts {
		if !v.sees(x.division) {
			continue
		}
		for _, f := range x.funds {
			out.Entries = append(out.Entries, ProjectFundRecord{
				f.id, x.id, f.source, f.step, f.on, f.amount, f.document, f.note, orNone(files[owner{"fund", f.id}]), f.by, f.written, f.voided, f.voidedBy, f.voidedWhy,
			})
		}
	}
	slices.SortStableFunc(out.Entries, func(a, b ProjectFundRecord) int {
		if c := b.On.DaysUntil(a.On); c != 0 {
			return -c
		}
		return int(b.ID - a.ID)
	})
	return out
}

// Funding adds up the money of the projects that a query finds.
func (s *Service) Funding(ctx context.Context, p *identity.Principal, q Query) (*ProjectFunding, error) {
	v, err := s.viewOf(ctx, p, q)
	if err != nil {
		return nil, err
	}
	list, err := s.find(ctx, v, q)
	if err != nil {
		return nil, err
	}
	sums, counties := map[string]lifecycle.FundingSums{}, map[int64]map[string]lifecycle.FundingSums{}
	for _, f := range list {
		for _, x := range f.counted(v) {
			v.sums([]*part{x}, sums)
			county := v.tree.CountyOf(x.division).ID
			if counties[county] == nil {
				counties[county] = map[string]lifecycle.FundingSums{}
			}
			v.sums([]*part{x}, counties[county])
		}
	}
	out := v.waterfall(sums)
	out.Counties = v.byCounty(counties)
	return &out, nil
}

// byCounty lays sums out by county, in the order of their codes; one in which nothing is on record is left out.
func (v *view) byCounty(counties map[int64]map[string]lifecycle.FundingSums) []FundingCounty {
	out := []FundingCounty{}
	for id, sums := range counties {
		if len(sums) == 0 {
			continue
		}
		d, _ := v.tree.ByID(id)
		out = append(out, FundingCounty{placeOf(d), v.waterfall(sums).Total})
	}
	slices.SortFunc(out, func(a, b FundingCounty) int { return strings.Compare(a.Division.Code, b.Division.Code) })
	return out
}

// Fund enters money. What exceeds the step before is kept and warned of: its paper may only be late.
func (s *Service) Fund(ctx context.Context, p *identity.Principal, id int64, n NewFund) (*ProjectWritten, error) {
	return s.entered(ctx, p, id, "project_fund", n.Client, func(e *entry) error {
		f, err := e.v.fundOf(n)
		if err != nil {
			return err
		}
		if e.out.ID, err = s.writeFund(ctx, e.tx, e.v, e.record, e.part, e.client, f, n.Files); err != nil {
			return err
		}
		e.part.funds = append(e.part.funds, f)
		sums := map[string]lifecycle.FundingSums{}
		e.v.sums(e.record.seen(e.v), sums)
		for _, x := range e.v.rules.Exceeds(sums) {
			if x.Source == f.source {
				e.out.Warnings = append(e.out.Warnings, x.Text)
			}
		}
		return nil
	})
}

func (v *view) fundOf(n NewFund) (fund, error) {
	f := fund{source: n.Source, step: n.Step, on: v.day, amount: n.Amount, document: clean(n.Document), note: clean(n.Note)}
	if n.On != nil {
		f.on = *n.On
	}
	bad := fault.Invalidf("project.fund", "资金信息有误", "the money is not valid")
	if _, ok := lifecycle.WordOf(v.rules.Funding.Sources, n.Source); !ok {
		bad.At("source", fault.T("没有这个资金来源", "no such source"))
	}
	if _, i := v.rules.FundingStep(n.Step); i < 0 {
		bad.At("step", fault.T("没有这个环节", "no such step"))
	}
	if v.day.DaysUntil(f.on) > 0 || f.on.Year < 1949 {
		bad.At("on", fault.T("日期不合理或晚于今天", "no likely day, or later than today"))
	}
	if n.Amount == 0 || n.Amount < 0 && f.note == "" {
		bad.At("amount_wan_yuan", fault.T("金额不能为零；负数为冲减，须说明原因", "not zero; a negative amount takes something back: say why"))
	}
	money(bad, "amount_wan_yuan", quantity.Some(n.Amount), true)
	return f, wrong(bad)
}

func (s *Service) writeFund(ctx context.Context, tx *store.Tx, v *view, r *record, x *part, client string, f fund, files []string) (int64, error) {
	id, err := tx.Next(ctx, "project_fund", 1)
	if err != nil {
		return 0, err
	}
	by := v.p.Actor()
	_, err = tx.ExecContext(ctx, `
		INSERT INTO project_fund (id, client_id, part_id, source, step, on_day, amount, document, note, by_id, by_name, written_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		id, client, x.id, f.source, f.step, number(f.on), int64(f.amount), f.document, f.note, by.ID, by.Name, s.now().UnixMilli())
	if err != nil {
		return 0, fmt.Errorf("enter money of part %d: %w", x.id, err)
	}
	if err := s.attach(ctx, tx, by, "fund", id, files); err != nil {
		return 0, err
	}
	return id, s.note(ctx, tx, v, by, "project.fund", r.id, x.division, map[string]any{
		"part": x.id, "fund": id, "source": f.source, "step": f.step, "on": f.on, "amount_wan_yuan": f.amount, "document": f.document, "note": f.note,
	})
}

// VoidFund takes an entry of money back, with a reason; it stays in the history.
func (s *Service) VoidFund(ctx context.Context, p *identity.Principal, id int64, why string) error {
	if clean(why) == "" {
		return fault.Invalidf("project.why", "作废须写明原因", "say why it is voided").At("reason", required())
	}
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		var part int64
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(part_id), 0) FROM project_fund WHERE id = $1`, id).Scan(&part); err != nil {
			return fmt.Errorf("find money %d: %w", id, err)
		}
		if part == 0 {
			return errUnknown()
		}
		r, x, err := s.openPart(ctx, tx, v, part)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE project_fund SET voided_at = $1, voided_by = $2, voided_why = $3 WHERE id = $4 AND voided_at IS NULL`, s.now().UnixMilli(), p.Actor().Name, clean(why), id)
		if err != nil {
			return fmt.Errorf("void money %d: %w", id, err)
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return fault.Conflictf("project.voided", "这笔资金已经作废", "it was voided already").Because(err)
		}
		return s.note(ctx, tx, v, p.Actor(), "project.fund_void", r.id, x.division, map[string]any{"part": x.id, "fund": id, "why": clean(why)})
	})
}
