/**
 * Hands out the slots of the loaded model, first come, first served: an answer gets the free slot
 * that holds most of its prompt, a measurement waits until it has them all.
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

  /** Of the free ones, or of all where none is free, the one that holds most of the prompt. */
  bestFor(prompt: GenerateRequest['prompt']): Slot {
    const candidates = this.#free.size > 0 ? [...this.#free] : this.#all
    const known = candidates.map((slot) => ({ slot, length: slot.prompts.knownLength(prompt) }))
    return known.reduce((best, other) => (other.length > best.length ? other : best)).slot
  }
}
