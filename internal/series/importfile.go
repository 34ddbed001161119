package series

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"anlan/internal/fault"
	"anlan/internal/registry"
	"anlan/internal/workbook"
)

// ImportTable is one table of an upload: the file itself, or one of a folder that was packed as ZIP.
type ImportTable struct {
	Name string
	Data []byte
}

// ImportFile says what became of one table of an upload.
type ImportFile struct {
	Name     string      `json:"name"`
	Format   string      `json:"format,omitempty" doc:"csv, xlsx or xls"`
	Encoding string      `json:"encoding,omitempty" doc:"Of text"`
	Readings int         `json:"readings"`
	Refused  int         `json:"refused"`
	Failure  *fault.Text `json:"failure,omitempty" doc:"Why nothing of it can be read; the other files go on"`
}

const (
	tablesMost   = 500       // tables of one folder
	unpackedMost = 256 << 20 // bytes of all of them together
)

// isTable says by its name whether a file of a folder is a table.
func isTable(name string) bool {
	base := path.Base(name)
	return !strings.HasPrefix(base, ".") && !strings.HasPrefix(base, "~$") && !strings.HasPrefix(name, "__MACOSX/") &&
		slices.Contains([]string{".csv", ".txt", ".xlsx", ".xls"}, strings.ToLower(path.Ext(base)))
}

// Unpack takes an upload apart: a table is itself, a ZIP is the tables in it in the order of their names. What is no table is left out.
func Unpack(name string, data []byte) ([]ImportTable, error) {
	if !strings.EqualFold(path.Ext(name), ".zip") {
		return []ImportTable{{name, data}}, nil
	}
	bad := func(err error) error {
		return fault.Invalidf("import.zip", "ZIP 文件已损坏或加密", "the ZIP is broken or encrypted").Because(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, bad(err)
	}
	var out []ImportTable
	room := int64(unpackedMost)
	for _, f := range archive.File {
		inside := entryName(f)
		if f.FileInfo().IsDir() || !isTable(inside) {
			continue
		}
		if len(out) == tablesMost {
			return nil, fault.New(fault.TooLarge, "import.tables", fault.Tf("文件夹中的表超过 %d 个", "the folder has more than %d tables", tablesMost))
		}
		r, err := f.Open()
		if err != nil {
			return nil, bad(err)
		}
		content, err := io.ReadAll(io.LimitReader(r, room+1))
		if err == nil {
			err = r.Close()
		}
		if err != nil {
			return nil, bad(err)
		}
		if room -= int64(len(content)); room < 0 {
			return nil, fault.New(fault.TooLarge, "import.large", fault.Tf("解压后超过 %d MiB", "unpacked it is larger than %d MiB", unpackedMost>>20))
		}
		out = append(out, ImportTable{inside, content})
	}
	if len(out) == 0 {
		return nil, fault.Invalidf("import.empty", "文件夹中没有 CSV 或 Excel 表", "the folder has no CSV or Excel table")
	}
	slices.SortStableFunc(out, func(a, b ImportTable) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// entryName is the name of a packed file; archives made by Chinese Windows have it in GB18030.
func entryName(f *zip.File) string {
	name := strings.ReplaceAll(f.Name, `\`, "/")
	if !f.NonUTF8 || utf8.ValidString(name) {
		return name
	}
	if is, err := simplifiedchinese.GB18030.NewDecoder().String(f.Name); err == nil {
		return strings.ReplaceAll(is, `\`, "/")
	}
	return name
}

// Import takes the readings of a CSV or XLSX file in, or of all tables of a folder that was packed as ZIP. Bad rows are listed with place and
// reason, good ones are kept; stations that the editor may not change are refused. The same file a second time changes nothing, and an
// import that was cut off is sent again.
func (s *Service) Import(ctx context.Context, by registry.Editor, name string, data []byte, o ImportOptions) (ImportReport, error) {
	var report ImportReport
	err := eachTable(&report, name, data, func(t ImportTable, book *workbook.Book) (ImportReport, error) {
		sum := sha256.Sum256(t.Data)
		part, stored := o, report.Readings
		if o.Progress != nil {
			part.Progress = func(done, all int) { o.Progress(stored+done, stored+all) }
		}
		return s.ImportBook(ctx, by, t.Name+" "+hex.EncodeToString(sum[:6]), book, part)
	})
	if err != nil || o.DryRun {
		return report, err
	}
	return report, s.NoteImport(ctx, by, name, report)
}

// Preview says what would become of each row of an upload, and stores nothing. As of one file, two rows of one instant are both held against
// what is on record.
func (s *Service) Preview(ctx context.Context, by registry.Editor, name string, data []byte, o ImportOptions) (ImportReport, []ImportRow, error) {
	var report ImportReport
	var rows []ImportRow
	o.DryRun = true
	err := eachTable(&report, name, data, func(t ImportTable, book *workbook.Book) (ImportReport, error) {
		one, list, err := s.previewBook(ctx, by, t.Name, book, o)
		if report.many {
			for i := range list {
				list[i].Sheet = inFile(t.Name, list[i].Sheet)
			}
		}
		rows = append(rows, list...)
		return one, err
	})
	return report, rows, err
}

// eachTable joins into one report what f says of each table of an upload. Of a folder a table that cannot be read is left out and said to
// be; a store that fails ends it.
func eachTable(report *ImportReport, name string, data []byte, f func(t ImportTable, book *workbook.Book) (ImportReport, error)) error {
	tables, err := Unpack(name, data)
	if err != nil {
		return err
	}
	report.many = len(tables) > 1
	var first error
	for _, t := range tables {
		file := ImportFile{Name: t.Name}
		book, err := workbook.Read(path.Base(t.Name), t.Data)
		var one ImportReport
		if err == nil {
			file.Format, file.Encoding = string(book.Format), book.Encoding
			one, err = f(t, book)
		}
		if err != nil {
			if !report.many || !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) {
				return err
			}
			if first == nil {
				first = err
			}
			file.Failure = textOf(err)
		}
		file.Readings, file.Refused = one.Readings, len(one.Refused)+one.More
		report.include(t.Name, one)
		report.Files = append(report.Files, file)
	}
	if !slices.ContainsFunc(report.Files, func(f ImportFile) bool { return f.Failure == nil }) {
		return first
	}
	return nil
}

func textOf(err error) *fault.Text {
	var f *fault.Error
	errors.As(err, &f)
	return &f.Text
}

// inFile names a sheet of one table among others; text has only one.
func inFile(file, sheet string) string {
	if end := strings.ToLower(path.Ext(file)); end == ".csv" || end == ".txt" {
		return file
	}
	return file + " · " + sheet
}

// include adds the report of another table to this one, whose places then name the table.
func (r *ImportReport) include(file string, o ImportReport) {
	columns, ignored := r.Columns, r.Ignored
	if r.many {
		o.Refused, o.Columns = slices.Clone(o.Refused), slices.Clone(o.Columns)
		for i := range o.Refused {
			o.Refused[i].Sheet = inFile(file, o.Refused[i].Sheet)
		}
		for i := range o.Columns {
			o.Columns[i].Sheet = inFile(file, o.Columns[i].Sheet)
		}
	}
	r.Join(o)
	r.Columns, r.Ignored = append(columns, o.Columns...), ignored
	for _, head := range o.Ignored {
		if !slices.Contains(r.Ignored, head) {
			r.Ignored = append(r.Ignored, head)
		}
	}
}
