package draw_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/oversight/draw"

	"github.com/google/go-cmp/cmp"
)

// counties have 10, 5, 3 and 2 objects; each county has two inspectors and the city four.
func request(seed string, count, perTeam int, stratify bool) draw.Request {
	q := draw.Request{Seed: seed, Count: count, PerTeam: perTeam, Stratify: stratify}
	for c, n := range []int{10, 5, 3, 2} {
		county := fmt.Sprintf("33060%d", c+2)
		for i := range n {
			q.Objects = append(q.Objects, draw.Object{ID: fmt.Sprintf("R%d%02d", c, i), County: county, Unit: fmt.Sprintf("U%d", i%3)})
		}
		for i := range 2 {
			q.Inspectors = append(q.Inspectors, draw.Inspector{ID: fmt.Sprintf("P%d%d", c, i), County: county})
		}
	}
	for i := range 4 {
		q.Inspectors = append(q.Inspectors, draw.Inspector{ID: fmt.Sprintf("C%d", i), Unit: fmt.Sprintf("U%d", i)})
	}
	return q
}

func must(t *testing.T, q draw.Request) draw.Result {
	t.Helper()
	r, err := draw.Draw(q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestByHand does a draw with nothing but SHA-256 over written-out lines.
func TestByHand(t *testing.T) {
	q := draw.Request{Seed: "8 June 2026, 07 11 23", Count: 1, Objects: []draw.Object{{ID: "A"}, {ID: "B"}, {ID: "C"}}}
	best, name := "g", ""
	for _, id := range []string{"A", "B", "C"} {
		h := fmt.Sprintf("%x", sha256.Sum256([]byte("anlan-draw/1\n8 June 2026, 07 11 23\nobject\n"+id+"\n1")))
		if h < best {
			best, name = h, id
		}
	}
	r := must(t, q)
	if r.Drawn[0].Object != name || r.Drawn[0].Lot != best {
		t.Errorf("drawn %+v, by hand %s with %s", r.Drawn[0], name, best)
	}
	// printf 'anlan-draw/1\n8 June 2026, 07 11 23\nobject\nA\n1' | sha256sum
	if got := draw.Lot(q.Seed, "object", "A", 1); got != "1db96afa6d3bde6ddd6ef2304ee1f834473e485c06aa7594b5db0effeda2fd97" {
		t.Errorf("the lot of A is %s", got)
	}
}

func TestSameSeedSameResult(t *testing.T) {
	a, b := must(t, request("x", 6, 2, true)), must(t, request("x", 6, 2, true))
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
	if cmp.Equal(a.Drawn, must(t, request("y", 6, 2, true)).Drawn) {
		t.Error("another seed draws the same")
	}
}

// TestOrderDoesNotMatter shuffles the candidates and expects the same draw, with and without counties.
func TestOrderDoesNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, stratify := range []bool{false, true} {
		want := must(t, request("s", 7, 2, stratify))
		for range 50 {
			q := request("s", 7, 2, stratify)
			r.Shuffle(len(q.Objects), func(i, j int) { q.Objects[i], q.Objects[j] = q.Objects[j], q.Objects[i] })
			r.Shuffle(len(q.Inspectors), func(i, j int) { q.Inspectors[i], q.Inspectors[j] = q.Inspectors[j], q.Inspectors[i] })
			if diff := cmp.Diff(want, must(t, q)); diff != "" {
				t.Fatal(diff)
			}
		}
	}
}

// TestExclusionsHold draws with many seeds: nobody goes to the own county, the own unit or what is avoided, and a team has no one twice.
func TestExclusionsHold(t *testing.T) {
	for n := range 300 {
		q := request(fmt.Sprint("seed ", n), 1+n%20, 1+n%3, n%2 == 0)
		q.Inspectors[0].Avoids, q.Inspectors[11].Avoids = []string{"U1", "R300"}, []string{"R000", "R001"}
		people, objects := map[string]draw.Inspector{}, map[string]draw.Object{}
		for _, p := range q.Inspectors {
			people[p.ID] = p
		}
		for _, o := range q.Objects {
			objects[o.ID] = o
		}
		r := must(t, q)
		seen := map[string]bool{}
		for _, d := range r.Drawn {
			o := objects[d.Object]
			if seen[d.Object] || len(d.Team) != q.PerTeam || len(slices.Compact(slices.Sorted(slices.Values(d.Team)))) != q.PerTeam {
				t.Fatalf("seed %d: %+v", n, d)
			}
			seen[d.Object] = true
			for _, id := range d.Team {
				if p := people[id]; p.County == o.County || p.Unit == o.Unit || slices.Contains(p.Avoids, o.ID) || slices.Contains(p.Avoids, o.Unit) {
					t.Fatalf("seed %d: %+v inspects %+v", n, p, o)
				}
			}
		}
		if len(r.Drawn) != q.Count {
			t.Fatalf("seed %d: %d drawn, not %d", n, len(r.Drawn), q.Count)
		}
	}
}

// TestUniform counts over 4,000 seeds: each of 20 objects is drawn in a quarter of 5-object draws, and each pair in 1 of 19.
func TestUniform(t *testing.T) {
	const seeds = 4000
	once, pairs := map[string]int{}, map[string]int{}
	for n := range seeds {
		var ids []string
		for _, d := range must(t, request(fmt.Sprint(n), 5, 0, false)).Drawn {
			ids = append(ids, d.Object)
			once[d.Object]++
		}
		slices.Sort(ids)
		for i := range ids {
			for j := i + 1; j < len(ids); j++ {
				pairs[ids[i]+ids[j]]++
			}
		}
	}
	// Five standard deviations: 5·√(4000·¼·¾) = 137 about 1,000, and 5·√(4000·1/19·18/19) = 71 about 211.
	within(t, once, 20, 1000, 137)
	within(t, pairs, 190, 211, 71)
}

func within(t *testing.T, counts map[string]int, kinds, mean, bound int) {
	t.Helper()
	if len(counts) != kinds {
		t.Errorf("%d kinds were drawn, not %d", len(counts), kinds)
	}
	for id, n := range counts {
		if n < mean-bound || n > mean+bound {
			t.Errorf("%s was drawn %d times, not %d ± %d", id, n, mean, bound)
		}
	}
}

// TestWeight holds that three lots are drawn first three times as often as one.
func TestWeight(t *testing.T) {
	counts := map[string]int{}
	for n := range 4000 {
		q := draw.Request{Seed: fmt.Sprint(n), Count: 1, Objects: []draw.Object{{ID: "three", Weight: 3}, {ID: "one"}}}
		counts[must(t, q).Drawn[0].Object]++
	}
	within(t, map[string]int{"three": counts["three"]}, 1, 3000, 137)
}

// TestTeamsAreEven holds that nobody of equal standing goes twice before another has gone once.
func TestTeamsAreEven(t *testing.T) {
	q := draw.Request{Seed: "even", Count: 12, PerTeam: 1}
	for i := range 12 {
		q.Objects = append(q.Objects, draw.Object{ID: fmt.Sprint("R", i)})
	}
	for i := range 5 {
		q.Inspectors = append(q.Inspectors, draw.Inspector{ID: fmt.Sprint("P", i)})
	}
	load := map[string]int{}
	for _, d := range must(t, q).Drawn {
		load[d.Team[0]]++
	}
	for id, n := range load {
		if n < 2 || n > 3 {
			t.Errorf("%s goes %d times", id, n)
		}
	}
	// Over many seeds each of the five goes equally often to the first object.
	first := map[string]int{}
	for n := range 2000 {
		q.Seed = fmt.Sprint("even ", n)
		first[must(t, q).Drawn[0].Team[0]]++
	}
	within(t, first, 5, 400, 90)
}

func TestQuotas(t *testing.T) {
	f := func(count int, want ...int) {
		t.Helper()
		var got []int
		for _, q := range must(t, request("q", count, 0, true)).Quotas {
			got = append(got, q.Count)
		}
		if !cmp.Equal(got, want) {
			t.Errorf("%d are shared out as %v, want %v", count, got, want)
		}
	}
	f(4, 1, 1, 1, 1)
	f(6, 2, 2, 1, 1)   // two more: 9, 4, 2 and 1 left of 16 make 1⅛, ½, ¼, ⅛
	f(8, 3, 2, 2, 1)   // four more: 2¼, 1, ½, ¼
	f(12, 6, 3, 2, 1)  // eight more: 4½, 2, 1, ½: the larger lot of the two halves loses
	f(20, 10, 5, 3, 2) // all
	for count := 1; count <= 20; count++ {
		sum := 0
		for _, q := range must(t, request("q", count, 0, true)).Quotas {
			sum += q.Count
			if q.Count > q.Of || count >= 4 && q.Count < 1 {
				t.Errorf("of %d, %s has %d of %d", count, q.County, q.Count, q.Of)
			}
		}
		if sum != count {
			t.Errorf("%d are shared out as %d", count, sum)
		}
	}
}

func TestFewerThanCountiesDrawsCounties(t *testing.T) {
	counts := map[string]int{}
	for n := range 2000 {
		for _, q := range must(t, request(fmt.Sprint(n), 1, 0, true)).Quotas {
			counts[q.County] += q.Count
		}
	}
	within(t, counts, 4, 500, 97)
}

func TestVerify(t *testing.T) {
	f := func(change func(*draw.Request, *draw.Result), code, says string) {
		t.Helper()
		q := request("v", 6, 2, true)
		r := must(t, q)
		change(&q, &r)
		err := draw.Verify(q, r)
		if code == "" && err == nil {
			return
		}
		var e *fault.Error
		if !errors.As(err, &e) || e.Code != code || !strings.Contains(e.Text.En, says) {
			t.Errorf("%v, want %s with %q", err, code, says)
		}
	}
	f(func(*draw.Request, *draw.Result) {}, "", "")
	f(func(_ *draw.Request, r *draw.Result) { r.Algorithm = "dice" }, "draw.algorithm", "dice")
	f(func(q *draw.Request, _ *draw.Result) { q.Seed = "w" }, "draw.differs", "the seed is another")
	f(func(q *draw.Request, _ *draw.Result) { q.Objects = q.Objects[1:] }, "draw.differs", "the candidates are not those")
	f(func(q *draw.Request, _ *draw.Result) { q.Inspectors[0].Avoids = []string{"R001"} }, "draw.differs", "the candidates are not those")
	f(func(q *draw.Request, _ *draw.Result) { q.Count = 7 }, "draw.differs", "the candidates are not those")
	f(func(_ *draw.Request, r *draw.Result) { r.Drawn[2].Team = []string{"P00", "P01"} }, "draw.differs", "number 3 is")
	f(func(_ *draw.Request, r *draw.Result) { r.Drawn[0].Object = "R999" }, "draw.differs", "number 1 is")
	f(func(_ *draw.Request, r *draw.Result) { r.Drawn = r.Drawn[:5] }, "draw.differs", "5 objects are drawn, not 6")
	f(func(_ *draw.Request, r *draw.Result) { r.Quotas[0].Count = 9 }, "draw.differs", "shares differ")
}

func TestRefusals(t *testing.T) {
	f := func(change func(*draw.Request), place, says string) {
		t.Helper()
		q := request("r", 3, 1, true)
		change(&q)
		_, err := draw.Draw(q)
		var e *fault.Error
		if !errors.As(err, &e) || len(e.Fields) == 0 || e.Fields[0].Place != place || !strings.Contains(e.Fields[0].En, says) {
			t.Errorf("%v, want %s: %s", err, place, says)
		}
	}
	f(func(q *draw.Request) { q.Seed = "" }, "seed", "empty")
	f(func(q *draw.Request) { q.Seed = "a\nb" }, "seed", "control characters")
	f(func(q *draw.Request) { q.Seed = "a\xff" }, "seed", "control characters")
	f(func(q *draw.Request) { q.Count = 0 }, "count", "1 to 20")
	f(func(q *draw.Request) { q.Count = 21 }, "count", "1 to 20")
	f(func(q *draw.Request) { q.PerTeam = 13 }, "per_team", "0 to 12")
	f(func(q *draw.Request) { q.Objects[1].ID = "R000" }, "objects[1].id", "R000 stands twice")
	f(func(q *draw.Request) { q.Objects[1].ID = "R 1" }, "objects[1].id", "spaces")
	f(func(q *draw.Request) { q.Objects[1].County = "" }, "objects[1].county", "needs the county")
	f(func(q *draw.Request) { q.Objects[1].Weight = 101 }, "objects[1].weight", "1 to 100")
	f(func(q *draw.Request) { q.Inspectors[3].ID = "P00" }, "inspectors[3].id", "P00 stands twice")

	q := draw.Request{Seed: "s", Count: 1, PerTeam: 1, Objects: []draw.Object{{ID: "R", County: "A"}}, Inspectors: []draw.Inspector{{ID: "P", County: "A"}}}
	_, err := draw.Draw(q)
	if want := "R can be inspected by 0 of the inspectors, fewer than 1"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("nobody may go: %v", err)
	}
}

// FuzzDraw holds that every draw that can be held is verified, and draws what was asked.
func FuzzDraw(f *testing.F) {
	f.Add("s", uint8(5), uint8(3), uint8(2), true)
	f.Fuzz(func(t *testing.T, seed string, count, perTeam, skip uint8, stratify bool) {
		q := request(seed, int(count), int(perTeam), stratify)
		q.Objects = q.Objects[min(int(skip), len(q.Objects)):]
		r, err := draw.Draw(q)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		if err := draw.Verify(q, r); err != nil || len(r.Drawn) != q.Count {
			t.Fatalf("%v: %+v", err, r)
		}
	})
}
