/** What load settings do to the numbers a model computes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Llama, Token } from 'node-llama-cpp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeRandomAdapter } from '../../build/gguf/random-adapter.ts'
import { RANDOM_MODEL_PRESETS, writeRandomModel } from '../../build/gguf/random-model.ts'
import type { Rope } from '../shared/contract/load-settings.ts'
import type { EngineLoadSettings } from '../shared/engine/messages.ts'
import { defaultLoadSettings } from '../shared/lib/default-load-settings.ts'
import { loadModel } from './load-model.ts'
import { NativeLog } from './native-log.ts'
import { startLlama } from './start-llama.ts'

const folder = mkdtempSync(join(tmpdir(), '羊驼　load model '))
const plain = join(folder, 'plain.gguf')
const stretched = join(folder, 'stretched.gguf')
const adapter = join(folder, '诗　词.gguf')
const fileRope = defaultLoadSettings.rope
const log = new NativeLog(() => {})
let llama: Llama

beforeAll(async () => {
  llama = await startLlama('cpu', log)
  const model = { ...RANDOM_MODEL_PRESETS.tiny, context: 512 }
  writeRandomModel(plain, model)
  const metadata = {
    'llama.context_length': { type: 'uint32', value: 2048 },
    'llama.rope.scaling.type': { type: 'string', value: 'linear' },
    'llama.rope.scaling.factor': { type: 'float32', value: 4 },
  } as const
  writeRandomModel(stretched, { ...model, metadata })
  writeRandomAdapter(adapter, { dim: 64, layers: 2 })
})
afterAll(async () => {
  await llama.dispose()
  rmSync(folder, { recursive: true })
})

/** Loads, and gives the logits of some tokens behind 200 others. */
async function load(path: string, changed: Partial<EngineLoadSettings> = {}) {
  const settings = { ...defaultLoadSettings, adapters: [], draft: { type: 'none' as const }, ...changed }
  const request = { path, gpu: 'cpu' as const, automaticThreads: 1, automaticSlots: 1, settings, force: false }
  const { loaded, runtime } = await loadModel(request, async () => llama, log, () => {})
  const tokens = Array.from({ length: 200 }, (_, i) => (300 + ((i * 37) % 1000)) as Token)
  const probes = Array.from({ length: 50 }, (_, i) => (400 + i * 20) as Token)
  const generateNext = {
    logits: { filter: { tokens: probes, includeSelected: true } },
    options: { temperature: 0 },
  }
  const input = tokens.map((token, i) => (i + 1 < tokens.length ? token : ([token, { generateNext }] as const)))
  const result = await loaded.slots[0]!.sequence.controlledEvaluate(input as never)
  const logits = (result.at(-1) as { next: { logits: Map<Token, number> } }).next.logits
  await loaded.model.dispose()
  return { runtime, logits: probes.map((token) => logits.get(token)!) }
}

/** Random weights attend to everything alike, so positions move little; without a change it is exactly 0. */
function difference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)))
}

describe('positions', () => {
  const rope = (changed: Partial<Rope>) => ({ contextSize: 2048, rope: { ...fileRope, ...changed } })

  test('are divided by a whole number as well as by any other', async () => {
    const expected = await load(stretched)
    const { runtime, logits } = await load(plain, rope({ method: 'linear' }))
    expect(runtime.rope).toEqual({ method: 'linear', factor: 4, base: null, originalContextSize: null })
    expect(runtime.confirmedOverrides.sort()).toEqual([
      'llama.rope.scaling.factor = 4',
      'llama.rope.scaling.type = linear',
    ])
    expect(logits).toEqual(expected.logits)
    expect(difference(logits, (await load(plain)).logits)).toBeGreaterThan(1e-5)
  })

  test('are not divided by the method `none`, whatever the file says', async () => {
    const { runtime, logits } = await load(stretched, rope({ method: 'none' }))
    expect(runtime.confirmedOverrides).toEqual(['llama.rope.scaling.type = none'])
    expect(logits).toEqual((await load(plain)).logits)
  })

  test('get the base of NTK, and keep the division of the file', async () => {
    const { runtime, logits } = await load(plain, rope({ method: 'ntk' }))
    // α = (2048/256 − 1) × 1.1, with 16 numbers a head.
    const base = 10_000 * 7.7 ** (16 / 14)
    expect(runtime.rope).toEqual({ method: 'ntk', factor: null, base: expect.closeTo(base), originalContextSize: null })
    expect(runtime.confirmedOverrides).toEqual([expect.stringMatching(/^llama\.rope\.freq_base = 1\d{5}\./)])
    expect(difference(logits, (await load(plain)).logits)).toBeGreaterThan(1e-5)

    const whole = await load(stretched, rope({ method: 'ntk', base: 1_000_000 }))
    expect(whole.runtime.confirmedOverrides).toEqual(['llama.rope.freq_base = 1000000'])
    expect(difference(whole.logits, (await load(stretched)).logits)).toBeGreaterThan(1e-5)
    const both = await load(plain, rope({ method: 'linear', base: 1_000_000 }))
    expect(whole.logits).toEqual(both.logits)
  })

  test('are stretched by YaRN from the original context', async () => {
    const { runtime, logits } = await load(plain, rope({ method: 'yarn' }))
    expect(runtime.rope).toEqual({ method: 'yarn', factor: 4, base: null, originalContextSize: 512 })
    expect(runtime.confirmedOverrides.sort()).toEqual([
      'llama.rope.scaling.factor = 4',
      'llama.rope.scaling.original_context_length = 512',
      'llama.rope.scaling.type = yarn',
    ])
    expect(difference(logits, (await load(plain)).logits)).toBeGreaterThan(1e-5)
    expect(difference(logits, (await load(stretched)).logits)).toBeGreaterThan(1e-5)
    const other = await load(plain, rope({ method: 'yarn', originalContextSize: 64 }))
    expect(difference(logits, other.logits)).toBeGreaterThan(1e-5)
  })
})

