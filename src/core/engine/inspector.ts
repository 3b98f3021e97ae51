/**
 * Looks at GGUF files of unknown origin in engine processes of their own, because some damaged
 * headers hang or abort the reader. A process serves one file after the other; one that hangs or
 * crashes costs only the file it was looking at, and the next file gets a new process. Processes
 * start when there is something to look at, and end when there has been nothing for a while.
 */
import { availableParallelism } from 'node:os'
import { basename } from 'node:path'
import type { TemplateChoice } from '../../shared/contract/load-settings.ts'
import type { ModelDetails } from '../../shared/contract/models.ts'
import type { EngineCalls, InspectResult } from '../../shared/engine/messages.ts'
import { AppFailure } from '../../shared/lib/app-failure.ts'
import type { Log } from '../ports.ts'
import { EngineClient } from './engine-client.ts'
import type { EngineStarter } from './engine-starter.ts'

const fileDeadlineMs = 10_000
const idleMs = 5_000
const maxProcesses = Math.min(4, availableParallelism())

export class Inspector {
  readonly #starter: EngineStarter
  readonly #log: Log
  /** Started and without work. */
  readonly #idle: EngineClient[] = []
  readonly #all = new Set<EngineClient>()
  readonly #waiting: (() => void)[] = []
  #busyCount = 0
  #idleTimer: NodeJS.Timeout | undefined

  constructor(starter: EngineStarter, log: Log) {
    this.#starter = starter
    this.#log = log
  }

  /** How many files are looked at at the same time; more wait for their turn. */
  get width(): number {
    return maxProcesses
  }

  /** Rejects with the codes of `models.importFile` but DISK_FULL; more than 10 s, or a crash, is FILE_DAMAGED. */
  inspect(path: string): Promise<InspectResult> {
    return this.#call('inspect', { path })
  }

  /** Rejects like `inspect`. */
  details(path: string): Promise<ModelDetails> {
    return this.#call('details', { path })
  }

  /** Rejects like `inspect`, or with TEMPLATE_FAILED. */
  previewTemplate(path: string, template: TemplateChoice): Promise<EngineCalls['previewTemplate']['output']> {
    return this.#call('previewTemplate', { path, template })
  }

  /** Ends the processes. Files that are looked at now count as damaged. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer)
    await Promise.all([...this.#all].map((client) => client.end()))
  }

  async #call<Name extends 'inspect' | 'details' | 'previewTemplate'>(
    name: Name,
    input: EngineCalls[Name]['input'],
  ): Promise<EngineCalls[Name]['output']> {
    if (this.#busyCount === maxProcesses) await new Promise<void>((turn) => this.#waiting.push(turn))
    else this.#busyCount++
    clearTimeout(this.#idleTimer)
    const client = this.#idle.pop() ?? this.#start()
    let isUsable = true
    try {
      await client.started
      const deadline = setTimeout(() => void client.end(), fileDeadlineMs)
      return await client.call(name, input).finally(() => clearTimeout(deadline))
    } catch (error) {
      if (!(error instanceof AppFailure) || error.code !== 'ENGINE_CRASHED') throw error
      isUsable = false
      const { path } = input
      const detail = `reading ${basename(path)} ended with ${error.data.reason}`
      throw new AppFailure('FILE_DAMAGED', { path, detail })
    } finally {
      if (isUsable) this.#idle.push(client)
      const next = this.#waiting.shift()
      if (next) next()
      else this.#busyCount--
      if (this.#busyCount === 0) this.#idleTimer = setTimeout(() => this.#endIdle(), idleMs).unref()
    }
  }

  #start(): EngineClient {
    const client: EngineClient = new EngineClient({
      process: this.#starter(),
      modelName: 'inspection',
      log: this.#log,
      onExit: () => {
        this.#all.delete(client)
        const index = this.#idle.indexOf(client)
        if (index >= 0) this.#idle.splice(index, 1)
      },
    })
    this.#all.add(client)
    return client
  }

  #endIdle(): void {
    for (const client of this.#idle.splice(0)) void client.end()
  }
}
