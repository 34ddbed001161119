package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"time"
)

// importTable sends a table of one figure a row, for counties of the city in the month after the newest, as its planner.
func (b *bench) importTable(ctx context.Context) error {
	user, err := b.signIn(ctx, "bench")
	if err != nil {
		return err
	}
	start := time.Now()
	id, rows, err := b.upload(ctx, user)
	if err != nil {
		return err
	}
	uploaded := time.Now()
	var effect struct {
		Counts struct{ Taken, Figures, Returns int }
	}
	if err := b.ask(ctx, user, http.MethodPut, "/api/imports/"+id+"/mapping", map[string]any{"mappings": []string{}}, &effect); err != nil {
		return err
	}
	previewed := time.Now()
	if err := b.ask(ctx, user, http.MethodPost, "/api/imports/"+id+"/confirm", map[string]any{"mappings": []string{}}, &effect); err != nil {
		return err
	}
	if effect.Counts.Taken != rows {
		return fmt.Errorf("of %d rows %d were taken", rows, effect.Counts.Taken)
	}
	name := fmt.Sprintf("an import of %d rows confirmed", rows)
	fmt.Fprintf(b.out, "%-44s %s (%d returns; uploaded in %s, previewed in %s)\n", name, round(time.Since(previewed)), effect.Counts.Returns, round(uploaded.Sub(start)), round(previewed.Sub(uploaded)))
	return nil
}

// upload sends at most 20,000 rows and gives the number of the import. The first counties are left out: they have filed.
func (b *bench) upload(ctx context.Context, c *http.Client) (id string, rows int, err error) {
	var table, body bytes.Buffer
	month := b.last.Add(1)
	fmt.Fprintf(&table, "%d年%d月\n地区,指标,数值\n", month.Year(), month.Number())
	for k := b.clerks(); k < b.size.counties; k++ {
		for i := 0; i < b.size.indicators && rows < 20_000; i++ {
			fmt.Fprintf(&table, "测试县%d,指标%d,%d\n", k, i, 1000+i)
			rows++
		}
	}
	form := multipart.NewWriter(&body)
	if err := form.WriteField("division", cityCode(0)); err != nil {
		return "", 0, err
	}
	part, err := form.CreateFormFile("file", "bench.csv")
	if err != nil {
		return "", 0, err
	}
	if _, err := io.Copy(part, &table); err != nil {
		return "", 0, err
	}
	if err := form.Close(); err != nil {
		return "", 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.url+"/api/imports", &body)
	if err != nil {
		return "", 0, err
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	resp, err := c.Do(req)
	if err != nil {
		return "", 0, err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	var made struct{ ID string }
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("upload: %s %.300s", resp.Status, text)
	}
	if err == nil {
		err = json.Unmarshal(text, &made)
	}
	return made.ID, rows, err
}
