import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { kvCacheTypes } from '../lib/load-setting-values.ts'
import { errorsOf, failureSchema } from './errors.ts'
import { loadOverridesSchema, ropeSchema, templateChoiceSchema } from './load-settings.ts'

/** Where the app met the file. The folders of other apps are read and never written. */
export const modelSourceSchema = z.enum([
  /** The demo model that ships with the app. */
  'bundled',
  /** Opened, dropped or imported by hand. */
  'file',
  'download',
  /** Found in a watched folder. */
  'folder',
  'lm-studio',
  'ollama',
  'hugging-face',
])
export type ModelSource = z.infer<typeof modelSourceSchema>

export const modelSchema = z.object({
  id: z.string(),
  /** An adapter (LoRA) is applied to a model when that is loaded; it cannot be loaded alone. */
  type: z.enum(['model', 'adapter']),
  /** `general.name` of the file, else its file name without ending; an Ollama model's name and tag. */
  name: z.string(),
  fileName: z.string(),
  /** Of a split model: its first part. */
  path: z.string(),
  /** Of all parts together. */
  sizeBytes: z.number(),
  partCount: z.number().int(),
  source: modelSourceSchema,
  /** `publisher/repository`, where it was downloaded from or as its folders say; else null. */
  repository: z.string().nullable(),
  architecture: z.string(),
  parameterCount: z.number(),
  /** Such as `Q4_K_M`, from `general.file_type`. */
  quantization: z.string(),
  /** The context it was trained with, in tokens. */
  trainContextSize: z.number().int(),
  hasChatTemplate: z.boolean(),
  vocabularySize: z.number().int(),
  /** Hash of the list of tokens: a draft model must have the same. Empty for adapters. */
  vocabularyHash: z.string(),
  /** A base model continues text and opens in the completion view. From the file, or set by a person. */
  kind: z.enum(['chat', 'base']),
  /** What a person changed of the load settings. */
  loadOverrides: loadOverridesSchema,
  /** The last examination's worst finding; null = never examined. */
  doctor: z.enum(['good', 'advice', 'problem']).nullable(),
  /** false when the file was not there at the last look, such as on a drive that is unplugged. */
  isPresent: z.boolean(),
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
  /** Of each slot. */
  contextSize: z.number().int(),
  slots: z.number().int(),
  batchSize: z.number().int(),
  threads: z.number().int(),
  flashAttention: z.boolean(),
  kvCacheKeyType: z.enum(kvCacheTypes),
  kvCacheValueType: z.enum(kvCacheTypes),
  /** `file`, `custom`, or the family's name. */
  template: z.string(),
  /** What was changed of the file's own settings, with its numbers filled in; null = nothing. */
  rope: ropeSchema.nullable(),
  /** Metadata overrides that llama.cpp's log confirmed, such as `llama.rope.freq_base = 1000000`. */
  confirmedOverrides: z.array(z.string()),
  adapters: z.array(z.object({ fileName: z.string(), scale: z.number() })),
  /** `none`, `lookup`, or `model`. */
  draft: z.enum(['none', 'lookup', 'model']),
  /** What the estimate before loading said, all parts together. */
  estimatedBytes: z.number().nullable(),
  /** Growth of the engine's memory (resident, and on the graphics card) by loading: measured. */
  memoryBytes: z.number(),
})
export type Runtime = z.infer<typeof runtimeSchema>

export const loadStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('unloaded') }),
  /** 0 to 1. */
  z.object({ state: z.literal('loading'), fraction: z.number() }),
  z.object({
    state: z.literal('ready'),
    runtime: runtimeSchema,
    /** The overrides it was loaded with: where they differ from the model's, a reload would change something. */
    loadOverrides: loadOverridesSchema,
    /** `request`: by a program that named it, on demand; the next such model takes its place. */
    loadedBy: z.enum(['hand', 'request']),
    /** When it is unloaded by itself if nobody uses it until then, ms since 1970; null = never, or it is in use. */
    unloadsAt: z.number().nullable(),
  }),
  z.object({ state: z.literal('failed'), failure: failureSchema }),
])
export type LoadState = z.infer<typeof loadStateSchema>

export const modelEventSchema = z.discriminatedUnion('type', [
  /** Sent once, first: the models used last; more may follow at once as `models-saved`. Models without an entry in `loads` are unloaded. */
  z.object({
    type: z.literal('models'),
    models: z.array(modelSchema),
    loads: z.record(z.string(), loadStateSchema),
  }),
  z.object({ type: z.literal('models-saved'), models: z.array(modelSchema) }),
  z.object({ type: z.literal('models-removed'), modelIds: z.array(z.string()) }),
  z.object({ type: z.literal('load-changed'), modelId: z.string(), load: loadStateSchema }),
])
export type ModelEvent = z.infer<typeof modelEventSchema>

/** All that the file says of itself. */
export const modelDetailsSchema = z.object({
  metadata: z.array(
    z.object({
      key: z.string(),
      type: z.string(),
      /** Cut after 2,000 characters; of an array its first elements. */
      value: z.string(),
      /** Elements, where it is an array. */
      length: z.number().int().nullable(),
    }),
  ),
  tensorTypes: z.array(
    z.object({ type: z.string(), count: z.number().int(), sizeBytes: z.number(), parameterCount: z.number() }),
  ),
  chatTemplate: z.string().nullable(),
  paths: z.array(z.string()),
})
export type ModelDetails = z.infer<typeof modelDetailsSchema>

