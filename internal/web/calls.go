package web

import (
	"context"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/registry"
)

// CalledStep is the step of the ladder that the rules in force call for at a matter.
type CalledStep struct {
	Step   string     `json:"step"`
	Name   fault.Text `json:"name"`
	Reason fault.Text `json:"reason"`
}

// stepCalls are the matters at which the ladder calls for a step that the person may propose.
type stepCalls map[int64]oversight.Call

func (s *Server) stepCalls(ctx context.Context, p *identity.Principal) (stepCalls, error) {
	all, err := s.Oversight.Calls(ctx)
	if err != nil {
		return nil, err
	}
	out := stepCalls{}
	for id, c := range all {
		if p.Can(identity.MatterRaise, c.Line, c.Keeper) {
			out[id] = c
		}
	}
	return out, nil
}

// among are the numbers of those that call for a step, "any" for whichever.
func (c stepCalls) among(step string) map[int64]bool {
	out := map[int64]bool{}
	for id, call := range c {
		if step == "any" || call.Step == step {
			out[id] = true
		}
	}
	return out
}

// lay says in the rows of a page which step each calls for.
func (c stepCalls) lay(pg MatterPage) MatterPage {
	for i := range pg.Items {
		if call, ok := c[pg.Items[i].ID]; ok {
			pg.Items[i].Calls = &CalledStep{call.Step, call.Name, call.Reason}
		}
	}
	return pg
}

// callsWork is the group of a person's work for which the ladder calls for a step; nil where it calls for none that is theirs to propose.
func (s *Server) callsWork(ctx context.Context, p *identity.Principal, tree *registry.Tree, limit int) (*WorkGroup, error) {
	calls, err := s.stepCalls(ctx, p)
	if err != nil || len(calls) == 0 {
		return nil, err
	}
	pg, err := s.Matter.List(ctx, p, matter.Query{Live: true, Among: calls.among("any"), Limit: limit})
	if err != nil || pg.Total == 0 {
		return nil, err
	}
	return &WorkGroup{Why: "step", MatterPage: calls.lay(s.matterPage(tree, pg))}, nil
}
