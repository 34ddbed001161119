package gb9704

import "strconv"

// Styles of styles.xml. A paragraph without one is Normal, the text.
const (
	styleTitle     = "Title"
	styleSubtitle  = "Subtitle"
	styleTo        = "To"
	styleMark      = "Mark"
	styleNumber    = "DocumentNumber"
	styleAnnexList = "AnnexList"
	styleSign      = "Sign"
	styleCaption   = "Caption"
	styleNote      = "TableNote"
	styleImprint   = "Imprint"
	styleHair      = "Hair"
)

func styleHeading(level int) string { return "Heading" + strconv.Itoa(level) }

// styleCell is the style of cells of a size, of the head or of the rows.
func styleCell(s Size, head bool) string {
	if head {
		return "CellHead" + strconv.Itoa(int(s))
	}
	return "Cell" + strconv.Itoa(int(s))
}

// style is a paragraph style. All but Normal rest on it, so each says what differs.
type style struct {
	id, name string
	next     string
	keep     bool // with the next paragraph
	height   int  // of a line, exact
	after    int
	flush    bool // first line at the edge, not two characters in
	left     int
	right    int
	align    Align
	outline  string // level of headings, from 0
	face     Face
	color    string
	loose    bool // characters as wide as they are, not 28 a line
	size     Size
}

// documentStyles are the styles but Normal. Names of Word's own styles let it show headings in its outline.
func documentStyles() []style {
	out := []style{
		{id: "Heading1", name: "heading 1", next: "Normal", outline: "0", face: HeiTi},
		{id: "Heading2", name: "heading 2", next: "Normal", outline: "1", face: KaiTi},
		{id: "Heading3", name: "heading 3", next: "Normal", outline: "2"},
		{id: "Heading4", name: "heading 4", next: "Normal", outline: "3"},
		{id: styleTitle, name: "Title", next: "Normal", keep: true, flush: true, align: Center, face: BiaoSong, loose: true, size: SizeTwo},
		{id: styleSubtitle, name: "Subtitle", next: "Normal", keep: true, after: line, flush: true, align: Center, face: KaiTi},
		{id: styleTo, name: "主送机关", next: "Normal", flush: true},
		{id: styleMark, name: "发文机关标志", flush: true, align: Center, face: BiaoSong, color: red, loose: true},
		{id: styleNumber, name: "发文字号", flush: true, align: Center},
		{id: styleAnnexList, name: "附件说明"},
		{id: styleSign, name: "署名和日期", flush: true, align: Right},
		{id: styleCaption, name: "caption", flush: true, align: Center, height: 480, face: HeiTi, loose: true, size: SizeFour},
		{id: styleNote, name: "表格说明", flush: true, align: Right, height: 400, loose: true, size: SizeSmallFour},
		{id: styleImprint, name: "版记", flush: true, height: 480, loose: true, size: SizeFour},
		{id: "FooterOdd", name: "footer", flush: true, align: Right, height: 320, right: 280, face: SongTi, loose: true, size: SizeFour},
		{id: "FooterEven", name: "偶数页页码", flush: true, align: Left, height: 320, left: 280, face: SongTi, loose: true, size: SizeFour},
		{id: styleHair, name: "分隔", flush: true, height: hair, loose: true, size: 2},
	}
	for _, s := range tableSizes() {
		n := " " + strconv.Itoa(int(s))
		high := int(s) * 13 // 1.3 of the size, for every font alike
		out = append(out,
			style{id: styleCell(s, false), name: "表格" + n, flush: true, align: Left, height: high, loose: true, size: s},
			style{id: styleCell(s, true), name: "表头" + n, flush: true, align: Center, height: high, face: HeiTi, loose: true, size: s})
	}
	return out
}

