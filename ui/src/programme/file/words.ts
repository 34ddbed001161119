/** How a stated blank reads and is typed. */
import type { Composer } from 'vue-i18n'
import type { BlankWords } from './entry'

export const blankWords = (t: Composer['t']): BlankWords => ({ none: t('file.blank.none'), not_applicable: t('file.blank.not_applicable') })
