package main

import (
	"os"
	"strings"
	"testing"
)

// TestHelpIsAWholeExample does what each help text shows: it writes its files, runs its commands, and gets what stands there.
func TestHelpIsAWholeExample(t *testing.T) {
	for name, help := range map[string][]string{
		"xaj": {"model", "xaj", "--help"}, "muskingum": {"model", "muskingum", "--help"}, "reservoir": {"model", "reservoir", "--help"}, "flashflood": {"model", "flashflood", "--help"}, "calibrate": {"calibrate", "--help"}, "verify": {"verify", "--help"},
	} {
		t.Run(name, func(t *testing.T) {
			code, text, errs := anlan(t, help...)
			if code != 0 || !strings.Contains(text, "$ anlan ") {
				t.Fatalf("exit %d: %s%s", code, text, errs)
			}
			t.Chdir(t.TempDir())
			play(t, text)
		})
	}
}

// play follows the lines that begin with a dollar sign.
func play(t *testing.T, text string) {
	t.Helper()
	_, text, _ = strings.Cut(text, "An example:\n")
	for _, step := range strings.Split(text, "\n$ ")[1:] {
		line, rest, _ := strings.Cut(step, "\n")
		words := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "cat > "):
			body, _, ok := strings.Cut(rest, "END")
			if !ok {
				t.Fatalf("no END after %q", line)
			}
			if err := os.WriteFile(words[2], []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
		case words[0] == "cat":
			got, err := os.ReadFile(words[1])
			if err != nil || strings.TrimSpace(string(got)) != strings.TrimSpace(rest) {
				t.Errorf("%s holds\n%s\n%v, the help says\n%s", words[1], got, err, rest)
			}
		case words[0] == "anlan":
			code, out, errs := anlan(t, words[1:]...)
			if code != 0 || strings.TrimSpace(out) != strings.TrimSpace(rest) {
				t.Errorf("%s: exit %d\n%s%s, the help says\n%s", line, code, out, errs, rest)
			}
		default:
			t.Errorf("what is %q?", line)
		}
	}
}
