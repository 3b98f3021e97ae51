/** A HubsService on a fake hub and a real database, made anew for each test of a file. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RemoteFile, SourceId } from '../../shared/contract/hubs.ts'
import { openDatabase } from '../database/open-database.ts'
import { SettingsRepository } from '../settings/settings-repository.ts'
import { SettingsService } from '../settings/settings-service.ts'
import { FakeHub } from './fake-hub.fixture.ts'
import { HubSources, type Environment } from './hub-sources.ts'
import { HubTokensRepository } from './hub-tokens-repository.ts'
import { HubsService } from './hubs-service.ts'

export async function startHubs() {
  const folder = mkdtempSync(join(tmpdir(), 'yangtuo 羊驼　'))
  const database = openDatabase(join(folder, 'yangtuo.db'))
  const settings = new SettingsService(new SettingsRepository(database))
  settings.update({ hubSource: 'hugging-face' })
  const hub = await FakeHub.start()
  /** Another service on the same data, as after a restart. `hfl/name` is `Other/name` on ModelScope. */
  const service = (environment: Environment = {}) => {
    const all = { ...hub.environment, ...environment }
    return new HubsService(new HubSources(new HubTokensRepository(database), settings, all, '1.2.3'), {
      modelScopeNameOf: (name) => (name === 'hfl/name' ? 'Other/name' : null),
      huggingFaceNameOf: (name) => (name === 'Other/name' ? 'hfl/name' : null),
    })
  }
  return {
    hub,
    settings,
    service,
    hubs: service(),
    close: async () => {
      await hub.close()
      database.close()
      rmSync(folder, { recursive: true })
    },
  }
}

export function fileOf(repository: string, path: string, sourceId: SourceId = 'hugging-face'): RemoteFile {
  return { sourceId, repository, revision: sourceId === 'modelscope' ? 'master' : 'main', path }
}

/** What `work` rejects with. */
export async function failureOf(work: Promise<unknown>): Promise<{ code: string; data: unknown }> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (one: unknown) => one,
  )
  const { code, data } = error as { code: string; data: unknown }
  return { code, data }
}
