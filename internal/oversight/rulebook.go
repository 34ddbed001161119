package oversight

import (
	"context"
	"fmt"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/oversight/checklist"
	"anlan/internal/store"
)

// Rulebook is what is in force of the definitions, and every earlier version of the checklists.
type Rulebook struct {
	Checklists *checklist.Library
	versions   map[string]*checklist.Checklist // "small-reservoirs/1"
}

// Load keeps definitions that are not in the store yet and puts the newest version of each in force. Of a version that is kept,
// another text is refused: what was inspected by it would change behind its back.
func (s *Service) Load(ctx context.Context, by identity.Actor, checklists map[string][]byte) (int, error) {
	fresh := 0
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		fresh = 0
		for name, src := range checklists {
			c, err := checklist.Parse(name, src)
			if err != nil {
				return err
			}
			added, err := s.keep(ctx, tx, by, "checklist", c.ID, c.Version, src)
			if err != nil {
				return err
			}
			if added {
				fresh++
			}
		}
		return nil
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book = nil
	return fresh, err
}

// LoadFirst is Load where nothing is kept yet, so that what an operator has loaded since is left alone.
func (s *Service) LoadFirst(ctx context.Context, by identity.Actor, checklists map[string][]byte) error {
	book, err := s.Book(ctx)
	if err != nil || len(book.Checklists.Lists()) > 0 {
		return err
	}
	_, err = s.Load(ctx, by, checklists)
	return err
}

func (s *Service) keep(ctx context.Context, tx *store.Tx, by identity.Actor, kind, id string, version int, src []byte) (bool, error) {
	var kept string
	err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(body), '') FROM rulebook WHERE kind = $1 AND id = $2 AND version = $3`, kind, id, version).Scan(&kept)
	if err != nil {
		return false, fmt.Errorf("look for version %d of %s %s: %w", version, kind, id, err)
	}
	if kept == string(src) {
		return false, nil
	}
	if kept != "" {
		return false, fault.Conflictf("rulebook.version", "%s 第 %d 版已在用，内容不同：请提高版本号", "version %[2]d of %[1]s is in use with other contents: raise the version", id, version)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO rulebook (kind, id, version, body, loaded_at, by_name) VALUES ($1, $2, $3, $4, $5, $6)`,
		kind, id, version, string(src), s.now().UnixMilli(), by.Name)
	if err != nil {
		return false, fmt.Errorf("keep version %d of %s %s: %w", version, kind, id, err)
	}
	return true, nil
}

// Book returns the definitions in force.
func (s *Service) Book(ctx context.Context) (*Rulebook, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.book != nil {
		return s.book, nil
	}
	rows, err := s.db.QueryContext(ctx, `SELECT id, version, body FROM rulebook WHERE kind = 'checklist' ORDER BY id, version`)
	if err != nil {
		return nil, fmt.Errorf("read the checklists: %w", err)
	}
	defer rows.Close()
	b := &Rulebook{versions: map[string]*checklist.Checklist{}}
	newest := map[string]*checklist.Checklist{}
	var ids []string
	for rows.Next() {
		var id, body string
		var version int
		if err := rows.Scan(&id, &version, &body); err != nil {
			return nil, fmt.Errorf("read the checklists: %w", err)
		}
		c, err := checklist.Parse(id, []byte(body))
		if err != nil {
			return nil, fmt.Errorf("read checklist %s version %d as it is kept: %w", id, version, err)
		}
		b.versions[fmt.Sprintf("%s/%d", id, version)] = c
		if newest[id] == nil {
			ids = append(ids, id)
		}
		newest[id] = c
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the checklists: %w", err)
	}
	var lists []*checklist.Checklist
	for _, id := range ids {
		lists = append(lists, newest[id])
	}
	if b.Checklists, err = checklist.NewLibrary(lists); err != nil {
		return nil, err
	}
	s.book = b
	return b, nil
}

// Version finds one version of a checklist, the one in force where version is 0.
func (b *Rulebook) Version(id string, version int) (*checklist.Checklist, error) {
	if version == 0 {
		if c, ok := b.Checklists.List(id); ok {
			return c, nil
		}
	} else if c := b.versions[fmt.Sprintf("%s/%d", id, version)]; c != nil {
		return c, nil
	}
	return nil, fault.NotFoundf("checklist.unknown", "没有检查清单 %s", "there is no checklist %s", id)
}
