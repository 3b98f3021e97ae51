/**
 * Tells the `<think>` block that an answer begins with from what it says then. The text may be cut anywhere: what
 * could still become a tag is held back. White space around the block belongs to neither.
 */
import { partialTagLength } from './partial-tag.ts'

const begin = '<think>'
const end = '</think>'

export interface SplitText {
  type: 'reasoning' | 'text'
  text: string
}

type State = 'undecided' | 'before-reasoning' | 'reasoning' | 'before-text' | 'text'

export class ReasoningSplitter {
  #state: State
  #held = ''

  /** `isInside`: the prompt has begun the block already. */
  constructor(isInside: boolean) {
    this.#state = isInside ? 'before-reasoning' : 'undecided'
  }

  push(text: string): SplitText[] {
    this.#held += text
    const pieces: SplitText[] = []
    while (this.#step(pieces));
    return pieces
  }

  /** What was held back; nothing is pushed after it. */
  end(): SplitText[] {
    const text = this.#held
    this.#held = ''
    if (this.#state === 'undecided' || this.#state === 'text') return text === '' ? [] : [{ type: 'text', text }]
    const reasoning = text.trim()
    return this.#state === 'before-text' || reasoning === '' ? [] : [{ type: 'reasoning', text: text.trimEnd() }]
  }

  /** false when more text is needed. */
  #step(pieces: SplitText[]): boolean {
    const bare = this.#held.trimStart()
    if (this.#state === 'undecided') {
      if (bare.startsWith(begin)) this.#go('before-reasoning', bare.slice(begin.length))
      else if (begin.startsWith(bare)) return false
      else this.#go('text', this.#held)
      return true
    }
    if (this.#state === 'before-reasoning' || this.#state === 'before-text') {
      if (bare === '') return false
      this.#go(this.#state === 'before-text' ? 'text' : 'reasoning', bare)
      return true
    }
    if (this.#state === 'text') {
      if (this.#held !== '') pieces.push({ type: 'text', text: this.#held })
      this.#held = ''
      return false
    }
    const at = this.#held.indexOf(end)
    const whole = at >= 0 ? at : this.#held.length - partialTagLength(this.#held, end)
    const text = this.#held.slice(0, whole).trimEnd()
    if (text !== '') pieces.push({ type: 'reasoning', text })
    if (at < 0) this.#held = this.#held.slice(text.length)
    else this.#go('before-text', this.#held.slice(at + end.length))
    return at >= 0
  }

  #go(state: State, held: string): void {
    this.#state = state
    this.#held = held
  }
}
