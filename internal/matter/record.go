package matter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/quantity"
	"anlan/internal/store"
)

// columns are those of a whole record, in the order of scan and of values.
var columns = []string{
	"id", "rev", "edit", "client_id", "number", "kind", "line", "division_id", "keeper_id", "veiled", "object_id", "source", "source_id",
	"cause", "item", "title_zh", "title_en", "detail", "basis", "severity", "origin", "points", "place", "lon_e7", "lat_e7", "state", "live",
	"unit_id", "person_id", "measures", "found_at", "opened_at", "due_at", "confirm_due_at", "assigned_at", "original_due_at", "extended_at", "asked_due_at", "asked_reason",
	"asked_by", "disputed_by", "submitted_at", "submitted_by", "closed_at", "rechecked_at", "reopened", "recurs_id", "missed", "step", "changed_at",
}

func scan(row interface{ Scan(...any) error }) (*Matter, int64, error) {
	m := &Matter{}
	var rev, live, found, opened, due, changed int64
	var object, points, lon, lat, confirm, assigned, original, extended, asked, submitted, closed, rechecked, recurs sql.NullInt64
	var cause, person sql.NullString
	err := row.Scan(&m.ID, &rev, &m.Edit, &m.Client, &m.Number, &m.Kind, &m.Line, &m.Division, &m.Keeper, &m.Veiled, &object, &m.Source, &m.SourceID,
		&cause, &m.Item, &m.Title.Zh, &m.Title.En, &m.Detail, &m.Basis, &m.Severity, &m.Origin, &points, &m.Place.Words, &lon, &lat, &m.State, &live,
		&m.Unit, &person, &m.Measures, &found, &opened, &due, &confirm, &assigned, &original, &extended, &asked, &m.AskedReason,
		&m.AskedBy, &m.DisputedBy, &submitted, &m.SubmittedBy, &closed, &rechecked, &m.Reopened, &recurs, &m.Missed, &m.Step, &changed)
	if err != nil {
		return nil, 0, err
	}
	m.Object, m.Cause, m.Person, m.Recurs = object.Int64, cause.String, person.String, recurs.Int64
	if points.Valid {
		m.Points = quantity.Some(quantity.Decimal(points.Int64))
	}
	m.Place.Lon, m.Place.Lat = degrees(lon), degrees(lat)
	m.Found, m.Opened, m.Due, m.Changed = store.Time(found), store.Time(opened), store.Time(due), store.Time(changed)
	if original.Valid {
		m.OriginalDue = store.Time(original.Int64)
	}
	if confirm.Valid {
		m.ConfirmDue = store.Time(confirm.Int64)
	}
	m.Assigned = store.MaybeTime(assigned)
	m.Extended, m.AskedDue, m.Submitted, m.Closed, m.Rechecked = store.MaybeTime(extended), store.MaybeTime(asked), store.MaybeTime(submitted), store.MaybeTime(closed), store.MaybeTime(rechecked)
	return m, rev, nil
}

func (m *Matter) values(rev int64) []any {
	live := 0
	if m.State.Live() {
		live = 1
	}
	original := sql.NullInt64{Int64: m.OriginalDue.UnixMilli(), Valid: !m.OriginalDue.IsZero()}
	confirm := sql.NullInt64{Int64: m.ConfirmDue.UnixMilli(), Valid: !m.ConfirmDue.IsZero()}
	return []any{
		m.ID, rev, m.Edit, m.Client, m.Number, string(m.Kind), m.Line, m.Division, m.Keeper, store.Flag(m.Veiled), store.MaybeNumber(m.Object), m.Source, m.SourceID,
		store.MaybeText(m.Cause), m.Item, m.Title.Zh, m.Title.En, m.Detail, m.Basis, int64(m.Severity), string(m.Origin), stored(m.Points), m.Place.Words, e7(m.Place.Lon), e7(m.Place.Lat), string(m.State), live,
		m.Unit, store.MaybeText(m.Person), m.Measures, m.Found.UnixMilli(), m.Opened.UnixMilli(), m.Due.UnixMilli(), confirm, store.Millis(m.Assigned), original, store.Millis(m.Extended), store.Millis(m.AskedDue), m.AskedReason,
		m.AskedBy, m.DisputedBy, store.Millis(m.Submitted), m.SubmittedBy, store.Millis(m.Closed), store.Millis(m.Rechecked), m.Reopened, store.MaybeNumber(m.Recurs), store.Flag(m.Missed), m.Step, m.Changed.UnixMilli(),
	}
}

