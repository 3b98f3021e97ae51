/**
 * Hands out the slots of the loaded model, first come, first served: an answer gets the free slot that loses least
 * of what it holds, a measurement waits until it has them all. What another slot holds of a prompt is copied from
 * there, so that what many prompts begin with, such as the instructions of an agent, is read once.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import type { GenerateRequest } from '../shared/engine/messages.ts'
import type { Slot } from './loaded-model.ts'
import { commonPrefixLength } from './prompt-segments.ts'

type Prompt = GenerateRequest['prompt']

interface Waiting {
  count: number
  /** Chooses that many of the free ones. */
  choose: () => readonly Slot[]
  begin: (slots: readonly Slot[]) => void
}

/** Fewer tokens are read again as quickly as a cache is copied. */
const leastCopied = 64
/** To save a copy is worth to lose so much of what a slot holds: this part of what the prompt finds there. */
const copyCost = 1 / 8
/** How often to look how far another slot has read. */
const lookMs = 10
/** The tokens of a slot that writes are told a moment after its cache has them; then the copy does not come about. */
const maxTries = 5

export class Slots {
  readonly #all: readonly Slot[]
  /** In the order in which they became free. */
  readonly #free: Set<Slot>
  /** What is being answered, in the order in which the slots were taken. */
  readonly #prompts = new Map<Slot, Prompt>()
  readonly #waiting: Waiting[] = []
  readonly #canCopy: boolean

  constructor(slots: readonly Slot[]) {
    this.#all = slots
    this.#free = new Set(slots)
    this.#canCopy = slots.length > 1 && !slots[0]!.sequence.needsCheckpoints
  }

  async use(prompt: Prompt, work: (slot: Slot) => Promise<void>): Promise<void> {
    const slots = await this.#take(1, () => [this.bestFor(prompt)])
    const slot = slots[0]!
    this.#prompts.set(slot, prompt)
    await work(slot).finally(() => {
      this.#prompts.delete(slot)
      this.#release(slots)
    })
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
  bestFor(prompt: Prompt): Slot {
    const candidates = this.#free.size > 0 ? [...this.#free] : this.#all
    if (candidates.length === 1) return candidates[0]!
    const text = this.#all[0]!.prompts.textOf(prompt)
    const gains = candidates.map((slot) => {
      const { length } = slot.prompts.known.text
      const found = commonPrefixLength(text, slot.prompts.known.text)
      return { slot, gain: found * (this.#canCopy ? copyCost : 1) - (length - found) }
    })
    return gains.reduce((best, other) => (other.gain > best.gain ? other : best)).slot
  }

  /**
   * To be called by who uses the slot, before it reads: copies what another slot holds of the prompt, if that is
   * much more than this one does. One that is still reading the same is waited for.
   */
  async share(slot: Slot): Promise<void> {
    const prompt = this.#prompts.get(slot)
    const from = prompt && this.#canCopy && this.#holdsMost(slot, prompt)
    if (!from) return
    const { tokens } = slot.prompts.tokenize(prompt)
    const own = commonLength(tokens, slot.sequence.contextTokens)
    const otherPrompt = this.#prompts.get(from)
    const expected = otherPrompt ? commonLength(tokens, from.prompts.tokenize(otherPrompt).tokens) : 0
    const held = () => Math.min(tokens.length - 1, commonLength(tokens, from.sequence.contextTokens))
    const isReading = () => this.#prompts.get(from) === otherPrompt && held() < Math.min(expected, tokens.length - 1)
    if (expected >= own + leastCopied) while (otherPrompt && isReading()) await sleep(lookMs)
    if (held() >= own + leastCopied) await copyCache(from.sequence, slot.sequence, held())
  }

  /**
   * The other slot that says, or is about to say, most of the prompt; undefined where that is no more than this one.
   * Of those in use only what was taken earlier, so that no two wait for each other.
   */
  #holdsMost(slot: Slot, prompt: Prompt): Slot | undefined {
    const text = slot.prompts.textOf(prompt)
    let most = commonPrefixLength(text, slot.prompts.known.text)
    let holder: Slot | undefined
    const inUse = [...this.#prompts.keys()]
    for (const other of [...this.#free, ...inUse.slice(0, inUse.indexOf(slot))]) {
      const otherPrompt = this.#prompts.get(other)
      const otherText = otherPrompt ? other.prompts.textOf(otherPrompt) : other.prompts.known.text
      const length = commonPrefixLength(text, otherText)
      if (length > most) [most, holder] = [length, other]
    }
    return holder
  }
}

/**
 * The first `length` tokens, through what the library keeps for its own decision contexts (node-llama-cpp 3.22.1);
 * llama.cpp copies the whole cache of a sequence. Leaves `to` empty if it does not come about.
 */
async function copyCache(from: LlamaContextSequence, to: LlamaContextSequence, length: number): Promise<void> {
  const { _copyStateFromOtherSequence: copy } = to as unknown as {
    _copyStateFromOtherSequence: (from: LlamaContextSequence, length: number) => Promise<boolean>
  }
  for (let tries = 0; tries < maxTries; tries++) {
    if (await copy.call(to, from, length)) return
    await to.clearHistory()
  }
}

function commonLength(a: readonly Token[], b: readonly Token[]): number {
  const end = Math.min(a.length, b.length)
  let length = 0
  while (length < end && a[length] === b[length]) length++
  return length
}
