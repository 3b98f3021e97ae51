/** Files examined, asked and mended through the contract, with engines as they are. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { safe } from '@orpc/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RANDOM_MODEL_PRESETS, writeRandomModel } from '../../../build/gguf/random-model.ts'
import { demoModelPath, startCore, temporaryFolder, testPorts, type Client } from '../core.fixture.ts'

const folder = temporaryFolder()
let client: Client
let close: () => Promise<void>

beforeAll(async () => {
  ;({ client, close } = await startCore(testPorts(join(folder.path, 'data'))))
}, 60_000)
afterAll(async () => {
  await close()
  folder.remove()
})

function outcomes(findings: { code: string; outcome: string }[]) {
  return Object.fromEntries(findings.map(({ code, outcome }) => [code, outcome]))
}

test('the demo model is well, and ends its three answers by itself', async () => {
  const path = join(folder.path, '羊驼　演示.gguf')
  copyFileSync(demoModelPath, path)
  const model = await client.models.importFile({ path })
  expect(model).toMatchObject({ doctor: 'good', kind: 'chat' })
  const before = await client.doctor.report({ modelId: model.id })
  expect(before).toMatchObject({ modelId: model.id, probe: null })
  const report = await client.doctor.examine({ modelId: model.id, probe: true })
  expect(outcomes(report.findings)).toMatchObject({ template: 'file', 'bos-token': 'added', probe: 'stops' })
  expect(report.probe).toHaveLength(3)
  expect(report.probe?.[0]).toMatchObject({ prompt: '你好', answer: '你好！有什么可以帮你的？', hasStopped: true })
  expect(await client.doctor.report({ modelId: model.id })).toEqual(report)
  // Looking at the file again keeps what the answers told.
  const again = await client.doctor.examine({ modelId: model.id, probe: false })
  expect(again.findings).toEqual(report.findings)
}, 60_000)

test('a model that runs on is found out, and a fix is kept as its override', async () => {
  const path = join(folder.path, 'nonsense.gguf')
  writeRandomModel(path, { ...RANDOM_MODEL_PRESETS.tiny, seed: 7 })
  const model = await client.models.importFile({ path })
  expect(model).toMatchObject({ doctor: 'advice', kind: 'chat', loadOverrides: {} })
  const asked = await client.doctor.examine({ modelId: model.id, probe: true })
  expect(outcomes(asked.findings)).toMatchObject({ kind: 'chat-guessed', template: 'guessed', probe: 'runs-on' })
  const template = await client.doctor.fix({ modelId: model.id, code: 'template' })
  expect(outcomes(template.findings)).toMatchObject({ template: 'chosen' })
  expect(template.probe).toBeNull()
  const saved = await client.models.saveLoadOverrides({ modelId: model.id, loadOverrides: { contextSize: 512 } })
  expect(saved.loadOverrides).toEqual({ contextSize: 512 })
  const base = await client.doctor.fix({ modelId: model.id, code: 'kind' })
  expect(outcomes(base.findings)).toMatchObject({ kind: 'base-set', template: 'not-needed' })
  const { error } = await safe(client.doctor.fix({ modelId: model.id, code: 'family' }))
  expect(error).toMatchObject({ code: 'NOT_FOUND', data: { what: 'finding', id: 'family' } })
}, 60_000)

test('a Llama 3 file without a pre-tokenizer gets it by the fix, and its BOS with it', async () => {
  const path = join(folder.path, '旧.gguf')
  const name = 'Llama-3-Chinese-8B-Instruct'
  writeRandomModel(path, { ...RANDOM_MODEL_PRESETS.tiny, vocabulary: 'bpe', vocabularySize: 1000, name })
  const bytes = readFileSync(path)
  // As files were before 2024-04-30: other keys in the place of these are not read.
  for (const key of ['tokenizer.ggml.pre', 'tokenizer.ggml.add_bos_token']) bytes.write('x', bytes.indexOf(key))
  writeFileSync(path, bytes)
  const { id: modelId } = await client.models.importFile({ path })
  const { id: chatId } = await client.chats.create({ mode: 'completion', modelId })
  const tokensOfNothing = async () => {
    await client.models.load({ modelId, reload: true })
    return (await client.generation.countPrompt({ chatId, parentId: null, text: '' }))?.promptTokens
  }
  expect(await tokensOfNothing()).toBe(0)
  const examined = await client.doctor.report({ modelId })
  expect(outcomes(examined!.findings)).toMatchObject({ 'bos-token': 'not-added', 'pre-tokenizer': 'missing' })
  const fixed = await client.doctor.fix({ modelId, code: 'pre-tokenizer' })
  expect(outcomes(fixed.findings)).toMatchObject({ 'bos-token': 'added', 'pre-tokenizer': 'set' })
  expect(await tokensOfNothing()).toBe(1)
}, 60_000)
