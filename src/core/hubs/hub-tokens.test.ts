import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FakeHub, FakeOrigin } from './fake-hub.fixture.ts'
import type { FileLocation } from './hub-source.ts'
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

const requestsWith = (token: string, origin: FakeOrigin) =>
  origin.requests.filter(({ headers, url }) => JSON.stringify(headers).includes(token) || url.includes(token))

const read = async (location: FileLocation) => {
  await hubs.fileState(location)
  await failureOf(hubs.metadata(fileOf('a/b', 'x.gguf', location.sourceId)))
}

// The bug that must not be: a token reaches a host it was not given for.
test.each([
  ['hugging-face', 'huggingFace'],
  ['hf-mirror', 'mirror'],
  ['modelscope', 'modelScope'],
] as const)('the token of %s goes to its own origin and nowhere else', async (sourceId, site) => {
  await hub.put('a/b', { 'x.gguf': bytes, 'small.txt': 'x' })
  started.settings.update({ hubSource: 'automatic', customEndpoint: hub.mirror.url })
  hubs.setToken(sourceId, 'secret-token')
  await hubs.search({ text: 'b', sort: 'updated', cursor: null })
  await hubs.open('a/b', sourceId)
  await hubs.test(sourceId)
  for (const location of hubs.locations(fileOf('a/b', 'x.gguf', sourceId))) await read(location)
  for (const location of hubs.locations(fileOf('a/b', 'small.txt', sourceId))) await hubs.fileState(location)
  expect(requestsWith('secret-token', hub[site]).length).toBeGreaterThan(3)
  for (const origin of hub.origins.filter((one) => one.url !== hub[site].url)) {
    expect(requestsWith('secret-token', origin)).toEqual([])
  }
  expect(hub[site].cdn.requests.length).toBeGreaterThan(0)
  hubs.setToken(sourceId, null)
  expect(hubs.sources().find(({ id }) => id === sourceId)!.hasToken).toBe(false)
})

// Bug: the address of a source is changed, and the next request brings the old one's token there.
test('a token is forgotten where its source moves to another origin', async () => {
  await hub.put('a/b', { 'x.gguf': bytes })
  started.settings.update({ hubSource: 'custom', customEndpoint: hub.mirror.url })
  hubs.setToken('custom', 'secret-token')
  await hubs.open('a/b')
  expect(requestsWith('secret-token', hub.mirror).length).toBeGreaterThan(0)
  started.settings.update({ customEndpoint: hub.huggingFace.url })
  await hubs.open('a/b')
  expect(requestsWith('secret-token', hub.huggingFace)).toEqual([])
  expect(hubs.sources().at(-1)).toMatchObject({ endpoint: hub.huggingFace.url, hasToken: false })

  hubs.setToken('hugging-face', 'other-token')
  const moved = started.service({ HF_ENDPOINT: hub.mirror.url })
  started.settings.update({ hubSource: 'hugging-face' })
  await moved.open('a/b')
  expect(requestsWith('other-token', hub.mirror)).toEqual([])
})

test('HF_TOKEN opens what is private, and 401, 403 and 404 are told apart', async () => {
  await hub.put('a/private', { 'x.gguf': bytes }, { access: 'token', tokens: ['hf_good'] })
  await hub.put('a/gated', { 'x.gguf': bytes }, { access: 'gated', tokens: ['hf_good'] })
  const state = (service_: HubsService, repository: string) =>
    service_.fileState(service_.locations(fileOf(repository, 'x.gguf'))[0]!)

  expect(await failureOf(hubs.open('a/private'))).toMatchObject({ code: 'HUB_NOT_FOUND' })
  expect(await hubs.open('a/gated')).toMatchObject({ isGated: true })
  expect(await failureOf(state(hubs, 'a/gated'))).toEqual({
    code: 'HUB_UNAUTHORIZED',
    data: { host: new URL(hub.huggingFace.url).host, repository: 'a/gated' },
  })

  const stranger = started.service({ HF_TOKEN: 'hf_other' })
  expect(await failureOf(state(stranger, 'a/gated'))).toEqual({
    code: 'HUB_GATED',
    data: { repository: 'a/gated', url: `${hub.huggingFace.url}/a/gated` },
  })
  // The mirror has no accounts: the licence is accepted at Hugging Face.
  stranger.setToken('hf-mirror', 'hf_other')
  const [mirror] = stranger.locations(fileOf('a/gated', 'x.gguf', 'hf-mirror'))
  expect((await failureOf(stranger.fileState(mirror!))).data).toMatchObject({
    url: `${hub.huggingFace.url}/a/gated`,
  })

  const friend = started.service({ HF_TOKEN: 'hf_good' })
  expect((await state(friend, 'a/gated')).sizeBytes).toBe(bytes.length)
  expect((await friend.open('a/private')).variants).toHaveLength(1)
  expect(friend.sources()[0]).toMatchObject({ hasToken: true, isFromEnvironment: true })
  expect(JSON.stringify(friend.sources())).not.toContain('hf_good')
})
