package web

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/bulletin"
	"anlan/internal/bulletin/compose"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/bulletin/template"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme"
	"anlan/internal/quantity"
)

// BulletinKindRow is a kind of bulletin that can be made.
type BulletinKindRow struct {
	ID      string           `json:"id"`
	Version int              `json:"version"`
	Title   fault.Text       `json:"title"`
	Basis   fault.Text       `json:"basis"`
	Line    string           `json:"line,omitempty"`
	Cadence template.Cadence `json:"cadence" enum:"month,day"`
	Levels  []string         `json:"levels" doc:"Of the divisions that it may be about"`
	May     bool             `json:"may" doc:"The person who asks may draft one somewhere"`
}

// BulletinRow is a bulletin as lists show it.
type BulletinRow struct {
	ID          int64                 `json:"id"`
	Edit        int64                 `json:"edit"`
	Kind        string                `json:"kind"`
	KindName    fault.Text            `json:"kind_name"`
	Line        string                `json:"line,omitempty"`
	Title       string                `json:"title"`
	Scope       programme.DivisionRef `json:"scope" doc:"Whom it is about"`
	Keeper      programme.DivisionRef `json:"keeper" doc:"Whose office makes it"`
	Office      fault.Text            `json:"office"`
	Period      string                `json:"period"`
	State       bulletin.State        `json:"state" enum:"draft,submitted,approved,issued,withdrawn"`
	Number      string                `json:"number,omitempty"`
	IssuedOn    *hydrotime.Date       `json:"issued_on"`
	Drafter     string                `json:"drafter"`
	DraftedAt   time.Time             `json:"drafted_at"`
	SubmittedAt *time.Time            `json:"submitted_at"`
	Approver    string                `json:"approver,omitempty"`
	ApprovedAt  *time.Time            `json:"approved_at"`
	Issuer      string                `json:"issuer,omitempty"`
	IssuedAt    *time.Time            `json:"issued_at"`
	ChangedAt   time.Time             `json:"changed_at"`
	Corrects    int64                 `json:"corrects,omitempty" doc:"The bulletin that it puts right"`
	Recipients  int                   `json:"recipients"`
	Read        int                   `json:"read" doc:"Recipients that have signed for it"`
	Addressed   bool                  `json:"addressed" doc:"To the division of the person who asks"`
	Signed      bool                  `json:"signed" doc:"That division has signed for it"`
}

// BulletinList is one page of bulletins.
type BulletinList struct {
	Items []BulletinRow `json:"items"`
	Next  string        `json:"next,omitempty"`
	Total int           `json:"total"`
}

// BulletinFigureRow is one frozen figure.
type BulletinFigureRow struct {
	Key        string           `json:"key" doc:"As runs of the text name it"`
	Measure    string           `json:"measure,omitempty" doc:"Target or indicator; empty for a figure of a list"`
	Indicator  string           `json:"indicator,omitempty"`
	Name       fault.Text       `json:"name"`
	Aim        fault.Text       `json:"aim"`
	Division   BulletinPlace    `json:"division"`
	Aspect     string           `json:"aspect"`
	AspectName fault.Text       `json:"aspect_name"`
	Value      quantity.Null    `json:"value"`
	Unit       string           `json:"unit"`
	UnitName   fault.Text       `json:"unit_name"`
	Decimals   int              `json:"decimals" doc:"-1: as it is"`
	Shown      string           `json:"shown" doc:"As the text has it"`
	State      string           `json:"state" enum:",figure,unreported,blank,not_due,na"`
	Grade      string           `json:"grade,omitempty"`
	Reported   int              `json:"reported,omitempty"`
	Expected   int              `json:"expected,omitempty"`
	Pending    int              `json:"pending,omitempty" doc:"Of those reported, how many were not accepted yet"`
	Source     fault.Text       `json:"source" doc:"Where it comes from"`
	Origin     *snapshot.Origin `json:"origin" doc:"The return that it stands in; null for sums and what is computed"`
	Record     *snapshot.Record `json:"record,omitempty" doc:"Of a figure of a list: what the row was read from, and which state of it"`
}

// BulletinPlace is a division by the names that it had.
type BulletinPlace struct {
	Code string     `json:"code"`
	Name fault.Text `json:"name"`
}

