package house

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const screenLines = 400

// generatedScreens are files of the user interface that a program writes.
var generatedScreens = []string{"ui/src/api/schema.d.ts", "ui/src/api/openapi.json"}

// screens calls f with each source of the user interface.
func screens(t *testing.T, f func(name string, text []byte)) {
	t.Helper()
	for _, name := range files(t) {
		kinds := []string{".ts", ".vue", ".css", ".html"}
		if !strings.HasPrefix(name, "ui/src/") && name != "ui/index.html" || !slices.Contains(kinds, path.Ext(name)) || slices.Contains(generatedScreens, name) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		f(name, b)
	}
}

// TestScreenFilesAreShort fails for a file of the user interface that should be split by idea.
func TestScreenFilesAreShort(t *testing.T) {
	screens(t, func(name string, text []byte) {
		if n := bytes.Count(text, []byte("\n")); n > screenLines {
			t.Errorf("%s has %d lines, more than %d: split it by idea", name, n, screenLines)
		}
	})
}

// TestScreensAskNobodyElse looks for addresses of other hosts; names of XML vocabularies are no addresses.
func TestScreensAskNobodyElse(t *testing.T) {
	address := regexp.MustCompile(`https?://[^\s"'<>` + "`" + `]+`)
	screens(t, func(name string, text []byte) {
		for _, a := range address.FindAllString(string(text), -1) {
			if !strings.HasPrefix(a, "http://www.w3.org/") {
				t.Errorf("%s names %s: a bureau's screens ask their own server and nobody else", name, a)
			}
		}
	})
}

// TestScreensAreTyped looks for any, by which a mistyped field of the API would pass unseen.
func TestScreensAreTyped(t *testing.T) {
	anything := regexp.MustCompile(`(:|\bas|<|\|)\s*any\b|@ts-(ignore|nocheck)`)
	screens(t, func(name string, text []byte) {
		for i, line := range strings.Split(string(text), "\n") {
			if anything.MatchString(line) {
				t.Errorf("%s:%d turns the types off: %s", name, i+1, strings.TrimSpace(line))
			}
		}
	})
}
