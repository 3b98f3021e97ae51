import type { Language } from '../../shared/texts/format.ts'
import type { Messages } from '../../shared/texts/messages.ts'
import { en } from './en.ts'
import { zh } from './zh.ts'

/** A key that is missing in one of the languages does not compile. */
export type CommandTexts = Messages<typeof en>

const texts: Record<Language, CommandTexts> = { en, zh }

export function textsOf(language: Language): CommandTexts {
  return texts[language]
}
