const windowMs = 5_000

/** Bytes a second over the last five seconds: falls to nothing when nothing comes, and forgets a pause. */
export class TransferRate {
  #samples: { atMs: number; bytes: number }[] = []

  /** So much has been received in all. */
  add(bytes: number, atMs = performance.now()): void {
    this.#samples = this.#samples.filter((sample) => sample.atMs > atMs - windowMs)
    this.#samples.push({ atMs, bytes })
  }

  /** null before there are two samples. */
  get bytesPerSecond(): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)]
    if (!first || !last || last.atMs <= first.atMs) return null
    return Math.max(0, ((last.bytes - first.bytes) / (last.atMs - first.atMs)) * 1000)
  }
}
