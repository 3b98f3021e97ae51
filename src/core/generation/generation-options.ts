/** What generation needs of the rest of core. */
import type { Folder } from '../../shared/contract/folders.ts'
import type { Model } from '../../shared/contract/models.ts'
import type { Preset } from '../../shared/contract/presets.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import type { ChatsService } from '../chats/chats-service.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { Log } from '../ports.ts'
import type { ReadAttachment } from './prompt.ts'

export interface GenerationOptions {
  chats: ChatsService
  models: ModelsService
  log: Log
  getSettings: () => Settings
  listPresets: () => readonly Preset[]
  listFolders: () => readonly Folder[]
  readAttachment: ReadAttachment
  /** Is told how fast an answer was without drafting. */
  onSpeed?: (model: Model, tokensPerSecond: number) => void
}
