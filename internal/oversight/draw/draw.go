// Package draw draws objects to inspect and the inspectors who go (双随机), so that anybody can do it again by hand.
//
// Every candidate has lots. A lot's number is the SHA-256 of five lines of text, joined by single line feeds: "anlan-draw/1", the
// seed, what is drawn ("object", "county" or "team"), the candidate, and the number of the lot from 1. Written in hex, the
// smallest number comes first; of several lots the smallest counts. Nothing else is random, so the order in which candidates
// are handed in does not matter. How a seed is come by, and who keeps the result, is left to the room above; a seed must not be
// chosen by somebody who already knows the candidates.
package draw

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"anlan/internal/fault"
)

// Algorithm names the procedure in a result; another procedure has another name.
const Algorithm = "anlan-draw/1"

// MaxWeight bounds how many lots an object has.
const MaxWeight = 100

// Request is what is drawn from.
type Request struct {
	Seed       string
	Objects    []Object
	Inspectors []Inspector
	Count      int // objects to draw
	PerTeam    int // inspectors for each; 0 draws objects only
	// Stratify shares the objects out over their counties: one each where there are enough, the rest in proportion.
	Stratify bool
}

// Object is a candidate for inspection.
type Object struct {
	ID     string
	County string
	Unit   string // who runs it; "" where not known
	Weight int    // lots, 1 to MaxWeight; 0 stands for 1
}

// Inspector is a candidate for a team. Nobody inspects in the own county, or an object of the own unit.
type Inspector struct {
	ID     string
	County string   // "" for one of the city's or province's own
	Unit   string   // "" where not known
	Avoids []string // objects and units that the inspector has declared an interest in
}

// Result is a draw.
type Result struct {
	Algorithm string
	Seed      string
	Pool      string // SHA-256 over all candidates: what was drawn from
	Quotas    []Quota
	Drawn     []Drawn // in the order drawn; by county where stratified
}

// Quota says how many of a county's objects were to be drawn.
type Quota struct {
	County string
	Of     int
	Count  int
}

// Drawn is an object with its team.
type Drawn struct {
	Object string
	Lot    string // the number that drew it, in hex
	Team   []string
}

// Draw draws. An error is a fault: a request that cannot be met, with the place and the reason.
func Draw(q Request) (Result, error) {
	if err := check(q); err != nil {
		return Result{}, err
	}
	r := Result{Algorithm: Algorithm, Seed: q.Seed, Pool: pool(q)}
	var chosen []Object
	if q.Stratify {
		r.Quotas = quotas(q)
		for _, share := range r.Quotas {
			county := slices.DeleteFunc(slices.Clone(q.Objects), func(o Object) bool { return o.County != share.County })
			chosen = append(chosen, first(q.Seed, county, share.Count)...)
		}
	} else {
		chosen = first(q.Seed, q.Objects, q.Count)
	}
	load := map[string]int{}
	for _, o := range chosen {
		team, err := team(q, o, load)
		if err != nil {
			return Result{}, err
		}
		r.Drawn = append(r.Drawn, Drawn{Object: o.ID, Lot: smallest(q.Seed, o), Team: team})
	}
	return r, nil
}

// Verify does a draw again and says where a result differs; nil means that it is the draw of this request.
func Verify(q Request, r Result) error {
	if r.Algorithm != Algorithm {
		return fault.Invalidf("draw.algorithm", "抽取方法 %q 未知", "the procedure %q is not known", r.Algorithm)
	}
	again, err := Draw(q)
	if err != nil {
		return err
	}
	differs := func(zh, en string, args ...any) error { return fault.Invalidf("draw.differs", zh, en, args...) }
	switch {
	case r.Seed != again.Seed:
		return differs("随机种子不同", "the seed is another")
	case r.Pool != again.Pool:
		return differs("候选名单与抽取时不同", "the candidates are not those of the draw")
	case !slices.Equal(r.Quotas, again.Quotas):
		return differs("各县名额不同", "the counties' shares differ")
	case len(r.Drawn) != len(again.Drawn):
		return differs("抽出 %d 个，应为 %d 个", "%d objects are drawn, not %d", len(r.Drawn), len(again.Drawn))
	}
	for i, d := range again.Drawn {
		if got := r.Drawn[i]; got.Object != d.Object || got.Lot != d.Lot || !slices.Equal(got.Team, d.Team) {
			return differs("第 %d 个应为 %s，检查人员 %s", "number %d is %s, inspected by %s", i+1, d.Object, strings.Join(d.Team, ", "))
		}
	}
	return nil
}

// Lot is the number of one lot, in hex: what a person computes to check a draw.
func Lot(seed, what, candidate string, n int) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{Algorithm, seed, what, candidate, strconv.Itoa(n)}, "\n")))
	return hex.EncodeToString(sum[:])
}

// smallest is the smallest of an object's lots, so that one with three lots comes first three times as often as one with one.
func smallest(seed string, o Object) string {
	best := Lot(seed, "object", o.ID, 1)
	for n := 2; n <= o.Weight; n++ {
		best = min(best, Lot(seed, "object", o.ID, n))
	}
	return best
}

// first takes the n objects with the smallest lots.
func first(seed string, objects []Object, n int) []Object {
	lots := map[string]string{}
	for _, o := range objects {
		lots[o.ID] = smallest(seed, o)
	}
	sorted := slices.SortedFunc(slices.Values(objects), func(a, b Object) int {
		return cmp.Or(cmp.Compare(lots[a.ID], lots[b.ID]), cmp.Compare(a.ID, b.ID))
	})
	return sorted[:n]
}

