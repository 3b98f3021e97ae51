import type { Token } from 'node-llama-cpp'
import type { LoadedModel } from './loaded-model.ts'

/** A token as a person can read it: bytes that are no whole character as `\xE7`, a control token by its own text. */
export function describeToken(
  { model, tokenBytes }: Pick<LoadedModel, 'model' | 'tokenBytes'>,
  token: Token,
): { text: string; isControl: boolean } {
  const isControl = model.getTokenAttributes(token).control
  const text = isControl ? (model.fileInfo.metadata.tokenizer.ggml.tokens[token] ?? '') : readable(tokenBytes(token))
  return { text, isControl }
}

/** Tokens as one text, control tokens by their own. */
export function textOfTokens(loaded: Pick<LoadedModel, 'model' | 'tokenBytes'>, tokens: readonly Token[]): string {
  const { model, tokenBytes } = loaded
  const texts = model.fileInfo.metadata.tokenizer.ggml.tokens
  const bytesOf = (token: Token) =>
    model.getTokenAttributes(token).control ? Buffer.from(texts[token] ?? '') : tokenBytes(token)
  return Buffer.concat(tokens.map(bytesOf)).toString()
}

const characters = /([\xC2-\xDF][\x80-\xBF]|[\xE0-\xEF][\x80-\xBF]{2}|[\xF0-\xF4][\x80-\xBF]{3})|[\x80-\xFF]/g

function readable(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(characters, (found, character?: string) =>
      character ? Buffer.from(character, 'latin1').toString() : `\\x${found.charCodeAt(0).toString(16).toUpperCase()}`,
    )
}
