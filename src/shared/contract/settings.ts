import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { contextPolicySchema } from './chats.ts'
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
  /** Models that were not used for so long are unloaded; null = never. */
  idleUnloadMinutes: z.number().int().min(1).max(10_080).nullable(),
  /** Which source models are listed and downloaded from; `automatic` takes the fastest that answers, and another when it fails. */
  hubSource: z.enum(['automatic', 'hugging-face', 'hf-mirror', 'modelscope', 'custom']),
  /** An address that speaks Hugging Face's API; empty = none. */
  customEndpoint: z.string().max(500),
  /** Downloads at the same time. */
  parallelDownloads: z.number().int().min(1).max(8),
  /** Where downloads and imports go; null = the app's own folder. */
  modelsDirectory: z.string().min(1).max(4096).nullable(),
  /** The quantization to recommend: the best that fits this machine, or this one where there is one that fits. */
  quantization: z.enum(['automatic', 'Q2_K', 'Q3_K_M', 'Q4_0', 'Q4_K_M', 'Q5_K_M', 'Q6_K', 'Q8_0', 'F16']),
  /** Prefer files made with an importance matrix where they exist. */
  preferImatrix: z.boolean(),
  /** The card that suggests a first real model was closed. */
  suggestionClosed: z.boolean(),
  /** What chats do when their context is full, unless they say otherwise. */
  contextPolicy: contextPolicySchema,
  /** New chats are named by their model after the first answer; else by their first message. */
  automaticTitles: z.boolean(),
  /** The preset of each model that has one: model id → preset id. */
  modelPresets: z.record(z.string(), z.string()),
  /** Disk space for the saved states of chats, so that coming back to one does not evaluate it again; null = off. */
  savedStatesGb: z.number().int().min(1).max(20).nullable(),
  /** Long lines of code are wrapped. */
  wrapCode: z.boolean(),
  /** Folders of chats that are shown with what is in them. */
  openFolderIds: z.array(z.string()).max(100_000),
  /** The chat shown last. */
  lastChatId: z.string().nullable(),
  /** The HTTP server for programs runs, from the start of the app on. */
  apiServerEnabled: z.boolean(),
  /** An address of this machine; any but the loopback needs a key of every request. */
  apiServerHost: z.string().min(1).max(255),
  apiServerPort: z.number().int().min(1).max(65_535),
  /** Requests on the loopback need a key as well. */
  apiServerNeedsKey: z.boolean(),
  /** Web pages that may use the server, as origins (`https://example.com`); `*` = any. */
  apiServerOrigins: z.array(z.string().min(1).max(500)).max(100),
  /** Further names the server is called by, such as behind a proxy: `models.example.com`. */
  apiServerHostNames: z.array(z.string().min(1).max(255)).max(100),
  /** A request loads the model it names; else only loaded models answer. */
  apiLoadsOnDemand: z.boolean(),
  /** Models that a request has loaded are unloaded after so long without use; null = never. */
  apiIdleMinutes: z.number().int().min(1).max(10_080).nullable(),
  /** When a request loads a model, the idle one that a request loaded before is unloaded. */
  apiKeepsOneModel: z.boolean(),
  /** Requests that wait for one model at most; the next is refused. */
  apiMaxWaiting: z.number().int().min(0).max(10_000),
  /** The exact prompts and answers of requests are kept in memory, to be looked at. */
  apiLogsPrompts: z.boolean(),
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
  idleUnloadMinutes: 60,
  hubSource: 'automatic',
  customEndpoint: '',
  parallelDownloads: 2,
  modelsDirectory: null,
  quantization: 'automatic',
  preferImatrix: true,
  suggestionClosed: false,
  contextPolicy: 'drop-oldest',
  automaticTitles: true,
  modelPresets: {},
  savedStatesGb: 4,
  wrapCode: false,
  openFolderIds: [],
  lastChatId: null,
  apiServerEnabled: false,
  apiServerHost: '127.0.0.1',
  apiServerPort: 1234,
  apiServerNeedsKey: false,
  apiServerOrigins: [],
  apiServerHostNames: [],
  apiLoadsOnDemand: true,
  apiIdleMinutes: 60,
  apiKeepsOneModel: true,
  apiMaxWaiting: 64,
  apiLogsPrompts: false,
}

export const settings = {
  get: oc.output(settingsSchema),
  update: oc.input(settingsSchema.partial()).output(settingsSchema).errors(errorsOf('DISK_FULL')),
  /** The settings now, and again after every change. */
  watch: oc.output(eventIterator(settingsSchema)),
}
