import type { LlamaLogLevel } from 'node-llama-cpp'
import type { EngineEvent } from '../shared/engine/messages.ts'

/**
 * Passes llama.cpp's warnings and errors on, and remembers what else a load has to know of its
 * words: why it refused something, which metadata it took from us instead of from the file, and
 * what it chose by itself. Only the log says these; so it listens to the level `info` too.
 */
export class NativeLog {
  readonly #send: (event: EngineEvent) => void
  /** Some are read more than once. */
  readonly #confirmedOverrides = new Set<string>()
  #overrideKey = ''
  #lastError = ''
  #lockFailure = ''
  #hasFlashAttention = false

  constructor(send: (event: EngineEvent) => void) {
    this.#send = send
  }

  /** To be called before a load. */
  forget(): void {
    this.#confirmedOverrides.clear()
    this.#lastError = this.#lockFailure = ''
    this.#hasFlashAttention = false
  }

  /** Such as `llama.rope.freq_base = 1000000`, in the order llama.cpp read them. */
  get confirmedOverrides(): string[] {
    return [...this.#confirmedOverrides]
  }

  /** The last line that gives a reason; empty if there was none. */
  get lastError(): string {
    return this.#lastError
  }

  /** Why memory could not be locked; empty if it could or did not have to be. */
  get lockFailure(): string {
    return this.#lockFailure
  }

  /** Whether the last context that was left the choice uses flash attention. */
  get hasFlashAttention(): boolean {
    return this.#hasFlashAttention
  }

  readonly write = (level: LlamaLogLevel, message: string): void => {
    const isError = level === 'error' || level === 'fatal'
    for (const line of message.split('\n')) {
      const text = line.trim()
      if (text === '') continue
      if (level === 'info') {
        this.#note(text)
        continue
      }
      // Behind the reason llama.cpp only repeats that it failed.
      if (isError && !/failed to (load model|create context)$/i.test(text)) this.#lastError = text
      if (/failed to (mlock|VirtualLock)/.test(text)) this.#lockFailure = text
      if (text.includes('Flash Attention not supported')) this.#hasFlashAttention = false
      this.#send({ type: 'log', level: isError ? 'error' : 'warn', text: text.slice(0, 500) })
    }
  }

  /** The value of an override comes as a line of its own behind its key. */
  #note(text: string): void {
    if (/Flash Attention enabled|enabling flash_attn/.test(text)) this.#hasFlashAttention = true
    if (this.#overrideKey !== '') this.#confirmedOverrides.add(`${this.#overrideKey} = ${withoutZeros(text)}`)
    this.#overrideKey = /Using metadata override \( *\w+\) '(.+)' =$/.exec(text)?.[1] ?? ''
  }
}

/** Floating point values are written with six decimals. */
function withoutZeros(value: string): string {
  return value.replace(/^(-?\d+)(?:(\.\d*?)0*)$/, (_, whole, decimals) => whole + (decimals === '.' ? '' : decimals))
}
