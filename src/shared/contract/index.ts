/** The whole contract between a renderer (or any client) and core. One line a domain. */
import { apiServer } from './api-server.ts'
import { app } from './app.ts'
import { attachments } from './attachments.ts'
import { catalog } from './catalog.ts'
import { chats } from './chats.ts'
import { doctor } from './doctor.ts'
import { downloads } from './downloads.ts'
import { fit } from './fit.ts'
import { folders } from './folders.ts'
import { generation } from './generation.ts'
import { hubs } from './hubs.ts'
import { inference } from './inference.ts'
import { interchange } from './interchange.ts'
import { modelFolders } from './model-folders.ts'
import { models } from './models.ts'
import { presets } from './presets.ts'
import { savedStates } from './saved-states.ts'
import { search } from './search.ts'
import { settings } from './settings.ts'

export const contract = {
  apiServer,
  app,
  attachments,
  catalog,
  chats,
  doctor,
  downloads,
  fit,
  folders,
  generation,
  hubs,
  inference,
  interchange,
  modelFolders,
  models,
  presets,
  savedStates,
  search,
  settings,
}
