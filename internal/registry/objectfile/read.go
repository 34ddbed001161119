package objectfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/workbook"
)

// Row is one row of a file as read, before it is held against the register.
type Row struct {
	Sheet  string
	Row    int // from 1
	Object registry.WaterObject
	// Said are the keys of the columns in which the row says something; what it does not say stays as it stands.
	Said     map[string]bool
	Cells    map[string]string // where a column of the row stands: "C7"
	Division string            // as written: a code or a name
	Manager  string            // as written
	Deleted  bool
	Total    bool          // a line of sums
	Problems []fault.Field // Place is the cell
	Remarks  []fault.Field
}

// Head is one column of a sheet and what it is taken for.
type Head struct {
	Sheet string     `json:"sheet"`
	Cell  string     `json:"cell"`
	Head  string     `json:"head"`
	Key   string     `json:"key,omitempty" doc:"Field of the register; absent for a column that is kept as it is"`
	Name  fault.Text `json:"name"`
}

// File is a file as read.
type File struct {
	Format   string // xlsx, xls, csv or geojson
	Encoding string
	Heads    []Head
	Rows     []Row
	Notes    []fault.Text
	Bad      []fault.Field // features that could not be read at all
}

// The limits of a file.
const (
	MaxBytes = 20 << 20
	maxRows  = 20_000
	headRows = 30 // among the first of which the head is looked for
)

// Read reads the rows of a file. An error means that nothing of it can be used.
func Read(name string, data []byte, o Options) (*File, error) {
	if len(data) > MaxBytes {
		return nil, fault.New(fault.TooLarge, "objects.large", fault.Tf("文件超过 %d MB", "the file is larger than %d MB", MaxBytes>>20))
	}
	if o.Kind != "" && !o.Kind.Valid() {
		return nil, fault.Invalidf("objects.kind", "没有这类对象", "there is no such kind of object").At("kind", fault.T("无效", "not valid"))
	}
	if head := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))); len(head) > 0 && head[0] == '{' {
		return readGeoJSON(data, o)
	}
	limits := workbook.DefaultLimits()
	limits.Bytes, limits.Rows = MaxBytes, maxRows
	book, err := limits.Read(name, data)
	if err != nil {
		return nil, err
	}
	f := &File{Format: string(book.Format), Encoding: book.Encoding, Notes: book.Notes}
	for _, s := range book.Sheets {
		if s.Hidden {
			continue
		}
		if err := f.readSheet(s, o); err != nil {
			return nil, err
		}
	}
	if len(f.Heads) == 0 {
		return nil, fault.Invalidf("objects.head", "没有找到表头：需有“名称”列（或 RES_NAME 等）和至少一个其他可识别的列，列于前 %d 行之内",
			"no head was found: a column “name” (or RES_NAME and the like) and at least one more that is known, within the first %d rows", headRows)
	}
	return f, nil
}

// isTotal reports whether a row begins with the word by which offices begin a line of sums.
func isTotal(s workbook.Sheet, r int) bool {
	for _, c := range s.Rows[r] {
		if word := plain(c.Text); word != "" {
			return slices.Contains([]string{"合计", "总计", "小计", "total", "sum"}, word)
		}
	}
	return false
}

// headed is a column of a sheet.
type headed struct {
	index int
	text  string // as told and kept
	raw   string // as in the file
	key   string
	unit  string
	kind  objectrule.Kind
}

func (f *File) readSheet(s workbook.Sheet, o Options) error {
	at, heads := findHead(s)
	if heads == nil {
		if len(s.Rows) > 0 {
			f.Notes = append(f.Notes, fault.Tf("工作表“%s”没有可识别的表头，未读", "sheet “%s” has no head that is known and was not read", s.Name))
		}
		return nil
	}
	kind := o.Kind
	for _, h := range heads {
		f.Heads = append(f.Heads, Head{Sheet: s.Name, Cell: workbook.Ref(at, h.index), Head: h.text, Key: h.key, Name: nameOf(h.key)})
		if kind == "" {
			kind = h.kind
		}
	}
	for r := at + 1; r < len(s.Rows); r++ {
		cells := map[int]workbook.Cell{}
		for _, h := range heads {
			if c := s.At(r, h.index); says(c) != "" {
				cells[h.index] = c
			}
		}
		if len(cells) == 0 {
			continue
		}
		if len(f.Rows) >= maxRows {
			return fault.New(fault.TooLarge, "objects.rows", fault.Tf("超过 %d 行，请分批导入", "more than %d rows: import them in parts", maxRows))
		}
		row := Row{Sheet: s.Name, Row: r + 1, Said: map[string]bool{}, Cells: map[string]string{}}
		row.Object.Kind = kind
		row.Total = isTotal(s, r)
		for _, h := range heads {
			if c, ok := cells[h.index]; ok {
				row.cell(h, c, workbook.Ref(r, h.index))
			}
		}
		f.finish(&row, o)
	}
	return nil
}

