/** What ends an answer besides the model's own end tokens. */
import type { LlamaModel, Token } from 'node-llama-cpp'

export interface Ends {
  /** It ends before any of these. */
  texts: readonly string[]
  /** Control tokens have no text of their own in an answer; here each with the text it was named by. */
  tokens: ReadonlyMap<Token, string>
}

/** The text of a control token is never written, so the token itself ends the answer. */
export function endsOf(model: LlamaModel, texts: readonly string[]): Ends {
  const tokens = new Map<Token, string>()
  const written = texts.filter((text) => {
    const [token, ...others] = model.tokenize(text, true)
    if (token === undefined || others.length > 0 || !model.getTokenAttributes(token).control) return true
    tokens.set(token, text)
    return false
  })
  return { texts: written, tokens }
}

export function joinEnds(a: Ends, b: Ends): Ends {
  return { texts: [...a.texts, ...b.texts], tokens: new Map([...a.tokens, ...b.tokens]) }
}
