/**
 * What programs ask and are answered at this moment, for people to watch. Viewers are shown how things stand at
 * most twice a second; nothing is kept per token.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import type { LiveRequest, RequestLogEntry, ServerActivity } from '../../shared/contract/api-server.ts'
import type { InferenceEvent } from '../../shared/contract/inference.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import type { InferenceClient } from './inference.ts'
import { RequestLog } from './request-log.ts'
import { TokenRate } from './token-rate.ts'

const shownSeconds = 60
/** Of one request, so that the figure is neither jumpy nor old. */
const requestSeconds = 4
const pauseMs = 500

export class Activity {
  readonly log: RequestLog
  readonly #requests = new Set<ActiveRequest>()
  readonly #rate = new TokenRate(shownSeconds)
  readonly #totals: ServerActivity['totals'] = { requests: 0, failures: 0, promptTokens: 0, answerTokens: 0 }
  /** Replaced when a request begins. */
  #begun = Promise.withResolvers<void>()

  constructor(settings: SettingsService) {
    this.log = new RequestLog(settings)
  }

  now(): ServerActivity {
    return {
      requests: [...this.#requests].map((request) => request.now()),
      tokensPerSecond: this.#rate.seconds(),
      totals: { ...this.#totals },
    }
  }

  /** Now, and again twice a second while something changes, until `signal` aborts. */
  async *watch(signal?: AbortSignal): AsyncGenerator<ServerActivity, void, void> {
    const { promise: aborted, resolve: end } = Promise.withResolvers<void>()
    if (signal?.aborted) end()
    signal?.addEventListener('abort', () => end(), { once: true })
    while (!signal?.aborted) {
      const shownAt = performance.now()
      const begun = this.#begun.promise
      const isQuiet = this.#requests.size === 0 && this.#rate.isZero
      yield this.now()
      if (isQuiet) await Promise.race([begun, aborted])
      const waitMs = Math.max(0, shownAt + pauseMs - performance.now())
      await Promise.race([sleep(waitMs, undefined, { ref: false }), aborted])
    }
  }

  /** Entries of the request log, from now on. */
  watchLog(signal: AbortSignal): AsyncGenerator<RequestLogEntry[], void, void> {
    return this.log.watch({ keptToo: false, signal })
  }

  /** Must be told of its end. */
  begin(client: InferenceClient, model: string): ActiveRequest {
    const request = new ActiveRequest(client, model, {
      wrote: (tokens) => {
        this.#rate.add(tokens)
        this.#totals.answerTokens += tokens
      },
      read: (tokens) => void (this.#totals.promptTokens += tokens),
      ended: (entry, isFailure) => {
        this.#requests.delete(request)
        if (isFailure) this.#totals.failures++
        if (entry) this.log.add(entry)
      },
    })
    this.#totals.requests++
    this.#requests.add(request)
    this.#begun.resolve()
    this.#begun = Promise.withResolvers()
    return request
  }
}

interface Ears {
  wrote: (tokens: number) => void
  read: (tokens: number) => void
  ended: (entry: RequestLogEntry | null, isFailure: boolean) => void
}

export class ActiveRequest {
  readonly #live: LiveRequest
  readonly #rate = new TokenRate(requestSeconds)
  readonly #ears: Ears
  #outcome = 'stopped'

  constructor({ protocol, endpoint, name }: InferenceClient, model: string, ears: Ears) {
    this.#ears = ears
    this.#live = {
      id: uuidv7(),
      protocol,
      endpoint,
      client: name,
      model,
      phase: 'waiting',
      startedAt: Date.now(),
      promptTokens: 0,
      answerTokens: 0,
      tokensPerSecond: null,
    }
  }

  now(): LiveRequest {
    return { ...this.#live, tokensPerSecond: this.#rate.average() }
  }

  follow(event: InferenceEvent): void {
    const live = this.#live
    if (event.type === 'waiting' || event.type === 'loading') live.phase = event.type
    else if (event.type === 'start') live.phase = 'reading'
    else if (event.type === 'reading') this.#read(event.totalTokens)
    else if (event.type === 'end') {
      this.#read(event.usage.promptTokens)
      this.wrote(event.usage.answerTokens)
      this.#outcome = event.reason
    }
  }

  /** The answer has so many tokens by now. */
  wrote(answerTokens: number): void {
    const more = answerTokens - this.#live.answerTokens
    if (more <= 0) return
    this.#live.phase = 'writing'
    this.#live.answerTokens = answerTokens
    this.#rate.add(more)
    this.#ears.wrote(more)
  }

  /** `failure`: its code; null = there is none. `texts` for the log; null = they are not kept. */
  end(failure: string | null, texts: Pick<RequestLogEntry, 'prompt' | 'answer'> | null): void {
    const { phase: _phase, startedAt, tokensPerSecond: _rate, ...live } = this.#live
    const outcome = failure ?? this.#outcome
    const entry = texts && { ...live, ...texts, at: startedAt, outcome, totalMs: Date.now() - startedAt }
    this.#ears.ended(entry, failure !== null)
  }

  /** What is in the cache is counted at the end only. */
  #read(promptTokens: number): void {
    const more = promptTokens - this.#live.promptTokens
    if (more <= 0) return
    this.#live.promptTokens = promptTokens
    this.#ears.read(more)
  }
}
