package xaj_test

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"testing"

	"anlan/internal/hydro/xaj"
)

// plain is the model a second time, as its equations stand in print (models.md, sections 2 to 5, with the conventions of the C++ program),
// without tables, guards or shared code: slow and easy to read. It equals the outside tables at a day, and so speaks for the other steps.
type plain struct {
	p        xaj.Params
	area, dt float64

	wu, wl, wd, s, fr  float64
	qs, qi, qg, qu     float64
	eu, el, ed, pe     float64
	r, rim, rs, ri, rg float64
}

func (m *plain) step(rain, pan float64) {
	p := m.p
	perDay := 24 / m.dt
	toFlow := m.area / (3.6 * m.dt)
	wm, dm := p.WM, p.WM-p.UM-p.LM
	ep := p.KC * pan
	// Evaporation.
	m.eu, m.el, m.ed = ep, 0, 0
	if m.wu+rain < ep {
		m.eu = m.wu + rain
		d := ep - m.eu
		if m.wl >= p.C*p.LM {
			m.el = d * m.wl / p.LM
		} else if m.wl >= p.C*d {
			m.el = p.C * d
		} else {
			m.el = m.wl
			m.ed = p.C*d - m.el
		}
	}
	// Runoff.
	m.pe = rain - ep
	m.r, m.rim = 0, 0
	if m.pe > 0 {
		w := m.wu + m.wl + m.wd
		wmm := wm * (1 + p.B) / (1 - p.IM)
		a := wmm
		if w < wm {
			a = wmm * (1 - math.Pow(1-w/wm, 1/(1+p.B)))
		}
		m.r = m.pe - (wm - w)
		if a+m.pe < wmm {
			m.r += wm * math.Pow(1-(a+m.pe)/wmm, 1+p.B)
		}
		m.rim = p.IM * m.pe
	}
	m.wu += rain - m.eu - m.r
	m.wl -= m.el
	m.wd = max(m.wd-m.ed, 0)
	if m.wu > p.UM {
		m.wl, m.wu = m.wl+m.wu-p.UM, p.UM
	}
	if m.wl > p.LM {
		m.wd, m.wl = m.wd+m.wl-p.LM, p.LM
	}
	m.wd = min(m.wd, dm)
	// Sources.
	kid := (1 - math.Pow(1-(p.KI+p.KG), 1/perDay)) / (1 + p.KG/p.KI)
	kgd := kid * p.KG / p.KI
	m.rs, m.ri, m.rg = 0, 0, 0
	if m.pe <= 1e-5 || m.r <= 0 {
		m.ri, m.rg = kid*m.s*m.fr, kgd*m.s*m.fr
		m.s *= 1 - kid - kgd
	} else {
		before := m.fr
		m.fr = min(m.r/m.pe, 1)
		m.s *= before / m.fr
		n := math.Floor(m.pe/5) + 1
		q := m.pe / n
		ki := (1 - math.Pow(1-(kid+kgd), 1/n)) / (1 + kgd/kid)
		kg := ki * kgd / kid
		smmf := p.SM * (1 + p.EX) * (1 - math.Pow(1-m.fr, 1/p.EX))
		smf := smmf / (1 + p.EX)
		for range int(n) {
			m.s = min(m.s, smf)
			au := smmf * (1 - math.Pow(1-m.s/smf, 1/(1+p.EX)))
			rs := m.s + q - smf
			if q+au < smmf {
				rs += smf * math.Pow(1-(q+au)/smmf, 1+p.EX)
			}
			held := m.s + q - rs
			m.rs, m.ri, m.rg = m.rs+rs*m.fr, m.ri+held*ki*m.fr, m.rg+held*kg*m.fr
			m.s = held * (1 - ki - kg)
		}
	}
	// Routing.
	recede := func(c float64) float64 { return math.Pow(c, 1/perDay) }
	store := func(q, c, in float64) float64 { return c*q + (1-c)*in }
	m.qs = store(m.qs, recede(p.CS), (m.rs*(1-p.IM)+m.rim)*toFlow)
	m.qi = store(m.qi, recede(p.CI), m.ri*(1-p.IM)*toFlow)
	m.qg = store(m.qg, recede(p.CG), m.rg*(1-p.IM)*toFlow)
	cr := 0.0
	if m.area >= 200 {
		cr = recede(p.CR)
	}
	m.qu = store(m.qu, cr, m.qs+m.qi+m.qg)
}