// findHead finds the row among the first that names the most columns, the name among them.
func findHead(s workbook.Sheet) (at int, heads []headed) {
	best := 1
	for r := 0; r < min(len(s.Rows), headRows); r++ {
		var found []headed
		taken := map[string]bool{}
		n := 0
		for i, c := range s.Rows[r] {
			text := strings.Join(strings.Fields(c.Text), " ")
			if text == "" || c.Number.Valid {
				continue
			}
			h := headed{index: i, text: clip(text)}
			if key, kind, unit := known(text); key != "" && !(taken[key] && key != colPassed) {
				h.key, h.kind, h.unit = key, kind, unit
				taken[key] = true
				if key != colPassed {
					n++
				}
			}
			found = append(found, h)
		}
		if n > best && taken["name"] {
			best, at, heads = n, r, found
		}
	}
	slices.SortStableFunc(heads, func(a, b headed) int { return order(a.key) - order(b.key) })
	return at, heads
}

// order is the place of a column among all, so that the kind is read before what hangs on it.
func order(key string) int {
	i := slices.IndexFunc(columns(), func(c column) bool { return c.key == key })
	if i < 0 {
		return len(columns())
	}
	return i
}

func nameOf(key string) fault.Text {
	if i := order(key); i < len(columns()) {
		return columns()[i].name
	}
	return fault.Text{}
}

// cell takes one cell that says something.
func (r *Row) cell(h headed, c workbook.Cell, ref string) {
	key := h.key
	if key == "" {
		if r.Object.Ext == nil {
			r.Object.Ext = map[string]string{}
		}
		if _, twice := r.Object.Ext[h.text]; !twice {
			r.Object.Ext[h.text] = says(c)
		}
		return
	}
	if key == colPassed {
		return
	}
	r.Said[key], r.Cells[key] = true, ref
	switch key {
	case colDivision, colCounty:
		if r.Division == "" { // the code stands before the name
			r.Division = says(c)
		}
	case colManager:
		r.Manager = says(c)
	case colDeleted:
		r.Deleted = slices.Contains([]string{"1", "是", "true", "y"}, strings.ToLower(says(c)))
	case colLon, colLat:
		v, ok := parseDegrees(says(c))
		if !ok {
			r.problem(key, fault.T("“"+clip(says(c))+"”不是经纬度", "“"+clip(says(c))+"” is no longitude or latitude"))
			return
		}
		if r.Object.Place == nil {
			r.Object.Place = &geodesy.Point{}
		}
		if key == colLon {
			r.Object.Place.Lon = v
		} else {
			r.Object.Place.Lat = v
		}
	default:
		remark, wrong := columns()[order(key)].put(&r.Object, c, h.unit)
		if wrong != nil {
			r.problem(key, *wrong)
		}
		if remark != nil {
			r.Remarks = append(r.Remarks, fault.Field{Place: ref, Text: *remark})
		}
	}
}

func (r *Row) problem(key string, why fault.Text) {
	r.Problems = append(r.Problems, fault.Field{Place: r.Cells[key], Text: why})
}

// finish settles the code scheme and the place of a row and adds it.
func (f *File) finish(r *Row, o Options) {
	if !r.Said["scheme"] && r.Said["code"] {
		r.Object.Scheme = o.Scheme
		if o.Scheme == "" {
			r.Object.Scheme = registry.OwnScheme
		}
	}
	f.settlePlace(r, o)
	f.Rows = append(f.Rows, *r)
}

