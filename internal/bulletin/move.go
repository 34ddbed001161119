package bulletin

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"anlan/internal/bulletin/compose"
	"anlan/internal/fault"
	"anlan/internal/gb9704"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// step is what a move asks for.
type step struct {
	from       []State
	to         State
	permission identity.Permission
	another    bool // neither the drafter nor who changed the draft
	why        bool // a reason is required
}

// steps never change. What a drafter may take back is told in may.
var steps = map[Move]step{
	EditText: {[]State{Draft}, Draft, identity.BulletinWrite, false, false},
	Freeze:   {[]State{Draft}, Draft, identity.BulletinWrite, false, false},
	Submit:   {[]State{Draft}, Submitted, identity.BulletinWrite, false, false},
	Approve:  {[]State{Submitted}, Approved, identity.BulletinIssue, true, false},
	Issue:    {[]State{Approved}, Issued, identity.BulletinIssue, true, false},
	SendBack: {[]State{Submitted, Approved}, Draft, identity.BulletinIssue, false, true},
	Withdraw: {[]State{Draft, Submitted, Approved}, Withdrawn, identity.BulletinIssue, false, true},
}

// may says why a person may not take a move; nil where they may.
func (b *Bulletin) may(p *identity.Principal, m Move) error {
	st := steps[m]
	ok := false
	for _, from := range st.from {
		ok = ok || from == b.State
	}
	if !ok {
		return fault.Conflictf("bulletin.state", "通报当前状态不能办理这一步", "the bulletin is not in a state for this step").With(map[string]any{"id": b.ID, "edit": b.Edit, "state": b.State})
	}
	own := b.drafterID == p.Account()
	if (m == SendBack || m == Withdraw) && own && p.Can(identity.BulletinWrite, b.Line, b.Keeper.ID) {
		return nil
	}
	if !p.Can(st.permission, b.Line, b.Keeper.ID) {
		return fault.Forbiddenf("bulletin.permission", "您没有办理这一步的权限", "you may not take this step")
	}
	if st.another && own {
		return fault.Forbiddenf("bulletin.own", "本通报由您拟稿，须由他人审定、签发", "you drafted this bulletin; somebody else has to approve and issue it")
	}
	if st.another && slices.Contains(b.editors, p.Account()) {
		return fault.Forbiddenf("bulletin.own", "您改过本通报的稿子，须由他人审定、签发", "you changed the draft of this bulletin; somebody else has to approve and issue it")
	}
	return nil
}

// change runs one change of a bulletin whose edit number must be the one read before.
func (s *Service) change(ctx context.Context, p *identity.Principal, id, edit int64, m Move, reason string, do func(tx *store.Tx, b *Bulletin) (map[string]any, error)) error {
	reason = strings.TrimSpace(reason)
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		b, err := s.find(ctx, tx, p, id)
		if err != nil {
			return err
		}
		if b.Edit != edit {
			return stale(b)
		}
		if err := b.may(p, m); err != nil {
			return err
		}
		if steps[m].why && reason == "" {
			return fault.Invalidf("bulletin.reason", "请写明原因", "say why").At("reason", fault.T("必填", "required"))
		}
		from := b.State
		b.State = steps[m].to
		detail, err := do(tx, b)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE bulletin SET edit = edit + 1, state = $1, changed_at = $2 WHERE id = $3 AND edit = $4`, string(b.State), s.Now().UnixMilli(), id, edit)
		if err != nil {
			return fmt.Errorf("write bulletin %d: %w", id, err)
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return errors.Join(err, stale(b))
		}
		return s.note(ctx, tx, p.Actor(), b, m, from, reason, detail)
	})
}

// mostEdits bounds the changes of one call.
const mostEdits = 200

// Edit changes the text of a draft, all changes or none.
func (s *Service) Edit(ctx context.Context, p *identity.Principal, id, edit int64, title *string, list []compose.Edit) error {
	if len(list) > mostEdits {
		return fault.New(fault.TooLarge, "bulletin.edits", fault.Tf("一次最多修改 %d 处", "at most %d changes at once", mostEdits))
	}
	return s.change(ctx, p, id, edit, EditText, "", func(tx *store.Tx, b *Bulletin) (map[string]any, error) {
		body, err := s.body(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		var blocks []string
		for i, e := range list {
			if err := body.Apply(e, p.Name(), s.Now()); err != nil {
				var f *fault.Error
				if errors.As(err, &f) {
					return nil, f.At(fmt.Sprintf("changes[%d]", i), f.Text)
				}
				return nil, err
			}
			blocks = append(blocks, string(e.Op)+" "+e.Block)
		}
		if title != nil {
			if body.Retitle(strings.TrimSpace(*title)); body.Title == "" || len([]rune(body.Title)) > 200 {
				return nil, fault.Invalidf("bulletin.title", "标题为 1–200 字", "a title has 1 to 200 characters").At("title", fault.T("长度有误", "wrong length"))
			}
			b.Title = oneLine(body.Title)
			blocks = append(blocks, "title")
		}
		return map[string]any{"changes": blocks}, s.writeBody(ctx, tx, b, body)
	})
}

func (s *Service) writeBody(ctx context.Context, tx *store.Tx, b *Bulletin, body *compose.Body) error {
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode the text of bulletin %d: %w", b.ID, err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE bulletin SET body = $1, title = $2, search = $3 WHERE id = $4`, string(text), b.Title, searchText(b.Title, b.Scope.NameZh, b.Period, b.Number), b.ID)
	if err != nil {
		return fmt.Errorf("write the text of bulletin %d: %w", b.ID, err)
	}
	return nil
}