// BulletinPiece is a block of the text as it stands.
type BulletinPiece struct {
	ID       string            `json:"id"`
	Kind     compose.BlockKind `json:"kind" enum:"heading,paragraph,table,chart,annex"`
	Level    int               `json:"level,omitempty"`
	Wide     bool              `json:"wide,omitempty"`
	Runs     []compose.Run     `json:"runs" doc:"What it says now; the runs that are figures name them"`
	Composed string            `json:"composed" doc:"What it said before anybody changed it; empty where a person added it"`
	Changed  bool              `json:"changed"`
	Removed  bool              `json:"removed" doc:"Struck out: not printed"`
	Added    bool              `json:"added"`
	By       string            `json:"by,omitempty"`
	At       *time.Time        `json:"at"`
	Flags    []compose.Flag    `json:"flags"`
	Table    *compose.Table    `json:"table"`
	Chart    *compose.Chart    `json:"chart"`
}

// BulletinRecipientRow is who gets a bulletin.
type BulletinRecipientRow struct {
	Division     programme.DivisionRef `json:"division"`
	Organisation string                `json:"organisation,omitempty"`
	Name         fault.Text            `json:"name"`
	ReadAt       *time.Time            `json:"read_at"`
	ReadBy       string                `json:"read_by,omitempty"`
}

// BulletinStep is a step in the history of a bulletin; only who makes bulletins sees them.
type BulletinStep struct {
	At     time.Time      `json:"at"`
	By     string         `json:"by"`
	Move   bulletin.Move  `json:"move" enum:"make,edit,freeze,submit,send_back,approve,issue,withdraw"`
	From   bulletin.State `json:"from" enum:",draft,submitted,approved,issued,withdrawn"`
	To     bulletin.State `json:"to" enum:"draft,submitted,approved,issued,withdrawn"`
	Reason string         `json:"reason,omitempty"`
}

// BulletinFrozen tells of the snapshot.
type BulletinFrozen struct {
	Hash            string    `json:"hash" doc:"SHA-256 of its bytes"`
	AsOf            time.Time `json:"as_of" doc:"The instant whose knowledge it holds"`
	TemplateVersion int       `json:"template_version"`
	Measures        int       `json:"measures"`
	Cells           int       `json:"cells"`
}

// BulletinPaper is a bulletin with its text, the figures in it and what the person may do.
type BulletinPaper struct {
	BulletinRow
	Mark        string                 `json:"mark,omitempty"`
	FullTitle   string                 `json:"full_title" doc:"With its line breaks"`
	Subtitle    string                 `json:"subtitle,omitempty"`
	To          string                 `json:"to,omitempty"`
	CopyTo      string                 `json:"copy_to,omitempty"`
	Blocks      []BulletinPiece        `json:"blocks"`
	Figures     []BulletinFigureRow    `json:"figures" doc:"Those that the text names"`
	Flags       []compose.Flag         `json:"flags" doc:"Of all blocks, in the order of the text"`
	Moves       []bulletin.Move        `json:"moves" doc:"What the person who asks may do"`
	Addressees  []BulletinRecipientRow `json:"addressees"`
	Suggested   []BulletinRecipientRow `json:"suggested" doc:"Whom it may be issued to; before it is issued"`
	Steps       []BulletinStep         `json:"steps"`
	Snapshot    BulletinFrozen         `json:"snapshot"`
	Forms       []bulletin.Form        `json:"forms" enum:"docx,pdf,xlsx,xlsx.en"`
	Original    *BulletinRow           `json:"original" doc:"The bulletin that it puts right"`
	CorrectedBy []BulletinRow          `json:"corrected_by"`
	Previous    *BulletinRow           `json:"previous" doc:"The one of the period before, to compare with"`
}

