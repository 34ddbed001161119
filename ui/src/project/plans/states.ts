/** How far a plan document may be taken by the reader: the screen offers what the server takes. */
import type { CountyPlan, CountyPlans } from '@/api/project'

export const planStates = ['none', 'drafting', 'submitted', 'approved'] as const
export type PlanState = (typeof planStates)[number]

export function statesFor(plan: { plan: Pick<CountyPlans['plan'], 'approval'> }, county: Pick<CountyPlan, 'state' | 'may_write' | 'may_approve'>): PlanState[] {
  const asks = Boolean(plan.plan.approval)
  return planStates.filter((s) => {
    if (s === county.state) return false
    if (s === 'approved') return asks ? county.may_approve : county.may_write
    return county.may_approve || (county.may_write && !(asks && county.state === 'approved'))
  })
}
