package main

import (
	"context"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"math"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"anlan/internal/quantity"
	"anlan/internal/sl651"
	"anlan/internal/telemetry/station"
)

const stationHelp = `anlan station --to HOST:PORT --csv FILE | --generate N [options]

Plays field stations (SL 651-2014, TCP) that send their readings to a gateway, keep them until they are confirmed, resend, and answer queries.

--csv FILE       readings: the columns station (ten hex digits), time (RFC 3339, or 2026-07-02 08:00 in the field's zone) and elements by
                 identifier or symbol of table C.1, as 39 or Z; an empty field is left out, M is sent as missing; - is standard input
--copies N       so many stations for each in the file, with addresses that count up
--generate N     N stations with made-up rain, level and voltage instead, from --first on; --every and --for say how often and how long
--first ADDRESS  0061000001          --every 5m          --for 24h
--speed N        how fast the stations' clock runs: 1; max for as fast as it can. It begins with the first reading, or now with --now, which
                 moves all readings so that the first is sent now
--mode M         m1 (waits for nothing), m2 (until confirmed), m4 (sends only what it is asked for): m2
--ascii          the frames are ASCII, not HEX/BCD
--password HEX   four hex digits: 0000           --centre N  1           --class C  one letter of annex A: H
--hourly         an hourly report at each full hour too, of 22 and of 39 less --base METRES
--picture FILE   a picture with each reading at a full hour, in packets of --packet 512 bytes
--loss N, --damage N   of a thousand frames so many get lost, either way, or are damaged
--drift D        by how much their clocks are fast after a day, as 90s; --obeys sets them by each confirmation
--battery V --fall V   volts at the start, and lost in an hour; below 11 V the station says that it is low
--answer D, --retry D  how long it waits for a reply, and until it dials again: 10s, 5s
--rounds N       drops a message after so many rounds of three tries: 0, never

At the end, or when interrupted, it says what was sent, confirmed, sent again, lost and dropped, and how long confirmations took.

An example:

$ cat > day.csv <<'END'
station,time,39,22,26,38
0061200815,2026-07-02 08:00,12.345,0.0,105.0,12.6
0061200815,2026-07-02 08:05,12.361,1.5,106.5,12.6
END
$ anlan station --to 127.0.0.1:6510 --csv day.csv --password 1234 --speed max
`

// stationFlags are what a simulated station is told on the command line.
type stationFlags struct {
	to, csv, mode, speed, password, class, first, picture, base, battery, fall string
	ascii, hourly, obeys, now                                                  bool
	copies, generate, centre, packet, loss, damage, rounds                     int
	every, length, drift, answer, retry                                        time.Duration
}

func (f *stationFlags) set() *flag.FlagSet {
	set := flags("station")
	for name, v := range map[string]*string{
		"to": &f.to, "csv": &f.csv, "picture": &f.picture, "base": &f.base, "battery": &f.battery, "fall": &f.fall,
	} {
		set.StringVar(v, name, "", "")
	}
	set.StringVar(&f.mode, "mode", "m2", "")
	set.StringVar(&f.speed, "speed", "1", "")
	set.StringVar(&f.password, "password", "0000", "")
	set.StringVar(&f.class, "class", "H", "")
	set.StringVar(&f.first, "first", "0061000001", "")
	for name, v := range map[string]*bool{"ascii": &f.ascii, "hourly": &f.hourly, "obeys": &f.obeys, "now": &f.now} {
		set.BoolVar(v, name, false, "")
	}
	for name, v := range map[string]*int{"generate": &f.generate, "loss": &f.loss, "damage": &f.damage, "rounds": &f.rounds, "packet": &f.packet} {
		set.IntVar(v, name, 0, "")
	}
	set.IntVar(&f.copies, "copies", 1, "")
	set.IntVar(&f.centre, "centre", 1, "")
	set.DurationVar(&f.every, "every", 5*time.Minute, "")
	set.DurationVar(&f.length, "for", 24*time.Hour, "")
	for name, v := range map[string]*time.Duration{"drift": &f.drift, "answer": &f.answer, "retry": &f.retry} {
		set.DurationVar(v, name, 0, "")
	}
	return set
}

