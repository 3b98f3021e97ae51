/** Numbers and sizes as a person reads them, in the current language. */
import i18next from 'i18next'
import * as texts from '../../../shared/texts/format.ts'

/** `5,000` */
export function formatNumber(value: number, digits = 0): string {
  return texts.formatNumber(i18next.language, value, digits)
}

/** For a column of figures: always with so many digits behind the point. */
export function formatFigure(value: number, digits: number): string {
  return texts.numberFormat(i18next.language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
}

/** `4.92 GB`; see shared/texts/format.ts, as for those below. */
export function formatSize(sizeBytes: number): string {
  return texts.formatSize(i18next.language, sizeBytes)
}

/** `0.42` → `42%`. */
export function formatPercent(fraction: number): string {
  return texts.formatPercent(i18next.language, fraction)
}

export const { formatParameters } = texts

const dayFormats = {
  zh: new Intl.DateTimeFormat('zh', { year: 'numeric', month: 'numeric', day: 'numeric' }),
  en: new Intl.DateTimeFormat('en', { year: 'numeric', month: 'short', day: 'numeric' }),
}

/** A day, as short as can be read without doubt: `2026/11/21`, `Nov 21, 2026`. */
export function formatDay(timeMs: number): string {
  return dayFormats[i18next.language === 'zh' ? 'zh' : 'en'].format(timeMs)
}

/** `12.3 MB/s` */
export function formatRate(bytesPerSecond: number): string {
  return `${formatSize(bytesPerSecond)}/s`
}

/** `45 sec`, `5 min`, `3 hr`. */
export function formatDuration(seconds: number): string {
  return texts.formatDuration(i18next.language, seconds)
}

/** `a, b, and c` */
export function formatList(names: string[]): string {
  return new Intl.ListFormat(i18next.language).format(names)
}
