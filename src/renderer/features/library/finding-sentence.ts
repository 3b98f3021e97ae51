import type { TFunction } from 'i18next'
import type { Finding } from '../../../shared/contract/doctor.ts'
import { formatNumber } from '../../lib/i18n/format.ts'

/** What was found and what it means, in the current language: `doctor.<code>.<outcome>` with the finding's data. */
export function findingSentence(t: TFunction, { code, outcome, data }: Finding): string {
  const shown = Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, typeof value === 'number' ? formatNumber(value) : value]),
  )
  return t(`doctor.${code}.${outcome}` as 'library.table', { replace: shown })
}
