import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { errorsOf, failureSchema } from './errors.ts'

export const modelSchema = z.object({
  id: z.string(),
  /** `general.name` of the file, else its file name without ending. */
  name: z.string(),
  fileName: z.string(),
  path: z.string(),
  sizeBytes: z.number(),
  /** `bundled` = the demo model that ships with the app. */
  source: z.enum(['bundled', 'file']),
  architecture: z.string(),
  parameterCount: z.number(),
  /** Such as `Q4_K_M`, from `general.file_type`. */
  quantization: z.string(),
  /** The context it was trained with, in tokens. */
  trainContextSize: z.number().int(),
  hasChatTemplate: z.boolean(),
  sha256: z.string().nullable(),
  addedAt: z.number(),
  lastUsedAt: z.number().nullable(),
})
export type Model = z.infer<typeof modelSchema>

/** What a loaded model really runs with. */
export const runtimeSchema = z.object({
  /** `cpu`, `cuda`, `vulkan` or `metal`: what node-llama-cpp chose. */
  gpu: z.string(),
  deviceNames: z.array(z.string()),
  gpuLayers: z.number().int(),
  totalLayers: z.number().int(),
  contextSize: z.number().int(),
  threads: z.number().int(),
  template: z.string(),
  /** Resident memory of the engine process after loading. */
  memoryBytes: z.number(),
})
export type Runtime = z.infer<typeof runtimeSchema>

export const loadStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('unloaded') }),
  /** 0 to 1. */
  z.object({ state: z.literal('loading'), fraction: z.number() }),
  z.object({ state: z.literal('ready'), runtime: runtimeSchema }),
  z.object({ state: z.literal('failed'), failure: failureSchema }),
])
export type LoadState = z.infer<typeof loadStateSchema>

export const modelEventSchema = z.discriminatedUnion('type', [
  /** Sent once, first. Models without an entry in `loads` are unloaded. */
  z.object({
    type: z.literal('models'),
    models: z.array(modelSchema),
    loads: z.record(z.string(), loadStateSchema),
  }),
  z.object({ type: z.literal('model-saved'), model: modelSchema }),
  z.object({ type: z.literal('model-removed'), modelId: z.string() }),
  z.object({ type: z.literal('load-changed'), modelId: z.string(), load: loadStateSchema }),
])
export type ModelEvent = z.infer<typeof modelEventSchema>

const modelId = z.object({ modelId: z.string() })

const fileErrors = errorsOf(
  'FILE_MISSING',
  'FILE_IS_FOLDER',
  'FILE_UNREADABLE',
  'NOT_GGUF',
  'FILE_TRUNCATED',
  'FILE_DAMAGED',
  'ARCHITECTURE_UNSUPPORTED',
  'NOT_A_LANGUAGE_MODEL',
  'DISK_FULL',
)
const loadErrors = errorsOf(
  'NOT_FOUND',
  'FILE_MISSING',
  'FILE_TRUNCATED',
  'FILE_DAMAGED',
  'FILE_UNREADABLE',
  'ARCHITECTURE_UNSUPPORTED',
  'NOT_ENOUGH_MEMORY',
  'LOAD_FAILED',
  'LOAD_CANCELLED',
  'ENGINE_CRASHED',
  'ENGINE_UNSTABLE',
)

export const models = {
  watch: oc.output(eventIterator(modelEventSchema)),
  /** Asks for a GGUF file by the system's dialog; null when the person closes it. */
  pickFile: oc.output(z.string().nullable()).errors(errorsOf('UNSUPPORTED')),
  /** Inspects the file in a process of its own and adds it to the list, where it lies. The same path again returns the same model. */
  importFile: oc.input(z.object({ path: z.string().min(1).max(4096) })).output(modelSchema).errors(fileErrors),
  /**
   * Loads it and makes it the default; the model that was loaded before is unloaded when the new
   * one is ready. Returns when ready. `force` skips the check against free memory.
   */
  load: oc.input(modelId.extend({ force: z.boolean().default(false) })).errors(loadErrors),
  cancelLoad: oc.input(modelId),
  unload: oc.input(modelId),
  /** Takes it off the list; the file stays. The bundled model comes back at the next start. */
  remove: oc.input(modelId).errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** Shows the file in the system's file manager. */
  reveal: oc.input(modelId).errors(errorsOf('NOT_FOUND', 'UNSUPPORTED')),
  /** Decodes with each sensible thread count in turn on the loaded model and keeps the fastest in the settings. */
  measureThreads: oc
    .input(modelId)
    .output(z.array(z.object({ threads: z.number().int(), tokensPerSecond: z.number() })))
    .errors(errorsOf('NOT_FOUND', 'CHAT_BUSY', 'ENGINE_CRASHED')),
}
