package xaj

import "anlan/internal/fault"

// RunMany takes many units through the same steps, each in one or more members of an ensemble, and writes the flow at each outlet in
// m³/s. States and flow hold a row for each unit of the first member, then of the second, and so on; rain and pet (mm) hold as many
// rows, or one for each unit, which the members then share, or one for all.
//
// It allocates nothing. Rows do not touch each other, so that a caller may share them out among goroutines.
func RunMany(units []*Unit, states []State, rain, pet, flow [][]float64) error {
	if len(units) == 0 || len(states)%len(units) != 0 || len(flow) != len(states) {
		return fault.Invalidf("xaj.rows", "%d 个单元、%d 个状态、%d 列流量，个数不符", "%d units, %d states and %d rows of flow do not fit", len(units), len(states), len(flow))
	}
	if err := fit("rain", rain, len(units), flow); err != nil {
		return err
	}
	if err := fit("pet", pet, len(units), flow); err != nil {
		return err
	}
	for i := range states {
		units[i%len(units)].Run(&states[i], rain[i%len(rain)], pet[i%len(pet)], flow[i])
	}
	return nil
}

// fit refuses rows of forcing that are too few, or not as long as the flow they make.
func fit(name string, rows [][]float64, units int, flow [][]float64) error {
	if n := len(rows); n != 1 && n != units && n != len(flow) {
		return fault.Invalidf("xaj.rows", "%s 有 %d 列，应为 1、%d 或 %d 列", "%s has %d rows, it may have 1, %d or %d", name, n, units, len(flow))
	}
	for i := range flow {
		if row := rows[i%len(rows)]; len(row) != len(flow[i]) {
			return fault.Invalidf("xaj.length", "%s 第 %d 列有 %d 步，流量有 %d 步", "row %[2]d of %[1]s has %[3]d steps, the flow %[4]d", name, i%len(rows)+1, len(row), len(flow[i]))
		}
	}
	return nil
}
