import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FakeHub } from './fake-hub.fixture.ts'
import type { HubsService } from './hubs-service.ts'
import { failureOf, fileOf, startHubs } from './hubs.fixture.ts'

let started: Awaited<ReturnType<typeof startHubs>>
let hub: FakeHub
let hubs: HubsService
const bytes = Buffer.alloc(300_000, 'GGUF')

beforeEach(async () => {
  started = await startHubs()
  ;({ hub, hubs } = started)
})
afterEach(() => started.close())

describe('listing', () => {
  test.each(['hugging-face', 'hf-mirror', 'modelscope'] as const)('opens a repository of %s', async (hubSource) => {
    started.settings.update({ hubSource })
    await hub.put(
      'hfl/羊驼 gguf',
      {
        'ggml-model-q8_0.gguf': bytes,
        '子 目录/x-Q4_K_M-00001-of-00002.gguf': 'GGUF1',
        '子 目录/x-Q4_K_M-00002-of-00002.gguf': 'GGUF22',
        'README.md': '# x',
      },
      { license: 'llama3', downloads: 42, updatedAt: new Date(1_700_000_000_000) },
    )
    const opened = await hubs.open('hfl/羊驼 gguf:q8_0')
    expect(opened).toMatchObject({
      sourceId: hubSource,
      repository: 'hfl/羊驼 gguf',
      license: 'llama3',
      downloads: 42,
      isGated: false,
      updatedAt: 1_700_000_000_000,
      namedVariant: 'ggml-model-q8_0',
    })
    expect(opened.revision).toMatch(/^[0-9a-f]{40}$/)
    expect(opened.variants.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ['x-Q4_K_M', 11],
      ['ggml-model-q8_0', 300_000],
    ])
    const [split] = opened.variants
    expect(split!.files[0]!.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(await hubs.findVariant(hubSource, 'hfl/羊驼 gguf', opened.revision, 'x-Q4_K_M')).toEqual(split)
    for (const [name, file] of split!.files.map((one, i) => [['GGUF1', 'GGUF22'][i]!, one] as const)) {
      const [location] = hubs.locations({ ...opened, path: file.path })
      expect(await hubs.fileState(location!)).toMatchObject({ sizeBytes: file.sizeBytes, sha256: file.sha256 })
      expect(await (await fetch(location!.url)).text()).toBe(name)
    }
  })

  test.each(['hugging-face', 'modelscope'] as const)('pages through a search of %s', async (hubSource) => {
    started.settings.update({ hubSource })
    for (let i = 0; i < 65; i++) await hub.put(`a/llama-${i}`, { 'x.gguf': 'x' }, { downloads: i, likes: 1 })
    await hub.put('a/llama-other', { 'x.bin': 'x' }, { isGguf: false, downloads: 1000 })
    const found: string[] = []
    let cursor: string | null = null
    for (let pages = 0; pages < 5; pages++) {
      const page = await hubs.search({ text: 'llama', sort: 'downloads', cursor })
      expect(page.results.length).toBeLessThanOrEqual(30)
      found.push(...page.results.map(({ repository }) => repository))
      cursor = page.nextCursor
      if (cursor === null) break
    }
    expect(found).toEqual(Array.from({ length: 65 }, (_, i) => `a/llama-${64 - i}`))
  })

  test('a repository with more files than a page is listed whole', async () => {
    const files = Object.fromEntries(Array.from({ length: 2100 }, (_, i) => [`f${i}.gguf`, 'x']))
    await hub.put('a/many', files)
    expect((await hubs.open('a/many')).variants).toHaveLength(2100)
  })

  test('names that would leave the models folder are not listed', async () => {
    await hub.put('a/evil', { '../../evil.gguf': 'x', 'a\\..\\evil.gguf': 'x', 'good.gguf': 'x' })
    expect((await hubs.open('a/evil')).variants.map(({ name }) => name)).toEqual(['good'])
  })

  test('says what is wrong with a reference', async () => {
    await hub.put('a/b', { 'x-Q8_0.gguf': 'x' })
    await hub.put('a/none', { 'x.bin': 'x' })
    expect(await failureOf(hubs.open('https://example.com/a/b'))).toMatchObject({ code: 'REFERENCE_INVALID' })
    expect(await failureOf(hubs.open('a/b:Q2_K'))).toEqual({ code: 'NO_GGUF', data: { repository: 'a/b' } })
    expect(await failureOf(hubs.open('a/none'))).toMatchObject({ code: 'NO_GGUF' })
    expect(await failureOf(hubs.open('a/missing'))).toMatchObject({
      code: 'HUB_NOT_FOUND',
      data: { name: 'a/missing' },
    })
    expect((await hubs.open(`${hub.huggingFace.url}/a/b/blob/main/x-Q8_0.gguf`)).namedVariant).toBe('x-Q8_0')
  })
})

