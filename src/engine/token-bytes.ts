/**
 * The bytes a token stands for, taken from the vocabulary. llama.cpp's own detokenizer is not used
 * for answers: it drops spaces before punctuation (`clean_spaces`) and the space a token begins
 * with, and a token with half a character comes back as U+FFFD.
 */
import type { LlamaModel, Token } from 'node-llama-cpp'

export type TokenBytes = (token: Token) => Uint8Array

const nothing = new Uint8Array()
const byteToken = /^<0x([0-9A-F]{2})>$/

/** Control tokens have no bytes. Vocabularies other than SentencePiece and BPE go through llama.cpp. */
export async function tokenBytesOf(model: LlamaModel): Promise<TokenBytes> {
  const { LlamaVocabularyType } = await import('node-llama-cpp')
  const texts = model.fileInfo.metadata.tokenizer.ggml.tokens
  // Some BPE vocabularies are not byte-level; they write a space as SentencePiece does.
  const isByteLevel = model.vocabularyType === LlamaVocabularyType.bpe && !texts.includes('▁')
  const isKnown = model.vocabularyType === LlamaVocabularyType.bpe || model.vocabularyType === LlamaVocabularyType.spm
  const decode = (token: Token) => {
    const { control, unknown, byte, userDefined } = model.getTokenAttributes(token)
    if (control || unknown) return nothing
    const text = texts[token] ?? ''
    const hex = byte ? byteToken.exec(text)?.[1] : undefined
    if (hex) return Uint8Array.of(Number.parseInt(hex, 16))
    if (!isKnown) return Buffer.from(model.detokenize([token]))
    if (userDefined) return Buffer.from(text)
    return isByteLevel ? bytesOfByteLevelText(text) : Buffer.from(text.replaceAll('▁', ' '))
  }
  const cache = new Map<Token, Uint8Array>()
  return (token) => {
    let bytes = cache.get(token)
    if (!bytes) cache.set(token, (bytes = decode(token)))
    return bytes
  }
}

function bytesOfByteLevelText(text: string): Uint8Array {
  return Uint8Array.from(Array.from(text).flatMap((character) => byteOf.get(character) ?? [...Buffer.from(character)]))
}

/** GPT-2's alphabet: printable Latin-1 characters are themselves, the other bytes follow from U+0100. */
const byteOf = new Map<string, number>()
let shifted = 0
for (let byte = 0; byte < 256; byte++) {
  const isPrintable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
  byteOf.set(String.fromCharCode(isPrintable ? byte : 256 + shifted++), byte)
}
