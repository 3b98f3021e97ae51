/** Writes LoRA adapters with random weights for models of random-model.ts. For tests. */
import { createRandom } from './random.ts'
import { countWeights, writeGguf, type GgufTensor } from './write-gguf.ts'

export interface RandomAdapterOptions {
  /** Of the model it is for. */
  dim: number
  layers: number
  /** Default: 4. */
  rank?: number
  /** The pairs are multiplied with `alpha / rank`. Default: 8. */
  alpha?: number
  /** Default: `llama`. */
  architecture?: string
  /** A layer that is there as a whole, which llama.cpp refuses: such as `output.weight`. */
  wholeLayer?: string
  /** Default: 1. The same seed and options give the same file. */
  seed?: number
}

const DEVIATION = 0.5

/** Changes the queries of every layer. Format: llama.cpp, convert_lora_to_gguf.py. */
export function writeRandomAdapter(path: string, options: RandomAdapterOptions): void {
  const { dim, layers, rank = 4, alpha = 8, architecture = 'llama', wholeLayer, seed = 1 } = options
  const random = createRandom(seed)
  const tensor = (name: string, dims: readonly number[]): GgufTensor => ({
    name,
    dims,
    type: 'f32',
    data: () => Float32Array.from({ length: countWeights(dims) }, () => random.gaussian() * DEVIATION),
  })
  const pairs = Array.from({ length: layers }, (_, layer) => `blk.${layer}.attn_q.weight`).flatMap((name) => [
    tensor(`${name}.lora_a`, [dim, rank]),
    tensor(`${name}.lora_b`, [rank, dim]),
  ])
  writeGguf(
    path,
    {
      'general.type': { type: 'string', value: 'adapter' },
      'general.architecture': { type: 'string', value: architecture },
      'general.name': { type: 'string', value: 'Random adapter' },
      'adapter.type': { type: 'string', value: 'lora' },
      'adapter.lora.alpha': { type: 'float32', value: alpha },
    },
    wholeLayer ? [...pairs, tensor(wholeLayer, [dim, dim])] : pairs,
  )
}
