package sl651_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"anlan/internal/sl651"
)

// feed gives a scanner bytes in pieces and collects the frames it finds, and the errors by their reasons.
func feed(s *sl651.Scanner, pieces ...[]byte) (frames [][]byte, errs []error) {
	var f sl651.Frame
	for _, p := range pieces {
		for len(p) > 0 {
			p = p[s.Feed(p):]
			for {
				raw, err := s.Next(&f)
				if err == sl651.ErrMore {
					break
				}
				if err != nil {
					errs = append(errs, err)
					continue
				}
				frames = append(frames, bytes.Clone(raw))
			}
		}
	}
	return frames, errs
}

func cut(b []byte, size int) (pieces [][]byte) {
	for ; len(b) > size; b = b[size:] {
		pieces = append(pieces, b[:size])
	}
	return append(pieces, b)
}

// TestScanner finds frames whatever lies between them and however they are cut.
func TestScanner(t *testing.T) {
	report, ascii := seal(t, timed), asciiFrame(t)
	alive := body(t, sl651.Hex, sl651.Up, sl651.KeepAlive, "")
	nested := body(t, sl651.Hex, sl651.Up, sl651.PictureReport, "F1F1 0061200815 48 F0F0 2607020800 F3F3 FFD8 7E7E 7E7E01 01303130 7E")
	broken := bytes.Clone(report)
	broken[40] ^= 1
	f := func(name string, stream []byte, want [][]byte, wantBroken int) {
		t.Helper()
		for _, size := range []int{1, 2, 7, 59, 60, 61, len(stream)} {
			s := sl651.NewScanner(0)
			got, errs := feed(s, cut(stream, size)...)
			if len(got) != len(want) {
				t.Errorf("%s in pieces of %d: %d frames, want %d", name, size, len(got), len(want))
				continue
			}
			length := 0
			for i := range want {
				length += len(want[i])
				if !bytes.Equal(got[i], want[i]) {
					t.Errorf("%s in pieces of %d: frame %d is %X, want %X", name, size, i, got[i], want[i])
				}
			}
			if len(errs) != wantBroken {
				t.Errorf("%s in pieces of %d: broken are %v, want %d", name, size, errs, wantBroken)
			}
			if int(s.Skipped)+length+s.Buffered() != len(stream) {
				t.Errorf("%s in pieces of %d: %d skipped, %d waiting, %d in frames of %d", name, size, s.Skipped, s.Buffered(), length, len(stream))
			}
		}
	}
	all := func(b ...[]byte) []byte { return bytes.Join(b, nil) }
	f("one", report, [][]byte{report}, 0)
	f("several at once", all(report, ascii, alive, report), [][]byte{report, ascii, alive, report}, 0)
	f("garbage before, between and behind", all([]byte("AT+CIPSEND\r\n"), report, []byte{0, 0xFF, 0x7E}, alive, []byte{0x01, 0x7E}), [][]byte{report, alive}, 0)
	f("a stray 7E behind the check code", all(report, []byte{0x7E}, report, []byte{0x7E}, ascii), [][]byte{report, report, ascii}, 0)
	f("7E7E in the body", all(nested, nested), [][]byte{nested, nested}, 0)
	f("half a frame, then it again", all(report[:30], report), [][]byte{report}, 0)
	f("half an ASCII frame, then it again", all(ascii[:50], ascii, ascii), [][]byte{ascii, ascii}, 0)
	f("a broken frame", all(report, broken, alive), [][]byte{report, alive}, 1)
	f("nothing but starts", bytes.Repeat([]byte{0x7E}, 5000), nil, 0)
	f("nothing but SOH", bytes.Repeat([]byte{0x01}, 5000), nil, 0)
}

