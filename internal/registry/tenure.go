package registry

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/store"
)

// Tenure is one person's holding of one post (任职), from an instant until another; the end does not belong to it.
type Tenure struct {
	Post             string     `json:"post"`
	Title            fault.Text `json:"title"`
	Line             string     `json:"line"`
	Organisation     string     `json:"organisation"`
	OrganisationName fault.Text `json:"organisation_name"`
	Division         string     `json:"division"`
	Person           string     `json:"person"`
	Name             string     `json:"name"`
	Since            time.Time  `json:"since"`
	Until            *time.Time `json:"until,omitempty"`
}

const selectTenure = `
	SELECT h.post_id, p.title_zh, p.title_en, p.line, p.organisation_id, o.name_zh, o.name_en, d.code, h.person_id, n.name, h.since, h.until
	FROM post_holder h
	JOIN post p ON p.id = h.post_id
	JOIN organisation o ON o.id = p.organisation_id
	JOIN division d ON d.id = o.division_id
	JOIN person n ON n.id = h.person_id`

func scanTenure(row interface{ Scan(...any) error }) (Tenure, error) {
	var t Tenure
	var since int64
	var until *int64
	err := row.Scan(&t.Post, &t.Title.Zh, &t.Title.En, &t.Line, &t.Organisation, &t.OrganisationName.Zh, &t.OrganisationName.En,
		&t.Division, &t.Person, &t.Name, &since, &until)
	t.Since, t.Until = time.UnixMilli(since).UTC(), instant(until)
	return t, err
}

const tenureOrder = ` ORDER BY o.division_id, o.sort, p.sort, h.post_id, h.since DESC, h.person_id`

// TenureQuery filters tenures; zero fields do not filter, but without scopes nothing is found.
type TenureQuery struct {
	Scopes   []int64 // divisions whose subtrees may be seen
	Post     string
	Person   string
	Division int64  // of the post's organisation, not below
	Line     string // posts of this line and of all lines
	At       *time.Time
	Limit    int // 200 where 0
}

// Tenures lists who held or holds which post when, the newest of a post first.
func (s *Service) Tenures(ctx context.Context, q TenureQuery) ([]Tenure, error) {
	var c condition
	c.within("o.division_id", q.Scopes)
	if q.Post != "" {
		c.add(" AND h.post_id = ?", q.Post)
	}
	if q.Person != "" {
		c.add(" AND h.person_id = ?", q.Person)
	}
	if q.Division != 0 {
		c.add(" AND o.division_id = ?", q.Division)
	}
	if q.Line != "" {
		c.add(" AND (p.line = '*' OR p.line = ?)", q.Line)
	}
	if q.At != nil {
		c.at(*q.At)
	}
	if q.Limit <= 0 {
		q.Limit = pageMost
	}
	c.add(tenureOrder+" LIMIT ?", q.Limit)
	list, err := gather(ctx, s.db, selectTenure+c.text.String(), c.args, scanTenure)
	if err != nil {
		return nil, fmt.Errorf("list tenures: %w", err)
	}
	return list, nil
}

// at keeps the tenures that hold at an instant.
func (c *condition) at(t time.Time) {
	c.add(" AND h.since <= ? AND (h.until IS NULL OR h.until > ?)", t.UnixMilli(), t.UnixMilli())
}

// current reads the tenures that hold now for posts or for people.
func (s *Service) current(ctx context.Context, column string, ids []string) ([]Tenure, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var c condition
	c.add(" WHERE ")
	c.in(column, ids)
	c.at(s.now())
	c.add(tenureOrder)
	list, err := gather(ctx, s.db, selectTenure+c.text.String(), c.args, scanTenure)
	if err != nil {
		return nil, fmt.Errorf("read who holds which post: %w", err)
	}
	return list, nil
}

type tenureDetail struct {
	Person string     `json:"person"`
	Name   string     `json:"name"`
	Since  *time.Time `json:"since,omitempty"`
	Until  *time.Time `json:"until,omitempty"`
}

// Appoint lets a person hold a post from an instant on, within the caller's transaction. A post may have several holders; one
// person does not hold it twice at once. The editor needs a say over the post, not over the person.
func (s *Service) Appoint(ctx context.Context, tx *store.Tx, by Editor, post, person string, since time.Time) error {
	p, n, err := postAndPerson(ctx, tx, by, post, person)
	if err != nil {
		return err
	}
	if p.RetiredAt != nil || n.RetiredAt != nil {
		return fault.Conflictf("tenure.retired", "岗位或人员已停用，不能任职", "the post or the person is retired")
	}
	if err := s.note(ctx, tx, by, "post.appoint", post, p.DivisionID, tenureDetail{Person: n.ID, Name: n.Name, Since: &since}); err != nil {
		return err
	}
	var overlap int
	err = tx.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM post_holder WHERE post_id = $1 AND person_id = $2 AND (until IS NULL OR until > $3)`, post, person, since.UnixMilli()).Scan(&overlap)
	if err != nil {
		return fmt.Errorf("look for earlier tenures of post %s: %w", post, err)
	}
	if overlap > 0 {
		return fault.Conflictf("tenure.twice", "%s 在此期间已任该岗位", "%s holds this post at that time already", n.Name)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO post_holder (post_id, person_id, since) VALUES ($1, $2, $3)`, post, person, since.UnixMilli())
	if err != nil {
		return fmt.Errorf("appoint to post %s: %w", post, err)
	}
	return nil
}

// Relieve ends a person's holding of a post at an instant, within the caller's transaction.
func (s *Service) Relieve(ctx context.Context, tx *store.Tx, by Editor, post, person string, until time.Time) error {
	p, n, err := postAndPerson(ctx, tx, by, post, person)
	if err != nil {
		return err
	}
	if err := s.note(ctx, tx, by, "post.relieve", post, p.DivisionID, tenureDetail{Person: n.ID, Name: n.Name, Until: &until}); err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, `UPDATE post_holder SET until = $1 WHERE post_id = $2 AND person_id = $3 AND until IS NULL AND since < $1`,
		until.UnixMilli(), post, person)
	if err != nil {
		return fmt.Errorf("relieve of post %s: %w", post, err)
	}
	ended, err := res.RowsAffected()
	if err != nil {
		return fmt.Errorf("relieve of post %s: %w", post, err)
	}
	if ended == 0 {
		return fault.Conflictf("tenure.none", "%s 没有早于该时刻开始的在任记录", "%s has no open tenure that began before that instant", n.Name)
	}
	return nil
}

func postAndPerson(ctx context.Context, tx *store.Tx, by Editor, post, person string) (Post, Person, error) {
	p, err := postBy(ctx, tx, post)
	if err != nil {
		return p, Person{}, err
	}
	if err := by.check(p.DivisionID); err != nil {
		return p, Person{}, err
	}
	n, err := personBy(ctx, tx, person)
	return p, n, err
}

// endTenures ends what holds at an instant, and drops what would begin after it, for a post_id or person_id.
func (s *Service) endTenures(ctx context.Context, tx *store.Tx, column, id string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM post_holder WHERE `+column+` = $1 AND since >= $2`, id, at.UnixMilli())
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE post_holder SET until = $1 WHERE `+column+` = $2 AND (until IS NULL OR until > $1)`, at.UnixMilli(), id)
	}
	if err != nil {
		return fmt.Errorf("end tenures of %s: %w", id, err)
	}
	return nil
}
