import type { TFunction } from 'i18next'
import type { Sampling, SamplingName } from '../../shared/lib/sampling.ts'
import { formatNumber } from './i18n/format.ts'
import { writeStopTexts } from './stop-texts.ts'

/** A sampling value as it reads in a list. */
export function samplingValueText(t: TFunction, name: SamplingName, value: Sampling[SamplingName]): string {
  if (value === null) return t(`sampling.empty.${name as 'maxTokens' | 'seed' | 'dryLastTokens'}`)
  if (typeof value === 'number') return formatNumber(value, 2)
  if (typeof value === 'string') return value
  return Array.isArray(value) ? writeStopTexts(value) : t(`sampling.format.${value.type}`)
}
