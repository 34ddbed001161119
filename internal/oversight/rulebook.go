package oversight

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/ledger/acceptance"
	"anlan/internal/ledger/scheme"
	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/compare"
	"anlan/internal/oversight/ladder"
	"anlan/internal/store"
)

// Rulebook is what is in force of the definitions, and every earlier version of checklists and score trees.
type Rulebook struct {
	Checklists *checklist.Library
	Trees      []*acceptance.Tree // in force
	Comparison *compare.Comparison
	Ladder     *ladder.Ladder

	ledgers []*scheme.Scheme                // in force, those of score trees among them
	lists   map[string]*checklist.Checklist // "small-reservoirs/1"
	trees   map[string]*acceptance.Tree
}

// Definitions are files by name, of each kind.
type Definitions struct {
	Checklists, Trees, Ledgers, Comparisons, Ladders map[string][]byte
}

// kinds gives the files of each kind with what reads an id and a version out of one.
func (d Definitions) kinds() []struct {
	kind  string
	files map[string][]byte
	parse func(name string, src []byte) (id string, version int, err error)
} {
	return []struct {
		kind  string
		files map[string][]byte
		parse func(name string, src []byte) (id string, version int, err error)
	}{
		{"checklist", d.Checklists, reads(checklist.Parse, func(c *checklist.Checklist) (string, int) { return c.ID, c.Version })},
		{"tree", d.Trees, reads(acceptance.Parse, func(t *acceptance.Tree) (string, int) { return t.ID, t.Version })},
		{"ledger", d.Ledgers, reads(scheme.Parse, func(s *scheme.Scheme) (string, int) { return s.ID, s.Version })},
		{"comparison", d.Comparisons, reads(compare.Parse, func(c *compare.Comparison) (string, int) { return c.ID, c.Version })},
		{"ladder", d.Ladders, reads(ladder.Parse, func(l *ladder.Ladder) (string, int) { return l.ID, l.Version })},
	}
}

func reads[T any](parse func(string, []byte) (*T, error), of func(*T) (string, int)) func(string, []byte) (string, int, error) {
	return func(name string, src []byte) (string, int, error) {
		v, err := parse(name, src)
		if err != nil {
			return "", 0, err
		}
		id, version := of(v)
		return id, version, nil
	}
}

// Load keeps definitions that are not in the store yet and puts the newest version of each in force. Of a version that is kept,
// another text is refused: what was inspected by it would change behind its back.
func (s *Service) Load(ctx context.Context, by identity.Actor, d Definitions) (int, error) {
	fresh := 0
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		fresh = 0
		for _, k := range d.kinds() {
			for _, name := range slices.Sorted(maps.Keys(k.files)) {
				id, version, err := k.parse(name, k.files[name])
				if err != nil {
					return err
				}
				added, err := s.keep(ctx, tx, by, k.kind, id, version, k.files[name])
				if err != nil {
					return err
				}
				if added {
					fresh++
				}
			}
		}
		return nil
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book = nil
	return fresh, err
}

// LoadFirst is Load of the kinds of which nothing is kept yet, so that what an operator has loaded since is left alone, and a kind
// that came with a later version of the program arrives.
func (s *Service) LoadFirst(ctx context.Context, by identity.Actor, d Definitions) error {
	kept := map[string]bool{}
	err := store.Each(ctx, s.db, `SELECT DISTINCT kind FROM rulebook`, func(scan func(...any) error) error {
		var kind string
		err := scan(&kind)
		kept[kind] = true
		return err
	})
	if err != nil {
		return fmt.Errorf("look for definitions: %w", err)
	}
	for _, k := range d.kinds() {
		if kept[k.kind] {
			clear(k.files)
		}
	}
	_, err = s.Load(ctx, by, d)
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
		return false, fault.Conflictf("rulebook.version", "%[1]s 第 %[2]d 版已在用，内容不同：请提高版本号", "version %[2]d of %[1]s is in use with other contents: raise the version", id, version)
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
	b := &Rulebook{lists: map[string]*checklist.Checklist{}, trees: map[string]*acceptance.Tree{}}
	lists, trees, ledgers := map[string]*checklist.Checklist{}, map[string]*acceptance.Tree{}, map[string]*scheme.Scheme{}
	err := store.Each(ctx, s.db, `SELECT kind, id, version, body FROM rulebook ORDER BY kind, id, version`, func(scan func(...any) error) error {
		var kind, id, body string
		var version int
		if err := scan(&kind, &id, &version, &body); err != nil {
			return err
		}
		key := fmt.Sprintf("%s/%d", id, version)
		var err error
		switch kind {
		case "checklist":
			b.lists[key], err = checklist.Parse(id, []byte(body))
			lists[id] = b.lists[key]
		case "tree":
			b.trees[key], err = acceptance.Parse(id, []byte(body))
			trees[id] = b.trees[key]
		case "ledger":
			ledgers[id], err = scheme.Parse(id, []byte(body))
		case "comparison":
			b.Comparison, err = compare.Parse(id, []byte(body))
		case "ladder":
			b.Ladder, err = ladder.Parse(id, []byte(body))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the definitions as they are kept: %w", err)
	}
	var inForce []*checklist.Checklist
	for _, id := range slices.Sorted(maps.Keys(lists)) {
		inForce = append(inForce, lists[id])
	}
	for _, id := range slices.Sorted(maps.Keys(trees)) {
		b.Trees = append(b.Trees, trees[id])
		ledgers[id] = scheme.FromTree(trees[id])
	}
	for _, id := range slices.Sorted(maps.Keys(ledgers)) {
		b.ledgers = append(b.ledgers, ledgers[id])
	}
	if b.Checklists, err = checklist.NewLibrary(inForce); err != nil {
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
	} else if c := b.lists[fmt.Sprintf("%s/%d", id, version)]; c != nil {
		return c, nil
	}
	return nil, fault.NotFoundf("checklist.unknown", "没有检查清单 %s", "there is no checklist %s", id)
}

// Ledgers lists the rules of ledgers in force, those of score trees among them, in order of id.
func (b *Rulebook) Ledgers() []*scheme.Scheme { return b.ledgers }

// Tree finds one version of a score tree, the one in force where version is 0.
func (b *Rulebook) Tree(id string, version int) (*acceptance.Tree, error) {
	for _, t := range b.Trees {
		if version == 0 && t.ID == id {
			return t, nil
		}
	}
	if t := b.trees[fmt.Sprintf("%s/%d", id, version)]; t != nil {
		return t, nil
	}
	return nil, fault.NotFoundf("tree.unknown", "没有评分表 %s", "there is no score tree %s", id)
}
