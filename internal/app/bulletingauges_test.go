package app_test

import (
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"anlan/internal/app"
	"anlan/internal/bulletin"
	"anlan/internal/bulletin/compose"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/series/threshold"
	"anlan/internal/store"
	"anlan/packs"
)

// watched is a city of two counties at 08:40 of a day, that writes bulletins.
type watched struct {
	*testing.T
	app  *app.App
	now  time.Time
	by   *identity.Principal
	from int64 // source of readings
}

func watch(t *testing.T) *watched {
	t.Helper()
	clock := &app.Clock{}
	w := &watched{T: t, now: time.Date(2026, 6, 8, 0, 40, 0, 0, time.UTC)}
	if err := clock.Set(w.now); err != nil {
		t.Fatal(err)
	}
	c := app.DefaultConfig()
	c.Database, c.City = filepath.Join(t.TempDir(), "a.db"), "330600"
	var err error
	if w.app, err = app.New(t.Context(), c, "test", clock, false, io.Discard); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.app.Close() })
	d := func(code, name, level, parent string) registry.NewDivision {
		return registry.NewDivision{Code: code, Name: fault.T(name, code), Kind: registry.Administrative, Level: level, Parent: parent}
	}
	w.write(func(tx *store.Tx) error {
		return w.app.Registry.AddDivisions(t.Context(), tx, []registry.NewDivision{d("330600", "绍兴市", "city", ""), d("330602", "越城区", "county", "330600"), d("330624", "新昌县", "county", "330600")})
	})
	if _, err := w.app.Bulletin.LoadShipped(t.Context(), audit.Actor{ID: "program", Name: "anlan"}, flood()); err != nil {
		t.Fatal(err)
	}
	tree, err := w.app.Registry.Tree(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	root := tree.Roots()[0]
	w.by = identity.NewPrincipal("lin", "lin", "林", root.ID, []identity.Grant{{Role: "planner", Line: identity.AnyLine, Division: root.ID}, {Role: "director", Line: identity.AnyLine, Division: root.ID}}, tree)
	if w.from, err = w.app.Series.Source(t.Context(), series.FromGauge, "sl651"); err != nil {
		t.Fatal(err)
	}
	return w
}

// flood are the shipped templates that tell of gauges, without what they say of duty, which takes a programme.
func flood() map[string][]byte {
	out := map[string][]byte{}
	for _, name := range []string{"flood-daily.yaml", "warning-summary.yaml"} {
		src := string(packs.Bulletins()[name])
		at := strings.Index(src, "  - say:\n    - text: \"值班")
		end := strings.Index(src[at:], "\n- heading:")
		if end < 0 {
			end = len(src[at:])
		}
		out[name] = []byte(strings.TrimSuffix(src[:at], "- heading: 值班和预案\n  level: 1\n  blocks:\n") + strings.TrimPrefix(src[at+end:], "\n"))
	}
	return out
}

func (w *watched) write(f func(tx *store.Tx) error) {
	w.Helper()
	if err := w.app.Store.Write(w.Context(), f); err != nil {
		w.Fatal(err)
	}
}

// gauge puts a station on record with limits.
func (w *watched) gauge(name, division, class string, subject int64, quantities []string, limits ...threshold.Threshold) (id int64) {
	w.Helper()
	w.write(func(tx *store.Tx) (err error) {
		st := series.Station{Class: class, Subject: subject, Quantities: quantities}
		if id, err = w.app.Series.AddStation(w.Context(), tx, registry.Program(), registry.NewWaterObject{Name: fault.T(name, name), Division: division}, st); err != nil {
			return err
		}
		for _, l := range limits {
			of := reading.Level
			if l.Kind == threshold.FloodLimit {
				of = reading.UpperLevel
			} else if l.Kind == threshold.Silence || l.Kind == threshold.Rain {
				of = reading.Rain
			}
			if _, err := w.app.Series.SetThreshold(w.Context(), tx, registry.Program(), id, of, l); err != nil {
				return err
			}
		}
		return nil
	})
	return id
}

func (w *watched) is(object int64, id reading.ID, at, v string) reading.Reading {
	w.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", "2026-06-"+at, hydrotime.Beijing)
	if err != nil {
		w.Fatal(err)
	}
	r := reading.Reading{Object: object, Quantity: id, At: t.UTC(), Value: quantity.Some(quantity.MustParse(v)), Source: w.from}
	if id == reading.Rain {
		r.Span = time.Hour
	}
	return r
}