// BulletinCorrection is one figure that stands otherwise by now.
type BulletinCorrection struct {
	Key        string           `json:"key"`
	Name       fault.Text       `json:"name"`
	Division   BulletinPlace    `json:"division"`
	Aspect     string           `json:"aspect"`
	AspectName fault.Text       `json:"aspect_name"`
	Unit       string           `json:"unit"`
	UnitName   fault.Text       `json:"unit_name"`
	Decimals   int              `json:"decimals"`
	Then       quantity.Null    `json:"then"`
	Now        quantity.Null    `json:"now"`
	ThenState  string           `json:"then_state" enum:"figure,unreported,blank,not_due,na"`
	NowState   string           `json:"now_state" enum:"figure,unreported,blank,not_due,na"`
	Versions   [2]int64         `json:"versions" doc:"State of the record that it was read from, then and now; 0 where none is told"`
	Filed      bool             `json:"filed" doc:"It was filed otherwise; else it follows from those that were"`
	Used       bool             `json:"used" doc:"The text or a table names it"`
	Origin     *snapshot.Origin `json:"origin"`
}

// BulletinPair is one figure of two bulletins.
type BulletinPair struct {
	Key        string              `json:"key"`
	Name       fault.Text          `json:"name"`
	Division   BulletinPlace       `json:"division"`
	Aspect     string              `json:"aspect"`
	AspectName fault.Text          `json:"aspect_name"`
	Unit       string              `json:"unit"`
	UnitName   fault.Text          `json:"unit_name"`
	Decimals   int                 `json:"decimals"`
	Before     quantity.Null       `json:"before"`
	After      quantity.Null       `json:"after"`
	Difference snapshot.Difference `json:"difference" enum:"same,changed,new,gone"`
}

// BulletinPairs is two bulletins side by side.
type BulletinPairs struct {
	Before BulletinRow    `json:"before"`
	After  BulletinRow    `json:"after"`
	Counts map[string]int `json:"counts" doc:"By difference, before the filter"`
	Items  []BulletinPair `json:"items"`
}

// BulletinFilter is which bulletins.
type BulletinFilter struct {
	Kind     string         `query:"kind" maxLength:"60"`
	State    bulletin.State `query:"state" enum:"draft,submitted,approved,issued,withdrawn"`
	Scope    string         `query:"scope" maxLength:"20" doc:"Code of the division that they are about"`
	From     string         `query:"from" maxLength:"10" doc:"Period such as 2026-01"`
	To       string         `query:"to" maxLength:"10"`
	Year     int            `query:"year" minimum:"2000" maximum:"2100"`
	Q        string         `query:"q" maxLength:"100" doc:"Part of the title or the number"`
	Unread   bool           `query:"unread" doc:"Addressed to the own division, and not signed for"`
	Corrects int64          `query:"corrects" minimum:"1"`
	Sort     string         `query:"sort" maxLength:"20" doc:"period, issued, changed or title, with - before it for descending"`
}

// EditBody carries the edit number that a step rests on.
type EditBody struct {
	Edit int64 `json:"edit" minimum:"1"`
}

// ReasonBody is EditBody with a reason.
type ReasonBody struct {
	Edit   int64  `json:"edit" minimum:"1"`
	Reason string `json:"reason" minLength:"1" maxLength:"2000"`
}

func (s *Server) addBulletinRoutes() {
	route := func(method, path, id, summary string, perm identity.Permission) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "bulletins", Permission: perm}
	}
	add(s, route("GET", "/api/bulletins", "listBulletins", "Bulletins in scope: issued ones, and those that one's office is writing", identity.BulletinRead), s.listBulletins)
	addFile(s, route("GET", "/api/bulletins/list.xlsx", "exportBulletins", "The bulletins that a list finds, as a workbook", identity.Export), s.exportBulletins)
	add(s, route("GET", "/api/bulletins/kinds", "listBulletinKinds", "The kinds of bulletins", identity.BulletinRead), s.listBulletinKinds)
	add(s, route("POST", "/api/bulletins", "draftBulletin", "Freeze figures and write a draft", identity.BulletinWrite), func(ctx context.Context, p *identity.Principal, in *struct{ Body bulletin.NewBulletin }) (*Made64, error) {
		id, err := s.Bulletin.Draft(ctx, p, in.Body)
		return &Made64{id}, err
	})
	add(s, route("GET", "/api/bulletins/{id}", "getBulletin", "A bulletin with its text and the figures in it", identity.BulletinRead), s.getBulletin)
	add(s, route("GET", "/api/bulletins/{id}/figures", "listBulletinFigures", "Every frozen figure of a bulletin", identity.BulletinRead), s.listBulletinFigures)
	add(s, route("GET", "/api/bulletins/{id}/corrections", "listBulletinCorrections", "Figures that stand otherwise by now; the bulletin stays as it was issued", identity.BulletinRead), s.listBulletinCorrections)
	add(s, route("POST", "/api/bulletins/{id}/corrections", "draftBulletinCorrection", "Write the draft of a bulletin that puts an issued one right", identity.BulletinWrite), func(ctx context.Context, p *identity.Principal, in *NumberPath) (*Made64, error) {
		id, err := s.Bulletin.DraftCorrection(ctx, p, in.ID)
		return &Made64{id}, err
	})
	add(s, route("GET", "/api/bulletins/{id}/compare", "compareBulletins", "The figures of two bulletins side by side", identity.BulletinRead), s.compareBulletins)
	s.addBulletinSteps(route)
	s.addBulletinFiles(route)
}

