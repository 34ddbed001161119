package bulletin

import (
	"context"
	"fmt"

	"anlan/internal/bulletin/compose"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/identity"
	"anlan/internal/store"
)

// FreezeAnew takes the figures of a draft as they stand now and composes it again, by the template in force. What people wrote into it stays
// where it was; numbers of theirs that the new figures do not bear out are flagged. The old snapshot stays on record, named in the history.
func (s *Service) FreezeAnew(ctx context.Context, p *identity.Principal, id, edit int64) error {
	d, err := s.Get(ctx, p, id)
	if err != nil {
		return err
	}
	if d.Edit != edit {
		return stale(d.Bulletin)
	}
	if err := d.may(p, Freeze); err != nil {
		return err
	}
	// Read and composed before the transaction, which asks for the edit again.
	c, err := s.composeAnew(ctx, p, d)
	if err != nil {
		return err
	}
	packed, err := snapshot.Pack(c.Bytes)
	if err != nil {
		return fmt.Errorf("pack a snapshot: %w", err)
	}
	hash, was, before := snapshot.Hash(c.Bytes), d.SnapshotHash, len(d.Flags)
	return s.change(ctx, p, id, edit, Freeze, "", func(tx *store.Tx, b *Bulletin) (map[string]any, error) {
		old, err := s.body(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		body := compose.Again(old, c.Text)
		b.Title = oneLine(body.Title)
		if err := keepSnapshot(ctx, tx, hash, packed, s.Now()); err != nil {
			return nil, err
		}
		_, err = tx.ExecContext(ctx, `UPDATE bulletin SET snapshot_hash = $1, template_version = $2, office_zh = $3, office_en = $4 WHERE id = $5`,
			hash, c.Template.Version, c.Snapshot.Office.Zh, c.Snapshot.Office.En, id)
		if err != nil {
			return nil, fmt.Errorf("freeze bulletin %d anew: %w", id, err)
		}
		detail := map[string]any{"snapshot": hash, "before": was, "template": c.Template.Version, "flags": len(body.Flags()), "flags_before": before}
		return detail, s.writeBody(ctx, tx, b, body)
	})
}

// composeAnew writes a draft again over figures as they stand now; one that puts a bulletin right over what has changed of that.
func (s *Service) composeAnew(ctx context.Context, p *identity.Principal, d *Detail) (*Composed, error) {
	if d.Corrects != 0 {
		original, err := s.Get(ctx, p, d.Corrects)
		if err != nil {
			return nil, err
		}
		return s.composeCorrection(ctx, original)
	}
	c, err := s.Compose(ctx, p, NewBulletin{Kind: d.Kind, Scope: d.Scope.Code, Period: d.Period})
	if err != nil || c.Keeper.ID == d.Keeper.ID {
		return c, err
	}
	return s.compose(ctx, c.Template, d.Scope, d.Keeper, d.Period, c.Snapshot) // another office's person lends a hand
}
