/** Vocabularies of made-up syllables, for models with random weights. */
import { BYTE_ALPHABET } from './byte-alphabet.ts'
import { TOKEN_BYTE, TOKEN_CONTROL, TOKEN_NORMAL, TOKEN_UNKNOWN, type Vocabulary } from './llama-metadata.ts'

const CONTROL_TOKENS = [
  '<|begin_of_text|>',
  '<|end_of_text|>',
  '<|start_header_id|>',
  '<|end_header_id|>',
  '<|eot_id|>',
  '[INST]',
  '[/INST]',
  '<|im_start|>',
  '<|im_end|>'
]
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz']
const SYLLABLES = [...'tnsrldmkpbghfvcwz'].flatMap((consonant) => [...'aeiou'].map((vowel) => consonant + vowel))

/** A vocabulary of at most `size` tokens (fewer when the syllables run out, at about 600,000). */
export function createSyntheticVocabulary(model: 'spm' | 'bpe', size: number): Vocabulary {
  return model === 'spm' ? createSpmVocabulary(size) : createBpeVocabulary(size)
}

/** SentencePiece merges pairs by score, so short pieces come before the long ones made of them. */
function createSpmVocabulary(size: number): Vocabulary {
  const vocabulary = emptyVocabulary('spm')
  const add = (token: string, type: number, score = 0) => addToken(vocabulary, token, type, score)
  add('<unk>', TOKEN_UNKNOWN)
  vocabulary.bos = add('<s>', TOKEN_CONTROL)
  vocabulary.eos = add('</s>', TOKEN_CONTROL)
  for (let byte = 0; byte < 256; byte++) {
    add(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, TOKEN_BYTE)
  }
  for (const token of CONTROL_TOKENS.slice(2)) add(token, TOKEN_CONTROL)
  vocabulary.eot = vocabulary.tokens.indexOf('<|eot_id|>')
  const seen = new Set(vocabulary.tokens)
  let score = 0
  for (const piece of spmPieces()) {
    if (vocabulary.tokens.length >= size) break
    if (seen.has(piece)) continue
    seen.add(piece)
    add(piece, TOKEN_NORMAL, --score)
  }
  return vocabulary
}

function* spmPieces(): Generator<string> {
  yield '▁'
  for (let code = 33; code < 127; code++) yield String.fromCharCode(code)
  for (const letter of LETTERS) yield `▁${letter}`
  for (const a of SYLLABLES) yield* [a, `▁${a}`]
  for (const a of SYLLABLES) for (const b of SYLLABLES) yield* [a + b, `▁${a}${b}`]
  for (const a of SYLLABLES) for (const b of SYLLABLES) for (const c of SYLLABLES) yield `▁${a}${b}${c}`
}

function createBpeVocabulary(size: number): Vocabulary {
  const vocabulary = emptyVocabulary('bpe')
  for (const character of BYTE_ALPHABET) addToken(vocabulary, character, TOKEN_NORMAL, 0)
  const seen = new Set(vocabulary.tokens)
  for (const [left, right] of bpeMerges()) {
    if (vocabulary.tokens.length >= size - CONTROL_TOKENS.length) break
    if (!seen.has(left) || !seen.has(right) || seen.has(left + right)) continue
    seen.add(left + right)
    vocabulary.merges.push(`${left} ${right}`)
    addToken(vocabulary, left + right, TOKEN_NORMAL, 0)
  }
  for (const token of CONTROL_TOKENS) addToken(vocabulary, token, TOKEN_CONTROL, 0)
  vocabulary.bos = vocabulary.tokens.indexOf('<|begin_of_text|>')
  vocabulary.eos = vocabulary.tokens.indexOf('<|end_of_text|>')
  vocabulary.eot = vocabulary.tokens.indexOf('<|eot_id|>')
  return vocabulary
}

function* bpeMerges(): Generator<[string, string]> {
  for (const letter of LETTERS) yield ['Ġ', letter]
  for (const a of SYLLABLES) yield* [[a[0], a[1]] as [string, string], [`Ġ${a[0]}`, a[1]] as [string, string]]
  for (const a of SYLLABLES) {
    for (const b of SYLLABLES) yield* [[a, b] as [string, string], [`Ġ${a}`, b] as [string, string]]
  }
  for (const a of SYLLABLES) for (const b of SYLLABLES) for (const c of SYLLABLES) yield [`Ġ${a}${b}`, c]
}

function emptyVocabulary(model: 'spm' | 'bpe'): Vocabulary {
  return { model, tokens: [], types: [], scores: [], merges: [], bos: 0, eos: 0, eot: 0 }
}

function addToken(vocabulary: Vocabulary, token: string, type: number, score: number): number {
  vocabulary.types.push(type)
  vocabulary.scores.push(score)
  return vocabulary.tokens.push(token) - 1
}
