/** What stages, milestones, sources and the like are called: the rules in force, read once. */
import { shallowRef } from 'vue'
import type { Milestone, ProjectWords } from '@/api/project'
import type { Text } from '@/api/types'
import { say } from '@/lib/i18n'
import { language } from '@/lib/settings'
import { readWords } from './read'

export const projectWords = shallowRef<ProjectWords | null>(null)
let asked: Promise<void> | null = null

export function loadProjectWords(): Promise<void> {
  asked ??= readWords().then(
    (words) => void (projectWords.value = words),
    () => void (asked = null),
  )
  return asked
}

const named = (list: readonly { id: string; name: Text }[] | undefined, id: string): string => say(list?.find((x) => x.id === id)?.name) || id

/** Names one after another, as the language writes a list. */
export const listed = (names: readonly string[]): string => names.join(language.value === 'zh' ? '、' : ', ')

export const stageName = (id: string): string => named(projectWords.value?.rules.stages, id)
export const kindName = (id: string): string => named(projectWords.value?.rules.kinds, id)
export const programmeName = (id: string): string => named(projectWords.value?.rules.programmes, id)
export const milestoneName = (id: string): string => named(projectWords.value?.rules.milestones, id)
export const sourceName = (id: string): string => named(projectWords.value?.rules.funding.sources, id)
export const moneyStepName = (id: string): string => named(projectWords.value?.rules.funding.steps, id)
export const milestoneOf = (id: string): Milestone | undefined => projectWords.value?.rules.milestones.find((m) => m.id === id)
export const stageAt = (id: string): number => projectWords.value?.rules.stages.findIndex((s) => s.id === id) ?? -1
