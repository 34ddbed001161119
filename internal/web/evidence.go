package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/evidence/media"
	"anlan/internal/fault"
	"anlan/internal/identity"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// uploadStream reads a form of any size as it arrives: it is written once, into the evidence folder, and never held in memory.
type uploadStream struct {
	request *http.Request
	writer  http.ResponseWriter
}

// Resolve implements huma.Resolver: it takes the request itself.
func (u *uploadStream) Resolve(ctx huma.Context) []error {
	u.request, u.writer = humago.Unwrap(ctx)
	return nil
}

type hashInput struct {
	Hash string `path:"hash" maxLength:"64"`
}

func (s *Server) addEvidenceRoutes() {
	r := Route{Method: http.MethodPost, Path: "/api/evidence", ID: "putEvidence", Summary: "Put in a photo, a video or a paper", Tag: "evidence", Permission: identity.MatterRead}
	s.describe(&r)
	type output struct{ Body *evidence.File }
	huma.Register(s.api, s.operation(r), func(ctx context.Context, in *uploadStream) (*output, error) {
		f, err := s.putEvidence(ctx, principalOf(ctx), in)
		if err != nil {
			return nil, s.answer(ctx, r, err)
		}
		return &output{f}, nil
	})
	// Told afterwards: where huma knows of a body, it reads all of it before the handler runs.
	s.api.OpenAPI().Paths[r.Path].Post.RequestBody = uploadForm()
	own := func(path, id, summary string) Route {
		return Route{Method: "GET", Path: path, ID: id, Summary: summary, Tag: "evidence", Permission: identity.MatterRead}
	}
	addContent(s, own("/api/evidence/{hash}", "getOwnEvidence", "A file that one has put in oneself"), func(ctx context.Context, p *identity.Principal, in *hashInput) (*evidence.Content, error) {
		return s.ownEvidence(ctx, p, in, s.Evidence.Open)
	})
	addContent(s, own("/api/evidence/{hash}/thumbnail", "getOwnThumbnail", "The thumbnail of a picture that one has put in oneself"), func(ctx context.Context, p *identity.Principal, in *hashInput) (*evidence.Content, error) {
		return s.ownEvidence(ctx, p, in, s.Evidence.Thumbnail)
	})
}

// uploadForm describes the form in the OpenAPI document.
func uploadForm() *huma.RequestBody {
	file := &huma.Schema{
		Type: huma.TypeString, Format: "binary", ContentEncoding: "binary",
		Description: "JPEG, PNG, WebP, HEIC, MP4, MOV, PDF, docx or xlsx, told by its bytes",
	}
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {
		Schema: &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{"file": file}},
	}}}
}

// ownEvidence shows a file to whoever has put these very bytes in; to everybody else it does not exist. What belongs to a matter
// is shown by the matter's routes, to those who see the matter.
func (s *Server) ownEvidence(ctx context.Context, p *identity.Principal, in *hashInput, open func(context.Context, evidence.Hash) (*evidence.Content, error)) (*evidence.Content, error) {
	h := evidence.Hash(in.Hash)
	own, err := s.Evidence.HasPut(ctx, s.Store, h, p.Account())
	if err != nil {
		return nil, err
	}
	if !own {
		return nil, evidence.Unknown(h)
	}
	return open(ctx, h)
}

func (s *Server) putEvidence(ctx context.Context, p *identity.Principal, in *uploadStream) (*evidence.File, error) {
	if !p.CanSomewhere(identity.MatterAnswer) && !p.CanSomewhere(identity.InspectionRecord) && !p.CanSomewhere(identity.MatterReview) {
		return nil, fault.Forbiddenf("evidence.permission", "提交附件须有答复、检查记录或审核权限", "putting a file in takes the permission to answer a matter, to record an inspection, or to review")
	}
	body := newSlowBody(in.writer, in.request.Body, s.Evidence.Limits().Largest()+1<<20)
	in.request.Body = body
	f, err := s.readUpload(ctx, p, in.request)
	if err != nil {
		body.drain() // a browser reads the refusal only once it has sent everything
	}
	return f, err
}

