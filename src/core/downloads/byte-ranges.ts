/** `start` is in it, `end` is not. */
export interface ByteRange {
  start: number
  end: number
}

/** A set of bytes, kept as ranges in order that neither overlap nor touch. */
export class ByteRanges {
  #ranges: ByteRange[] = []

  constructor(ranges: readonly ByteRange[] = []) {
    for (const range of ranges) this.add(range)
  }

  get totalBytes(): number {
    return this.#ranges.reduce((sum, { start, end }) => sum + end - start, 0)
  }

  add({ start, end }: ByteRange): void {
    if (start >= end) return
    const before = this.#ranges.filter((range) => range.end < start)
    const after = this.#ranges.filter((range) => range.start > end)
    const joined = this.#ranges.slice(before.length, this.#ranges.length - after.length)
    const range = {
      start: Math.min(start, joined[0]?.start ?? start),
      end: Math.max(end, joined.at(-1)?.end ?? end),
    }
    this.#ranges = [...before, range, ...after]
  }

  /** Where the run of bytes that contains `offset` ends; `offset` itself if it is not in the set. */
  runEnd(offset: number): number {
    return this.#ranges.find(({ start, end }) => start <= offset && offset < end)?.end ?? offset
  }

  /** The first range below `sizeBytes` that is in neither this set nor in `others`; null if there is none. */
  firstGap(sizeBytes: number, others: readonly ByteRange[] = []): ByteRange | null {
    const all = new ByteRanges([...this.#ranges, ...others])
    const start = all.runEnd(0)
    if (start >= sizeBytes) return null
    const end = all.#ranges.find((range) => range.start > start)?.start ?? sizeBytes
    return { start, end: Math.min(end, sizeBytes) }
  }

  toArray(): ByteRange[] {
    return this.#ranges.map((range) => ({ ...range }))
  }
}
