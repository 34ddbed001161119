package series

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/store"
)

// ImportState says how far an import of readings is.
type ImportState string

// The states. An import that was running in a process which is gone is interrupted: that is told by its runner, and not written down.
const (
	ImportWaits       ImportState = "preview"
	ImportRunning     ImportState = "running"
	ImportInterrupted ImportState = "interrupted"
	ImportDone        ImportState = "done"
	ImportFailed      ImportState = "failed"
)

// ImportSaid is what a person says of an upload.
type ImportSaid struct {
	Object  int64             `json:"object,omitempty" doc:"The station of tables without a column of stations"`
	Minutes int               `json:"span_minutes,omitempty" minimum:"0" maximum:"1440" doc:"Of totals that say no span"`
	Heads   map[string]string `json:"heads,omitempty" doc:"By the head of a column the code of its quantity, or - for one that is left out"`
}

// Options are these words as Import takes them.
func (o ImportSaid) Options() ImportOptions {
	return ImportOptions{Object: o.Object, Span: time.Duration(o.Minutes) * time.Minute, Heads: o.Heads}
}

// ImportJob is an upload of readings on its way in (资料导入). It is kept with its file until it is stored or given up, so that one that was
// cut off goes on: the rows that were stored are known again.
type ImportJob struct {
	ID       string       `json:"id"`
	Account  string       `json:"-"`
	By       string       `json:"by"`
	Name     string       `json:"name"`
	State    ImportState  `json:"state" enum:"preview,running,interrupted,done,failed"`
	Said     ImportSaid   `json:"said"`
	Done     int          `json:"done" doc:"Readings stored so far"`
	Report   ImportReport `json:"report" doc:"As foreseen; as it came to where it is done"`
	Failure  *fault.Text  `json:"failure,omitempty"`
	Uploaded time.Time    `json:"uploaded"`
	Ended    *time.Time   `json:"ended,omitempty"`

	Runner string    `json:"-"` // the process that stores it
	Beat   time.Time `json:"-"` // when that process was heard of last
}

const (
	importsWaiting     = 40 // files kept, of all people together
	importsWaitingEach = 5  // and of one account
	importStays        = 7 * 24 * time.Hour
	importRemembered   = 90 * 24 * time.Hour
)

// KeepImport keeps an upload with its file. What nobody confirmed for a week goes, and so does the account's oldest where it has too many.
func (s *Service) KeepImport(ctx context.Context, job *ImportJob, data []byte) error {
	options, report, err := job.encode()
	if err != nil {
		return err
	}
	now := s.now()
	return s.db.Write(ctx, func(tx *store.Tx) error {
		for _, forget := range []struct {
			query string
			args  []any
		}{
			{`DELETE FROM reading_import WHERE state <> 'running' AND body IS NOT NULL AND uploaded_at < $1`, []any{now.Add(-importStays).UnixMilli()}},
			{`DELETE FROM reading_import WHERE state <> 'running' AND uploaded_at < $1`, []any{now.Add(-importRemembered).UnixMilli()}},
			{`DELETE FROM reading_import WHERE account = $1 AND state IN ('preview', 'failed') AND body IS NOT NULL AND id NOT IN (
				SELECT id FROM reading_import WHERE account = $1 AND state IN ('preview', 'failed') AND body IS NOT NULL ORDER BY id DESC LIMIT $2)`, []any{job.Account, importsWaitingEach - 1}},
		} {
			if _, err := tx.ExecContext(ctx, forget.query, forget.args...); err != nil {
				return fmt.Errorf("forget old imports: %w", err)
			}
		}
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM reading_import WHERE body IS NOT NULL`).Scan(&n); err != nil {
			return fmt.Errorf("count the imports that wait: %w", err)
		}
		if n >= importsWaiting {
			return fault.New(fault.TooMany, "import.busy", fault.T("等待确认的导入过多，请稍后再试", "too many imports wait for their confirmation; try again later"))
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO reading_import (id, account, by_name, name, state, options, report, uploaded_at, beat_at, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)`,
			job.ID, job.Account, job.By, job.Name, string(ImportWaits), options, report, job.Uploaded.UnixMilli(), data)
		if err != nil {
			return fmt.Errorf("keep an import: %w", err)
		}
		return nil
	})
}

func (job *ImportJob) encode() (options, report string, err error) {
	a, err := json.Marshal(job.Said)
	if err != nil {
		return "", "", fmt.Errorf("encode the options of an import: %w", err)
	}
	b, err := json.Marshal(job.Report)
	if err != nil {
		return "", "", fmt.Errorf("encode the report of an import: %w", err)
	}
	return string(a), string(b), nil
}

const importColumns = `id, account, by_name, name, state, runner, options, report, failure, done, uploaded_at, beat_at, ended_at`

func scanImport(scan func(...any) error) (job ImportJob, err error) {
	var options, report, failure string
	var uploaded, beat int64
	var ended sql.NullInt64
	if err = scan(&job.ID, &job.Account, &job.By, &job.Name, &job.State, &job.Runner, &options, &report, &failure, &job.Done, &uploaded, &beat, &ended); err != nil {
		return job, err
	}
	job.Uploaded, job.Beat, job.Ended = store.Time(uploaded), store.Time(beat), store.MaybeTime(ended)
	for text, into := range map[string]any{options: &job.Said, report: &job.Report} {
		if err = json.Unmarshal([]byte(text), into); err != nil {
			return job, fmt.Errorf("import %s: %w", job.ID, err)
		}
	}
	if failure != "" {
		job.Failure = &fault.Text{}
		err = json.Unmarshal([]byte(failure), job.Failure)
	}
	return job, err
}

