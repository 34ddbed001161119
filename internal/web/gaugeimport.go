package web

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/series"
	"anlan/internal/series/table"
	"anlan/internal/store"

	"github.com/danielgtaylor/huma/v2"
)

const (
	maxGaugeImport   = 32 << 20         // bytes of a file of readings
	gaugeImports     = 8                // files that wait for their confirmation, of all people together
	gaugeImportsEach = 2                // and of one account
	gaugeImportStays = 30 * time.Minute // after the last look at it
	gaugeImportPage  = 500
)

// GaugeImportState says how far an import of readings is.
type GaugeImportState string

// The states.
const (
	ImportWaits   GaugeImportState = "preview"
	ImportRunning GaugeImportState = "running"
	ImportDone    GaugeImportState = "done"
	ImportFailed  GaugeImportState = "failed"
)

// GaugeImport is a file of readings on its way in. It lies in memory: a server that ends forgets it, and the file is sent again.
type GaugeImport struct {
	ID       string              `json:"id"`
	Name     string              `json:"name"`
	State    GaugeImportState    `json:"state" enum:"preview,running,done,failed"`
	Done     int                 `json:"done" doc:"Readings stored so far"`
	Report   series.ImportReport `json:"report" doc:"As foreseen; as it came to where it is done"`
	Failure  *fault.Text         `json:"failure,omitempty"`
	Uploaded time.Time           `json:"uploaded"`
}

type gaugeImport struct {
	GaugeImport
	account string
	data    []byte
	options series.ImportOptions
	rows    []series.ImportRow
	seen    time.Time
}

// importDesk holds the files that wait.
type importDesk struct {
	mu   sync.Mutex // guards list and what is in it
	list []*gaugeImport
}

func (s *Server) addGaugeImportRoutes() {
	route := func(method, path, id, summary string) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "gauges", Permission: identity.ObjectWrite}
	}
	upload := route("POST", "/api/gauge-imports", "uploadGaugeImport", "Upload a CSV or XLSX of readings and see what would become of its rows")
	upload.MaxBody = maxGaugeImport + 1<<20
	add(s, upload, s.uploadGaugeImport)
	add(s, route("GET", "/api/gauge-imports/{id}", "getGaugeImport", "How far an import of readings is"), s.getGaugeImport)
	add(s, route("GET", "/api/gauge-imports/{id}/rows", "listGaugeImportRows", "Rows of a file of readings with what would become of each"), s.listGaugeImportRows)
	add(s, route("POST", "/api/gauge-imports/{id}/confirm", "confirmGaugeImport", "Take the readings of a file in, in the background"), s.confirmGaugeImport)
	add(s, route("DELETE", "/api/gauge-imports/{id}", "dropGaugeImport", "Forget a file of readings that was not confirmed"), s.dropGaugeImport)
}

type gaugeUpload struct {
	RawBody huma.MultipartFormFiles[struct {
		File    huma.FormFile `form:"file" required:"true"`
		Object  int64         `form:"object" required:"false" minimum:"0" doc:"The station of a table without a column of stations"`
		Minutes int           `form:"span_minutes" required:"false" minimum:"0" maximum:"1440" doc:"Of totals that say no span"`
	}]
}

func (s *Server) uploadGaugeImport(ctx context.Context, p *identity.Principal, in *gaugeUpload) (*GaugeImport, error) {
	form := in.RawBody.Data()
	data, err := io.ReadAll(io.LimitReader(form.File, maxGaugeImport+1))
	if err != nil {
		return nil, fault.Invalidf("import.read", "文件未传完", "the file did not arrive whole").Because(err)
	}
	if len(data) > maxGaugeImport {
		return nil, fault.New(fault.TooLarge, "import.large", fault.Tf("文件超过 %d MiB", "the file is larger than %d MiB", maxGaugeImport>>20))
	}
	if form.Object != 0 {
		if err := s.seen(ctx, p, form.Object); err != nil {
			return nil, err
		}
	}
	one := &gaugeImport{account: p.Actor().ID, data: data, options: series.ImportOptions{Object: form.Object, Span: time.Duration(form.Minutes) * time.Minute}}
	one.GaugeImport = GaugeImport{ID: store.NewID(), Name: form.File.Filename, State: ImportWaits, Uploaded: s.Now()}
	one.Report, one.rows, err = s.Series.Preview(ctx, p.ObjectEditor(), one.Name, data, one.options)
	if err != nil {
		return nil, err
	}
	one.settle()
	return s.imports.put(one, s.Now())
}

// settle makes lists of what is nil.
func (g *gaugeImport) settle() {
	g.Report.Refused = append(g.Report.Refused[:0:0], g.Report.Refused...)
	if g.Report.Refused == nil {
		g.Report.Refused = []table.Refusal{}
	}
}

