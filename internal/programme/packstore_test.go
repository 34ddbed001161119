package programme_test

import (
	"errors"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/programme"
	"anlan/internal/programme/pack"
)

// drafted is the pack of the test city as it stands, for a form to change.
func (w *world) drafted() *programme.PackSource {
	w.Helper()
	src, err := w.svc.PackSource(w.Context(), "test", 0)
	if err != nil {
		w.Fatal(err)
	}
	return src
}

// more is a new indicator as an administrator would write it.
func more(code string) pack.Indicator {
	text := fault.T("新增指标", "added indicator")
	return pack.Indicator{
		Code: code, Name: text, Unit: "km", Decimals: 1, Kind: pack.Cumulative, Better: pack.More, Rollup: pack.Sum, Level: pack.County, Cadence: pack.Monthly,
		Office: text, Reader: text, Definition: text,
	}
}

// TestIndicatorAddedInAForm plays what the pack editor does: an indicator is added to the pack and to a return, saved, and filed.
func TestIndicatorAddedInAForm(t *testing.T) {
	each(t, func(w *world) {
		who := identity.Actor{Name: "admin"}
		base := w.drafted()
		p := base.Pack
		p.Indicators = append(p.Indicators, more("t.added"))

		check, err := w.svc.CheckPack(t.Context(), programme.PackDraft{Pack: p})
		if err != nil || check.OK || len(check.Fields) != 1 || check.Fields[0].Place == "" {
			t.Fatalf("an indicator that no form asks for: %+v, %v", check, err)
		}
		p.Forms[0].Lines = append(p.Forms[0].Lines, "t.added")
		if check, err = w.svc.CheckPack(t.Context(), programme.PackDraft{Pack: p}); err != nil || !check.OK || len(check.Changes) != 2 || check.Source == "" {
			t.Fatalf("sound: %+v, %v", check, err)
		}
		saved, err := w.svc.SavePack(t.Context(), who, "test", base.Version, programme.PackDraft{Pack: p})
		if err != nil || saved.Version != base.Version+1 || !saved.InForce || saved.LoadedBy != "admin" {
			t.Fatalf("saved: %+v, %v", saved, err)
		}
		again, err := w.svc.SavePack(t.Context(), who, "test", saved.Version, programme.PackDraft{Source: saved.Source})
		if err != nil || again.Version != saved.Version {
			t.Errorf("a draft that changes nothing made version %d: %v", again.Version, err)
		}
		changes, err := w.svc.ComparePacks(t.Context(), "test", base.Version, 0)
		if err != nil || len(changes) != 2 || changes[0].Place != "indicators.t.added" {
			t.Errorf("between the versions: %+v, %v", changes, err)
		}

		r, err := w.svc.Open(t.Context(), w.clerk("330602"), programme.ReturnKey{Form: p.Forms[0].ID, Division: "330602", Period: may})
		if err == nil {
			_, err = w.svc.SaveLines(t.Context(), w.clerk("330602"), r.ID, r.Edit, []programme.LineChange{{Indicator: "t.added", Value: n("12.5")}}, "typed")
		}
		if err != nil {
			t.Errorf("the new line cannot be filed: %v", err)
		}
	})
}

// TestPackChangedByTwo holds that the later of two editors is told, and is handed what stands now.
func TestPackChangedByTwo(t *testing.T) {
	each(t, func(w *world) {
		base := w.drafted()
		first, second := *base.Pack, *base.Pack
		first.Title, second.Title = fault.T("甲", "first"), fault.T("乙", "second")
		if _, err := w.svc.SavePack(t.Context(), identity.Actor{Name: "first"}, "test", base.Version, programme.PackDraft{Pack: &first}); err != nil {
			t.Fatal(err)
		}
		_, err := w.svc.SavePack(t.Context(), identity.Actor{Name: "second"}, "test", base.Version, programme.PackDraft{Pack: &second})
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Conflict || f.Code != "pack.stale" {
			t.Fatalf("the later one: %v", err)
		}
		if now, ok := f.Current.(*programme.PackSource); !ok || now.Pack.Title.En != "first" || now.LoadedBy != "first" {
			t.Errorf("handed %+v", f.Current)
		}
		if _, err := w.svc.SavePack(t.Context(), identity.Actor{}, "other", 0, programme.PackDraft{Pack: &second}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("saved under another id: %v", err)
		}
		if _, err := w.svc.SavePack(t.Context(), identity.Actor{}, "test", 0, programme.PackDraft{Pack: &second}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a new pack in the place of an old one: %v", err)
		}
	})
}

// TestFiledReturnKeepsItsForm holds that a return shows what was submitted, though its form asks for less since.
func TestFiledReturnKeepsItsForm(t *testing.T) {
	each(t, func(w *world) {
		r := w.file("330602", may, "100", "3", "4")
		w.at = w.at.Add(time.Hour)
		p := w.drafted().Pack
		p.Indicators, p.Targets, p.Deadlines = p.Indicators[1:], nil, nil
		p.Forms[0].Lines = p.Forms[0].Lines[1:]
		if _, err := w.svc.SavePack(t.Context(), identity.Actor{Name: "admin"}, "test", 1, programme.PackDraft{Pack: p}); err != nil {
			t.Fatal(err)
		}
		then, err := w.svc.Return(t.Context(), w.reviewer(), r.ID)
		if err != nil || len(then.Rows) != 2 || then.Rows[0].Indicator.Code != "t.done" || then.Rows[0].Value != n("100") {
			t.Errorf("the filed return: %+v, %v", then.Rows, err)
		}
		now, err := w.svc.Open(t.Context(), w.clerk("330603"), programme.ReturnKey{Form: "test.month", Division: "330603", Period: may})
		if err != nil || len(now.Rows) != 1 {
			t.Errorf("a new return asks for %d lines, %v", len(now.Rows), err)
		}
		again := w.move(w.clerk("330602"), then, programme.Correct, "更正")
		if len(again.Rows) != 1 {
			t.Errorf("its correction asks for %d lines", len(again.Rows))
		}
	})
}
