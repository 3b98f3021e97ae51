import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { EngineLoadSettings } from '../../shared/engine/messages.ts'
import { loadRequest, randomModel, supervise } from './test-engine.ts'

const folder = mkdtempSync(join(tmpdir(), '羊驼　load settings '))
/** A head size of 32: what the block size of a quantized KV cache divides. */
const path = join(folder, '随机　模型.gguf')
let supervisors: ReturnType<typeof supervise>['supervisor'][] = []

beforeAll(() => {
  randomModel(path, { dim: 128, heads: 4 })
})
afterEach(async () => {
  await Promise.all(supervisors.map((supervisor) => supervisor.unload()))
  supervisors = []
})
afterAll(() => rmSync(folder, { recursive: true }))

function load(settings: Partial<EngineLoadSettings>, modelPath = path) {
  const { supervisor } = supervise()
  supervisors.push(supervisor)
  return supervisor.load(loadRequest(modelPath, settings))
}

test('what is not set is chosen, and told', async () => {
  const runtime = await load({})
  expect(runtime).toMatchObject({
    gpu: 'cpu',
    gpuLayers: 0,
    contextSize: 2048,
    slots: 1,
    batchSize: 512,
    threads: 1,
    flashAttention: true,
    kvCacheKeyType: 'F16',
    kvCacheValueType: 'F16',
    rope: null,
    confirmedOverrides: [],
    adapters: [],
    draft: 'none',
  })
  expect(runtime.estimatedBytes).toBeGreaterThan(1e6)
  expect(runtime.memoryBytes).toBeGreaterThan(1e6)
})

test('every setting of size and kind is obeyed', async () => {
  const settings = {
    contextSize: 1024,
    gpuLayers: 1,
    threads: 2,
    batchSize: 64,
    flashAttention: 'on',
    kvCacheKeyType: 'Q8_0',
    kvCacheValueType: 'Q4_0',
    useMmap: false,
    slots: 2,
  } as const
  expect(await load(settings)).toMatchObject({
    contextSize: 1024,
    gpuLayers: 0,
    threads: 2,
    batchSize: 64,
    flashAttention: true,
    kvCacheKeyType: 'Q8_0',
    kvCacheValueType: 'Q4_0',
    slots: 2,
  })
  expect(await load({ flashAttention: 'off' })).toMatchObject({ flashAttention: false })
  // Without being told, it takes flash attention where a setting needs it.
  expect(await load({ kvCacheValueType: 'Q4_1' })).toMatchObject({ flashAttention: true })
  // llama.cpp can do with more context than a model was trained for.
  expect(await load({ contextSize: 4096 })).toMatchObject({ contextSize: 4096 })
})

test.each([
  ['flashAttention', { flashAttention: 'off', kvCacheValueType: 'Q8_0' }, 'quantized V cache requires flash_attn'],
  ['kvCacheKeyType', { kvCacheKeyType: 'Q8_0' }, 'block size 32 does not divide n_embd_head_k=16'],
  ['kvCacheValueType', { kvCacheValueType: 'Q4_1' }, 'block size 32 does not divide n_embd_head_v=16'],
] as const)('%s is refused by its name, in the words of llama.cpp', async (setting, settings, words) => {
  const path = randomModel(join(folder, 'small heads.gguf'))
  await expect(load(settings, path)).rejects.toMatchObject({
    code: 'LOAD_SETTING_REFUSED',
    data: { path, setting, detail: expect.stringContaining(words) },
  })
})
