package demo_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"anlan/internal/app"
	"anlan/internal/bulletin"
	"anlan/internal/bulletin/compose"
	"anlan/internal/demo"
	"anlan/internal/identity"
	"anlan/internal/registry"
)

// tellsOfBulletins looks for what the story says: a year of issued bulletins, one with figures corrected since, one that waits.
func tellsOfBulletins(t *testing.T, a *app.App, tree *registry.Tree) {
	t.Helper()
	city, _ := tree.ByCode(demo.City)
	boss := identity.NewPrincipal("x", "x", "x", city.ID, []identity.Grant{{Role: "director", Line: "*", Division: city.ID}}, tree)
	list := func(q bulletin.Query) []*bulletin.Bulletin {
		t.Helper()
		q.Limit = 500
		pg, err := a.Bulletin.List(t.Context(), boss, q)
		if err != nil {
			t.Fatal(err)
		}
		return pg.Items
	}
	for _, kind := range []string{"monthly-notice", "county-ranking", "director-briefing"} {
		months := map[string]bool{}
		for _, b := range list(bulletin.Query{Kind: kind, State: bulletin.Issued, Scope: city.ID}) {
			months[b.Period] = true
		}
		if len(months) != 12 {
			t.Errorf("%s was issued for %d months", kind, len(months))
		}
	}
	tellsOfGauges(t, a, boss, list(bulletin.Query{Kind: "flood-daily", State: bulletin.Issued, Scope: city.ID}))
	march := list(bulletin.Query{Kind: "monthly-notice", From: "2026-03", To: "2026-03"})[0]
	fixed, err := a.Bulletin.Corrections(t.Context(), boss, march.ID)
	if err != nil || len(fixed) == 0 || !fixed[0].Filed || fixed[0].Division.Code != "330681" {
		t.Errorf("corrections of the notice of March: %d, %v", len(fixed), err)
	}
	april := list(bulletin.Query{Kind: "monthly-notice", From: "2026-04", To: "2026-04"})[0]
	// What was corrected in March stands in April as the period before, and was not filed there.
	if fixed, err := a.Bulletin.Corrections(t.Context(), boss, april.ID); err != nil || len(fixed) == 0 || fixed[0].Filed {
		t.Errorf("corrections of the notice of April: %d, %v", len(fixed), err)
	}
	waits := list(bulletin.Query{State: bulletin.Submitted})
	if len(waits) != 1 {
		t.Fatalf("%d bulletins wait for approval", len(waits))
	}
	if d, err := a.Bulletin.Get(t.Context(), boss, waits[0].ID); err != nil || len(d.Flags) != 1 || d.Flags[0].Is != "55" {
		t.Errorf("flags of the one that waits: %+v, %v", d.Flags, err)
	}
	briefing := list(bulletin.Query{Kind: "director-briefing", From: "2026-04", To: "2026-04", Scope: city.ID})[0]
	for _, b := range append(list(bulletin.Query{From: "2026-04", To: "2026-04"}), briefing) {
		namesRecords(t, a, boss, b)
	}
	files := map[string][]byte{}
	for name, id := range map[string]int64{"notice": april.ID, "briefing": briefing.ID} {
		for _, form := range a.Bulletin.Forms() {
			f, err := a.Bulletin.File(t.Context(), boss, id, form)
			if err != nil {
				t.Fatal(err)
			}
			again, err := a.Bulletin.Remake(t.Context(), boss, id, form)
			if err != nil || !bytes.Equal(f.Content, again.Content) {
				t.Errorf("%s as %s made again differs: %v", name, form, err)
			}
			if form == bulletin.DOCX {
				files[name] = f.Content
			}
		}
	}
	namesFonts(t, files["notice"])
	opensInOffice(t, files)
}

