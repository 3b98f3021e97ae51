/**
 * Answers one request: has its model loaded, waits for its turn, and lets the model write. What happens on the
 * way is told as events, the last of which is `end`.
 */
import type { InferenceEvent, InferenceRequest, InferenceTimings, TokenLogprob } from '../../shared/contract/inference.ts'
import type { GenerateRequest, GenerateResult } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { EngineState, EngineSupervisor } from '../engine/engine-supervisor.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { InferenceClient } from './inference.ts'
import { cut } from './request-log.ts'
import type { RequestPlan } from './request-plan.ts'

export interface AnswerRequestOptions {
  models: ModelsService
  client: InferenceClient
  request: InferenceRequest
  plan: RequestPlan
  signal: AbortSignal
  emit: (event: InferenceEvent) => void
  /** The answer has so many tokens by now. */
  onTokens: (answerTokens: number) => void
  /** Is given the exact prompt and answer, if they are wanted. */
  texts: { prompt: string; answer: string } | null
}

/** Resolves when all is told, or at once when `signal` aborts; then there is no `end`. Rejects with an AppFailure. */
export async function answerRequest(options: AnswerRequestOptions): Promise<void> {
  const { models, client, plan, signal, emit } = options
  const startedAt = performance.now()
  let turnAt: number | null = null
  const onLoadState = (load: EngineState) => {
    turnAt ??= performance.now()
    if (load.state === 'loading') emit({ type: 'loading', fraction: load.fraction })
  }
  const use = {
    party: client.party,
    onDemand: plan.onDemand,
    signal,
    onWaiting: () => emit({ type: 'waiting' }),
    onLoadState,
  }
  await models.use(plan.loadable, '', use, async (engine) => {
    if (!(await engine.ready(signal))) return
    const readyAt = performance.now()
    const results = await new Answer(options, engine).write()
    if (!results) return
    emit({
      ...endOf(results),
      timings: {
        queueMs: turnAt! - startedAt,
        loadMs: readyAt - turnAt!,
        ...writingTimes(results),
        totalMs: performance.now() - startedAt,
      },
    })
  })
}

class Answer {
  readonly #options: AnswerRequestOptions
  readonly #engine: EngineSupervisor
  readonly #results: GenerateResult[] = []
  #hasStarted = false
  #tokens: TokenLogprob[] = []

  constructor(options: AnswerRequestOptions, engine: EngineSupervisor) {
    this.#options = options
    this.#engine = engine
  }

  /** null if it was aborted. */
  async write(): Promise<GenerateResult[] | null> {
    const { plan, signal } = this.#options
    await this.#generate({ prompt: plan.prompt, sampling: plan.sampling })
    return signal.aborted ? null : this.#results
  }

  async #generate(part: Pick<GenerateRequest, 'prompt' | 'sampling'>): Promise<GenerateResult> {
    const { request, plan, signal, texts } = this.#options
    const { logitBias, topLogprobs } = request
    const result = await this.#engine.generate(
      { ...part, logitBias, topLogprobs: topLogprobs ?? undefined, returnsPrompt: texts !== null },
      {
        signal,
        onPromptProgress: (readTokens, totalTokens) => this.#progress(readTokens, totalTokens),
        onToken: (token) => this.#tokens.push(token),
        onText: (text) => this.#text(text),
      },
    )
    // By hand, in the middle of the answer.
    if (result.stopReason === 'stopped' && !signal.aborted) {
      throw new AppFailure('ENGINE_CRASHED', { model: plan.loadable.name, reason: 'unloaded' })
    }
    this.#results.push(result)
    if (texts) texts.prompt ||= result.promptText ?? ''
    return result
  }

  #progress(readTokens: number, totalTokens: number): void {
    const { plan, emit } = this.#options
    if (!this.#hasStarted) emit({ type: 'start', model: plan.found.name, modelId: plan.found.model.id })
    this.#hasStarted = true
    emit({ type: 'reading', readTokens, totalTokens })
  }

  #text(text: string): void {
    const { texts, emit } = this.#options
    if (texts) texts.answer = cut(texts.answer + text)
    emit({ type: 'text', text, tokens: this.#tokens.splice(0) })
  }
}

/** Of an answer that was written in several goes, each going on from the one before. */
function endOf(results: GenerateResult[]): Omit<Extract<InferenceEvent, { type: 'end' }>, 'timings'> {
  const first = results[0]!
  const { stopReason, stopText } = results.at(-1)!
  const drafts = results.flatMap(({ draft }) => draft ?? [])
  return {
    type: 'end',
    reason: stopReason === 'end' ? 'stop' : 'length',
    stopText,
    usage: {
      promptTokens: first.promptTokens,
      cachedTokens: first.cachedTokens,
      answerTokens: sum(results.map(({ answerTokens }) => answerTokens)),
      reasoningTokens: 0,
    },
    seed: first.seed,
    draft:
      drafts.length === 0
        ? null
        : {
            acceptedTokens: sum(drafts.map(({ acceptedTokens }) => acceptedTokens)),
            rejectedTokens: sum(drafts.map(({ rejectedTokens }) => rejectedTokens)),
          },
  }
}

function writingTimes(results: GenerateResult[]): Pick<InferenceTimings, 'promptMs' | 'answerMs'> {
  const [first, ...others] = results
  const later = others.map(({ promptMs, answerMs }) => promptMs + answerMs)
  return { promptMs: first!.promptMs, answerMs: first!.answerMs + sum(later) }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
