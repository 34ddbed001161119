package definition

import (
	"regexp"
	"slices"
	"time"

	"anlan/internal/fault"
)

// The forms of names in definitions.
var (
	ID   = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)              // a file's id: "small-reservoirs"
	Word = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)                          // one word: a line of work, a kind, a part's id
	Day  = regexp.MustCompile(`^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`) // of every year: "09-30"
	Code = regexp.MustCompile(`^[a-z][a-z0-9]*(\.[a-z0-9][a-z0-9_]*)+$`)    // words with dots between: "sr.dam.03"
)

// Check gathers what is wrong with what a file says, each at its line. It is for one goroutine.
type Check struct {
	places *Places
	bad    *fault.Error
}

// Check begins the checks of a file that was read; bad is the fault that they make if anything is wrong.
func (p *Places) Check(bad *fault.Error) *Check { return &Check{p, bad} }

// Say notes that something is wrong at a path. No more than MaxFaults are noted.
func (c *Check) Say(path, zh, en string, args ...any) { c.Tell(path, fault.Tf(zh, en, args...)) }

// Tell is Say with a sentence that is made already.
func (c *Check) Tell(path string, t fault.Text) {
	if len(c.bad.Fields) < MaxFaults {
		c.bad.At(c.places.At(path), t)
	}
}

// Text wants both languages.
func (c *Check) Text(path string, t fault.Text) {
	if t.Zh == "" || t.En == "" {
		c.Say(path, "中英文均须填写", "both languages are required")
	}
}

// Form wants a value of a form.
func (c *Check) Form(path, value string, form *regexp.Regexp) {
	if !form.MatchString(value) {
		c.Say(path, "%q 格式有误", "%q is not well formed", shortened(value))
	}
}

// OneOf wants one of several values.
func (c *Check) OneOf(path, value string, list []string) {
	if !slices.Contains(list, value) {
		c.Say(path, "%q 不在可选值 %v 之内", "%q is not one of %v", shortened(value), list)
	}
}

// Yearly wants a day of every year, which 29 February is not.
func (c *Check) Yearly(path, value string) {
	if _, err := time.Parse(time.DateOnly, "2023-"+value); err != nil || !Day.MatchString(value) {
		c.Say(path, "%q 不是 09-30 形式的日期", "%q is not a day of the form 09-30", shortened(value))
	}
}

// Once wants a value that was not seen yet, and remembers it.
func (c *Check) Once(path, value string, seen map[string]bool) {
	if seen[value] {
		c.Say(path, "%s 重复", "%s stands twice", shortened(value))
	}
	seen[value] = true
}

// Version wants a version of 1 or more at the key "version".
func (c *Check) Version(n int) {
	if n < 1 {
		c.Say("version", "版本号从 1 开始", "versions begin with 1")
	}
}

// Err is the fault, or nil where nothing is wrong.
func (c *Check) Err() error {
	if len(c.bad.Fields) == 0 {
		return nil
	}
	return c.bad
}