// namesRecords holds that every row of a list names what it was read from; projects and deadlines with a version.
func namesRecords(t *testing.T, a *app.App, boss *identity.Principal, b *bulletin.Bulletin) {
	t.Helper()
	d, err := a.Bulletin.Get(t.Context(), boss, b.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range d.Snapshot.Lists {
		for _, it := range l.Items {
			if it.Of == nil || it.Of.Kind == "" || it.Of.ID == "" || it.Of.Version == 0 && (it.Of.Kind == "project" || it.Of.Kind == "deadline" || it.Of.Kind == "readings") {
				t.Errorf("%s of %s: row %s of %s does not say where it is from: %+v", b.Kind, b.Period, it.ID, l.ID, it.Of)
			}
		}
	}
}

// tellsOfGauges holds the newest daily to the sixty stations: their rain, the levels of rivers and reservoirs, and no correction since.
func tellsOfGauges(t *testing.T, a *app.App, boss *identity.Principal, dailies []*bulletin.Bulletin) {
	t.Helper()
	if len(dailies) != 3 || dailies[0].Period != demo.Today {
		t.Fatalf("%d dailies are issued", len(dailies))
	}
	d, err := a.Bulletin.Get(t.Context(), boss, dailies[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, p := range d.Body.Pieces {
		text += compose.Plain(p.Runs) + "\n"
	}
	for _, words := range []string{"（雨量站60站，有资料的60站）", "江河水位站24站，有8时水位的24站", "有测站的水库20座，有8时水位的20座", "超警戒水位"} {
		if !strings.Contains(text, words) {
			t.Errorf("the daily does not say %q: %s", words, text)
		}
	}
	for id, n := range map[string]int{"rain": 7, "river_levels": 24, "reservoir_levels": 20} {
		l, ok := d.Snapshot.List(id)
		if !ok || len(l.Items) != n {
			t.Errorf("list %s: %+v", id, l)
			continue
		}
		for _, it := range l.Items {
			if it.Of == nil || it.Of.Version == 0 || it.Fields["quality"].Text.Zh != "正常" {
				t.Errorf("%s: %+v", id, it)
			}
		}
	}
	for _, b := range dailies {
		if list, err := a.Bulletin.Corrections(t.Context(), boss, b.ID); err != nil || len(list) > 0 {
			t.Errorf("corrections of the daily of %s: %+v, %v", b.Period, list, err)
		}
	}
}

// namesFonts looks for the fonts that GB/T 9704 asks for in a document's own parts.
func namesFonts(t *testing.T, docx []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, ".xml") {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(&all, r); err != nil {
				t.Fatal(err)
			}
			r.Close()
		}
	}
	for _, font := range []string{"方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"} {
		if !strings.Contains(all.String(), `w:eastAsia="`+font+`"`) {
			t.Errorf("the notice asks for no %s", font)
		}
	}
	if !strings.Contains(all.String(), "各地水利建设投资完成率：") || !strings.Contains(all.String(), "，序时进度均为") {
		t.Error("the chart has no words for those who cannot see it")
	}
}

// opensInOffice converts the documents as a person's office program opens them, and looks at pages, words and fonts. It skips aloud
// where there is no LibreOffice.
func opensInOffice(t *testing.T, files map[string][]byte) {
	t.Helper()
	if testing.Short() {
		t.Log("SKIPPED: the conversion by LibreOffice is left out in short runs")
		return
	}
	for _, tool := range []string{"soffice", "pdfinfo", "pdftotext", "pdffonts"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Logf("SKIPPED: %s is not installed, so nobody looked at the pages (apt-get install libreoffice-writer-nogui poppler-utils)", tool)
			return
		}
	}
	dir := t.TempDir()
	fonts, err := filepath.Abs("../gb9704/testdata/fonts.conf")
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"-env:UserInstallation=file://" + filepath.ToSlash(dir) + "/profile", "--headless", "--convert-to", "pdf", "--outdir", dir}
	for name, b := range files {
		file := filepath.Join(dir, name+".docx")
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	run := func(tool string, args ...string) string {
		t.Helper()
		c := exec.CommandContext(ctx, tool, args...)
		c.Dir, c.Env = dir, append(os.Environ(), "FONTCONFIG_FILE="+fonts, "HOME="+dir)
		out, err := c.Output()
		if err != nil {
			t.Fatalf("%s: %v", tool, err)
		}
		return string(out)
	}
	run("soffice", args...)
	blank := regexp.MustCompile(`\s+`)
	f := func(name string, least, most int, says ...string) {
		t.Helper()
		pages := len(strings.Split(strings.TrimRight(run("pdftotext", "-layout", name+".pdf", "-"), "\f"), "\f"))
		if pages < least || pages > most {
			t.Errorf("%s has %d pages, %d to %d are expected", name, pages, least, most)
		}
		text := blank.ReplaceAllString(run("pdftotext", name+".pdf", "-"), "")
		for _, s := range says {
			if !strings.Contains(text, s) {
				t.Errorf("%s does not say %q", name, s)
			}
		}
		if used := run("pdffonts", name+".pdf"); strings.Count(used, "\n") < 4 {
			t.Errorf("%s is set in too few fonts:\n%s", name, used)
		}
	}
	f("notice", 6, 14, "绍水通〔2026〕5号", "累计完成水利建设投资28.09亿元", "完成率位居全省第", "表1", "图1", "2026年5月9日", "全市水利重点指标表")
	f("briefing", 3, 8, "今年以来工作进展", "存在差距", "下阶段任务", "2026年5月9日")
}
