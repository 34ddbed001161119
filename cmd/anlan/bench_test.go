package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestBenchOfTheProgrammes runs the whole bench at its smallest: every step answers and prints its line.
func TestBenchOfTheProgrammes(t *testing.T) {
	var out bytes.Buffer
	b := newBench(&out, benchSize{cities: 1, counties: 12, indicators: 45, years: 2, loading: time.Minute, requests: 2, together: 50 * time.Millisecond}, t.TempDir())
	if err := b.run(t.Context()); err != nil {
		t.Fatalf("%v after\n%s", err, out.String())
	}
	for _, want := range []string{"12960 figures", "cockpit of a city", "8 clients reading the cockpit", "then the figure in the ranking", "then the figure in the cockpit", "whole month recomputed", "import of 90 rows, a month", "import of 576 rows, a return each"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no line tells %q:\n%s", want, out.String())
		}
	}
}

// TestBenchOfIngest runs stations against a server: evenly, and as fast as they are confirmed.
func TestBenchOfIngest(t *testing.T) {
	for _, rate := range []int{0, 400} {
		var out bytes.Buffer
		b := &ingestBench{bench: newBench(&out, benchSize{}, t.TempDir()), stations: 40, frames: 5, rate: rate}
		if err := b.run(t.Context()); err != nil {
			t.Fatalf("%v after\n%s", err, out.String())
		}
		for _, want := range []string{"40 over TCP, 5 frames each", "from a frame to its judgement and confirmation", "µs a frame", "judged in the same commit"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("no line tells %q:\n%s", want, out.String())
			}
		}
	}
}

// TestBenchOfBulletins runs the bench at its smallest.
func TestBenchOfBulletins(t *testing.T) {
	var out bytes.Buffer
	b := &bulletinBench{newBench(&out, benchSize{cities: 1, counties: 3}, t.TempDir()), 2}
	if err := b.run(t.Context()); err != nil {
		t.Fatalf("%v after\n%s", err, out.String())
	}
	for _, want := range []string{"loaded", "city bulletin, again", "3 county sheets"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no line tells %q:\n%s", want, out.String())
		}
	}
}
