/**
 * How an answer is chosen, as requests of OpenAI's API say it: its own fields, and those that llama.cpp's server,
 * LM Studio, vLLM and the Chinese-LLaMA-Alpaca projects add. What a request leaves out, or gives as null, is left to
 * the model's own values.
 */
import { z } from 'zod'
import { samplingRanges } from '../../../shared/lib/sampling.ts'
import type { AnswerFormat, SamplingNumberName, SamplingOverrides } from '../../../shared/lib/sampling.ts'

/** `ofMinusOne`: what -1 stands for, where other servers give it a meaning. */
function number(name: SamplingNumberName, ofMinusOne?: number | null) {
  const { min, max, step } = samplingRanges[name]
  const range = (Number.isInteger(step) ? z.int() : z.number()).min(min).max(max).nullish()
  return z.preprocess((value) => (value === -1 && ofMinusOne !== undefined ? ofMinusOne : value), range)
}

/** More than the context holds is as good as no limit, and clients ask for whatever their catalogue says. */
const answerLength = z.preprocess(
  (value) => (value === -1 ? null : typeof value === 'number' ? Math.min(value, samplingRanges.maxTokens.max) : value),
  z.int().min(1).nullish(),
)

const stopTexts = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(z.string().max(200), { error: 'must be a text or a list of texts' }).max(16).nullish(),
)

const maxFormatLength = 100_000

const jsonSchema = z
  .record(z.string(), z.unknown())
  .transform((schema) => JSON.stringify(schema))
  .pipe(z.string().max(maxFormatLength))

const responseFormat = z.object({
  type: z.enum(['text', 'json_object', 'json_schema']),
  json_schema: z.object({ schema: jsonSchema.nullish() }).nullish(),
  /** llama.cpp's place for the schema of a `json_object`. */
  schema: jsonSchema.nullish(),
})

export const samplingFields = {
  temperature: number('temperature'),
  top_p: number('topP'),
  top_k: number('topK', 0),
  min_p: number('minP'),
  repeat_penalty: number('repeatPenalty'),
  repetition_penalty: number('repeatPenalty'),
  repeat_last_n: number('penaltyWindow', samplingRanges.penaltyWindow.max),
  frequency_penalty: number('frequencyPenalty'),
  presence_penalty: number('presencePenalty'),
  dry_multiplier: number('dryMultiplier'),
  dry_base: number('dryBase'),
  dry_allowed_length: number('dryAllowedLength'),
  dry_penalty_last_n: number('dryLastTokens', null),
  xtc_probability: number('xtcProbability'),
  xtc_threshold: number('xtcThreshold'),
  max_tokens: answerLength,
  max_completion_tokens: answerLength,
  seed: z.number().nullish(),
  stop: stopTexts,
  /** false = always the likeliest token. */
  do_sample: z.boolean().nullish(),
  response_format: responseFormat.nullish(),
  /** GBNF. */
  grammar: z.string().max(maxFormatLength).nullish(),
}
type SamplingBody = z.infer<z.ZodObject<typeof samplingFields>>

export function samplingOf(body: SamplingBody): SamplingOverrides {
  const values: { [K in keyof SamplingOverrides]: SamplingOverrides[K] | null | undefined } = {
    temperature: body.do_sample === false ? 0 : body.temperature,
    topP: body.top_p,
    topK: body.top_k,
    minP: body.min_p,
    repeatPenalty: body.repeat_penalty ?? body.repetition_penalty,
    penaltyWindow: body.repeat_last_n,
    frequencyPenalty: body.frequency_penalty,
    presencePenalty: body.presence_penalty,
    dryMultiplier: body.dry_multiplier,
    dryBase: body.dry_base,
    dryAllowedLength: body.dry_allowed_length,
    dryLastTokens: body.dry_penalty_last_n,
    xtcProbability: body.xtc_probability,
    xtcThreshold: body.xtc_threshold,
    maxTokens: body.max_completion_tokens ?? body.max_tokens,
    seed: typeof body.seed === 'number' ? seedOf(body.seed) : null,
    stopTexts: body.stop?.filter((text) => text !== ''),
    answerFormat: answerFormatOf(body),
  }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null))
}

/** Any number is a seed; -1 is llama.cpp's way to say "another one each time". */
export function seedOf(number: number): number | null {
  const seeds = samplingRanges.seed.max + 1
  const whole = Math.trunc(number)
  return whole === -1 ? null : ((whole % seeds) + seeds) % seeds
}

function answerFormatOf({ response_format: format, grammar }: SamplingBody): AnswerFormat | undefined {
  if (grammar) return { type: 'grammar', source: grammar }
  if (!format) return undefined
  if (format.type === 'text') return { type: 'text' }
  const schema = format.json_schema?.schema ?? format.schema
  return schema ? { type: 'json-schema', schema } : { type: 'json' }
}
