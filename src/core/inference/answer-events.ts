/**
 * The events of one answer on their way to its reader. What the reader has not fetched yet is merged: however
 * slow it is, there waits at most one piece of text, and memory grows with the text alone.
 */
import type { InferenceEvent } from '../../shared/contract/inference.ts'

export class AnswerEvents {
  readonly #waiting: InferenceEvent[] = []
  #end: { error: Error | null } | null = null
  /** Replaced by each change. */
  #change = Promise.withResolvers<void>()

  push(event: InferenceEvent): void {
    const last = this.#waiting.at(-1)
    if (last === undefined || !merge(last, event)) this.#waiting.push({ ...event })
    this.#changed()
  }

  /** Nothing is pushed after it. With an error, reading ends by throwing it. */
  end(error: Error | null = null): void {
    this.#end = { error }
    this.#changed()
  }

  /** To be read once. When `signal` aborts it ends at once. */
  async *read(signal: AbortSignal): AsyncGenerator<InferenceEvent, void, void> {
    const wake = () => this.#changed()
    signal.addEventListener('abort', wake)
    try {
      while (!signal.aborted) {
        const event = this.#waiting.shift()
        if (event) yield event
        else if (this.#end?.error) throw this.#end.error
        else if (this.#end) return
        else await this.#change.promise
      }
    } finally {
      signal.removeEventListener('abort', wake)
    }
  }

  #changed(): void {
    this.#change.resolve()
    this.#change = Promise.withResolvers()
  }
}

/** Makes `waiting` say what `next` says too; false if it cannot. */
function merge(waiting: InferenceEvent, next: InferenceEvent): boolean {
  if (waiting.type === 'text' && next.type === 'text') {
    waiting.text += next.text
    waiting.tokens.push(...next.tokens)
    return true
  }
  if (waiting.type === 'reasoning' && next.type === 'reasoning') {
    waiting.text += next.text
    return true
  }
  if (waiting.type === 'tool-arguments' && next.type === 'tool-arguments' && waiting.index === next.index) {
    waiting.text += next.text
    return true
  }
  const isProgress = next.type === 'waiting' || next.type === 'loading' || next.type === 'reading'
  if (isProgress && waiting.type === next.type) {
    Object.assign(waiting, next)
    return true
  }
  return false
}