func e7(degree *float64) sql.NullInt64 {
	if degree == nil {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: int64(math.Round(*degree * 1e7)), Valid: true}
}

func degrees(e7 sql.NullInt64) *float64 {
	if !e7.Valid {
		return nil
	}
	d := float64(e7.Int64) / 1e7
	return &d
}

const revisions = "matter.rev"

var selectMatter = `SELECT ` + strings.Join(columns, ", ") + ` FROM matter`

var insertMatter = func() string {
	marks := make([]string, len(columns))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return `INSERT INTO matter (` + strings.Join(columns, ", ") + `) VALUES (` + strings.Join(marks, ", ") + `)`
}()

// fixed are the columns that no move changes once a matter is open; recurs_id alone is set later where a veil is lifted. A move does
// not set them: to set a column is to write every index that it stands in, whatever its value.
var fixed = []string{
	"id", "client_id", "number", "kind", "line", "division_id", "keeper_id", "object_id", "source", "source_id", "cause", "item", "title_zh", "title_en", "basis", "origin", "points",
	"place", "lon_e7", "lat_e7", "found_at", "opened_at", "confirm_due_at", "recurs_id", "missed",
}

var updateMatter = func() string {
	var sets []string
	for _, c := range columns {
		if !slices.Contains(fixed, c) {
			sets = append(sets, fmt.Sprintf("%s = $%d", c, len(sets)+2))
		}
	}
	return `UPDATE matter SET ` + strings.Join(sets, ", ") + ` WHERE id = $1`
}()

// changing are the values of updateMatter.
func (m *Matter) changing(rev int64) []any {
	out := []any{m.ID}
	for i, v := range m.values(rev) {
		if !slices.Contains(fixed, columns[i]) {
			out = append(out, v)
		}
	}
	return out
}

// read reads one record.
func read(ctx context.Context, q store.Querier, id int64) (*Matter, error) {
	m, _, err := scan(q.QueryRowContext(ctx, selectMatter+` WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errUnknown()
	}
	if err != nil {
		return nil, fmt.Errorf("read matter %d: %w", id, err)
	}
	return m, nil
}

// lock takes the number of the next write over all matters before anything is read, so that on PostgreSQL two writers queue and
// readers never pass a lower number that is still to come.
func lock(ctx context.Context, tx *store.Tx) (int64, error) { return tx.Next(ctx, revisions, 1) }

// queue waits its turn among writers where the number is taken later, row by row: what is read before it may be another's past.
func queue(ctx context.Context, tx *store.Tx) error {
	_, err := lock(ctx, tx)
	return err
}

func errUnknown() error {
	return fault.NotFoundf("matter.unknown", "没有这个事项，或不在您的权限范围内", "there is no such matter, or it is outside your scope")
}

// Event is one thing that happened to a matter.
type Event struct {
	Seq    int64          `json:"seq"`
	At     time.Time      `json:"at"`
	By     string         `json:"by" doc:"Name of who did it; empty for the program"`
	Move   Move           `json:"move"`
	From   State          `json:"from"`
	To     State          `json:"to"`
	Reason string         `json:"reason,omitempty"`
	Detail map[string]any `json:"detail,omitempty" doc:"What else changed: deadlines as the instants that end them, owner, measures"`
	Said   fault.Text     `json:"said" doc:"The same in words, deadlines as last days; empty where nothing else changed"`
}

func scanEvidence(row interface{ Scan(...any) error }) (Evidence, error) {
	var e Evidence
	var lon, lat sql.NullInt64
	var when int64
	err := row.Scan(&e.ID, &e.File, &e.Role, &e.Round, &e.Note, &e.Place.Words, &lon, &lat, &when, &e.By)
	e.Place.Lon, e.Place.Lat, e.At = degrees(lon), degrees(lat), store.Time(when)
	return e, err
}
