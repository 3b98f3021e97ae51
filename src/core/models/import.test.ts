import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { isDefinedError, safe } from '@orpc/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Model } from '../../shared/contract/models.ts'
import { startCore, testPorts, type Client } from '../core.fixture.ts'
import {
  copyFileTo,
  temporaryHome,
  writeAdapter,
  writeHuggingFaceAdapter,
  writeSmallModel,
  writeSplitModel,
} from './model-files.fixture.ts'
import { moveToTrash } from './trash-files.ts'

let home: ReturnType<typeof temporaryHome>
let models: string
let client: Client
let close: () => Promise<void>

const start = async () => {
  const ports = testPorts(join(home.path, 'data'), { trashFile: moveToTrash })
  models = ports.modelsDirectory
  ;({ client, close } = await startCore(ports))
}

beforeEach(async () => {
  home = temporaryHome()
  await start()
})
afterEach(async () => {
  await close()
  home.restore()
})

async function list(): Promise<Model[]> {
  for await (const event of await client.models.watch()) if (event.type === 'models') return event.models
  throw new Error('no models')
}

async function refusal(path: string, how?: 'move' | 'copy' | 'link') {
  const { error } = await safe(client.models.importFile({ path, how }))
  return isDefinedError(error) ? error : error
}

const at = (...names: string[]) => join(home.path, ...names)

test('copy, link and move bring a file into the models folder, and replace nothing there', async () => {
  const path = writeSmallModel(at('下　载', '模型 一.gguf'))
  const bytes = readFileSync(path)
  const taken = copyFileTo(path, join(models, 'imported/模型 一/模型 一.gguf'))
  writeFileSync(taken, 'mine')

  const copied = await client.models.importFile({ path, how: 'copy' })
  expect(copied.path).toBe(join(models, 'imported/模型 一 (2)/模型 一.gguf'))
  const linked = await client.models.importFile({ path, how: 'link' })
  expect(statSync(linked.path).ino).toBe(statSync(path).ino)
  const moved = await client.models.importFile({ path, how: 'move' })
  expect(existsSync(path)).toBe(false)
  expect(new Set([copied.id, linked.id, moved.id]).size).toBe(3)
  for (const model of [copied, linked, moved]) {
    expect(readFileSync(model.path)).toEqual(bytes)
    expect(model).toMatchObject({ source: 'file', isPresent: true, fileName: '模型 一.gguf' })
  }
  expect(readFileSync(taken, 'utf8')).toBe('mine')
  expect(readdirSync(models, { recursive: true }).filter((name) => String(name).endsWith('.part'))).toEqual([])
})

// Bug: a moved model loses its settings, or is listed where it no longer lies.
test('a model on the list that is moved stays the same model', async () => {
  const path = writeSmallModel(at('a.gguf'))
  const before = await client.models.importFile({ path })
  await client.models.saveLoadOverrides({ modelId: before.id, loadOverrides: { contextSize: 256 } })
  await client.models.setKind({ modelId: before.id, kind: 'chat' })
  const after = await client.models.importFile({ path, how: 'move' })
  expect(after).toMatchObject({ id: before.id, loadOverrides: { contextSize: 256 }, kind: 'chat' })
  expect((await list()).filter(({ source }) => source === 'file').map((model) => model.path)).toEqual([after.path])
})

test('any part brings the whole split model, and a missing part is named', async () => {
  const parts = writeSplitModel(at('split', '大 模型'), 3)
  const model = await client.models.importFile({ path: parts[1]!, how: 'move' })
  expect(model).toMatchObject({ partCount: 3, parameterCount: 3 * 1024, name: '大 模型' })
  expect(model.path).toBe(join(models, 'imported/大 模型/大 模型-00001-of-00003.gguf'))
  const { paths } = await client.models.details({ modelId: model.id })
  expect(paths.map((path) => existsSync(path))).toEqual([true, true, true])
  expect(parts.some((path) => existsSync(path))).toBe(false)
  expect(model.sizeBytes).toBe(paths.reduce((sum, path) => sum + statSync(path).size, 0))

  const others = writeSplitModel(at('b'), 2)
  unlinkSync(others[1]!)
  expect(await refusal(others[0]!)).toMatchObject({ code: 'PART_MISSING', data: { path: others[1] } })
  writeSplitModel(at('c'), 2)
  unlinkSync(at('c-00001-of-00002.gguf'))
  expect(await refusal(at('c-00002-of-00002.gguf'))).toMatchObject({
    code: 'PART_MISSING',
    data: { path: at('c-00001-of-00002.gguf') },
  })
})

