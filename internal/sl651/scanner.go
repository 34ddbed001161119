package sl651

import "errors"

// ErrMore says that a Scanner, or an Assembly, needs more bytes or packets before it has something to hand out.
var ErrMore = errors.New("more is needed")

// Scanner finds the frames in the bytes of one peer, however they arrive: halves, several at once, garbage between them. A frame is told
// by its start, its length, its end byte and its check code together, since 7E7E also stands in bodies and is not escaped there. It keeps at
// most one frame of the longest length. It is for one goroutine.
type Scanner struct {
	// Long lets packets of an uplink have a length of sixteen bits, table 22.
	Long bool
	// Skipped is how many bytes belonged to no frame.
	Skipped uint64

	limit int
	buf   []byte
	from  int
	quiet bool
}

// NewScanner makes a Scanner for frames of at most limit bytes; MaxFrame where limit is 0.
func NewScanner(limit int) *Scanner {
	if limit <= 0 {
		limit = MaxFrame
	}
	return &Scanner{limit: limit}
}

// Feed takes bytes that have arrived, and says how many: all, or as many as there is room for until Next has been called. What Next handed
// out before is no longer good.
func (s *Scanner) Feed(p []byte) int {
	s.quiet = false
	if s.from > 0 {
		s.buf = s.buf[:copy(s.buf, s.buf[s.from:])]
		s.from = 0
	}
	n := min(len(p), s.limit-len(s.buf))
	if need := len(s.buf) + n; need > cap(s.buf) {
		grown := make([]byte, len(s.buf), min(s.limit, max(256, 2*cap(s.buf), need)))
		copy(grown, s.buf)
		s.buf = grown
	}
	s.buf = append(s.buf, p[:n]...)
	return n
}

// Buffered is how many bytes wait for more.
func (s *Scanner) Buffered() int { return len(s.buf) - s.from }

// Quiet says that the peer has sent nothing for a while. Until it does, Next looks for a whole frame behind a beginning that still waits for
// its end: the beginning may be garbage that promised a long frame. Where there is none, the beginning goes on waiting.
func (s *Scanner) Quiet() { s.quiet = true }

// Next reads the next frame into f and returns its bytes; both alias the Scanner's memory until Feed. The error is ErrMore where more bytes
// have to arrive first. It is an *Error for a frame whose check code does not hold, which is in f, and for the beginning of one that is longer
// than agreed; either counts as skipped, and the search goes on within it.
func (s *Scanner) Next(f *Frame) ([]byte, error) {
	for s.from < len(s.buf) {
		b := s.buf[s.from:]
		if b[0] != 0x7E && b[0] != SOH {
			s.skip()
			continue
		}
		n, e := f.parse(b, s.Long)
		switch {
		case e.Reason == 0:
			s.from += n
			return b[:n:n], nil
		case e.Reason == Short && int(e.Want) > s.limit:
			s.skip()
			return nil, &Error{Reason: BadLength, At: e.At, Got: e.Want, Want: uint32(s.limit)}
		case e.Reason == Short:
			if s.quiet {
				return s.behind(f)
			}
			return nil, ErrMore
		case e.Reason == BadCRC:
			s.skip()
			return b[:n:n], e.or()
		default:
			s.skip()
		}
	}
	return nil, ErrMore
}

func (s *Scanner) skip() {
	s.from++
	s.Skipped++
}

// behind looks for a whole frame behind the beginning at which the search stands.
func (s *Scanner) behind(f *Frame) ([]byte, error) {
	for at := s.from + 1; at < len(s.buf); at++ {
		if s.buf[at] != 0x7E && s.buf[at] != SOH {
			continue
		}
		if n, e := f.parse(s.buf[at:], s.Long); e.Reason == 0 {
			raw := s.buf[at : at+n : at+n]
			s.Skipped += uint64(at - s.from)
			s.from = at + n
			return raw, nil
		}
	}
	return nil, ErrMore
}
