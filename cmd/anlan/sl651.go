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
	"time"

	"anlan/internal/sl651"
)

const sl651Help = `anlan sl651 decode < FRAMES

Reads frames of SL 651-2014 from standard input, one a line, in hex digits with or without blanks, and prints a JSON object for each line.
A frame in ASCII is given as the hex of its bytes. A line that is no frame prints {"valid":false,"error":...}, and the rest go on.

valid      whether the line begins with a frame whose check code and body can be read; error says why not, and at which byte
coding     hex or ascii                     direction  up or down
centre     address of the centre            station    ten hex digits
function   two hex digits                   serial     the running number, sent the time of sending
class      letter of the kind of station    start, end names of the control bytes
crc        four hex digits                  packet     total and sequence, for one of several packets
range      first and last hour, where a centre asks for a past period
readings   element    two hex digits, four with FF in front; a parameter of annex D in functions 40 to 43 and 47 to 49
           symbol     of table C.1          time       of observation, of the first value where there are several
           value      a number with the decimals it was sent with; a string of hex digits where the data is no figure; left out where the
                      frame names an element without data, and always for a password
           values     of hourly blocks (F4 to FC) and series (functions 31, 38), in the unit of the element, step_min minutes apart
           missing    F or A where a value is null: all its digits are that letter (F also for M in ASCII)
           station    and class, where they are not those above
text       text put in by hand, the software's version, or the groups of an ASCII body; not where they hold a password
switches   of pumps or valves, gates with open and opening_cm, quota, counters: of the functions that have them
trailing   how many bytes follow the frame on its line

Times are as in RFC 3339, in +08:00. Of later packets and of the functions E0 to FF only the head is shown. Pictures and passwords are not
printed.

An example:

$ cat > frames.hex <<'END'
7E7E 01 0061200815 03E8 32 002B 02 0029 260702080017 F1F1 0061200815 48 F0F0 2607020800 2019 000125 3923 AAAAAAAA 3812 1268 2619 004017 03 F330
7e7e00612008150103e83280080200292607020800181ba54e
7E7E01006120081503E832002B02
END
$ anlan sl651 decode < frames.hex
{"valid":true,"coding":"hex","direction":"up","centre":1,"station":"0061200815","function":"32","serial":41,"sent":"2026-07-02T08:00:17+08:00","class":"H","start":"STX","end":"ETX","crc":"F330","readings":[{"element":"20","symbol":"PJ","time":"2026-07-02T08:00:00+08:00","value":12.5},{"element":"39","symbol":"Z","time":"2026-07-02T08:00:00+08:00","value":null,"missing":"A"},{"element":"38","symbol":"VT","time":"2026-07-02T08:00:00+08:00","value":12.68},{"element":"26","symbol":"PT","time":"2026-07-02T08:00:00+08:00","value":401.7}]}
{"valid":true,"coding":"hex","direction":"down","centre":1,"station":"0061200815","function":"32","serial":41,"sent":"2026-07-02T08:00:18+08:00","start":"STX","end":"ESC","crc":"A54E","readings":[]}
{"valid":false,"error":"short frame: byte 14: the frame ends, 60 bytes are due"}
`

func runSL651(ctx context.Context, e env, args []string) error {
	set := flags("sl651 decode")
	if len(args) > 0 && args[0] == "decode" {
		args = args[1:]
	} else if len(args) == 0 || args[0] != "--help" && args[0] != "-h" {
		return fmt.Errorf("%w: anlan sl651 decode < FRAMES; --help shows an example", errUsage)
	}
	if err := parse(e, set, sl651Help, args); err != nil {
		return err
	}
	if set.NArg() > 0 {
		return fmt.Errorf("%w: anlan sl651 decode reads standard input; --help shows an example", errUsage)
	}
	// A read of a terminal cannot be called off, so that it is left behind where the program is to end.
	done := make(chan error, 1)
	go func() { done <- decodeLines(e.in, e.out) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return nil
	}
}

// lineLimit is the longest line that is looked at, more than any frame with blanks between its bytes.
const lineLimit = 1 << 16

// decodeLines prints an object for each line, as soon as no further line waits.
func decodeLines(in io.Reader, out io.Writer) error {
	r, w := bufio.NewReaderSize(in, 1<<16), bufio.NewWriterSize(out, 1<<16)
	var d frameDecoder
	for {
		line, whole, err := readLine(r, d.line[:0])
		if err != nil && (err != io.EOF || len(line) == 0 && whole) {
			if err == io.EOF {
				err = nil
			}
			return errors.Join(err, w.Flush())
		}
		d.line = line
		told := d.decode(line, whole)
		b, failure := json.Marshal(told)
		if failure != nil {
			return failure
		}
		if _, failure = w.Write(append(b, '\n')); failure != nil {
			return failure
		}
		if r.Buffered() == 0 || err != nil {
			if failure = w.Flush(); failure != nil {
				return failure
			}
		}
	}
}