// Submit hands a draft over for approval.
func (s *Service) Submit(ctx context.Context, p *identity.Principal, id, edit int64) error {
	return s.change(ctx, p, id, edit, Submit, "", func(tx *store.Tx, _ *Bulletin) (map[string]any, error) {
		_, err := tx.ExecContext(ctx, `UPDATE bulletin SET submitted_at = $1 WHERE id = $2`, s.Now().UnixMilli(), id)
		return nil, err
	})
}

// Approve approves what was submitted. Numbers that the snapshot does not bear out must be confirmed.
func (s *Service) Approve(ctx context.Context, p *identity.Principal, id, edit int64, confirmed bool) error {
	return s.change(ctx, p, id, edit, Approve, "", func(tx *store.Tx, _ *Bulletin) (map[string]any, error) {
		body, err := s.body(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		var serious []compose.Flag
		for _, f := range body.Flags() {
			if f.Serious() {
				serious = append(serious, f)
			}
		}
		if len(serious) > 0 && !confirmed {
			return nil, fault.Conflictf("bulletin.flags", "有 %d 处数字与快照不一致，请核对后确认", "%d numbers do not agree with the snapshot; look at them and confirm", len(serious)).With(serious)
		}
		_, err = tx.ExecContext(ctx, `UPDATE bulletin SET approver_id = $1, approver_name = $2, approved_at = $3 WHERE id = $4`, p.Account(), p.Name(), s.Now().UnixMilli(), id)
		return map[string]any{"flags": len(serious)}, err
	})
}

// SendBack returns a bulletin to its drafter, with a reason; the drafter may take it back, too.
func (s *Service) SendBack(ctx context.Context, p *identity.Principal, id, edit int64, reason string) error {
	return s.change(ctx, p, id, edit, SendBack, reason, func(tx *store.Tx, _ *Bulletin) (map[string]any, error) {
		_, err := tx.ExecContext(ctx, `UPDATE bulletin SET submitted_at = NULL, approver_id = '', approver_name = '', approved_at = NULL WHERE id = $1`, id)
		return nil, err
	})
}

// Withdraw gives a bulletin up before it is issued, with a reason. It stays in the archive of those who made it.
func (s *Service) Withdraw(ctx context.Context, p *identity.Principal, id, edit int64, reason string) error {
	return s.change(ctx, p, id, edit, Withdraw, reason, func(*store.Tx, *Bulletin) (map[string]any, error) { return nil, nil })
}

// To names who gets a bulletin.
type To struct {
	Division     string `json:"division" maxLength:"20" doc:"Code of a division"`
	Organisation string `json:"organisation,omitempty" maxLength:"60" doc:"Id of an organisation of it; the division as such where left out"`
}

// Issuing is what issuing a bulletin asks for.
type Issuing struct {
	Edit       int64           `json:"edit" minimum:"1"`
	On         *hydrotime.Date `json:"on,omitempty" doc:"Date of the document; today where left out"`
	Recipients []To            `json:"recipients" maxItems:"500"`
}

// Issue gives an approved bulletin its number and date and sends it to its recipients.
func (s *Service) Issue(ctx context.Context, p *identity.Principal, id int64, in Issuing) error {
	now := s.Now()
	today := hydrotime.DateOf(now)
	on := today
	if in.On != nil {
		on = *in.On
	}
	if today.DaysUntil(on) > 0 {
		return fault.Invalidf("bulletin.future", "成文日期不能晚于今天", "the date of a document cannot lie in the future").At("on", fault.T("晚于今天", "later than today"))
	}
	// Read before the transaction: many that issue at once would each hold a connection and wait for another.
	book, err := s.Templates(ctx)
	if err != nil {
		return err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return err
	}
	seen, err := s.find(ctx, s.Store, p, id)
	if err != nil {
		return err
	}
	if seen.Edit != in.Edit {
		return stale(seen)
	}
	if err := seen.may(p, Issue); err != nil {
		return err
	}
	recipients, unknown := s.recipients(ctx, tree, seen.Keeper.ID, in.Recipients)
	return s.change(ctx, p, id, in.Edit, Issue, "", func(tx *store.Tx, b *Bulletin) (map[string]any, error) {
		var frozen int64
		err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(at), 0) FROM bulletin_event WHERE bulletin_id = $1 AND move IN ('make', 'freeze')`, id).Scan(&frozen)
		if err != nil {
			return nil, fmt.Errorf("read when bulletin %d was frozen: %w", id, err)
		}
		if store.Time(frozen).After(on.End()) || b.DraftedAt.After(on.End()) {
			return nil, fault.Invalidf("bulletin.before", "成文日期不能早于拟稿（重新冻结）日期", "the date of a document cannot lie before its draft, or before its figures were frozen anew").At("on", fault.T("早于拟稿日期", "before it was drafted"))
		}
		if unknown != nil {
			return nil, unknown
		}
		if err := address(ctx, tx, b.ID, recipients); err != nil {
			return nil, err
		}
		t, err := templateOf(book, b.Kind)
		if err != nil {
			return nil, err
		}
		letters := lettersOf(tree, b.Keeper, t.Document.Number)
		// The sequence goes on inside this transaction: one that fails gives its number back, one that holds keeps it for good.
		serial, err := tx.Next(ctx, fmt.Sprintf("bulletin/%d/%s/%d", b.Keeper.ID, letters, on.Year), 1)
		if err != nil {
			return nil, err
		}
		b.Number = gb9704.DocumentNumber(letters, on.Year, int(serial))
		_, err = tx.ExecContext(ctx, `
			UPDATE bulletin SET number_letters = $1, number_year = $2, number_serial = $3, issued_on = $4, issuer_name = $5, issued_at = $6, search = $7 WHERE id = $8`,
			letters, on.Year, serial, dayNumber(on), p.Name(), now.UnixMilli(), searchText(b.Title, b.Scope.NameZh, b.Period, b.Number), id)
		if err != nil {
			return nil, fmt.Errorf("issue bulletin %d: %w", id, err)
		}
		return map[string]any{"number": b.Number, "on": on, "recipients": len(in.Recipients), "snapshot": b.SnapshotHash}, nil
	})
}

// lettersOf puts the office's own character before the letters of a kind: 绍水通. A county's office stands there with its short name,
// 海宁水通, since neighbours begin alike and one number must name one document; where even that is shared, with its full name.
func lettersOf(tree *registry.Tree, keeper registry.Division, letters string) string {
	short := cmp.Or(keeper.ShortZh, keeper.NameZh)
	first, _ := utf8.DecodeRuneInString(short)
	sameFirst, sameShort := false, false
	for _, d := range tree.All() {
		other := cmp.Or(d.ShortZh, d.NameZh)
		if d.ID == keeper.ID || other == "" {
			continue
		}
		sameShort = sameShort || other == short
		sameFirst = sameFirst || d.Level == keeper.Level && strings.HasPrefix(other, string(first))
	}
	switch {
	case sameShort:
		return keeper.NameZh + letters
	case sameFirst || keeper.Level != "province" && keeper.Level != "city" || short == "":
		return short + letters
	}
	return string(first) + letters
}

// recipient is who gets a bulletin, by the name it has on that day.
type recipient struct {
	division     int64
	organisation string
	name         fault.Text
}

// recipients looks up who is to get a bulletin of an office.
func (s *Service) recipients(ctx context.Context, tree *registry.Tree, keeper int64, list []To) ([]recipient, error) {
	if len(list) == 0 {
		return nil, fault.Invalidf("bulletin.recipients", "请选择主送单位", "say who gets it").At("recipients", fault.T("至少一个", "at least one"))
	}
	var out []recipient
	seen := map[To]bool{}
	for i, to := range list {
		place := fmt.Sprintf("recipients[%d]", i)
		d, ok := tree.ByCode(to.Division)
		if !ok || !tree.Within(keeper, d.ID) && !tree.Within(d.ID, keeper) {
			return nil, fault.Invalidf("bulletin.recipient", "没有代码为 %s 的区划，或不属本级上下级", "there is no division %s above or below the office", to.Division).At(place, fault.T("不能主送", "cannot be addressed"))
		}
		if seen[to] {
			continue
		}
		seen[to] = true
		name, err := s.Office(ctx, d.ID)
		if err != nil {
			return nil, err
		}
		if to.Organisation != "" {
			o, err := s.Registry.Organisation(ctx, to.Organisation)
			if err != nil || o.DivisionID != d.ID {
				return nil, fault.Invalidf("bulletin.recipient", "该地区没有这个单位", "there is no such organisation in that division").At(place, fault.T("不能主送", "cannot be addressed"))
			}
			name = o.Name
		}
		out = append(out, recipient{d.ID, to.Organisation, name})
	}
	return out, nil
}

// address keeps who gets a bulletin.
func address(ctx context.Context, tx *store.Tx, bulletin int64, list []recipient) error {
	for i, to := range list {
		_, err := tx.ExecContext(ctx, `INSERT INTO bulletin_recipient (bulletin_id, division_id, organisation_id, sort, name_zh, name_en) VALUES ($1, $2, $3, $4, $5, $6)`,
			bulletin, to.division, to.organisation, i, to.name.Zh, to.name.En)
		if err != nil {
			return fmt.Errorf("address bulletin %d: %w", bulletin, err)
		}
	}
	return nil
}

// Receive signs for a bulletin (签收): the person's own division, or an organisation of it, has read it. A second time changes nothing.
func (s *Service) Receive(ctx context.Context, p *identity.Principal, id int64) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		b, err := s.find(ctx, tx, p, id)
		if err != nil {
			return err
		}
		mine := false
		for _, r := range b.Recipients {
			mine = mine || r.Division.ID == p.Home()
		}
		if b.State != Issued || !mine {
			return fault.Forbiddenf("bulletin.receipt", "通报未主送您所在的单位", "the bulletin is not addressed to your division")
		}
		res, err := tx.ExecContext(ctx, `
			UPDATE bulletin_recipient SET read_at = $1, read_by_id = $2, read_by_name = $3 WHERE bulletin_id = $4 AND division_id = $5 AND read_at IS NULL`,
			s.Now().UnixMilli(), p.Account(), p.Name(), id, p.Home())
		if err != nil {
			return fmt.Errorf("sign for bulletin %d: %w", id, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return s.audit(ctx, tx, p.Actor(), b, "bulletin.receive", "", map[string]any{"number": b.Number})
	})
}