func runStation(ctx context.Context, e env, args []string) error {
	var f stationFlags
	set := f.set()
	if err := parse(e, set, stationHelp, args); err != nil {
		return err
	}
	if f.to == "" || (f.csv == "") == (f.generate == 0) || set.NArg() > 0 {
		return fmt.Errorf("%w: anlan station --to HOST:PORT --csv FILE | --generate N; --help shows an example", errUsage)
	}
	c, err := f.config()
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	feeds, err := f.feeds(e)
	if err != nil {
		return err
	}
	return playFleet(ctx, e, c, feeds, f.speed, f.now)
}

// playFleet runs a station for each feed, and says what they saw.
func playFleet(ctx context.Context, e env, c station.Config, feeds map[sl651.Address][]station.Row, speed string, shift bool) error {
	var begin time.Time
	for _, rows := range feeds {
		if len(rows) > 0 && (begin.IsZero() || rows[0].At.Before(begin)) {
			begin = rows[0].At
		}
	}
	if shift {
		by := time.Since(begin)
		for _, rows := range feeds {
			for i := range rows {
				rows[i].At = rows[i].At.Add(by)
			}
		}
		begin = begin.Add(by)
	}
	times := math.Inf(1)
	if speed != "max" {
		var err error
		if times, err = strconv.ParseFloat(speed, 64); err != nil || !(times > 0) {
			return fmt.Errorf("%w: --speed %s: a number above 0, or max", errUsage, speed)
		}
	}
	c.Clock = station.NewClock(begin, times)
	var mu sync.Mutex
	var took []time.Duration
	c.Confirmed = func(d time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		took = append(took, d)
	}
	var fleet []*station.Station
	for i, a := range slices.SortedFunc(maps.Keys(feeds), func(a, b sl651.Address) int { return slices.Compare(a[:], b[:]) }) {
		c.Station, c.Feed, c.Seed = a, station.Play(feeds[a]), uint64(i)
		if math.IsInf(times, 1) {
			c.Clock = station.NewClock(begin, times) // each as fast as it can
		}
		fleet = append(fleet, station.New(c))
	}
	sum, err := station.Run(ctx, fleet)
	fmt.Fprintf(e.out, "%d stations: %d sent, %d confirmed, %d frames sent again, %d packets asked for again, %d queries, %d connections, %d rounds without a confirmation, %d lost, %d damaged, %d dropped\n",
		len(fleet), sum.Sent, sum.Confirmed, sum.Resent, sum.Again, sum.Queries, sum.Dialled, sum.Failed, sum.Lost, sum.Damaged, sum.Dropped)
	if slices.Sort(took); len(took) > 0 {
		fmt.Fprintf(e.out, "from first byte to confirmation: p50 %v, p99 %v, max %v\n", took[len(took)/2].Round(time.Millisecond/10), took[len(took)*99/100].Round(time.Millisecond/10), took[len(took)-1].Round(time.Millisecond/10))
	}
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// config is what all stations have in common.
func (f *stationFlags) config() (station.Config, error) {
	c := station.Config{
		Dial: dialTo("tcp", f.to), Hourly: f.hourly, Obeys: f.obeys, Packet: f.packet, Loss: f.loss, Damage: f.damage, Rounds: f.rounds,
		Drift: f.drift, Answer: f.answer, Retry: f.retry,
	}
	if f.ascii {
		c.Coding = sl651.ASCII
	}
	modes := map[string]station.Mode{"m1": station.M1, "m2": station.M2, "m4": station.M4}
	var ok bool
	if c.Mode, ok = modes[strings.ToLower(f.mode)]; !ok {
		return c, fmt.Errorf("--mode %s: m1, m2 or m4", f.mode)
	}
	if err := identify(&c, f.password, f.centre, f.class); err != nil {
		return c, err
	}
	for name, v := range map[string]struct {
		text string
		to   *int
	}{"battery": {f.battery, &c.Battery}, "fall": {f.fall, &c.Fall}} {
		n, err := hundredths(v.text)
		if err != nil {
			return c, fmt.Errorf("--%s %s: volts, with two decimals", name, v.text)
		}
		*v.to = int(n)
	}
	var err error
	if c.Base, err = hundredths(f.base); err != nil {
		return c, fmt.Errorf("--base %s: metres, with two decimals", f.base)
	}
	return c, nil
}

// identify is what a centre knows a station by, besides its address.
func identify(c *station.Config, password string, centre int, class string) error {
	p, err := hex.DecodeString(password)
	if err != nil || len(p) != 2 {
		return errors.New("--password: four hex digits") // which are not shown
	}
	c.Password = [2]byte(p)
	if centre < 1 || centre > 255 {
		return fmt.Errorf("--centre %d: 1 to 255", centre)
	}
	c.Centre = byte(centre)
	if len(class) != 1 {
		return fmt.Errorf("--class %s: one letter", class)
	}
	c.Class = sl651.Class(strings.ToUpper(class)[0])
	return nil
}

// hundredths is a figure in hundredths; nothing is 0.
func hundredths(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	d, err := quantity.Parse(text)
	return sl651.OfDecimal(d, 2).Digits, err
}

func dialTo(network, to string) func(context.Context) (net.Conn, error) {
	return func(ctx context.Context) (net.Conn, error) {
		d := net.Dialer{Timeout: 10 * time.Second}
		return d.DialContext(ctx, network, to)
	}
}

// feeds are the readings of each station.
func (f *stationFlags) feeds(e env) (map[sl651.Address][]station.Row, error) {
	first, err := sl651.ParseAddress(f.first)
	if err != nil {
		return nil, fmt.Errorf("%w: --first %s: %w", errUsage, f.first, err)
	}
	if f.generate > 0 {
		if f.every <= 0 {
			return nil, fmt.Errorf("%w: --every %v", errUsage, f.every)
		}
		out := map[sl651.Address][]station.Row{}
		begin := time.Now().UTC().Truncate(f.every)
		for k := range f.generate {
			out[addressAfter(first, k)] = generated(begin, f.every, f.length, k)
		}
		return out, nil
	}
	read, err := readingsOf(e, f.csv)
	if err != nil {
		return nil, err
	}
	out := maps.Clone(read)
	for a, rows := range read {
		for k := 1; k < f.copies; k++ {
			out[addressAfter(a, k)] = slices.Clone(rows)
		}
	}
	if f.picture == "" {
		return out, nil
	}
	jpeg, err := os.ReadFile(f.picture)
	if err != nil {
		return nil, err
	}
	for _, rows := range out {
		for i := range rows {
			if rows[i].At.Equal(rows[i].At.Truncate(time.Hour)) {
				rows[i].Picture = jpeg
			}
		}
	}
	return out, nil
}

// addressAfter is the k-th address after one.
func addressAfter(a sl651.Address, k int) sl651.Address {
	for i := len(a) - 1; i > 0; i-- {
		k += int(a[i])
		a[i] = byte(k)
		k >>= 8
	}
	return a
}

// generated are made-up readings: showers, a level that follows them, and what has fallen in all.
func generated(begin time.Time, every, length time.Duration, k int) []station.Row {
	var rows []station.Row
	total, level := int64(0), int64(5_000+k%3000)
	for at := time.Duration(0); at < length; at += every {
		rain := max(0, int64(30*math.Sin(float64(len(rows)+7*k)/20))-15)
		total += rain
		level += rain*3 - (level-5_000)/40
		rows = append(rows, station.Row{At: begin.Add(at), Values: []sl651.Observation{
			{Element: 0x22, Value: sl651.Of(rain, 1)}, {Element: 0x26, Value: sl651.Of(total, 1)}, {Element: 0x39, Value: sl651.Of(level, 3)}, {Element: 0x38, Value: sl651.Of(1260, 2)},
		}})
	}
	return rows
}

// opened is a file, or standard input where it is named -.
func opened(e env, name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(e.in), nil
	}
	return os.Open(name)
}

// readingsOf reads a CSV, and tells its bad rows.
func readingsOf(e env, name string) (map[sl651.Address][]station.Row, error) {
	r, err := opened(e, name)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // only read
	return readings(e, name, r)
}

func readings(e env, name string, r io.Reader) (map[sl651.Address][]station.Row, error) {
	rows, bad, err := station.ReadCSV(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, b := range bad {
		fmt.Fprintf(e.err, "%s:%d: left out: %s\n", name, b.Line, b.Reason)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: there is no reading in it", name)
	}
	return rows, nil
}
