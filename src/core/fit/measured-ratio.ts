/** How measured memory corrects estimates. */

/** Of smaller models what llama.cpp itself takes is too large a share. */
export const minComparableBytes = 256 * 2 ** 20
/** Beyond it something else was measured. */
const minRatio = 0.8
const maxRatio = 2

export interface Load {
  estimatedBytes: number
  measuredBytes: number
  weightsBytes: number
  useMmap: boolean
}

/**
 * Measured to estimated memory of a load, as it may be held against estimates of other loads. A
 * processor may want weights in another order and keep a second copy, while the mapped file stays
 * resident until the system needs its place: an excess of no more than the weights, with a mapped
 * file, is that and no need. Buffers that no prompt has filled yet make it a little less than 1.
 */
export function comparableRatio({ estimatedBytes, measuredBytes, weightsBytes, useMmap }: Load): number {
  const excessBytes = measuredBytes - estimatedBytes
  const droppableBytes = useMmap && excessBytes > 0 ? Math.min(excessBytes, weightsBytes) : 0
  const ratio = (measuredBytes - droppableBytes) / estimatedBytes
  return Math.min(maxRatio, Math.max(minRatio, ratio))
}

/** The middle one, which one odd load cannot move; 1 without any. */
export function correctionOf(ratios: number[]): number {
  const sorted = [...ratios].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
