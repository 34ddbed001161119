package demo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/ledger/acceptance"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/oversight/checklist"
	"anlan/internal/registry"
	"anlan/internal/store"
)

const (
	inspector     = "ducha"
	findings      = 400
	mostAtOne     = 14 // the founding document's worst works of one inspection
	firstLook     = "2024-07-03"
	confirmLapses = 4
	looks         = 93
)

// act is one thing that somebody of the demo does at an instant.
type act struct {
	at time.Time
	do func(ctx context.Context) error
}

// watch tells two years of supervision: six teams, what they found in works of every kind, and how far it has come. Each act is done
// through the same doors, on its own day.
type watch struct {
	*filler
	acts    []act
	until   time.Time
	objects map[string]map[string][]registry.WaterObject // by kind and county
	used    map[string]bool                              // object and clause, so that only what shall recurs does
	photos  map[string]string                            // hash by who and role
	made    int
	teamIDs []string
	kept    map[string]string // letters and meetings by their name in the story
	trees   map[string]*acceptance.Tree
}

func (f *filler) oversight(ctx context.Context) error {
	today, err := hydrotime.ParseDate(Today)
	if err != nil {
		return err
	}
	w := &watch{filler: f, until: today.Start(), objects: map[string]map[string][]registry.WaterObject{}, used: map[string]bool{}, photos: map[string]string{}, kept: map[string]string{}, trees: map[string]*acceptance.Tree{}}
	if err := w.register(ctx); err != nil {
		return err
	}
	if err := w.teams(ctx); err != nil {
		return err
	}
	if err := w.pictures(ctx); err != nil {
		return err
	}
	if err := w.story(ctx); err != nil {
		return err
	}
	if err := w.ledgers(ctx); err != nil {
		return err
	}
	slices.SortStableFunc(w.acts, func(a, b act) int { return a.at.Compare(b.at) })
	for _, a := range w.acts {
		if !a.at.Before(w.until) {
			continue
		}
		if err := f.Clock.Set(a.at); err != nil {
			return err
		}
		if err := a.do(ctx); err != nil {
			return err
		}
	}
	return f.Clock.Set(w.until.Add(-time.Hour))
}

func (w *watch) do(at time.Time, f func(ctx context.Context) error) {
	w.acts = append(w.acts, act{at, f})
}

func (w *watch) register(ctx context.Context) error {
	code := map[int64]string{}
	for _, c := range counties() {
		code[w.division(c.code)] = c.code
	}
	_, err := w.Registry.EachObject(ctx, registry.ObjectQuery{Scopes: []int64{w.division(City)}, AsOf: hydrotime.DateOf(w.until)}, 2000, func(o registry.WaterObject) error {
		kind := string(o.Kind)
		if w.objects[kind] == nil {
			w.objects[kind] = map[string][]registry.WaterObject{}
		}
		w.objects[kind][code[o.DivisionID]] = append(w.objects[kind][code[o.DivisionID]], o)
		return nil
	})
	return err
}

// teams are six, each with its areas (分片包干).
func (w *watch) teams(ctx context.Context) error {
	areas := counties()
	for i := range 6 {
		people := w.inspectors[3*i : 3*i+3]
		covers := []string{areas[i].code}
		if i == 0 {
			covers = append(covers, areas[6].code)
		}
		name := fault.T(fmt.Sprintf("第%c督查组", []rune("一二三四五六")[i]), fmt.Sprintf("Team %d", i+1))
		id, err := w.Oversight.SaveTeam(ctx, w.as("shenhe"), w.division(City), "", 0, oversight.NewTeam{Name: name, Areas: covers, Members: people})
		if err != nil {
			return err
		}
		w.teamIDs = append(w.teamIDs, id)
	}
	return nil
}

