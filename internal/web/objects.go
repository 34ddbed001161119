package web

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/registry"
	"anlan/internal/registry/objectfile"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"

	"github.com/danielgtaylor/huma/v2"
)

func (s *Server) addObjectRoutes() {
	route := func(method, path, id, summary string, perm identity.Permission) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "objects", Permission: perm}
	}
	add(s, route("GET", "/api/objects", "listObjects", "Water objects in scope, as judged on a day", identity.ObjectRead), s.listObjects)
	add(s, route("GET", "/api/objects/words", "objectWords", "The words of the register: kinds, scales, roles and more", identity.ObjectRead), objectWords)
	add(s, route("GET", "/api/objects/tally", "tallyObjects", "How many objects there are, by division and kind and state", identity.ObjectRead), s.tallyObjects)
	add(s, route("GET", "/api/objects/map", "mapObjects", "Objects as points for a map, GeoJSON in CGCS2000", identity.ObjectRead), s.mapObjects)
	add(s, route("GET", "/api/objects/rules", "getObjectRules", "The rules that objects are judged by", identity.ObjectRead), func(ctx context.Context, _ *identity.Principal, _ *struct{}) (*objectrule.Rules, error) {
		rules, err := s.Registry.ObjectRules(ctx)
		return &rules, err
	})
	add(s, route("PUT", "/api/objects/rules", "setObjectRules", "Set the rules that objects are judged by", identity.RegistryWrite), func(ctx context.Context, p *identity.Principal, in *struct{ Body objectrule.Rules }) (*none, error) {
		return nil, s.Store.Write(ctx, func(tx *store.Tx) error { return s.Registry.SetObjectRules(ctx, tx, p.ObjectEditor(), in.Body) })
	})
	addFile(s, route("GET", "/api/objects/export", "exportObjects", "The objects that a list finds, as a file that the import takes", identity.Export), s.exportObjects)
	upload := route("POST", "/api/objects/import", "importObjects", "Hold a table or GeoJSON against the register, and with the digest of that preview take it", identity.ObjectWrite)
	upload.MaxBody = objectfile.MaxBytes + 1<<20
	add(s, upload, s.importObjects)
	add(s, route("POST", "/api/objects", "createObject", "Add an object", identity.ObjectWrite), s.createObject)
	add(s, route("GET", "/api/objects/{id}", "getObject", "One object, retired ones too", identity.ObjectRead), s.getObject)
	add(s, route("PATCH", "/api/objects/{id}", "updateObject", "Change, retire or bring back an object", identity.ObjectWrite), s.updateObject)
	add(s, route("GET", "/api/objects/{id}/history", "objectHistory", "Who changed the record of an object, the newest first", identity.ObjectRead), s.objectHistory)
	add(s, route("GET", "/api/objects/{id}/duties", "listDuties", "Who answered and answers for an object, newest first, phones masked", identity.ObjectRead), s.listDuties)
	add(s, route("POST", "/api/objects/{id}/duties", "setDuty", "Let a person answer for an object", identity.ObjectWrite), s.setDuty)
	add(s, route("POST", "/api/objects/{id}/duties/{duty}/end", "endDuty", "End a person's answering for an object", identity.ObjectWrite), s.endDuty)
	add(s, route("POST", "/api/objects/{id}/duties/{duty}/phone", "verifyDutyPhone", "The person's telephone was rung and answered", identity.ObjectWrite), s.markDuty(s.Registry.VerifyPhone))
	add(s, route("POST", "/api/objects/{id}/duties/{duty}/trained", "markDutyTrained", "The person was trained", identity.ObjectWrite), s.markDuty(s.Registry.MarkTrained))
}

