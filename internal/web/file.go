package web

import (
	"encoding/json"
	"mime"
	"net/http"
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

// writeProblem answers outside huma, where a request never reached a handler.
func writeProblem(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(p.status)
	json.NewEncoder(w).Encode(p) //nolint:errcheck,errchkjson // the client is gone
}
