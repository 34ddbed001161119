package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/ledger"
	"anlan/internal/ledger/acceptance"
	"anlan/internal/ledger/scheme"
	"anlan/internal/oversight"
	"anlan/packs"
)

// listed is the day on which the ledgers of the year were drawn up.
const listed = "2026-01-01"

func definitions() oversight.Definitions {
	comparison, formulas := packs.Comparison()
	steps, rungs := packs.Ladder()
	course, milestones := packs.Lifecycle()
	return oversight.Definitions{
		Checklists: packs.Checklists(), Trees: packs.Acceptance(), Ledgers: packs.Ledgers(),
		Comparisons: map[string][]byte{comparison: formulas}, Ladders: map[string][]byte{steps: rungs}, Lifecycles: map[string][]byte{course: milestones},
	}
}

// ledgers draws up the city's ledgers and writes into the agenda how far each county comes with them.
func (w *watch) ledgers(ctx context.Context) error {
	day, err := hydrotime.ParseDate(listed)
	if err != nil {
		return err
	}
	if err := w.Clock.Set(day.Start().Add(9 * time.Hour)); err != nil {
		return err
	}
	if _, _, err := w.Ledger.Enrol(ctx); err != nil {
		return err
	}
	if err := w.choose(ctx); err != nil {
		return err
	}
	kinds, err := w.Ledger.Schemes(ctx, w.as("shenhe"))
	if err != nil {
		return err
	}
	for _, k := range kinds {
		page, err := w.Ledger.Entries(ctx, w.as("shenhe"), ledger.Query{Scheme: k.ID, Sort: "listed", Limit: 5000})
		if err != nil {
			return err
		}
		for _, e := range page.Entries {
			w.workDown(e)
		}
	}
	return nil
}

// choose puts in what does not come in by itself: the year's ponds, and what shall carry a title.
func (w *watch) choose(ctx context.Context) error {
	for _, c := range counties() {
		for id, kind := range map[string]string{"pond-rehab": "pond", "beautiful-rivers": "river", "water-villages": "village", "water-towns": "town"} {
			for i, o := range w.objects[kind][c.code] {
				if kind == "pond" && i%2 == 1 {
					continue
				}
				if _, err := w.Ledger.Add(ctx, w.as(loginOf(c.code)), ledger.NewEntry{Scheme: id, Object: o.ID}); err != nil {
					return fmt.Errorf("put %s into %s: %w", o.Name.Zh, id, err)
				}
			}
		}
	}
	return nil
}

// workDown writes the steps of one entry, each after some weeks, until the demo's today or its end.
func (w *watch) workDown(e *ledger.Entry) {
	c := counties()[slices.IndexFunc(counties(), func(c county) bool { return c.code == e.County })]
	k, state, at := e.Scheme, e.Standing.State.ID, e.Listed
	name := fmt.Sprint(k.ID, e.ObjectCode)
	for i, m := range k.Marks {
		if wobble("mark", name, m.ID) < 0.55*c.pace+0.1 {
			w.take(e, loginOf(c.code), at.AddDate(0, 0, 20+between(0, 110, "mark", i*37+int(e.ID))).Add(time.Duration(i)*5*time.Hour), ledger.NewStep{Mark: m.ID, Holds: true})
		}
	}
	for n := 0; ; n++ {
		next, ok := onward(k, e.Track, state, wobble("way", name, n))
		if !ok || k.ID == "rural-five-100" {
			return
		}
		days := 18 + int(46*wobble("pause", name, n)/c.pace)
		if k.ID == "pre-flood" {
			days = 22 + int(88*wobble("pause", name)/c.pace)
		}
		at = at.AddDate(0, 0, days)
		who := loginOf(c.code)
		if next.Ends(e.Track) && next.By != "" || next.By == "city" || next.By == "province" {
			who = "shenhe"
			if n%2 == 1 {
				who = "juzhang"
			}
		}
		step := ledger.NewStep{State: next.ID, Document: fmt.Sprintf("%s水〔2026〕%d号（演示）", c.short, 10+int(e.ID)%80)}
		if slices.Contains(next.Needs, "evidence") {
			step.Files = []string{w.photos[who]}
		}
		if slices.Contains(next.Needs, "score") {
			step.Answers = w.score(k, name, n)
		}
		w.take(e, who, at, step)
		state = next.ID
		if !at.Before(w.until) || next.Title {
			return
		}
	}
}

// onward is the way that an entry goes on: never back, and where the ways part, as luck has it.
func onward(k *scheme.Scheme, track, state string, luck float64) (scheme.State, bool) {
	here := slices.IndexFunc(k.States, func(st scheme.State) bool { return st.ID == state })
	var ways []scheme.State
	for _, st := range k.Next(track, state) {
		if slices.IndexFunc(k.States, func(o scheme.State) bool { return o.ID == st.ID }) > here && !st.Aside {
			ways = append(ways, st)
		}
	}
	if len(ways) == 0 || k.States[max(here, 0)].Ends(track) && k.ID != "dam-reinforcement" {
		return scheme.State{}, false
	}
	return ways[int(luck*luck*float64(len(ways)))], true
}

// score answers a tree, with a few points taken off.
func (w *watch) score(k *scheme.Scheme, name string, n int) *acceptance.Answers {
	out := &acceptance.Answers{Items: map[string]acceptance.Answer{}, Prerequisites: map[string]bool{}}
	t := w.trees[k.Tree]
	for _, p := range t.Prerequisites {
		out.Prerequisites[p.Code] = true
	}
	for _, d := range t.Dimensions {
		for _, i := range d.Items {
			a := acceptance.Answer{Points: i.Weight}
			if wobble("points", name, n, i.Code) < 0.25 {
				a = acceptance.Answer{Points: (i.Weight - i.Weight/4).Round(1), Reason: "现场查看尚有不足"}
			}
			out.Items[i.Code] = a
		}
	}
	return out
}

// take takes one step on its day.
func (w *watch) take(e *ledger.Entry, who string, at time.Time, n ledger.NewStep) {
	w.do(at.Add(time.Duration(e.ID%240)*time.Minute), func(ctx context.Context) error {
		now, err := w.Ledger.Entry(ctx, w.as(who), e.ID)
		if err != nil {
			return err
		}
		n.Client, n.Edit = fmt.Sprintf("demo-%d-%d", e.ID, now.Edit), now.Edit
		if err := w.Ledger.Take(ctx, w.as(who), e.ID, n); err != nil {
			return fmt.Errorf("%s in %s to %s%s: %w", e.ObjectName.Zh, e.Scheme.ID, n.State, n.Mark, err)
		}
		return nil
	})
}

// program is who loads the definitions.
func program() identity.Actor { return identity.Actor{ID: "program", Name: "anlan"} }