// readLine appends a line to dst without its end, and says whether all of it is there; what is beyond the limit is passed over.
func readLine(r *bufio.Reader, dst []byte) (line []byte, whole bool, err error) {
	whole = true
	for {
		part, err := r.ReadSlice('\n')
		if len(dst)+len(part) > lineLimit {
			whole = false
		} else {
			dst = append(dst, part...)
		}
		if err != bufio.ErrBufferFull {
			return bytes.TrimRight(dst, "\r\n"), whole, err
		}
	}
}

// frameTold is what is printed of a line.
type frameTold struct {
	Valid     bool          `json:"valid"`
	Error     string        `json:"error,omitempty"`
	Coding    string        `json:"coding,omitempty"`
	Direction string        `json:"direction,omitempty"`
	Centre    *int          `json:"centre,omitempty"`
	Station   string        `json:"station,omitempty"`
	Function  string        `json:"function,omitempty"`
	Serial    *int          `json:"serial,omitempty"`
	Sent      string        `json:"sent,omitempty"`
	Class     string        `json:"class,omitempty"`
	Start     string        `json:"start,omitempty"`
	End       string        `json:"end,omitempty"`
	CRC       string        `json:"crc,omitempty"`
	Packet    *packetTold   `json:"packet,omitempty"`
	Range     []string      `json:"range,omitempty"`
	Readings  []readingTold `json:"readings,omitzero"`
	Text      *string       `json:"text,omitempty"`
	Switches  []bool        `json:"switches,omitempty"`
	Gates     []gateTold    `json:"gates,omitempty"`
	Quota     *bool         `json:"quota,omitempty"`
	Counters  []int64       `json:"counters,omitempty"`
	Trailing  int           `json:"trailing,omitempty"`
}

type packetTold struct {
	Total    int `json:"total"`
	Sequence int `json:"sequence"`
}

type gateTold struct {
	Open      bool            `json:"open"`
	OpeningCM json.RawMessage `json:"opening_cm"`
}

type readingTold struct {
	Element string            `json:"element,omitempty"`
	Symbol  string            `json:"symbol,omitempty"`
	Station string            `json:"station,omitempty"`
	Class   string            `json:"class,omitempty"`
	Time    string            `json:"time,omitempty"`
	Value   json.RawMessage   `json:"value,omitempty"`
	Values  []json.RawMessage `json:"values,omitempty"`
	StepMin int               `json:"step_min,omitempty"`
	Missing string            `json:"missing,omitempty"`
}

// frameDecoder keeps its memory from line to line.
type frameDecoder struct {
	line, raw []byte
	frame     sl651.Frame
	message   sl651.Message
}

func (d *frameDecoder) decode(line []byte, whole bool) frameTold {
	if !whole {
		return frameTold{Error: fmt.Sprintf("the line is longer than %d bytes", lineLimit)}
	}
	d.raw = d.raw[:0]
	for _, c := range line {
		if c != ' ' && c != '\t' {
			d.raw = append(d.raw, c)
		}
	}
	n, err := hex.Decode(d.raw, d.raw)
	if err != nil {
		return frameTold{Error: fmt.Sprintf("the line is not hex: after %d bytes %v", n, notHex(err))}
	}
	taken, err := d.frame.Parse(d.raw[:n])
	if err == nil {
		err = d.message.Decode(&d.frame)
	}
	if err != nil {
		return frameTold{Error: d.why(err)}
	}
	told := d.tell()
	told.Trailing = n - taken
	return told
}

// why says what is wrong, but for what was found where a password may stand.
func (d *frameDecoder) why(err error) string {
	var e *sl651.Error
	if errors.As(err, &e) && e.Body && secret(d.frame.Function) {
		return fmt.Sprintf("%v: byte %d of the body", e.Reason, e.At)
	}
	return err.Error()
}

// notHex says what is no hex digit, without the name of a package.
func notHex(err error) string {
	if errors.Is(err, hex.ErrLength) {
		return "one digit is left over"
	}
	return "a character is no hex digit"
}