// pictures are drawn, two for each who shows something: stripes that stand for no place.
func (w *watch) pictures(ctx context.Context) error {
	logins := []string{"shenhe", inspector}
	for _, c := range counties() {
		logins = append(logins, loginOf(c.code))
	}
	for i, login := range logins {
		for _, role := range []string{"", again} {
			img, err := picture(i, len(role))
			if err != nil {
				return err
			}
			file, err := w.Evidence.Put(ctx, w.as(login).Actor(), "演示.jpg", img)
			if err != nil {
				return err
			}
			w.photos[login+role] = string(file.Hash)
		}
	}
	return nil
}

// again marks the photograph that somebody takes after the first was sent back.
const again = "/again"

// picture draws stripes that differ by who shows them and by which it is.
func picture(who, which int) (*bytes.Buffer, error) {
	img := image.NewRGBA(image.Rect(0, 0, 480, 320))
	for y := range 320 {
		for x := range 480 {
			shade := uint8(120 + 100*((x/40+y/40+who)%2))
			img.Set(x, y, color.RGBA{shade, uint8(90 + 12*who), uint8(60 + y/3 + 5*which), 255})
		}
	}
	b := &bytes.Buffer{}
	return b, jpeg.Encode(b, img, nil)
}

// story writes the agenda: ordinary inspections first, then the four of the province and what came back.
func (w *watch) story(ctx context.Context) error {
	if err := w.Oversight.LoadFirst(ctx, program(), definitions()); err != nil {
		return err
	}
	book, err := w.Oversight.Book(ctx)
	if err != nil {
		return err
	}
	for _, t := range book.Trees {
		w.trees[t.ID] = t
	}
	first, err := hydrotime.ParseDate(firstLook)
	if err != nil {
		return err
	}
	kinds := []string{"reservoir", "waterworks", "reservoir", "hydropower", "reservoir", "river", "construction", "waterworks"}
	for n := 0; w.made < findings-8; n++ {
		kind := kinds[n%len(kinds)]
		c := counties()[(n*3+n/7)%6]
		pool := w.objects[kind][c.code]
		lists := book.Checklists.For(kind)
		if len(pool) == 0 || len(lists) == 0 {
			continue
		}
		days := lookDay(n)
		o := pool[(n*5+n/3)%len(pool)]
		many := between(2, 5, "many", n)
		switch {
		case n == 16:
			many = mostAtOne
		case kind == "reservoir":
			many = between(3, 7, "many", n)
		}
		who, mode := "shenhe", oversight.Unannounced
		switch n % 5 {
		case 1:
			mode = oversight.Announced
		case 2:
			who = inspector
		case 3:
			who, mode = loginOf(c.code), oversight.SelfCheck
		}
		w.inspect(visit{n: n, at: first.AddDays(days).Start().Add(10 * time.Hour), who: who, mode: mode, list: lists[0], object: o, county: c, clauses: w.pick(lists[0], o, min(many, findings-8-w.made), n)})
	}
	w.province(book)
	w.returns(book)
	w.plans()
	w.climb()
	w.meetings()
	return nil
}

// lookDay spreads the inspections over two years, closer together as the supervision gets under way, to the last days.
func lookDay(n int) int { return min(703-(n%4), n*702/looks) }

// visit is one inspection of the demo.
type visit struct {
	n       int
	at      time.Time
	who     string
	mode    oversight.Mode
	list    *checklist.Checklist
	object  registry.WaterObject
	county  county
	clauses []checklist.Clause
	stay    bool // nothing of it has been mended
}

// pick chooses clauses that were not found at the object before.
func (w *watch) pick(list *checklist.Checklist, o registry.WaterObject, many, n int) []checklist.Clause {
	var out []checklist.Clause
	for _, s := range list.Sections {
		for k, cl := range s.Clauses {
			key := fmt.Sprint(o.ID, cl.Code)
			if len(out) < many && !w.used[key] && wobble("clause", n, cl.Code, k) < 0.42 {
				w.used[key] = true
				out = append(out, cl)
			}
		}
	}
	w.made += len(out)
	return out
}

