package objectrule

import "anlan/internal/quantity"

// ReservoirScale is the scale of a reservoir with this total storage in 万 m³ (SL 252, table of ranks): 大(1) from 10⁹ m³, 大(2) from
// 10⁸, 中 from 10⁷, 小(1) from 10⁶, 小(2) from 10⁵. ok is false below, where it is a hill pond, and where the storage is absent.
func ReservoirScale(storageWanM3 quantity.Null) (s Scale, ok bool) {
	if !storageWanM3.Valid {
		return "", false
	}
	for _, step := range []struct {
		from int64
		s    Scale
	}{{100_000, Large1}, {10_000, Large2}, {1_000, Medium}, {100, Small1}, {10, Small2}} {
		if storageWanM3.Decimal >= quantity.Int(step.from) {
			return step.s, true
		}
	}
	return "", false
}

// PondStorage reports whether a storage in 万 m³ is that of a hill pond: from 1 to under 10.
func PondStorage(storageWanM3 quantity.Decimal) bool {
	return storageWanM3 >= quantity.Int(1) && storageWanM3 < quantity.Int(10)
}

// WaterworksScale is the size class of a rural waterworks by the people it is built to serve and the water it is built to give in
// a day, in m³. Either may be absent; ok is false where both are, or where what is known does not decide.
func (r Rules) WaterworksScale(population, supplyM3Day quantity.Null) (s Scale, ok bool) {
	switch {
	case population.Valid && population.Decimal >= quantity.Int(r.LargeWorksPeople),
		supplyM3Day.Valid && supplyM3Day.Decimal >= quantity.Int(r.LargeWorksM3Day):
		return Over10000, true
	case !population.Valid:
		return "", false
	case population.Decimal >= quantity.Int(r.SmallWorksPeople):
		return Over1000, true
	}
	return Under1000, true
}

// ChargesAsRequired reports whether a waterworks charges as its size asks: by meter from 1,000 people on, by meter or at a flat
// rate below (按要求收费). known is false where the size or the way of charging is not known.
func ChargesAsRequired(s Scale, charging string) (ok, known bool) {
	if s == "" || charging == "" {
		return false, false
	}
	return charging == "metered" || charging == "flat" && s == Under1000, true
}

// Authority is the level of government whose water office reviews an appraisal (鉴定审定部门).
type Authority string

// The levels; "" where what is known does not decide.
const (
	ByProvince Authority = "province"
	ByCity     Authority = "city"
	ByCounty   Authority = "county"
)

// ReviewAuthority names who reviews the appraisal of a reservoir dam: the province large ones, and medium ones that threaten a county
// town or are 50 m high; the city other medium ones, and small ones that threaten a county town or are 30 m high; the county the
// rest. Absent facts that would decide leave it open.
func (r Rules) ReviewAuthority(s Scale, damHeightM quantity.Null, countyTown *bool) Authority {
	above, limit := ByProvince, r.ProvinceDamM
	below := ByCity
	switch s {
	case Large1, Large2:
		return ByProvince
	case Medium:
	case Small1, Small2:
		above, limit, below = ByCity, r.CityDamM, ByCounty
	default:
		return ""
	}
	if countyTown != nil && *countyTown || damHeightM.Valid && damHeightM.Decimal >= quantity.Int(limit) {
		return above
	}
	if countyTown == nil || !damHeightM.Valid {
		return ""
	}
	return below
}
