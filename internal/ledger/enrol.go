package ledger

import (
	"context"
	"fmt"
	"slices"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/ledger/scheme"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"
)

// Enrol brings ledgers into step with the register: objects that ought to stand in one come in, entries of objects that are retired or
// that the clock asks no longer go out, and where an inspection of an object is done its entry takes the first step. It says how many
// entries came in and how many moved.
func (s *Service) Enrol(ctx context.Context) (made, moved int, err error) {
	book, err := s.book(ctx, s.db)
	if err != nil {
		return 0, 0, err
	}
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return 0, 0, err
	}
	var roots []int64
	for _, d := range tree.Roots() {
		roots = append(roots, d.ID)
	}
	for _, k := range book.Ledgers() {
		n, err := s.enrol(ctx, k, roots)
		made += n
		if err != nil {
			return made, moved, fmt.Errorf("enrol into %s: %w", k.ID, err)
		}
		n, err = s.follow(ctx, k)
		moved += n
		if err != nil {
			return made, moved, fmt.Errorf("follow inspections in %s: %w", k.ID, err)
		}
	}
	return made, moved, nil
}

// enrolMost bounds how many objects one ledger looks through.
const enrolMost = 200_000

// program is who the program itself is in histories.
var program = identity.Actor{Name: "anlan"}

// enrol holds every object of a ledger's kinds against its entries.
func (s *Service) enrol(ctx context.Context, k *scheme.Scheme, roots []int64) (int, error) {
	entries, err := s.read(ctx, s.db, ` WHERE e.scheme_id = $1`, k.ID)
	if err != nil {
		return 0, err
	}
	has := map[int64][]*Entry{}
	for _, e := range entries {
		e.stand(hydrotime.DateOf(s.now()))
		has[e.Object] = append(has[e.Object], e)
	}
	var acts []func(ctx context.Context, tx *store.Tx) error
	made := 0
	q := registry.ObjectQuery{Scopes: roots, Kinds: kinds(k.Objects), Retired: true}
	_, err = s.reg.EachObject(ctx, q, enrolMost, func(o registry.WaterObject) error {
		if act, fresh := s.reconcile(k, &o, has[o.ID]); act != nil {
			acts = append(acts, act)
			if fresh {
				made++
			}
		}
		return nil
	})
	if err != nil || len(acts) == 0 {
		return 0, err
	}
	return made, s.db.Write(ctx, func(tx *store.Tx) error {
		for _, act := range acts {
			if err := act(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// reconcile says what is to be done so that an object stands in a ledger as it ought to; nil where it does. fresh is that it comes in.
// An entry on which somebody has begun is only ever withdrawn with its object.
func (s *Service) reconcile(k *scheme.Scheme, o *registry.WaterObject, has []*Entry) (act func(context.Context, *store.Tx) error, fresh bool) {
	now := s.now()
	today := hydrotime.DateOf(now)
	open := func(e *Entry) bool { return e.Withdrawn == nil && !e.Standing.Done }
	i := slices.IndexFunc(has, open)
	if o.RetiredAt != nil {
		if i < 0 {
			return nil, false
		}
		return s.withdraw(has[i], "对象已停用 / the object is retired"), false
	}
	l, wanted := k.Wants(subject(o), today)
	same := slices.IndexFunc(has, func(e *Entry) bool { return e.Round == l.Round })
	switch {
	case !wanted && i >= 0 && !has[i].begun() && k.Due.Clock != "" && k.Enrol != "":
		return s.withdraw(has[i], "时钟不再要求 / the clock asks no longer"), false
	case !wanted:
		return nil, false
	case same >= 0 && has[same].Withdrawn != nil && has[same].withdrawnBy != "": // the program took it out
		return s.alter(has[same], func(e *Entry) { e.Withdrawn, e.withdrawnBy = nil, "" }, "又须办理 / it is to be done again"), false
	case same >= 0:
		return s.learn(k, has[same], l), false
	case i >= 0 && k.Repeats == scheme.EachDue:
		return s.alter(has[i], func(e *Entry) { e.Due, e.Round = l.Due, l.Round }, "到期日变更 / it is due on another day"), false
	}
	object := *o
	return func(ctx context.Context, tx *store.Tx) error {
		_, err := s.enter(ctx, tx, program, k, &object, l, "", now)
		return err
	}, true
}

// learn lets an entry on which nobody has begun follow what the register has been told since: its track, or how far it has come.
func (s *Service) learn(k *scheme.Scheme, e *Entry, l scheme.Listing) func(context.Context, *store.Tx) error {
	switch {
	case e.begun() || e.Withdrawn != nil || len(e.Steps) > 0:
		return nil
	case e.Track != l.Track:
		return s.alter(e, func(e *Entry) { e.Track = l.Track }, "登记册改了分类 / the register has another track")
	case l.State != "":
		return func(ctx context.Context, tx *store.Tx) error {
			return s.write(ctx, tx, program, e, nil, fmt.Sprintf("anlan/register/%d", e.ID), Step{At: s.now(), State: l.State, Note: "登记册 / register"})
		}
	}
	return nil
}

func (s *Service) withdraw(e *Entry, why string) func(context.Context, *store.Tx) error {
	return s.alter(e, func(e *Entry) {
		now := s.now()
		e.Withdrawn, e.withdrawnBy = &now, program.Name
	}, why)
}

// alter changes an entry by the program itself.
func (s *Service) alter(e *Entry, change func(*Entry), why string) func(context.Context, *store.Tx) error {
	return func(ctx context.Context, tx *store.Tx) error {
		change(e)
		if err := s.touch(ctx, tx, e); err != nil {
			return err
		}
		return s.note(ctx, tx, program, "ledger.change", e, map[string]any{"reason": why})
	}
}

// follow takes the first step of entries whose object was inspected by the ledger's checklist since they were listed, each inspection
// once: what was taken back is not taken again by it.
func (s *Service) follow(ctx context.Context, k *scheme.Scheme) (int, error) {
	if k.Follows == "" || s.visits == nil || len(k.Begins().Next) == 0 {
		return 0, nil
	}
	list, err := s.read(ctx, s.db, ` WHERE e.scheme_id = $1 AND e.state = $2 AND e.withdrawn_at IS NULL`, k.ID, k.Begins().ID)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	visits, err := s.visits(ctx, k.Follows)
	if err != nil {
		return 0, err
	}
	moved := 0
	for _, e := range list {
		client := func(v Visit) string { return fmt.Sprintf("anlan/inspection/%d/%d", e.ID, v.Inspection) }
		i := slices.IndexFunc(visits, func(v Visit) bool {
			return v.Object == e.Object && v.At.After(e.Listed) && k.Of(&e.pure, hydrotime.DateOf(v.At)) &&
				!slices.ContainsFunc(e.Steps, func(st Step) bool { return st.client == client(v) || st.UndoneAt == nil || !st.UndoneAt.Before(v.At) })
		})
		if i < 0 {
			continue
		}
		v := visits[i]
		step := Step{At: v.At, State: k.Begins().Next[0], Note: fmt.Sprintf("检查 / inspection %d", v.Inspection)}
		err := s.db.Write(ctx, func(tx *store.Tx) error { return s.write(ctx, tx, program, e, nil, client(v), step) })
		if err != nil && !fault.Is(err, fault.Conflict) { // somebody was there first
			return moved, err
		}
		moved++
	}
	return moved, nil
}

func kinds(list []string) []objectrule.Kind {
	out := make([]objectrule.Kind, len(list))
	for i, k := range list {
		out[i] = objectrule.Kind(k)
	}
	return out
}
