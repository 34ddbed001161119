package ladder_test

import (
	"testing"

	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/ladder"
	"anlan/internal/quantity"
)

// TestCharge walks the shipped rules: a score leads to a band, problems that cost no points go by number and grade, the heavier of both
// counts, and what the unit meets with falls on who answers and who leads.
func TestCharge(t *testing.T) {
	l := parse(t, shipped(t))
	own := &checklist.Checklist{ID: "own", Scoring: &checklist.Scoring{Start: quantity.Int(100), Bands: []checklist.Band{{From: quantity.Int(50), Measure: checklist.NoMeasure}, {From: 0, Measure: checklist.Talk}}}}
	lent := &checklist.Checklist{ID: "lent", Scoring: &checklist.Scoring{Start: quantity.Int(100)}} // has no bands: the ladder's
	plain := &checklist.Checklist{ID: "plain"}
	costs := func(c *checklist.Checklist, s checklist.Severity, p string) ladder.Fault {
		return ladder.Fault{List: c, Severity: s, Points: points(p)}
	}
	bare := func(s checklist.Severity) ladder.Fault { return ladder.Fault{List: plain, Severity: s} }
	f := func(score string, unit, direct, leading checklist.Measure, faults ...ladder.Fault) {
		t.Helper()
		c := l.Charge(faults)
		got := ""
		if c.Score.Valid {
			got = c.Score.Decimal.String()
		}
		if got != score || c.Measure != unit || c.Direct != direct || c.Leading != leading || c.Findings != len(faults) {
			t.Errorf("score %q, unit %q, direct %q, leading %q; want %q, %q, %q, %q", got, c.Measure, c.Direct, c.Leading, score, unit, direct, leading)
		}
	}
	f("", "", "", "")
	f("95", checklist.NoMeasure, "", "", costs(lent, checklist.Heavier, "5"))
	f("85", checklist.Order, checklist.Order, "", costs(lent, checklist.Serious, "10"), costs(lent, checklist.Heavier, "5"))
	f("70", checklist.Talk, checklist.Talk, checklist.Order, costs(lent, checklist.Serious, "30"))
	f("40", checklist.Stop, checklist.Circular, checklist.Talk, costs(lent, checklist.Serious, "60"))
	f("0", checklist.Sanction, checklist.Sanction, checklist.Circular, costs(lent, checklist.Grave, "170")) // no lower than the floor
	f("70", checklist.NoMeasure, "", "", costs(own, checklist.Serious, "30"))                               // its own bands
	f("40", checklist.Talk, checklist.Talk, checklist.Order, costs(own, checklist.Serious, "60"), costs(lent, checklist.Serious, "30"))
	f("", checklist.Order, checklist.Order, "", bare(checklist.General))
	f("", checklist.Talk, checklist.Talk, checklist.Order, bare(checklist.General), bare(checklist.General), bare(checklist.General), bare(checklist.General), bare(checklist.Heavier))
	f("", checklist.Circular, checklist.Circular, checklist.Talk, bare(checklist.Grave))
	f("", checklist.Sanction, checklist.Sanction, checklist.Circular, bare(checklist.Grave), bare(checklist.Grave))
	f("", "", "", "", bare("")) // what nobody graded reaches nothing
	f("95", checklist.Talk, checklist.Talk, checklist.Order, costs(lent, checklist.Heavier, "5"), bare(checklist.Serious))
	f("70", checklist.Talk, checklist.Talk, checklist.Order, costs(lent, checklist.Serious, "30"), bare(checklist.General))
}

// TestChargeNeverLightens adds one problem at a time: what follows never becomes lighter.
func TestChargeNeverLightens(t *testing.T) {
	l := parse(t, shipped(t))
	list := &checklist.Checklist{Scoring: &checklist.Scoring{Start: quantity.Int(100)}}
	var faults []ladder.Fault
	was := l.Charge(nil)
	for i := range 60 {
		grade := checklist.Severities()[i*7%4]
		f := ladder.Fault{Severity: grade}
		if i%3 > 0 {
			f.List, f.Points = list, quantity.Some(quantity.Int(int64(grade.Rank())))
		}
		faults = append(faults, f)
		now := l.Charge(faults)
		if ladder.Heavier(was.Measure, now.Measure) || ladder.Heavier(was.Direct, now.Direct) || ladder.Heavier(was.Leading, now.Leading) {
			t.Fatalf("%d problems: %+v, before %+v", len(faults), now, was)
		}
		was = now
	}
	if was.Measure != checklist.Sanction {
		t.Errorf("sixty problems lead to %q", was.Measure)
	}
}
