package programme

import (
	"context"
	"fmt"
	"strings"
	"time"

	"anlan/internal/programme/pack"
	"anlan/internal/store"
)

// catalogueAt returns the definitions by which an instant judged: of each pack the newest version loaded by then, or its first
// one where the pack came later, so that figures taken over from before Anlan can still be read. Zero asks for those of now.
func (s *Service) catalogueAt(ctx context.Context, asOf time.Time) (*catalogue, error) {
	if asOf.IsZero() {
		return s.catalogue(ctx)
	}
	stored, err := packsAt(ctx, s.db, asOf.UnixMilli())
	if err != nil {
		return nil, err
	}
	var stamp strings.Builder
	for _, p := range stored {
		fmt.Fprintf(&stamp, "%s/%d ", p.id, p.version)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.past != nil && s.past.stamp == stamp.String() {
		return s.past, nil
	}
	cat, err := formerCatalogue(ctx, s.db, stored)
	if err != nil {
		return nil, fmt.Errorf("read the packs in force at %s: %w", asOf.Format(time.RFC3339), err)
	}
	cat.stamp = stamp.String()
	if err := cat.readNumbers(ctx, s.db); err != nil {
		return nil, err
	}
	s.past = cat
	return cat, nil
}

// formerCatalogue compiles packs of one instant. Versions that were never in force together, a first version of a later pack
// among older ones, need not be sound together: then the later packs are left out.
func formerCatalogue(ctx context.Context, q store.Querier, stored []storedPack) (*catalogue, error) {
	var all, known []*pack.Pack
	for _, sp := range stored {
		p, err := readPack(ctx, q, sp)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
		if sp.known {
			known = append(known, p)
		}
	}
	cat, err := newCatalogue(all)
	if err != nil && len(known) > 0 && len(known) < len(all) {
		return newCatalogue(known)
	}
	return cat, err
}

// storedPack names one version of a pack as it is kept.
type storedPack struct {
	id      string
	version int
	known   bool // loaded by the instant asked for
}

// readPack reads and parses one stored version.
func readPack(ctx context.Context, q store.Querier, sp storedPack) (*pack.Pack, error) {
	var source string
	err := q.QueryRowContext(ctx, `SELECT source FROM pack WHERE id = $1 AND version = $2`, sp.id, sp.version).Scan(&source)
	if err != nil {
		return nil, fmt.Errorf("read pack %s version %d: %w", sp.id, sp.version, err)
	}
	p, err := pack.Parse(sp.id+".yaml", []byte(source))
	if err != nil {
		return nil, fmt.Errorf("read stored pack %s version %d: %w", sp.id, sp.version, err)
	}
	return p, nil
}

// packsAt names of every pack the version that stands for an instant, in Unix milliseconds. It reads no sources: it is asked with
// every view of a past day, which mostly finds the catalogue of those versions made already.
func packsAt(ctx context.Context, q store.Querier, at int64) ([]storedPack, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT p.id, p.version, CASE WHEN p.loaded_at <= $1 THEN 1 ELSE 0 END FROM pack p
		WHERE p.version = COALESCE(
			(SELECT MAX(o.version) FROM pack o WHERE o.id = p.id AND o.loaded_at <= $1),
			(SELECT MIN(o.version) FROM pack o WHERE o.id = p.id)) ORDER BY p.id`, at)
	if err != nil {
		return nil, fmt.Errorf("read packs: %w", err)
	}
	defer rows.Close()
	var out []storedPack
	for rows.Next() {
		var sp storedPack
		var known int
		if err := rows.Scan(&sp.id, &sp.version, &known); err != nil {
			return nil, fmt.Errorf("read packs: %w", err)
		}
		sp.known = known == 1
		out = append(out, sp)
	}
	return out, rows.Err()
}
