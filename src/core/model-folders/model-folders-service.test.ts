import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { isDefinedError, safe } from '@orpc/client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ModelFolder } from '../../shared/contract/model-folders.ts'
import type { Model } from '../../shared/contract/models.ts'
import { startCore, testPorts, type Client } from '../core.fixture.ts'
import { temporaryHome, writeSmallModel, writeSplitModel } from '../models/model-files.fixture.ts'
import { moveToTrash } from '../models/trash-files.ts'

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

const at = (...names: string[]) => join(home.path, ...names)

/** All models but the bundled one. */
async function list(): Promise<Model[]> {
  for await (const event of await client.models.watch()) {
    if (event.type === 'models') return event.models.filter(({ source }) => source !== 'bundled')
  }
  throw new Error('no models')
}

async function folders(): Promise<ModelFolder[]> {
  for await (const all of await client.modelFolders.watch()) return all
  throw new Error('no folders')
}

const namesNow = async () => (await list()).map(({ name }) => name).sort()
const eventually = (what: () => Promise<unknown>) => expect.poll(what, { timeout: 20_000, interval: 100 })

async function turnOn(kind: ModelFolder['kind']): Promise<ModelFolder> {
  const folder = (await folders()).find((one) => one.kind === kind)!
  expect(folder).toMatchObject({ isOn: false, modelCount: 0 })
  await client.modelFolders.setOn({ folderId: folder.id, isOn: true })
  await client.modelFolders.scan({ folderId: folder.id })
  return folder
}

test('a watched folder: what comes, goes, changes and comes back', async () => {
  const root = at('模型　们')
  writeSmallModel(join(root, 'a', '名字\n两行.gguf'), 'first')
  const folder = await client.modelFolders.add({ path: root })
  await eventually(namesNow).toEqual(['first'])
  const [first] = await list()
  expect(first).toMatchObject({ source: 'folder', isPresent: true, doctor: expect.any(String) })
  expect((await client.modelFolders.add({ path: `${root}/` })).id).toBe(folder.id)

  writeSmallModel(join(root, 'b/c/second.gguf'))
  await eventually(namesNow).toEqual(['first', 'second'])
  writeSmallModel(join(root, 'b/c/second.gguf'), 'renamed', 2)
  await eventually(namesNow).toEqual(['first', 'renamed'])

  renameSync(first!.path, at('aside.gguf'))
  await eventually(async () => (await list()).find(({ id }) => id === first!.id)?.isPresent).toBe(false)
  renameSync(at('aside.gguf'), first!.path)
  await eventually(async () => (await list()).find(({ id }) => id === first!.id)?.isPresent).toBe(true)

  await client.modelFolders.remove({ folderId: folder.id })
  expect(await list()).toEqual([])
  expect(statSync(first!.path).isFile()).toBe(true)
})

// Bug: unplugging a drive takes its models off the list, with all that was set for them.
test('models on a drive that is gone are kept, and are there again when it is back', async () => {
  const root = at('drive')
  writeSmallModel(join(root, 'm.gguf'))
  const { id } = await client.modelFolders.add({ path: root })
  await eventually(namesNow).toEqual(['m'])
  const [{ id: modelId }] = (await list()) as [Model]
  await client.models.saveLoadOverrides({ modelId, loadOverrides: { contextSize: 300 } })
  renameSync(root, at('unplugged'))
  await eventually(async () => (await list())[0]?.isPresent).toBe(false)
  await eventually(async () => (await folders()).find((one) => one.id === id)?.failure?.code).toBe('FOLDER_UNREADABLE')
  renameSync(at('unplugged'), root)
  await eventually(async () => (await list())[0]?.isPresent).toBe(true)
  expect((await list())[0]).toMatchObject({ id: modelId, loadOverrides: { contextSize: 300 } })
  expect((await folders()).find((one) => one.id === id)?.failure).toBeNull()
})

test('the own folder is scanned; what was removed by hand stays away, a restart later too', async () => {
  const path = writeSmallModel(join(models, 'publisher/仓库/m.gguf'))
  await eventually(namesNow).toEqual(['m'])
  const [model] = (await list()) as [Model]
  expect(model.repository).toBe('publisher/仓库')
  await client.models.remove({ modelId: model.id })
  const own = (await folders()).find(({ kind }) => kind === 'own')!
  await client.modelFolders.scan({ folderId: own.id })
  await close()
  await start()
  await client.modelFolders.scan({ folderId: own.id })
  expect(await list()).toEqual([])
  expect((await client.models.importFile({ path })).id).toBe(model.id)
})

