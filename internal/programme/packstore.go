package programme

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/programme/pack"
)

// PackVersion is one stored version of a pack.
type PackVersion struct {
	ID       string    `json:"id"`
	Version  int       `json:"version"`
	Checksum string    `json:"checksum"`
	LoadedAt time.Time `json:"loaded_at"`
	LoadedBy string    `json:"loaded_by"`
	InForce  bool      `json:"in_force"`
}

// PackSource is one version with its YAML and what it says.
type PackSource struct {
	PackVersion
	Source string     `json:"source"`
	Pack   *pack.Pack `json:"pack"`
}

// PackCheck is what putting a pack into force would mean.
type PackCheck struct {
	OK      bool          `json:"ok"`
	Fields  []fault.Field `json:"fields" doc:"What is wrong, and where"`
	Changes []pack.Change `json:"changes" doc:"Against the version in force"`
}

const packColumns = `p.id, p.version, p.checksum, p.loaded_at, p.loaded_by, p.version = (SELECT MAX(o.version) FROM pack o WHERE o.id = p.id)`

// PackVersions lists every version of every pack, newest first within a pack.
func (s *Service) PackVersions(ctx context.Context) ([]PackVersion, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT `+packColumns+` FROM pack p ORDER BY p.id, p.version DESC`)
	if err != nil {
		return nil, fmt.Errorf("read packs: %w", err)
	}
	defer rows.Close()
	var out []PackVersion
	for rows.Next() {
		var v PackVersion
		var at int64
		if err := rows.Scan(&v.ID, &v.Version, &v.Checksum, &at, &v.LoadedBy, &v.InForce); err != nil {
			return nil, fmt.Errorf("read packs: %w", err)
		}
		v.LoadedAt = instant(at)
		out = append(out, v)
	}
	return out, rows.Err()
}

// PackSource reads one version of a pack, the one in force where version is 0.
func (s *Service) PackSource(ctx context.Context, id string, version int) (*PackSource, error) {
	var v PackSource
	var at int64
	err := s.db.QueryRowContext(ctx, `SELECT `+packColumns+`, p.source FROM pack p WHERE p.id = $1 AND (p.version = $2 OR $2 = 0) ORDER BY p.version DESC LIMIT 1`, id, version).
		Scan(&v.ID, &v.Version, &v.Checksum, &at, &v.LoadedBy, &v.InForce, &v.Source)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFoundf("pack.unknown", "没有指标包 %s 的这个版本", "there is no such version of pack %s", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read pack %s: %w", id, err)
	}
	v.LoadedAt = instant(at)
	v.Pack, err = pack.Parse(id+".yaml", []byte(v.Source))
	return &v, err
}

// CheckPack holds a pack against all others in force and says what would change; it puts nothing into force.
func (s *Service) CheckPack(ctx context.Context, source []byte) (*PackCheck, error) {
	out := &PackCheck{Fields: []fault.Field{}, Changes: []pack.Change{}}
	p, err := pack.Parse("pack.yaml", source)
	if err == nil {
		stored, readErr := newestPacks(ctx, s.db)
		if readErr != nil {
			return nil, readErr
		}
		var old *pack.Pack
		for _, o := range stored {
			if o.ID == p.ID {
				old = o
			}
		}
		out.Changes = append(out.Changes, pack.Diff(old, p)...)
		err = CheckPacks(merge(stored, []*pack.Pack{p}))
	}
	var f *fault.Error
	if errors.As(err, &f) && f.Kind != fault.Internal {
		out.Fields = append(out.Fields, f.Fields...)
		if len(f.Fields) == 0 {
			out.Fields = append(out.Fields, fault.Field{Text: f.Text})
		}
		return out, nil
	}
	out.OK = err == nil
	return out, err
}
