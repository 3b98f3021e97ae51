/** Values of JSON of unknown origin, taken for what they should be or for nothing. */

export type LooseObject = Readonly<Record<string, unknown>>

export function objectOf(value: unknown): LooseObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as LooseObject) : {}
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function keyOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null
}

/** Milliseconds since 1970 of seconds, milliseconds or a date's text; null for anything that is none or lies ahead. */
export function timeOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value
  const timeMs =
    typeof number === 'number'
      ? number < 1e11
        ? number * 1000
        : number
      : typeof number === 'string'
        ? Date.parse(number)
        : NaN
  return timeMs > 0 && timeMs < Date.now() + 86_400_000 ? Math.round(timeMs) : null
}

export function has(object: LooseObject, ...names: string[]): boolean {
  return names.every((name) => object[name] !== undefined && object[name] !== null)
}