// Bug: an upload is listed twice, because the watcher and the upload both find it.
test('a file that is imported while it is found by a scan is one model, brought by hand', async () => {
  const own = (await folders()).find(({ kind }) => kind === 'own')!
  for (let i = 0; i < 8; i++) {
    const path = writeSmallModel(join(models, `${i}.gguf`))
    await Promise.all([client.modelFolders.scan({ folderId: own.id }), client.models.importFile({ path })])
  }
  await client.modelFolders.scan({ folderId: own.id })
  expect((await list()).map(({ fileName, source }) => `${fileName} ${source}`).sort()).toEqual(
    Array.from({ length: 8 }, (_, i) => `${i}.gguf file`),
  )
})

test('loops, unreadable folders and half files do no harm; what is no model is told', async () => {
  const root = at('watched')
  const good = writeSmallModel(join(root, 'good.gguf'))
  symlinkSync(root, join(root, 'loop'))
  symlinkSync('nowhere', join(root, 'dangling.gguf'))
  symlinkSync(good, join(root, 'same.gguf'))
  mkdirSync(join(root, 'secret'))
  chmodSync(join(root, 'secret'), 0)
  for (const ending of ['.part', '.download', '.incomplete']) copyFileSync(good, join(root, `half.gguf${ending}`))
  copyFileSync(good, join(root, 'cut.gguf'))
  truncateSync(join(root, 'cut.gguf'), 9_000)
  writeFileSync(join(root, 'text.gguf'), 'not a model')
  const [, second] = writeSplitModel(join(root, 'split'), 2)
  unlinkSync(second!)
  const { id } = await client.modelFolders.add({ path: root })
  await client.modelFolders.scan({ folderId: id })
  expect(await list()).toHaveLength(1)
  const refusedNow = async () => {
    const { refused } = (await folders()).find((one) => one.id === id)!
    return refused.map(({ path, failure }) => [path.slice(root.length + 1), failure.code])
  }
  expect(await refusedNow()).toEqual([
    ['cut.gguf', 'FILE_TRUNCATED'],
    ['split-00001-of-00002.gguf', 'PART_MISSING'],
    ['text.gguf', 'NOT_GGUF'],
  ])
  // What was missing arrives, what was broken goes.
  writeSplitModel(join(root, 'split'), 2)
  rmSync(join(root, 'text.gguf'))
  await client.modelFolders.scan({ folderId: id })
  expect(await refusedNow()).toEqual([['cut.gguf', 'FILE_TRUNCATED']])
  expect((await list()).map(({ partCount }) => partCount).sort()).toEqual([1, 2])
  chmodSync(join(root, 'secret'), 0o700)

  const { error } = await safe(client.modelFolders.add({ path: good }))
  expect(isDefinedError(error) && error.code).toBe('FOLDER_UNREADABLE')
})

/** Everything below a folder with sizes and times, to show that nothing was touched. */
function snapshot(root: string): string[] {
  return (readdirSync(root, { recursive: true }) as string[])
    .sort()
    .map((name) => `${name} ${statSync(join(root, name)).size} ${statSync(join(root, name)).mtimeMs}`)
}

test("LM Studio's folder is found, off until it is turned on, and only read", async () => {
  const root = at('自己的 models')
  const path = writeSmallModel(join(root, 'publisher/repo-GGUF/m.gguf'))
  mkdirSync(at('.lmstudio/models'), { recursive: true })
  writeFileSync(at('.lmstudio/settings.json'), JSON.stringify({ downloadsFolder: root }))
  await close()
  await start()
  expect((await folders()).filter(({ kind }) => kind === 'lm-studio').map((folder) => folder.path)).toEqual([
    root,
    at('.lmstudio/models'),
  ])
  expect(await list()).toEqual([])
  const before = snapshot(root)
  const folder = await turnOn('lm-studio')
  const [model] = (await list()) as [Model]
  expect(model).toMatchObject({ path, source: 'lm-studio', repository: 'publisher/repo-GGUF' })
  const { error } = await safe(client.models.trash({ modelId: model.id }))
  expect(isDefinedError(error) && error.code).toBe('READ_ONLY_MODEL')

  await client.modelFolders.setOn({ folderId: folder.id, isOn: false })
  expect(await list()).toEqual([])
  await client.modelFolders.setOn({ folderId: folder.id, isOn: true })
  expect((await list())[0]?.id).toBe(model.id)
  expect(snapshot(root)).toEqual(before)
})

