package ooxmltest

import "strings"

// vocabularies are the namespaces by the short names that this room knows them by.
var vocabularies = map[string]string{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main":              "w",
	"http://schemas.openxmlformats.org/spreadsheetml/2006/main":                 "x",
	"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing":    "wp",
	"http://schemas.openxmlformats.org/drawingml/2006/picture":                  "pic",
	"http://schemas.openxmlformats.org/drawingml/2006/main":                     "a",
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships":       "r",
	"http://schemas.openxmlformats.org/package/2006/relationships":              "rel",
	"http://schemas.openxmlformats.org/package/2006/content-types":              "ct",
	"http://schemas.openxmlformats.org/package/2006/metadata/core-properties":   "cp",
	"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties": "ep",
}

const (
	border = "top start left bottom end right"
	runs   = "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish webHidden color spacing w kern " +
		"position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath"
	tables = "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar " +
		"tblLook tblCaption tblDescription"
)

// sequences are the children of an element in the order that the schema prescribes (ECMA-376 part 1, annex A; transitional). A bar
// joins what may stand in any order among itself. Elements that are not here are not looked at.
var sequences = map[string]string{
	"w:document": "background body",
	"w:p":        "pPr r|bookmarkStart|bookmarkEnd|hyperlink|fldSimple|proofErr",
	"w:pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs suppressAutoHyphens kinsoku wordWrap " +
		"overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc " +
		"textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
	"w:pBdr":       "top left bottom right between bar",
	"w:rPr":        runs,
	"w:tbl":        "bookmarkStart|bookmarkEnd tblPr tblGrid tr",
	"w:tblPr":      tables,
	"w:tblBorders": border + " insideH insideV",
	"w:tblCellMar": border,
	"w:tr":         "tblPrEx trPr tc",
	"w:tc":         "tcPr p|tbl|bookmarkStart|bookmarkEnd",
	"w:tcPr":       "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
	"w:tcBorders":  border + " insideH insideV tl2br tr2bl",
	"w:tcMar":      border,
	"w:sectPr": "headerReference|footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols formProt vAlign noEndnote " +
		"titlePg textDirection bidi rtlGutter docGrid printerSettings",
	"w:styles":      "docDefaults latentStyles style",
	"w:docDefaults": "rPrDefault pPrDefault",
	"w:style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked personal personalCompose " +
		"personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
	"w:font":      "altName panose1 charset family notTrueType pitch sig embedRegular embedBold embedItalic embedBoldItalic",
	"w:numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
	"w:settings": "writeProtection view zoom removePersonalInformation removeDateAndTime mirrorMargins alignBordersAndEdges bordersDoNotSurroundHeader " +
		"bordersDoNotSurroundFooter gutterAtTop defaultTabStop autoHyphenation evenAndOddHeaders drawingGridHorizontalSpacing drawingGridVerticalSpacing " +
		"displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery characterSpacingControl updateFields footnotePr endnotePr compat docVars rsids " +
		"themeFontLang clrSchemeMapping decimalSymbol listSeparator",
	"wp:inline": "extent effectExtent docPr cNvGraphicFramePr graphic",
	"pic:pic":   "nvPicPr blipFill spPr",
	"x:worksheet": "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios autoFilter sortState " +
		"dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup " +
		"headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF picture oleObjects " +
		"controls webPublishItems tableParts extLst",
	"x:c": "f v is extLst",
	"x:workbook": "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences definedNames calcPr oleSize " +
		"customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr webPublishObjects extLst",
	"x:styleSheet": "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst",
	"x:xf":         "alignment protection extLst",
}

// ordered holds the children of an element against its sequence.
func (c *checker) ordered(part string, e *element) {
	sequence, known := sequences[e.name]
	if !known {
		return
	}
	at := 0
	for _, child := range e.children {
		i := place(sequence, strings.TrimPrefix(child.name, e.vocabulary()+":"))
		switch {
		case i < 0:
			c.say("%s: %s does not stand in %s", part, child.name, e.name)
		case i < at:
			c.say("%s: %s in %s stands after what must follow it", part, child.name, e.name)
		default:
			at = i
		}
	}
}

// place is where a name stands in a sequence, or -1. A name of another vocabulary keeps its prefix and stands where its bare name does.
func place(sequence, name string) int {
	if _, bare, other := strings.Cut(name, ":"); other {
		name = bare
	}
	for i, group := range strings.Fields(sequence) {
		for alternative := range strings.SplitSeq(group, "|") {
			if alternative == name {
				return i
			}
		}
	}
	return -1
}