func (m *plain) values() map[string]float64 {
	return map[string]float64{
		"WU": m.wu, "WL": m.wl, "WD": m.wd, "S": m.s, "FR": m.fr, "EU": m.eu, "EL": m.el, "ED": m.ed, "PE": m.pe, "R": m.r, "RIM": m.rim,
		"RS": m.rs, "RI": m.ri, "RG": m.rg, "QS": m.qs, "QI": m.qi, "QG": m.qg, "QU": m.qu,
	}
}

// near holds a step of the model against the plain one, and says how far they are apart at most.
func (m *plain) near(t *testing.T, at string, f xaj.Flux, s xaj.State) (most float64) {
	t.Helper()
	for name, got := range map[string]float64{
		"WU": s.WU, "WL": s.WL, "WD": s.WD, "S": s.S, "FR": s.FR, "EU": f.EU, "EL": f.EL, "ED": f.ED, "PE": f.PE, "R": f.R, "RIM": f.RIM,
		"RS": f.RS, "RI": f.RI, "RG": f.RG, "QS": s.QS, "QI": s.QI, "QG": s.QG, "QU": s.QU,
	} {
		off := math.Abs(got - m.values()[name])
		if most = max(most, off); !(off < 1e-6) {
			t.Fatalf("%s: %s is %.9g, the plain equations give %.9g", at, name, got, m.values()[name])
		}
	}
	return most
}

// TestPlainEquationsEqualTheReference ties the plain program to the outside one where tables of that exist: at a day.
func TestPlainEquationsEqualTheReference(t *testing.T) {
	next := table(t, filepath.Join("reference", "xaj_chengcun_lumped.csv"))
	m := &plain{p: chengcun(), area: 290, dt: 24, wu: 10, wl: 30, wd: 20}
	for n := 0; ; n++ {
		row, ok := next()
		if !ok {
			if n < 2900 {
				t.Errorf("only %d steps", n)
			}
			return
		}
		m.step(row["P"], row["EM"])
		for name, v := range m.values() {
			want, is := row[name]
			if is && math.Abs(v-want) >= 1e-6 {
				t.Fatalf("step %d: %s is %.9g, the outside table has %.9g", n, name, v, want)
			}
		}
	}
}

// TestOtherStepsEqualThePlainEquations holds every state and flux at steps from five minutes to a day over random weather.
func TestOtherStepsEqualThePlainEquations(t *testing.T) {
	for _, dt := range []float64{1.0 / 12, 0.5, 1, 3, 6, 12, 24} {
		for _, area := range []float64{40, 290} {
			p := chengcun()
			p.IM = 0.03
			u, err := xaj.NewUnit(p, xaj.Reference(), area, dt)
			if err != nil {
				t.Fatal(err)
			}
			r := rand.New(rand.NewPCG(7, uint64(dt*12)))
			m := &plain{p: p, area: area, dt: dt, wu: 15, wl: 50, wd: 30, s: 5, fr: 0.3, qg: 2, qu: 2}
			s := u.Start(15, 50, 30, 5, 0.3, 2)
			var most float64
			for i := range 5000 {
				rain := 0.0
				if math.Sin(float64(i)/17) > 0.6 {
					rain = -math.Log(1-r.Float64()) * 2.5 * math.Sqrt(dt)
				}
				pan := r.Float64() * 0.3 * dt
				var f xaj.Flux
				u.Step(&s, rain, pan, &f)
				m.step(rain, pan)
				most = max(most, m.near(t, "dt "+name(dt)+" step "+name(float64(i)), f, s))
			}
			t.Logf("dt %g h, %g km²: at most %.1e off", dt, area, most)
		}
	}
}

func name(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }
