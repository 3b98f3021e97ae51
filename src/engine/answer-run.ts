/**
 * One answer: reads the prompt in pieces, writes token by token, and leaves the KV cache holding
 * the prompt and the answer, so that the next turn reads only what is new.
 *
 * `result` settles at once when the answer is stopped, even while a native call runs that nothing
 * can interrupt; `run` resolves when the engine is really free again. Nothing is emitted after
 * `result` has settled.
 */
import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import type { StopReason } from '../shared/contract/chats.ts'
import type { GenerateRequest, GenerateResult } from '../shared/engine/messages.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import type { Sampling } from '../shared/lib/sampling.ts'
import { AnswerText } from './answer-text.ts'
import { AnswerDrafting, type DraftedSampling } from './draft.ts'
import type { Ends, LoadedModel, Slot } from './loaded-model.ts'
import type { PromptPace } from './prompt-pace.ts'
import type { Prompt } from './prompt-tokens.ts'

/**
 * How far back the repeat penalty looks. It sees the answer alone: the prompt's last tokens are the
 * template's, and making those unlikely would only keep the model from ending its turn.
 */
const penaltyWindow = 64

export interface AnswerEvents {
  onText: (text: string) => void
  onPromptProgress: (readTokens: number, totalTokens: number) => void
}

export class AnswerRun {
  readonly result: Promise<GenerateResult>
  readonly #request: GenerateRequest
  readonly #events: AnswerEvents
  readonly #settle = Promise.withResolvers<GenerateResult>()
  readonly #startedAt = performance.now()
  readonly #seed: number
  readonly #tokens: Token[] = []
  #text: AnswerText | undefined
  #drafting: AnswerDrafting | null = null
  #isSettled = false
  #promptTokens = 0
  #cachedTokens = 0
  #firstTokenAt = 0
  #lastTokenAt = 0

  constructor(request: GenerateRequest, events: AnswerEvents) {
    this.#request = request
    this.#events = events
    this.#seed = request.sampling.seed ?? Math.floor(Math.random() * (2 ** 32 - 1))
    this.result = this.#settle.promise
  }

  /** Settles `result` with what there is. No effect when it has settled. */
  stop(): void {
    this.#finish('stopped')
  }

