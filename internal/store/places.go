package store

import (
	"strconv"
	"strings"
)

// Places writes "$3, $4" for so many parameters from a number on. For none it is empty, which IN () on PostgreSQL refuses: ask before.
func Places(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(from+i))
	}
	return b.String()
}
