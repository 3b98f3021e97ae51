/**
 * Speaks the engine protocol with one engine process. One client lives exactly as long as its
 * process, so nothing of an old process can reach a new one. Every call settles exactly once:
 * by its result, by its failure, or by the end of the process.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineCallName, EngineCalls, EngineEvent, EngineRequest, SavedState } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { Log } from '../ports.ts'
import type { EngineProcess } from './engine-starter.ts'

const startDeadlineMs = 10_000
/** How long a stopped call may take to end before its process is killed. */
const stopDeadlineMs = 3_000
const saveDeadlineMs = 3_000
/** llama.cpp can log per token when something is wrong; one process gets this many lines. */
const maxLogLines = 500

export interface EngineClientOptions {
  process: EngineProcess
  /** Names the model in ENGINE_CRASHED. */
  modelName: string
  log: Log
  /** The engine has saved the KV state of a chat. */
  onStateSaved?: (state: SavedState) => void
  /** Called once, with an exit code or a signal's name, right after every pending call has been rejected. */
  onExit?: (reason: string) => void
}

export type CallEvent = Extract<
  EngineEvent,
  { type: 'load-progress' | 'prompt-progress' | 'prompt-text' | 'text' | 'token' }
>

export interface CallOptions {
  onEvent?: (event: CallEvent) => void
  /** Asks the engine to end the call early; kills the process if no end comes in 3 s. */
  signal?: AbortSignal
}

interface PendingCall {
  name: EngineCallName
  promise: Promise<unknown>
  resolve: (value: never) => void
  reject: (error: AppFailure) => void
  onEvent?: (event: CallEvent) => void
  /** Runs when the call settles. */
  release: () => void
  /** Set once the call was asked to stop. */
  killTimer?: NodeJS.Timeout
}

export class EngineClient {
  /** Resolves when the process takes calls; rejects with ENGINE_CRASHED if it does not within 10 s. */
  readonly started: Promise<void>
  readonly exited: Promise<void>
  readonly #process: EngineProcess
  readonly #modelName: string
  readonly #log: Log
  readonly #pending = new Map<number, PendingCall>()
  readonly #start = Promise.withResolvers<void>()
  #lastId = 0
  #logLines = 0
  readonly #onStateSaved: EngineClientOptions['onStateSaved']
  #exitReason: string | null = null
  #isEnding = false

  constructor({ process, modelName, log, onStateSaved, onExit }: EngineClientOptions) {
    this.#process = process
    this.#modelName = modelName
    this.#log = log
    this.#onStateSaved = onStateSaved
    this.started = this.#start.promise
    this.started.catch(() => {}) // heard by whoever awaits it, if anyone does
    const deadline = setTimeout(() => {
      log.error('The engine did not start in time', { model: modelName })
      process.kill()
    }, startDeadlineMs)
    void this.started.then(() => clearTimeout(deadline), () => clearTimeout(deadline))
    const exit = Promise.withResolvers<void>()
    this.exited = exit.promise
    process.onEvent((event) => this.#receive(event))
    process.onExit((reason) => {
      this.#exitReason = String(reason)
      this.#start.reject(this.#crash())
      for (const id of this.#pending.keys()) this.#settle(id)?.reject(this.#crash())
      onExit?.(this.#exitReason)
      exit.resolve()
    })
  }

  /** Rejects with the failure the engine sent, or with ENGINE_CRASHED when the process ends first. */
  call<Name extends EngineCallName>(
    name: Name,
    input: EngineCalls[Name]['input'],
    { onEvent, signal }: CallOptions = {},
  ): Promise<EngineCalls[Name]['output']> {
    if (this.#exitReason !== null) return Promise.reject(this.#crash())
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<EngineCalls[Name]['output']>()
    const stop = () => this.#stop(id)
    const release = () => signal?.removeEventListener('abort', stop)
    this.#pending.set(id, { name, promise, resolve, reject, onEvent, release })
    this.#process.send({ type: 'call', id, name, input } as EngineRequest)
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop)
    return promise
  }

  /** True once `end` was called. */
  get isEnding(): boolean {
    return this.#isEnding
  }

  /**
   * Lets a running answer stop, ends the process, and resolves when it is gone. `savesStates`: of a loaded model;
   * what is not saved in 3 s is not saved.
   */
  async end({ savesStates = false } = {}): Promise<void> {
    this.#isEnding = true
    const answers = [...this.#pending].filter(([, call]) => call.name === 'generate')
    for (const [id] of answers) this.#stop(id)
    await Promise.allSettled(answers.map(([, call]) => call.promise))
    if (savesStates) await Promise.race([this.call('saveStates', {}).catch(() => {}), sleep(saveDeadlineMs)])
    this.#process.kill()
    await this.exited
  }

  #receive(event: EngineEvent): void {
    switch (event.type) {
      case 'started':
        return this.#start.resolve()
      case 'result':
        return this.#settle(event.id)?.resolve(event.value as never)
      case 'failure':
        return this.#settle(event.id)?.reject(AppFailure.fromFailure(event.failure))
      case 'state-saved':
        return this.#onStateSaved?.(event.state)
      case 'log':
        return this.#writeLog(event.level, event.text)
      default:
        this.#pending.get(event.id)?.onEvent?.(event)
    }
  }

  #stop(id: number): void {
    const call = this.#pending.get(id)
    if (!call || call.killTimer) return
    this.#process.send({ type: 'stop', id })
    call.killTimer = setTimeout(() => this.#process.kill(), stopDeadlineMs)
  }

  #settle(id: number): PendingCall | undefined {
    const call = this.#pending.get(id)
    if (!call) return undefined
    this.#pending.delete(id)
    clearTimeout(call.killTimer)
    call.release()
    return call
  }

  #crash(): AppFailure<'ENGINE_CRASHED'> {
    return new AppFailure('ENGINE_CRASHED', { model: this.#modelName, reason: this.#exitReason ?? '' })
  }

  #writeLog(level: 'error' | 'warn' | 'info', text: string): void {
    if (++this.#logLines > maxLogLines) return
    this.#log[level](text, { model: this.#modelName })
    if (this.#logLines === maxLogLines) this.#log.warn('Further lines of this engine are left out')
  }
}
