/** The metadata and tensor table of a llama-architecture model in GGUF. */
import type { GgufMetadata, GgufValue } from './write-gguf.ts'

/** The sizes that define a llama-architecture model. */
export interface LlamaShape {
  /** Width of the hidden state. */
  dim: number
  layers: number
  heads: number
  /** Heads that hold keys and values; fewer than `heads` means grouped-query attention. */
  kvHeads: number
  /** Width of the feed-forward layer. */
  ffn: number
  /** Context length the model declares. */
  context: number
  ropeBase: number
}

/** A vocabulary as GGUF stores it. */
export interface Vocabulary {
  model: 'spm' | 'bpe'
  tokens: string[]
  /** Token types: 1 normal, 2 unknown, 3 control, 6 byte. */
  types: number[]
  /** Scores, for `spm`. */
  scores: number[]
  /** Merges ("left right"), for `bpe`. */
  merges: string[]
  bos: number
  eos: number
  eot: number
}

export const TOKEN_NORMAL = 1
export const TOKEN_UNKNOWN = 2
export const TOKEN_CONTROL = 3
export const TOKEN_BYTE = 6

/** What a tensor is for, which decides how it is initialised. */
export type TensorRole = 'embedding' | 'norm' | 'weight' | 'output'

/** Name, dimensions and role of one tensor of a model. */
export interface TensorPlan {
  name: string
  dims: number[]
  role: TensorRole
}

export const RMS_NORM_EPSILON = 1e-5

/** All tensors of a llama model of this shape, in the order they are written. */
export function planLlamaTensors(shape: LlamaShape, vocabularySize: number): TensorPlan[] {
  const { dim, ffn } = shape
  const kvDim = (dim / shape.heads) * shape.kvHeads
  const plans: TensorPlan[] = [{ name: 'token_embd.weight', dims: [dim, vocabularySize], role: 'embedding' }]
  for (let layer = 0; layer < shape.layers; layer++) {
    const add = (name: string, dims: number[], role: TensorRole = 'weight') =>
      plans.push({ name: `blk.${layer}.${name}.weight`, dims, role })
    add('attn_norm', [dim], 'norm')
    add('attn_q', [dim, dim])
    add('attn_k', [dim, kvDim])
    add('attn_v', [dim, kvDim])
    add('attn_output', [dim, dim])
    add('ffn_norm', [dim], 'norm')
    add('ffn_gate', [dim, ffn])
    add('ffn_up', [dim, ffn])
    add('ffn_down', [ffn, dim])
  }
  plans.push({ name: 'output_norm.weight', dims: [dim], role: 'norm' })
  plans.push({ name: 'output.weight', dims: [dim, vocabularySize], role: 'output' })
  return plans
}

/** The metadata that llama.cpp needs to load a llama model with this vocabulary. */
export function llamaMetadata(
  shape: LlamaShape,
  vocabulary: Vocabulary,
  general: { name: string; fileType: number } & Readonly<Record<string, string | number>>,
  chatTemplate?: string
): GgufMetadata {
  const metadata: Record<string, GgufValue> = { 'general.architecture': text('llama') }
  for (const [key, value] of Object.entries(general)) {
    if (key === 'fileType') metadata['general.file_type'] = uint32(Number(value))
    else metadata[`general.${key}`] = typeof value === 'string' ? text(value) : uint32(value)
  }
  Object.assign(metadata, {
    'general.alignment': uint32(32),
    'llama.vocab_size': uint32(vocabulary.tokens.length),
    'llama.context_length': uint32(shape.context),
    'llama.embedding_length': uint32(shape.dim),
    'llama.block_count': uint32(shape.layers),
    'llama.feed_forward_length': uint32(shape.ffn),
    'llama.attention.head_count': uint32(shape.heads),
    'llama.attention.head_count_kv': uint32(shape.kvHeads),
    'llama.attention.layer_norm_rms_epsilon': float32(RMS_NORM_EPSILON),
    'llama.rope.dimension_count': uint32(shape.dim / shape.heads),
    'llama.rope.freq_base': float32(shape.ropeBase)
  })
  addVocabulary(metadata, vocabulary)
  if (chatTemplate !== undefined) metadata['tokenizer.chat_template'] = text(chatTemplate)
  return metadata
}

function addVocabulary(metadata: Record<string, GgufValue>, vocabulary: Vocabulary): void {
  const spm = vocabulary.model === 'spm'
  metadata['tokenizer.ggml.model'] = text(spm ? 'llama' : 'gpt2')
  metadata['tokenizer.ggml.pre'] = text(spm ? 'default' : 'llama-bpe')
  metadata['tokenizer.ggml.tokens'] = { type: 'string[]', value: vocabulary.tokens }
  if (spm) metadata['tokenizer.ggml.scores'] = { type: 'float32[]', value: vocabulary.scores }
  metadata['tokenizer.ggml.token_type'] = { type: 'int32[]', value: vocabulary.types }
  if (!spm) metadata['tokenizer.ggml.merges'] = { type: 'string[]', value: vocabulary.merges }
  metadata['tokenizer.ggml.bos_token_id'] = uint32(vocabulary.bos)
  metadata['tokenizer.ggml.eos_token_id'] = uint32(vocabulary.eos)
  if (spm) metadata['tokenizer.ggml.unknown_token_id'] = uint32(0)
  else metadata['tokenizer.ggml.eot_token_id'] = uint32(vocabulary.eot)
  metadata['tokenizer.ggml.add_bos_token'] = { type: 'bool', value: true }
}

function uint32(value: number): GgufValue {
  return { type: 'uint32', value }
}

function float32(value: number): GgufValue {
  return { type: 'float32', value }
}

function text(value: string): GgufValue {
  return { type: 'string', value }
}
