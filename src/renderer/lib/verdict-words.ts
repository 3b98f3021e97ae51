import type { TFunction } from 'i18next'
import type { Fit } from '../../shared/contract/fit.ts'

/** Such as `Fits in memory`, and how narrowly. */
export function verdictWords(t: TFunction, { verdict, isTight }: Pick<Fit, 'verdict' | 'isTight'>): string {
  const words = t(`memory.verdict.${verdict}`)
  const fits = verdict !== 'too-large' && verdict !== 'unknown'
  return isTight && fits ? t('memory.tight', { verdict: words }) : words
}
