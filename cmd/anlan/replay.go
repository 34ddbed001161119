package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"anlan/internal/sl651"
	"anlan/internal/telemetry/station"
)

const replayHelp = `anlan replay FILE --to HOST:PORT [--udp] [--wait 2s]
anlan replay FILE.csv --to HOST:PORT [--speed max] [--password HEX] [--centre 1] [--class H]

Sends what was recorded to a gateway. FILE holds frames in hex digits, one a line, with or without blanks, or readings as anlan station
reads them; - is standard input. Frames are sent as they are, whatever is wrong with them, one after the other over one connection; what a
centre sent (downlinks) is passed over. For each frame a JSON object is printed:

line       of the file                    station, function  of the frame, where it can be read
error      why it cannot be read
replies    what came within --wait, as anlan sl651 decode prints it; none where none is due or none came. Nothing is waited for behind
           a keep-alive and behind packets that are not the last

Readings are sent by simulated stations, each until it is confirmed or has tried three times; what was sent and confirmed is said at the end.

An example:

$ anlan replay frames.hex --to 127.0.0.1:6510
{"line":1,"station":"0061200815","function":"32","replies":[{"valid":true,"coding":"hex","direction":"down",...,"end":"ESC",...}]}
`

func runReplay(ctx context.Context, e env, args []string) error {
	set := flags("replay")
	to, udp, wait := set.String("to", "", ""), set.Bool("udp", false, ""), set.Duration("wait", 2*time.Second, "")
	speed, password := set.String("speed", "max", ""), set.String("password", "0000", "")
	centre, class := set.Int("centre", 1, ""), set.String("class", "H", "")
	file := ""
	if len(args) > 0 && (args[0] == "-" || !strings.HasPrefix(args[0], "-")) {
		file, args = args[0], args[1:]
	}
	if err := parse(e, set, replayHelp, args); err != nil {
		return err
	}
	if file == "" && set.NArg() == 1 {
		file = set.Arg(0)
	} else if set.NArg() > 0 {
		file = ""
	}
	if file == "" || *to == "" || *wait <= 0 {
		return fmt.Errorf("%w: anlan replay FILE --to HOST:PORT; --help shows an example", errUsage)
	}
	r, err := opened(e, file)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // only read
	in := bufio.NewReaderSize(r, 1<<16)
	if head, _ := in.Peek(4096); isTable(head) {
		feeds, err := readings(e, file, in)
		if err != nil {
			return err
		}
		c := station.Config{Dial: dialTo("tcp", *to), Answer: *wait, Rounds: 1}
		if err := identify(&c, *password, *centre, *class); err != nil {
			return fmt.Errorf("%w: %w", errUsage, err)
		}
		return playFleet(ctx, e, c, feeds, *speed, false)
	}
	network := "tcp"
	if *udp {
		network = "udp"
	}
	conn, err := dialTo(network, *to)(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()                                      //nolint:errcheck // what was to be sent is sent
	defer context.AfterFunc(ctx, func() { conn.Close() })() //nolint:errcheck // it is called off
	p := replayer{conn: conn, wait: *wait, scanner: sl651.NewScanner(0)}
	return p.run(in, e.out)
}

// isTable says whether a file is readings and not frames: its first line names a station and a time.
func isTable(head []byte) bool {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	return bytes.Contains(bytes.ToLower(line), []byte("station")) && bytes.Contains(line, []byte(","))
}

// replayer sends frames over one connection.
type replayer struct {
	conn    net.Conn
	wait    time.Duration
	scanner *sl651.Scanner
	decoder frameDecoder
	left    bool // the gateway has closed the connection
}

type replayTold struct {
	Line     int         `json:"line"`
	Station  string      `json:"station,omitempty"`
	Function string      `json:"function,omitempty"`
	Error    string      `json:"error,omitempty"`
	Replies  []frameTold `json:"replies"`
}

func (p *replayer) run(in *bufio.Reader, out io.Writer) error {
	var line []byte
	for n := 1; ; n++ {
		text, whole, err := readLine(in, line[:0])
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		line = text
		last := err != nil
		if blank := len(bytes.TrimSpace(text)) == 0; !blank {
			told, failed := p.send(text, whole)
			if told != nil {
				told.Line = n
				b, err := json.Marshal(told)
				if err != nil {
					return err
				}
				if _, err := out.Write(append(b, '\n')); err != nil {
					return err
				}
			}
			if failed != nil {
				return fmt.Errorf("line %d: %w", n, failed)
			}
		}
		if last {
			return nil
		}
	}
}

// send sends one line and gathers what is replied. Nothing is told of what a centre once sent.
func (p *replayer) send(text []byte, whole bool) (*replayTold, error) {
	told := &replayTold{Replies: []frameTold{}}
	raw, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
	if err != nil || !whole {
		told.Error = "the line is not hex, or too long"
		return told, nil
	}
	var f sl651.Frame
	due := false
	if _, err := f.Parse(raw); err != nil {
		told.Error = err.Error()
		due = f.Several() // which may be asked for again
	} else {
		if f.Direction == sl651.Down {
			return nil, nil
		}
		told.Station, told.Function = f.Station.String(), f.Function.String()
		due = f.Function.Answered() && (!f.Several() || f.Sequence == f.Total || f.End == sl651.ETX)
	}
	if p.left {
		return told, errors.New("the gateway has closed the connection")
	}
	if err := p.conn.SetDeadline(time.Now().Add(p.wait)); err != nil {
		return told, err
	}
	if _, err := p.conn.Write(raw); err != nil {
		return told, fmt.Errorf("send: %w", err)
	}
	if !due {
		return told, nil
	}
	told.Replies = p.replies(told.Replies)
	return told, nil
}

// replies reads until a frame has come, or for as long as is waited.
func (p *replayer) replies(list []frameTold) []frameTold {
	buf := make([]byte, 2048)
	for {
		var f sl651.Frame
		for {
			raw, err := p.scanner.Next(&f)
			if errors.Is(err, sl651.ErrMore) {
				break
			}
			if err == nil {
				list = append(list, p.decoder.decode([]byte(hex.EncodeToString(raw)), true))
			}
		}
		if len(list) > 0 {
			return list
		}
		n, err := p.conn.Read(buf)
		if err != nil {
			var late net.Error
			p.left = !errors.As(err, &late) || !late.Timeout()
			return list
		}
		p.scanner.Feed(buf[:n])
	}
}
