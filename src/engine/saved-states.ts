/**
 * Keeps the KV states of chats on disk, so that coming back to a chat does not read it again. A slot belongs to
 * the chat it answered last. Its state is saved when another chat takes the slot, when nothing has run for a
 * while, and when the process is about to end; it is loaded when the file has more of a chat's prompt than the
 * slot. Nothing that goes wrong here keeps an answer from being made.
 */
import { rm } from 'node:fs/promises'
import type { LlamaContext, Token } from 'node-llama-cpp'
import type { GenerateRequest, SavedState, StatePlace } from '../shared/engine/messages.ts'
import type { Slot } from './loaded-model.ts'
import type { Prompt } from './prompt-tokens.ts'
import { isStateWhole, readStateFacts, writeStateFile } from './state-file.ts'

/** Shorter ones are read again in no time. */
const leastTokens = 256
/** Of tokens that a file does not have yet: what is worth writing it anew when a slot is about to be lost. */
const leastUnsaved = 64
/** While the slot stays: at least as many as `leastTokens`, and this part of all. */
const idlePart = 8
/** The file must have so many characters more of the prompt than the slot. */
const leastGain = 500

interface Facts {
  key: string
  /** Of llama.cpp, whose format it is. */
  library: string
  known: Prompt
  tokens: Token[]
}

interface Owner {
  place: StatePlace
  /** What the file holds. */
  saved: readonly Token[]
}

interface SavedStatesOptions {
  context: LlamaContext
  slots: readonly Slot[]
  onSaved: (state: SavedState) => void
  warn: (text: string) => void
}

export class SavedStates {
  readonly #options: SavedStatesOptions
  readonly #owners = new Map<Slot, Owner>()

  constructor(options: SavedStatesOptions) {
    this.#options = options
  }

  /** To be called before an answer is made in the slot. `place` is that of the chat it is for, if its state is kept. */
  async prepare(slot: Slot, prompt: GenerateRequest['prompt'], place?: StatePlace): Promise<void> {
    try {
      await this.#give(slot, prompt, place)
    } catch (error) {
      this.#options.warn(`The states of chats could not be kept: ${error}`)
    }
  }

  async #give(slot: Slot, prompt: GenerateRequest['prompt'], place?: StatePlace): Promise<void> {
    const owner = this.#owners.get(slot)
    const isSameChat = place ? owner?.place.chatId === place.chatId : slot.prompts.gainOf(prompt) > 0
    if (owner && !isSameChat) {
      await this.#save(slot, owner, leastUnsaved)
      this.#owners.delete(slot)
    }
    if (!place) return
    for (const [other, { place: otherPlace }] of this.#owners) {
      if (other !== slot && otherPlace.chatId === place.chatId) this.#owners.delete(other)
    }
    const kept = isSameChat && place.isSaved ? owner!.saved : []
    this.#owners.set(slot, { place, saved: (place.isSaved && (await this.#load(slot, prompt, place))) || kept })
  }

  /** While nothing runs: saves what has grown by much. */
  async saveGrown(): Promise<void> {
    for (const [slot, owner] of this.#owners) {
      await this.#save(slot, owner, Math.max(leastTokens, slot.sequence.nextTokenIndex / idlePart))
    }
  }

  /** Before the end. */
  async saveAll(): Promise<void> {
    for (const [slot, owner] of this.#owners) await this.#save(slot, owner, leastUnsaved)
  }

  async #save({ sequence, prompts }: Slot, owner: Owner, leastNew: number): Promise<void> {
    const { path, chatId, keys, maxBytes } = owner.place
    const tokens = sequence.contextTokens
    const newTokens = tokens.length - commonLength(tokens, owner.saved)
    // Some models need more than their state to go on from an earlier place, and the library saves the state alone.
    if (tokens.length < leastTokens || newTokens < leastNew || sequence.needsCheckpoints) return
    if (this.#expectedBytes(tokens.length) > maxBytes) return
    try {
      const facts: Facts = { key: keys[0]!, library: await libraryVersion(), known: prompts.known, tokens }
      const sizeBytes = await writeStateFile(path, facts, (part) => sequence.saveStateToFile(part))
      owner.saved = tokens
      this.#options.onSaved({ chatId, path, key: keys[0]!, tokens: tokens.length, sizeBytes })
    } catch (error) {
      this.#options.warn(`A state was not saved: ${error}`)
    }
  }

  /** The slots' states together are known, so a part of them is. */
  #expectedBytes(tokens: number): number {
    const { context, slots } = this.#options
    const all = slots.reduce((sum, { sequence }) => sum + sequence.nextTokenIndex, 0)
    return (context.stateSize * tokens) / Math.max(1, all)
  }

  /** The tokens that the slot holds then; null if it was left as it was. */
  async #load(slot: Slot, prompt: GenerateRequest['prompt'], { path, keys }: StatePlace): Promise<Token[] | null> {
    const { sequence, prompts } = slot
    let isLoading = false
    try {
      const facts = (await readStateFacts(path)) as Facts | null
      if (facts && !keys.includes(facts.key)) return null
      const isUsable = facts?.library === (await libraryVersion()) && facts.tokens.length < sequence.contextSize
      if (!facts || !isUsable) return await remove(path)
      const gain = prompts.knownLength(prompt, facts.known) - prompts.knownLength(prompt)
      if (gain < leastGain) return null
      if (!(await isStateWhole(path))) return await remove(path)
      isLoading = true
      await sequence.loadStateFromFile(path, { acceptRisk: true })
      prompts.known = facts.known
      return facts.tokens
    } catch (error) {
      this.#options.warn(`A saved state was not loaded: ${error}`)
      await remove(path)
      if (isLoading) await sequence.clearHistory()
      return null
    }
  }
}

async function remove(path: string): Promise<null> {
  await rm(path, { force: true })
  return null
}

async function libraryVersion(): Promise<string> {
  const { getModuleVersion } = await import('node-llama-cpp')
  return getModuleVersion()
}

function commonLength(a: readonly Token[], b: readonly Token[]): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}
