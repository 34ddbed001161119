package bulletin

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"anlan/internal/bulletin/compose"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/bulletin/template"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// CorrectionKind is the template of bulletins that put an earlier one right (更正通报).
const CorrectionKind = "correction"

// NewBulletin is what a person asks for.
type NewBulletin struct {
	Kind   string     `json:"kind" maxLength:"60" doc:"A template's id"`
	Scope  string     `json:"scope" maxLength:"20" doc:"Code of the division that it is about"`
	Period string     `json:"period" maxLength:"10" doc:"2026-05, or 2026-05-20 for what is issued daily"`
	AsOf   *time.Time `json:"as_of,omitempty" doc:"The instant whose knowledge the figures show; now where left out"`
}

// period reads a period by the cadence of a template.
func period(t *template.Template, text string) (hydrotime.Month, *hydrotime.Date, error) {
	if t.Cadence == template.Daily {
		d, err := hydrotime.ParseDate(text)
		if err != nil {
			return 0, nil, fault.Invalidf("bulletin.period", "“%[1]s”按日编发，期数应如 2026-05-20", "%[2]s is issued daily: the period is like 2026-05-20", t.Title.Zh, t.Title.En).At("period", fault.T("日期有误", "not a day"))
		}
		return d.InMonth(), &d, nil
	}
	m, err := hydrotime.ParseMonth(text)
	if err != nil {
		return 0, nil, fault.Invalidf("bulletin.period", "“%[1]s”按月编发，期数应如 2026-05", "%[2]s is issued monthly: the period is like 2026-05", t.Title.Zh, t.Title.En).At("period", fault.T("月份有误", "not a month"))
	}
	return m, nil, nil
}

// Composed is a text with its snapshot, not kept yet.
type Composed struct {
	Template *template.Template
	Scope    registry.Division
	Keeper   registry.Division
	Snapshot *snapshot.Snapshot
	Bytes    []byte // of the snapshot, canonical
	Text     *compose.Text
}

// Compose freezes figures and writes the text, and keeps nothing.
func (s *Service) Compose(ctx context.Context, p *identity.Principal, n NewBulletin) (*Composed, error) {
	t, err := s.Template(ctx, n.Kind)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	scope, ok := tree.ByCode(n.Scope)
	if !ok || !p.Can(identity.BulletinWrite, t.Line, scope.ID) {
		return nil, fault.NotFoundf("division.unknown", "没有代码为 %s 的区划，或不在您的权限范围内", "there is no division %s, or it is outside your scope", n.Scope)
	}
	if !slices.Contains(t.Levels, scope.Level) {
		return nil, fault.Invalidf("bulletin.level", "“%[1]s”不对这一级编发", "%[2]s is not issued for this level", t.Title.Zh, t.Title.En).At("scope", fault.T("层级不符", "another level"))
	}
	month, day, err := period(t, n.Period)
	if err != nil {
		return nil, err
	}
	keeper, _ := p.Highest(identity.BulletinWrite, t.Line, scope.ID)
	ask := Ask{Scope: scope, Month: month, Day: day, Peers: t.Peers, Measures: t.Measures(), Lists: t.Lists()}
	if n.AsOf != nil {
		ask.AsOf = *n.AsOf
	}
	snap, err := s.Figures(ctx, p, ask)
	if err != nil {
		return nil, err
	}
	return s.compose(ctx, t, scope, keeper, n.Period, snap)
}

// compose completes a snapshot and writes the text over it.
func (s *Service) compose(ctx context.Context, t *template.Template, scope, keeper registry.Division, period string, snap *snapshot.Snapshot) (*Composed, error) {
	var err error
	snap.Kind, snap.Version, snap.Period = t.ID, t.Version, period
	if snap.Office, err = s.Office(ctx, keeper.ID); err != nil {
		return nil, err
	}
	c := &Composed{Template: t, Scope: scope, Keeper: keeper}
	if c.Bytes, err = snapshot.Encode(snap); err != nil {
		return nil, err
	}
	// The text is written over what is kept, so that it comes out the same when it is written over that again.
	if c.Snapshot, err = snapshot.Decode(c.Bytes); err != nil {
		return nil, err
	}
	c.Text = compose.Compose(t, c.Snapshot)
	return c, nil
}

// Draft freezes figures, writes the text and keeps both as a draft. It returns the bulletin's number.
func (s *Service) Draft(ctx context.Context, p *identity.Principal, n NewBulletin) (int64, error) {
	if n.Kind == CorrectionKind {
		return 0, fault.Invalidf("bulletin.correction", "更正通报由原通报生成", "a correction is made from the bulletin that it puts right")
	}
	c, err := s.Compose(ctx, p, n)
	if err != nil {
		return 0, err
	}
	return s.keep(ctx, p, c, 0)
}

func (s *Service) keep(ctx context.Context, p *identity.Principal, c *Composed, corrects int64) (id int64, err error) {
	body, err := json.Marshal(compose.BodyOf(c.Text))
	if err != nil {
		return 0, fmt.Errorf("encode the text of a bulletin: %w", err)
	}
	packed, err := snapshot.Pack(c.Bytes)
	if err != nil {
		return 0, fmt.Errorf("pack a snapshot: %w", err)
	}
	hash, now, by := snapshot.Hash(c.Bytes), s.Now(), p.Actor()
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		if id, err = tx.Next(ctx, "bulletin", 1); err != nil {
			return err
		}
		if err := keepSnapshot(ctx, tx, hash, packed, now); err != nil {
			return err
		}
		b := &Bulletin{
			ID: id, Edit: 1, Kind: c.Template.ID, Line: c.Template.Line, Title: oneLine(c.Text.Title), Scope: c.Scope, Keeper: c.Keeper,
			Period: c.Snapshot.Period, State: Draft, Corrects: corrects,
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO bulletin (id, edit, kind, template_version, line, title, scope_id, keeper_id, period, state, corrects, snapshot_hash, body, office_zh, office_en,
				drafter_id, drafter_name, drafted_at, changed_at, search)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $18)`,
			b.ID, b.Kind, c.Template.Version, b.Line, b.Title, b.Scope.ID, b.Keeper.ID, b.Period, string(b.State), store.MaybeNumber(corrects), hash, string(body),
			c.Snapshot.Office.Zh, c.Snapshot.Office.En, by.ID, by.Name, now.UnixMilli(), searchText(b.Title, b.Scope.NameZh, b.Period))
		if err != nil {
			return fmt.Errorf("keep a bulletin: %w", err)
		}
		return s.note(ctx, tx, by, b, Make, "", "", map[string]any{"kind": b.Kind, "scope": b.Scope.Code, "snapshot": hash})
	})
	return id, err
}

func keepSnapshot(ctx context.Context, tx *store.Tx, hash string, packed []byte, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO bulletin_snapshot (hash, body, made_at) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING`, hash, packed, now.UnixMilli())
	if err != nil {
		return fmt.Errorf("keep a snapshot: %w", err)
	}
	return nil
}

func searchText(parts ...string) string { return strings.ToLower(strings.Join(parts, " ")) }

// oneLine joins the lines of a title.
func oneLine(title string) string { return strings.ReplaceAll(title, "\n", "") }
