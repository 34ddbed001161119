package programme

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/programme/pack"
	"anlan/internal/store"
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

// PackDraft is a pack on its way: as text, or as a form left it. Where there is no text, the pack counts.
type PackDraft struct {
	Source string
	Pack   *pack.Pack
}

// parse reads the draft; a pack from a form is held against the same rules as a file.
func (d PackDraft) parse(name string) (*pack.Pack, error) {
	if d.Source == "" && d.Pack != nil {
		return pack.Parse(name, pack.Format(d.Pack))
	}
	return pack.Parse(name, []byte(d.Source))
}

// PackCheck is what putting a pack into force would mean.
type PackCheck struct {
	OK      bool          `json:"ok"`
	Fields  []fault.Field `json:"fields" doc:"What is wrong, and where"`
	Changes []pack.Change `json:"changes" doc:"Against the version in force"`
	Source  string        `json:"source,omitempty" doc:"As it would be kept; absent where the draft cannot be read"`
	Pack    *pack.Pack    `json:"pack,omitempty" doc:"What it says; absent where the draft cannot be read"`
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

// CheckPack holds a draft against all other packs in force and says what would change; it puts nothing into force.
func (s *Service) CheckPack(ctx context.Context, draft PackDraft) (*PackCheck, error) {
	out := &PackCheck{Fields: []fault.Field{}, Changes: []pack.Change{}}
	p, err := draft.parse("pack.yaml")
	if err == nil {
		stored, readErr := newestPacks(ctx, s.db)
		if readErr != nil {
			return nil, readErr
		}
		out.Pack, out.Source = p, string(pack.Format(p))
		out.Changes = append(out.Changes, pack.Diff(packOf(stored, p.ID), p)...)
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

// packOf finds a pack by id; nil where there is none.
func packOf(packs []*pack.Pack, id string) *pack.Pack {
	if i := slices.IndexFunc(packs, func(p *pack.Pack) bool { return p.ID == id }); i >= 0 {
		return packs[i]
	}
	return nil
}

// ComparePacks lists what one stored version of a pack changed against another; the one in force stands for version 0.
func (s *Service) ComparePacks(ctx context.Context, id string, from, to int) ([]pack.Change, error) {
	old, err := s.PackSource(ctx, id, from)
	if err != nil {
		return nil, err
	}
	fresh, err := s.PackSource(ctx, id, to)
	if err != nil {
		return nil, err
	}
	return append([]pack.Change{}, pack.Diff(old.Pack, fresh.Pack)...), nil
}

// SavePack puts a draft into force as the version after base, which is 0 for a new pack. Where another version has come into
// force since, nothing is saved and the fault carries the version that stands. A draft that changes nothing makes no version.
func (s *Service) SavePack(ctx context.Context, who identity.Actor, id string, base int, draft PackDraft) (*PackSource, error) {
	p, err := draft.parse(id + ".yaml")
	if err != nil {
		return nil, err
	}
	if p.ID != id {
		return nil, fault.Invalidf("pack.invalid", "指标包有误", "the packs are not sound").At("id", fault.Tf("编号应为 %s", "the id is %s", id))
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error { return s.replacePack(ctx, tx, who, base, p) })
	var f *fault.Error
	if errors.As(err, &f) && f.Code == "pack.stale" {
		if current, readErr := s.PackSource(ctx, id, 0); readErr == nil {
			return nil, f.With(current)
		}
	}
	if err != nil {
		return nil, err
	}
	return s.PackSource(ctx, id, 0)
}

func (s *Service) replacePack(ctx context.Context, tx *store.Tx, who identity.Actor, base int, p *pack.Pack) error {
	stored, err := newestPacks(ctx, tx)
	if err != nil {
		return err
	}
	old, newest := packOf(stored, p.ID), 0
	if old != nil {
		newest = old.Version
	}
	if newest != base {
		return fault.Conflictf("pack.stale", "指标包 %s 现为版本 %d，而本次修改基于版本 %d，未保存", "pack %s stands at version %d; this change rests on version %d and is not saved", p.ID, newest, base)
	}
	if p.Version = newest; old != nil && bytes.Equal(pack.Format(old), pack.Format(p)) {
		return nil
	}
	p.Version = newest + 1
	_, err = s.takePacks(ctx, tx, who, []*pack.Pack{p})
	return err
}
