import { useTranslation } from 'react-i18next'
import type { Sampling, SamplingName } from '../../../shared/lib/sampling.ts'
import { formatNumber } from '../../lib/i18n/format.ts'

/** A sampling value as a person reads it, in the current language. */
export function useSamplingText(): (name: SamplingName, value: Sampling[SamplingName]) => string {
  const { t } = useTranslation()
  return (name, value) => {
    if (value === null) return t(`sampling.empty.${name as 'maxTokens' | 'seed' | 'dryLastTokens'}`)
    // A seed is copied to be used again: without separators.
    if (typeof value === 'number') return name === 'seed' ? String(value) : formatNumber(value, 2)
    if (typeof value === 'string') return value || t('message.none')
    if (Array.isArray(value)) return value.map((text) => JSON.stringify(text)).join(', ') || t('message.none')
    const format = t(`sampling.format.${value.type}`)
    if (value.type === 'json-schema') return `${format}\n${value.schema}`
    return value.type === 'grammar' ? `${format}\n${value.source}` : format
  }
}
