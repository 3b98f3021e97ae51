/**
 * Presets: a system prompt and sampling values with a name, to be used by chats, folders and models.
 * Those of the app come with it and are read-only; a person's own are copies or made anew.
 */
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { errorsOf } from './errors.ts'
import { samplingOverridesSchema } from './sampling.ts'

export const presetSchema = z.object({
  /** `app:…` for those that come with the app. */
  id: z.string(),
  name: z.string(),
  /** Where it is from: a project and its file, for those that come with the app; else empty. */
  source: z.string(),
  isBuiltIn: z.boolean(),
  /** null = it says nothing about the system prompt. */
  systemPrompt: z.string().nullable(),
  /** With the stop texts. */
  sampling: samplingOverridesSchema,
  createdAt: z.number(),
  updatedAt: z.number(),
})
export type Preset = z.infer<typeof presetSchema>

/** A preset in a file: `{"format": "yangtuo-presets", "version": 1, "presets": [...]}`. */
export const presetFileSchema = z.object({
  format: z.literal('yangtuo-presets'),
  version: z.literal(1),
  presets: z
    .array(
      z.object({
        name: z.string().trim().min(1).max(200),
        source: z.string().max(500).default(''),
        systemPrompt: z.string().max(200_000).nullable().default(null),
        sampling: samplingOverridesSchema.default({}),
      }),
    )
    .max(1000),
})
export type PresetFile = z.infer<typeof presetFileSchema>

/** An earlier text of a system prompt. */
export const promptVersionSchema = z.object({ id: z.string(), text: z.string(), savedAt: z.number() })
export type PromptVersion = z.infer<typeof promptVersionSchema>

const presetId = z.object({ presetId: z.string() })
const content = {
  name: z.string().trim().min(1).max(200),
  systemPrompt: z.string().max(200_000).nullable(),
  sampling: samplingOverridesSchema,
}

export const presets = {
  /** All presets, those of the app first, now and after every change. */
  watch: oc.output(eventIterator(z.array(presetSchema))),
  create: oc.input(z.object(content)).output(presetSchema).errors(errorsOf('DISK_FULL')),
  /** Refused with READ_ONLY_PRESET for those of the app. */
  update: oc
    .input(presetId.extend(z.object(content).partial().shape))
    .output(presetSchema)
    .errors(errorsOf('NOT_FOUND', 'READ_ONLY_PRESET', 'DISK_FULL')),
  /** What used it falls back to what stands behind. The deleted preset is returned, for `undelete`. */
  delete: oc.input(presetId).output(presetSchema).errors(errorsOf('NOT_FOUND', 'READ_ONLY_PRESET', 'DISK_FULL')),
  /** Takes a deletion back; what used it uses it again. */
  undelete: oc.input(z.object({ preset: presetSchema })).output(presetSchema).errors(errorsOf('DISK_FULL')),
  /** The text of a file with these presets. */
  export: oc.input(z.object({ presetIds: z.array(z.string()).min(1) })).output(z.string()).errors(errorsOf('NOT_FOUND')),
  /** Adds all presets of a file. PRESET_FILE_INVALID names what is wrong with it; then nothing is added. */
  import: oc
    .input(z.object({ fileName: z.string().max(500), text: z.string().max(20_000_000) }))
    .output(z.array(presetSchema))
    .errors(errorsOf('PRESET_FILE_INVALID', 'DISK_FULL')),
  /** Earlier texts of the system prompt of a chat, folder or preset, newest first. */
  promptVersions: oc
    .input(z.object({ owner: z.enum(['chat', 'folder', 'preset']), ownerId: z.string() }))
    .output(z.array(promptVersionSchema)),
}
