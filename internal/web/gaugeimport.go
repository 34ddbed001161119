package web

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
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
	maxGaugeImport    = 32 << 20 // bytes of an upload of readings
	gaugeImportPage   = 500
	gaugeImportsKnown = 4                // previews whose rows are in memory
	gaugeImportBeat   = 2 * time.Second  // how often a running import is written down
	gaugeImportSilent = 30 * time.Second // after which another process is held to be gone
)

// importDesk is what this process knows of imports beside what is kept of them: how far those that it runs are, and the rows of those that
// were looked at last.
type importDesk struct {
	me string // names this process among those that run imports

	mu      sync.Mutex // guards what is below
	running map[string]int
	rows    []importRows // the one that was looked at last stands last
}

type importRows struct {
	id   string
	list []series.ImportRow
}

// far is how many readings of an import this process has stored; ok is false where it does not run it.
func (d *importDesk) far(id string) (done int, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	done, ok = d.running[id]
	return done, ok
}

func (d *importDesk) run(id string, done int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.running == nil {
		d.running = map[string]int{}
	}
	d.running[id] = done
}

func (d *importDesk) end(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.running, id)
}

func (d *importDesk) keep(id string, list []series.ImportRow) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rows = slices.DeleteFunc(d.rows, func(r importRows) bool { return r.id == id })
	if list == nil {
		return
	}
	if d.rows = append(d.rows, importRows{id, list}); len(d.rows) > gaugeImportsKnown {
		d.rows = slices.Delete(d.rows, 0, 1)
	}
}

func (d *importDesk) known(id string) ([]series.ImportRow, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range d.rows {
		if r.id == id {
			return r.list, true
		}
	}
	return nil, false
}

func (s *Server) addGaugeImportRoutes() {
	s.imports.me = store.NewID()
	route := func(method, path, id, summary string) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "gauges", Permission: identity.ObjectWrite}
	}
	upload := route("POST", "/api/gauge-imports", "uploadGaugeImport", "Upload tables of readings, or a folder of them as ZIP, and see what would become of their rows")
	upload.MaxBody = maxGaugeImport + 1<<20
	add(s, upload, s.uploadGaugeImport)
	add(s, route("GET", "/api/gauge-imports", "listGaugeImports", "One's imports of readings, the newest first"), s.listGaugeImports)
	add(s, route("GET", "/api/gauge-imports/{id}", "getGaugeImport", "How far an import of readings is"), s.getGaugeImport)
	add(s, route("PUT", "/api/gauge-imports/{id}", "sayGaugeImport", "Say what columns are, and see what would become of the rows then"), s.sayGaugeImport)
	add(s, route("GET", "/api/gauge-imports/{id}/rows", "listGaugeImportRows", "Rows of an upload of readings with what would become of each"), s.listGaugeImportRows)
	add(s, route("POST", "/api/gauge-imports/{id}/confirm", "confirmGaugeImport", "Take the readings of an upload in, in the background; also one that was interrupted"), s.confirmGaugeImport)
	add(s, route("DELETE", "/api/gauge-imports/{id}", "dropGaugeImport", "Forget an upload of readings"), s.dropGaugeImport)
}

type gaugeUpload struct {
	RawBody huma.MultipartFormFiles[struct {
		Files   []huma.FormFile `form:"file" required:"true" doc:"One table, one ZIP of a folder, or several tables"`
		Object  int64           `form:"object" required:"false" minimum:"0" doc:"The station of a table without a column of stations"`
		Minutes int             `form:"span_minutes" required:"false" minimum:"0" maximum:"1440" doc:"Of totals that say no span"`
	}]
}

func (s *Server) uploadGaugeImport(ctx context.Context, p *identity.Principal, in *gaugeUpload) (*series.ImportJob, error) {
	form := in.RawBody.Data()
	name, data, err := together(form.Files)
	if err != nil {
		return nil, err
	}
	said := series.ImportSaid{Object: form.Object, Minutes: form.Minutes}
	if err := s.maySay(ctx, p, &said); err != nil {
		return nil, err
	}
	job := &series.ImportJob{ID: store.NewID(), Account: p.Actor().ID, By: p.Name(), Name: name, State: series.ImportWaits, Said: said, Uploaded: s.Now()}
	if err := s.foresee(ctx, p, job, data); err != nil {
		return nil, err
	}
	if err := s.Series.KeepImport(ctx, job, data); err != nil {
		return nil, err
	}
	return s.asImport(job), nil
}