  /** Never rejects: `result` does. */
  async run(loaded: LoadedModel, slot: Slot): Promise<void> {
    try {
      if (!this.#isSettled) await this.#answer(loaded, slot)
    } catch (error) {
      this.#isSettled = true
      this.#settle.reject(error)
    }
  }

  async #answer(loaded: LoadedModel, slot: Slot): Promise<void> {
    const { sequence, prompts } = slot
    const { prompt: asked } = this.#request
    const ends = 'text' in asked ? loaded.completionEnds : loaded.answerEnds
    const prompt = prompts.tokenize(asked)
    this.#promptTokens = prompt.tokens.length
    if (this.#promptTokens >= sequence.contextSize) {
      throw new AppFailure('PROMPT_TOO_LONG', { promptTokens: this.#promptTokens, contextSize: sequence.contextSize })
    }
    // The last token is always read again: the first token of the answer is drawn from it.
    await sequence.adaptStateToTokens(prompt.tokens.slice(0, -1), false)
    this.#cachedTokens = sequence.nextTokenIndex
    this.#text = new AnswerText({
      stopTexts: ends.texts,
      // Where a text goes on, a space is a space.
      dropsFirstSpace: loaded.beginsWithSpace && !('text' in asked && asked.text !== ''),
      emit: (text) => {
        if (!this.#isSettled) this.#events.onText(text)
      },
    })
    const lastPiece = await this.#readPrompt(slot, loaded.pace, prompt)
    if (this.#isSettled) return
    const unread = await this.#write(loaded, slot, ends, prompt, lastPiece)
    this.#remember(slot, prompt)
    if (unread !== null && hasRoom(sequence)) await sequence.evaluateWithoutGeneratingNewTokens([unread])
  }

  /** Reads all but the last piece, which goes to the sampler. */
  async #readPrompt({ sequence, draft }: Slot, pace: PromptPace, prompt: Prompt): Promise<Token[]> {
    let unread = prompt.tokens.slice(this.#cachedTokens)
    const total = unread.length
    this.#events.onPromptProgress(0, total)
    while (unread.length > pace.pieceLength) {
      const piece = unread.slice(0, pace.pieceLength)
      const startedAt = performance.now()
      await sequence.evaluateWithoutGeneratingNewTokens(piece)
      pace.measured(piece.length, performance.now() - startedAt)
      if (draft && !draft.pay.isPaused) await draft.proposer.read(prompt.tokens.slice(0, sequence.nextTokenIndex))
      if (this.#isSettled) break
      unread = unread.slice(piece.length)
      this.#events.onPromptProgress(total - unread.length, total)
    }
    return unread
  }

  /** Returns the last token if the cache does not hold it yet. */
  async #write(
    { model, tokenBytes }: LoadedModel,
    { sequence, draft }: Slot,
    ends: Ends,
    prompt: Prompt,
    lastPiece: Token[],
  ): Promise<Token | null> {
    const { maxTokens } = this.#request.sampling
    this.#drafting = draft && new AnswerDrafting(draft, sequence, this.#draftedSampling())
    const written = this.#drafting
      ? this.#drafting.write(prompt.tokens, lastPiece)
      : sequence.evaluate(lastPiece, this.#samplingOptions())
    for await (const token of written) {
      if (this.#isSettled) return null
      const now = performance.now()
      if (this.#firstTokenAt === 0) {
        this.#firstTokenAt = this.#lastTokenAt = now
        const read = this.#promptTokens - this.#cachedTokens
        this.#events.onPromptProgress(read, read)
      }
      if (model.isEogToken(token) || ends.tokens.has(token)) {
        this.#finish('end')
        return token
      }
      this.#lastTokenAt = now
      this.#tokens.push(token)
      const isStopText = this.#text!.push(tokenBytes(token))
      if (isStopText) this.#finish('end')
      else if (this.#tokens.length === maxTokens) this.#finish('max-tokens')
      else if (!hasRoom(sequence)) this.#finish('context-full')
      if (this.#isSettled) return token
    }
    this.#finish('end')
    return null
  }

  #draftedSampling(): DraftedSampling {
    const { repeatPenalty: repeatPenaltyFactor, temperature, topK, topP, minP } = this.#request.sampling
    return { temperature, topK, topP, minP, seed: this.#seed, repeatPenaltyFactor, penaltyWindow }
  }

  #samplingOptions() {
    const { temperature, topK, topP, minP, repeatPenalty }: Sampling = this.#request.sampling
    const punishTokens = () => this.#tokens.slice(-penaltyWindow)
    return {
      temperature,
      topK,
      topP,
      minP,
      seed: this.#seed,
      repeatPenalty: repeatPenalty === 1 ? undefined : { penalty: repeatPenalty, punishTokens },
      yieldEogToken: true,
    }
  }

  #remember({ prompts }: Slot, prompt: Prompt): void {
    const { text, isWhole } = this.#text!
    if (isWhole) prompts.remember(prompt, text, this.#tokens)
    else prompts.remember(prompt, '', [])
  }

  #finish(stopReason: StopReason): void {
    if (this.#isSettled) return
    this.#text?.end()
    this.#isSettled = true
    this.#settle.resolve({
      stopReason,
      promptTokens: this.#promptTokens,
      cachedTokens: this.#cachedTokens,
      answerTokens: this.#tokens.length,
      promptMs: (this.#firstTokenAt || performance.now()) - this.#startedAt,
      answerMs: this.#lastTokenAt - this.#firstTokenAt,
      seed: this.#seed,
      draft: this.#drafting?.result() ?? null,
    })
  }
}

/** Whether one more token can be read without pushing the oldest out. The library keeps one cell free. */
function hasRoom(sequence: LlamaContextSequence): boolean {
  return sequence.nextTokenIndex < sequence.contextSize - 1
}
