import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FitTarget } from '../../shared/contract/fit.ts'
import type { LoadOverrides } from '../../shared/contract/load-settings.ts'
import type { Model, Runtime } from '../../shared/contract/models.ts'
import { defaultSettings } from '../../shared/contract/settings.ts'
import { readGgufHeader } from '../../engine/gguf-header.ts'
import { shapeHeader } from '../catalog/shape-header.ts'
import { openDatabase, type Database } from '../database/open-database.ts'
import { EngineClient } from '../engine/engine-client.ts'
import { loadRequest, randomModel, silentLog, startEngine } from '../engine/test-engine.ts'
import { FitRepository } from './fit-repository.ts'
import { FitService, type FitSources } from './fit-service.ts'

/** About 60 and 130 MB of weights; the second with grouped heads and another vocabulary. */
const shapes = {
  narrow: { dim: 512, layers: 8, heads: 8, kvHeads: 8, ffn: 1536, vocabularySize: 8000 },
  wide: { dim: 1024, layers: 6, heads: 16, kvHeads: 4, ffn: 2816, vocabularySize: 12000 },
} as const

let folder: string
let database: Database
let paths: Record<keyof typeof shapes, string>
/** One for all tests, because its process takes a while to start; each test gives it what it needs. */
let fit: FitService
const sources: FitSources = {
  getSettings: () => ({ ...defaultSettings, gpu: 'cpu' }),
  servesPrograms: () => false,
  findModel: (id) => ({ id, path: id, sizeBytes: statSync(id).size, loadOverrides: {} }) as Model,
  hubHeader: () => Promise.reject(new Error('no hub')),
  catalogFile: () => null,
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), '羊驼 估算　'))
  database = openDatabase(join(folder, 'yangtuo.db'))
  const write = (name: keyof typeof shapes) =>
    randomModel(join(folder, `${name}.gguf`), { ...shapes[name], context: 4096, type: 'f16' })
  paths = { narrow: write('narrow'), wide: write('wide') }
  fit = new FitService(new FitRepository(database), { startEngine, log: silentLog }, sources)
})

afterAll(async () => {
  await fit.close()
  database.close()
  rmSync(folder, { recursive: true })
})

async function load(path: string, settings: Parameters<typeof loadRequest>[1]): Promise<Runtime> {
  const client = new EngineClient({ process: startEngine(), modelName: '', log: silentLog })
  await client.started
  try {
    return await client.call('load', loadRequest(path, settings))
  } finally {
    await client.end()
  }
}

const model = (path: string): FitTarget => ({ type: 'model', modelId: path })
const repository = { sourceId: 'hugging-face', repository: 'a/b', revision: 'c' } as const

test('Loading takes what was estimated', { timeout: 60_000 }, async () => {
  const settings: LoadOverrides[] = [{ contextSize: 2048 }, { contextSize: 2048, slots: 4, kvCacheKeyType: 'Q8_0' }]
  for (const path of Object.values(paths)) {
    for (const overrides of settings) {
      const [estimate] = await fit.estimate([model(path)], overrides)
      const { memoryBytes, contextSize } = await load(path, { ...overrides, adapters: [], draft: { type: 'none' } })
      expect(contextSize).toBe(estimate!.contextSize)
      const ratio = memoryBytes / estimate!.totalBytes
      expect(ratio, `${path} ${JSON.stringify(overrides)}`).toBeGreaterThan(0.75)
      expect(ratio, `${path} ${JSON.stringify(overrides)}`).toBeLessThan(1.25)
    }
  }
})

test('Context, slots and the type of the cache change its size as the arithmetic says', async () => {
  const cache = async (overrides: LoadOverrides) =>
    (await fit.estimate([model(paths.wide)], { contextSize: 2048, ...overrides }))[0]!.kvCacheBytes
  const { layers, dim, heads, kvHeads } = shapes.wide
  const whole = layers * 2 * (dim / heads) * kvHeads * 2048 * 2
  expect(await cache({})).toBe(whole)
  expect(await cache({ slots: 3 })).toBe(3 * whole)
  expect(await cache({ contextSize: 4096 })).toBe(2 * whole)
  expect(await cache({ kvCacheKeyType: 'F32' })).toBe(1.5 * whole)
  expect(await cache({ kvCacheKeyType: 'Q8_0', kvCacheValueType: 'Q8_0' })).toBe((whole * 34) / 64)
})

// Programs would queue for one slot; and slots must never cost the context its length or the load its memory.
test('Left to the app, programs get as many slots as fit with the whole context, and a window one', async () => {
  const forPrograms = new FitService(new FitRepository(database), { startEngine, log: silentLog }, {
    ...sources,
    servesPrograms: () => true,
  })
  try {
    const { freeRamBytes } = await forPrograms.machine()
    const { layers, dim, heads, kvHeads } = shapes.wide
    const bytesPerToken = layers * 2 * (dim / heads) * kvHeads * 2
    const ofService = async (service: FitService, share: number) => {
      const contextSize = Math.floor((share * freeRamBytes) / bytesPerToken)
      const [estimate] = await service.estimate([model(paths.wide)], { contextSize })
      expect(estimate!.contextSize).toBe(contextSize)
      expect(estimate!.kvCacheBytes).toBe(estimate!.slots * contextSize * bytesPerToken)
      return estimate!.slots
    }
    const slots = await Promise.all([0.01, 0.3, 0.55].map((share) => ofService(forPrograms, share)))
    expect(slots).toEqual([4, 2, 1])
    expect(await ofService(fit, 0.01)).toBe(1)
  } finally {
    await forPrograms.close()
  }
})

