// Package fault holds the few kinds of error that cross a room's door, and the bilingual text that a person reads of them.
//
// A fault says what was wrong and where; the cause behind it stays in the chain for the operator. The web maps each kind
// to one HTTP status in one table. This package leaves logging and transport to others.
package fault

import (
	"errors"
	"fmt"
)

// Kind is the class of a fault; a caller branches on it.
type Kind string

// The kinds of fault.
const (
	Invalid         Kind = "invalid"         // the input is wrong; the sender can mend it
	Unauthenticated Kind = "unauthenticated" // nobody is signed in
	Forbidden       Kind = "forbidden"       // the person may not do this here
	NotFound        Kind = "not_found"       // no such thing, or none that this person may see
	Conflict        Kind = "conflict"        // somebody else was faster, or the state does not allow it
	TooLarge        Kind = "too_large"       // more bytes or rows than the limit
	TooMany         Kind = "too_many"        // too many tries; come back later
	Unavailable     Kind = "unavailable"     // the store or a neighbour is away
	Internal        Kind = "internal"        // a bug of this program
)

// Text is a sentence in both languages of the product.
type Text struct {
	Zh string `json:"zh" yaml:"zh"`
	En string `json:"en" yaml:"en"`
}

// T makes a Text.
func T(zh, en string) Text { return Text{Zh: zh, En: en} }

// Tf makes a Text from two formats that take the same arguments in the same order.
func Tf(zh, en string, args ...any) Text {
	return Text{Zh: fmt.Sprintf(zh, args...), En: fmt.Sprintf(en, args...)}
}

// String returns the English text, for logs.
func (t Text) String() string { return t.En }

// Field names one place of the input and what is wrong there.
type Field struct {
	// Place is a path in the input: "lines[3].value", "Sheet1!C7", "indicators[2].unit (line 41)".
	Place string `json:"place"`
	Text
}

// Error is a fault: a kind, a stable code to branch or translate on, the text for people, and the places.
type Error struct {
	Kind   Kind
	Code   string // dotted, stable: "return.stale"
	Text   Text
	Fields []Field
	// Current is what the store holds where two people edited one thing, so that the later sees both.
	Current any
	cause   error
}

// New makes a fault of a kind with its code and text.
func New(kind Kind, code string, text Text) *Error {
	return &Error{Kind: kind, Code: code, Text: text}
}

// Error implements error: the English text, the places and the cause.
func (e *Error) Error() string {
	s := e.Code + ": " + e.Text.En
	for i, f := range e.Fields {
		if i == 3 {
			s += fmt.Sprintf(" (+%d more)", len(e.Fields)-i)
			break
		}
		s += "; " + f.Place + ": " + f.En
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Because keeps the cause for the operator; people do not see it.
func (e *Error) Because(cause error) *Error { e.cause = cause; return e }

// At adds a place of the input.
func (e *Error) At(place string, text Text) *Error {
	e.Fields = append(e.Fields, Field{Place: place, Text: text})
	return e
}

// With keeps what the store holds, shown beside what was sent.
func (e *Error) With(current any) *Error { e.Current = current; return e }

// Invalidf makes an Invalid fault.
func Invalidf(code, zh, en string, args ...any) *Error {
	return New(Invalid, code, Tf(zh, en, args...))
}

// NotFoundf makes a NotFound fault.
func NotFoundf(code, zh, en string, args ...any) *Error {
	return New(NotFound, code, Tf(zh, en, args...))
}

// Conflictf makes a Conflict fault.
func Conflictf(code, zh, en string, args ...any) *Error {
	return New(Conflict, code, Tf(zh, en, args...))
}

// Forbiddenf makes a Forbidden fault.
func Forbiddenf(code, zh, en string, args ...any) *Error {
	return New(Forbidden, code, Tf(zh, en, args...))
}

// KindOf returns the kind of err, Internal for an error that is no fault, and "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is a fault of this kind.
func Is(err error, kind Kind) bool { return KindOf(err) == kind }