func (w *watch) inspect(v visit) {
	if len(v.clauses) == 0 {
		return
	}
	w.do(v.at, func(ctx context.Context) error {
		p := w.as(v.who)
		id, err := w.Oversight.Start(ctx, p, fmt.Sprint("demo-", v.n, "-", v.object.ID), v.list.ID, v.object.ID, v.mode)
		if err != nil {
			return err
		}
		sheet := oversight.Sheet{Answers: map[string]checklist.Answer{}}
		for _, s := range v.list.Sections {
			for _, cl := range s.Clauses {
				sheet.Answers[cl.Code] = checklist.Pass
			}
		}
		for _, cl := range v.clauses {
			delete(sheet.Answers, cl.Code)
			sheet.Findings = append(sheet.Findings, oversight.NewFinding{
				Client: cl.Code, Clause: cl.Code, Severity: cl.Severity, Detail: "现场查看：" + cl.Text.Zh, Place: matter.Place{Words: v.object.Name.Zh}, Files: []string{w.photos[v.who]},
			})
		}
		made, err := w.Oversight.Record(ctx, p, id, sheet)
		if err == nil {
			_, err = w.Oversight.Complete(ctx, p, id)
		}
		if err != nil {
			return fmt.Errorf("inspection %d: %w", v.n, err)
		}
		return w.follow(ctx, v, made)
	})
	for i, cl := range v.clauses {
		w.mend(v, i, cl)
	}
}

// follow keeps the numbers of what was found for the acts that come later.
func (w *watch) follow(_ context.Context, v visit, made []int64) error {
	for i, id := range made {
		w.numbers[fmt.Sprint(v.n, "/", i)] = id
	}
	return nil
}

// mend writes what becomes of one finding: confirmed or disputed, given to somebody, mended in time or late, looked at again.
func (w *watch) mend(v visit, i int, cl checklist.Clause) {
	county, name := loginOf(v.county.code), fmt.Sprint(v.n, "/", i)
	move := func(at time.Time, who string, a matter.Act) {
		w.do(at, func(ctx context.Context) error {
			_, err := w.Matter.Move(ctx, w.as(who), w.numbers[name], a)
			if err != nil {
				return fmt.Errorf("finding %s %s: %w", name, a.Move, err)
			}
			return nil
		})
	}
	luck := wobble("luck", name)
	days, ok := v.list.DaysFor(cl, cl.Severity)
	if !ok || days == 0 {
		days = 15
	}
	at := v.at.AddDate(0, 0, 1+between(0, confirmLapses-1, "confirm", v.n*31+i))
	if v.at.After(w.until.AddDate(0, 0, -6)) && i%3 == 1 { // the last days show every state of the work
		at, luck = v.at.AddDate(0, 0, 1), 0.03
	}
	if luck < 0.04 && v.who != county && !v.stay {
		move(at, county, matter.Act{Move: matter.Dispute, Reason: "现场已整改，请复核认定"})
		if luck < 0.02 {
			move(at.AddDate(0, 0, 2), "shenhe", matter.Act{Move: matter.Dismiss, Reason: "经复核，不属于问题"})
			return
		}
		move(at.AddDate(0, 0, 2), "shenhe", matter.Act{Move: matter.Uphold, Reason: "经复核，维持认定"})
		at = at.AddDate(0, 0, 2)
	} else {
		move(at, county, matter.Act{Move: matter.Confirm})
	}
	due := hydrotime.DateOf(at).AddDays(days).End()
	move(at.AddDate(0, 0, 1), "shenhe", matter.Act{Move: matter.Assign, Unit: w.unitOf[v.county.code], Person: w.personOf[v.county.code], Due: &due})
	move(at.AddDate(0, 0, 3), county, matter.Act{Move: matter.Plan, Measures: "制定整改方案，落实专人，按期完成：" + cl.Text.Zh})
	if v.stay {
		return
	}
	// A county that lags in everything else mends late too.
	took := int(float64(days) * (0.45 + 0.7*wobble("took", name)) / v.county.pace)
	done := at.AddDate(0, 0, max(4, took))
	if luck > 0.93 && days >= 20 {
		asked := hydrotime.DateOf(due).AddDays(14).End()
		move(due.AddDate(0, 0, -4), county, matter.Act{Move: matter.AskMore, Reason: "连续降雨，无法施工", Due: &asked})
		move(due.AddDate(0, 0, -3), "shenhe", matter.Act{Move: matter.Extend})
		done = due.AddDate(0, 0, 8)
	}
	w.handIn(name, county, "", done)
	w.look(name, county, done, cl, luck, move)
}

