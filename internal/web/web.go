// Package web is the HTTP door: sessions, one file per domain with the permission beside each route, and the embedded UI.
//
// Handlers are typed functions; the OpenAPI document is generated from them, and huma holds input against it before a handler
// runs. Every route names the permission it needs; what a person may see inside is decided by scope in the domain's query.
package web

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"time"

	"anlan/internal/bulletin"
	"anlan/internal/evidence"
	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/ledger"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/programme"
	"anlan/internal/project"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/store"
	"anlan/internal/telemetry"
	"anlan/internal/telemetry/book"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/prometheus/client_golang/prometheus"
)

// Deps is what the door leads to.
type Deps struct {
	Store     *store.DB
	Registry  *registry.Service
	Identity  *identity.Service
	Programme *programme.Service
	Matter    *matter.Service
	Oversight *oversight.Service
	Evidence  *evidence.Service
	Ledger    *ledger.Service
	Project   *project.Service
	Bulletin  *bulletin.Service
	Series    *series.Service
	Book      *book.Book
	Gateway   *telemetry.Gateway
	Log       *slog.Logger
	Metrics   *prometheus.Registry
	UI        fs.FS
	UIBuilt   bool
	Settings  Settings
	// Clock is the demo's movable clock, nil elsewhere.
	Clock MovableClock
	Now   func() time.Time
	// Leap is by how much the machine's clock leapt, while that is in doubt; nil where nobody watches it.
	Leap func() time.Duration
}

// Settings are the facts of an installation that screens show.
type Settings struct {
	Version string
	City    string // division code that the cockpit opens with
	Demo    bool
	MapNote fault.Text // attribution and 审图号, shown on every map
	Secure  bool       // cookies only over TLS
	Gauges  bool       // field stations are listened to
}

// MovableClock is a clock that a demo may set to another day.
type MovableClock interface {
	Set(today time.Time) error
	// Speed is how many times as fast as the machine's it runs.
	Speed() float64
}

// Server serves the API and the UI.
type Server struct {
	Deps
	api    huma.API
	mux    *http.ServeMux
	routes []Route
	events *hub
	stats  *stats
	gauges bell
	board  board
	// imports are files of readings that wait for their confirmation.
	imports importDesk
}

// New builds the server with all its routes.
func New(d Deps) *Server {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	s := &Server{Deps: d, mux: http.NewServeMux(), events: newHub()}
	s.stats = newStats(d.Metrics)
	s.api = humago.New(s.mux, apiConfig(d.Settings.Version))
	s.addSessionRoutes()
	s.addRegistryRoutes()
	s.addObjectRoutes()
	s.addAccountRoutes()
	s.addPackRoutes()
	s.addViewRoutes()
	s.addReturnRoutes()
	s.addTargetRoutes()
	s.addImportRoutes()
	s.addMatterRoutes()
	s.addOversightRoutes()
	s.addLedgerRoutes()
	s.addProjectRoutes()
	s.addBulletinRoutes()
	s.addGaugeRoutes()
	s.addGaugeBoardRoutes()
	s.addGaugeImportRoutes()
	s.addQuarantineRoutes()
	s.addReservoirRoutes()
	s.addCountedRoutes()
	s.addRulebookRoutes()
	s.addLiabilityRoutes()
	s.addStatisticsRoutes()
	s.addEvidenceRoutes()
	s.addExportRoutes()
	s.addSystemRoutes()
	s.addUI()
	return s
}

// Handler returns the whole door: recovery, security headers, refusal of what no database takes, cross-origin refusal, access
// metrics, then the routes.
func (s *Server) Handler() http.Handler {
	var h http.Handler = s.mux
	h = http.NewCrossOriginProtection().Handler(h)
	h = s.stats.wrap(h)
	h = plainText(h)
	h = securityHeaders(h, s.Settings.Secure)
	return s.recover(h)
}

// OpenAPI returns the API's description as JSON, the same bytes for the same code.
func (s *Server) OpenAPI() ([]byte, error) { return s.api.OpenAPI().MarshalJSON() }

// Routes lists every API route with its permission, in the order of registration.
func (s *Server) Routes() []Route { return s.routes }

// Route is one operation and who may call it.
type Route struct {
	Method     string
	Path       string
	ID         string // operation id, also the name of the generated client method
	Summary    string
	Tag        string
	Permission identity.Permission // empty only where Public
	Public     bool
	MaxBody    int64 // bytes; 1 MiB where 0
	Status     int   // success status; 200 where 0
}

