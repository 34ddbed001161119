package programme

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"time"

	"anlan/internal/fault"
	"anlan/internal/formula"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
	"anlan/internal/store"
)

// catalogue is the packs in force with the numbers that stand for indicators in the tables. It never changes once made.
type catalogue struct {
	*pack.Catalogue
	stamp    string
	number   map[string]int64
	byNumber map[int64]pack.Indicator
	programs map[string]*formula.Program
	rank     map[string]int // order in which formulas can be evaluated
}

// Catalogue returns the definitions in force.
func (s *Service) Catalogue(ctx context.Context) (*pack.Catalogue, error) {
	cat, err := s.catalogue(ctx)
	if err != nil {
		return nil, err
	}
	return cat.Catalogue, nil
}

// recheck is how long another process's change of packs may stay unseen.
const recheck = 3 * time.Second

func (s *Service) catalogue(ctx context.Context) (*catalogue, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cat != nil && time.Since(s.asked) < recheck {
		return s.cat, nil
	}
	stamp, err := packStamp(ctx, s.db)
	if err != nil {
		return nil, err
	}
	if s.cat == nil || s.cat.stamp != stamp {
		cat, err := readCatalogue(ctx, s.db, stamp)
		if err != nil {
			return nil, err
		}
		s.cat = cat
	}
	s.asked = time.Now()
	return s.cat, nil
}

// forget makes the next call read the packs anew.
func (s *Service) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = time.Time{}
}

