package store

import "strings"

// Literal makes a person's search words part of a LIKE pattern over LOWER(column) with ESCAPE '\': in small letters, with % and _
// meaning themselves, and without the bytes that PostgreSQL refuses in text.
func Literal(words string) string {
	words = strings.ReplaceAll(strings.ToValidUTF8(words, ""), "\x00", "")
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(words))
}