// handIn shows the work by a photograph of its role, and submits it.
func (w *watch) handIn(name, county, role string, at time.Time) {
	w.do(at, func(ctx context.Context) error {
		id := w.numbers[name]
		err := w.Matter.Attach(ctx, w.as(county), id, matter.Evidence{File: w.photos[county+role], Role: "after", Note: "整改后"})
		if err == nil {
			_, err = w.Matter.Move(ctx, w.as(county), id, matter.Act{Move: matter.Submit})
		}
		return err
	})
}

// look is the review: most close, some are sent back first, hazards may come under control, and a few are opened again.
func (w *watch) look(name, county string, done time.Time, cl checklist.Clause, luck float64, move func(time.Time, string, matter.Act)) {
	seen := done.AddDate(0, 0, 2)
	if luck > 0.30 && luck < 0.36 || seen.After(w.until.AddDate(0, 0, -4)) && luck > 0.5 {
		move(seen, "shenhe", matter.Act{Move: matter.SendBack, Reason: "照片看不出整改部位，请补充", Way: "paper"})
		w.handIn(name, county, again, seen.AddDate(0, 0, 4))
		seen = seen.AddDate(0, 0, 6)
	}
	if cl.Hazard && luck > 0.5 && luck < 0.8 {
		later := seen.AddDate(0, 6, 0)
		move(seen, "shenhe", matter.Act{Move: matter.Control, Way: "site", Due: &later})
		return
	}
	move(seen, "shenhe", matter.Act{Move: matter.Close, Way: map[bool]string{true: "site", false: "paper"}[luck > 0.5]})
	if cl.Severity.Rank() >= int(matter.Serious) && wobble("sweep", name) < 0.9 {
		w.lookElsewhere(name, county, seen)
	}
	if luck > 0.60 && luck < 0.615 {
		again := seen.AddDate(0, 2, 20)
		move(seen.AddDate(0, 2, 0), "shenhe", matter.Act{Move: matter.Reopen, Reason: "回头看发现问题反弹", Due: &again})
	}
}

// lookElsewhere lets a county answer for its similar works after a serious problem was closed, and the city close that (举一反三).
func (w *watch) lookElsewhere(name, county string, closed time.Time) {
	sweep := func(ctx context.Context) (int64, error) {
		page, err := w.Matter.List(ctx, w.as("shenhe"), matter.Query{Source: "sweep", SourceID: fmt.Sprint(w.numbers[name]), Kinds: []matter.Kind{matter.Sweep}})
		if err != nil || page.Total == 0 { // the only works of its kind in the county
			return 0, err
		}
		return page.Rows[0].ID, nil
	}
	w.do(closed.AddDate(0, 0, 14), func(ctx context.Context) error {
		id, err := sweep(ctx)
		if err != nil || id == 0 {
			return err
		}
		p := w.as(county)
		if _, err = w.Matter.Move(ctx, p, id, matter.Act{Move: matter.Plan, Measures: "对同类工程逐一排查"}); err != nil {
			return err
		}
		if err := w.Matter.AnswerRest(ctx, p, id, "none", "已逐一排查"); err != nil {
			return err
		}
		_, err = w.Matter.Move(ctx, p, id, matter.Act{Move: matter.Submit})
		return err
	})
	w.do(closed.AddDate(0, 0, 18), func(ctx context.Context) error {
		id, err := sweep(ctx)
		if err != nil || id == 0 {
			return err
		}
		_, err = w.Matter.Move(ctx, w.as("shenhe"), id, matter.Act{Move: matter.Close, Way: "paper"})
		return err
	})
}