func (w *watched) append(list ...reading.Reading) {
	w.Helper()
	if _, err := w.app.Series.Append(w.Context(), list); err != nil {
		w.Fatal(err)
	}
}

func (w *watched) compose(kind, scope, period string) (*bulletin.Composed, string) {
	w.Helper()
	c, err := w.app.Bulletin.Compose(w.Context(), w.by, bulletin.NewBulletin{Kind: kind, Scope: scope, Period: period})
	if err != nil {
		w.Fatal(err)
	}
	var text strings.Builder
	for _, b := range c.Text.Blocks {
		text.WriteString(compose.Plain(b.Runs) + "\n")
		if b.Table != nil {
			for _, r := range b.Table.Rows {
				for _, cell := range r {
					text.WriteString(cell.Text + "|")
				}
				text.WriteString("\n")
			}
		}
	}
	return c, text.String()
}

// says holds that a text has some words and not others, which begin with "!".
func (w *watched) says(text string, words ...string) {
	w.Helper()
	for _, s := range words {
		if not, ok := strings.CutPrefix(s, "!"); ok && strings.Contains(text, not) {
			w.Errorf("says %q:\n%s", not, text)
		} else if !ok && !strings.Contains(text, s) {
			w.Errorf("does not say %q:\n%s", s, text)
		}
	}
}

// TestGaugesInBulletins has a wet day at a few stations: rain by division, a river above its warning level, a reservoir above its flood
// limit, one that tells nothing and one that fell silent.
func TestGaugesInBulletins(t *testing.T) {
	w := watch(t)
	_, text := w.compose("flood-daily", "330600", "2026-06-08")
	w.says(text, "没有登记水雨情测站，无数据", "!0.0毫米")
	var dam int64
	w.write(func(tx *store.Tx) (err error) {
		dam, err = w.app.Registry.AddObject(t.Context(), tx, registry.Program(), registry.NewWaterObject{
			Kind: objectrule.Reservoir, Name: fault.T("长诏水库", "Zhangzhao"), Division: "330624", ObjectFacts: registry.ObjectFacts{StorageWanM3: quantity.Some(quantity.Int(18_900))},
		})
		return err
	})
	level := func(kind threshold.Kind, m string) threshold.Threshold {
		return threshold.Threshold{Kind: kind, Level: quantity.Some(quantity.MustParse(m))}
	}
	river := w.gauge("越城站", "330602", "ZZ", 0, []string{"level", "rain"}, level(threshold.Warning, "4.9"), level(threshold.Guarantee, "5.4"))
	w.gauge("东湖站", "330602", "ZZ", 0, []string{"level", "rain"}, level(threshold.Warning, "4.7"))
	rr := w.gauge("长诏水库站", "330624", "RR", dam, []string{"upper_level", "storage", "rain"}, threshold.Threshold{Kind: threshold.FloodLimit, Periods: []threshold.Period{{Begin: "0415", End: "0715", Level: quantity.Int(132)}}})
	var list []reading.Reading
	for h := range 24 {
		at := time.Date(2026, 6, 7, 9+h, 0, 0, 0, time.UTC).Format("02 15:04")
		list = append(list, w.is(rr, reading.Rain, at, "2"))
		if h != 5 { // an hour is missing
			list = append(list, w.is(river, reading.Rain, at, "1.5"))
		}
	}
	list = append(list, w.is(rr, reading.Rain, "08 08:30", "50"), // of the day that follows
		w.is(river, reading.Level, "07 08:00", "4.50"), w.is(river, reading.Level, "08 06:00", "5.30"), w.is(river, reading.Level, "08 08:00", "5.20"),
		w.is(rr, reading.UpperLevel, "07 07:30", "131.5"), w.is(rr, reading.UpperLevel, "08 08:00", "132.25"), w.is(rr, reading.Storage, "08 08:00", "144.05"))
	w.append(list...)
	c, text := w.compose("flood-daily", "330600", "2026-06-08")
	w.says(text,
		"（雨量站3站，有资料的2站，其中资料不全1站）", "最大的是新昌县长诏水库站，48.0毫米", "越城区|34.5|1|2|越城站|34.5|1.5|", "新昌县|48.0|1|1|长诏水库站|48.0|2.0|", "|资料不全|", "|正常|",
		"江河水位站2站，有8时水位的1站，超警戒水位1站", "越城站（越城区）6月8日8时水位5.20米，超警戒水位0.30米，较昨日8时涨0.70米", "东湖站|越城区|—|", "|缺测|", "5.30|8日6:00",
		"长诏水库（新昌县）6月8日8时水位132.25米，超汛限水位0.25米，较昨日8时涨0.75米，蓄水14405万方", "越城站|越城区|超警戒水位|8日6:00|4.90|5.30|8日6:00|未解除|", "超限事件2次", "!50")
	w.records(c)
	for _, l := range c.Snapshot.Lists {
		for _, it := range l.Items {
			if l.ID == "rivers_above" && (it.Of.Kind != "readings" || it.Of.Version != 1 || it.Fields["at"].Text.En != "2026-06-08 08:00" || it.Fields["quality"].Text.Zh != "正常") {
				t.Errorf("%+v", it)
			}
		}
	}
	_, text = w.compose("flood-daily", "330624", "2026-06-08")
	w.says(text, "全县面雨量48.0毫米", "新昌县|48.0|", "没有登记江河水位站", "!越城", "!东湖")
	_, text = w.compose("flood-daily", "330600", "2026-06-09")
	w.says(text, "统计时段至6月9日8时，尚未结束，无数据")
	c, text = w.compose("warning-summary", "330600", "2026-06")
	w.says(text, "2站出现超限事件2次，超警戒水位1次，超汛限水位1次", "尚未解除的2次", "长诏水库站|新昌县|超汛限水位|8日8:00|132.00|132.25|8日8:00|未解除")
	w.records(c)
	_, text = w.compose("warning-summary", "330600", "2026-05")
	w.says(text, "各站均无资料，无数据", "!无超限事件", "!无测站缺报")
	_, text = w.compose("flood-daily", "330600", "2026-06-01")
	w.says(text, "各雨量站均无资料", "越城区|—|0|2|", "各站均无8时水位，无数据", "各站均无资料，无数据", "!低于警戒", "!低于汛限", "!无超限事件", "!0.0毫米")
	w.append(w.is(river, reading.Level, "02 07:00", "4.10"))
	_, text = w.compose("flood-daily", "330602", "2026-06-02")
	w.says(text, "有资料的江河水位站均低于警戒水位", "无超限事件，无测站缺报事件")
}

