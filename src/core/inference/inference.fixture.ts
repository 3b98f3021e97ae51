/**
 * What the HTTP APIs are built on, for a test: real settings and library, real engine processes with the demo
 * model, and the services above them, in a temporary folder with a name that no program likes.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { InferenceEvent, InferenceRequestInput } from '../../shared/contract/inference.ts'
import { inferenceRequestSchema } from '../../shared/contract/inference.ts'
import type { Model } from '../../shared/contract/models.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import { demoModelPath, silentLog, startEngine, temporaryFolder } from '../core.fixture.ts'
import { openDatabase } from '../database/open-database.ts'
import { DerivedModelsRepository } from '../derived-models/derived-models-repository.ts'
import { DerivedModelsService } from '../derived-models/derived-models-service.ts'
import type { EngineProcess } from '../engine/engine-starter.ts'
import { Inspector } from '../engine/inspector.ts'
import { ModelLibrary } from '../models/model-library.ts'
import { ModelsRepository } from '../models/models-repository.ts'
import { ModelsService } from '../models/models-service.ts'
import { PresetsRepository } from '../presets/presets-repository.ts'
import { PresetsService } from '../presets/presets-service.ts'
import { SettingsRepository } from '../settings/settings-repository.ts'
import { SettingsService } from '../settings/settings-service.ts'
import { Activity } from './activity.ts'
import type { InferenceClient } from './inference.ts'
import { InferenceService } from './inference-service.ts'

export const testClient: InferenceClient = { protocol: null, endpoint: '/test', name: '', party: 'test' }

/** No model is loaded; the demo model is in the library, and named `yangtuo-demo`. */
export async function startInference(changes: Partial<Settings> = {}) {
  const folder = temporaryFolder()
  const path = join(folder.path, '数据　data')
  mkdirSync(path)
  const database = openDatabase(join(path, 'yangtuo.db'))
  const settings = new SettingsService(new SettingsRepository(database))
  settings.update(changes)
  const presets = new PresetsService(new PresetsRepository(database))
  const inspector = new Inspector(startEngine, silentLog)
  const library = new ModelLibrary(new ModelsRepository(database), inspector)
  /** Of the models that are or were loaded, the newest last; to kill one. */
  const engines: EngineProcess[] = []
  const ports = {
    startEngine: () => {
      engines.push(startEngine())
      return engines.at(-1)!
    },
    log: silentLog,
    bundledModelPath: demoModelPath,
    modelsDirectory: join(path, 'models'),
  }
  const models = new ModelsService(library, settings, ports, [])
  const derivedModels = new DerivedModelsService(new DerivedModelsRepository(database), {
    findModel: (id) => library.find(id),
    onGone: () => {},
  })
  const activity = new Activity(settings)
  const inference = new InferenceService({
    library,
    models,
    derivedModels,
    activity,
    getSettings: () => settings.get(),
    listPresets: () => presets.list(),
    log: silentLog,
  })
  const stream = (request: InferenceRequestInput, signal = new AbortController().signal) =>
    inference.generate(greedy(request), testClient, signal)
  const demo: Model = await library.add({ path: demoModelPath, source: 'bundled' })

  return {
    path,
    settings,
    presets,
    library,
    models,
    derivedModels,
    activity,
    inference,
    engines,
    demo,
    /** A request as a client may write it; greedy unless it says otherwise. */
    stream,
    /** All events of it. */
    ask: async (request: InferenceRequestInput) => {
      const events: InferenceEvent[] = []
      for await (const event of stream(request)) events.push(event)
      return events
    },
    close: async () => {
      await Promise.all([models.close(), inspector.close()])
      database.close()
      folder.remove()
    },
  }
}

export type TestInference = Awaited<ReturnType<typeof startInference>>

export function greedy(request: InferenceRequestInput) {
  const sampling = { temperature: 0, repeatPenalty: 1, ...request.sampling }
  return inferenceRequestSchema.parse({ ...request, sampling })
}

/** A chat of one question. */
export function question(text: string, more: Partial<InferenceRequestInput> = {}): InferenceRequestInput {
  return { prompt: { type: 'chat', messages: [{ role: 'user', text }] }, ...more }
}

export function textOf(events: readonly InferenceEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('')
}

/** Throws unless there is exactly one end, and it is the last event. */
export function endOf(events: readonly InferenceEvent[]): Extract<InferenceEvent, { type: 'end' }> {
  const ends = events.filter((event) => event.type === 'end')
  if (ends.length !== 1 || events.at(-1) !== ends[0]) throw new Error(`not one end: ${JSON.stringify(events)}`)
  return ends[0]!
}