// none is the output of a handler that answers 204.
type none struct{}

// add registers a handler behind its permission. I is the input by huma's tags; O is the body of the answer.
func add[I, O any](s *Server, r Route, handle func(ctx context.Context, p *identity.Principal, in *I) (*O, error)) {
	s.describe(&r)
	type output struct{ Body *O }
	if reflect.TypeFor[O]() == reflect.TypeFor[none]() {
		r.Status = http.StatusNoContent
		huma.Register(s.api, s.operation(r), func(ctx context.Context, in *I) (*struct{}, error) {
			_, err := handle(ctx, principalOf(ctx), in)
			return nil, s.answer(ctx, r, err)
		})
		return
	}
	huma.Register(s.api, s.operation(r), func(ctx context.Context, in *I) (*output, error) {
		out, err := handle(ctx, principalOf(ctx), in)
		if err != nil {
			return nil, s.answer(ctx, r, err)
		}
		return &output{Body: out}, nil
	})
}

// addFile registers a handler that answers with a file.
func addFile[I any](s *Server, r Route, handle func(ctx context.Context, p *identity.Principal, in *I) (*File, error)) {
	s.describe(&r)
	huma.Register(s.api, s.operation(r), func(ctx context.Context, in *I) (*fileOutput, error) {
		f, err := handle(ctx, principalOf(ctx), in)
		if err != nil {
			return nil, s.answer(ctx, r, err)
		}
		return f.output(), nil
	})
}

func (s *Server) describe(r *Route) {
	if r.Public == (r.Permission != "") {
		panic("web: route " + r.Method + " " + r.Path + " must be public or name a permission")
	}
	if r.MaxBody == 0 {
		r.MaxBody = 1 << 20
	}
	s.routes = append(s.routes, *r)
}

func (s *Server) operation(r Route) huma.Operation {
	op := huma.Operation{
		Method: r.Method, Path: r.Path, OperationID: r.ID, Summary: r.Summary, Tags: []string{r.Tag},
		MaxBodyBytes: r.MaxBody, BodyReadTimeout: 2 * time.Minute, DefaultStatus: r.Status, RejectUnknownQueryParameters: true,
	}
	if !r.Public {
		op.Description = "Needs the permission `" + string(r.Permission) + "`."
		op.Security = []map[string][]string{{"session": {}}, {"token": {}}}
		op.Middlewares = huma.Middlewares{s.require(r.Permission)}
	}
	return op
}

func apiConfig(version string) huma.Config {
	c := huma.DefaultConfig("Anlan 安澜", version)
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks = nil
	c.Info.Description = "The platform of a city's water bureau. Figures are exact decimals, or null where absent; instants are RFC 3339 in UTC; months are 2026-05."
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: sessionCookie},
		"token":   {Type: "http", Scheme: "bearer"},
	}
	c.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[quantity.Null](), reflect.TypeFor[nullableFigure]())
	c.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[quantity.Decimal](), reflect.TypeFor[plainFigure]())
	return c
}

// schemaName names a type in the OpenAPI document; those of rooms whose words are also others' are prefixed.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	switch {
	case strings.HasSuffix(t.PkgPath(), "/programme/table"):
		return "Table" + name
	case strings.HasSuffix(t.PkgPath(), "/internal/evidence"):
		return "Evidence" + name
	case strings.HasSuffix(t.PkgPath(), "/registry/objectrule"), strings.HasSuffix(t.PkgPath(), "/registry/objectfile"):
		return "Object" + name
	case strings.Contains(t.PkgPath(), "/internal/series"):
		return "Series" + name
	case strings.HasSuffix(t.PkgPath(), "/telemetry/book"):
		return "Station" + name
	case strings.Contains(t.PkgPath(), "/internal/bulletin"):
		return "Bulletin" + name
	case strings.HasSuffix(t.PkgPath(), "/geodesy"):
		return "Geo" + name
	}
	return name
}

// nullableFigure and plainFigure describe figures in the OpenAPI document.
type (
	nullableFigure struct{}
	plainFigure    struct{}
)

// Schema implements huma.SchemaProvider.
func (nullableFigure) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeNumber, Nullable: true}
}

// Schema implements huma.SchemaProvider.
func (plainFigure) Schema(huma.Registry) *huma.Schema { return &huma.Schema{Type: huma.TypeNumber} }
