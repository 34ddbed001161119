package session

import (
	"time"

	"anlan/internal/sl651"
)

// Reply is what a station is told. It is written when it leaves, since many stations set their clock by its time.
type Reply struct {
	head   sl651.Frame
	serial uint16
	due    bool
}

// Due says whether there is a reply.
func (r *Reply) Due() bool { return r.due }

// Append writes the reply as it leaves at an instant.
func (r *Reply) Append(dst []byte, now time.Time) ([]byte, error) {
	var m sl651.Message
	m.Reset(r.serial, sl651.StampOf(now))
	return sl651.Encode(dst, &r.head, &m)
}

// confirmation confirms an uplink, table 21, or the whole of several packets, table 23.
func confirmation(head *sl651.Frame, serial uint16, st *Station) Reply {
	// A station of M1 is not answered, but where it was asked itself: M4 closes with a frame of the centre.
	if asked := head.Function >= sl651.QueryNow; st.Mode == M1 && !head.Several() && !asked {
		return Reply{}
	}
	return Reply{head: sl651.Confirm(head, st.end(head)), serial: serial, due: true}
}

// again asks for one packet, table 23.
func again(head *sl651.Frame, serial, sequence uint16) Reply {
	return Reply{head: sl651.Again(head, sequence), serial: serial, due: true}
}
