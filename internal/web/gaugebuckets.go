package web

import (
	"context"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/quantity"
	"anlan/internal/series/reading"
	"anlan/internal/series/window"
)

// GaugeBuckets is a station's series by hours or hydrological days (逐时、逐日统计).
type GaugeBuckets struct {
	Quantity reading.Quantity `json:"quantity"`
	From     time.Time        `json:"from"`
	To       time.Time        `json:"to"`
	Least    *GaugeSample     `json:"least,omitempty" doc:"Of all that counts, when it came first"`
	Most     *GaugeSample     `json:"most,omitempty"`
	Items    []GaugeBucket    `json:"items" doc:"One without a reading is left out"`
}

// GaugeBucket is what the readings of an hour or a day come to.
type GaugeBucket struct {
	From     time.Time     `json:"from"`
	To       time.Time     `json:"to"`
	Mean     quantity.Null `json:"mean" doc:"Of what holds at an instant, weighted by time"`
	Sum      quantity.Null `json:"sum" doc:"Of totals stamped in it"`
	CoveredS int64         `json:"covered_s,omitempty" doc:"Of totals: the seconds they tell of"`
	Least    *GaugeSample  `json:"least,omitempty"`
	Most     *GaugeSample  `json:"most,omitempty"`
	Counted  int           `json:"counted" doc:"Readings that count"`
	Doubted  int           `json:"doubted" doc:"Readings that a check doubts and nobody has judged"`
}

func sampleOf(p reading.Point) *GaugeSample { return &GaugeSample{p.At, p.Value} }

// seriesWindow fills in the time of a series: the three days before now where nothing is said.
func (s *Server) seriesWindow(from, to time.Time) (time.Time, time.Time, error) {
	if to.IsZero() {
		to = s.Now()
	}
	if from.IsZero() {
		from = to.Add(-72 * time.Hour)
	}
	if to.Before(from) || to.Sub(from) > longestSeries {
		return from, to, fault.Invalidf("gauge.window", "起止时间有误：止不早于起，且不超过 400 天", "the time ends before it begins, or is longer than 400 days").At("from", fault.T("无效", "not valid"))
	}
	return from, to, nil
}

func (s *Server) gaugeBuckets(ctx context.Context, p *identity.Principal, in *struct {
	ID       int64       `path:"id" minimum:"1"`
	Quantity string      `query:"quantity" maxLength:"40" required:"true"`
	Step     window.Step `query:"step" enum:"hour,day" default:"hour"`
	From     time.Time   `query:"from" doc:"Three days before the end where it is left out"`
	To       time.Time   `query:"to" doc:"Now where it is left out"`
},
) (*GaugeBuckets, error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	id, err := quantityOf(in.Quantity)
	if err != nil {
		return nil, err
	}
	q, _ := reading.ByID(id)
	out := &GaugeBuckets{Quantity: q, Items: []GaugeBucket{}}
	if out.From, out.To, err = s.seriesWindow(in.From, in.To); err != nil {
		return nil, err
	}
	list, err := s.Series.Buckets(ctx, in.ID, id, out.From, out.To, in.Step)
	if err != nil {
		return nil, err
	}
	var all window.Extremes
	for i := range list {
		b := &list[i]
		e := &b.Extremes
		all.Join(*e)
		one := GaugeBucket{From: b.From, To: b.To, Mean: b.Mean, Sum: b.Sum, CoveredS: int64(b.Covered / time.Second), Counted: e.Counted, Doubted: e.Doubted}
		if e.Counted > 0 {
			one.Least, one.Most = sampleOf(e.Least), sampleOf(e.Most)
		}
		out.Items = append(out.Items, one)
	}
	if all.Counted > 0 {
		out.Least, out.Most = sampleOf(all.Least), sampleOf(all.Most)
	}
	return out, nil
}
