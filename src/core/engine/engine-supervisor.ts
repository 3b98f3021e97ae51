/**
 * Keeps one model available through engine processes. A process that ends by itself fails what it
 * was doing, once, and is replaced at the next request; nothing is replayed. After three crashes
 * without a finished answer in between, only `load` starts it again.
 *
 * `loadState` walks unloaded → loading → ready → unloaded, or to failed. It is this model's state
 * in the contract, and `onLoadState` reports each change, whoever caused it: `load`, a crash, or a
 * request that had to load again.
 */
import type { TokenLogprob } from '../../shared/contract/inference.ts'
import type { LoadState, Runtime } from '../../shared/contract/models.ts'
import type {
  EngineCalls,
  GenerateRequest,
  GenerateResult,
  LoadRequest,
  SavedState,
  StatePlace,
} from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { AnswerFormat } from '../../shared/lib/sampling.ts'
import type { Log } from '../ports.ts'
import { EngineClient } from './engine-client.ts'
import type { EngineStarter } from './engine-starter.ts'

const maxCrashes = 3

/** A model's load state as its supervisor knows it. */
export type EngineState = Exclude<LoadState, { state: 'ready' }> | { state: 'ready'; runtime: Runtime }

export interface EngineSupervisorOptions {
  /** What a person calls the model; names it in ENGINE_CRASHED and ENGINE_UNSTABLE. */
  modelName: string
  starter: EngineStarter
  log: Log
  /** Called after every change of `loadState`, load progress included (at most about 20 a second). */
  onLoadState?: (state: EngineState) => void
  /** Keeps the KV states of chats between engine processes. */
  states?: ChatStates
}

export interface ChatStates {
  /** Where the state of a chat is kept for a model that is loaded in this way; undefined = nowhere. Never rejects. */
  placeOf(chatId: string, request: LoadRequest, runtime: Runtime): Promise<StatePlace | undefined>
  saved(state: SavedState): void
}

export interface GenerateOptions {
  /** The chat whose next answer this is, so that its KV state is kept. */
  chatId?: string
  /** Ends the answer within a quarter of a second: `generate` resolves with stopReason `stopped`. */
  signal?: AbortSignal
  /** The next piece of the answer, whole characters only; about every 30 ms. `answerTokens`: of the answer so far. */
  onText?: (text: string, answerTokens: number) => void
  /** Each token of the answer with its probability, before the text it is part of; with `topLogprobs` only. */
  onToken?: (token: TokenLogprob) => void
  /** The prompt as it will be read, so that it is known of a failed answer too; with `returnsPrompt` only. */
  onPromptText?: (text: string) => void
  /** The first call says how many tokens must be read (those in the cache are not counted); the last has both equal. */
  onPromptProgress?: (readTokens: number, totalTokens: number) => void
}

interface Engine {
  client: EngineClient
  ready: Promise<Runtime>
}

export class EngineSupervisor {
  readonly #options: EngineSupervisorOptions
  #loadState: EngineState = { state: 'unloaded' }
  #request: LoadRequest | null = null
  #engine: Engine | null = null
  /** The end of the engines before this one: their memory is free when it resolves. */
  #ended: Promise<unknown> = Promise.resolve()
  #crashes = 0
  #crashReason = ''

  constructor(options: EngineSupervisorOptions) {
    this.#options = options
  }

  get loadState(): EngineState {
    return this.#loadState
  }

