import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sha256Of, startDownloads } from './downloads.fixture.ts'

let world: Awaited<ReturnType<typeof startDownloads>>

beforeEach(async () => {
  world = await startDownloads()
})
afterEach(() => world.close())

const rangesAsked = () =>
  world.hub.huggingFace.cdn.requests.filter(({ method }) => method === 'GET').map(({ headers }) => headers.range)

test('downloads to publisher/repository/file, compares the hash, and hands the model over', async () => {
  const { reference, path, sha256, bytes } = await world.offer('模型　一-Q4_K_M')
  const { id, directory } = await world.downloads.add(reference)
  const done = await world.reaches(id, 'complete', 'failed')
  expect(done).toMatchObject({ state: 'complete', failure: null, receivedBytes: bytes.length, modelId: 'model-1' })
  expect(directory).toBe(dirname(path))
  expect(sha256Of(path)).toBe(sha256)
  expect(world.added).toEqual([{ paths: [path], repository: reference.repository, sha256 }])
  expect(world.files()).toEqual(expect.not.arrayContaining([expect.stringContaining('.part')]))
})

// Bug: each lost connection fails the download, or repeats bytes, or the hash sees them twice or out of order.
test('a connection that is cut a hundred times at random points', async () => {
  const { reference, path, sha256 } = await world.offer('cut', randomBytes(24_000_000))
  let cuts = 0
  world.hub.huggingFace.cdn.faults.cutAfterBytes = () => (++cuts <= 100 ? Math.floor(Math.random() * 400_000) : null)
  const { id } = await world.downloads.add(reference)
  expect(await world.reaches(id, 'complete', 'failed')).toMatchObject({ state: 'complete', failure: null })
  expect(cuts).toBeGreaterThanOrEqual(100)
  expect(sha256Of(path)).toBe(sha256)
})

// Bug: bytes of an answer 200 to a range are written at the range's offset.
test('a server that ignores ranges, cut in the middle', async () => {
  const { reference, path, sha256 } = await world.offer('whole', randomBytes(9_000_000))
  const { faults } = world.hub.huggingFace.cdn
  faults.ignoresRanges = true
  let answers = 0
  faults.cutAfterBytes = () => (++answers <= 5 ? answers * 1_000_000 : null)
  const { id } = await world.downloads.add(reference)
  expect(await world.reaches(id, 'complete', 'failed')).toMatchObject({ state: 'complete' })
  expect(sha256Of(path)).toBe(sha256)
})

test('several ranges at a time of a slow host', async () => {
  const { reference, path, sha256 } = await world.offer('slow', randomBytes(20_000_000))
  // A busy machine is no stall.
  await world.restart({ stallMs: 40_000 })
  world.hub.huggingFace.cdn.faults.bytesPerSecond = 100_000
  const { id } = await world.downloads.add(reference)
  await expect.poll(() => new Set(rangesAsked()).size, { timeout: 30_000 }).toBe(4)
  // Less than the shortest range, so that none has ended: all four are fetched at a time.
  expect(world.find(id)!.receivedBytes).toBeLessThan(4 * 2 ** 20)
  await expect.poll(() => world.find(id)!.secondsLeft, { timeout: 10_000 }).toBeGreaterThan(0)
  world.hub.huggingFace.cdn.faults.bytesPerSecond = null
  await world.reaches(id, 'complete')
  expect(sha256Of(path)).toBe(sha256)
})

// Bug: two versions are mixed in one file.
test('a file replaced between two sessions: the part is deleted and the new one is fetched', async () => {
  const { reference, path } = await world.offer('replaced', randomBytes(6_000_000))
  world.hub.huggingFace.cdn.faults.stallAfterBytes = 1_500_000
  const { id } = await world.downloads.add(reference)
  await expect.poll(() => world.find(id)!.receivedBytes, { timeout: 10_000 }).toBeGreaterThan(1_000_000)
  await world.downloads.pause(id)
  world.hub.huggingFace.cdn.faults.stallAfterBytes = null
  const other = randomBytes(6_000_000)
  await world.hub.replaceEverywhere(reference.repository, 'replaced.gguf', other)
  await world.restart({ retryMs: 400 })
  await world.downloads.resume(id)
  const waiting = await world.reaches(id, 'waiting', 'complete', 'failed')
  expect(waiting).toMatchObject({
    state: 'waiting',
    receivedBytes: 0,
    failure: { code: 'FILE_CHANGED', data: { fileName: 'replaced.gguf' } },
  })
  await world.reaches(id, 'complete')
  expect(readFileSync(path).equals(other)).toBe(true)
})

// Bug: a damaged file is listed, or its bytes are kept and the next try fails in the same way.
test('a wrong hash: the part is deleted, and resuming begins anew', async () => {
  const { reference, path, sha256 } = await world.offer('wrong')
  world.hub.huggingFace.cdn.faults.wrongByteAt = 500_000
  const { id } = await world.downloads.add(reference)
  const failed = await world.reaches(id, 'complete', 'failed')
  expect(failed).toMatchObject({
    state: 'failed',
    receivedBytes: 0,
    failure: { code: 'CHECKSUM_MISMATCH', data: { fileName: 'wrong.gguf', expected: sha256 } },
  })
  expect(world.files().filter((name) => name.includes('.gguf'))).toEqual([])
  world.hub.huggingFace.cdn.faults.wrongByteAt = null
  await world.downloads.resume(id)
  await world.reaches(id, 'complete')
  expect(sha256Of(path)).toBe(sha256)
})

