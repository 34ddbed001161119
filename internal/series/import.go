package series

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/registry"
	"anlan/internal/series/reading"
	"anlan/internal/series/table"
	"anlan/internal/workbook"
)

// ImportOptions are what a person says of a file.
type ImportOptions struct {
	Object int64         // the station of a table without a column of stations
	Span   time.Duration // of totals that say none
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
	Ignored  []string        `json:"ignored" doc:"Heads that were not understood"`
}

// importBatch is how many readings of a file are stored in one transaction, so that gauges get their turn between.
const importBatch = 5000

// Import takes the readings of a CSV or XLSX file in. Bad rows are listed with place and reason, good ones are kept; stations that the
// editor may not change are refused. The same file a second time changes nothing, and an import that was cut off is sent again.
func (s *Service) Import(ctx context.Context, by registry.Editor, name string, data []byte, o ImportOptions) (ImportReport, error) {
	var report ImportReport
	book, err := workbook.Read(name, data)
	if err != nil {
		return report, err
	}
	find, err := s.finder(ctx, by)
	if err != nil {
		return report, err
	}
	to := table.Options{Find: find, Object: o.Object, Span: o.Span}
	if o.Object != 0 {
		if division, err := divisionOf(ctx, s.db, o.Object); err != nil {
			return report, err
		} else if by.May == nil || !by.May(division) {
			return report, fault.Forbiddenf("station.forbidden", "您无权导入该测站的资料", "you may not import for this station")
		}
	}
	if !o.DryRun {
		sum := sha256.Sum256(data)
		if to.Source, err = s.Source(ctx, FromFile, name+" "+hex.EncodeToString(sum[:6])); err != nil {
			return report, err
		}
	}
	r, err := table.Read(book, to)
	if err != nil {
		return report, err
	}
	report = ImportReport{Readings: len(r.Lines), Empty: r.Empty, Refused: r.Refused, More: r.More, Columns: r.Columns, Ignored: r.Ignored}
	if o.DryRun {
		return report, nil
	}
	return report, s.importLines(ctx, &report, r.Lines, o.Progress)
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