describe('failures', () => {
  beforeEach(() => hub.put('a/b', { 'x.gguf': bytes }))

  test.each([
    [429, 1, 'HUB_BUSY'],
    [503, 3, 'HUB_BUSY'],
    [401, 1, 'HUB_UNAUTHORIZED'],
    [403, 1, 'HUB_GATED'],
    [404, 1, 'HUB_NOT_FOUND'],
    [418, 1, 'HUB_FAILED'],
  ])('%i is told as a code', async (status, count, code) => {
    hub.huggingFace.faults.failNext(count, status)
    expect((await failureOf(hubs.open('a/b'))).code).toBe(code)
    hub.modelScope.faults.failNext(count, status)
    started.settings.update({ hubSource: 'modelscope' })
    expect((await failureOf(hubs.search({ text: '', sort: 'updated', cursor: null }))).code).toBe(code)
  })

  test('one 503 passes', async () => {
    hub.huggingFace.faults.failNext(1, 503)
    await hubs.open('a/b')
  })

  test('an answer that makes no sense is HUB_FAILED', async () => {
    for (const site of [hub.huggingFace, hub.modelScope]) site.faults.failNext(1, 200)
    expect((await failureOf(hubs.open('a/b'))).code).toBe('HUB_FAILED')
    started.settings.update({ hubSource: 'modelscope' })
    expect((await failureOf(hubs.open('a/b'))).code).toBe('HUB_FAILED')
  })

  test('a host that does not answer is named; without any network it is OFFLINE', async () => {
    const { host } = new URL(hub.huggingFace.url)
    hub.huggingFace.faults.isDown = true
    expect(await failureOf(hubs.open('a/b'))).toMatchObject({ code: 'HOST_UNREACHABLE', data: { host } })
    const nowhere = Object.fromEntries(
      Object.keys(hub.environment).map((name) => [name, `http://${name.toLowerCase().replaceAll('_', '-')}.invalid`]),
    )
    started.settings.update({ hubSource: 'automatic' })
    expect(await failureOf(started.service(nowhere).open('a/b'))).toEqual({ code: 'OFFLINE', data: {} })
    const oneIsThere = { ...nowhere, YANGTUO_HF_MIRROR_ENDPOINT: hub.mirror.url }
    hub.mirror.faults.isDown = true
    expect((await failureOf(started.service(oneIsThere).open('a/b'))).code).toBe('HOST_UNREACHABLE')
  })

  test('what a CDN refuses is no question of rights', async () => {
    hub.huggingFace.cdn.faults.failNext(1, 403)
    expect((await failureOf(hubs.header(fileOf('a/b', 'x.gguf')))).code).toBe('HUB_FAILED')
  })

  test('a caller who gives up gets an AbortError', async () => {
    hub.huggingFace.faults.delayMs = 2000
    const abort = new AbortController()
    setTimeout(() => abort.abort(), 50)
    const [location] = hubs.locations(fileOf('a/b', 'x.gguf'))
    const begin = Date.now()
    await expect(hubs.fileState(location!, abort.signal)).rejects.toMatchObject({ name: 'AbortError' })
    expect(Date.now() - begin).toBeLessThan(1000)
  })
})

