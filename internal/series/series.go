// Package series keeps the observations of stations: it takes readings in, checks them on arrival, keeps every version of a figure,
// seals what is older into chunks, and answers with points, windows, areal rain and exceedances.
//
// A reading is confirmed after the commit of the transaction it came in. Instants are UTC, a total is stamped at its END, days are
// hydrological days from 08:00 to 08:00. Sockets and frames are the gateway's; who may correct what is asked by the caller. How
// readings are kept, and why so, is in DESIGN.md.
package series

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"anlan/internal/fault"
	"anlan/internal/registry"
	"anlan/internal/series/quality"
	"anlan/internal/series/reading"
	"anlan/internal/store"
)

// SourceKind is where readings came from (数据来源).
type SourceKind string

// The kinds of source. Only what a gauge sent by itself has a clock that can err.
const (
	FromGauge  SourceKind = "gauge"
	FromFile   SourceKind = "import"
	FromPerson SourceKind = "person"
	Derived    SourceKind = "derived"
)

// Source is one origin of readings.
type Source struct {
	ID   int64      `json:"-"`
	Kind SourceKind `json:"kind" enum:"gauge,import,person,derived"`
	Name string     `json:"name"`
}

// Options of New.
type Options struct {
	Store    *store.DB
	Registry *registry.Service
	Log      *slog.Logger
	Now      func() time.Time
	// Taken hears of readings after their commit, in no certain order; it must not block.
	Taken func([]reading.Reading)
	// Judged hears of every event that began, moved or ended, after its commit; it must not block.
	Judged func(Exceedance)
	Clock  quality.Clock // quality.DefaultClock where zero
	// Hot is for how long readings stay unsealed: windows up to it begin at any second, longer ones at a whole hour. 3 h where zero.
	Hot time.Duration
}

// Service keeps and answers for readings; its methods may be called from many goroutines.
type Service struct {
	db     *store.DB
	reg    *registry.Service
	log    *slog.Logger
	now    func() time.Time
	taken  func([]reading.Reading)
	judged func(Exceedance)
	hot    time.Duration

	mu         sync.Mutex // guards all below
	sources    map[Source]int64
	kinds      map[int64]SourceKind
	memory     map[stateKey]memory
	rules      quality.Rules
	limits     map[stateKey]quality.Limits
	basis      map[int64]RainBasis
	thresholds map[stateKey][]Limit // those that readings are held against
	live       map[liveKey]*Exceedance
	weights    arealCache
	hours      sealedHours
	stations   []Station
	stationsAt stationStamp
	settings   time.Time // when limits, basis, thresholds and live were read
}

// stateKey names a series.
type stateKey struct {
	object   int64
	quantity reading.ID
}

// memory is what the checks remember of a series, and when its rain last came as spans.
type memory struct {
	quality.State
	spans time.Time
}

// New makes the service.
func New(o Options) *Service {
	s := &Service{
		db: o.Store, reg: o.Registry, log: o.Log, now: o.Now, taken: o.Taken, judged: o.Judged, hot: o.Hot,
		sources: map[Source]int64{}, kinds: map[int64]SourceKind{},
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.taken == nil {
		s.taken = func([]reading.Reading) {}
	}
	if s.judged == nil {
		s.judged = func(Exceedance) {}
	}
	if s.hot <= 0 {
		s.hot = 3 * time.Hour
	}
	return s
}

// Source finds or makes a source and returns its number, which never changes; it is asked of the store once.
func (s *Service) Source(ctx context.Context, kind SourceKind, name string) (int64, error) {
	key := Source{Kind: kind, Name: name}
	s.mu.Lock()
	id, ok := s.sources[key]
	s.mu.Unlock()
	if ok {
		return id, nil
	}
	err := s.db.Write(ctx, func(tx *store.Tx) (err error) {
		id, err = sourceIn(ctx, tx, key)
		return err
	})
	if err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sources[key], s.kinds[id] = id, kind
	return id, nil
}

func sourceIn(ctx context.Context, tx *store.Tx, key Source) (int64, error) {
	fresh, err := tx.Next(ctx, "observation_source", 1)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.QueryRowContext(ctx, `
		INSERT INTO observation_source (id, kind, name) VALUES ($1, $2, $3)
		ON CONFLICT (kind, name) DO UPDATE SET name = excluded.name RETURNING id`, fresh, string(key.Kind), key.Name).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("name the source %s %q: %w", key.Kind, key.Name, err)
	}
	return id, nil
}

// Sources lists where readings came from.
func (s *Service) Sources(ctx context.Context) ([]Source, error) {
	var out []Source
	err := store.Each(ctx, s.db, `SELECT id, kind, name FROM observation_source ORDER BY id`, func(scan func(...any) error) error {
		var x Source
		err := scan(&x.ID, &x.Kind, &x.Name)
		out = append(out, x)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list sources of readings: %w", err)
	}
	return out, nil
}

// recheck is how long settings that another process changed may stay unseen.
const recheck = 10 * time.Second

// load reads what the checks remember once, and the settings and the events that stand every now and then, through the caller's
// transaction: SQLite has one writer, and a second connection might wait for it.
func (s *Service) load(ctx context.Context, q store.Querier) error {
	now := s.now()
	s.mu.Lock()
	remembers := s.memory != nil
	fresh := !s.settings.IsZero() && now.Sub(s.settings) < recheck && !now.Before(s.settings)
	s.mu.Unlock()
	if !remembers {
		if err := s.remember(ctx, q); err != nil {
			return err
		}
	}
	if fresh {
		return nil
	}
	rules, err := readRules(ctx, q)
	if err != nil {
		return err
	}
	limits, err := readLimits(ctx, q)
	if err != nil {
		return err
	}
	basis, err := readBasis(ctx, q)
	if err != nil {
		return err
	}
	thresholds, err := readThresholds(ctx, q)
	if err != nil {
		return err
	}
	live, err := readLive(ctx, q)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules, s.limits, s.basis, s.thresholds, s.live, s.settings = rules, limits, basis, byReading(thresholds), live, now
	return nil
}

// remember reads what the checks know of each series.
func (s *Service) remember(ctx context.Context, q store.Querier) error {
	kinds := map[int64]SourceKind{}
	err := store.Each(ctx, q, `SELECT id, kind FROM observation_source ORDER BY id`, func(scan func(...any) error) error {
		var id int64
		var kind SourceKind
		err := scan(&id, &kind)
		kinds[id] = kind
		return err
	})
	if err != nil {
		return fmt.Errorf("read the sources of readings: %w", err)
	}
	states, err := readMemory(ctx, q, kinds)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.memory == nil {
		s.memory = states
	}
	return nil
}

// forget makes the next append read the settings again.
func (s *Service) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settings = time.Time{}
}

// kindOf is the kind of a source; one that nobody named is held to be a gauge.
func (s *Service) kindOf(ctx context.Context, q store.Querier, id int64) (SourceKind, error) {
	s.mu.Lock()
	kind, ok := s.kinds[id]
	s.mu.Unlock()
	if ok {
		return kind, nil
	}
	err := q.QueryRowContext(ctx, `SELECT kind FROM observation_source WHERE id = $1`, id).Scan(&kind)
	if err != nil {
		return "", fault.Invalidf("reading.source", "没有编号为 %d 的数据来源", "there is no source of readings %d", id).Because(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kinds[id] = kind
	return kind, nil
}
