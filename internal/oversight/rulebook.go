package oversight

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/ledger/acceptance"
	"anlan/internal/ledger/scheme"
	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/compare"
	"anlan/internal/oversight/ladder"
	"anlan/internal/project/lifecycle"
	"anlan/internal/store"
)

// Rulebook is what is in force of the definitions, and every earlier version of checklists and score trees.
type Rulebook struct {
	Checklists *checklist.Library
	Trees      []*acceptance.Tree // in force
	Comparison *compare.Comparison
	Ladder     *ladder.Ladder
	Lifecycle  *lifecycle.ProjectRules

	ledgers []*scheme.Scheme          // in force, those of score trees among them
	kept    map[string]string         // text of every version: "checklist/small-reservoirs/1"
	newest  map[string]definitionHead // "checklist/small-reservoirs"
	lists   map[string]*checklist.Checklist
	trees   map[string]*acceptance.Tree
}

// Definitions are files by name, of each kind.
type Definitions struct {
	Checklists, Trees, Ledgers, Comparisons, Ladders, Lifecycles map[string][]byte
}

// files are all files with their kind, in the order in which they are taken.
func (d Definitions) files() []file {
	var out []file
	for _, k := range []struct {
		kind  string
		files map[string][]byte
	}{{"checklist", d.Checklists}, {"tree", d.Trees}, {"ledger", d.Ledgers}, {"comparison", d.Comparisons}, {"ladder", d.Ladders}, {"lifecycle", d.Lifecycles}} {
		for _, name := range slices.Sorted(maps.Keys(k.files)) {
			out = append(out, file{k.kind, name, k.files[name]})
		}
	}
	return out
}

// Load keeps definitions that are not in the store yet and puts the newest version of each in force, all or none. Of a version that is
// kept, another text is refused: what was inspected by it would change behind its back.
func (s *Service) Load(ctx context.Context, by identity.Actor, d Definitions) (int, error) {
	return s.take(ctx, by, d.files(), func(*Rulebook) error { return nil })
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
	files := slices.DeleteFunc(d.files(), func(f file) bool { return kept[f.kind] })
	if len(files) > 0 {
		_, err = s.take(ctx, by, files, func(*Rulebook) error { return nil })
	}
	return err
}

// take keeps files that are not kept yet, each held against what is in force with those before it; allow has a say beforehand.
func (s *Service) take(ctx context.Context, by identity.Actor, files []file, allow func(*Rulebook) error) (int, error) {
	fresh := 0
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		fresh = 0
		if _, err := tx.Next(ctx, "rulebook", 1); err != nil { // two that each go with what is in force need not go with each other
			return err
		}
		book, err := readBook(ctx, tx)
		if err != nil {
			return err
		}
		if err := allow(book); err != nil {
			return err
		}
		for _, f := range files {
			n, err := f.parse()
			if err != nil {
				return err
			}
			if book.kept[n.key()] == string(f.source) {
				continue
			}
			if err := book.fits(f, n); err != nil {
				return err
			}
			book.add(n, string(f.source))
			if err := s.keep(ctx, tx, by, n, f.source); err != nil {
				return err
			}
			fresh++
		}
		return book.settle()
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book = nil
	return fresh, err
}

func (s *Service) keep(ctx context.Context, tx *store.Tx, by identity.Actor, n definitionHead, src []byte) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO rulebook (kind, id, version, body, loaded_at, by_name) VALUES ($1, $2, $3, $4, $5, $6)`,
		n.kind, n.id, n.version, string(src), s.now().UnixMilli(), by.Name)
	if err != nil {
		return fmt.Errorf("keep version %d of %s %s: %w", n.version, n.kind, n.id, err)
	}
	return audit.Append(ctx, tx, audit.Entry{
		At: s.now(), Actor: by, Action: "rulebook.load", ObjectKind: "rulebook", ObjectID: n.kind + "/" + n.id, Detail: map[string]any{"version": n.version},
	})
}

// bookFor is how long another process's new version may stay unseen.
const bookFor = 3 * time.Second

// Book returns the definitions in force.
func (s *Service) Book(ctx context.Context) (*Rulebook, error) {
	s.db.Outside("the definitions")
	return s.BookIn(ctx, s.db)
}

// BookIn returns the definitions as a transaction or a snapshot may know them; what it reads there is not kept for others.
func (s *Service) BookIn(ctx context.Context, q store.Querier) (*Rulebook, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if s.book != nil && now.Sub(s.bookAsked) < bookFor && !now.Before(s.bookAsked) {
		return s.book, nil
	}
	var n int // versions are added and never changed, so their number tells
	if err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM rulebook`).Scan(&n); err != nil {
		return nil, fmt.Errorf("ask for new definitions: %w", err)
	}
	book := s.book
	if book == nil || len(book.kept) != n {
		var err error
		if book, err = readBook(ctx, q); err != nil {
			return nil, err
		}
	}
	if q == store.Querier(s.db) {
		s.book, s.bookAsked = book, now
	}
	return book, nil
}

func readBook(ctx context.Context, q store.Querier) (*Rulebook, error) {
	b := &Rulebook{
		kept: map[string]string{}, newest: map[string]definitionHead{}, lists: map[string]*checklist.Checklist{}, trees: map[string]*acceptance.Tree{},
	}
	err := store.Each(ctx, q, `SELECT kind, id, body FROM rulebook ORDER BY kind, id, version`, func(scan func(...any) error) error {
		var kind, id, body string
		if err := scan(&kind, &id, &body); err != nil {
			return err
		}
		n, err := file{kind, id, []byte(body)}.parse()
		if err == nil {
			b.add(n, body)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the definitions as they are kept: %w", err)
	}
	return b, b.settle()
}

// add puts a version in the book, the newest of its kind and id so far.
func (b *Rulebook) add(n definitionHead, body string) {
	b.kept[n.key()] = body
	b.newest[n.kind+"/"+n.id] = n
	at := fmt.Sprintf("%s/%d", n.id, n.version)
	switch v := n.value.(type) {
	case *checklist.Checklist:
		b.lists[at] = v
	case *acceptance.Tree:
		b.trees[at] = v
	case *compare.Comparison:
		b.Comparison = v
	case *ladder.Ladder:
		b.Ladder = v
	case *lifecycle.ProjectRules:
		b.Lifecycle = v
	}
}

// settle makes the views of what is in force.
func (b *Rulebook) settle() (err error) {
	var lists []*checklist.Checklist
	b.Trees, b.ledgers = nil, nil
	for _, k := range slices.Sorted(maps.Keys(b.newest)) {
		switch v := b.newest[k].value.(type) {
		case *checklist.Checklist:
			lists = append(lists, v)
		case *acceptance.Tree:
			b.Trees, b.ledgers = append(b.Trees, v), append(b.ledgers, scheme.FromTree(v))
		case *scheme.Scheme:
			b.ledgers = append(b.ledgers, v)
		}
	}
	slices.SortFunc(b.ledgers, func(x, y *scheme.Scheme) int { return cmp.Compare(x.ID, y.ID) })
	b.Checklists, err = checklist.NewLibrary(lists)
	return err
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
