/**
 * Answers one request: has its model loaded, waits for its turn, and lets the model write. What happens on the
 * way is told as events, the last of which is `end`.
 */
import type { InferenceEvent, InferenceRequest, InferenceTimings } from '../../shared/contract/inference.ts'
import type { GenerateRequest, GenerateResult } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { EngineState, EngineSupervisor } from '../engine/engine-supervisor.ts'
import type { ModelsService } from '../models/models-service.ts'
import { AnswerReader } from './answer-reader.ts'
import type { InferenceClient } from './inference.ts'
import { reasoningOf } from './prompt-reasoning.ts'
import { cut } from './request-log.ts'
import type { RequestPlan } from './request-plan.ts'
import { callBegin } from './tool-texts.ts'

type End = Extract<InferenceEvent, { type: 'end' }>

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
    const answer = new Answer(options, engine)
    const end = await answer.write()
    if (!end) return
    emit({
      ...end,
      timings: {
        queueMs: turnAt! - startedAt,
        loadMs: readyAt - turnAt!,
        ...writingTimes(answer.results),
        totalMs: performance.now() - startedAt,
      },
    })
  })
}

class Answer {
  readonly #options: AnswerRequestOptions
  readonly #engine: EngineSupervisor
  readonly #results: GenerateResult[] = []
  #reader: AnswerReader | undefined
  /** As the model wrote it. */
  #text = ''
  #hasStarted = false

  constructor(options: AnswerRequestOptions, engine: EngineSupervisor) {
    this.#options = options
    this.#engine = engine
  }

  /** null if it was aborted. */
  async write(): Promise<Omit<End, 'timings'> | null> {
    const { plan, request, signal, emit } = this.#options
    const reasoning = request.splitsReasoning ? await reasoningOf(this.#engine, plan.prompt) : null
    const reader = new AnswerReader({ toolNames: plan.tools.map(({ name }) => name), reasoning, emit })
    this.#reader = reader
    if ('text' in plan.prompt || plan.tools.length === 0) await this.#generate(plan)
    else await this.#writeWithTools(plan.prompt)
    if (signal.aborted) return null
    reader.end()
    const end = endOf(this.#results)
    if (reader.callCount > 0 && end.reason === 'stop') end.reason = 'tool-calls'
    if (reader.reasoning !== '') end.usage.reasoningTokens = (await this.#engine.countText(reader.reasoning)) ?? 0
    return signal.aborted ? null : end
  }

  get results(): GenerateResult[] {
    return this.#results
  }

  /** Free until it begins a call; from there on, and from the start if it must call, by the tools' grammar. */
  async #writeWithTools(prompt: Extract<RequestPlan['prompt'], { messages: unknown }>): Promise<void> {
    const { plan, signal } = this.#options
    const { sampling, tools, mustCall } = plan
    const { type: format } = sampling.answerFormat
    if (!mustCall && (format === 'json' || format === 'json-schema')) {
      // What was begun for the model is in neither form, so it goes on in the format alone.
      return void (await this.#generate({ ...plan, toolCalls: prompt.answerStart ? undefined : [...tools] }))
    }
    if (!mustCall) {
      const stopTexts = [...sampling.stopTexts, callBegin]
      const { stopText } = await this.#generate({ prompt, sampling: { ...sampling, stopTexts } })
      if (stopText !== callBegin || signal.aborted) return
    }
    const begun = `${callBegin}\n`
    this.#read(begun)
    const writtenTokens = sum(this.#results.map(({ answerTokens }) => answerTokens))
    const maxTokens = sampling.maxTokens && sampling.maxTokens - writtenTokens
    if (maxTokens === 0) return void (this.#results.at(-1)!.stopReason = 'max-tokens')
    const answerStart = (prompt.answerStart ?? '') + this.#text
    await this.#generate({
      prompt: { ...prompt, answerStart },
      // A stop text would cut an argument in two.
      sampling: { ...sampling, stopTexts: [], answerFormat: { type: 'text' }, maxTokens },
      toolCalls: [...tools],
    })
  }

  async #generate(part: Pick<GenerateRequest, 'prompt' | 'sampling' | 'toolCalls'>): Promise<GenerateResult> {
    const { request, plan, signal, texts, onTokens } = this.#options
    const { prompt, sampling, toolCalls } = part
    const { logitBias, topLogprobs } = request
    const before = sum(this.#results.map(({ answerTokens }) => answerTokens))
    const result = await this.#engine.generate(
      { prompt, sampling, toolCalls, logitBias, topLogprobs: topLogprobs ?? undefined, returnsPrompt: texts !== null },
      {
        signal,
        onPromptText: (text) => {
          if (texts) texts.prompt ||= cut(text)
        },
        onPromptProgress: (readTokens, totalTokens) => this.#progress(readTokens, totalTokens),
        onToken: (token) => this.#reader!.token(token),
        onText: (text, answerTokens) => {
          onTokens(before + answerTokens)
          this.#read(text)
        },
      },
    )
    // By hand, in the middle of the answer.
    if (result.stopReason === 'stopped' && !signal.aborted) {
      throw new AppFailure('ENGINE_CRASHED', { model: plan.loadable.name, reason: 'unloaded' })
    }
    this.#results.push(result)
    return result
  }

  #progress(readTokens: number, totalTokens: number): void {
    // What goes on with a call is in the cache.
    if (this.#results.length > 0) return
    const { plan, emit } = this.#options
    if (!this.#hasStarted) emit({ type: 'start', model: plan.found.name, modelId: plan.found.model.id })
    this.#hasStarted = true
    emit({ type: 'reading', readTokens, totalTokens })
  }

  #read(text: string): void {
    const { texts, plan } = this.#options
    if (texts) texts.answer = cut(texts.answer + text)
    if (plan.tools.length > 0) this.#text += text
    this.#reader!.text(text)
  }
}

/** Of an answer that was written in several goes, each going on from the one before. */
function endOf(results: GenerateResult[]): Omit<End, 'timings'> {
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
