package web

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"anlan/internal/identity"
	"anlan/internal/identity/audit"
)

// ObjectEdit is one change of an object's record: who, when, and which parts; what they were is in the audit log.
type ObjectEdit struct {
	Seq     int64     `json:"seq"`
	At      time.Time `json:"at"`
	By      string    `json:"by" doc:"Empty for the program itself"`
	Action  string    `json:"action" enum:"create,change,retire,restore"`
	Changed []string  `json:"changed" doc:"Names of the parts that were sent"`
}

// ObjectHistory is a page of an object's changes, the newest first.
type ObjectHistory struct {
	Items []ObjectEdit `json:"items"`
	Next  int64        `json:"next,omitempty" doc:"To be sent as before for the page after"`
}

func (s *Server) objectHistory(ctx context.Context, p *identity.Principal, in *struct {
	ID     int64 `path:"id" minimum:"1"`
	Before int64 `query:"before" minimum:"0"`
	Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
},
) (*ObjectHistory, error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	out := &ObjectHistory{Items: []ObjectEdit{}}
	list, err := s.Registry.ObjectEdits(ctx, in.ID, in.Before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	for i, e := range list {
		if i == in.Limit {
			out.Next = list[i-1].Seq
			break
		}
		edit, err := objectEdit(e)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, edit)
	}
	return out, nil
}

func objectEdit(e audit.Entry) (ObjectEdit, error) {
	out := ObjectEdit{Seq: e.Seq, At: e.At, By: e.Actor.Name, Action: "create", Changed: []string{}}
	if e.Action != "object.change" {
		return out, nil
	}
	out.Action = "change"
	var parts map[string]json.RawMessage
	if raw, ok := e.Detail.(json.RawMessage); ok {
		if err := json.Unmarshal(raw, &parts); err != nil {
			return out, err
		}
	}
	switch string(parts["retired"]) {
	case "true":
		out.Action = "retire"
	case "false":
		out.Action = "restore"
	}
	for name, value := range parts {
		if name != "edit" && name != "retired" && string(value) != "null" {
			out.Changed = append(out.Changed, name)
		}
	}
	slices.Sort(out.Changed)
	return out, nil
}
