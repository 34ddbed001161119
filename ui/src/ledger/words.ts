/** What a step of an entry is called. */
import type { LedgerDetail, LedgerStep } from '@/api/ledger'
import { say } from '@/lib/i18n'

export function stepName(entry: LedgerDetail, step: LedgerStep, t: (key: string, named: Record<string, unknown>) => string): string {
  if (step.mark) return t(step.holds ? 'ledger.entry.markSet' : 'ledger.entry.markOff', { name: say(entry.rules.marks.find((m) => m.id === step.mark)?.name) || step.mark })
  if (step.state) return say(entry.rules.states.find((s) => s.id === step.state)?.name) || step.state
  return t('ledger.entry.scored', {})
}
