/**
 * Drafting: a small model, or a look into the prompt, proposes tokens, and the loaded model draws its
 * own token at each of their places in one pass; proposals count as long as it drew the same. So what
 * is answered is what the loaded model would have written by itself. The library's own drafting is not
 * used: it takes at most one token of each proposal (it never notes which were validated), its draft
 * model forgets to read the last token of a proposal that was taken whole, and the repeat penalty does
 * not see the proposed tokens.
 */
import type { Llama, LlamaContextSequence, Token } from 'node-llama-cpp'
import type { Draft } from '../shared/contract/load-settings.ts'
import type { EngineLoadSettings, GenerateResult } from '../shared/engine/messages.ts'
import type { Sampling } from '../shared/lib/sampling.ts'
import { DraftModel } from './draft-model.ts'
import { DraftPay } from './draft-pay.ts'
import type { Proposer } from './proposer.ts'
import { penaltiesOf } from './sampling-options.ts'

/** Lookup proposes what followed the same two tokens, or more, in the prompt. */
const lookupOptions = { patternLength: { min: 2 }, predictionLength: { min: 1, max: 6 } }

type DraftModelSettings = Extract<EngineLoadSettings['draft'], { type: 'model' }>

export interface DraftingOptions {
  /** Of the target's context: the draft reads the same tokens. */
  contextSize: number
  slots: number
  threads: number
  force: boolean
}

export interface Drafting {
  method: Draft['type']
  /** One for each slot; null without drafting. */
  createDraft(): SlotDraft | null
}

/** Proposes for one slot; `pay` is shared by the slots of a model. */
export interface SlotDraft {
  proposer: Proposer
  pay: DraftPay
}

/** The draft model has been through `checkCompanions`. */
export async function openDrafting(
  llama: Llama,
  draft: EngineLoadSettings['draft'],
  options: DraftingOptions,
): Promise<Drafting> {
  const method = draft.type
  if (method === 'none') return { method, createDraft: () => null }
  const pay = new DraftPay()
  if (method === 'lookup') {
    const { InputLookupTokenPredictor } = await import('node-llama-cpp')
    const createDraft = () => ({ proposer: lookupProposer(new InputLookupTokenPredictor(lookupOptions)), pay })
    return { method, createDraft }
  }
  const context = await openDraftContext(llama, draft, options)
  return { method, createDraft: () => ({ proposer: new DraftModel(context.getSequence(), draft), pay }) }
}

async function openDraftContext(llama: Llama, { path }: DraftModelSettings, options: DraftingOptions) {
  const { contextSize, slots, threads, force } = options
  const model = await llama.loadModel({ modelPath: path, ignoreMemorySafetyChecks: force })
  return model.createContext({ contextSize, sequences: slots, threads, ignoreMemorySafetyChecks: force })
}

/** The part of InputLookupTokenPredictor that is used. */
interface Lookup {
  updateInputTokens(tokens: Token[]): void
  reset(state: { stateTokens: Token[] }): void
  predictTokens(): Token[]
}

function lookupProposer(lookup: Lookup): Proposer {
  return {
    async read(tokens) {
      lookup.updateInputTokens([...tokens])
    },
    async propose(tokens, { most }) {
      lookup.reset({ stateTokens: [...tokens] })
      return lookup.predictTokens().slice(0, Math.max(0, most))
    },
    judge() {},
  }
}

/** The drafting of one answer. */
export class AnswerDrafting {
  readonly #draft: SlotDraft
  readonly #sequence: LlamaContextSequence
  readonly #sampling: Sampling
  readonly #seed: number
  readonly #written: readonly Token[]
  readonly #answer: Token[] = []
  #acceptedTokens = 0
  #rejectedTokens = 0

  /** What `canDraft` rules out is not looked at. `written`: tokens of the answer that are there already. */
  constructor(
    draft: SlotDraft,
    sequence: LlamaContextSequence,
    sampling: Sampling,
    seed: number,
    written: readonly Token[],
  ) {
    this.#draft = draft
    this.#sequence = sequence
    this.#sampling = sampling
    this.#seed = seed
    this.#written = written
  }

