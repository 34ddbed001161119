package pack

import "anlan/internal/definition"

// Change is one difference between two versions of a pack.
type Change = definition.Change

// Diff lists what changes from one version of a pack to the next; past figures could not be read the same way after a breaking one.
func Diff(old, fresh *Pack) []Change {
	return definition.Diff(old, fresh, func(list, field string) bool {
		switch list {
		case "indicators":
			return oneOf(field, "", "unit", "kind", "ratio", "formula", "rollup", "level")
		case "forms":
			return field == ""
		case "targets":
			return oneOf(field, "indicator", "judge")
		}
		return false
	})
}
