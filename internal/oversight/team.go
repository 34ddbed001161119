package oversight

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// Team is a group of inspectors with the areas they cover (检查组，分片包干、条块结合).
type Team struct {
	ID      string     `json:"id"`
	Edit    int64      `json:"edit"`
	Name    fault.Text `json:"name"`
	Keeper  int64      `json:"-"`
	Line    string     `json:"line" doc:"Line of work, or * for all"`
	Areas   []int64    `json:"-"`
	Members []Member   `json:"members"`
}

// Member is a person in a team.
type Member struct {
	Person   string `json:"person"`
	Name     string `json:"name"`
	Leads    bool   `json:"leads"`
	unit     string
	division int64
}

// NewTeam is what is said of a team.
type NewTeam struct {
	Client  string     `json:"client,omitempty" maxLength:"60" doc:"An id made by the sender of a new team: sent twice, it is one team"`
	Name    fault.Text `json:"name"`
	Line    string     `json:"line,omitempty" maxLength:"40" doc:"* or nothing for all"`
	Areas   []string   `json:"areas" maxItems:"100" doc:"Codes of the divisions it covers"`
	Members []string   `json:"members" maxItems:"50" doc:"Ids of people, the leader first"`
}

// SaveTeam makes a team where id is "", or changes it: members who left keep their time in it.
func (s *Service) SaveTeam(ctx context.Context, p *identity.Principal, keeper int64, id string, edit int64, n NewTeam) (string, error) {
	if n.Line == "" {
		n.Line = identity.AnyLine
	}
	if !p.Can(identity.InspectionPlan, n.Line, keeper) { // a team for all lines is made by who plans for all
		return "", errUnknown()
	}
	if strings.TrimSpace(n.Name.Zh) == "" || len(n.Members) == 0 {
		return "", fault.Invalidf("team.invalid", "检查组须有名称和成员", "a team has a name and members")
	}
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return "", err
	}
	areas, err := areasOf(tree, keeper, n.Areas)
	if err != nil {
		return "", err
	}
	fresh := id == ""
	if fresh {
		id = store.NewID()
	}
	n.Members = each(n.Members)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if fresh && n.Client != "" {
			n.Client = p.Account() + "/" + n.Client
			made, err := teamSent(ctx, tx, n.Client)
			if err != nil || made != "" {
				id = made
				return err
			}
		}
		if err := takePeople(ctx, tx, n.Members); err != nil {
			return err
		}
		if !fresh {
			if err := mayChange(ctx, tx, p, id); err != nil {
				return err
			}
		}
		if err := s.putTeam(ctx, tx, keeper, id, edit, fresh, n); err != nil {
			return err
		}
		if err := s.putMembers(ctx, tx, keeper, id, areas, n.Members); err != nil {
			return err
		}
		return s.note(ctx, tx, p.Actor(), "team.save", "team", id, keeper, n)
	})
	return id, err
}