  /**
   * Loads the model in a new process and resolves when it answers; a process of this supervisor
   * that runs already is ended first (a load under way fails with LOAD_CANCELLED). The request is
   * remembered for later restarts. Rejects with the codes of `models.load` but NOT_FOUND and
   * ENGINE_UNSTABLE. An abort of `signal` rejects with LOAD_CANCELLED.
   */
  load(request: LoadRequest, { signal }: { signal?: AbortSignal } = {}): Promise<Runtime> {
    void this.unload()
    this.#request = request
    this.#crashes = 0
    const { client, ready } = this.#start(request)
    const cancel = () => {
      if (this.#isCurrent(client)) void this.unload()
    }
    if (signal?.aborted) cancel()
    signal?.addEventListener('abort', cancel)
    return ready.finally(() => signal?.removeEventListener('abort', cancel))
  }

  /**
   * Answers a prompt; loads the model again first if its process is gone. As many answers as the model has slots
   * are made at the same time, others wait in the engine. Rejects with PROMPT_TOO_LONG, TEMPLATE_FAILED,
   * GRAMMAR_INVALID, INFILL_UNSUPPORTED, REQUEST_INVALID (`logit_bias`), ENGINE_CRASHED, ENGINE_UNSTABLE, or
   * what loading it again rejects with.
   */
  async generate(
    request: GenerateRequest,
    { chatId, signal, onText, onToken, onPromptText, onPromptProgress }: GenerateOptions = {},
  ): Promise<GenerateResult> {
    const client = await beforeAbort(this.#ready(), signal)
    if (!client) return notBegun(request)
    const statePlace = chatId === undefined ? undefined : await this.#statePlace(chatId)
    const result = await client.call('generate', { ...request, statePlace }, {
      signal,
      onEvent: (event) => {
        if (event.type === 'text') onText?.(event.text, event.answerTokens)
        else if (event.type === 'token') onToken?.(event.token)
        else if (event.type === 'prompt-text') onPromptText?.(event.text)
        else if (event.type === 'prompt-progress') onPromptProgress?.(event.readTokens, event.totalTokens)
      },
    })
    this.#crashes = 0
    return result
  }

  /**
   * Resolves with true when requests are answered, after loading the model again if its process is gone; with
   * false if `signal` aborts before. Rejects as `generate` does.
   */
  async ready(signal?: AbortSignal): Promise<boolean> {
    return (await beforeAbort(this.#ready(), signal)) !== null
  }

  /**
   * Tokens of the prompt as `generate` would read it; null unless the model is loaded. Rejects with
   * TEMPLATE_FAILED, or ENGINE_CRASHED.
   */
  async countPrompt(prompt: GenerateRequest['prompt']): Promise<EngineCalls['countPrompt']['output'] | null> {
    return this.#readyClient?.call('countPrompt', { prompt }) ?? null
  }

  /** As `countPrompt`, with the tokens. */
  async inspectPrompt(prompt: GenerateRequest['prompt']): Promise<EngineCalls['inspectPrompt']['output'] | null> {
    return this.#readyClient?.call('inspectPrompt', { prompt }) ?? null
  }

  /** Tokens of a text alone; null unless the model is loaded. */
  async countText(text: string): Promise<number | null> {
    return this.#readyClient?.call('countText', { text }) ?? null
  }

  /**
   * The answer's tokens with their likeliest alternatives; waits for a free slot. When `signal` aborts, those of
   * its head. Rejects as `generate` does.
   */
  async answerTokens(
    input: EngineCalls['answerTokens']['input'],
    signal?: AbortSignal,
  ): Promise<EngineCalls['answerTokens']['output']> {
    const client = await this.#ready()
    return client.call('answerTokens', input, { signal })
  }

  /**
   * One vector of length 1 a text: the mean of the last hidden states over its tokens (BOS included); running
   * answers go on meanwhile. `tokenCount`: of all texts. When `signal` aborts, those of the first texts. Rejects with
   * PROMPT_TOO_LONG, NOT_ENOUGH_MEMORY, or as `generate` does.
   */
  async embed(texts: string[], signal?: AbortSignal): Promise<EngineCalls['embed']['output']> {
    const client = await beforeAbort(this.#ready(), signal)
    if (!client) return { vectors: [], tokenCount: 0 }
    return client.call('embed', { texts }, { signal })
  }

  /** Rejects with GRAMMAR_INVALID, or ENGINE_CRASHED; where no engine is ready to say, the answer itself will. */
  async checkFormat(format: AnswerFormat): Promise<void> {
    await this.#readyClient?.call('checkFormat', { format })
  }

  /**
   * Decodes with each thread count in turn, for a few seconds each; the loaded model itself keeps
   * its threads until it is loaded again. Waits for a running answer, so ask for it when none runs.
   */
  async measureThreads(threadCounts: number[]): Promise<EngineCalls['measureThreads']['output']> {
    const client = await this.#ready()
    return client.call('measureThreads', { threadCounts })
  }

  /** Stops its answers, has the states of chats saved, ends the process, and resolves when its memory is free. */
  async unload(): Promise<void> {
    if (this.#engine) {
      this.#drop(this.#engine.client, { savesStates: this.#loadState.state === 'ready' })
      this.#setLoadState({ state: 'unloaded' })
    }
    await this.#ended
  }

  get #readyClient(): EngineClient | undefined {
    return this.#loadState.state === 'ready' ? this.#engine?.client : undefined
  }

  /** The client of a ready engine, loading first if there is none. */
  async #ready(): Promise<EngineClient> {
    if (!this.#request) throw new Error('The supervisor was never told what to load')
    if (this.#crashes >= maxCrashes) throw this.#unstable()
    const { client, ready } = this.#engine ?? this.#start(this.#request)
    await ready
    return client
  }

  #start(request: LoadRequest): Engine {
    const client = new EngineClient({
      process: this.#options.starter(),
      modelName: this.#options.modelName,
      log: this.#options.log,
      onStateSaved: (state) => this.#options.states?.saved(state),
      onExit: (reason) => this.#exited(client, reason),
    })
    const ready = this.#load(client, request)
    ready.catch(() => {}) // told through loadState as well
    this.#engine = { client, ready }
    this.#setLoadState({ state: 'loading', fraction: 0 })
    return this.#engine
  }

  async #load(client: EngineClient, request: LoadRequest): Promise<Runtime> {
    try {
      await Promise.all([client.started, this.#ended])
      const runtime = await client.call('load', request, {
        onEvent: (event) => {
          if (event.type === 'load-progress' && this.#isCurrent(client)) {
            this.#setLoadState({ state: 'loading', fraction: event.fraction })
          }
        },
      })
      // Its end may cross with the cancelling.
      if (client.isEnding) throw new AppFailure('LOAD_CANCELLED', { path: request.path })
      this.#setLoadState({ state: 'ready', runtime })
      return runtime
    } catch (error) {
      if (client.isEnding) throw new AppFailure('LOAD_CANCELLED', { path: request.path })
      // Refused, not crashed: a process without a model is of no use.
      if (this.#isCurrent(client)) {
        this.#drop(client)
        this.#setLoadState({ state: 'failed', failure: (error as AppFailure).toFailure() })
      }
      throw error
    }
  }

  #drop(client: EngineClient, options?: { savesStates: boolean }): void {
    this.#engine = null
    this.#ended = Promise.all([this.#ended, client.end(options)])
  }

  async #statePlace(chatId: string): Promise<StatePlace | undefined> {
    if (this.#loadState.state !== 'ready' || !this.#request) return undefined
    return this.#options.states?.placeOf(chatId, this.#request, this.#loadState.runtime)
  }

  #exited(client: EngineClient, reason: string): void {
    if (!this.#isCurrent(client)) return
    this.#engine = null
    this.#crashes++
    this.#crashReason = reason
    const { modelName: model, log } = this.#options
    log.error('The engine ended by itself', { model, reason, crashesInARow: this.#crashes })
    const failure = this.#crashes < maxCrashes ? new AppFailure('ENGINE_CRASHED', { model, reason }) : this.#unstable()
    this.#setLoadState({ state: 'failed', failure: failure.toFailure() })
  }

  #isCurrent(client: EngineClient): boolean {
    return this.#engine?.client === client
  }

  #unstable(): AppFailure<'ENGINE_UNSTABLE'> {
    return new AppFailure('ENGINE_UNSTABLE', { model: this.#options.modelName, reason: this.#crashReason })
  }

  #setLoadState(state: EngineState): void {
    this.#loadState = state
    this.#options.onLoadState?.(state)
  }
}

/** What `promise` brings, or null when `signal` aborts before. */
async function beforeAbort<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T | null> {
  if (!signal) return promise
  const aborted = Promise.withResolvers<null>()
  const abort = () => aborted.resolve(null)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  try {
    return await Promise.race([aborted.promise, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** The result of an answer that was stopped while its model was still being loaded. */
function notBegun({ sampling }: GenerateRequest): GenerateResult {
  return {
    stopReason: 'stopped',
    promptTokens: 0,
    cachedTokens: 0,
    answerTokens: 0,
    promptMs: 0,
    answerMs: 0,
    seed: sampling.seed ?? 0,
    stopText: null,
    draft: null,
  }
}
