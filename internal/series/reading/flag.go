package reading

import (
	"slices"

	"anlan/internal/fault"
)

// Flag is what is known against a reading, and what a person said of it (质量标志): one bit each, so that a set is one number.
type Flag uint16

// The flags. Their bits are in stored rows and never change their meaning.
const (
	Absent    Flag = 1 << iota // the station says that it has no value
	Range                      // outside what the quantity can be
	Rate                       // changed faster than it can
	Stuck                      // has not moved for too long
	Reset                      // a counter fell, and how much came in between is not known
	Rollover                   // a counter went past its highest figure
	Clock                      // the station's clock is wrong: the stamp lies in the future, or far in the past
	Neighbour                  // rain unlike that of the stations around
	Unequal                    // counter and interval rain of one station do not agree
	Accepted                   // a person looked and holds it good
	Rejected                   // a person looked and holds it wrong; it never counts
	Corrected                  // a person put another figure in its place
	Overlap                    // a total of a span that another total tells already
)

// verdict are the flags that only a person sets.
const verdict = Accepted | Rejected | Corrected

// impossible are findings that keep a figure out of totals until a person accepts it.
const impossible = Range | Clock | Overlap

// doubts are findings of the checks. A counter that went past its highest figure is no doubt.
const doubts = Range | Rate | Stuck | Reset | Clock | Neighbour | Unequal | Overlap

// The sets by which SQL tells what counts as Flag.Counts does; TestTheStoreCountsAsTheRule holds them together.
const (
	NeverCounts  = Rejected | Absent
	AlwaysCounts = Accepted | Corrected
	CountsNot    = impossible
	DoubtMask    = doubts
	VerdictMask  = verdict
)

// Counts reports whether a figure with these flags may enter totals and judgements.
func (f Flag) Counts() bool {
	if f&NeverCounts != 0 {
		return false
	}
	return f&AlwaysCounts != 0 || f&impossible == 0
}

// Doubted reports whether a check found something and nobody has looked yet.
func (f Flag) Doubted() bool { return f&doubts != 0 && f&verdict == 0 }

// Judged reports whether a person said something of the reading.
func (f Flag) Judged() bool { return f&verdict != 0 }

// Found keeps the findings and drops a person's verdict.
func (f Flag) Found() Flag { return f &^ verdict }

// FlagName is a flag with its names.
type FlagName struct {
	Flag Flag       `json:"-"`
	Code string     `json:"code"`
	Name fault.Text `json:"name"`
}

// FlagNames lists the flags in the order of their bits.
func FlagNames() []FlagName { return slices.Clone(flagNames) }

var flagNames = []FlagName{
	{Absent, "absent", fault.T("缺测", "no value")},
	{Range, "range", fault.T("超出合理范围", "out of plausible range")},
	{Rate, "rate", fault.T("变化过快", "too fast a change")},
	{Stuck, "stuck", fault.T("长时间不变", "stuck")},
	{Reset, "reset", fault.T("累计值归零", "counter reset")},
	{Rollover, "rollover", fault.T("累计值翻转", "counter rolled over")},
	{Clock, "clock", fault.T("时钟异常", "clock error")},
	{Neighbour, "neighbour", fault.T("与邻站不符", "unlike its neighbours")},
	{Unequal, "unequal", fault.T("累计与时段雨量不符", "counter and interval rain differ")},
	{Accepted, "accepted", fault.T("人工认可", "accepted")},
	{Rejected, "rejected", fault.T("人工剔除", "rejected")},
	{Corrected, "corrected", fault.T("人工订正", "corrected")},
	{Overlap, "overlap", fault.T("时段重叠", "span told already")},
}

// Codes lists the flags that are set.
func (f Flag) Codes() []string {
	out := []string{}
	for _, n := range flagNames {
		if f&n.Flag != 0 {
			out = append(out, n.Code)
		}
	}
	return out
}