// put takes a file in where there is room, after it has let go of those that nobody looked at for long.
func (d *importDesk) put(one *gaugeImport, now time.Time) (*GaugeImport, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.list = slices.DeleteFunc(d.list, func(g *gaugeImport) bool { return g.State != ImportRunning && now.Sub(g.seen) > gaugeImportStays })
	mine := 0
	for _, g := range d.list {
		if g.account == one.account {
			mine++
		}
	}
	if mine >= gaugeImportsEach { // the own oldest that does not run makes room
		if i := slices.IndexFunc(d.list, func(g *gaugeImport) bool { return g.account == one.account && g.State != ImportRunning }); i >= 0 {
			d.list = slices.Delete(d.list, i, i+1)
		}
	}
	if len(d.list) >= gaugeImports {
		return nil, fault.New(fault.TooMany, "import.busy", fault.T("等待确认的导入过多，请稍后再试", "too many imports wait for their confirmation; try again later"))
	}
	one.seen = now
	d.list = append(d.list, one)
	out := one.GaugeImport
	return &out, nil
}

// with hands a file of an account to f, under the lock.
func (d *importDesk) with(account, id string, now time.Time, f func(g *gaugeImport) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, g := range d.list {
		if g.ID == id && g.account == account {
			g.seen = now
			return f(g)
		}
	}
	return fault.NotFoundf("import.unknown", "没有这个导入，或已过期，请重新上传", "there is no such import, or it has expired; upload the file again")
}

type gaugeImportInput struct {
	ID string `path:"id" maxLength:"60"`
}

func (s *Server) getGaugeImport(_ context.Context, p *identity.Principal, in *gaugeImportInput) (*GaugeImport, error) {
	var out GaugeImport
	err := s.imports.with(p.Actor().ID, in.ID, s.Now(), func(g *gaugeImport) error {
		out = g.GaugeImport
		return nil
	})
	return &out, err
}

// GaugeImportRows is a page of a file's rows.
type GaugeImportRows struct {
	Items []series.ImportRow `json:"items"`
	Next  int                `json:"next,omitempty" doc:"Offset of the next page; 0 where this is the last"`
}

func (s *Server) listGaugeImportRows(_ context.Context, p *identity.Principal, in *struct {
	ID     string     `path:"id" maxLength:"60"`
	Lot    series.Lot `query:"lot" enum:"new,same,differs"`
	Offset int        `query:"offset" minimum:"0"`
},
) (*GaugeImportRows, error) {
	out := &GaugeImportRows{Items: []series.ImportRow{}}
	err := s.imports.with(p.Actor().ID, in.ID, s.Now(), func(g *gaugeImport) error {
		for i := in.Offset; i < len(g.rows); i++ {
			if in.Lot != "" && g.rows[i].Lot != in.Lot {
				continue
			}
			if len(out.Items) == gaugeImportPage {
				out.Next = i
				break
			}
			out.Items = append(out.Items, g.rows[i])
		}
		return nil
	})
	return out, err
}

func (s *Server) confirmGaugeImport(_ context.Context, p *identity.Principal, in *gaugeImportInput) (*GaugeImport, error) {
	var out GaugeImport
	account := p.Actor().ID
	err := s.imports.with(account, in.ID, s.Now(), func(g *gaugeImport) error {
		if g.State != ImportWaits {
			return fault.Conflictf("import.state", "该导入已确认", "this import was confirmed already")
		}
		g.State = ImportRunning
		out = g.GaugeImport
		options := g.options
		options.Progress = func(done, _ int) {
			s.imports.with(account, in.ID, s.Now(), func(g *gaugeImport) error { g.Done = done; return nil }) //nolint:errcheck // it was dropped
		}
		name, data := g.Name, g.data
		go s.carryGaugeImport(p, in.ID, name, data, options)
		return nil
	})
	return &out, err
}

// carryGaugeImport stores the readings of a file and says what came of it. What a crash cuts off is whole to its last batch.
func (s *Server) carryGaugeImport(p *identity.Principal, id, name string, data []byte, o series.ImportOptions) {
	report, err := func() (report series.ImportReport, err error) {
		defer func() {
			if r := recover(); r != nil { // one file's bug is not all people's
				err = fmt.Errorf("stopped by a bug: %v", r)
			}
		}()
		return s.Series.Import(context.Background(), p.ObjectEditor(), name, data, o)
	}()
	s.imports.with(p.Actor().ID, id, s.Now(), func(g *gaugeImport) error { //nolint:errcheck // it was dropped
		g.State, g.Report, g.data, g.rows = ImportDone, report, nil, nil
		if err != nil {
			problem := problemOf(err)
			g.State, g.Failure = ImportFailed, &problem.Message
			s.Log.Error("import of readings", "name", name, "err", err)
		}
		g.settle()
		return nil
	})
	s.GaugesChanged()
}

func (s *Server) dropGaugeImport(_ context.Context, p *identity.Principal, in *gaugeImportInput) (*none, error) {
	account := p.Actor().ID
	err := s.imports.with(account, in.ID, s.Now(), func(g *gaugeImport) error {
		if g.State == ImportRunning {
			return fault.Conflictf("import.state", "导入正在进行", "this import is under way")
		}
		s.imports.list = slices.DeleteFunc(s.imports.list, func(o *gaugeImport) bool { return o == g })
		return nil
	})
	return nil, err
}
