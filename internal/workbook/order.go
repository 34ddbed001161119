package workbook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"

	"github.com/xuri/excelize/v2"
)

// inOrder packs the parts of a workbook in the order of their names, so that the same tables give the same bytes: the library hands
// streamed sheets over in the order of a map.
type inOrder struct {
	to    io.Writer
	parts map[string]*bytes.Buffer
}

func newInOrder(w io.Writer) excelize.ZipWriter { return &inOrder{w, map[string]*bytes.Buffer{}} }

// Create implements excelize.ZipWriter.
func (z *inOrder) Create(name string) (io.Writer, error) {
	if z.parts[name] != nil {
		return nil, fmt.Errorf("part %s is written twice", name)
	}
	z.parts[name] = new(bytes.Buffer)
	return z.parts[name], nil
}

// AddFS implements excelize.ZipWriter; nothing is taken from folders here.
func (z *inOrder) AddFS(fs.FS) error {
	return fmt.Errorf("workbooks are made of parts, not of folders")
}

// Close implements excelize.ZipWriter. Readers that look at the first part find the list of contents there.
func (z *inOrder) Close() error {
	w := zip.NewWriter(z.to)
	for _, name := range slices.Sorted(maps.Keys(z.parts)) {
		part, err := w.Create(name)
		if err == nil {
			_, err = part.Write(z.parts[name].Bytes())
		}
		if err != nil {
			return fmt.Errorf("pack %s: %w", name, err)
		}
	}
	return w.Close()
}