func (s *Server) readUpload(ctx context.Context, p *identity.Principal, r *http.Request) (*evidence.File, error) {
	form, err := r.MultipartReader()
	if err != nil {
		return nil, fault.Invalidf("evidence.form", "请以 multipart/form-data 上传，文件放在 file 字段", "send multipart/form-data with the file in its field file").Because(err)
	}
	part, err := filePart(form)
	if err != nil {
		return nil, err
	}
	f, err := s.Evidence.Put(ctx, p.Actor(), part.FileName(), part)
	return &f, err
}

func filePart(form *multipart.Reader) (*multipart.Part, error) {
	for range 10 {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if fault.KindOf(err) == fault.TooLarge {
			return nil, err
		}
		if err != nil {
			return nil, fault.Invalidf("evidence.cut", "文件未传完，请重传", "the file did not arrive whole; send it again").Because(err)
		}
		if part.FormName() == "file" {
			return part, nil
		}
	}
	return nil, fault.Invalidf("evidence.form", "表单中没有 file 字段", "the form has no field file")
}

const (
	uploadPause = time.Minute      // a phone with a poor signal may fall silent for so long
	uploadMost  = 30 * time.Minute // and may take so long in all
	drainMost   = 64 << 20
)

// slowBody is a body that may take longer than an ordinary request as long as it moves, up to a number of bytes.
type slowBody struct {
	io.ReadCloser
	control *http.ResponseController
	left    int64
	end     time.Time
	next    time.Time
}

func newSlowBody(w http.ResponseWriter, body io.ReadCloser, most int64) *slowBody {
	return &slowBody{ReadCloser: body, control: http.NewResponseController(w), left: most, end: time.Now().Add(uploadMost)}
}

// Read implements io.Reader.
func (b *slowBody) Read(p []byte) (int, error) {
	if now := time.Now(); now.After(b.next) {
		b.next = now.Add(5 * time.Second)
		until := now.Add(uploadPause)
		if until.After(b.end) {
			until = b.end
		}
		// A writer of a test has no deadlines; the server's has, and keeps the old ones where these cannot be set.
		_ = errors.Join(b.control.SetReadDeadline(until), b.control.SetWriteDeadline(until.Add(uploadPause)))
	}
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, fault.New(fault.TooLarge, "evidence.size", fault.T("文件过大", "the file is too large"))
	}
	return n, err
}

// drain reads on for a while what nobody wants any more.
func (b *slowBody) drain() {
	b.left = drainMost
	_, _ = io.Copy(io.Discard, b)
}

// addContent registers a handler that hands out a kept file. Whether the person may have it is decided by the handler.
func addContent[I any](s *Server, r Route, handle func(ctx context.Context, p *identity.Principal, in *I) (*evidence.Content, error)) {
	s.describe(&r)
	op := s.operation(r)
	op.Responses = map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		c, err := handle(ctx, principalOf(ctx), in)
		if err != nil {
			return nil, s.answer(ctx, r, err)
		}
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			r, w := humago.Unwrap(ctx)
			defer c.Close() //nolint:errcheck // only read
			writeContent(w, r, c)
		}}, nil
	})
}

// writeContent sends a verified file with headers that leave a browser nothing to guess and nothing to run. Pictures may be shown
// in the page, all else is saved. Parts can be asked for. The permission is asked again each time; only then may a copy be reused.
func writeContent(w http.ResponseWriter, r *http.Request, c *evidence.Content) {
	way := "attachment"
	if c.Media.Family() == media.Image {
		way = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", string(c.Media))
	h.Set("Content-Disposition", mime.FormatMediaType(way, map[string]string{"filename": c.Name}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+string(c.Hash)+`"`)
	// A large video over a slow line outlasts an ordinary answer; see slowBody for the error.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(uploadMost))
	http.ServeContent(w, r, "", time.Time{}, c)
}
