/**
 * One engine process without a model, for estimates: started by the first call, ended some minutes
 * after the last. Calls run one at a time, so that a header that makes it crash or hang takes no
 * other call with it.
 */
import type { EngineCallName, EngineCalls } from '../../shared/engine/messages.ts'
import { EngineClient } from '../engine/engine-client.ts'
import type { EngineStarter } from '../engine/engine-starter.ts'
import type { Log } from '../ports.ts'

const idleMs = 3 * 60_000
const callDeadlineMs = 15_000

export class IdleEngine {
  readonly #starter: EngineStarter
  readonly #log: Log
  #client: EngineClient | null = null
  #idleTimer: NodeJS.Timeout | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(starter: EngineStarter, log: Log) {
    this.#starter = starter
    this.#log = log
  }

  /** Rejects as the call does; ENGINE_CRASHED too if no answer comes within 15 s. */
  call<Name extends EngineCallName>(
    name: Name,
    input: EngineCalls[Name]['input'],
  ): Promise<EngineCalls[Name]['output']> {
    const call = this.#last.then(() => this.#callNow(name, input))
    this.#last = call.catch(() => {})
    return call
  }

  async close(): Promise<void> {
    clearTimeout(this.#idleTimer)
    const client = this.#client
    this.#client = null
    await client?.end()
  }

  async #callNow<Name extends EngineCallName>(name: Name, input: EngineCalls[Name]['input']) {
    clearTimeout(this.#idleTimer)
    const client = (this.#client ??= this.#start())
    const deadline = setTimeout(() => void client.end(), callDeadlineMs)
    try {
      await client.started
      return await client.call(name, input)
    } finally {
      clearTimeout(deadline)
      this.#idleTimer = setTimeout(() => void this.close(), idleMs).unref()
    }
  }

  #start(): EngineClient {
    const client: EngineClient = new EngineClient({
      process: this.#starter(),
      modelName: '',
      log: this.#log,
      onExit: () => {
        if (this.#client === client) this.#client = null
      },
    })
    return client
  }
}
