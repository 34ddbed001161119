package series

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series/reading"
	"anlan/internal/series/table"
	"anlan/internal/store"
	"anlan/internal/workbook"
)

// ImportOptions are what a person says of a file.
type ImportOptions struct {
	Object int64         // the station of a table without a column of stations
	Span   time.Duration // of totals that say none
	// Heads are what a person says of columns, by their heads: the code of a quantity, or table.LeftOut.
	Heads map[string]string
	// DryRun reads and refuses, and stores nothing.
	DryRun bool
	// Progress hears how many of all readings are stored; nil where nobody listens.
	Progress func(done, all int)
}

// ImportReport says what became of a file.
type ImportReport struct {
	Outcome
	Readings int             `json:"readings"`
	Empty    int             `json:"empty" doc:"Rows without any figure"`
	Refused  []table.Refusal `json:"refused"`
	More     int             `json:"more" doc:"Refusals that are not listed"`
	Columns  []table.Column  `json:"columns"`
	Ignored  []string        `json:"ignored" doc:"Heads that were not understood, or left out"`
	Files    []ImportFile    `json:"files" doc:"The tables of the upload: one, or those of a folder"`

	many bool // the upload is a folder: places name the table
}

// importBatch is how many readings of a file are stored in one transaction, so that gauges get their turn between.
const importBatch = 5000

// ImportBook is Import of what was read already, under the name of a source; nothing is written to the audit log.
func (s *Service) ImportBook(ctx context.Context, by registry.Editor, source string, book *workbook.Book, o ImportOptions) (ImportReport, error) {
	var report ImportReport
	r, err := s.readBook(ctx, by, source, book, o)
	if err != nil {
		return report, err
	}
	report = reportOf(&r)
	if o.DryRun {
		return report, nil
	}
	return report, s.importLines(ctx, &report, r.Lines, o.Progress)
}

func reportOf(r *table.Result) ImportReport {
	return ImportReport{Readings: len(r.Lines), Empty: r.Empty, Refused: r.Refused, More: r.More, Columns: r.Columns, Ignored: r.Ignored}
}

// readBook reads a book as the editor may import it.
func (s *Service) readBook(ctx context.Context, by registry.Editor, source string, book *workbook.Book, o ImportOptions) (table.Result, error) {
	find, err := s.finder(ctx, by)
	if err != nil {
		return table.Result{}, err
	}
	to := table.Options{Find: find, Object: o.Object, Span: o.Span, Heads: o.Heads}
	if o.Object != 0 {
		if division, err := divisionOf(ctx, s.db, o.Object); err != nil {
			return table.Result{}, err
		} else if by.May == nil || !by.May(division) {
			return table.Result{}, fault.Forbiddenf("station.forbidden", "您无权导入该测站的资料", "you may not import for this station")
		}
	}
	if !o.DryRun {
		if to.Source, err = s.Source(ctx, FromFile, source); err != nil {
			return table.Result{}, err
		}
	}
	return table.Read(book, to)
}

// NoteImport writes to the audit log what became of an import.
func (s *Service) NoteImport(ctx context.Context, by registry.Editor, name string, r ImportReport) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		return audit.Append(ctx, tx, audit.Entry{
			At: s.now(), Actor: by.Actor, Action: "readings.import", ObjectKind: "observation_source", ObjectID: name,
			Detail: map[string]any{"readings": r.Readings, "outcome": r.Outcome, "refused": len(r.Refused) + r.More},
		})
	})
}

// refusedKept is how many refusals a report lists that is joined of many.
const refusedKept = 1000

// Join adds a report to another, of the same table read in parts.
func (r *ImportReport) Join(o ImportReport) {
	r.add(o.Outcome)
	r.Readings += o.Readings
	r.Empty += o.Empty
	r.More += o.More
	room := max(0, min(len(o.Refused), refusedKept-len(r.Refused)))
	r.Refused, r.More = append(r.Refused, o.Refused[:room]...), r.More+len(o.Refused)-room
	r.Columns, r.Ignored = o.Columns, o.Ignored
}

// Lot is what would become of a row of a file (预览结果).
type Lot string

// The lots.
const (
	LotNew     Lot = "new"
	LotSame    Lot = "same"
	LotDiffers Lot = "differs" // another figure stands: it is revised, or kept beside where a person judged it or its span is shorter
)

// ImportRow is a row of a file with its lot.
type ImportRow struct {
	Sheet    string        `json:"sheet"`
	Row      int           `json:"row" doc:"As a person counts"`
	Object   int64         `json:"object"`
	Quantity string        `json:"quantity"`
	At       time.Time     `json:"at"`
	Value    quantity.Null `json:"value"`
	Lot      Lot           `json:"lot" enum:"new,same,differs"`
	Stands   quantity.Null `json:"stands" doc:"The figure that stands, where another does"`
}

