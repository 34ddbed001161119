package reservoir

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/fault"
)

// MaxPoints bounds how many points a curve's file may have.
const MaxPoints = 100_000

// storages are the columns of storage that a curve may have, and what one of each is in million m³.
func storages() map[string]float64 {
	return map[string]float64{"storage_m3": 1e-6, "storage_1e4m3": 1e-2, "storage_1e6m3": 1, "storage_1e8m3": 100}
}

// ReadCurve reads a CSV with the columns level_m, outflow_m3s and one of storage_m3, storage_1e4m3, storage_1e6m3 and storage_1e8m3, in
// any order and beside others. What cannot be is told with the file's name and the line.
func ReadCurve(name string, in io.Reader) (*Curve, error) {
	r := csv.NewReader(bufio.NewReader(in))
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, fault.Invalidf("reservoir.empty", "%s 是空文件", "%s is empty", name)
	}
	if err != nil {
		return nil, fault.Invalidf("reservoir.syntax", "%s：没有表头：%v", "%s: there is no header: %v", name, err)
	}
	columns, factor, err := curveColumns(name, head)
	if err != nil {
		return nil, err
	}
	var values [3][]float64
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fault.Invalidf("reservoir.syntax", "%s：%v", "%s: %v", name, err)
		}
		line, _ := r.FieldPos(0)
		if len(values[0]) >= MaxPoints {
			return nil, fault.New(fault.TooLarge, "reservoir.size", fault.Tf("%s 超过 %d 点", "%s has more than %d points", name, MaxPoints))
		}
		for k, i := range columns {
			v, err := strconv.ParseFloat(strings.TrimSpace(row[i]), 64)
			if err != nil {
				return nil, fault.Invalidf("reservoir.number", "%s 第 %d 行 %s 列：%q 不是数", "%s line %d, column %s: %q is no number", name, line, head[i], row[i])
			}
			if k == 1 {
				v *= factor
			}
			values[k] = append(values[k], v)
		}
		if err := checkPoint(values[0], values[1], values[2], len(values[0])-1); err != nil {
			return nil, fmt.Errorf("%s line %d: %w", name, line, err)
		}
	}
	c, err := NewCurve(values[0], values[1], values[2])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

// curveColumns finds level, storage and outflow among the columns, and what a storage is in million m³.
func curveColumns(name string, head []string) (columns [3]int, factor float64, err error) {
	columns = [3]int{-1, -1, -1}
	put := func(k, i int) {
		if columns[k] >= 0 && err == nil {
			err = fault.Invalidf("reservoir.column", "%s 第 1 行：%s 与 %s 列重复", "%s line 1: the columns %s and %s stand for the same", name, head[columns[k]], head[i])
		}
		columns[k] = i
	}
	for i, c := range head {
		c = strings.TrimSpace(strings.TrimPrefix(c, "\ufeff"))
		switch f := storages()[c]; {
		case c == "level_m":
			put(0, i)
		case f != 0:
			put(1, i)
			factor = f
		case c == "outflow_m3s":
			put(2, i)
		}
	}
	if err == nil && slices.Contains(columns[:], -1) {
		err = fault.Invalidf("reservoir.column", "%s 第 1 行：须有 level_m、outflow_m3s 及 storage_m3、storage_1e4m3、storage_1e6m3、storage_1e8m3 之一，现为 %v",
			"%s line 1: level_m, outflow_m3s and one of storage_m3, storage_1e4m3, storage_1e6m3, storage_1e8m3 are needed, it has %v", name, head)
	}
	return columns, factor, err
}
