/** A range of months as the URL holds it: the last month is the period of every page, the first is this list's own. */
import { addMonths } from '@/lib/time'

const form = /^\d{4}-(0[1-9]|1[0-2])$/

export const isMonth = (text: string): boolean => form.test(text)

export interface Months {
  from: string
  to: string
}

/** The month that returns are due for: the one before today's. */
export const reported = (today: string): string => addMonths(today.slice(0, 7), -1)

/** Reads a range; a range that is turned round is taken the other way. */
export function monthsOf(from: string, to: string, today: string): Months {
  const last = isMonth(to) ? to : reported(today)
  const first = isMonth(from) ? from : last
  return first <= last ? { from: first, to: last } : { from: last, to: first }
}
