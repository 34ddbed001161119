package pack

import (
	"anlan/internal/definition"
	"anlan/internal/fault"
)

// MaxSize bounds the YAML of one pack, in bytes.
const MaxSize = definition.MaxSize

// MaxFaults bounds how many places one refusal names.
const MaxFaults = definition.MaxFaults

// Parse reads one pack. Unknown keys, keys that stand twice and wrong types are reported together, each with its path and
// line; what the keys say is the business of NewCatalogue. Anchors and aliases are refused, so that a small file cannot stand for a large one.
func Parse(name string, src []byte) (*Pack, error) {
	p, _, err := definition.Parse[Pack](definition.Sort{Code: "pack", Name: fault.T("指标包", "pack")}, name, src)
	return p, err
}

// Format writes a pack as YAML, always the same for the same pack.
func Format(p *Pack) []byte { return definition.Format(p) }
