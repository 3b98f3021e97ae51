import { expect, test } from 'vitest'
import type { Fit, FitTarget } from '../../shared/contract/fit.ts'
import { defaultSettings, type Settings } from '../../shared/contract/settings.ts'
import { fitOf } from '../fit/fit-of.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { catalogFile, readCatalogFiles } from './catalog-files.ts'
import { CatalogService } from './catalog-service.ts'

const files = readCatalogFiles('resources/catalog')

/** With so much free memory and speed, and a context of a gigabyte. */
function catalogOn(freeGB: number, memoryGBPerSecond: number, settings: Partial<Settings> = {}): CatalogService {
  const fitOfFile = (target: FitTarget): Fit => {
    if (target.type !== 'catalog') throw new Error('not of the catalog')
    const estimate = {
      weightsBytes: catalogFile(files, target.entryId, target.fileName)!.sizeBytes,
      kvCacheBytes: 1e9,
      buffersBytes: 0,
      draftBytes: 0,
      adaptersBytes: 0,
      gpuBytes: 0,
      contextSize: 4096,
      slots: 1,
      gpuLayers: 0,
      totalLayers: 33,
    }
    const machine = { freeRamBytes: freeGB * 1e9, gpuBytes: 0, freeGpuBytes: 0 }
    const speeds = { cpu: memoryGBPerSecond * 1e9, gpu: null }
    return fitOf(estimate, machine, { correction: 1, measuredBytes: null, speeds })
  }
  const fit = { estimate: async (targets: FitTarget[]) => targets.map(fitOfFile), measureMemory: async () => {} }
  const settingsService = { get: () => ({ ...defaultSettings, ...settings }) } as SettingsService
  return new CatalogService(files, fit, settingsService)
}

test('The first suggestion is the best model that fits with room, in Q4_K', async () => {
  const suggested = async (freeGB: number) => (await catalogOn(freeGB, 400).suggestion())?.entryId
  expect(await suggested(64)).toBe('llama-3-chinese-8b-instruct-v3')
  expect(await suggested(7)).toBe('llama-3-chinese-8b-instruct-v3')
  expect(await suggested(6)).toBe('chinese-alpaca-2-7b')
  expect(await suggested(4)).toBe('chinese-alpaca-2-1.3b')
  expect(await catalogOn(1, 400).suggestion()).toBeNull()
  expect((await catalogOn(64, 400).suggestion())?.fileName).toBe('ggml-model-q4_k.gguf')
})

test('The recommended file follows memory, speed and the settings', async () => {
  const recommended = async (...machine: Parameters<typeof catalogOn>) =>
    (await catalogOn(...machine).recommend('llama-3-chinese-8b-instruct-v3'))?.fileName
  expect(await recommended(64, 400)).toBe('ggml-model-q8_0.gguf')
  expect(await recommended(64, 30)).toBe('ggml-model-q4_k.gguf')
  expect(await recommended(9, 400)).toBe('ggml-model-q6_k.gguf')
  expect(await recommended(64, 400, { quantization: 'Q5_K_M' })).toBe('ggml-model-q5_k.gguf')
  expect(await recommended(3, 400)).toBeUndefined()
})

test('A file that an importance matrix made worse is not recommended for having one', async () => {
  const recommend = (entryId: string) => catalogOn(64, 400, { quantization: 'Q2_K' }).recommend(entryId)
  expect(await recommend('chinese-alpaca-2-13b')).toEqual({ fileName: 'ggml-model-q2_k.gguf' })
  expect(await recommend('chinese-llama-2-7b')).toEqual({ fileName: 'ggml-model-q2_k-im.gguf' })
})

test('Entries without files, and unknown ones, have nothing to recommend', async () => {
  expect(await catalogOn(64, 400).recommend('chinese-llama-7b')).toBeNull()
  expect(await catalogOn(64, 400).recommend('nobody')).toBeNull()
})