func (d *frameDecoder) tell() frameTold {
	f, m := &d.frame, &d.message
	centre, serial := int(f.Centre), int(m.Serial)
	t := frameTold{
		Valid: true, Coding: f.Coding.String(), Direction: f.Direction.String(), Centre: &centre, Station: f.Station.String(), Function: f.Function.String(),
		Start: sl651.Control(f.Start), End: sl651.Control(f.End), CRC: fmt.Sprintf("%04X", f.CRC), Readings: []readingTold{},
	}
	if f.Several() {
		t.Packet = &packetTold{int(f.Total), int(f.Sequence)}
	}
	if m.Headless {
		return t
	}
	t.Serial, t.Sent = &serial, stampText(m.Sent)
	if _, class, ok := m.Address(); ok && class != 0 {
		t.Class = class.String()
	}
	for i := range m.Groups {
		d.tellGroup(&t, &m.Groups[i])
	}
	if t.Text == nil && f.Coding == sl651.ASCII && !f.Function.User() && !secret(f.Function) && f.Function != sl651.PictureReport {
		t.Text = text(f.Body[16:])
	}
	return t
}

// secret says whether a body may hold passwords.
func secret(fc sl651.Function) bool {
	return fc == sl651.WriteBasic || fc == sl651.ReadBasic || fc == sl651.ChangePassword
}

func (d *frameDecoder) tellGroup(t *frameTold, g *sl651.Group) {
	switch g.Kind {
	case sl651.RangeGroup:
		t.Range = []string{stampText(g.Time), stampText(g.To)}
	case sl651.ReadingGroup, sl651.NameGroup, sl651.DataGroup:
		if _, known := sl651.ParameterOf(g.ID); secret(d.frame.Function) && (!known || d.frame.Function == sl651.ChangePassword && g.ID != sl651.PasswordParameter) {
			return // who knows under what other name a maker sends its password
		}
		t.Readings = append(t.Readings, d.tellReading(g))
	case sl651.TextGroup, sl651.VersionGroup:
		t.Text = text(g.Raw)
	case sl651.SwitchGroup:
		for k := range g.Count() {
			t.Switches = append(t.Switches, g.On(k))
		}
	case sl651.GateGroup:
		for k := range g.Count() {
			t.Gates = append(t.Gates, gateTold{g.On(k), number(g.Values[k])})
		}
	case sl651.QuotaGroup:
		on := g.Raw[0] != 0
		t.Quota = &on
	case sl651.CounterGroup:
		for _, v := range g.Values {
			t.Counters = append(t.Counters, v.Digits)
		}
	}
}

func (d *frameDecoder) tellReading(g *sl651.Group) readingTold {
	fc := d.frame.Function
	r := readingTold{Symbol: string(g.Name()), Time: stampText(g.Time)}
	if g.ID != 0 {
		r.Element = g.ID.String()
	}
	if e, ok := sl651.ElementOf(g.ID); ok && !fc.Parameters() {
		r.Symbol = e.Symbol
	}
	if first, class, ok := d.message.Address(); ok && (g.Station != first || g.Class != class) {
		r.Station = g.Station.String()
		if g.HasClass {
			r.Class = g.Class.String()
		}
	}
	if fc.Parameters() && g.ID == sl651.PasswordParameter {
		return r
	}
	if g.Kind == sl651.DataGroup {
		r.Value, _ = json.Marshal(d.data(g))
		return r
	}
	for _, v := range g.Values {
		r.Values = append(r.Values, number(v))
		if l := letter(v); l != "" && l != r.Missing {
			r.Missing += l
		}
	}
	if len(r.Missing) > 1 {
		r.Missing = "FA" // some are the one, some the other
	}
	if g.Interval() == 0 && len(r.Values) == 1 {
		r.Value, r.Values = r.Values[0], nil
	}
	r.StepMin = int(g.Interval() / time.Minute)
	return r
}

// data is what is no figure, as hex digits, or as its text where it came as text.
func (d *frameDecoder) data(g *sl651.Group) string {
	if d.frame.Coding == sl651.ASCII && (g.ID == 0 || g.ID >= 0x0F) {
		return *text(g.Raw)
	}
	return fmt.Sprintf("%X", g.Raw)
}

func number(v sl651.Value) json.RawMessage {
	if v.State != sl651.Present {
		return json.RawMessage("null")
	}
	return v.Append(nil)
}

func letter(v sl651.Value) string {
	switch v.State {
	case sl651.Missing:
		return "F"
	case sl651.MissingA:
		return "A"
	}
	return ""
}

// stampText is a time in RFC 3339, empty where there is none.
func stampText(s sl651.Stamp) string {
	if s.IsZero() {
		return ""
	}
	return s.Time().Format(time.RFC3339)
}

func text(b []byte) *string {
	s := sl651.Text(b)
	return &s
}
