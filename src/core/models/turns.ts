/** A number of places that users take in the order they asked. */
export class Turns {
  /** Fewer places than are taken now: those who have one keep it. */
  count = 1
  readonly #waiting: ((hasTurn: boolean) => void)[] = []
  #taken = 0

  get hasFree(): boolean {
    return this.#taken < this.count
  }

  /** Resolves with true when a place is taken, which must be given back; with false when `signal` aborts before. */
  async take(signal?: AbortSignal): Promise<boolean> {
    if (signal?.aborted) return false
    if (this.hasFree) {
      this.#taken++
      return true
    }
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.#waiting.push(resolve)
    const leave = () => {
      const place = this.#waiting.indexOf(resolve)
      if (place >= 0) this.#waiting.splice(place, 1)
      resolve(false)
    }
    signal?.addEventListener('abort', leave)
    return promise.finally(() => signal?.removeEventListener('abort', leave))
  }

  giveBack(): void {
    this.#taken--
    while (this.hasFree && this.#waiting.length > 0) {
      this.#taken++
      this.#waiting.shift()!(true)
    }
  }
}
