package packs_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"anlan/internal/bulletin/template"
	"anlan/internal/identity"
	"anlan/internal/ledger/acceptance"
	"anlan/internal/ledger/scheme"
	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/compare"
	"anlan/internal/oversight/ladder"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
	"anlan/internal/registry/objectrule"
	"anlan/packs"

	"github.com/google/go-cmp/cmp"
)

func library(t *testing.T) *checklist.Library {
	t.Helper()
	var lists []*checklist.Checklist
	for name, src := range packs.Checklists() {
		c, err := checklist.Parse(name, src)
		if err != nil {
			t.Fatal(err)
		}
		if c.ID+".yaml" != name {
			t.Errorf("%s holds the list %s", name, c.ID)
		}
		lists = append(lists, c)
	}
	l, err := checklist.NewLibrary(lists)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// known are the rules that a clause may name as its basis; a clause without one is marked as a sample.
var known = []string{
	"水库大坝安全管理条例", "小型水库安全管理办法", "小型水库防汛“三个责任人”履职手册", "小型水库防汛“三个重点环节”工作指南", "水库大坝安全鉴定办法",
	"中华人民共和国防洪法", "中华人民共和国防汛条例", "中华人民共和国水法", "中华人民共和国河道管理条例", "中华人民共和国长江保护法",
	"中华人民共和国水污染防治法", "中华人民共和国安全生产法", "中华人民共和国招标投标法", "招标投标法实施条例", "建设工程质量管理条例",
	"建设工程安全生产管理条例", "水利工程建设安全生产管理规定", "保障农民工工资支付条例", "取水许可和水资源费征收管理条例",
	"SL 176 水利水电工程施工质量检验与评定规程", "SL 721 水利水电工程施工安全管理导则", "SL 310 村镇供水工程技术规范", "GB 5749 生活饮用水卫生标准",
}

// TestChecklistsSayWhatTheyRestOn holds every clause to a known rule or to the mark of a sample, and both languages to their own.
func TestChecklistsSayWhatTheyRestOn(t *testing.T) {
	han := regexp.MustCompile(`\p{Han}`)
	texts := map[string]string{}
	for _, c := range library(t).Lists() {
		if n := c.Count(); n < 15 || n > 45 {
			t.Errorf("%s has %d clauses", c.ID, n)
		}
		if !c.Sample || !strings.Contains(c.Basis.Zh, "示例，待核") || c.Scoring != nil && !c.Scoring.Sample {
			t.Errorf("%s is not marked as a sample", c.ID)
		}
		for _, s := range c.Sections {
			for _, cl := range s.Clauses {
				if cl.Sample == (cl.Basis.Zh != "") || cl.Basis.Zh != "" && !slices.Contains(known, cl.Basis.Zh) {
					t.Errorf("%s rests on %q and is a sample: %v", cl.Code, cl.Basis.Zh, cl.Sample)
				}
				if !han.MatchString(cl.Text.Zh) || han.MatchString(cl.Text.En) || han.MatchString(cl.Basis.En) {
					t.Errorf("%s mixes its languages: %+v", cl.Code, cl.Text)
				}
				if first := texts[cl.Text.Zh]; first != "" {
					t.Errorf("%s says what %s says", cl.Code, first)
				}
				texts[cl.Text.Zh] = cl.Code
			}
		}
	}
}

// TestWhatTheDocumentNamesHasItsList holds the kinds of works that the founding document has inspected to a list, and the small
// reservoirs to the three persons and the three key links.
func TestWhatTheDocumentNamesHasItsList(t *testing.T) {
	l := library(t)
	for _, kind := range []string{"reservoir", "construction", "waterworks", "river", "hydropower", "duty", "pond", "dike", "sluice"} {
		if len(l.For(kind)) == 0 {
			t.Errorf("nothing to look for at a %s", kind)
		}
	}
	c, _ := l.List("small-reservoirs")
	persons, links := map[checklist.Persons]int{}, map[checklist.KeyLink]int{}
	for _, s := range c.Sections {
		for _, cl := range s.Clauses {
			persons[cl.Persons]++
			links[cl.KeyLink]++
		}
	}
	for _, p := range []checklist.Persons{checklist.Administrative, checklist.Technical, checklist.Patrol, checklist.AllThree} {
		if persons[p] < 2 {
			t.Errorf("%d clauses about the person %s", persons[p], p)
		}
	}
	for _, k := range []checklist.KeyLink{checklist.Monitoring, checklist.OperationPlan, checklist.EmergencyPlan} {
		if links[k] < 3 {
			t.Errorf("%d clauses about the key link %s", links[k], k)
		}
	}
	if c.Scoring.Start != quantity.Int(100) || c.Scoring.Points[checklist.Serious] != quantity.Int(10) {
		t.Errorf("scored as %+v", c.Scoring)
	}
}

// TestLedgersAreSound reads every shipped ledger, and holds each to its file, to a kind of the register and to a checklist that is there.
func TestLedgersAreSound(t *testing.T) {
	lists, kinds := library(t), map[string]bool{}
	for _, k := range objectrule.Kinds() {
		kinds[k.Code] = true
	}
	for name, src := range packs.Ledgers() {
		s, err := scheme.Parse(name, src)
		if err != nil {
			t.Error(err)
			continue
		}
		if s.ID+".yaml" != name {
			t.Errorf("%s holds the ledger %s", name, s.ID)
		}
		for _, o := range s.Objects {
			if !kinds[o] {
				t.Errorf("%s is of %s, which the register does not know", s.ID, o)
			}
		}
		if _, ok := lists.List(s.Follows); s.Follows != "" && !ok {
			t.Errorf("%s follows %s, which is not there", s.ID, s.Follows)
		}
	}
}

var update = flag.Bool("update", false, "write the schemas anew")

// TestSchemasAreWritten holds the schemas beside the definitions against the types; -update writes them anew.
func TestSchemasAreWritten(t *testing.T) {
	for name, schema := range map[string][]byte{
		"checklists/schema.json":           checklist.Schema(),
		"acceptance/schema.json":           acceptance.Schema(),
		"ledgers/schema.json":              scheme.Schema(),
		"bulletins/schema.json":            template.Schema(),
		"oversight/comparison.schema.json": compare.Schema(),
		"oversight/ladder.schema.json":     ladder.Schema(),
		"lifecycle/schema.json":            lifecycle.Schema(),
	} {
		file := filepath.FromSlash(name)
		if *update {
			if err := os.WriteFile(file, schema, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(b), string(schema)); diff != "" {
			t.Errorf("packs/%s is out of date, run go test ./packs -update (-want +got):\n%s", name, diff)
		}
	}
}

// TestScoreTreesGoTogether reads every shipped tree: ids as the files, codes once over all, samples marked as such.
func TestScoreTreesGoTogether(t *testing.T) {
	codes := map[string]string{}
	once := func(tree, code string) {
		if first := codes[code]; first != "" {
			t.Errorf("%s of %s is in %s", code, tree, first)
		}
		codes[code] = tree
	}
	for name, src := range packs.Acceptance() {
		tree, err := acceptance.Parse(name, src)
		if err != nil {
			t.Error(err)
			continue
		}
		if tree.ID+".yaml" != name || !tree.Sample || !strings.Contains(tree.Basis.Zh, "示例，待核") || tree.Threshold != quantity.Int(85) || len(tree.Prerequisites) < 3 {
			t.Errorf("%s: %+v", name, tree)
		}
		for _, p := range tree.Prerequisites {
			once(tree.ID, p.Code)
		}
		for _, d := range tree.Dimensions {
			for _, i := range d.Items {
				once(tree.ID, i.Code)
			}
		}
	}
	if len(packs.Acceptance()) != 3 || len(codes) < 40 {
		t.Errorf("%d trees with %d codes", len(packs.Acceptance()), len(codes))
	}
}

func TestFourComparisons(t *testing.T) {
	c, err := compare.Parse(packs.Comparison())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range c.Parts {
		names = append(names, p.Name.Zh)
	}
	if want := []string{"问题比数量", "检查比质量", "整改比速度", "成效比高度"}; !slices.Equal(names, want) || !c.Sample {
		t.Errorf("compared by %v", names)
	}
}

// TestLadderHasTheStepsOfTheDocument holds 发通报、督整改、严问责 to steps, each approved by a role there is.
func TestLadderHasTheStepsOfTheDocument(t *testing.T) {
	l, err := ladder.Parse(packs.Ladder())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range l.Steps {
		names = append(names, s.Name.Zh)
		if !slices.ContainsFunc(identity.Roles(), func(r identity.Role) bool {
			return r.ID == s.Approver && slices.Contains(r.Permissions, identity.MatterApprove)
		}) {
			t.Errorf("%s is approved by %s, which no role may", s.ID, s.Approver)
		}
	}
	if want := []string{"提醒函", "通报", "约谈", "督办", "考核扣分"}; !slices.Equal(names, want) || !l.Sample {
		t.Errorf("the steps are %v", names)
	}
	for _, m := range checklist.Measures() {
		if !slices.ContainsFunc(l.Liability, func(b checklist.Band) bool { return b.Measure == m }) {
			t.Errorf("no score leads to %s", m)
		}
	}
}
