package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// segmentsMax bounds the parts that a header walk looks at; a camera writes some dozens.
const segmentsMax = 4096

// jpeg walks the marker segments up to the first scan (ITU-T T.81, annex B).
func (in *input) jpeg() (Info, error) {
	info := Info{Type: JPEG}
	off := int64(2)
	for range segmentsMax {
		m, ok := in.at(off, 2)
		if !ok || m[0] != 0xff {
			return info, damaged(JPEG, off, "此处应为段标记", "a marker is due here")
		}
		code := m[1]
		switch {
		case code == 0xff: // fill byte
			off++
			continue
		case code == 0x01 || code >= 0xd0 && code <= 0xd7: // without a length
			off += 2
			continue
		case code == 0xd9 || code == 0xd8 || code == 0x00:
			return info, damaged(JPEG, off, "图像数据之前即结束", "it ends before any picture")
		}
		l, ok := in.at(off+2, 2)
		if !ok {
			return info, damaged(JPEG, off, "段长缺失", "a segment has no length")
		}
		n := int(binary.BigEndian.Uint16(l))
		body, ok := in.at(off+4, n-2)
		if n < 2 || !ok {
			return info, damaged(JPEG, off, "段超出文件", "a segment runs past the end")
		}
		if code == 0xda {
			if info.Width == 0 {
				return info, damaged(JPEG, off, "没有图像尺寸", "it gives no size before the picture")
			}
			return info, nil
		}
		if err := info.segment(code, body, off); err != nil {
			return info, err
		}
		off += 2 + int64(n)
	}
	return info, damaged(JPEG, off, "段过多", "it has too many segments")
}

// segment takes what a marker segment tells of the picture.
func (i *Info) segment(code byte, body []byte, off int64) error {
	const exifHead = "Exif\x00\x00"
	if code == 0xe1 && i.EXIF == nil && bytes.HasPrefix(body, []byte(exifHead)) {
		i.EXIF = body[len(exifHead):]
	}
	if code < 0xc0 || code > 0xcf || code == 0xc4 || code == 0xc8 || code == 0xcc {
		return nil
	}
	if len(body) < 6 || len(body) < 6+3*int(body[5]) || i.Width != 0 {
		return damaged(JPEG, off, "帧头有误", "the frame header is wrong")
	}
	i.Height, i.Width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
	if i.Width == 0 || i.Height == 0 || body[5] == 0 {
		return damaged(JPEG, off, "图像尺寸为零", "the size is zero")
	}
	components := int64(body[5])
	each := components
	if code == 0xc2 { // progressive: all coefficients are kept, four bytes each, beside the samples
		each += 4 * components
	}
	i.Memory = int64(i.Width) * int64(i.Height) * each
	return nil
}

const pngSignature = "\x89PNG\r\n\x1a\n"

// png walks the chunks, holds their checksums, and unpacks the picture data into nothing (W3C PNG, third edition).
func (in *input) png(b Bounds) (Info, error) {
	info := Info{Type: PNG}
	head, ok := in.at(8, 25)
	if !ok || binary.BigEndian.Uint32(head) != 13 || string(head[4:8]) != "IHDR" {
		return info, damaged(PNG, 8, "没有 IHDR", "IHDR is missing")
	}
	w, h := binary.BigEndian.Uint32(head[8:]), binary.BigEndian.Uint32(head[12:])
	if w == 0 || h == 0 || w > 1<<31-1 || h > 1<<31-1 {
		return info, damaged(PNG, 16, "图像尺寸有误", "the size is wrong")
	}
	info.Width, info.Height = int(w), int(h)
	if err := checkPixels(info, b); err != nil {
		return info, err // before a byte is unpacked
	}
	bits, ok := pngBits(head[16], head[17])
	if !ok || head[18] != 0 || head[19] != 0 || head[20] > 1 {
		return info, damaged(PNG, 24, "颜色类型有误", "the colour type is wrong")
	}
	want := pngBytes(int64(w), int64(h), bits, head[20] == 1)
	if want > b.Unpacked {
		return info, bursts("PNG", b)
	}
	info.Memory = int64(w) * int64(h) * pngMemory(head[16], head[17])
	data, err := in.pngChunks(&info)
	if err != nil {
		return info, err
	}
	return info, in.unpack(data, want, b)
}

// pngBits is how many bits a pixel takes, by depth and colour type.
func pngBits(depth, colour byte) (int64, bool) {
	channels := map[byte]int64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
	var ok bool
	switch depth {
	case 8:
		ok = channels > 0
	case 16:
		ok = channels > 0 && colour != 3
	case 1, 2, 4:
		ok = colour == 0 || colour == 3
	}
	return channels * int64(depth), ok
}

// pngMemory is how many bytes a decoded pixel takes.
func pngMemory(depth, colour byte) int64 {
	grey := colour == 0 || colour == 3
	switch {
	case depth == 16 && grey:
		return 2
	case depth == 16:
		return 8
	case grey:
		return 1
	}
	return 4
}