// records holds that every row of a bulletin names what it was read from, and which state of it.
func (w *watched) records(c *bulletin.Composed) {
	w.Helper()
	for _, l := range c.Snapshot.Lists {
		for _, it := range l.Items {
			if it.Of == nil || it.Of.ID == "" || it.Of.Kind == "" || it.Of.Version == 0 {
				w.Errorf("%s: %s does not say where it is from: %+v", l.ID, it.ID, it.Of)
			}
		}
	}
}

// TestReadingsPutRight issues a daily and has a person correct a level, a new event come and the month go on: only the level, and what
// follows from it, is listed against the daily.
func TestReadingsPutRight(t *testing.T) {
	w := watch(t)
	river := w.gauge("越城站", "330602", "ZZ", 0, []string{"level"}, threshold.Threshold{Kind: threshold.Warning, Level: quantity.Some(quantity.MustParse("4.9"))})
	last := w.is(river, reading.Level, "08 08:00", "4.80")
	w.append(w.is(river, reading.Level, "07 08:00", "4.50"), last)
	id, err := w.app.Bulletin.Draft(t.Context(), w.by, bulletin.NewBulletin{Kind: "flood-daily", Scope: "330600", Period: "2026-06-08"})
	if err != nil {
		t.Fatal(err)
	}
	corrections := func() []snapshot.Change {
		t.Helper()
		list, err := w.app.Bulletin.Corrections(t.Context(), w.by, id)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	w.append(w.is(river, reading.Level, "08 08:20", "5.50"))
	if list := corrections(); len(list) > 0 {
		t.Errorf("what came later is listed: %+v", list)
	}
	w.write(func(tx *store.Tx) error {
		_, err := w.app.Series.Revise(t.Context(), tx, audit.Actor{ID: "shen", Name: "沈"}, last.Key(), series.Verdict{Act: series.Correct, Value: quantity.Some(quantity.MustParse("4.75")), Reason: "校核"})
		return err
	})
	found := false
	for _, c := range corrections() {
		if c.Aspect.ID == "level" && strings.Contains(c.Measure.Name.Zh, "越城站") {
			found = true
			if c.Then.String() != "4.8" || c.Now.String() != "4.75" || c.ThenVersion != 1 || c.NowVersion != 2 {
				t.Errorf("%+v", c)
			}
		}
	}
	if !found {
		t.Error("the corrected level is not listed")
	}
}
