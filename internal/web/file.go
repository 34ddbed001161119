package web

import (
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// File is an answer that is saved, not shown.
type File struct {
	Name    string // as the person saves it, Chinese allowed
	Type    string // media type
	Content []byte
}

// The media types of files.
const (
	typeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typeYAML = "application/yaml"
)

type fileOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (f *File) output() *fileOutput {
	return &fileOutput{
		ContentType: f.Type,
		Disposition: mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}),
		Body:        f.Content,
	}
}

// writeProblem answers outside huma, where a request never reached a route.
func writeProblem(w http.ResponseWriter, p *Problem) {
	body, err := huma.DefaultJSONFormat.Marshal, error(nil)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(p.status)
	if err = body(w, p); err != nil {
		return // the client is gone
	}
}
