/** What the doctor found and what it means, wherever it is told. */
import type { Finding } from '../contract/doctor.ts'
import { doctor as en } from './en/doctor.ts'
import { fill } from './fill.ts'
import { formatNumber, type Language } from './format.ts'
import { doctor as zh } from './zh/doctor.ts'

const sentences: Record<Language, Record<string, Record<string, string>>> = { en, zh }

export function findingSentence(language: Language, { code, outcome, data }: Finding): string {
  const shown = Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      typeof value === 'number' ? formatNumber(language, value) : value,
    ]),
  )
  return fill(sentences[language][code]![outcome]!, shown)
}
