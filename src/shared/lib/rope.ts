/**
 * How far a model's positions are stretched to read more than it was trained with: the published
 * formulas of the Chinese LLaMA projects, as numbers that llama.cpp takes. Sources:
 * Chinese-LLaMA-Alpaca, scripts/inference/patches.py; Chinese-LLaMA-Alpaca-2,
 * scripts/attn_and_long_ctx_patches.py; llama3-Chinese-chat, README.
 */
import type { Rope } from '../contract/load-settings.ts'

/** What a model's file says of its positions. */
export interface RopeFacts {
  /** In tokens, stretched as the file says. */
  trainContextSize: number
  /** Numbers of each head that are turned by the position. */
  dimension: number
  base: number
  /** Positions are divided by it; 1 = not stretched. */
  factor: number
  /** In tokens, before it was stretched. */
  originalContextSize: number
}

/** `read` gives what stands in the file under a key of its architecture, such as `rope.freq_base`. */
export function ropeFacts(read: (key: string) => unknown): RopeFacts {
  const number = (key: string) => {
    const value = read(key)
    return typeof value === 'number' && value > 0 ? value : undefined
  }
  const trainContextSize = number('context_length') ?? 0
  const headCount = number('attention.head_count') ?? 1
  const factor = number('rope.scaling.factor') ?? number('rope.scale_linear') ?? 1
  return {
    trainContextSize,
    dimension:
      number('rope.dimension_count') ?? number('attention.key_length') ?? (number('embedding_length') ?? 0) / headCount,
    base: number('rope.freq_base') ?? 10_000,
    factor: read('rope.scaling.type') === 'none' ? 1 : factor,
    originalContextSize: number('rope.scaling.original_context_length') ?? trainContextSize / factor,
  }
}

/**
 * The settings with their numbers filled in for a context of `contextSize` tokens; numbers that the
 * method does not use are null. null if the file's own positions stay.
 */
export function resolveRope(rope: Rope, file: RopeFacts, contextSize: number): Rope | null {
  const { method } = rope
  if (method === 'file') return null
  const isStretched = method === 'linear' || method === 'yarn'
  return {
    method,
    factor: isStretched ? (rope.factor ?? stretchFactor(file, contextSize)) : null,
    base: rope.base ?? (method === 'ntk' ? ntkBase(file, contextSize) : null),
    originalContextSize:
      method === 'yarn' ? (rope.originalContextSize ?? Math.round(file.originalContextSize)) : null,
  }
}

/** Of linear interpolation (PI) and YaRN: never less than the model was trained with. */
export function stretchFactor({ factor, originalContextSize }: RopeFacts, contextSize: number): number {
  return Math.max(factor, originalContextSize > 0 ? contextSize / originalContextSize : 1)
}

/**
 * The base of NTK-aware scaling: base × α^(d/(d−2)), with the automatic α of the project the model
 * is of. Within the training context it is the file's own.
 */
export function ntkBase({ base, dimension, trainContextSize }: RopeFacts, contextSize: number): number {
  if (contextSize <= trainContextSize || dimension <= 2) return base
  if (base === llama3.base && trainContextSize === llama3.trainContextSize) {
    return contextSize <= 32_768 ? 1_000_000 : 4_000_000
  }
  const alpha = contextSize / (trainContextSize / 2) - 1
  // Phase 1, with the training context of 2048, reads α = (L/1024 − 1) × 1.1; phase 2 has no coefficient.
  const coefficient = trainContextSize <= 2048 ? 1.1 : 1
  return base * (alpha * coefficient) ** (dimension / (dimension - 2))
}

/** The models of Llama 3 (not 3.1) take a larger base as they are: 1e6 up to 32K, 4e6 up to 96K. */
const llama3 = { base: 500_000, trainContextSize: 8192 }
