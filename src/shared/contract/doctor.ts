/** Looks a model over: will it be spoken to as it was trained, and does it know when to stop? */
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { errorsOf } from './errors.ts'
import { loadOverridesSchema } from './load-settings.ts'

/** What is looked at, and what can come out of it: with the code, a key of the renderer's catalog. */
export const findingOutcomes = {
  family: ['known', 'unknown'],
  kind: [
    'chat',
    'base',
    'chat-guessed',
    'base-guessed',
    'chat-set',
    'base-set',
    'chat-against-file',
    'base-against-file',
  ],
  template: ['not-needed', 'chosen', 'custom', 'file', 'foreign-mark', 'guessed', 'by-vocabulary', 'another'],
  'bos-token': ['added', 'by-template', 'none', 'unused', 'missing', 'not-added'],
  'end-tokens': ['known', 'by-text', 'stop-text', 'none-base', 'none', 'not-an-end'],
  'pre-tokenizer': ['not-needed', 'present', 'set', 'missing'],
  'vocabulary-size': ['unchecked', 'matches', 'extended', 'another'],
  probe: ['stops', 'sometimes', 'runs-on', 'next-turn', 'silent'],
} as const satisfies Record<string, readonly string[]>

export type FindingCode = keyof typeof findingOutcomes
export type FindingOutcome<Code extends FindingCode> = (typeof findingOutcomes)[Code][number]

export const findingCodes = Object.keys(findingOutcomes) as [FindingCode, ...FindingCode[]]

export const findingSchema = z.object({
  code: z.enum(findingCodes),
  grade: z.enum(['good', 'advice', 'problem']),
  /** One of `findingOutcomes`. */
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

export type ProbeAnswer = z.infer<typeof probeAnswerSchema>

export const reportSchema = z.object({
  modelId: z.string(),
  examinedAt: z.number(),
  findings: z.array(findingSchema),
  /** Three short questions put to the loaded model; null = not asked yet. */
  probe: z.array(probeAnswerSchema).nullable(),
})
export type Report = z.infer<typeof reportSchema>

const modelId = z.object({ modelId: z.string() })

const fileErrors = errorsOf(
  'NOT_FOUND',
  'FILE_MISSING',
  'FILE_IS_FOLDER',
  'FILE_UNREADABLE',
  'NOT_GGUF',
  'FILE_TRUNCATED',
  'FILE_DAMAGED',
  'PART_MISSING',
  'ARCHITECTURE_UNSUPPORTED',
  'NOT_A_LANGUAGE_MODEL',
  'ADAPTER_UNUSABLE',
  'DISK_FULL',
)

export const doctor = {
  /** The last report; null = never examined. Every model is examined, without the probe, when it is added. */
  report: oc.input(modelId).output(reportSchema.nullable()).errors(errorsOf('NOT_FOUND')),
  /** Looks at the file again; with `probe`, loads the model and puts three questions to it, unless it is a base model. */
  examine: oc
    .input(modelId.extend({ probe: z.boolean() }))
    .output(reportSchema)
    .errors(fileErrors)
    .errors(
      errorsOf(
        'NOT_ENOUGH_MEMORY',
        'LOAD_FAILED',
        'LOAD_SETTING_REFUSED',
        'DRAFT_UNUSABLE',
        'TEMPLATE_FAILED',
        'PROMPT_TOO_LONG',
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
    .errors(fileErrors),
}