// teamSent is the team that was made with a client id, "" where none was. Two that are sent at once are one after the other.
func teamSent(ctx context.Context, tx *store.Tx, client string) (id string, err error) {
	if _, err := tx.Next(ctx, "inspection_team", 1); err != nil {
		return "", err
	}
	err = tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), '') FROM inspection_team WHERE client_id = $1`, client).Scan(&id)
	if err != nil {
		return "", fmt.Errorf("look for a team that was sent before: %w", err)
	}
	return id, nil
}

// takePeople waits for whoever changes one of them: a person who retires or goes elsewhere meanwhile would come into the team after leaving
// all teams. People are taken before teams, as leaveTeams meets them.
func takePeople(ctx context.Context, tx *store.Tx, people []string) error {
	args := make([]any, len(people))
	for i, p := range people {
		args[i] = p
	}
	return tx.Take(ctx, `SELECT id FROM person WHERE id IN (`+store.Places(1, len(args))+`) ORDER BY id`, args...)
}

// mayChange takes a team and refuses it to who may not plan for the line and the division that it has until now.
func mayChange(ctx context.Context, tx *store.Tx, p *identity.Principal, id string) error {
	if err := tx.Take(ctx, `SELECT id FROM inspection_team WHERE id = $1`, id); err != nil {
		return err
	}
	var keeper int64
	var line string
	err := tx.QueryRowContext(ctx, `SELECT keeper_id, line FROM inspection_team WHERE id = $1 AND retired_at IS NULL`, id).Scan(&keeper, &line)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read team %s: %w", id, err)
	}
	if err != nil || !p.Can(identity.InspectionPlan, line, keeper) {
		return errNoTeam()
	}
	return nil
}

func errNoTeam() error {
	return fault.NotFoundf("team.unknown", "没有这个检查组，或不在您的权限范围内", "there is no such team, or it is outside your scope")
}

func areasOf(tree *registry.Tree, keeper int64, codes []string) ([]int64, error) {
	var out []int64
	for i, code := range codes {
		d, ok := tree.ByCode(code)
		if !ok || !tree.Within(keeper, d.ID) {
			return nil, fault.Invalidf("team.area", "片区有误", "an area is not right").At(fmt.Sprintf("areas[%d]", i), fault.T("不在本级区划内", "outside the division that keeps the team"))
		}
		out = append(out, d.ID)
	}
	return out, nil
}

func (s *Service) putTeam(ctx context.Context, tx *store.Tx, keeper int64, id string, edit int64, fresh bool, n NewTeam) error {
	now := s.now().UnixMilli()
	if fresh {
		_, err := tx.ExecContext(ctx, `INSERT INTO inspection_team (id, edit, name_zh, name_en, keeper_id, line, changed_at, client_id) VALUES ($1, 1, $2, $3, $4, $5, $6, $7)`,
			id, n.Name.Zh, n.Name.En, keeper, n.Line, now, store.MaybeText(n.Client))
		if err != nil {
			return fmt.Errorf("make team %s: %w", n.Name.Zh, err)
		}
		return nil
	}
	res, err := tx.ExecContext(ctx, `
		UPDATE inspection_team SET edit = edit + 1, name_zh = $1, name_en = $2, line = $3, changed_at = $4 WHERE id = $5 AND keeper_id = $6 AND edit = $7`,
		n.Name.Zh, n.Name.En, n.Line, now, id, keeper, edit)
	if err != nil {
		return fmt.Errorf("change team %s: %w", id, err)
	}
	if k, err := res.RowsAffected(); err != nil || k == 0 {
		return fault.Conflictf("team.stale", "已被他人修改，未保存", "somebody else changed it meanwhile; nothing was saved").Because(err)
	}
	return nil
}

func (s *Service) putMembers(ctx context.Context, tx *store.Tx, keeper int64, id string, areas []int64, people []string) error {
	now := s.now().UnixMilli()
	if _, err := tx.ExecContext(ctx, `DELETE FROM inspection_team_area WHERE team_id = $1`, id); err != nil {
		return fmt.Errorf("change the areas of team %s: %w", id, err)
	}
	for _, a := range areas {
		if _, err := tx.ExecContext(ctx, `INSERT INTO inspection_team_area (team_id, division_id) VALUES ($1, $2) ON CONFLICT (team_id, division_id) DO NOTHING`, id, a); err != nil {
			return fmt.Errorf("change the areas of team %s: %w", id, err)
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE inspection_team_member SET until = $1 WHERE team_id = $2 AND until IS NULL`, now, id); err != nil {
		return fmt.Errorf("change the members of team %s: %w", id, err)
	}
	for i, person := range people {
		leads := 0
		if i == 0 {
			leads = 1
		}
		res, err := tx.ExecContext(ctx, `
			INSERT INTO inspection_team_member (team_id, person_id, leads, since)
			SELECT $1, n.id, $2, $3 FROM person n JOIN organisation o ON o.id = n.organisation_id JOIN division_closure c ON c.descendant_id = o.division_id
			WHERE n.id = $4 AND n.retired_at IS NULL AND c.ancestor_id = $5
			ON CONFLICT (team_id, person_id, since) DO UPDATE SET until = NULL, leads = $2`, id, leads, now, person, keeper)
		var added int64
		if err == nil {
			added, err = res.RowsAffected()
		}
		if err != nil {
			return fmt.Errorf("add a member to team %s: %w", id, err)
		}
		if added == 0 {
			return fault.Invalidf("team.member", "成员有误", "a member is not right").At(fmt.Sprintf("members[%d]", i), fault.T("本级没有这个在用人员", "the division has no such person in use"))
		}
	}
	return nil
}

