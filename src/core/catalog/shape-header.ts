import type { GgufHeader, GgufTensor, GgufType, GgufValue } from '../../shared/lib/gguf-header.ts'
import type { ModelShape } from './catalog-schema.ts'

/**
 * The head that a GGUF file of this shape has, as far as memory depends on it, with all matrices in
 * half precision: the weights of a quantization are known by its file's size.
 */
export function shapeHeader(shape: ModelShape, contextSize: number): GgufHeader {
  const { layers, width, feedForwardWidth, heads, kvHeads, vocabularySize } = shape
  const metadata = new Map<string, GgufValue>()
  const types = new Map<string, GgufType>()
  const add = (key: string, type: GgufType, value: string | number) => {
    metadata.set(key, value)
    types.set(key, type)
  }
  add('general.architecture', 'string', 'llama')
  add('llama.block_count', 'uint32', layers)
  add('llama.context_length', 'uint32', contextSize)
  add('llama.embedding_length', 'uint32', width)
  add('llama.feed_forward_length', 'uint32', feedForwardWidth)
  add('llama.attention.head_count', 'uint32', heads)
  add('llama.attention.head_count_kv', 'uint32', kvHeads)
  add('llama.attention.layer_norm_rms_epsilon', 'float32', 1e-5)
  add('llama.rope.dimension_count', 'uint32', width / heads)

  const kvWidth = (width / heads) * kvHeads
  const tensors = [tensor('token_embd', width, vocabularySize)]
  for (let layer = 0; layer < layers; layer++) {
    const block = `blk.${layer}.`
    tensors.push(
      tensor(`${block}attn_norm`, width),
      tensor(`${block}attn_q`, width, width),
      tensor(`${block}attn_k`, width, kvWidth),
      tensor(`${block}attn_v`, width, kvWidth),
      tensor(`${block}attn_output`, width, width),
      tensor(`${block}ffn_norm`, width),
      tensor(`${block}ffn_gate`, width, feedForwardWidth),
      tensor(`${block}ffn_up`, width, feedForwardWidth),
      tensor(`${block}ffn_down`, feedForwardWidth, width),
    )
  }
  tensors.push(tensor('output_norm', width), tensor('output', width, vocabularySize))
  return { metadata, types, tensors }
}

function tensor(name: string, ...dimensions: number[]): GgufTensor {
  const elementCount = dimensions.reduce((product, length) => product * length, 1)
  const isMatrix = dimensions.length > 1
  return {
    name: `${name}.weight`,
    type: isMatrix ? 'F16' : 'F32',
    dimensions,
    elementCount,
    sizeBytes: elementCount * (isMatrix ? 2 : 4),
  }
}
