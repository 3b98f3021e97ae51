/** A DownloadsService on a fake hub, a real database and real threads; everything lies in a temporary folder. */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Download, DownloadState } from '../../shared/contract/downloads.ts'
import { silentLog } from '../core.fixture.ts'
import { openDatabase } from '../database/open-database.ts'
import { FakeHub } from '../hubs/fake-hub.fixture.ts'
import { HubSources } from '../hubs/hub-sources.ts'
import { HubTokensRepository } from '../hubs/hub-tokens-repository.ts'
import { HubsService } from '../hubs/hubs-service.ts'
import { SettingsRepository } from '../settings/settings-repository.ts'
import { SettingsService } from '../settings/settings-service.ts'
import { DownloadsRepository } from './downloads-repository.ts'
import { type DownloadsOptions, DownloadsService } from './downloads-service.ts'

export const workerPath = resolve('src/core/downloads/download-worker.ts')
export const repositoryName = '羊驼 测试/模型　甲 GGUF'

export async function startDownloads(options: Partial<DownloadsOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'yangtuo 下载　'))
  const modelsDirectory = options.modelsDirectory ?? join(folder, '模型　models')
  const database = openDatabase(join(folder, 'yangtuo.db'))
  const settings = new SettingsService(new SettingsRepository(database))
  settings.update({ hubSource: 'hugging-face' })
  const hub = await FakeHub.start()
  const tokens = new HubTokensRepository(database)
  const hubs = new HubsService(new HubSources(tokens, settings, { ...hub.environment }, '1.2.3'), {
    modelScopeNameOf: (name) => name,
    huggingFaceNameOf: (name) => name,
  })
  const added: { paths: string[]; repository: string; sha256: string }[] = []
  const start = (more: Partial<DownloadsOptions> = {}) => {
    const service = new DownloadsService({
      repository: new DownloadsRepository(database),
      settings,
      hubs,
      modelsDirectory,
      workerPath,
      log: silentLog,
      addModel: async (model) => {
        added.push(model)
        return { id: `model-${added.length}` }
      },
      findInCatalog: async () => {
        throw new Error('there is no catalog')
      },
      stallMs: 1_000,
      retryMs: 50,
      ...options,
      ...more,
    })
    service.start()
    return service
  }
  const world = {
    folder,
    modelsDirectory,
    settings,
    hub,
    hubs,
    added,
    downloads: start(),
    /** As after the end of the app and a new start. */
    restart: async (more: Partial<DownloadsOptions> = {}) => {
      await world.downloads.close()
      world.downloads = start(more)
    },
    /** Puts a file of random bytes on the hub and returns what to start and what to expect. */
    offer: async (name: string, bytes: Buffer = randomBytes(1_000_000), repository = repositoryName) => {
      const old = [...(hub.repositories.get(repository)?.commits.values() ?? [])].at(-1) ?? []
      const files = Object.fromEntries(old.map((file) => [file.path, file.content]))
      const revision = await hub.put(repository, { ...files, [`${name}.gguf`]: bytes })
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const path = join(modelsDirectory, repository, `${name}.gguf`)
      const reference = { sourceId: 'hugging-face' as const, repository, revision, variant: name }
      return { reference, bytes, sha256, path }
    },
    find: (id: string) => world.downloads.list().find((one) => one.id === id),
    reaches: (id: string, ...states: DownloadState[]) => reaches(world.downloads, id, ...states),
    /** All files below the models folder. */
    files: () =>
      existsSync(modelsDirectory)
        ? readdirSync(modelsDirectory, { recursive: true, withFileTypes: true }).map((entry) => entry.name)
        : [],
    close: async () => {
      await world.downloads.close()
      await hub.close()
      database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return world
}

export function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

/** The download when it has reached one of the states. */
export async function reaches(downloads: DownloadsService, id: string, ...states: DownloadState[]): Promise<Download> {
  const leaving = AbortSignal.timeout(50_000)
  for await (const event of downloads.watch(leaving)) {
    const all = event.type === 'downloads' ? event.downloads : event.type === 'download-saved' ? [event.download] : []
    const found = all.find((one) => one.id === id && states.includes(one.state))
    if (found) return found
  }
  throw new Error(`not ${states.join(' or ')}: ${JSON.stringify(downloads.list())}`)
}