// quotas shares the count out over the counties, by code. Where there are fewer to draw than counties, the counties are drawn.
// Otherwise each has one, and the rest goes by what each has left: whole shares first, then the largest remainders, and among
// equal remainders the smaller lot of the county.
func quotas(q Request) []Quota {
	sizes := map[string]int{}
	for _, o := range q.Objects {
		sizes[o.County]++
	}
	var list []Quota
	for county, n := range sizes {
		list = append(list, Quota{County: county, Of: n})
	}
	lot := func(x Quota) string { return Lot(q.Seed, "county", x.County, 1) }
	slices.SortFunc(list, func(a, b Quota) int { return cmp.Compare(lot(a), lot(b)) })
	rest, spare := q.Count-len(list), len(q.Objects)-len(list)
	remainder := map[string]int{}
	for i := range list {
		switch {
		case rest >= 0 && spare > 0:
			share := rest * (list[i].Of - 1)
			list[i].Count = 1 + share/spare
			remainder[list[i].County] = share % spare
		case i < q.Count:
			list[i].Count = 1
		}
	}
	if rest > 0 {
		slices.SortStableFunc(list, func(a, b Quota) int { return cmp.Compare(remainder[b.County], remainder[a.County]) })
		for i := 0; total(list) < q.Count; i++ {
			list[i].Count++
		}
	}
	slices.SortFunc(list, func(a, b Quota) int { return cmp.Compare(a.County, b.County) })
	return list
}

func total(list []Quota) int {
	n := 0
	for _, q := range list {
		n += q.Count
	}
	return n
}

// team draws the inspectors of one object: of those who may, the least often drawn so far, and among these the smallest lots
// of object and inspector together.
func team(q Request, o Object, load map[string]int) ([]string, error) {
	if q.PerTeam == 0 {
		return nil, nil
	}
	var may []string
	for _, p := range q.Inspectors {
		if p.may(o) {
			may = append(may, p.ID)
		}
	}
	if len(may) < q.PerTeam {
		return nil, fault.Invalidf("draw.team", "对象 %s 可派检查人员 %d 名，少于 %d 名", "%[1]s can be inspected by %[2]d of the inspectors, fewer than %[3]d", o.ID, len(may), q.PerTeam)
	}
	lot := func(id string) string { return Lot(q.Seed, "team", o.ID+" "+id, 1) }
	slices.SortFunc(may, func(a, b string) int {
		return cmp.Or(cmp.Compare(load[a], load[b]), cmp.Compare(lot(a), lot(b)), cmp.Compare(a, b))
	})
	chosen := slices.Clone(may[:q.PerTeam])
	for _, id := range chosen {
		load[id]++
	}
	return chosen, nil
}

func (p Inspector) may(o Object) bool {
	switch {
	case p.County != "" && p.County == o.County, p.Unit != "" && p.Unit == o.Unit:
		return false
	case slices.Contains(p.Avoids, o.ID), o.Unit != "" && slices.Contains(p.Avoids, o.Unit):
		return false
	}
	return true
}

func check(q Request) error {
	bad := fault.Invalidf("draw.request", "无法抽取", "the draw cannot be held")
	if q.Seed == "" || !plain(q.Seed) {
		bad.At("seed", fault.T("随机种子为空，或含控制字符", "the seed is empty or holds control characters"))
	}
	if q.Count < 1 || q.Count > len(q.Objects) {
		bad.At("count", fault.Tf("抽取数应为 1–%d", "the number to draw is 1 to %d", len(q.Objects)))
	}
	if q.PerTeam < 0 || q.PerTeam > len(q.Inspectors) {
		said := fault.T("计划没有检查组，抽取人员前请先指定检查组，或每组人数填 0", "the plan has no team to draw from: choose teams, or draw 0 inspectors each")
		if len(q.Inspectors) > 0 {
			said = fault.Tf("每组人数应为 0–%d", "the number of inspectors each is 0 to %d", len(q.Inspectors))
		}
		bad.At("per_team", said)
	}
	seen := map[string]bool{}
	for i, o := range q.Objects {
		at := fmt.Sprintf("objects[%d]", i)
		identity(bad, at, o.ID, seen)
		if o.Weight < 0 || o.Weight > MaxWeight {
			bad.At(at+".weight", fault.Tf("签数应为 1–%d", "the lots are 1 to %d", MaxWeight))
		}
		if q.Stratify && (o.County == "" || !plain(o.County)) {
			bad.At(at+".county", fault.T("按县抽取时须填所在县", "a draw by county needs the county"))
		}
	}
	seen = map[string]bool{}
	for i, p := range q.Inspectors {
		identity(bad, fmt.Sprintf("inspectors[%d]", i), p.ID, seen)
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

func identity(bad *fault.Error, at, id string, seen map[string]bool) {
	switch {
	case id == "" || !plain(id) || strings.Contains(id, " "):
		bad.At(at+".id", fault.T("编号为空，或含空格、控制字符", "the id is empty or holds spaces or control characters"))
	case seen[id]:
		bad.At(at+".id", fault.Tf("%s 重复", "%s stands twice", id))
	}
	seen[id] = true
}

// plain reports whether a text can stand in one line and be written the same everywhere.
func plain(s string) bool { return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl) }

// pool is the SHA-256 over all candidates, each on a line of its own, sorted, so that a changed list shows.
func pool(q Request) string {
	var lines []string
	for _, o := range q.Objects {
		lines = append(lines, fmt.Sprintf("object %q %q %q %d", o.ID, o.County, o.Unit, max(o.Weight, 1)))
	}
	for _, p := range q.Inspectors {
		lines = append(lines, fmt.Sprintf("inspector %q %q %q %q", p.ID, p.County, p.Unit, slices.Sorted(slices.Values(p.Avoids))))
	}
	slices.Sort(lines)
	lines = append(lines, fmt.Sprintf("draw %d %d %t", q.Count, q.PerTeam, q.Stratify))
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}
