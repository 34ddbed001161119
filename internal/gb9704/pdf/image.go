package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strconv"

	"anlan/internal/fault"
)

// maxUnpacked is how many pixels are unpacked of a picture that cannot be taken as it is.
const maxUnpacked = 40_000_000

// images are the pictures of a file, each once.
type images struct {
	seen map[[sha256.Size]byte]int
}

// of is the name and the object of a picture.
func (m *images) of(f *file, b []byte) (name string, object int, err error) {
	sum := sha256.Sum256(b)
	if n, ok := m.seen[sum]; ok {
		return "Im" + strconv.Itoa(n), n, nil
	}
	n, err := imageObject(f, b)
	if err != nil {
		return "", 0, fault.Invalidf("document.picture", "图片不能写入 PDF：%v", "the picture cannot stand in a PDF: %v", err)
	}
	if m.seen == nil {
		m.seen = map[[sha256.Size]byte]int{}
	}
	m.seen[sum] = n
	return "Im" + strconv.Itoa(n), n, nil
}

// imageObject takes the packed lines of a PNG as they are, since PDF knows its filters (7.4.4.4). Only what is interlaced or has
// transparency is unpacked.
func imageObject(f *file, b []byte) (int, error) {
	var head, palette, data []byte
	transparent := false
	// gb9704 has walked these chunks before and found them whole.
	for rest := b[8:]; len(rest) >= 12; {
		size := binary.BigEndian.Uint32(rest)
		body := rest[8 : 8+size]
		switch string(rest[4:8]) {
		case "IHDR":
			head = body
		case "PLTE":
			palette = body
		case "IDAT":
			data = append(data, body...)
		case "tRNS":
			transparent = true
		}
		rest = rest[12+size:]
	}
	width, height := binary.BigEndian.Uint32(head), binary.BigEndian.Uint32(head[4:])
	depth, kind, interlaced := head[8], head[9], head[12] != 0
	space, colors := "/DeviceGray", 1
	switch kind {
	case 0:
	case 2:
		space, colors = "/DeviceRGB", 3
	case 3:
		space = fmt.Sprintf("[/Indexed /DeviceRGB %d <%X>]", len(palette)/3-1, palette)
		if len(palette) < 3 || len(palette) > 768 || len(palette)%3 != 0 {
			return 0, fmt.Errorf("its palette has %d bytes", len(palette))
		}
	default:
		transparent = true
	}
	if transparent || interlaced {
		return unpacked(f, b, int(width), int(height))
	}
	return f.raw(fmt.Sprintf(" /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %s /BitsPerComponent %d /Filter /FlateDecode "+
		"/DecodeParms << /Predictor 15 /Colors %d /BitsPerComponent %d /Columns %d >>", width, height, space, depth, colors, depth, width), data), nil
}

// unpacked writes a picture by its pixels, with a mask of what is transparent.
func unpacked(f *file, b []byte, width, height int) (int, error) {
	if width*height > maxUnpacked {
		return 0, fmt.Errorf("%d × %d pixels are too many to unpack", width, height)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return 0, err
	}
	pixels, alpha, opaque := split(img)
	entries := fmt.Sprintf(" /Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8", width, height)
	mask := ""
	if !opaque {
		mask = fmt.Sprintf(" /SMask %d 0 R", f.stream(entries+" /ColorSpace /DeviceGray", alpha))
	}
	return f.stream(entries+" /ColorSpace /DeviceRGB"+mask, pixels), nil
}

// split is the colours and the opacity of an image.
func split(img image.Image) (pixels, alpha []byte, opaque bool) {
	r := img.Bounds()
	pixels, alpha = make([]byte, 0, r.Dx()*r.Dy()*3), make([]byte, 0, r.Dx()*r.Dy())
	opaque = true
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c, _ := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			pixels = append(pixels, c.R, c.G, c.B)
			alpha = append(alpha, c.A)
			opaque = opaque && c.A == 255
		}
	}
	return pixels, alpha, opaque
}
