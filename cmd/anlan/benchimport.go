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

// benchRows is how many rows a measured import has at most.
const benchRows = 20_000

// importTable sends a table as the city's planner, sees what it would do under the mapping offered, and confirms that mapping.
func (b *bench) importTable(ctx context.Context, name string, table func(io.Writer) int) error {
	user, err := b.signIn(ctx, "bench")
	if err != nil {
		return err
	}
	var csv bytes.Buffer
	rows := table(&csv)
	if rows == 0 {
		return nil // too small a province has no counties or months left for it
	}
	start := time.Now()
	var made struct {
		ID     string
		Sheets []struct{ Mapping json.RawMessage }
	}
	if err := b.upload(ctx, user, &csv, &made); err != nil {
		return err
	}
	uploaded := time.Now()
	body := map[string]any{"mappings": []json.RawMessage{made.Sheets[0].Mapping}}
	var effect struct {
		Counts struct{ Taken, Refused, Returns int }
	}
	if err := b.ask(ctx, user, http.MethodPut, "/api/imports/"+made.ID+"/mapping", body, &effect); err != nil {
		return err
	}
	previewed := time.Now()
	if err := b.ask(ctx, user, http.MethodPost, "/api/imports/"+made.ID+"/confirm", body, &effect); err != nil {
		return err
	}
	done := time.Now()
	if effect.Counts.Taken != rows {
		return fmt.Errorf("of %d rows %d were taken", rows, effect.Counts.Taken)
	}
	fmt.Fprintf(b.out, "%-44s uploaded %s  previewed %s  confirmed %s (%d returns)\n",
		fmt.Sprintf(name, rows), round(uploaded.Sub(start)), round(previewed.Sub(uploaded)), round(done.Sub(previewed)), effect.Counts.Returns)
	return nil
}

// monthTable is what a city's office sends: the next month of its counties. The first ones are left out: they have filed.
func (b *bench) monthTable(w io.Writer) (rows int) {
	month := b.last.Add(1)
	fmt.Fprintf(w, "%d年%d月\n地区,指标,数值\n", month.Year(), month.Number())
	for k := b.clerks(); k < b.size.counties; k++ {
		for i := 0; i < b.size.indicators && rows < benchRows; i++ {
			fmt.Fprintf(w, "测试县%d,指标%d,%d\n", k, i, 1000+i)
			rows++
		}
	}
	return rows
}

// scatteredTable is the worst case: every row is of a county, month and form of its own.
func (b *bench) scatteredTable(w io.Writer) (rows int) {
	fmt.Fprintln(w, "地区,期别,指标,数值")
	for back := range 24 {
		month := b.last.Add(-back)
		for k := range b.size.counties {
			for i := 0; i < b.size.indicators && rows < benchRows; i += benchLines {
				fmt.Fprintf(w, "测试县%d,%s,指标%d,%d\n", k, month, i, 1000+i)
				rows++
			}
		}
	}
	return rows
}

func (b *bench) upload(ctx context.Context, c *http.Client, table io.Reader, into any) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("division", cityCode(0)); err != nil {
		return err
	}
	part, err := form.CreateFormFile("file", "bench.csv")
	if err != nil {
		return err
	}
	if _, err := io.Copy(part, table); err != nil {
		return err
	}
	if err := form.Close(); err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.url+"/api/imports", &body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	return b.send(c, req, into)
}
