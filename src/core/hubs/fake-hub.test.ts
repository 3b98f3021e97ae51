import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeHub } from './fake-hub.fixture.ts'

let hub: FakeHub
const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7) % 256))

beforeEach(async () => {
  hub = await FakeHub.start()
  await hub.put('甲/羊驼 GGUF', { 'a.Q4_K_M.gguf': bytes, '子 目录/b　c.gguf': 'GGUFb', 'README.md': '# 羊驼' })
})
afterEach(() => hub.close())

const at = (path: string) => encodeURI(`/甲/羊驼 GGUF/resolve/main/${path}`)

test('redirects large files to another origin and serves ranges there', async () => {
  const head = await fetch(hub.huggingFace.url + at('a.Q4_K_M.gguf'), { method: 'HEAD', redirect: 'manual' })
  expect(head.status).toBe(302)
  expect(head.headers.get('x-linked-size')).toBe('100000')
  expect(head.headers.get('location')).toMatch(hub.huggingFace.cdn.url)
  const part = await fetch(hub.mirror.url + at('a.Q4_K_M.gguf'), { headers: { range: 'bytes=10-19' } })
  expect(part.status).toBe(206)
  expect(part.headers.get('content-range')).toBe('bytes 10-19/100000')
  expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(10, 20))
  const beyond = await fetch(hub.mirror.url + at('a.Q4_K_M.gguf'), { headers: { range: 'bytes=100000-' } })
  expect(beyond.status).toBe(416)
  expect(await (await fetch(hub.mirror.url + at('README.md'))).text()).toBe('# 羊驼')
  expect(await (await fetch(hub.mirror.url + at('子 目录/b　c.gguf'))).text()).toBe('GGUFb')
  const query = new URLSearchParams({ Revision: 'master', FilePath: 'a.Q4_K_M.gguf' })
  const scope = await fetch(`${hub.modelScope.url}${encodeURI('/api/v1/models/甲/羊驼 GGUF/repo')}?${query}`)
  expect(Buffer.from(await scope.arrayBuffer())).toEqual(bytes)
})

test('goes wrong as it is told to', async () => {
  const { faults } = hub.huggingFace.cdn
  const get = () => fetch(hub.huggingFace.url + at('a.Q4_K_M.gguf'), { headers: { range: 'bytes=0-' } })
  faults.cutAfterBytes = 5000
  const cut = (await get()).body!.getReader()
  let received = 0
  await expect(
    (async () => {
      for (;;) {
        const { value, done } = await cut.read()
        if (done) return
        received += value.length
      }
    })(),
  ).rejects.toThrow()
  expect(received).toBe(5000)
  faults.cutAfterBytes = null
  faults.wrongByteAt = 70_000
  const wrong = Buffer.from(await (await get()).arrayBuffer())
  expect(wrong.findIndex((byte, i) => byte !== bytes[i])).toBe(70_000)
  faults.wrongByteAt = null
  faults.ignoresRanges = true
  expect((await get()).status).toBe(200)
  hub.huggingFace.faults.failNext(1, 429, { 'retry-after': '3' })
  expect((await get()).headers.get('retry-after')).toBe('3')
  hub.huggingFace.faults.isDown = true
  await expect(get()).rejects.toThrow()
})
