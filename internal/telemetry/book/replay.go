package book

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry/session"
)

// packetsWithin is how far apart packets of one message may have come: each is asked for twice, and the station dials again in between.
const packetsWithin = 10 * time.Minute

// message is the frame that was set aside, and where it is one of several packets all of that message that are there (多包传输): of the same
// station, function, number of packets and sender, from a packet 1 to the next.
func (b *Book) message(ctx context.Context, h heldFrame) ([]heldFrame, error) {
	total, _, several := h.packet()
	if !several {
		return []heldFrame{h}, nil
	}
	var near []heldFrame
	var starts []int // of messages in near, and where the last one ends
	self := 0
	err := store.Each(ctx, b.opt.Store, heldFrames+` WHERE address = $1 AND function = $2 AND at BETWEEN $3 AND $4 ORDER BY id`, func(scan func(...any) error) error {
		p, err := scanFrame(scan)
		if err != nil {
			return err
		}
		if n, sequence, ok := p.packet(); ok && n == total && p.sender() == h.sender() {
			if sequence == 1 {
				starts = append(starts, len(near))
			}
			if p.id == h.id {
				self = len(near)
			}
			near = append(near, p)
		}
		return nil
	}, h.address, h.function, h.at-packetsWithin.Milliseconds(), h.at+packetsWithin.Milliseconds())
	if err != nil {
		return nil, fmt.Errorf("look for the packets of frame %d that was set aside: %w", h.id, err)
	}
	from, to := 0, len(near)
	for _, i := range starts {
		if i <= self {
			from = i
		} else {
			to = min(to, i)
		}
	}
	return near[from:to], nil
}

// heldFrame is a frame that was set aside, as it is replayed.
type heldFrame struct {
	id, at, function int64
	address, remote  string
	reason           session.Reason
	raw              []byte
}

const heldFrames = `SELECT id, at, function, address, remote, reason, raw FROM telemetry_held`

func scanFrame(scan func(...any) error) (h heldFrame, err error) {
	err = scan(&h.id, &h.at, &h.function, &h.address, &h.remote, &h.reason, &h.raw)
	return h, err
}

// packet says which of how many packets the frame is; ok is false where it is a whole message.
func (h *heldFrame) packet() (total, sequence uint16, ok bool) {
	var f sl651.Frame
	n, err := f.Parse(h.raw)
	return f.Total, f.Sequence, err == nil && n == len(h.raw) && f.Several() && f.Total > 1
}

// sender is the address a frame came from, without its port: a station that dials again has another one.
func (h *heldFrame) sender() string {
	if p, err := netip.ParseAddrPort(h.remote); err == nil {
		return p.Addr().String()
	}
	return h.remote
}

// Replayed is what became of frames that were replayed together.
type Replayed struct {
	Taken int        `json:"taken"`
	Left  int        `json:"left" doc:"Frames that still cannot be taken"`
	Why   fault.Text `json:"why,omitzero" doc:"Of the first that cannot be taken"`
}

// replayStep is how many frames are written down as replayed in one transaction.
const replayStep = 100

// ReplayStation has all frames of a station taken that were set aside and not replayed yet, the oldest first, since rain is reckoned from one
// state of a counter to the next; reasons narrow them. Test reports stay. What still cannot be taken stays too, and is counted.
func (b *Book) ReplayStation(ctx context.Context, by audit.Actor, a sl651.Address, replay func(raw []byte) error, reasons ...session.Reason) (Replayed, error) {
	var out Replayed
	done := map[int64]bool{}
	for after := int64(0); ; {
		page, err := b.open(ctx, a, after, reasons)
		if err != nil || len(page) == 0 {
			return out, err
		}
		var taken []int64
		for _, h := range page {
			after = h.id
			if done[h.id] {
				continue
			}
			ids, err := b.replayOne(ctx, h, replay)
			if ctx.Err() != nil || fault.Is(err, fault.Unavailable) {
				return out, err
			}
			if err != nil {
				if out.Left++; out.Left == 1 {
					out.Why = wordsOf(err)
				}
				continue
			}
			for _, id := range ids {
				if !done[id] {
					done[id], taken = true, append(taken, id)
				}
			}
		}
		if err := b.markReplayed(ctx, by, a.String(), taken); err != nil {
			return out, err
		}
		out.Taken += len(taken)
	}
}

