package project

import (
	"context"
	"fmt"
	"maps"

	"anlan/internal/store"
)

// desk takes what the rows of a workbook ask for. Each answer is the record to go on with, nil where it is to be read anew; what is
// refused leaves a record as it was on the desk.
type desk interface {
	find(ctx context.Context, code string) ([]*record, error)
	figures(ctx context.Context, r *record) (map[figureKey]kept, error)
	add(ctx context.Context, n NewProject) (*record, error)
	change(ctx context.Context, r *record, c ProjectChange) (*record, error)
	addPart(ctx context.Context, r *record, n NewProjectPart) (*record, error)
	changePart(ctx context.Context, r *record, x *part, c ProjectPartChange) (*record, error)
	setFigures(ctx context.Context, r *record, list []FigureChange) (*record, error)
}

const byCode = ` WHERE p.code = $1`

// writing is the desk that writes within a transaction.
type writing struct {
	s  *Service
	v  *view
	tx *store.Tx
}

func (d *writing) find(ctx context.Context, code string) ([]*record, error) {
	if err := take(ctx, d.tx, byCode, code); err != nil {
		return nil, fmt.Errorf("take project %s: %w", code, err)
	}
	return d.s.read(ctx, d.tx, d.v, byCode, code)
}

func (d *writing) figures(ctx context.Context, r *record) (map[figureKey]kept, error) {
	return readKept(ctx, d.tx, r.id)
}

func (d *writing) add(ctx context.Context, n NewProject) (*record, error) {
	_, err := d.s.add(ctx, d.tx, d.v, n)
	return nil, err
}

func (d *writing) change(ctx context.Context, r *record, c ProjectChange) (*record, error) {
	return nil, d.s.change(ctx, d.tx, d.v, r, c)
}

func (d *writing) addPart(ctx context.Context, r *record, n NewProjectPart) (*record, error) {
	_, err := d.s.addPart(ctx, d.tx, d.v, r, n)
	return nil, err
}

func (d *writing) changePart(ctx context.Context, r *record, x *part, c ProjectPartChange) (*record, error) {
	return nil, d.s.changePart(ctx, d.tx, d.v, r, x, c)
}

func (d *writing) setFigures(ctx context.Context, r *record, list []FigureChange) (*record, error) {
	_, err := d.s.setFigures(ctx, d.tx, d.v, r, list, "imported")
	return nil, err
}

// trial is the desk of a preview: it changes the records that it read, and nothing else. What it adds has numbers below zero.
type trial struct {
	s    *Service
	v    *view
	q    store.Querier
	kept map[int64]map[figureKey]kept
	made int64
}

func (d *trial) number() int64 {
	d.made--
	return d.made
}

func (d *trial) find(ctx context.Context, code string) ([]*record, error) {
	return d.s.read(ctx, d.q, d.v, byCode, code)
}

func (d *trial) figures(ctx context.Context, r *record) (map[figureKey]kept, error) {
	if d.kept[r.id] == nil {
		now, err := readKept(ctx, d.q, r.id)
		if err != nil {
			return nil, err
		}
		d.kept[r.id] = now
	}
	return d.kept[r.id], nil
}

func (d *trial) add(_ context.Context, n NewProject) (*record, error) {
	at, err := d.v.newProject(&n)
	if err != nil {
		return nil, err
	}
	r := &record{
		id: d.number(), edit: 1, code: n.Code, name: n.Name, kind: n.Kind, division: at.ID, legalPerson: clean(n.LegalPerson), stats: clean(n.StatsID), lib: clean(n.Library), note: clean(n.Note),
		total: n.Total, assessed: n.Assessed, programmes: sorted(n.Programmes),
	}
	r.parts = []*part{d.part(n.whole(), 0, at.ID)}
	return r, nil
}

func (d *trial) part(n NewProjectPart, parent, division int64) *part {
	return &part{
		id: d.number(), edit: 1, parent: parent, kind: n.Kind, code: n.Code, name: n.Name, division: division, total: n.Total, contractor: clean(n.Contractor), shape: n.Shape, sort: n.Sort, note: clean(n.Note),
	}
}

func (d *trial) change(_ context.Context, r *record, c ProjectChange) (*record, error) {
	was := r.state()
	if err := d.v.changed(r, c, d.s.now()); err != nil {
		r.restore(was)
		return r, err
	}
	r.edit++
	if c.Total != nil {
		r.whole().total = *c.Total
	}
	return r, nil
}

func (d *trial) addPart(_ context.Context, r *record, n NewProjectPart) (*record, error) {
	at, parent, err := d.v.newPart(r, &n)
	if err == nil {
		r.parts = append(r.parts, d.part(n, parent.id, at.ID))
	}
	return r, err
}

func (d *trial) changePart(_ context.Context, r *record, x *part, c ProjectPartChange) (*record, error) {
	was := x.state()
	if _, err := d.v.partChanged(r, x, c, d.s.now()); err != nil {
		x.restore(was)
		return r, err
	}
	x.edit++
	if x.parent == 0 && c.Total != nil {
		r.total = *c.Total
	}
	return r, nil
}

func (d *trial) setFigures(ctx context.Context, r *record, list []FigureChange) (*record, error) {
	now, err := d.figures(ctx, r)
	if err != nil {
		return r, err
	}
	fresh, after, err := d.v.figuresOf(r, list, maps.Clone(now))
	if err != nil {
		return r, err
	}
	d.kept[r.id] = after
	for _, c := range fresh {
		x := r.part(c.Part)
		if done := c.What == Actual || c.What == Progress; done && c.Value.Valid && c.Value.Decimal != 0 && (x.firstActual == nil || c.Month < *x.firstActual) {
			x.firstActual = &c.Month
		}
	}
	return r, nil
}
