package bulletin

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"anlan/internal/bulletin/template"
	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/store"
)

// LoadTemplates puts templates into force, each newer than the one there; one that is there already is passed over. Files are by name;
// every one is checked before any is taken. It returns how many were taken.
func (s *Service) LoadTemplates(ctx context.Context, by identity.Actor, files map[string][]byte) (int, error) {
	known, err := s.Measures(ctx)
	if err != nil {
		return 0, err
	}
	var list []*template.Template
	source := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		t, err := template.ParseKnowing(name, files[name], known, s.Lists)
		if err != nil {
			return 0, err
		}
		list, source[t.ID] = append(list, t), string(files[name])
	}
	n := 0
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		n = 0
		for _, t := range list {
			taken, err := s.putTemplate(ctx, tx, by, t, source[t.ID])
			if err != nil {
				return err
			}
			if taken {
				n++
			}
		}
		return nil
	})
	return n, err
}

// LoadShipped puts the templates of a release into force: those of kinds that are not there at all, and newer ones of kinds whose version in force
// by itself put there. What an operator put stays, and so does one whose newer version names what is not in force here; kept names the kinds of
// which the release has a newer one.
func (s *Service) LoadShipped(ctx context.Context, by identity.Actor, files map[string][]byte) (kept []string, err error) {
	type inForce struct {
		version int
		by      string
	}
	known := map[string]inForce{}
	err = store.Each(ctx, s.Store, `SELECT id, version, loaded_by FROM bulletin_template ORDER BY id, version`, func(scan func(...any) error) error {
		var id string
		var f inForce
		err := scan(&id, &f.version, &f.by)
		known[id] = f
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	fresh := map[string][]byte{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		t, err := template.Parse(name, files[name])
		if err != nil {
			return nil, err
		}
		f, there := known[t.ID]
		switch {
		case !there:
			fresh[name] = files[name]
		case t.Version <= f.version:
		case f.by != by.Name:
			kept = append(kept, t.ID)
		default:
			_, err := s.LoadTemplates(ctx, by, map[string][]byte{name: files[name]})
			if fault.Is(err, fault.Invalid) {
				kept, err = append(kept, t.ID), nil
			}
			if err != nil {
				return nil, err
			}
		}
	}
	if len(fresh) == 0 {
		return kept, nil
	}
	_, err = s.LoadTemplates(ctx, by, fresh)
	return kept, err
}

// CheckTemplate reads a template and holds it against the measures and lists that there are, and keeps nothing.
func (s *Service) CheckTemplate(ctx context.Context, name string, src []byte) (*template.Template, error) {
	known, err := s.Measures(ctx)
	if err != nil {
		return nil, err
	}
	return template.ParseKnowing(name, src, known, s.Lists)
}

func (s *Service) putTemplate(ctx context.Context, tx *store.Tx, by identity.Actor, t *template.Template, source string) (bool, error) {
	var newest int
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM bulletin_template WHERE id = $1`, t.ID).Scan(&newest); err != nil {
		return false, fmt.Errorf("read versions of template %s: %w", t.ID, err)
	}
	if t.Version == newest {
		var kept string
		if err := tx.QueryRowContext(ctx, `SELECT source FROM bulletin_template WHERE id = $1 AND version = $2`, t.ID, newest).Scan(&kept); err != nil {
			return false, fmt.Errorf("read template %s: %w", t.ID, err)
		}
		if kept != source {
			return false, fault.Conflictf("bulletin.template_version", "模板 %s 第 %d 版已在用且内容不同，请改用更高版本号", "version %[2]d of template %[1]s is in force with another text; give it a higher version", t.ID, t.Version)
		}
		return false, nil
	}
	if t.Version < newest {
		return false, nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO bulletin_template (id, version, source, loaded_at, loaded_by) VALUES ($1, $2, $3, $4, $5)`, t.ID, t.Version, source, s.Now().UnixMilli(), by.Name)
	if err != nil {
		return false, fmt.Errorf("keep template %s: %w", t.ID, err)
	}
	return true, audit.Append(ctx, tx, audit.Entry{
		At: s.Now(), Actor: by, Action: "bulletin.template", ObjectKind: "bulletin_template", ObjectID: t.ID, Detail: map[string]any{"version": t.Version},
	})
}

// Templates lists the templates in force, in their order.
func (s *Service) Templates(ctx context.Context) ([]*template.Template, error) {
	stamp := ""
	err := store.Each(ctx, s.Store, `SELECT id, MAX(version) FROM bulletin_template GROUP BY id ORDER BY id`, func(scan func(...any) error) error {
		var id string
		var version int
		if err := scan(&id, &version); err != nil {
			return err
		}
		stamp += fmt.Sprintf("%s/%d;", id, version)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.book != nil && s.stamp == stamp {
		return s.book, nil
	}
	book := []*template.Template{}
	err = store.Each(ctx, s.Store, `
		SELECT t.id, t.source FROM bulletin_template t
		WHERE t.version = (SELECT MAX(n.version) FROM bulletin_template n WHERE n.id = t.id) ORDER BY t.id`, func(scan func(...any) error) error {
		var id, source string
		if err := scan(&id, &source); err != nil {
			return err
		}
		t, err := template.Parse(id, []byte(source))
		if err == nil {
			book = append(book, t)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	slices.SortStableFunc(book, func(a, b *template.Template) int { return cmp.Compare(a.Order, b.Order) })
	s.book, s.stamp = book, stamp
	return book, nil
}

// Template finds the template of a kind.
func (s *Service) Template(ctx context.Context, kind string) (*template.Template, error) {
	list, err := s.Templates(ctx)
	if err != nil {
		return nil, err
	}
	return templateOf(list, kind)
}

func templateOf(list []*template.Template, kind string) (*template.Template, error) {
	for _, t := range list {
		if t.ID == kind {
			return t, nil
		}
	}
	return nil, fault.NotFoundf("bulletin.kind", "没有“%s”这类通报", "there is no kind of bulletin %q", kind)
}
