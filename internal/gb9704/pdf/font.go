package pdf

import (
	"fmt"
	"strings"
	"unicode"

	"anlan/internal/gb9704"
)

// typeface is one face of documents as PDF names it. The name is that of the font in its PostScript table, by which viewers look for it;
// what they have instead they choose by the flags.
type typeface struct {
	name   string
	flags  int // ISO 32000-1, table 123: 2 serif, 4 symbolic
	weight int
	stem   int
	panose string
}

const (
	serif = 2 | 4
	sans  = 4 // fixed pitch is not told: viewers would look for type of a terminal
)

// typefaces are the five faces; any other name is set as the text.
func typefaceOf(face string) (index int, t typeface) {
	switch gb9704.Face(face) {
	case gb9704.KaiTi:
		return 2, typeface{"KaiTi_GB2312", serif, 400, 80, "02010609030101010101"}
	case gb9704.HeiTi:
		return 3, typeface{"SimHei", sans, 400, 120, "02010609060101010101"}
	case gb9704.BiaoSong:
		return 4, typeface{"FZXBSJW--GB1-0", serif, 500, 120, "02010601030101010101"}
	case gb9704.SongTi:
		return 5, typeface{"SimSun", serif, 400, 80, "02010600030101010101"}
	}
	return 1, typeface{"FangSong_GB2312", serif, 400, 70, "02010609030101010101"}
}

const (
	faces     = 5
	latinFont = faces + 1 // Times-Roman, which every viewer has, for what Adobe-GB1 lacks
)

// Shown reports whether a PDF can show a character. What takes no room is left out and counts as shown.
func shown(r rune) bool {
	if ignorable(r) {
		return true
	}
	for _, r := range spelled(r) {
		if _, latin := latinGlyph(r); !latin && !unicode.Is(adobeGB1, r) {
			return false
		}
	}
	return true
}

// ignorable characters take no room: marks of direction, joiners, soft hyphens, variation selectors.
func ignorable(r rune) bool {
	return r == 0xAD || r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2060 && r <= 0x2064 || r == 0xFEFF ||
		r >= 0xFE00 && r <= 0xFE0F
}

// spelled is a character by ones that have glyphs.
func spelled(r rune) string {
	switch r {
	case '㎥':
		return "m³"
	case 0x2003:
		return "　"
	case 0x2009, 0x202F, 0x200A:
		return " "
	}
	return string(r)
}

// latinGlyph is where a character stands in the font for Latin letters and signs that Adobe-GB1 lacks.
func latinGlyph(r rune) (index int, ok bool) {
	if r < 0xA0 || r > 0xFF && r != 0x2212 || unicode.Is(adobeGB1, r) {
		return 0, false
	}
	i := strings.IndexRune(latinRunes, r)
	if i < 0 {
		return 0, false
	}
	return len([]rune(latinRunes[:i])), true
}

const latinRunes = "−¡¢£¦ª«¬®¯²³´µ¶¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßâãäåæçëîïðñôõöøûýþÿ"

// latinNames and latinWidths are those of latinRunes in Times-Roman (Adobe, Core 14 AFM), widths in thousandths.
const latinNames = "minus exclamdown cent sterling brokenbar ordfeminine guillemotleft logicalnot registered macron twosuperior " +
	"threesuperior acute mu paragraph cedilla onesuperior ordmasculine guillemotright onequarter onehalf threequarters questiondown " +
	"Agrave Aacute Acircumflex Atilde Adieresis Aring AE Ccedilla Egrave Eacute Ecircumflex Edieresis Igrave Iacute Icircumflex Idieresis " +
	"Eth Ntilde Ograve Oacute Ocircumflex Otilde Odieresis Oslash Ugrave Uacute Ucircumflex Udieresis Yacute Thorn germandbls " +
	"acircumflex atilde adieresis aring ae ccedilla edieresis icircumflex idieresis eth ntilde ocircumflex otilde odieresis oslash " +
	"ucircumflex yacute thorn ydieresis"

var latinWidths = [...]int{
	564, 333, 500, 500, 200, 276, 500, 564, 760, 333, 300, 300, 333, 500, 453, 333, 300, 310, 500, 750, 750, 750, 444,
	722, 722, 722, 722, 722, 722, 889, 667, 611, 611, 611, 611, 333, 333, 333, 333,
	722, 722, 722, 722, 722, 722, 722, 722, 722, 722, 722, 722, 722, 556, 500,
	444, 444, 444, 444, 667, 444, 444, 278, 278, 500, 500, 500, 500, 500, 500,
	500, 500, 500, 500,
}

// latinFirst is the code of the first of latinRunes.
const latinFirst = 33

// advance is how wide a character is, in thousandths of its size: ASCII half, as in the fonts that GB/T 9704 names, all else whole.
func advance(r rune) int {
	if r < 0x80 || r == 0xA0 {
		return 500
	}
	if i, ok := latinGlyph(r); ok {
		return latinWidths[i]
	}
	return 1000
}

// fontObject writes the objects of a composite font and returns the number of the first. pages are the high bytes of the characters used.
func fontObject(f *file, t typeface, pages *[256]bool) int {
	d := f.add(fmt.Sprintf("<< /Type /FontDescriptor /FontName /%s /Flags %d /FontBBox [0 -141 1000 859] /ItalicAngle 0 "+
		"/Ascent 859 /Descent -141 /CapHeight 683 /StemV %d /FontWeight %d /FontStretch /Normal /Style << /Panose <0000%s> >> >>",
		t.name, t.flags, t.stem, t.weight, t.panose))
	c := f.add(fmt.Sprintf("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) "+
		"/Supplement 5 >> /DW 1000 /W [1 95 500] /FontDescriptor %d 0 R >>", t.name, d))
	u := f.stream("", []byte(toUnicode(pages)))
	return f.add(fmt.Sprintf("<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /UniGB-UTF16-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>", t.name, c, u))
}

// latinObject writes the font of Latin letters.
func latinObject(f *file) int {
	var widths, back strings.Builder
	n := 0
	for _, r := range latinRunes {
		fmt.Fprintf(&widths, " %d", latinWidths[n])
		fmt.Fprintf(&back, "<%02X> <%04X>\n", latinFirst+n, r)
		n++
	}
	u := f.stream("", []byte(cmapHead+"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"+
		fmt.Sprintf("%d beginbfchar\n%sendbfchar\n", n, back.String())+cmapTail))
	return f.add(fmt.Sprintf("<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /FirstChar %d /LastChar %d /Widths [%s ] "+
		"/Encoding << /Type /Encoding /Differences [%d /%s] >> /ToUnicode %d 0 R >>",
		latinFirst, latinFirst+n-1, widths.String(), latinFirst, strings.ReplaceAll(latinNames, " ", " /"), u))
}

const (
	cmapHead = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
	cmapTail = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
)

// toUnicode says that a code is its character: the codes are UTF-16.
func toUnicode(pages *[256]bool) string {
	var ranges []string
	for i, used := range pages {
		if used {
			ranges = append(ranges, fmt.Sprintf("<%02X00> <%02XFF> <%02X00>\n", i, i, i))
		}
	}
	var b strings.Builder
	b.WriteString(cmapHead + "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	const most = 100 // ranges of one block
	for len(ranges) > 0 {
		n := min(most, len(ranges))
		fmt.Fprintf(&b, "%d beginbfrange\n%sendbfrange\n", n, strings.Join(ranges[:n], ""))
		ranges = ranges[n:]
	}
	b.WriteString(cmapTail)
	return b.String()
}
