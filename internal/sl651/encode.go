package sl651

import "fmt"

// AppendBody writes the message as the body of a frame: its coding, direction and function say how. What Decode has read it writes back byte
// for byte, as long as nothing was changed. The error says which group cannot be written.
func (m *Message) AppendBody(dst []byte, f *Frame) ([]byte, error) {
	from := len(dst)
	if m.overfull {
		return dst, &Error{Reason: TooMany, Body: true, Want: MaxGroups}
	}
	if !m.Headless {
		if f.Coding == ASCII {
			dst = m.appendPrefix(dst)
		} else {
			dst = m.Sent.appendBCD(append(dst, byte(m.Serial>>8), byte(m.Serial)), 6)
		}
	}
	for i := 0; i < len(m.Groups); i++ {
		g, ok := &m.Groups[i], true
		switch {
		case f.Coding == ASCII && g.verbatim:
			dst = append(dst, g.text...)
		case f.Coding == ASCII && g.Series:
			var n int
			dst, n, ok = m.appendRun(dst, i)
			i += n - 1
		case f.Coding == ASCII:
			dst, ok = g.appendText(dst, f)
		default:
			dst, ok = g.append(dst, f)
		}
		if !ok {
			return dst[:from], fmt.Errorf("group %d (%s): the data does not fit its definition %02X", i+1, g.ID, g.Def)
		}
	}
	return dst, nil
}

// append writes the group in HEX/BCD, 6.6.3, and says whether it can be written.
func (g *Group) append(dst []byte, f *Frame) ([]byte, bool) {
	switch g.Kind {
	case RestGroup, SwitchGroup, GateGroup, QuotaGroup, CounterGroup:
		return append(dst, g.Raw...), true
	case VersionGroup:
		return append(append(dst, byte(len(g.Raw))), g.Raw...), len(g.Raw) < 256
	case RangeGroup:
		return g.To.appendBCD(g.Time.appendBCD(dst, 4), 4), true
	}
	if g.ID.extended() {
		dst = append(dst, byte(g.ID>>8))
	}
	dst = append(dst, byte(g.ID), g.Def)
	switch g.Kind {
	case AddressGroup:
		dst = append(dst, g.Station[:]...)
		if g.HasClass {
			dst = append(dst, byte(g.Class))
		}
	case TimeGroup:
		dst = g.Time.appendBCD(dst, 5)
	case StepGroup:
		for _, v := range [3]uint8{g.Step.Days, g.Step.Hours, g.Step.Minutes} {
			dst = append(dst, v/10%10<<4|v%10)
		}
	case ReadingGroup:
		return g.appendValues(dst, f)
	case DataGroup:
		n := int(g.Def >> 3)
		if f.Function.Parameters() && g.ID == paramRelay {
			n = int(g.Def)
		}
		return append(dst, g.Raw...), len(g.Raw) == n
	case TextGroup, PictureGroup, BulkGroup:
		dst = append(dst, g.Raw...)
	}
	return dst, true
}

// appendValues writes the values of a reading in as many bytes as its definition says.
func (g *Group) appendValues(dst []byte, f *Frame) ([]byte, bool) {
	n, all := int(g.Def>>3), len(g.Values) > 0 || g.Series
	for _, v := range g.Values {
		ok := false
		switch {
		case g.ID.block():
			size := blockSize(g.ID) / 12
			dst, ok = appendHexValue(dst, v, size, true)
			ok = ok && (v.State != Present || int(v.Decimals) == size) // tenths of a millimetre, centimetres
		case g.ID == idStatus && !f.Function.Parameters():
			dst, ok = appendHexValue(dst, v, n, false)
			ok = ok && n < 8
		default:
			dst, ok = appendBCDValue(dst, v, n)
			ok = ok && (v.State != Present || v.Decimals == g.Def&7)
		}
		all = all && ok
	}
	return dst, all && (!g.ID.block() || len(g.Values)%12 == 0)
}
