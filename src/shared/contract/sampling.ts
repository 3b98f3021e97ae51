/** The sampling values as the contract checks them. Apart from their table, so that a window needs no zod for it. */
import { z } from 'zod'
import { samplingNames, samplingRanges } from '../lib/sampling.ts'
import type { Sampling, SamplingName, SamplingRange } from '../lib/sampling.ts'

function valueSchema({ min, max, step, nullable }: SamplingRange) {
  const number = (Number.isInteger(step) ? z.int() : z.number()).min(min).max(max)
  return nullable ? number.nullable() : number
}

export const samplingSchema = z.object(
  Object.fromEntries(samplingNames.map((name) => [name, valueSchema(samplingRanges[name])])),
) as unknown as z.ZodObject<{ [K in SamplingName]: z.ZodType<Sampling[K]> }>

export const samplingOverridesSchema = samplingSchema.partial()
