/** What the vocabulary of a GGUF file tells without llama.cpp: which one it is, what ends and what marks a turn. */
import { createHash } from 'node:crypto'
import type { GgufArray, GgufValue } from '../shared/lib/gguf-header.ts'
import type { OpenGguf } from './gguf-header.ts'

/** Tokens that llama.cpp takes for the end of an answer by their text. Source: llama-vocab.cpp, `special_eog_ids`. */
const endTexts = [
  '<|eot_id|>',
  '<|im_end|>',
  '<|end|>',
  '<|return|>',
  '<|call|>',
  '<|flush|>',
  '<|calls|>',
  '<end_of_turn>',
  '<|endoftext|>',
  '</s>',
  '<|eom_id|>',
  '<EOT>',
  '_<EOT>',
  '[EOT]',
  '[EOS]',
  '<|end_of_text|>',
  '<end_of_utterance>',
  '<eos>',
  '<turn|>',
  '<|tool_response>',
  '<｜end▁of▁sentence｜>',
  '[e~[',
]

/** Texts that families mark their turns with. */
const markerTexts = [
  '<|begin_of_text|>',
  '<|start_header_id|>',
  '<|end_header_id|>',
  '<|eot_id|>',
  '<|im_start|>',
  '<|im_end|>',
  '<start_of_turn>',
  '<end_of_turn>',
  '<|user|>',
  '<|assistant|>',
  '<|system|>',
  '<|end|>',
  '[INST]',
  '[/INST]',
]

/** Where the file names none. Source: llama-vocab.cpp. */
const defaultIds: Record<string, { bos: number; eos: number }> = {
  llama: { bos: 1, eos: 2 },
  gpt2: { bos: 11, eos: 11 },
}

export interface VocabularyFacts {
  size: number
  /** SHA-256 of the list's bytes. */
  hash: string
  bosText: string | null
  eosText: string | null
  endTexts: string[]
  markerTexts: string[]
}

/** null for a file without a list of tokens. Throws FILE_DAMAGED. */
export function readVocabulary({ header: { metadata }, arrayBytes }: OpenGguf): VocabularyFacts | null {
  const list = metadata.get('tokenizer.ggml.tokens')
  if (!isStringArray(list)) return null
  const bytes = arrayBytes(list)
  const defaults = defaultIds[String(metadata.get('tokenizer.ggml.model'))]
  const idOf = (name: string) => {
    const id = metadata.get(`tokenizer.ggml.${name}_token_id`)
    return typeof id === 'number' ? id : undefined
  }
  const bosId = idOf('bos') ?? defaults?.bos
  const eosId = idOf('eos') ?? defaults?.eos
  const endIds = new Set([eosId, ...['eot', 'eom', 'fim_pad', 'fim_rep', 'fim_sep'].map(idOf)])

  const knownTexts = new Set([...endTexts, ...markerTexts])
  const found = new Set<string>()
  const textById = new Map<number, string>()
  const longest = Math.max(...[...knownTexts].map((text) => Buffer.byteLength(text)))
  let offset = 0
  for (let id = 0; id < list.arrayLength; id++) {
    const length = bytes.readUInt32LE(offset)
    const isWanted = id === bosId || endIds.has(id)
    if (isWanted || length <= longest) {
      // Most tokens are words: only what begins like a marker is worth making a string of.
      const first = bytes[offset + 8]
      if (isWanted || first === 0x3c || first === 0x5b || first === 0x5f) {
        const text = bytes.toString('utf8', offset + 8, offset + 8 + length)
        if (isWanted) textById.set(id, text)
        if (knownTexts.has(text)) found.add(text)
      }
    }
    offset += 8 + length
  }
  const textsOf = (ids: Set<number | undefined>) => [...ids].flatMap((id) => textById.get(id ?? -1) ?? [])
  return {
    size: list.arrayLength,
    hash: createHash('sha256').update(bytes).digest('hex'),
    bosText: textById.get(bosId ?? -1) ?? null,
    eosText: textById.get(eosId ?? -1) ?? null,
    endTexts: endsOf([...endTexts.filter((text) => found.has(text)), ...textsOf(endIds)]),
    markerTexts: markerTexts.filter((text) => found.has(text)),
  }
}

/** Each once, with the two exceptions llama.cpp makes. */
function endsOf(texts: string[]): string[] {
  const ends = new Set(texts)
  const hasCall = ends.has('<|call|>') || ends.has('<|calls|>')
  if (hasCall && (ends.has('<|return|>') || ends.has('<|flush|>'))) ends.delete('<|end|>')
  if (ends.has('<|tool_response>')) ends.delete('</s>')
  return [...ends]
}

function isStringArray(value: GgufValue | undefined): value is GgufArray {
  return typeof value === 'object' && value.elementType === 'string'
}