// TestScannerIsQuiet: garbage that promises a long frame holds back a whole one only until the peer falls silent.
func TestScannerIsQuiet(t *testing.T) {
	report := seal(t, timed)
	promise := bytesOf(t, "7E7E 01 0012345678 1234 36 0FFF 02")
	s := sl651.NewScanner(0)
	if got, _ := feed(s, promise, report); len(got) != 0 {
		t.Fatalf("%X", got)
	}
	var f sl651.Frame
	s.Quiet()
	raw, err := s.Next(&f)
	if err != nil || !bytes.Equal(raw, report) || f.Function != sl651.TimedReport || int(s.Skipped) != len(promise) {
		t.Errorf("%X, %v, %d skipped", raw, err, s.Skipped)
	}
	// A frame that is only slow is not given up.
	feed(s, report[:20])
	s.Quiet()
	if _, err := s.Next(&f); err != sl651.ErrMore || s.Buffered() != 20 {
		t.Errorf("%v, %d waiting", err, s.Buffered())
	}
	if got, _ := feed(s, report[20:]); len(got) != 1 {
		t.Errorf("%X", got)
	}
}

// TestScannerIsBounded: a frame longer than agreed is refused by name, and no more than the limit is ever kept.
func TestScannerIsBounded(t *testing.T) {
	report := seal(t, timed)
	s := sl651.NewScanner(100)
	got, errs := feed(s, bytesOf(t, "7E7E 01 0012345678 1234 36 0FFF 02"), report)
	if len(got) != 1 || len(errs) != 1 || !errors.Is(errs[0], sl651.BadLength) {
		t.Errorf("%X %v", got, errs)
	}
	long := make([]byte, 1<<20)
	for i := range long {
		long[i] = 0x01
	}
	if n := s.Feed(long); n > 100 || s.Buffered() > 100 {
		t.Errorf("%d taken, %d kept", n, s.Buffered())
	}
	if allocs := testing.AllocsPerRun(100, func() {
		s := sl651.NewScanner(0)
		s.Feed(report)
	}); allocs > 2 {
		t.Errorf("%v allocations", allocs)
	}
}

// TestScannerAllocatesNothing in a steady stream, frames and joined messages included.
func TestScannerAllocatesNothing(t *testing.T) {
	stream := bytes.Join([][]byte{seal(t, timed), asciiFrame(t), body(t, sl651.Hex, sl651.Up, sl651.HourlyReport, "F1F1 0061200815 48 F0F0 2607020705 F460 000000000000000000000000")}, nil)
	s := sl651.NewScanner(0)
	var f sl651.Frame
	var m sl651.Message
	var out []byte
	run := func() {
		for p := stream; len(p) > 0; {
			p = p[s.Feed(p):]
			for {
				if _, err := s.Next(&f); err != nil {
					break
				}
				if err := m.Decode(&f); err != nil {
					t.Fatal(err)
				}
				out, _ = sl651.Encode(out[:0], &f, &m)
			}
		}
	}
	run()
	if n := testing.AllocsPerRun(100, run); n != 0 {
		t.Errorf("%v allocations for three frames", n)
	}
}

