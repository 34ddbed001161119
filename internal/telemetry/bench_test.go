package telemetry_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anlan/internal/sl651"
	"anlan/internal/telemetry"
	"anlan/internal/telemetry/session"
	"anlan/internal/telemetry/station"
)

// drain is a sink that keeps nothing, so that the gateway alone is measured.
type drain struct {
	*bureau
	rows atomic.Int64
}

func (d *drain) Accept(_ context.Context, batch []session.Report) error {
	d.rows.Add(int64(len(batch)))
	return nil
}

// BenchmarkGateway has stations over TCP on this machine send a report and wait for its confirmation, one after the other; generator and gateway
// share the processors.
func BenchmarkGateway(b *testing.B) {
	for _, stations := range []int{100, 1000, 4000} {
		b.Run(fmt.Sprintf("%d stations", stations), func(b *testing.B) {
			d := &drain{bureau: newBureau()}
			g := telemetry.New(telemetry.Options{Sink: d, Stations: d, Quarantine: d, Now: time.Now, Limits: telemetry.Limits{PerAddress: stations}})
			addr := listen(b, g)
			defer g.Close(context.Background()) //nolint:errcheck // a benchmark
			conns := make([]net.Conn, stations)
			senders := make([]*sl651.Sender, stations)
			for i := range conns {
				senders[i] = d.register(i + 1)
				c, err := net.Dial("tcp", addr)
				if err != nil {
					b.Skipf("as many connections are not to be had: %v", err)
				}
				conns[i] = c
				defer c.Close() //nolint:errcheck // a benchmark
			}
			var mu sync.Mutex
			var took []time.Duration
			var all sync.WaitGroup
			b.ReportAllocs()
			b.ResetTimer()
			var left atomic.Int64
			left.Store(int64(b.N))
			for i, c := range conns {
				all.Go(func() {
					var mine []time.Duration
					var frame []byte
					buf := make([]byte, 256)
					at := sl651.StampOf(noon)
					values := []sl651.Observation{{Element: 0x39, Value: sl651.Of(12345, 3)}, {Element: 0x38, Value: sl651.Of(1260, 2)}}
					for left.Add(-1) >= 0 {
						frame, _ = senders[i].Report(frame[:0], sl651.TimedReport, at, at, values)
						begin := time.Now()
						if _, err := c.Write(frame); err != nil {
							b.Error(err)
							return
						}
						if n, err := c.Read(buf); err != nil || !bytes.HasPrefix(buf[:n], []byte{0x7E, 0x7E}) {
							b.Errorf("%d, %v", n, err)
							return
						}
						mine = append(mine, time.Since(begin))
					}
					mu.Lock()
					defer mu.Unlock()
					took = append(took, mine...)
				})
			}
			all.Wait()
			b.StopTimer()
			slices.Sort(took)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
			if len(took) > 0 {
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			}
			b.ReportMetric(float64(d.rows.Load())/float64(g.Stats().Commits), "reports/commit")
		})
	}
}

// BenchmarkFleet is BenchmarkGateway with simulated stations, which keep, number and check all they send and hear.
func BenchmarkFleet(b *testing.B) {
	const stations = 1000
	d := &drain{bureau: newBureau()}
	g := telemetry.New(telemetry.Options{Sink: d, Stations: d, Quarantine: d, Now: time.Now})
	addr := listen(b, g)
	defer g.Close(context.Background()) //nolint:errcheck // a benchmark
	each := max(1, b.N/stations)
	feed := rows(each)
	fleet := make([]*station.Station, stations)
	for i := range fleet {
		cfg := simulated(d.bureau, i+1, addr)
		cfg.Feed, cfg.Answer = station.Play(feed), time.Minute
		fleet[i] = station.New(cfg)
	}
	b.ReportAllocs()
	b.ResetTimer()
	sum, err := station.Run(context.Background(), fleet)
	if err != nil || sum.Confirmed != uint64(stations*each) {
		b.Fatalf("%+v, %v", sum, err)
	}
	b.ReportMetric(float64(sum.Confirmed)/b.Elapsed().Seconds(), "frames/s")
}
