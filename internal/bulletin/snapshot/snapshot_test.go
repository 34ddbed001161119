package snapshot_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"anlan/internal/bulletin/snapshot"
	"anlan/internal/fault"
	"anlan/internal/quantity"

	"github.com/google/go-cmp/cmp"
)

func some(s string) quantity.Null { return quantity.Some(quantity.MustParse(s)) }

func may() *snapshot.Snapshot {
	county := snapshot.Division{Code: "330602", Name: fault.T("越城区", "Yuecheng"), Short: "越城", Level: "county"}
	return &snapshot.Snapshot{
		Kind: "short", Version: 1, Scope: snapshot.Division{Code: "330600", Name: fault.T("绍兴市", "Shaoxing"), Level: "city"}, Period: "2026-05",
		AsOf: time.Date(2026, 6, 8, 9, 0, 0, 0, time.FixedZone("UTC+8", 8*3600)), Divisions: []snapshot.Division{county},
		Measures: []snapshot.Measure{
			{Key: "a.money", Name: fault.T("投资", "Money"), Judge: "completion", Unit: "wan_yuan", Show: "yi_yuan", Decimals: 2},
			{Key: "a.growth", Name: fault.T("增长", "Growth"), Judge: "growth", Unit: "wan_yuan", Show: "yi_yuan", Decimals: 2},
			{Key: "a.limit", Name: fault.T("用水", "Water"), Judge: "threshold", Unit: "yi_m3", Show: "yi_m3", Decimals: 4},
			{Key: "a.rate", Name: fault.T("整改率", "Rate"), Judge: "threshold", Unit: "percent", Show: "percent", Decimals: 1, Ratio: true},
		},
		Cells: []snapshot.Cell{
			{Measure: "a.money", Division: "330600", State: snapshot.HasFigure, Value: some("126000"), Plan: some("300000"), Completion: some("42"), Gap: some("-0.04"), Rank: 2, Reported: 1, Expected: 1},
			{
				Measure: "a.money", Division: "330602", State: snapshot.HasFigure, Value: some("126000"), Growth: some("-3.21"),
				Origin: &snapshot.Origin{Return: 7, Version: 1, Revision: 1, RecordedAt: time.Date(2026, 6, 3, 0, 0, 0, 0, time.UTC), By: "填报"},
			},
			{Measure: "a.growth", Division: "330600", State: snapshot.HasFigure, Value: some("1"), Plan: some("8"), Gap: some("1.5")},
			{Measure: "a.limit", Division: "330600", State: snapshot.HasFigure, Value: some("18.2"), Plan: some("20"), Gap: some("-1.8")},
			{Measure: "a.rate", Division: "330600", State: snapshot.NotDue},
		},
	}
}

func TestSameFiguresSameBytes(t *testing.T) {
	a, err := snapshot.Encode(may())
	if err != nil {
		t.Fatal(err)
	}
	back, err := snapshot.Decode(a)
	if err != nil {
		t.Fatal(err)
	}
	b, err := snapshot.Encode(back)
	if err != nil || !bytes.Equal(a, b) {
		t.Errorf("encoded again it differs: %v\n%s", err, cmp.Diff(string(a), string(b)))
	}
	if !strings.Contains(string(a), `"as_of":"2026-06-08T01:00:00Z"`) || strings.Contains(string(a), `"last_year"`) {
		t.Errorf("instants are UTC and what is absent is left out: %s", a)
	}
	// A fixed point of the layout: where this changes, Format must.
	if got := snapshot.Hash(a); got != "47f80936f03a172ae960901d2d3f02ee6be096f911b7de152bda5f816eccb285" {
		t.Errorf("the layout of the bytes changed: %s", got)
	}
	packed, err := snapshot.Pack(a)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := snapshot.Unpack(packed); err != nil || !bytes.Equal(got, a) || len(packed) >= len(a) {
		t.Errorf("packed %d of %d, %v", len(packed), len(a), err)
	}
	if _, err := snapshot.Decode([]byte(`{"format":99}`)); err == nil {
		t.Error("another format is read")
	}
}

func TestShown(t *testing.T) {
	x := snapshot.NewIndex(may())
	f := func(key, want string) {
		t.Helper()
		figure, ok := x.Lookup(key)
		if !ok || figure.Shown() != want {
			t.Errorf("%s: %q, %v, want %q", key, figure.Shown(), ok, want)
		}
	}
	f("a.money@330600#value", "12.60亿元")
	f("a.money@330600#plan", "30.00亿元")
	f("a.money@330600#completion", "42.0%")
	f("a.money@330600#gap", "0.0个百分点") // −0.04 is no negative zero
	f("a.money@330600#rank", "第2位")
	f("a.money@330600#last_year", "")
	f("a.money@330602#growth", "-3.2%")
	f("a.growth@330600#plan", "8.0%") // held against a growth
	f("a.growth@330600#gap", "1.5个百分点")
	f("a.limit@330600#gap", "-1.8000亿立方米") // held against an amount
	f("a.rate@330600#value", "")
	for _, key := range []string{"", "a.money", "a.money@330600", "@#", "a.gone@330600#value", "a.money@1#value", "a.money@330600#colour"} {
		if _, ok := x.Lookup(key); ok {
			t.Errorf("there is a figure %q", key)
		}
	}
}

func TestCorrections(t *testing.T) {
	now := may()
	now.Cells[1].Value, now.Cells[1].Origin = some("126680"), &snapshot.Origin{Return: 9, Version: 2, Revision: 2, RecordedAt: time.Date(2026, 6, 20, 0, 0, 0, 0, time.UTC), By: "填报"}
	now.Cells[0].Value, now.Cells[0].Completion, now.Cells[0].Reported, now.Cells[0].Grade = some("126680"), some("42.226667"), 2, "done"
	now.Cells[4].State = snapshot.Unreported // what has only become late is no correction
	var got []string
	for _, c := range snapshot.Corrections(snapshot.NewIndex(may()), snapshot.NewIndex(now)) {
		got = append(got, fmt.Sprintf("%s %s→%s filed %v at %v", c.Key, c.Then, c.Now, c.Filed, c.At().Format("01-02")))
	}
	want := []string{"a.money@330602#value 12.6→12.668 filed true at 06-20", "a.money@330600#value 12.6→12.668 filed false at 01-01", "a.money@330600#completion 42→42.226667 filed false at 01-01"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("corrections (-want +got):\n%s", diff)
	}
}

func TestPairs(t *testing.T) {
	before, after := may(), may()
	after.Cells[0].Value, after.Cells[0].Gap, after.Cells[2].Value = some("150000"), quantity.Null{}, quantity.Null{}
	after.Measures[0].Show, after.Cells = "wan_yuan", after.Cells[:3]
	var got []string
	for _, p := range snapshot.Pairs(snapshot.NewIndex(before), snapshot.NewIndex(after)) {
		if p.Difference != snapshot.Same {
			got = append(got, fmt.Sprintf("%s %s→%s %s %s", p.Key, p.Before, p.After, p.Unit, p.Difference))
		}
	}
	want := []string{
		"a.money@330600#value 126000→150000 wan_yuan changed", "a.money@330600#gap -0.04→— point gone",
		"a.growth@330600#value 0.0001→— yi_yuan gone", "a.limit@330600#value 18.2→— yi_m3 gone", "a.limit@330600#plan 20→— yi_m3 gone", "a.limit@330600#gap -1.8→— yi_m3 gone",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pairs (-want +got):\n%s", diff)
	}
}
