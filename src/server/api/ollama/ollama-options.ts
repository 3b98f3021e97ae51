/**
 * How an answer is chosen and a model loaded, in Ollama's words: `options` of a request, PARAMETER of a Modelfile.
 * What is said of neither is left to the model's own values. Values out of our range are taken as the nearest, as
 * Ollama has no limits; what our engine does not have (mirostat, tfs_z, num_gpu, …) is ignored.
 * Source: https://docs.ollama.com/modelfile#valid-parameters-and-values
 */
import { z } from 'zod'
import type { LoadOverrides } from '../../../shared/contract/load-settings.ts'
import { AppFailure } from '../../../shared/lib/app-failure.ts'
import { samplingRanges } from '../../../shared/lib/sampling.ts'
import type { AnswerFormat, SamplingNumberName, SamplingOverrides } from '../../../shared/lib/sampling.ts'

/** A Modelfile's are texts. */
const number = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
  z
    .number({ error: 'must be a number' })
    .nullish()
    .transform((value) => value ?? undefined),
)

const numberOptions = {
  temperature: 'temperature',
  top_k: 'topK',
  top_p: 'topP',
  min_p: 'minP',
  repeat_penalty: 'repeatPenalty',
  repeat_last_n: 'penaltyWindow',
  presence_penalty: 'presencePenalty',
  frequency_penalty: 'frequencyPenalty',
  num_predict: 'maxTokens',
  seed: 'seed',
} as const satisfies Record<string, SamplingNumberName>
type NumberOption = keyof typeof numberOptions
const numberOptionNames = Object.keys(numberOptions) as NumberOption[]

export const optionsSchema = z.object({
  ...(Object.fromEntries(numberOptionNames.map((name) => [name, number])) as Record<NumberOption, typeof number>),
  num_ctx: number,
  stop: z
    .preprocess(
      (value) => (typeof value === 'string' ? [value] : value),
      z.array(z.string().max(200), { error: 'must be a list of texts' }).max(16),
    )
    .nullish(),
})
export type OllamaOptions = Partial<z.infer<typeof optionsSchema>>

export function samplingOf(options: OllamaOptions): SamplingOverrides {
  const values = numberOptionNames.flatMap((option) => {
    const value = options[option]
    return value === undefined ? [] : [[numberOptions[option], inRange(numberOptions[option], value)]]
  })
  const stopTexts = options.stop?.filter((text) => text !== '')
  return { ...Object.fromEntries(values), ...(stopTexts && { stopTexts }) }
}

function inRange(name: SamplingNumberName, value: number): number | null {
  const { min, max, step } = samplingRanges[name]
  // Below zero: a seed of its own each time; an answer without limit; as far back as it goes.
  if (name === 'seed' && value < 0) return null
  if (name === 'maxTokens' && value <= 0) return null
  if (name === 'penaltyWindow' && value < 0) return max
  return Math.min(Math.max(Number.isInteger(step) ? Math.trunc(value) : value, min), max)
}

/** In tokens; undefined = as it is loaded without. */
export function contextSizeOf({ num_ctx: size }: OllamaOptions): number | undefined {
  return size === undefined || size <= 0 ? undefined : Math.min(Math.max(Math.trunc(size), 64), 10_000_000)
}

/** Of Ollama, now or once, and without meaning here. */
const ignored = [
  ...['num_keep', 'num_batch', 'num_gpu', 'num_thread', 'main_gpu', 'use_mmap', 'use_mlock', 'numa', 'low_vram'],
  ...['f16_kv', 'logits_all', 'vocab_only', 'typical_p', 'tfs_z', 'mirostat', 'mirostat_tau', 'mirostat_eta'],
  ...['penalize_newline', 'draft_num_predict'],
]

/** Of PARAMETER lines. Throws REQUEST_INVALID. */
export function optionsFrom(parameters: readonly { key: string; text: string }[]): OllamaOptions {
  const options: Record<string, unknown> = {}
  for (const { key, text } of parameters) {
    if (!(key in optionsSchema.shape) && !ignored.includes(key)) throw parameterInvalid(`${key} is not known`)
    options[key] = key === 'stop' ? [...((options[key] as string[] | undefined) ?? []), text] : text
  }
  const result = optionsSchema.safeParse(options)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw parameterInvalid(`${String(issue!.path[0])} ${issue!.message}`)
}

function parameterInvalid(detail: string): AppFailure<'REQUEST_INVALID'> {
  return new AppFailure('REQUEST_INVALID', { field: 'parameter', detail })
}

/** The options that say the same, as PARAMETER lines say them: one a value. */
export function optionsOf(
  sampling: SamplingOverrides,
  { contextSize }: LoadOverrides,
): [name: string, value: string][] {
  const contextSizes = contextSize ? [['num_ctx', String(contextSize)] as [string, string]] : []
  const numbers = numberOptionNames.flatMap((option): [string, string][] => {
    const value = sampling[numberOptions[option]]
    return value === undefined ? [] : [[option, String(value ?? -1)]]
  })
  const stops = (sampling.stopTexts ?? []).map((text): [string, string] => ['stop', text])
  return [...contextSizes, ...numbers, ...stops]
}

/** `format`: `json`, or a JSON schema. */
export const formatSchema = z
  .union([z.enum(['', 'json']), z.record(z.string(), z.unknown())], { error: 'must be "json" or a JSON schema' })
  .nullish()
  .transform((format): { answerFormat?: AnswerFormat } => {
    if (!format) return {}
    if (format === 'json') return { answerFormat: { type: 'json' } }
    return { answerFormat: { type: 'json-schema', schema: JSON.stringify(format) } }
  })

const secondsByUnit: Record<string, number> = { ns: 1e-9, us: 1e-6, µs: 1e-6, μs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 }

/**
 * `keep_alive`: seconds, or a text such as `5m` or `1h30m`; below zero for good. As `ttlSeconds`: null = for good,
 * 0 = it goes at once, undefined = by the settings.
 */
export const keepAliveSchema = z
  .union([z.number(), z.string()], { error: 'must be a number of seconds or a duration such as "5m"' })
  .nullish()
  .transform((keepAlive, context): number | null | undefined => {
    if (keepAlive === undefined || keepAlive === null || keepAlive === '') return undefined
    const seconds = typeof keepAlive === 'number' ? keepAlive : secondsOf(keepAlive)
    if (seconds !== null) return seconds < 0 ? null : seconds
    context.addIssue({ code: 'custom', message: 'must be a number of seconds or a duration such as "5m"' })
    return z.NEVER
  })

function secondsOf(text: string): number | null {
  const [, sign, rest] = /^([+-]?)(.+)$/.exec(text.trim()) ?? []
  if (rest === undefined) return null
  const parts = [...rest.matchAll(/(\d+(?:\.\d+)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)?/g)]
  const isWhole = parts.map(([part]) => part).join('') === rest
  if (!isWhole || parts.some(([, , unit]) => unit === undefined && parts.length > 1)) return null
  const seconds = parts.reduce((sum, [, value, unit]) => sum + Number(value) * (secondsByUnit[unit ?? 's'] ?? 1), 0)
  return sign === '-' ? -seconds : seconds
}