describe('adapters', () => {
  test('move the logits as far as their scale says', async () => {
    const { logits: without } = await load(plain)
    const moved = async (...scales: number[]) => {
      const { logits } = await load(plain, { adapters: scales.map((scale) => ({ path: adapter, scale })) })
      return logits.map((value, i) => value - without[i]!)
    }
    expect(Math.max(...(await moved(0)).map(Math.abs))).toBe(0)
    const little = await moved(0.001)
    const twice = await moved(0.002)
    expect(Math.max(...little.map(Math.abs))).toBeGreaterThan(0)
    const ratio = norm(twice) / norm(little)
    expect(ratio).toBeGreaterThan(1.8)
    expect(ratio).toBeLessThan(2.2)
  })

  test('add up', async () => {
    const other = join(folder, 'other.gguf')
    writeRandomAdapter(other, { dim: 64, layers: 2, seed: 2 })
    const { logits: one } = await load(plain, { adapters: [{ path: adapter, scale: 1 }] })
    const adapters = [
      { path: adapter, scale: 1 },
      { path: other, scale: 1 },
    ]
    const { logits: two, runtime } = await load(plain, { adapters })
    expect(difference(one, two)).toBeGreaterThan(0.01)
    expect(runtime.adapters).toEqual([
      { fileName: '诗　词.gguf', scale: 1 },
      { fileName: 'other.gguf', scale: 1 },
    ])
  })

  test.each([
    ['another architecture', { dim: 64, layers: 2, architecture: 'qwen2' }, 'architecture', 'qwen2, llama'],
    ['another width', { dim: 128, layers: 2 }, 'architecture', 'blk.0.attn_q.weight.lora_a'],
    ['more layers', { dim: 64, layers: 3 }, 'architecture', 'blk.2.attn_q.weight.lora_a'],
    ['a whole layer inside', { dim: 64, layers: 2, wholeLayer: 'output.weight' }, 'whole-layers', 'output.weight'],
  ] as const)('of %s are refused', async (_, options, reason, detail) => {
    const path = join(folder, 'unusable.gguf')
    writeRandomAdapter(path, options)
    await expect(load(plain, { adapters: [{ path, scale: 1 }] })).rejects.toMatchObject({
      code: 'ADAPTER_UNUSABLE',
      data: { path, reason, detail },
    })
  })

  test('that are gone or are models are refused', async () => {
    const missing = join(folder, 'missing.gguf')
    await expect(load(plain, { adapters: [{ path: missing, scale: 1 }] })).rejects.toMatchObject({
      code: 'ADAPTER_UNUSABLE',
      data: { path: missing, reason: 'missing' },
    })
    await expect(load(plain, { adapters: [{ path: stretched, scale: 1 }] })).rejects.toMatchObject({
      code: 'NOT_A_LANGUAGE_MODEL',
    })
    await expect(load(adapter)).rejects.toMatchObject({ code: 'NOT_A_LANGUAGE_MODEL' })
  })
})

function norm(vector: readonly number[]): number {
  return Math.hypot(...vector)
}
