import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { writeRandomAdapter } from '../../../build/gguf/random-adapter.ts'
import type { TemplateChoice } from '../../shared/contract/load-settings.ts'
import type { EngineLoadSettings } from '../../shared/engine/messages.ts'
import { Inspector } from './inspector.ts'
import { ask, demoModelPath, loadRequest, randomModel, silentLog, startEngine, supervise } from './test-engine.ts'

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

test('what the engine ignores or cannot do is refused, too', async () => {
  await expect(load({ preTokenizer: 'no-such-thing' }, bpeModel())).rejects.toMatchObject({
    code: 'LOAD_SETTING_REFUSED',
    data: { setting: 'preTokenizer', detail: expect.stringContaining('no-such-thing') },
  })
  const runtime = await load({ preTokenizer: 'qwen2' }, bpeModel())
  expect(runtime.confirmedOverrides).toEqual(['tokenizer.ggml.pre = qwen2'])
})

test('positions and adapters reach the model that is loaded', async () => {
  const adapter = join(folder, '诗　词.gguf')
  writeRandomAdapter(adapter, { dim: 128, layers: 2 })
  const rope = { method: 'yarn', factor: 2, base: null, originalContextSize: null } as const
  expect(await load({ contextSize: 4096, rope, adapters: [{ path: adapter, scale: 0.5 }] })).toMatchObject({
    contextSize: 4096,
    rope: { method: 'yarn', factor: 2, base: null, originalContextSize: 2048 },
    confirmedOverrides: expect.arrayContaining(['llama.rope.scaling.type = yarn', 'llama.rope.scaling.factor = 2']),
    adapters: [{ fileName: '诗　词.gguf', scale: 0.5 }],
  })
})

describe('the template', () => {
  async function answer(template: TemplateChoice, stopTexts: string[] = []) {
    const { supervisor } = supervise()
    supervisors.push(supervisor)
    const runtime = await supervisor.load(loadRequest(demoModelPath, { template, stopTexts }))
    let text = ''
    const { stopReason } = await supervisor.generate(ask('你好'), { onText: (piece) => (text += piece) })
    return { template: runtime.template, text, stopReason }
  }
  const greeting = '你好！有什么可以帮你的？'
  const family = { type: 'family', family: 'llama-3-instruct' } as const

  test('of a family answers as the one in the file, which is of that family', async () => {
    expect(await answer(family)).toEqual({ template: 'llama-3-instruct', text: greeting, stopReason: 'end' })
  })

  test('of another family does not', async () => {
    const { template, text } = await answer({ type: 'family', family: 'alpaca' })
    expect(template).toBe('alpaca')
    expect(text).not.toBe(greeting)
  })

  test("is a person's own", async () => {
    const source =
      "{{ bos_token }}{% for m in messages %}<|start_header_id|>{{ m.role }}<|end_header_id|>\n\n{{ m.content }}" +
      // A line break at the end of a template would be dropped.
      "<|eot_id|>{% endfor %}<|start_header_id|>assistant<|end_header_id|>{{ '\n\n' }}"
    expect(await answer({ type: 'jinja', source })).toEqual({ template: 'custom', text: greeting, stopReason: 'end' })
  })

  test('ends an answer at further texts, which are not shown', async () => {
    expect(await answer(family, ['可以'])).toMatchObject({ text: '你好！有什么', stopReason: 'end' })
  })
})

describe('the preview of a template', () => {
  const inspector = new Inspector(startEngine, silentLog)
  const preview = (path: string, template: TemplateChoice) => inspector.previewTemplate(path, template)
  afterAll(() => inspector.close())

  test('is the prompt of a short conversation, after one BOS', async () => {
    const { template, prompt } = await preview(demoModelPath, { type: 'automatic' })
    expect(template).toBe('file')
    expect(prompt.match(/<\|begin_of_text\|>/g)).toHaveLength(1)
    expect(prompt).toMatch(/^<\|begin_of_text\|><\|start_header_id\|>system[^]+1 \+ 1 = \?<\|eot_id\|>.+assistant.+\n\n$/)
    const family = await preview(demoModelPath, { type: 'family', family: 'llama-3-instruct' })
    expect(family).toEqual({ template: 'llama-3-instruct', prompt })
  })

  test('tells what is wrong with a broken one', async () => {
    const broken = preview(path, { type: 'jinja', source: '{% for m in messages %}' })
    await expect(broken).rejects.toMatchObject({ code: 'TEMPLATE_FAILED', data: { detail: expect.any(String) } })
    await expect(preview(join(folder, 'missing.gguf'), { type: 'automatic' })).rejects.toMatchObject({
      code: 'FILE_MISSING',
    })
  })
})

function bpeModel(): string {
  return randomModel(join(folder, 'bpe.gguf'), { vocabulary: 'bpe' })
}