test("Ollama's blobs are named by their manifests, and hashed by their names", async () => {
  const root = at('.ollama/models')
  const blobs = join(root, 'blobs')
  mkdirSync(blobs, { recursive: true })
  const blob = (name: string) => {
    const path = writeSmallModel(at('made.gguf'), name)
    const digest = createHash('sha256').update(readFileSync(path)).digest('hex')
    renameSync(path, join(blobs, `sha256-${digest}`))
    return digest
  }
  const manifest = (place: string, digest: string) => {
    const path = join(root, 'manifests', place)
    mkdirSync(join(path, '..'), { recursive: true })
    const layers = [
      { mediaType: 'application/vnd.ollama.image.template', digest: `sha256:${'0'.repeat(64)}`, size: 1 },
      { mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${digest}`, size: 1 },
    ]
    writeFileSync(path, JSON.stringify({ schemaVersion: 2, layers }))
  }
  const [one, two] = [blob('one'), blob('two')]
  manifest('registry.ollama.ai/library/qwen3/latest', one)
  manifest('registry.ollama.ai/library/qwen3/8b', one)
  const alpaca = 'hfl/chinese-alpaca-2-7b-gguf'
  manifest(`hf.co/${alpaca}/Q4_K_M`, two)
  manifest('registry.ollama.ai/library/gone/latest', 'f'.repeat(64))
  writeFileSync(join(root, 'manifests/registry.ollama.ai/library/qwen3/half'), '{"layers": [')
  await close()
  await start()
  await turnOn('ollama')
  const found = (await list()).sort((a, b) => a.name.localeCompare(b.name))
  expect(found).toMatchObject([
    { name: `${alpaca}:Q4_K_M`, repository: alpaca, sha256: two, kind: 'chat' },
    { name: 'qwen3:8b', repository: null, sha256: one, source: 'ollama', path: join(blobs, `sha256-${one}`) },
  ])
})

test('a blob of the Hugging Face cache is one model, under its newest name', async () => {
  const root = at('.cache/huggingface/hub')
  const repository = join(root, 'models--hfl--llama-3-chinese-8b-gguf')
  const hash = 'a'.repeat(64)
  mkdirSync(join(repository, 'refs'), { recursive: true })
  writeSmallModel(join(repository, 'blobs', 'x.gguf'), 'm')
  renameSync(join(repository, 'blobs', 'x.gguf'), join(repository, 'blobs', hash))
  for (const revision of ['0000', '1111']) {
    mkdirSync(join(repository, 'snapshots', revision), { recursive: true })
    symlinkSync(`../../blobs/${hash}`, join(repository, 'snapshots', revision, 'ggml-model-q8_0.gguf'))
  }
  writeFileSync(join(repository, 'refs/main'), '1111')
  await close()
  await start()
  await turnOn('hugging-face')
  expect(await list()).toMatchObject([
    {
      path: join(repository, 'snapshots/1111/ggml-model-q8_0.gguf'),
      repository: 'hfl/llama-3-chinese-8b-gguf',
      sha256: hash,
      source: 'hugging-face',
    },
  ])
})

test('another folder for downloads becomes the own one, and the one before is watched', async () => {
  writeSmallModel(join(models, 'old.gguf'))
  await eventually(namesNow).toEqual(['old'])
  const elsewhere = at('其他')
  writeSmallModel(join(elsewhere, 'new.gguf'))
  linkSync(join(elsewhere, 'new.gguf'), join(elsewhere, 'linked.gguf'))
  await client.settings.update({ modelsDirectory: elsewhere })
  await eventually(namesNow).toEqual(['new', 'new', 'old'])
  expect((await folders()).map(({ path, kind }) => [path, kind])).toEqual(
    expect.arrayContaining([
      [models, 'watched'],
      [elsewhere, 'own'],
    ]),
  )
})