test('the same download twice is one, and one that is there already is not fetched again', async () => {
  const { reference, path, bytes } = await world.offer('twice')
  const [first, second] = [await world.downloads.add(reference), await world.downloads.add(reference)]
  expect(second.id).toBe(first.id)
  await world.reaches(first.id, 'complete')
  expect((await world.downloads.add(reference)).id).toBe(first.id)
  await world.downloads.remove(first.id)
  expect(existsSync(path)).toBe(true)
  const requests = rangesAsked().length
  const third = await world.downloads.add(reference)
  expect(await world.reaches(third.id, 'complete')).toMatchObject({ receivedBytes: bytes.length })
  expect(rangesAsked().length).toBe(requests)
})

// Bug: any file of the right name and size is taken for the promised one.
test('a file of that name with other bytes is replaced, and only at the end', async () => {
  const { reference, path, bytes, sha256 } = await world.offer('other')
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, Buffer.alloc(bytes.length, 1))
  world.hub.huggingFace.cdn.faults.failNext(1, 403)
  const { id } = await world.downloads.add(reference)
  await world.reaches(id, 'failed')
  expect(readFileSync(path)[0]).toBe(1)
  await world.downloads.resume(id)
  await world.reaches(id, 'complete')
  expect(sha256Of(path)).toBe(sha256)
})

test('pause keeps what came, resume fetches only the rest, remove leaves no litter', async () => {
  const { reference, path, sha256, bytes } = await world.offer('paused', randomBytes(5_000_000))
  world.hub.huggingFace.cdn.faults.stallAfterBytes = 2_000_000
  const { id } = await world.downloads.add(reference)
  await expect.poll(() => world.find(id)!.receivedBytes, { timeout: 10_000 }).toBeGreaterThanOrEqual(2_000_000)
  await world.downloads.pause(id)
  expect(world.find(id)).toMatchObject({ state: 'paused', bytesPerSecond: null })
  const kept = world.find(id)!.receivedBytes
  world.hub.huggingFace.cdn.faults.stallAfterBytes = null
  world.hub.huggingFace.cdn.requests.length = 0
  await world.restart()
  expect(world.find(id)).toMatchObject({ state: 'paused', receivedBytes: kept })
  await world.downloads.resume(id)
  await world.reaches(id, 'complete')
  expect(sha256Of(path)).toBe(sha256)
  const asked = rangesAsked().map((range) => /(\d+)-(\d+)/.exec(range!)!.slice(1).map(Number))
  expect(asked.reduce((sum, [start, end]) => sum + end! - start! + 1, 0)).toBe(bytes.length - kept)

  const { reference: second } = await world.offer('removed', randomBytes(5_000_000), '别的/仓库')
  world.hub.huggingFace.cdn.faults.stallAfterBytes = 2_000_000
  const removed = await world.downloads.add(second)
  await expect.poll(() => world.find(removed.id)!.receivedBytes, { timeout: 10_000 }).toBeGreaterThan(0)
  await world.downloads.remove(removed.id)
  expect(world.find(removed.id)).toBeUndefined()
  expect(existsSync(join(world.modelsDirectory, '别的'))).toBe(false)
})

test('runs as many at once as the settings say, in the order of the queue', async () => {
  world.settings.update({ parallelDownloads: 2 })
  world.hub.huggingFace.cdn.faults.stallAfterBytes = 100_000
  const ids: string[] = []
  for (const name of ['a', 'b', 'c', 'd']) ids.push((await world.downloads.add((await world.offer(name)).reference)).id)
  const states = () => world.downloads.list().map(({ state }) => state)
  await expect.poll(states).toEqual(['downloading', 'downloading', 'queued', 'queued'])
  world.settings.update({ parallelDownloads: 3 })
  await expect.poll(states).toEqual(['downloading', 'downloading', 'downloading', 'queued'])
  await world.downloads.pause(ids[1]!)
  await expect.poll(states).toEqual(['downloading', 'paused', 'downloading', 'downloading'])
})

test('a host that is down is waited for, and a busy one as long as it says', async () => {
  const { reference } = await world.offer('busy')
  const { faults } = world.hub.huggingFace
  const cdn = world.hub.huggingFace.cdn.faults
  cdn.failNext(1, 429, { 'retry-after': '1' })
  const { id } = await world.downloads.add(reference)
  const waiting = await world.reaches(id, 'waiting', 'complete')
  expect(waiting).toMatchObject({ state: 'waiting', failure: { code: 'HUB_BUSY', data: { status: 429 } } })
  expect(waiting.retryAt! - Date.now()).toBeGreaterThan(500)
  faults.isDown = true
  await expect
    .poll(() => world.find(id), { timeout: 10_000 })
    .toMatchObject({ state: 'waiting', failure: { code: 'HOST_UNREACHABLE' } })
  faults.isDown = false
  await world.reaches(id, 'complete')
})

