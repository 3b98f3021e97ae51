/**
 * Drafting: a small model, or a look into the prompt, proposes tokens, and the loaded model checks
 * several of them in one pass. What is answered stays what the loaded model would have written by
 * itself. The predictor here stands between the library and its own predictors. It can be switched
 * off in the middle of an answer, and it knows which proposed tokens stand before each token that is
 * being checked, which the repeat penalty needs and the library does not tell.
 */
import type {
  DraftSequenceTokenPredictor,
  InputLookupTokenPredictor,
  Llama,
  LlamaContextSequence,
  LlamaModel,
  SequenceEvaluateOptions,
  Token,
  TokenPredictor,
} from 'node-llama-cpp'
import type { Draft } from '../shared/contract/load-settings.ts'
import type { EngineLoadSettings, GenerateResult } from '../shared/engine/messages.ts'
import { AppFailure } from '../shared/lib/app-failure.ts'
import { DraftPay } from './draft-pay.ts'
import { inspectModel } from './inspect-model.ts'

/** Lookup proposes what followed the same two tokens, or more, in the prompt. */
const lookupOptions = { patternLength: { min: 2 }, predictionLength: { min: 1, max: 6 } }

type DraftModel = Extract<EngineLoadSettings['draft'], { type: 'model' }>
type ResetParameters = Parameters<TokenPredictor['reset']>[0]

export interface DraftingOptions {
  /** Of the target's context: the draft reads the same tokens. */
  contextSize: number
  slots: number
  threads: number
  force: boolean
}

export interface Drafting {
  method: Draft['type']
  /** One for each slot, to be given to `context.getSequence`; null without drafting. */
  createPredictor(): SlotDraft | null
}

/** Rejects with DRAFT_UNUSABLE, or what `inspectModel` finds in the draft's file. */
export async function openDrafting(
  llama: Llama,
  target: LlamaModel,
  draft: EngineLoadSettings['draft'],
  options: DraftingOptions,
): Promise<Drafting> {
  const method = draft.type
  if (method === 'none') return { method, createPredictor: () => null }
  const pay = new DraftPay()
  const library = await import('node-llama-cpp')
  if (draft.type === 'lookup') {
    return { method, createPredictor: () => new SlotDraft(new library.InputLookupTokenPredictor(lookupOptions), pay) }
  }
  const context = await openDraftContext(llama, target, draft, options)
  const { minTokens, maxTokens, minConfidence } = draft
  return {
    method,
    createPredictor() {
      const evaluateOptions: SequenceEvaluateOptions = {}
      const inner = new library.DraftSequenceTokenPredictor(context.getSequence(), {
        minTokens,
        maxTokens: Math.max(minTokens, maxTokens),
        minConfidence,
        evaluateOptions,
      })
      return new SlotDraft(inner, pay, evaluateOptions, draft.path)
    },
  }
}

async function openDraftContext(llama: Llama, target: LlamaModel, { path }: DraftModel, options: DraftingOptions) {
  const { contextSize, slots, threads, force } = options
  await inspectModel(path)
  const model = await llama.loadModel({ modelPath: path, ignoreMemorySafetyChecks: force })
  if (!haveSameTokens(target, model)) throw new AppFailure('DRAFT_UNUSABLE', { path, reason: 'vocabulary' })
  return model.createContext({ contextSize, sequences: slots, threads, ignoreMemorySafetyChecks: force })
}

function haveSameTokens(target: LlamaModel, draft: LlamaModel): boolean {
  const [a, b] = [target, draft].map((model) => model.fileInfo.metadata.tokenizer.ggml.tokens)
  return a!.length === b!.length && a!.every((text, index) => text === b![index])
}

export class SlotDraft implements TokenPredictor {
  /** Shared by the slots of a model. */
  readonly pay: DraftPay
  readonly #inner: DraftSequenceTokenPredictor | InputLookupTokenPredictor
  /** Of the draft model; read anew for every token it writes. */
  readonly #draftOptions: SequenceEvaluateOptions
  readonly #draftPath: string
  #isOn = true
  #lastReset: ResetParameters | null = null
  /** The target went on without the inner predictor being told. */
  #isBehind = false
  #proposed: Token[] = []
  #checked = 0

  constructor(
    inner: DraftSequenceTokenPredictor | InputLookupTokenPredictor,
    pay: DraftPay,
    draftOptions: SequenceEvaluateOptions = {},
    draftPath = '',
  ) {
    this.#inner = inner
    this.pay = pay
    this.#draftOptions = draftOptions
    this.#draftPath = draftPath
  }