func (f *File) settlePlace(r *Row, o Options) {
	p := r.Object.Place
	if p == nil {
		return
	}
	switch {
	case r.Said[colLon] != r.Said[colLat]:
		r.Object.Place = nil
		one := fault.T("经度和纬度须同时给出", "give both longitude and latitude")
		for _, key := range []string{colLon, colLat} {
			if r.Said[key] {
				r.problem(key, one)
			}
		}
	case !o.System.Valid():
		r.problem(colLon, fault.T("文件含坐标，须先说明其坐标系", "the file has coordinates: say their reference system first"))
	case !p.Valid():
		r.problem(colLon, fault.T("不是有效的经纬度", "no longitude and latitude"))
	default:
		q := geodesy.Convert(*p, o.System, geodesy.CGCS2000)
		r.Object.Place = &q
	}
}

// readGeoJSON reads features by the same names, their points as places. A feature's place in the file stands for its row.
func readGeoJSON(data []byte, o Options) (*File, error) {
	if !o.System.Valid() {
		_, err := geodesy.ParseSystem("")
		return nil, err
	}
	limits := geodesy.DefaultLimits()
	limits.Bytes, limits.Features = MaxBytes, maxRows
	features, bad, err := geodesy.ReadGeoJSON(data, o.System, limits)
	if err != nil {
		return nil, err
	}
	f := &File{Format: "geojson", Encoding: "utf-8", Bad: bad}
	lost := map[int]bool{}
	for _, b := range bad {
		var i int
		if _, err := fmt.Sscanf(b.Place, "features[%d]", &i); err == nil {
			lost[i] = true
		}
	}
	index := -1
	seen := map[string]bool{}
	for _, ft := range features {
		for index++; lost[index]; index++ {
		}
		row := Row{Sheet: "features", Row: index + 1, Said: map[string]bool{}, Cells: map[string]string{}}
		f.feature(&row, ft, o, seen)
	}
	return f, nil
}

func (f *File) feature(row *Row, ft geodesy.Feature, o Options, seen map[string]bool) {
	var heads []headed
	for name := range ft.Properties {
		h := headed{text: clip(name), raw: name}
		h.key, h.kind, h.unit = known(name)
		heads = append(heads, h)
	}
	slices.SortFunc(heads, func(a, b headed) int {
		if n := order(a.key) - order(b.key); n != 0 {
			return n
		}
		return strings.Compare(a.text, b.text)
	})
	row.Object.Kind = o.Kind
	for _, h := range heads {
		if row.Object.Kind == "" {
			row.Object.Kind = h.kind
		}
	}
	taken := map[string]bool{}
	for _, h := range heads {
		if h.key == colLon || h.key == colLat || h.key == colPassed {
			continue // the geometry says where it is
		}
		if h.key != "" && taken[h.key] {
			h.key = ""
		}
		taken[h.key] = true
		if !seen[h.text] {
			seen[h.text] = true
			f.Heads = append(f.Heads, Head{Sheet: "features", Cell: "properties." + h.text, Head: h.text, Key: h.key, Name: nameOf(h.key)})
		}
		if c := propertyCell(ft.Properties[h.raw]); says(c) != "" {
			row.cell(h, c, fmt.Sprintf("features[%d].properties.%s", row.Row-1, h.text))
		}
	}
	// The reader has brought the point to CGCS2000 already.
	if ft.Point != nil {
		p := *ft.Point
		row.Said[colLon], row.Said[colLat] = true, true
		row.Cells[colLon] = fmt.Sprintf("features[%d].geometry", row.Row-1)
		row.Object.Place = &p
	} else {
		row.Remarks = append(row.Remarks, fault.Field{Place: fmt.Sprintf("features[%d].geometry", row.Row-1), Text: fault.T("面没有作为位置登记", "an area is not taken as a place")})
	}
	o.System = geodesy.CGCS2000
	f.finish(row, o)
}

// propertyCell makes a cell of a property.
func propertyCell(v any) workbook.Cell {
	switch v := v.(type) {
	case string:
		return workbook.Cell{Text: strings.ToValidUTF8(strings.ReplaceAll(v, "\x00", ""), "")}
	case json.Number:
		return workbook.Cell{Text: v.String()}
	case bool:
		if v {
			return workbook.Cell{Text: "是"}
		}
		return workbook.Cell{Text: "否"}
	case nil:
		return workbook.Cell{}
	}
	b, err := json.Marshal(v)
	if err != nil || !utf8.Valid(b) {
		return workbook.Cell{}
	}
	return workbook.Cell{Text: string(b)}
}
