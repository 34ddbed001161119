package house

import (
	"bytes"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// unwanted are words that bind the sources to one machine or one mirror. They are put together here, so that this file passes.
var unwanted = []struct{ word, reason string }{
	{"/wo" + "rk/", "a path of one machine"},
	{"registry." + "npmjs", "which registry packages come from is each machine's own setting"},
	{"registry." + "npmmirror", "which registry packages come from is each machine's own setting"},
	{"registry." + "yarnpkg", "which registry packages come from is each machine's own setting"},
	{"proxy." + "golang.org", "which proxy modules come from is each machine's own setting"},
	{"goproxy." + "cn", "which proxy modules come from is each machine's own setting"},
	{"deb." + "debian.org", "which mirror packages come from is each machine's own setting"},
}

func isText(b []byte) bool { return bytes.IndexByte(b[:min(len(b), 8000)], 0) < 0 }

// TestTextsNameNoMachine looks for words that hold on one machine only.
func TestTextsNameNoMachine(t *testing.T) {
	for _, name := range files(t) {
		b, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // a temporary file of an editor
		}
		if err != nil {
			t.Error(err)
			continue
		}
		if !isText(b) {
			continue
		}
		for _, u := range unwanted {
			if i := bytes.Index(b, []byte(u.word)); i >= 0 {
				t.Errorf("%s:%d names %q: %s", name, 1+bytes.Count(b[:i], []byte("\n")), u.word, u.reason)
			}
		}
	}
}

// TestLockFileNamesNoHost keeps addresses of downloads out of the lock file; npm then asks the registry it is set to.
func TestLockFileNamesNoHost(t *testing.T) {
	for file, rule := range map[string]struct {
		word string
		want bool
	}{
		"ui/package-lock.json": {`"resolved"`, false},
		"ui/.npmrc":            {"omit-lockfile-registry-resolved=true", true},
	} {
		b, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Error(err)
			continue
		}
		if strings.Contains(string(b), rule.word) != rule.want {
			t.Errorf("%s: holds %s: %v, want %v", file, rule.word, !rule.want, rule.want)
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// TestLinksLeadSomewhere follows the links between the documents of the repository.
func TestLinksLeadSomewhere(t *testing.T) {
	repository := os.DirFS(root)
	for _, name := range files(t) {
		if path.Ext(name) != ".md" {
			continue
		}
		b, err := fs.ReadFile(repository, name)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, m := range link.FindAllSubmatch(b, -1) {
			u, err := url.Parse(string(m[1]))
			if err != nil || u.IsAbs() || u.Path == "" {
				continue
			}
			to := path.Join(path.Dir(name), u.Path)
			if _, err := fs.Stat(repository, to); err != nil && strings.HasPrefix(to, "docs/images/") {
				t.Logf("%s shows %s, which has not been taken yet", name, to)
			} else if err != nil {
				t.Errorf("%s links to %s, which is not there", name, m[1])
			}
		}
	}
}

var changeHead = regexp.MustCompile(`^(New|Change|Fix|Security): \S.{0,78}$`)

// TestChangesAreWellFormed holds each file of the changelog against changelog/README.md.
func TestChangesAreWellFormed(t *testing.T) {
	names := regexp.MustCompile(`^changelog/(unreleased|v\d+\.\d+\.\d+[^/]*)/\d{4}-[a-z0-9-]+\.md$`)
	for _, name := range files(t) {
		if !strings.HasPrefix(name, "changelog/") || name == "changelog/README.md" {
			continue
		}
		if !names.MatchString(name) {
			t.Errorf("%s: a change is one file named NNNN-words.md in changelog/unreleased", name)
			continue
		}
		b, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Error(err)
			continue
		}
		head, body, _ := strings.Cut(string(b), "\n")
		if !changeHead.MatchString(head) {
			t.Errorf("%s: the first line is %q, not New, Change, Fix or Security, a colon and a sentence", name, head)
		}
		if !strings.HasPrefix(body, "\n") || len(strings.Fields(body)) < 5 {
			t.Errorf("%s: after an empty line says in a few sentences what changes for the user", name)
		}
	}
}
