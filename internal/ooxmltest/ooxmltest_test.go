package ooxmltest_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"anlan/internal/ooxmltest"
)

// file is a part of a package.
type file struct{ name, text string }

const (
	w  = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"`
	x  = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	ct = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="r"/><Default Extension="png" ContentType="p"/>`
	rs = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
)

func letter() []file {
	return []file{
		{"[Content_Types].xml", ct + `<Override PartName="/word/document.xml" ContentType="d"/><Override PartName="/word/styles.xml" ContentType="s"/></Types>`},
		{"_rels/.rels", rs + `<Relationship Id="rId1" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<w:document ` + w + `><w:body><w:p><w:pPr><w:pStyle w:val="A"/><w:keepNext/></w:pPr><w:bookmarkStart w:id="1" w:name="b"/><w:r><w:rPr><w:b/><w:sz w:val="1"/></w:rPr></w:r>` +
			`<w:bookmarkEnd w:id="1"/><w:r><w:drawing><wp:inline><wp:extent cx="1" cy="2"/><wp:docPr id="1"/></wp:inline></w:drawing></w:r><w:r><w:drawing><wp:inline><wp:extent cx="1" cy="2"/><wp:docPr id="2"/></wp:inline></w:drawing></w:r></w:p>` +
			`<w:tbl><w:tblPr><w:tblW/><w:jc/></w:tblPr><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:tc><w:tcPr><w:tcW/><w:gridSpan w:val="2"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl><w:p/>` +
			`<w:sectPr><w:footerReference r:id="rId2"/><w:pgSz/><w:pgMar/></w:sectPr></w:body></w:document>`},
		{"word/styles.xml", `<w:styles ` + w + `><w:style w:type="paragraph" w:styleId="A"><w:name w:val="a"/></w:style></w:styles>`},
		{"word/media/i.png", "x"},
		{"word/_rels/document.xml.rels", rs + `<Relationship Id="rId1" Target="styles.xml"/><Relationship Id="rId2" Target="media/i.png"/></Relationships>`},
	}
}

func book() []file {
	return []file{
		{"[Content_Types].xml", ct + `<Default Extension="xml" ContentType="x"/></Types>`},
		{"_rels/.rels", rs + `<Relationship Id="rId1" Target="/xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook ` + x + `><bookViews/><sheets><sheet name="表一" sheetId="1" r:id="rId1"/><sheet name="表二" sheetId="2" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", rs + `<Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/styles.xml", `<styleSheet ` + x + `><cellXfs><xf/><xf/></cellXfs></styleSheet>`},
		{"xl/worksheets/sheet1.xml", `<worksheet ` + x + `><dimension ref="A1:C3"/><sheetData><row r="1"><c r="A1" s="1"/><c r="C1"/></row><row r="3"><c r="B3"/></row></sheetData>` +
			`<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A2:B2"/></mergeCells><dataValidations><dataValidation sqref="A1 B2:B3"/></dataValidations></worksheet>`},
	}
}

