package gb9704_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"anlan/internal/gb9704"
)

// office converts documents as a person's office program would lay them out. It skips aloud where LibreOffice or the tools of poppler
// are not there; the fonts are stand-ins that testdata/fonts.conf names.
type office struct{ dir string }

func newOffice(t *testing.T) office {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: the conversion by LibreOffice is left out in short runs")
	}
	const install = "apt-get install --no-install-recommends libreoffice-writer poppler-utils fonts-arphic-uming fonts-arphic-ukai fonts-noto-cjk"
	for _, tool := range []string{"soffice", "pdftotext", "pdfinfo", "pdffonts", "fc-list"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("SKIPPED: %s is not installed, so nobody looked at the pages (%s)", tool, install)
		}
	}
	fonts, err := exec.Command("fc-list", ":", "family").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"AR PL UMing CN", "AR PL UKai CN", "Noto Sans CJK SC", "Noto Serif CJK SC"} {
		if !strings.Contains(string(fonts), f) {
			t.Skipf("SKIPPED: the stand-in font %s is not installed, so nobody looked at the pages (%s)", f, install)
		}
	}
	return office{t.TempDir()}
}

// convert lays out all documents in one run of the program, which takes a second to start.
func (o office) convert(t *testing.T, documents map[string]gb9704.Document) {
	t.Helper()
	args := []string{"-env:UserInstallation=file://" + filepath.ToSlash(o.dir) + "/profile", "--headless", "--convert-to", "pdf", "--outdir", o.dir}
	for name, d := range documents {
		file := filepath.Join(o.dir, name+".docx")
		if err := os.WriteFile(file, write(t, d), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	fonts, err := filepath.Abs("testdata/fonts.conf")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // a program that hangs must not hang the tests
	defer cancel()
	c := exec.CommandContext(ctx, "soffice", args...)
	c.Env = append(os.Environ(), "FONTCONFIG_FILE="+fonts, "HOME="+o.dir)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
}

func (o office) run(t *testing.T, tool string, args ...string) string {
	t.Helper()
	c := exec.Command(tool, args...)
	c.Dir = o.dir
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s %v: %v", tool, args, err)
	}
	return string(out)
}

func (o office) pages(t *testing.T, name string) int {
	t.Helper()
	m := regexp.MustCompile(`Pages:\s+(\d+)`).FindStringSubmatch(o.run(t, "pdfinfo", name+".pdf"))
	if m == nil {
		t.Fatalf("%s.pdf has no number of pages", name)
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// lines are the lines of a page from top to bottom, without blanks.
func (o office) lines(t *testing.T, name string, page int) []string {
	t.Helper()
	p := strconv.Itoa(page)
	var out []string
	for l := range strings.SplitSeq(o.run(t, "pdftotext", "-layout", "-f", p, "-l", p, name+".pdf", "-"), "\n") {
		if l = strings.Join(strings.Fields(l), ""); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// box is where a word stands on a page, in points from the upper left corner.
type box struct{ left, top, right, bottom float64 }

// boxes are the places of the words on a page that end with a text, from top to bottom.
func (o office) boxes(t *testing.T, name string, page int, text string) []box {
	t.Helper()
	p := strconv.Itoa(page)
	out := o.run(t, "pdftotext", "-bbox", "-f", p, "-l", p, name+".pdf", "-")
	word := regexp.MustCompile(`xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<`)
	var found []box
	for _, m := range word.FindAllStringSubmatch(out, -1) {
		if !strings.HasSuffix(m[5], text) {
			continue
		}
		var v [4]float64
		for i := range v {
			v[i], _ = strconv.ParseFloat(m[i+1], 64)
		}
		found = append(found, box{v[0], v[1], v[2], v[3]})
	}
	if found == nil {
		t.Fatalf("%s: no word on page %d ends with %q", name, page, text)
	}
	return found
}

const mm = 72 / 25.4

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if got < want-within || got > want+within {
		t.Errorf("%s is at %.1f mm, want %.1f", what, got/mm, want/mm)
	}
}

// TestPages has LibreOffice lay out the samples and looks at the pages.
func TestPages(t *testing.T) {
	o := newOffice(t)
	documents := samples(t)
	full := gb9704.Paragraph{Text: strings.Repeat("水", 1680), Flush: true}
	documents["grid"] = body(full)
	documents["long"] = ledger(60)
	documents["twenty"] = twentyPages(t)
	for n := 17; n <= 22; n++ {
		documents[fmt.Sprint("foot", n)] = gb9704.Document{
			Body:    []gb9704.Block{gb9704.Paragraph{Text: strings.Repeat("水", n*28), Flush: true}},
			Imprint: &gb9704.Imprint{CopyTo: "省水利厅", Office: "办公室", Date: gb9704.DateText(issued)},
		}
	}
	documents["tall"] = tall()
	documents["drawings"] = body(gb9704.Paragraph{Text: prose}, gb9704.Picture{Drawing: drawn(), Alt: "图", Caption: "图1　示意"})
	o.convert(t, documents)
	t.Run("pdf", func(t *testing.T) { o.testPDF(t, documents) })
	t.Run("grid", func(t *testing.T) { o.testGrid(t) })
	t.Run("letter", func(t *testing.T) { o.testLetter(t) })
	t.Run("ledger", func(t *testing.T) { o.testLedger(t) })
	t.Run("imprint", func(t *testing.T) { o.testImprint(t) })
	t.Run("others", func(t *testing.T) {
		for name, want := range map[string]int{"form": 1, "reply": 1, "empty": 1} {
			if n := o.pages(t, name); n != want {
				t.Errorf("%s has %d pages, want %d", name, n, want)
			}
		}
		if n := o.pages(t, "twenty"); n < 18 || n > 24 {
			t.Errorf("the document of twenty pages has %d", n)
		}
		if l := o.lines(t, "form", 1); slices.Contains(l, "—1—") {
			t.Error("the form has a page number")
		}
	})
	t.Run("reply", func(t *testing.T) {
		near(t, "the mark of a letter", o.boxes(t, "reply", 1, "安澜市水利局")[0].top, 30*mm, 4*mm)
		if l := o.lines(t, "reply", 1); l[len(l)-1] != "抄送：省水利厅。" {
			t.Errorf("the letter ends with %q", l[len(l)-1])
		}
	})
}

// testGrid counts 22 lines of 28 characters on each full page (5.2.3): 1,680 characters are two pages and 16 lines.
func (o office) testGrid(t *testing.T) {
	if n := o.pages(t, "grid"); n != 3 {
		t.Fatalf("1,680 characters take %d pages, want 3", n)
	}
	for page, want := range map[int]int{1: 22, 2: 22, 3: 16} {
		var count int
		for _, l := range o.lines(t, "grid", page) {
			if !strings.Contains(l, "水") {
				continue
			}
			count++
			if n := strings.Count(l, "水"); n != 28 {
				t.Errorf("page %d, line %d has %d characters", page, count, n)
			}
		}
		if count != want {
			t.Errorf("page %d has %d lines, want %d", page, count, want)
		}
	}
	first := o.boxes(t, "grid", 1, "水")[0]
	near(t, "the left edge", first.left, 28*mm, mm)
	near(t, "the right edge", first.right, (210-26)*mm, 1.5*mm)
	odd, even := o.boxes(t, "grid", 1, "—"), o.boxes(t, "grid", 2, "—")
	near(t, "the number of an odd page", odd[1].right, (210-26)*mm-14, mm)
	near(t, "the number of an even page", even[0].left, 28*mm+14, mm)
	near(t, "the number under the text", even[0].top, (297-35+7)*mm, 2*mm)
}

func (o office) testLetter(t *testing.T) {
	if n := o.pages(t, "letter"); n != 4 {
		t.Errorf("the letter has %d pages", n)
	}
	first := o.lines(t, "letter", 1)
	want := []string{"000001", "内部", "加急", "安澜市水利局文件", "安水发〔2026〕12号", "安澜市水利局关于2026年5月", "全市水利重点工作完成情况的通报", "各县（市、区）水利局，局属各单位："}
	if !slices.Equal(first[:len(want)], want) {
		t.Errorf("the letter begins with %q", first[:len(want)])
	}
	near(t, "the mark", o.boxes(t, "letter", 1, "安澜市水利局文件")[0].top, (37+35)*mm, 4*mm)
	near(t, "the date, four characters in", o.boxes(t, "letter", 4, "日")[0].right, (210-26)*mm-4*15.75, mm)
	// Each face that the document asks for has its own stand-in.
	fonts := o.run(t, "pdffonts", "letter.pdf")
	for _, f := range []string{"UMing", "UKai", "NotoSansCJK", "NotoSerifCJK"} {
		if !strings.Contains(fonts, f) {
			t.Errorf("no text is set in %s:\n%s", f, fonts)
		}
	}
}

func (o office) testLedger(t *testing.T) {
	n := o.pages(t, "long")
	if n < 10 || n > 20 {
		t.Errorf("60 rows take %d pages", n)
	}
	size := o.run(t, "pdfinfo", "long.pdf")
	if !strings.Contains(size, "841.89 x 595.3") {
		t.Errorf("the ledger does not lie crosswise:\n%s", size)
	}
	for p := range n {
		text := strings.Join(o.lines(t, "long", p+1), " ")
		if !strings.Contains(text, "整改措施") || !strings.Contains(text, "责任清单") {
			t.Errorf("page %d has no head", p+1)
		}
	}
	if sizes := o.run(t, "pdfinfo", "-f", "1", "-l", "9", "upward.pdf"); strings.Count(sizes, "595.304 x 841.89") != 3 || strings.Count(sizes, "841.89 x 595.304") < 2 {
		t.Errorf("the report upward is laid out as\n%s", sizes)
	}
}

// testImprint holds that the imprint ends on the lower edge of the text area whatever stands above it, and covers nothing.
func (o office) testImprint(t *testing.T) {
	for n := 17; n <= 22; n++ {
		name := fmt.Sprint("foot", n)
		last := o.pages(t, name)
		copies, printed := o.boxes(t, name, last, "水利厅。")[0], o.boxes(t, name, last, "日印发")[0]
		near(t, name+": the end of the imprint", printed.bottom, (297-35)*mm, 2*mm)
		if last == 1 {
			text := o.boxes(t, name, 1, "水")
			if text[len(text)-1].bottom > copies.top {
				t.Errorf("%s: the imprint covers the text", name)
			}
		}
		if want := 1 + n/21; last != want {
			t.Errorf("%s: %d lines and an imprint take %d pages, want %d", name, n, last, want)
		}
	}
}

// testPDF compares the pages that we set with those of LibreOffice. Its lines break a little earlier, since it leaves a quarter of a
// character between Chinese and figures; so one page in ten may differ, and none of a short document.
func (o office) testPDF(t *testing.T, documents map[string]gb9704.Document) {
	for name, d := range documents {
		want := o.pages(t, name)
		b := bytesPDF(t, d)
		if got := len(readPDF(t, b).pages()); got < want-want/10 || got > want+want/10 {
			t.Errorf("%s has %d pages, by LibreOffice %d", name, got, want)
		}
		if err := os.WriteFile(filepath.Join(o.dir, name+".own.pdf"), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if text := bare(o.run(t, "pdftotext", "letter.own.pdf", "-")); !strings.Contains(text, "截至5月底，全市完成水利投资12.6亿元，占年度计划的43.2%") {
		t.Errorf("the text of the letter cannot be searched:\n%s", text)
	}
	if text := bare(o.run(t, "pdftotext", "drawings.pdf", "-")); !strings.Contains(text, "62.4") {
		t.Errorf("LibreOffice shows no words of the metafile:\n%s", text)
	}
	if info := o.run(t, "pdfinfo", "letter.own.pdf"); !regexp.MustCompile(`Tagged:\s+yes`).MatchString(info) || !strings.Contains(info, "安澜市水利局") {
		t.Errorf("the letter tells of itself\n%s", info)
	}
	fonts := o.run(t, "pdffonts", "letter.own.pdf")
	for _, f := range []string{"FangSong_GB2312", "KaiTi_GB2312", "SimHei", "FZXBSJW--GB1-0", "SimSun"} {
		if !strings.Contains(fonts, f) {
			t.Errorf("no text asks for %s:\n%s", f, fonts)
		}
	}
}
