/** Numbers, sizes and times as a person reads them. */
export type Language = 'zh' | 'en'

const numberFormats = new Map<string, Intl.NumberFormat>()

/** Kept, because making one takes far longer than using it, and tables use thousands. */
export function numberFormat(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`
  const format = numberFormats.get(key) ?? new Intl.NumberFormat(language, options)
  numberFormats.set(key, format)
  return format
}

/** `5,000` */
export function formatNumber(language: string, value: number, digits = 0): string {
  return numberFormat(language, { maximumFractionDigits: digits }).format(value)
}

const sizeUnits = [
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
] as const

/** Decimal, as the hubs show sizes: `4.92 GB`, `8.1 MB`. Three digits at most below a thousand. */
export function formatSize(language: string, sizeBytes: number): string {
  // From where rounding would give a thousand of the smaller unit.
  const [unit, factor] = sizeUnits.find(([, factor]) => sizeBytes >= factor * 0.9995) ?? (['B', 1] as const)
  return `${numberFormat(language, { maximumSignificantDigits: 3 }).format(sizeBytes / factor)} ${unit}`
}

/** `0.42` → `42%`. */
export function formatPercent(language: string, fraction: number): string {
  return numberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(fraction)
}

/** In the largest unit that is not below two: `45 sec`, `5 min`, `3 hr`. */
export function formatDuration(language: string, seconds: number): string {
  const [unit, factor] =
    seconds < 120 ? (['second', 1] as const) : seconds < 7200 ? (['minute', 60] as const) : (['hour', 3600] as const)
  const value = Math.max(1, Math.round(seconds / factor))
  return numberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value)
}

/** Parameters of a model: `8.03 B`, `12 M`. */
export function formatParameters(count: number): string {
  return numberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }).format(count)
}
