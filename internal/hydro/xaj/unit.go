package xaj

import (
	"math"

	"anlan/internal/fault"
)

// Unit is one area that is modelled as a whole (计算单元), for one step. It never changes, and may be used from many goroutines.
type Unit struct {
	p Params
	o Options

	dm, wmm        float64
	toA, fromA     float64 // 1/(1+B) and 1+B
	smm            float64 // SM·(1+EX)
	perEX          float64 // 1/EX
	toAU, fromAU   float64 // 1/(1+EX) and 1+EX
	ki, kg         float64 // of one step
	cs, ci, cg, cr float64 // of one step
	flow           float64 // m³/s of 1 mm in a step over the area
	pervious       float64
	network        network // the non-linear one, where NM is set
	slice          float64
	kis, kgs       []float64 // ki and kg of a slice, by how many there are
	lag            float64   // in steps
}

// maxSlices is how many slices have their coefficients ready; more are computed as they come.
const maxSlices = 64

// mostSlices bounds how many there are, whatever falls: 5 m of rain in slices of half a millimetre.
const mostSlices = 10_000

// NewUnit makes a unit of an area in km² for steps of dt hours, from five minutes to a day.
func NewUnit(p Params, o Options, area, dt float64) (*Unit, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if !(area > 0) || math.IsInf(area, 0) {
		return nil, fault.Invalidf("xaj.area", "面积 %g km² 有误", "an area of %g km² cannot be", area)
	}
	if !(dt >= 5.0/60-1e-9 && dt <= 24) {
		return nil, fault.Invalidf("xaj.step", "步长 %g h 不在 5 min–24 h 之间", "a step of %g h is not within 5 min and 24 h", dt)
	}
	u := &Unit{
		p: p, o: o, dm: p.DM(), wmm: p.WM * (1 + p.B), toA: 1 / (1 + p.B), fromA: 1 + p.B, smm: p.SM * (1 + p.EX), perEX: 1 / p.EX,
		toAU: 1 / (1 + p.EX), fromAU: 1 + p.EX, flow: area / (3.6 * dt), pervious: 1 - p.IM, slice: o.Slice, lag: p.L / dt,
	}
	if u.slice == 0 {
		u.slice = 5
	}
	if o.ImperviousInCurve {
		u.wmm /= 1 - p.IM
	}
	share := dt / 24
	if o.FreeWaterPerStep {
		share = 1
	}
	u.ki, u.kg = split(p.KI, p.KG, share)
	if share = dt / 24; o.RecessionPerStep {
		share = 1
	}
	u.cs, u.ci, u.cg = math.Pow(p.CS, share), math.Pow(p.CI, share), math.Pow(p.CG, share)
	if area >= o.NetworkFrom {
		u.cr = math.Pow(p.CR, share)
		u.network = network{m: p.NM, k: p.NK, toM: 1 / p.NM, dt: dt, mm: 3.6 / area}
	}
	u.kis, u.kgs = make([]float64, maxSlices+1), make([]float64, maxSlices+1)
	for n := 1; n <= maxSlices; n++ {
		u.kis[n], u.kgs[n] = split(u.ki, u.kg, 1/float64(n))
	}
	return u, nil
}

// split turns what leaves the free water in one time to what leaves in a share of it, so that the shares together take as much.
func split(ki, kg, share float64) (i, g float64) {
	both := ki + kg
	if share == 1 || both == 0 {
		return ki, kg
	}
	left := (1 - math.Pow(1-both, share)) / both
	return ki * left, kg * left
}

// Start is a state with the given waters in mm, and flow in m³/s that runs out of the ground.
func (u *Unit) Start(wu, wl, wd, s, fr, flow float64) State {
	st := State{WU: wu, WL: wl, WD: wd, S: s, FR: fr, QG: flow, QU: flow}
	if u.lag > 0 {
		st.Lag = make([]float64, int(math.Ceil(u.lag))+1)
		for i := range st.Lag {
			if !u.o.LagFromZero {
				st.Lag[i] = flow
			}
		}
	}
	return st
}

