package sl651

// Ask is the head of a query or command of a centre, mode M4: STX before the body, ENQ behind it. Its message has the running number 0
// (6.6.2.4).
func Ask(c Coding, centre byte, station Address, password [2]byte, fc Function) Frame {
	return Frame{Coding: c, Direction: Down, Centre: centre, Station: station, Password: password, Function: fc, Start: STX, End: ENQ}
}

// Report is the head of an uplink of a station, modes M1 and M2, or of the answer to a query: STX before the body, ETX behind it.
func Report(c Coding, centre byte, station Address, password [2]byte, fc Function) Frame {
	return Frame{Coding: c, Direction: Up, Centre: centre, Station: station, Password: password, Function: fc, Start: STX, End: ETX}
}

// Confirm is the head of a centre's confirmation of an uplink (确认帧): the same function back, with EOT where the station may leave, ESC where
// it is to stay, ACK where more is to come. Its message is the uplink's running number and the centre's time, which many stations set their
// clock by, and nothing else. For one of several packets, or what an Assembly's Head says of them, it confirms them all: total and number are
// both the number of packets (table 23).
func Confirm(up *Frame, end byte) Frame {
	f := reply(up, end)
	f.Sequence = f.Total
	return f
}

// Again is the head of a centre's demand for one of several packets (否认帧), table 23: the number of packets, the number of the packet, NAK.
func Again(up *Frame, sequence uint16) Frame {
	f := reply(up, NAK)
	f.Start, f.Sequence = SYN, sequence
	return f
}

func reply(up *Frame, end byte) Frame {
	return Frame{
		Coding: up.Coding, Direction: Down, Centre: up.Centre, Station: up.Station, Password: up.Password, Function: up.Function,
		Start: up.Start, Total: up.Total, End: end,
	}
}