// pngBytes is how many bytes the rows take unpacked, each with its filter byte; an interlaced picture is seven small ones.
func pngBytes(w, h, bits int64, interlaced bool) int64 {
	rows := func(w, h int64) int64 {
		if w <= 0 || h <= 0 {
			return 0
		}
		return h * (1 + (w*bits+7)/8)
	}
	if !interlaced {
		return rows(w, h)
	}
	n := int64(0)
	for _, p := range [7][4]int64{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
		n += rows((w-p[0]+p[2]-1)/p[2], (h-p[1]+p[3]-1)/p[3])
	}
	return n
}

// pngChunks holds every chunk's length and checksum and returns the sections of the picture data.
func (in *input) pngChunks(info *Info) ([]io.Reader, error) {
	var data []io.Reader
	off, ended := int64(8), false
	for n := 0; !ended; n++ {
		head, ok := in.at(off, 8)
		if !ok || n == 1<<20 {
			return nil, damaged(PNG, off, "没有 IEND", "IEND is missing")
		}
		size, kind := int64(binary.BigEndian.Uint32(head)), string(head[4:])
		if size > in.size-off-12 {
			return nil, damaged(PNG, off, "数据块超出文件", "a chunk runs past the end")
		}
		sum := crc32.NewIEEE()
		if _, err := io.Copy(sum, io.NewSectionReader(in, off+4, size+4)); err != nil {
			return nil, err
		}
		tail, ok := in.at(off+8+size, 4)
		if !ok || binary.BigEndian.Uint32(tail) != sum.Sum32() {
			return nil, damaged(PNG, off, "数据块校验不符", "a chunk's checksum does not hold")
		}
		switch kind {
		case "IDAT":
			data = append(data, io.NewSectionReader(in, off+8, size))
		case "eXIf":
			if size <= exifMax && info.EXIF == nil {
				info.EXIF, _ = in.at(off+8, int(size))
			}
		case "IEND":
			ended = true
		}
		off += 12 + size
	}
	if len(data) == 0 {
		return nil, damaged(PNG, off, "没有图像数据", "it has no picture data")
	}
	return data, nil
}

// unpack inflates picture data into nothing: it must give what the size of the picture asks for, and not a byte more.
func (in *input) unpack(data []io.Reader, want int64, b Bounds) error {
	z, err := zlib.NewReader(io.MultiReader(data...))
	if err != nil {
		return damaged(PNG, 0, "图像数据无法解压", "the picture data cannot be unpacked")
	}
	n, err := io.Copy(io.Discard, io.LimitReader(z, want+1))
	switch {
	case n > want:
		return bursts("PNG", b)
	case err != nil && !errors.Is(err, io.EOF), n < want:
		return damaged(PNG, 0, "图像数据不完整", "the picture data are cut off")
	}
	return nil
}

// webp reads the first chunk for the size, and looks for EXIF among the others (RFC 9649).
func (in *input) webp() (Info, error) {
	info := Info{Type: WebP}
	head, ok := in.at(0, 12)
	if !ok || int64(binary.LittleEndian.Uint32(head[4:]))+8 > in.size {
		return info, damaged(WebP, 4, "文件比声明的短", "the file is shorter than it says")
	}
	off := int64(12)
	for n := 0; n < segmentsMax && off+8 <= in.size; n++ {
		c, ok := in.at(off, 8)
		if !ok {
			break
		}
		size := int64(binary.LittleEndian.Uint32(c[4:]))
		if size > in.size-off-8 {
			return info, damaged(WebP, off, "数据块超出文件", "a chunk runs past the end")
		}
		if n == 0 {
			if info.Width, info.Height = in.webpSize(string(c[:4]), off+8, size); info.Width == 0 {
				return info, damaged(WebP, off, "没有图像尺寸", "it gives no size")
			}
		}
		if string(c[:4]) == "EXIF" && size <= exifMax {
			info.EXIF, _ = in.at(off+8, int(size))
			info.EXIF = bytes.TrimPrefix(info.EXIF, []byte("Exif\x00\x00"))
		}
		off += 8 + size + size&1
	}
	if info.Width == 0 {
		return info, damaged(WebP, off, "没有图像", "it holds no picture")
	}
	return info, nil
}

func (in *input) webpSize(kind string, off, size int64) (w, h int) {
	b, ok := in.at(off, int(min(size, 10)))
	switch {
	case !ok:
	case kind == "VP8 " && len(b) == 10 && string(b[3:6]) == "\x9d\x01\x2a":
		return int(binary.LittleEndian.Uint16(b[6:]) & 0x3fff), int(binary.LittleEndian.Uint16(b[8:]) & 0x3fff)
	case kind == "VP8L" && len(b) >= 5 && b[0] == 0x2f:
		v := binary.LittleEndian.Uint32(b[1:])
		return int(v&0x3fff) + 1, int(v>>14&0x3fff) + 1
	case kind == "VP8X" && len(b) == 10:
		u24 := func(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
		return u24(b[4:]) + 1, u24(b[7:]) + 1
	}
	return 0, 0
}
