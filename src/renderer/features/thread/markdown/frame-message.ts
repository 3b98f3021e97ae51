/** What a diagram's frame may say. It runs code over untrusted text, so each message is taken apart and bounded. */

export type FrameMessage =
  | { type: 'ready' }
  | { type: 'drawn'; heightPx: number }
  | { type: 'failed'; why: string }
  | { type: 'svg'; text: string }

const heightsPx = { least: 40, most: 640 }
const mostWhyCharacters = 500
const mostSvgCharacters = 10_000_000

/** null for everything else. */
export function toFrameMessage(data: unknown): FrameMessage | null {
  if (typeof data !== 'object' || data === null) return null
  const { type, heightPx, why, text } = data as Record<string, unknown>
  if (type === 'ready') return { type }
  if (type === 'drawn' && typeof heightPx === 'number' && Number.isFinite(heightPx)) {
    return { type, heightPx: Math.min(heightsPx.most, Math.max(heightsPx.least, Math.round(heightPx))) }
  }
  if (type === 'failed' && typeof why === 'string') return { type, why: why.slice(0, mostWhyCharacters) }
  if (type === 'svg' && typeof text === 'string' && text.length <= mostSvgCharacters) return { type, text }
  return null
}
