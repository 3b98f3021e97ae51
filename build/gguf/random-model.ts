/**
 * Writes llama models with random weights: nothing to download, the right
 * sizes and formats, no sense in what they say. For tests and measurements.
 *
 *   node build/gguf/random-model.ts <out.gguf> [--preset mid|tiny] [--dim 64] [--layers 2] [--heads 4]
 *     [--kvHeads 4] [--ffn 192] [--context 2048] [--vocabularySize 2000] [--vocabulary spm|bpe]
 *     [--type f32|f16] [--name text] [--template <file>] [--seed 1] [--sparse]
 */
import fs from 'node:fs'
import { parseArgs } from 'node:util'
import { llamaMetadata, planLlamaTensors, TOKEN_NORMAL, type TensorPlan, type TensorRole } from './llama-metadata.ts'
import { createRandom, type Random } from './random.ts'
import { createSyntheticVocabulary } from './synthetic-vocabulary.ts'
import { countWeights, writeGguf, type GgufMetadata, type GgufTensor, type GgufTensorType } from './write-gguf.ts'

export interface RandomModelOptions {
  dim: number
  layers: number
  heads: number
  /** Default: the same as `heads`. */
  kvHeads?: number
  /** Default: three times `dim`. */
  ffn?: number
  /** Context length the file declares. */
  context: number
  vocabularySize: number
  vocabulary: 'spm' | 'bpe'
  type: GgufTensorType
  /** Default: "Random llama". */
  name?: string
  /** Jinja chat template. With one, `<|eot_id|>` becomes the end token of a bpe vocabulary. */
  chatTemplate?: string
  /** Further keys, or others in place of the model's own. */
  metadata?: GgufMetadata
  /** Default: 1. The same seed and options give the same file. */
  seed?: number
  /** Right size, no data: loads, takes no disk space, all weights are zero. */
  sparse?: boolean
}

export interface RandomModelSummary {
  parameters: number
  vocabularySize: number
  bytes: number
}

/** Shapes to start from: `mid` has about 207 million parameters, `tiny` about 0.3 million. */
export const RANDOM_MODEL_PRESETS = {
  mid: {
    dim: 1024,
    layers: 12,
    heads: 16,
    kvHeads: 8,
    ffn: 2816,
    context: 4096,
    vocabularySize: 32000,
    vocabulary: 'spm',
    type: 'f16'
  },
  tiny: { dim: 64, layers: 2, heads: 4, context: 2048, vocabularySize: 2000, vocabulary: 'spm', type: 'f32' }
} as const satisfies Record<string, RandomModelOptions>

const DEVIATION: Record<Exclude<TensorRole, 'norm'>, number> = { embedding: 0.5, weight: 0.02, output: 0.05 }
const ROPE_BASE = 10000
const NOISE_BLOCK = 1 << 20

/**
 * Writes a model of random weights. Options that are left out come from the
 * `mid` preset; with another `dim`, `kvHeads` and `ffn` follow from it instead.
 */
export function writeRandomModel(path: string, options: Partial<RandomModelOptions> = {}): RandomModelSummary {
  const { kvHeads, ffn, ...mid } = RANDOM_MODEL_PRESETS.mid
  const full: RandomModelOptions = { ...mid, ...(options.dim === undefined ? { kvHeads, ffn } : {}), ...options }
  const shape = {
    ...full,
    kvHeads: full.kvHeads ?? full.heads,
    ffn: full.ffn ?? full.dim * 3,
    ropeBase: ROPE_BASE
  }
  const vocabulary = createSyntheticVocabulary(full.vocabulary, full.vocabularySize)
  if (full.chatTemplate !== undefined && full.vocabulary === 'bpe') vocabulary.eos = vocabulary.eot
  const general = { name: full.name ?? 'Random llama', fileType: full.type === 'f16' ? 1 : 0 }
  const metadata = { ...llamaMetadata(shape, vocabulary, general, full.chatTemplate), ...full.metadata }
  const plans = planLlamaTensors(shape, vocabulary.tokens.length)
  const noise = createNoise(createRandom(full.seed ?? 1), full.type)
  const tensors = plans.map((plan) => createTensor(plan, full.type, noise, vocabulary.types))
  writeGguf(path, metadata, tensors, { sparse: full.sparse })
  return {
    parameters: plans.reduce((sum, plan) => sum + countWeights(plan.dims), 0),
    vocabularySize: vocabulary.tokens.length,
    bytes: fs.statSync(path).size
  }
}