func (s *Server) addBulletinSteps(route func(method, path, id, summary string, perm identity.Permission) Route) {
	add(s, route("PATCH", "/api/bulletins/{id}", "editBulletin", "Change the title or paragraphs of a draft, all or none", identity.BulletinWrite), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body struct {
			Edit    int64          `json:"edit" minimum:"1"`
			Title   *string        `json:"title,omitempty" maxLength:"400"`
			Changes []compose.Edit `json:"changes" maxItems:"200"`
		}
	},
	) (*BulletinPaper, error) {
		return s.bulletinAfter(ctx, p, in.ID, s.Bulletin.Edit(ctx, p, in.ID, in.Body.Edit, in.Body.Title, in.Body.Changes))
	})
	add(s, route("POST", "/api/bulletins/{id}/freeze", "freezeBulletin", "Freeze the figures of a draft anew; what people wrote stays, and is flagged where a number changed", identity.BulletinWrite), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body EditBody
	},
	) (*BulletinPaper, error) {
		return s.bulletinAfter(ctx, p, in.ID, s.Bulletin.FreezeAnew(ctx, p, in.ID, in.Body.Edit))
	})
	add(s, route("POST", "/api/bulletins/{id}/submit", "submitBulletin", "Hand a draft over for approval", identity.BulletinWrite), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body EditBody
	},
	) (*BulletinPaper, error) {
		return s.bulletinAfter(ctx, p, in.ID, s.Bulletin.Submit(ctx, p, in.ID, in.Body.Edit))
	})
	add(s, route("POST", "/api/bulletins/{id}/approve", "approveBulletin", "Approve what another person drafted", identity.BulletinIssue), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body struct {
			Edit      int64 `json:"edit" minimum:"1"`
			Confirmed bool  `json:"confirmed,omitempty" doc:"Numbers that the snapshot does not bear out were looked at"`
		}
	},
	) (*BulletinPaper, error) {
		return s.bulletinAfter(ctx, p, in.ID, s.Bulletin.Approve(ctx, p, in.ID, in.Body.Edit, in.Body.Confirmed))
	})
	add(s, route("POST", "/api/bulletins/{id}/send-back", "sendBackBulletin", "Return a bulletin to its drafter, or take it back, with a reason", identity.BulletinWrite), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body ReasonBody
	},
	) (*BulletinPaper, error) {
		return s.bulletinAfter(ctx, p, in.ID, s.Bulletin.SendBack(ctx, p, in.ID, in.Body.Edit, in.Body.Reason))
	})
	add(s, route("POST", "/api/bulletins/{id}/withdraw", "withdrawBulletin", "Give a bulletin up before it is issued, with a reason", identity.BulletinWrite), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body ReasonBody
	},
	) (*BulletinPaper, error) {
		return s.bulletinAfter(ctx, p, in.ID, s.Bulletin.Withdraw(ctx, p, in.ID, in.Body.Edit, in.Body.Reason))
	})
	add(s, route("POST", "/api/bulletins/{id}/issue", "issueBulletin", "Give an approved bulletin its number and date and send it to its recipients", identity.BulletinIssue), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body bulletin.Issuing
	},
	) (*BulletinPaper, error) {
		return s.bulletinAfter(ctx, p, in.ID, s.Bulletin.Issue(ctx, p, in.ID, in.Body))
	})
	add(s, route("POST", "/api/bulletins/{id}/receipt", "signForBulletin", "Sign for an issued bulletin that is addressed to one's own division", identity.BulletinRead), func(ctx context.Context, p *identity.Principal, in *NumberPath) (*BulletinPaper, error) {
		return s.bulletinAfter(ctx, p, in.ID, s.Bulletin.Receive(ctx, p, in.ID))
	})
}

