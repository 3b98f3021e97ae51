import type { TFunction } from 'i18next'
import { failureSentence as sentenceIn, type ShownFailure } from '../../../shared/texts/failure-sentence.ts'
import type { Language } from '../../../shared/texts/format.ts'

/** What happened, to which file or model, and what to do, in the language of `t`. */
export function failureSentence(t: TFunction, failure: ShownFailure): string {
  return sentenceIn(t('common.languageCode') as Language, failure)
}