func packed(t *testing.T, files []file) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		p, err := z.Create(f.name)
		if err == nil {
			_, err = p.Write([]byte(f.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestCheck breaks a sound letter and a sound book at one place after another.
func TestCheck(t *testing.T) {
	f := func(files func() []file, part, old, now, want string) {
		t.Helper()
		all, hit := files(), part == ""
		for i := range all {
			if all[i].name == part && strings.Contains(all[i].text, old) {
				all[i].text, hit = strings.Replace(all[i].text, old, now, 1), true
			}
		}
		if !hit {
			t.Fatalf("%s has no %s", part, old)
		}
		got := strings.Join(ooxmltest.Check(packed(t, all)), "; ")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s for %s:\n got %q\nwant %q", now, old, got, want)
		}
	}
	f(letter, "", "", "", "")
	f(book, "", "", "", "")
	const doc, styles, types, rels = "word/document.xml", "word/styles.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"
	f(letter, doc, "<w:p/>", "<w:p>", "not well-formed")
	f(letter, types, "/word/styles.xml", "/word/stiles.xml", "word/styles.xml has no type")
	f(letter, types, "/word/styles.xml", "/word/document.xml", "two types for word/document.xml")
	f(letter, rels, "styles.xml", "stiles.xml", "rId1 leads to word/stiles.xml")
	f(letter, rels, "rId2", "rId1", "two relations rId1")
	f(letter, doc, "rId2", "rId9", `w:footerReference refers to "rId9"`)
	f(letter, doc, `<w:pStyle w:val="A"/><w:keepNext/>`, `<w:keepNext/><w:pStyle w:val="A"/>`, "w:pStyle in w:pPr stands after")
	f(letter, doc, `<w:b/><w:sz w:val="1"/>`, `<w:sz w:val="1"/><w:b/>`, "w:b in w:rPr stands after")
	f(letter, doc, `<w:tblW/><w:jc/>`, `<w:jc/><w:tblW/>`, "w:tblW in w:tblPr stands after")
	f(letter, doc, `<w:tcW/><w:gridSpan w:val="2"/>`, `<w:gridSpan w:val="2"/><w:tcW/>`, "w:tcW in w:tcPr stands after")
	f(letter, doc, `<w:pgSz/><w:pgMar/>`, `<w:pgMar/><w:pgSz/>`, "w:pgSz in w:sectPr stands after")
	f(letter, doc, `<w:keepNext/>`, `<w:keepNexxt/>`, "w:keepNexxt does not stand in w:pPr")
	f(letter, doc, `<w:pStyle w:val="A"/>`, `<w:pStyle w:val="B"/>`, `names the style "B"`)
	f(letter, doc, `<w:keepNext/>`, `<w:numPr><w:numId w:val="3"/></w:numPr>`, `the numbering "3" is not there`)
	f(letter, styles, `<w:name w:val="a"/>`, `<w:name w:val="a"/><w:basedOn w:val="Z"/>`, `names the style "Z"`)
	f(letter, doc, `<wp:docPr id="2"/>`, `<wp:docPr id="1"/>`, `two drawings "1"`)
	f(letter, doc, `cx="1"`, `cx="0"`, `a drawing is "0" wide`)
	f(letter, doc, `<w:bookmarkEnd w:id="1"/>`, ``, `the bookmark "1" does not end`)
	f(letter, doc, `<w:bookmarkEnd w:id="1"/>`, `<w:bookmarkEnd w:id="1"/><w:bookmarkStart w:id="1" w:name="c"/>`, `two bookmarks "1"`)
	f(letter, doc, `<w:p/></w:tc>`, `</w:tc>`, "a cell does not end with a paragraph")
	f(letter, doc, `w:val="2"/></w:tcPr>`, `w:val="3"/></w:tcPr>`, "a row fills 3 of 2 columns")
	f(letter, doc, `<w:gridSpan w:val="2"/>`, `<w:gridSpan w:val="2"/><w:vMerge/>`, "goes on, but none began")
	f(letter, doc, `</w:tbl><w:p/>`, `</w:tbl>`, "a table is not followed by a paragraph")
	const sheet, workbook = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
	f(book, workbook, "表二", "表一", `two sheets "表一"`)
	f(book, workbook, "表二", "表/二", "characters that it may not have")
	f(book, workbook, "表二", strings.Repeat("表", 32), "has not 1 to 31 characters")
	f(book, workbook, `<bookViews/>`, ``, "")
	f(book, sheet, `<dimension ref="A1:C3"/>`, `<dimension ref="A1:B3"/>`, "the cell C1 lies outside of A1:B3")
	f(book, sheet, `r="C1"`, `r="A1"`, `the cell "A1" stands in row 1 after column 1`)
	f(book, sheet, `<row r="3">`, `<row r="1">`, `the row "1" comes after row 1`)
	f(book, sheet, `s="1"`, `s="2"`, "has the format 2 of 2")
	f(book, sheet, `ref="A2:B2"`, `ref="B1:B2"`, "merged cells B1:B2 overlap others")
	f(book, sheet, `B2:B3`, `B3:B2`, "a drop-down list holds for")
	f(book, sheet, `<dataValidations>`, `<autoFilter/><dataValidations>`, "x:autoFilter in x:worksheet stands after")
	if got := ooxmltest.Check([]byte("no archive")); len(got) != 1 {
		t.Errorf("what is no archive: %q", got)
	}
}