  /**
   * Reads the last tokens of the prompt and yields the answer's, like `sequence.evaluate`: when the
   * caller leaves, the cache holds all before the token it was given last.
   */
  async *write(prompt: readonly Token[], lastPiece: readonly Token[]): AsyncGenerator<Token, void, void> {
    const { proposer, pay } = this.#draft
    const sequence = this.#sequence
    const plainTokens = pay.beginAnswer()
    if (!pay.isPaused) await proposer.read(prompt.slice(0, -1))
    if (lastPiece.length === 0) return
    let unread = lastPiece
    let wasDrafting = false
    for (;;) {
      const startedAt = performance.now()
      const isDrafting = !pay.isPaused && this.#answer.length >= plainTokens
      const most = sequence.contextSize - 2 - sequence.nextTokenIndex - unread.length
      const penalty = { most, repeatPenalty: this.#repeatPenalty([]) }
      const proposal = isDrafting ? await proposer.propose([...prompt, ...this.#answer], penalty) : []
      const drawn = await this.#draw(unread, proposal)
      // The first pass pays for the prompt, the first drafted one for what the draft has to catch up.
      if (this.#answer.length > 0 && isDrafting === wasDrafting) {
        pay.measured(isDrafting, drawn.length, performance.now() - startedAt)
      }
      wasDrafting = isDrafting
      let given = 0
      try {
        for (const token of drawn) {
          this.#answer.push(token)
          given++
          yield token
        }
      } finally {
        await this.#forget(drawn.length - given)
      }
      unread = drawn.slice(-1)
    }
  }

  result(): NonNullable<GenerateResult['draft']> {
    const { plainTokensPerSecond, isPaused } = this.#draft.pay
    return {
      acceptedTokens: this.#acceptedTokens,
      rejectedTokens: this.#rejectedTokens,
      plainTokensPerSecond,
      isPaused,
    }
  }

  /** The target's tokens: those of the proposal it drew too, and one of its own. The cache holds all but that one. */
  async #draw(unread: readonly Token[], proposal: readonly Token[]): Promise<Token[]> {
    const first = unread.length - 1
    const input = [...unread, ...proposal].map((token, index) => {
      if (index < first) return token
      const options = this.#optionsBehind(proposal.slice(0, index - first))
      return [token, { generateNext: { token: true, options } }] satisfies [Token, object]
    })
    const results = await this.#sequence.controlledEvaluate(input)
    const drawn: Token[] = []
    do {
      const token = results[first + drawn.length]?.next.token
      if (typeof token !== 'number') throw new Error('No token could be drawn')
      drawn.push(token)
    } while (drawn.length <= proposal.length && drawn.at(-1) === proposal[drawn.length - 1])
    const accepted = drawn.length - 1
    this.#acceptedTokens += accepted
    this.#rejectedTokens += proposal.length - accepted
    if (proposal.length > 0) this.#draft.proposer.judge(accepted === proposal.length)
    await this.#forget(proposal.length - accepted)
    return drawn
  }

  async #forget(count: number): Promise<void> {
    const { nextTokenIndex: end } = this.#sequence
    if (count > 0) await this.#sequence.eraseContextTokenRanges([{ start: end - count, end }])
  }

  /** Each place has random numbers of its own, so that proposals do not change what is drawn. */
  #optionsBehind(proposed: readonly Token[]) {
    const { temperature, topK, topP, minP } = this.#sampling
    const place = this.#answer.length + proposed.length
    const seed = ((this.#seed ^ Math.imul(place + 1, 0x9e3779b1)) >>> 0) % (2 ** 32 - 1)
    return { temperature, topK, topP, minP, seed, repeatPenalty: this.#repeatPenalty(proposed) }
  }

  #repeatPenalty(proposed: readonly Token[]) {
    const tokens = () => [...this.#written, ...this.#answer, ...proposed].slice(-this.#sampling.penaltyWindow)
    return penaltiesOf(this.#sampling, tokens)
  }
}