// together reads an upload; several tables become one ZIP, as the folder they were chosen from.
func together(files []huma.FormFile) (name string, data []byte, err error) {
	tooLarge := fault.New(fault.TooLarge, "import.large", fault.Tf("文件超过 %d MiB", "the file is larger than %d MiB", maxGaugeImport>>20))
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	room := int64(maxGaugeImport)
	for i, f := range files {
		data, err = io.ReadAll(io.LimitReader(f, room+1))
		if err != nil {
			return "", nil, fault.Invalidf("import.read", "文件未传完", "the file did not arrive whole").Because(err)
		}
		if room -= int64(len(data)); room < 0 {
			return "", nil, tooLarge
		}
		if len(files) == 1 {
			return f.Filename, data, nil
		}
		name = f.Filename
		if slices.ContainsFunc(files[:i], func(o huma.FormFile) bool { return o.Filename == f.Filename }) {
			name = fmt.Sprintf("%d/%s", i+1, name) // of another folder below the one that was chosen
		}
		w, err := archive.Create(name)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			return "", nil, fmt.Errorf("pack the tables of an upload: %w", err)
		}
	}
	if err := archive.Close(); err != nil {
		return "", nil, fmt.Errorf("pack the tables of an upload: %w", err)
	}
	if packed.Len() > maxGaugeImport {
		return "", nil, tooLarge
	}
	first := strings.TrimSuffix(files[0].Filename, ".csv")
	return fmt.Sprintf("%s +%d.zip", first, len(files)-1), packed.Bytes(), nil
}

// maySay refuses the station of another's.
func (s *Server) maySay(ctx context.Context, p *identity.Principal, said *series.ImportSaid) error {
	if said.Object == 0 {
		return nil
	}
	return s.seen(ctx, p, said.Object)
}

// foresee says in a job what would become of its rows.
func (s *Server) foresee(ctx context.Context, p *identity.Principal, job *series.ImportJob, data []byte) (err error) {
	var rows []series.ImportRow
	if job.Report, rows, err = s.Series.Preview(ctx, p.ObjectEditor(), job.Name, data, job.Said.Options()); err != nil {
		return err
	}
	s.imports.keep(job.ID, rows)
	return nil
}

// asImport is a job as screens see it: how far it is if this process runs it, and that it was interrupted if nobody does.
func (s *Server) asImport(job *series.ImportJob) *series.ImportJob {
	if job.State == series.ImportRunning {
		if done, ok := s.imports.far(job.ID); ok {
			job.Done = done
		} else if s.Store.Engine() == store.SQLite || s.Now().Sub(job.Beat) > gaugeImportSilent { // a SQLite store has one server
			job.State = series.ImportInterrupted
		}
	}
	r := &job.Report
	r.Refused, r.Columns = append([]table.Refusal{}, r.Refused...), append([]table.Column{}, r.Columns...)
	r.Ignored, r.Files = append([]string{}, r.Ignored...), append([]series.ImportFile{}, r.Files...)
	return job
}

func (s *Server) listGaugeImports(ctx context.Context, p *identity.Principal, _ *struct{}) (*Items[series.ImportJob], error) {
	list, err := s.Series.ImportJobs(ctx, p.Actor().ID, 200)
	for i := range list {
		r := &s.asImport(&list[i]).Report // a list tells counts
		r.More += len(r.Refused)
		r.Refused, r.Columns, r.Files = []table.Refusal{}, []table.Column{}, []series.ImportFile{}
	}
	return &Items[series.ImportJob]{Items: list}, err
}

type gaugeImportInput struct {
	ID string `path:"id" maxLength:"60"`
}

func (s *Server) importJob(ctx context.Context, p *identity.Principal, id string) (*series.ImportJob, error) {
	job, err := s.Series.ImportJob(ctx, p.Actor().ID, id)
	if err != nil {
		return nil, err
	}
	return s.asImport(&job), nil
}

func (s *Server) getGaugeImport(ctx context.Context, p *identity.Principal, in *gaugeImportInput) (*series.ImportJob, error) {
	return s.importJob(ctx, p, in.ID)
}

func (s *Server) sayGaugeImport(ctx context.Context, p *identity.Principal, in *struct {
	ID   string `path:"id" maxLength:"60"`
	Body series.ImportSaid
},
) (*series.ImportJob, error) {
	job, err := s.importJob(ctx, p, in.ID)
	if err == nil {
		err = s.maySay(ctx, p, &in.Body)
	}
	if err != nil {
		return nil, err
	}
	data, err := s.Series.ImportData(ctx, job.ID)
	if err != nil {
		return nil, err
	}
	job.Said = in.Body
	if err := s.foresee(ctx, p, job, data); err != nil {
		return nil, err
	}
	return s.asImport(job), s.Series.ForeseeImport(ctx, job)
}

