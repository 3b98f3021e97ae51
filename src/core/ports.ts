import type { AppInfo, Capabilities } from '../shared/contract/app.ts'
import type { Settings } from '../shared/contract/settings.ts'
import type { ApiServerOverrides, OpenApiServer } from './api-server/api-services.ts'
import type { EngineStarter } from './engine/engine-starter.ts'
import type { Log } from './log.ts'

export type { Log }

/** What core needs from the host it runs in. */
export interface CorePorts {
  /** Holds the database, attachments and logs. Created if it is not there. */
  dataDirectory: string
  /** Where uploaded and downloaded models are kept. Created if it is not there. */
  modelsDirectory: string
  /** The curated list that ships with the app: `resources/catalog`. */
  catalogDirectory: string
  /** The demo model that ships with the app. */
  bundledModelPath: string
  versions: AppInfo['versions'] & { app: string }
  startEngine: EngineStarter
  /** `core/downloads/download-worker`, built or not: the entry of the threads that fetch files. */
  downloadWorkerPath: string
  /** `core/interchange/interchange-worker`, built or not: the entry of the threads that read and write files of chats. */
  interchangeWorkerPath: string
  log: Log
  /**
   * Whether it loads the default model, looks through folders, and goes on with what was under way. A command that
   * only asks something does without. Default true.
   */
  startsWork?: boolean
  /** Whether the default model is loaded at the start. Default true. */
  loadsAtStart?: boolean
  /** What counts instead of the stored settings, until it is changed; not saved. */
  settingsOverrides?: Partial<Settings>
  /** The HTTP server for programs. Missing where the host cannot serve. */
  apiServer?: { open: OpenApiServer; overrides?: ApiServerOverrides }
  capabilities: Capabilities
  /** Asks for a GGUF file; null when closed. Missing where the host has no dialogs. */
  openModelDialog?: () => Promise<string | null>
  openFolderDialog?: () => Promise<string | null>
  revealFile?: (path: string) => Promise<void>
  /** Moves a file to the system's trash. Missing where the host cannot. */
  trashFile?: (path: string) => Promise<void>
}
