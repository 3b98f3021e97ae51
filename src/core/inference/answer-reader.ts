/** Makes events of an answer's text: its reasoning, its text, and its calls of tools. */
import { randomUUID } from 'node:crypto'
import type { InferenceEvent, TokenLogprob } from '../../shared/contract/inference.ts'
import { ReasoningSplitter, type SplitText } from './reasoning-splitter.ts'
import { ToolCallReader } from './tool-call-reader.ts'

export interface AnswerReaderOptions {
  /** Of the tools that may be called. */
  toolNames: readonly string[]
  /** Where the answer begins as to its `<think>` block; null = it is not told apart. */
  reasoning: 'inside' | 'unknown' | null
  emit: (event: InferenceEvent) => void
}

export class AnswerReader {
  readonly #emit: AnswerReaderOptions['emit']
  readonly #splitter: ReasoningSplitter | null
  readonly #calls: ToolCallReader | null
  #tokens: TokenLogprob[] = []
  #reasoning = ''

  constructor({ toolNames, reasoning, emit }: AnswerReaderOptions) {
    this.#emit = emit
    this.#splitter = reasoning && new ReasoningSplitter(reasoning === 'inside')
    this.#calls = toolNames.length > 0 ? new ToolCallReader(toolNames, newCallId) : null
  }

  get callCount(): number {
    return this.#calls?.callCount ?? 0
  }

  /** All that came as reasoning. */
  get reasoning(): string {
    return this.#reasoning
  }

  /** Comes before the text it is part of. */
  token(token: TokenLogprob): void {
    this.#tokens.push(token)
  }

  text(text: string): void {
    this.#split(this.#splitter?.push(text) ?? [{ type: 'text', text }])
  }

  end(): void {
    this.#split(this.#splitter?.end() ?? [])
    if (this.#calls) this.#tell(this.#calls.end())
  }

  #split(pieces: SplitText[]): void {
    for (const piece of pieces) {
      if (piece.type === 'reasoning') {
        this.#reasoning += piece.text
        this.#emit({ type: 'reasoning', text: piece.text })
      } else this.#tell(this.#calls?.push(piece.text) ?? [{ type: 'text', text: piece.text }])
    }
    // Probabilities are told of the text alone.
    if (pieces.length > 0 && pieces.every(({ type }) => type === 'reasoning')) this.#tokens = []
  }

  #tell(pieces: ReturnType<ToolCallReader['push']>): void {
    for (const piece of pieces) {
      if (piece.type === 'text') this.#emit({ ...piece, tokens: this.#tokens.splice(0) })
      else this.#emit(piece)
    }
  }
}

/** Looks like OpenAI's, for programs that check. */
function newCallId(): string {
  return `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`
}
