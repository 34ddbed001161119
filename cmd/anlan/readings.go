package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"anlan/internal/app"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/workbook"
)

// readingsImport is what the command is told.
type readingsImport struct {
	schema, since string
	dry           bool
	span          time.Duration
}

// runReadings takes readings in: from files, from a folder of files, or from a live database with SL 323 tables.
func runReadings(ctx context.Context, e env, args []string) error {
	const called = "anlan readings import [--schema NAME --since DAY --dry-run --span 1h] FILE|FOLDER|postgres://…"
	if len(args) == 0 || args[0] != "import" {
		if asked(args) {
			fmt.Fprintln(e.out, called+"\n\nTakes readings in: CSV and XLSX, single or a folder of exports, or the ST_…_R tables of SL 323 in a PostgreSQL database.")
			return nil
		}
		return fmt.Errorf("%w: %s", errUsage, called)
	}
	var f readingsImport
	c, sources, err := configure(e, "readings", args[1:], func(set *flag.FlagSet) {
		set.StringVar(&f.schema, "schema", "public", "schema with the SL 323 tables")
		set.StringVar(&f.since, "since", "", "only rows of a live database from this day on, as 2026-06-01")
		set.BoolVar(&f.dry, "dry-run", false, "say what would be taken and refused, and store nothing")
		set.DurationVar(&f.span, "span", 0, "of totals that say none, as 1h")
	})
	if err != nil {
		return err
	}
	if len(sources) == 0 {
		return fmt.Errorf("%w: %s", errUsage, called)
	}
	a, err := open(ctx, e, c, &app.Clock{}, false)
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // nothing more is written
	for _, source := range sources {
		if strings.HasPrefix(source, "postgres://") || strings.HasPrefix(source, "postgresql://") {
			err = f.live(ctx, e, a, source)
		} else {
			err = f.path(ctx, e, a, source)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *readingsImport) options(e env, name string) series.ImportOptions {
	return series.ImportOptions{Span: f.span, DryRun: f.dry, Progress: func(done, all int) {
		if all > 100_000 {
			fmt.Fprintf(e.err, "%s: %d of %d readings\n", name, done, all)
		}
	}}
}

// path takes a file in, or all tables of a folder in the order of their names.
func (f *readingsImport) path(ctx context.Context, e env, a *app.App, name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	files := []string{name}
	if info.IsDir() {
		list, err := os.ReadDir(name)
		if err != nil {
			return err
		}
		files = nil
		for _, d := range list {
			if end := strings.ToLower(filepath.Ext(d.Name())); !d.IsDir() && (end == ".csv" || end == ".xlsx") {
				files = append(files, filepath.Join(name, d.Name()))
			}
		}
		if len(files) == 0 {
			return fmt.Errorf("there is no CSV or XLSX in %s", name)
		}
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		base := filepath.Base(file)
		report, err := a.Series.Import(ctx, registry.Program(), base, data, f.options(e, base))
		if err != nil {
			if !info.IsDir() {
				return err
			}
			fmt.Fprintf(e.err, "%s: left out: %s\n", base, explain(err)) // a table of another kind among the exports
			continue
		}
		f.say(e, base, &report)
	}
	return nil
}

func (f *readingsImport) say(e env, name string, r *series.ImportReport) {
	refused := len(r.Refused) + r.More
	if f.dry {
		fmt.Fprintf(e.out, "%s: %d readings would be taken, %d refused\n", name, r.Readings, refused)
	} else {
		fmt.Fprintf(e.out, "%s: %d readings: %d new, %d known, %d revised, %d kept beside, %d doubted; %d refused\n", name, r.Readings, r.New, r.Same, r.Revised, r.Kept, r.Flagged, refused)
	}
	for i, w := range r.Refused {
		if i == 20 {
			fmt.Fprintf(e.out, "  and %d more\n", refused-i)
			break
		}
		fmt.Fprintf(e.out, "  %s %s: %s (%s)\n", w.Sheet, w.Place, w.En, w.Content)
	}
}

// liveTables are the tables of SL 323 that hold what was observed; one that is not there is left out.
var liveTables = []string{"ST_PPTN_R", "ST_RIVER_R", "ST_RSVR_R", "ST_WAS_R", "ST_GATE_R", "ST_PUMP_R", "ST_TIDE_R", "ST_DAYEV_R"}

const livePage = 20_000 // rows of a live table that are read at a time

var schemaForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,62}$`)

// live takes the tables of a live database in, by the columns that are there: both vintages of the standard, and local ones, stand side by side.
// The database is only read.
func (f *readingsImport) live(ctx context.Context, e env, a *app.App, target string) error {
	if !schemaForm.MatchString(f.schema) {
		return fmt.Errorf("%w: --schema %q", errUsage, f.schema)
	}
	since := time.Date(1900, 1, 1, 0, 0, 0, 0, hydrotime.Beijing)
	if f.since != "" {
		d, err := hydrotime.ParseDate(f.since)
		if err != nil {
			return fmt.Errorf("%w: --since %s", errUsage, f.since)
		}
		since = d.Start()
	}
	db, err := sql.Open("pgx", target)
	if err != nil {
		return fmt.Errorf("open the live database: %w", err)
	}
	defer db.Close() //nolint:errcheck // it was only read
	names := map[string]string{}
	rows, err := db.QueryContext(ctx, `SELECT table_name FROM information_schema.tables WHERE table_schema = $1`, f.schema)
	if err != nil {
		return fmt.Errorf("look for SL 323 tables: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		names[strings.ToUpper(name)] = name
	}
	if err := rows.Err(); err != nil {
		return err
	}
	found := false
	for _, table := range liveTables {
		if name, ok := names[table]; ok {
			found = true
			if err := f.liveTable(ctx, e, a, db, table, name, since); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
		}
	}
	if !found {
		return fmt.Errorf("schema %s has none of the tables %s", f.schema, strings.Join(liveTables, ", "))
	}
	return nil
}

// quoted is a name as PostgreSQL takes it whatever its letters.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// liveTable reads one table page by page in the order of its key, so that a table of years takes no more memory than a page, and the live
// database has no long transaction.
func (f *readingsImport) liveTable(ctx context.Context, e env, a *app.App, db *sql.DB, table, name string, since time.Time) error {
	columns, err := liveColumns(ctx, db, f.schema, name)
	if err != nil {
		return err
	}
	at := func(want string) int {
		return slices.IndexFunc(columns, func(c string) bool { return strings.EqualFold(c, want) })
	}
	key := []int{at("STCD"), at("TM")}
	if slices.Contains(key, -1) {
		return errors.New("it has no column TM or STCD")
	}
	if n := at("EXKEY"); n >= 0 {
		key = append(key, n)
	}
	first, next := liveQueries(f.schema, name, columns, key)
	var total series.ImportReport
	source := "sl323 " + f.schema + " " + table
	args := []any{since.In(hydrotime.Beijing).Format("2006-01-02 15:04:05")}
	for query := first; ; query = next {
		page, last, err := livePageOf(ctx, db, query, columns, key, args)
		if err != nil {
			return err
		}
		if len(page) == 1 { // the head alone
			break
		}
		book := &workbook.Book{Name: table, Sheets: []workbook.Sheet{{Name: table, Rows: page}}}
		report, err := a.Series.ImportBook(ctx, registry.Program(), source, book, series.ImportOptions{Span: f.span, DryRun: f.dry})
		if err != nil {
			return err
		}
		total.Join(report)
		fmt.Fprintf(e.err, "%s: %d readings up to station %s at %s\n", table, total.Readings, last[0], last[1])
		if len(page) <= livePage {
			break
		}
		args = append(args[:1], last...)
	}
	f.say(e, table, &total)
	if f.dry {
		return nil
	}
	return a.Series.NoteImport(ctx, registry.Program(), source, total)
}

// liveQueries are those of the first page and of the next ones.
func liveQueries(schema, name string, columns []string, key []int) (first, next string) {
	picked := make([]string, len(columns))
	for i, c := range columns {
		picked[i] = quoted(c) + `::text`
	}
	var order, places []string
	for i, n := range key {
		order, places = append(order, quoted(columns[n])), append(places, fmt.Sprintf("$%d", i+2))
	}
	places[1] += "::timestamp"
	begin := `SELECT ` + strings.Join(picked, ", ") + ` FROM ` + quoted(schema) + "." + quoted(name) + ` WHERE ` + order[1] + ` >= $1::timestamp`
	end := ` ORDER BY ` + strings.Join(order, ", ") + fmt.Sprintf(` LIMIT %d`, livePage)
	return begin + end, begin + ` AND (` + strings.Join(order, ", ") + `) > (` + strings.Join(places, ", ") + `)` + end
}

func liveColumns(ctx context.Context, db *sql.DB, schema, table string) ([]string, error) {
	rows, err := db.QueryContext(ctx, `SELECT column_name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2 ORDER BY ordinal_position`, schema, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var c string
		if err := rows.Scan(&c); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// livePageOf reads a page as a sheet with its head, and the key of its last row as it is.
func livePageOf(ctx context.Context, db *sql.DB, query string, columns []string, key []int, args []any) (page [][]workbook.Cell, last []any, err error) {
	head := make([]workbook.Cell, len(columns))
	for i, c := range columns {
		head[i] = workbook.Cell{Text: strings.ToUpper(c)}
	}
	page = [][]workbook.Cell{head}
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	values := make([]sql.NullString, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, nil, err
		}
		cells := make([]workbook.Cell, len(columns))
		for i, v := range values {
			cells[i].Text = strings.TrimSpace(v.String)
			if n, err := quantity.Parse(cells[i].Text); err == nil {
				cells[i].Number = quantity.Some(n)
			}
		}
		page, last = append(page, cells), last[:0]
		for _, n := range key {
			last = append(last, values[n].String)
		}
	}
	return page, last, rows.Err()
}
