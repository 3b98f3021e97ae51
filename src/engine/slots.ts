/**
 * Hands out the slots of the loaded model, first come, first served: an answer gets the free slot
 * that holds most of its prompt and loses least of another, a measurement waits until it has them all.
 */
import type { GenerateRequest } from '../shared/engine/messages.ts'
import type { Slot } from './loaded-model.ts'

interface Waiting {
  count: number
  /** Chooses that many of the free ones. */
  choose: () => readonly Slot[]
  begin: (slots: readonly Slot[]) => void
}

export class Slots {
  readonly #all: readonly Slot[]
  /** In the order in which they became free. */
  readonly #free: Set<Slot>
  readonly #waiting: Waiting[] = []

  constructor(slots: readonly Slot[]) {
    this.#all = slots
    this.#free = new Set(slots)
  }

  async use(prompt: GenerateRequest['prompt'], work: (slot: Slot) => Promise<void>): Promise<void> {
    const slots = await this.#take(1, () => [this.bestFor(prompt)])
    await work(slots[0]!).finally(() => this.#release(slots))
  }

  async useAll<T>(work: () => Promise<T>): Promise<T> {
    const slots = await this.#take(this.#all.length, () => this.#all)
    return work().finally(() => this.#release(slots))
  }

  #take(count: number, choose: () => readonly Slot[]): Promise<readonly Slot[]> {
    return new Promise((begin) => {
      this.#waiting.push({ count, choose, begin })
      this.#serve()
    })
  }

  #release(slots: readonly Slot[]): void {
    for (const slot of slots) this.#free.add(slot)
    this.#serve()
  }

  #serve(): void {
    while (this.#waiting[0] && this.#waiting[0].count <= this.#free.size) {
      const { choose, begin } = this.#waiting.shift()!
      const slots = choose()
      for (const slot of slots) this.#free.delete(slot)
      begin(slots)
    }
  }

  /** Of the free ones, or of all where none is free; of equals, the one that was used least lately. */
  bestFor(prompt: GenerateRequest['prompt']): Slot {
    const candidates = this.#free.size > 0 ? [...this.#free] : this.#all
    if (candidates.length === 1) return candidates[0]!
    const gains = candidates.map((slot) => ({ slot, gain: slot.prompts.gainOf(prompt) }))
    return gains.reduce((best, other) => (other.gain > best.gain ? other : best)).slot
  }
}