test('What the cache grows by, the whole grows by', async () => {
  const [one, four] = await Promise.all(
    [1, 4].map(async (slots) => (await fit.estimate([model(paths.narrow)], { contextSize: 2048, slots }))[0]!),
  )
  const buffersGrowth = four!.buffersBytes - one!.buffersBytes
  expect(Math.abs(buffersGrowth)).toBeLessThan(0.1 * one!.buffersBytes)
})

test('A shape of the catalog, a head of a hub and the file itself are estimated alike', async () => {
  const { dim, layers, heads, kvHeads, ffn, vocabularySize } = shapes.wide
  const tokens = readGgufHeader(paths.wide).metadata.get('llama.vocab_size') as number
  expect(tokens).toBeGreaterThanOrEqual(vocabularySize)
  const shape = { layers, width: dim, feedForwardWidth: ffn, heads, kvHeads, vocabularySize: tokens }
  const header = shapeHeader(shape, 4096)
  const sizeBytes = header.tensors.reduce((sum, tensor) => sum + tensor.sizeBytes, 0)
  sources.catalogFile = () => ({ header, sizeBytes })
  sources.hubHeader = async () => readGgufHeader(paths.wide)
  const [file, catalog, hub] = await fit.estimate([
    model(paths.wide),
    { type: 'catalog', entryId: 'wide', fileName: 'f16' },
    { type: 'hub', file: { ...repository, path: 'wide-f16.gguf' }, sizeBytes },
  ])
  expect(catalog).toEqual(file)
  expect(hub).toEqual(file)
})

test('One head does for the quantizations of a model, but not for another model beside it', async () => {
  const asked: string[] = []
  sources.hubHeader = async ({ path }) => {
    asked.push(path)
    return readGgufHeader(paths.wide)
  }
  const parameters = readGgufHeader(paths.wide).tensors.reduce((sum, { elementCount }) => sum + elementCount, 0)
  const target = (name: string, bits: number): FitTarget => ({
    type: 'hub',
    file: { ...repository, revision: 'several', path: `wide.${name}.gguf` },
    sizeBytes: (parameters * bits) / 8,
  })
  const fits = await fit.estimate([target('Q8_0', 8.5), target('Q4_K_M', 4.9), target('Q2_K', 3.2), target('Q6_K', 20)])
  expect(asked).toEqual(['wide.Q8_0.gguf', 'wide.Q6_K.gguf'])
  expect(fits[1]!.weightsBytes).toBeCloseTo((parameters * 4.9) / 8, -2)
  expect(fits[1]!.kvCacheBytes).toBe(fits[0]!.kvCacheBytes)
})

test('What cannot be read is unknown, and takes no other estimate with it', async () => {
  const noGguf = join(folder, '不是模型.gguf')
  writeFileSync(noGguf, 'no model')
  const alien = readGgufHeader(paths.narrow)
  alien.metadata.set('general.architecture', 'llama-of-2031')
  const abort = readGgufHeader(paths.narrow)
  abort.metadata.set('llama.attention.head_count', 0)
  sources.hubHeader = async ({ path }) => (path === 'alien.gguf' ? alien : abort)
  sources.catalogFile = () => null
  const hub = (path: string): FitTarget => {
    return { type: 'hub', file: { ...repository, revision: path, path }, sizeBytes: 1 }
  }
  const fits = await fit.estimate([
    model(noGguf),
    hub('alien.gguf'),
    hub('abort.gguf'),
    { type: 'catalog', entryId: 'none', fileName: 'none' },
    model(paths.narrow),
  ])
  expect(fits.map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown', 'unknown', 'unknown', 'fits-cpu'])
  expect(fits[0]!.totalBytes).toBe(0)
})

test('A measured load is shown for the same settings only, and corrects other estimates', async () => {
  const target = model(paths.narrow)
  const [before] = await fit.estimate([target])
  const runtime = {
    gpu: 'cpu',
    contextSize: before!.contextSize,
    slots: before!.slots,
    gpuLayers: 0,
    totalLayers: before!.totalLayers,
    estimatedBytes: 1000e6,
    memoryBytes: 1200e6,
  } as Runtime
  fit.record({ id: paths.narrow }, { useMmap: false }, runtime)
  const [other, same] = await Promise.all([fit.estimate([target]), fit.estimate([target], { useMmap: false })])
  expect(other[0]).toMatchObject({ measuredBytes: null, correction: 1.2 })
  expect(other[0]!.totalBytes).toBe(Math.round(before!.totalBytes * 1.2))
  expect(same[0]!.measuredBytes).toBe(1200e6)
})

test('The speed of answers replaces that of copying', async () => {
  await fit.measureMemory()
  const copied = (await fit.machine()).memoryBytesPerSecond!
  expect(copied).toBeGreaterThan(1e8)
  const runtime = { gpu: 'cpu', gpuLayers: 0, totalLayers: 9, estimatedBytes: null, memoryBytes: 0 } as Runtime
  fit.record({ id: paths.wide }, {}, runtime)
  fit.recordSpeed({ id: paths.wide, sizeBytes: 4e9, architecture: 'llama' }, 10)
  fit.recordSpeed({ id: paths.wide, sizeBytes: 4e9, architecture: 'qwen3moe' }, 100)
  fit.recordSpeed({ id: paths.wide, sizeBytes: 4e6, architecture: 'llama' }, 100)
  expect((await fit.machine()).memoryBytesPerSecond).toBe(40e9)
})
