package identity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"anlan/internal/fault"
	"anlan/internal/store"
)

// SavedFilter is what a person has narrowed a list to, under a name of their own.
type SavedFilter struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Query   string `json:"query" doc:"Query string of the list's page"`
	Default bool   `json:"default" doc:"The list opens with it"`
}

// FilterChange is what is new about a saved filter; what is nil stays.
type FilterChange struct {
	Name    *string `json:"name,omitempty" maxLength:"40"`
	Query   *string `json:"query,omitempty" maxLength:"2000"`
	Default *bool   `json:"default,omitempty"`
}

const (
	filtersMost     = 30 // of one list
	filtersAllMost  = 200
	filterNameMost  = 40
	filterQueryMost = 2000
)

var filterList = regexp.MustCompile(`^[a-z][a-z0-9_.-]{0,39}$`)

func (f SavedFilter) check() error {
	bad := fault.Invalidf("filter.invalid", "筛选内容有误", "the filter is not valid")
	if f.Name == "" || utf8.RuneCountInString(f.Name) > filterNameMost {
		bad.At("name", fault.Tf("名称必填，至多 %d 字", "a name of at most %d characters is required", filterNameMost))
	}
	if _, err := url.ParseQuery(f.Query); err != nil || len(f.Query) > filterQueryMost {
		bad.At("query", fault.Tf("不是至多 %d 字节的查询串", "not a query string of at most %d bytes", filterQueryMost))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Filters lists what a person has saved of a list, the oldest first.
func (s *Service) Filters(ctx context.Context, p *Principal, list string) ([]SavedFilter, error) {
	out := []SavedFilter{}
	err := store.Each(ctx, s.db, `SELECT id, name, query, standing FROM saved_filter WHERE account_id = $1 AND list = $2 ORDER BY id`, func(scan func(...any) error) error {
		var f SavedFilter
		var standing int64
		err := scan(&f.ID, &f.Name, &f.Query, &standing)
		f.Default = standing == 1
		out = append(out, f)
		return err
	}, p.account, list)
	if err != nil {
		return nil, fmt.Errorf("read saved filters: %w", err)
	}
	return out, nil
}

// SaveFilter keeps a new filter of a list and gives its id; the id handed in does not count.
func (s *Service) SaveFilter(ctx context.Context, p *Principal, list string, f SavedFilter) (string, error) {
	f.ID, f.Name = store.NewID(), strings.TrimSpace(f.Name)
	if !filterList.MatchString(list) {
		return "", fault.Invalidf("filter.list", "没有“%s”这个清单", "there is no list %q", list).At("list", fault.T("无效", "not valid"))
	}
	if err := f.check(); err != nil {
		return "", err
	}
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		var here, all int
		err := tx.QueryRowContext(ctx, `SELECT COUNT(CASE WHEN list = $2 THEN 1 END), COUNT(*) FROM saved_filter WHERE account_id = $1`, p.account, list).Scan(&here, &all)
		if err != nil {
			return fmt.Errorf("count saved filters: %w", err)
		}
		if here >= filtersMost || all >= filtersAllMost {
			return fault.Conflictf("filter.many", "已保存 %d 个筛选，请先删除不用的", "%d filters are saved: delete some first", here)
		}
		if err := onlyDefault(ctx, tx, p.account, list, f.Default); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO saved_filter (id, account_id, list, name, query, standing, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			f.ID, p.account, list, f.Name, f.Query, bit(f.Default), s.now().UnixMilli())
		return taken(err)
	})
	return f.ID, err
}

// ChangeFilter renames a saved filter, lays another query into it, or makes it the default or no longer.
func (s *Service) ChangeFilter(ctx context.Context, p *Principal, id string, c FilterChange) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		f := SavedFilter{ID: id}
		var list string
		var standing int64
		err := tx.QueryRowContext(ctx, `SELECT list, name, query, standing FROM saved_filter WHERE id = $1 AND account_id = $2`, id, p.account).Scan(&list, &f.Name, &f.Query, &standing)
		if errors.Is(err, sql.ErrNoRows) {
			return errNoFilter()
		}
		if err != nil {
			return fmt.Errorf("read saved filter %s: %w", id, err)
		}
		f.Default = standing == 1
		if c.Name != nil {
			f.Name = strings.TrimSpace(*c.Name)
		}
		if c.Query != nil {
			f.Query = *c.Query
		}
		if c.Default != nil {
			f.Default = *c.Default
		}
		if err := f.check(); err != nil {
			return err
		}
		if err := onlyDefault(ctx, tx, p.account, list, f.Default); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE saved_filter SET name = $1, query = $2, standing = $3, changed_at = $4 WHERE id = $5`, f.Name, f.Query, bit(f.Default), s.now().UnixMilli(), id)
		return taken(err)
	})
}

// DropFilter deletes a saved filter.
func (s *Service) DropFilter(ctx context.Context, p *Principal, id string) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		r, err := tx.ExecContext(ctx, `DELETE FROM saved_filter WHERE id = $1 AND account_id = $2`, id, p.account)
		if err != nil {
			return fmt.Errorf("delete saved filter %s: %w", id, err)
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, errNoFilter())
		}
		return nil
	})
}

// onlyDefault takes the mark from the default of a list before another gets it.
func onlyDefault(ctx context.Context, tx *store.Tx, account, list string, wanted bool) error {
	if !wanted {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `UPDATE saved_filter SET standing = 0 WHERE account_id = $1 AND list = $2 AND standing = 1`, account, list); err != nil {
		return fmt.Errorf("take the mark of the default filter of %s: %w", list, err)
	}
	return nil
}

func errNoFilter() error {
	return fault.NotFoundf("filter.unknown", "没有这个已保存的筛选", "there is no such saved filter")
}

func taken(err error) error {
	if store.IsUnique(err) {
		return fault.Conflictf("filter.name", "已有同名的筛选", "a filter of that name is saved already").At("name", fault.T("已有同名", "taken")).Because(err)
	}
	if err != nil {
		return fmt.Errorf("write a saved filter: %w", err)
	}
	return nil
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
