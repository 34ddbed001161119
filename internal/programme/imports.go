package programme

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/programme/table"
	"anlan/internal/quantity"
	"anlan/internal/store"
	"anlan/internal/workbook"
)

// ImportState is where an import stands (导入状态).
type ImportState string

// The states of an import.
const (
	ImportPreview ImportState = "preview" // uploaded, nothing filed
	ImportDone    ImportState = "done"
	ImportDropped ImportState = "dropped" // given up by a person; the file is no longer kept
)

// ImportMode says what a confirmation does where figures stand already or cannot be taken.
type ImportMode string

// The modes. In each of them all that is taken is written in one transaction.
const (
	ImportReplace ImportMode = "replace" // figures take the place of what drafts and targets hold
	ImportFill    ImportMode = "fill"    // only what is still empty is filled
	ImportStrict  ImportMode = "strict"  // as replace, but nothing at all is written where one figure is refused
)

// The limits of an import.
const (
	MaxImport      = 20 << 20 // bytes of a file
	sheetSample    = 50       // rows of a sheet shown with the upload
	previewRows    = 1000
	previewChanges = 1000
	contentRunes   = 300 // of a row as it is recorded
)

// ImportCounts sums up what an import takes, or took.
type ImportCounts struct {
	Taken     int `json:"taken" doc:"Rows of which at least one figure is taken"`
	Refused   int `json:"refused" doc:"Rows of which nothing can be taken"`
	Ignored   int `json:"ignored" doc:"Titles, headers, totals, blank rows and what was left out"`
	Figures   int `json:"figures" doc:"Figures taken"`
	Cells     int `json:"refused_cells"`
	Changed   int `json:"changed" doc:"Figures that differ from what stood before"`
	Same      int `json:"same" doc:"Figures that stood there already"`
	Returns   int `json:"returns" doc:"Returns changed"`
	Opened    int `json:"opened" doc:"Of those, drafts opened"`
	Targets   int `json:"targets" doc:"Plan amounts set"`
	Checked   int `json:"checked" doc:"Published rates and totals recomputed"`
	Disagreed int `json:"disagreed"`
}

// ImportSummary is one import as a row of a list.
type ImportSummary struct {
	ID       string       `json:"id"`
	FileName string       `json:"file_name"`
	Division DivisionRef  `json:"division"`
	At       time.Time    `json:"at"`
	By       string       `json:"by"`
	State    ImportState  `json:"state" enum:"preview,done,dropped"`
	DoneAt   *time.Time   `json:"done_at,omitempty"`
	Counts   ImportCounts `json:"counts" doc:"Rows taken, refused and ignored once done; nothing before"`
}

// Import is one uploaded workbook with what was recognised in it (导入).
type Import struct {
	ImportSummary
	Format   workbook.Format `json:"format,omitempty"`
	Encoding string          `json:"encoding,omitempty"`
	Notes    []fault.Text    `json:"notes" doc:"What a reader of the file should know"`
	Sheets   []ImportSheet   `json:"sheets"`
	Notice   *fault.Text     `json:"notice,omitempty" doc:"Why an upload gave an import that was there before"`
}

// ImportSheet is one sheet with its recognised layout and the mapping proposed for it.
type ImportSheet struct {
	Name       string         `json:"name"`
	Hidden     bool           `json:"hidden"`
	Total      int            `json:"total" doc:"Rows of the sheet"`
	Rows       [][]string     `json:"rows" doc:"The first rows as text"`
	Layout     *table.Layout  `json:"layout"`
	Mapping    *table.Mapping `json:"mapping"`
	Remembered bool           `json:"remembered" doc:"The mapping was confirmed before for tables of this sender with this header"`
	Chosen     bool           `json:"chosen" doc:"Taken where nobody says otherwise: a visible sheet with a header"`
	Questions  []fault.Field  `json:"questions" doc:"What must be settled before the sheet can be taken"`
}

// ImportRow is what became of one row, or a remark on one of its cells (notice).
type ImportRow struct {
	Seq     int64      `json:"seq"`
	Sheet   string     `json:"sheet"`
	Row     int        `json:"row" doc:"From 1"`
	Cell    string     `json:"cell,omitempty" doc:"The cell that the reason is about"`
	Outcome string     `json:"outcome" enum:"taken,refused,ignored,notice"`
	Reason  fault.Text `json:"reason"`
	Content string     `json:"content" doc:"The row as it was sent"`
}

// ImportFinding is a published figure that does not agree with the others.
type ImportFinding struct {
	Sheet string      `json:"sheet"`
	Cell  string      `json:"cell"`
	Row   int         `json:"row"`
	Kind  string      `json:"kind" enum:"rate,total,part,share"`
	Text  fault.Text  `json:"text"`
	Check table.Check `json:"check"`
}

