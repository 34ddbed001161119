package session_test

import (
	"encoding/binary"
	"testing"

	"anlan/internal/sl651"
	"anlan/internal/telemetry/session"
)

// BenchmarkSession takes timed reports of 60 bytes from stream to reply.
func BenchmarkSession(b *testing.B) {
	s := sender()
	var stream []byte
	const frames = 512
	for range frames {
		f := timed(b, s)
		stream = append(stream, f...)
	}
	st := policy()
	o := session.Options{Stations: func(sl651.Address) (session.Station, bool, error) { return st, true, nil }, Memory: session.NewMemory(0)}
	core := session.New(o)
	size := len(stream) / frames
	reply := make([]byte, 0, 256)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	round := uint64(0)
	for n := 0; n < b.N; round++ {
		b.StopTimer()
		renumber(stream, size, round)
		b.StartTimer()
		for part := stream; len(part) > 0 && n < b.N; {
			piece := part[:min(len(part), 8*size)]
			part = part[len(piece):]
			for _, out := range core.Receive(piece, now) {
				if out.Duplicate || len(out.Reports) != 1 {
					b.Fatalf("%+v", out)
				}
				out.Receipt.Finish(true)
				var err error
				if reply, err = out.Reply.Append(reply[:0], now); err != nil {
					b.Fatal(err)
				}
				n++
			}
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
}

// renumber gives the frames other figures, so that they are no duplicates.
func renumber(stream []byte, size int, round uint64) {
	for at := 0; at < len(stream); at += size {
		var f sl651.Frame
		if _, err := f.Parse(stream[at:]); err != nil {
			panic(err)
		}
		f.Body[0], f.Body[1] = byte(at/size>>8), byte(at/size)
		digits := round % 100_000_000
		packed := uint32(0)
		for k := range 8 {
			packed |= uint32(digits%10) << (4 * k)
			digits /= 10
		}
		binary.BigEndian.PutUint32(f.Body[8+8+7+2:], packed) // the stage
		again, err := f.Append(nil)
		if err != nil {
			panic(err)
		}
		copy(stream[at:], again)
	}
}