// picture is an image report of a station, as one body, and as packets of so many bytes.
func picture(t testing.TB, c sl651.Coding, bytesOfPicture, size int) (whole []byte, packets [][]byte) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	jpeg := []byte{0xFF, 0xD8}
	for range bytesOfPicture {
		jpeg = append(jpeg, byte(r.Uint32()))
	}
	var m sl651.Message
	m.Reset(41, sentAt)
	m.AddAddress(station, sl651.River)
	m.AddTime(observed)
	m.AddPicture(jpeg)
	f := sl651.Report(c, 1, station, secret, sl651.PictureReport)
	whole, err := m.AppendBody(nil, &f)
	if err != nil {
		t.Fatal(err)
	}
	err = sl651.Split(f, whole, size, func(p *sl651.Frame) error {
		b, err := p.Append(nil)
		packets = append(packets, b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return whole, packets
}

// TestAssembly joins packets in any order, asks for what is missing, and decodes what they hold together.
func TestAssembly(t *testing.T) {
	for _, c := range []sl651.Coding{sl651.Hex, sl651.ASCII} {
		whole, packets := picture(t, c, 3000, 256)
		if len(packets) != (len(whole)+255)/256 {
			t.Fatalf("%d packets", len(packets))
		}
		for _, shuffled := range []bool{false, true} {
			t.Run(fmt.Sprint(c, shuffled), func(t *testing.T) {
				order := rand.New(rand.NewPCG(3, 4)).Perm(len(packets))
				a := sl651.NewAssembly(1 << 16)
				var f sl651.Frame
				add := func(k int) {
					t.Helper()
					if _, err := f.Parse(packets[k]); err != nil {
						t.Fatal(err)
					}
					if err := a.Add(&f); err != nil {
						t.Fatal(err)
					}
				}
				for i := range packets {
					k := i
					if shuffled {
						k = order[i]
					}
					if k == 4 {
						continue // lost
					}
					add(k)
					add(k) // and once more
				}
				if a.Done() || a.Missing() != 5 || a.Join(&f) != sl651.ErrMore {
					t.Fatalf("done %v, missing %d", a.Done(), a.Missing())
				}
				head := a.Head()
				nak := sl651.Again(&head, a.Missing())
				if nak.End != sl651.NAK || nak.Sequence != 5 || int(nak.Total) != len(packets) || nak.Start != sl651.SYN || nak.Direction != sl651.Down {
					t.Errorf("%+v", nak)
				}
				add(4)
				if !a.Done() || a.Missing() != 0 {
					t.Fatalf("not done, missing %d", a.Missing())
				}
				if err := a.Join(&f); err != nil || !bytes.Equal(f.Body, whole) || f.Several() || f.Station != station || f.Function != sl651.PictureReport || f.End != sl651.ETX {
					t.Errorf("%v %+v", err, f)
				}
				var m sl651.Message
				if err := m.Decode(&f); err != nil {
					t.Fatal(err)
				}
				jpeg, ok := m.Picture()
				if !ok || len(jpeg) != 3002 || jpeg[0] != 0xFF || m.Serial != 41 {
					t.Errorf("%d bytes, %v, %d", len(jpeg), ok, m.Serial)
				}
				head = a.Head()
				ok651 := sl651.Confirm(&head, sl651.EOT)
				if ok651.Sequence != ok651.Total || int(ok651.Total) != len(packets) || ok651.End != sl651.EOT {
					t.Errorf("%+v", ok651)
				}
			})
		}
	}
}

// TestAssemblyRefuses what is no packet, what belongs to another message, and what is too long; a new packet 1 begins anew.
func TestAssemblyRefuses(t *testing.T) {
	_, packets := picture(t, sl651.Hex, 3000, 256)
	frames := make([]sl651.Frame, len(packets))
	for i, p := range packets {
		if _, err := frames[i].Parse(p); err != nil {
			t.Fatal(err)
		}
	}
	a := sl651.NewAssembly(600)
	is := func(err error, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	single := frames[0]
	single.Start, single.Total, single.Sequence = sl651.STX, 0, 0
	is(a.Add(&single), sl651.BadPacket)
	is(a.Add(&frames[0]), nil)
	other := frames[1]
	other.Station[4]++
	is(a.Add(&other), sl651.BadPacket)
	if a.Fits(&other) || !a.Fits(&frames[1]) {
		t.Error("what fits?")
	}
	is(a.Add(&frames[1]), nil)
	is(a.Add(&frames[2]), sl651.BadLength)
	next := frames[0]
	next.Body = bytes.Clone(next.Body)
	next.Body[1]++ // another running number
	is(a.Add(&next), nil)
	if a.Missing() != 2 {
		t.Errorf("missing %d after a new packet 1", a.Missing())
	}
	again := frames[1]
	again.Body = again.Body[:100]
	is(a.Add(&frames[1]), nil)
	is(a.Add(&again), sl651.BadLength) // 256 + 256 + 100
	if n := testing.AllocsPerRun(10, func() {
		a := sl651.NewAssembly(1 << 20)
		claim := frames[1]
		claim.Total = 4095
		_ = a.Add(&claim)
	}); n > 4 {
		t.Errorf("%v allocations for a packet of 4095", n)
	}
	is(sl651.Split(single, make([]byte, 5000), 1, nil), sl651.BadPacket)
	is(sl651.Split(single, nil, 0, nil), sl651.BadLength)
}

// TestPacketsByThemselves: the first packet of several is read as far as it goes, a later one is bytes, each is written back as it came, and
// joined they say what the whole says.
func TestPacketsByThemselves(t *testing.T) {
	builds := map[sl651.Function]func(m *sl651.Message){
		sl651.TimedReport: func(m *sl651.Message) {
			m.AddAddress(station, sl651.River)
			m.AddTime(observed)
			for i := range 20 {
				m.AddReading(0x39, sl651.Of(int64(10490+i), 3))
			}
		},
		sl651.PeriodReport: func(m *sl651.Message) {
			m.AddAddress(station, sl651.River)
			m.AddTime(observed)
			m.AddStep(sl651.Step{Minutes: 5})
			m.AddSeries(0x39, make([]sl651.Value, 20))
		},
		sl651.QueryPeriod: func(m *sl651.Message) {
			m.AddAddress(station, sl651.River)
			m.AddTime(observed)
			m.AddStep(sl651.Step{})
			m.AddBlock(0xF5, make([]sl651.Value, 36))
		},
		sl651.ReadBasic: func(m *sl651.Message) {
			m.AddAddress(station, 0)
			m.AddPassword(secret)
			m.AddData(0x04, bytes.Repeat([]byte{2}, 10))
			m.AddData(0x0F, []byte("11898"))
		},
		sl651.QueryCounters: func(m *sl651.Message) {
			m.AddAddress(station, 0)
			m.AddCounters(&[32]uint16{7, 8, 9})
		},
		sl651.TextReport: func(m *sl651.Message) { m.AddText(bytes.Repeat([]byte("P 25.0 "), 9)) },
	}
	for fc, build := range builds {
		for _, c := range []sl651.Coding{sl651.Hex, sl651.ASCII} {
			var m sl651.Message
			m.Reset(41, sentAt)
			build(&m)
			f := sl651.Report(c, 1, station, secret, fc)
			whole, err := m.AppendBody(nil, &f)
			if err != nil {
				t.Fatal(err)
			}
			f.Body = whole
			if err := m.Decode(&f); err != nil {
				t.Fatal(err)
			}
			for size := 1; size < 110; size++ {
				packetsSay(t, f, whole, size, told(&m))
			}
		}
	}
}

// packetsSay splits a body into packets of one size and holds each, and all together, against the whole.
func packetsSay(t *testing.T, f sl651.Frame, whole []byte, size int, want string) {
	t.Helper()
	a := sl651.NewAssembly(1 << 16)
	first := true
	err := sl651.Split(f, whole, size, func(p *sl651.Frame) error {
		b, err := p.Append(nil)
		if err != nil {
			return err
		}
		got, m := decode(t, b)
		if m.Headless == first && size >= 16 {
			t.Errorf("%s %v, packets of %d: headless %v", f.Function, f.Coding, size, m.Headless)
		}
		first = false
		again, err := sl651.Encode(nil, got, m)
		if !bytes.Equal(again, b) {
			t.Errorf("%s %v, packets of %d: %q, came as %q", f.Function, f.Coding, size, again, b)
		}
		return errors.Join(err, a.Add(got))
	})
	if err != nil {
		t.Fatalf("%s %v, packets of %d: %v", f.Function, f.Coding, size, err)
	}
	var joined sl651.Frame
	var m sl651.Message
	if err := a.Join(&joined); err != nil {
		t.Fatal(err)
	}
	if err := m.Decode(&joined); err != nil || told(&m) != want {
		t.Errorf("%s %v, packets of %d say %s, %v, want %s", f.Function, f.Coding, size, told(&m), err, want)
	}
}
