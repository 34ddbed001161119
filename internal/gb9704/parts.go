package gb9704

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Names of the vocabularies (ECMA-376, transitional).
const (
	nsWord     = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	nsRelation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	nsDrawing  = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
	nsGraphic  = "http://schemas.openxmlformats.org/drawingml/2006/main"
	nsPicture  = "http://schemas.openxmlformats.org/drawingml/2006/picture"
	nsPackage  = "http://schemas.openxmlformats.org/package/2006/"
	wordType   = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// Relations of the document part.
const (
	idStyles       = "rId1"
	idSettings     = "rId2"
	idFonts        = "rId3"
	idFooterOdd    = "rId4"
	idFooterEven   = "rId5"
	idLetterHeader = "rId6"
	idLetterFooter = "rId7"
)

func idPicture(i int) string { return "rIdImage" + strconv.Itoa(i) }

func pictureName(i int, kind string) string { return "image" + strconv.Itoa(i) + "." + kind }

// part is one file of the package.
type part struct {
	name     string
	kind     string // content type; "": by the ending
	id, role string // relation from the document; "": none
	data     []byte
}

// xmlPart fills a part below one root element.
func xmlPart(p part, root string, attrs []string, fill func(m *markup)) part {
	var m markup
	m.declaration()
	m.open(root, attrs...)
	fill(&m)
	m.close(root)
	p.data = m.Bytes()
	return p
}

func wordAttrs() []string {
	return []string{"xmlns:w", nsWord, "xmlns:r", nsRelation, "xmlns:wp", nsDrawing, "xmlns:a", nsGraphic, "xmlns:pic", nsPicture}
}

// parts are all files of the package in their order: the list of types first, as readers of streams expect.
func (c *composer) parts() []part {
	inner := []part{
		c.documentPart(), stylesPart(), settingsPart(), fontsPart(),
	}
	if !c.doc.Unpaged {
		inner = append(inner,
			c.footerPart("footer1.xml", idFooterOdd, "FooterOdd"),
			c.footerPart("footer2.xml", idFooterEven, "FooterEven"))
	}
	if c.letter() {
		inner = append(inner, c.letterHeader(), c.letterFooter())
	}
	for i, f := range c.pictures.files {
		inner = append(inner, part{name: "word/media/" + pictureName(i+1, f.kind), id: idPicture(i + 1), role: "image", data: f.data})
	}
	props := []part{c.coreProps(), appProps()}
	out := []part{typesPart(append(inner[:len(inner):len(inner)], props...)), packageRelations()}
	out = append(out, inner...)
	out = append(out, documentRelations(inner))
	return append(out, props...)
}

func (c *composer) documentPart() part {
	return xmlPart(part{name: "word/document.xml", kind: wordType + "document.main+xml"}, "w:document", wordAttrs(), func(m *markup) {
		m.open("w:body")
		for _, n := range c.nodes {
			n.write(m)
		}
		c.section().write(m)
		m.close("w:body")
	})
}

// footerPart writes the number of the page: 四号 宋体 between dashes, one character in (7.5).
func (c *composer) footerPart(name, id, style string) part {
	p := part{name: "word/" + name, kind: wordType + "footer+xml", id: id, role: "footer"}
	return xmlPart(p, "w:ftr", wordAttrs(), func(m *markup) {
		(&paragraph{style: style, runs: []run{{text: "— "}, {page: true}, {text: " —"}}}).write(m)
		if c.letter() {
			// The footer of a letter reaches lower; the number stays where it is on other documents.
			(&paragraph{style: styleHair, spaced: true, height: letterLower}).write(m)
		}
	})
}

// settingsPart asks for different footers on odd and even pages, and that marks keep their full width.
func settingsPart() part {
	p := part{name: "word/settings.xml", kind: wordType + "settings+xml", id: idSettings, role: "settings"}
	return xmlPart(p, "w:settings", []string{"xmlns:w", nsWord}, func(m *markup) {
		m.leaf("w:zoom", "w:percent", "100")
		m.leaf("w:bordersDoNotSurroundHeader")
		m.leaf("w:bordersDoNotSurroundFooter")
		m.leaf("w:defaultTabStop", "w:val", "420")
		m.leaf("w:evenAndOddHeaders")
		m.leaf("w:drawingGridVerticalSpacing", "w:val", number(line))
		m.leaf("w:characterSpacingControl", "w:val", "doNotCompress")
		m.open("w:compat")
		m.leaf("w:doNotExpandShiftReturn") // else Word stretches a line that ends with a break
		m.leaf("w:compatSetting", "w:name", "compatibilityMode", "w:uri", "http://schemas.microsoft.com/office/word", "w:val", "15")
		m.close("w:compat")
		m.leaf("w:themeFontLang", "w:val", "en-US", "w:eastAsia", "zh-CN")
		m.leaf("w:decimalSymbol", "w:val", ".")
		m.leaf("w:listSeparator", "w:val", ",")
	})
}

// fontsPart names the faces and what stands in for them where they are not installed.
func fontsPart() part {
	p := part{name: "word/fontTable.xml", kind: wordType + "fontTable+xml", id: idFonts, role: "fontTable"}
	return xmlPart(p, "w:fonts", []string{"xmlns:w", nsWord}, func(m *markup) {
		for _, f := range [...]struct {
			face                  Face
			others, panose, class string
		}{
			{FangSong, "仿宋,FangSong,STFangsong,华文仿宋", "02010609030101010101", "modern"},
			{KaiTi, "楷体,KaiTi,STKaiti,华文楷体", "02010609030101010101", "modern"},
			{HeiTi, "SimHei,Noto Sans CJK SC,思源黑体", "02010609060101010101", "modern"},
			{BiaoSong, "方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,宋体", "02010601030101010101", "auto"},
			{SongTi, "SimSun,Noto Serif CJK SC,思源宋体", "02010600030101010101", "auto"},
		} {
			m.open("w:font", "w:name", string(f.face))
			m.leaf("w:altName", "w:val", f.others)
			m.leaf("w:panose1", "w:val", f.panose)
			m.leaf("w:charset", "w:val", "86")
			m.leaf("w:family", "w:val", f.class)
			m.leaf("w:pitch", "w:val", "default")
			m.close("w:font")
		}
	})
}

// coreProps are the properties of the file that the caller gave; no clock is asked for others.
func (c *composer) coreProps() part {
	p := part{name: "docProps/core.xml", kind: "application/vnd.openxmlformats-package.core-properties+xml"}
	attrs := []string{
		"xmlns:cp", nsPackage + "metadata/core-properties", "xmlns:dc", "http://purl.org/dc/elements/1.1/",
		"xmlns:dcterms", "http://purl.org/dc/terms/", "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance",
	}
	return xmlPart(p, "cp:coreProperties", attrs, func(m *markup) {
		for _, e := range [...]struct{ name, text string }{
			{"dc:title", c.titleText}, {"dc:subject", c.subject}, {"dc:creator", c.author},
		} {
			if e.text != "" {
				m.element(e.name, e.text)
			}
		}
		if t := c.doc.Created; !t.IsZero() {
			stamp := t.UTC().Format(time.RFC3339)
			m.element("dcterms:created", stamp, "xsi:type", "dcterms:W3CDTF")
			m.element("dcterms:modified", stamp, "xsi:type", "dcterms:W3CDTF")
		}
		m.element("dc:language", "zh-CN")
	})
}

func appProps() part {
	p := part{name: "docProps/app.xml", kind: "application/vnd.openxmlformats-officedocument.extended-properties+xml"}
	return xmlPart(p, "Properties", []string{"xmlns", "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"}, func(m *markup) {
		m.element("Application", "Anlan")
	})
}

func typesPart(parts []part) part {
	p := part{name: "[Content_Types].xml"}
	return xmlPart(p, "Types", []string{"xmlns", nsPackage + "content-types"}, func(m *markup) {
		if slices.ContainsFunc(parts, func(p part) bool { return strings.HasSuffix(p.name, ".emf") }) {
			m.leaf("Default", "Extension", "emf", "ContentType", "image/x-emf")
		}
		m.leaf("Default", "Extension", "png", "ContentType", "image/png")
		m.leaf("Default", "Extension", "rels", "ContentType", "application/vnd.openxmlformats-package.relationships+xml")
		m.leaf("Default", "Extension", "xml", "ContentType", "application/xml")
		for _, q := range parts {
			if q.kind != "" {
				m.leaf("Override", "PartName", "/"+q.name, "ContentType", q.kind)
			}
		}
	})
}

func packageRelations() part {
	return xmlPart(part{name: "_rels/.rels"}, "Relationships", []string{"xmlns", nsPackage + "relationships"}, func(m *markup) {
		m.leaf("Relationship", "Id", "rId1", "Type", nsRelation+"/officeDocument", "Target", "word/document.xml")
		m.leaf("Relationship", "Id", "rId2", "Type", nsPackage+"relationships/metadata/core-properties", "Target", "docProps/core.xml")
		m.leaf("Relationship", "Id", "rId3", "Type", nsRelation+"/extended-properties", "Target", "docProps/app.xml")
	})
}

func documentRelations(parts []part) part {
	return xmlPart(part{name: "word/_rels/document.xml.rels"}, "Relationships", []string{"xmlns", nsPackage + "relationships"}, func(m *markup) {
		for _, p := range parts {
			if p.id != "" {
				m.leaf("Relationship", "Id", p.id, "Type", nsRelation+"/"+p.role, "Target", p.name[len("word/"):])
			}
		}
	})
}
