package registry

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"anlan/internal/fault"
	"anlan/internal/store"
)

// Post is a place of work in an organisation (岗位) that answers for a line of work, whoever holds it.
type Post struct {
	ID               string     `json:"id"`
	Title            fault.Text `json:"title"`
	Line             string     `json:"line" doc:"Line of work, or * for all"`
	Organisation     string     `json:"organisation" doc:"Id of the organisation"`
	OrganisationName fault.Text `json:"organisation_name"`
	DivisionID       int64      `json:"-"`
	Division         string     `json:"division" doc:"Code of the organisation's division"`
	Sort             int64      `json:"sort"`
	RetiredAt        *time.Time `json:"retired_at,omitempty"`
	Edit             int64      `json:"edit"`
	Holders          []Tenure   `json:"holders" doc:"Who holds it now"`
}

// NewPost is what an editor says of a post.
type NewPost struct {
	Organisation string     `json:"organisation" maxLength:"36"`
	Title        fault.Text `json:"title"`
	Line         string     `json:"line,omitempty" maxLength:"40" doc:"Line of work; * or nothing for all"`
	Sort         int64      `json:"sort,omitempty"`
}

// PostChange is what may be changed of a post; nil leaves it as it is. A post stays in its organisation.
type PostChange struct {
	Edit    int64       `json:"edit" minimum:"1" doc:"The edit number that was read"` // 0, from the program itself, changes whatever stands
	Title   *fault.Text `json:"title,omitempty"`
	Line    *string     `json:"line,omitempty" maxLength:"40"`
	Sort    *int64      `json:"sort,omitempty"`
	Retired *bool       `json:"retired,omitempty"`
}

const selectPost = `
	SELECT p.id, p.title_zh, p.title_en, p.line, p.organisation_id, o.name_zh, o.name_en, o.division_id, d.code, p.sort, p.retired_at, p.edit
	FROM post p JOIN organisation o ON o.id = p.organisation_id JOIN division d ON d.id = o.division_id`

func scanPost(row interface{ Scan(...any) error }) (Post, error) {
	p := Post{Holders: []Tenure{}}
	var retired *int64
	err := row.Scan(&p.ID, &p.Title.Zh, &p.Title.En, &p.Line, &p.Organisation, &p.OrganisationName.Zh, &p.OrganisationName.En, &p.DivisionID, &p.Division, &p.Sort, &retired, &p.Edit)
	p.RetiredAt = instant(retired)
	return p, err
}

func postBy(ctx context.Context, q store.Querier, id string) (Post, error) {
	p, err := scanPost(q.QueryRowContext(ctx, selectPost+` WHERE p.id = $1`, id))
	return found(p, err, fault.NotFoundf("post.unknown", "没有这个岗位", "there is no such post"), "post", id)
}

// Post reads one post with who holds it now.
func (s *Service) Post(ctx context.Context, id string) (Post, error) {
	p, err := postBy(ctx, s.db, id)
	if err != nil {
		return p, err
	}
	one := []Post{p}
	err = s.addHolders(ctx, one)
	return one[0], err
}

// Posts lists posts by organisation, then in their own order, with who holds them now.
func (s *Service) Posts(ctx context.Context, q Query) (Page[Post], error) {
	var c condition
	c.within("o.division_id", q.Scopes)
	c.like(q.Text, "p.title_zh", "p.title_en", "o.name_zh", "o.name_en")
	if q.Organisation != "" {
		c.add(" AND p.organisation_id = ?", q.Organisation)
	}
	if q.Line != "" {
		c.add(" AND (p.line = '*' OR p.line = ?)", q.Line)
	}
	c.narrow(q, "o.division_id", "p.retired_at")
	if q.After != "" {
		var organisation, id string
		var sort int64
		if err := readCursor(q.After, &organisation, &sort, &id); err != nil {
			return Page[Post]{}, err
		}
		c.add(" AND (p.organisation_id, p.sort, p.id) > (?, ?, ?)", organisation, sort, id)
	}
	c.add(" ORDER BY p.organisation_id, p.sort, p.id LIMIT ?", q.limit()+1)
	page, err := pageOf(ctx, s.db, "posts", q, selectPost, &c, scanPost, func(p Post) string { return cursor(p.Organisation, p.Sort, p.ID) })
	if err != nil {
		return page, err
	}
	return page, s.addHolders(ctx, page.Items)
}

