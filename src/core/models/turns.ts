/**
 * A number of places that users take in turn: round robin among their parties, in the order they asked within
 * one. Invariant: who is next is never overtaken. One who must be alone is let in when everybody has left, and
 * until then nobody else is.
 */
export class Turns<User extends { party: string } = { party: string }> {
  readonly #mustBeAlone: (user: User) => boolean
  /** By party, the one whose turn is next first; none is empty. */
  readonly #queues = new Map<string, Waiting<User>[]>()
  #count = 1
  #taken = 0
  /** The one who has a place came in to be alone. */
  #isKeptAlone = false

  /** `mustBeAlone` is asked whenever somebody could be let in. */
  constructor(mustBeAlone: (user: User) => boolean = () => false) {
    this.#mustBeAlone = mustBeAlone
  }

  /**
   * At least 1, and 1 at first. Fewer places than are taken now: those who have one keep it. To be set too, if only
   * to the same, when those who must be alone have become others; whoever is alone is no longer kept so.
   */
  set count(count: number) {
    this.#count = count
    this.#isKeptAlone = false
    this.#letIn()
  }

  get waitingCount(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.length, 0)
  }

  /** Whether `take` would have to wait now. */
  mustWait(user: User): boolean {
    return this.#queues.size > 0 || !this.#hasPlaceFor(user)
  }

  /**
   * Resolves with true when a place is taken, which must be given back; with false when `signal` aborts before.
   * Rejects when it is refused.
   */
  take(user: User, signal?: AbortSignal): Promise<boolean> {
    if (signal?.aborted) return Promise.resolve(false)
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    const waiting: Waiting<User> = { user, resolve, reject }
    const queue = this.#queues.get(user.party)
    if (queue) queue.push(waiting)
    else this.#queues.set(user.party, [waiting])
    const leave = () => {
      if (!this.#remove(waiting)) return
      resolve(false)
      this.#letIn()
    }
    signal?.addEventListener('abort', leave)
    this.#letIn()
    return promise.finally(() => signal?.removeEventListener('abort', leave))
  }

  giveBack(): void {
    this.#taken--
    this.#isKeptAlone = false
    this.#letIn()
  }

  /** Ends the waiting of all whom it concerns. */
  refuse(concerns: (user: User) => boolean, error: unknown): void {
    for (const waiting of [...this.#queues.values()].flat()) {
      if (concerns(waiting.user) && this.#remove(waiting)) waiting.reject(error)
    }
    this.#letIn()
  }

  #hasPlaceFor(user: User): boolean {
    if (this.#isKeptAlone) return false
    return this.#mustBeAlone(user) ? this.#taken === 0 : this.#taken < this.#count
  }

  #letIn(): void {
    for (;;) {
      const [queue] = this.#queues.values()
      const next = queue?.[0]
      if (!next || !this.#hasPlaceFor(next.user)) return
      this.#remove(next)
      this.#toTheEnd(next.user.party)
      this.#taken++
      this.#isKeptAlone = this.#mustBeAlone(next.user)
      next.resolve(true)
    }
  }

  #toTheEnd(party: string): void {
    const queue = this.#queues.get(party)
    if (!queue) return
    this.#queues.delete(party)
    this.#queues.set(party, queue)
  }

  /** false if it was not waiting any more. */
  #remove(waiting: Waiting<User>): boolean {
    const { party } = waiting.user
    const queue = this.#queues.get(party) ?? []
    const place = queue.indexOf(waiting)
    if (place < 0) return false
    queue.splice(place, 1)
    if (queue.length === 0) this.#queues.delete(party)
    return true
  }
}

interface Waiting<User> {
  user: User
  resolve: (hasTurn: boolean) => void
  reject: (error: unknown) => void
}
