package web_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anlan/internal/evidence"
)

func photo(t *testing.T, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, side, side/2)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// send uploads one file in a field of a form.
func (s *server) send(c *http.Client, field, name string, content []byte) (int, string) {
	s.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		s.Fatal(err)
	}
	return s.post(c, form.FormDataContentType(), &body)
}

func (s *server) post(c *http.Client, kind string, body io.Reader) (int, string) {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), http.MethodPost, s.url+"/api/evidence", body)
	if err != nil {
		s.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	resp, err := c.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func (s *server) get(c *http.Client, path string, header map[string]string) (*http.Response, []byte) {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.Fatal(err)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	resp, err := c.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	return resp, b
}

func (s *server) kept(status int, body string) evidence.File {
	s.Helper()
	var f evidence.File
	if err := json.Unmarshal([]byte(body), &f); err != nil || status != http.StatusOK {
		s.Fatalf("%d %s", status, body)
	}
	return f
}

func TestEvidenceThroughTheDoor(t *testing.T) {
	s := newServer(t)
	clerk, other := s.browser("clerk"), s.browser("reviewer")
	content := photo(t, 800)
	f := s.kept(s.send(clerk, "file", "坝顶 1.jpg", content))
	if f.Name != "坝顶 1.jpg" || *f.Width != 800 || f.Media != "image/jpeg" || f.ByName != "clerk" {
		t.Errorf("%+v", f)
	}
	path := "/api/evidence/" + string(f.Hash)
	resp, body := s.get(clerk, path, nil)
	if resp.StatusCode != http.StatusOK || !bytes.Equal(body, content) {
		t.Errorf("%d, %d bytes", resp.StatusCode, len(body))
	}
	for k, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache",
		"Content-Disposition":     "inline; filename*=utf-8''%E5%9D%9D%E9%A1%B6%201.jpg",
		"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'", "Etag": `"` + string(f.Hash) + `"`,
	} {
		if got := resp.Header.Get(k); got != want {
			t.Errorf("%s: %q", k, got)
		}
	}
	if resp, body = s.get(clerk, path, map[string]string{"Range": "bytes=2-9"}); resp.StatusCode != http.StatusPartialContent || !bytes.Equal(body, content[2:10]) {
		t.Errorf("a part: %d, %d bytes", resp.StatusCode, len(body))
	}
	if resp, _ = s.get(clerk, path, map[string]string{"If-None-Match": `"` + string(f.Hash) + `"`}); resp.StatusCode != http.StatusNotModified {
		t.Errorf("known already: %d", resp.StatusCode)
	}
	resp, body = s.get(clerk, path+"/thumbnail", nil)
	if small, err := jpeg.Decode(bytes.NewReader(body)); err != nil || small.Bounds().Dx() != 320 || small.Bounds().Dy() != 160 {
		t.Errorf("thumbnail: %d %v", resp.StatusCode, err)
	}
	for _, p := range []string{path, path + "/thumbnail"} {
		if resp, _ := s.get(other, p, nil); resp.StatusCode != http.StatusNotFound {
			t.Errorf("somebody who knows the hash alone gets %d", resp.StatusCode)
		}
	}
	s.kept(s.send(other, "file", "same.jpg", content))
	if resp, _ := s.get(other, path, nil); resp.StatusCode != http.StatusOK {
		t.Errorf("who has the bytes gets %d", resp.StatusCode)
	}
}

func TestEvidenceIsSavedNotShownUnlessAPicture(t *testing.T) {
	s := newServer(t)
	c := s.browser("inspector")
	f := s.kept(s.send(c, "file", "a.html", []byte("%PDF-1.7\n<script>alert(1)</script>\n%%EOF\n")))
	resp, _ := s.get(c, "/api/evidence/"+string(f.Hash), nil)
	if got := resp.Header.Get("Content-Disposition"); resp.Header.Get("Content-Type") != "application/pdf" || got != "attachment; filename=a.html.pdf" {
		t.Errorf("%q %q", resp.Header.Get("Content-Type"), got)
	}
	if resp, body := s.get(c, "/api/evidence/"+string(f.Hash)+"/thumbnail", nil); resp.StatusCode != http.StatusNotFound || !bytes.Contains(body, []byte("evidence.preview")) {
		t.Errorf("a paper's thumbnail: %d %s", resp.StatusCode, body)
	}
}

func TestEvidenceRefused(t *testing.T) {
	s := newServer(t)
	f := func(status int, body string, want int, code string) {
		t.Helper()
		if status != want || !strings.Contains(body, `"`+code+`"`) {
			t.Errorf("%d %s, want %d %s", status, body, want, code)
		}
	}
	on := func(status int, body string) func(int, string) {
		return func(want int, code string) { t.Helper(); f(status, body, want, code) }
	}
	clerk := s.browser("clerk")
	content := photo(t, 100)
	on(s.send(s.browser("viewer"), "file", "a.jpg", content))(http.StatusForbidden, "evidence.permission")
	on(s.send(s.browser("planner"), "file", "a.jpg", content))(http.StatusForbidden, "evidence.permission")
	on(s.send(clerk, "other", "a.jpg", content))(http.StatusBadRequest, "evidence.form")
	on(s.send(clerk, "file", "a.jpg", []byte("<svg/>")))(http.StatusBadRequest, "evidence.type")
	on(s.send(clerk, "file", "a.jpg", content[:len(content)/3]))(http.StatusBadRequest, "evidence.damaged")
	on(s.post(clerk, "application/json", strings.NewReader("{}")))(http.StatusBadRequest, "evidence.form")
	on(s.post(clerk, "multipart/form-data; boundary=x", strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n"+string(content))))(http.StatusBadRequest, "evidence.cut")
	big := io.MultiReader(strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n"), bytes.NewReader(content), io.LimitReader(zeros{}, 41<<20), strings.NewReader("\r\n--x--\r\n"))
	on(s.post(clerk, "multipart/form-data; boundary=x", big))(http.StatusRequestEntityTooLarge, "evidence.size")
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestDamagedEvidenceIsNeverServed changes one bit on the disk.
func TestDamagedEvidenceIsNeverServed(t *testing.T) {
	s := newServer(t)
	c := s.browser("clerk")
	f := s.kept(s.send(c, "file", "a.jpg", photo(t, 100)))
	file := filepath.Join(s.app.Config.EvidenceFolder(), string(f.Hash[:2]), string(f.Hash))
	b, err := os.ReadFile(file)
	if err == nil {
		b[len(b)/2] ^= 1
		err = os.Chmod(file, 0o600)
	}
	if err == nil {
		err = os.WriteFile(file, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if resp, body := s.get(c, "/api/evidence/"+string(f.Hash), nil); resp.StatusCode != http.StatusInternalServerError || !bytes.Contains(body, []byte("evidence.changed")) {
		t.Errorf("%d %.200s", resp.StatusCode, body)
	}
}
