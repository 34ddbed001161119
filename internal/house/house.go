// Package house holds the tests that keep the house in order: imports run down only, every package says what it is for, nothing
// reads the clock where an instant is an argument, and functions, files and texts keep to their measure.
//
// It has no code of its own. Each rule is a row with its reason; an exception is a row too, and is refused once it is not needed.
package house