type Weights = Float32Array | Uint16Array
type Noise = (count: number, deviation: number) => Weights

/** Copies random stretches of one block of noise: much faster than drawing every weight. */
function createNoise(random: Random, type: GgufTensorType): Noise {
  const blocks = new Map<number, Weights>()
  const blockOf = (deviation: number) => {
    let block = blocks.get(deviation)
    if (!block) {
      const floats = Float32Array.from({ length: NOISE_BLOCK }, () => random.gaussian() * deviation)
      block = type === 'f16' ? toHalf(floats) : floats
      blocks.set(deviation, block)
    }
    return block
  }
  return (count, deviation) => {
    const block = blockOf(deviation)
    const weights = type === 'f16' ? new Uint16Array(count) : new Float32Array(count)
    for (let done = 0; done < count; ) {
      const start = random.below(NOISE_BLOCK)
      const length = Math.min(NOISE_BLOCK - start, count - done)
      weights.set(block.subarray(start, start + length), done)
      done += length
    }
    return weights
  }
}

function createTensor(plan: TensorPlan, type: GgufTensorType, noise: Noise, tokenTypes: readonly number[]): GgufTensor {
  const { name, dims, role } = plan
  if (role === 'norm') return { name, dims, type: 'f32', data: () => new Float32Array(countWeights(dims)).fill(1) }
  const data = () => {
    const weights = noise(countWeights(dims), DEVIATION[role])
    if (role === 'output') silenceControlTokens(weights, tokenTypes)
    return weights
  }
  return { name, dims, type, data }
}

/** Control tokens get zero logits, so that greedy decoding never ends by itself. */
function silenceControlTokens(weights: Weights, tokenTypes: readonly number[]): void {
  const dim = weights.length / tokenTypes.length
  tokenTypes.forEach((type, id) => {
    if (type !== TOKEN_NORMAL) weights.fill(0, id * dim, (id + 1) * dim)
  })
}

/** Half precision by truncation; tiny values become zero. Enough for random weights. */
function toHalf(weights: Float32Array): Uint16Array {
  const bits = new Uint32Array(weights.buffer, weights.byteOffset, weights.length)
  return Uint16Array.from(bits, (value) => {
    const sign = (value >>> 16) & 0x8000
    const exponent = ((value >>> 23) & 255) - 112
    return exponent <= 0 ? sign : sign | (exponent << 10) | ((value & 0x7fffff) >>> 13)
  })
}

function main(): void {
  const number = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      preset: { type: 'string', default: 'mid' },
      dim: number,
      layers: number,
      heads: number,
      kvHeads: number,
      ffn: number,
      context: number,
      vocabularySize: number,
      seed: number,
      vocabulary: { type: 'string' },
      type: { type: 'string' },
      name: { type: 'string' },
      template: { type: 'string' },
      sparse: { type: 'boolean' }
    }
  })
  const [path] = positionals
  if (!path || (values.preset !== 'mid' && values.preset !== 'tiny')) {
    console.error('Usage: node build/gguf/random-model.ts <out.gguf> [--preset mid|tiny] [options]; see the file')
    process.exit(1)
  }
  const options: Partial<RandomModelOptions> = values.preset === 'tiny' ? { ...RANDOM_MODEL_PRESETS.tiny } : {}
  const numeric = ['dim', 'layers', 'heads', 'kvHeads', 'ffn', 'context', 'vocabularySize', 'seed'] as const
  for (const key of numeric) if (values[key] !== undefined) options[key] = Number(values[key])
  if (values.vocabulary) options.vocabulary = values.vocabulary === 'bpe' ? 'bpe' : 'spm'
  if (values.type) options.type = values.type === 'f16' ? 'f16' : 'f32'
  if (values.name) options.name = values.name
  if (values.template) options.chatTemplate = fs.readFileSync(values.template, 'utf8')
  if (values.sparse) options.sparse = true
  console.log(JSON.stringify({ path, ...writeRandomModel(path, options) }))
}

if (import.meta.main) main()