const modelId = z.object({ modelId: z.string() })
const path = z.string().min(1).max(4096)

const fileErrors = errorsOf(
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
  'READ_ONLY_MODEL',
  'FOLDER_UNREADABLE',
  'DISK_FULL',
)
/** What can keep a model from being loaded. */
export const loadErrors = errorsOf(
  'NOT_FOUND',
  'FILE_MISSING',
  'FILE_IS_FOLDER',
  'NOT_GGUF',
  'NOT_A_LANGUAGE_MODEL',
  'FILE_TRUNCATED',
  'FILE_DAMAGED',
  'FILE_UNREADABLE',
  'PART_MISSING',
  'ARCHITECTURE_UNSUPPORTED',
  'NOT_ENOUGH_MEMORY',
  'LOAD_FAILED',
  'LOAD_SETTING_REFUSED',
  'ADAPTER_UNUSABLE',
  'DRAFT_UNUSABLE',
  'TEMPLATE_FAILED',
  'LOAD_CANCELLED',
  'ENGINE_CRASHED',
  'ENGINE_UNSTABLE',
)

export const models = {
  watch: oc.output(eventIterator(modelEventSchema)),
  /** What `watch` begins with, all at once: those used last first. */
  list: oc.output(z.object({ models: z.array(modelSchema), loads: z.record(z.string(), loadStateSchema) })),
  /** Asks for a GGUF file by the system's dialog; null when the person closes it. */
  pickFile: oc.output(z.string().nullable()).errors(errorsOf('UNSUPPORTED')),
  /** Asks for a folder by the system's dialog; null when the person closes it. */
  pickFolder: oc.output(z.string().nullable()).errors(errorsOf('UNSUPPORTED')),
  /**
   * Inspects the file in a process of its own and adds it to the list; of a folder all models in it
   * (and returns the first). `in-place` leaves it where it lies; the others bring it into the models folder first (`link`: a hard link, else a symbolic
   * one). The same path again returns the same model.
   */
  importFile: oc
    .input(z.object({ path, how: z.enum(['in-place', 'move', 'copy', 'link']).default('in-place') }))
    .output(modelSchema)
    .errors(fileErrors),
  /**
   * Loads it, with the model's own load settings, and makes it the default. Other models stay loaded
   * as far as memory allows; idle ones are unloaded, the longest unused first, to make room. One that
   * is loaded stays as it is, unless `reload` says to load it anew with its present settings. Returns when ready.
   * `force` skips the check against free memory. `instead` cancels other loads under way that no
   * answer waits for: the person has chosen anew. `loadOverrides` count for this load only, on top of the model's own.
   * `ttlSeconds`: unloaded so long after its last use; null = never; missing = by `settings.idleUnloadMinutes`.
   * A model that a request had loaded counts as loaded by hand from then on. A derived model is loaded by its own id.
   */
  load: oc
    .input(
      modelId.extend({
        force: z.boolean().default(false),
        reload: z.boolean().default(false),
        instead: z.boolean().default(false),
        loadOverrides: loadOverridesSchema.default({}),
        ttlSeconds: z.number().min(0).nullable().optional(),
      }),
    )
    .errors(loadErrors),
  cancelLoad: oc.input(modelId),
  unload: oc.input(modelId),
  /** Takes it off the list for good; the file stays. Importing it brings it back; the bundled one comes back at the next start. */
  remove: oc.input(modelId).errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** Moves its files to the system's trash and takes it off the list. Not for the files of other apps. */
  trash: oc.input(modelId).errors(errorsOf('NOT_FOUND', 'READ_ONLY_MODEL', 'TRASH_FAILED')),
  /** Shows the file in the system's file manager. */
  reveal: oc.input(modelId).errors(errorsOf('NOT_FOUND', 'UNSUPPORTED')),
  details: oc.input(modelId).output(modelDetailsSchema).errors(fileErrors).errors(errorsOf('NOT_FOUND')),
  /** Replaces what a person changed for this model; counts at the next load. */
  saveLoadOverrides: oc
    .input(modelId.extend({ loadOverrides: loadOverridesSchema }))
    .output(modelSchema)
    .errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  setKind: oc
    .input(modelId.extend({ kind: z.enum(['chat', 'base']) }))
    .output(modelSchema)
    .errors(errorsOf('NOT_FOUND', 'DISK_FULL')),
  /** A short conversation as the template would put it to this model. */
  previewTemplate: oc
    .input(modelId.extend({ template: templateChoiceSchema }))
    .output(z.object({ template: z.string(), prompt: z.string() }))
    .errors(fileErrors)
    .errors(errorsOf('NOT_FOUND', 'TEMPLATE_FAILED')),
  /** Decodes with each sensible thread count in turn on the loaded model and keeps the fastest in the settings. */
  measureThreads: oc
    .input(modelId)
    .output(z.array(z.object({ threads: z.number().int(), tokensPerSecond: z.number() })))
    .errors(errorsOf('NOT_FOUND', 'CHAT_BUSY', 'ENGINE_CRASHED')),
}
