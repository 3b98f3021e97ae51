import { Worker } from 'node:worker_threads'
import type { HashRequest, HashResult, WorkerJob } from './transfer-messages.ts'

/** Telling the thread of every write would cost more than it hashes. */
const stepBytes = 4 * 1024 * 1024

/** Hashes a file in a thread of its own, up to what is said to be there. `workerPath` is download-worker's. */
export class HashThread {
  readonly sha256: Promise<string>
  readonly #worker: Worker
  readonly #sizeBytes: number
  #toldBytes = -1

  constructor(workerPath: string | URL, path: string, sizeBytes: number) {
    this.#sizeBytes = sizeBytes
    const work: WorkerJob = { task: 'hash', path, sizeBytes }
    this.#worker = new Worker(workerPath, { workerData: work, execArgv: [] })
    this.sha256 = new Promise((resolve, reject) => {
      this.#worker.on('message', (result: HashResult) => resolve(result.sha256))
      this.#worker.on('error', reject)
      this.#worker.on('exit', () => reject(new Error('The hashing thread has ended')))
    })
    // Who does not want the hash any more does not wait for it.
    this.sha256.catch(() => {})
  }

  /** So many bytes from the start of the file are there. */
  advance(availableBytes: number): void {
    if (availableBytes < this.#sizeBytes && availableBytes - this.#toldBytes < stepBytes) return
    if (availableBytes === this.#toldBytes) return
    this.#toldBytes = availableBytes
    this.#worker.postMessage({ availableBytes } satisfies HashRequest)
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
