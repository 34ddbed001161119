package drawing

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// SVG is the sheet as Scalable Vector Graphics 1.1 for screens, with what it shows in words as its title.
func (s *Sheet) SVG(alt string) ([]byte, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%smm" height="%smm" viewBox="0 0 %d %d" role="img" font-family="%s, SimHei, Noto Sans CJK SC, sans-serif">`,
		millimetres(s.Width), millimetres(s.Height), s.Width, s.Height, Face)
	b.WriteString("<title>" + escaped(alt) + "</title>")
	for _, shape := range s.Shapes {
		switch x := shape.(type) {
		case Line:
			fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="%d" stroke-linecap="round" stroke-linejoin="round"`, list(x.Points), hex(x.Ink), x.Thick)
			if len(x.Dashes) > 0 {
				dashes := make([]string, len(x.Dashes))
				for i, d := range x.Dashes {
					dashes[i] = strconv.Itoa(d)
				}
				b.WriteString(` stroke-dasharray="` + strings.Join(dashes, " ") + `"`)
			}
			b.WriteString("/>")
		case Polygon:
			fill, edge := hex(x.Fill), "none"
			if x.Hollow {
				fill = "none"
			}
			if x.Thick > 0 {
				edge = hex(x.Edge)
			}
			fmt.Fprintf(&b, `<polygon points="%s" fill="%s" stroke="%s" stroke-width="%d"/>`, list(x.Points), fill, edge, x.Thick)
		case Text:
			weight := ""
			if x.Bold {
				weight = ` font-weight="bold"`
			}
			fmt.Fprintf(&b, `<text x="%d" y="%d" font-size="%d" fill="%s" text-anchor="%s"%s>%s</text>`, x.At.X, x.At.Y, x.Size, hex(x.Ink),
				[...]string{"start", "middle", "end"}[x.Anchor], weight, escaped(x.Words))
		}
	}
	b.WriteString("</svg>")
	return []byte(b.String()), nil
}

// millimetres writes hundredths of a millimetre.
func millimetres(n int) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }

func list(points []Point) string {
	parts := make([]string, len(points))
	for i, p := range points {
		parts[i] = strconv.Itoa(p.X) + "," + strconv.Itoa(p.Y)
	}
	return strings.Join(parts, " ")
}

func hex(c Color) string { return fmt.Sprintf("#%06x", uint32(c&0xFFFFFF)) }

// escaped is character data; what XML cannot hold becomes U+FFFD.
func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder takes everything
	return b.String()
}
