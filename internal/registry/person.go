package registry

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/store"
)

// Person is somebody who holds posts or may be told of things; an account is another matter.
type Person struct {
	ID               string     `json:"id"`
	Name             string     `json:"name"`
	Phone            Phone      `json:"phone,omitempty" doc:"Masked"`
	Organisation     string     `json:"organisation" doc:"Id of the organisation"`
	OrganisationName fault.Text `json:"organisation_name"`
	DivisionID       int64      `json:"-"`
	Division         string     `json:"division" doc:"Code of the organisation's division"`
	RetiredAt        *time.Time `json:"retired_at,omitempty"`
	Edit             int64      `json:"edit"`
	Posts            []Tenure   `json:"posts" doc:"Posts held now"`
}

// NewPerson is what an editor says of a person.
type NewPerson struct {
	Name         string `json:"name" maxLength:"100"`
	Phone        string `json:"phone,omitempty" maxLength:"40"`
	Organisation string `json:"organisation" maxLength:"36"`
}

// PersonChange is what may be changed of a person; nil leaves it as it is.
type PersonChange struct {
	Edit         int64   `json:"edit" minimum:"1" doc:"The edit number that was read"` // 0, from the program itself, changes whatever stands
	Name         *string `json:"name,omitempty" maxLength:"100"`
	Phone        *string `json:"phone,omitempty" maxLength:"40"`
	Organisation *string `json:"organisation,omitempty" maxLength:"36"`
	Retired      *bool   `json:"retired,omitempty"`
}

const selectPerson = `
	SELECT p.id, p.name, p.phone, p.organisation_id, o.name_zh, o.name_en, o.division_id, d.code, p.retired_at, p.edit
	FROM person p JOIN organisation o ON o.id = p.organisation_id JOIN division d ON d.id = o.division_id`

func scanPerson(row interface{ Scan(...any) error }) (Person, error) {
	p := Person{Posts: []Tenure{}}
	var retired *int64
	err := row.Scan(&p.ID, &p.Name, (*string)(&p.Phone), &p.Organisation, &p.OrganisationName.Zh, &p.OrganisationName.En, &p.DivisionID, &p.Division, &retired, &p.Edit)
	p.RetiredAt = instant(retired)
	return p, err
}

var errPerson = fault.New(fault.NotFound, "person.unknown", fault.T("没有这个人", "there is no such person"))

func personBy(ctx context.Context, q store.Querier, id string) (Person, error) {
	p, err := scanPerson(q.QueryRowContext(ctx, selectPerson+` WHERE p.id = $1`, id))
	return found(p, err, errPerson, "person", id)
}

// Person reads one person with the posts held now.
func (s *Service) Person(ctx context.Context, id string) (Person, error) {
	p, err := personBy(ctx, s.db, id)
	if err != nil {
		return p, err
	}
	one := []Person{p}
	err = s.addPosts(ctx, one)
	return one[0], err
}

// People lists persons by name with the posts they hold now. A telephone number is not searched, since that would unmask it.
func (s *Service) People(ctx context.Context, q Query) (Page[Person], error) {
	var c condition
	c.within("o.division_id", q.Scopes)
	c.like(q.Text, "p.name", "o.name_zh", "o.name_en")
	if q.Organisation != "" {
		c.add(" AND p.organisation_id = ?", q.Organisation)
	}
	c.narrow(q, "o.division_id", "p.retired_at")
	if q.After != "" {
		var name, id string
		if err := readCursor(q.After, &name, &id); err != nil {
			return Page[Person]{}, err
		}
		c.add(" AND (p.name, p.id) > (?, ?)", name, id)
	}
	c.add(" ORDER BY p.name, p.id LIMIT ?", q.limit()+1)
	page, err := pageOf(ctx, s.db, "people", q, selectPerson, &c, scanPerson, func(p Person) string { return cursor(p.Name, p.ID) })
	if err != nil {
		return page, err
	}
	return page, s.addPosts(ctx, page.Items)
}

func (s *Service) addPosts(ctx context.Context, people []Person) error {
	ids := make([]string, len(people))
	at := make(map[string]int, len(people))
	for i, p := range people {
		ids[i], at[p.ID] = p.ID, i
	}
	held, err := s.current(ctx, "h.person_id", ids)
	for _, t := range held {
		p := &people[at[t.Person]]
		p.Posts = append(p.Posts, t)
	}
	return err
}