// ObjectListInput is which objects, as judged when. It is exported because huma reads no embedded struct that is not.
type ObjectListInput struct {
	Q            string `query:"q" maxLength:"100" doc:"Part of a name, a code or a river"`
	Division     string `query:"division" maxLength:"20" doc:"Code of a division; what lies below it counts too"`
	Kind         string `query:"kind" maxLength:"200" doc:"One kind, or some with commas between"`
	Scale        string `query:"scale" maxLength:"40"`
	Class        int64  `query:"class" minimum:"1" maximum:"3"`
	Due          string `query:"due" enum:"overdue,due_soon,ok,unknown" doc:"State of the dam clock"`
	Disposition  string `query:"disposition" maxLength:"20"`
	Charging     string `query:"charging" maxLength:"20"`
	Organisation string `query:"organisation" maxLength:"60" doc:"The managing unit"`
	Person       string `query:"person" maxLength:"60" doc:"Who answers for it now"`
	Retired      bool   `query:"retired" doc:"Retired ones too"`
	AsOf         string `query:"as_of" maxLength:"10" doc:"Judged on this day; today where absent"`
	Sort         string `query:"sort" enum:"name,code,due,storage,changed" default:"name"`
}

// query makes the registry's query, within the person's scope for a permission.
func (in ObjectListInput) query(ctx context.Context, s *Server, p *identity.Principal) (registry.ObjectQuery, error) {
	q := registry.ObjectQuery{
		Scopes: p.Scopes(identity.ObjectRead), Text: in.Q, Scale: objectrule.Scale(in.Scale), Class: in.Class, Due: objectrule.DueState(in.Due),
		Disposition: in.Disposition, Charging: in.Charging, Organisation: in.Organisation, Person: in.Person, Retired: in.Retired, Sort: in.Sort,
	}
	for _, k := range strings.FieldsFunc(in.Kind, func(r rune) bool { return r == ',' }) {
		kind := objectrule.Kind(k)
		if !kind.Valid() {
			return q, fault.Invalidf("object.kind", "没有“%s”这类对象", "there is no kind of object %q", k).At("kind", fault.T("无效", "not valid"))
		}
		q.Kinds = append(q.Kinds, kind)
	}
	if in.Division != "" {
		d, err := s.divisionOf(ctx, in.Division)
		if err != nil {
			return q, err
		}
		q.Division = d.ID
	}
	if in.AsOf != "" {
		day, err := hydrotime.ParseDate(in.AsOf)
		if err != nil {
			return q, fault.Invalidf("object.as_of", "日期 %q 应如 2026-06-30", "date %q is not of the form 2026-06-30", in.AsOf).At("as_of", fault.T("无效", "not valid"))
		}
		q.AsOf = day
	}
	return q, nil
}

