import i18next from 'i18next'
import type { Finding } from '../../../shared/contract/doctor.ts'
import { findingSentence as sentence } from '../../../shared/texts/finding-sentence.ts'
import type { Language } from '../../../shared/texts/format.ts'

/** In the current language. */
export function findingSentence(finding: Finding): string {
  return sentence(i18next.language as Language, finding)
}
