/**
 * The sampling values a person can change: default, range and step of each number. One table serves the
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
  /** Divides the score of tokens used lately; 1 = off. */
  repeatPenalty: { default: 1.1, min: 1, max: 2, step: 0.01, nullable: false },
  /** How far back in the answer the three penalties look; 0 = they are off. Unit: tokens. */
  penaltyWindow: { default: 64, min: 0, max: 8192, step: 1, nullable: false },
  /** Taken off the score of a token for each time it was used lately. */
  frequencyPenalty: { default: 0, min: -2, max: 2, step: 0.05, nullable: false },
  /** Taken off the score of a token that was used lately, once. */
  presencePenalty: { default: 0, min: -2, max: 2, step: 0.05, nullable: false },
  /** DRY ("don't repeat yourself"): strength against word-for-word repetition; 0 = off. */
  dryMultiplier: { default: 0, min: 0, max: 5, step: 0.05, nullable: false },
  /** The DRY penalty grows by this factor with each repeated token. */
  dryBase: { default: 1.75, min: 1, max: 4, step: 0.05, nullable: false },
  /** Repetitions up to this length are free. Unit: tokens. */
  dryAllowedLength: { default: 2, min: 1, max: 64, step: 1, nullable: false },
  /** How far back DRY looks; null = over the whole context. Unit: tokens. */
  dryLastTokens: { default: null, min: 1, max: 131072, step: 1, nullable: true },
  /** XTC ("exclude top choices"): how often all but the least likely of the likely tokens are left out; 0 = never. */
  xtcProbability: { default: 0, min: 0, max: 1, step: 0.01, nullable: false },
  /** What counts as a likely token for XTC. */
  xtcThreshold: { default: 0.1, min: 0, max: 0.5, step: 0.01, nullable: false },
  /**
   * Classifier-free guidance: how far the answer is pushed away from what the negative prompt would
   * give; 1 = off. Each token is computed twice.
   */
  guidanceScale: { default: 1, min: 1, max: 3, step: 0.05, nullable: false },
  /** Longest answer; null = until the model ends it or the context is full. Unit: tokens. */
  maxTokens: { default: null, min: 1, max: 131072, step: 1, nullable: true },
  /** Start of the random numbers; null = another one for each answer. llama.cpp takes 2^32 - 1 for that, too. */
  seed: { default: null, min: 0, max: 4294967294, step: 1, nullable: true },
} as const satisfies Record<string, SamplingRange>

export type SamplingNumberName = keyof typeof samplingRanges
export const samplingNumberNames = Object.keys(samplingRanges) as SamplingNumberName[]

type SamplingNumbers = {
  [K in SamplingNumberName]: (typeof samplingRanges)[K]['nullable'] extends true ? number | null : number
}

/** What the answer must be. `json-schema`: JSON that fits `schema` (its text); `grammar`: what `source` (GBNF) allows. */
export type AnswerFormat =
  | { type: 'text' }
  | { type: 'json' }
  | { type: 'json-schema'; schema: string }
  | { type: 'grammar'; source: string }

export interface Sampling extends SamplingNumbers {
  /** The answer ends before any of these, besides those of the template and of the load settings. */
  stopTexts: string[]
  answerFormat: AnswerFormat
  /** For guidance: takes the system prompt's place in the prompt that the answer is pushed away from. */
  negativePrompt: string
}

export type SamplingName = keyof Sampling
export const samplingNames: SamplingName[] = [...samplingNumberNames, 'stopTexts', 'answerFormat', 'negativePrompt']

/** What a model, a folder, a preset or a chat sets of its own; a missing key is left to what stands behind it. */
export type SamplingOverrides = Partial<Sampling>

export const defaultSampling: Sampling = {
  ...(Object.fromEntries(samplingNumberNames.map((name) => [name, samplingRanges[name].default])) as SamplingNumbers),
  stopTexts: [],
  answerFormat: { type: 'text' },
  negativePrompt: '',
}

export function effectiveSampling(overrides: SamplingOverrides): Sampling {
  return { ...defaultSampling, ...overrides }
}
