package matter

import (
	"context"
	"fmt"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/store"
)

// Evidence is a file that speaks for a matter, with the place that a person claims for it (佐证材料).
type Evidence struct {
	ID    string    `json:"id"`
	File  string    `json:"file" doc:"Hash of the file's content"`
	Role  string    `json:"role" enum:"before,after,control,reply,recheck,basis"`
	Round int       `json:"round" doc:"How often the matter had been reopened when it came"`
	Note  string    `json:"note,omitempty"`
	Place Place     `json:"place"`
	At    time.Time `json:"at"`
	By    string    `json:"by"`
}

// roles of evidence by the side that may add them.
func roleSide(role string) (Side, bool) {
	switch role {
	case "after", "control", "reply":
		return Answers, true
	case "before", "basis", "recheck":
		return Keeps, true
	}
	return "", false
}

// Attach lets a kept file speak for a matter. The same file in the same role twice is one.
func (s *Service) Attach(ctx context.Context, p *identity.Principal, id int64, e Evidence) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := queue(ctx, tx); err != nil {
			return err
		}
		m, err := read(ctx, tx, id)
		if err != nil {
			return err
		}
		if !m.Sees(p) {
			return errUnknown()
		}
		side, ok := roleSide(e.Role)
		if !ok {
			return fault.Invalidf("evidence.role", "佐证类型无效", "not a role of evidence")
		}
		recorder := side == Keeps && p.Can(identity.InspectionRecord, m.Line, m.Keeper)
		if !m.mayMove(p, side) && !recorder {
			return fault.Forbiddenf("matter.side", "您不能为此事项添加这类材料", "it is not for you to add this here")
		}
		if side == Answers && !slices.Contains([]State{Found, Disputed, Confirmed, Assigned, Rectifying, Returned, Controlled}, m.State) {
			name := StateName(m.State)
			return fault.New(fault.Conflict, "matter.state", fault.T("当前为“"+name.Zh+"”，不能再添材料", "it is "+name.En+" and takes no more files"))
		}
		if side == Answers && e.Role != "reply" && !m.State.Named() {
			return fault.Conflictf("matter.unassigned", "尚未交办，只能添加书面答复；整改材料请在交办后添加", "it is not assigned yet and takes a written reply only: what shows the work comes after")
		}
		return s.AttachIn(ctx, tx, p.Actor(), m, e)
	})
}

// putBy refuses a file that the person has not put in: to know a hash is not to have the file.
func putBy(ctx context.Context, q store.Querier, hash, account string) error {
	var n int
	if err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM evidence_put WHERE hash = $1 AND by_id = $2`, hash, account).Scan(&n); err != nil {
		return fmt.Errorf("look for who put in file %s: %w", hash, err)
	}
	if n == 0 {
		return fault.NotFoundf("evidence.unknown", "没有这份文件，请先上传", "there is no such file: upload it first")
	}
	return nil
}

// attached reports whether a file speaks for a matter in its role already. One that spoke for the work before it was assigned or last looked
// at shows none done since, and is refused.
func attached(ctx context.Context, q store.Querier, m *Matter, e Evidence) (bool, error) {
	var round, seq int64
	err := q.QueryRowContext(ctx, `
		SELECT COALESCE(MAX(round), -1), COALESCE(MAX(seq), 0) FROM matter_evidence WHERE matter_id = $1 AND file_hash = $2 AND role = $3`, m.ID, e.File, e.Role).Scan(&round, &seq)
	if err != nil {
		return false, fmt.Errorf("look for file %s at matter %d: %w", e.File, m.ID, err)
	}
	if side, _ := roleSide(e.Role); side != Answers || round < 0 {
		return round == int64(m.Reopened), nil
	}
	since, err := lastLook(ctx, q, m.ID)
	if err == nil && seq <= since {
		return false, fault.Conflictf("evidence.old", "这份文件在交办或上次复核之前已经提交，请另附新的材料", "this file came before it was assigned or last looked at: add a new one")
	}
	return err == nil, err
}

// AttachIn is Attach within the caller's transaction, who has asked for permission and has written to
// matters or read this one in its turn. Only who put a file in may let it speak.
func (s *Service) AttachIn(ctx context.Context, tx *store.Tx, by identity.Actor, m *Matter, e Evidence) error {
	if err := putBy(ctx, tx, e.File, by.ID); err != nil {
		return err
	}
	if there, err := attached(ctx, tx, m, e); err != nil || there {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO matter_evidence (id, matter_id, file_hash, role, round, note, place, lon_e7, lat_e7, at, by_id, by_name, seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, (SELECT COALESCE(MAX(v.seq), 0) + 1 FROM matter_event v WHERE v.matter_id = $2))`,
		store.NewID(), m.ID, e.File, e.Role, m.Reopened, e.Note, e.Place.Words, e7(e.Place.Lon), e7(e.Place.Lat), s.now().UnixMilli(), by.ID, by.Name)
	if err != nil {
		return fmt.Errorf("attach file %s to matter %d: %w", e.File, m.ID, err)
	}
	m.Edit++
	return s.touch(ctx, tx, by, m, "attach", e.Note, map[string]any{"file": e.File, "role": e.Role})
}

func evidenceOf(ctx context.Context, q store.Querier, id int64) ([]Evidence, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT id, file_hash, role, round, note, place, lon_e7, lat_e7, at, by_name FROM matter_evidence WHERE matter_id = $1 ORDER BY at, id`, id)
	if err != nil {
		return nil, fmt.Errorf("read the evidence of matter %d: %w", id, err)
	}
	defer rows.Close()
	out := []Evidence{}
	for rows.Next() {
		e, err := scanEvidence(rows)
		if err != nil {
			return nil, fmt.Errorf("read the evidence of matter %d: %w", id, err)
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// MayAttach lists the roles of evidence that a person may add to a matter now.
func (m *Matter) MayAttach(p *identity.Principal) []string {
	out := []string{}
	if m.State.Live() && m.State != Submitted && m.mayMove(p, Answers) {
		out = append(out, "reply")
		if m.State.Named() {
			out = append([]string{"after"}, out...)
		}
		if m.State.Named() && m.Kind == Hazard {
			out = append(out, "control")
		}
	}
	if m.mayMove(p, Keeps) || m.mayMove(p, Looks) {
		out = append(out, "before", "basis", "recheck")
	}
	return out
}
