package bulletin

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"anlan/internal/bulletin/compose"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/fault"
	"anlan/internal/gb9704"
	"anlan/internal/identity"
	"anlan/internal/store"
	"anlan/internal/workbook"
)

// Form is a sort of file that a bulletin comes as.
type Form string

// The forms.
const (
	DOCX    Form = "docx"
	PDF     Form = "pdf"
	Sheet   Form = "xlsx"    // the figures, in Chinese
	SheetEn Form = "xlsx.en" // the figures, in English
)

// Forms lists the forms; PDF only where it can be made.
func (s *Service) Forms() []Form {
	list := []Form{DOCX, Sheet, SheetEn}
	if s.PDF != nil {
		list = append(list, PDF)
	}
	return list
}

// File is a bulletin as a file.
type File struct {
	Form    Form
	Name    string
	Content []byte
	Hash    string // SHA-256 of the content, in hex
	Kept    bool   // it is the archived one
}

// File makes a file of a bulletin. An issued one is archived when it is first made and is the same ever after; a draft's is made anew.
func (s *Service) File(ctx context.Context, p *identity.Principal, id int64, form Form) (*File, error) {
	d, err := s.Get(ctx, p, id)
	if err != nil {
		return nil, err
	}
	if d.State == Issued {
		kept, err := archived(ctx, s.Store, id, form)
		if err != nil || kept != nil {
			return kept, err
		}
	}
	f, err := s.render(d, form)
	if err != nil || d.State != Issued {
		return f, err
	}
	return f, s.archive(ctx, d.Bulletin, f)
}

// render makes a file from the text and the snapshot alone.
func (s *Service) render(d *Detail, form Form) (*File, error) {
	f := &File{Form: form, Name: fileName(d, form)}
	var b bytes.Buffer
	var err error
	switch form {
	case DOCX:
		err = gb9704.Write(&b, s.document(d))
	case PDF:
		if s.PDF == nil {
			return nil, fault.New(fault.Unavailable, "bulletin.pdf", fault.T("本程序不能生成 PDF", "this program makes no PDF"))
		}
		var content []byte
		content, err = s.PDF(s.document(d))
		b.Write(content)
	case Sheet:
		err = workbook.WriteXLSX(&b, compose.FiguresSheet(d.Snapshot, d.Title, d.Number, "zh")...)
	case SheetEn:
		err = workbook.WriteXLSX(&b, compose.FiguresSheet(d.Snapshot, d.Title, d.Number, "en")...)
	default:
		return nil, fault.Invalidf("bulletin.form", "没有“%s”这种文件", "there is no file of the form %q", string(form))
	}
	if err != nil {
		return nil, err
	}
	f.Content = b.Bytes()
	f.Hash = snapshot.Hash(f.Content)
	return f, nil
}

// document lays a bulletin out. Before it is issued it has neither number nor date.
func (s *Service) document(d *Detail) gb9704.Document {
	i := compose.Issue{Office: d.Office.Zh, Number: d.Number}
	if d.IssuedOn != nil {
		i.Date = *d.IssuedOn
	}
	for _, r := range d.Recipients {
		i.To = append(i.To, r.Name.Zh)
	}
	return compose.Document(d.Body, i, s.Draw)
}

func fileName(d *Detail, form Form) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`\/:*?"<>|`, r) || r < ' ' {
			return '_'
		}
		return r
	}, d.Title)
	if form == SheetEn {
		return fmt.Sprintf("%s figures %s.xlsx", d.Scope.NameEn, d.Period)
	}
	return name + "." + string(form)
}

// archived reads the kept file; nil where none is kept yet.
func archived(ctx context.Context, q store.Querier, id int64, form Form) (*File, error) {
	f := &File{Form: form, Kept: true}
	err := q.QueryRowContext(ctx, `SELECT name, hash, content FROM bulletin_file WHERE bulletin_id = $1 AND form = $2`, id, string(form)).Scan(&f.Name, &f.Hash, &f.Content)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read file %s of bulletin %d: %w", form, id, err)
	}
	if snapshot.Hash(f.Content) != f.Hash {
		return nil, fmt.Errorf("file %s of bulletin %d is damaged: its bytes have another hash", form, id)
	}
	return f, nil
}

// archive keeps a file once; the first one stays.
func (s *Service) archive(ctx context.Context, b *Bulletin, f *File) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO bulletin_file (bulletin_id, form, hash, name, content, made_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (bulletin_id, form) DO NOTHING`, b.ID, string(f.Form), f.Hash, f.Name, f.Content, s.Now().UnixMilli())
		if err != nil {
			return fmt.Errorf("keep file %s of bulletin %d: %w", f.Form, b.ID, err)
		}
		kept, err := archived(ctx, tx, b.ID, f.Form)
		if err == nil && kept != nil {
			*f = *kept
		}
		return err
	})
}

// KeptFile is the record of an archived file.
type KeptFile struct {
	Form Form
	Name string
	Hash string
	Size int64
}

// Kept lists the archived files of a bulletin that a person may see.
func (s *Service) Kept(ctx context.Context, p *identity.Principal, id int64) ([]KeptFile, error) {
	if _, err := s.Head(ctx, p, id); err != nil {
		return nil, err
	}
	out := []KeptFile{}
	err := store.Each(ctx, s.Store, `SELECT form, name, hash, LENGTH(content) FROM bulletin_file WHERE bulletin_id = $1 ORDER BY form`, func(scan func(...any) error) error {
		var f KeptFile
		err := scan(&f.Form, &f.Name, &f.Hash, &f.Size)
		out = append(out, f)
		return err
	}, id)
	if err != nil {
		return nil, fmt.Errorf("list files of bulletin %d: %w", id, err)
	}
	return out, nil
}

// ArchiveAll makes and keeps the files of issued bulletins that have none yet, until none is left or the context ends. One that fails
// does not hold up the others: it is told at the end and comes again with the next call. It returns how many were kept.
func (s *Service) ArchiveAll(ctx context.Context) (int, error) {
	n := 0
	var failed []error
	everybody, err := s.everybody(ctx)
	if err != nil {
		return 0, err
	}
	for _, form := range s.Forms() {
		var ids []int64
		err := store.Each(ctx, s.Store, `
			SELECT b.id FROM bulletin b WHERE b.state = 'issued' AND NOT EXISTS (SELECT 1 FROM bulletin_file f WHERE f.bulletin_id = b.id AND f.form = $1) ORDER BY b.id`,
			func(scan func(...any) error) error {
				var id int64
				err := scan(&id)
				ids = append(ids, id)
				return err
			}, string(form))
		if err != nil {
			return n, errors.Join(append(failed, fmt.Errorf("find bulletins without files: %w", err))...)
		}
		for _, id := range ids {
			if ctx.Err() != nil {
				return n, errors.Join(append(failed, ctx.Err())...)
			}
			if _, err := s.File(ctx, everybody, id, form); err != nil {
				failed = append(failed, fmt.Errorf("archive %s of bulletin %d: %w", form, id, err))
				continue
			}
			n++
		}
	}
	return n, errors.Join(failed...)
}

// Remake makes a file of a bulletin anew from its text and snapshot, whatever is kept: a proof that the kept one is what they say.
func (s *Service) Remake(ctx context.Context, p *identity.Principal, id int64, form Form) (*File, error) {
	d, err := s.Get(ctx, p, id)
	if err != nil {
		return nil, err
	}
	return s.render(d, form)
}