// stylesPart writes styles.xml.
func stylesPart() part {
	p := part{name: "word/styles.xml", kind: wordType + "styles+xml", id: idStyles, role: "styles"}
	return xmlPart(p, "w:styles", []string{"xmlns:w", nsWord}, func(m *markup) {
		m.open("w:docDefaults")
		m.open("w:rPrDefault")
		m.open("w:rPr")
		fonts(m, FangSong)
		m.leaf("w:kern", "w:val", "2")
		m.leaf("w:sz", "w:val", number(int(SizeThree)))
		m.leaf("w:szCs", "w:val", number(int(SizeThree)))
		m.leaf("w:lang", "w:val", "en-US", "w:eastAsia", "zh-CN", "w:bidi", "ar-SA")
		m.close("w:rPr")
		m.close("w:rPrDefault")
		m.leaf("w:pPrDefault")
		m.close("w:docDefaults")
		normalStyle(m)
		m.open("w:style", "w:type", "character", "w:default", "1", "w:styleId", "DefaultParagraphFont")
		m.leaf("w:name", "w:val", "Default Paragraph Font")
		m.close("w:style")
		tableStyle(m)
		for _, s := range documentStyles() {
			s.write(m)
		}
	})
}

// normalStyle is the text: 三号 仿宋, 22 lines of 28 characters on a page (5.2.2, 5.2.3).
func normalStyle(m *markup) {
	m.open("w:style", "w:type", "paragraph", "w:default", "1", "w:styleId", "Normal")
	m.leaf("w:name", "w:val", "Normal")
	m.leaf("w:qFormat")
	m.open("w:pPr")
	m.leaf("w:widowControl", "w:val", "0") // else a page may have 21 lines
	m.leaf("w:autoSpaceDE", "w:val", "0")
	m.leaf("w:autoSpaceDN", "w:val", "0")
	m.leaf("w:snapToGrid", "w:val", "0")
	m.leaf("w:spacing", "w:before", "0", "w:after", "0", "w:line", number(line), "w:lineRule", "exact")
	m.leaf("w:ind", "w:firstLineChars", "200", "w:firstLine", number(2*320))
	m.leaf("w:jc", "w:val", "both")
	m.close("w:pPr")
	m.open("w:rPr")
	fonts(m, FangSong)
	m.leaf("w:spacing", "w:val", "-5")
	m.leaf("w:kern", "w:val", "2")
	m.leaf("w:sz", "w:val", number(int(SizeThree)))
	m.leaf("w:szCs", "w:val", number(int(SizeThree)))
	m.close("w:rPr")
	m.close("w:style")
}

func tableStyle(m *markup) {
	m.open("w:style", "w:type", "table", "w:default", "1", "w:styleId", "TableNormal")
	m.leaf("w:name", "w:val", "Normal Table")
	m.leaf("w:uiPriority", "w:val", "99")
	m.leaf("w:semiHidden")
	m.open("w:tblPr")
	m.leaf("w:tblInd", "w:w", "0", "w:type", "dxa")
	cellMargins(m, 0, cellMargin)
	m.close("w:tblPr")
	m.close("w:style")
}

func (s style) write(m *markup) {
	m.open("w:style", "w:type", "paragraph", "w:styleId", s.id)
	m.leaf("w:name", "w:val", s.name)
	m.leaf("w:basedOn", "w:val", "Normal")
	if s.next != "" {
		m.leaf("w:next", "w:val", s.next)
	}
	m.leaf("w:qFormat")
	m.open("w:pPr")
	if s.keep {
		m.leaf("w:keepNext")
	}
	if s.height != 0 || s.after != 0 {
		height := s.height
		if height == 0 {
			height = line
		}
		m.leaf("w:spacing", "w:before", "0", "w:after", number(s.after), "w:line", number(height), "w:lineRule", "exact")
	}
	if s.flush {
		m.leaf("w:ind", "w:left", number(s.left), "w:right", number(s.right), "w:firstLineChars", "0", "w:firstLine", "0")
	}
	if s.align != "" {
		m.leaf("w:jc", "w:val", string(s.align))
	}
	if s.outline != "" {
		m.leaf("w:outlineLvl", "w:val", s.outline)
	}
	m.close("w:pPr")
	m.open("w:rPr")
	if s.face != "" {
		fonts(m, s.face)
	}
	if s.color != "" {
		m.leaf("w:color", "w:val", s.color)
	}
	if s.loose {
		m.leaf("w:spacing", "w:val", "0")
	}
	if s.size != 0 {
		m.leaf("w:sz", "w:val", number(int(s.size)))
		m.leaf("w:szCs", "w:val", number(int(s.size)))
	}
	m.close("w:rPr")
	m.close("w:style")
}
