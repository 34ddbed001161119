package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"net"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"anlan/internal/fault"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/series/threshold"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry/book"
	"anlan/internal/telemetry/station"
)

// ingestBench has simulated stations report over TCP to a server in the same process, whose store is a SQLite file.
type ingestBench struct {
	*bench
	stations, frames, rate int
}

const (
	// mostFrames lie in the hours that are not sealed yet, a minute apart, as frames that come as they are made do.
	mostFrames = 170
	// loopback is how many stations come from one address; the gateway bounds those of one.
	loopback = 1500
)

func runBenchIngest(ctx context.Context, e env, args []string) error {
	b := &ingestBench{}
	_, _, err := configure(e, "bench", args, func(f *flag.FlagSet) {
		f.IntVar(&b.stations, "stations", 2000, "stations that are connected, at most 60,000")
		f.IntVar(&b.frames, "frames", 100, "frames that each sends, at most 170")
		f.IntVar(&b.rate, "rate", 0, "frames in a second of all stations together, evenly; as fast as they are confirmed where 0")
	})
	if err != nil {
		return err
	}
	if b.stations < 1 || b.stations > 60_000 || b.frames < 1 || b.frames > mostFrames || b.rate < 0 {
		return fmt.Errorf("%w: 1 to 60,000 stations, 1 to %d frames of each", errUsage, mostFrames)
	}
	dir, err := os.MkdirTemp("", "anlan-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	b.bench = newBench(e.out, benchSize{}, dir)
	return b.run(ctx)
}

func (b *ingestBench) run(ctx context.Context) error {
	b.gauges = "127.0.0.1:0"
	return b.serve(ctx, benchCity, b.load, b.measure)
}

func benchAddress(k int) sl651.Address { return addressAfter(sl651.Address{0, 0x61, 0, 0, 0}, k+1) }

// load puts the stations on record, each with a policy and a threshold that its level is judged by.
func (b *ingestBench) load(ctx context.Context) error {
	err := b.app.Store.Write(ctx, func(tx *store.Tx) error {
		return b.app.Registry.AddDivisions(ctx, tx, []registry.NewDivision{{Code: benchCity, Name: fault.T("量测市", "measured city"), Kind: registry.Administrative, Level: "city"}})
	})
	for from := 0; from < b.stations && err == nil; from += benchBatch {
		err = b.app.Store.Write(ctx, func(tx *store.Tx) error {
			for k := from; k < min(from+benchBatch, b.stations); k++ {
				if err := b.addStation(ctx, tx, k); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return err
}

func (b *ingestBench) addStation(ctx context.Context, tx *store.Tx, k int) error {
	object := registry.NewWaterObject{Name: fault.T(fmt.Sprintf("站%d", k), fmt.Sprintf("station %d", k)), Division: benchCity}
	id, err := b.app.Series.AddStation(ctx, tx, registry.Program(), object, series.Station{Class: "ZZ", Quantities: []string{"level", "rain"}})
	if err != nil {
		return err
	}
	limit := threshold.Threshold{Kind: threshold.Warning, Level: quantity.Some(quantity.Int(50))}
	if _, err := b.app.Series.SetThreshold(ctx, tx, registry.Program(), id, reading.Level, limit); err != nil {
		return err
	}
	return b.app.Book.SetStation(ctx, tx, registry.Program(), book.Policy{
		Station: benchAddress(k).String(), Object: id, Mode: 2, Stay: true, AnyPassword: true, Elements: []book.Element{
			{Element: "39", Quantity: "level"}, {Element: "22", Quantity: "rain"}, {Element: "26", Quantity: "rain_counter"}, {Element: "38", Quantity: "voltage"},
		},
	})
}

// measure runs the stations and says how long they waited for their confirmations.
func (b *ingestBench) measure(ctx context.Context) error {
	begin := b.clock.Now().Add(-(mostFrames + 5) * time.Minute).Truncate(time.Minute)
	speed := math.Inf(1)
	if b.rate > 0 { // a frame is a minute of the stations' clock
		speed = 60 * float64(b.rate) / float64(b.stations)
	}
	shared := station.NewClock(begin, speed)
	var mu sync.Mutex // guards took
	took := make([]time.Duration, 0, b.stations*b.frames)
	confirmed := func(d time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		took = append(took, d)
	}
	fleet := make([]*station.Station, b.stations)
	for k := range fleet {
		c := station.Config{Station: benchAddress(k), Feed: station.Play(b.rows(begin, k)), Answer: time.Minute, Clock: shared, Dial: b.dial(k), Confirmed: confirmed}
		if b.rate == 0 {
			c.Clock = station.NewClock(begin, speed)
		}
		fleet[k] = station.New(c)
	}
	start, busy := time.Now(), processorTime()
	sum, err := station.Run(ctx, fleet)
	lasted := time.Since(start).Seconds()
	busy = processorTime() - busy
	st := b.app.Gateway.Stats()
	want := uint64(b.stations * b.frames)
	if err == nil && (sum.Confirmed != want || st.Reports != want) {
		err = fmt.Errorf("%d frames were sent, %d confirmed, %d reports came", sum.Sent, sum.Confirmed, st.Reports)
	}
	if err != nil {
		return errors.Join(err, errors.New(st.LastFailure))
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	slices.Sort(took)
	readings := st.Rows - st.Reports
	fmt.Fprintf(b.out, "%-44s %d over TCP, %d frames each of 4 values, all confirmed\n", "stations", b.stations, b.frames)
	fmt.Fprintf(b.out, "%-44s %.0f/s\n%-44s %.0f/s\n", "frames", float64(want)/lasted, "readings", float64(readings)/lasted)
	fmt.Fprintf(b.out, "%-44s p50 %s  p99 %s  max %s\n", "from a frame to its judgement and confirmation", at(took, 50), at(took, 99), at(took, 100))
	fmt.Fprintf(b.out, "%-44s %d, of %.0f frames each; levels are judged in the same commit\n", "commits", st.Commits, float64(want)/float64(max(1, st.Commits)))
	fmt.Fprintf(b.out, "%-44s %.1f s for server and stations, %.1f µs a frame\n", "processor time", busy.Seconds(), busy.Seconds()*1e6/float64(want))
	fmt.Fprintf(b.out, "%-44s %d MiB for server and stations, %d MiB on disk\n", "memory", mem.Sys>>20, sizeOf(b.file)>>20)
	return nil
}

// rows are a frame a minute, those of a station a little after those of the one before.
func (b *ingestBench) rows(begin time.Time, k int) []station.Row {
	late := time.Duration(k) * time.Minute / time.Duration(b.stations)
	list := make([]station.Row, b.frames)
	for i := range list {
		n := int64(i)
		list[i] = station.Row{At: begin.Add(time.Duration(i)*time.Minute + late), Values: []sl651.Observation{
			{Element: 0x39, Value: sl651.Of(12_000+int64(k)%100+n, 3)}, {Element: 0x22, Value: sl651.Of(n%3, 1)}, {Element: 0x26, Value: sl651.Of(n, 1)}, {Element: 0x38, Value: sl651.Of(1260, 2)},
		}}
	}
	return list
}

// dial comes from one of some addresses of this machine, where it has them.
func (b *ingestBench) dial(k int) func(context.Context) (net.Conn, error) {
	return func(ctx context.Context) (net.Conn, error) {
		d := net.Dialer{Timeout: time.Minute}
		if k >= loopback {
			d.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+k/loopback))}
		}
		return d.DialContext(ctx, "tcp", b.app.GaugeAddress().String())
	}
}