// ImportChange is one figure that an import changes.
type ImportChange struct {
	Sheet     string          `json:"sheet"`
	Cell      string          `json:"cell"`
	Part      string          `json:"part" enum:"value,numerator,denominator,plan"`
	Indicator string          `json:"indicator"`
	Target    string          `json:"target,omitempty"`
	Name      fault.Text      `json:"name"`
	Unit      string          `json:"unit"`
	Form      string          `json:"form,omitempty"`
	Division  DivisionRef     `json:"division"`
	Period    hydrotime.Month `json:"period,omitempty" doc:"Of a figure"`
	Year      int             `json:"year,omitempty" doc:"Of a plan amount"`
	Old       quantity.Null   `json:"old"`
	New       quantity.Null   `json:"new"`
	State     State           `json:"state,omitempty" enum:"missing,draft,returned" doc:"Of the return before the import"`
}

// ImportEffect is what an import would do, or did.
type ImportEffect struct {
	Import   string          `json:"import"`
	State    ImportState     `json:"state" enum:"preview,done"`
	Already  bool            `json:"already" doc:"It was done before; nothing was changed now"`
	Counts   ImportCounts    `json:"counts"`
	Rows     []ImportRow     `json:"rows" doc:"At most 1000 in order; refused rows and notices go before others where there are more"`
	Findings []ImportFinding `json:"findings"`
	Changes  []ImportChange  `json:"changes" doc:"At most 1000; counts.changed tells how many there are"`
}

// Upload keeps a workbook and says what was recognised in it; nothing is filed yet. The same file from the same person
// again gives the import that is there.
func (s *Service) Upload(ctx context.Context, p *identity.Principal, code, fileName string, content []byte) (*Import, error) {
	if len(content) > MaxImport {
		return nil, fault.New(fault.TooLarge, "import.size", fault.Tf("文件超过 %d MiB", "the file is larger than %d MiB", MaxImport>>20))
	}
	cat, tree, err := s.context(ctx)
	if err != nil {
		return nil, err
	}
	d, err := division(tree, p, identity.ImportWrite, anyLine, code)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	r := importRecord{
		id: store.NewID(), at: s.now(), by: p.Actor(), division: d.ID, fileName: cleanName(fileName), sum: hex.EncodeToString(sum[:]),
		content: content, state: ImportPreview,
	}
	known, err := sameUpload(ctx, s.db, r)
	if err != nil {
		return nil, err
	}
	if known != "" {
		out, err := s.Import(ctx, p, known)
		if err == nil {
			t := fault.T("您已上传过同一文件，以下是当时的导入", "you uploaded the same file before; this is that import")
			out.Notice = &t
		}
		return out, err
	}
	view, err := s.showImport(ctx, cat, tree, p, r)
	if err != nil {
		return nil, err
	}
	return view, s.db.Write(ctx, func(tx *store.Tx) error {
		if err := insertImport(ctx, tx, r); err != nil {
			return err
		}
		return auditImport(ctx, tx, p, r, "import.upload", r.at, nil)
	})
}

// auditImport writes one step of an import into the audit chain.
func auditImport(ctx context.Context, tx *store.Tx, p *identity.Principal, r importRecord, action string, at time.Time, more any) error {
	return audit.Append(ctx, tx, audit.Entry{
		At: at, Actor: p.Actor(), Action: action, ObjectKind: "import", ObjectID: r.id, DivisionID: &r.division,
		Detail: map[string]any{"file": r.fileName, "sha256": r.sum, "more": more},
	})
}

// cleanName keeps the last part of a file's name without what no engine stores.
func cleanName(name string) string {
	name = cleanText(path.Base(strings.ReplaceAll(name, `\`, "/")), 200)
	if name == "." || name == "/" || name == "" {
		return "?"
	}
	return name
}

// cleanText makes text of a file fit for the store: valid, without control characters, of bounded length.
func cleanText(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) && r != '\t' {
			return -1
		}
		return r
	}, text)
	if utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most]) + "…"
	}
	return text
}

// Import gives an import with its sheets as they are recognised now, or as they were confirmed.
func (s *Service) Import(ctx context.Context, p *identity.Principal, id string) (*Import, error) {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return nil, err
	}
	r, err := importByID(ctx, s.db, p, id)
	if err != nil {
		return nil, err
	}
	return s.showImport(ctx, cat, tree, p, r)
}

func errNoImport(id string) error {
	return fault.NotFoundf("import.unknown", "没有导入 %s，或您无权查看", "there is no import %s, or you may not see it", id)
}

// DropImport gives up an import that is not done. Its file is not kept.
func (s *Service) DropImport(ctx context.Context, p *identity.Principal, id string) error {
	r, err := importByID(ctx, s.db, p, id)
	if err != nil || r.state == ImportDropped {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE import SET state = 'dropped', content = $1 WHERE id = $2 AND state = 'preview'`, []byte{}, id)
		if err != nil {
			return fmt.Errorf("drop import %s: %w", id, err)
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return fault.Conflictf("import.done", "该导入已完成，不能放弃", "the import is done and cannot be dropped").Because(err)
		}
		return auditImport(ctx, tx, p, r, "import.drop", s.now(), nil)
	})
}