  /** Whether tokens are proposed from now on. */
  set isOn(isOn: boolean) {
    if (this.#isOn && !isOn) this.#inner.stop()
    this.#isOn = isOn
  }

  /** To be called before each answer; `options` are those of the target. The draft proposes what it holds likeliest. */
  begin(prompt: readonly Token[], { repeatPenalty }: SequenceEvaluateOptions): void {
    this.#inner.updateInputTokens([...prompt])
    Object.assign(this.#draftOptions, { temperature: 0, repeatPenalty })
  }

  /**
   * The proposed tokens before the one that is being checked. To be called once for each token the
   * target draws: the library checks proposals one after the other, in their order.
   */
  proposedBefore(): readonly Token[] {
    return this.#proposed.slice(0, this.#checked++)
  }

  /** Rejects with DRAFT_UNUSABLE if the two models cannot work together. */
  async reset(parameters: ResetParameters): Promise<void> {
    this.#lastReset = { ...parameters, stateTokens: [...parameters.stateTokens] }
    this.#clear()
    if (this.pay.isPaused) this.#isBehind = true
    else await this.#resetInner(this.#lastReset)
  }

  pushTokens(tokens: Token[]): void {
    this.#clear()
    this.#lastReset?.stateTokens.push(...tokens)
    if (this.#isOn && !this.#isBehind) this.#inner.pushTokens(tokens)
    else this.#isBehind = true
  }

  async predictTokens(): Promise<Token[]> {
    if (!this.#isOn || !this.#lastReset) return []
    if (this.#isBehind) await this.#resetInner(this.#lastReset)
    const { contextSize, nextTokenIndex } = this.#lastReset.targetSequence
    // The library would let them push the oldest tokens out: it forgets the cell that it keeps free.
    const room = Math.max(0, contextSize - nextTokenIndex - 2)
    this.#proposed = (await this.#inner.predictTokens()).slice(0, room)
    return this.#proposed
  }

  stop(untilPredictionsExhausted?: boolean): void {
    this.#inner.stop(untilPredictionsExhausted)
  }

  updateInputTokens(): void {}

  dispose(): void {
    this.#inner.dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  async #resetInner(parameters: ResetParameters): Promise<void> {
    this.#isBehind = false
    try {
      await this.#inner.reset(parameters)
    } catch (error) {
      if (!/^Speculative draft model/.test(error instanceof Error ? error.message : '')) throw error
      throw new AppFailure('DRAFT_UNUSABLE', { path: this.#draftPath, reason: 'vocabulary' })
    }
  }

  #clear(): void {
    this.#proposed = []
    this.#checked = 0
  }
}

/** The drafting of one answer: when it is on, and what it brought. */
export class AnswerDrafting {
  readonly #draft: SlotDraft
  readonly #sequence: LlamaContextSequence
  readonly #before: LlamaContextSequence['tokenPredictions']
  readonly #plainTokens: number
  #tokens = 0
  #tookAt = 0

  /** `options`: those of the target. */
  constructor(
    draft: SlotDraft,
    sequence: LlamaContextSequence,
    prompt: readonly Token[],
    options: SequenceEvaluateOptions,
  ) {
    this.#draft = draft
    this.#sequence = sequence
    this.#before = sequence.tokenPredictions
    this.#plainTokens = draft.pay.beginAnswer()
    draft.begin(prompt, options)
    draft.isOn = !draft.pay.isPaused && this.#plainTokens === 0
  }

  /** To be called for each token of the answer; `now` is on performance.now()'s clock. */
  tookToken(now: number): void {
    const { pay } = this.#draft
    // The first token pays for the prompt, and the first one drafted for what the draft has to catch up.
    const isCounted = this.#tokens > 0 && this.#tokens !== this.#plainTokens
    if (isCounted && !pay.isPaused) pay.measured(this.#tokens >= this.#plainTokens, now - this.#tookAt)
    this.#tokens++
    this.#tookAt = now
    this.#draft.isOn = !pay.isPaused && this.#tokens >= this.#plainTokens
  }

  result(): NonNullable<GenerateResult['draft']> {
    const { validated, refuted } = this.#sequence.tokenPredictions
    return {
      acceptedTokens: validated - this.#before.validated,
      rejectedTokens: refuted - this.#before.refuted,
      plainTokensPerSecond: this.#draft.pay.plainTokensPerSecond,
      isPaused: this.#draft.pay.isPaused,
    }
  }
}
