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

// stepCalls are the matters at which the ladder calls for a step that a person may propose.
type stepCalls struct {
	all   map[int64]oversight.Call
	p     *identity.Principal
	asked map[callPlace]bool // whether the person may propose a step there
}

type callPlace struct {
	line   string
	keeper int64
}

func (s *Server) stepCalls(ctx context.Context, p *identity.Principal) (*stepCalls, error) {
	if !p.CanSomewhere(identity.MatterRaise) {
		return &stepCalls{}, nil
	}
	all, err := s.Oversight.Calls(ctx)
	return &stepCalls{all, p, map[callPlace]bool{}}, err
}

// of is the call at a matter.
func (c *stepCalls) of(id int64) (oversight.Call, bool) {
	call, ok := c.all[id]
	if !ok {
		return call, false
	}
	at := callPlace{call.Line, call.Keeper}
	may, known := c.asked[at]
	if !known {
		may = c.p.Can(identity.MatterRaise, call.Line, call.Keeper)
		c.asked[at] = may
	}
	return call, may
}

// among tells the numbers of those that call for a step, "any" for whichever.
func (c *stepCalls) among(step string) func(id int64) bool {
	return func(id int64) bool {
		call, ok := c.of(id)
		return ok && (step == "any" || call.Step == step)
	}
}

// lay says in the rows of a page which step each calls for.
func (c *stepCalls) lay(pg MatterPage) MatterPage {
	for i := range pg.Items {
		if call, ok := c.of(pg.Items[i].ID); ok {
			pg.Items[i].Calls = &CalledStep{call.Step, call.Name, call.Reason}
		}
	}
	return pg
}

// callsWork is the group of a person's work for which the ladder calls for a step; nil where it calls for none that is theirs to propose.
func (s *Server) callsWork(ctx context.Context, p *identity.Principal, tree *registry.Tree, limit int) (*WorkGroup, error) {
	calls, err := s.stepCalls(ctx, p)
	if err != nil || len(calls.all) == 0 {
		return nil, err
	}
	pg, err := s.Matter.List(ctx, p, matter.Query{Live: true, Among: calls.among("any"), Limit: limit})
	if err != nil || pg.Total == 0 {
		return nil, err
	}
	return &WorkGroup{Why: "step", MatterPage: calls.lay(s.matterPage(tree, pg))}, nil
}