func wordsOf(err error) fault.Text {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Text
	}
	return fault.T("服务内部错误", "internal error")
}

// open are frames of a station that were not replayed, from one on.
func (b *Book) open(ctx context.Context, a sl651.Address, after int64, reasons []session.Reason) ([]heldFrame, error) {
	var page []heldFrame
	args := []any{a.String(), after, string(session.Tested), int64(replayStep)}
	narrow := ""
	if len(reasons) > 0 {
		narrow = ` AND reason IN (` + store.Places(len(args)+1, len(reasons)) + `)`
		for _, r := range reasons {
			args = append(args, string(r))
		}
	}
	err := store.Each(ctx, b.opt.Store, heldFrames+` WHERE address = $1 AND id > $2 AND reason <> $3 AND replayed_at IS NULL`+narrow+` ORDER BY id LIMIT $4`, func(scan func(...any) error) error {
		h, err := scanFrame(scan)
		page = append(page, h)
		return err
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("list the frames of station %s that were set aside: %w", a, err)
	}
	return page, nil
}

// replayOne has the message of a frame taken, and says which frames that were.
func (b *Book) replayOne(ctx context.Context, h heldFrame, replay func(raw []byte) error) ([]int64, error) {
	all, err := b.message(ctx, h)
	if err != nil {
		return nil, err
	}
	var raw []byte
	ids := make([]int64, 0, len(all))
	for _, p := range all {
		raw, ids = append(raw, p.raw...), append(ids, p.id)
	}
	return ids, replay(raw)
}

// markReplayed writes down that frames of a station were taken, and who wanted it.
func (b *Book) markReplayed(ctx context.Context, by audit.Actor, station string, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	return b.opt.Store.Write(ctx, func(tx *store.Tx) error {
		at := b.opt.Now()
		args := []any{at.UnixMilli(), by.Name}
		var names []string
		for _, id := range ids {
			args, names = append(args, id), append(names, strconv.FormatInt(id, 10))
		}
		if _, err := tx.ExecContext(ctx, `UPDATE telemetry_held SET replayed_at = $1, replayed_by = $2 WHERE id IN (`+store.Places(3, len(ids))+`)`, args...); err != nil {
			return fmt.Errorf("write down that %d frames were replayed: %w", len(ids), err)
		}
		detail := map[string]any{"station": station}
		if len(ids) > 1 {
			detail["frames"] = strings.Join(names, " ")
		}
		return audit.Append(ctx, tx, audit.Entry{At: at, Actor: by, Action: "telemetry.replay", ObjectKind: "telemetry_held", ObjectID: names[0], Detail: detail})
	})
}

// Remap has frames taken anew that were set aside for elements without a quantity, where the policy of their station changed since: once for each
// change. Server roles call it every now and then.
func (b *Book) Remap(ctx context.Context, replay func(raw []byte) error) error {
	changed := map[string]int64{}
	err := store.Each(ctx, b.opt.Store, `SELECT h.address, MAX(s.edit) FROM telemetry_held h JOIN telemetry_station s ON s.address = h.address
		WHERE h.reason = $1 AND h.replayed_at IS NULL AND s.changed_at > h.at GROUP BY h.address ORDER BY h.address`, func(scan func(...any) error) error {
		var address string
		var edit int64
		err := scan(&address, &edit)
		changed[address] = edit
		return err
	}, string(session.Unmapped))
	if err != nil {
		return fmt.Errorf("look for frames whose station's policy changed: %w", err)
	}
	for address, edit := range changed {
		a, err := sl651.ParseAddress(address)
		if err != nil {
			return err
		}
		b.mu.RLock()
		tried := b.remapped[a]
		b.mu.RUnlock()
		if tried >= edit {
			continue
		}
		if _, err := b.ReplayStation(ctx, audit.Actor{}, a, replay, session.Unmapped); err != nil {
			return fmt.Errorf("replay the frames of station %s after its policy changed: %w", a, err)
		}
		b.mu.Lock()
		b.remapped[a] = edit
		b.mu.Unlock()
	}
	return nil
}
