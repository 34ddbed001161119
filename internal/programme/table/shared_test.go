package table_test

import (
	"os"
	"path/filepath"
	"testing"
)

// shared reads a file that lies beside the repository.
func shared(t testing.TB, parts ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(append([]string{"..", "..", "..", "..", "shared"}, parts...)...))
	if err != nil {
		t.Skipf("the published tables are not beside the repository: %v", err)
	}
	return data
}
