import { Worker } from 'node:worker_threads'
import type { FileLocation } from '../hubs/hub-source.ts'
import type { TransferEnd, TransferEvent, TransferJob, TransferRequest, WorkerJob } from './transfer-messages.ts'

/** Core's side of the thread that fetches one file. `workerPath` is download-worker's. */
export class TransferThread {
  readonly #worker: Worker
  readonly #exited: Promise<void>
  /** Why there is no thread any more. */
  #dead: TransferEnd | null = null
  #onEnd: ((end: TransferEnd) => void) | null = null

  constructor(workerPath: string, job: TransferJob, onProgress: (receivedBytes: number) => void) {
    const work: WorkerJob = { task: 'transfer', job }
    this.#worker = new Worker(workerPath, { workerData: work, execArgv: [] })
    this.#worker.on('message', (event: TransferEvent) => {
      if (event.type === 'progress') onProgress(event.receivedBytes)
      else this.#onEnd?.(event.end)
    })
    this.#exited = new Promise((resolve) => {
      this.#worker.on('error', (error: NodeJS.ErrnoException) => {
        this.#dead = { type: 'disk', code: error.code ?? 'UNKNOWN', message: error.stack ?? error.message }
      })
      this.#worker.on('exit', () => {
        this.#dead ??= { type: 'disk', code: 'UNKNOWN', message: 'the thread has ended' }
        this.#onEnd?.(this.#dead)
        resolve()
      })
    })
  }

  fetch(location: FileLocation, etag: string | null): Promise<TransferEnd> {
    const { promise, resolve } = Promise.withResolvers<TransferEnd>()
    this.#onEnd = resolve
    if (this.#dead) resolve(this.#dead)
    this.#send({ type: 'fetch', location, etag })
    return promise
  }

  /** A running `fetch` ends; what came is flushed and noted. */
  async close(): Promise<void> {
    this.#send({ type: 'stop' })
    await this.#exited
  }

  #send(request: TransferRequest): void {
    this.#worker.postMessage(request)
  }
}
