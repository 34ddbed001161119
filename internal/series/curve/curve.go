// Package curve reads what a reservoir holds off its level–storage curve (水位库容曲线, SL 323 ST_ZVARL_B), and what that is of its normal and
// total storage.
//
// It only computes. Levels are in metres of the station's datum, storages in 10⁶ m³. Between two points the curve is a straight line;
// outside of them nothing is known, and what is not known is absent and never zero.
package curve

import (
	"fmt"
	"slices"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Point is what a reservoir holds at one level.
type Point struct {
	Level   quantity.Decimal `json:"level_m"`
	Storage quantity.Decimal `json:"storage_1e6m3"`
}

// Curve is a level–storage curve with the figures that storages are read against (ST_RSVRFCCH_B).
type Curve struct {
	Points []Point `json:"points" minItems:"2" maxItems:"2000" doc:"From the lowest level to the highest"`
	// Normal is the level that a reservoir is kept at outside the flood season (正常高水位, NORMZ).
	Normal quantity.Null `json:"normal_level_m" doc:"Level that is kept outside the flood season"`
	// Dead is the level below which water is not drawn (死水位, DDZ).
	Dead quantity.Null `json:"dead_level_m" doc:"Level below which water is not drawn"`
	// Total is what it holds at the most (总库容, TTCP).
	Total quantity.Null `json:"total_storage_1e6m3" doc:"What it holds at the most; that of the register where it is left out"`
	// Surveyed says when and how the curve was made.
	Surveyed string `json:"surveyed,omitempty" maxLength:"200" doc:"When and how the curve was made"`
}

// Check says what is wrong with a curve.
func (c *Curve) Check() error {
	bad := fault.Invalidf("curve.invalid", "库容曲线有误", "the level–storage curve is not valid")
	if len(c.Points) < 2 {
		bad.At("points", fault.T("至少须有两点", "it has two points at least"))
	}
	for i, p := range c.Points {
		place := fmt.Sprintf("points[%d]", i)
		switch {
		case p.Storage < 0:
			bad.At(place, fault.T("库容不能为负", "a storage is not negative"))
		case i > 0 && p.Level <= c.Points[i-1].Level:
			bad.At(place, fault.T("水位须逐点升高", "levels rise from point to point"))
		case i > 0 && p.Storage < c.Points[i-1].Storage:
			bad.At(place, fault.T("库容不能随水位升高而减小", "storage does not fall as the level rises"))
		}
	}
	if c.Normal.Valid && c.Dead.Valid && c.Normal.Decimal <= c.Dead.Decimal {
		bad.At("normal_level_m", fault.T("须高于死水位", "it lies above the dead level"))
	}
	if c.Total.Valid && c.Total.Decimal <= 0 {
		bad.At("total_storage_1e6m3", fault.T("须大于零", "it is more than nothing"))
	}
	if len(bad.Fields) == 0 && c.Normal.Valid {
		if _, ok := c.StorageAt(c.Normal.Decimal); !ok {
			bad.At("normal_level_m", fault.T("不在曲线范围内", "it does not lie on the curve"))
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// StorageAt is the storage at a level; ok is false below the lowest point and above the highest.
func (c *Curve) StorageAt(level quantity.Decimal) (storage quantity.Decimal, ok bool) {
	i, exact := slices.BinarySearchFunc(c.Points, level, func(p Point, level quantity.Decimal) int { return int(min(max(p.Level-level, -1), 1)) })
	switch {
	case exact:
		return c.Points[i].Storage, true
	case i == 0 || i == len(c.Points):
		return 0, false
	}
	a, b := c.Points[i-1], c.Points[i]
	rise, ok := (b.Storage - a.Storage).Mul(level - a.Level)
	if !ok {
		return 0, false
	}
	if rise, ok = rise.Div(b.Level - a.Level); !ok {
		return 0, false
	}
	return a.Storage + rise, true
}

// NormalStorage is the storage at the normal level; absent where that is not given.
func (c *Curve) NormalStorage() quantity.Null {
	if !c.Normal.Valid {
		return quantity.Null{}
	}
	storage, ok := c.StorageAt(c.Normal.Decimal)
	return quantity.Null{Decimal: storage, Valid: ok}
}

// Gain is the mean flow in m³/s that a change of storage in so many seconds comes to: what came in less what went out (净入库, from the
// water balance of a reservoir). ok is false where no time has passed.
func Gain(from, to quantity.Decimal, seconds int64) (flow quantity.Decimal, ok bool) {
	if seconds <= 0 {
		return 0, false
	}
	volume, ok := (to - from).Mul(quantity.Int(1_000_000))
	if !ok {
		return 0, false
	}
	return volume.Div(quantity.Int(seconds))
}