func packStamp(ctx context.Context, q store.Querier) (string, error) {
	var n, newest int64
	err := q.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(MAX(loaded_at), 0) FROM pack`).Scan(&n, &newest)
	if err != nil {
		return "", fmt.Errorf("ask for the packs in force: %w", err)
	}
	return fmt.Sprintf("%d/%d", n, newest), nil
}

// newestPacks reads and parses the newest version of every pack.
func newestPacks(ctx context.Context, q store.Querier) ([]*pack.Pack, error) {
	stored, err := packsAt(ctx, q, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	var out []*pack.Pack
	for _, sp := range stored {
		p, err := readPack(ctx, q, sp)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func readCatalogue(ctx context.Context, q store.Querier, stamp string) (*catalogue, error) {
	packs, err := newestPacks(ctx, q)
	if err != nil {
		return nil, err
	}
	c, err := newCatalogue(packs)
	if err != nil {
		return nil, err
	}
	c.stamp = stamp
	return c, c.readNumbers(ctx, q)
}

// newCatalogue checks packs as a whole and compiles their formulas.
func newCatalogue(packs []*pack.Pack) (*catalogue, error) {
	index, err := pack.NewCatalogue(packs)
	if err != nil {
		return nil, err
	}
	c := &catalogue{Catalogue: index, programs: map[string]*formula.Program{}, rank: map[string]int{}}
	if err := c.compile(); err != nil {
		return nil, err
	}
	return c, nil
}

// CheckPacks says whether packs are sound together: schema, references, formulas, units, cycles.
func CheckPacks(packs []*pack.Pack) error {
	_, err := newCatalogue(packs)
	return err
}

func (c *catalogue) compile() error {
	bad := fault.Invalidf("pack.formula", "指标公式有误", "a formula is not sound")
	for _, ind := range c.Indicators() {
		if ind.Formula == "" {
			continue
		}
		p, err := formula.Compile(ind.Formula, c.symbol)
		if err == nil {
			err = p.Yields(ind.Unit)
		}
		if err != nil {
			text := fault.T(err.Error(), err.Error())
			var f *fault.Error
			if errors.As(err, &f) {
				text = f.Text
			}
			bad.At(c.PlaceOf(ind.Code)+".formula", text)
			continue
		}
		c.programs[ind.Code] = p
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	order, err := formula.Order(c.programs)
	if err != nil {
		return err
	}
	for i, code := range order {
		c.rank[code] = i
	}
	return nil
}

// symbol tells a formula what a reference stands for. A target's amount is in its indicator's unit, save where what is judged
// is a rate of completion or of growth: that is in percent.
func (c *catalogue) symbol(r formula.Ref) (formula.Symbol, bool) {
	code := r.Code
	if r.Part == formula.Plan {
		t, ok := c.Target(code)
		if !ok {
			return formula.Symbol{}, false
		}
		if t.Judge == pack.ByRate || t.Judge == pack.ByGrowth {
			return formula.Symbol{Unit: "percent"}, true
		}
		code = t.Indicator
	}
	ind, ok := c.Indicator(code)
	if !ok {
		return formula.Symbol{}, false
	}
	s := formula.Symbol{Unit: ind.Unit}
	if ind.Ratio != nil {
		s.Numerator, s.Denominator = ind.Ratio.Numerator.Unit, ind.Ratio.Denominator.Unit
	}
	return s, true
}

func (c *catalogue) readNumbers(ctx context.Context, q store.Querier) error {
	rows, err := q.QueryContext(ctx, `SELECT id, code FROM indicator ORDER BY id`)
	if err != nil {
		return fmt.Errorf("read indicator numbers: %w", err)
	}
	defer rows.Close()
	c.number, c.byNumber = map[string]int64{}, map[int64]pack.Indicator{}
	for rows.Next() {
		var id int64
		var code string
		if err := rows.Scan(&id, &code); err != nil {
			return fmt.Errorf("read indicator numbers: %w", err)
		}
		if ind, ok := c.Indicator(code); ok {
			c.number[code], c.byNumber[id] = id, ind
		}
	}
	return rows.Err()
}

func (c *catalogue) indicatorByID(id int64) (pack.Indicator, bool) {
	ind, ok := c.byNumber[id]
	return ind, ok
}

// filedIDs are the numbers of the indicators that are filed, not computed.
func (c *catalogue) filedIDs() []int64 {
	var out []int64
	for _, ind := range c.Indicators() {
		if ind.Formula == "" {
			out = append(out, c.number[ind.Code])
		}
	}
	return out
}

// LoadPacks puts packs into force as they are, all or none. A pack whose version is stored already with the same content is
// passed over; with another content it is refused, since a loaded version never changes. It returns how many were new.
func (s *Service) LoadPacks(ctx context.Context, who identity.Actor, sources map[string][]byte) (int, error) {
	var fresh []*pack.Pack
	for name, src := range sources {
		p, err := pack.Parse(name, src)
		if err != nil {
			return 0, err
		}
		fresh = append(fresh, p)
	}
	n := 0
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		var err error
		n, err = s.takePacks(ctx, tx, who, fresh)
		return err
	})
	return n, err
}

// takePacks holds packs against all others and stores those that are new.
func (s *Service) takePacks(ctx context.Context, tx *store.Tx, who identity.Actor, fresh []*pack.Pack) (int, error) {
	stored, err := newestPacks(ctx, tx)
	if err != nil {
		return 0, err
	}
	if err := CheckPacks(merge(stored, fresh)); err != nil {
		return 0, err
	}
	n := 0
	for _, p := range fresh {
		added, err := s.storePack(ctx, tx, who, p)
		if err != nil {
			return 0, err
		}
		if added {
			n++
		}
	}
	tx.AfterCommit(s.forget)
	tx.AfterCommit(func() { s.changed(Change{Kind: "pack"}) })
	return n, nil
}

// merge puts the fresh packs in the place of the stored ones of the same id.
func merge(stored, fresh []*pack.Pack) []*pack.Pack {
	byID := map[string]bool{}
	out := append([]*pack.Pack(nil), fresh...)
	for _, p := range fresh {
		byID[p.ID] = true
	}
	for _, p := range stored {
		if !byID[p.ID] {
			out = append(out, p)
		}
	}
	return out
}

func (s *Service) storePack(ctx context.Context, tx *store.Tx, who identity.Actor, p *pack.Pack) (bool, error) {
	source := pack.Format(p)
	sum := sha256.Sum256(source)
	checksum := hex.EncodeToString(sum[:])
	var known string
	err := tx.QueryRowContext(ctx, `SELECT checksum FROM pack WHERE id = $1 AND version = $2`, p.ID, p.Version).Scan(&known)
	if err == nil && known == checksum {
		return false, nil
	}
	if err == nil {
		return false, fault.Conflictf("pack.version", "指标包 %s 的版本 %d 已存在且内容不同，请提高版本号", "pack %s version %d is stored with another content; raise the version", p.ID, p.Version)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("look for pack %s: %w", p.ID, err)
	}
	var newest int
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM pack WHERE id = $1`, p.ID).Scan(&newest); err != nil {
		return false, err
	}
	if p.Version < newest {
		return false, fault.Conflictf("pack.older", "指标包 %s 已有更新的版本 %d", "pack %s already has the newer version %d", p.ID, newest)
	}
	at := s.now()
	_, err = tx.ExecContext(ctx, `INSERT INTO pack (id, version, source, checksum, loaded_at, loaded_by) VALUES ($1, $2, $3, $4, $5, $6)`,
		p.ID, p.Version, string(source), checksum, at.UnixMilli(), who.Name)
	if err != nil {
		return false, fmt.Errorf("store pack %s: %w", p.ID, err)
	}
	if err := numberIndicators(ctx, tx, p); err != nil {
		return false, err
	}
	return true, audit.Append(ctx, tx, audit.Entry{
		At: at, Actor: who, Action: "pack.load", ObjectKind: "pack", ObjectID: p.ID,
		Detail: map[string]any{"version": p.Version, "checksum": checksum},
	})
}

// numberIndicators gives each new code its number; a number is never given to another code.
func numberIndicators(ctx context.Context, tx *store.Tx, p *pack.Pack) error {
	for _, ind := range p.Indicators {
		var id int64
		err := tx.QueryRowContext(ctx, `SELECT id FROM indicator WHERE code = $1`, ind.Code).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			if id, err = tx.Next(ctx, "indicator", 1); err == nil {
				_, err = tx.ExecContext(ctx, `INSERT INTO indicator (id, code) VALUES ($1, $2)`, id, ind.Code)
			}
		}
		if err != nil {
			return fmt.Errorf("number indicator %s: %w", ind.Code, err)
		}
	}
	return nil
}

// scaleOf returns the tolerance that rounding of shown figures may cause in sums of an indicator.
func scaleOf(ind pack.Indicator) quantity.Decimal {
	unit, show := ind.Unit, ind.Show
	if show == "" {
		show = unit
	}
	from, ok1 := quantity.UnitOf(show)
	to, ok2 := quantity.UnitOf(unit)
	step := quantity.Int(1)
	for range ind.Decimals {
		step /= 10
	}
	if ok1 && ok2 {
		if d, ok := quantity.Convert(step, from, to); ok {
			return d
		}
	}
	return step
}
