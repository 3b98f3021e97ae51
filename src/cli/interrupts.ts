/**
 * Ctrl-C and SIGTERM. The first asks the command to end in order, the second ends the process at once. A command
 * that has something smaller to stop (an answer, in a chat that goes on) takes the next Ctrl-C for that.
 */
import { exitCodes } from './command-failure.ts'

export class Interrupts {
  readonly #ending = new AbortController()
  #diversion: (() => void) | null = null
  readonly #onHangUp = () => this.#end()

  constructor() {
    process.on('SIGINT', () => {
      const diversion = this.#diversion
      this.#diversion = null
      if (diversion) diversion()
      else this.#end()
    })
    process.on('SIGTERM', () => this.#end())
    // The terminal was closed.
    process.on('SIGHUP', this.#onHangUp)
  }

  /** For a command that outlives its terminal. */
  ignoreHangUp(): void {
    process.off('SIGHUP', this.#onHangUp)
    process.on('SIGHUP', () => {})
  }

  /** Aborts when the command is to end. */
  get signal(): AbortSignal {
    return this.#ending.signal
  }

  /** The next Ctrl-C does this instead of ending the command, unless what is returned is called before. */
  divert(stop: () => void): () => void {
    this.#diversion = stop
    return () => {
      if (this.#diversion === stop) this.#diversion = null
    }
  }

  #end(): void {
    if (this.#ending.signal.aborted) process.exit(exitCodes.interrupted)
    this.#ending.abort()
  }
}

/** The promise, or an AbortError as soon as `signal` aborts. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason as Error)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', onAbort))
}
