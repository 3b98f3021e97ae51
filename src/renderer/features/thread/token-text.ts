import { formatNumber } from '../../lib/i18n/format.ts'

/** Line breaks are seen, and so are spaces alone; a token without text has a sign. */
export function shownToken(text: string): string {
  if (/^ *$/.test(text)) return '␣'.repeat(text.length) || '∅'
  return text.replaceAll('\n', '↵\n').replaceAll('\t', '⇥\t')
}

/** Likely and unlikely ones are told apart: `98%`, `0.3%`, `<0.1%`. */
export function tokenPercent(probability: number): string {
  const percent = probability * 100
  if (percent > 0 && percent < 0.1) return '<0.1%'
  return `${formatNumber(percent, percent < 10 ? 1 : 0)}%`
}
