// Package quantity holds exact decimal figures, their units, and the rates and changes formed from them.
//
// A Decimal has six decimals in an int64, so an amount in 万元 is exact to the fen and sums are exact in Go and in SQL.
// Rates are formed from the exact figures with 128-bit steps and rounded once, half away from zero, for display.
package quantity