// ImportJobs lists the imports of an account, the newest first.
func (s *Service) ImportJobs(ctx context.Context, account string, limit int) ([]ImportJob, error) {
	list := []ImportJob{}
	err := store.Each(ctx, s.db, `SELECT `+importColumns+` FROM reading_import WHERE account = $1 ORDER BY uploaded_at DESC, id DESC LIMIT $2`, func(scan func(...any) error) error {
		job, err := scanImport(scan)
		list = append(list, job)
		return err
	}, account, limit)
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	return list, nil
}

// ImportJob finds an import of an account.
func (s *Service) ImportJob(ctx context.Context, account, id string) (ImportJob, error) {
	job, err := scanImport(s.db.QueryRowContext(ctx, `SELECT `+importColumns+` FROM reading_import WHERE account = $1 AND id = $2`, account, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return job, fault.NotFoundf("import.unknown", "没有这个导入，或已过期，请重新上传", "there is no such import, or it has expired; upload the file again")
	}
	if err != nil {
		return job, fmt.Errorf("read import %s: %w", id, err)
	}
	return job, nil
}

// ImportData is the file of an import that is not done.
func (s *Service) ImportData(ctx context.Context, id string) ([]byte, error) {
	var data []byte
	err := s.db.QueryRowContext(ctx, `SELECT body FROM reading_import WHERE id = $1 AND body IS NOT NULL`, id).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.Conflictf("import.state", "该导入已完成，文件未保留", "this import is done, and its file is not kept")
	}
	if err != nil {
		return nil, fmt.Errorf("read the file of import %s: %w", id, err)
	}
	return data, nil
}

// moveImport writes a change of an import that is as the caller saw it; a conflict where it is not.
func (s *Service) moveImport(ctx context.Context, job *ImportJob, query string, args ...any) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		res, err := tx.ExecContext(ctx, query, args...)
		if err != nil {
			return fmt.Errorf("write import %s: %w", job.ID, err)
		}
		if n, err := res.RowsAffected(); err != nil {
			return fmt.Errorf("write import %s: %w", job.ID, err)
		} else if n == 0 {
			return fault.Conflictf("import.state", "该导入已确认或已变化", "this import was confirmed already, or changed meanwhile")
		}
		return nil
	})
}

// ForeseeImport keeps what a person says of an import, and what would become of it.
func (s *Service) ForeseeImport(ctx context.Context, job *ImportJob) error {
	options, report, err := job.encode()
	if err != nil {
		return err
	}
	job.State, job.Failure = ImportWaits, nil
	return s.moveImport(ctx, job, `UPDATE reading_import SET state = 'preview', options = $1, report = $2, failure = '' WHERE id = $3 AND state IN ('preview', 'failed')`, options, report, job.ID)
}

// StartImport gives an import to a process, as the caller saw it: one that waits, that failed, or whose process is gone.
func (s *Service) StartImport(ctx context.Context, job *ImportJob, runner string) error {
	was := job.State
	if was == ImportInterrupted {
		was = ImportRunning
	}
	before := job.Runner
	job.State, job.Runner, job.Done, job.Failure = ImportRunning, runner, 0, nil
	return s.moveImport(ctx, job, `
		UPDATE reading_import SET state = 'running', runner = $1, done = 0, failure = '', beat_at = $2 WHERE id = $3 AND state = $4 AND runner = $5 AND body IS NOT NULL`,
		runner, s.now().UnixMilli(), job.ID, string(was), before)
}

// BeatImport says that the process of an import is alive, and how many readings it has stored.
func (s *Service) BeatImport(ctx context.Context, job *ImportJob, done int) error {
	return s.moveImport(ctx, job, `UPDATE reading_import SET beat_at = $1, done = $2 WHERE id = $3 AND state = 'running' AND runner = $4`, s.now().UnixMilli(), done, job.ID, job.Runner)
}

// EndImport writes down what came of an import. Its file goes, unless it failed and may be tried again.
func (s *Service) EndImport(ctx context.Context, job *ImportJob) error {
	_, report, err := job.encode()
	if err != nil {
		return err
	}
	failure, forget := "", ", body = NULL"
	if job.Failure != nil {
		b, err := json.Marshal(job.Failure)
		if err != nil {
			return fmt.Errorf("encode why an import failed: %w", err)
		}
		failure, forget = string(b), ""
	}
	return s.moveImport(ctx, job, `UPDATE reading_import SET state = $1, report = $2, failure = $3, done = $4, ended_at = $5`+forget+` WHERE id = $6 AND state = 'running' AND runner = $7`,
		string(job.State), report, failure, job.Done, s.now().UnixMilli(), job.ID, job.Runner)
}

// DropImport forgets an import as the caller saw it.
func (s *Service) DropImport(ctx context.Context, job *ImportJob) error {
	return s.moveImport(ctx, job, `DELETE FROM reading_import WHERE id = $1 AND runner = $2 AND account = $3`, job.ID, job.Runner, job.Account)
}
