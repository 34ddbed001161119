package media

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"path"
	"strings"

	"anlan/internal/fault"
)

// brandType reads the brands of an ISO base media file (ISO/IEC 14496-12, 4.3; HEIC: ISO/IEC 23008-12).
func brandType(head []byte) Type {
	end := min(len(head), int(binary.BigEndian.Uint32(head)))
	brands := []string{string(head[8:12])}
	for off := 16; off+4 <= end; off += 4 {
		brands = append(brands, string(head[off:off+4]))
	}
	for _, b := range brands {
		switch b {
		case "heic", "heix", "heim", "heis", "hevc", "hevx":
			return HEIC
		}
	}
	switch brands[0] {
	case "qt  ":
		return QuickTime
	case "isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "M4VH", "3gp4", "3gp5", "3gp6", "MSNV", "dash":
		return MP4
	}
	return ""
}

const boxesMax = 100_000

// box is one box of an ISO base media file, from its first content byte to its end.
type box struct {
	kind      string
	from, end int64
}

// boxAt reads the head of a box that must end within a limit.
func (in *input) boxAt(off, limit int64) (box, bool) {
	head, ok := in.at(off, 8)
	if !ok {
		return box{}, false
	}
	b := box{string(head[4:]), off + 8, off + int64(binary.BigEndian.Uint32(head))}
	switch binary.BigEndian.Uint32(head) {
	case 0: // to the end
		b.end = limit
	case 1:
		long, ok := in.at(off+8, 8)
		if !ok || binary.BigEndian.Uint64(long) > uint64(limit) {
			return box{}, false
		}
		b.from, b.end = off+16, off+int64(binary.BigEndian.Uint64(long))
	}
	return b, b.end >= b.from && b.end <= limit
}

// boxes holds that the top boxes cover the file, and that there is what the type needs: moov in a video, meta in a picture.
func (in *input) boxes(t Type) (Info, error) {
	info := Info{Type: t}
	found := map[string]box{}
	off := int64(0)
	for n := 0; off < in.size; n++ {
		b, ok := in.boxAt(off, in.size)
		if !ok || n == boxesMax {
			return info, damaged(t, off, "数据盒超出文件", "a box runs past the end")
		}
		if _, again := found[b.kind]; !again {
			found[b.kind] = b
		}
		off = b.end
	}
	need := "moov"
	if t == HEIC {
		need = "meta"
	}
	meta, ok := found[need]
	if !ok {
		return info, damaged(t, in.size, "缺少 "+need, need+" is missing")
	}
	if t != HEIC {
		return info, nil
	}
	if info.Width, info.Height = in.heicSize(meta); info.Width == 0 || info.Height == 0 {
		return info, damaged(t, meta.from, "没有图像尺寸", "it gives no size")
	}
	info.EXIF = in.heicEXIF(meta)
	return info, nil
}

// children calls f with each box inside another.
func (in *input) children(parent box, f func(b box)) {
	off := parent.from
	for n := 0; n < segmentsMax && off < parent.end; n++ {
		b, ok := in.boxAt(off, parent.end)
		if !ok {
			return
		}
		f(b)
		off = b.end
	}
}

// heicSize is the largest picture that the file declares: tiles and small previews are declared beside the whole.
func (in *input) heicSize(meta box) (w, h int) {
	meta.from += 4 // version and flags
	in.children(meta, func(iprp box) {
		if iprp.kind != "iprp" {
			return
		}
		in.children(iprp, func(ipco box) {
			if ipco.kind != "ipco" {
				return
			}
			in.children(ipco, func(ispe box) {
				if ispe.kind != "ispe" {
					return
				}
				b, ok := in.at(ispe.from+4, 8)
				if !ok {
					return
				}
				x, y := int64(binary.BigEndian.Uint32(b)), int64(binary.BigEndian.Uint32(b[4:]))
				if x < 1<<31 && y < 1<<31 && x*y > int64(w)*int64(h) {
					w, h = int(x), int(y)
				}
			})
		})
	})
	return w, h
}

// pdf wants the end mark, so that a file cut off on the way is found (ISO 32000-1, 7.5.5).
func (in *input) pdf() (Info, error) {
	n := min(in.size, 4096)
	tail, ok := in.at(in.size-n, int(n))
	if !ok || !bytes.Contains(tail, []byte("%%EOF")) {
		return Info{}, damaged(PDF, in.size, "没有结束标记", "the end mark is missing")
	}
	return Info{Type: PDF}, nil
}

const (
	directoryMax = 2 << 20 // bytes of a zip's directory: some ten thousand entries
	entriesMax   = 10_000
)

// office tells a docx from an xlsx by the parts inside (ECMA-376, part 2), and unpacks all of them into nothing.
func (in *input) office(b Bounds) (Info, error) {
	if !in.soundDirectory() {
		return Info{}, damaged(zipped, in.size, "压缩包目录有误或过大", "the directory of the zip is wrong or too large")
	}
	z, err := zip.NewReader(in, in.size)
	if err != nil {
		return Info{}, damaged(zipped, in.size, "压缩包目录有误", "the directory of the zip is wrong")
	}
	names := map[string]bool{}
	for _, f := range z.File {
		if !safeName(f.Name) || names[f.Name] {
			return Info{}, damaged(zipped, 0, "条目名称有误："+f.Name, "an entry has a wrong name: "+f.Name)
		}
		names[f.Name] = true
		if strings.EqualFold(path.Base(f.Name), "vbaProject.bin") {
			return Info{}, fault.Invalidf("evidence.macros", "文件中有宏，请另存为不含宏的格式", "the file holds macros; save it in a format without them")
		}
	}
	info := Info{}
	switch {
	case !names["[Content_Types].xml"]:
	case names["word/document.xml"]:
		info.Type = DOCX
	case names["xl/workbook.xml"]:
		info.Type = XLSX
	}
	if info.Type == "" {
		return info, fault.Invalidf("evidence.type", "压缩包不予接收，只接收 docx 和 xlsx", "of zipped files only docx and xlsx are taken")
	}
	return info, unzip(z, info.Type, b)
}

// soundDirectory holds that the directory lies right before the end record and is of a size that can be read into memory.
func (in *input) soundDirectory() bool {
	n := min(in.size, 22+1<<16)
	tail, ok := in.at(in.size-n, int(n))
	if !ok {
		return false
	}
	i := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if i < 0 || i+22 > len(tail) {
		return false
	}
	end := tail[i:]
	entries, size, off := binary.LittleEndian.Uint16(end[10:]), int64(binary.LittleEndian.Uint32(end[12:])), int64(binary.LittleEndian.Uint32(end[16:]))
	return entries <= entriesMax && size <= directoryMax && off+size == in.size-n+int64(i)
}

func safeName(name string) bool {
	return name != "" && !strings.HasPrefix(name, "/") && !strings.ContainsAny(name, "\\:\x00") && path.Clean("/"+name) == "/"+strings.TrimSuffix(name, "/")
}

func unzip(z *zip.Reader, t Type, b Bounds) error {
	left := b.Unpacked
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return damaged(t, 0, "无法解压 "+f.Name, f.Name+" cannot be unpacked")
		}
		n, err := io.Copy(io.Discard, io.LimitReader(r, left+1))
		if err = errors.Join(err, r.Close()); n > left {
			return bursts(f.Name, b)
		}
		if err != nil {
			return damaged(t, 0, "无法解压 "+f.Name, f.Name+" cannot be unpacked")
		}
		left -= n
	}
	return nil
}