// Check refuses a state that the unit cannot be in.
func (u *Unit) Check(s State) error {
	bad := fault.Invalidf("xaj.state", "新安江模型状态有误", "the state of the Xinanjiang model does not hold")
	const slack = 1e-6
	f := func(name string, v, most float64) {
		if !(v >= -slack && v <= most+slack) {
			bad.At(name, fault.Tf("%g 不在 0–%g 之间", "%g is not within 0 and %g", v, most))
		}
	}
	f("WU", s.WU, u.p.UM)
	f("WL", s.WL, u.p.LM)
	f("WD", s.WD, u.dm)
	f("FR", s.FR, 1)
	for _, v := range []struct {
		name string
		v    float64
	}{{"S", s.S}, {"QS", s.QS}, {"QI", s.QI}, {"QG", s.QG}, {"QU", s.QU}} {
		f(v.name, v.v, math.MaxFloat64)
	}
	if u.lag > 0 && len(s.Lag) != int(math.Ceil(u.lag))+1 {
		bad.At("Lag", fault.Tf("滞时序列有 %d 个数，应为 %d", "the lag holds %d flows, %d are needed", len(s.Lag), int(math.Ceil(u.lag))+1))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Run takes the unit through steps of rain and pan evaporation in mm and writes the flow at its outlet in m³/s, all of one length.
// Neither may hold a gap: what is missing is for the caller to fill or to refuse.
func (u *Unit) Run(s *State, rain, pet, flow []float64) {
	var f Flux
	for i, p := range rain {
		u.Step(s, p, pet[i], &f)
		flow[i] = f.Out
	}
}

// Step takes the unit through one step and tells what moved. It allocates nothing.
func (u *Unit) Step(s *State, p, pet float64, f *Flux) {
	u.produce(s, p, pet, f)
	if u.o.SliceRunoff && f.PE > netRainFrom && f.R > 0 {
		u.separateGrowing(s, f)
	} else {
		u.separate(s, f)
	}
	u.route(s, f)
	if u.o.ActualNetRain {
		f.PE = p - f.EU - f.EL - f.ED
	}
}

// produce forms evaporation and runoff, and brings the tension water up to date.
func (u *Unit) produce(s *State, p, pet float64, f *Flux) {
	ep := u.p.KC * pet
	f.EP = ep
	u.evaporate(s, p, f)
	pe := p - ep
	f.PE, f.R, f.RIM = pe, 0, 0
	if pe > 0 {
		f.R = u.runoff(s.WU+s.WL+s.WD, pe)
		f.RIM = u.p.IM * pe
	}
	wu, wl, wd := s.WU+p-f.EU-f.R, s.WL-f.EL, s.WD-f.ED
	if wu > u.p.UM {
		wl, wu = wl+wu-u.p.UM, u.p.UM
	}
	if wl > u.p.LM {
		wd, wl = wd+wl-u.p.LM, u.p.LM
	}
	if wd > u.dm {
		if u.o.Excess != Drop {
			f.R += wd - u.dm // rounding, or a curve that is full
		}
		wd = u.dm
	}
	s.WU, s.WL, s.WD = math.Max(wu, 0), wl, math.Max(wd, 0)
}

// evaporate takes from the layers, the upper first (三层蒸散发).
func (u *Unit) evaporate(s *State, p float64, f *Flux) {
	f.EU, f.EL, f.ED = f.EP, 0, 0
	if s.WU+p >= f.EP {
		return
	}
	f.EU = s.WU + p
	d := f.EP - f.EU
	switch {
	case s.WL >= u.p.C*u.p.LM && u.p.LM > 0:
		f.EL = math.Min(d*s.WL/u.p.LM, s.WL)
	case s.WL >= u.p.C*d:
		f.EL = u.p.C * d
	default:
		f.EL, f.ED = s.WL, u.p.C*d-s.WL
		if !u.o.OpenDeepLayer {
			f.ED = math.Min(f.ED, s.WD)
		}
	}
}

// runoff is what net rain leaves over when it falls on soils whose tension water is spread along the curve (蓄满产流).
func (u *Unit) runoff(w, pe float64) float64 {
	r := pe - (u.p.WM - w)
	a := u.wmm
	if w < u.p.WM {
		a *= 1 - power(1-w/u.p.WM, u.toA)
	}
	if a+pe < u.wmm {
		r += u.p.WM * power(1-(a+pe)/u.wmm, u.fromA)
	}
	if u.o.Excess != Drop {
		return math.Min(math.Max(r, 0), pe)
	}
	return r
}

// netRainFrom is the net rain in mm below which nothing is parted.
const netRainFrom = 1e-5

// separate parts the runoff into surface flow, interflow and groundwater by the free water (水源划分).
func (u *Unit) separate(s *State, f *Flux) {
	f.RS, f.RI, f.RG = 0, 0, 0
	if f.PE <= netRainFrom || f.R <= 0 {
		free := s.S * s.FR
		f.RI, f.RG = u.ki*free, u.kg*free
		s.S *= 1 - u.ki - u.kg
		f.RS += f.R // what the layers could not hold, if anything
		return
	}
	fr := math.Min(f.R/f.PE, 1)
	free := s.S * s.FR / fr
	s.FR = fr
	n, ki, kg := u.parts(f.PE)
	q := f.PE / float64(n)
	if u.o.Excess != Drop {
		q = f.R / fr / float64(n) // the layers' overflow too
	}
	most := u.most(fr)
	free = u.fit(free, most*u.toAU, f)
	s.S = u.slices(free, most, q, n, ki, kg, f)
	f.RS *= fr
	f.RI *= fr
	f.RG *= fr
}

// parts is how many slices net rain falls in, and what of the free water leaves in one.
func (u *Unit) parts(pe float64) (n int, ki, kg float64) {
	n = 1
	if u.slice > 0 {
		n = mostSlices
		if whole := pe / u.slice; whole < mostSlices {
			n = int(whole) + 1
		}
	}
	if n <= maxSlices {
		return n, u.kis[n], u.kgs[n]
	}
	ki, kg = split(u.ki, u.kg, 1/float64(n))
	return n, ki, kg
}

// most is SMMF, the most that any point of the share fr of the area holds.
func (u *Unit) most(fr float64) float64 {
	if u.o.FlatFreeWater || fr >= 1 {
		return u.smm
	}
	return u.smm * (1 - power(1-fr, u.perEX))
}

// separateGrowing is separate with the runoff of each slice formed apart.
func (u *Unit) separateGrowing(s *State, f *Flux) {
	n, ki, kg := u.parts(f.PE)
	q := f.PE / float64(n)
	// What the step left in the soil, less its gain, is what the soil held before it.
	w := math.Max(s.WU+s.WL+s.WD-f.PE+f.R, 0)
	left := f.R
	var all Flux
	for i := range n {
		r := math.Min(u.runoff(w, q), left)
		if i == n-1 {
			r = left
		}
		w, left = w+q-r, left-r
		if r <= 0 {
			free := s.S * s.FR
			all.RI, all.RG = all.RI+ki*free, all.RG+kg*free
			s.S *= 1 - ki - kg
			continue
		}
		var part Flux
		fr := math.Min(r/q, 1)
		most := u.most(fr)
		free := u.fit(s.S*s.FR/fr, most*u.toAU, &part)
		s.S, s.FR = u.slices(free, most, r/fr, 1, ki, kg, &part), fr
		all.RS, all.RI, all.RG = all.RS+part.RS*fr, all.RI+part.RI*fr, all.RG+part.RG*fr
	}
	f.RS, f.RI, f.RG = all.RS, all.RI, all.RG
}

// fit puts the free water of a larger area into a smaller one; what is over goes its way.
func (u *Unit) fit(free, room float64, f *Flux) float64 {
	over := free - room
	if over <= 0 {
		return free
	}
	switch u.o.Excess {
	case Drain:
		both := u.p.KI + u.p.KG
		f.RI, f.RG = over*u.p.KI/both, over*u.p.KG/both
	case Spill:
		f.RS = over
	}
	return room
}

// slices takes the net rain q of each of n slices into the free water and lets it run out; depths are over the area that runs off.
func (u *Unit) slices(free, most, q float64, n int, ki, kg float64, f *Flux) float64 {
	room := most * u.toAU
	rest := 1 - ki - kg
	for range n {
		var rs float64
		held := free + q
		au := most
		if free < room {
			au *= 1 - power(1-free/room, u.toAU)
		}
		if q+au >= most {
			rs = held - room
		} else {
			rs = held - room + room*power(1-(q+au)/most, u.fromAU)
		}
		held -= rs
		f.RS += rs
		f.RI += held * ki
		f.RG += held * kg
		free = held * rest
	}
	return free
}

// route takes the sources down the slopes and the river network to the outlet of the unit (汇流).
func (u *Unit) route(s *State, f *Flux) {
	f.RL = u.p.KL * (f.RS + f.RI + f.RG)
	share := (1 - u.p.KL) * u.pervious * u.flow
	s.QS = u.cs*s.QS + (1-u.cs)*(f.RS*share+f.RIM*u.flow)
	s.QI = u.ci*s.QI + (1-u.ci)*f.RI*share
	s.QG = u.cg*s.QG + (1-u.cg)*f.RG*share
	if all := s.QS + s.QI + s.QG; u.network.m > 0 {
		s.QU = u.network.step(s.QU, all)
	} else {
		s.QU = u.cr*s.QU + (1-u.cr)*all
	}
	f.Out = s.QU
	if len(s.Lag) > 0 {
		f.Out = delay(s.Lag, s.QU, u.lag)
	}
}

// delay shifts a flow by a lag in steps, between two steps in proportion.
func delay(line []float64, q, lag float64) float64 {
	copy(line[1:], line[:len(line)-1])
	line[0] = q
	i := int(lag)
	part := lag - float64(i)
	if part == 0 {
		return line[i]
	}
	return (1-part)*line[i] + part*line[i+1]
}

// network is a river network that holds k·q^(1/m) mm at a flow of q mm/h. What it holds follows from its flow, which is all its state.
type network struct {
	m, toM, k float64
	dt        float64
	mm        float64 // mm/h of 1 m³/s
}

// step takes the inflow of a step in m³/s into a network from which flow ran at its end before, and returns what runs at its end now.
// The balance k·y + dt·y^m = water, with y = q^(1/m), rises and bends upward, so that Newton's first step, from the y before, ends above
// its root and the others come down to it. The power of that y is known: it is the flow.
func (n *network) step(flow, inflow float64) float64 {
	y, rise := 0.0, 0.0
	q := flow * n.mm
	if q > 0 {
		y = raise(q, n.toM)
		rise = n.dt * q / y
	} else if n.m == 1 {
		rise = n.dt
	}
	water := n.k*y + n.dt*inflow*n.mm
	if water <= 0 {
		return 0
	}
	y = math.Min(y-n.dt*(q-inflow*n.mm)/(n.k+n.m*rise), water/n.k)
	for range 50 {
		rise = n.dt * raise(y, n.m-1)
		last := y
		y -= (n.k*y + rise*y - water) / (n.k + n.m*rise)
		if !(last-y > 1e-7*y) { // the next step would be of its square
			break
		}
	}
	return raise(y, n.m) / n.mm // not what the balance leaves: a trickle would drown in its rounding, and the water it stands for
}

// raise is x to the power of a, up to 8, for x above 0, within 2e-13 of itself.
func raise(x, a float64) float64 {
	if !(x > 1e-300 && x < 1e300) {
		return math.Pow(x, a)
	}
	return exp2(a * log2(x))
}