func (s *Service) addHolders(ctx context.Context, posts []Post) error {
	ids := make([]string, len(posts))
	at := make(map[string]int, len(posts))
	for i, p := range posts {
		ids[i], at[p.ID] = p.ID, i
	}
	held, err := s.current(ctx, "h.post_id", ids)
	for _, t := range held {
		p := &posts[at[t.Post]]
		p.Holders = append(p.Holders, t)
	}
	return err
}

const allLines = "*"

var lineForm = regexp.MustCompile(`^(\*|[a-z][a-z0-9_]{0,39})$`)

func (p *Post) check() error {
	bad := fault.Invalidf("post.invalid", "岗位信息有误", "the post is not valid")
	checkName(bad, "title.zh", p.Title.Zh)
	checkName(bad, "title.en", p.Title.En)
	if p.Line == "" {
		p.Line = allLines
	}
	if !lineForm.MatchString(p.Line) {
		bad.At("line", fault.T("业务线代码为小写字母、数字和下划线", "a line of work has small letters, digits and underscores"))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// AddPost stores a post within the caller's transaction and returns its id.
func (s *Service) AddPost(ctx context.Context, tx *store.Tx, by Editor, n NewPost) (string, error) {
	p := Post{ID: store.NewID(), Title: n.Title, Line: n.Line, Organisation: n.Organisation, Sort: n.Sort}
	if err := p.check(); err != nil {
		return "", err
	}
	o, err := liveOrganisation(ctx, tx, by, n.Organisation)
	if err != nil {
		return "", err
	}
	if err := s.note(ctx, tx, by, "post.create", p.ID, o.DivisionID, n); err != nil {
		return "", err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO post (id, organisation_id, title_zh, title_en, line, sort, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		p.ID, p.Organisation, p.Title.Zh, p.Title.En, p.Line, p.Sort, s.now().UnixMilli())
	if err != nil {
		return "", fmt.Errorf("add post %s: %w", p.ID, err)
	}
	return p.ID, nil
}

// ChangePost changes, retires or brings back a post within the caller's transaction. Nobody holds a retired post.
func (s *Service) ChangePost(ctx context.Context, tx *store.Tx, by Editor, id string, c PostChange) error {
	p, err := postBy(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := by.check(p.DivisionID); err != nil {
		return err
	}
	if c.Edit != 0 && c.Edit != p.Edit {
		return stale(p)
	}
	closes := p.RetiredAt == nil && c.Retired != nil && *c.Retired
	if p.RetiredAt != nil && c.Retired != nil && !*c.Retired {
		if _, err := liveOrganisation(ctx, tx, by, p.Organisation); err != nil {
			return err
		}
	}
	set(&p.Title, c.Title)
	set(&p.Line, c.Line)
	set(&p.Sort, c.Sort)
	p.RetiredAt = s.retire(p.RetiredAt, c.Retired)
	if err := p.check(); err != nil {
		return err
	}
	if err := s.note(ctx, tx, by, "post.change", id, p.DivisionID, c); err != nil {
		return err
	}
	if closes {
		if err := s.endTenures(ctx, tx, "post_id", id, *p.RetiredAt); err != nil {
			return err
		}
	}
	res, err := tx.ExecContext(ctx, `
		UPDATE post SET title_zh = $1, title_en = $2, line = $3, sort = $4, retired_at = $5, changed_at = $6, edit = edit + 1 WHERE id = $7 AND edit = $8`,
		p.Title.Zh, p.Title.En, p.Line, p.Sort, millis(p.RetiredAt), s.now().UnixMilli(), id, p.Edit)
	return settled(res, err, "post "+id, func() (any, error) { return postBy(ctx, tx, id) })
}
