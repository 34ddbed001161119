package gb9704

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strconv"

	"anlan/internal/drawing"
)

// emu is the unit of drawings: 36,000 a millimetre, 635 a twip.
const emu = 635

// maxPixels is how many pixels a line or a column of a picture may have.
const maxPixels = 30_000

// pictures are the files under word/media, each kept once.
type pictures struct {
	files []pictureFile
	seen  map[[sha256.Size]byte]int
	bytes int
}

type pictureFile struct {
	kind string // png or emf
	data []byte
}

// of is the number of a picture, counted from 1.
func (p *pictures) of(data []byte, kind string) int {
	sum := sha256.Sum256(data)
	if i, ok := p.seen[sum]; ok {
		return i
	}
	if p.seen == nil {
		p.seen = map[[sha256.Size]byte]int{}
	}
	p.files = append(p.files, pictureFile{kind, data})
	p.bytes += len(data)
	p.seen[sum] = len(p.files)
	return len(p.files)
}

// figure is a picture in the line of text.
type figure struct {
	file, shape   int
	png           []byte
	sheet         *drawing.Sheet
	alt           string
	width, height int // EMU
}

func (c *composer) pictureBlock(at string, b Picture) {
	if !c.problems.atMost(at, "bytes of a picture", len(b.PNG), maxPicture) {
		return
	}
	content, kind, wide, high := c.pictureFile(at, b)
	if content == nil {
		return
	}
	if b.Width < 0 || b.Width > 1000 {
		c.problems.add(at+".width", "图片宽 %d 毫米不成立", "a picture cannot be %d mm wide", b.Width)
		return
	}
	file := c.pictures.of(content, kind)
	if !c.problems.atMost(at, "bytes of pictures", c.pictures.bytes, maxPictures) {
		return
	}
	c.shapes++
	d := &figure{file: file, shape: c.shapes, png: b.PNG, sheet: b.Drawing, alt: c.text(at+".alt", b.Alt)}
	d.width, d.height = c.fit(b.Width, wide, high)
	// The line of a picture is as high as the picture; an exact one would show a strip of it.
	c.add(&paragraph{
		keepNext: b.Caption != "", indented: true, align: Center,
		spaced: true, before: apart, height: 240, rule: "auto", runs: []run{{drawing: d}},
	})
	if b.Caption != "" {
		c.add(&paragraph{style: styleCaption, runs: plain(c.text(at+".caption", b.Caption))})
	}
}

// pictureFile is the file of a picture with its kind and size; nil where it was refused. The words of a drawing are texts of the document.
func (c *composer) pictureFile(at string, b Picture) (content []byte, kind string, wide, high int64) {
	if b.Drawing == nil {
		wide, high, err := measurePNG(b.PNG)
		if err != nil {
			c.problems.add(at+".png", "不是完好的 PNG 图片", "this is no sound PNG picture: %v", err)
			return nil, "", 0, 0
		}
		return b.PNG, "png", wide, high
	}
	if b.PNG != nil {
		c.problems.add(at, "既有图片又有绘图，只能取其一", "a picture is a PNG or a drawing, not both")
		return nil, "", 0, 0
	}
	for i, s := range b.Drawing.Shapes {
		if t, ok := s.(drawing.Text); ok {
			c.text(at+".drawing["+strconv.Itoa(i)+"]", t.Words)
		}
	}
	if c.problems.full() {
		return nil, "", 0, 0
	}
	emf, err := b.Drawing.EMF()
	if err != nil {
		c.problems.add(at+".drawing", "绘图不成立", "this is no sound drawing: %v", err)
		return nil, "", 0, 0
	}
	return emf, "emf", int64(b.Drawing.Width), int64(b.Drawing.Height)
}

// fit is the size in EMU of a picture of wide × high pixels: mm wide, but inside the text area with a line for the caption.
func (c *composer) fit(mm int, wide, high int64) (width, height int) {
	most, tall := int64(c.page.text())*emu, int64(c.page.body()-2*line)*emu
	w := int64(mm) * 36_000
	if w == 0 || w > most {
		w = most
	}
	h := w * high / wide
	if h > tall {
		w, h = tall*wide/high, tall
	}
	return int(max(w, 1)), int(max(h, 1))
}

func (d *figure) write(m *markup) {
	id, name := number(d.shape), "picture "+strconv.Itoa(d.shape)
	cx, cy := number(d.width), number(d.height)
	m.open("w:drawing")
	m.open("wp:inline", "distT", "0", "distB", "0", "distL", "0", "distR", "0")
	m.leaf("wp:extent", "cx", cx, "cy", cy)
	m.leaf("wp:docPr", "id", id, "name", name, "descr", d.alt)
	m.open("wp:cNvGraphicFramePr")
	m.leaf("a:graphicFrameLocks", "noChangeAspect", "1")
	m.close("wp:cNvGraphicFramePr")
	m.open("a:graphic")
	m.open("a:graphicData", "uri", nsPicture)
	m.open("pic:pic")
	m.open("pic:nvPicPr")
	m.leaf("pic:cNvPr", "id", id, "name", name, "descr", d.alt)
	m.leaf("pic:cNvPicPr")
	m.close("pic:nvPicPr")
	m.open("pic:blipFill")
	m.leaf("a:blip", "r:embed", idPicture(d.file))
	m.open("a:stretch")
	m.leaf("a:fillRect")
	m.close("a:stretch")
	m.close("pic:blipFill")
	m.open("pic:spPr")
	m.open("a:xfrm")
	m.leaf("a:off", "x", "0", "y", "0")
	m.leaf("a:ext", "cx", cx, "cy", cy)
	m.close("a:xfrm")
	m.open("a:prstGeom", "prst", "rect")
	m.leaf("a:avLst")
	m.close("a:prstGeom")
	m.close("pic:spPr")
	m.close("pic:pic")
	m.close("a:graphicData")
	m.close("a:graphic")
	m.close("wp:inline")
	m.close("w:drawing")
}

// measurePNG walks the chunks of a PNG (ISO/IEC 15948, 5.3), checks their sums and returns the pixels of a line and of a column.
// The picture is not unpacked: Word does that, and a small file can unpack to gigabytes.
func measurePNG(b []byte) (width, height int64, err error) {
	rest, ok := bytes.CutPrefix(b, []byte("\x89PNG\r\n\x1a\n"))
	if !ok {
		return 0, 0, errors.New("it does not begin as a PNG does")
	}
	data := false
	for first := true; ; first = false {
		if len(rest) < 12 {
			return 0, 0, errors.New("it is cut short")
		}
		size := int64(binary.BigEndian.Uint32(rest))
		if size > int64(len(rest)-12) {
			return 0, 0, errors.New("it is cut short")
		}
		kind, body := string(rest[4:8]), rest[8:8+size]
		if crc32.ChecksumIEEE(rest[4:8+size]) != binary.BigEndian.Uint32(rest[8+size:]) {
			return 0, 0, errors.New("a check sum does not match")
		}
		rest = rest[12+size:]
		switch {
		case first != (kind == "IHDR") || first && size != 13:
			return 0, 0, errors.New("its header is not where it belongs")
		case first:
			width, height = int64(binary.BigEndian.Uint32(body)), int64(binary.BigEndian.Uint32(body[4:]))
			if width < 1 || height < 1 || width > maxPixels || height > maxPixels {
				return 0, 0, errors.New("it has no pixels or more than 30000 a line")
			}
		case kind == "IDAT":
			data = true
		case kind == "IEND" && !data:
			return 0, 0, errors.New("it holds no picture data")
		case kind == "IEND":
			return width, height, nil
		}
	}
}
