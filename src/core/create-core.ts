/** The one place where the application is put together, from its database up to its router. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { appHandlers } from './app/app-handlers.ts'
import { chatsHandlers } from './chats/chats-handlers.ts'
import { ChatsRepository } from './chats/chats-repository.ts'
import { ChatsService } from './chats/chats-service.ts'
import { openDatabase } from './database/open-database.ts'
import { generationHandlers } from './generation/generation-handlers.ts'
import { GenerationService } from './generation/generation-service.ts'
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
  const models = new ModelsService(new ModelsRepository(database), settings, ports)
  const generation = new GenerationService(chats, models, log)

  const procedures = createProcedures(log, dataDirectory)
  const router = procedures.router({
    app: appHandlers(procedures, ports),
    chats: chatsHandlers(procedures, chats, generation),
    generation: generationHandlers(procedures, generation),
    models: modelsHandlers(procedures, models, ports),
    settings: settingsHandlers(procedures, settings),
  })
  models.start()

  return {
    router,
    close: async () => {
      await generation.close()
      await models.close()
      chats.close()
      database.close()
    },
  }
}
