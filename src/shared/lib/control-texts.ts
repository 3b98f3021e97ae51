/**
 * Keeps what a person typed from becoming control tokens. Before a template renders the messages,
 * each control token's text in them is replaced by a mark; the rendered prompt is then cut at the
 * marks into parts of the template's world, where control tokens count, and typed ones, where they
 * are words. A mark has no spaces and nothing a template looks for, so trimming and joining work on
 * it as on the text it stands for. The mark's own character is hidden in the same way, so no text
 * can forge one.
 */
export interface PromptPart {
  text: string
  /** A control token's text that a person typed. */
  typed: boolean
}

export interface ControlTextGuard {
  hide(text: string): string
  /** Cuts a rendered prompt; the parts in order give the prompt with every mark undone. */
  split(prompt: string): PromptPart[]
}

/** From the private use area: no keyboard, font or tokenizer means anything by it. */
const markCharacter = '\uE0C7'

export function createControlTextGuard(controlTexts: readonly string[]): ControlTextGuard {
  const texts = [markCharacter, ...controlTexts]
  const marks = new Map(texts.map((text, index) => [text, `${markCharacter}${index}${markCharacter}`]))
  const anyText = anyOf(texts)
  const anyMark = new RegExp(`${markCharacter}(\\d+)${markCharacter}`)
  return {
    hide: (text) => text.replace(anyText, (found) => marks.get(found) ?? found),
    split: (prompt) =>
      prompt
        .split(anyMark)
        .map((piece, index) => ({ text: index % 2 ? (texts[Number(piece)] ?? '') : piece, typed: index % 2 === 1 }))
        .filter(({ text }) => text !== ''),
  }
}

/** Finds all of the texts; nothing where there are none. */
export function anyOf(texts: readonly string[]): RegExp {
  // Longer texts first, or `<|end|>` would be seen in `<|end|>x` where that is a token too.
  const longestFirst = [...texts].sort((a, b) => b.length - a.length)
  const source = longestFirst.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')
  return new RegExp(source || '(?!)', 'g')
}