// previewBook says what would become of each row of one table.
func (s *Service) previewBook(ctx context.Context, by registry.Editor, name string, book *workbook.Book, o ImportOptions) (ImportReport, []ImportRow, error) {
	r, err := s.readBook(ctx, by, name, book, o)
	if err != nil {
		return ImportReport{}, nil, err
	}
	report, rows := reportOf(&r), make([]ImportRow, len(r.Lines))
	series := map[stateKey][]int{}
	for i := range r.Lines {
		k := stateKey{r.Lines[i].Object, r.Lines[i].Quantity}
		series[k] = append(series[k], i)
	}
	err = s.db.Snapshot(ctx, func(q store.Querier) error {
		for k, list := range series {
			from, to := r.Lines[list[0]].At, r.Lines[list[0]].At
			for _, i := range list {
				if at := r.Lines[i].At; at.Before(from) {
					from = at
				} else if at.After(to) {
					to = at
				}
			}
			stand, err := points(ctx, q, k.object, k.quantity, from, to)
			if err != nil {
				return err
			}
			by := make(map[int64]reading.Point, len(stand))
			for _, p := range stand {
				by[p.At.Unix()] = p
			}
			for _, i := range list {
				rows[i] = lotOf(&r.Lines[i], by)
				report.count(rows[i].Lot)
			}
		}
		return nil
	})
	return report, rows, err
}

func lotOf(l *table.Line, stand map[int64]reading.Point) ImportRow {
	q, _ := reading.ByID(l.Quantity)
	row := ImportRow{Sheet: l.Sheet, Row: l.Row, Object: l.Object, Quantity: q.Code, At: l.At, Value: l.Value, Lot: LotNew}
	if p, ok := stand[l.At.Unix()]; ok {
		row.Lot, row.Stands = LotDiffers, p.Value
		if p.Value == l.Value && p.Span == l.Span {
			row.Lot = LotSame
		}
	}
	return row
}

// count adds a row to the outcome that a preview foresees.
func (r *ImportReport) count(l Lot) {
	switch l {
	case LotNew:
		r.New++
	case LotSame:
		r.Same++
	case LotDiffers:
		r.Revised++
	}
}

func (s *Service) importLines(ctx context.Context, report *ImportReport, lines []table.Line, progress func(done, all int)) error {
	batch := make([]reading.Reading, 0, min(len(lines), importBatch))
	for i := 0; i < len(lines); i += len(batch) {
		batch = batch[:0]
		for _, l := range lines[i:min(i+importBatch, len(lines))] {
			batch = append(batch, l.Reading)
		}
		out, err := s.Append(ctx, batch)
		if err != nil {
			return fmt.Errorf("store readings %d to %d of %d: %w", i+1, i+len(batch), len(lines), err)
		}
		report.add(out)
		if progress != nil {
			progress(i+len(batch), len(lines))
		}
	}
	return nil
}

func (o *Outcome) add(p Outcome) {
	o.New += p.New
	o.Same += p.Same
	o.Revised += p.Revised
	o.Kept += p.Kept
	o.Derived += p.Derived
	o.Flagged += p.Flagged
}

// finder finds stations by code or name, those that the editor may change.
func (s *Service) finder(ctx context.Context, by registry.Editor) (func(string) (int64, *fault.Text), error) {
	all, err := s.Stations(ctx)
	if err != nil {
		return nil, err
	}
	// Several schemes may use one code, and several stations one name: what means two things means none.
	const twice = -1
	known := map[string]int64{}
	put := func(word string, object int64) {
		if other, ok := known[word]; ok && other != object {
			object = twice
		}
		known[word] = object
	}
	allowed := map[int64]bool{}
	for _, st := range all {
		allowed[st.Object] = by.May != nil && by.May(st.Division)
		put(st.Code, st.Object)
	}
	names := map[string]int64{}
	codes := known
	known = names
	for _, st := range all {
		put(st.Name.Zh, st.Object)
	}
	return func(word string) (int64, *fault.Text) {
		object, ok := codes[word]
		if !ok {
			object, ok = names[word]
		}
		why := fault.T("没有这个在用测站", "there is no such station in use")
		switch {
		case !ok || word == "":
		case object == twice:
			why = fault.T("不止一个测站用此编码或名称", "more than one station has this code or name")
		case !allowed[object]:
			why = fault.T("您无权导入该测站的资料", "you may not import for this station")
		default:
			return object, nil
		}
		return 0, &why
	}, nil
}
