import { describe, expect, it } from 'vitest'
import { addMonths, dateOf, dateTime, daysBetween, month, monthName, relative } from './time'

describe('time', () => {
  it('writes instants in Beijing, whatever the machine thinks', () => {
    expect(dateTime('2026-07-02T00:30:00Z')).toBe('2026-07-02 08:30')
    expect(dateTime('2026-06-30T16:00:00Z')).toBe('2026-07-01 00:00')
    expect(dateOf('2025-12-31T23:00:00Z')).toBe('2026-01-01')
  })
  it('knows no summer time: in July 1988 Beijing is 8 hours ahead too', () => {
    expect(dateTime('1988-07-02T00:00:00Z')).toBe('1988-07-02 08:00')
  })
  it('writes months in both languages', () => {
    expect(month('2026-05', 'zh')).toBe('2026年5月')
    expect(month('2026-05', 'en')).toBe('May 2026')
    expect(month('', 'zh')).toBe('—')
    expect(monthName('2026-12', 'zh')).toBe('12月')
  })
  it('counts months over the turn of the year', () => {
    expect(addMonths('2026-01', -1)).toBe('2025-12')
    expect(addMonths('2025-11', 14)).toBe('2027-01')
  })
  it('counts whole days', () => {
    expect(daysBetween('2026-06-09', '2026-06-30')).toBe(21)
    expect(daysBetween('2026-03-01', '2026-02-28')).toBe(-1)
  })
  it('says how long ago', () => {
    const now = Date.parse('2026-06-09T08:00:00Z')
    expect(relative('2026-06-09T07:20:00Z', now, 'zh')).toBe('40 分钟前')
    expect(relative('2026-06-12T08:00:00Z', now, 'en')).toBe('in 3 d')
  })
})
