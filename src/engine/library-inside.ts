/** The parts of node-llama-cpp 3.22.1 behind its public face that more than one place here needs. */
import type { LlamaContextSequence, LlamaModel, SequenceEvaluateOptions, Token } from 'node-llama-cpp'

export interface NativeSampler {
  applyConfig(config: object): void
  dispose(): void
}

/** Whose logits are told: of these tokens, of the extremes among them, of the chosen one, of so many of the largest. */
export type LogitsFilter = [tokens: Token[], max: boolean, min: boolean, selected: boolean, top: number]

/** `logits`: token, logit, token, logit, … `totalWeight`: the sum of exp(logit − the largest). */
export type Sampled = [
  token: Token,
  probabilities: undefined,
  confidence: undefined,
  logits: number[],
  totalWeight: number,
]

export interface NativeContext {
  /** `place`: of the batch that was read last. A token below 0: none could be drawn. */
  sampleToken(place: number, sampler: NativeSampler): Promise<Token>
  sampleToken(
    place: number,
    sampler: NativeSampler,
    probabilities: boolean,
    confidence: boolean,
    logits: LogitsFilter,
    totalWeight: boolean,
  ): Promise<Sampled>
  /** Of the first sequence in the batch that was read last, if the context was made for embeddings. */
  getEmbedding(tokenCount: number): Float64Array
}

interface SequenceInside {
  _context: { _ctx: NativeContext }
  _tokenMeter: unknown
  _contextShift: unknown
  _resolveSamplerConfig(options: SequenceEvaluateOptions): object
  _takeIntervalCheckpointIfNeededAfterBatch: unknown
  _decodeTokens<T>(
    tokens: readonly Token[],
    wantsLogits: readonly true[],
    priority: number,
    tokenMeter: unknown,
    contextShift: unknown,
    onLogits: (place: number) => T | Promise<T>,
    afterBatch: unknown,
  ): Promise<T[]>
}

/** The library's own. */
const priority = 5

/** Reads tokens; what `onLogits` makes of each place that wants logits, by the token's index. */
export function decode<T>(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  wantsLogits: readonly true[],
  onLogits: (place: number) => T | Promise<T>,
): Promise<T[]> {
  const inside = insideOf(sequence)
  return inside._decodeTokens(
    tokens,
    wantsLogits,
    priority,
    inside._tokenMeter,
    inside._contextShift,
    onLogits,
    inside._takeIntervalCheckpointIfNeededAfterBatch,
  )
}

export function nativeContextOf(sequence: LlamaContextSequence): NativeContext {
  return insideOf(sequence)._context._ctx
}

export function samplerConfigOf(sequence: LlamaContextSequence, options: SequenceEvaluateOptions): object {
  return insideOf(sequence)._resolveSamplerConfig(options)
}

export function openSampler(model: LlamaModel): NativeSampler {
  const inside = model as unknown as {
    _model: unknown
    llama: { _bindings: { AddonSampler: new (model: unknown) => NativeSampler } }
  }
  return new inside.llama._bindings.AddonSampler(inside._model)
}

function insideOf(sequence: LlamaContextSequence): SequenceInside {
  return sequence as unknown as SequenceInside
}
