/** The one place where the application is put together, from its database up to its router. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { appHandlers } from './app/app-handlers.ts'
import { chatsHandlers } from './chats/chats-handlers.ts'
import { ChatsRepository } from './chats/chats-repository.ts'
import { ChatsService } from './chats/chats-service.ts'
import { openDatabase } from './database/open-database.ts'
import { Inspector } from './engine/inspector.ts'
import { generationHandlers } from './generation/generation-handlers.ts'
import { GenerationService } from './generation/generation-service.ts'
import { ModelFoldersRepository } from './model-folders/model-folders-repository.ts'
import { ModelFoldersService } from './model-folders/model-folders-service.ts'
import { modelFoldersHandlers } from './model-folders/model-folders-handlers.ts'
import { foldersOfOtherApps } from './model-folders/other-apps.ts'
import { ModelLibrary } from './models/model-library.ts'
import { modelsHandlers } from './models/models-handlers.ts'
import { ModelsRepository } from './models/models-repository.ts'
import { ModelsService } from './models/models-service.ts'
import type { CorePorts } from './ports.ts'
import { createProcedures } from './procedures.ts'
import { settingsHandlers } from './settings/settings-handlers.ts'
import { SettingsRepository } from './settings/settings-repository.ts'
import { SettingsService } from './settings/settings-service.ts'

export type Core = Awaited<ReturnType<typeof createCore>>

/**
 * Opens the data folder and starts the application; the model is loaded in the background. Rejects
 * with DatabaseUnusableError if another process uses the folder or a newer version has written it.
 *
 * `close` interrupts and saves running answers, ends the engines, and closes the database, in at
 * most about 10 s. The host takes no more calls before it.
 */
export async function createCore(ports: CorePorts) {
  const { dataDirectory, modelsDirectory, log } = ports
  await Promise.all([dataDirectory, modelsDirectory].map((path) => mkdir(path, { recursive: true, mode: 0o700 })))
  const database = openDatabase(join(dataDirectory, 'yangtuo.db'))

  const settings = new SettingsService(new SettingsRepository(database))
  const chats = new ChatsService(new ChatsRepository(database), dataDirectory, log)
  const inspector = new Inspector(ports.startEngine, log)
  const library = new ModelLibrary(new ModelsRepository(database), inspector)
  const otherApps = await foldersOfOtherApps()
  const models = new ModelsService(library, settings, ports, otherApps)
  const modelFolders = new ModelFoldersService({
    repository: new ModelFoldersRepository(database),
    library,
    settings,
    modelsDirectory,
    otherApps,
    width: inspector.width,
    unload: (modelId) => models.unload(modelId),
    onScanned: () => models.hash(),
    log,
  })
  const generation = new GenerationService(chats, models, log)

  const procedures = createProcedures(log, dataDirectory)
  const router = procedures.router({
    app: appHandlers(procedures, ports),
    chats: chatsHandlers(procedures, chats, generation),
    generation: generationHandlers(procedures, generation),
    models: modelsHandlers(procedures, models, library, ports),
    modelFolders: modelFoldersHandlers(procedures, modelFolders),
    settings: settingsHandlers(procedures, settings),
  })
  models.start()
  modelFolders.start()

  return {
    router,
    close: async () => {
      await generation.close()
      await Promise.all([modelFolders.close(), models.close(), inspector.close()])
      chats.close()
      database.close()
    },
  }
}