func (s *Server) listObjects(ctx context.Context, p *identity.Principal, in *struct {
	ObjectListInput
	Cursor string `query:"cursor" maxLength:"400"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
},
) (*registry.Page[registry.WaterObject], error) {
	q, err := in.query(ctx, s, p)
	if err != nil {
		return nil, err
	}
	q.After, q.Limit = in.Cursor, in.Limit
	page, err := s.Registry.Objects(ctx, q)
	return &page, err
}

// ObjectWords are the lists of words by which screens offer and show what the register keeps as codes.
type ObjectWords struct {
	Kinds        []objectrule.Named            `json:"kinds"`
	Scales       map[string][]objectrule.Named `json:"scales" doc:"By kind; kinds without scales are left out"`
	Roles        []objectrule.Named            `json:"roles"`
	Dispositions []objectrule.Named            `json:"dispositions"`
	Charges      []objectrule.Named            `json:"charges"`
	Systems      []string                      `json:"systems" doc:"Reference systems of coordinates"`
}

func objectWords(context.Context, *identity.Principal, *struct{}) (*ObjectWords, error) {
	out := &ObjectWords{
		Kinds: objectrule.Kinds(), Scales: map[string][]objectrule.Named{}, Roles: objectrule.RoleNames(),
		Dispositions: objectrule.Dispositions(), Charges: objectrule.Charges(),
	}
	for _, k := range out.Kinds {
		if list := objectrule.Scales(objectrule.Kind(k.Code)); len(list) > 0 {
			out.Scales[k.Code] = list
		}
	}
	for _, system := range geodesy.Systems() {
		out.Systems = append(out.Systems, system.String())
	}
	return out, nil
}

// ObjectTally is how many objects of a division are alike.
type ObjectTally struct {
	Division    string              `json:"division"`
	Kind        objectrule.Kind     `json:"kind"`
	Scale       objectrule.Scale    `json:"scale,omitempty"`
	Class       int64               `json:"class,omitempty"`
	Due         objectrule.DueState `json:"due,omitempty" enum:"overdue,due_soon,ok,unknown"`
	Disposition string              `json:"disposition,omitempty"`
	Charging    string              `json:"charging,omitempty"`
	N           int64               `json:"n"`
}

func (s *Server) tallyObjects(ctx context.Context, p *identity.Principal, in *ObjectListInput) (*Items[ObjectTally], error) {
	q, err := in.query(ctx, s, p)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.Registry.TallyObjects(ctx, q)
	out := &Items[ObjectTally]{Items: []ObjectTally{}}
	for _, t := range list {
		d, _ := tree.ByID(t.DivisionID)
		out.Items = append(out.Items, ObjectTally{d.Code, t.Kind, t.Scale, t.Class, t.Due, t.Disposition, t.Charging, t.N})
	}
	return out, err
}

// ObjectPoints is a GeoJSON collection of objects whose place is known.
type ObjectPoints struct {
	Type     string        `json:"type"`
	Features []ObjectPoint `json:"features"`
	Complete bool          `json:"complete" doc:"False where more were found than a map takes; narrow the filters"`
}

// ObjectPoint is one object on a map.
type ObjectPoint struct {
	Type       string           `json:"type"`
	ID         int64            `json:"id"`
	Properties ObjectPointFacts `json:"properties"`
	Geometry   PointGeometry    `json:"geometry"`
}

// PointGeometry is a GeoJSON point.
type PointGeometry struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates" doc:"Longitude and latitude"`
}

// ObjectPointFacts is what a map shows of an object.
type ObjectPointFacts struct {
	Name     fault.Text          `json:"name"`
	Kind     objectrule.Kind     `json:"kind"`
	Scale    objectrule.Scale    `json:"scale,omitempty"`
	Division string              `json:"division"`
	Due      objectrule.DueState `json:"due,omitempty" enum:"overdue,due_soon,ok,unknown"`
	DueOn    *hydrotime.Date     `json:"due_on,omitempty"`
}

// mapMost is how many objects one map takes.
const mapMost = 5000

func (s *Server) mapObjects(ctx context.Context, p *identity.Principal, in *ObjectListInput) (*ObjectPoints, error) {
	q, err := in.query(ctx, s, p)
	if err != nil {
		return nil, err
	}
	q.Placed, q.Sort = true, "due" // what presses most is not what is left out
	out := &ObjectPoints{Type: "FeatureCollection", Features: []ObjectPoint{}}
	out.Complete, err = s.Registry.EachObject(ctx, q, mapMost, func(o registry.WaterObject) error {
		facts := ObjectPointFacts{Name: o.Name, Kind: o.Kind, Scale: o.Scale, Division: o.Division}
		if o.Clock != nil {
			facts.Due, facts.DueOn = o.Clock.Due(), o.Clock.DueOn()
		}
		out.Features = append(out.Features, ObjectPoint{"Feature", o.ID, facts, PointGeometry{"Point", [2]float64{o.Place.Lon, o.Place.Lat}}})
		return nil
	})
	return out, err
}

// exportMost is how many objects one file takes.
const exportMost = 50_000

func (s *Server) exportObjects(ctx context.Context, p *identity.Principal, in *struct {
	ObjectListInput
	Format string `query:"format" enum:"xlsx,csv,geojson" default:"xlsx"`
	System string `query:"system" maxLength:"20" default:"CGCS2000" doc:"Reference system of a GeoJSON"`
	Lang   string `query:"lang" enum:"zh,en" default:"zh"`
},
) (*File, error) {
	q, err := in.query(ctx, s, p)
	if err != nil {
		return nil, err
	}
	system, err := geodesy.ParseSystem(in.System)
	if err != nil {
		return nil, err
	}
	var list []registry.WaterObject
	all, err := s.Registry.EachObject(ctx, q, exportMost, func(o registry.WaterObject) error {
		list = append(list, o)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !all {
		return nil, fault.New(fault.TooLarge, "objects.export", fault.Tf("超过 %d 个对象，请缩小筛选范围", "more than %d objects: narrow the filters", exportMost))
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	day := q.AsOf
	if day == (hydrotime.Date{}) {
		day = hydrotime.DateOf(s.Now())
	}
	sheet := objectfile.Sheet{
		Title: fault.T("水利对象登记册", "Register of water objects"), Tree: tree, En: in.Lang == "en",
		Notes: []fault.Text{fault.T(fmt.Sprintf("截至 %s，共 %d 个；坐标系 CGCS2000", day, len(list)), fmt.Sprintf("as of %s, %d objects; coordinates in CGCS2000", day, len(list)))},
	}
	return objectFile(sheet, list, in.Format, system, day)
}

func objectFile(sheet objectfile.Sheet, list []registry.WaterObject, format string, system geodesy.System, day hydrotime.Date) (*File, error) {
	name := sheet.Title.Zh
	if sheet.En {
		name = sheet.Title.En
	}
	f := &File{Name: fmt.Sprintf("%s %s.%s", name, day, format)}
	var err error
	switch format {
	case "csv":
		f.Type = "text/csv; charset=utf-8"
		f.Content, err = objectfile.WriteCSV(sheet, list)
	case "geojson":
		f.Type = "application/geo+json"
		f.Content, _, err = objectfile.WriteGeoJSON(list, system)
	default:
		f.Type = typeXLSX
		f.Content, err = objectfile.WriteXLSX(sheet, list)
	}
	return f, err
}

type objectUpload struct {
	RawBody huma.MultipartFormFiles[struct {
		File   huma.FormFile `form:"file" required:"true"`
		System string        `form:"system" required:"false" maxLength:"20" doc:"Reference system of the file's coordinates: CGCS2000, WGS84, GCJ-02 or BD-09; needed where it has any"`
		Kind   string        `form:"kind" required:"false" maxLength:"40" doc:"Kind of the rows that name none"`
		Scheme string        `form:"scheme" required:"false" maxLength:"40" doc:"Code scheme of a table without that column"`
		Digest string        `form:"digest" required:"false" maxLength:"64" doc:"Of the preview that was seen: take the file. Without it nothing is written"`
	}]
}

func (s *Server) importObjects(ctx context.Context, p *identity.Principal, in *objectUpload) (*objectfile.Effect, error) {
	form := in.RawBody.Data()
	content, err := io.ReadAll(io.LimitReader(form.File, objectfile.MaxBytes+1))
	if err != nil {
		return nil, fault.Invalidf("import.read", "文件未传完", "the file did not arrive whole").Because(err)
	}
	o := objectfile.Options{Kind: objectrule.Kind(form.Kind), Scheme: form.Scheme}
	if form.System != "" {
		if o.System, err = geodesy.ParseSystem(form.System); err != nil {
			return nil, err
		}
	}
	if form.Digest == "" {
		return objectfile.Preview(ctx, s.Registry, p.ObjectEditor(), form.File.Filename, content, o)
	}
	return objectfile.Apply(ctx, s.Store, s.Registry, p.ObjectEditor(), form.File.Filename, content, o, form.Digest)
}

// NumberMade is the number of what was made.
type NumberMade struct {
	ID int64 `json:"id"`
}

func (s *Server) createObject(ctx context.Context, p *identity.Principal, in *struct{ Body registry.NewWaterObject }) (*NumberMade, error) {
	out := &NumberMade{}
	err := s.Store.Write(ctx, func(tx *store.Tx) (err error) {
		out.ID, err = s.Registry.AddObject(ctx, tx, p.ObjectEditor(), in.Body)
		return err
	})
	return out, err
}

type objectInput struct {
	ID int64 `path:"id" minimum:"1"`
}

func (s *Server) getObject(ctx context.Context, p *identity.Principal, in *objectInput) (*registry.WaterObject, error) {
	o, err := s.Registry.Object(ctx, in.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	if err != nil || !p.Can(identity.ObjectRead, "", o.DivisionID) {
		return nil, fault.NotFoundf("object.unknown", "没有这个水利对象，或不在您的权限范围内", "there is no such object, or it is outside your scope").Because(err)
	}
	return &o, nil
}

// seen makes an object outside the person's scope look like none, before anything of it is told in a refusal.
func (s *Server) seen(ctx context.Context, p *identity.Principal, id int64) error {
	_, err := s.getObject(ctx, p, &objectInput{ID: id})
	return err
}

func (s *Server) updateObject(ctx context.Context, p *identity.Principal, in *struct {
	ID   int64 `path:"id" minimum:"1"`
	Body registry.WaterObjectChange
},
) (*none, error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	return nil, s.Store.Write(ctx, func(tx *store.Tx) error {
		return s.Registry.ChangeObject(ctx, tx, p.ObjectEditor(), in.ID, in.Body)
	})
}

func (s *Server) listDuties(ctx context.Context, p *identity.Principal, in *objectInput) (*Items[registry.ObjectDuty], error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	list, err := s.Registry.ObjectDuties(ctx, registry.DutyQuery{Scopes: p.Scopes(identity.ObjectRead), Object: in.ID})
	return &Items[registry.ObjectDuty]{Items: list}, err
}

func (s *Server) setDuty(ctx context.Context, p *identity.Principal, in *struct {
	ID   int64 `path:"id" minimum:"1"`
	Body registry.NewDuty
},
) (*NumberMade, error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	out := &NumberMade{}
	err := s.Store.Write(ctx, func(tx *store.Tx) (err error) {
		out.ID, err = s.Registry.SetDuty(ctx, tx, p.ObjectEditor(), in.ID, in.Body)
		return err
	})
	return out, err
}

type dutyAtInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Duty int64 `path:"duty" minimum:"1"`
	Body struct {
		At *time.Time `json:"at,omitempty" doc:"Now where it is left out"`
	}
}

func (in *dutyAtInput) instant(now time.Time) time.Time {
	if in.Body.At != nil {
		return *in.Body.At
	}
	return now
}

func (s *Server) endDuty(ctx context.Context, p *identity.Principal, in *dutyAtInput) (*none, error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	return nil, s.Store.Write(ctx, func(tx *store.Tx) error {
		return s.Registry.EndDuty(ctx, tx, p.ObjectEditor(), in.ID, in.Duty, in.instant(s.Now()))
	})
}

// DutiesMarked is how many duties a call or a training was written down for.
type DutiesMarked struct {
	Duties int `json:"duties"`
}

func (s *Server) markDuty(mark func(context.Context, *store.Tx, registry.Editor, int64, int64, time.Time) (int, error)) func(context.Context, *identity.Principal, *dutyAtInput) (*DutiesMarked, error) {
	return func(ctx context.Context, p *identity.Principal, in *dutyAtInput) (*DutiesMarked, error) {
		if err := s.seen(ctx, p, in.ID); err != nil {
			return nil, err
		}
		out := &DutiesMarked{}
		err := s.Store.Write(ctx, func(tx *store.Tx) (err error) {
			out.Duties, err = mark(ctx, tx, p.ObjectEditor(), in.ID, in.Duty, in.instant(s.Now()))
			return err
		})
		return out, err
	}
}