// leaveTeams ends a person's time in the teams that may not hold them any more: of whom retires in all, of whom now belongs elsewhere
// in those of keepers that are not theirs.
func (s *Service) leaveTeams(ctx context.Context, tx *store.Tx, person string) error {
	left := map[string]int64{}
	err := store.Each(ctx, tx, `
		SELECT t.id, t.keeper_id FROM inspection_team t JOIN inspection_team_member m ON m.team_id = t.id
		WHERE m.person_id = $1 AND m.until IS NULL AND NOT EXISTS (
			SELECT 1 FROM person n JOIN organisation o ON o.id = n.organisation_id JOIN division_closure c ON c.descendant_id = o.division_id
			WHERE n.id = $1 AND n.retired_at IS NULL AND c.ancestor_id = t.keeper_id)
		ORDER BY t.id`, func(scan func(...any) error) error {
		var team string
		var keeper int64
		err := scan(&team, &keeper)
		left[team] = keeper
		return err
	}, person)
	if err != nil {
		return fmt.Errorf("look for the teams of person %s: %w", person, err)
	}
	for _, team := range slices.Sorted(maps.Keys(left)) {
		_, err := tx.ExecContext(ctx, `UPDATE inspection_team_member SET until = $1 WHERE team_id = $2 AND person_id = $3 AND until IS NULL`, s.now().UnixMilli(), team, person)
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE inspection_team SET edit = edit + 1, changed_at = $1 WHERE id = $2`, s.now().UnixMilli(), team)
		}
		if err != nil {
			return fmt.Errorf("let person %s leave team %s: %w", person, team, err)
		}
		if err := s.note(ctx, tx, identity.Actor{}, "team.leave", "team", team, left[team], map[string]any{"person": person}); err != nil {
			return err
		}
	}
	return nil
}

// Teams lists the teams that a person may see, with their members of now.
func (s *Service) Teams(ctx context.Context, p *identity.Principal) ([]Team, error) {
	all, err := s.teams(ctx, s.db)
	if err != nil {
		return nil, err
	}
	out := []Team{}
	for _, t := range all {
		line := t.Line
		if line == identity.AnyLine {
			line = ""
		}
		if p.Can(identity.InspectionRead, line, t.Keeper) {
			out = append(out, t)
		}
	}
	return out, nil
}

func (s *Service) teams(ctx context.Context, q store.Querier) ([]Team, error) {
	out := []Team{}
	at := map[string]int{}
	err := store.Each(ctx, q, `SELECT id, edit, name_zh, name_en, keeper_id, line FROM inspection_team WHERE retired_at IS NULL ORDER BY keeper_id, name_zh, id`, func(scan func(...any) error) error {
		t := Team{Areas: []int64{}, Members: []Member{}}
		err := scan(&t.ID, &t.Edit, &t.Name.Zh, &t.Name.En, &t.Keeper, &t.Line)
		at[t.ID] = len(out)
		out = append(out, t)
		return err
	})
	if err == nil {
		err = store.Each(ctx, q, `SELECT team_id, division_id FROM inspection_team_area ORDER BY team_id, division_id`, func(scan func(...any) error) error {
			var team string
			var d int64
			err := scan(&team, &d)
			if i, ok := at[team]; ok {
				out[i].Areas = append(out[i].Areas, d)
			}
			return err
		})
	}
	if err == nil {
		err = store.Each(ctx, q, `
			SELECT m.team_id, m.person_id, n.name, m.leads, n.organisation_id, o.division_id FROM inspection_team_member m
			JOIN person n ON n.id = m.person_id JOIN organisation o ON o.id = n.organisation_id
			WHERE m.until IS NULL AND n.retired_at IS NULL ORDER BY m.team_id, m.leads DESC, n.name, n.id`, func(scan func(...any) error) error {
			var team string
			var m Member
			err := scan(&team, &m.Person, &m.Name, &m.Leads, &m.unit, &m.division)
			if i, ok := at[team]; ok {
				out[i].Members = append(out[i].Members, m)
			}
			return err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("read the teams: %w", err)
	}
	return out, nil
}
