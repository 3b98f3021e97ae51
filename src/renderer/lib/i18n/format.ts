/** Numbers and sizes as a person reads them, in the current language. */
import i18next from 'i18next'

const numberFormats = new Map<string, Intl.NumberFormat>()

/** Kept, because making one takes far longer than using it, and tables use thousands. */
function numberFormat(options: Intl.NumberFormatOptions, language = i18next.language): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`
  const format = numberFormats.get(key) ?? new Intl.NumberFormat(language, options)
  numberFormats.set(key, format)
  return format
}

/** `5,000` */
export function formatNumber(value: number, digits = 0): string {
  return numberFormat({ maximumFractionDigits: digits }).format(value)
}

/** For a column of figures: always with so many digits behind the point. */
export function formatFigure(value: number, digits: number): string {
  return numberFormat({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
}

const sizeUnits = [
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
] as const

/** Decimal, as the hubs show sizes: `4.92 GB`, `8.1 MB`. Three digits at most below a thousand. */
export function formatSize(sizeBytes: number): string {
  // From where rounding would give a thousand of the smaller unit.
  const [unit, factor] = sizeUnits.find(([, factor]) => sizeBytes >= factor * 0.9995) ?? (['B', 1] as const)
  return `${numberFormat({ maximumSignificantDigits: 3 }).format(sizeBytes / factor)} ${unit}`
}

/** `0.42` → `42%`. */
export function formatPercent(fraction: number): string {
  return numberFormat({ style: 'percent', maximumFractionDigits: 0 }).format(fraction)
}

/** Parameters of a model: `8.03 B`, `12 M`. */
export function formatParameters(count: number): string {
  return numberFormat({ notation: 'compact', maximumSignificantDigits: 3 }, 'en').format(count)
}

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

/** In the largest unit that is not below two: `45 sec`, `5 min`, `3 hr`. */
export function formatDuration(seconds: number): string {
  const [unit, factor] =
    seconds < 120 ? (['second', 1] as const) : seconds < 7200 ? (['minute', 60] as const) : (['hour', 3600] as const)
  const value = Math.max(1, Math.round(seconds / factor))
  return numberFormat({ style: 'unit', unit, unitDisplay: 'short' }).format(value)
}

/** `a, b, and c` */
export function formatList(names: string[]): string {
  return new Intl.ListFormat(i18next.language).format(names)
}