test.each([
  [401, 'HUB_UNAUTHORIZED'],
  [403, 'HUB_GATED'],
  [404, 'HUB_NOT_FOUND'],
])('%i fails as %s', async (status, code) => {
  const { reference } = await world.offer('refused')
  world.hub.huggingFace.faults.failNext(1, status, {}, /resolve/)
  const { id } = await world.downloads.add(reference)
  expect(await world.reaches(id, 'failed', 'complete')).toMatchObject({ state: 'failed', failure: { code } })
})

test('a host on which nothing comes any more is given up', async () => {
  const { reference } = await world.offer('stalled')
  world.hub.huggingFace.cdn.faults.stallAfterBytes = 0
  const { id } = await world.downloads.add(reference)
  const failed = await world.reaches(id, 'failed', 'complete')
  expect(failed).toMatchObject({ state: 'failed', failure: { code: 'DOWNLOAD_STALLED' } })
})

// Bug: the token of a hub is sent where its redirect leads.
test('a token goes to its own origin only', async () => {
  const { reference } = await world.offer('token')
  world.hub.repositories.get(reference.repository)!.access = 'token'
  world.hub.repositories.get(reference.repository)!.tokens = ['hf_secret']
  world.hubs.setToken('hugging-face', 'hf_secret')
  const { id } = await world.downloads.add(reference)
  await world.reaches(id, 'complete')
  expect(world.hub.huggingFace.requests.some(({ headers }) => headers.authorization === 'Bearer hf_secret')).toBe(true)
  for (const origin of world.hub.origins.filter((one) => one !== world.hub.huggingFace)) {
    expect(origin.requests.filter(({ headers }) => headers.authorization)).toEqual([])
  }
})

test('another source goes on where the first one fails in mid-download', async () => {
  world.settings.update({ hubSource: 'automatic' })
  const { reference, path, sha256 } = await world.offer('fallback', randomBytes(6_000_000))
  const { huggingFace, mirror } = world.hub
  huggingFace.cdn.faults.stallAfterBytes = 2_000_000
  const { id } = await world.downloads.add(reference)
  await expect.poll(() => world.find(id)!.receivedBytes, { timeout: 10_000 }).toBeGreaterThanOrEqual(2_000_000)
  huggingFace.faults.isDown = true
  huggingFace.cdn.faults.isDown = true
  expect(await world.reaches(id, 'complete', 'failed')).toMatchObject({ state: 'complete' })
  expect(sha256Of(path)).toBe(sha256)
  expect(world.find(id)!.sourceId).not.toBe('hugging-face')
  expect(mirror.cdn.requests.length + world.hub.modelScope.cdn.requests.length).toBeGreaterThan(0)
})

test('a split model is one download, and has its names only when all parts are whole', async () => {
  const parts = [1, 2, 3].map((i) => [`大/m-0000${i}-of-00003.gguf`, randomBytes(700_000)] as const)
  const repository = '分片/模型'
  const revision = await world.hub.put(repository, Object.fromEntries(parts))
  world.hub.huggingFace.cdn.faults.failNext(1, 403, {}, /00003-of/)
  const { id } = await world.downloads.add({ sourceId: 'hugging-face', repository, revision, variant: 'm' })
  await world.reaches(id, 'failed')
  expect(world.files().filter((name) => name.endsWith('.gguf'))).toEqual([])
  world.hub.huggingFace.cdn.requests.length = 0
  await world.downloads.resume(id)
  await world.reaches(id, 'complete')
  expect(rangesAsked()).toEqual(['bytes=0-699999'])
  for (const [path, bytes] of parts) {
    expect(readFileSync(join(world.modelsDirectory, repository, path)).equals(bytes)).toBe(true)
  }
  expect(world.added[0]!.paths.length).toBe(3)
})

test('what needs more than is free is refused, and what runs counts as needed', async () => {
  const { reference } = await world.offer('large')
  const files = world.hub.repositories.get(reference.repository)!.commits.get(reference.revision)!
  files[0]!.sizeBytes = 2 ** 52
  await expect(world.downloads.add(reference)).rejects.toMatchObject({ code: 'NOT_ENOUGH_SPACE' })
  expect(world.downloads.list()).toEqual([])
  expect(existsSync(world.modelsDirectory)).toBe(false)
})

test('a file name that leads out of the models folder is refused', async () => {
  const evil = { ...world.hubs, locations: () => [], fileState: async () => null as never }
  await world.restart({
    hubs: {
      ...evil,
      failureOf: () => new Error(),
      findVariant: async () => ({
        name: 'evil',
        quantization: '',
        isImatrix: false,
        type: 'model',
        sizeBytes: 1,
        files: [{ path: '../../../evil.gguf', sizeBytes: 1, sha256: null }],
      }),
    },
  })
  const reference = { sourceId: 'hugging-face' as const, repository: 'a/b', revision: 'main', variant: 'evil' }
  await expect(world.downloads.add(reference)).rejects.toMatchObject({ code: 'HUB_FAILED' })
})
