/**
 * The sampling values a person can change: default, range and step of each. One table serves the
 * contract's input check (contract/sampling.ts), the inspector's controls and the engine's defaults.
 * Defaults follow the decoding settings published with Chinese-LLaMA-Alpaca (temperature 0.2,
 * top-k 40, top-p 0.9, repetition penalty 1.1).
 */

export interface SamplingRange {
  readonly default: number | null
  readonly min: number
  readonly max: number
  readonly step: number
  /** `null` is a value of its own: no limit (maxTokens), a new one each time (seed). */
  readonly nullable: boolean
}

export const samplingRanges = {
  /** Randomness of the choice; 0 always takes the likeliest token. */
  temperature: { default: 0.2, min: 0, max: 2, step: 0.05, nullable: false },
  /** Only the k likeliest tokens are considered; 0 = all. Unit: tokens. */
  topK: { default: 40, min: 0, max: 500, step: 1, nullable: false },
  /** Only the likeliest tokens that together reach this probability; 1 = all. */
  topP: { default: 0.9, min: 0, max: 1, step: 0.01, nullable: false },
  /** Only tokens at least this likely, relative to the likeliest; 0 = all. */
  minP: { default: 0, min: 0, max: 1, step: 0.01, nullable: false },
  /** Divides the score of tokens used lately (the last 64); 1 = off. */
  repeatPenalty: { default: 1.1, min: 1, max: 2, step: 0.01, nullable: false },
  /** Longest answer; null = until the model ends it or the context is full. Unit: tokens. */
  maxTokens: { default: null, min: 1, max: 131072, step: 1, nullable: true },
  /** Start of the random numbers; null = another one for each answer. llama.cpp takes 2^32 - 1 for that, too. */
  seed: { default: null, min: 0, max: 4294967294, step: 1, nullable: true },
} as const satisfies Record<string, SamplingRange>

export type SamplingName = keyof typeof samplingRanges
export const samplingNames = Object.keys(samplingRanges) as SamplingName[]

export type Sampling = {
  [K in SamplingName]: (typeof samplingRanges)[K]['nullable'] extends true ? number | null : number
}

/** What a chat sets of its own; a missing key means the default. */
export type SamplingOverrides = Partial<Sampling>

export const defaultSampling = Object.fromEntries(
  samplingNames.map((name) => [name, samplingRanges[name].default]),
) as Sampling

export function effectiveSampling(overrides: SamplingOverrides): Sampling {
  return { ...defaultSampling, ...overrides }
}
