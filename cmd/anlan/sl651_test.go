package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anlan/internal/sl651"
)

// reported is a frame of a station for these tests, in hex.
func reported(t *testing.T, c sl651.Coding, d sl651.Direction, fc sl651.Function, body string) string {
	t.Helper()
	f := sl651.Report(c, 1, sl651.Address{0x00, 0x61, 0x20, 0x08, 0x15}, [2]byte{0xBE, 0xEF}, fc)
	if d == sl651.Down {
		f = sl651.Ask(c, 1, f.Station, f.Password, fc)
	}
	f.Body = []byte("0029260702080017" + body)
	if c == sl651.Hex {
		if _, err := fmt.Sscanf("0029260702080017"+strings.ReplaceAll(body, " ", ""), "%x", &f.Body); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%X", b)
}

// decoded runs the decoder over lines and gives what it printed.
func decoded(t *testing.T, lines string) []string {
	t.Helper()
	code, out, errs := anlanReads(t, lines, "sl651", "decode")
	if code != 0 || errs != "" {
		t.Fatalf("exit %d, %s", code, errs)
	}
	return strings.Split(strings.TrimSuffix(out, "\n"), "\n")
}

// TestDecodePrints holds each rule of the printed object.
func TestDecodePrints(t *testing.T) {
	const head = `{"valid":true,"coding":"hex","direction":"up","centre":1,"station":"0061200815","function":"%s","serial":41,"sent":"2026-07-02T08:00:17+08:00",`
	const at, plain = "F1F1 0061200815 48 F0F0 2607020800", "F1F1 0061200815"
	up, down := sl651.Up, sl651.Down
	f := func(name, frame string, wants ...string) {
		t.Helper()
		got := decoded(t, frame)
		if len(got) != 1 || !json.Valid([]byte(got[0])) {
			t.Errorf("%s: %q", name, got)
		}
		for _, want := range wants {
			if no, ok := strings.CutPrefix(want, "!"); ok == strings.Contains(got[0], no) {
				t.Errorf("%s prints\n%s, want %s", name, got[0], want)
			}
		}
	}
	hex := func(d sl651.Direction, fc sl651.Function, body string) string {
		return reported(t, sl651.Hex, d, fc, body)
	}
	f("the head", hex(up, 0x32, at+"3812 1268"), fmt.Sprintf(head, "32")+`"class":"H","start":"STX","end":"ETX","crc":"`)
	f("the head of a downlink", hex(down, 0x37, ""), `"direction":"down"`, `"serial":41`, `"start":"STX","end":"ENQ"`, `"readings":[]`, "!class")
	f("decimals as they were sent", hex(up, 0x32, at+"3923 00010490 3922 00001049 2719 000043"),
		`{"element":"39","symbol":"Z","time":"2026-07-02T08:00:00+08:00","value":10.490}`, `"value":10.49}`, `"value":4.3}`)
	f("a negative figure", hex(up, 0x32, at+"762A FF00000172"), `{"element":"76","time":"2026-07-02T08:00:00+08:00","value":-1.72}`)
	f("an extended element", hex(up, 0x32, at+"FF0A 23 00000008"), `"element":"FF0A","time"`, `"value":0.008`)
	f("what is missing", hex(up, 0x32, at+"3923 FFFFFFFF 2019 AAAAAA"), `"symbol":"Z","time":"2026-07-02T08:00:00+08:00","value":null,"missing":"F"}`, `"symbol":"PJ","time":"2026-07-02T08:00:00+08:00","value":null,"missing":"A"}`)
	f("hourly blocks in mm and m", hex(up, 0x34, at+"F460 0005FE"+strings.Repeat("FF", 9)+" F5C0 000C"+strings.Repeat("0031", 11)),
		`"element":"F4","symbol":"DRP","time":"2026-07-02T08:00:00+08:00","values":[0.0,0.5,25.4,null,null,null,null,null,null,null,null,null],"step_min":5,"missing":"F"}`,
		`"symbol":"DRZ1"`, `"values":[0.12,0.49,0.49,`, `"step_min":5`)
	f("a series", hex(up, 0x31, at+"0418 000100 391B 000122 FFFFFF 010490"), `"values":[0.122,null,10.490],"step_min":60,"missing":"F"}`, `!"element":"04"`)
	f("a series with both letters", hex(up, 0x31, at+"0418 000005 391B AAAAAA FFFFFF AAAAAA"), `"values":[null,null,null],"step_min":5,"missing":"FA"`)
	f("a series of one", hex(up, 0x38, at+"0418 000005 391B 010490"), `"values":[10.490]`)
	f("the time each value belongs to", hex(up, 0x34, at+"3923 00010490 F0F0 2607020900 3812 1268"), `"symbol":"Z","time":"2026-07-02T08:00:00+08:00"`, `"symbol":"VT","time":"2026-07-02T09:00:00+08:00"`)
	f("another station", hex(up, 0x32, at+"3812 1268 F1F1 0061200816 50 2019 000001"), `"symbol":"VT","time":"2026-07-02T08:00:00+08:00","value":12.68}`, `"symbol":"PJ","station":"0061200816","class":"P"`)
	f("a range of hours", hex(down, 0x38, "26070108 26070208 0418 000100 1A19"), `"range":["2026-07-01T08:00:00+08:00","2026-07-02T08:00:00+08:00"],"readings":[{"element":"1A","symbol":"P1"}]`)
	f("elements asked for", hex(down, 0x3A, "F460 3923"), `"readings":[{"element":"F4","symbol":"DRP"},{"element":"39","symbol":"Z"}]`)
	f("parameters are no elements", hex(up, 0x42, plain+"2823 00010000"), `{"element":"28","value":10.000}`)
	f("parameters that are no figures", hex(up, 0x41, plain+"0120 05000000 0C08 02"), `{"element":"01","value":"05000000"},{"element":"0C","value":2}`)
	f("text", hex(up, 0x35, "F2F2 5120312E323334"), `"readings":[],"text":"Q 1.234"`)
	f("text in GB 18030", hex(up, 0x35, "F2F2 CBAECEBB"), `"text":"水位"`)
	f("text in UTF-8", hex(up, 0x35, "F2F2 E6B0B4E4BD8D"), `"text":"水位"`)
	f("a version", hex(up, 0x45, plain+"03 563132"), `"text":"V12"`)
	f("the word of states", hex(up, 0x46, plain+"4520 00000400"), `"symbol":"ZT","value":1024`)
	f("switches", hex(up, 0x4C, plain+"01 03"), `"switches":[true,true,false,false,false,false,false,false]`)
	f("gates", hex(up, 0x4E, plain+"02 01 0120 0000"), `"gates":[{"open":true,"opening_cm":120},{"open":false,"opening_cm":0}]`)
	f("the quota", hex(down, 0x4F, "00"), `"quota":false`)
	f("counters", hex(up, 0x50, plain+strings.Repeat("0007", 32)), `"counters":[7,7,`)
	f("what follows", hex(up, 0x2F, "")+"7E", `"trailing":1`, `"readings":[],`)
	f("blanks and small letters", " "+strings.ToLower(hex(up, 0x2F, ""))+"\t\r", `"valid":true`)
	ascii := func(d sl651.Direction, fc sl651.Function, body string) string {
		return reported(t, sl651.ASCII, d, fc, body)
	}
	f("ASCII", ascii(up, 0x32, "ST 0061200815 H TT 2607020800 Z 6.38 VT M XYZ 5 "), `"coding":"ascii"`, `"class":"H"`, `"value":6.38}`, `"value":null,"missing":"F"}`, `{"symbol":"XYZ","time":"2026-07-02T08:00:00+08:00","value":5}`,
		`"text":"ST 0061200815 H TT 2607020800 Z 6.38 VT M XYZ 5 "`)
	f("text put in by hand in ASCII", ascii(up, 0x35, "RGZS Q 1.234"), `"text":"Q 1.234"`)
	f("an unknown function", hex(up, 0x52, ""), `{"valid":false,"error":"unknown function: byte 0 of the body: function 52 is reserved"}`)
	f("a user's function", hex(up, 0xE1, "00"), `"function":"E1"`, `"readings":[]`)
	f("an element cut off", hex(up, 0x32, at+"3923 0001"), `{"valid":false,"error":"cut body: byte 27 of the body: the body ends, 2 bytes are due"}`)
	for name, frame := range map[string]string{ // no password is ever printed
		"a change of password":         hex(down, 0x49, "0310 BEEF 0310 CAFE"),
		"a configuration":              hex(up, 0x41, plain+"0310 CAFE 0C08 02"),
		"a change of password, ASCII":  ascii(down, 0x49, "03 BEEF 03 CAFE "),
		"a configuration, ASCII":       ascii(up, 0x41, "ST 0061200815 03 CAFE 0C 2 "),
		"a broken change, ASCII":       ascii(down, 0x49, "03 BEEF 03 CAFEx TT CAFE "),
		"another name, ASCII":          ascii(down, 0x49, "MM BEEF XX CAFE "),
		"another name":                 hex(down, 0x49, "0300 BE00 EF00 20 10 CAFE"),
		"a broken configuration":       hex(up, 0x41, plain+"0310 CAFE 0C08 0A"),
		"a configuration that is cut":  hex(up, 0x41, plain+"0318 CAFE"),
		"a head with a wrong password": hex(up, 0x2F, "")[:48] + "00",
	} {
		f(name, frame, "!CAFE", "!BEEF")
	}
}

// TestDecodePackets: the first of several packets has its head and as much as it holds, a later one only its numbers.
func TestDecodePackets(t *testing.T) {
	f := sl651.Report(sl651.Hex, 1, sl651.Address{0x00, 0x61, 0x20, 0x08, 0x15}, [2]byte{}, sl651.PictureReport)
	var m sl651.Message
	m.Reset(41, sl651.Stamp{Year: 26, Month: 7, Day: 2, Hour: 8})
	m.AddAddress(f.Station, sl651.River)
	m.AddPicture(bytes.Repeat([]byte{0xD8}, 100))
	body, err := m.AppendBody(nil, &f)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	if err := sl651.Split(f, body, 64, func(p *sl651.Frame) error {
		b, err := p.Append(nil)
		lines = append(lines, fmt.Sprintf("%x", b))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	got := decoded(t, strings.Join(lines, "\n"))
	if len(got) != 2 || !strings.Contains(got[0], `"serial":41`) || !strings.Contains(got[0], `"end":"ETB"`) || !strings.Contains(got[0], `"packet":{"total":2,"sequence":1}`) || strings.Contains(got[0], "D8D8") {
		t.Errorf("%q", got)
	}
	if !strings.Contains(got[1], `"start":"SYN","end":"ETX"`) || !strings.Contains(got[1], `"packet":{"total":2,"sequence":2}`) || strings.Contains(got[1], "serial") {
		t.Errorf("%s", got[1])
	}
}

// TestDecodeGoesOn: every line has its object, a bad one among them, an empty one and one too long; the last needs no end of line.
func TestDecodeGoesOn(t *testing.T) {
	good := reported(t, sl651.Hex, sl651.Up, sl651.KeepAlive, "")
	got := decoded(t, strings.Join([]string{"no frame", good, "", strings.Repeat("7E", lineLimit), good[:len(good)-2] + "00", good}, "\n"))
	if len(got) != 6 {
		t.Fatalf("%d lines: %q", len(got), got)
	}
	for i, want := range []string{"not hex", `"valid":true`, "short frame", "longer than", "bad check code", `"valid":true`} {
		if !strings.Contains(got[i], want) || strings.Contains(got[i], `"valid":true`) == strings.Contains(got[i], "error") {
			t.Errorf("line %d: %s, want %s", i+1, got[i], want)
		}
	}
	if out := decoded(t, ""); len(out) != 1 || out[0] != "" {
		t.Errorf("of nothing: %q", out)
	}
}

// TestDecodeStreams: an object is out before the next line is in, and the command ends when it is told to.
func TestDecodeStreams(t *testing.T) {
	in, lines := io.Pipe()
	objects, out := io.Pipe()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int)
	go func() { ended <- run(ctx, env{in, out, io.Discard, nil}, []string{"sl651", "decode"}) }()
	dec := json.NewDecoder(objects)
	for range 3 {
		fmt.Fprintln(lines, reported(t, sl651.Hex, sl651.Up, sl651.KeepAlive, ""))
		var told struct{ Valid bool }
		if err := dec.Decode(&told); err != nil || !told.Valid {
			t.Fatal(err, told)
		}
	}
	stop()
	if code := <-ended; code != 0 {
		t.Errorf("exit %d", code)
	}
	lines.Close()
}

func TestDecodeIsCalledWrongly(t *testing.T) {
	for _, args := range [][]string{{"sl651"}, {"sl651", "encode"}, {"sl651", "decode", "file"}, {"sl651", "decode", "--wrong"}} {
		if code, _, errs := anlan(t, args...); code != 2 || !strings.Contains(errs, "called wrongly") {
			t.Errorf("%v: exit %d, %q", args, code, errs)
		}
	}
	if code, out, _ := anlan(t, "sl651", "decode", "--help"); code != 0 || !strings.Contains(out, "An example:") {
		t.Errorf("exit %d, %q", code, out)
	}
}

// TestDecodeVectors prints every packet of the shared folder, where it is, and holds valid against the check code, head and figures against what
// was computed of it.
func TestDecodeVectors(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "telemetry", "vectors.json"))
	if err != nil {
		t.Skipf("the packets of the shared folder are not here: %v", err)
	}
	var file struct {
		Vectors []struct {
			ID, Protocol, Hex string
			CRC               struct{ OK bool }
			Computed          json.RawMessage
		}
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, v := range file.Vectors {
		if !strings.HasPrefix(v.Protocol, "SL 651") {
			continue
		}
		n++
		var told frameTold
		if err := json.Unmarshal([]byte(decoded(t, v.Hex+"\n")[0]), &told); err != nil {
			t.Fatal(err)
		}
		if told.Valid != v.CRC.OK || told.Valid != (told.Error == "") {
			t.Errorf("%s: %+v", v.ID, told)
			continue
		}
		if told.Valid {
			compareTold(t, v.ID, &told, v.Computed)
		}
	}
	t.Logf("%d packets", n)
}

func compareTold(t *testing.T, id string, told *frameTold, computed json.RawMessage) {
	t.Helper()
	var want struct {
		Dir, Station, Fc, CRC, Start, Send string
		Center, Serial                     *int
		Elements                           []struct {
			ID, Class string
			Value     any
			Values    []any
			MM, M     []any
		}
	}
	if err := json.Unmarshal(computed, &want); err != nil {
		t.Fatal(err)
	}
	if told.Direction != want.Dir || told.Station != want.Station || told.Function != want.Fc || told.CRC != want.CRC || told.Start != want.Start || *told.Centre != *want.Center {
		t.Errorf("%s: %+v, computed is %+v", id, told, want)
	}
	if want.Serial != nil && (*told.Serial != *want.Serial || strings.NewReplacer("-", "", "T", "", ":", "").Replace(told.Sent)[2:14] != want.Send) {
		t.Errorf("%s: %d at %s, computed is %d at %s", id, *told.Serial, told.Sent, *want.Serial, want.Send)
	}
	at := 0
	for _, e := range want.Elements {
		if e.Class != "" && e.Class != told.Class {
			t.Errorf("%s: class %s, computed is %s", id, told.Class, e.Class)
		}
		list := append(append(e.Values, e.MM...), e.M...)
		if e.Value == nil && list == nil {
			continue
		}
		for at < len(told.Readings) && told.Readings[at].Element != e.ID {
			at++
		}
		if at == len(told.Readings) {
			t.Errorf("%s: no reading of %s", id, e.ID)
			return
		}
		r := told.Readings[at]
		at++
		if list == nil {
			list, r.Values = []any{e.Value}, []json.RawMessage{r.Value}
		}
		if len(list) != len(r.Values) {
			t.Errorf("%s: %s has %d values, computed are %d", id, e.ID, len(r.Values), len(list))
			continue
		}
		for i, x := range list {
			got := string(r.Values[i])
			switch x := x.(type) {
			case string:
				if got != x {
					t.Errorf("%s: %s is %s, computed is %s", id, e.ID, got, x)
				}
			case float64:
				var f float64
				if err := json.Unmarshal(r.Values[i], &f); err != nil || f != x {
					t.Errorf("%s: %s is %s, computed is %v", id, e.ID, got, x)
				}
			default:
				if got != "null" || r.Missing == "" {
					t.Errorf("%s: %s is %s, missing %s, computed is %v", id, e.ID, got, r.Missing, x)
				}
			}
		}
	}
}
