/** A process for tests that kill it: downloads what its arguments say, and prints what has been received. */
import { HubSources } from '../hubs/hub-sources.ts'
import { HubTokensRepository } from '../hubs/hub-tokens-repository.ts'
import { HubsService } from '../hubs/hubs-service.ts'
import { silentLog } from '../core.fixture.ts'
import { openDatabase } from '../database/open-database.ts'
import { SettingsRepository } from '../settings/settings-repository.ts'
import { SettingsService } from '../settings/settings-service.ts'
import { workerPath } from './downloads.fixture.ts'
import { DownloadsRepository } from './downloads-repository.ts'
import { DownloadsService } from './downloads-service.ts'

export interface KilledDownloadArguments {
  databasePath: string
  modelsDirectory: string
  endpoint: string
  /** Missing: what is in the database goes on. */
  reference?: Parameters<DownloadsService['add']>[0]
}

const { databasePath, modelsDirectory, endpoint, reference } = JSON.parse(process.argv[2]!) as KilledDownloadArguments
const database = openDatabase(databasePath)
const settings = new SettingsService(new SettingsRepository(database))
settings.update({ hubSource: 'hugging-face' })
const environment = { HF_ENDPOINT: endpoint }
const names = { modelScopeNameOf: () => null, huggingFaceNameOf: () => null }
const downloads = new DownloadsService({
  repository: new DownloadsRepository(database),
  settings,
  hubs: new HubsService(new HubSources(new HubTokensRepository(database), settings, environment, '1.2.3'), names),
  modelsDirectory,
  workerPath,
  log: silentLog,
  addModel: async () => ({ id: 'model' }),
  findInCatalog: async () => {
    throw new Error('there is no catalog')
  },
})
// Nothing else keeps the process while the last event is on its way.
setInterval(() => {}, 1_000)
downloads.start()
if (reference) await downloads.add(reference)
for await (const event of downloads.watch()) {
  if (event.type === 'download-removed') continue
  const download = event.type === 'downloads' ? event.downloads[0] : event.download
  if (download) console.log(JSON.stringify({ state: download.state, receivedBytes: download.receivedBytes }))
  if (download?.state === 'complete') break
}
process.exit(0)
