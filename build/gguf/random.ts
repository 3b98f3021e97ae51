/** A small seeded random generator, so that generated models are the same on every run. */
export interface Random {
  /** The next number in [0, 1). */
  next: () => number
  /** The next number of the standard normal distribution. */
  gaussian: () => number
  /** A whole number in [0, limit). */
  below: (limit: number) => number
}

/** Creates a generator (mulberry32) from a seed. */
export function createRandom(seed: number): Random {
  let state = seed | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return {
    next,
    gaussian: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    below: (limit) => Math.floor(next() * limit)
  }
}
