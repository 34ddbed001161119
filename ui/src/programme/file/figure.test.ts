import { expect, it } from 'vitest'
import type { ReturnRow } from '@/api/filing'
import { changeText } from './figure'

it('a rate changes in points, an amount in percent, a stage not at all', () => {
  const f = (indicator: object, [value, denominator, last, lastBase]: (number | null)[], want: string) =>
    expect(changeText({ indicator, value, denominator, last, last_denominator: lastBase } as unknown as ReturnRow, 'en')).toBe(want)
  f({ unit: 'percent', ratio: {} }, [87, 90, 80, 90], '+7.8 pp')
  f({ unit: 'percent', ratio: {} }, [87, 90, 80, 0], '')
  f({ unit: 'percent' }, [12, null, 15, null], '−3.0 pp')
  f({ unit: 'wan_yuan' }, [67, null, 50, null], '+34.0%')
  f({ unit: 'wan_yuan' }, [67, null, 0, null], '')
  f({ unit: 'one', options: [{}] }, [2, null, 1, null], '')
})
