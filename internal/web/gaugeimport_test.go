package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/store"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// sendReadings uploads a file of readings.
func (s *server) sendReadings(c *http.Client, name string, content []byte, fields map[string]string) (int, string) {
	s.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	for k, v := range fields {
		if err == nil {
			err = form.WriteField(k, v)
		}
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		s.Fatal(err)
	}
	req, err := http.NewRequestWithContext(s.Context(), http.MethodPost, s.url+"/api/gauge-imports", &body)
	if err != nil {
		s.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
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

// TestReadingsThroughTheDoor uploads a table in GB18030 as a person of one county: each row's lot is shown, nothing is stored before the
// confirmation, and after it what was foreseen is there. What is another county's is refused, and the file is another person's for nobody.
func TestReadingsThroughTheDoor(t *testing.T) {
	s := newServer(t)
	ours, theirs := s.gauge("330602", "0061000001", "0.5"), s.gauge("330603", "0061000002", "0.5")
	yue := s.browser("yue")
	now := s.app.Clock.Now().In(time.FixedZone("", 8*3600)).Truncate(5 * time.Minute)
	at := func(ago time.Duration) string { return now.Add(-ago).Format("2006-01-02 15:04") }
	text := "测站,时间,水位(m)\n" +
		"站0061000001," + at(72*time.Hour) + ",１２.５\n" + // new, in full width
		"站0061000001," + at(0) + ",12.3\n" + // there already
		"站0061000001," + at(5*time.Minute) + ",99.9\n" + // another figure stands
		"站0061000001," + at(73*time.Hour) + ",—\n" + // no figure
		"站0061000002," + at(72*time.Hour) + ",12.5\n" // the neighbour's
	content, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	status, body := s.sendReadings(yue, "水位.csv", content, nil)
	type state struct {
		ID, State string
		Done      int
		Report    struct {
			Readings, New, Same, Revised, Empty int
			Refused                             []struct{ Place, Content string }
		}
	}
	var got state
	if err := json.Unmarshal([]byte(body), &got); err != nil || status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	r := got.Report
	if got.State != "preview" || r.Readings != 3 || r.New != 1 || r.Same != 1 || r.Revised != 1 || r.Empty != 1 || len(r.Refused) != 1 || r.Refused[0].Place != "A6" {
		t.Errorf("%s", body)
	}
	path := "/api/gauge-imports/" + got.ID
	var rows struct {
		Items []struct {
			Row    int
			Lot    string
			Stands *float64
		}
	}
	s.read(yue, path+"/rows", &rows)
	if len(rows.Items) != 3 || rows.Items[0].Lot != "new" || rows.Items[1].Lot != "same" || rows.Items[2].Lot != "differs" || *rows.Items[2].Stands != 12.3 || rows.Items[2].Row != 4 {
		t.Errorf("%+v", rows.Items)
	}
	rows.Items = nil
	if s.read(yue, path+"/rows?lot=differs", &rows); len(rows.Items) != 1 {
		t.Errorf("%+v", rows.Items)
	}
	stored := func() int {
		points, err := s.app.Series.Points(t.Context(), ours, reading.Level, now.Add(-100*time.Hour), now)
		if err != nil {
			t.Fatal(err)
		}
		return len(points)
	}
	if n := stored(); n != 24 {
		t.Errorf("%d readings before the confirmation", n)
	}
	for _, who := range []string{"reviewer"} { // sees all stations, and yet the file is not theirs
		if status, _ := s.call(s.browser(who), "POST", path+"/confirm", nil); status != 404 {
			t.Errorf("%s: %d", who, status)
		}
	}
	if status, body := s.call(yue, "POST", path+"/confirm", nil); status != 200 || !strings.Contains(body, `"running"`) {
		t.Fatalf("%d %s", status, body)
	}
	for range 200 {
		got = state{}
		if s.read(yue, path, &got); got.State != "running" {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if got.State != "done" || got.Done != 3 || got.Report.New != 1 || got.Report.Same != 1 || got.Report.Revised != 1 || stored() != 25 {
		t.Errorf("%+v, %d", got, stored())
	}
	if status, _ := s.call(yue, "POST", path+"/confirm", nil); status != 409 {
		t.Errorf("confirmed again: %d", status)
	}
	if status, _ := s.call(yue, "DELETE", path, nil); status != 204 {
		t.Errorf("dropped: %d", status)
	}
	if status, body := s.sendReadings(yue, "a.csv", []byte("time,level\n2026-07-01 08:00,5\n"), map[string]string{"object": fmt.Sprint(theirs)}); status != 404 {
		t.Errorf("the neighbour's station: %d %s", status, body)
	}
	if status, body := s.sendReadings(yue, "a.csv", []byte("who,what\nme,nothing\n"), nil); status != 400 || !strings.Contains(body, "import.head") {
		t.Errorf("no table of readings: %d %s", status, body)
	}
	for range 7 { // more than wait at once: the own oldest goes
		if status, body := s.sendReadings(yue, "水位.csv", content, nil); status != 200 {
			t.Errorf("%d %s", status, body)
		}
	}
	var list struct{ Items []series.ImportJob }
	if s.read(yue, "/api/gauge-imports", &list); len(list.Items) != 5 || list.Items[0].Report.Same != 3 || list.Items[0].Report.More != 1 {
		t.Errorf("%+v", list.Items)
	}
}

// TestReadingsSaid says of a column what it is, after which its figures are readings.
func TestReadingsSaid(t *testing.T) {
	s := newServer(t)
	object := s.gauge("330602", "0061000001", "0.5")
	yue := s.browser("yue")
	status, body := s.sendReadings(yue, "a.csv", []byte("时间,水位,老尺(cm)\n2026-06-01 08:00,3,512\n"), map[string]string{"object": fmt.Sprint(object)})
	var got struct {
		ID     string
		Report series.ImportReport
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil || status != 200 || got.Report.New != 1 || len(got.Report.Ignored) != 1 || got.Report.Files[0].Encoding != "utf-8" {
		t.Fatalf("%d %s", status, body)
	}
	path := "/api/gauge-imports/" + got.ID
	said := map[string]any{"object": object, "heads": map[string]string{"老尺(cm)": "lower_level"}}
	if status, body := s.call(yue, "PUT", path, said); status != 200 || !strings.Contains(body, `"lower_level"`) {
		t.Fatalf("%d %s", status, body)
	}
	var rows struct{ Items []series.ImportRow }
	if s.read(yue, path+"/rows", &rows); len(rows.Items) != 2 || rows.Items[1].Value.String() != "5.12" {
		t.Errorf("%+v", rows.Items)
	}
	if status, _ := s.call(yue, "PUT", path, map[string]any{"heads": map[string]string{"老尺(cm)": "luck"}}); status != 400 {
		t.Errorf("no such quantity: %d", status)
	}
}

// TestImportOfAServerThatIsGone shows an import whose server died as interrupted, and takes it up again.
func TestImportOfAServerThatIsGone(t *testing.T) {
	s := newServer(t)
	s.gauge("330602", "0061000001", "0.5")
	yue := s.browser("yue")
	_, body := s.sendReadings(yue, "a.csv", []byte("测站,时间,水位\n站0061000001,2026-06-01 08:00,3\n"), nil)
	var got series.ImportJob
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatalf("%s", body)
	}
	err := s.app.Store.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE reading_import SET state = 'running', runner = 'gone', done = 1`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	path := "/api/gauge-imports/" + got.ID
	if s.read(yue, path, &got); got.State != series.ImportInterrupted {
		t.Errorf("%s", got.State)
	}
	if status, body := s.call(yue, "POST", path+"/confirm", nil); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	for range 200 {
		if s.read(yue, path, &got); got.State != series.ImportRunning {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if got.State != series.ImportDone || got.Report.New != 1 {
		t.Errorf("%+v", got)
	}
}