// GaugeImportRows is a page of a file's rows.
type GaugeImportRows struct {
	Items []series.ImportRow `json:"items"`
	Next  int                `json:"next,omitempty" doc:"Offset of the next page; 0 where this is the last"`
}

func (s *Server) listGaugeImportRows(ctx context.Context, p *identity.Principal, in *struct {
	ID     string     `path:"id" maxLength:"60"`
	Lot    series.Lot `query:"lot" enum:"new,same,differs"`
	Offset int        `query:"offset" minimum:"0"`
},
) (*GaugeImportRows, error) {
	job, err := s.importJob(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	out := &GaugeImportRows{Items: []series.ImportRow{}}
	if job.State == series.ImportDone {
		return out, nil
	}
	rows, ok := s.imports.known(job.ID)
	if !ok { // after a restart
		data, err := s.Series.ImportData(ctx, job.ID)
		if err == nil {
			_, rows, err = s.Series.Preview(ctx, p.ObjectEditor(), job.Name, data, job.Said.Options())
		}
		if err != nil {
			return nil, err
		}
		s.imports.keep(job.ID, rows)
	}
	for i := in.Offset; i < len(rows); i++ {
		if in.Lot != "" && rows[i].Lot != in.Lot {
			continue
		}
		if len(out.Items) == gaugeImportPage {
			out.Next = i
			break
		}
		out.Items = append(out.Items, rows[i])
	}
	return out, nil
}

func (s *Server) confirmGaugeImport(ctx context.Context, p *identity.Principal, in *gaugeImportInput) (*series.ImportJob, error) {
	job, err := s.importJob(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	if job.State == series.ImportRunning || job.State == series.ImportDone {
		return nil, fault.Conflictf("import.state", "该导入已确认", "this import was confirmed already")
	}
	data, err := s.Series.ImportData(ctx, job.ID)
	if err != nil {
		return nil, err
	}
	s.imports.run(job.ID, 0) // before it is on record, so that nobody sees it without its runner
	if err := s.Series.StartImport(ctx, job, s.imports.me); err != nil {
		s.imports.end(job.ID)
		return nil, err
	}
	out := *job
	go s.carryGaugeImport(p, job, data)
	return &out, nil
}

// carryGaugeImport stores the readings of an upload and says what came of it. What a crash cuts off is whole to its last batch, and is
// taken up again where a person confirms it.
func (s *Server) carryGaugeImport(p *identity.Principal, job *series.ImportJob, data []byte) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	defer s.imports.end(job.ID)
	var beats sync.WaitGroup
	beats.Go(func() { s.beatGaugeImport(ctx, job) })
	report, err := func() (report series.ImportReport, err error) {
		defer func() {
			if r := recover(); r != nil { // one file's bug is not all people's
				err = fmt.Errorf("stopped by a bug: %v", r)
			}
		}()
		options := job.Said.Options()
		options.Progress = func(done, _ int) { s.imports.run(job.ID, done) }
		return s.Series.Import(ctx, p.ObjectEditor(), job.Name, data, options)
	}()
	stop()
	beats.Wait()
	job.Done, _ = s.imports.far(job.ID)
	if err == nil {
		job.State, job.Report = series.ImportDone, report
		s.imports.keep(job.ID, nil)
	} else {
		problem := problemOf(s.Store.Explain(err))
		job.State, job.Failure = series.ImportFailed, &problem.Message
		s.Log.Error("import of readings", "name", job.Name, "err", err)
	}
	if err := s.Series.EndImport(context.Background(), job); err != nil {
		s.Log.Error("the end of an import of readings was not written down", "name", job.Name, "err", err)
	}
	s.GaugesChanged()
}

// beatGaugeImport writes down now and then how far a running import is.
func (s *Server) beatGaugeImport(ctx context.Context, job *series.ImportJob) {
	tick := time.NewTicker(gaugeImportBeat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		done, _ := s.imports.far(job.ID)
		if err := s.Series.BeatImport(ctx, job, done); err != nil && ctx.Err() == nil {
			s.Log.Warn("how far an import is was not written down", "name", job.Name, "err", err)
		}
	}
}

func (s *Server) dropGaugeImport(ctx context.Context, p *identity.Principal, in *gaugeImportInput) (*none, error) {
	job, err := s.importJob(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	if job.State == series.ImportRunning {
		return nil, fault.Conflictf("import.state", "导入正在进行", "this import is under way")
	}
	s.imports.keep(job.ID, nil)
	return nil, s.Series.DropImport(ctx, job)
}
