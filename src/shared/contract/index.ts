/** The whole contract between a renderer (or any client) and core. One line a domain. */
import { app } from './app.ts'
import { catalog } from './catalog.ts'
import { chats } from './chats.ts'
import { doctor } from './doctor.ts'
import { downloads } from './downloads.ts'
import { fit } from './fit.ts'
import { generation } from './generation.ts'
import { hubs } from './hubs.ts'
import { modelFolders } from './model-folders.ts'
import { models } from './models.ts'
import { settings } from './settings.ts'

export const contract = {
  app,
  catalog,
  chats,
  doctor,
  downloads,
  fit,
  generation,
  hubs,
  modelFolders,
  models,
  settings,
}
