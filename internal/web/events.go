package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
)

// Event tells open screens that something changed; it carries no figures, so that a screen asks again within its own scope.
type Event struct {
	Kind     string `json:"kind" enum:"return,target,pack,registry,matter,inspection,ledger,project,gauge,bulletin,store"`
	Line     string `json:"line,omitempty"`
	Division int64  `json:"-"`
	Code     string `json:"division,omitempty"`
	Period   string `json:"period,omitempty"`
	// Thing is the number of what changed, where it is one thing.
	Thing string `json:"thing,omitempty"`
	// need is the permission in Division without which nobody hears of it; reading figures where empty.
	need identity.Permission
	// Health is how the store is, on events of kind "store".
	Health *StoreState `json:"health,omitempty"`
}

// name is what a screen listens for.
func (e Event) name() string {
	if e.Kind == "store" {
		return "store.health"
	}
	return e.Kind + ".changed"
}

func (e Event) writeTo(w io.Writer) error {
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "event: %s\ndata: %s\n\n", e.name(), body)
	return err
}

// hub hands events to the screens that are open. A screen that does not read in time loses its connection and asks anew.
type hub struct {
	mu        sync.Mutex // guards listeners
	listeners map[chan Event]*identity.Principal
}

const waitingEvents = 64

func newHub() *hub { return &hub{listeners: map[chan Event]*identity.Principal{}} }

// publish never blocks: a full listener is closed.
func (h *hub) publish(e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for ch, p := range h.listeners {
		if e.Division != 0 && !p.Can(cmp.Or(e.need, identity.FigureRead), e.Line, e.Division) {
			continue
		}
		select {
		case ch <- e:
		default:
			close(ch)
			delete(h.listeners, ch)
		}
	}
}

func (h *hub) listen(p *identity.Principal) chan Event {
	ch := make(chan Event, waitingEvents)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.listeners[ch] = p
	return ch
}

func (h *hub) leave(ch chan Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.listeners, ch)
}

// serveEvents streams events until the screen leaves; a comment every 20 s keeps the connection known to proxies.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	p, err := s.authenticate(r)
	if err != nil {
		writeProblem(w, problemOf(s.Store.Explain(err)))
		return
	}
	stream := http.NewResponseController(w)
	if err := stream.SetWriteDeadline(time.Time{}); err != nil {
		writeProblem(w, problemOf(fault.New(fault.Unavailable, "events.unsupported", fault.T("此连接不支持推送", "this connection cannot stream")).Because(err)))
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "retry: 3000\n\n")
	ch := s.events.listen(p)
	defer s.events.leave(ch)
	if h := s.Store.Health(); !h.OK {
		storeEvent(s.Store.Engine(), h).writeTo(w) //nolint:errcheck // told by the next write
	}
	stream.Flush() //nolint:errcheck // told by the next write
	beat := time.NewTicker(20 * time.Second)
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-beat.C:
			_, err = fmt.Fprint(w, ": \n\n")
		case e, ok := <-ch:
			if !ok {
				return
			}
			err = e.writeTo(w)
		}
		if err != nil || stream.Flush() != nil {
			return
		}
	}
}