// province tells of the four works that the province looked at without notice, two in 上虞 and two in 新昌: none is mended yet.
func (w *watch) province(book *oversight.Rulebook) {
	at := w.until.AddDate(0, 0, -47).Add(10 * time.Hour)
	for k, code := range []string{"330604", "330604", "330624", "330624"} {
		list := book.Checklists.For("reservoir")[0]
		pool := w.objects["reservoir"][code]
		o := pool[len(pool)-1-k%2]
		c := counties()[slices.IndexFunc(counties(), func(c county) bool { return c.code == code })]
		clauses := w.pick(list, o, 1, 9000+k)
		w.inspect(visit{n: 9000 + k, at: at.Add(time.Duration(k) * time.Hour), who: "shenhe", mode: oversight.Provincial, list: list, object: o, county: c, clauses: clauses, stay: true})
	}
}

// returns are two problems that came back at the same works within the year.
func (w *watch) returns(book *oversight.Rulebook) {
	for k, code := range []string{"330604", "330624"} {
		list := book.Checklists.For("reservoir")[0]
		o := w.objects["reservoir"][code][k]
		c := counties()[slices.IndexFunc(counties(), func(c county) bool { return c.code == code })]
		clauses := w.pick(list, o, 1, 9100+k)
		if len(clauses) == 0 {
			continue
		}
		w.made++
		for round, days := range []int{-240, -40} {
			n := 9100 + 10*round + k
			w.inspect(visit{n: n, at: w.until.AddDate(0, 0, days).Add(9 * time.Hour), who: "shenhe", mode: oversight.Announced, list: list, object: o, county: c, clauses: clauses})
		}
	}
}

// personal lets the accounts stand for people of their bureaus, and staffs the teams.
func (f *filler) personal(ctx context.Context) error {
	f.numbers, f.unitOf, f.personOf, f.standsFor = map[string]int64{}, map[string]string{}, map[string]string{}, map[string]string{}
	page, err := f.Registry.Organisations(ctx, registry.Query{Scopes: []int64{f.division(City)}, Kind: "bureau", Limit: 100})
	if err != nil {
		return err
	}
	for _, o := range page.Items {
		f.unitOf[o.Division] = o.ID
	}
	return f.staffAccounts(ctx)
}

func (f *filler) staffAccounts(ctx context.Context) error {
	by := identity.Actor{ID: "program", Name: "anlan"}
	return f.Store.Write(ctx, func(tx *store.Tx) error {
		f.inspectors = nil
		link := func(login, division string) (string, error) {
			person, err := f.Registry.AddPerson(ctx, tx, registry.Program(), registry.NewPerson{Name: f.names[login], Organisation: f.unitOf[division]})
			if err == nil {
				err = f.Identity.ChangeAccount(ctx, tx, by, f.ids[login], identity.AccountChange{Person: &person})
				f.standsFor[login] = person
			}
			return person, err
		}
		for _, c := range counties() {
			person, err := link(loginOf(c.code), c.code)
			if err != nil {
				return err
			}
			f.personOf[c.code] = person
		}
		for _, login := range []string{"shenhe", "juzhang", inspector} {
			person, err := link(login, City)
			if err != nil {
				return err
			}
			if login == inspector {
				f.inspectors = append(f.inspectors, person)
			}
		}
		for k := range 17 {
			person, err := f.Registry.AddPerson(ctx, tx, registry.Program(), registry.NewPerson{Name: fmt.Sprintf("%c督查", []rune("孔钱孙李周吴郑冯褚卫蒋韩杨朱秦许何")[k]), Organisation: f.unitOf[City]})
			if err != nil {
				return err
			}
			f.inspectors = append(f.inspectors, person)
		}
		return nil
	})
}
