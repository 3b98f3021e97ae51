/** Looks a model over: will it be spoken to as it was trained, and does it know when to stop? */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { errorsOf } from './errors.ts'
import { loadOverridesSchema } from './load-settings.ts'

export const findingCodes = [
  'family',
  'kind',
  'template',
  'bos-token',
  'end-tokens',
  'pre-tokenizer',
  'vocabulary-size',
  'probe',
] as const

export const findingSchema = z.object({
  code: z.enum(findingCodes),
  grade: z.enum(['good', 'advice', 'problem']),
  /** Which sentence about it, such as `missing` or `guessed`; with the code it is a key of the renderer's catalog. */
  outcome: z.string(),
  /** What the sentence needs. */
  data: z.record(z.string(), z.union([z.string(), z.number()])),
  /** What one click would change for this model; null = nothing can be done here. */
  fix: z
    .object({ loadOverrides: loadOverridesSchema.optional(), kind: z.enum(['chat', 'base']).optional() })
    .nullable(),
})
export type Finding = z.infer<typeof findingSchema>

export const probeAnswerSchema = z.object({
  prompt: z.string(),
  answer: z.string(),
  answerTokens: z.number().int(),
  /** It ended by itself and not at the limit. */
  hasStopped: z.boolean(),
})

export const reportSchema = z.object({
  modelId: z.string(),
  examinedAt: z.number(),
  findings: z.array(findingSchema),
  /** Three short questions put to the loaded model; null = not asked yet. */
  probe: z.array(probeAnswerSchema).nullable(),
})
export type Report = z.infer<typeof reportSchema>

const modelId = z.object({ modelId: z.string() })

export const doctor = {
  /** The last report; null = never examined. Every model is examined, without the probe, when it is added. */
  report: oc.input(modelId).output(reportSchema.nullable()).errors(errorsOf('NOT_FOUND')),
  /** Looks at the file again; with `probe`, loads the model and puts three questions to it. */
  examine: oc
    .input(modelId.extend({ probe: z.boolean() }))
    .output(reportSchema)
    .errors(
      errorsOf(
        'NOT_FOUND',
        'FILE_MISSING',
        'FILE_DAMAGED',
        'NOT_ENOUGH_MEMORY',
        'LOAD_FAILED',
        'LOAD_CANCELLED',
        'ENGINE_CRASHED',
        'ENGINE_UNSTABLE',
        'CHAT_BUSY',
      ),
    ),
  /** Keeps the finding's fix as this model's override, and looks at the file again. */
  fix: oc
    .input(modelId.extend({ code: z.enum(findingCodes) }))
    .output(reportSchema)
    .errors(errorsOf('NOT_FOUND', 'DISK_FULL', 'FILE_MISSING', 'FILE_DAMAGED')),
}
