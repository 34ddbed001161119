package gb9704

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
	"time"
)

// Write writes a document as .docx. The same Document gives the same bytes. A document that cannot be written is a fault with the
// place of each problem, such as body[3].rows[2].cells[4], and nothing is written then; an error of w is returned as it is, wrapped.
func Write(w io.Writer, d Document) error {
	c, err := compose(d)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, p := range c.parts() {
		if err := pack(z, p); err != nil {
			return fmt.Errorf("write %s of official document: %w", p.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("end official document: %w", err)
	}
	return nil
}

// pack adds a part, dated at the first day that a zip file knows. A PNG is packed already.
func pack(z *zip.Writer, p part) error {
	h := &zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
	if strings.HasSuffix(p.name, ".png") {
		h.Method = zip.Store
	}
	f, err := z.CreateHeader(h)
	if err != nil {
		return err
	}
	_, err = f.Write(p.data)
	return err
}