test('a folder brings all models in it', async () => {
  writeSmallModel(at('many', 'a.gguf'))
  writeSmallModel(at('many', 'below', 'b.gguf'))
  writeFileSync(at('many', 'broken.gguf'), 'GGUF')
  expect((await client.models.importFile({ path: at('many') })).fileName).toBe('a.gguf')
  const names = (await list()).map(({ fileName }) => fileName)
  expect(names).toEqual(expect.arrayContaining(['a.gguf', 'b.gguf']))
  mkdirSync(at('empty'))
  expect(await refusal(at('empty'))).toMatchObject({ code: 'FILE_IS_FOLDER' })
})

test('adapters are told from models, and those that cannot be applied say why', async () => {
  const adapter = await client.models.importFile({ path: writeAdapter(at('lora.gguf')) })
  expect(adapter).toMatchObject({ type: 'adapter', architecture: 'llama', name: '小说腔 (r=4)', doctor: null })
  expect(await refusal(writeAdapter(at('whole.gguf'), ['token_embd.weight']))).toMatchObject({
    code: 'ADAPTER_UNUSABLE',
    data: { reason: 'whole-layers', detail: 'token_embd.weight' },
  })
  const pairs = ['base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight']
  const plain = writeHuggingFaceAdapter(at('plain'), pairs, { r: 8, base_model_name_or_path: 'hfl/base' })
  const forms = [plain, join(plain, 'adapter_config.json'), join(plain, 'adapter_model.safetensors')]
  for (const path of forms) {
    expect(await refusal(path)).toMatchObject({
      code: 'ADAPTER_UNUSABLE',
      data: { path, reason: 'hugging-face-format', detail: 'r=8, hfl/base' },
    })
  }
  const whole = writeHuggingFaceAdapter(at('hf whole'), [...pairs, 'base_model.model.model.embed_tokens.weight'], {
    r: 8,
    modules_to_save: ['lm_head'],
  })
  expect(await refusal(whole)).toMatchObject({ data: { reason: 'whole-layers', detail: 'embed_tokens, lm_head' } })
})

test('a removed model comes back only by hand; trash takes all its parts', async () => {
  const [first] = writeSplitModel(join(models, 'publisher/仓库/m'), 2)
  const model = await client.models.importFile({ path: first! })
  await client.models.remove({ modelId: model.id })
  expect((await list()).some(({ id }) => id === model.id)).toBe(false)
  expect((await client.models.importFile({ path: first! })).id).toBe(model.id)

  await client.models.trash({ modelId: model.id })
  expect(readdirSync(join(models, 'publisher/仓库'))).toEqual([])
  const trash = at('.local/share/Trash')
  expect(readdirSync(join(trash, 'files'))).toHaveLength(2)
  const info = readdirSync(join(trash, 'info')).map((name) => readFileSync(join(trash, 'info', name), 'utf8'))
  expect(info.map((text) => decodeURIComponent(text)).join()).toContain('仓库/m-00002-of-00002.gguf')
  expect((await list()).some(({ id }) => id === model.id)).toBe(false)

  const demo = await vi.waitFor(async () => {
    const bundled = (await list()).find(({ source }) => source === 'bundled')
    if (!bundled) throw new Error('It is still being looked at')
    return bundled
  })
  const { error } = await safe(client.models.trash({ modelId: demo.id }))
  expect(isDefinedError(error) && error.code).toBe('READ_ONLY_MODEL')
})

// Bug: importing "by moving" empties another app's folder, even one that is not turned on.
test('nothing is moved out of the folders of other apps, nor thrown away there', async () => {
  const path = writeSmallModel(at('.lmstudio/models/publisher/repo/m.gguf'))
  await close()
  await start()
  expect(await refusal(path, 'move')).toMatchObject({ code: 'READ_ONLY_MODEL', data: { path } })
  const inPlace = await client.models.importFile({ path })
  const { error } = await safe(client.models.trash({ modelId: inPlace.id }))
  expect(isDefinedError(error) && error.code).toBe('READ_ONLY_MODEL')
  const copied = await client.models.importFile({ path, how: 'copy' })
  expect(copied.path.startsWith(models)).toBe(true)
  expect(lstatSync(path).isFile()).toBe(true)
})

test('details tell every key, the types of tensors, and the first elements of arrays', async () => {
  const model = await client.models.importFile({ path: writeSmallModel(at('d.gguf')) })
  const details = await client.models.details({ modelId: model.id })
  expect(details.metadata).toContainEqual({ key: 'llama.context_length', type: 'uint32', value: '512', length: null })
  const tokens = details.metadata.find(({ key }) => key === 'tokenizer.ggml.tokens')
  expect(tokens).toMatchObject({ type: 'string[]', length: 300 })
  expect(tokens?.value).toMatch(/^"<unk>", "<s>", "<\/s>"/)
  expect(details.tensorTypes).toEqual([expect.objectContaining({ type: 'F32', parameterCount: model.parameterCount })])
})
