import type { LlamaLogLevel } from 'node-llama-cpp'
import type { EngineEvent } from '../shared/engine/messages.ts'

/** Passes llama.cpp's warnings and errors on and remembers why it refused something. */
export class NativeLog {
  readonly #send: (event: EngineEvent) => void
  #lastError = ''

  constructor(send: (event: EngineEvent) => void) {
    this.#send = send
  }

  /** The last line that gives a reason; empty if there was none. */
  get lastError(): string {
    return this.#lastError
  }

  readonly write = (level: LlamaLogLevel, message: string): void => {
    const isError = level === 'error' || level === 'fatal'
    for (const line of message.split('\n')) {
      const text = line.trim()
      if (text === '') continue
      // Behind the reason llama.cpp only repeats that it failed.
      if (isError && !/failed to (load model|create context)$/i.test(text)) this.#lastError = text
      this.#send({ type: 'log', level: isError ? 'error' : 'warn', text: text.slice(0, 500) })
    }
  }
}
