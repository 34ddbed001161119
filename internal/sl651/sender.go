package sl651

// Sender numbers and writes the uplinks of one station: what a simulated station sends, or a relay in the place of one. A resend is the same
// bytes again (6.6.2.4), so it asks nothing of a Sender. What it appends to dst is a whole frame. It is for one goroutine.
type Sender struct {
	Coding   Coding
	Centre   byte
	Station  Address
	Class    Class
	Password [2]byte

	serial uint16
	m      Message
	body   []byte
	packet []byte
}

// Serial is the number of the last report, 0 before the first.
func (s *Sender) Serial() uint16 { return s.serial }

// begin empties the message and gives it the next number: 1 to 65535 and then 1 again.
func (s *Sender) begin(sent Stamp) {
	if s.serial++; s.serial == 0 {
		s.serial = 1
	}
	s.m.Reset(s.serial, sent)
}

func (s *Sender) head(fc Function) Frame {
	return Report(s.Coding, s.Centre, s.Station, s.Password, fc)
}

func (s *Sender) write(dst []byte, fc Function) ([]byte, error) {
	f := s.head(fc)
	return Encode(dst, &f, &s.m)
}

// KeepAlive appends a keep-alive, which has the number of the last report and takes none of its own (6.6.4.2).
func (s *Sender) KeepAlive(dst []byte, sent Stamp) ([]byte, error) {
	s.m.Reset(s.serial, sent)
	return s.write(dst, KeepAlive)
}

// Report appends a report of what was measured at one time: function 32 for a timed one, 33 for an added one with what triggered it first, 30
// for a test, 37 and 3A for an answer.
func (s *Sender) Report(dst []byte, fc Function, sent, at Stamp, values []Observation) ([]byte, error) {
	s.begin(sent)
	s.m.AddReport(s.Station, s.Class, at, values)
	return s.write(dst, fc)
}

// Answer appends the answer to a query, or a report of its own, whose groups behind the station's address are added by fill; end is ETX, or
// ETB where more follows.
func (s *Sender) Answer(dst []byte, fc Function, sent Stamp, end byte, fill func(*Message)) ([]byte, error) {
	s.begin(sent)
	class := s.Class
	if !fc.HasClass() {
		class = 0
	}
	s.m.AddAddress(s.Station, class)
	if fill != nil {
		fill(&s.m)
	}
	f := s.head(fc)
	f.End = end
	return Encode(dst, &f, &s.m)
}

// Hourly appends an hourly report.
func (s *Sender) Hourly(dst []byte, sent Stamp, h *Hour) ([]byte, error) {
	s.begin(sent)
	s.m.AddHourly(s.Station, s.Class, h)
	return s.write(dst, HourlyReport)
}

// Period appends a report of one element in equal steps, function 31, or the answer to a query of a period, 38; first is the time of the first
// value. Hourly blocks (F4 to FC) go with step 0.
func (s *Sender) Period(dst []byte, fc Function, sent, first Stamp, step Step, id ID, values []Value) ([]byte, error) {
	s.begin(sent)
	s.m.AddAddress(s.Station, s.Class)
	s.m.AddTime(first)
	s.m.AddStep(step)
	if id.block() {
		s.m.AddBlock(id, values)
	} else {
		s.m.AddSeries(id, values)
	}
	return s.write(dst, fc)
}

// Text appends a text put in by hand, function 35.
func (s *Sender) Text(dst []byte, sent Stamp, text []byte) ([]byte, error) {
	s.begin(sent)
	s.m.AddText(text)
	return s.write(dst, TextReport)
}

// Picture hands a JPEG file to send in packets of at most size bytes of body, mode M3. The bytes are good until send returns.
func (s *Sender) Picture(sent, at Stamp, jpeg []byte, size int, send func(packet []byte) error) error {
	s.begin(sent)
	s.m.AddAddress(s.Station, s.Class)
	s.m.AddTime(at)
	s.m.AddPicture(jpeg)
	f := s.head(PictureReport)
	body, err := s.m.AppendBody(s.body[:0], &f)
	if err != nil {
		return err
	}
	s.body = body
	return Split(f, body, size, func(p *Frame) error {
		if s.packet, err = p.Append(s.packet[:0]); err != nil {
			return err
		}
		return send(s.packet)
	})
}