describe('automatic', () => {
  beforeEach(async () => {
    started.settings.update({ hubSource: 'automatic' })
    await hub.put('a/b', { 'x.gguf': bytes })
  })

  test('takes the fastest source, remembers it, and another when it fails', async () => {
    hub.huggingFace.faults.delayMs = 400
    hub.modelScope.faults.delayMs = 200
    expect((await hubs.open('a/b')).sourceId).toBe('hf-mirror')
    const before = hub.modelScope.requests.length
    expect((await hubs.open('a/b')).sourceId).toBe('hf-mirror')
    expect(hub.modelScope.requests.length).toBe(before)
    await new Promise((resolve) => setTimeout(resolve, 300))
    hub.mirror.faults.isDown = true
    expect((await hubs.open('a/b')).sourceId).toBe('modelscope')
    expect((await hubs.search({ text: 'b', sort: 'updated', cursor: null })).sourceId).toBe('modelscope')
  })

  test('a pasted address of Hugging Face opens from its mirror where only that answers', async () => {
    hub.huggingFace.faults.isDown = true
    expect((await hubs.open(`${hub.huggingFace.url}/a/b`)).sourceId).toBe('hf-mirror')
  })

  test('a second page comes from where the first one came from', async () => {
    for (let i = 0; i < 40; i++) await hub.put(`a/n${i}`, { 'x.gguf': 'x' })
    hub.huggingFace.faults.delayMs = hub.mirror.faults.delayMs = 100
    const first = await hubs.search({ text: 'n', sort: 'downloads', cursor: null })
    expect(first.sourceId).toBe('modelscope')
    started.settings.update({ hubSource: 'hugging-face' })
    const second = await hubs.search({ text: 'n', sort: 'downloads', cursor: first.nextCursor })
    expect(second).toMatchObject({ sourceId: 'modelscope', nextCursor: null })
    expect(second.results).toHaveLength(10)
  })

  test('a name of Hugging Face is found on ModelScope under its name there', async () => {
    await hub.put('Other/name', { 'y.gguf': 'y' })
    hub.huggingFace.faults.isDown = hub.mirror.faults.isDown = true
    const mapped = started.service()
    expect(await mapped.open('hfl/name')).toMatchObject({ sourceId: 'modelscope', repository: 'Other/name' })
  })

  test('names every place of a file, and one only where the settings say one', () => {
    const mapped = started.service()
    const commit = 'c'.repeat(40)
    const file = { sourceId: 'hf-mirror' as const, repository: 'hfl/name', revision: commit, path: '子/x y.gguf' }
    const path = '%E5%AD%90/x%20y.gguf'
    expect(mapped.locations(file).map(({ url }) => url)).toEqual([
      `${hub.mirror.url}/hfl/name/resolve/${commit}/${path}`,
      `${hub.huggingFace.url}/hfl/name/resolve/${commit}/${path}`,
      `${hub.modelScope.url}/api/v1/models/Other/name/repo?Revision=master&FilePath=%E5%AD%90%2Fx+y.gguf`,
    ])
    const back = mapped.locations({ ...file, sourceId: 'modelscope', repository: 'Other/name', revision: 'master' })
    expect(back[1]!.url).toBe(`${hub.huggingFace.url}/hfl/name/resolve/main/${path}`)
    started.settings.update({ hubSource: 'modelscope' })
    expect(mapped.locations(file)).toHaveLength(1)
  })
})

test('tests a source', async () => {
  await hub.put('a/b', { 'x.gguf': Buffer.alloc(3_000_000) }, { downloads: 9 })
  hub.huggingFace.cdn.faults.bytesPerSecond = 5_000_000
  const good = await hubs.test('hugging-face')
  expect(good.failure).toBeNull()
  expect(good.latencyMs).toBeLessThan(1000)
  expect(good.bytesPerSecond).toBeGreaterThan(2_000_000)
  expect(good.bytesPerSecond).toBeLessThan(8_000_000)
  hub.mirror.faults.isDown = true
  expect(await hubs.test('hf-mirror')).toMatchObject({ latencyMs: null, failure: { code: 'HOST_UNREACHABLE' } })
  expect(await hubs.test('custom')).toMatchObject({ latencyMs: null, failure: { code: 'HOST_UNREACHABLE' } })
})
