import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { errorsOf } from './errors.ts'

export const settingsSchema = z.object({
  language: z.enum(['system', 'zh', 'en']),
  theme: z.enum(['system', 'light', 'dark']),
  sidebarVisible: z.boolean(),
  sidebarWidthPx: z.number().int().min(200).max(400),
  inspectorVisible: z.boolean(),
  /** Which llama.cpp back end engines ask for; `auto` takes the best one that starts. */
  gpu: z.enum(['auto', 'cuda', 'vulkan', 'metal', 'cpu']),
  /** Threads of an engine; null = what was measured to be fastest, else one fewer than the machine has cores. */
  threads: z.number().int().min(1).max(256).nullable(),
  /** What `models.measureThreads` found fastest on this machine; null = never measured. */
  measuredThreads: z.number().int().min(1).max(256).nullable(),
  /** The model that new chats use, and that is loaded at start; null = the bundled one. */
  defaultModelId: z.string().nullable(),
  /** The chat shown last. */
  lastChatId: z.string().nullable(),
})
export type Settings = z.infer<typeof settingsSchema>

export const defaultSettings: Settings = {
  language: 'system',
  theme: 'system',
  sidebarVisible: true,
  sidebarWidthPx: 264,
  inspectorVisible: false,
  gpu: 'auto',
  threads: null,
  measuredThreads: null,
  defaultModelId: null,
  lastChatId: null,
}

export const settings = {
  get: oc.output(settingsSchema),
  update: oc.input(settingsSchema.partial()).output(settingsSchema).errors(errorsOf('DISK_FULL')),
  /** The settings now, and again after every change. */
  watch: oc.output(eventIterator(settingsSchema)),
}