// personDetail is what the audit log keeps of a change to a person: never the whole number.
type personDetail struct {
	Name         *string `json:"name,omitempty"`
	Phone        *Phone  `json:"phone,omitempty"`
	Organisation *string `json:"organisation,omitempty"`
	Retired      *bool   `json:"retired,omitempty"`
}

func (p *Person) check() error {
	bad := fault.Invalidf("person.invalid", "人员信息有误", "the person is not valid")
	checkName(bad, "name", p.Name)
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// AddPerson stores a person within the caller's transaction and returns the id.
func (s *Service) AddPerson(ctx context.Context, tx *store.Tx, by Editor, n NewPerson) (string, error) {
	phone, err := ParsePhone(n.Phone)
	if err != nil {
		return "", err
	}
	p := Person{ID: store.NewID(), Name: n.Name, Phone: phone, Organisation: n.Organisation}
	if err := p.check(); err != nil {
		return "", err
	}
	o, err := liveOrganisation(ctx, tx, by, n.Organisation)
	if err != nil {
		return "", err
	}
	if err := s.note(ctx, tx, by, "person.create", p.ID, o.DivisionID, personDetail{Name: &p.Name, Phone: &phone, Organisation: &o.ID}); err != nil {
		return "", err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO person (id, name, phone, organisation_id, changed_at) VALUES ($1, $2, $3, $4, $5)`,
		p.ID, p.Name, phone.Reveal(), p.Organisation, s.now().UnixMilli())
	if err != nil {
		return "", fmt.Errorf("add person %s: %w", p.ID, err)
	}
	return p.ID, nil
}

// ChangePerson changes, retires or brings back a person within the caller's transaction. Who retires leaves all posts and answers for no
// object any more.
func (s *Service) ChangePerson(ctx context.Context, tx *store.Tx, by Editor, id string, c PersonChange) error {
	p, err := personBy(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := by.check(p.DivisionID); err != nil {
		return err
	}
	if c.Edit != 0 && c.Edit != p.Edit {
		return stale(p)
	}
	detail := personDetail{Name: c.Name, Organisation: c.Organisation, Retired: c.Retired}
	set(&p.Name, c.Name)
	if c.Phone != nil {
		if p.Phone, err = ParsePhone(*c.Phone); err != nil {
			return err
		}
		detail.Phone = &p.Phone
	}
	leaves := p.RetiredAt == nil && c.Retired != nil && *c.Retired
	returns := p.RetiredAt != nil && c.Retired != nil && !*c.Retired
	p.RetiredAt = s.retire(p.RetiredAt, c.Retired)
	set(&p.Organisation, c.Organisation)
	if c.Organisation != nil || returns {
		o, err := liveOrganisation(ctx, tx, by, p.Organisation)
		if err != nil {
			return err
		}
		p.DivisionID = o.DivisionID
	}
	if err := p.check(); err != nil {
		return err
	}
	if err := s.note(ctx, tx, by, "person.change", id, p.DivisionID, detail); err != nil {
		return err
	}
	if leaves {
		if err := s.endTenures(ctx, tx, "person_id", id, *p.RetiredAt); err != nil {
			return err
		}
		if err := endDuties(ctx, tx, "person_id", id, *p.RetiredAt); err != nil {
			return err
		}
	}
	res, err := tx.ExecContext(ctx, `UPDATE person SET name = $1, phone = $2, organisation_id = $3, retired_at = $4, changed_at = $5, edit = edit + 1 WHERE id = $6 AND edit = $7`,
		p.Name, p.Phone.Reveal(), p.Organisation, millis(p.RetiredAt), s.now().UnixMilli(), id, p.Edit)
	if err := settled(res, err, "person "+id, func() (any, error) { return personBy(ctx, tx, id) }); err != nil || c.Organisation == nil && !leaves {
		return err
	}
	for _, f := range s.moved {
		if err := f(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// RevealPhone returns a person's whole telephone number and writes down who asked for it. The editor's May says here whose
// numbers may be seen; anybody else looks like nobody.
func (s *Service) RevealPhone(ctx context.Context, tx *store.Tx, by Editor, id string) (string, error) {
	p, err := personBy(ctx, tx, id)
	if err != nil {
		return "", err
	}
	if by.check(p.DivisionID) != nil {
		return "", errPerson
	}
	return p.Phone.Reveal(), s.note(ctx, tx, by, "person.phone", id, p.DivisionID, nil)
}
