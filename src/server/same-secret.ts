import { createHash, timingSafeEqual } from 'node:crypto'

/** Takes equally long whatever the texts are. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other))
}

/** Equal lengths, as the comparison demands. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