// bulletinAfter answers a step with the bulletin as it stands then.
func (s *Server) bulletinAfter(ctx context.Context, p *identity.Principal, id int64, err error) (*BulletinPaper, error) {
	if err != nil {
		return nil, err
	}
	return s.getBulletin(ctx, p, &NumberPath{id})
}

func (in *BulletinFilter) query(ctx context.Context, s *Server) (bulletin.Query, error) {
	q := bulletin.Query{Kind: in.Kind, State: in.State, From: in.From, To: in.To, Year: in.Year, Text: in.Q, Unread: in.Unread, Corrects: in.Corrects, Sort: in.Sort}
	if in.Scope != "" {
		d, err := s.divisionOf(ctx, in.Scope)
		if err != nil {
			return q, err
		}
		q.Scope = d.ID
	}
	return q, nil
}

func (s *Server) listBulletins(ctx context.Context, p *identity.Principal, in *struct {
	BulletinFilter
	After int64 `query:"after" minimum:"1"`
	Limit int   `query:"limit" minimum:"1" maximum:"500" default:"50"`
},
) (*BulletinList, error) {
	q, err := in.query(ctx, s)
	if err != nil {
		return nil, err
	}
	q.After, q.Limit = in.After, in.Limit
	pg, err := s.Bulletin.List(ctx, p, q)
	if err != nil {
		return nil, err
	}
	rows, err := s.bulletinRows(ctx, p, pg.Items...)
	if err != nil {
		return nil, err
	}
	out := &BulletinList{Items: rows, Total: pg.Total}
	if pg.Next > 0 {
		out.Next = fmt.Sprint(pg.Next)
	}
	return out, nil
}

func (s *Server) listBulletinKinds(ctx context.Context, p *identity.Principal, _ *struct{}) (*[]BulletinKindRow, error) {
	list, err := s.Bulletin.Templates(ctx)
	if err != nil {
		return nil, err
	}
	out := []BulletinKindRow{}
	for _, t := range list {
		may := false
		for _, at := range p.Scopes(identity.BulletinWrite) {
			may = may || p.Can(identity.BulletinWrite, t.Line, at)
		}
		out = append(out, BulletinKindRow{t.ID, t.Version, t.Title, t.Basis, t.Line, t.Cadence, t.Levels, may && t.ID != bulletin.CorrectionKind})
	}
	return &out, nil
}

// bulletinRows writes bulletins as lists show them.
func (s *Server) bulletinRows(ctx context.Context, p *identity.Principal, list ...*bulletin.Bulletin) ([]BulletinRow, error) {
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	kinds, err := s.Bulletin.Templates(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]fault.Text{}
	for _, t := range kinds {
		names[t.ID] = t.Title
	}
	out := []BulletinRow{}
	for _, b := range list {
		r := BulletinRow{
			ID: b.ID, Edit: b.Edit, Kind: b.Kind, KindName: names[b.Kind], Line: b.Line, Title: b.Title, Scope: programme.RefOf(tree, b.Scope), Keeper: programme.RefOf(tree, b.Keeper),
			Office: b.Office, Period: b.Period, State: b.State, Number: b.Number, IssuedOn: b.IssuedOn, Drafter: b.Drafter, DraftedAt: b.DraftedAt, SubmittedAt: b.SubmittedAt,
			Approver: b.Approver, ApprovedAt: b.ApprovedAt, Issuer: b.Issuer, IssuedAt: b.IssuedAt, ChangedAt: b.ChangedAt, Corrects: b.Corrects,
			Recipients: len(b.Recipients), Read: b.Read,
		}
		for _, to := range b.Recipients {
			if to.Division.ID == p.Home() {
				r.Addressed, r.Signed = true, r.Signed || to.ReadAt != nil
			}
		}
		out = append(out, r)
	}
	return out, nil
}
