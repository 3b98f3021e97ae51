/** The one place where the application is put together, from its database up to its router. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import type { Runtime } from '../shared/contract/models.ts'
import { apiServerHandlers } from './api-server/api-server-handlers.ts'
import { ApiKeysRepository } from './api-server/api-keys-repository.ts'
import { ApiKeysService } from './api-server/api-keys-service.ts'
import { ApiServerService } from './api-server/api-server-service.ts'
import { appHandlers } from './app/app-handlers.ts'
import { attachmentsHandlers } from './attachments/attachments-handlers.ts'
import { AttachmentsRepository } from './attachments/attachments-repository.ts'
import { AttachmentsService } from './attachments/attachments-service.ts'
import { catalogFile, readCatalogFiles, repositoryNames } from './catalog/catalog-files.ts'
import { catalogHandlers } from './catalog/catalog-handlers.ts'
import { CatalogService } from './catalog/catalog-service.ts'
import { chatsHandlers } from './chats/chats-handlers.ts'
import { ChatsRepository } from './chats/chats-repository.ts'
import { ChatsService } from './chats/chats-service.ts'
import { MessageTreeRepository } from './chats/message-tree-repository.ts'
import { MessageTreeService } from './chats/message-tree-service.ts'
import { TrashRepository } from './chats/trash-repository.ts'
import { TrashService } from './chats/trash-service.ts'
import { openDatabase } from './database/open-database.ts'
import { DerivedModelsRepository } from './derived-models/derived-models-repository.ts'
import { DerivedModelsService } from './derived-models/derived-models-service.ts'
import { doctorHandlers } from './doctor/doctor-handlers.ts'
import { DoctorService } from './doctor/doctor-service.ts'
import { downloadsHandlers } from './downloads/downloads-handlers.ts'
import { DownloadsRepository } from './downloads/downloads-repository.ts'
import { DownloadsService } from './downloads/downloads-service.ts'
import { findInCatalog } from './downloads/find-in-catalog.ts'
import { Inspector } from './engine/inspector.ts'
import { fitHandlers } from './fit/fit-handlers.ts'
import { FitRepository } from './fit/fit-repository.ts'
import { FitService } from './fit/fit-service.ts'
import { foldersHandlers } from './folders/folders-handlers.ts'
import { FoldersRepository } from './folders/folders-repository.ts'
import { FoldersService } from './folders/folders-service.ts'
import { generationHandlers } from './generation/generation-handlers.ts'
import { GenerationService } from './generation/generation-service.ts'
import { HubSources } from './hubs/hub-sources.ts'
import { HubTokensRepository } from './hubs/hub-tokens-repository.ts'
import { hubsHandlers } from './hubs/hubs-handlers.ts'
import { HubsService } from './hubs/hubs-service.ts'
import { Activity } from './inference/activity.ts'
import { inferenceHandlers } from './inference/inference-handlers.ts'
import { InferenceService } from './inference/inference-service.ts'
import { interchangeHandlers } from './interchange/interchange-handlers.ts'
import { InterchangeRepository } from './interchange/interchange-repository.ts'
import { InterchangeService } from './interchange/interchange-service.ts'
import { ModelFoldersRepository } from './model-folders/model-folders-repository.ts'
import { ModelFoldersService } from './model-folders/model-folders-service.ts'
import { modelFoldersHandlers } from './model-folders/model-folders-handlers.ts'
import { foldersOfOtherApps } from './model-folders/other-apps.ts'
import type { LoadableModel } from './models/loaded-models.ts'
import { ModelLibrary } from './models/model-library.ts'
import { modelsHandlers } from './models/models-handlers.ts'
import { ModelsRepository } from './models/models-repository.ts'
import { ModelsService } from './models/models-service.ts'
import type { CorePorts } from './ports.ts'
import { presetsHandlers } from './presets/presets-handlers.ts'
import { PresetsRepository } from './presets/presets-repository.ts'
import { PresetsService } from './presets/presets-service.ts'
import { createProcedures } from './procedures.ts'
import { savedStatesHandlers } from './saved-states/saved-states-handlers.ts'
import { SavedStatesRepository } from './saved-states/saved-states-repository.ts'
import { SavedStatesService } from './saved-states/saved-states-service.ts'
import { searchHandlers } from './search/search-handlers.ts'
import { SearchRepository } from './search/search-repository.ts'
import { SearchService } from './search/search-service.ts'
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
  const databasePath = join(dataDirectory, 'yangtuo.db')
  const database = openDatabase(databasePath)

  const settings = new SettingsService(new SettingsRepository(database), ports.settingsOverrides)
  const presets = new PresetsService(new PresetsRepository(database))
  const chats = new ChatsService(new ChatsRepository(database), dataDirectory, log)
  const messageTree = new MessageTreeService(new MessageTreeRepository(database), chats)
  const folders = new FoldersService(new FoldersRepository(database), chats)
  const attachments = new AttachmentsService(
    new AttachmentsRepository(database),
    join(dataDirectory, 'attachments'),
    log,
  )
  const savedStates = new SavedStatesService({
    repository: new SavedStatesRepository(database),
    directory: join(dataDirectory, 'states'),
    settings,
    findModelHash: (path) => library.repository.findByPath(path)?.model.sha256 ?? null,
    log,
  })
  const trash = new TrashService(new TrashRepository(database), chats, folders, async (chatIds) => {
    await Promise.all([attachments.collect(), savedStates.forget(chatIds)])
  })
  const search = new SearchService(new SearchRepository(database), log)
  const inspector = new Inspector(ports.startEngine, log)
  const library = new ModelLibrary(new ModelsRepository(database), inspector)
  const catalogFiles = readCatalogFiles(ports.catalogDirectory)
  const hubTokens = new HubTokensRepository(database)
  const hubSources = new HubSources(hubTokens, settings, process.env, ports.versions.app)
  const hubs = new HubsService(hubSources, repositoryNames(catalogFiles))
  const servesPrograms = () => settings.get().apiServerEnabled || ports.apiServer?.overrides !== undefined
  const fit = new FitService(new FitRepository(database), ports, {
    getSettings: () => settings.get(),
    servesPrograms,
    findModel: (modelId) => library.find(modelId),
    hubHeader: (file) => hubs.header(file),
    catalogFile: (entryId, fileName) => catalogFile(catalogFiles, entryId, fileName),
  })
  const catalog = new CatalogService(catalogFiles, fit, settings)
  const otherApps = await foldersOfOtherApps()
  const recordLoad = (model: LoadableModel, runtime: Runtime) => fit.record(model, model.loadOverrides, runtime)
  const models = new ModelsService(library, settings, ports, otherApps, recordLoad, savedStates, {
    servesPrograms,
    findDerived: (id) => derivedModels.loadable(id),
  })
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
  const generation = new GenerationService({
    chats,
    models,
    log,
    getSettings: () => settings.get(),
    listPresets: () => presets.list(),
    listFolders: () => folders.list(),
    readAttachment: (attachmentId) => attachments.read(attachmentId),
    onSpeed: (model, tokensPerSecond) => fit.recordSpeed(model, tokensPerSecond),
  })
  const downloads = new DownloadsService({
    repository: new DownloadsRepository(database),
    settings,
    hubs,
    modelsDirectory,
    workerPath: ports.downloadWorkerPath,
    log,
    addModel: (model) => models.addDownloaded(model),
    findInCatalog: (entryId, fileName) => findInCatalog(catalogFiles, hubs, entryId, fileName),
  })
  const interchange = new InterchangeService({
    repository: new InterchangeRepository(database),
    chatsRepository: new ChatsRepository(database),
    foldersRepository: new FoldersRepository(database),
    chats,
    folders,
    trash,
    presets,
    settings,
    attachments,
    dataDirectory,
    attachmentsDirectory: join(dataDirectory, 'attachments'),
    databasePath,
    workerPath: ports.interchangeWorkerPath,
    appVersion: ports.versions.app,
  })

  const derivedModels = new DerivedModelsService(new DerivedModelsRepository(database), {
    findModel: (modelId) => library.find(modelId),
    onGone: (modelId) => void models.retire(modelId),
  })
  const activity = new Activity(settings)
  const inference = new InferenceService({
    library,
    models,
    derivedModels,
    activity,
    getSettings: () => settings.get(),
    listPresets: () => presets.list(),
    log,
  })
  const apiKeys = new ApiKeysService(new ApiKeysRepository(database), log)
  const apiServer = new ApiServerService({
    settings,
    keys: apiKeys,
    open: ports.apiServer?.open,
    overrides: ports.apiServer?.overrides,
    log,
  })

  const procedures = createProcedures(log, dataDirectory)
  const router = procedures.router({
    apiServer: apiServerHandlers(procedures, apiServer, apiKeys, activity),
    app: appHandlers(procedures, ports),
    attachments: attachmentsHandlers(procedures, attachments),
    catalog: catalogHandlers(procedures, catalog),
    chats: chatsHandlers(procedures, { chats, messageTree, folders, trash, generation }),
    doctor: doctorHandlers(procedures, new DoctorService(library, models)),
    downloads: downloadsHandlers(procedures, downloads),
    fit: fitHandlers(procedures, fit),
    folders: foldersHandlers(procedures, folders, trash, generation),
    generation: generationHandlers(procedures, generation),
    hubs: hubsHandlers(procedures, hubs),
    inference: inferenceHandlers(procedures, inference),
    interchange: interchangeHandlers(procedures, interchange, { log, dataDirectory }),
    models: modelsHandlers(procedures, models, library, ports),
    modelFolders: modelFoldersHandlers(procedures, modelFolders),
    presets: presetsHandlers(procedures, presets),
    savedStates: savedStatesHandlers(procedures, savedStates),
    search: searchHandlers(procedures, search),
    settings: settingsHandlers(procedures, settings),
  })
  if (ports.startsWork ?? true) {
    const bundled = models.start(ports.loadsAtStart)
    // Who names the model to load may name this one.
    if (ports.loadsAtStart === false) await bundled
    modelFolders.start()
    downloads.start()
    interchange.start()
    void attachments.collect()
    savedStates.start()
    search.start()
    void apiServer.start({
      inference,
      client: createRouterClient(router),
      derivedModels,
      keys: apiKeys,
      activity,
      getSettings: () => settings.get(),
      version: ports.versions.app,
      log,
    })
  } else {
    await library.add({ path: ports.bundledModelPath, source: 'bundled' }).catch((error: unknown) => {
      log.warn('There is no bundled model', { reason: String(error) })
    })
  }

  return {
    router,
    close: async () => {
      await apiServer.close()
      await Promise.all([generation.close(), downloads.close(), interchange.close()])
      await Promise.all([modelFolders.close(), models.close(), inspector.close(), fit.close(), search.close()])
      await savedStates.close()
      chats.close()
      database.close()
    },
  }
}
